"""The days of deployments on one scale: voting days, and the stays of their missions that the reader may open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lib.spoken import filled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Below so many days a scale is widened on both sides, so that one day is not all of it.
LEAST_DAYS = 28


@dataclass(frozen=True, slots=True)
class Stay:
    """The days of a mission, or of the party itself. Where only one end is known both are that day."""

    who: str
    first: date
    last: date
    starts_on: date | None
    ends_on: date | None

    @property
    def in_words(self) -> str:
        if self.starts_on and self.ends_on:
            days = {"first": date_format(self.starts_on), "last": date_format(self.ends_on)}
            return filled(_("%(who)s: %(first)s – %(last)s"), who=self.who, **days)
        if self.starts_on:
            return filled(_("%(who)s: from %(day)s"), who=self.who, day=date_format(self.starts_on))
        return filled(_("%(who)s: until %(day)s"), who=self.who, day=date_format(self.last))


@dataclass(frozen=True, slots=True)
class Vote:
    """The days on which an election, a region or a round of it votes."""

    first: date
    last: date

    @property
    def in_words(self) -> str:
        if self.first == self.last:
            return _("Vote: %(day)s") % {"day": date_format(self.first)}
        return _("Vote: %(first)s – %(last)s") % {"first": date_format(self.first), "last": date_format(self.last)}


@dataclass(frozen=True, slots=True)
class Scale:
    """From the first day of some rows to the last; a day is a place on it, in hundredths of its length."""

    first: date
    last: date

    def __str__(self) -> str:
        return _("%(first)s – %(last)s") % {"first": date_format(self.first), "last": date_format(self.last)}

    def place(self, day: date) -> float:
        return round(1 + 98 * (day - self.first).days / max((self.last - self.first).days, 1), 2)

    def ticks(self) -> list[tuple[float, str]]:
        """The beginnings of years, or of months where there are few years; no more than eight."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        step = next(each for each in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if months / each <= 8)
        beginnings = (
            date(month // 12, month % 12 + 1, 1)
            for month in range(self.first.year * 12, (self.last.year + 1) * 12)
            if month % step == 0
        )
        pattern = "YEAR_MONTH_FORMAT" if step < 12 else "Y"
        return [(self.place(day), date_format(day, pattern)) for day in beginnings if self.first <= day <= self.last]


def stays_of(party: Any) -> list[Stay]:
    """The stays of a row of the list: its own, and those of its missions that the reader may open."""
    missions = {each.mission.code: each.mission for each in party.channels_seen if each.mission_open}
    day = party.election.election_day
    told = [(_("The party"), party)]
    told += [(missions[code].organizer.short_name_on(day), missions[code]) for code in sorted(missions)]
    stays = []
    for who, record in told:
        first, last = record.starts_on or record.ends_on, record.ends_on or record.starts_on
        if first and last:
            stays.append(Stay(who, first, last, record.starts_on, record.ends_on))
    return stays


def votes_of(party: Any, voting_days: Mapping[int, list[Vote]] | None = None) -> list[Vote]:
    """The voting days of a row, each once: the election's main day, and those recorded of regions and rounds."""
    day = party.election.election_day
    return sorted({Vote(day, day), *(voting_days or {}).get(party.election_id, ())}, key=lambda vote: vote.first)


def spans_of(party: Any, voting_days: Mapping[int, list[Vote]] | None = None) -> list[Vote | Stay]:
    """All that is drawn of a row."""
    return [*votes_of(party, voting_days), *stays_of(party)]


def scale_of(parties: Iterable[Any], voting_days: Mapping[int, list[Vote]] | None = None) -> Scale | None:
    """The one scale of some rows; None where there are none."""
    spans = [span for party in parties for span in spans_of(party, voting_days)]
    if not spans:
        return None
    first, last = min(span.first for span in spans), max(span.last for span in spans)
    wanting = LEAST_DAYS - (last - first).days
    beside = timedelta(days=max(wanting // 2, 0))
    return Scale(first - beside, last + beside)


def voting_days_of(rows: Any) -> dict[int, list[Vote]]:
    """Voting days by the key of their election."""
    found: dict[int, list[Vote]] = {}
    for election, first, last in rows.values_list("election", "starts_on", "ends_on"):
        found.setdefault(election, []).append(Vote(first, last or first))
    return found
