"""The columns of records as JSON that clients send: each takes its own kind of value and no other, in plain words.

Nothing is converted: a number in quotation marks is no number. `null` stands for nothing in every column that may be
empty. What a column means is judged by the record itself.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_countries.fields import CountryField
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from lib.text import shown
from organizations.countries import is_country
from organizations.models.records import code_format

REQUIRED = forms.Field.default_error_messages["required"]
NO_CHOICE = forms.ChoiceField.default_error_messages["invalid_choice"]
WORDS = {"required": REQUIRED, "null": REQUIRED, "blank": REQUIRED}


def in_message(value: Any) -> str:
    """What was sent, as it was sent."""
    return shown(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def no_choice(value: Any, choices: str) -> str:
    """The sentence of forms, and what they offer to choose from."""
    offered = _("The choices: %(choices)s.") % {"choices": choices}
    return f"{NO_CHOICE % {'value': in_message(value)}} {offered}"


class BlankForNull:
    """A column that stores nothing as a blank text, and takes `null` for it."""

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        found: tuple[bool, Any] = super().validate_empty_values("" if data is None else data)  # type: ignore[misc]
        return found


class Text(BlankForNull, serializers.CharField):
    default_error_messages = WORDS

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise ValidationError(_("“%(value)s” is no text: put it in quotation marks.") % {"value": in_message(data)})
        return super().to_internal_value(data)


class WholeNumber(serializers.IntegerField):
    default_error_messages = WORDS

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            raise ValidationError(_("“%(value)s” is no whole number.") % {"value": in_message(data)})
        return data


class YesOrNo(serializers.BooleanField):
    default_error_messages = WORDS

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise ValidationError(_("“%(value)s” is neither true nor false.") % {"value": in_message(data)})
        return data


class Day(serializers.DateField):
    default_error_messages = WORDS

    def to_internal_value(self, value: Any) -> date:
        try:
            if isinstance(value, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise ValidationError(_("“%(value)s” is no date. Write it like 2017-10-15.") % {"value": in_message(value)})


class Choice(BlankForNull, serializers.ChoiceField):
    default_error_messages = WORDS

    def to_internal_value(self, data: Any) -> str:
        if data == "" and self.allow_blank:
            return ""
        if data == "":
            self.fail("blank")
        if isinstance(data, str) and data in self.choices:
            return data
        raise ValidationError(no_choice(data, ", ".join(filter(None, self.choices))))


class Country(BlankForNull, serializers.CharField):
    default_error_messages = WORDS

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, str) and (not data or is_country(data)):
            return data
        raise ValidationError(no_choice(data, _("two capital letters of ISO 3166-1")))


class Code(serializers.SlugRelatedField):
    """Another record by its code. What it may be is asked of `pointing` in the serializer's context."""

    default_error_messages = WORDS

    def __init__(self, *, column: str, kind: type[models.Model], **kwargs: Any) -> None:
        self.column, self.kind = column, kind
        super().__init__(slug_field="code", queryset=kind._default_manager.all(), **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        found = self.context["pointing"].find(self.column, data) if is_code(data) else None
        if found is None:
            kind = self.kind._meta.verbose_name
            raise ValidationError(no_such_record(kind, in_message(data)))
        return found


def is_code(data: Any) -> bool:
    return isinstance(data, str) and re.match(code_format.regex, data) is not None


def no_such_record(kind: Any, code: str) -> str:
    return _("There is no %(kind)s with the code “%(code)s”.") % {"kind": kind, "code": code}


OF_KIND: dict[type[models.Field], type[serializers.Field]] = {
    models.BooleanField: YesOrNo,
    models.DateField: Day,
    models.DateTimeField: serializers.DateTimeField,
}


def field_of(column: Any) -> tuple[type[serializers.Field], dict[str, Any]]:
    """The kind of field for a column of a record that points to no other, and what makes one of it."""
    is_needed = not (column.blank or column.null or column.has_default())
    options: dict[str, Any] = {"required": is_needed, "help_text": column.help_text or capfirst(column.verbose_name)}
    if isinstance(column, CountryField):
        codes = "ISO 3166-1 alpha-2, or blank." if column.blank else "ISO 3166-1 alpha-2."
        return Country, {**options, "allow_blank": column.blank, "help_text": codes, "max_length": 2}
    if column.choices is not None:
        return Choice, {**options, "choices": column.flatchoices, "allow_blank": column.blank}
    if isinstance(column, models.CharField | models.TextField):
        return Text, {**options, "allow_blank": column.blank, "validators": column.validators}
    if isinstance(column, models.IntegerField):
        return WholeNumber, {**options, "allow_null": column.null, "validators": column.validators}
    return OF_KIND[type(column)], {**options, **({"allow_null": True} if column.null else {})}


def relation_of(column: Any) -> tuple[type[serializers.Field], dict[str, Any]]:
    """The same for a column that points to a record, or to any number of them."""
    options: dict[str, Any] = {
        "column": column.name,
        "kind": column.related_model,
        "required": not column.blank,
        "help_text": column.help_text or capfirst(column.verbose_name),
    }
    if column.many_to_many:
        not_a_list = {"not_a_list": _lazy("Write a list of codes in square brackets.")}
        return Code, {**options, "many": True, "allow_empty": True, "error_messages": {**WORDS, **not_a_list}}
    return Code, {**options, "allow_null": column.null}
