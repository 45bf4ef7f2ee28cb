"""The filters of elections, missions, deployments and what belongs to them: one set per list.

The page, the API and every download of a list name the same set, so that the page's query string is the API's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from lib.filters import AnyOfChoices, AnyOfCodes, Day, Year, YesNo
from missions.models import Assignment, Deployment, Election, HeadCount, Invitation, Mission, Reading
from missions.models.deployments import Share
from missions.models.reasons import Reason
from observers.filters import observers
from organizations.countries import country_choices
from organizations.filters import CitedSource, RecordFilterSet, organizations
from organizations.models import Organization, Region

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


def elections(request: HttpRequest | None) -> QuerySet[Any]:
    return Election.objects.all()


def missions(request: HttpRequest | None) -> QuerySet[Any]:
    """The missions that the reader may see; without a request, as for the schema, none."""
    return Mission.objects.visible_to(request.user).with_labels(request.user) if request else Mission.objects.none()


def deployments(request: HttpRequest | None) -> QuerySet[Any]:
    """The deployments that the reader may see; without a request, as for the schema, none."""
    if request is None:
        return Deployment.objects.none()
    return Deployment.objects.visible_to(request.user).with_labels(request.user)


def regions(request: HttpRequest | None) -> QuerySet[Any]:
    return Region.objects.all()


class OfElection:
    """A filter whose field is one of the election's: it keeps the rows of the elections that meet it."""

    def filter(self, queryset: Any, value: Any) -> Any:
        if not value:
            return queryset
        return queryset.in_elections(super().filter(Election.objects.all(), value))  # type: ignore[misc]


class OfElectionChoices(OfElection, AnyOfChoices):
    pass


class OfElectionYear(OfElection, Year):
    pass


class OfElectionDay(OfElection, Day):
    pass


class ForReader:
    """A filter over rows that not every reader sees: its verb is called with the chosen values and the reader."""

    verb: str | None
    parent: Any

    def filter(self, queryset: Any, value: Any) -> Any:
        return getattr(queryset, str(self.verb))(value, self.parent.request.user) if value else queryset


class ForReaderChoices(ForReader, AnyOfChoices):
    pass


class ForReaderYesNo(YesNo):
    """A question over rows that not every reader sees."""

    def filter(self, queryset: Any, value: str) -> Any:
        return getattr(queryset, self.verbs[value])(self.parent.request.user) if value else queryset


class OfMission:
    """A piece of the one question which mission a party goes through, put by `DeploymentFilterSet`."""

    def filter(self, queryset: Any, value: Any) -> Any:
        return queryset


class OfMissionChoices(OfMission, AnyOfChoices):
    pass


class OfMissionCodes(OfMission, AnyOfCodes):
    pass


class OfDeployment:
    """A filter of deployments, applied to the deployment of another record."""

    parent: Any

    def filter(self, queryset: Any, value: Any) -> Any:
        if not value:
            return queryset
        seen = Deployment.objects.visible_to(self.parent.request.user)
        return queryset.filter(deployment__in=super().filter(seen, value))  # type: ignore[misc]


class OfDeploymentChoices(OfDeployment, AnyOfChoices):
    pass


class OfDeploymentCodes(OfDeployment, AnyOfCodes):
    pass


class OfDeploymentForReader(OfDeployment, ForReaderChoices):
    pass


class OfDeploymentForReaderYesNo(OfDeployment, ForReaderYesNo):
    pass


class OfElectionFilterSet(RecordFilterSet):
    """What every list of one election's records can be asked."""

    election = AnyOfCodes(queryset=elections, verb="in_elections", label=_("Election"))
    host_country = OfElectionChoices("country", choices=country_choices, label=_("Host country"))
    year = OfElectionYear("election_day", label=_("Year of the election"))


class ElectionFilterSet(RecordFilterSet):
    host_country = AnyOfChoices("country", choices=country_choices, label=_("Host country"))
    kind = AnyOfChoices("kind", choices=Election.Kind.choices, label=_("Kind"))
    status = AnyOfChoices("status", choices=Election.Status.choices, label=_("Status"))
    year = Year("election_day", label=_("Year"))
    date_after = Day("election_day", "gte", label=_("Election day from"))
    date_before = Day("election_day", "lte", label=_("Election day to"))
    source = CitedSource("sources")


