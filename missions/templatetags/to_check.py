"""What the first page of the admin shows: where to begin, and how much there is to check."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import template
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from missions.admin import to_check
from missions.models import Deployment, Election, Invitation, Mission
from observers.models import Observer
from organizations.models import Organization, Source

register = template.Library()

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


@register.simple_tag(takes_context=True)
def number_to_check(context: Any) -> int:
    return to_check.number_to_check(context["request"])


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
