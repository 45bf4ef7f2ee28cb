"""Data entry for elections and their voting days."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from missions.admin.base import ReadingsAdmin, YearFilter
from missions.admin.figures import HeadCountRows
from missions.models import Election, VotingDay
from organizations.admin.base import CountryFilter, RecordRows


class ElectionYearFilter(YearFilter):
    path = "election_day"


class VotingDayRows(RecordRows):
    model = VotingDay
    fields = ("starts_on", "ends_on", "round", "region", "source")


@admin.register(Election)
class ElectionAdmin(ReadingsAdmin):
    list_display = ("in_words", "country", "kind", "election_day", "status", "code")
    list_filter = ("status", "kind", ElectionYearFilter, CountryFilter)
    inlines = (VotingDayRows, HeadCountRows)
    own_parts = ("voting_days",)
    help_texts = {
        "country": _("The country that votes and accredits the observers."),
        "kind": _("General: president and parliament, or more, on one day."),
        "status": _("Called: the day is set. Annulled: held, then declared void."),
        "status_reason": _("Why it was annulled, postponed or cancelled."),
    }
    fieldsets = (
        (_("Which vote"), {"fields": ("country", "kind", "election_day", "office", "name")}),
        (_("Status"), {"fields": (("status", "status_reason"),)}),
        (_("Accreditation"), {"fields": ("accreditation_closes_at",)}),
        (_("Sources and remarks"), {"fields": ("sources", "remark")}),
    )