class VotingDayFilterSet(OfElectionFilterSet):
    region = AnyOfCodes("region", queryset=regions, label=_("Region"))
    source = CitedSource("source")


class MissionFilterSet(OfElectionFilterSet):
    organizer = AnyOfCodes(queryset=organizations, verb="organized_by", label=_("Organizer"))
    kind = AnyOfChoices("kind", choices=Mission.Kind.choices, label=_("Kind"))
    status = AnyOfChoices("status", choices=Mission.Status.choices, label=_("Status"))
    part_of = AnyOfCodes("part_of", queryset=missions, label=_("Part of"))
    source = CitedSource("sources")


class InvitationFilterSet(OfElectionFilterSet):
    inviter = AnyOfCodes("inviter", queryset=organizations, label=_("Inviter"))
    invitee = AnyOfCodes("invitee", queryset=organizations, label=_("Invitee"))
    response = AnyOfChoices("response", choices=Invitation.Response.choices, label=_("Answer"))
    reason = AnyOfChoices("reason", choices=Reason.choices, label=_("Reason"))
    # Named as in the list of deployments, so that whom a state sent and what it declined is asked alike.
    sender_country = AnyOfChoices("invitee__country", choices=country_choices, label=_("Invited state"))
    sender = AnyOfCodes(queryset=organizations, verb="to_bodies", label=_("Invited body, with those below"))
    election_kind = OfElectionChoices("kind", choices=Election.Kind.choices, label=_("Kind of election"))
    date_after = OfElectionDay("election_day", "gte", label=_("Election day from"))
    date_before = OfElectionDay("election_day", "lte", label=_("Election day to"))
    source = CitedSource("sources")


class DeploymentFilterSet(OfElectionFilterSet):
    sender_country = AnyOfChoices("sender_country", choices=country_choices, label=_("Sending state"))
    sender = AnyOfCodes(queryset=organizations, verb="sent_by", label=_("Sending body"))
    sender_kind = AnyOfChoices("sender__kind", choices=Organization.Kind.choices, label=_("Kind of sending body"))
    election_kind = OfElectionChoices("kind", choices=Election.Kind.choices, label=_("Kind of election"))
    date_after = OfElectionDay("election_day", "gte", label=_("Election day from"))
    date_before = OfElectionDay("election_day", "lte", label=_("Election day to"))
    organizer = OfMissionCodes(queryset=organizations, label=_("Through missions of"))
    mission = OfMissionCodes(queryset=missions, label=_("Through the mission"))
    mission_kind = OfMissionChoices(choices=Mission.Kind.choices, label=_("Through a mission of the kind"))
    status = AnyOfChoices("status", choices=Deployment.Status.choices, label=_("Status"))
    share = ForReaderChoices(choices=Share.choices, verb="with_share", label=_("Split between missions"))
    agreement = ForReaderChoices(choices=Reading.Agreement.choices, verb="with_agreement", label=_("Figures"))
    channels_agree = ForReaderYesNo(
        yes="channels_agreeing", no="channels_disagreeing", label=_("Sources agree on the missions")
    )
    named = ForReaderYesNo(yes="with_names", no="without_names", label=_("Observers named"))
    sourced = ForReaderYesNo(yes="with_source", no="without_source", label=_("Has a source"))
    source = CitedSource("sources")

    def filter_queryset(self, queryset: Any) -> Any:
        found: Any = super().filter_queryset(queryset)
        missions = self.missions_chosen()
        return found if missions is None else found.through_missions(missions, self.request.user)

    def missions_chosen(self) -> QuerySet[Mission] | None:
        """The missions that are of the organizer, the code and the kind asked for; None where none is asked for."""
        chosen = self.form.cleaned_data
        if not (chosen["organizer"] or chosen["mission"] or chosen["mission_kind"]):
            return None
        # Who organizes a hidden mission stands in every public row that names it; its kind does not.
        missions = Mission.objects.all()
        if chosen["organizer"]:
            missions = missions.organized_by(chosen["organizer"])
        if chosen["mission"]:
            missions = missions.filter(pk__in=[mission.pk for mission in chosen["mission"]])
        if chosen["mission_kind"]:
            missions = missions.visible_to(self.request.user).filter(kind__in=chosen["mission_kind"])
        return missions


