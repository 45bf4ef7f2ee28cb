// Signing in, also in another tab, changes the token that forms are sent with. The page that keeps a form until then
// (templates/account/form_kept.html) sends the one that is in force.
"use strict";
for (const form of document.querySelectorAll("form[data-fresh-token]")) {
  form.addEventListener("submit", () => {
    const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    if (found) {
      form.elements.csrfmiddlewaretoken.value = decodeURIComponent(found[1]);
    }
  });
}

// Lists: what is chosen takes the place of the rows, and the address says what is chosen.
const list = document.getElementById("list");
if (list) {
  const failed = document.getElementById("failed");
  const on = (name, act) => document.body.addEventListener(`htmx:${name}`, ({ detail }) => act(detail));
  const results = () => document.getElementById("results");
  const heading = () => document.getElementById("results-heading");
  const chips = () => [...document.querySelectorAll(".chip")];
  let moveFocus = () => {};
  on("beforeRequest", ({ elt }) => {
    results().setAttribute("aria-busy", "true");
    const place = chips().indexOf(elt);
    moveFocus = () => (chips()[place] ?? heading()).focus();
    if (elt.closest(".sort, thead")) moveFocus = () => {};
    const { type, name, value } = document.activeElement;
    // The boxes of the panel are drawn anew: who applied the filters from one of them stays in it. The button may stand
    // far below the rows that it found.
    if (elt.closest("#filters")) moveFocus = () => {
      const boxes = type === "checkbox" ? [...document.getElementsByName(name)] : [];
      const outOfSight = heading().getBoundingClientRect().top < 0 ? heading() : null;
      (boxes.find((box) => box.value === value) ?? outOfSight)?.focus();
    };
    const details = elt.querySelector(".filters");
    // Above the rows, on a narrow screen, the opened panel makes way for them.
    if (details?.open) moveFocus = () => { details.open = false; heading().focus(); };
  });
  on("beforeSwap", (detail) => {
    // A refusal, or the page for signing in, says more than could stand in the place of the rows.
    if (detail.xhr.status < 500 && !detail.serverResponse.includes('id="results"')) {
      detail.shouldSwap = false;
      location.assign(detail.pathInfo.finalRequestPath);
    }
  });
  on("afterRequest", ({ successful }) => {
    results().removeAttribute("aria-busy");
    if (successful) failed.hidden = true;
    if (successful) moveFocus();
  });
  for (const fault of ["sendError", "timeout", "responseError"]) {
    on(fault, ({ xhr, pathInfo }) => {
      failed.hidden = xhr.status >= 400 && xhr.status < 500;
      failed.querySelector("a").href = pathInfo.finalRequestPath;
    });
  }
}
