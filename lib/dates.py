"""Dates as people and papers write them: days, months and years."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lib.month_names import month_named
from lib.text import shown

_YEAR = "(?P<year>[0-9]{4})"
_MONTH = "(?P<month>[0-9]{1,2})"
_DAY = "(?P<day>[0-9]{1,2})"
# Spreadsheets print a day as its first moment. Any other time of day says more than a day.
_MIDNIGHT = "(?:[T ]0?0:00(?::00)?)?"
_FORMS = [
    re.compile(form)
    for form in [
        f"{_YEAR}-{_MONTH}-{_DAY}{_MIDNIGHT}",
        rf"{_DAY}\.{_MONTH}\.{_YEAR}{_MIDNIGHT}",
        f"{_YEAR}/{_MONTH}/{_DAY}{_MIDNIGHT}",
        f"{_YEAR}-{_MONTH}",
        rf"{_MONTH}\.{_YEAR}",
        _YEAR,
    ]
]
# Here some write the day before the month and some behind it, as with dots after the year in Kazakh.
_IN_ANY_ORDER = [
    re.compile(form + _MIDNIGHT)
    for form in [
        f"(?P<one>[0-9]{{1,2}})([/-])(?P<other>[0-9]{{1,2}})\\2{_YEAR}",
        rf"{_YEAR}\.(?P<one>[0-9]{{1,2}})\.(?P<other>[0-9]{{1,2}})",
    ]
]
_TWO_DAYS = re.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})/([0-9]{4}-[0-9]{2}-[0-9]{2})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{2}")
# "15 октября 2017 г.", "2017 жылғы 15 қазан": said after the year, and no part of the date.
_YEAR_WORD = re.compile(r"(?<=[0-9]{2})\s*(?:год|года|г|жылғы|жыл|ж)\b\.?", re.IGNORECASE)
# «15» октября, the 15th of October.
_QUOTED_DAY = re.compile(r"[«“„\"]\s*([0-9]{1,2})\s*[»”“\"]")
_ORDINAL_DAY = re.compile(r"\b(?:the\s+)?([0-9]{1,2})(?:st|nd|rd|th)\b(?:\s+of\b)?", re.IGNORECASE)
# A hyphen joins 15-Oct-2017; one that stands free, as in "Oct 2017 -", says "until" and is no part of a date.
_BETWEEN_PARTS = re.compile(r"[\s,.]+|(?<=\w)-(?=\w)")


class DateSpan(NamedTuple):
    """The days from `first` to `last`, both included: one day, a month, a year or any others."""

    first: date
    last: date

    @property
    def is_day(self) -> bool:
        return self.first == self.last

    @property
    def is_month(self) -> bool:
        return self == _span(self.first.year, self.first.month)

    @property
    def is_year(self) -> bool:
        return self == _span(self.first.year)

    def __str__(self) -> str:
        """The shortest ISO 8601 form, which `parse_date` reads back as the same span."""
        if self.is_day:
            return self.first.isoformat()
        if self.is_month:
            return self.first.isoformat()[:7]
        if self.is_year:
            return self.first.isoformat()[:4]
        return f"{self.first.isoformat()}/{self.last.isoformat()}"


def parse_date(text: str) -> DateSpan:
    """Read a day, a month or a year; a month or year is the span of its days.

    Reads 2017-10-15, 15.10.2017, 2017/10/15, 15 Oct 2017, 15-Oct-2017, October 15th, 2017, «15» октября 2017 г.,
    2017-10, 10.2017, Oct 2017, 2017, and two ISO days as in 2017-09-01/2017-10-14. Months may be in English, Russian
    or Kazakh, in full or cut to three letters or more. Written 15/10/2017, 15-10-2017 or 2017.10.15, the day is the
    number over 12; 01/02/2017 is refused. A day in numbers may end in midnight, 00:00:00. Raises ValueError with one
    sentence, in the reader's language.
    """
    text = text.strip()
    plain = _YEAR_WORD.sub(" ", text).strip()
    try:
        span = _in_numbers(plain) or _with_month_name(plain)
    except ValueError:
        raise ValueError(_("“%(text)s” is not in the calendar.") % {"text": shown(text)}) from None
    if span is None:
        message = _("“%(text)s” is not a date: please write it as 2017-10-15.")
        if any(form.fullmatch(plain) for form in _IN_ANY_ORDER):
            message = _("“%(text)s” can be read in two ways: please write it as 2017-10-15.")
        elif _SHORT_YEAR.fullmatch(plain) or _lacks_the_year(plain):
            message = _("“%(text)s” needs a year of four digits: please write it as 2017-10-15.")
        raise ValueError(message % {"text": shown(text)})
    return span


def lacks_only_the_year(text: str) -> bool:
    """Whether `text` is a day and a month, such as “12 April”, “April 12” or “12 апреля”, with nothing else."""
    years, months, days, is_all = _parts(text.strip())
    return is_all and (len(years), len(months), len(days)) == (0, 1, 1)


def format_span(first: date | None, last: date) -> str:
    """The span in words: "15 October 2017", "October 2017", "2017", else "undated, by 14 October 2017".

    Without `first` the span is the one day `last`.
    """
    span = DateSpan(first or last, last)
    if span.is_day:
        return date_format(last, "DATE_FORMAT")
    if span.is_month:
        return date_format(last, "YEAR_MONTH_FORMAT")
    if span.is_year:
        return str(last.year)
    return _("undated, by %(day)s") % {"day": date_format(last, "DATE_FORMAT")}


class ForgivingDateField(forms.DateField):
    """A form field for one day, written in any of the forms that `parse_date` reads."""

    def __init__(self, **options: Any) -> None:
        # Shown as ISO whatever the language: 01/02/2017 would be read in two ways.
        options.setdefault("widget", forms.DateInput(format="%Y-%m-%d"))
        super().__init__(**options)

    def to_python(self, value: Any) -> date | None:
        text = value.strip() if isinstance(value, str) else ""
        if not text:
            return super().to_python(None if isinstance(value, str) else value)
        span = _parsed(text)
        if span.is_day:
            return span.first
        if span.is_month:
            message = _("“%(text)s” names a month: this box needs a day, for example 2017-10-15.")
        elif span.is_year:
            message = _("“%(text)s” names a year: this box needs a day, for example 2017-10-15.")
        else:
            message = _("“%(text)s” names several days: this box needs one, for example 2017-10-15.")
        raise ValidationError(message, code="not_a_day", params={"text": shown(text)})


class DateOrSpanField(forms.CharField):
    """A form field for a day, a month or a year; its cleaned value is a DateSpan, or None if blank."""

    def to_python(self, value: Any) -> DateSpan | None:  # type: ignore[override]  # not text, as CharField has it
        text = super().to_python(value)
        return _parsed(text) if text else None


def _parsed(text: str) -> DateSpan:
    try:
        return parse_date(text)
    except ValueError as error:
        raise ValidationError(str(error), code="invalid") from error


def _in_numbers(text: str) -> DateSpan | None:
    """The span that `text` writes in numbers alone, None if it does not; ValueError for 2017-02-31."""
    for form in _FORMS:
        if match := form.fullmatch(text):
            return _span(**{part: int(number) for part, number in match.groupdict().items()})
    for form in _IN_ANY_ORDER:
        if match := form.fullmatch(text):
            month, day = sorted([int(match["one"]), int(match["other"])])
            return _span(int(match["year"]), month, day) if day > 12 else None
    if match := _TWO_DAYS.fullmatch(text):
        span = DateSpan(date.fromisoformat(match[1]), date.fromisoformat(match[2]))
        return span if span.first <= span.last else None
    return None


class _Parts(NamedTuple):
    """The numbers and month names of which a text is made, and whether it holds anything else."""

    years: list[int]
    months: list[int]
    days: list[int]
    is_all: bool


def _parts(text: str) -> _Parts:
    text = _ORDINAL_DAY.sub(r"\1", _QUOTED_DAY.sub(r"\1", text))
    parts = [part for part in _BETWEEN_PARTS.split(text) if part]
    years = [int(part) for part in parts if re.fullmatch("[0-9]{4}", part)]
    days = [int(part) for part in parts if re.fullmatch("[0-9]{1,2}", part)]
    months = [month for part in parts if (month := month_named(part))]
    return _Parts(years, months, days, len(years) + len(months) + len(days) == len(parts))


def _with_month_name(text: str) -> DateSpan | None:
    """The span of "15 Oct 2017", "Oct 2017" and the like in any order, None if `text` is neither."""
    years, months, days, is_all = _parts(text)
    if not is_all or len(years) != 1 or len(months) != 1 or len(days) > 1:
        return None
    return _span(years[0], months[0], *days)


def _lacks_the_year(text: str) -> bool:
    """Whether `text` is "15 Oct 17", "15 Oct" or the like."""
    years, months, days, is_all = _parts(text)
    return is_all and not years and len(months) == 1 and len(days) in {1, 2}


def _span(year: int, month: int | None = None, day: int | None = None) -> DateSpan:
    """The day, the month or the year; ValueError where the calendar has none."""
    if month is None:
        return DateSpan(date(year, 1, 1), date(year, 12, 31))
    if day is None:
        first = date(year, month, 1)
        return DateSpan(first, first.replace(day=monthrange(year, month)[1]))
    return DateSpan(date(year, month, day), date(year, month, day))
