"""The page about the record and the command that counts it: how much there is, of which countries and years."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from tests.factories import (
    DeploymentFactory,
    ElectionFactory,
    InvitationFactory,
    MissionFactory,
    ObserverFactory,
    SourceFactory,
)
from tests.missions.test_pages import read, words_of

ADDRESS = "/about-the-record/"


@pytest.fixture
def two_countries(db, public_access):
    """Kazakhstan votes in 2015 and twice in 2019, Kyrgyzstan in 2019; what is internal stands beside what is public."""
    papers = {"public": SourceFactory(public=True), "internal": SourceFactory(public=False)}
    first, second, third, fourth = (
        ElectionFactory(country=country, election_day=day)
        for country, day in [
            ("KZ", "2015-04-26"),
            ("KZ", "2019-06-09"),
            ("KZ", "2019-11-10"),
            ("KG", "2019-11-28"),
        ]
    )
    for election, paper, make in [
        (first, "public", MissionFactory),
        (first, "public", MissionFactory),
        (second, "internal", MissionFactory),
        (fourth, "public", DeploymentFactory),
        (fourth, "internal", DeploymentFactory),
        (third, "public", InvitationFactory),
    ]:
        make(election=election).sources.add(papers[paper])
    ObserverFactory(family_name="Hidden")
    return first, second, third, fourth


def rows(client, section):
    """The rows of one of the two tables, cell by cell, as words."""
    table = read(client, ADDRESS).partition(f'<h2 id="{section}">')[2].partition("</table>")[0]
    body = table.partition("<tbody")[2]
    return [
        [words_of(cell) for cell in re.findall(r"<t[hd] .*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr .*?</tr>", body, re.DOTALL)
    ]


def test_each_country_says_how_much_is_held_of_it(client, two_countries):
    assert rows(client, "countries") == [
        ["Kazakhstan", "3", "2", "0", "1", "2015 (1) , 2019 (2)"],
        ["Kyrgyzstan", "1", "0", "1", "0", "2019 (1)"],
    ]


def test_each_year_says_how_much_is_held_of_it_latest_first(client, two_countries):
    assert rows(client, "years") == [
        ["2019", "3", "0", "1", "1", "Kazakhstan (2) , Kyrgyzstan (1)"],
        ["2015", "1", "2", "0", "0", "Kazakhstan (1)"],
    ]


def test_a_member_sees_what_is_internal_counted_as_well(client, two_countries, viewer):
    client.force_login(viewer)
    assert rows(client, "countries")[0] == ["Kazakhstan", "3", "3", "0", "1", "2015 (1) , 2019 (2)"]
    assert rows(client, "countries")[1] == ["Kyrgyzstan", "1", "0", "2", "0", "2019 (1)"]


def test_every_number_leads_to_as_many_rows(client, two_countries):
    links = re.findall(r'<a href="(/[a-z]+/\?[^"]+)">([^<]+)</a>', read(client, ADDRESS).replace("&amp;", "&"))
    told = {(address, int(re.search(r"(\d+)\)?$", words)[1])) for address, words in links}
    assert {
        (address, number) for address, number in told if client.get(address).context["page"].paginator.count != number
    } == set()
    assert len(told) == 16


def test_the_numbers_of_the_whole_record_leave_out_what_is_hidden(client, two_countries):
    figures = read(client, ADDRESS).partition('<ul class="figures">')[2].partition("</ul>")[0]
    told = dict(re.findall(r">([^<]+) <strong>(\d+)</strong>", figures))
    assert {name: told[name] for name in ("Elections", "Missions", "Deployments", "Observers", "Sources")} == {
        "Elections": "4",
        "Missions": "2",
        "Deployments": "1",
        "Observers": "0",
        "Sources": str(told["Sources"]),
    }
    assert len(told) == 10


def test_what_has_no_page_of_its_own_leads_to_the_api(client, two_countries):
    links = re.findall(r'<a href="(/api/[^"]+count=exact)">[^<]+<strong>(\d+)</strong>', read(client, ADDRESS))
    assert [(address, client.get(address).json()["count"]) for address, _number in links] == [
        (f"/api/v1/{name}/?count=exact", 0) for name in ("channels", "head-counts", "observers", "assignments")
    ]
    assert {number for _address, number in links} == {"0"}


def test_the_page_takes_as_many_queries_however_much_there_is(
    client, two_countries, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(30) as few:
        client.get(ADDRESS)
    for year in range(2001, 2012):
        MissionFactory(election=ElectionFactory(country="FI", election_day=f"{year}-04-01"))
    with django_assert_num_queries(len(few)):
        client.get(ADDRESS)


def test_an_empty_record_is_said_to_be_empty(client, db, public_access):
    assert "Nothing is recorded here yet." in words_of(read(client, ADDRESS))
    out = StringIO()
    call_command("count_record", stdout=out)
    assert out.getvalue() == "The record is empty.\n"


def test_it_is_for_members_where_access_is_not_public(client, db, members_only, viewer):
    assert client.get(ADDRESS).status_code == 302
    client.force_login(viewer)
    assert "/api/v1/channels/" not in read(client, ADDRESS)
    assert reverse("api:dataset") not in read(client, ADDRESS)


def test_the_whole_record_is_offered_as_a_file(client, db, public_access):
    assert f'<a href="{reverse("api:dataset")}">' in read(client, ADDRESS)


@pytest.mark.usefixtures("published_record", "db")
def test_the_readme_quotes_what_the_command_counts():
    out = StringIO()
    call_command("count_record", stdout=out)
    readme = (Path(settings.BASE_DIR) / "README.md").read_text(encoding="utf-8")
    assert out.getvalue() in readme
    assert len(out.getvalue().splitlines()) == 11
