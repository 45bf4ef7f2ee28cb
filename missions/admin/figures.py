"""Data entry for head counts and statements, and the rows of head counts below other records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from missions.admin.base import OF_DEPLOYMENT, OF_MISSION, ReadingsAdmin, through
from missions.forms import HEAD_COUNT_HELP, HeadCountForm
from missions.models import HeadCount, Statement
from organizations.admin import RecordRowsStacked

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

THE_FIGURE = (("kind", "group", "basis"), ("qualifier", "value", "as_of"))
WHERE_IT_STANDS = ("source", "excerpt")
SELDOM_NEEDED = (("as_of_from", "states", "bodies"), ("counted", "preferred"), "remark")


class HeadCountRows(RecordRowsStacked):
    model = HeadCount
    form = HeadCountForm
    help_texts = HEAD_COUNT_HELP
    fieldsets = (
        (None, {"fields": (*THE_FIGURE, *WHERE_IT_STANDS)}),
        (_("Seldom needed"), {"fields": SELDOM_NEEDED, "classes": ("collapse",)}),
    )


@admin.register(HeadCount)
class HeadCountAdmin(ReadingsAdmin):
    form = HeadCountForm
    help_texts = HEAD_COUNT_HELP
    list_display = ("in_words", "about", "group", "source", "counted")
    list_filter = ("kind", "group", "qualifier", "basis", "counted", "preferred")
    brought_along = (
        "election",
        *through("mission", OF_MISSION),
        *through("deployment", OF_DEPLOYMENT),
        "source",
    )
    kept_for_next = ("election", "mission", "deployment", "source")
    fieldsets = (
        (
            _("Of what"),
            {
                "fields": ("election", "mission", "deployment"),
                "description": _(
                    "Exactly one of the three: all observers of an election, those of one mission, "
                    "or one party that a state sends."
                ),
            },
        ),
        (_("The figure"), {"fields": THE_FIGURE}),
        (_("Where it stands"), {"fields": WHERE_IT_STANDS}),
        (_("Seldom needed"), {"fields": SELDOM_NEEDED, "classes": ("collapse",)}),
    )

    @admin.display(description=_("of what"))
    def about(self, count: HeadCount) -> StrOrPromise:
        return str(count.subject)


@admin.register(Statement)
class StatementAdmin(ReadingsAdmin):
    list_display = ("subject", "field", "value", "source")
    list_filter = ("field",)
    brought_along = ("source",)
    kept_for_next = ("source",)
    fieldsets = (
        (
            _("What another source says"),
            {
                "fields": ("subject", "field", "value"),
                "description": _(
                    "Where a source gives another value than the record: another date, another spelling of a name. "
                    "It is shown beside the record's own value and never replaces it. "
                    "The link on each record's page fills in the subject."
                ),
            },
        ),
        (_("Where it stands"), {"fields": WHERE_IT_STANDS}),
    )
