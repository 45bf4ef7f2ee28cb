"""Hands that never leave the keys."""

# A box that completes what is typed stands behind the one that it takes the place of.
NAMES_OF = (
    "[each.id, each.name, each.value, each.textContent.trim(), each.getAttribute('href'), each.ariaLabel,"
    " each.closest('.select2')?.previousElementSibling.id]"
)
# How often Tab is pressed from where one is to the next box or button that is called so, or back to the last one.
DISTANCE = f"""(name) => {{
    const reached = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
        .filter((each) => each.tabIndex >= 0 && !each.disabled && each.type !== 'hidden' && each.checkVisibility());
    const at = reached.indexOf(document.activeElement);
    const distances = reached.flatMap((each, index) => {NAMES_OF}.includes(name) ? [index - at] : []);
    return distances.find((distance) => distance > 0) ?? distances.at(-1) ?? null;
}}"""
IS_AT = f"(name) => {{ const each = document.activeElement; return {NAMES_OF}.includes(name); }}"
# What is told while one types may bring links of its own between two boxes.
TRIES = 5
LONG = 40


class Keyboard:
    """Boxes, buttons and links are called by their id, name, value, text, label or address.

    `filled` counts the boxes that were filled.
    """

    def __init__(self, page):
        self.page = page
        self.filled = 0

    def go_to(self, name):
        """By Tab and Shift+Tab alone."""
        for _try in range(TRIES):
            if self.page.evaluate(IS_AT, name):
                return
            distance = self.page.evaluate(DISTANCE, name)
            assert distance is not None, f"{name} is not on the page"
            for _step in range(abs(distance)):
                self.page.keyboard.press("Tab" if distance > 0 else "Shift+Tab")
        assert self.page.evaluate(IS_AT, name), f"{name} is not reached by the Tab key"

    def fill(self, name, text):
        """In a box of choices one types what is meant; what is long is pasted."""
        self.go_to(name)
        is_pasted = "\n" in text or len(text) > LONG
        (self.page.keyboard.insert_text if is_pasted else self.page.keyboard.type)(text)
        self.filled += 1

    def choose(self, name, value):
        """Goes down the choices to the one with this value."""
        self.go_to(name)
        self.page.keyboard.press("Home")
        steps = self.page.evaluate("(value) => document.activeElement.querySelector(`[value='${value}']`).index", value)
        for _step in range(steps):
            self.page.keyboard.press("ArrowDown")
        assert self.page.evaluate("document.activeElement.value") == value
        self.filled += 1

    def complete(self, box, typed):
        """Types the beginning of what is meant into a box that completes, and takes the only line that is offered."""
        self.go_to(box)
        if not self.page.evaluate("document.activeElement.matches('.select2-search__field')"):
            self.page.keyboard.press("Enter")
        self.page.keyboard.type(typed)
        self.page.locator(".select2-results__option--highlighted", has_text=typed).wait_for()
        assert self.page.locator(".select2-results__option").count() == 1
        self.page.keyboard.press("Enter")
        self.filled += 1

    def tick(self, name, *, wanted=True):
        self.go_to(name)
        if self.page.evaluate("document.activeElement.checked") != wanted:
            self.page.keyboard.press("Space")

    def press(self, button):
        self.go_to(button)
        self.page.keyboard.press("Enter")

    def select(self, text, phrase):
        """Marks the phrase in the box of the text, letter by letter."""
        self.page.keyboard.press("Control+Home")
        for _letter in range(text.index(phrase)):
            self.page.keyboard.press("ArrowRight")
        for _letter in phrase:
            self.page.keyboard.press("Shift+ArrowRight")
