"""The page of search: one question to every list, and the first rows that each of them finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lib.filters import StrictFilterSet
from lib.ordering import ordered
from lib.text import fold, words
from missions.views.countries import countries_recorded
from missions.views.deployments import DeploymentList
from missions.views.lists import (
    ElectionList,
    InvitationList,
    MissionList,
    ObserverList,
    OrganizationList,
    SourceList,
)
from organizations.countries import countries_with, country_name
from organizations.filters import SearchForReader
from organizations.models import Organization
from organizations.policy import is_member

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from missions.views.list_page import ListPage

FIRST = 5


class SearchFilterSet(StrictFilterSet):
    """Words, and nothing else."""

    other_parameters = frozenset()

    q = SearchForReader(label=_("Search"))


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    asked = SearchFilterSet(request.GET, Organization.objects.none(), request=request)
    text = request.GET.get("q", "").strip()
    context: dict[str, Any] = {"title": _("Search"), "text": text, "problems": asked.problems}
    if asked.problems:
        return render(request, "missions/search.html", context, status=400)
    if text:
        found = [found_in(page, request, text) for page in lists_for(request)]
        found.insert(3, countries_found(request, text))
        context["found"] = [each for each in found if each["count"]]
    return render(request, "missions/search.html", context)


def lists_for(request: HttpRequest) -> list[type[ListPage]]:
    """The lists that are searched; persons for those who are signed in."""
    lists: list[type[ListPage]] = [ElectionList, MissionList, OrganizationList]
    if is_member(request.user):
        lists.append(ObserverList)
    return [*lists, DeploymentList, InvitationList, SourceList]


def found_in(page: type[ListPage], request: HttpRequest, text: str) -> dict[str, Any]:
    """What a list finds: as many rows as its own page has with these words."""
    query = QueryDict(mutable=True)
    query["q"] = text
    resource = page.resource
    filterset = resource.filterset_class(query, resource.rows(request.user), request=request)
    rows = ordered(page.brought(filterset.qs, request.user), resource.ordering, resource.ordering_fields)
    name = resource.model().resource()
    return {
        "name": page.title,
        "kind": name,
        "count": rows.count(),
        "address": f"{reverse(name)}?{query.urlencode()}",
        "rows": [row_of(record, text) for record in rows[:FIRST]],
    }


def row_of(record: Any, text: str) -> dict[str, Any]:
    """A row, and under which other name an organization or a person was found."""
    label = str(record)
    wanted = words(text)
    is_found = any(word in fold(label) for word in wanted)
    names = record.names.all() if hasattr(record, "names") and not is_found else []
    return {
        "label": label,
        "address": record.get_absolute_url(),
        "also": [name for name in names if any(word in fold(spellings_of(name)) for word in wanted)],
    }


def spellings_of(name: Any) -> str:
    return f"{name} {getattr(name, 'short_name', '')}"


def countries_found(request: HttpRequest, text: str) -> dict[str, Any]:
    """The countries of the record whose name, in any language of the site, holds each word."""
    codes = set(countries_recorded(request.user))
    for word in words(text):
        codes &= set(countries_with(word))
    rows = [
        {"label": country_name(code), "address": reverse("country", args=[code]), "also": []}
        for code in sorted(codes, key=country_name)
    ]
    return {"name": _("Countries"), "kind": "countries", "count": len(rows), "address": "", "rows": rows}
