"""Data entry for deployments and their channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from missions.admin.assignments import AssignmentRows
from missions.admin.base import OF_DEPLOYMENT, OF_MISSION, HostCountryFilter, ReadingsAdmin, YearFilter, through
from missions.admin.figures import HeadCountRows
from missions.forms import DEPLOYMENT_STATUS_HELP
from missions.models import Channel, Deployment, HeadCount, Reading
from organizations.admin.base import CountryFilter, RecordRows

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ANNOUNCED = Reading.objects.filter(kind=HeadCount.Kind.ANNOUNCED, audience=Reading.Audience.MEMBERS)


class SenderCountryFilter(CountryFilter):
    title = _("sending state")
    parameter_name = "sender_country"


class ChannelRows(RecordRows):
    model = Channel
    fields = ("mission", "source", "as_named", "excerpt", "counted")
    verbose_name_plural = _("channels: through which mission, as each source tells it")


@admin.register(Deployment)
class DeploymentAdmin(ReadingsAdmin):
    list_display = ("in_words", "sender_country", "announced", "status", "part_of", "code")
    list_filter = ("status", YearFilter, HostCountryFilter, SenderCountryFilter)
    brought_along = (
        *OF_DEPLOYMENT,
        *through("part_of", OF_DEPLOYMENT),
        Prefetch("readings", ANNOUNCED, to_attr="announced_readings"),
    )
    inlines = (ChannelRows, HeadCountRows, AssignmentRows)
    help_texts = {
        "status": DEPLOYMENT_STATUS_HELP,
        "starts_on": _("Blank: not known."),
        "ends_on": _("Blank: not known."),
    }
    fieldsets = (
        (
            _("Who was sent where"),
            {
                "fields": ("election", "sender_country", "sender", "part_of"),
                "description": _(
                    "One party of observers is one deployment, also where it goes through several missions "
                    "and nobody says how many through which: add a channel for each mission that a source names."
                ),
            },
        ),
        (_("When"), {"fields": (("starts_on", "ends_on"),)}),
        (_("Status"), {"fields": ("status", "status_reason")}),
        (_("Sources and remarks"), {"fields": ("sources", "remark", "internal_note")}),
    )

    @admin.display(description=_("announced"))
    def announced(self, deployment: Deployment) -> StrOrPromise:
        """The stored reading, as a number or a range; nothing known stays blank."""
        for reading in deployment.announced_readings:  # type: ignore[attr-defined]  # brought along
            if reading.value is not None:
                return str(reading.value)
            if reading.low is not None or reading.high is not None:
                return f"{reading.low or 0}–{reading.high or ''}"
        return ""


@admin.register(Channel)
class ChannelAdmin(ReadingsAdmin):
    list_display = ("deployment", "mission", "as_named", "source", "counted")
    list_filter = ("counted",)
    brought_along = (*through("deployment", OF_DEPLOYMENT), *through("mission", OF_MISSION), "source")
    kept_for_next = ("deployment", "source")
    fieldsets = (
        (_("Which party, through which mission"), {"fields": ("deployment", "mission")}),
        (_("As the source tells it"), {"fields": ("source", "as_named", "excerpt")}),
        (_("Seldom needed"), {"fields": ("counted",), "classes": ("collapse",)}),
    )
