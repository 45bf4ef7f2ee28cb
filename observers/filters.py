"""The filters of observers and of the spellings of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from lib.filters import AnyOfChoices, AnyOfCodes
from observers.models import Observer
from organizations.countries import country_choices
from organizations.filters import CitedSource, RecordFilterSet

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


def observers(request: HttpRequest | None) -> QuerySet[Any]:
    """The persons whom the reader may see; without a request, as for the schema, none."""
    return Observer.objects.visible_to(request.user) if request else Observer.objects.none()


class ObserverFilterSet(RecordFilterSet):
    nationality = AnyOfChoices("nationality", choices=country_choices, label=_("Nationality"))
    gender = AnyOfChoices("gender", choices=Observer.Gender.choices, label=_("Gender"))


class ObserverNameFilterSet(RecordFilterSet):
    observer = AnyOfCodes("observer", queryset=observers, label=_("Observer"))
    source = CitedSource("source")
