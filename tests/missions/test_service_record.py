"""The page of an observer: one table of all places, and where two of them are at the same time."""

import re

import pytest

from missions.overlaps import overlaps
from tests.factories import (
    AssignmentFactory,
    DeploymentFactory,
    ElectionFactory,
    MissionFactory,
    ObserverFactory,
    ObserverNameFactory,
    OrganizationFactory,
    SourceFactory,
)
from tests.missions.test_pages import cells, read, section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


@pytest.fixture
def person():
    return ObserverFactory(family_name="Adams", given_names="Ada")


@pytest.fixture
def place(person):
    """Makes a place of the person in a mission of its own, of a public source."""
    source = SourceFactory()

    def make(first, last, *, mission=None, **columns):
        mission = mission or MissionFactory(
            organizer=OrganizationFactory(name="Council"), election=ElectionFactory(name="A vote"), sources=[source]
        )
        return AssignmentFactory(
            observer=person, mission=mission, starts_on=first, ends_on=last, sources=[source], **columns
        )

    return make


def days_found(person):
    return [(str(each.days.first), str(each.days.last)) for each in overlaps(person.assignments.all())]


def test_two_places_at_the_same_time_are_told_with_their_days(client, person, place):
    place("2030-05-20", "2030-06-03")
    place("2030-06-01", "2030-06-09")
    markup = read(client, person.get_absolute_url())
    assert "Council – A vote and Council – A vote: 1 June 2030 – 3 June 2030" in section(markup, "places")
    assert days_found(person) == [("2030-06-01", "2030-06-03")]


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2030-06-03", "2030-06-09", [("2030-06-03", "2030-06-03")]),
        ("2030-06-04", "2030-06-09", []),
        ("2030-06-01", None, [("2030-06-01", "2030-06-01")]),
        (None, "2030-06-02", [("2030-06-02", "2030-06-02")]),
        (None, "2030-06-04", []),
        (None, None, []),
    ],
)
def test_days_overlap_with_both_ends_and_no_day_is_made_up(person, place, first, last, found):
    place("2030-05-20", "2030-06-03")
    place(first, last)
    assert days_found(person) == found


def test_a_place_that_fell_through_is_nowhere(person, place):
    place("2030-06-01", "2030-06-03")
    place("2030-06-01", "2030-06-03", status="replaced")
    assert days_found(person) == []


def test_a_mission_inside_another_and_a_second_role_are_no_second_place(person, place):
    one = place("2030-06-01", "2030-06-03")
    joint = MissionFactory(election=one.mission.election, kind="ieom", sources=[])
    type(one.mission).objects.filter(pk=one.mission.pk).update(part_of=joint)
    place("2030-06-01", "2030-06-03", mission=joint)
    place("2030-06-01", "2030-06-03", mission=one.mission, role="expert")
    assert days_found(person) == []
    place("2030-06-01", "2030-06-03", mission=MissionFactory(election=one.mission.election))
    assert len(days_found(person)) == 3


def test_the_service_record_is_one_table_with_the_latest_first(client, person, place):
    source = SourceFactory()
    for year in (2028, 2031, 2030):
        election = ElectionFactory(name=f"Vote of {year}", election_day=f"{year}-06-02")
        AssignmentFactory(
            observer=person,
            deployment=DeploymentFactory(election=election),
            post="Clerk",
            employer="Ministry",
            sources=[source],
        )
    markup = read(client, person.get_absolute_url())
    assert [row[0] for row in cells(markup)] == ["Vote of 2031", "Vote of 2030", "Vote of 2028"]
    assert cells(markup)[0][1:] == ["no mission named", "Short-term observer", "Clerk, Ministry", "[1]"]
    (address, number) = re.search(r'Service record \(<a href="([^"]*)">(\d+)</a>', markup).groups()
    assert int(number) == client.get(address).context["page"].paginator.count == 3


def test_a_spelling_stands_with_its_language_and_source(client, person, place):
    place("2030-06-01", "2030-06-03")
    ObserverNameFactory(observer=person, family_name="Адамс", given_names="Ада", source=SourceFactory())
    ObserverNameFactory(observer=person, family_name="Hidden", source=SourceFactory(public=False))
    assert section(read(client, person.get_absolute_url()), "names") == (
        "Also spelt Also spelt Spelling Language Source Ада Адамс ru [1]"
    )
