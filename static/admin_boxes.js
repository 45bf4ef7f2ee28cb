// The boxes that complete what is typed are drawn by select2, which does not say what they are for: each is called as the
// box that it takes the place of, and says what is chosen.
"use strict";
{
  const $ = window.django?.jQuery;
  const draw = $?.fn.djangoAdminSelect2;
  const name = (each, called) => each.setAttribute("aria-label", called);

  function call(select) {
    const called = select.ariaLabel ?? select.labels[0]?.textContent.trim().replace(/:$/, "") ?? "";
    const drawn = select.nextElementSibling;
    const box = drawn.querySelector("[role=combobox]");
    const chosen = drawn.querySelector("[role=textbox]");
    name(box, called);
    box.setAttribute("aria-controls", `select2-${select.id}-results`);
    if (chosen) {
      box.id = `${select.id}-box`;
      box.setAttribute("aria-labelledby", `${box.id} ${chosen.id}`);
      chosen.removeAttribute("role");
      chosen.removeAttribute("aria-readonly");
    }
    const parts = () => document.querySelectorAll(".select2-container--open :is([role=searchbox], [role=listbox])");
    drawn.querySelectorAll("[role=searchbox]").forEach((each) => name(each, called));
    $(select).on("select2:open", () => parts().forEach((each) => name(each, called)));
  }

  if (draw) {
    $.fn.djangoAdminSelect2 = function () {
      draw.call(this);
      return this.each((_place, select) => call(select));
    };
  }
}
