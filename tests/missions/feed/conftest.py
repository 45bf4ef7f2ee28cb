"""A small record in which much rests on much, and those who read it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser

from missions.models import Election
from missions.readings import rebuild_readings
from organizations.models import StaffRole
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
    StaffRoleFactory,
    StatementFactory,
    UserFactory,
    VotingDayFactory,
)
from tests.missions.feed.copies import begin_the_feed


def statement_about(record, **given):
    return StatementFactory(subject=f"{record.resource()}/{record.code}", **given)


@pytest.fixture
def record(northland_commission, southland_ministry, secretariat):
    """Four bodies, three missions, five persons, papers of both kinds; `clerk` writes all of it."""
    made = SimpleNamespace(bodies=[northland_commission, southland_ministry, secretariat])
    made.bodies.append(OrganizationFactory(code="second-secretariat", name="Second Secretariat"))
    made.gazette, made.paper = SourceFactory(code="gazette"), SourceFactory(code="paper", public=False)
    made.letter = SourceFactory(code="letter", public=False, owner=northland_commission)
    made.review = SourceFactory(code="review", owner=southland_ministry)
    made.election = ElectionFactory(code="election", sources=[made.gazette, made.paper])
    made.region = RegionFactory(code="region", source=made.review)
    OrganizationNameFactory(organization=secretariat, language="ru", name="Секретариат", source=made.paper)
    MembershipFactory(organization=secretariat, sources=[made.review])
    VotingDayFactory(election=made.election, region=made.region, source=made.letter)
    made.missions = [
        MissionFactory(code="mission-1", election=made.election, organizer=secretariat, sources=[made.gazette]),
        MissionFactory(code="mission-2", election=made.election, organizer=made.bodies[3], sources=[made.paper]),
        MissionFactory(
            code="mission-3",
            election=made.election,
            organizer=secretariat,
            owner=northland_commission,
            sources=[made.review, made.letter],
        ),
    ]
    InvitationFactory(election=made.election, invitee=secretariat, sources=[made.letter, made.review])
    made.party = DeploymentFactory(code="party", election=made.election, owner=northland_commission)
    ChannelFactory(deployment=made.party, mission=made.missions[0], source=made.gazette)
    ChannelFactory(deployment=made.party, mission=made.missions[1], source=made.letter)
    HeadCountFactory(deployment=made.party, kind="announced", value=46, source=made.review)
    HeadCountFactory(mission=made.missions[0], value=12, source=made.paper)
    keepers = [northland_commission, northland_commission, southland_ministry, southland_ministry, None, None]
    made.persons = [ObserverFactory(owner=keeper) for keeper in keepers]
    for person, source in zip(made.persons, [made.gazette, made.paper, made.review, None, made.letter], strict=False):
        name = ObserverNameFactory(observer=person, source=source)
        place = AssignmentFactory(
            observer=person,
            owner=person.owner,
            mission=made.missions[0],
            sources=[source] if source else [],
            post="Member of the example committee",
        )
        for about, field in ((person, "family_name"), (name, "family_name"), (place, "post")):
            statement_about(about, field=field, source=made.gazette)
    # By the keeper to the one mission, by another body to the other: whoever works for both organizers sees both.
    AssignmentFactory(observer=made.persons[1], owner=southland_ministry, mission=made.missions[1], role="expert")
    # To a mission that another body keeps: by the person's own keeper, and by the other for a person who is public.
    for person in (made.persons[0], made.persons[2]):
        AssignmentFactory(observer=person, owner=northland_commission, mission=made.missions[2])
    AssignmentFactory(observer=made.persons[3], owner=secretariat, deployment=made.party, sources=[made.letter])
    statement_about(made.missions[1], field="name", source=made.review)
    made.clerk = UserFactory(username="clerk", is_staff=True, is_superuser=True, is_data_protection=True)
    for body in made.bodies:
        StaffRoleFactory(user=made.clerk, organization=body, role=StaffRole.Role.COORDINATOR)
    rebuild_readings(Election.objects.all())
    begin_the_feed()
    return made


@pytest.fixture
def readers(record, viewer, coordinator, outsider, organizer, administrator):
    """Everybody who reads differently, and somebody with a role in two organizations."""
    two_hats = StaffRoleFactory(user__username="two hats", organization=record.bodies[3], role="viewer").user
    StaffRoleFactory(user=two_hats, organization=record.bodies[2], role="viewer")
    data_protection = UserFactory(username="data protection", is_staff=True, is_data_protection=True)
    members = [viewer, coordinator, outsider, organizer, administrator, two_hats, data_protection]
    return [AnonymousUser(), UserFactory(username="without a role"), *members]
