"""The log of changes in words, for whoever may read it: who, when, by which door, what was before and what is now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_countries.fields import CountryField

from organizations.countries import country_name
from organizations.models import User
from organizations.models.changes import ACCOUNTS, record_kinds
from organizations.policy import INTERNAL_NOTES, KEPT, PERSONAL_FIELDS, is_data_protection

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from organizations.models import ChangedRecord, PersonalValue
    from organizations.policy import Reader

# The resource of the persons of whom personal values tell.
PERSONS = "observers"
# Of which an entry about an account says that they were changed, and no more.
SECRETS = frozenset({"password", "recovery_codes"})
# What such an entry tells beside the columns of an account.
OF_ACCOUNTS = {
    "api_token": _lazy("API token: its name, what it may do, its last day"),
    "recovery_codes": _lazy("recovery codes"),
    "roles": _lazy("roles"),
    "second_factor": _lazy("second factor"),
    "single_sign_on": _lazy("linked to single sign-on"),
}


@dataclass(frozen=True, slots=True)
class ColumnTold:
    """One column of an entry. `instead`: why its values do not stand there."""

    label: str
    before: str = ""
    after: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of one act, as a page prints it."""

    at: datetime
    by: str
    door: str
    action: str
    kind: str
    resource: str
    code: str
    change: int
    files: list[str]
    columns: list[ColumnTold]


def entries(rows: Iterable[ChangedRecord], user: Reader, *, on_a_page: bool = False) -> list[Entry]:
    """The rows as this reader may read them; the rows themselves were chosen by `visible_to`.

    Contacts, notes and numbers leave by no door but the admin: a page says that they were changed, no more.
    """
    found = list(rows)
    kinds, seen = record_kinds(), Sight(found, user, on_a_page=on_a_page)
    return [
        Entry(
            at=row.change.at,
            by=row.change.by.get_username() if row.change.by else _("whoever runs the server"),
            door=row.change.get_door_display(),
            action=row.get_action_display(),
            kind=kind_in_words(kinds.get(row.resource), row.resource),
            resource=row.resource,
            code=row.code,
            change=row.change_id,
            files=[file_in_words(file) for file in row.change.files],
            columns=columns_of(row, kinds.get(row.resource, User), seen),
        )
        for row in found
    ]


class Sight:
    """Which values of these rows the reader may read, found out for all of them together."""

    def __init__(self, rows: list[ChangedRecord], user: Reader, *, on_a_page: bool) -> None:
        self.on_a_page = on_a_page
        self.all_persons = is_data_protection(user)
        persons: set[str] = set()
        codes: dict[str, set[str]] = {}
        for row in rows:
            persons |= {value.observer for value in row.personal_values.all() if value.observer}
            if guarded_columns(row.resource) & row.fields.keys():
                codes.setdefault(row.resource, set()).add(row.code)
        kinds = record_kinds()
        self.private = {
            resource: codes_of(kinds[resource]._default_manager.private_to(user), wanted)  # type: ignore[attr-defined]
            for resource, wanted in codes.items()
        }
        seen: Any = kinds[PERSONS]._default_manager
        self.persons = codes_of(seen.visible_to(user), persons) if persons and not self.all_persons else set()

    def of_value(self, row: ChangedRecord, value: PersonalValue) -> bool:
        """Private columns are read where the record is private to the reader; others by who sees the person.

        A free text about other things is read as any fact.
        """
        if not value.observer:
            return self.of_fact(row, value.column)
        if self.on_a_page and value.column in guarded_columns(row.resource):
            return False
        if self.all_persons:
            return True
        if value.column in guarded_columns(row.resource):
            return row.code in self.private.get(row.resource, ())
        return value.observer in self.persons

    def of_fact(self, row: ChangedRecord, column: str) -> bool:
        if column not in guarded_columns(row.resource):
            return True
        return not self.on_a_page and row.code in self.private.get(row.resource, ())


def guarded_columns(resource: str) -> frozenset[str]:
    """The columns that only those read to whom the record is private."""
    name = resource.replace("-", "_")
    kept = {column for column, reader in PERSONAL_FIELDS.get(name, {}).items() if reader == KEPT}
    return frozenset(kept) | INTERNAL_NOTES.get(name, frozenset())


def codes_of(rows: Any, wanted: set[str]) -> set[str]:
    return set(rows.filter(code__in=wanted).order_by().values_list("code", flat=True))


def columns_of(row: ChangedRecord, model: Any, seen: Sight) -> list[ColumnTold]:
    """Each column that differs; what tells of a person from its own place."""
    personal: dict[str, list[PersonalValue]] = {}
    for value in row.personal_values.all():
        personal.setdefault(value.column, []).append(value)
    told = []
    # In the order of the dataset: the database keeps none.
    order = [*getattr(model, "columns", ()), *sorted(row.fields)]
    for name, pair in sorted(row.fields.items(), key=lambda column: order.index(column[0])):
        field = field_of(model, name)
        label = label_of(field, name)
        if pair is None:
            values = personal.get(name, [])
            if not values:
                told.append(ColumnTold(label, instead=_("erased")))
            elif not all(seen.of_value(row, value) for value in values):
                told.append(ColumnTold(label, instead=_("not shown")))
            else:
                # Of a record that went over to another person, one value tells what was before, one what is now.
                before = next((value.before for value in values if value.before is not None), None)
                after = next((value.after for value in values if value.after is not None), None)
                told.append(ColumnTold(label, in_words(field, before), in_words(field, after)))
        elif row.resource == ACCOUNTS and name in SECRETS:
            told.append(ColumnTold(label, instead=_("changed")))
        elif not seen.of_fact(row, name):
            told.append(ColumnTold(label, instead=_("not shown")))
        else:
            told.append(ColumnTold(label, *(in_words(field, value) for value in pair)))
    return told


def field_of(model: Any, name: str) -> Any:
    """The field of the column; None for one that was given up since, and for what is no column."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return None if field.auto_created else field


def label_of(field: Any, name: str) -> str:
    named = OF_ACCOUNTS.get(name) or (field.verbose_name if field else name.replace("_", " "))
    label: str = capfirst(str(named))
    return label


def in_words(field: Any, value: Any) -> str:
    """A value as a clerk reads it; blank for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if isinstance(field, CountryField):
        return country_name(value) if value else ""
    return str(dict(getattr(field, "flatchoices", None) or ()).get(value, value))


def kind_in_words(model: Any, resource: str) -> str:
    if model:
        return str(capfirst(model._meta.verbose_name))
    return _("Account") if resource == ACCOUNTS else resource


def file_in_words(file: dict[str, str]) -> str:
    """A file that was read in: its name, where that may be told, and its SHA-256."""
    return " ".join(filter(None, [file.get("name"), f"SHA-256 {file.get('sha256', '')}"]))
