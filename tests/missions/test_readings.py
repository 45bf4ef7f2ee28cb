"""Stored readings: which elections rest on what was written, and that each audience reads only what it may see."""

from __future__ import annotations

from datetime import date

import pytest

from missions.models import Election, Reading
from missions.readings import elections_of, rebuild_readings
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    ObserverFactory,
    OrganizationFactory,
    RegionFactory,
    SourceFactory,
)


@pytest.fixture
def election(db):
    ElectionFactory()
    return ElectionFactory()


@pytest.fixture
def gazette(db):
    return SourceFactory(code="gazette")


@pytest.fixture
def memo(db):
    return SourceFactory(code="memo", public=False)


def read(subject, kind="accredited", audience="members"):
    name = subject._meta.model_name
    reading = Reading.objects.get(**{name: subject}, kind=kind, audience=audience)
    return (reading.value, reading.low, reading.high, reading.agreement)


# Which elections rest on a record


def test_every_record_about_an_election_is_of_that_election(election, gazette):
    mission, party = MissionFactory(election=election), DeploymentFactory(election=election)
    records = [
        election,
        mission,
        party,
        ChannelFactory(deployment=party),
        HeadCountFactory(election=election),
        HeadCountFactory(mission=mission),
        HeadCountFactory(deployment=party),
        AssignmentFactory(mission=mission),
        AssignmentFactory(deployment=party),
    ]
    assert [elections_of([record]) for record in records] == [{election}] * 9


@pytest.mark.parametrize(
    "rest",
    [
        lambda election, source: HeadCountFactory(election=election, source=source),
        lambda election, source: HeadCountFactory(mission=MissionFactory(election=election), source=source),
        lambda election, source: HeadCountFactory(deployment=DeploymentFactory(election=election), source=source),
        lambda election, source: MissionFactory(election=election, sources=[source]),
        lambda election, source: DeploymentFactory(election=election, sources=[source]),
        lambda election, source: ChannelFactory(deployment=DeploymentFactory(election=election), source=source),
        lambda election, source: AssignmentFactory(mission=MissionFactory(election=election), sources=[source]),
    ],
    ids=[
        "count of the election",
        "count of a mission",
        "count of a deployment",
        "mission",
        "deployment",
        "channel",
        "assignment",
    ],
)
def test_a_source_is_of_the_elections_that_rest_on_it(rest, election, gazette):
    rest(election, gazette)
    assert elections_of([gazette]) == {election}


def test_an_organization_is_of_the_elections_to_which_it_sends(election):
    sender = OrganizationFactory(kind="election_body", country="KZ")
    DeploymentFactory(election=election, sender=sender)
    assert elections_of([sender]) == {election}


def test_what_no_figure_rests_on_is_of_no_election(election):
    assert elections_of([RegionFactory(), OrganizationFactory(), ObserverFactory(), SourceFactory()]) == set()


# What is stored


def test_every_subject_has_three_kinds_for_two_audiences(election, gazette):
    MissionFactory(election=election, sources=[gazette])
    DeploymentFactory(election=election, sources=[gazette])
    rebuild_readings([election])
    assert Reading.objects.count() == 3 * 3 * 2


def test_readings_are_rebuilt_and_not_added_to(election, gazette):
    count = HeadCountFactory(election=election, value=10, source=gazette)
    rebuild_readings([election])
    count.value = 12
    count.save()
    rebuild_readings([election])
    assert read(election) == (12, 12, 12, "agreed")
    assert Reading.objects.count() == 6


def test_readings_of_other_elections_are_left_alone(election):
    other = Election.objects.exclude(pk=election.pk).get()
    rebuild_readings([other])
    before = list(Reading.objects.values_list("pk", flat=True))
    rebuild_readings([election])
    assert list(Reading.objects.filter(election=other).values_list("pk", flat=True)) == before


def test_nothing_known_reads_as_nothing(election):
    rebuild_readings([election])
    assert read(election) == (None, None, None, "none")


def test_an_open_figure_reads_as_a_range(election, gazette):
    mission = MissionFactory(election=election, sources=[gazette])
    HeadCountFactory(mission=mission, value=170, qualifier="more_than", source=gazette)
    rebuild_readings([election])
    assert read(mission)[:3] == (None, 171, None)


# Who reads what


def test_the_public_reading_knows_nothing_of_an_internal_figure(election, gazette, memo):
    HeadCountFactory(election=election, value=10, as_of=date(2030, 5, 1), source=gazette)
    HeadCountFactory(election=election, value=15, as_of=date(2030, 5, 2), source=memo)
    rebuild_readings([election])
    assert read(election, audience="public") == (10, 10, 10, "agreed")
    assert read(election, audience="members") == (15, 15, 15, "agreed")


def test_an_internal_mission_or_deployment_has_no_public_reading(election, memo):
    MissionFactory(election=election, sources=[memo])
    DeploymentFactory(election=election)
    rebuild_readings([election])
    subjects = Reading.objects.filter(audience="public").values_list("mission", "deployment")
    assert set(subjects) == {(None, None)}
    assert Reading.objects.filter(audience="members").exclude(mission=None, deployment=None).count() == 6


def test_an_internal_mission_is_no_part_of_what_the_public_reads(election, gazette, memo):
    joint = MissionFactory(election=election, kind="ieom", sources=[gazette])
    for sources, value in (([gazette], 20), ([memo], 5)):
        part = MissionFactory(election=election, part_of=joint, sources=sources)
        HeadCountFactory(mission=part, value=value, source=gazette)
    rebuild_readings([election])
    assert read(joint, audience="public")[0] == 20
    assert read(joint, audience="members")[0] == 25


def test_a_public_part_of_an_internal_mission_is_read_by_itself(election, gazette, memo):
    joint = MissionFactory(election=election, kind="ieom", sources=[memo])
    part = MissionFactory(election=election, part_of=joint, sources=[gazette])
    HeadCountFactory(mission=part, value=20, source=gazette)
    rebuild_readings([election])
    assert read(part, audience="public") == (20, 20, 20, "agreed")


def test_a_channel_of_an_internal_paper_does_not_split_a_public_party(election, gazette, memo):
    party = DeploymentFactory(election=election, sources=[gazette])
    HeadCountFactory(deployment=party, value=4, source=gazette)
    told = ChannelFactory(deployment=party, source=gazette, mission__sources=[gazette]).mission
    ChannelFactory(deployment=party, source=memo)
    joint = told
    joint.kind = "ieom"
    joint.save()
    rebuild_readings([election])
    assert read(joint, audience="public")[:3] == (4, 4, 4)
    assert read(joint, audience="members")[:3] == (None, 0, 4)


def test_a_figure_that_is_not_counted_is_not_read(election, gazette):
    HeadCountFactory(election=election, value=6, counted=False, source=gazette)
    rebuild_readings([election])
    assert read(election) == (None, None, None, "none")
