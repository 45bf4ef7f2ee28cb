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
    """Every organization, with the names that the reader may see in a choice; without a request, none is shown."""
    return Organization.objects.with_names(request.user if request else None)


def sources(request: HttpRequest | None) -> QuerySet[Any]:
    """The sources that the reader may see; without a request, as for the schema, none."""
    return Source.objects.visible_to(request.user) if request else Source.objects.none()


class LanguageOfSource(AnyOfChoices):
    """The languages of the sources that the reader may see."""

    @property
    def field(self) -> Any:
        written = sources(self.parent.request).exclude(language="").order_by("language")
        # A form copies its fields and all that they hold, but no function.
        self.extra["choices"] = lambda: [(code, code) for code in written.values_list("language", flat=True).distinct()]
        return super().field


class CitedSource(AnyOfCodes):
    """Any of the sources that the reader may see.

    They are too many to be offered: one is named by its code, as the links of its own page do.
    """

    def __init__(self, field_name: str) -> None:
        super().__init__(field_name, queryset=sources, label=_("Source"))

    @property
    def field(self) -> Any:
        field: Any = super().field
        field.choices = []
        return field


class SearchForReader(Search):
    """Finds nothing by what the reader may not see."""

    def filter(self, queryset: Any, text: str) -> Any:
        return queryset.search(text, self.parent.request.user) if text else queryset


class RecordFilterSet(StrictFilterSet):
    """What every list can be asked: words, and what has changed since."""

    q = SearchForReader(label=_("Search"))
    modified_after = ModifiedAfter(label=_("Changed since"))


class SourceFilterSet(RecordFilterSet):
    # `language` is taken: in the API it is the language of the answer.
    written_in = LanguageOfSource("language", choices=list, label=_("Language"))
    year = Year("published_on", label=_("Year of publication"))


class OrganizationFilterSet(RecordFilterSet):
    kind = AnyOfChoices("kind", choices=Organization.Kind.choices, label=_("Kind"))
    country = AnyOfChoices("country", choices=country_choices, label=_("Country"))
    part_of = AnyOfCodes("parent", queryset=organizations, label=_("Part of"))
    source = CitedSource("sources")


class OrganizationNameFilterSet(RecordFilterSet):
    organization = AnyOfCodes("organization", queryset=organizations, label=_("Organization"))
    source = CitedSource("source")


class MembershipFilterSet(RecordFilterSet):
    organization = AnyOfCodes("organization", queryset=organizations, label=_("Organization"))
    member_country = AnyOfChoices("member_country", choices=country_choices, label=_("Member state"))
    member_organization = AnyOfCodes("member_organization", queryset=organizations, label=_("Member organization"))
    standing = AnyOfChoices("standing", choices=Membership.Standing.choices, label=_("Standing"))
    source = CitedSource("sources")


class RegionFilterSet(RecordFilterSet):
    country = AnyOfChoices("country", choices=country_choices, label=_("Country"))
    source = CitedSource("source")
