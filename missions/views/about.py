"""The page about the record: how much it holds, of which countries and years, and what it does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from missions.coverage import coverage, holdings, named

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from missions.coverage import Covered
    from organizations.models import Record

# The kinds of record that have a page with a list.
LISTS = ("elections", "missions", "deployments", "invitations", "organizations", "sources")


@require_safe
def about_the_record(request: HttpRequest) -> HttpResponse:
    held = [counted(kind, number) for kind, number in holdings(request.user).items()]
    countries, years = coverage(request.user)
    context = {
        "held": held,
        "countries": [
            row(country, f"host_country={country.key}", f"host_country={country.key}&year=") for country in countries
        ],
        "years": [row(year, f"year={year.key}", f"year={year.key}&host_country=") for year in years],
        "downloads": settings.PUBLIC_ACCESS,
    }
    return render(request, "missions/about_the_record.html", context)


def counted(kind: type[Record], number: int, query: str = "") -> dict[str, Any]:
    """A number of records with the address of their rows: their page, else the API where everybody may ask it."""
    name, address = kind.resource(), ""
    if name in LISTS:
        address = f"{reverse(name)}{query and '?'}{query}"
    elif settings.PUBLIC_ACCESS:
        address = f"{reverse(f'api:{name}-list')}?count=exact"
    return {"name": kind._meta.verbose_name_plural, "number": number, "address": address}


def row(place: Covered, query: str, other: str) -> dict[str, Any]:
    """A row of a table: the country or year, its numbers, and the elections in each year or country of it."""
    elections = reverse("elections")
    return {
        "name": named(place.key),
        "counts": [counted(kind, number, query) for kind, number in place.counts.items()],
        "others": [
            {"name": named(key), "number": number, "address": f"{elections}?{other}{key}"}
            for key, number in place.others.items()
        ],
    }
