"""What the first page of the admin shows: where to begin, and what is due and to check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django import template
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from missions.admin.to_check import problems_seen_by
from missions.admin.what_is_due import due_seen_by
from missions.models import Deployment, Election, Invitation, Mission
from observers.models import Observer
from organizations.models import Organization, Source

if TYPE_CHECKING:
    from missions.admin.problems import Section

register = template.Library()

SHOWN_OF_EACH = 3

STEPS = {
    Source: _("the document itself"),
    Election: _("the vote that was observed"),
    Organization: _("who invites, organizes or sends"),
    Invitation: _("who was asked, and the answer; also who declined"),
    Mission: _("what an organizer set up to observe"),
    Deployment: _("a party that a state sends, through which missions, how many"),
    Observer: _("a person whom a source names, and the place in a mission"),
}


class Step(NamedTuple):
    """One kind of record on the way from a paper into the record."""

    name: str
    what: Any
    address: str


class WhatIsDue(NamedTuple):
    """The kinds of problem that there are, the names of those that there are not, and how much there is to check."""

    sections: list[Section]
    nothing: list[str]
    number_to_check: int


@register.simple_tag(takes_context=True)
def what_is_due(context: Any) -> WhatIsDue:
    """The first rows of each kind, as of the moment that the page says."""
    request = context["request"]
    due = [problem.section(SHOWN_OF_EACH) for problem in due_seen_by(request, context["now"].date())]
    check = [problem.section(SHOWN_OF_EACH) for problem in problems_seen_by(request)]
    # What is over comes last.
    *ahead, past = due
    sections = [*ahead, *check, past]
    kinds = dict.fromkeys(section.problem.kind for section in sections)
    there_are = {section.problem.kind for section in sections if section.total}
    return WhatIsDue(
        [section for section in sections if section.total],
        [str(kind) for kind in kinds if kind not in there_are],
        sum(section.total for section in check),
    )


@register.simple_tag(takes_context=True)
def steps_of_entry(context: Any) -> list[Step]:
    """The records that the reader may add, in the order in which a paper is entered."""
    user = context["request"].user
    return [
        Step(
            capfirst(str(model._meta.verbose_name)),
            what,
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add"),
        )
        for model, what in STEPS.items()
        if model.may_be_added_by(user)
    ]
