"""Data entry for sources, organizations and observers.

Their forms belong to the apps below; they are registered here, where the readings that rest on them are known.
"""

from __future__ import annotations

from django.contrib import admin

from missions.admin.assignments import AssignmentsOfObserver
from missions.admin.base import ReadingsAdmin
from missions.admin.erasures import ErasingPersons
from missions.admin.merges import MergingPersons
from observers.admin import ObserverAdmin as PlainObserverAdmin
from observers.models import Observer
from organizations.admin.records import OrganizationAdmin as PlainOrganizationAdmin
from organizations.admin.records import SourceAdmin as PlainSourceAdmin
from organizations.models import Organization, Source


@admin.register(Source)
class SourceAdmin(PlainSourceAdmin, ReadingsAdmin):
    """A source that becomes public, or an internal paper, changes what everybody reads."""


@admin.register(Organization)
class OrganizationAdmin(PlainOrganizationAdmin, ReadingsAdmin):
    """Parties of election bodies are counted apart, so the kind of a sender changes the figures."""


@admin.register(Observer)
class ObserverAdmin(ErasingPersons, MergingPersons, PlainObserverAdmin, ReadingsAdmin):
    """A name that is withheld counts for nobody outside."""

    inlines = (*PlainObserverAdmin.inlines, AssignmentsOfObserver)
