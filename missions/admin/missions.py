"""Data entry for missions and invitations."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from missions.admin.base import OF_MISSION, HostCountryFilter, ReadingsAdmin, YearFilter, through
from missions.admin.figures import HeadCountRows
from missions.forms import MISSION_STATUS_HELP
from missions.models import Invitation, Mission


@admin.register(Mission)
class MissionAdmin(ReadingsAdmin):
    list_display = ("label", "election", "organizer", "kind", "part_of", "status")
    list_filter = ("status", "kind", YearFilter, HostCountryFilter)
    brought_along = (*OF_MISSION, *through("part_of", OF_MISSION))
    inlines = (HeadCountRows,)
    help_texts = {
        "kind": _(
            "Needs assessment: comes early and advises whether and how to observe. Election observation mission (EOM): "
            "core team, long-term and short-term observers. Limited (LEOM): without short-term observers. Assessment "
            "and expert team: a few experts, no observers. Joint observation (IEOM): several organizers together, "
            "each with a mission of its own that is part of it. Parliamentary delegation: of a parliamentary assembly. "
            "Observer mission: of the CIS, the SCO, the OTS and others that call it so."
        ),
        "status": MISSION_STATUS_HELP,
        "status_on": _("Since when the status holds. Blank: not known."),
        "ends_on": _("Blank: not known."),
    }
    fieldsets = (
        (_("What"), {"fields": ("election", "organizer", "kind", "name", "co_organizers", "part_of")}),
        (_("When"), {"fields": (("starts_on", "ends_on"),)}),
        (_("Status"), {"fields": ("status", ("status_on", "status_reason"))}),
        (_("Sources and remarks"), {"fields": ("sources", "remark", "internal_note")}),
    )


@admin.register(Invitation)
class InvitationAdmin(ReadingsAdmin):
    list_display = ("invitee", "inviter", "election", "response", "responded_on", "reason")
    list_filter = ("response", "reason", YearFilter, HostCountryFilter)
    brought_along = ("election", "inviter__names", "invitee__names")
    kept_for_next = ("election", "inviter", "sources")
    help_texts = {
        "inviter": _("As a rule the election commission or the foreign ministry of the host country."),
        "invitee": _("The organization, or the body of a state, that was asked to observe."),
        "sent_on": _("Blank: not known."),
        "response": _("A body that declines is recorded here and sends no deployment."),
        "responded_on": _("The day on which it accepted or declined, or the invitation was taken back."),
        "reason": _("Why it was declined or taken back."),
    }
    fieldsets = (
        (_("Who invited whom"), {"fields": ("election", "inviter", "invitee", "sent_on")}),
        (_("The answer"), {"fields": (("response", "responded_on"), "reason", "reason_text")}),
        (_("Sources and remarks"), {"fields": ("sources", "remark")}),
    )
