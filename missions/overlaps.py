"""Where one person is said to have been in two places at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from lib.dates import DateSpan
from missions.models import Assignment

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two places of a person, and the days that both hold."""

    one: Assignment
    other: Assignment
    days: DateSpan


def overlaps(places: Iterable[Assignment]) -> list[Overlap]:
    """Each two places of which a day is the same, as far as their own days are on record.

    A place that fell through is nowhere, and a mission inside another is no second place. Where one end is not known,
    the other is all that is known.
    """
    held = [place for place in places if place.status in Assignment.NAMING and (place.starts_on or place.ends_on)]
    found = []
    for one, other in combinations(sorted(held, key=lambda place: (days_of(place), place.code)), 2):
        first = max(days_of(one).first, days_of(other).first)
        last = min(days_of(one).last, days_of(other).last)
        if first <= last and are_apart(one, other):
            found.append(Overlap(one, other, DateSpan(first, last)))
    return found


def days_of(place: Assignment) -> DateSpan:
    known = [day for day in (place.starts_on, place.ends_on) if day]
    return DateSpan(known[0], known[-1])


def are_apart(one: Assignment, other: Assignment) -> bool:
    """Whether the two are places of different elections or of missions of which neither is inside the other."""
    if one.election != other.election:
        return True
    if one.mission is None or other.mission is None:
        return False
    inside = {(each.pk, each.part_of_id) for each in (one.mission, other.mission)}
    keys = {key for key, _part_of in inside}
    return len(keys) > 1 and not any(part_of in keys for _key, part_of in inside)
