"""The REST API of elections, missions, deployments and what belongs to them. Rows are flat, as in the CSV files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

from missions import lists
from missions.api_choices import MEANINGS
from missions.api_examples import EXAMPLES
from missions.api_matrix import TalliedViewSet
from missions.api_reconciliation import ReconciledViewSet
from missions.filters import (
    AssignmentFilterSet,
    ChannelFilterSet,
    DeploymentFilterSet,
    ElectionFilterSet,
    HeadCountFilterSet,
    InvitationFilterSet,
    MissionFilterSet,
    StatementFilterSet,
    VotingDayFilterSet,
)
from missions.models import (
    Assignment,
    Channel,
    Deployment,
    Election,
    HeadCount,
    Invitation,
    Mission,
    Reading,
    Statement,
    VotingDay,
)
from missions.models.deployments import Share
from missions.resting import RestingReadings
from organizations import api_schema
from organizations.api import BESIDE_ONE_RECORD, RecordSerializer, RecordViewSet, row_fields
from organizations.api_choices import explain
from organizations.countries import country_name

if TYPE_CHECKING:
    from organizations.policy import Reader


class OfElectionSerializer(RecordSerializer):
    """A row of one election, with the election's own columns beside its code."""

    election_name = serializers.CharField(source="election.label", read_only=True)
    host_country = serializers.CharField(source="election.country.code", read_only=True)
    election_day = serializers.DateField(source="election.election_day", read_only=True)


def figure(help_text: str) -> serializers.IntegerField:
    return serializers.IntegerField(read_only=True, allow_null=True, help_text=help_text)


def agreement() -> serializers.ChoiceField:
    return serializers.ChoiceField(
        Reading.Agreement.choices, read_only=True, allow_null=True, help_text="Whether the figures agree."
    )


def flag(help_text: str) -> serializers.BooleanField:
    return serializers.BooleanField(read_only=True, allow_null=True, help_text=help_text)


class ReadingsSerializer(RecordSerializer):
    """How many were announced, accredited and deployed: a value where it is known, else its two ends."""

    announced = figure("Announced, where one number is known.")
    announced_low = figure("At least so many announced.")
    announced_high = figure("At most so many announced.")
    announced_agreement = agreement()
    announced_approximate = flag("A source says about so many.")
    announced_derived = flag("Added up from groups or parts: no source prints this figure.")
    accredited = figure("Accredited, where one number is known.")
    accredited_low = figure("At least so many accredited.")
    accredited_high = figure("At most so many accredited.")
    accredited_agreement = agreement()
    accredited_approximate = flag("A source says about so many.")
    accredited_derived = flag("Added up from groups or parts: no source prints this figure.")
    deployed = figure("Deployed, where one number is known.")
    deployed_low = figure("At least so many deployed.")
    deployed_high = figure("At most so many deployed.")
    deployed_agreement = agreement()
    deployed_approximate = flag("A source says about so many.")
    deployed_derived = flag("Added up from groups or parts: no source prints this figure.")


class ElectionSerializer(ReadingsSerializer):
    election_name = serializers.CharField(source="label", read_only=True)
    host_country = serializers.CharField(source="country.code", read_only=True)
    host_country_name = serializers.CharField(source="country.name", read_only=True)

    class Meta:
        model = Election
        fields = row_fields(
            Election, "election_name", "host_country", "host_country_name", *lists.READING_COLUMNS, url=True
        )


class ElectionViewSet(ReconciledViewSet):
    serializer_class = ElectionSerializer
    filterset_class = ElectionFilterSet
    ordering_fields = lists.ELECTION_ORDERINGS
    ordering = "-election_day"

    @classmethod
    def rows(cls, user: Reader) -> Any:
        return lists.election_rows(user)


class VotingDaySerializer(OfElectionSerializer):
    class Meta:
        model = VotingDay
        fields = row_fields(VotingDay, "election_name", "host_country", "election_day")


class VotingDayViewSet(RecordViewSet):
    serializer_class = VotingDaySerializer
    filterset_class = VotingDayFilterSet
    ordering_fields = {**lists.OF_ELECTION_ORDERINGS, "starts_on": "starts_on"}
    ordering = "-starts_on"

    @classmethod
    def rows(cls, user: Reader) -> Any:
        return lists.voting_day_rows(user)


class MissionSerializer(OfElectionSerializer, ReadingsSerializer):
    mission_name = serializers.CharField(source="label", read_only=True)
    organizer_name = serializers.CharField(read_only=True, help_text="Its short name on election day.")
    organizer_name_now = serializers.CharField(source="organizer.short_name_now", read_only=True)
    named = serializers.IntegerField(read_only=True, help_text="Distinct persons named, of those you may see.")

    class Meta:
        model = Mission
        fields = row_fields(
            Mission,
            "mission_name",
            "organizer_name",
            "organizer_name_now",
            "election_name",
            "host_country",
            "election_day",
            *lists.READING_COLUMNS,
            "named",
            url=True,
        )


