"""What happened to a mission and when, as far as the record says, with who says so: the timeline of its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lib.dates import parse_date
from lib.spoken import filled
from missions.calendar import one_end
from missions.models import HeadCount, Invitation, Mission
from missions.readings import READ_KINDS
from missions.reconciliation import ALL
from missions.templatetags.figures import dated, published

if TYPE_CHECKING:
    from collections.abc import Iterable

    from missions.models import Statement
    from organizations.models import Source


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened, on which day or between which; a day that is not on record is None and blank."""

    day: date | None
    when: str
    what: str
    sources: list[Source]
    address: str = ""


def days_of(
    mission: Mission,
    *,
    invitations: Iterable[Invitation],
    counts: Iterable[HeadCount],
    statements: Iterable[Statement],
) -> list[Happening]:
    """All that is recorded with a day, oldest first; a status whose day is not on record comes last."""
    own = list(mission.sources.all())
    voted = mission.election.election_day
    found = [
        *(each for invitation in invitations for each in of_invitation(invitation)),
        *first_numbers(counts),
        *on_site(mission.starts_on, mission.ends_on, own),
        *status(mission, mission.status, mission.status_on, own),
        *by_other_sources(mission, statements),
        Happening(voted, date_format(voted), _("Election day"), [], mission.election.get_absolute_url()),
    ]
    return sorted(found, key=lambda each: (each.day is None, each.day or date.max))


def of_invitation(invitation: Invitation) -> list[Happening]:
    """That the organizer was invited, and its answer; each only where its day is on record."""
    sources, address = list(invitation.sources.all()), invitation.get_absolute_url()
    answer = _("Invitation: %(answer)s") % {"answer": invitation.get_response_display()}
    inviter = invitation.inviter.short_name_on(invitation.election.election_day)
    invited = filled(_("Invited by %(inviter)s"), inviter=inviter)
    told = [(invitation.sent_on, invited), (invitation.responded_on, answer)]
    return [Happening(day, date_format(day), what, sources, address) for day, what in told if day]


def first_numbers(counts: Iterable[HeadCount]) -> list[Happening]:
    """The first number of all observers that was announced, accredited and deployed."""
    sentence = _("%(kind)s: %(number)s, the first number published")
    first: dict[str, HeadCount] = {}
    for count in counts:
        if count.counted and count.value is not None and count.group == ALL and count.kind in READ_KINDS:
            known = first.setdefault(count.kind, count)
            first[count.kind] = min(known, count, key=lambda each: each.as_of)
    return [
        Happening(
            count.as_of,
            dated(count),
            sentence % {"kind": count.get_kind_display(), "number": published(count)},
            [count.source],
        )
        for count in first.values()
    ]


def on_site(starts_on: date | None, ends_on: date | None, sources: list[Source]) -> list[Happening]:
    if starts_on and ends_on:
        return [Happening(starts_on, f"{date_format(starts_on)} – {date_format(ends_on)}", _("On site"), sources)]
    day = starts_on or ends_on
    return [Happening(day, date_format(day), one_end(starts_on), sources)] if day else []


def status(mission: Mission, value: str, day: date | None, sources: list[Source]) -> list[Happening]:
    label = dict(Mission.Status.choices).get(value, value)
    return [Happening(day, date_format(day) if day else "", _("Status: %(status)s") % {"status": label}, sources)]


def by_other_sources(mission: Mission, statements: Iterable[Statement]) -> list[Happening]:
    """Other sources' days of a status and on site, each source by itself; a status that it does not say is as recorded.

    What it says without a day stands beside the field alone.
    """
    by_source: dict[Source, dict[str, Any]] = {}
    for statement in statements:
        by_source.setdefault(statement.source, {})[statement.field] = statement.value
    found = []
    for source, said in by_source.items():
        days = {name: day_said(said[name]) for name in ("starts_on", "ends_on", "status_on") if name in said}
        if days.get("status_on"):
            found += status(mission, said.get("status", mission.status), days["status_on"], [source])
        found += on_site(days.get("starts_on"), days.get("ends_on"), [source])
    return found


def day_said(text: str) -> date | None:
    """The day that a source says; None where it says no single day."""
    try:
        span = parse_date(text)
    except ValueError:
        return None
    return span.first if span.is_day else None
