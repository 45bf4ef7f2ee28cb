"""How many requests a minute the API answers: of one token or account, and of one address without either."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import caches
from rest_framework.throttling import BaseThrottle

from organizations.models import ApiToken

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from rest_framework.request import Request
    from rest_framework.views import APIView

SECONDS = 60


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to somebody until the minute is over."""

    most: int
    left: int
    seconds: int


class RequestsAMinute(BaseThrottle):
    """Counts the requests of each clock minute in a cache that all processes share (CACHES); a limit of 0 is none.

    Counted is by token, so that programs of one person do not hinder each other; by account where a page asks; else by
    address. Where the cache has no counting of its own (the table of the database), two requests at the very same
    moment may be counted as one.
    """

    seconds_to_wait: int | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        who, most = asking(request)
        if not most:
            return True
        now = int(time.time())
        seconds = SECONDS - now % SECONDS
        key = f"api-requests-{who}-{now // SECONDS}"
        counted = caches["requests"]
        counted.add(key, 0, SECONDS)
        try:
            count = counted.incr(key)
        except ValueError:
            # The cache was emptied in between.
            count = 1
        request._request.allowance = Allowance(most, max(most - count, 0), seconds)  # type: ignore[attr-defined]  # noqa: SLF001
        self.seconds_to_wait = seconds
        return count <= most

    def wait(self) -> float | None:
        return self.seconds_to_wait


def asking(request: Request) -> tuple[str, int]:
    """Who asks, as the cache tells them apart, and how many requests a minute they have."""
    token: Any = request.auth
    if isinstance(token, ApiToken):
        return f"token-{token.pk}", settings.API_REQUESTS_OF_TOKEN
    if request.user.is_authenticated:
        return f"account-{request.user.pk}", settings.API_REQUESTS_OF_TOKEN
    return f"address-{get_adapter().get_client_ip(request)}", settings.API_REQUESTS_OF_ADDRESS


class AllowanceMiddleware:
    """Each answer that was counted says how many more there may be, and when the count begins anew."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        allowance: Allowance | None = getattr(request, "allowance", None)
        if allowance:
            response["RateLimit-Limit"] = str(allowance.most)
            response["RateLimit-Remaining"] = str(allowance.left)
            response["RateLimit-Reset"] = str(allowance.seconds)
        return response
