"""Data entry for the places of observers in missions and deployments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from missions.admin import people
from missions.admin.base import OF_DEPLOYMENT, OF_MISSION, ReadingsAdmin, through
from missions.models import Assignment
from organizations.admin.base import RecordRowsStacked

if TYPE_CHECKING:
    from django.urls import URLPattern

ASSIGNMENT_HELP = {
    "role": _("A delegate without any other role: short-term observer, or parliamentarian."),
    "post": _("What the person was at home, as the source prints it: deputy, member of the election commission …"),
    "starts_on": _("Blank: not known."),
    "ends_on": _("Blank: not known."),
}


class AssignmentRows(RecordRowsStacked):
    """Below a deployment or a mission: who is named in it."""

    model = Assignment
    help_texts = ASSIGNMENT_HELP
    verbose_name = _("named observer")
    verbose_name_plural = _("named observers")
    fieldsets = ((None, {"fields": ("observer", "mission", ("role", "status"), "post", "sources")}),)


class AssignmentsOfObserver(RecordRowsStacked):
    """Below an observer: where the person was."""

    model = Assignment
    help_texts = ASSIGNMENT_HELP
    fieldsets = ((None, {"fields": ("mission", "deployment", ("role", "status"), "post", "sources")}),)


@admin.register(Assignment)
class AssignmentAdmin(ReadingsAdmin):
    help_texts = ASSIGNMENT_HELP
    list_display = ("observer", "role", "status", "mission", "deployment", "post")
    list_filter = ("role", "status")
    brought_along = ("observer", *through("mission", OF_MISSION), *through("deployment", OF_DEPLOYMENT), "region")
    kept_for_next = ("mission", "deployment", "sources")
    fieldsets = (
        (_("Who"), {"fields": ("observer", "post", "employer")}),
        (_("In which mission and party"), {"fields": ("mission", "deployment", ("role", "status"))}),
        (_("When and where"), {"fields": (("starts_on", "ends_on"), "region", "area")}),
        (_("Sources"), {"fields": ("sources",)}),
        (_("For owner and organizer alone"), {"fields": ("accreditation_number", "internal_note")}),
    )

    def get_urls(self) -> list[URLPattern]:
        return [*people.urls(), *super().get_urls()]
