"""The page of a mission: what happened to it and when, and the persons in it by role and status."""

import html
import re

import pytest

from tests.factories import (
    AssignmentFactory,
    ElectionFactory,
    HeadCountFactory,
    InvitationFactory,
    MissionFactory,
    ObserverFactory,
    OrganizationFactory,
    SourceFactory,
    StatementFactory,
)
from tests.missions.test_lists import queries
from tests.missions.test_pages import cells, read, section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


@pytest.fixture
def gazette():
    return SourceFactory(code="gazette")


@pytest.fixture
def mission(gazette):
    council = OrganizationFactory(code="council", name="Council")
    return MissionFactory(
        code="council-2030",
        election=ElectionFactory(code="vote", election_day="2030-06-02"),
        organizer=council,
        status="closed",
        status_on="2030-06-20",
        starts_on="2030-05-20",
        ends_on="2030-06-04",
        sources=[gazette],
    )


def timeline(client, mission):
    markup = re.search(r'<section id="timeline">(.*?)</section>', read(client, mission.get_absolute_url()), re.DOTALL)
    return cells(markup[1])


def test_what_happened_is_told_by_day_with_who_says_so(client, mission, gazette):
    host = OrganizationFactory(code="host", name="Host Commission")
    InvitationFactory(
        election=mission.election,
        inviter=host,
        invitee=mission.organizer,
        sent_on="2030-04-01",
        response="accepted",
        responded_on="2030-04-05",
        sources=[gazette],
    )
    HeadCountFactory(mission=mission, kind="announced", value=46, as_of="2030-05-01", source=gazette)
    HeadCountFactory(mission=mission, kind="announced", value=50, as_of="2030-05-10", source=gazette)
    assert timeline(client, mission) == [
        ["1 April 2030", "Invited by Host Commission", "[1]"],
        ["5 April 2030", "Invitation: Accepted", "[1]"],
        ["1 May 2030", "Announced: 46, the first number published", "[1]"],
        ["20 May 2030 – 4 June 2030", "On site", "[1]"],
        ["2 June 2030", "Election day", ""],
        ["20 June 2030", "Status: Closed", "[1]"],
    ]


def test_another_sources_days_stand_beside_with_that_source(client, mission):
    courier = SourceFactory(code="courier")
    for field, value in (("status", "suspended"), ("status_on", "2030-05-30"), ("starts_on", "2030-05-22")):
        StatementFactory(subject="missions/council-2030", field=field, value=value, source=courier)
    told = timeline(client, mission)
    assert [row for row in told if row[2] == "[2]"] == [
        ["22 May 2030", "On site from this day, end not known", "[2]"],
        ["30 May 2030", "Status: Suspended", "[2]"],
    ]


def test_a_status_without_a_day_comes_last_and_says_so(client, mission):
    type(mission).objects.update(status_on=None, starts_on=None, ends_on=None)
    assert timeline(client, mission) == [
        ["2 June 2030", "Election day", ""],
        ["no day on record", "Status: Closed", "[1]"],
    ]


def test_an_internal_papers_facts_are_not_in_the_timeline_of_visitors(client, mission, viewer):
    memo = SourceFactory(code="memo", public=False)
    InvitationFactory(election=mission.election, invitee=mission.organizer, sent_on="2030-04-01", sources=[memo])
    HeadCountFactory(mission=mission, kind="announced", value=46, as_of="2030-05-01", source=memo)
    StatementFactory(subject="missions/council-2030", field="starts_on", value="2030-05-22", source=memo)
    open_to_all = len(timeline(client, mission))
    client.force_login(viewer)
    assert (open_to_all, len(timeline(client, mission))) == (3, 6)


def test_the_timeline_takes_no_more_queries_for_more_invitations(client, mission, gazette):
    def invite():
        InvitationFactory(election=mission.election, invitee=mission.organizer, sent_on="2030-04-01", sources=[gazette])

    invite()
    few = queries(client, [mission.get_absolute_url()])
    for _number in range(5):
        invite()
    assert queries(client, [mission.get_absolute_url()]) == few


def test_persons_are_counted_by_role_and_status_and_each_number_leads_to_its_rows(client, mission, viewer, gazette):
    places = [("head", "confirmed"), ("short_term", "confirmed"), ("short_term", "")]
    for role, status in places:
        AssignmentFactory(observer=ObserverFactory(), mission=mission, role=role, status=status, sources=[gazette])
    markup = read(client, mission.get_absolute_url())
    assert "By role: Head of mission (1), Short-term observer (2)" in section(markup, "named").replace(" ,", ",")
    assert "By status: Confirmed (2)" in section(markup, "named")
    told = re.findall(r'<a href="(/assignments/[^"]*)">[^<]* \((\d+)\)</a>', markup)
    addresses = [(html.unescape(address), int(number)) for address, number in told]
    rows = [(address, client.get(address).context["page"].paginator.count) for address, _number in addresses]
    assert rows == addresses
    assert len(addresses) == 3
