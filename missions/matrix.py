"""The matrix: who sends through whom, a table of deployments whose cells are ranges.

A cell holds the rows of the list that its own query string finds. In the column of some missions a party that goes
through others as well counts with its share (rule 6 of docs/method.md), so columns overlap and no total is ever added
up from cells: each is read anew from its own rows, in which a party stands once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lib.territories import alphabetical
from missions.filters import DeploymentFilterSet
from missions.in_hand import organizations_and_those_above
from missions.ladder import UNKNOWN, Range, share_of
from missions.models import Assignment, Channel, Election, HeadCount, Mission
from missions.models.deployments import Share
from missions.readings import READ_KINDS
from missions.totals import CALLED_OFF, Sum, readers_of
from organizations.countries import country_name
from organizations.models import Organization

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from missions.reconciliation import Reader
    from organizations.policy import Reader as Person

# Rows and columns are named as the filters that find them. The first of each is the usual one.
ROWS = {
    "sender_country": _("Sending state"),
    "sender": _("Sending body"),
    "host_country": _("Host country"),
    "election": _("Election"),
}
COLUMNS = {"organizer": _("Organizer"), "mission_kind": _("Kind of mission"), "year": _("Year of the election")}
MEASURES = {
    "announced": _("Announced"),
    "accredited": _("Accredited"),
    "deployed": _("Deployed"),
    "named": _("Named"),
    "deployments": _("Deployments"),
}
LAYOUT = ("rows", "columns", "measure")


class OneOf(django_filters.Filter):  # type: ignore[misc]  # django-filter has no types
    """A choice of how the table is laid out: every row stays."""

    field_class = forms.ChoiceField

    def filter(self, queryset: Any, value: str) -> Any:
        return queryset


class MatrixFilterSet(DeploymentFilterSet):
    """The filters of deployments, and how the table is laid out."""

    other_parameters = frozenset()

    rows = OneOf(choices=list(ROWS.items()), label=_("Rows"))
    columns = OneOf(choices=list(COLUMNS.items()), label=_("Columns"))
    measure = OneOf(choices=list(MEASURES.items()), label=_("Count"))

    @property
    def layout(self) -> dict[str, str]:
        """Rows, columns and measure of a table that can be answered; the usual ones where none are chosen."""
        chosen = self.form.cleaned_data if self.is_valid() else {}
        usual = {"rows": next(iter(ROWS)), "columns": next(iter(COLUMNS)), "measure": next(iter(MEASURES))}
        return {name: chosen.get(name) or value for name, value in usual.items()}


# ---- what is answered


@dataclass(frozen=True, slots=True)
class Heading:
    """A row or a column: its value in the filter of the same name, and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure and in how many parties it stands, and why it may be open: parties without a number, shares that nobody
    published, and how many of the rows are parts of other parties, which are never added, or were called off.

    `not_checked`: how many of those without a number nobody has looked into.
    """

    figure: Range
    parties: int
    without_number: int = 0
    not_checked: int = 0
    shares_unknown: int = 0
    parts_not_added: int = 0
    called_off: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of the table; `row` and `column` are None where it holds all of them.

    `query`: the query string of the list of exactly the rows behind it.
    """

    row: str | None
    column: str | None
    deployments: int
    measured: Measured
    query: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """The table. Cells without rows are left out; `without_row`: deployments that no row can name, in totals only."""

    rows: list[Heading]
    columns: list[Heading]
    cells: list[Cell]
    direct: list[Cell]
    row_totals: list[Cell]
    column_totals: list[Cell]
    total: Cell
    without_row: int


@dataclass(frozen=True, slots=True)
class Party:
    """A row of the list. `missions`: those that the reader sees it go through; `figure`: its number of the measure.

    `not_published`: somebody looked for that number in vain.
    """

    key: int
    code: str
    called_off: bool
    is_part: bool
    election: str
    election_day: date
    host_country: str
    sender_country: str
    sender: int | None
    figure: Range
    not_published: bool
    missions: frozenset[str]


