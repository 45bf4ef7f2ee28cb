"""The form fields of filters, and the widget for choosing several values without JavaScript."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.text import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from django.db.models import Model, QuerySet
    from django.forms.renderers import BaseRenderer
    from django.utils.functional import _StrOrPromise
    from django.utils.safestring import SafeString

MOST_CHECKBOXES = 12
MOST_OPTIONS = 500
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


class PlainSelect(forms.Select):
    """A select of ungrouped options, written without a template for each: a list of filters holds hundreds."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        options = ((option(str(choice), str(label), str(choice) == str(value)),) for choice, label in self.choices)
        attributes = flatatt({"name": name, **(attrs or {})})
        return format_html("<select{}>{}</select>", attributes, format_html_join("", "{}", options))


@lru_cache(maxsize=10_000)
def option(value: str, label: str, is_selected: bool) -> SafeString:  # noqa: FBT001 (asked for hundreds on a page)
    """An option of a select. The same countries stand on every page: they are written once."""
    return format_html("<option{}>{}</option>", flatatt({"value": value, "selected": is_selected}), label)


class AnyOfWidget(forms.SelectMultiple):
    """Any number of values of one parameter, in plain HTML.

    Up to 12 choices are checkboxes. Of more choices there is one select for each chosen value and a
    blank one to add another. Without choices text boxes take the selects' place.
    Stands in a fieldset whose legend is `label`, which is also part of each box's own label.
    A chosen value that is none of the choices stays visible, so that it can be taken away.
    """

    use_fieldset = True

    def __init__(self, *, label: _StrOrPromise) -> None:
        super().__init__()
        self.label = label

    def id_for_label(self, id_: str | None, index: str | None = None) -> str:
        # The legend names the whole group, not its first box.
        return ""

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        chosen = [str(each) for each in value or []]
        attrs = self.build_attrs(self.attrs, attrs)
        choices = list(self.choices)
        known = {str(choice) for choice, _label in choices}
        choices += [(each, each) for each in chosen if each not in known]
        if 0 < len(known) <= MOST_CHECKBOXES:
            return forms.CheckboxSelectMultiple(choices=choices).render(name, chosen, attrs, renderer)
        box: forms.Widget = forms.TextInput()
        if 0 < len(known) <= MOST_OPTIONS:
            box = PlainSelect(choices=[("", "—" if chosen else _("Any")), *choices])
        return format_html_join(
            "\n",
            "{}",
            (
                (box.render(name, each, self._attrs_of_box(attrs, number, each), renderer),)
                for number, each in enumerate([*chosen, ""], start=1)
            ),
        )

    def _attrs_of_box(self, attrs: dict[str, Any], number: int, value: str) -> dict[str, Any]:
        label = _("%(label)s: value %(number)s") if value or number == 1 else _("%(label)s: another value")
        own = {**attrs, "aria-label": label % {"label": self.label, "number": number}}
        return {**own, "id": f"{attrs['id']}_{number}"} if attrs.get("id") else own


class CodesField(forms.MultipleChoiceField):
    """Codes of the rows of a queryset; its cleaned value is the list of these rows.

    `in_hand` finds those of them that the page reads anyway; for the others the database is asked.
    """

    def __init__(
        self,
        *,
        queryset: QuerySet[Any],
        to_field_name: str,
        in_hand: Callable[[list[Any]], Mapping[str, Model]] | None = None,
        **options: Any,
    ) -> None:
        def choices() -> Iterator[tuple[str, str]]:
            # Too many to list: they are not even read, and the widget shows text boxes.
            if not queryset.order_by()[MOST_OPTIONS:].exists():
                for row in queryset:
                    yield str(getattr(row, to_field_name)), str(row)

        super().__init__(choices=choices, **options)
        self.queryset = queryset
        self.to_field_name = to_field_name
        self.in_hand = in_hand

    def clean(self, value: Any) -> list[Model]:
        column: Any = self.queryset.model._meta.get_field(self.to_field_name)  # Django documents _meta
        asked = {text: self._in_type_of(column, text) for text in self.to_python(value)}
        codes = list(asked.values())
        rows = dict(self.in_hand(codes)) if self.in_hand and codes else {}
        if sought := [code for code in codes if code not in rows]:
            found = self.queryset.filter(**{f"{self.to_field_name}__in": sought})
            rows |= {getattr(row, self.to_field_name): row for row in found}
        for text, code in asked.items():
            # One message for what is missing and what the queryset hides.
            if code not in rows:
                self._refuse(text)
        return list(rows.values())

    def _in_type_of(self, column: Any, text: str) -> Any:
        try:
            return column.to_python(text)
        except ValidationError:
            self._refuse(text)

    def _refuse(self, text: str) -> None:
        raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": text})


class YearsField(forms.Field):
    """Years from 1900 to 2200; its cleaned value is a list of numbers."""

    default_error_messages = {
        "invalid": gettext_lazy("“%(value)s” is not a year from 1900 to 2200: please write it as 2017.")
    }

    def to_python(self, value: Any) -> list[int]:
        for text in value or []:
            if not re.fullmatch("[0-9]{4}", text) or not EARLIEST_YEAR <= int(text) <= LATEST_YEAR:
                raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": text})
        return [int(text) for text in value or []]


class SearchField(forms.CharField):
    """Text to search for, which must hold a letter or a digit."""

    default_error_messages = {"invalid": gettext_lazy("“%(value)s” has no letter or digit to search for.")}

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not words(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value})


class MomentField(forms.Field):
    """A date or a date and time in ISO 8601; its cleaned value knows its time zone.

    Without a zone it is in the current one; a date is its first moment.
    """

    default_error_messages = {
        "invalid": gettext_lazy("“%(value)s” is not a time: please write it as 2017-10-15 or 2017-10-15T18:30:00Z.")
    }

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        try:
            moment: datetime | None = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        # No database holds every year that can be written.
        if moment is None or not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value})
        return make_aware(moment) if is_naive(moment) else moment
