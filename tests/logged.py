"""What the log of changes says, for the tests of every door that writes."""

from __future__ import annotations

import json

from django.db import connection

from organizations.models import Change, ChangedRecord, PersonalValue


def logged():
    """Every act, the first one first: by which door, by whom, and each record with what was done and what differs."""
    return [
        (change.door, change.by.username if change.by else None, records_of(change))
        for change in Change.objects.order_by("pk")
    ]


def records_of(change):
    rows = change.records.order_by("resource", "code", "pk")
    return [(f"{row.resource}/{row.code}", row.action, {**row.fields, **free_texts_of(row)}) for row in rows]


def free_texts_of(row):
    """The texts about other things than persons, which stand in rows of their own too."""
    return {value.column: [value.before, value.after] for value in row.personal_values.filter(observer="")}


def personal():
    """Every value that tells of a person: of whom, in which record and column, what was before and what is now."""
    rows = PersonalValue.objects.exclude(observer="").select_related("record").order_by("column", "pk")
    told = [(row, f"{row.record.resource}/{row.record.code}") for row in rows]
    return [(row.observer, record, row.column, row.before, row.after) for row, record in told]


def log_without_personal_values():
    """All that stays when the personal values are taken away, as text."""
    rows = [*Change.objects.values_list("door", "files"), *ChangedRecord.objects.values_list()]
    left = PersonalValue.objects.values_list("observer", "column")
    return json.dumps([*rows, *left], default=str, ensure_ascii=False)


def stop_the_log():
    """From now on the database takes no more rows of the log, whoever asks."""
    refuse = (
        "FOR EACH ROW EXECUTE FUNCTION organizations_change_is_kept()"
        if connection.vendor == "postgresql"
        else "BEGIN SELECT RAISE(ABORT, 'The log is full.'); END"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TRIGGER log_is_full BEFORE INSERT ON organizations_changedrecord {refuse}")