class MissionViewSet(ReconciledViewSet):
    serializer_class = MissionSerializer
    filterset_class = MissionFilterSet
    ordering_fields = lists.MISSION_ORDERINGS
    ordering = "-election_day"

    @classmethod
    def rows(cls, user: Reader) -> Any:
        return lists.mission_rows(user)


class InvitationSerializer(OfElectionSerializer):
    inviter_name = serializers.SerializerMethodField(help_text="Its name on election day.")
    inviter_name_now = serializers.CharField(source="inviter.current_name", read_only=True)
    invitee_name = serializers.SerializerMethodField(help_text="Its name on election day.")
    invitee_name_now = serializers.CharField(source="invitee.current_name", read_only=True)

    class Meta:
        model = Invitation
        fields = row_fields(
            Invitation,
            "inviter_name",
            "inviter_name_now",
            "invitee_name",
            "invitee_name_now",
            "election_name",
            "host_country",
            "election_day",
            url=True,
        )

    def get_inviter_name(self, invitation: Invitation) -> str:
        return invitation.inviter.name_on(invitation.election.election_day)

    def get_invitee_name(self, invitation: Invitation) -> str:
        return invitation.invitee.name_on(invitation.election.election_day)


class InvitationViewSet(RecordViewSet):
    serializer_class = InvitationSerializer
    filterset_class = InvitationFilterSet
    ordering_fields = lists.INVITATION_ORDERINGS
    ordering = "-election_day"

    @classmethod
    def rows(cls, user: Reader) -> Any:
        return lists.invitation_rows(user)


class DeploymentSerializer(OfElectionSerializer, ReadingsSerializer):
    """A party, with the missions that the sources name for it taken together."""

    sender_name = serializers.CharField(read_only=True, help_text="Its name on election day.")
    sender_name_now = serializers.SerializerMethodField()
    sender_country_name = serializers.SerializerMethodField()
    missions = serializers.SerializerMethodField()
    organizers = serializers.SerializerMethodField(help_text="The organizers of these missions.")
    organizer_names = serializers.SerializerMethodField(help_text="Their short names on election day.")
    organizer_names_now = serializers.SerializerMethodField()
    share = serializers.SerializerMethodField()
    channels_agree = serializers.SerializerMethodField()
    named = serializers.IntegerField(read_only=True, help_text="Distinct persons named, of those you may see.")

    class Meta:
        model = Deployment
        fields = row_fields(
            Deployment,
            "sender_name",
            "sender_name_now",
            "sender_country_name",
            "election_name",
            "host_country",
            "election_day",
            "missions",
            "organizers",
            "organizer_names",
            "organizer_names_now",
            "share",
            "channels_agree",
            *lists.READING_COLUMNS,
            "named",
            url=True,
        )

    def get_sender_name_now(self, deployment: Deployment) -> str:
        return deployment.sender.current_name() if deployment.sender else country_name(str(deployment.sender_country))

    def get_sender_country_name(self, deployment: Deployment) -> str:
        return country_name(str(deployment.sender_country))

    def get_missions(self, deployment: Any) -> list[str]:
        return [mission.code for mission in missions_told(deployment)]

    def get_organizers(self, deployment: Any) -> list[str]:
        return unique(mission.organizer.code for mission in missions_told(deployment))

    def get_organizer_names(self, deployment: Any) -> list[str]:
        day = deployment.election.election_day
        return unique(mission.organizer.short_name_on(day) for mission in missions_told(deployment))

    def get_organizer_names_now(self, deployment: Any) -> list[str]:
        return unique(mission.organizer.short_name_now() for mission in missions_told(deployment))

    def get_share(self, deployment: Any) -> Share:
        return (Share.BILATERAL, Share.WHOLE, Share.UNKNOWN)[min(len(missions_told(deployment)), 2)]

    def get_channels_agree(self, deployment: Any) -> str:
        """`no` where two sources that also publish a head count name different missions."""
        return "no" if deployment.channels_disagree else "yes"


def missions_told(deployment: Any) -> list[Mission]:
    """The missions that the sources name for a row of the list, each once, in the order of their codes."""
    missions = {channel.mission.code: channel.mission for channel in deployment.channels_seen}
    return [missions[code] for code in sorted(missions)]


def unique(texts: Any) -> list[str]:
    return list(dict.fromkeys(texts))


class DeploymentViewSet(TalliedViewSet):
    serializer_class = DeploymentSerializer
    filterset_class = DeploymentFilterSet
    ordering_fields = lists.DEPLOYMENT_ORDERINGS
    ordering = "-election_day"

    @classmethod
    def rows(cls, user: Reader) -> Any:
        return lists.deployment_rows(user)


