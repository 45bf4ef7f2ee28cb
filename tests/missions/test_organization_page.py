"""The page of an organization: year by year, and the latest of what it runs and sends."""

import html
import re

import pytest

from tests.factories import (
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    MissionFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    SourceFactory,
)
from tests.missions.test_pages import read, section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


@pytest.fixture
def council():
    """It runs missions, also by a body below it, and sends a party; some of it is hidden."""
    council = OrganizationFactory(code="council", name="Council")
    below = OrganizationFactory(code="assembly", parent=council, name="Assembly")
    source, memo = SourceFactory(), SourceFactory(public=False)
    for year, organizer in ((2030, council), (2030, below), (2031, council)):
        election = ElectionFactory(election_day=f"{year}-06-02")
        mission = MissionFactory(election=election, organizer=organizer, sources=[source])
        ChannelFactory(
            deployment=DeploymentFactory(election=election, sources=[source]), mission=mission, source=source
        )
        MissionFactory(election=election, organizer=organizer, sources=[memo])
    DeploymentFactory(election=election, sender=council, sender_country="", sources=[source])
    return council


def test_each_year_says_what_it_ran_and_sent(client, council):
    assert section(read(client, council.get_absolute_url()), "years").endswith("2031 1 1 1 2030 2 2 none recorded")


def test_each_number_leads_to_as_many_rows(client, council):
    links = re.findall(r'<a href="(/[a-z]+/\?[^"]*)">(\d+)', read(client, council.get_absolute_url()))
    told = [(html.unescape(href), int(number)) for href, number in links]
    assert [(href, client.get(href).context["page"].paginator.count) for href, _number in told] == told
    assert len(told) >= 8


def test_the_latest_missions_are_shown_with_the_way_to_all(client, council):
    for year in range(2032, 2037):
        election = ElectionFactory(name=f"Vote of {year}", election_day=f"{year}-06-02")
        MissionFactory(election=election, organizer=council, sources=[SourceFactory()])
    told = section(read(client, council.get_absolute_url()), "runs")
    assert [year for year in range(2029, 2040) if f"Vote of {year}" in told] == [2032, 2033, 2034, 2035, 2036]
    assert told.endswith("All 8")


def names_of(organization, *spans, language="en", source):
    for number, (first, last) in enumerate(spans):
        OrganizationNameFactory(
            organization=organization,
            name=f"Name {number}",
            language=language,
            valid_from=first,
            valid_until=last,
            source=source,
        )


def gaps_told(client, organization):
    return re.findall(r"No name in “\w*” is recorded[^<]*", read(client, organization.get_absolute_url()))


@pytest.mark.parametrize(
    ("spans", "told"),
    [
        ([(None, "2001-12-31"), ("2004-03-01", None)], ["from 1 January 2002 to 29 February 2004"]),
        ([(None, "2001-12-31"), ("2002-01-01", None)], []),
        ([("1990-01-01", None)], []),
        ([("1990-01-01", "2001-12-31")], []),
        ([("1990-01-01", "1999-12-31"), ("1992-01-01", "9999-12-31")], []),
        (
            [("1990-01-01", "1990-01-31"), ("1990-03-01", "1990-03-31"), ("1990-05-01", None)],
            ["from 1 February 1990 to 28 February 1990", "from 1 April 1990 to 30 April 1990"],
        ),
    ],
)
def test_the_days_between_two_names_are_said_in_words(client, spans, told):
    organization = OrganizationFactory()
    names_of(organization, *spans, source=SourceFactory())
    assert gaps_told(client, organization) == [f"No name in “English” is recorded {days}." for days in told]


def test_a_gap_is_of_one_language_and_of_the_names_that_the_reader_sees(client, viewer):
    organization = OrganizationFactory()
    names_of(organization, (None, "2001-12-31"), language="ru", source=SourceFactory())
    names_of(organization, ("2002-01-01", "2003-12-31"), source=SourceFactory(public=False))
    names_of(organization, ("1990-01-01", "2001-12-31"), ("2004-01-01", None), source=SourceFactory())
    seen_by_all = gaps_told(client, organization)
    client.force_login(viewer)
    assert seen_by_all == ["No name in “English” is recorded from 1 January 2002 to 31 December 2003."]
    assert gaps_told(client, organization) == []
