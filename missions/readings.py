"""Stored readings: how head counts read, kept for lists, rebuilt in the transaction that writes.

The figures are computed by `missions.reconciliation` alone; this module only carries rows to it and results back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from missions import reconciliation
from missions.models import Assignment, Channel, Deployment, Election, HeadCount, Invitation, Mission, Reading
from organizations.models import Organization, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from organizations.models import RecordQuerySet
    from organizations.models.records import Reader

    Sight = Callable[[RecordQuerySet], RecordQuerySet]

# The kinds whose readings lists show, sort and filter by.
READ_KINDS = (HeadCount.Kind.ANNOUNCED, HeadCount.Kind.ACCREDITED, HeadCount.Kind.DEPLOYED)


def public_sight(rows: RecordQuerySet) -> RecordQuerySet:
    """What everybody may see."""
    return rows.public()


def members_sight(rows: RecordQuerySet) -> RecordQuerySet:
    """What every member may see: all facts, but of people only those whom a public source names."""
    return rows.public() if rows.model is Assignment else rows


def sight_of(user: Reader) -> Sight:
    """What this reader may see."""
    return lambda rows: rows.visible_to(user)


AUDIENCES: dict[str, Sight] = {Reading.Audience.PUBLIC: public_sight, Reading.Audience.MEMBERS: members_sight}


def audience_of(user: Reader) -> str:
    """Which stored readings this reader is shown."""
    return Reading.Audience.MEMBERS if user.is_authenticated and user.is_active else Reading.Audience.PUBLIC


def rebuild_readings(elections: Iterable[Election]) -> None:
    """Computes the readings of these elections, of their missions and of their deployments anew, for each audience."""
    with transaction.atomic():
        for election in elections:
            of_election = Q(election=election) | Q(mission__election=election) | Q(deployment__election=election)
            Reading.objects.filter(of_election).delete()
            Reading.objects.bulk_create(readings_of(election), batch_size=500)


def readings_of(election: Election) -> list[Reading]:
    """The readings of one election as they should be stored now."""
    readings = []
    for audience, sight in AUDIENCES.items():
        record = election_record(election, sight)
        for subject_type, subjects in subjects_seen(election, sight).items():
            for subject in subjects:
                for kind in READ_KINDS:
                    read = reconciliation.reconcile(record, f"{subject_type}s/{subject.code}", kind=kind)
                    figures = {"value": read.value, "low": read.low, "high": read.high, "agreement": read.agreement}
                    readings.append(Reading(**{subject_type: subject}, kind=kind, audience=audience, **figures))
    return readings


def subjects_seen(election: Election, sight: Sight) -> dict[str, list[Any]]:
    return {
        "election": [election],
        "mission": list(sight(Mission.objects.filter(election=election))),
        "deployment": list(sight(Deployment.objects.filter(election=election))),
    }


def election_record(election: Election, sight: Sight) -> reconciliation.ElectionRecord:
    """All that a reader may see of one election, as the pure functions of `reconciliation` take it."""
    missions = sight(Mission.objects.filter(election=election)).select_related("organizer", "part_of")
    deployments = sight(Deployment.objects.filter(election=election)).select_related("sender", "part_of")
    counts = counts_by_subject(sight(HeadCount.objects.all().of_election([election.pk])))
    channels: dict[int, set[str]] = {}
    for deployment, mission in sight(Channel.objects.filter(deployment__election=election, counted=True)).values_list(
        "deployment_id", "mission__code"
    ):
        channels.setdefault(deployment, set()).add(mission)
    in_mission: dict[str, set[str]] = {}
    in_party: dict[int, dict[str, set[str]]] = {}
    places = Q(mission__election=election) | Q(deployment__election=election)
    for deployment, mission, person in sight(Assignment.objects.filter(places).naming()).values_list(
        "deployment_id", "mission__code", "observer__code"
    ):
        in_mission.setdefault(mission, set()).add(person)
        in_party.setdefault(deployment, {}).setdefault(mission or "", set()).add(person)
    return reconciliation.ElectionRecord(
        code=election.code,
        name=election.label,
        counts=counts.get(("election", election.pk), ()),
        missions=tuple(
            reconciliation.ObservationMission(
                code=mission.code,
                name=mission.organizer_name,
                kind=mission.kind,
                status=mission.status,
                part_of=mission.part_of.code if mission.part_of else None,
                counts=counts.get(("mission", mission.pk), ()),
                named=frozenset(in_mission.get(mission.code, ())),
            )
            for mission in missions.prefetch_related("organizer__names")
        ),
        deployments=tuple(
            reconciliation.Party(
                code=party.code,
                name=party.sender_name,
                status=party.status,
                part_of=party.part_of.code if party.part_of else None,
                missions=frozenset(channels.get(party.pk, ())),
                sent_by_election_body=bool(party.sender and party.sender.kind == Organization.Kind.ELECTION_BODY),
                counts=counts.get(("deployment", party.pk), ()),
                named={place: frozenset(people) for place, people in in_party.get(party.pk, {}).items()},
            )
            for party in deployments.prefetch_related("sender__names")
        ),
    )


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
    sources, senders = [], []
    for record in records:
        if isinstance(record, Election):
            elections.add(record)
        elif isinstance(record, Mission | Deployment | Invitation):
            elections.add(record.election)
        elif isinstance(record, Channel):
            elections.add(record.deployment.election)
        elif isinstance(record, HeadCount):
            elections.add(record.election or (record.mission or record.deployment).election)  # type: ignore[union-attr]
        elif isinstance(record, Assignment) and record.election:
            elections.add(record.election)
        elif isinstance(record, Source):
            sources.append(record)
        elif isinstance(record, Organization):
            senders.append(record)
    resting = [Q(deployments__sender__in=senders)] if senders else []
    if sources:
        resting += [
            Q(head_counts__source__in=sources),
            *(Q(**{f"{subject}__head_counts__source__in": sources}) for subject in ("missions", "deployments")),
            *(Q(**{f"{subject}__sources__in": sources}) for subject in ("missions", "deployments")),
            Q(deployments__channels__source__in=sources),
            Q(missions__assignments__sources__in=sources),
        ]
    for rule in resting:
        elections.update(Election.objects.filter(rule))
    return elections
