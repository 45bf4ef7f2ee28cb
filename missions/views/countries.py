"""The pages of countries: what the record holds of each as host and as sender."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_countries import countries

from missions import api, lists
from missions.answer import Answer, AnswerFilterSet
from missions.models import Deployment, Election, Mission
from missions.views.answer import shown
from organizations.countries import country_name
from organizations.models import Organization

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from organizations.policy import Reader

FIRST = 10
# What is counted of a country: the list, the column of its rows, and the filter of the list that finds them.
COUNTED: tuple[tuple[Any, str, str], ...] = (
    (Election, "country", "host_country"),
    (Mission, "election__country", "host_country"),
    (Deployment, "election__country", "host_country"),
    (Deployment, "sender_country", "sender_country"),
    (Organization, "country", "country"),
)
HOSTED = COUNTED[:3]


@require_safe
def country_list(request: HttpRequest) -> HttpResponse:
    """Every country of which there is a record that the reader may see."""
    counts = [counted(model, column, request.user) for model, column, _filter in COUNTED]
    rows = [
        {
            "code": code,
            "name": country_name(code),
            "cells": [
                (address(model, name, code), of_model.get(code, 0))
                for (model, _column, name), of_model in zip(COUNTED, counts, strict=True)
            ],
        }
        for code in countries_in(counts)
    ]
    return render(request, "missions/country_list.html", {"rows": sorted(rows, key=by_name)})


def by_name(row: dict[str, Any]) -> str:
    return str(row["name"]).casefold()


def counted(model: Any, column: str, user: Reader) -> dict[str, int]:
    """How many records of a kind there are of each country."""
    rows = model.objects.visible_to(user).order_by().values_list(column).annotate(rows=Count("pk"))
    return {str(code): number for code, number in rows if code}


def countries_in(counts: list[dict[str, int]]) -> list[str]:
    return sorted(sum(map(Counter, counts), Counter()))


def countries_recorded(user: Reader) -> list[str]:
    """The codes of the countries of which there is a record that the reader may see."""
    return countries_in([counted(model, column, user) for model, column, _filter in COUNTED])


def address(model: Any, name: str, code: str) -> str:
    return f"{reverse(model.resource())}?{name}={code}"


@require_safe
def country_page(request: HttpRequest, code: str) -> HttpResponse:
    if code.upper() not in dict(countries):
        raise Http404
    if code != code.upper():
        return redirect("country", code=code.upper())
    user = request.user
    elections = lists.election_rows(user).filter(country=code).order_by("-election_day", "code")
    declined = lists.invitation_rows(user).declined().filter(invitee__country=code)
    bodies = Organization.objects.visible_to(user).with_names(user).filter(country=code).order_by("kind", "code")
    context = {
        "title": country_name(code),
        "code": code,
        "hosted": [
            (model._meta.verbose_name_plural, address(model, name, code), rows_of(model, column, code, user))
            for model, column, name in HOSTED
        ],
        "elections": elections[:FIRST],
        "received": by_year(request, "host_country", code),
        "sent": by_year(request, "sender_country", code),
        "declined": pairs(request, declined.order_by("-election__election_day", "code")),
        "bodies": bodies,
    }
    return render(request, "missions/country.html", context)


def rows_of(model: Any, column: str, code: str, user: Reader) -> int:
    number: int = model.objects.visible_to(user).filter(**{column: code}).count()
    return number


def pairs(request: HttpRequest, invitations: Any) -> list[tuple[Any, dict[str, Any]]]:
    serializer = api.InvitationViewSet.serializer_class(context={"request": request})
    return [(invitation, serializer.to_representation(invitation)) for invitation in invitations]


def by_year(request: HttpRequest, name: str, code: str) -> dict[str, Any]:
    """The parties that the country received or sent, in all and by year, with the address of the answer to each."""
    data = QueryDict(mutable=True)
    data.update({name: code, "by": "year"})
    filterset = AnswerFilterSet(data, lists.deployment_rows(request.user), request=request)
    answer = Answer(filterset, request.user)
    return {"total": shown(answer.total), "years": [shown(group) for group in reversed(answer.groups())]}
