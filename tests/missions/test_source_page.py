"""The page of a source: how much rests on it, kind by kind, with the lists of exactly these rows."""

import html
import re

import pytest

from tests.factories import (
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    MembershipFactory,
    MissionFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    RegionFactory,
    SourceFactory,
)
from tests.missions.test_lists import whole_record
from tests.missions.test_pages import read, section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


@pytest.fixture
def gazette():
    return SourceFactory(code="gazette", title="Observers arrive")


PARTS = ("missions", "deployments")


def how_much_rests_on(markup):
    links = re.findall(r'<li><a href="([^"]*)">([^<:]+): (\d+)</a>', section_as_written(markup))
    return [(html.unescape(address), label, int(number)) for address, label, number in links]


def section_as_written(markup):
    return re.search(r'<ul class="figures" id="how-much">.*?</ul>', markup, re.DOTALL).group()


def rows_at(client, address):
    answer = client.get(address)
    return answer.context["page"].paginator.count if answer.context else len(answer.json()["results"])


def test_what_rests_on_a_source_is_counted_by_kind_and_each_number_leads_to_its_rows(client, gazette, rebuild):
    whole_record("first", sources=[gazette])
    whole_record("other")
    RegionFactory(source=gazette)
    MembershipFactory(sources=[gazette])
    OrganizationFactory(sources=[gazette])
    rebuild()
    told = how_much_rests_on(read(client, "/sources/gazette/"))
    assert [(address, rows_at(client, address)) for address, _label, _number in told] == [
        (address, number) for address, _label, number in told
    ]
    assert {"Deployments", "Missions", "Elections", "Regions", "Memberships", "Organizations", "Head counts"} <= {
        label for _address, label, _number in told
    }
    assert {label: address for address, label, _number in told}["Deployments"] == "/deployments/?source=gazette"


def test_a_kind_of_which_the_reader_sees_nothing_is_not_named(client, gazette):
    OrganizationNameFactory(source=gazette)
    assert [label for _address, label, _number in how_much_rests_on(read(client, "/sources/gazette/"))] == [
        "Organization names"
    ]


def test_a_source_on_which_nothing_rests_says_so(client, gazette):
    markup = read(client, "/sources/gazette/")
    assert "Nothing that you may see." in markup
    assert "how-much" not in markup


def test_a_large_source_shows_twenty_five_rows_of_a_kind_and_the_way_to_all(client, gazette):
    election = ElectionFactory()
    organizer = OrganizationFactory(name="Council")
    for number in range(27):
        MissionFactory(code=f"m-{number}", election=election, organizer=organizer, sources=[gazette])
        party = DeploymentFactory(code=f"d-{number}", election=election, sources=[gazette])
        HeadCountFactory(deployment=party, source=gazette, value=number + 1)
    markup = read(client, "/sources/gazette/")
    shown = {
        kind: len(set(re.findall(f'href="(/{kind}/[md]-[0-9]+/)"', markup))) for kind in ("missions", "deployments")
    }
    assert shown == {"missions": 25, "deployments": 25}
    for part, address in (
        ("missions", "/missions/?source=gazette"),
        ("deployments", "/deployments/?source=gazette"),
        ("head-counts", "/api/v1/head-counts/?source=gazette"),
    ):
        assert section(markup, part).endswith("All 27")
        assert f'<a href="{address}">All 27</a>' in markup
