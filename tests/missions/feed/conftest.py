"""A small record in which much rests on much, those who read it, and a copy that each of them keeps of it."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

import missions.api
import observers.api
import organizations.api
from missions.lists import READING_COLUMNS
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

FEED = reverse("api:changes")
VIEWSETS = [*organizations.api.VIEWSETS, *observers.api.VIEWSETS, *missions.api.VIEWSETS]
who_sees_each_record = import_module("missions.migrations.0004_who_sees_each_record")


def begin_the_feed():
    """Tells of everything that was made past the doors, as for a database that is older than the feed."""
    who_sees_each_record.empty(apps, None)
    who_sees_each_record.fill(apps, None)


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


@cache
def columns_of(viewset):
    """What the API answers for a record, without what it computes but for figures."""
    model, serializer = viewset.model(), viewset.serializer_class()
    figures = serializer.fields.keys() & set(READING_COLUMNS)
    serializer.only(["code", *figures, *(name for name in model.columns if name not in model.private_columns)])
    return serializer


class Copy:
    """What one reader holds: the columns and figures of every record that this reader sees, by kind and code."""

    def __init__(self, user):
        self.user, self.client = user, Client()
        if user.is_authenticated:
            self.client.force_login(user)
        self.next = self.ask(f"{FEED}?since=now&page_size=1000")["next"]
        self.rows = self.rows_now()

    def __str__(self):
        return self.user.get_username() or "anonymous"

    def ask(self, address):
        answer = self.client.get(address)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def follow(self):
        """Everything that is told since the last time."""
        told, more = [], True
        while more:
            answer = self.ask(self.next)
            told += answer["results"]
            more, self.next = answer["more"], answer["next"]
        return told

    def rows_now(self):
        """What the lists of the API say to this reader, but for what they compute beside figures."""
        found = {}
        for viewset in VIEWSETS:
            for row in viewset.rows(self.user):
                found[viewset.model().resource(), row.code] = dict(columns_of(viewset).to_representation(row))
        return found


def told_as_became(copy):
    """What the copy is told since the last time, and what became of it; from now on it holds what it should."""
    told, now = copy.follow(), copy.rows_now()
    became = difference(copy.rows, now)
    for entry in told:
        if entry["action"] == "erased" and entry["url"]:
            # What was erased may have said nothing before.
            became["changed"][key_of(entry)] = became["changed"].get(key_of(entry), set()) | {*entry["fields"]}
    copy.rows = now
    return net(told), became


def difference(before, after):
    """What became of a copy: which records came, which went, and which columns of the others say something else."""
    both = before.keys() & after.keys()
    columns = {key: {name for name, value in after[key].items() if before[key][name] != value} for key in both}
    changed = {key: names for key, names in columns.items() if names}
    return {"came": after.keys() - before.keys(), "went": before.keys() - after.keys(), "changed": changed}


def net(told):
    """The same, as the feed tells it."""
    columns = {}
    for entry in told:
        if entry["fields"]:
            columns.setdefault(key_of(entry), set()).update(entry["fields"])
    return {
        "came": {key_of(entry) for entry in told if entry["action"] == "created"},
        "went": {key_of(entry) for entry in told if entry["url"] is None},
        "changed": columns,
    }


def key_of(entry):
    return entry["resource"], entry["code"]
