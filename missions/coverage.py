"""What the record holds: how many records of each kind, and of which countries and years."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from lib.territories import alphabetical
from missions.models import Assignment, Channel, Deployment, Election, HeadCount, Invitation, Mission
from observers.models import Observer
from organizations.countries import country_name
from organizations.models import Organization, Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from organizations.models import Record
    from organizations.policy import Reader

HELD: tuple[type[Record], ...] = (
    Election,
    Mission,
    Deployment,
    Channel,
    Invitation,
    HeadCount,
    Observer,
    Assignment,
    Organization,
    Source,
)
# What is counted by the country and year of its election, and the way to that election.
COVERED: dict[type[Record], str] = {
    Election: "",
    Mission: "election__",
    Deployment: "election__",
    Invitation: "election__",
}


@dataclass(frozen=True, slots=True)
class Covered:
    """What the record holds of the elections of one country, or of one year.

    `key` is the country's code or the year; `counts` holds the number of records by kind, and `others` the number of
    elections in each year of the country, or in each country of the year.
    """

    key: Any
    counts: dict[type[Record], int]
    others: dict[Any, int]


def holdings(reader: Reader | None) -> dict[type[Record], int]:
    """The number of records of each kind that the reader may see; None: of all."""
    return {kind: seen(kind, reader).count() for kind in HELD}


def seen(kind: type[Record], reader: Reader | None) -> Any:
    rows: Any = kind._default_manager
    return rows.all() if reader is None else rows.visible_to(reader)


def coverage(reader: Reader | None) -> tuple[list[Covered], list[Covered]]:
    """The countries, by name, and the years, latest first, of the elections that the reader may see; None: of all."""
    counted = {kind: by_country_and_year(kind, way, reader) for kind, way in COVERED.items()}
    countries = covered(counted, key=lambda place: place[0], other=lambda place: place[1])
    years = covered(counted, key=lambda place: place[1], other=lambda place: place[0])
    return (
        sorted(countries, key=lambda country: alphabetical(named(country.key))),
        sorted(years, key=lambda year: -year.key),
    )


def by_country_and_year(kind: type[Record], way: str, reader: Reader | None) -> Counter[tuple[str, int]]:
    places = (f"{way}country", f"{way}election_day__year")
    rows = seen(kind, reader).order_by().values_list(*places).annotate(rows=Count("pk"))
    return Counter({(str(country), year): count for country, year, count in rows})


def covered(
    counted: dict[type[Record], Counter[tuple[str, int]]],
    *,
    key: Callable[[tuple[str, int]], Any],
    other: Callable[[tuple[str, int]], Any],
) -> list[Covered]:
    """What was counted, put together by one half of the place and listed by the other."""
    found = []
    for each in {key(place) for place in counted[Election]}:
        counts = {
            kind: sum(number for place, number in places.items() if key(place) == each)
            for kind, places in counted.items()
        }
        others = {other(place): number for place, number in counted[Election].items() if key(place) == each}
        found.append(
            Covered(each, counts, dict(sorted(others.items(), key=lambda place: alphabetical(named(place[0])))))
        )
    return found


def named(key: str | int) -> str:
    """A year, or a country by its name in the reader's language."""
    return str(key) if isinstance(key, int) else country_name(key)