def matrix(filterset: MatrixFilterSet, user: Person) -> Matrix:
    """The table that the address asks for, as this reader may see it."""
    measure = filterset.layout["measure"]
    parties = parties_of(filterset, user, measure)
    layout, measures = Layout(filterset, user), Measures(filterset, user, parties, measure)
    in_row, in_column = grouped(parties, layout.rows_of), grouped(parties, layout.columns_of)
    in_both = grouped(parties, lambda party: product(layout.rows_of(party), layout.columns_of(party)))
    direct = [party for party in parties if not party.missions and layout.columns_by != "year"]
    direct_in_row = grouped(direct, layout.rows_of)
    rows, columns = layout.row_headings(in_row), layout.column_headings(in_column)

    def cell(behind: list[Party], row: str | None = None, column: str | None = None, *, share: str = "") -> Cell:
        measured = measures.of(behind, layout.missions_of(column))
        query = query_of(filterset, {layout.rows_by: row, layout.columns_by: column, "share": share})
        return Cell(row, column, len(behind), measured, query)

    return Matrix(
        rows=rows,
        columns=columns,
        cells=[
            cell(in_both[row.code, column.code], row.code, column.code)
            for row in rows
            for column in columns
            if (row.code, column.code) in in_both
        ],
        direct=[
            *(
                cell(direct_in_row[row.code], row.code, share=Share.BILATERAL)
                for row in rows
                if row.code in direct_in_row
            ),
            *([cell(direct, share=Share.BILATERAL)] if direct else []),
        ],
        row_totals=[cell(in_row[row.code], row.code) for row in rows],
        column_totals=[cell(in_column[column.code], column=column.code) for column in columns],
        total=cell(parties),
        without_row=sum(not layout.rows_of(party) for party in parties),
    )


def parties_of(filterset: MatrixFilterSet, user: Person, measure: str) -> list[Party]:
    """The rows of the list, each with its number of the measure."""
    rows: Any = filterset.qs.order_by()
    through: dict[int, set[str]] = {}
    channels = Channel.objects.visible_to(user).counted().filter(deployment__in=rows.values("pk"))
    for party, mission in channels.values_list("deployment", "mission__code"):
        through.setdefault(party, set()).add(mission)
    kind = measure if measure in READ_KINDS else READ_KINDS[0]
    columns = ("pk", "code", "status", "part_of_open", "election__code", "election__election_day", "election__country")
    ends = (f"{kind}_low", f"{kind}_high", f"{kind}_approximate", f"{kind}_not_published")
    return [
        Party(
            key=key,
            code=code,
            called_off=status in CALLED_OFF,
            is_part=is_part,
            election=election,
            election_day=day,
            host_country=str(host),
            sender_country=str(country),
            sender=sender,
            figure=Range(low, high, approximate=bool(about)),
            not_published=bool(in_vain),
            missions=frozenset(through.get(key, ())),
        )
        for row in rows.values_list(*columns, "sender_country", "sender", *ends)
        for key, code, status, is_part, election, day, host, country, sender, low, high, about, in_vain in [row]
    ]


def grouped(parties: Iterable[Party], places: Callable[[Party], Iterable[Any]]) -> dict[Any, list[Party]]:
    """The parties of each place; one that stands in several is in each."""
    groups: dict[Any, list[Party]] = {}
    for party in parties:
        for place in places(party):
            groups.setdefault(place, []).append(party)
    return groups


def query_of(filterset: DeploymentFilterSet, chosen: Mapping[str, str | None]) -> str:
    """The query string of the list with these filters in place of its own."""
    asked = QueryDict(mutable=True)
    asked.update(filterset.data)
    for name in (*LAYOUT, "by", *filterset.other_parameters):
        asked.pop(name, None)
    for name, value in chosen.items():
        if value:
            asked[name] = value
    return asked.urlencode()


