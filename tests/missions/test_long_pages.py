"""Pages of records on which much hangs: they show the first rows, and lead to all of them."""

import re

import pytest
from django.urls import reverse

from tests.factories import (
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    InvitationFactory,
    MissionFactory,
    SourceFactory,
)
from tests.missions.test_pages import cells, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


@pytest.fixture
def election():
    return ElectionFactory(code="vote")


def part(markup, name):
    return re.search(rf'<section id="{name}">(.*?)</section>', markup, re.DOTALL)[1]


def way_to_all(markup):
    found = re.search(r'<p class="all-of"><a href="([^"]*)">All (\d+)</a>', markup)
    return found and (found[1], int(found[2]))


@pytest.mark.parametrize(
    ("name", "factory"),
    [("missions", MissionFactory), ("deployments", DeploymentFactory), ("invitations", InvitationFactory)],
)
def test_an_election_shows_25_rows_of_a_list_and_leads_to_all(client, election, name, factory):
    source = SourceFactory()
    for _number in range(25):
        factory(election=election, sources=[source])
    shown = part(read(client, election.get_absolute_url()), name)
    assert (len(cells(shown)), way_to_all(shown)) == (25, None)
    factory(election=election, sources=[source])
    factory(election=election, sources=[SourceFactory(public=False)])
    shown = part(read(client, election.get_absolute_url()), name)
    address = f"{reverse(name)}?election=vote"
    assert (len(cells(shown)), way_to_all(shown)) == (25, (address, 26))
    assert client.get(address).context["page"].paginator.count == 26


def test_a_mission_shows_25_rows_of_its_parts_and_of_its_parties(client, election):
    source = SourceFactory()
    mission = MissionFactory(code="joint", election=election, sources=[source])
    for _number in range(27):
        MissionFactory(election=election, part_of=mission, sources=[source])
        ChannelFactory(
            deployment=DeploymentFactory(election=election, sources=[source]), mission=mission, source=source
        )
    markup = read(client, mission.get_absolute_url())
    for name, address in (("parts", "/missions/?part_of=joint"), ("deployments", "/deployments/?mission=joint")):
        shown = part(markup, name)
        assert (len(cells(shown)), way_to_all(shown)) == (25, (address, 27))
        assert client.get(address).context["page"].paginator.count == 27


def test_an_election_tells_what_is_on_its_page(client, election):
    markup = read(client, election.get_absolute_url())
    links = re.findall(r'href="#([\w-]+)"', re.search('<nav class="on-this-page".*?</nav>', markup, re.DOTALL)[0])
    assert links == ["accreditation", "missions", "deployments", "invitations", "sources"]
    assert [name for name in links if f'id="{name}"' not in markup] == []