class ChannelFilterSet(RecordFilterSet):
    deployment = AnyOfCodes("deployment", queryset=deployments, label=_("Deployment"))
    mission = AnyOfCodes("mission", queryset=missions, label=_("Mission"))
    election = AnyOfCodes(queryset=elections, verb="in_elections", label=_("Election"))
    source = CitedSource("source")


class HeadCountFilterSet(RecordFilterSet):
    in_election = AnyOfCodes(queryset=elections, verb="in_elections", label=_("Anywhere in the election"))
    election = AnyOfCodes("election", queryset=elections, label=_("Of the election itself"))
    mission = AnyOfCodes("mission", queryset=missions, label=_("Of the mission"))
    deployment = AnyOfCodes("deployment", queryset=deployments, label=_("Of the deployment"))
    kind = AnyOfChoices("kind", choices=HeadCount.Kind.choices, label=_("Kind"))
    group = AnyOfChoices("group", choices=HeadCount.Group.choices, label=_("Group"))
    basis = AnyOfChoices("basis", choices=HeadCount.Basis.choices, label=_("Total or change"))
    qualifier = AnyOfChoices("qualifier", choices=HeadCount.Qualifier.choices, label=_("How exact"))
    source = CitedSource("source")


class AssignmentFilterSet(OfElectionFilterSet):
    observer = AnyOfCodes("observer", queryset=observers, label=_("Observer"))
    deployment = AnyOfCodes("deployment", queryset=deployments, label=_("Of the deployment"))
    nationality = AnyOfChoices("observer__nationality", choices=country_choices, label=_("Nationality"))
    role = AnyOfChoices("role", choices=Assignment.Role.choices, label=_("Role"))
    assignment_status = AnyOfChoices("status", choices=Assignment.Status.choices, label=_("Status of the person"))
    region = AnyOfCodes("region", queryset=regions, label=_("Region"))
    on = Day(method="active_on", label=_("In place on"))
    election_kind = OfElectionChoices("kind", choices=Election.Kind.choices, label=_("Kind of election"))
    date_after = OfElectionDay("election_day", "gte", label=_("Election day from"))
    date_before = OfElectionDay("election_day", "lte", label=_("Election day to"))
    organizer = AnyOfCodes(queryset=organizations, verb="organized_by", label=_("In missions of"))
    mission = AnyOfCodes("mission", queryset=missions, label=_("Mission"))
    mission_kind = ForReaderChoices(choices=Mission.Kind.choices, verb="in_mission_kinds", label=_("Kind of mission"))
    sender_country = OfDeploymentChoices("sender_country", choices=country_choices, label=_("Sending state"))
    sender = OfDeploymentCodes(queryset=organizations, verb="sent_by", label=_("Sending body"))
    sender_kind = OfDeploymentChoices(
        "sender__kind", choices=Organization.Kind.choices, label=_("Kind of sending body")
    )
    status = OfDeploymentChoices("status", choices=Deployment.Status.choices, label=_("Status of the deployment"))
    share = OfDeploymentForReader(choices=Share.choices, verb="with_share", label=_("Split between missions"))
    agreement = OfDeploymentForReader(choices=Reading.Agreement.choices, verb="with_agreement", label=_("Figures"))
    channels_agree = OfDeploymentForReaderYesNo(
        yes="channels_agreeing", no="channels_disagreeing", label=_("Sources agree on the missions")
    )
    named = YesNo(yes="naming", no="not_naming", label=_("Counts as named"))
    sourced = ForReaderYesNo(yes="with_source", no="without_source", label=_("Has a source"))
    source = CitedSource("sources")

    def active_on(self, queryset: Any, _name: str, day: Any) -> Any:
        return queryset.in_place_on(day)


class StatementFilterSet(RecordFilterSet):
    source = CitedSource("source")
