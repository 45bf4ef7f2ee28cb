"""A program: prints two fingerprints of every row of every table, as JSON.

`exact` is of all columns. `content` leaves out keys and times, which are those of writing, and points to rows by their
codes, so that it is the same for all databases that say the same, the log and the feed included.
"""

# ruff: noqa: E402 (the records are imported after Django is set up)

import sys

import django

django.setup()

import hashlib
import json

from django.apps import apps
from django.db.models import DateTimeField

# What a row is known by, beside its key.
NAMES = ("code", "words")


def columns_of_content(model):
    """The columns that say something; a relation by the name of the row that it points to, where that has one."""
    for field in model._meta.concrete_fields:
        if field.is_relation:
            yield from (
                f"{field.name}__{column.name}" for column in field.related_model._meta.fields if column.name in NAMES
            )
        elif not field.primary_key and not isinstance(field, DateTimeField):
            yield field.attname


def fingerprint(columns_of):
    """One sha256 over all tables, each row as its columns, in an order of the rows' own."""
    digest = hashlib.sha256()
    for model in apps.get_models(include_auto_created=True):
        rows = model._base_manager.order_by().values_list(*columns_of(model))
        digest.update(repr((model._meta.label, sorted(map(repr, rows)))).encode())
    return digest.hexdigest()


def every_column(model):
    return [field.attname for field in model._meta.concrete_fields]


if __name__ == "__main__":
    json.dump({"exact": fingerprint(every_column), "content": fingerprint(columns_of_content)}, sys.stdout)
