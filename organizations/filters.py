"""The filters of organizations, their names and members, regions and sources: one set per list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from lib.filters import AnyOfChoices, AnyOfCodes, ModifiedAfter, Search, StrictFilterSet, Year
from organizations.countries import country_choices
from organizations.models import Membership, Organization, Source

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


def organizations(request: HttpRequest | None) -> QuerySet[Any]:
    """Every organization, with the names that a choice shows."""
    return Organization.objects.with_names()


def sources(request: HttpRequest | None) -> QuerySet[Any]:
    """The sources that the reader may see; without a request, as for the schema, none."""
    return Source.objects.visible_to(request.user) if request else Source.objects.none()


def source_languages() -> list[tuple[str, str]]:
    """The languages that sources are written in."""
    codes = Source.objects.exclude(language="").order_by("language").values_list("language", flat=True).distinct()
    return [(code, code) for code in codes]


class RecordFilterSet(StrictFilterSet):
    """What every list can be asked: words, and what has changed since."""

    q = Search(label=_("Search"))
    modified_after = ModifiedAfter(label=_("Changed since"))


class SourceFilterSet(RecordFilterSet):
    language = AnyOfChoices("language", choices=source_languages, label=_("Language"))
    year = Year("published_on", label=_("Year of publication"))


class OrganizationFilterSet(RecordFilterSet):
    kind = AnyOfChoices("kind", choices=Organization.Kind.choices, label=_("Kind"))
    country = AnyOfChoices("country", choices=country_choices, label=_("Country"))
    part_of = AnyOfCodes("parent", queryset=organizations, label=_("Part of"))


class OrganizationNameFilterSet(RecordFilterSet):
    organization = AnyOfCodes("organization", queryset=organizations, label=_("Organization"))
    source = AnyOfCodes("source", queryset=sources, label=_("Source"))


class MembershipFilterSet(RecordFilterSet):
    organization = AnyOfCodes("organization", queryset=organizations, label=_("Organization"))
    member_country = AnyOfChoices("member_country", choices=country_choices, label=_("Member state"))
    member_organization = AnyOfCodes("member_organization", queryset=organizations, label=_("Member organization"))
    standing = AnyOfChoices("standing", choices=Membership.Standing.choices, label=_("Standing"))


class RegionFilterSet(RecordFilterSet):
    country = AnyOfChoices("country", choices=country_choices, label=_("Country"))
