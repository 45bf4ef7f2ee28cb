"""A database that has no time: what it gave up is told as such, and that it may be asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import OperationalError
from django.template.response import TemplateResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

ASK_AGAIN_AFTER = 5
# Of PostgreSQL: a statement that took too long, a lock that was not to be had, two acts that waited for each other.
GIVEN_UP = {"57014", "55P03", "40P01", "40001"}


def is_busy(error: Exception) -> bool:
    """Whether the database gave up for lack of time, and not because anything is wrong."""
    if not isinstance(error, OperationalError):
        return False
    return getattr(error.__cause__, "sqlstate", "") in GIVEN_UP or "database is locked" in str(error)


class BusyMiddleware:
    """A page that takes the database too long says so, instead of failing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> Any:
        if not is_busy(exception):
            return None
        return TemplateResponse(request, "503.html", status=503, headers={"Retry-After": str(ASK_AGAIN_AFTER)})
