"""What two editors made of one form: as it was opened, as it is stored now, and as it was typed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.forms import CheckboxInput, MultiWidget
from django.forms.formsets import DELETION_FIELD_NAME, INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from organizations.changes import as_json, same
from organizations.history import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import QueryDict

    from organizations.policy import Reader

# What the boxes said of each record, by the prefix of its rows (of the record itself: blank) and its key:
# `{"": {"7": ["code", {"status": "announced"}]}}`. Other records stand there by their keys.
Snapshot = dict[str, dict[str, list[Any]]]
# The form of a record and the rows below it.
Forms = tuple[Any, list[Any]]
# The choice between two versions of a box: what its name begins with, and that the user's own is to stand.
CHOICE = "keep-"
MINE = "mine"


def boxes(form: Any) -> list[str]:
    """The boxes of a form that are columns of its record."""
    return [name for name in form.fields if name in form.instance.columns or name == "owner"]


def as_read(form: Any) -> dict[str, Any]:
    """What the boxes of a form say that was opened."""
    said = {}
    for name in boxes(form):
        column = form.instance._meta.get_field(name)
        # The records of a list were read together with the form, and are not read again.
        value = form.initial.get(name) if column.many_to_many else column.value_from_object(form.instance)
        said[name] = keyed(value)
    return said


def as_typed(form: Any) -> dict[str, Any]:
    """What was typed into the boxes; what could not be understood as it was typed."""
    said = {}
    for name in boxes(form):
        column = form.instance._meta.get_field(name)
        if name in form.errors:
            said[name] = str(form[name].data or "")
        elif column.many_to_many:
            said[name] = keyed(form.cleaned_data.get(name))
        else:
            said[name] = keyed(column.value_from_object(form.instance))
    return said


def keyed(value: Any) -> Any:
    """A value as a snapshot keeps it: of other records the keys."""
    if hasattr(value, "__iter__") and not isinstance(value, str) and not hasattr(value, "code"):
        return sorted(each.pk for each in value)
    return as_json(value)


def snapshot(form: Any, formsets: list[Any]) -> Snapshot:
    """What a form that was opened says, with the rows below it."""
    said: Snapshot = {"": {str(form.instance.pk): [form.instance.code, as_read(form)]}}
    for formset in formsets:
        said[formset.prefix] = {
            str(row.instance.pk): [row.instance.code, as_read(row)] for row in formset.initial_forms
        }
    return said


@dataclass(frozen=True, slots=True)
class Difference:
    """One box: its values in words, and whether both changed it. `choice` is the name of the two buttons for it."""

    label: str
    opened: str
    now: str
    typed: str
    is_conflict: bool
    choice: str


@dataclass(frozen=True, slots=True)
class Part:
    """One record of the form with what differs in it. `note`: what became of all of it."""

    name: str
    note: str = ""
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Place:
    """One record in the three versions. Without `now` it is gone; without `was` the user has not seen it stored."""

    prefix: str
    key: str
    code: str
    was: dict[str, Any]
    now: Any
    typed: Any

    def is_changed(self, name: str) -> bool:
        """Whether somebody else changed this column."""
        return name not in self.was or not same(self.was[name], as_read(self.now).get(name))

    def is_mine(self, name: str) -> bool:
        """Whether the user changed this column."""
        return name not in self.was or not same(self.was[name], as_typed(self.typed)[name])

    def choice(self, name: str) -> str:
        return f"{CHOICE}{self.prefix}-{self.key}-{name}"

    def is_deleted(self) -> bool:
        """Whether the user deletes it."""
        return bool(getattr(self.typed, "cleaned_data", {}).get(DELETION_FIELD_NAME))

    def is_conflict(self, name: str) -> bool:
        is_alike = same(as_read(self.now).get(name), as_typed(self.typed)[name])
        return self.is_changed(name) and self.is_mine(name) and not is_alike


class Meanwhile:
    """What somebody else did to a form while the user had it open."""

    def __init__(self, opened: Snapshot, now: Forms, typed: Forms, user: Reader) -> None:
        self.user = user
        self.places = list(places(opened, now, typed))
        self.added = [form for formset in typed[1] for form in formset.extra_forms if form.has_changed()]
        self.gone = [place for place in self.places if place.now is None]
        self.altered = [
            place
            for place in self.places
            if place.now is not None and any(place.is_changed(name) for name in boxes(place.now))
        ]
        # By kind and code.
        self.changed = [(place.typed.instance.resource(), place.code) for place in [*self.gone, *self.altered]]

    # In words

    def parts(self) -> list[Part]:
        told = []
        for place in self.places:
            name = self.name_of(place)
            if place.now is None:
                note = _("Deleted meanwhile. If it should stand, enter it anew; this is what you typed.")
                told.append(Part(name, note if place.was else "", list(self.typed_alone(place.typed, place))))
            elif place in self.altered or any(place.is_mine(column) for column in boxes(place.typed)):
                differences = list(self.differences(place))
                if place.is_deleted():
                    note = _("You delete it.") if place not in self.altered else _("You delete what was changed.")
                    told.append(Part(name, note, differences))
                elif differences:
                    told.append(Part(name, "", differences))
            elif place.is_deleted():
                told.append(Part(name, _("You delete it.")))
        added = [str(capfirst(form.instance._meta.verbose_name)) for form in self.added]
        return [*told, *(Part(kind, _("You add it.")) for kind in added)]

    def name_of(self, place: Place) -> str:
        kind = str(capfirst(place.typed.instance._meta.verbose_name))
        return f"{kind}: {place.now.instance}" if place.now is not None else kind

    def differences(self, place: Place) -> Iterator[Difference]:
        now, typed = as_read(place.now), as_typed(place.typed)
        for name in boxes(place.typed):
            if name in now and (place.is_changed(name) or place.is_mine(name)):
                values = (place.was.get(name), now[name], typed[name])
                is_conflict = place.is_conflict(name) and not place.is_deleted()
                yield self.difference(place, name, values, is_conflict=is_conflict)
        if place.is_deleted() and place in self.altered:
            choice = place.choice(DELETION_FIELD_NAME)
            yield Difference(
                _("The whole row"), "", _("stays, as changed"), _("deleted"), is_conflict=True, choice=choice
            )

    def difference(self, place: Place, name: str, values: tuple[Any, Any, Any], *, is_conflict: bool) -> Difference:
        box, column = place.typed.fields[name], place.typed.instance._meta.get_field(name)
        opened, now, typed = (self.said(column, value) for value in values)
        label = str(capfirst(box.label or column.verbose_name))
        return Difference(label, opened, now, typed, is_conflict=is_conflict, choice=place.choice(name))

    def typed_alone(self, form: Any, place: Place) -> Iterator[Difference]:
        for name, value in as_typed(form).items():
            if not same(value, None):
                yield self.difference(place, name, (place.was.get(name), None, value), is_conflict=False)

    def said(self, column: Any, value: Any) -> str:
        """A value in words; of a record that the user may not see, that there is one."""
        if not column.is_relation or same(value, None) or isinstance(value, str):
            return in_words(column, value)
        keys = value if isinstance(value, list) else [value]
        rows = column.related_model.objects.visible_to(self.user).in_bulk(keys)
        return "; ".join(str(rows.get(key, _("one that you may not see"))) for key in keys)

    def number_of_conflicts(self) -> int:
        return sum(difference.is_conflict for part in self.parts() for difference in part.differences)

    # On top of the other version

    def merge_into(self, data: QueryDict, kept: set[str]) -> None:
        """Makes of what was sent what is to be stored: as it is now, but for what the user alone changed, or chose."""
        for place in self.places:
            if place.now is None:
                continue
            if place.is_deleted() and place in self.altered and place.choice(DELETION_FIELD_NAME) not in kept:
                data.pop(place.typed.add_prefix(DELETION_FIELD_NAME), None)
                stays = boxes(place.typed)
            else:
                stays = [name for name in boxes(place.typed) if not is_kept(place, name, kept)]
            for name in stays:
                if name in place.now.fields:
                    put(data, place.typed[name], place.now[name])
        for prefix in {place.prefix for place in self.gone}:
            leave_out(data, prefix, {place.typed.prefix for place in self.gone if place.prefix == prefix})


def places(opened: Snapshot, now: Forms, typed: Forms) -> Iterator[Place]:
    """Each record of the form that the user has sent, the rows in their order."""
    form = typed[0]
    [(key, (code, was))] = opened.get("", {str(form.instance.pk): [form.instance.code, {}]}).items()
    yield Place("", key, code, was, now[0], form)
    stored = {formset.prefix: {str(row.instance.pk): row for row in formset.initial_forms} for formset in now[1]}
    for formset in typed[1]:
        rows = opened.get(formset.prefix, {})
        for row in formset.initial_forms:
            # Of a row that is gone only what was sent tells which it was.
            key = str(row.instance.pk or row["id"].data)
            code, was = rows.get(key, [row.instance.code, {}])
            yield Place(formset.prefix, key, code, was, stored.get(formset.prefix, {}).get(key), row)


def is_kept(place: Place, name: str, kept: set[str]) -> bool:
    """Whether what the user typed is to be stored."""
    return place.is_mine(name) and (not place.is_conflict(name) or place.choice(name) in kept)


def put(data: QueryDict, typed: Any, now: Any) -> None:
    """Sends with one box what another one says that was opened, as a browser would."""
    widget, value = plain(now.field.widget), now.value()
    if isinstance(widget, MultiWidget):
        parts: Any = zip(widget.widgets_names, widget.widgets, widget.decompress(value), strict=True)  # type: ignore[attr-defined, arg-type]
        for ending, part, one in parts:
            data[f"{typed.html_name}{ending}"] = part.format_value(one) or ""
        return
    data.pop(typed.html_name, None)
    if isinstance(widget, CheckboxInput):
        if widget.check_test(value):
            data[typed.html_name] = "on"
        return
    shown = widget.format_value(value)
    data.setlist(typed.html_name, shown if isinstance(shown, list) else ["" if shown is None else shown])


def plain(widget: Any) -> Any:
    """The box itself, without the signs beside it."""
    return widget.widget if isinstance(widget, RelatedFieldWidgetWrapper) else widget


def leave_out(data: QueryDict, prefix: str, gone: set[str]) -> None:
    """Takes rows out of what was sent, and counts the others anew."""
    total, initial = (f"{prefix}-{name}" for name in (TOTAL_FORM_COUNT, INITIAL_FORM_COUNT))
    order = [f"{prefix}-{number}" for number in range(int(str(data[total])))]
    renamed = {old: f"{prefix}-{number}" for number, old in enumerate(each for each in order if each not in gone)}
    sent = {}
    for name, values in dict(data.lists()).items():
        if found := re.fullmatch(rf"(initial-)?({re.escape(prefix)}-\d+)(-.+)", name):
            data.pop(name)
            sent[found[1] or "", found[2], found[3]] = values
    for (before, row, ending), values in sent.items():
        if row in renamed:
            data.setlist(f"{before}{renamed[row]}{ending}", values)
    data[total], data[initial] = str(len(renamed)), str(int(str(data[initial])) - len(gone))
