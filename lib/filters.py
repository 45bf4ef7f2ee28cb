"""Filter sets of lists, shared by page, API and export, that refuse what they do not know.

The kinds of filter and the chips are gathered here, so that an app's `filters.py` imports all from one place.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions

from lib.chips import Chip, chips
from lib.filter_kinds import (
    AnyOf,
    AnyOfChoices,
    AnyOfCodes,
    Day,
    ModifiedAfter,
    Search,
    Year,
    YesNo,
    holding_words,
)
from lib.paths import narrowed
from lib.text import shown

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, QueryDict
    from rest_framework.request import Request
    from rest_framework.views import APIView

__all__ = [
    "AnyOf",
    "AnyOfChoices",
    "AnyOfCodes",
    "Chip",
    "Day",
    "FilterBackend",
    "ModifiedAfter",
    "Search",
    "StrictFilterSet",
    "Year",
    "YesNo",
    "chips",
    "holding_words",
    "narrowed",
    "said_once",
]

LONGEST_VALUE = 200
MOST_VALUES = 50


class StrictFilterSet(django_filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    """A filter set for which every parameter counts: what it cannot use is an error, and an error gives no rows.

    Refused, each under its parameter's name: a name that is neither a filter nor one of `other_parameters` (those
    that the view itself reads), a value that the filter does not know, a second value of a filter that takes one,
    more than 50 values, and values that are too long or hold unreadable characters. A blank value is as if absent, and
    so is one that is said again.
    """

    other_parameters: ClassVar[frozenset[str]] = frozenset(
        {"page", "page_size", "ordering", "cursor", "count", "format", "fields", "language"}
    )

    # What is read once for the whole page, where it keeps that: `find(model, codes)` gives rows by their codes.
    in_hand: Any = None

    def __init__(
        self,
        data: QueryDict | None = None,
        queryset: QuerySet[Any] | None = None,
        *,
        request: HttpRequest | None = None,
    ) -> None:
        self.refusals: dict[str, ValidationError] = {}
        usable = None if data is None else self._usable(data)
        super().__init__(usable, queryset, request=request)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What is wrong: parameter and sentence, in the order of the filters, unknown names last."""
        return [(parameter, str(message)) for parameter, messages in self.errors.items() for message in messages]

    @property
    def qs(self) -> QuerySet[Any]:
        if self.is_bound and not self.is_valid():
            return self.queryset.none()  # type: ignore[no-any-return]
        return super().qs  # type: ignore[no-any-return]

    @cached_property
    def form(self) -> forms.Form:
        form: forms.Form = super().form
        if self.is_bound:
            for parameter, error in self.refusals.items():
                form.errors[parameter] = form.error_class([error], renderer=form.renderer)
        return form

    def get_form_class(self) -> type[forms.Form]:
        unknown_value = _("“%(value)s” is not one of the values of %(parameter)s.")
        for name, filter_ in self.filters.items():
            # The field fills in the value later; % leaves that place as it is.
            filter_.field.error_messages["invalid_choice"] = unknown_value % {"value": "%(value)s", "parameter": name}
        return super().get_form_class()  # type: ignore[no-any-return]

    @classmethod
    def chosen(cls, data: QueryDict) -> dict[str, list[str]]:
        """The filters that an address chooses, in their order, with the values of each."""
        said = {name: [value.strip() for value in data.getlist(name) if value.strip()] for name in cls.base_filters}
        return {name: list(dict.fromkeys(values)) for name, values in said.items() if values}

    def _usable(self, data: QueryDict) -> QueryDict:
        """`data` without blanks and without what is refused, which no field or database may see."""
        usable = data.copy()
        for name in data:
            values = list(dict.fromkeys(value.strip() for value in data.getlist(name) if value.strip()))
            refusal = self._refusal(name, values)
            if refusal:
                self.refusals[name] = ValidationError("%(sentence)s", code="refused", params={"sentence": refusal})
            if refusal or not values:
                del usable[name]
            else:
                usable.setlist(name, values)
        return usable

    def _refusal(self, name: str, values: list[str]) -> str | None:
        filter_ = self.base_filters.get(name)
        if filter_ is None:
            return None if name in self.other_parameters else self._unknown_name(name)
        if len(values) > 1 and not isinstance(filter_, django_filters.MultipleChoiceFilter):
            return _("%(parameter)s can be given only once.") % {"parameter": name}
        if len(values) > MOST_VALUES:
            return _("%(parameter)s is given more than %(limit)s values.") % {"parameter": name, "limit": MOST_VALUES}
        if any(len(value) > LONGEST_VALUE for value in values):
            return _("%(parameter)s is longer than %(limit)s characters.") % {"parameter": name, "limit": LONGEST_VALUE}
        if any(_is_unreadable(character) for value in values for character in value):
            return _("%(parameter)s holds a character that cannot be read.") % {"parameter": name}
        return None

    def _unknown_name(self, name: str) -> str:
        known = sorted({*self.base_filters, *self.other_parameters})
        near = get_close_matches(name, known, n=1)
        if near:
            sentence = _("“%(name)s” is not a filter here. Did you mean “%(near)s”?")
            return sentence % {"name": shown(name), "near": near[0]}
        return _("“%(name)s” is not a filter here.") % {"name": shown(name)}


def said_once(data: QueryDict) -> QueryDict:
    """What was asked, each value of a parameter once: addresses are made of it."""
    once = data.copy()
    for name, values in data.lists():
        once.setlist(name, list(dict.fromkeys(values)))
    return once


class FilterBackend(DjangoFilterBackend):  # type: ignore[misc]
    """Answers 400 with the filter set's sentences, each under its parameter."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise exceptions.ValidationError({name: list(map(str, each)) for name, each in filterset.errors.items()})
        return filterset.qs  # type: ignore[no-any-return]


def _is_unreadable(character: str) -> bool:
    """NUL, which no database keeps, and what stands for bytes that were not UTF-8."""
    return character in "\0\ufffd" or "\ud800" <= character <= "\udfff"
