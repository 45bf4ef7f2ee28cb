"""A long form survives signing in again: what was typed comes back in a page, to be sent once more.

It is kept nowhere but in that page, and only where the form was a page of our own: else a page of another site could
put words into somebody's mouth and have them pressed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is not the session's: that of a page opened before signing in again, or of another site."""
    if is_long_form(request):
        return keep_the_form(request)
    return render(request, "403_csrf.html", status=403)


def is_long_form(request: HttpRequest) -> bool:
    """Whether this is data entry sent by a page of our own host."""
    doors = {reverse("admin:login"), reverse("admin:logout")}
    is_data_entry = request.path.startswith(reverse("admin:index")) and request.path not in doors
    return request.method == "POST" and is_data_entry and comes_from_our_own_page(request)


def comes_from_our_own_page(request: HttpRequest) -> bool:
    """By the Origin header, which browsers send with every form, or else by the Referer."""
    origin = request.headers.get("Origin")
    if origin is None:
        try:
            referer = urlsplit(request.headers.get("Referer", ""))
        except ValueError:
            return False
        origin = f"{referer.scheme}://{referer.netloc}"
    return origin == f"{request.scheme}://{request.get_host()}"


@sensitive_post_parameters()
def keep_the_form(request: HttpRequest) -> HttpResponse:
    """The page that holds all that was typed, except passwords and files."""
    left_out = [name for name in request.POST if "password" in name.lower()]
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in left_out and name != "csrfmiddlewaretoken"
    ]
    context = {"typed": typed, "passwords": bool(left_out), "files": bool(request.FILES)}
    response = render(request, "account/form_kept.html", context, status=403)
    response["Cache-Control"] = "no-store"
    return response
