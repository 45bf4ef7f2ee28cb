"""The answer to one question: who was sent, where, through whom, how many at least and at most, and who says so.

Every number is read as in the list and the matrix of deployments (docs/method.md, rule 6): a party through several
missions stands once, and in the missions of one organizer it counts with its share.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.spoken import joined
from missions import lists
from missions.election_records import records_seen_by
from missions.figure_sources import sources_of_reading
from missions.matrix import Cell, Layout, MatrixFilterSet, Measures, OneOf, grouped, parties_of, query_of
from missions.models import Election, Mission
from missions.models.deployments import Share
from missions.readings import READ_KINDS
from missions.reconciliation import ALL, Reader
from missions.totals import invitations_declined
from organizations.countries import country_name
from organizations.models import Organization, Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from missions.ladder import Range
    from missions.matrix import Measured
    from missions.matrix import Party as Place
    from missions.models import Deployment
    from organizations.policy import Reader as Person

BY = {
    "election": gettext_lazy("Election"),
    "sender": gettext_lazy("Sender"),
    "organizer": gettext_lazy("Organizer"),
    "year": gettext_lazy("Year"),
}
NOT_ASKED: Any = None


class AnswerFilterSet(MatrixFilterSet):
    """What can be asked of deployments and of declined invitations alike, and how the answer is divided."""

    other_parameters = frozenset()

    q = modified_after = sender_kind = status = share = agreement = channels_agree = named = NOT_ASKED
    source = sourced = NOT_ASKED
    rows = columns = measure = NOT_ASKED
    by = OneOf(choices=list(BY.items()), label=gettext_lazy("Divided by"))

    @property
    def layout(self) -> dict[str, str]:
        return {"rows": "sender", "columns": "organizer", "measure": READ_KINDS[0]}

    @property
    def divided_by(self) -> str:
        return self.form.cleaned_data["by"] or next(iter(BY))

    @property
    def is_question(self) -> bool:
        """Whether anything is asked: all deployments of all states answer no question."""
        return any(value for name, value in self.form.cleaned_data.items() if name != "by")


@dataclass(frozen=True, slots=True)
class Through:
    """A mission that sources name for a party."""

    mission: Mission
    is_open: bool
    share: Range | None
    sources: list[Source]


@dataclass(frozen=True, slots=True)
class Answered:
    """A party: through whom it went, and who says so.

    `figures_cited`: who gives its numbers, by kind, and who names its persons, by "named". `shares`: what the missions
    asked for had of it, by kind, where that is not all. `other_sources`: those that it cites besides.
    """

    record: Deployment
    row: dict[str, Any]
    through: list[Through]
    figures_cited: dict[str, list[Source]]
    shares: dict[str, Range]
    other_sources: list[Source]


@dataclass(frozen=True, slots=True)
class Group:
    """Parties told together, with what is counted of them by kind.

    `query`: the query string of the list of exactly these parties; None where no list holds them and no others.
    `full_name`: of an organization that is called by its short name.
    """

    name: str
    parties: list[Place]
    measured: dict[str, Measured]
    query: str | None
    full_name: str = ""

    def cell(self, kind: str) -> Cell:
        return Cell(None, None, len(self.parties), self.measured[kind], self.query or "")


class Answer:
    """What this reader may be answered."""

    def __init__(self, filterset: AnswerFilterSet, user: Person) -> None:
        self.filterset, self.user = filterset, user
        self.layout = Layout(filterset, user)
        places: dict[str, list[Place]] = {kind: parties_of(filterset, user, kind) for kind in READ_KINDS}
        self.measures: dict[str, Measures] = {
            kind: Measures(filterset, user, found, kind) for kind, found in places.items()
        }
        self.measures["named"] = Measures(filterset, user, places[READ_KINDS[0]], "named")
        self.places = {kind: {place.code: place for place in found} for kind, found in places.items()}
        self.parties = sorted(places[READ_KINDS[0]], key=lambda place: (place.election_day, place.code))

    @cached_property
    def total(self) -> Group:
        return self.group(_("All"), self.parties, {}, self.parties, self.layout.chosen_missions)

    def groups(self) -> list[Group]:
        """The parties as the question divides them, each party in one group alone."""
        together = grouped(self.parties, lambda place: [self.key_of(place)])
        missions = self.layout.chosen_missions
        found = [
            self.group(self.name_of(key, places), places, *self.list_behind(key), missions)
            for key, places in together.items()
        ]
        if self.filterset.divided_by in {"sender", "organizer"}:
            found.sort(key=lambda group: group.name.casefold())
        return found

    def through_whom(self) -> list[Group]:
        """What went through the missions of each organizer; one party may go through those of several."""
        behind = grouped(self.parties, self.layout.columns_of)
        full_names = self.layout.names_of_organizations(behind, Organization.name_on)
        found = [
            replace(
                self.group(
                    column.name,
                    behind[column.code],
                    {"organizer": column.code},
                    behind[column.code],
                    self.layout.missions_of(column.code),
                ),
                full_name=full_names[column.code] if full_names[column.code] != column.name else "",
            )
            for column in self.layout.column_headings(behind)
        ]
        direct = [place for place in self.parties if not place.missions]
        bilateral = {"share": Share.BILATERAL.value}
        return [*found, *([self.group(_("No mission named"), direct, bilateral, direct, None)] if direct else [])]

    def group(
        self,
        name: str,
        places: list[Place],
        chosen: dict[str, str] | None,
        listed: list[Place],
        missions: frozenset[str] | None,
    ) -> Group:
        """`chosen`: what the list of these parties is asked besides; `listed`: what it then holds."""
        measured = {
            kind: measures.of(
                [self.places.get(kind, self.places[READ_KINDS[0]])[each.code] for each in places], missions
            )
            for kind, measures in self.measures.items()
        }
        is_listed = chosen is not None and listed == places
        return Group(name, places, measured, query_of(self.filterset, chosen or {}) if is_listed else None)

    # -- how the parties are divided

    def key_of(self, place: Place) -> Any:
        match self.filterset.divided_by:
            case "year":
                return place.election_day.year
            case "sender":
                return place.sender or place.sender_country
            case "organizer":
                return frozenset(self.organizers[mission] for mission in place.missions)
            case _:
                return place.election

    def name_of(self, key: Any, places: list[Place]) -> str:
        match self.filterset.divided_by:
            case "year":
                return str(key)
            case "sender":
                return self.sender_names[key] if isinstance(key, int) else country_name(key)
            case "organizer":
                return joined(", ", sorted(self.organizer_names[each] for each in key)) or _("No mission named")
            case _:
                return self.elections[key].label

    def list_behind(self, key: Any) -> tuple[dict[str, str] | None, list[Place]]:
        """What the list is asked besides to hold a group, and what it then holds; None where it cannot be asked so."""
        match self.filterset.divided_by:
            case "year":
                return {"year": str(key)}, [place for place in self.parties if place.election_day.year == key]
            case "election":
                return {"election": key}, [place for place in self.parties if place.election == key]
            case "sender" if isinstance(key, int):
                code = self.sender_codes[key]
                return {"sender": code}, [place for place in self.parties if code in self.layout.rows_of(place)]
            case "organizer" if len(key) == 1:
                (code,) = key
                return {"organizer": code}, [place for place in self.parties if code in self.layout.columns_of(place)]
            case "organizer" if not key:
                return {"share": Share.BILATERAL.value}, [place for place in self.parties if not place.missions]
            case _:
                return None, []

    @cached_property
    def organizers(self) -> dict[str, str]:
        """The organizer of each mission through which a party goes."""
        codes = {mission for place in self.parties for mission in place.missions}
        return dict(Mission.objects.filter(code__in=codes).values_list("code", "organizer__code"))

    @cached_property
    def organizer_names(self) -> dict[str, str]:
        behind = grouped(self.parties, lambda place: {self.organizers[mission] for mission in place.missions})
        return self.layout.names_of_organizations(behind, Organization.short_name_on)

    @cached_property
    def sender_codes(self) -> dict[int, str]:
        senders = {place.sender for place in self.parties if place.sender}
        return dict(Organization.objects.filter(pk__in=senders).values_list("pk", "code"))

    @cached_property
    def sender_names(self) -> dict[int, str]:
        behind = grouped(self.parties, lambda place: [self.sender_codes[place.sender]] if place.sender else [])
        names = self.layout.names_of_organizations(behind, Organization.name_on)
        return {key: names[code] for key, code in self.sender_codes.items()}

    @cached_property
    def elections(self) -> dict[str, Election]:
        found = Election.objects.filter(code__in={place.election for place in self.parties})
        return {election.code: election for election in found}

    # -- who says so

    def answered(self, resource: Any, request: Any) -> dict[str, Answered]:
        """Each party with its sources, by its code; `resource` gives it the row that it has in the lists."""
        records = list(self.filterset.qs)
        serializer = resource.serializer_class(context={"request": request})
        channels: dict[int, list[Any]] = {}
        told = lists.channel_rows(self.user).counted().filter(deployment__in=records)
        for channel in told.order_by("mission__code", "source__code"):
            channels.setdefault(channel.deployment_id, []).append(channel)
        naming: dict[int, list[Source]] = {}
        for place in lists.assignment_rows(self.user).naming().filter(deployment__in=records).order_by("code"):
            naming.setdefault(place.deployment_id, []).extend(place.sources.all())
        readers = self.readers()
        codes = {record.code: self.codes_of_sources(record, readers[record.election.code]) for record in records}
        wanted = {code for by_kind in codes.values() for each in by_kind.values() for code in each}
        sources = {source.code: source for source in Source.objects.visible_to(self.user).filter(code__in=wanted)}
        found = {}
        for record in records:
            through = self.missions_told(
                record, channels.get(record.pk, []), readers[record.election.code]["announced"]
            )
            figures_cited = {
                kind: [sources[code] for code in sorted(each)] for kind, each in codes[record.code].items()
            }
            figures_cited["named"] = unique(naming.get(record.pk, []))
            told_by = [*(each.sources for each in through), *figures_cited.values()]
            cited = {source for sources_told in told_by for source in sources_told}
            found[record.code] = Answered(
                record=record,
                row=serializer.to_representation(record),
                through=through,
                figures_cited=figures_cited,
                shares=self.shares_of(record.code),
                other_sources=[source for source in record.sources.all() if source not in cited],
            )
        return found

    def readers(self) -> dict[str, dict[str, Reader]]:
        """What reads the head counts of each election, by its code and by kind."""
        records = records_seen_by(self.user, list(self.elections.values())).values()
        return {record.code: {kind: Reader(record, kind=kind, on=None) for kind in READ_KINDS} for record in records}

    def codes_of_sources(self, record: Any, readers: dict[str, Reader]) -> dict[str, set[str]]:
        """The sources of each number of a party, by kind."""
        return {
            kind: sources_of_reading(reader, reader.deployments[record.code], ALL) for kind, reader in readers.items()
        }

    def missions_told(self, record: Any, channels: list[Any], reader: Reader) -> list[Through]:
        party = reader.deployments[record.code]
        told: dict[Mission, list[Any]] = {}
        for channel in channels:
            told.setdefault(channel.mission, []).append(channel)
        is_split = len(told) > 1 and reader.reading(party, ALL).figure.known
        return [
            Through(
                mission=mission,
                is_open=said_by[0].mission_open,
                share=reader.share(party, frozenset([mission.code])) if is_split else None,
                sources=unique(channel.source for channel in said_by),
            )
            for mission, said_by in told.items()
        ]

    def shares_of(self, code: str) -> dict[str, Range]:
        missions = self.layout.chosen_missions
        if missions is None:
            return {}
        places = {kind: self.places[kind][code] for kind in READ_KINDS}
        shares = {kind: self.measures[kind].share(place, missions) for kind, place in places.items()}
        return {kind: share for kind, share in shares.items() if share.known and share != places[kind].figure}

    def declined(self) -> Any:
        """The invitations that the senders of the question declined; None where it names no sender."""
        asked = invitations_declined(self.filterset, lists.invitation_rows(self.user))
        return asked.qs.order_by("election__election_day", "code") if asked else None


def unique(sources: Iterable[Source]) -> list[Source]:
    return list(dict.fromkeys(sources))
