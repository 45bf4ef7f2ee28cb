"""What a list of deployments says as a whole, read from the rows that its panel counts: its sum, and its years."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, ExpressionWrapper, Q

from missions.matrix import Cell, Measures, Party, grouped, query_of
from missions.models import Assignment, HeadCount
from missions.reconciliation import Range
from missions.totals import CALLED_OFF

if TYPE_CHECKING:
    from missions.facets import Row, Tally
    from missions.matrix import Measured


class Listed:
    """The rows of a list, added up as the matrix adds them: a party counts with its share in the chosen missions."""

    def __init__(self, tally: Tally) -> None:
        self.tally, self.filterset = tally, tally.filterset
        self.parties = [party_of(row) for row in tally.listed]

    @property
    def announced(self) -> Measured:
        return self.measures.of(self.parties, self.chosen_missions)

    def years(self) -> list[Cell]:
        """In the number of a year each party stands once."""
        by_year = grouped(self.parties, lambda party: [party.election_day.year])
        return [
            Cell(
                None,
                str(year),
                len(parties),
                self.measures.of(parties, self.chosen_missions),
                query_of(self.filterset, {"year": str(year)}),
            )
            for year, parties in sorted(by_year.items())
        ]

    @cached_property
    def measures(self) -> Measures:
        measures = Measures(self.filterset, self.tally.user, self.parties, HeadCount.Kind.ANNOUNCED)
        measures.places = {}
        for party, mission, person, _is_chosen in self.named:
            measures.places.setdefault(party, {}).setdefault(mission, set()).add(person)
        return measures

    @cached_property
    def chosen_missions(self) -> frozenset[str] | None:
        """The missions that the filters choose, of those that these parties go through or in which they have persons
        named; None where they choose none."""
        if self.filterset.missions_chosen() is None:
            return None
        passages = (passage for row in self.tally.listed for passage in self.tally.passages_but_for(row, None))
        named_there = (mission for _party, mission, _person, is_chosen in self.named if is_chosen)
        found = [*(passage.mission for passage in passages), *named_there]
        return frozenset(code for code in found if code)

    @cached_property
    def named(self) -> list[tuple[int, str | None, int, bool]]:
        """The persons named in each party and mission, and whether the filters choose it; read where shares ask."""
        missions = self.filterset.missions_chosen()
        if missions is None or all(len(party.missions) < 2 for party in self.parties):
            return []
        named = Assignment.objects.visible_to(self.tally.user).naming().order_by()
        is_chosen = ExpressionWrapper(Q(mission__in=missions.values("pk")), output_field=BooleanField())
        named = named.filter(deployment__in=self.filterset.qs.order_by().values("pk")).annotate(is_chosen=is_chosen)
        return list(named.values_list("deployment", "mission__code", "observer", "is_chosen"))


def party_of(row: Row) -> Party:
    told: dict[str, Any] = row.values
    return Party(
        key=row.key,
        code=told["code"],
        called_off=told["status"] in CALLED_OFF,
        is_part=told["part_of_open"],
        election=told["election"],
        election_day=told["year"],
        host_country=str(told["host_country"]),
        sender_country=str(told["sender_country"]),
        sender=told["sender"],
        figure=Range(told["announced_low"], told["announced_high"], approximate=bool(told["announced_approximate"])),
        not_published=bool(told["announced_not_published"]),
        missions=frozenset(passage.mission for passage in row.passages),
    )
