"""The calendar: the days of a month, and the feed that other calendars read."""

import re
from datetime import date

import pytest
from django.urls import reverse
from icalendar import Calendar

from tests.factories import (
    AssignmentFactory,
    ElectionFactory,
    MissionFactory,
    ObserverFactory,
    RegionFactory,
    SourceFactory,
    VotingDayFactory,
)
from tests.missions.test_pages import read, section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


def address(query=""):
    return f"{reverse('calendar')}?{query}"


def events(client, query=""):
    answer = client.get(address(f"{query}&format=ics"))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content).walk("VEVENT")


@pytest.fixture
def vote():
    return ElectionFactory(
        code="kg-2030", name="Vote of June", election_day="2030-06-02", accreditation_closes_at="2030-05-30T18:00"
    )


@pytest.fixture
def mission(vote):
    return MissionFactory(
        code="kg-2030-council",
        election=vote,
        name="Council mission",
        starts_on="2030-05-20",
        ends_on="2030-06-05",
        sources=[SourceFactory()],
    )


def test_a_month_shows_the_day_of_voting_and_the_next_its_neighbour(client, vote):
    assert "2 June 2030 Election day Vote of June" in section(read(client, address("month=2030-06")), "days")
    may = section(read(client, address("month=2030-05")), "days")
    assert may.endswith("30 May 2030 Accreditation closes at 18:00, the host's time Vote of June Called")
    assert "No voting day and no deadline" in section(read(client, address("month=2030-07")), "days")


def test_voting_days_on_record_stand_beside_the_day_of_the_election(client, vote):
    VotingDayFactory(election=vote, starts_on="2030-06-02")
    VotingDayFactory(election=vote, starts_on="2030-06-16", round=2, region=RegionFactory(name="North"))
    days = section(read(client, address("month=2030-06")), "days")
    assert "2 June 2030 Voting, round 1 Vote of June" in days
    assert "16 June 2030 North votes, round 2 Vote of June" in days
    assert "Election day" not in days


@pytest.mark.parametrize(("month", "there"), [("04", False), ("05", True), ("06", True), ("07", False)])
def test_a_mission_stands_in_each_month_in_which_it_is_on_site(client, mission, month, there):
    told = section(read(client, address(f"month=2030-{month}")), "on-site")
    assert ("20 May 2030 – 5 June 2030 On site Council mission" in told) is there


def test_of_a_mission_with_one_day_on_record_no_other_is_made_up(client, vote):
    MissionFactory(election=vote, name="Open end", starts_on="2030-06-01", sources=[SourceFactory()])
    MissionFactory(election=vote, name="No day", sources=[SourceFactory()])
    told = section(read(client, address("month=2030-06")), "on-site")
    assert "1 June 2030 On site from this day, end not known Open end" in told
    assert "No day" not in told
    assert "Open end" not in read(client, address("month=2030-07"))


def test_the_feed_holds_whole_days_that_keep_their_names(client, mission):
    found = {str(event["uid"]).partition("@")[0]: event for event in events(client)}
    days = {uid: (event.decoded("dtstart"), event.decoded("dtend")) for uid, event in found.items()}
    assert days == {
        "mission-kg-2030-council": (date(2030, 5, 20), date(2030, 6, 6)),
        "deadline-kg-2030": (date(2030, 5, 30), date(2030, 5, 31)),
        "election-kg-2030": (date(2030, 6, 2), date(2030, 6, 3)),
    }
    assert {event["dtstart"].params["VALUE"] for event in found.values()} == {"DATE"}
    mission.election.name = "Another name"
    mission.election.save()
    assert {str(event["uid"]) for event in events(client)} == {str(event["uid"]) for event in found.values()}


def test_the_feed_is_of_the_filters(client, mission):
    ElectionFactory(code="uz-2030", country="UZ", kind="local", election_day="2030-06-09")
    names = lambda query: {str(event["uid"]).partition("@")[0] for event in events(client, query)}  # noqa: E731
    assert names("host_country=UZ") == names("kind=local") == {"election-uz-2030"}
    assert names("host_country=KG&month=2030-05") == {"mission-kg-2030-council", "deadline-kg-2030"}
    assert len(names("")) == 4


def test_a_vote_called_off_is_told_as_such(client, vote):
    type(vote).objects.update(status="cancelled")
    assert {str(event["status"]) for event in events(client)} == {"CANCELLED"}


def test_nobody_and_nothing_hidden_is_in_it(client, mission):
    MissionFactory(
        election=mission.election, name="Hidden", starts_on="2030-06-01", sources=[SourceFactory(public=False)]
    )
    person = ObserverFactory(family_name="Quokka")
    AssignmentFactory(observer=person, mission=mission, role="head", starts_on="2030-06-01", sources=[SourceFactory()])
    for query in ("month=2030-06", "format=ics"):
        content = read(client, address(query))
        assert "Council mission" in content
        assert "Hidden" not in content
        assert "Quokka" not in content


def test_the_ways_to_other_months_lead_where_something_is(client, mission):
    MissionFactory(
        election=mission.election, starts_on="2029-01-01", sources=[SourceFactory(public=False)], name="Hidden"
    )
    ElectionFactory(election_day="2031-03-02", country="UZ")
    months = lambda query: re.findall(r'rel="(prev|next)" href="[^"]*month=([\d-]+)"', read(client, address(query)))  # noqa: E731
    assert months("month=2030-06") == [("prev", "2030-05"), ("next", "2031-03")]
    assert months("month=2030-05") == [("next", "2030-06")]
    assert months("month=2031-03") == [("prev", "2030-06")]


@pytest.mark.parametrize(
    "query", ["month=2030", "month=2030-13", "month=June", "month=2030-05&month=2030-06", "year=2030", "format=csv"]
)
def test_what_it_cannot_be_asked_is_refused(client, vote, query):
    assert client.get(address(query)).status_code == 400
