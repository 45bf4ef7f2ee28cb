"""The filter panel of the deployments: each choice with how many rows the list would have with it.

Short lists are checkboxes, longer ones selects, long ones boxes that complete what is typed; `lib.filter_fields` draws
the filters of the other lists in the same forms, without the counts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.filter_fields import MOST_CHECKBOXES
from missions.facets import COUNTRIES, OPEN, Choice, Tally
from missions.models import Reading
from missions.models.deployments import Share

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise
    from django.utils.safestring import SafeString


MOST_IN_A_SELECT = 40
MOST_OFFERED = 10

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
MAIN = ("q", "sender_country", "host_country", "year", "organizer", "sender", "status")
MORE = ("election", "election_kind", "mission", "mission_kind", "sender_kind")


@dataclass(frozen=True, slots=True)
class Box:
    """A checkbox: a value of a filter, how many rows are behind it, and whether it is chosen."""

    parameter: str
    value: str
    label: _StrOrPromise
    count: int
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

    `offered`: what the box completes. Whatever else is typed in it is looked for among all names.
    """

    name: str
    label: str
    boxes: list[Box]
    offered: list[str]

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
    """The filters that stand first, and those that are opened."""

    def __init__(self, tally: Tally) -> None:
        self.filterset, self.tally = tally.filterset, tally
        form = self.filterset.form
        form.label_suffix = ""
        self.main = [*map(self.field_of, MAIN), self.group(_("Data quality"), WANTING)]
        self.more = [
            *map(self.field_of, MORE),
            self.group(_("What is known"), KNOWN),
            *(Plain(form[name]) for name in ("date_after", "date_before", "source", "modified_after")),
        ]

    @property
    def more_is_chosen(self) -> bool:
        return any(field.is_chosen for field in self.more)

    def group(self, label: str, wanted: dict[tuple[str, str], _StrOrPromise]) -> Boxes:
        names = {name for name, _value in wanted}
        found = {(name, choice.value): choice for name in names for choice in self.tally.choices_of(name)}
        boxes = [
            Box(name, value, label, found[name, value].count, found[name, value].chosen)
            for (name, value), label in wanted.items()
        ]
        return Boxes(label, boxes)

    def field_of(self, name: str) -> Plain | Boxes | Entries | Names:
        if name == "q":
            return Plain(self.filterset.form[name])
        label = str(self.filterset.filters[name].label)
        choices = self.tally.choices_of(name, with_none=True)
        boxes = [Box(name, each.value, each.label, each.count, each.chosen) for each in choices]
        if name not in OPEN and len(choices) <= MOST_CHECKBOXES:
            return Boxes(label, boxes)
        chosen = [box for box in boxes if box.chosen]
        if name in COUNTRIES or len(choices) <= MOST_IN_A_SELECT:
            return Entries(name, label, chosen, [choice for choice in choices if not choice.chosen])
        return Names(name, label, chosen, offered(choices))


def offered(choices: list[Choice]) -> list[str]:
    """The names of the choices with most rows; the code of one that shares its name with others."""
    times = Counter(choice.label for choice in choices)
    by_rows = sorted((each for each in choices if each.count and not each.chosen), key=lambda each: -each.count)
    return [each.label if times[each.label] == 1 else each.value for each in by_rows[:MOST_OFFERED]]
