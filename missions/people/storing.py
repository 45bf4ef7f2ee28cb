"""Storing what a plan shows, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from missions.models import Assignment, RememberedColumn
from missions.resting import RestingReadings
from observers.models import Observer, ObserverName
from organizations.changes import Watched, log_change
from organizations.models import Change
from organizations.models.records import free_code

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from missions.people.plan import Plan, RowPlan
    from organizations.models import Organization, Source, User

BATCH = 500
LONGEST_HEADER = 250


def remembered_columns(owner: Organization | None) -> dict[str, str]:
    """What people of this organization chose for headers before: fields by folded header."""
    return dict(RememberedColumn.objects.filter(owner=owner).values_list("header", "field"))


@transaction.atomic
def store(plan: Plan, *, now: datetime, by: User | None = None, sha256: str = "") -> None:
    """Writes the persons, spellings and places of the plan, logs it, and remembers the columns that were chosen.

    The caller has made sure that `plan.can_be_stored` and that it is what was shown. Nothing is left of it on error.
    `by` is who imports (None: whoever runs the server), `sha256` the hash of the file: its name may tell a person's.
    """
    rows = [row for row in plan.rows if row.person is not None and row.place is not None]
    new = distinct(row.person for row in rows if row.is_new_person)
    known = distinct(row.person for row in rows if row.changes_of_person and not row.is_new_person)
    watched = Watched()
    watched.look_at(Observer, [person.pk for person in known])
    watched.look_at(Assignment, [row.place.pk for row in rows if row.place and row.place.pk and row.changes_of_place])
    for person in new:
        person.names_in_hand = []
        person.keep_search_text()
    Observer.objects.bulk_create(new, batch_size=BATCH)
    Observer.objects.bulk_update(known, ["nationality", "gender", "email", "phone", "languages"], batch_size=BATCH)
    spellings = [row.spelling for row in rows if row.spelling]
    store_spellings(spellings, now=now)
    stamp(Observer, [*new, *known], now=now)
    places = store_places(rows, plan.task.source, now=now)
    resting = RestingReadings()
    resting.look_at(places)
    remember_columns(plan)
    for model, written in ((Observer, new), (ObserverName, spellings), (Assignment, places)):
        watched.made(model, [record.pk for record in written])
    # What is new is said by the file.
    records = watched.changes(values_of_new=False)
    files = [{"name": "", "sha256": sha256}] if sha256 else []
    log_change(by=by, door=Change.Door.SPREADSHEET, at=now, records=records, files=files, resting=resting)


def distinct(records: Iterable[Any]) -> list[Any]:
    """The records, each once; new ones have no key yet by which they could be compared."""
    return list({id(record): record for record in records}.values())


def store_spellings(spellings: list[ObserverName], *, now: datetime) -> None:
    for spelling in spellings:
        spelling.code = spelling.free_code()
    ObserverName.objects.bulk_create(spellings, batch_size=BATCH)
    stamp(ObserverName, spellings, now=now)
    persons = [spelling.observer_id for spelling in spellings]
    for start in range(0, len(persons), BATCH):
        rows = Observer.objects.filter(pk__in=persons[start : start + BATCH])
        rows.prefetch_related("names").rebuild_search_text()


def store_places(rows: list[RowPlan], source: Source | None, *, now: datetime) -> list[Assignment]:
    """Writes new and changed places and what they cite; answers them."""
    places: list[Any] = [row.place for row in rows]
    new = [place for place in places if place.pk is None]
    changed = [row.place for row in rows if row.place and row.changes_of_place]
    taken = codes_taken(new)
    for place in new:
        # The person's key is known only now.
        place.observer_id = place.observer.pk
        place.code = free_code(place.computed_code(), taken)
        taken.add(place.code)
    Assignment.objects.bulk_create(new, batch_size=BATCH)
    columns = [name for name in Assignment.columns if name not in {"observer", "role", "sources"}]
    Assignment.objects.bulk_update(changed, columns, batch_size=BATCH)
    written = [*new, *changed]
    stamp(Assignment, written, now=now)
    through: Any = Assignment.sources.through
    links = [through(assignment=row.place, source=source) for row in rows if row.cites_anew]
    through.objects.bulk_create(links, batch_size=BATCH)
    return written


def codes_taken(places: list[Any]) -> set[str]:
    """The codes of places of these persons: a second party of one mission makes the same code again."""
    persons = list({place.observer.pk for place in places})
    taken: set[str] = set()
    for start in range(0, len(persons), BATCH):
        rows = Assignment.objects.filter(observer__in=persons[start : start + BATCH])
        taken.update(rows.values_list("code", flat=True))
    return taken


def stamp(model: Any, records: Iterable[Any], *, now: datetime) -> None:
    keys = [record.pk for record in records]
    for start in range(0, len(keys), BATCH):
        model.objects.filter(pk__in=keys[start : start + BATCH]).update(modified_at=now)


def remember_columns(plan: Plan) -> None:
    """Keeps what a person chose for a header; what the header says by itself needs no memory."""
    owner = plan.task.owner
    for column in plan.layout.columns:
        if column.was_chosen and 0 < len(column.key) <= LONGEST_HEADER:
            RememberedColumn.objects.update_or_create(
                owner=owner, header=column.key, defaults={"field": column.field.value}
            )
