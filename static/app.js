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
