"""Facets: for each filter of deployments that offers choices, how many rows are behind each of them.

A facet ignores its own choice and heeds all others. What is counted are rows: a party over three missions, told by two
sources and with two named observers, is one row. The rows and their channels are read once for all facets, so that the
number of queries is the same for a short list and a long one, whatever is asked of it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, ExpressionWrapper, Q

from lib.filters import AnyOfChoices, YesNo
from lib.territories import alphabetical
from missions.filters import DeploymentFilterSet
from missions.in_hand import InHand
from missions.lists import with_open, with_readings
from missions.models import Deployment, HeadCount
from organizations.countries import country_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from missions.in_hand import Passage
    from organizations.policy import Reader

# The facets whose choices stand in no fixed list: only those that occur are offered, and those chosen.
COUNTRIES = ("sender_country", "host_country")
ORGANIZATIONS = ("sender", "organizer")
OPEN = (*COUNTRIES, *ORGANIZATIONS, "year", "election", "mission")
# Pieces of the one question which mission a party goes through.
OF_MISSION = ("organizer", "mission", "mission_kind")
# What stands in a column of the row, or of its election or sender.
COLUMNS = {
    "sender_country": "sender_country",
    "sender": "sender",
    "sender_kind": "sender__kind",
    "host_country": "election__country",
    "year": "election__election_day",
    "election": "election__code",
    "election_kind": "election__kind",
    "status": "status",
}
# What is added up of the rows, beside them.
ADDED_UP = (
    *("code", "part_of_open"),
    *("announced_low", "announced_high", "announced_approximate", "announced_not_published"),
)
# What only the filter itself can tell, choice by choice.
TOLD_BY_FILTER = ("share", "agreement", "channels_agree", "named", "sourced")


class FacetFilterSet(DeploymentFilterSet):
    """The filters of deployments alone: what is said of pages and orders of a list has no place here."""

    other_parameters = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter, and how many rows the list has with it in place of those chosen."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter and its choices."""

    name: str
    label: str
    choices: list[Choice]


