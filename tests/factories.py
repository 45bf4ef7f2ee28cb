"""Plainly made-up records for tests: each test states only what it is about, the rest is filled in here.

Organizations and people are fictional; countries stand by their ISO codes.
"""

from __future__ import annotations

from datetime import date

import factory

from missions.models import (
    Assignment,
    Channel,
    Deployment,
    Election,
    HeadCount,
    Invitation,
    Mission,
    Statement,
    VotingDay,
)
from observers.models import Observer, ObserverName
from organizations.models import Membership, Organization, OrganizationName, Region, Source, StaffRole, User


class RecordFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True
        skip_postgeneration_save = True

    @factory.post_generation
    def sources(self, create, given, **_more):
        """`sources=[…]` for records that cite several."""
        if given:
            self.sources.set(given)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda number: f"person-{number}")


class StaffRoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StaffRole

    user = factory.SubFactory(UserFactory)
    organization = factory.SubFactory("tests.factories.OrganizationFactory")
    role = StaffRole.Role.COORDINATOR


class SourceFactory(factory.django.DjangoModelFactory):
    """A published article; `public=False` makes it an internal paper."""

    class Meta:
        model = Source

    code = factory.Sequence(lambda number: f"gazette-{number}")
    title = "Observers arrive"
    publisher = "Northland Gazette"


class OrganizationFactory(RecordFactory):
    """An international organization; `name="…"` gives it an English name, of a public source."""

    class Meta:
        model = Organization

    code = factory.Sequence(lambda number: f"organization-{number}")
    kind = Organization.Kind.INTERGOVERNMENTAL

    @factory.post_generation
    def name(self, create, given, **_more):
        if given:
            OrganizationNameFactory(organization=self, name=given)


class OrganizationNameFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrganizationName

    organization = factory.SubFactory(OrganizationFactory)
    language = "en"
    name = "Northland Council"
    source = factory.SubFactory(SourceFactory)


class MembershipFactory(RecordFactory):
    class Meta:
        model = Membership

    organization = factory.SubFactory(OrganizationFactory)
    member_country = "KZ"


class RegionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Region

    country = "KZ"
    name = factory.Sequence(lambda number: f"Region {number}")


class ElectionFactory(RecordFactory):
    class Meta:
        model = Election

    code = factory.Sequence(lambda number: f"election-{number}")
    country = "KG"
    kind = Election.Kind.PRESIDENTIAL
    election_day = date(2030, 6, 2)


class VotingDayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = VotingDay

    election = factory.SubFactory(ElectionFactory)
    starts_on = date(2030, 6, 2)
    source = factory.SubFactory(SourceFactory)


class MissionFactory(RecordFactory):
    class Meta:
        model = Mission

    code = factory.Sequence(lambda number: f"mission-{number}")
    election = factory.SubFactory(ElectionFactory)
    organizer = factory.SubFactory(OrganizationFactory)
    kind = Mission.Kind.OM


class InvitationFactory(RecordFactory):
    class Meta:
        model = Invitation

    election = factory.SubFactory(ElectionFactory)
    inviter = factory.SubFactory(OrganizationFactory)
    invitee = factory.SubFactory(OrganizationFactory)


class DeploymentFactory(RecordFactory):
    class Meta:
        model = Deployment

    code = factory.Sequence(lambda number: f"deployment-{number}")
    election = factory.SubFactory(ElectionFactory)
    sender_country = "KZ"


class ChannelFactory(factory.django.DjangoModelFactory):
    """A channel of one election: a mission that is not given is made for the election of the deployment."""

    class Meta:
        model = Channel

    deployment = factory.SubFactory(DeploymentFactory)
    mission = factory.SubFactory(MissionFactory, election=factory.SelfAttribute("..deployment.election"))
    source = factory.SubFactory(SourceFactory)


class HeadCountFactory(factory.django.DjangoModelFactory):
    """Give its `election`, its `mission` or its `deployment`."""

    class Meta:
        model = HeadCount

    kind = HeadCount.Kind.ACCREDITED
    value = 10
    as_of = date(2030, 6, 1)
    source = factory.SubFactory(SourceFactory)


class ObserverFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Observer

    family_name = factory.Sequence(lambda number: f"Example{number}")
    given_names = "Robin"


class ObserverNameFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ObserverName

    observer = factory.SubFactory(ObserverFactory)
    language = "ru"
    family_name = "Пример"
    source = factory.SubFactory(SourceFactory)


class AssignmentFactory(RecordFactory):
    """Give its `mission`, its `deployment`, or both."""

    class Meta:
        model = Assignment

    observer = factory.SubFactory(ObserverFactory)
    role = Assignment.Role.SHORT_TERM


class StatementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Statement

    field = "name"
    value = "Another name"
    source = factory.SubFactory(SourceFactory)
