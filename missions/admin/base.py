"""What the admin of records shares whose change alters how head counts read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from missions.admin.statements_beside import StatementsBeside
from missions.models import Election
from missions.resting import RestingReadings
from organizations.admin.base import CountryFilter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest

# What the names of missions and deployments are made of, on the way to them.
OF_MISSION = ("election", "organizer__names")
OF_DEPLOYMENT = ("election", "sender__names")


def through(name: str, parts: Iterable[str]) -> tuple[str, ...]:
    """The paths, seen from a record that points to theirs by `name`."""
    return tuple(f"{name}__{part}" for part in parts)


class HostCountryFilter(CountryFilter):
    title = _("host country")
    parameter_name = "election__country"


class YearFilter(admin.SimpleListFilter):
    """The years of all elections."""

    title: Any = _("year of the election")
    parameter_name = "year"
    path = "election__election_day"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        days = Election.objects.visible_to(request.user).dates("election_day", "year", order="DESC")
        return [(str(day.year), str(day.year)) for day in days]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        offered = dict(self.lookup_choices)
        return queryset.filter(**{f"{self.path}__year": self.value()}) if self.value() in offered else queryset


class ReadingsAdmin(StatementsBeside):
    """Rebuilds the stored readings in the transaction that saves or deletes, after everything is in place."""

    resting = RestingReadings

    def after_saving(self, request: HttpRequest, form: Any, saved: list[Any]) -> None:
        super().after_saving(request, form, saved)
        for sentence in form.resting.warnings(saved, request.user):
            messages.warning(request, sentence)