def facets(filterset: DeploymentFilterSet, user: Reader) -> list[Facet]:
    """The facets of a list, in the order of its filters."""
    tally = Tally(filterset, user)
    return [
        Facet(name, str(filter_.label), tally.choices_of(name))
        for name, filter_ in filterset.filters.items()
        if name in OPEN or isinstance(filter_, AnyOfChoices | YesNo)
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """A deployment that the reader sees. `failed`: the filters that keep it out; of missions `passages` tell."""

    key: int
    values: dict[str, Any]
    failed: frozenset[str]
    passages: list[Passage]


class Tally:
    """The rows that the reader sees with all that facets ask of them, under the filters of one list."""

    def __init__(self, filterset: DeploymentFilterSet, user: Reader) -> None:
        self.filterset, self.user = filterset, user
        self.in_hand: InHand = filterset.in_hand or InHand(user)
        self.chosen: Mapping[str, Any] = filterset.form.cleaned_data

    def choices_of(self, name: str, *, with_none: bool = False) -> list[Choice]:
        """The choices of one filter, with the rows behind each under the other filters.

        `with_none`: what occurs in rows that other filters leave out stays among them, with none.
        """
        chosen = self.filterset.data.getlist(name) if name in self.filterset.data else []
        counts = Counter(value for row in self.rows_but_for(name) for value in self.values_of(row, name))
        if name in OPEN:
            everywhere = {value for row in self.rows for value in self.values_of(row, name)} if with_none else set()
            labels = self.labels_of(name, {*counts, *chosen, *everywhere})
        else:
            labels = self.fixed_choices(name)
        return [Choice(value, label, counts[value], value in chosen) for value, label in labels]

    @cached_property
    def listed(self) -> list[Row]:
        """The rows of the list itself."""
        return list(self.rows_but_for(None))

    def rows_but_for(self, name: str | None) -> Iterator[Row]:
        """The rows that every filter but this one leaves in the list; without a name, every filter."""
        asked = self.asked_of_missions(name)
        for row in self.rows:
            if row.failed <= {name} and (not asked or self.passages_but_for(row, name)):
                yield row

    def asked_of_missions(self, name: str | None) -> list[str]:
        """The filters of missions in use, but for this one."""
        return [each for each in OF_MISSION if each != name and self.chosen[each]]

    def passages_but_for(self, row: Row, name: str | None) -> list[Passage]:
        """The missions of a row that meet what is asked of missions, this filter aside."""
        asked = self.asked_of_missions(name)
        return [passage for passage in row.passages if all(self.meets(passage, each) for each in asked)]

    def meets(self, passage: Passage, name: str) -> bool:
        if name == "mission_kind":
            return passage.kind in self.chosen[name]
        codes = {record.code for record in self.chosen[name]}
        return passage.mission in codes if name == "mission" else bool(passage.organizers & codes)

    def values_of(self, row: Row, name: str) -> set[str]:
        """The choices of a filter that keep this row."""
        if name in OF_MISSION:
            passages = self.passages_but_for(row, name)
            if name == "organizer":
                return {code for passage in passages for code in passage.organizers}
            return {passage.mission if name == "mission" else passage.kind for passage in passages if passage.is_open}
        if name in TOLD_BY_FILTER:
            return {value for value, _label in self.fixed_choices(name) if row.values[f"{name}_{value}"]}
        value = row.values[name]
        if name == "sender":
            return set(self.in_hand.above[value]) if value else set()
        return {str(value.year if name == "year" else value)} if value else set()

    # ---- what is read

    @cached_property
    def rows(self) -> list[Row]:
        through = self.in_hand.passages
        found = with_open(Deployment.objects.visible_to(self.user).order_by(), self.user, "part_of")
        found = with_readings(found, self.user, [HeadCount.Kind.ANNOUNCED]).annotate(**self.flags)
        names, paths = ["pk", *COLUMNS, *ADDED_UP, *self.flags], ["pk", *COLUMNS.values(), *ADDED_UP, *self.flags]
        rows = (dict(zip(names, values, strict=True)) for values in found.values_list(*paths))
        return [
            Row(
                key=row["pk"],
                values=row,
                failed=frozenset(name for name in self.kept if not row[f"keeps_{name}"]),
                passages=through.get(row["pk"], []),
            )
            for row in rows
        ]

    @cached_property
    def kept(self) -> dict[str, Any]:
        """The rows that each filter keeps by itself; what is asked of missions is one question, put to `passages`."""
        return {
            name: filter_.filter(Deployment.objects.all(), self.chosen[name])
            for name, filter_ in self.filterset.filters.items()
            if name not in OF_MISSION and self.chosen[name]
        }

    @cached_property
    def flags(self) -> dict[str, Any]:
        told = {f"keeps_{name}": rows for name, rows in self.kept.items()}
        for name in TOLD_BY_FILTER:
            if name not in self.filterset.filters:
                continue
            filter_ = self.filterset.filters[name]
            takes_many = isinstance(filter_, AnyOfChoices)
            for value, _label in self.fixed_choices(name):
                asked = [value] if takes_many else value
                told[f"{name}_{value}"] = filter_.filter(Deployment.objects.all(), asked)
        return {
            name: ExpressionWrapper(Q(pk__in=rows.values("pk")), output_field=BooleanField())
            for name, rows in told.items()
        }

    # ---- the choices in words

    def fixed_choices(self, name: str) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in self.filterset.filters[name].field.choices if value]

    def labels_of(self, name: str, values: Iterable[str]) -> list[tuple[str, str]]:
        """These values with their names: years and elections from the latest, all others by name."""
        if name == "year":
            return [(year, year) for year in sorted(values, reverse=True)]
        if name == "election":
            found = [election for election in self.in_hand.elections.values() if election.code in values]
            return [(election.code, str(election)) for election in found]
        if name in COUNTRIES:
            labelled = [(code, country_name(code)) for code in values]
        elif name == "mission":
            chosen = {mission.code: mission for mission in self.chosen[name]}
            missions = {**self.in_hand.missions, **chosen}
            labelled = [(code, str(missions[code])) for code in values if code in missions]
        else:
            labelled = [(each.code, str(each)) for each in self.in_hand.organizations.values() if each.code in values]
        return sorted(labelled, key=lambda choice: (alphabetical(choice[1]), choice[0]))
