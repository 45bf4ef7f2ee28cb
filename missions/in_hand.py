"""What the page of a list reads once and puts to every use: organizations, elections, and the missions that parties
go through.

The filters find their codes in it, the panel its choices, the rows the names of their organizations, so that none of
them asks the database again and the number of queries does not grow with what is asked of the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from missions.models import Channel, Election, Mission
from organizations.models import Organization

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from organizations.policy import Reader


# What is told of a mission where it is not the subject: what it is called, and when it was on site.
COLUMNS_OF_MISSIONS = ("id", "code", "name", "kind", "organizer_id", "election_id", "starts_on", "ends_on")


@dataclass(frozen=True, slots=True)
class Passage:
    """A mission that a party goes through. `kind` is blank where the reader does not see the mission."""

    mission: str
    kind: str
    organizers: frozenset[str]
    is_open: bool


class InHand:
    """What one reader sees, each kind of record read where it is first asked for."""

    def __init__(self, user: Reader) -> None:
        self.user = user

    def find(self, model: Any, codes: Collection[str]) -> dict[str, Any]:
        """Those of a kind of record that have these codes; of a kind that is not read here none."""
        if model is Mission:
            return self.missions_called(codes)
        kinds = {Organization: "organizations", Election: "elections"}
        rows = getattr(self, kinds[model]).values() if model in kinds else ()
        return {row.code: row for row in rows if row.code in codes}

    @cached_property
    def organizations(self) -> dict[int, Organization]:
        """All of them, with the names that the reader may see, and each knowing those below it."""
        found = {each.pk: each for each in Organization.objects.with_names(self.user)}
        keys = {each.code: each.pk for each in found.values()}
        below: dict[int, set[int]] = {pk: set() for pk in found}
        for pk, codes in those_above({pk: (each.code, each.parent_id) for pk, each in found.items()}).items():
            for code in codes:
                below[keys[code]].add(pk)
        for pk, organization in found.items():
            organization.below_in_hand = frozenset(below[pk])
        return found

    def completed(self, parties: Iterable[Any]) -> list[Any]:
        """These parties with what their senders are called, and with the missions that they go through."""
        found = list(parties)
        for party in found:
            if party.sender_id:
                party.sender = self.organizations[party.sender_id]
            party.channels_seen = self.channels.get(party.pk, [])
        return found

    @cached_property
    def above(self) -> dict[int, set[str]]:
        return those_above({pk: (each.code, each.parent_id) for pk, each in self.organizations.items()})

    @cached_property
    def elections(self) -> dict[int, Election]:
        """All of them, from the latest."""
        return {each.pk: each for each in Election.objects.order_by("-election_day", "code")}

    @cached_property
    def missions(self) -> dict[str, Mission]:
        """The missions that somebody goes through, as far as the reader may open them."""
        told = (channel for through in self.channels.values() for channel in through)
        return {channel.mission.code: channel.mission for channel in told if channel.mission_open}

    def missions_called(self, codes: Collection[str]) -> dict[str, Mission]:
        found = {code: self.missions[code] for code in codes if code in self.missions}
        others = [code for code in codes if code not in found]
        rows = Mission.objects.visible_to(self.user).filter(code__in=others) if others else []
        return found | {mission.code: self.named(mission) for mission in rows}

    def named(self, mission: Mission) -> Mission:
        """A mission with what its name is made of."""
        mission.organizer = self.organizations[mission.organizer_id]
        mission.election = self.elections[mission.election_id]
        return mission

    @cached_property
    def passages(self) -> dict[int, list[Passage]]:
        """The missions that each party goes through, as far as the reader sees."""
        return {party: [self.passage(channel) for channel in through] for party, through in self.channels.items()}

    def passage(self, channel: Any) -> Passage:
        # Who organizes a hidden mission stands in every public row that names it; its kind does not.
        kind = channel.mission.kind if channel.mission_open else ""
        organizers = frozenset(self.above[channel.mission.organizer_id])
        return Passage(channel.mission.code, kind, organizers, channel.mission_open)

    @cached_property
    def channels(self) -> dict[int, list[Any]]:
        """Of each party one channel to each mission, whichever sources tell it, and whether the reader may open it."""
        seen = Mission.objects.visible_to(self.user).filter(pk=OuterRef("mission"))
        told = Channel.objects.visible_to(self.user).counted().order_by().annotate(is_open=Exists(seen))
        paths = [f"mission__{column}" for column in COLUMNS_OF_MISSIONS]
        found: dict[int, list[Any]] = {}
        for party, is_open, *values in told.values_list("deployment", "is_open", *paths).distinct():
            mission = self.named(Mission(**dict(zip(COLUMNS_OF_MISSIONS, values, strict=True))))
            channel: Any = Channel(deployment_id=party, mission=mission)
            channel.mission_open = is_open
            found.setdefault(party, []).append(channel)
        return found


def organizations_and_those_above() -> dict[int, set[str]]:
    """The codes of each organization, its parent, the parent of that …, by the organization's key."""
    columns = Organization.objects.values_list("pk", "code", "parent_id")
    return those_above({pk: (code, parent) for pk, code, parent in columns})


def those_above(organizations: Mapping[int, tuple[str, int | None]]) -> dict[int, set[str]]:
    above: dict[int, set[str]] = {}
    for organization in organizations:
        codes: set[str] = above.setdefault(organization, set())
        at: int | None = organization
        while at is not None and organizations[at][0] not in codes:
            code, parent = organizations[at]
            codes.add(code)
            at = parent
    return above
