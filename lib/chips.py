"""Chips: the chosen values above a list, each with a link that takes it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lib.filter_kinds import AnyOfCodes
from lib.text import shown

if TYPE_CHECKING:
    from django.http import QueryDict

    from lib.filters import StrictFilterSet

# Of what remains when a choice is taken away, these would point into the old list.
PLACES_IN_THE_LIST = {"page", "cursor"}


class Chip(NamedTuple):
    """One chosen value of a filter, with the query string of the list without it."""

    parameter: str
    value: str
    label: str
    value_label: str
    remove_query: str


def chips(filterset: StrictFilterSet, querydict: QueryDict) -> list[Chip]:
    """One chip per chosen value, in the order of the filters; a value that was refused is shown as it was typed."""
    # Cleans the form, which then holds the rows that codes name.
    filterset.is_valid()
    return [
        Chip(
            parameter=name,
            value=value,
            label=str(filter_.label),
            value_label=labels.get(value, shown(value)),
            remove_query=_without(querydict, name, value),
        )
        for name, filter_ in filterset.filters.items()
        for labels in [_labels(filterset, name)]
        for value in dict.fromkeys(value.strip() for value in querydict.getlist(name) if value.strip())
    ]


def _labels(filterset: StrictFilterSet, name: str) -> dict[str, str]:
    """The labels of the values of one filter, where they differ from the values."""
    field: Any = filterset.form.fields[name]
    chosen = getattr(filterset.form, "cleaned_data", {}).get(name)
    if isinstance(filterset.filters[name], AnyOfCodes):
        return {str(getattr(row, field.to_field_name)): str(row) for row in chosen or []}
    return {str(value): str(label) for value, label in getattr(field, "choices", [])}


def _without(querydict: QueryDict, name: str, value: str) -> str:
    """The query string without that value of that parameter, without blanks and without a place in the old list."""
    kept = querydict.copy()
    for parameter in querydict:
        values = [
            each for each in querydict.getlist(parameter) if each.strip() and (parameter, each.strip()) != (name, value)
        ]
        kept.setlist(parameter, [] if parameter in PLACES_IN_THE_LIST else values)
    return kept.urlencode()
