"""The way in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from missions import lists
from missions.admin.what_is_due import COMING, closes_in_words
from missions.models import Deployment, Election, Invitation, Mission, Reading
from missions.models.deployments import Share
from missions.views.deployments import DeploymentList
from missions.views.lists import InvitationList
from organizations.models import Organization, Source

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from missions.views.list_page import ListPage
    from organizations.policy import Reader

LATEST = 5
CHANGED = 8


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the record holds, counted, what is coming, what has changed, and the latest elections in it."""
    user, today = request.user, timezone.localdate()
    kinds: list[Any] = [Election, Mission, Deployment, Invitation, Organization, Source]
    counts = [
        {"address": reverse(kind.resource()), "name": kind._meta.verbose_name_plural, "count": seen.count()}
        for kind in kinds
        for seen in [kind.objects.visible_to(user)]
    ]
    ready = [
        ready_made(request, _("Sources disagree on the number"), DeploymentList, agreement=Reading.Agreement.CONFLICT),
        ready_made(request, _("Split between missions not published"), DeploymentList, share=Share.UNKNOWN),
        ready_made(request, _("Sources name different missions"), DeploymentList, channels_agree="no"),
        ready_made(request, _("Invitations declined"), InvitationList, response=Invitation.Response.DECLINED),
    ]
    context = {
        "counts": counts,
        "ready": ready,
        "coming": coming(user, today),
        "changed": latest_changes(user),
        "latest": lists.election_rows(user).filter(election_day__lt=today).order_by("-election_day", "code")[:LATEST],
    }
    return render(request, "missions/home.html", context)


def ready_made(request: HttpRequest, name: str, page: type[ListPage], **asked: str) -> dict[str, Any]:
    """A list by its filters, with the number of its rows."""
    query = QueryDict(mutable=True)
    query.update(asked)
    resource = page.resource
    found = resource.filterset_class(query, resource.rows(request.user), request=request).qs
    address = f"{reverse(resource.model().resource())}?{query.urlencode()}"
    return {"name": name, "address": address, "count": found.count()}


def coming(user: Reader, today: date) -> list[dict[str, Any]]:
    """The elections to come, the next first, each with its deadline if that is ahead."""
    ahead = lists.election_rows(user).filter(election_day__gte=today, status__in=COMING)
    return [
        {
            "record": election,
            "days": (election.election_day - today).days,
            "closes": closes_in_words(election, today) if election.accreditation_closes_at >= today.isoformat() else "",
        }
        for election in ahead.order_by("election_day", "code")[:LATEST]
    ]


def latest_changes(user: Reader) -> list[dict[str, Any]]:
    """The records changed last, of whatever kind, the latest first."""
    kinds: list[tuple[Any, Any]] = [
        (Election, Election.objects.visible_to(user)),
        (Mission, Mission.objects.visible_to(user).with_labels(user)),
        (Deployment, Deployment.objects.visible_to(user).with_labels(user)),
        (Invitation, lists.invitation_rows(user)),
    ]
    found = []
    for kind, rows in kinds:
        day_of_vote = "election_day" if kind is Election else "election__election_day"
        for record in rows.order_by("-modified_at", f"-{day_of_vote}", "code")[:CHANGED]:
            election = record if kind is Election else record.election
            key = (record.modified_at, election.election_day, kind.resource(), record.code)
            day = timezone.localdate(record.modified_at)
            found.append((key, {"kind": kind._meta.verbose_name, "record": record, "day": day}))
    latest = sorted(found, key=lambda each: each[0], reverse=True)[:CHANGED]
    return [told for _key, told in latest]
