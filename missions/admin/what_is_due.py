"""What is due by a day: deadlines, answers, missions and names that elections wait for."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils.formats import date_format, number_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from missions.admin.problems import Finding, Problem, row_by_row, seen
from missions.lists import with_named, with_readings
from missions.models import Deployment, Election, Invitation, Mission
from missions.templatetags.figures import figure_of, in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest
    from django_stubs_ext import StrOrPromise

    from organizations.policy import Reader

# How long after its election a party is still expected to be named.
NAMED_WITHIN = timedelta(days=365)
COMING = (Election.Status.EXPECTED, Election.Status.CALLED)
NAMED_WHEN = (Deployment.Status.ANNOUNCED, Deployment.Status.DEPLOYED)
WITHOUT_ANSWER = gettext_lazy("Invitations without an answer")


def due_seen_by(request: HttpRequest, today: date) -> Iterator[Problem]:
    """What is due, of what the reader sees of elections and of the records that the reader may write."""
    ahead = elections_ahead(request.user, today)
    closing = ahead.filter(accreditation_closes_at__gte=today.isoformat())
    yield Problem(
        "accreditation",
        _("Accreditation deadlines ahead"),
        closing.order_by("theirs", "accreditation_closes_at", "code"),
        row_by_row(lambda election: of_election(request, election, closes_in_words(election, today))),
    )
    unanswered = seen(request, Invitation).filter(response=Invitation.Response.NONE)
    coming = Q(election__election_day__gte=today, election__status__in=COMING)
    yield Problem(
        "unanswered-ahead",
        _("Invitations without an answer to elections ahead"),
        unanswered.filter(coming).order_by("election__election_day", "code"),
        row_by_row(lambda invitation: of_invitation(invitation, today)),
        WITHOUT_ANSWER,
    )
    missions = Mission.objects.visible_to(request.user).filter(election=OuterRef("pk"))
    yield Problem(
        "no-mission",
        _("Elections ahead without a mission"),
        ahead.filter(~Exists(missions)).order_by("theirs", "election_day", "code"),
        row_by_row(lambda election: of_election(request, election, no_mission_in_words(election, today))),
    )
    yield Problem(
        "names",
        _("Names expected"),
        parties_to_be_named(request, today),
        row_by_row(lambda party: Finding(party, names_in_words(party), [coverage_of(party.election)])),
    )
    yield Problem(
        "unanswered-past",
        _("Invitations without an answer to elections past"),
        unanswered.filter(election__election_day__lt=today).order_by("-election__election_day", "code"),
        row_by_row(lambda invitation: of_invitation(invitation, today)),
        WITHOUT_ANSWER,
    )


def elections_ahead(user: Reader, today: date) -> Any:
    """Elections to come that the reader sees: first those of which the reader writes something, then `theirs`."""
    kinds: tuple[Any, ...] = (Mission, Deployment, Invitation)
    of_election = [model.objects.changeable_by(user).filter(election=OuterRef("pk")) for model in kinds]
    own = Election.objects.changeable_by(user).filter(pk=OuterRef("pk"))
    return (
        Election.objects.visible_to(user)
        .filter(election_day__gte=today, status__in=COMING)
        .annotate(
            theirs=Case(When(reduce(or_, map(Q, map(Exists, [own, *of_election]))), then=Value(0)), default=Value(1))
        )
    )


def parties_to_be_named(request: HttpRequest, today: date) -> Any:
    """Parties of which fewer persons are named than were announced or accredited, as far as the reader sees."""
    day = Q(election__election_day__gte=today - NAMED_WITHIN)
    stands = ~Q(election__status__in=(Election.Status.CANCELLED, Election.Status.POSTPONED))
    rows = seen(request, Deployment).filter(day, stands, status__in=NAMED_WHEN)
    rows = with_named(with_readings(rows, request.user), request.user, "deployment")
    fewer = Q(announced_low__gt=F("named")) | Q(accredited_low__gt=F("named"))
    return rows.filter(fewer).order_by("-election__election_day", "code")


def of_election(request: HttpRequest, election: Election, sentence: str) -> Finding:
    """An election, which administrators change, and to which coordinators add."""
    ways: list[tuple[StrOrPromise, str]] = [coverage_of(election)]
    if Mission.may_be_added_by(request.user):
        ways.append((_("Add a mission"), f"{reverse('admin:missions_mission_add')}?election={election.code}"))
    return Finding(election, [sentence], ways, may_edit=Election.may_be_added_by(request.user))


def of_invitation(invitation: Invitation, today: date) -> Finding:
    return Finding(invitation, [no_answer_in_words(invitation, today)], [coverage_of(invitation.election)])


def coverage_of(election: Election) -> tuple[str, str]:
    return _("Coverage"), reverse("coverage", args=[election.code])


# In words


def closes_in_words(election: Election, today: date) -> str:
    """By the calendar: the record tells the host's time, and not how far that is from ours."""
    moment = datetime.fromisoformat(election.accreditation_closes_at)
    day = date_format(moment, "DATE_FORMAT")
    if len(election.accreditation_closes_at) > len("2030-10-09"):
        told = {"day": day, "time": time_format(moment, "H:i")}
        day = _("%(day)s %(time)s, the host's time") % told
    return _("Closes %(when)s, %(day)s.") % {"when": away(moment.date(), today), "day": day}


def no_answer_in_words(invitation: Invitation, today: date) -> str:
    day = invitation.election.election_day
    if day < today:
        return _("No answer is known, and the election is over.")
    sentence = _("No answer is known, and the vote is %(when)s.")
    if invitation.sent_on:
        sentence = _("No answer is known since %(sent)s, and the vote is %(when)s.")
    sent = date_format(invitation.sent_on, "DATE_FORMAT") if invitation.sent_on else ""
    return sentence % {"when": away(day, today), "sent": sent}


def no_mission_in_words(election: Election, today: date) -> str:
    return _("The vote is %(when)s, and no mission is recorded.") % {"when": away(election.election_day, today)}


def names_in_words(party: Any) -> list[str]:
    """For each kind of figure that is more than the persons named: "46 announced, 2 named: 44 names expected."."""
    sentences = {
        "announced": _("%(figure)s announced, %(named)s named: %(missing)s expected."),
        "accredited": _("%(figure)s accredited, %(named)s named: %(missing)s expected."),
    }
    found = []
    for kind, sentence in sentences.items():
        low = getattr(party, f"{kind}_low")
        if low is not None and low > party.named:
            missing = low - party.named
            names = ngettext("%(number)s name", "%(number)s names", missing) % {"number": number_format(missing)}
            told = {"figure": in_words(figure_of(party, kind)), "named": number_format(party.named), "missing": names}
            found.append(sentence % told)
    return found


def away(day: date, today: date) -> str:
    """How far a day that is not past is away: today, tomorrow, in 3 days."""
    days = (day - today).days
    if days < 2:
        return _("tomorrow") if days else _("today")
    return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": number_format(days)}