class Layout:
    """Which rows and columns of the table a party stands in, and what they are called."""

    def __init__(self, filterset: MatrixFilterSet, user: Person) -> None:
        self.filterset, self.user = filterset, user
        self.rows_by, self.columns_by, _measure = filterset.layout.values()
        self.above = organizations_and_those_above()

    def rows_of(self, party: Party) -> Iterable[str]:
        if self.rows_by == "sender":
            return self.chosen_among("sender", party.sender)
        value: str = getattr(party, self.rows_by)
        return [value] if value else []

    def columns_of(self, party: Party) -> Iterable[str]:
        if self.columns_by == "year":
            return [str(party.election_day.year)]
        return {column for mission in party.missions for column in self.columns_of_mission.get(mission, ())}

    def missions_of(self, column: str | None) -> frozenset[str] | None:
        """The missions in which a column counts; of a total those that the filters choose, None for all."""
        if column is not None and self.columns_by != "year":
            return frozenset(mission for mission, columns in self.columns_of_mission.items() if column in columns)
        return self.chosen_missions

    @cached_property
    def chosen_missions(self) -> frozenset[str] | None:
        missions = self.filterset.missions_chosen()
        if missions is None:
            return None
        return frozenset(self.of_these_elections(missions).values_list("code", flat=True))

    @cached_property
    def columns_of_mission(self) -> dict[str, Iterable[str]]:
        """The columns of each mission that the filters leave: its kind, or its organizer and those above."""
        chosen = self.filterset.missions_chosen()
        missions = self.of_these_elections(Mission.objects.all() if chosen is None else chosen)
        if self.columns_by == "mission_kind":
            # Who organizes a hidden mission stands in every public row that names it; its kind does not.
            return {code: [kind] for code, kind in missions.visible_to(self.user).values_list("code", "kind")}
        organizers = missions.values_list("code", "organizer")
        return {code: self.chosen_among("organizer", organizer) for code, organizer in organizers}

    def of_these_elections(self, missions: Any) -> Any:
        return missions.filter(election__in=self.filterset.qs.order_by().values("election"))

    def chosen_among(self, name: str, organization: int | None) -> set[str]:
        """An organization and those above it, as far as the filter of that name has chosen them or one above them.

        The list of a body above the chosen ones would hold more rows than this one.
        """
        found = self.above[organization] if organization else set()
        return found & self.chosen[name] if self.filterset.form.cleaned_data[name] else found

    @cached_property
    def chosen(self) -> dict[str, set[str]]:
        """The codes of the senders and organizers chosen, and of those below them."""
        asked = {name: self.filterset.form.cleaned_data[name] for name in ("sender", "organizer")}
        return {
            name: set(Organization.objects.all().with_those_below(organizations).values_list("code", flat=True))
            for name, organizations in asked.items()
        }

    # -- in words

    def row_headings(self, parties: Mapping[str, list[Party]]) -> list[Heading]:
        """By name; elections from the latest."""
        if self.rows_by == "election":
            elections = Election.objects.filter(code__in=parties).order_by("-election_day", "code")
            return [Heading(election.code, str(election)) for election in elections]
        if self.rows_by == "sender":
            names = self.names_of_organizations(parties, Organization.name_on)
        else:
            names = {code: country_name(code) for code in parties}
        return [Heading(code, name) for code, name in sorted(names.items(), key=lambda item: alphabetical(item[1]))]

    def column_headings(self, parties: Mapping[str, list[Party]]) -> list[Heading]:
        """Those of most rows first; years as they follow each other."""
        if self.columns_by == "year":
            return [Heading(year, year) for year in sorted(parties)]
        if self.columns_by == "mission_kind":
            names = {kind: str(Mission.Kind(kind).label) for kind in parties}
        else:
            names = self.names_of_organizations(parties, Organization.short_name_on)
        by_rows = sorted(names.items(), key=lambda item: (-len(parties[item[0]]), alphabetical(item[1])))
        return [Heading(code, name) for code, name in by_rows]

    def names_of_organizations(
        self, parties: Mapping[str, list[Party]], name_on: Callable[[Organization, date | None], str]
    ) -> dict[str, str]:
        """The name of the time of its rows; where it changed between them, the name of today."""
        names = {}
        for organization in Organization.objects.with_names(self.user).filter(code__in=parties):
            days = [party.election_day for party in parties[organization.code]]
            then = {name_on(organization, min(days)), name_on(organization, max(days))}
            names[organization.code] = then.pop() if len(then) == 1 else name_on(organization, None)
        return names


