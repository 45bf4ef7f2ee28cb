"""Values of cells: dates, numbers, yes and no, choices and text, as the fields of the records hold them."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models

from lib.text import shown
from missions.dataset.format import SEPARATOR
from missions.dataset.reading import listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from missions.dataset.known import Known

    # Answers the value of a cell. Raises ValidationError.
    Reader = Callable[[str], Any]

REQUIRED = str(forms.Field.default_error_messages["required"])
LONGEST_NUMBER = 18
DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
WHOLE_NUMBER = re.compile("-?[0-9]+")


def plain_reader(model_field: Any) -> Reader:
    """What reads the cells of a column that points to no record, and refuses them as the field itself would."""
    convert = converter(model_field)
    has_rules = any(not isinstance(rule, MaxLengthValidator) for rule in model_field.validators)

    if model_field.blank and not has_rules:
        return convert

    def read(cell: str) -> Any:
        value = convert(cell)
        if value is None or value == "":
            if not model_field.blank:
                raise ValidationError(REQUIRED)
        elif has_rules:
            model_field.run_validators(value)
        return value

    return read


def converter(model_field: Any) -> Reader:
    """What makes values of cells, by the kind of the field."""
    if isinstance(model_field, models.BooleanField):
        return partial(yes_or_no, default=model_field.get_default())
    if isinstance(model_field, models.DateField):
        return partial(day, model_field)
    if isinstance(model_field, models.IntegerField):
        return partial(number, default=model_field.get_default())
    blank = "" if model_field.blank else model_field.get_default()
    if model_field.choices is not None:
        choices = [value for value, _label in model_field.flatchoices if value]
        told = listed(choices) if len(choices) < 20 else "two capital letters of ISO 3166-1"
        return partial(choice, choices=frozenset(choices), told=told, blank=blank)
    return partial(text, longest=model_field.max_length, blank=blank)


def yes_or_no(cell: str, *, default: Any) -> Any:
    if cell not in {"true", "false", ""}:
        raise ValidationError(f"“{shown(cell)}” is neither true nor false.")
    return cell == "true" if cell else default


def day(model_field: Any, cell: str) -> Any:
    """The date in a cell, which is written like 2017-10-15 and in no other of the many ways of ISO 8601."""
    if not cell:
        return None
    try:
        if DAY.fullmatch(cell):
            return model_field.to_python(cell)
    except ValidationError:
        pass
    raise ValidationError(f"“{shown(cell)}” is no date. Write it like 2017-10-15.")


def number(cell: str, *, default: Any) -> Any:
    if not cell:
        return default
    if not WHOLE_NUMBER.fullmatch(cell):
        raise ValidationError(f"“{shown(cell)}” is no whole number.")
    if len(cell) > LONGEST_NUMBER:
        raise ValidationError(f"“{shown(cell)}” is too large.")
    return int(cell)


def choice(cell: str, *, choices: frozenset[str], told: str, blank: Any) -> Any:
    if cell and cell not in choices:
        raise ValidationError(f"“{shown(cell)}” is not one of the choices: {told}.")
    return cell or blank


def text(cell: str, *, longest: int | None, blank: Any) -> Any:
    if longest and len(cell) > longest:
        raise ValidationError(f"{len(cell)} characters are too many: {longest} fit here.")
    return cell or blank


def reference_reader(known: Known) -> Reader:
    """What reads the cells of a column that holds the code of a record, or nothing."""
    return lambda cell: known.find(cell.strip()) if cell.strip() else None


def references_reader(known: Known) -> Reader:
    """What reads the cells of a column that holds the codes of any number of records."""

    def read(cell: str) -> list[Any]:
        codes = dict.fromkeys(code.strip() for code in cell.split(SEPARATOR.strip()) if code.strip())
        return [known.find(code) for code in codes]

    return read
