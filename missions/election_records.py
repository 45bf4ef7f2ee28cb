"""What a reader may see of an election, as plain rows for the pure functions of `missions.reconciliation`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from missions import reconciliation
from missions.models import Assignment, Channel, Deployment, HeadCount, Mission
from organizations.models import Organization

if TYPE_CHECKING:
    from collections.abc import Callable

    from missions.models import Election
    from organizations.models import RecordQuerySet
    from organizations.policy import Reader

    # A reader's view of the rows of a kind of record.
    Sight = Callable[[Any], Any]


def public_sight(rows: Any) -> Any:
    """What everybody may see."""
    return rows.public()


def members_sight(rows: Any) -> Any:
    """What every member may see: all facts, but of people only those whom a public source names."""
    return rows.public() if rows.model is Assignment else rows


def records_seen_by(user: Reader, elections: list[Election]) -> dict[Election, reconciliation.ElectionRecord]:
    """All that this reader may see of each election, under the names that this reader may see."""
    return election_records(elections, lambda rows: rows.visible_to(user), user)


def election_records(
    elections: list[Election], sight: Sight, reader: Reader | None = None
) -> dict[Election, reconciliation.ElectionRecord]:
    """All that comes into sight of each election, as the pure functions of `reconciliation` take it.

    Names of organizations are those that `reader` may see; without a reader, whose names nobody is shown, all.
    The number of queries is the same for one election and for many.
    """
    counts = counts_by_subject(sight(HeadCount.objects.all().in_elections(elections)))
    people = people_by_place(sight(Assignment.objects.all().in_elections(elections)))
    missions: dict[int, list[reconciliation.ObservationMission]] = {}
    for mission in sight(Mission.objects.all().in_elections(elections)).with_labels(reader).select_related("part_of"):
        missions.setdefault(mission.election_id, []).append(
            reconciliation.ObservationMission(
                code=mission.code,
                name=mission.organizer_name,
                kind=mission.kind,
                status=mission.status,
                part_of=mission.part_of.code if mission.part_of else None,
                counts=counts.get(("mission", mission.pk), ()),
                named=frozenset(people.get(("mission", mission.pk), {}).get(mission.code, ())),
            )
        )
    channels: dict[int, set[str]] = {}
    told = sight(Channel.objects.all().in_elections(elections)).filter(counted=True)
    for deployment, mission_code in told.values_list("deployment_id", "mission__code"):
        channels.setdefault(deployment, set()).add(mission_code)
    parties: dict[int, list[reconciliation.Party]] = {}
    for party in sight(Deployment.objects.all().in_elections(elections)).with_labels(reader).select_related("part_of"):
        named = people.get(("deployment", party.pk), {})
        parties.setdefault(party.election_id, []).append(
            reconciliation.Party(
                code=party.code,
                name=party.sender_name,
                status=party.status,
                part_of=party.part_of.code if party.part_of else None,
                missions=frozenset(channels.get(party.pk, ())),
                sent_by_election_body=bool(party.sender and party.sender.kind == Organization.Kind.ELECTION_BODY),
                counts=counts.get(("deployment", party.pk), ()),
                named={place: frozenset(persons) for place, persons in named.items()},
            )
        )
    return {
        election: reconciliation.ElectionRecord(
            code=election.code,
            name=election.label,
            counts=counts.get(("election", election.pk), ()),
            missions=tuple(missions.get(election.pk, ())),
            deployments=tuple(parties.get(election.pk, ())),
        )
        for election in elections
    }


def people_by_place(places: Any) -> dict[tuple[str, int], dict[str, set[str]]]:
    """The persons named in each mission and deployment, by the code of the mission ('' for none)."""
    found: dict[tuple[str, int], dict[str, set[str]]] = {}
    columns = ("mission_id", "deployment_id", "mission__code", "observer__code")
    for mission, deployment, code, person in places.naming().values_list(*columns):
        for place in (("mission", mission), ("deployment", deployment)):
            if place[1] is not None:
                found.setdefault(place, {}).setdefault(code or "", set()).add(person)
    return found


def counts_by_subject(rows: RecordQuerySet) -> dict[tuple[str, int], tuple[reconciliation.Count, ...]]:
    """Head counts as plain rows, by the kind and key of their subject."""
    found: dict[tuple[str, int], list[reconciliation.Count]] = {}
    for row in rows.select_related("source"):
        subject_type = next(name for name in ("election", "mission", "deployment") if getattr(row, f"{name}_id"))
        found.setdefault((subject_type, getattr(row, f"{subject_type}_id")), []).append(
            reconciliation.Count(
                kind=row.kind,
                group=row.group,
                basis=row.basis,
                value=row.value,
                qualifier=row.qualifier,
                as_of_from=row.as_of_from,
                as_of=row.as_of,
                states=row.states,
                bodies=row.bodies,
                counted=row.counted,
                preferred=row.preferred,
                source=row.source.code,
            )
        )
    return {subject: tuple(counts) for subject, counts in found.items()}
