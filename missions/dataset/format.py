"""The dataset format: its files in reading order, and how a record's columns stand in a row of one.

docs/dataset.md explains the format to those who write such files.
"""

from __future__ import annotations

from django.db import models

from missions.models import (
    Assignment,
    Channel,
    Deployment,
    Election,
    HeadCount,
    Invitation,
    Mission,
    Statement,
    VotingDay,
)
from observers.models import Observer, ObserverName
from organizations.models import Membership, Organization, OrganizationName, OwnedRecord, Record, Region, Source

# The order in which the files are read: what is pointed to comes before what points.
RECORDS: tuple[type[Record], ...] = (
    Source,
    Organization,
    OrganizationName,
    Membership,
    Region,
    Election,
    VotingDay,
    Mission,
    Invitation,
    Deployment,
    Channel,
    HeadCount,
    Observer,
    ObserverName,
    Assignment,
    Statement,
)
# Records that give another record its names, and through which column.
NAMED_BY: dict[type[Record], tuple[type[Record], str]] = {
    OrganizationName: (Organization, "organization"),
    ObserverName: (Observer, "observer"),
}
# Records whose code cannot be made of their columns, and the sentence for a row without one.
NEEDS_CODE: dict[type[Record], str] = {
    Organization: "An organization needs a code here, for example odihr: its names are in another file.",
    Observer: "A person needs a code here, any UUID: without one the next import would not know them.",
}
SEPARATOR = "; "


def file_columns(model: type[Record], *, is_whole: bool = True) -> list[str]:
    """The columns of a record's file in their order; where it is not whole, without private ones and the keeper."""
    if not is_whole:
        return ["code", *(name for name in model.columns if name not in model.private_columns)]
    return ["code", *model.columns, *(["owner"] if issubclass(model, OwnedRecord) else [])]


def is_many(model: type[Record], column: str) -> bool:
    return isinstance(model._meta.get_field(column), models.ManyToManyField)


def points_to_own_kind(model: type[Record], column: str) -> bool:
    model_field = model._meta.get_field(column)
    return isinstance(model_field, models.ForeignKey) and model_field.related_model is model


def relation_names(model: type[Record]) -> set[str]:
    return {found.name for found in model._meta.fields if isinstance(found, models.ForeignKey)}


def required_relations(model: type[Record]) -> list[str]:
    return [name for name in model.columns if name in relation_names(model) and not model._meta.get_field(name).null]


def has_readable_code(record: Record) -> bool:
    """Whether the record's code is made of what it says; people's are random."""
    return type(record).free_code is Record.free_code
