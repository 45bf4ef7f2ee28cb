"""The filter panel: for deployments each choice with how many rows the list would have with it.

Short lists are checkboxes, longer ones selects, long ones boxes that complete what is typed; `lib.filter_fields` draws
the filters of the other lists in the same forms, without the counts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy

from lib.chips import Chip
from lib.filter_fields import MOST_CHECKBOXES
from lib.filters import AnyOfChoices, AnyOfCodes, YesNo, chips, said_once
from lib.territories import alphabetical
from missions.facets import COUNTRIES, OPEN, Choice
from missions.models import Election, Reading
from missions.models.deployments import Share
from organizations.models import Organization

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.http import QueryDict
    from django.utils.functional import _StrOrPromise
    from django.utils.safestring import SafeString

    from lib.filters import StrictFilterSet
    from missions.facets import Tally

MOST_IN_A_SELECT = 40
MOST_OFFERED = 10
# What is called by whole sentences fills the page before it fills a select.
LONG_NAMES = {"election", "mission"}

# What is wanting in a row, and what is not: choices of several filters, together in two groups.
WANTING: dict[tuple[str, str], _StrOrPromise] = {
    ("agreement", "conflict"): gettext_lazy("Sources disagree on the number"),
    ("channels_agree", "no"): gettext_lazy("Sources name different missions"),
    ("agreement", "gap"): Reading.Agreement.GAP.label,
    ("agreement", "partial"): Reading.Agreement.PARTIAL.label,
    ("share", "unknown"): Share.UNKNOWN.label,
    ("named", "no"): gettext_lazy("No names published"),
    ("sourced", "no"): gettext_lazy("No source"),
}
KNOWN: dict[tuple[str, str], _StrOrPromise] = {
    ("agreement", "agreed"): Reading.Agreement.AGREED.label,
    ("agreement", "none"): gettext_lazy("No number known"),
    ("channels_agree", "yes"): gettext_lazy("Sources agree on the missions"),
    ("share", "whole"): Share.WHOLE.label,
    ("share", "bilateral"): Share.BILATERAL.label,
    ("named", "yes"): gettext_lazy("Names published"),
    ("sourced", "yes"): gettext_lazy("Has a source"),
}
GROUPS = {"wanting": (gettext_lazy("Data quality"), WANTING), "known": (gettext_lazy("What is known"), KNOWN)}


@dataclass(frozen=True, slots=True)
class Box:
    """A checkbox: a value of a filter, how many rows are behind it where they are counted, and whether it is chosen."""

    parameter: str
    value: str
    label: _StrOrPromise
    count: int | None
    chosen: bool


@dataclass
class Boxes:
    """Checkboxes in a group that is called so."""

    label: _StrOrPromise
    boxes: list[Box]

    @property
    def is_chosen(self) -> bool:
        return any(box.chosen for box in self.boxes)

    def as_field_group(self) -> SafeString:
        return render_to_string("includes/facet_boxes.html", {"field": self})


@dataclass(frozen=True, slots=True)
class Entries:
    """What is chosen of a list, to be unticked, and a select of the others to add one."""

    name: str
    label: str
    boxes: list[Box]
    choices: list[Choice]

    @property
    def is_chosen(self) -> bool:
        return bool(self.boxes)

    def as_field_group(self) -> SafeString:
        return render_to_string("includes/facet_select.html", {"field": self})


@dataclass(frozen=True, slots=True)
class Names:
    """What is chosen of a long list, to be unticked, and a box that completes a name to be added.

    `offered`: what the box completes. Whatever else is typed in it is looked for among all names. `list_name`: where
    several boxes offer the same, the name of that list, which the page holds once.
    """

    name: str
    label: str
    boxes: list[Box]
    offered: list[str]
    list_name: str = ""

    @property
    def is_chosen(self) -> bool:
        return bool(self.boxes)

    def as_field_group(self) -> SafeString:
        return render_to_string("includes/facet_names.html", {"field": self})


@dataclass(frozen=True)
class Plain:
    """A filter without choices, as its form draws it."""

    bound: Any

    @property
    def is_chosen(self) -> bool:
        return bool(self.bound.value())

    def as_field_group(self) -> SafeString:
        drawn: SafeString = self.bound.as_field_group()
        return drawn


class Panel:
    """The filters that stand first, and those that are opened; without `more`, all others."""

    def __init__(self, tally: Tally, main: Iterable[str], more: Iterable[str] | None = None) -> None:
        self.filterset, self.tally = tally.filterset, tally
        self.filterset.form.label_suffix = ""
        main = list(main)
        others = [name for name in self.filterset.form.fields if name not in main]
        self.main = [self.field_of(name) for name in main]
        self.more = [self.field_of(name) for name in (others if more is None else more)]

    def as_context(self) -> dict[str, Any]:
        more_is_chosen = any(field.is_chosen for field in self.more)
        return {"main_filters": self.main, "more_filters": self.more, "more_is_chosen": more_is_chosen}

    def group(self, label: _StrOrPromise, wanted: dict[tuple[str, str], _StrOrPromise]) -> Boxes:
        names = {name for name, _value in wanted}
        found = {(name, choice.value): choice for name in names for choice in self.tally.choices_of(name)}
        boxes = [
            Box(name, value, label, found[name, value].count, found[name, value].chosen)
            for (name, value), label in wanted.items()
        ]
        return Boxes(label, boxes)

    def field_of(self, name: str) -> Plain | Boxes | Entries | Names:
        if name in GROUPS:
            return self.group(*GROUPS[name])
        if name not in OPEN and not isinstance(self.filterset.filters[name], AnyOfChoices | YesNo):
            return Plain(self.filterset.form[name])
        label = str(self.filterset.filters[name].label)
        choices = self.tally.choices_of(name, with_none=True)
        boxes = [Box(name, each.value, each.label, each.count, each.chosen) for each in choices]
        if name not in OPEN and len(choices) <= MOST_CHECKBOXES:
            return Boxes(label, boxes)
        chosen = [box for box in boxes if box.chosen]
        most = MOST_OFFERED if name in LONG_NAMES else MOST_IN_A_SELECT
        if name in COUNTRIES or len(choices) <= most:
            return Entries(name, label, chosen, [choice for choice in choices if not choice.chosen])
        return Names(name, label, chosen, offered(choices))


def offered(choices: list[Choice]) -> list[str]:
    """The names of the choices with most rows; the code of one that shares its name with others."""
    times = Counter(choice.label for choice in choices)
    by_rows = sorted((each for each in choices if each.count and not each.chosen), key=lambda each: -each.count)
    return [each.label if times[each.label] == 1 else each.value for each in by_rows[:MOST_OFFERED]]


def asked(filterset: StrictFilterSet, data: QueryDict, of_the_page: Collection[str] = ()) -> dict[str, Any]:
    """What was asked; `of_the_page`: the parameters that say how the page is laid out, and are no chips."""
    query = said_once(data)
    chosen = [as_its_box(chip) for chip in chips(filterset, query) if chip.parameter not in of_the_page]
    return {"chips": chosen, "query": query}


def as_its_box(chip: Chip) -> Chip:
    """A chip in the words of the box that was ticked: "Data quality: No source" rather than "Has a source: No"."""
    for label, wanted in GROUPS.values():
        if (chip.parameter, chip.value) in wanted:
            words = str(wanted[chip.parameter, chip.value])
            return Chip(chip.parameter, chip.value, str(label), words, chip.remove_query)
    return chip


def plain_panel(filterset: StrictFilterSet, main: Collection[str]) -> dict[str, Any]:
    """The filters that stand first and those that are opened, without counts beside their choices."""
    filterset.form.label_suffix = ""
    fields = {name: field_of(filterset, name) for name in filterset.form.fields}
    return {
        "main_filters": [field for name, field in fields.items() if name in main],
        "more_filters": [field for name, field in fields.items() if name not in main],
        "lists": {field.list_name: field.offered for field in fields.values() if isinstance(field, Names)},
    }


def field_of(filterset: StrictFilterSet, name: str) -> Any:
    """A field as its form draws it; codes, and what has as many choices as there are countries, as a box for names."""
    filter_, field = filterset.filters[name], filterset.form.fields[name]
    if isinstance(filter_, AnyOfCodes):
        chosen = getattr(filterset.form, "cleaned_data", {}).get(name) or []
        labels = {row.code: str(row) for row in chosen}
        list_name, offered_names = offered_of(filterset, filter_)
    else:
        labels = {str(value): str(label) for value, label in getattr(field, "choices", [])}
        list_name, offered_names = "countries", list(labels.values())
        if len(labels) <= MOST_IN_A_SELECT:
            return filterset.form[name]
    values = filterset.data.getlist(name) if name in filterset.data else []
    boxes = [Box(name, value, labels.get(value, value), None, chosen=True) for value in values]
    return Names(name, str(filter_.label), boxes, offered_names, list_name)


def offered_of(filterset: StrictFilterSet, filter_: AnyOfCodes) -> tuple[str, list[str]]:
    """What a box for codes offers, and what that is called: organizations by name, or the latest elections."""
    model = filter_.field.queryset.model  # type: ignore[attr-defined]
    if model is Organization:
        return "organizations", sorted(map(str, filterset.in_hand.organizations.values()), key=alphabetical)
    if model is Election:
        return "elections", list(map(str, filterset.in_hand.elections.values()))[:MOST_OFFERED]
    return model._meta.model_name or "", []
