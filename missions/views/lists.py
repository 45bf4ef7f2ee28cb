"""The list pages of missions, elections, invitations, organizations and sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy, ngettext

from missions import api, lists
from missions.views.list_page import ListPage
from observers import api as observers_api
from observers.models import ObserverName
from organizations import api as organizations_api

if TYPE_CHECKING:
    from organizations.policy import Reader


class MissionList(ListPage):
    title = gettext_lazy("Missions")
    template_name = "missions/mission_list.html"
    resource = api.MissionViewSet
    main_filters = ("q", "organizer", "host_country", "year", "kind")
    orderings = {
        "-election_day": gettext_lazy("newest election first"),
        "election_day": gettext_lazy("oldest election first"),
        "organizer": gettext_lazy("by organizer"),
        "host_country": gettext_lazy("by host country"),
    }

    @staticmethod
    def counted(number: int) -> str:
        return ngettext("%(number)s mission", "%(number)s missions", number) % {"number": number_format(number)}


class ElectionList(ListPage):
    title = gettext_lazy("Elections")
    row_template = "missions/election_row.html"
    headings = (
        gettext_lazy("Election"),
        gettext_lazy("Host country"),
        gettext_lazy("Observers"),
        gettext_lazy("Status and sources"),
    )
    resource = api.ElectionViewSet
    main_filters = ("q", "host_country", "kind", "year")
    orderings = {
        "-election_day": gettext_lazy("newest first"),
        "election_day": gettext_lazy("oldest first"),
        "host_country": gettext_lazy("by host country"),
    }

    @staticmethod
    def counted(number: int) -> str:
        return ngettext("%(number)s election", "%(number)s elections", number) % {"number": number_format(number)}


class InvitationList(ListPage):
    title = gettext_lazy("Invitations")
    template_name = "missions/invitation_list.html"
    resource = api.InvitationViewSet
    main_filters = ("q", "invitee", "host_country", "year", "response")
    orderings = {
        "-election_day": gettext_lazy("newest election first"),
        "election_day": gettext_lazy("oldest election first"),
        "invitee": gettext_lazy("by invitee"),
        "-responded_on": gettext_lazy("latest answer first"),
    }

    @staticmethod
    def counted(number: int) -> str:
        return ngettext("%(number)s invitation", "%(number)s invitations", number) % {"number": number_format(number)}


class OrganizationList(ListPage):
    title = gettext_lazy("Organizations")
    row_template = "organizations/organization_row.html"
    headings = (gettext_lazy("Organization"), gettext_lazy("Kind"), gettext_lazy("Country"), gettext_lazy("Part of"))
    resource = organizations_api.OrganizationViewSet
    main_filters = ("q", "kind", "country")
    orderings = {
        "code": gettext_lazy("by code"),
        "kind": gettext_lazy("by kind"),
        "country": gettext_lazy("by country"),
    }

    @staticmethod
    def counted(number: int) -> str:
        return ngettext("%(number)s organization", "%(number)s organizations", number) % {
            "number": number_format(number)
        }


class SourceList(ListPage):
    title = gettext_lazy("Sources")
    row_template = "organizations/source_row.html"
    headings = (gettext_lazy("Source"), gettext_lazy("Publisher"), gettext_lazy("Published"), gettext_lazy("Language"))
    resource = organizations_api.SourceViewSet
    main_filters = ("q", "year", "written_in")
    orderings = {
        "-published_on": gettext_lazy("newest first"),
        "published_on": gettext_lazy("oldest first"),
        "publisher": gettext_lazy("by publisher"),
    }

    @staticmethod
    def counted(number: int) -> str:
        return ngettext("%(number)s source", "%(number)s sources", number) % {"number": number_format(number)}


class ObserverList(ListPage):
    title = gettext_lazy("Observers")
    row_template = "observers/observer_row.html"
    headings = (
        gettext_lazy("Observer"),
        gettext_lazy("Also spelt"),
        gettext_lazy("Nationality"),
        gettext_lazy("Assignments"),
    )
    resource = observers_api.ObserverViewSet
    main_filters = ("q", "nationality")
    orderings = {
        "family_name": gettext_lazy("by family name"),
        "nationality": gettext_lazy("by nationality"),
    }

    @classmethod
    def brought(cls, rows: Any, user: Reader) -> Any:
        names = ObserverName.objects.visible_to(user).order_by("language", "code")
        places = lists.assignment_rows(user).order_by("code")
        return rows.prefetch_related(Prefetch("names", names), Prefetch("assignments", places, to_attr="places"))

    @staticmethod
    def counted(number: int) -> str:
        return ngettext("%(number)s observer", "%(number)s observers", number) % {"number": number_format(number)}


class AssignmentList(ListPage):
    title = gettext_lazy("Assignments")
    row_template = "missions/assignment_row.html"
    headings = (gettext_lazy("Who"), gettext_lazy("Where"), gettext_lazy("Role and dates"), gettext_lazy("Sources"))
    resource = api.AssignmentViewSet
    main_filters = ("q", "nationality", "role", "organizer", "sender_country", "host_country", "year")
    orderings = {
        "family_name": gettext_lazy("by family name"),
        "role": gettext_lazy("by role"),
        "-starts_on": gettext_lazy("latest start first"),
    }

    @classmethod
    def brought(cls, rows: Any, user: Reader) -> Any:
        return lists.with_links_and_spellings(rows, user)

    @staticmethod
    def counted(number: int) -> str:
        return ngettext("%(number)s assignment", "%(number)s assignments", number) % {"number": number_format(number)}
