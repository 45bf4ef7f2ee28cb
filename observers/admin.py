"""Data entry for observers. Registered in `missions.admin`, which knows the missions that they are assigned to."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from observers.models import ObserverName
from organizations.admin.base import CountryFilter, RecordAdmin, RecordRows


class NationalityFilter(CountryFilter):
    title = _("nationality")
    parameter_name = "nationality"


class ObserverNameRows(RecordRows):
    model = ObserverName
    fields = ("family_name", "given_names", "language", "source")
    verbose_name = _("other spelling")
    verbose_name_plural = _("other spellings of the name")


class ObserverAdmin(RecordAdmin):
    list_display = ("family_name", "given_names", "nationality", "withheld", "owner")
    list_display_links = ("family_name", "given_names")
    list_filter = ("withheld", NationalityFilter)
    brought_along = ("owner__names",)
    kept_for_next = ()
    own_parts = ("names",)
    inlines: ClassVar[tuple[type, ...]] = (ObserverNameRows,)
    fieldsets = (
        (
            _("Who it is"),
            {
                "fields": (("family_name", "given_names"), "nationality", "gender"),
                "description": _(
                    "One record for each person, however many missions. No passport numbers, birth dates, health data "
                    "or judgements on persons are kept here."
                ),
            },
        ),
        (_("Who may read the name"), {"fields": ("withheld",)}),
        (
            _("Contact and notes"),
            {
                "classes": ("collapse",),
                "description": _(
                    "Only the organization that keeps the record and the organizer of a mission see these."
                ),
                "fields": (("email", "phone"), "languages", "internal_note"),
            },
        ),
    )