class ChannelSerializer(RecordSerializer):
    election = serializers.CharField(source="mission.election.code", read_only=True)
    organizer = serializers.CharField(source="mission.organizer.code", read_only=True)
    organizer_name = serializers.CharField(source="mission.organizer_name", read_only=True)
    organizer_name_now = serializers.CharField(source="mission.organizer.short_name_now", read_only=True)

    class Meta:
        model = Channel
        fields = row_fields(Channel, "election", "organizer", "organizer_name", "organizer_name_now")


class ChannelViewSet(RecordViewSet):
    serializer_class = ChannelSerializer
    filterset_class = ChannelFilterSet
    ordering_fields = {"code": "code", "modified_at": "modified_at"}

    @classmethod
    def rows(cls, user: Reader) -> Any:
        return lists.channel_rows(user)


class HeadCountSerializer(RecordSerializer):
    class Meta:
        model = HeadCount
        fields = row_fields(HeadCount)


class HeadCountViewSet(RecordViewSet):
    serializer_class = HeadCountSerializer
    filterset_class = HeadCountFilterSet
    ordering_fields = {"code": "code", "as_of": "as_of", "value": "value", "kind": "kind", "modified_at": "modified_at"}
    ordering = "-as_of"

    @classmethod
    def rows(cls, user: Reader) -> Any:
        return lists.head_count_rows(user)


class AssignmentSerializer(OfElectionSerializer):
    family_name = serializers.CharField(source="observer.family_name", read_only=True)
    given_names = serializers.CharField(source="observer.given_names", read_only=True)
    nationality = serializers.CharField(source="observer.nationality.code", read_only=True)
    organizer_name = serializers.SerializerMethodField(help_text="The organizer's short name on election day.")

    class Meta:
        model = Assignment
        fields = row_fields(
            Assignment,
            "family_name",
            "given_names",
            "nationality",
            "organizer_name",
            "election_name",
            "host_country",
            "election_day",
        )

    def get_organizer_name(self, assignment: Assignment) -> str:
        return assignment.mission.organizer_name if assignment.mission else ""


class AssignmentViewSet(RecordViewSet):
    serializer_class = AssignmentSerializer
    filterset_class = AssignmentFilterSet
    ordering_fields = {
        "code": "code",
        "family_name": "observer__family_name",
        "role": "role",
        "starts_on": "starts_on",
        "modified_at": "modified_at",
    }
    ordering = "family_name"

    @classmethod
    def rows(cls, user: Reader) -> Any:
        return lists.bare_assignment_rows(user)


class StatementSerializer(RecordSerializer):
    class Meta:
        model = Statement
        fields = row_fields(Statement)


class StatementOfRecordSerializer(serializers.ModelSerializer):
    """Another source's value of a field of the record, which keeps its own."""

    source: Any = serializers.SlugRelatedField("code", read_only=True, help_text="The code of the source.")

    class Meta:
        model = Statement
        fields = ("field", "value", "source", "excerpt", "code")


class StatementsField(serializers.Field):
    """The statements about a record that the reader may see."""

    def __init__(self) -> None:
        super().__init__(source="*", read_only=True, help_text="What other sources say of its fields.")

    def to_representation(self, record: Any) -> Any:
        statements = Statement.objects.visible_to(self.context["request"].user).select_related("source")
        of_record = statements.filter(subject=f"{record.resource()}/{record.code}").order_by("code")
        return StatementOfRecordSerializer(of_record, many=True).data


class StatementsAreRead(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """How the schema describes them: as they are answered, since they are not written here."""

    target_class = "missions.api.StatementsField"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> Any:
        return {"type": "array", "items": auto_schema.resolve_serializer(StatementOfRecordSerializer, "response").ref}


BESIDE_ONE_RECORD["statements"] = StatementsField()
# What the schema says of these resources.
api_schema.EXAMPLES.update(EXAMPLES)
for meanings in MEANINGS:
    explain(meanings)
RecordViewSet.resting = RestingReadings


class StatementViewSet(RecordViewSet):
    serializer_class = StatementSerializer
    filterset_class = StatementFilterSet
    ordering_fields = {"code": "code", "subject": "subject", "modified_at": "modified_at"}

    @classmethod
    def rows(cls, user: Reader) -> Any:
        return super().rows(user).select_related("source")


VIEWSETS: list[type[RecordViewSet]] = [
    ElectionViewSet,
    VotingDayViewSet,
    MissionViewSet,
    InvitationViewSet,
    DeploymentViewSet,
    ChannelViewSet,
    HeadCountViewSet,
    AssignmentViewSet,
    StatementViewSet,
]
