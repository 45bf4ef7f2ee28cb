"""Stored readings: how head counts read, kept for lists, rebuilt in the transaction that writes.

The figures are computed by `missions.reconciliation` alone, from the rows that `missions.election_records` brings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from missions import reconciliation
from missions.election_records import election_records, members_sight, public_sight
from missions.models import Assignment, Channel, Deployment, Election, HeadCount, Mission, Reading
from missions.models.figures import SUBJECTS
from observers.models import Observer
from organizations.models import Organization, Source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from missions.election_records import Sight

    # Keys of elections, missions and deployments.
    Subjects = dict[type[Any], set[int]]
    # Of whom a reading tells: the name and the key of the subject, the kind, the audience.
    Told = tuple[str, int, str, str]
    # What readings say, in the order of FIGURES.
    Figures = dict[Told, tuple[object, ...]]
    # Of subjects, by their kind and code: columns of their rows, by audience.
    Columns = dict[tuple[type[Any], str], dict[str, set[str]]]

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
FIGURES = ("value", "low", "high", "approximate", "derived", "not_published", "agreement")
# Those that rows show, by the ending of their column: `announced`, `announced_low` …
ENDINGS = {
    "": "value",
    "_low": "low",
    "_high": "high",
    "_agreement": "agreement",
    "_approximate": "approximate",
    "_derived": "derived",
}
NOTHING = (None,) * len(FIGURES)
AUDIENCES: dict[str, Sight] = {Reading.Audience.PUBLIC: public_sight, Reading.Audience.MEMBERS: members_sight}


def rebuild_readings(elections: Iterable[Election]) -> Columns:
    """Computes the readings of these elections, of their missions and of their deployments anew, for each audience.

    Answers which columns read otherwise now. `RestingReadings`, by which every door goes, has the feed tell of them.
    """
    elections = list(elections)
    of_elections = (
        Q(election__in=elections) | Q(mission__election__in=elections) | Q(deployment__election__in=elections)
    )
    with transaction.atomic():
        before = by_subject(Reading.objects.filter(of_elections))
        Reading.objects.filter(of_elections).delete()
        readings = readings_of(elections)
        Reading.objects.bulk_create(readings, batch_size=500)
        return differing_columns(elections, before, by_subject(readings))


def by_subject(readings: Iterable[Reading]) -> Figures:
    """What each reading says, by its subject, its kind and its audience."""
    found: Figures = {}
    for reading in readings:
        subject, key = next((name, key) for name in SUBJECTS if (key := getattr(reading, f"{name}_id")))
        figures = tuple(getattr(reading, name) for name in FIGURES)
        found[subject, key, str(reading.kind), str(reading.audience)] = figures
    return found


def differing_columns(elections: list[Election], before: Figures, after: Figures) -> Columns:
    """The columns that read otherwise. Without a reading a row says nothing in them."""
    by_key: dict[tuple[str, int], dict[str, set[str]]] = {}
    for told in {**before, **after}:
        subject, key, kind, audience = told
        said = zip(FIGURES, before.get(told, NOTHING), after.get(told, NOTHING), strict=True)
        changed = {figure for figure, was, now in said if was != now}
        columns = {f"{kind}{ending}" for ending, figure in ENDINGS.items() if figure in changed}
        if columns:
            by_key.setdefault((subject, key), {}).setdefault(audience, set()).update(columns)
    if not by_key:
        return {}
    kinds: tuple[tuple[str, Any], ...] = (("mission", Mission), ("deployment", Deployment))
    codes = {("election", election.pk): (Election, election.code) for election in elections}
    for subject, model in kinds:
        rows = model.objects.all().in_elections(elections).values_list("pk", "code")
        codes |= {(subject, key): (model, code) for key, code in rows}
    # A subject that is gone has no row.
    return {codes[subject]: columns for subject, columns in by_key.items() if subject in codes}


def mark_changed(records: Iterable[Any], *, now: datetime) -> None:
    """Elections, missions and deployments change with the public counts, channels and places that hang on them.

    Whoever asks for what has changed since a moment is then told of a row whose figures have. Of what visitors may not
    see not even the moment of a change is told.
    """
    mark_subjects(subjects_of(records), now=now)


def mark_subjects(subjects: Subjects, *, now: datetime) -> None:
    for model, keys in subjects.items():
        if keys:
            model.objects.filter(pk__in=keys).update(modified_at=now)


def subjects_of(records: Iterable[Any]) -> Subjects:
    """The keys of the elections, missions and deployments on which public ones among these records hang."""
    changed: Subjects = {Election: set(), Mission: set(), Deployment: set()}
    hanging = [record for record in records if isinstance(record, HeadCount | Channel | Assignment)]
    places = [record.pk for record in hanging if isinstance(record, Assignment)]
    public_places = set(Assignment.objects.public().filter(pk__in=places).values_list("pk", flat=True))
    for record in hanging:
        if record.pk in public_places if isinstance(record, Assignment) else record.source.public:
            for model, name in ((Election, "election_id"), (Mission, "mission_id"), (Deployment, "deployment_id")):
                changed[model].update(filter(None, [getattr(record, name, None)]))
    return changed


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
