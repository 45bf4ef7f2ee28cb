"""What an import finds: the records that are stored, and those that the files have named so far."""

from __future__ import annotations

from collections import ChainMap
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

from lib.text import shown
from missions.dataset.format import NAMED_BY, has_readable_code, is_many, relation_names
from observers.models import Merge, Observer
from organizations.models import Record
from organizations.models.records import free_code

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


class KnownRecords(dict[type[Record], "Known"]):
    """What is known of each kind of record, looked up when it is first asked for."""

    def __missing__(self, model: type[Record]) -> Known:
        self[model] = Known(model, self)
        return self[model]


class Known:
    """The records of one kind that are in the database or in the files read so far.

    Records that others point to (those whose natural key is their code) are kept whole; of the rest, which may be very
    many, only codes and natural keys are.
    """

    def __init__(self, model: type[Record], everything: KnownRecords) -> None:
        self.model, self.everything = model, everything
        self.has_natural_key = model.natural_key_columns != ("code",)
        self.single_columns = [name for name in model.columns if not is_many(model, name)]
        self.relations = relation_names(model) - {"owner"}
        self.key_fields: list[Any] = [model._meta.get_field(name) for name in model.natural_key_columns]
        # The keys of what is stored, by code and by natural key.
        self.pks: dict[str, int] = {}
        self.pks_by_key: dict[tuple[str, ...], int] = {}
        # The line of the file that is about a code, a natural key or a stored record's key.
        self.lines: dict[Any, int] = {}
        # Records that others point to, stored or new, and the codes of those that point nowhere themselves.
        self.by_code: dict[str, Any] = {}
        self.unsound: set[str] = set()
        # The codes of persons who were merged into others, with the sentence that names those.
        self.merged: dict[str, str] = {}
        if model is Observer:
            merges = Merge.objects.standing().select_related("kept")
            self.merged = {merge.merged_code: merge.answer() for merge in merges}
        # Whether every row of the file could be read and has a code: else a code may be missing for that reason.
        self.complete = True
        self.by_pk: dict[int, Any] = {}
        if self.has_natural_key:
            self.look_up_keys()
        if model in NAMED_BY or not self.has_natural_key:
            self.by_pk = self.joined(model._default_manager.all())
        if not self.has_natural_key:
            self.by_code = {record.code: record for record in self.by_pk.values()}
            self.pks = {record.code: pk for pk, record in self.by_pk.items()}

    def look_up_keys(self) -> None:
        columns = [model_field.attname for model_field in self.key_fields]
        related = [self.everything[one.related_model].by_pk if one.is_relation else None for one in self.key_fields]
        for pk, code, *values in self.model._default_manager.values_list("pk", "code", *columns).iterator():
            self.pks[code] = pk
            parts = zip(values, related, strict=True)
            key = tuple(key_part(value if others is None else others.get(value)) for value, others in parts)
            self.pks_by_key[key] = pk

    def joined(self, records: Iterable[Any]) -> dict[int, Any]:
        """The records by key, joined to the very objects that the rows of the files point to."""
        by_pk = {record.pk: record for record in records}
        for name in self.relations:
            model_field: Any = self.model._meta.get_field(name)
            related = model_field.related_model
            others = by_pk if related is self.model else self.everything[related].by_pk
            for record in by_pk.values():
                if (pk := getattr(record, model_field.attname)) is not None:
                    setattr(record, name, others[pk])
        return by_pk

    def stored(self, pks: Collection[int]) -> dict[int, Any]:
        """The stored records with these keys."""
        if self.by_pk or not pks:
            return self.by_pk
        return self.joined(self.model._default_manager.in_bulk(pks).values())

    def key_of(self, values: dict[str, Any], record: Any) -> tuple[str, ...] | None:
        """The natural key that the values make, those not given taken from the record, if there is one.

        None where the code itself is the key.
        """
        if not self.has_natural_key:
            return None
        key = []
        for model_field in self.key_fields:
            name = model_field.name
            if name in values:
                value = values[name]
            else:
                value = model_field.get_default() if record is None else getattr(record, name)
            key.append(key_part(value))
        return tuple(key)

    def find(self, code: str) -> Any:
        """The record with the code. Refused without a sentence where its own file has the sentence already."""
        record = self.by_code.get(code)
        if record is None and code in self.merged:
            raise ValidationError(self.merged[code])
        if record is None and self.complete:
            where = f"neither in the record nor in {self.model.dataset_file}.csv"
            raise ValidationError(f"“{shown(code)}” is no code of {self.model._meta.verbose_name_plural}: {where}.")
        if record is None or code in self.unsound:
            raise ValidationError([])
        return record

    def has(self, code: str) -> bool:
        """Whether a record with the code is stored or named in its file."""
        return code in self.pks or code in self.lines

    def code_of(self, pk: int) -> str:
        return next(code for code, found in self.pks.items() if found == pk)

    def new_code(self, record: Any) -> str:
        """A code for a new record, free among those stored and those of the files."""
        if has_readable_code(record):
            return free_code(record.computed_code(), ChainMap(self.lines, self.pks))
        return str(record.free_code())

    def links(self, column: str, pks: Collection[int]) -> dict[int, set[int]]:
        """The keys that each of these stored records is linked to through a column of several values."""
        through: Any = getattr(self.model, column).through
        model_field: Any = self.model._meta.get_field(column)
        here, there = f"{model_field.m2m_field_name()}_id", f"{model_field.m2m_reverse_field_name()}_id"
        links: dict[int, set[int]] = {}
        for pk, other in through.objects.filter(**{f"{here}__in": pks}).values_list(here, there):
            links.setdefault(pk, set()).add(other)
        return links


def key_part(value: Any) -> str:
    """A value as it stands in a natural key: records by their code, blank and missing values alike."""
    return value.code if isinstance(value, models.Model) else str(value or "")  # type: ignore[attr-defined]
