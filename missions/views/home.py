"""The way in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_safe

from missions import lists
from missions.models import Deployment, Election, Invitation, Mission
from organizations.models import Organization, Source

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LATEST = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the record holds, counted, and the latest elections in it."""
    kinds: list[Any] = [Election, Mission, Deployment, Invitation, Organization, Source]
    counts = [
        {"list": f"{kind._meta.model_name}s", "name": kind._meta.verbose_name_plural, "count": seen.count()}
        for kind in kinds
        for seen in [kind.objects.visible_to(request.user)]
    ]
    latest = lists.election_rows(request.user).order_by("-election_day", "code")[:LATEST]
    return render(request, "missions/home.html", {"counts": counts, "latest": latest})
