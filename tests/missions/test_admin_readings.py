"""What is entered in the admin changes the stored readings in the same moment."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import Q

from missions.models import (
    Assignment,
    Channel,
    Deployment,
    Election,
    HeadCount,
    Mission,
    Reading,
)
from missions.readings import readings_of
from observers.models import Observer
from organizations.models import Organization, Source
from tests.admin_pages import address_of, delete, fill_in, refusals, told, untouched
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    ObserverFactory,
    OrganizationFactory,
    SourceFactory,
)


@pytest.fixture
def election(db):
    return ElectionFactory(code="kg-presidential-2017-10-15", election_day=date(2017, 10, 15))


@pytest.fixture
def source(db):
    return SourceFactory(code="gazette-2017-10-13")


@pytest.fixture
def party(election):
    return DeploymentFactory(code="from-kz", election=election)


def stale(*elections):
    """The readings of the elections that are not stored as they should be."""
    figures = ("election_id", "mission_id", "deployment_id", "kind", "audience", "value", "low", "high", "agreement")
    wrong = set()
    for election in elections:
        election = Election.objects.get(pk=election.pk)  # noqa: PLW2901
        asked = Q(election=election) | Q(mission__election=election) | Q(deployment__election=election)
        stored = set(Reading.objects.filter(asked).values_list(*figures))
        wrong |= stored ^ {tuple(getattr(reading, name) for name in figures) for reading in readings_of([election])}
    return wrong


@pytest.fixture
def counted(election, party, rebuild):
    """A party of 46 through two joint missions, which widens both, with one person named: read and stored."""
    source = SourceFactory(code="public-paper")
    missions = [MissionFactory(election=election, kind="ieom", sources=[source]) for _ in range(2)]
    party.sources.set([source])
    for mission in missions:
        ChannelFactory(deployment=party, mission=mission, source=source)
    HeadCountFactory(deployment=party, kind="announced", value=46, as_of=date(2017, 10, 13), source=source)
    AssignmentFactory(deployment=party, mission=missions[0], sources=[source])
    rebuild()
    assert not stale(election)
    return party


def changed(client, record, **typed):
    page = fill_in(client, address_of(type(record), "change", record), **typed)
    assert "success" in told(page), refusals(page)


def test_readings_follow_a_count_that_is_added_changed_and_deleted(admin_client, counted, source):
    address = f"{address_of(HeadCount, 'add')}?deployment=from-kz&source={source.code}"
    fill_in(admin_client, address, kind="accredited", value="40", as_of="2017-10-14")
    assert counted.readings.get(kind="accredited", audience="members").value == 40
    added = HeadCount.objects.get(kind="accredited")
    changed(admin_client, added, value="41")
    assert counted.readings.get(kind="accredited", audience="members").value == 41
    delete(admin_client, added)
    assert counted.readings.get(kind="accredited", audience="members").value is None
    assert not stale(counted.election)


def test_readings_follow_a_count_below_its_subject(admin_client, counted):
    changed(admin_client, counted, head_counts__0__value="45")
    assert counted.readings.get(kind="announced", audience="public").value == 45
    assert not stale(counted.election)


def test_readings_follow_a_count_that_moves_to_another_election_at_both_ends(admin_client, counted, rebuild):
    elsewhere = DeploymentFactory()
    rebuild()
    changed(admin_client, HeadCount.objects.get(), deployment=elsewhere.pk)
    assert counted.readings.get(kind="announced", audience="members").value is None
    assert elsewhere.readings.get(kind="announced", audience="members").value == 46
    assert not stale(counted.election, elsewhere.election)


def test_readings_follow_a_channel_that_is_deleted(admin_client, counted):
    mission = Mission.objects.order_by("pk")[1]
    before = list(mission.readings.order_by("pk").values_list("low", "high"))
    delete(admin_client, mission.channels.get())
    assert list(mission.readings.order_by("pk").values_list("low", "high")) != before
    assert not stale(counted.election)


def test_readings_follow_a_channel_that_is_left_out_of_the_figures(admin_client, counted):
    changed(admin_client, Channel.objects.order_by("pk")[1], counted="")
    assert not stale(counted.election)


def test_readings_follow_a_mission_that_is_cancelled(admin_client, counted):
    mission = Mission.objects.first()
    changed(admin_client, mission, status="cancelled")
    assert mission.readings.get(kind="deployed", audience="members").value == 0
    assert not stale(counted.election)


def test_readings_follow_a_deployment_that_loses_its_public_source(admin_client, counted):
    internal = SourceFactory(public=False)
    changed(admin_client, counted, sources=[internal.pk])
    assert not counted.readings.filter(audience="public").exists()
    assert not stale(counted.election)


def test_readings_follow_a_source_that_becomes_internal(admin_client, counted):
    changed(admin_client, Source.objects.get(code="public-paper"), public="")
    assert not counted.readings.filter(audience="public").exists()
    assert not stale(counted.election)


def test_readings_follow_the_kind_of_a_sender(admin_client, election, rebuild):
    body = OrganizationFactory(country="KZ", kind="government")
    party = DeploymentFactory(election=election, sender=body)
    HeadCountFactory(deployment=party, value=7)
    HeadCountFactory(election=election, group="election_bodies", value=9)
    rebuild()
    before = readings_of([election])
    changed(admin_client, body, kind="election_body")
    after = readings_of([Election.objects.get()])
    assert [(each.low, each.high, each.agreement) for each in after] != [
        (each.low, each.high, each.agreement) for each in before
    ]
    assert not stale(election)


def test_readings_follow_an_assignment_that_is_added_and_deleted(admin_client, counted):
    mission = Mission.objects.order_by("pk")[1]
    before = set(mission.readings.values_list("kind", "audience", "low", "high"))
    typed = {"observer": ObserverFactory().pk, "role": "short_term", "mission": mission.pk}
    fill_in(admin_client, f"{address_of(Assignment, 'add')}?deployment=from-kz&source=public-paper", **typed)
    assert set(mission.readings.values_list("kind", "audience", "low", "high")) != before
    assert not stale(counted.election)
    delete(admin_client, mission.assignments.get())
    assert set(mission.readings.values_list("kind", "audience", "low", "high")) == before
    assert not stale(counted.election)


def test_readings_follow_a_name_that_is_withheld(admin_client, counted):
    mission = Mission.objects.order_by("pk")[0]
    before = set(mission.readings.values_list("kind", "audience", "low", "high"))
    changed(admin_client, Observer.objects.get(), withheld="on")
    assert set(mission.readings.values_list("kind", "audience", "low", "high")) != before
    assert not stale(counted.election)


def test_readings_follow_a_place_that_moves_below_its_observer(admin_client, counted, rebuild):
    elsewhere = MissionFactory()
    rebuild()
    changed(admin_client, Observer.objects.get(), assignments__0__mission=elsewhere.pk, assignments__0__deployment="")
    assert not stale(counted.election, elsewhere.election)


def test_a_new_election_mission_and_deployment_have_readings_at_once(admin_client):
    fill_in(admin_client, address_of(Election, "add"), country="KG", kind="local", election_day="2020-01-05")
    election, body = Election.objects.get(), OrganizationFactory(code="cis")
    fill_in(admin_client, f"{address_of(Mission, 'add')}?election={election.code}", organizer=body.pk, kind="om")
    fill_in(admin_client, f"{address_of(Deployment, 'add')}?election={election.code}", sender_country="KZ")
    assert Mission.objects.get().readings.exists()
    assert Deployment.objects.get().readings.exists()
    assert not stale(election)


def test_the_readings_of_a_deleted_election_are_gone(admin_client, rebuild):
    ElectionFactory()
    rebuild()
    delete(admin_client, Election.objects.get())
    assert not Election.objects.exists()


def test_what_a_refused_form_says_is_not_read(admin_client, counted):
    before = set(counted.readings.values_list("kind", "audience", "value"))
    sent = untouched(admin_client.get(address_of(Deployment, "change", counted)))
    sent |= {"head_counts-0-value": "999", "ends_on": "2017-01-01", "starts_on": "2017-02-01"}
    admin_client.post(address_of(Deployment, "change", counted), sent)
    assert set(counted.readings.values_list("kind", "audience", "value")) == before
    assert Organization.objects.exists()
