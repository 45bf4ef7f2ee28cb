"""The calendar: voting days, the last days for accreditation, and missions on site, of the elections of a list."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from lib.dates import DateSpan
from missions.models import Election, Mission, VotingDay

if TYPE_CHECKING:
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from organizations.policy import Reader

# Where every feed of this software says it is from: the same on whatever host, so that no event is ever doubled.
UID_DOMAIN = "election-observation-mission-tracker"
STATUSES = {"cancelled": "CANCELLED", "annulled": "CANCELLED", "postponed": "CANCELLED"}
TENTATIVE = {"expected": "TENTATIVE", "considered": "TENTATIVE"}


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on one day or on several. `uid` never changes, not even when the days do."""

    uid: str
    first: date
    last: date
    what: StrOrPromise
    label: str
    address: str
    status: str
    status_label: str
    modified_at: datetime

    @property
    def is_one_day(self) -> bool:
        return self.first == self.last


def month_span(month: date) -> DateSpan:
    return DateSpan(month.replace(day=1), month.replace(day=monthrange(month.year, month.month)[1]))


def voting(elections: Any, user: Reader, span: DateSpan | None) -> list[Entry]:
    """The days of voting: those on record, else the election's own."""
    days = VotingDay.objects.visible_to(user).filter(election__in=elections.values("pk"))
    found = [
        entry(
            "voting-day",
            day,
            day.starts_on,
            day.ends_on,
            what=_("%(place)s votes, round %(round)s") % {"place": day.region.name, "round": day.round}
            if day.region
            else _("Voting, round %(round)s") % {"round": day.round},
            election=day.election,
        )
        for day in days.select_related("election", "region")
    ]
    told = {(each.address, each.first) for each in found}
    found += [
        entry("election", election, election.election_day, None, what=_("Election day"), election=election)
        for election in elections
        if (election.get_absolute_url(), election.election_day) not in told
    ]
    return within(found, span)


def deadlines(elections: Any, span: DateSpan | None) -> list[Entry]:
    """The last days on which accreditation can be asked for; a time is the host's."""
    found = []
    for election in elections.exclude(accreditation_closes_at=""):
        day, _t, time = election.accreditation_closes_at.partition("T")
        closes = date.fromisoformat(day)
        what = _("Accreditation closes at %(time)s, the host's time") % {"time": time} if time else ""
        found.append(
            entry("deadline", election, closes, None, what=what or _("Accreditation closes"), election=election)
        )
    return within(found, span)


def on_site(elections: Any, user: Reader, span: DateSpan | None) -> list[Entry]:
    """Missions by the days on site that are on record; where one end is not known, by the other."""
    missions = Mission.objects.visible_to(user).with_labels(user).filter(election__in=elections.values("pk"))
    found = [
        entry(
            "mission",
            mission,
            mission.starts_on or mission.ends_on,
            mission.ends_on,
            what=_("On site") if mission.starts_on and mission.ends_on else one_end(mission.starts_on),
            record=mission,
        )
        for mission in missions.filter(Q(starts_on__isnull=False) | Q(ends_on__isnull=False))
    ]
    return within(found, span)


def one_end(starts_on: date | None) -> str:
    """What a stay of which one end is known says on that day: on its first, or else on its last."""
    return _("On site from this day, end not known") if starts_on else _("On site until this day")


def entry(
    kind: str,
    of: Any,
    first: date,
    last: date | None,
    *,
    what: StrOrPromise,
    election: Election | None = None,
    record: Mission | None = None,
) -> Entry:
    shown: Any = record or election
    return Entry(
        uid=f"{kind}-{of.code}@{UID_DOMAIN}",
        first=first,
        last=last or first,
        what=what,
        label=str(shown),
        address=shown.get_absolute_url(),
        status=shown.status,
        status_label=shown.get_status_display(),
        modified_at=of.modified_at,
    )


def within(entries: list[Entry], span: DateSpan | None) -> list[Entry]:
    """The entries of which a day lies in the span, by their days."""
    kept = [each for each in entries if span is None or (each.first <= span.last and each.last >= span.first)]
    return sorted(kept, key=lambda each: (each.first, each.last, each.uid))


def nearest(elections: Any, user: Reader, nearest_of: Any, side: str, day: date) -> date | None:
    """The nearest day on one side of a day, `lt` or `gt`, on which somebody votes, arrives or leaves."""
    of_elections = {"election__in": elections.values("pk")}
    voting_days = VotingDay.objects.visible_to(user).filter(**of_elections)
    missions = Mission.objects.visible_to(user).filter(**of_elections)
    columns = [(elections, "election_day"), (voting_days, "starts_on"), (missions, "starts_on"), (missions, "ends_on")]
    found = [
        rows.order_by().filter(**{f"{name}__{side}": day}).aggregate(day=nearest_of(name))["day"]
        for rows, name in columns
    ]
    known: list[date] = [each for each in found if each]
    if not known:
        return None
    return max(known) if side == "lt" else min(known)


def feed(entries: list[Entry], name: str, host: str) -> bytes:
    """The entries as an iCalendar file of whole days, without anybody's name."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{UID_DOMAIN}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for each in entries:
        event = Event()
        event.add("uid", each.uid)
        event.add("dtstamp", each.modified_at)
        event.add("last-modified", each.modified_at)
        event.add("dtstart", each.first)
        event.add("dtend", each.last + timedelta(days=1))
        event.add("summary", f"{each.what}: {each.label}")
        event.add("status", STATUSES.get(each.status) or TENTATIVE.get(each.status, "CONFIRMED"))
        event.add("transp", "TRANSPARENT")
        event.add("url", f"{host}{each.address}")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
