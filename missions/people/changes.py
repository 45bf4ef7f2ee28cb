"""Values set on records for a preview: told as old and new, checked as every other door does, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from missions.people.fields import Field
from organizations.countries import country_name

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from django_stubs_ext import StrOrPromise

    from organizations.models import Record

# Values that are made here out of words, or chosen among records: they are right as they are.
_MADE_HERE = {"nationality", "gender", "role", "status", "starts_on", "ends_on", "code", "search_text"}
# Looked up here: an enumeration makes its list of values anew each time.
_LABELS = {field.value: field.label for field in Field}


@dataclass(frozen=True, slots=True)
class Change:
    """One field and what stood and would stand in it, in words; blank for nothing."""

    label: StrOrPromise
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.label}: {self.old or '–'} → {self.new or '–'}"


class Changes:
    """The values that one row sets on records."""

    def __init__(self) -> None:
        self.before: list[tuple[Record, str, Any]] = []

    def make(self, record: Record, values: dict[str, Any]) -> None:
        for name, value in values.items():
            self.before.append((record, name, getattr(record, name)))
            setattr(record, name, value)

    def undo(self) -> None:
        for record, name, value in reversed(self.before):
            setattr(record, name, value)

    def names_of(self, record: Record) -> set[str]:
        """The fields of the record that were set."""
        return {name for changed, name, _old in self.before if changed is record}

    def of(self, record: Record, *, leave_out: Container[str] = ()) -> list[Change]:
        return [
            Change(label_of(record, name), in_words(record, name, old), in_words(record, name, getattr(record, name)))
            for changed, name, old in self.before
            if changed is record and name not in leave_out
        ]


def changed_values(record: Record, values: dict[str, Any]) -> dict[str, Any]:
    """Those of the values that the record does not hold yet. An e-mail address in other capitals is the same."""
    return {
        name: value
        for name, value in values.items()
        if comparable(name, getattr(record, name, None)) != comparable(name, value)
    }


def comparable(name: str, value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    return str(value).casefold() if name == "email" else value


def label_of(record: Record, name: str) -> StrOrPromise:
    if name in _LABELS:
        return _LABELS[name]
    return str(getattr(record._meta.get_field(name), "verbose_name", name))


def in_words(record: Record, name: str, value: Any) -> str:
    """A value as people read it."""
    if value in (None, ""):
        return ""
    if name == "nationality":
        return country_name(str(value))
    choices = getattr(record._meta.get_field(name), "flatchoices", None)
    return str(dict(choices or ()).get(value, value))


def sentences_against(record: Record, changed: set[str]) -> Iterator[tuple[str, str]]:
    """The model's own validation of what was set: each sentence with the field at which it stands.

    That no other place is the same is known to the planner, which has them all in hand.
    """
    if record.pk and not changed:
        return
    left_alone = {
        each.name
        for each in record._meta.fields
        if each.is_relation or each.name in _MADE_HERE or (record.pk and each.name not in changed)
    }
    try:
        record.clean_fields(exclude=left_alone)
        record.clean()
    except ValidationError as error:
        for name, errors in error.error_dict.items():
            for one in errors:
                yield ("" if name == NON_FIELD_ERRORS else name), " ".join(one.messages)
