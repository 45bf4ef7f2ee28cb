"""Stored readings: how head counts read, kept for lists, rebuilt in the transaction that writes.

The figures are computed by `missions.reconciliation` alone; this module only carries rows to it and results back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from missions import reconciliation
from missions.models import Assignment, Channel, Deployment, Election, HeadCount, Mission, Reading
from observers.models import Observer
from organizations.models import Organization, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from organizations.models import RecordQuerySet
    from organizations.models.records import Reader

    # A reader's view of the rows of a kind of record.
    Sight = Callable[[Any], Any]

# From an election to the sources that decide what of its figures is public.
PATHS_TO_SOURCES = (
    "head_counts__source",
    "missions__head_counts__source",
    "deployments__head_counts__source",
    "deployments__channels__source",
    "missions__sources",
    "deployments__sources",
    "missions__assignments__sources",
    "deployments__assignments__sources",
)
# The kinds whose readings lists show, sort and filter by.
READ_KINDS = (HeadCount.Kind.ANNOUNCED, HeadCount.Kind.ACCREDITED, HeadCount.Kind.DEPLOYED)


def public_sight(rows: Any) -> Any:
    """What everybody may see."""
    return rows.public()


def members_sight(rows: Any) -> Any:
    """What every member may see: all facts, but of people only those whom a public source names."""
    return rows.public() if rows.model is Assignment else rows


def sight_of(user: Reader) -> Sight:
    """What this reader may see."""
    return lambda rows: rows.visible_to(user)


AUDIENCES: dict[str, Sight] = {Reading.Audience.PUBLIC: public_sight, Reading.Audience.MEMBERS: members_sight}


def rebuild_readings(elections: Iterable[Election]) -> None:
    """Computes the readings of these elections, of their missions and of their deployments anew, for each audience."""
    elections = list(elections)
    of_elections = (
        Q(election__in=elections) | Q(mission__election__in=elections) | Q(deployment__election__in=elections)
    )
    with transaction.atomic():
        Reading.objects.filter(of_elections).delete()
        Reading.objects.bulk_create(readings_of(elections), batch_size=500)


def mark_changed(records: Iterable[Any], *, now: datetime) -> None:
    """Elections, missions and deployments change with the counts, channels and places that hang on them.

    Whoever asks for what has changed since a moment is then told of a row whose figures have.
    """
    changed: dict[type[Any], set[int]] = {Election: set(), Mission: set(), Deployment: set()}
    for record in records:
        if isinstance(record, HeadCount | Channel | Assignment):
            for model, name in ((Election, "election_id"), (Mission, "mission_id"), (Deployment, "deployment_id")):
                changed[model].update(filter(None, [getattr(record, name, None)]))
    for model, keys in changed.items():
        if keys:
            model.objects.filter(pk__in=keys).update(modified_at=now)


def readings_of(elections: list[Election]) -> list[Reading]:
    """The readings of these elections as they should be stored now."""
    missions: dict[str, int] = dict(Mission.objects.all().in_elections(elections).values_list("code", "pk"))
    parties: dict[str, int] = dict(Deployment.objects.all().in_elections(elections).values_list("code", "pk"))
    readings = []
    for audience, sight in AUDIENCES.items():
        for election, record in election_records(elections, sight).items():
            subjects = [
                ("election", election.code, election.pk),
                *(("mission", mission.code, missions[mission.code]) for mission in record.missions),
                *(("deployment", party.code, parties[party.code]) for party in record.deployments),
            ]
            for kind in READ_KINDS:
                reader = reconciliation.Reader(record, kind=kind, on=None)
                for subject_type, code, key in subjects:
                    read = reader.answer(f"{subject_type}s/{code}", reconciliation.ALL)
                    reading = stored(read)
                    reading.kind, reading.audience = kind, audience
                    setattr(reading, f"{subject_type}_id", key)
                    readings.append(reading)
    return readings


def stored(read: reconciliation.Reconciliation) -> Reading:
    """What is kept of a reading; its subject, kind and audience are still to be filled in."""
    totals = [total for step in read.ladder for total in step.totals]
    return Reading(
        value=read.value,
        low=read.low,
        high=read.high,
        approximate=read.approximate,
        derived=read.derived,
        not_published=any(total.qualifier == HeadCount.Qualifier.NOT_PUBLISHED for total in totals),
        agreement=read.agreement,
    )


def election_records(elections: list[Election], sight: Sight) -> dict[Election, reconciliation.ElectionRecord]:
    """All that a reader may see of each election, as the pure functions of `reconciliation` take it.

    The number of queries is the same for one election and for many.
    """
    counts = counts_by_subject(sight(HeadCount.objects.all().in_elections(elections)))
    people = people_by_place(sight(Assignment.objects.all().in_elections(elections)))
    missions: dict[int, list[reconciliation.ObservationMission]] = {}
    for mission in sight(Mission.objects.all().in_elections(elections)).with_labels().select_related("part_of"):
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
    for party in sight(Deployment.objects.all().in_elections(elections)).with_labels().select_related("part_of"):
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


def elections_of(records: Iterable[Any]) -> set[Election]:
    """The elections whose readings rest on these records."""
    elections: set[Election] = set()
    sources, senders, people = [], [], []
    for record in records:
        match record:
            case Election():
                elections.add(record)
            case Channel():
                elections.add(record.deployment.election)
            case HeadCount():
                of_part = record.mission or record.deployment
                elections.update(filter(None, [of_part.election if of_part else record.election]))
            case Mission() | Deployment() | Assignment():
                elections.update(filter(None, [record.election]))
            case Source():
                sources.append(record)
            case Organization():
                senders.append(record)
            case Observer():
                people.append(record)
    resting = [Q(deployments__sender__in=senders)] if senders else []
    resting += [Q(**{f"{path}__in": sources}) for path in PATHS_TO_SOURCES] if sources else []
    places = ("missions__assignments__observer", "deployments__assignments__observer")
    resting += [Q(**{f"{path}__in": people}) for path in places] if people else []
    for rule in resting:
        elections.update(Election.objects.filter(rule))
    return elections
