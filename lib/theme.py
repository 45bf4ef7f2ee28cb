"""Light, dark, or as the reader's system has it: a choice kept in a cookie, and told to the page by the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.defaults import bad_request

from lib.way_back import way_back

if TYPE_CHECKING:
    from django.http import HttpRequest

COOKIE = "theme"
SYSTEM, LIGHT, DARK = "system", "light", "dark"
A_YEAR = 365 * 24 * 60 * 60


def chosen_theme(request: HttpRequest) -> str:
    """What the reader has chosen; whatever else the cookie holds is no choice."""
    kept = request.COOKIES.get(COOKIE)
    return kept if kept in {LIGHT, DARK} else SYSTEM


# Another site could change the colours, and nothing else: in return who only reads is given no cookie.
@csrf_exempt
@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    theme = request.POST.get("theme")
    if theme not in {SYSTEM, LIGHT, DARK}:
        return bad_request(request, BadRequest("theme"))
    response = HttpResponseRedirect(way_back(request, request.POST.get("next", ""), otherwise="/"))
    if theme == SYSTEM:
        response.delete_cookie(COOKIE, samesite="Lax")
    else:
        is_secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(COOKIE, theme, max_age=A_YEAR, secure=is_secure, httponly=True, samesite="Lax")
    return response
