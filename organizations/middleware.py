"""What holds for each request, and for those of somebody who has signed in."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.core.exceptions import BadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.defaults import bad_request

from organizations.kept_forms import is_long_form, keep_the_form
from organizations.sign_in import LAST_SEEN_AT, SIGNED_IN_AT, lacks_second_factor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.sessions.backends.base import SessionBase
    from django.http import HttpRequest, HttpResponse

    GetResponse = Callable[[HttpRequest], HttpResponse]

FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
# Whoever reads on is noted down this often, in seconds, so that reading seldom writes.
NOTED_EVERY = 5 * 60


class ReadableMiddleware:
    """What no database keeps and no form can read is refused at the door: NUL, and forms that are not in UTF-8.

    The lists say themselves in which of their parameters it stands.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Before anything reads the form: Django's own refusal reads it once more.
        charset = (request.content_params or {}).get("charset", "utf-8")
        if request.content_type in FORMS and charset.lower() not in {"utf-8", "utf8"}:
            return bad_request(request, BadRequest("charset"))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Of a form after its own token was found to be right."""
        is_ours = request.path.startswith((reverse("admin:index"), reverse("account")))
        sent = [request.GET, request.POST] if is_ours else []
        if any("\0" in value for each in sent for _name, values in each.lists() for value in values):
            return bad_request(request, BadRequest("NUL"))
        return None


class NoStoreMiddleware:
    """No answer to somebody who has signed in, by session or by token, is kept by a browser or on the way."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A session that ends with this request was one still when the request came.
        came_in = SESSION_KEY in request.session
        response = self.get_response(request)
        # The API hands on whom it let in by a token.
        if came_in or request.user.is_authenticated:
            response["Cache-Control"] = "no-store"
        # What a cache keeps for visitors is no answer to a token.
        if request.path.startswith(reverse("api:api-root")):
            patch_vary_headers(response, ["Authorization"])
        return response


class SessionEndMiddleware:
    """A session ends SESSION_ENDS_AFTER seconds after signing in, and SESSION_COOKIE_AGE after the last request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session and has_ended(request.session, time.time()):
            logout(request)
        response = self.get_response(request)
        if SESSION_KEY in request.session:
            note(request.session, time.time())
        return response


def has_ended(session: SessionBase, now: float) -> bool:
    signed_in_at, last_seen_at = session.get(SIGNED_IN_AT, now), session.get(LAST_SEEN_AT, now)
    since_sign_in, idle = now - signed_in_at, now - last_seen_at
    return bool(since_sign_in >= settings.SESSION_ENDS_AFTER or idle >= settings.SESSION_COOKIE_AGE)


def note(session: SessionBase, now: float) -> None:
    """Notes when somebody signed in, and every five minutes that they are still here, which also renews the cookie."""
    session.setdefault(SIGNED_IN_AT, now)
    if now - session.get(LAST_SEEN_AT, 0) >= NOTED_EVERY:
        session[LAST_SEEN_AT] = now


class KeptFormMiddleware:
    """What somebody typed who is not signed in any more comes back, instead of giving way to the sign-in page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """After the form's own token was found to be right: else `csrf_failure` answers."""
        is_kept = not request.user.is_authenticated and is_long_form(request)
        return keep_the_form(request) if is_kept else None


class SecondFactorMiddleware:
    """Where REQUIRE_MFA is on, whoever enters data sets up a second factor before anything else.

    The API answers for itself (`organizations.api_access`), for tokens come in there too.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        open_to_all = (reverse("account"), reverse("api:api-root"), f"/{settings.STATIC_URL.lstrip('/')}")
        if not request.path.startswith(open_to_all) and lacks_second_factor(request.user):
            return redirect("mfa_activate_totp")
        return self.get_response(request)
