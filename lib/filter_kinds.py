"""The kinds of filter that a list offers; `lib.filters` gathers them for the filter sets."""

from __future__ import annotations

from functools import partial, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, cast

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from lib.dates import ForgivingDateField
from lib.filter_fields import AnyOfWidget, CodesField, MomentField, SearchField, YearsField
from lib.paths import narrowed
from lib.text import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpRequest
    from django.utils.functional import _StrOrPromise

    Choices = Iterable[tuple[str, _StrOrPromise]]


class AnyOf(django_filters.MultipleChoiceFilter):  # type: ignore[misc]  # django-filter has no types
    """Keeps the rows whose `field_name` is any of the values chosen: the base of the filters that may be repeated.

    With `verb` the rows are those of the queryset's own method of that name, called with the list of values.
    Across a to-many relation each row is still kept once.
    """

    def __init__(
        self,
        field_name: str | None = None,
        *,
        label: _StrOrPromise,
        verb: str | None = None,
        schema: dict[str, Any],
        **field_options: Any,
    ) -> None:
        super().__init__(field_name, label=label, widget=AnyOfWidget(label=label), **field_options)
        self.verb = verb
        extend_schema_field({**schema, "description": label})(self)

    def filter(self, queryset: QuerySet[Any], chosen: list[Any]) -> QuerySet[Any]:
        if not chosen:
            return queryset
        if self.verb:
            return _called(queryset, self.verb, chosen)
        return narrowed(queryset, self.condition(chosen), self.field_name)

    def condition(self, chosen: list[Any]) -> Q:
        return Q((f"{self.field_name}__in", chosen))


class AnyOfChoices(AnyOf):
    """Any of fixed `choices`: pairs of value and label, or a function that gives them when they are needed."""

    field_class = forms.MultipleChoiceField

    def __init__(
        self,
        field_name: str | None = None,
        *,
        choices: Choices | Callable[[], Choices],
        label: _StrOrPromise,
        verb: str | None = None,
    ) -> None:
        schema: dict[str, Any] = {"type": "string"}
        if not callable(choices):
            choices = list(choices)
            schema["enum"] = [value for value, _label in choices]
        super().__init__(field_name, label=label, verb=verb, schema=schema, choices=choices)


class AnyOfCodes(AnyOf):
    """Any of the rows of `queryset`, named by their codes; `field_name` is the path to that relation.

    `queryset` is a QuerySet, or a function of the request (which may be None) that gives one: what it leaves out
    cannot be named, and is refused as if it did not exist. The chosen values are its rows, not their codes.
    """

    field_class = CodesField

    def __init__(
        self,
        field_name: str | None = None,
        *,
        queryset: QuerySet[Any] | Callable[[HttpRequest | None], QuerySet[Any]],
        label: _StrOrPromise,
        to_field_name: str = "code",
        verb: str | None = None,
    ) -> None:
        super().__init__(field_name, label=label, verb=verb, schema={"type": "string"}, to_field_name=to_field_name)
        self.queryset = queryset

    @property
    def field(self) -> forms.Field:
        if "queryset" not in self.extra:
            rows = self.queryset(self.parent.request) if callable(self.queryset) else self.queryset
            self.extra["queryset"] = rows
            if self.parent.in_hand:
                self.extra["in_hand"] = partial(self.parent.in_hand.find, rows.model)
        field: forms.Field = super().field
        return field


class Year(AnyOf):
    """Any of the years, 1900 to 2200, of the date at `field_name`."""

    field_class = YearsField

    def __init__(self, field_name: str | None = None, *, label: _StrOrPromise, verb: str | None = None) -> None:
        schema = {"type": "integer", "minimum": 1900, "maximum": 2200}
        super().__init__(field_name, label=label, verb=verb, schema=schema)

    def condition(self, chosen: list[int]) -> Q:
        # One range per year, which an index serves; year__in would compute the year of every row.
        return reduce(or_, [Q((f"{self.field_name}__year", year)) for year in chosen])


class Day(django_filters.DateFilter):  # type: ignore[misc]
    """Compares the date at `field_name` with one day, by `lookup_expr`: `Day("election_day", "gte", label=…)`."""

    field_class = ForgivingDateField

    def __init__(self, *args: Any, **options: Any) -> None:
        # A browser offers a calendar; what an address says may be written in any way that the field reads.
        super().__init__(*args, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **options)


class YesNo(django_filters.Filter):  # type: ignore[misc]
    """ "yes" keeps the rows of the queryset's method `yes`, "no" those of its method `no`."""

    field_class = forms.ChoiceField

    def __init__(self, *, yes: str, no: str, label: _StrOrPromise) -> None:
        choices = [("", _("Any")), ("yes", _("Yes")), ("no", _("No"))]
        super().__init__(label=label, choices=choices)
        self.verbs = {"yes": yes, "no": no}
        extend_schema_field({"type": "string", "enum": ["yes", "no"], "description": label})(self)

    def filter(self, queryset: QuerySet[Any], answer: str) -> QuerySet[Any]:
        return _called(queryset, self.verbs[answer]) if answer else queryset


class Search(django_filters.CharFilter):  # type: ignore[misc]
    """Keeps the rows that the queryset's method `verb` finds for the text; see also `holding_words`."""

    field_class = SearchField

    def __init__(self, *, label: _StrOrPromise, verb: str = "search") -> None:
        super().__init__(label=label)
        self.verb = verb

    def filter(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return _called(queryset, self.verb, text) if text else queryset


class ModifiedAfter(django_filters.IsoDateTimeFilter):  # type: ignore[misc]
    """Keeps the rows whose `field_name` is at or after a moment, so that who asks again misses none."""

    field_class = MomentField

    def __init__(self, field_name: str = "modified_at", *, label: _StrOrPromise) -> None:
        super().__init__(field_name, "gte", label=label)


def holding_words(queryset: QuerySet[Any], text: str, *columns: str) -> QuerySet[Any]:
    """The rows of `queryset` that hold each word of `text` in one of the folded `columns`, each row once."""
    for word in words(text):
        in_any_column = reduce(or_, [Q((f"{column}__contains", word)) for column in columns])
        queryset = narrowed(queryset, in_any_column, *columns)
    return queryset


def _called(queryset: QuerySet[Any], verb: str, *values: Any) -> QuerySet[Any]:
    return cast("QuerySet[Any]", getattr(queryset, verb)(*values))
