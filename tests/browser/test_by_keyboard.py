"""Reading by the keyboard alone: each stop is seen, nothing covers it, and there is a way on from each."""

from __future__ import annotations

import pytest

from tests.browser.keyboard import Keyboard
from tests.browser.looking import ELECTION

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PARTY = f"deployments/{ELECTION}-from-kz/"
# What is wrong with where one is. The parts of a box for a day are drawn by the browser, which marks them itself.
UNSEEN = """() => {
    const each = document.activeElement;
    const box = each.getClientRects()[0];
    const style = getComputedStyle(each);
    const is_marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const shares = [.05, .5, .95];
    const points = shares.flatMap((x) => shares.map((y) => [box.left + box.width * x, box.top + box.height * y]));
    const on_top = points.some(([x, y]) => each.contains(document.elementFromPoint(x, y)));
    const faults = [is_marked || each.type === "date" ? "" : "no mark", on_top ? "" : "not to be seen"].filter(Boolean);
    return faults.length ? `${each.innerText || each.id || each.outerHTML}: ${faults}` : null;
}"""
AT_THE_END = "document.activeElement === document.body"


@pytest.mark.parametrize("width", [1280, 360])
def test_every_stop_of_a_page_is_marked_and_to_be_seen(server, open_browser, width):
    unseen, stops = {}, 0
    with open_browser() as page:
        page.set_viewport_size({"width": width, "height": 700})
        for address in ("", "deployments/", "matrix/", PARTY, f"elections/{ELECTION}/"):
            page.goto(f"{server.url}/{address}")
            page.keyboard.press("Tab")
            while not page.evaluate(AT_THE_END):
                fault = page.evaluate(UNSEEN)
                unseen |= {(address, fault): stops} if fault else {}
                stops += 1
                page.keyboard.press("Tab")
    assert unseen == {}
    assert stops > 300


def test_one_comes_from_the_skip_link_over_filters_and_rows_to_a_source_and_back(server, open_browser):
    with open_browser() as page:
        page.set_viewport_size({"width": 1280, "height": 700})
        keys = Keyboard(page)

        def press(name):
            keys.go_to(name)
            assert page.evaluate(UNSEEN) is None
            page.keyboard.press("Enter")

        page.goto(f"{server.url}/deployments/")
        press("Skip to content")
        press("Skip to the filters")
        keys.tick("announced")
        assert page.evaluate(UNSEEN) is None
        press("Apply filters")
        page.wait_for_url("**/deployments/?status=announced")
        page.wait_for_selector("#results:not([aria-busy])")
        press(f"{ELECTION}-from-kz/")
        page.wait_for_url(f"**/{PARTY}")
        press("#source-1")
        # The next stop is in the reference, and leads back.
        press("Back to where source 1 is first cited")
        assert page.evaluate("document.querySelector(':target').innerText") == "[1]"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#source-2"
