"""The short address of a list: without blanks, and with the codes of what was called by its name.

A form sends a blank for each box left empty, and the name that somebody typed or was offered; neither is the state of a
list. Names are looked for only where what stands in the address is no code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect

from lib.filters import AnyOfChoices, AnyOfCodes
from lib.text import fold
from organizations.models import Organization

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpRequest, HttpResponseRedirect, QueryDict

    from lib.filters import StrictFilterSet


def to_short_address(
    request: HttpRequest, filterset: StrictFilterSet, known: Collection[str]
) -> HttpResponseRedirect | None:
    """Leads to the short address of the page; None where it was asked for."""
    short = short_query(filterset, request.GET, known)
    if short == request.GET:
        return None
    return redirect(f"{request.path}?{short.urlencode()}" if short else request.path)


def short_query(filterset: StrictFilterSet, asked: QueryDict, known: Collection[str]) -> QueryDict:
    """What was asked of these parameters in short; any other stays as it is, to be refused."""
    short = asked.copy()
    for name, values in asked.lists():
        if name in known:
            short.setlist(name, [value for value in values if value.strip()])
        if isinstance(filterset.filters.get(name), AnyOfChoices | AnyOfCodes) and name in filterset.errors:
            short.setlist(name, codes_for(filterset, name, short.getlist(name)))
        if not short.getlist(name):
            del short[name]
    return short


def codes_for(filterset: StrictFilterSet, name: str, values: list[str]) -> list[str]:
    """The values of a filter, each name in them that is one row's alone replaced by the row's code."""
    field: Any = filterset.form.fields[name]
    codes: dict[str, set[str]] = {}
    is_of_rows = isinstance(filterset.filters[name], AnyOfCodes)
    called = ((row.code, names_of(row)) for row in field.queryset) if is_of_rows else field.choices
    for code, names in called:
        for each in names if is_of_rows else (code, str(names)):
            codes.setdefault(fold(each), set()).add(code)
    found = [(value, codes.get(fold(value), set())) for value in values]
    return [next(iter(rows)) if len(rows) == 1 else value for value, rows in found]


def names_of(row: Any) -> list[str]:
    """What a row is called: an organization by all its names that the reader sees, of any time and in any language."""
    names = [row.code, str(row)]
    if isinstance(row, Organization):
        names += [each for name in row.all_names() for each in (name.name, name.short_name)]
    return [name for name in names if name]
