"""Who changes which rows, reads their private columns, and gives whom a place."""

from __future__ import annotations

import pytest

from missions.dataset import RECORDS
from missions.models import Assignment, Deployment, Invitation
from observers.models import Observer, ObserverName
from organizations.models import OwnedRecord, StaffRole
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    InvitationFactory,
    MembershipFactory,
    MissionFactory,
    ObserverFactory,
    ObserverNameFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    RegionFactory,
    SourceFactory,
    StatementFactory,
    VotingDayFactory,
)

pytestmark = pytest.mark.usefixtures("public_access")
CAST = (
    "anonymous",
    "viewer",
    "coordinator",
    "outsider",
    "organizer",
    "administrator",
    "data_protection",
    "deactivated",
)


def place_at_nobodys_mission(owner):
    return AssignmentFactory(mission=MissionFactory(), owner=owner, observer__owner=owner)


# A row of each kind that an organization keeps
KEPT = {
    "sources": lambda owner: SourceFactory(owner=owner),
    "missions": lambda owner: MissionFactory(owner=owner),
    "invitations": lambda owner: InvitationFactory(owner=owner),
    "deployments": lambda owner: DeploymentFactory(owner=owner),
    "channels": lambda owner: ChannelFactory(owner=owner),
    "head_counts": lambda owner: HeadCountFactory(election=ElectionFactory(), owner=owner),
    "observers": lambda owner: ObserverFactory(owner=owner),
    "observer_names": lambda owner: ObserverNameFactory(observer=ObserverFactory(owner=owner)),
    "assignments": place_at_nobodys_mission,
    "statements": lambda owner: StatementFactory(subject=f"elections/{ElectionFactory().code}", owner=owner),
}
REFERENCE = {
    "organizations": OrganizationFactory,
    "organization_names": OrganizationNameFactory,
    "memberships": MembershipFactory,
    "regions": RegionFactory,
    "elections": ElectionFactory,
    "voting_days": VotingDayFactory,
}
EVERY_KEPT = pytest.mark.parametrize("make", KEPT.values(), ids=KEPT)


@pytest.fixture
def who(request, db):
    """Those of the cast for whom the verb answers the row."""

    def answered(verb, row):
        rows = {name: getattr(type(row).objects, verb)(request.getfixturevalue(name)) for name in CAST}
        return {name for name in CAST if rows[name].filter(pk=row.pk).exists()}

    return answered


def test_every_kind_of_record_is_tried_here():
    assert {model.dataset_file for model in RECORDS} == KEPT.keys() | REFERENCE.keys()
    assert {model.dataset_file for model in RECORDS if model.kept_through} == KEPT.keys()
    assert len(RECORDS) == 16


@EVERY_KEPT
def test_what_an_organization_keeps_its_coordinators_change(make, who, northland_commission):
    row = make(northland_commission)
    assert who("changeable_by", row) == {"coordinator"}
    assert row.is_kept_by(StaffRole.objects.get(user__username="coordinator").user)


@EVERY_KEPT
def test_what_no_organization_keeps_administrators_change(make, who):
    assert who("changeable_by", make(None)) == {"administrator"}


@pytest.mark.parametrize("make", REFERENCE.values(), ids=REFERENCE)
def test_reference_data_administrators_change(make, who):
    assert who("changeable_by", make()) == {"administrator"}


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.dataset_file)
def test_coordinators_add_what_an_organization_can_keep_and_administrators_anything(model, request):
    adding = {name for name in CAST if model.may_be_added_by(request.getfixturevalue(name))}
    coordinators = {"coordinator", "outsider", "organizer"} if model.kept_through else set()
    assert adding == {"administrator"} | coordinators


def test_a_role_that_is_taken_away_is_gone_at_the_next_question(coordinator, northland_commission):
    source = SourceFactory(owner=northland_commission)
    rows = type(source).objects
    assert source in rows.changeable_by(coordinator)
    StaffRole.objects.update(role="viewer")
    assert source not in rows.changeable_by(coordinator)


# What the organizer of a mission changes


def test_an_organizer_changes_its_missions_their_counts_and_the_invitations_to_it(
    who, secretariat, northland_commission
):
    mission = MissionFactory(organizer=secretariat, owner=northland_commission)
    rows = [
        mission,
        HeadCountFactory(mission=mission, owner=northland_commission),
        InvitationFactory(election=mission.election, invitee=secretariat, owner=northland_commission),
    ]
    for row in rows:
        assert who("changeable_by", row) == {"coordinator", "organizer"}, row


def test_an_invitation_to_another_election_or_to_others_is_not_the_organizers(who, secretariat, northland_commission):
    mission = MissionFactory(organizer=secretariat, owner=northland_commission)
    rows = [
        InvitationFactory(invitee=secretariat, owner=northland_commission),
        InvitationFactory(election=mission.election, owner=northland_commission),
        InvitationFactory(election=mission.election, inviter=secretariat, owner=northland_commission),
        DeploymentFactory(election=mission.election, owner=northland_commission),
        HeadCountFactory(election=mission.election, owner=northland_commission),
    ]
    for row in rows:
        assert who("changeable_by", row) == {"coordinator"}, row
    assert Invitation.objects.count() == 3


