"""Data entry for organizations, sources and regions.

Sources and organizations are registered in `missions.admin`, because changing them changes how head counts read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organizations.admin.base import CountryFilter, RecordAdmin, RecordRows
from organizations.admin.copies import KeepingCopies
from organizations.entering import enter_from, entering_from
from organizations.forms import NewOrganizationForm, OrganizationNameFormSet
from organizations.models import (
    Membership,
    Organization,
    OrganizationName,
    Region,
    Source,
)
from organizations.models.records import CODE_LENGTH, free_code

if TYPE_CHECKING:
    from django.http import HttpRequest


class SourceAdmin(KeepingCopies):
    list_display = ("title", "publisher", "published_on", "language", "public", "address")
    list_filter = ("public", "language")
    kept_for_next = ()
    fieldsets = (
        (_("Where it can be read"), {"fields": ("url", "archive_url")}),
        (_("What it is"), {"fields": ("title", "publisher", ("published_on", "language"), "accessed_on", "excerpt")}),
        (_("Who may read it"), {"fields": ("public",)}),
    )

    @admin.display(description=_("address"))
    def address(self, source: Source) -> str:
        return format_html('<a href="{}" rel="noreferrer">{}</a>', source.url, _("open")) if source.url else ""

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"accessed_on": timezone.localdate(), **super().get_changeform_initial_data(request)}

    def after_saving(self, request: HttpRequest, form: Any, saved: list[Any]) -> None:
        """Two sources with one address are told, not refused: a page may carry two documents."""
        super().after_saving(request, form, saved)
        source = form.instance
        # One that is added beside a box, in passing, is the source of that box.
        if IS_POPUP_VAR not in request.POST or not entering_from(request):
            enter_from(request, source)
        for other in Source.objects.filter(url=source.url).exclude(pk=source.pk) if source.url else []:
            sentence = gettext("Another source has the same address: %(other)s. Is it the same document?")
            messages.warning(request, sentence % {"other": other})


class OrganizationNameRows(RecordRows):
    model = OrganizationName
    formset = OrganizationNameFormSet
    fields = ("name", "short_name", "language", "valid_from", "valid_until", "source")


class MembershipRows(RecordRows):
    model = Membership
    fk_name = "organization"
    fields = ("member_country", "member_organization", "standing", "since", "until", "sources")
    verbose_name = _("member")
    verbose_name_plural = _("members")


class OrganizationAdmin(RecordAdmin):
    list_display = ("in_words", "short_name", "kind", "country", "parent", "code")
    list_filter = ("kind", CountryFilter)
    brought_along = ("names", "parent__names")
    kept_for_next = ("sources",)
    own_parts = ("names",)
    inlines = (OrganizationNameRows, MembershipRows)
    help_texts = {
        "kind": _("Its nature, whatever it does at an election. A central election commission: election body.")
    }
    naming = (_("What it is called"), {"fields": (("name", "short_name"), "language", "name_source")})
    fieldsets = (
        (_("What it is"), {"fields": ("kind", "country", "parent")}),
        (_("More about it"), {"fields": (("founded_on", "dissolved_on"), "website", "sources")}),
    )

    @admin.display(description=_("short name"))
    def short_name(self, organization: Organization) -> str:
        return organization.short_name_now()

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewOrganizationForm
        return super().get_form(request, obj, *args, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj else [self.naming, *fieldsets]

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The source that the address names is where the name was read as well."""
        initial = super().get_changeform_initial_data(request)
        return {**initial, "name_source": initial["sources"][0]} if initial.get("sources") else initial

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """The code of a new organization is made of its first name: only here both are known."""
        if not change:
            first = form.first_name()
            # Codes are for everybody: a name that only an internal paper gives makes none.
            is_open = first.source is None or first.source.public
            wanted = obj.code_for_name(first.short_name or first.name) if is_open else obj.computed_code()
            taken = Organization.objects.filter(code__startswith=wanted[: CODE_LENGTH - 8])
            obj.code = free_code(wanted, set(taken.values_list("code", flat=True)))
        super().save_model(request, obj, form, change)
        if not change:
            first.save()


class MemberCountryFilter(CountryFilter):
    title = _("member state")
    parameter_name = "member_country"


@admin.register(Membership)
class MembershipAdmin(RecordAdmin):
    list_display = ("in_words", "standing", "since", "until")
    list_filter = ("standing", MemberCountryFilter)
    brought_along = ("organization__names", "member_organization__names")
    kept_for_next = ("organization", "sources")
    help_texts = {
        "member_country": _("Either a state or an organization is the member, not both."),
        "since": _("Blank: not known."),
        "until": _("Blank: still in force."),
    }
    fieldsets = (
        (_("Who belongs to what"), {"fields": ("organization", "member_country", "member_organization", "standing")}),
        (_("When"), {"fields": (("since", "until"),)}),
        (_("Sources"), {"fields": ("sources",)}),
    )


@admin.register(Region)
class RegionAdmin(RecordAdmin):
    list_display = ("name", "iso", "country", "valid_from", "valid_until", "part_of")
    list_filter = (CountryFilter,)
    brought_along = ("part_of",)
    fieldsets = (
        (
            _("What it is"),
            {
                "fields": ("country", "name", "iso", "part_of"),
                "description": _("A region that was renamed or split is a new region, with its own dates."),
            },
        ),
        (_("When it existed"), {"fields": (("valid_from", "valid_until"),)}),
        (_("Source"), {"fields": ("source",)}),
    )
