"""Many records into the database at once, by `lib.many_rows`.

`bulk_create` and `bulk_update` take several times as long, and the first sets the time of the last change to that of
the clock.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django_countries.fields import CountryField

from lib.many_rows import execute, insert_rows, next_keys, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from organizations.models import Record

# Fields whose values the driver takes as they stand.
PLAIN = models.CharField | models.TextField | models.IntegerField | models.BooleanField | models.ForeignKey


def insert(model: type[Record], records: list[Any]) -> None:
    """Stores new records as they stand, and gives them their keys."""
    if not records:
        return
    for record, key in zip(records, next_keys(model, len(records)), strict=True):
        record.pk = key
        record._state.adding, record._state.db = False, connection.alias
    fields: list[Any] = list(model._meta.concrete_fields)
    insert_rows(model, [str(model_field.column) for model_field in fields], values_of(records, fields))


def update(model: type[Record], records: Iterable[Any], names: Iterable[str]) -> None:
    """Stores these fields of records that are stored already."""
    fields: list[Any] = [model._meta.get_field(name) for name in (*names, "id")]
    *assigned, key = (f"{quoted(model_field.column)} = %s" for model_field in fields)
    sql = f"UPDATE {quoted(model._meta.db_table)} SET {', '.join(assigned)} WHERE {key}"  # noqa: S608 (our names)
    execute(sql, values_of(records, fields))


def values_of(records: Iterable[Any], fields: list[Any]) -> list[list[Any]]:
    """The values of these fields of each record, as the driver takes them."""
    readers = [(model_field.attname, preparer(model_field)) for model_field in fields]
    return [[prepare(getattr(record, name)) for name, prepare in readers] for record in records]


def preparer(model_field: Any) -> Callable[[Any], Any]:
    """What makes a value of the field one that the driver takes. The same days come again and again."""
    if isinstance(model_field, PLAIN) and not isinstance(model_field, CountryField):
        return lambda value: value
    return cache(lambda value: model_field.get_db_prep_save(value, connection))