def test_a_viewer_of_the_organizer_changes_nothing(organizer, secretariat, northland_commission):
    mission = MissionFactory(organizer=secretariat, owner=northland_commission)
    place = AssignmentFactory(mission=mission, owner=northland_commission, observer__owner=northland_commission)
    StaffRole.objects.filter(user=organizer).update(role="viewer")
    for row in (mission, place, HeadCountFactory(mission=mission, owner=northland_commission)):
        assert row not in type(row).objects.changeable_by(organizer)
    assert not Observer.objects.private_to(organizer).exists()


# Persons


@pytest.fixture
def place(secretariat, northland_commission):
    """A person whom the Northland Commission keeps, and has given a place in a mission of the secretariat."""
    mission = MissionFactory(organizer=secretariat)
    return AssignmentFactory(mission=mission, owner=northland_commission, observer__owner=northland_commission)


def test_a_place_is_changed_by_the_keeper_and_the_organizer_and_the_person_by_the_keeper_alone(who, place):
    assert who("changeable_by", place) == {"coordinator", "organizer"}
    assert who("changeable_by", place.observer) == {"coordinator"}


def test_contacts_are_read_by_coordinators_of_keeper_and_organizer_and_by_data_protection(who, place):
    readers = {"coordinator", "organizer", "data_protection"}
    assert who("private_to", place.observer) == readers
    assert who("private_to", place) == readers


def test_contacts_of_persons_whom_no_organization_keeps_are_read_by_administrators(who):
    place = place_at_nobodys_mission(None)
    assert who("private_to", place.observer) == {"administrator", "data_protection"}
    assert who("private_to", place) == {"administrator", "data_protection"}


def test_a_public_name_opens_no_contacts(who, place):
    place.sources.set([SourceFactory()])
    assert who("visible_to", place.observer) == set(CAST)
    assert who("private_to", place.observer) == {"coordinator", "organizer", "data_protection"}


@pytest.mark.parametrize("owner", [None, "southland_ministry", "secretariat"])
def test_a_place_that_another_than_the_keeper_enters_opens_no_contacts(
    request, who, secretariat, northland_commission, owner
):
    """Not even to the organizer who entered it, for somebody who is publicly named elsewhere."""
    person = ObserverFactory(owner=northland_commission)
    AssignmentFactory(observer=person, mission=MissionFactory(), owner=northland_commission, sources=[SourceFactory()])
    owner = owner and request.getfixturevalue(owner)
    AssignmentFactory(observer=person, mission=MissionFactory(organizer=secretariat), owner=owner)
    assert who("visible_to", person) == set(CAST)
    assert who("private_to", person) == {"coordinator", "data_protection"}


def test_a_place_of_a_person_whom_the_organizer_does_not_see_is_not_its_own_to_change(who, secretariat, outsider):
    hidden = ObserverFactory(owner=outsider.staff_roles.get().organization)
    place = AssignmentFactory(observer=hidden, mission=MissionFactory(organizer=secretariat), owner=secretariat)
    assert who("visible_to", place) == {"outsider", "data_protection"}
    assert who("changeable_by", place) == set()


def test_a_person_is_given_a_place_by_the_keeper_and_by_anybody_where_publicly_named(who, place):
    members = {"viewer", "coordinator", "outsider", "organizer", "administrator", "data_protection"}
    assert who("assignable_by", place.observer) == {"coordinator"}
    place.sources.set([SourceFactory()])
    assert who("assignable_by", place.observer) >= members
    Observer.objects.update(withheld=True)
    assert who("assignable_by", place.observer) == {"coordinator"}


# What may be chosen


def test_a_record_is_given_only_to_an_organization_for_which_the_user_writes(
    coordinator, viewer, administrator, northland_commission, southland_ministry
):
    kept = [model for model in RECORDS if issubclass(model, OwnedRecord)]
    assert len(kept) == 9
    for model in kept:
        assert list(model.choices_of("owner", coordinator)) == [northland_commission]
        assert list(model.choices_of("owner", viewer)) == []
        assert {northland_commission, southland_ministry} <= set(model.choices_of("owner", administrator))


def test_what_is_pointed_to_may_be_anything_that_is_seen(coordinator, southland_ministry, place):
    party = DeploymentFactory(owner=southland_ministry)
    assert party in Assignment.choices_of("deployment", coordinator)
    assert party in Deployment.choices_of("part_of", coordinator)


def test_a_place_and_a_spelling_are_given_to_nobody_who_is_not_seen(coordinator, southland_ministry):
    hidden = ObserverFactory(owner=southland_ministry)
    assert hidden not in Assignment.choices_of("observer", coordinator)
    assert hidden not in ObserverName.choices_of("observer", coordinator)


def test_who_sees_a_person_for_the_mission_gives_the_person_no_place(organizer, place):
    assert place.observer in Observer.objects.visible_to(organizer)
    assert place.observer not in Assignment.choices_of("observer", organizer)