class Measures:
    """What is counted of the parties behind a cell, in the missions of its column: in all where these are None."""

    def __init__(self, filterset: DeploymentFilterSet, user: Person, everybody: list[Party], measure: str) -> None:
        self.filterset, self.user, self.everybody, self.measure = filterset, user, everybody, measure

    def of(self, parties: list[Party], missions: frozenset[str] | None) -> Measured:
        if self.measure == "deployments":
            return Measured(Range(len(parties), len(parties)), len(parties))
        if self.measure == "named":
            return self.persons(parties, missions)
        return self.head_counts(parties, missions)

    def head_counts(self, parties: list[Party], missions: frozenset[str] | None) -> Measured:
        """The sum over the parties, those that are parts of others aside; a sum of none is no figure."""
        whole = [party for party in parties if not party.is_part]
        added = Sum()
        for party in whole:
            added.add(self.share(party, missions), party.figure, called_off=party.called_off)
        blank = [party for party in whole if not party.figure.known]
        return Measured(
            figure=added.figure if added.parties else UNKNOWN,
            parties=added.parties,
            without_number=added.without_number,
            not_checked=sum(not party.called_off and not party.not_published for party in blank),
            shares_unknown=added.shares_unknown,
            parts_not_added=len(parties) - len(whole),
            called_off=sum(party.called_off for party in blank),
        )

    def share(self, party: Party, missions: frozenset[str] | None) -> Range:
        # A party behind a cell goes through a mission of its column: its only one is all of it.
        if missions is None or len(party.missions) == 1:
            return party.figure
        if self.measure != HeadCount.Kind.DEPLOYED:
            places = {code: persons for code, persons in self.places.get(party.key, {}).items() if code}
            return share_of(party.figure, party.missions, places, missions)
        # Which missions were called off, and so have none of those deployed, all head counts tell together (rule 7).
        reader = self.readers[party.election]
        return reader.share(reader.deployments[party.code], missions)

    @cached_property
    def readers(self) -> dict[str, Reader]:
        divided = {party.election for party in self.everybody if len(party.missions) > 1}
        return readers_of(Election.objects.filter(code__in=divided), self.user, kind=self.measure)

    def persons(self, parties: list[Party], missions: frozenset[str] | None) -> Measured:
        """Distinct persons: at least those named in the missions, at most also those named in no mission."""
        named: set[int] = set()
        perhaps: set[int] = set()
        undecided = 0
        for party in parties:
            places = self.places.get(party.key, {})
            everywhere = set().union(*places.values())
            somewhere = set().union(*(persons for mission, persons in places.items() if mission))
            if missions is None:
                named |= everywhere
            else:
                named |= set().union(*(persons for mission, persons in places.items() if mission in missions))
                unplaced = everywhere - somewhere
                if party.missions <= missions:
                    named |= unplaced
                else:
                    perhaps |= unplaced
                    undecided += bool(unplaced)
        return Measured(Range(len(named), len(named | perhaps)), len(parties), shares_unknown=undecided)

    @cached_property
    def places(self) -> dict[int, dict[str | None, set[int]]]:
        """The persons named in each party, by the code of the mission; None for those named in no mission."""
        places: dict[int, dict[str | None, set[int]]] = {}
        named = Assignment.objects.visible_to(self.user).naming().filter(deployment__in=self.filterset.qs.values("pk"))
        for party, mission, person in named.order_by().values_list("deployment", "mission__code", "observer"):
            places.setdefault(party, {}).setdefault(mission, set()).add(person)
        return places
