"""All that is held of one person, as JSON can hold it: the answer to that person's question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from missions.held import Held
from observers.models import Merge, Observer
from organizations.changes import RecordChange, as_json, log_change
from organizations.models import Change, ChangedRecord, Source

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Model

    from organizations.models import Record, User


def person_with_code(code: str) -> Observer | None:
    """The person who has this code, or into whom the person with this code was merged."""
    found = Observer.objects.filter(code=code).first()
    if found is None:
        merge = Merge.objects.standing().filter(merged_code=code).select_related("kept").first()
        found = merge.kept if merge else None
    return found


def everything_held(person: Observer, *, asked: str) -> dict[str, Any]:
    """Every row that tells of the person, whole. `asked` is the code that was asked for: maybe one merged into it."""
    held = Held(person)
    merge = next((merge for merge in held.merges if merge.merged_code == asked and merge.undone_at is None), None)
    return {
        "asked": asked,
        "answer": str(merge.answer()) if merge else "",
        "observer": row_of(person),
        "observer_names": [row_of(name) for name in held.names],
        "assignments": [
            {**row_of(place), "mission_name": in_words(place.mission), "deployment_name": in_words(place.deployment)}
            for place in held.places
        ],
        "statements": [row_of(statement) for statement in held.statements],
        "sources": [{"code": source.code, "title": source.title, "url": source.url} for source in sources_cited(held)],
        "merges": [row_of(merge) for merge in held.merges],
        "erasures": [row_of(erasure) for erasure in person.erasures.order_by("pk")],
        "log_of_changes": log_of(held),
        "spreadsheets_of_people": [
            {"sent_by": named(file.user), "sent_at": as_json(file.sent_at), "imported_at": as_json(file.imported_at)}
            for file in held.people_files()
        ],
        "copies_of_sources": [{"source": copy.source.code, "sha256": copy.sha256} for copy in held.copies()],
        "releases": [release.number for release in held.releases()],
        "saved_lists": [
            {"saved_by": named(view.user), "name": view.name, "query": view.query} for view in held.saved_views()
        ],
        "sessions_of_users": len(held.sessions()),
        "free_texts_about_other_things": [
            {"record": f"{text.record.resource()}/{text.record.code}", "column": text.column} for text in held.texts()
        ],
        "free_texts_in_the_log": [
            {"record": record, "column": column}
            for record, column in dict.fromkeys(
                (f"{value.record.resource}/{value.record.code}", value.column) for value in held.logged_texts
            )
        ],
        "acts_in_the_log_about_other_things": held.acts_with_the_name(),
    }


def log_handing_over(person: Observer, *, by: Any, now: datetime) -> None:
    """Writes into the log that somebody (None: whoever runs the server) was given all this; never what it says."""
    keeper = person.owner.code if person.owner else ""
    record = RecordChange(person.resource(), person.code, keeper, ChangedRecord.Action.TOLD)
    log_change(by=by, door=Change.Door.HELD, at=now, records=[record])


def row_of(row: Model) -> dict[str, Any]:
    """Each column of a row; records by their codes, accounts by their names."""
    columns = [column for column in row._meta.concrete_fields if not column.primary_key]
    told = {column.name: value_in(row, column) for column in columns}
    for column in row._meta.many_to_many:
        told[column.name] = as_json(list(getattr(row, column.name).all()))
    return told


def value_in(row: Model, column: Any) -> Any:
    value = getattr(row, column.name)
    if column.is_relation and value is not None and not hasattr(value, "code"):
        return named(value)
    # What a merge keeps is JSON already.
    return value if isinstance(value, dict) else as_json(value)


def named(user: User | None) -> str:
    return user.get_username() if user else ""


def in_words(place: Record | None) -> str:
    return str(place) if place else ""


def sources_cited(held: Held) -> Any:
    """The sources in which the person stands, as far as the record says."""
    places = [place.pk for place in held.places]
    single = [name.source_id for name in held.names] + [statement.source_id for statement in held.statements]
    return Source.objects.filter(Q(assignments__in=places) | Q(pk__in=single)).distinct().order_by("code")


def log_of(held: Held) -> list[dict[str, Any]]:
    """What the log tells of the person's records, the first act first; of another's values only that they changed."""
    values: dict[int, dict[str, list[Any]]] = {}
    for one in held.logged:
        values.setdefault(one.record_id, {})[one.column] = [one.before, one.after]
    own = Q(pk__in=values)
    for record in [*held.records, *held.statements]:
        own |= Q(resource=record.resource(), code=record.code)
    rows = ChangedRecord.objects.filter(own).select_related("change__by").order_by("pk")
    return [
        {
            "at": as_json(row.change.at),
            "by": named(row.change.by),
            "door": row.change.door,
            "action": row.action,
            "record": f"{row.resource}/{row.code}",
            "columns": {**row.fields, **values.get(row.pk, {})},
        }
        for row in rows
    ]
