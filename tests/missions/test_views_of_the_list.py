"""The deployments as a table of chosen columns, as a timeline and by years: the same filters, at an address each."""

import csv
import html
import re
from datetime import date
from io import StringIO

import pytest

from missions.models import Deployment
from tests.factories import (
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    OrganizationFactory,
    SourceFactory,
    VotingDayFactory,
)
from tests.missions.test_lists import body_of, page, queries, whole_record
from tests.missions.test_pages_markup import Page, faults

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


@pytest.fixture
def parties(rebuild):
    """Two of 2017, one of them through a mission with days and a hidden one; one of 2030 that publishes no number."""
    gazette, memo = SourceFactory(publisher="Gazette"), SourceFactory(public=False, publisher="Memo")
    early = ElectionFactory(code="southland-2017", country="MN", election_day=date(2017, 10, 15))
    late = ElectionFactory(code="northland-2030", country="KG", election_day=date(2030, 6, 2))
    VotingDayFactory(election=early, round=2, starts_on=date(2017, 11, 5), source=gazette)
    first = DeploymentFactory(code="first", election=early, sender_country="KZ", sources=[gazette])
    second = DeploymentFactory(code="second", election=early, sender_country="UZ", sources=[gazette])
    DeploymentFactory(code="third", election=late, sender_country="KZ", sources=[gazette])
    open_days = {"starts_on": date(2017, 10, 10), "ends_on": date(2017, 10, 17)}
    hidden_days = {"starts_on": date(2016, 1, 1), "ends_on": date(2018, 12, 31)}
    for code, facts, days in (("union", gazette, open_days), ("league", memo, hidden_days)):
        organizer = OrganizationFactory(code=code, name=code.title())
        mission = MissionFactory(election=early, organizer=organizer, sources=[facts], **days)
        ChannelFactory(deployment=first, mission=mission, source=gazette)
    HeadCountFactory(deployment=first, kind="announced", value=46, source=gazette)
    HeadCountFactory(deployment=second, kind="announced", value=10, qualifier="at_least", source=gazette)
    rebuild()


def shown(client, query=""):
    answer = client.get(page("deployments", query))
    assert answer.status_code == 200, html.unescape(answer.content.decode())
    return answer.content.decode()


def heads(markup):
    return [
        (" ".join(re.sub("<[^>]*>", "", words).split()), (re.findall('aria-sort="(.*?)"', attributes) or [""])[0])
        for attributes, words in re.findall('<th role="columnheader" scope="col"(.*?)>(.*?)</th>', markup, re.DOTALL)
    ]


# Columns and their order


def test_the_usual_columns_stand_where_none_are_chosen(parties, client):
    assert [name for name, _sorted in heads(shown(client))] == [
        "Who sent whom, where ↓",
        "Through",
        "When 10 October 2017 – 2 June 2030",
        "Observers",
        "Status and sources",
    ]


def test_the_columns_chosen_stand_beside_who_sent_whom(parties, client):
    markup = shown(client, "?columns=named&columns=announced&sender_country=KZ")
    assert [name for name, _sorted in heads(markup)] == ["Who sent whom, where ↓", "Announced", "Named"]
    assert "46 announced" in markup
    # What was asked beside the columns goes with them.
    form = markup[markup.index('<details class="columns">') : markup.index("</table>")]
    assert '<input type="hidden" name="sender_country" value="KZ">' in form
    assert len(re.findall(" checked>", form)) == 2


def test_a_column_that_is_none_is_refused_by_name(parties, client):
    answer = client.get(page("deployments", "?columns=password"))
    assert answer.status_code == 400
    assert "“password” is not one of the values of columns" in html.unescape(answer.content.decode())
    assert client.get("/api/v1/deployments/?columns=named").status_code == 400
    assert client.get(page("missions", "?columns=named")).status_code == 400


def test_a_head_leads_to_its_order_says_it_and_leads_back(parties, client):
    markup = shown(client, "?columns=announced&ordering=-announced&page=1")
    assert heads(markup)[1] == ("Announced ↓", "descending")
    assert 'id="head-announced" href="?columns=announced&amp;ordering=announced"' in markup
    markup = shown(client, "?columns=announced&ordering=announced")
    assert heads(markup)[1] == ("Announced ↑", "ascending")
    assert 'id="head-announced" href="?columns=announced&amp;ordering=-announced"' in markup
    assert [name for name, direction in heads(markup) if direction] == ["Announced ↑"]


# Timelines


def drawn(markup):
    return [html.unescape(label) for label in re.findall('<svg class="when"[^>]*aria-label="(.*?)"', markup)]


def test_a_row_has_its_days_on_the_scale_of_all_rows_and_in_words(parties, client):
    markup = shown(client, "?ordering=code")
    assert drawn(markup) == [
        "Vote: 15 October 2017; Union: 10 October 2017 – 17 October 2017",
        "Vote: 15 October 2017",
        "Vote: 2 June 2030",
    ]
    assert "10 October 2017 – 2 June 2030" in markup
    places = [float(each) for each in re.findall(r'<circle cx="([\d.]+)%"', markup)]
    assert places == [1.11, 1.11, 99.0]


def test_a_mission_that_is_hidden_gives_no_days_away(parties, client, viewer):
    assert "2016" not in shown(client, "?view=timeline") + shown(client)
    client.force_login(viewer)
    assert "League: 1 January 2016 – 31 December 2018" in drawn(shown(client))[1]


def test_the_timeline_draws_the_rows_of_the_list_with_all_voting_days(parties, client):
    markup = shown(client, "?view=timeline&sender_country=KZ")
    assert drawn(markup) == [
        "Vote: 2 June 2030",
        "Vote: 15 October 2017; Vote: 5 November 2017; Union: 10 October 2017 – 17 October 2017",
    ]
    assert "Data source: Gazette." in markup
    assert faults(Page(markup)) == []


def test_the_file_of_the_timeline_holds_what_it_draws(parties, client):
    body = body_of(client.get(page("deployments", "?view=timeline&format=csv&ordering=code"))).decode()
    assert [tuple(row.values()) for row in csv.DictReader(StringIO(body, newline=""))] == [
        ("first", "Kazakhstan", "southland-2017", "vote", "2017-10-15", "2017-10-15"),
        ("first", "Kazakhstan", "southland-2017", "vote", "2017-11-05", "2017-11-05"),
        ("first", "Kazakhstan", "southland-2017", "Union", "2017-10-10", "2017-10-17"),
        ("second", "Uzbekistan", "southland-2017", "vote", "2017-10-15", "2017-10-15"),
        ("second", "Uzbekistan", "southland-2017", "vote", "2017-11-05", "2017-11-05"),
        ("third", "Kazakhstan", "northland-2030", "vote", "2030-06-02", "2030-06-02"),
    ]


# Years


def years(markup):
    rows = re.findall(r'<th role="rowheader" scope="row">(\d+)</th>(.*?)</tr>', markup, re.DOTALL)
    return {
        year: (re.search('href="(.*?)"', cells)[1], " ".join(re.sub("<[^>]*>", " ", cells).split()))
        for year, cells in rows
    }


def test_each_year_has_its_deployments_and_what_was_announced_as_a_range(parties, client):
    markup = shown(client, "?view=years")
    assert years(markup) == {
        "2017": ("?year=2017", "2 at least 56"),
        "2030": ("?year=2030", "1 no number"),
    }
    for query, number in (("?year=2017", 2), ("?year=2030", 1)):
        assert client.get(page("deployments", query)).context["page"].paginator.count == number
    assert faults(Page(markup)) == []


def test_the_years_keep_the_filters_and_their_file_holds_what_they_show(parties, client):
    assert years(shown(client, "?view=years&sender_country=UZ&page_size=50"))["2017"] == (
        "?sender_country=UZ&amp;year=2017",
        "1 at least 10",
    )
    body = body_of(client.get(page("deployments", "?view=years&format=csv"))).decode()
    assert body.splitlines() == [
        "year,deployments,announced_low,announced_high,without_number,query",
        "2017,2,56,,0,year=2017",
        "2030,1,,,1,year=2030",
    ]


@pytest.mark.parametrize("view", ["timeline", "years"])
def test_below_a_chart_stand_its_source_its_file_its_address_and_how_to_cite_it(parties, client, view):
    markup = html.unescape(shown(client, f"?view={view}&sender_country=KZ"))
    address = f"http://testserver/deployments/?view={view}&sender_country=KZ"
    assert "Data source: Gazette." in markup
    assert f'<a href="?view={view}&sender_country=KZ&format=csv">Download what is shown, as CSV</a>' in markup
    assert f'<a href="{address}">{address}</a>' in markup
    assert "(Sending state: Kazakhstan), read on" in markup
    assert "Memo" not in markup


# What leads there


def test_each_view_and_each_ready_made_list_is_a_link_that_answers(parties, client):
    markup = shown(client, "?sender_country=KZ&page=1&ordering=code&columns=named")
    nav = markup[markup.index('<nav id="views"') : markup.index("</nav>", markup.index('<nav id="views"'))]
    links = {name: html.unescape(href) for href, name in re.findall('href="([^"]*)"[^>]*>(.*?)</a>', nav)}
    assert links["Timeline"] == "?sender_country=KZ&ordering=code&columns=named&view=timeline"
    assert links["Matrix"] == "/matrix/?sender_country=KZ"
    assert links["Declined"] == "/invitations/?response=declined"
    assert links["Split not published"] == "/deployments/?share=unknown"
    assert list(links) == [
        *("Table", "Timeline", "By year", "Matrix"),
        *("All", "Coming", "Declined"),
        *("Sources disagree on the number", "Sources name different missions", "Split not published"),
    ]
    for href in links.values():
        address = page("deployments", href) if href.startswith("?") else href
        assert client.get(address).status_code == 200


def test_no_view_takes_more_queries_for_more_rows(client, rebuild):
    addresses = [page("deployments", f"?view={view}") for view in ("table", "timeline", "years")]
    whole_record("first")
    rebuild()
    few = queries(client, addresses)
    for number in range(20):
        whole_record(number)
    rebuild()
    assert queries(client, addresses) == few
    assert (Deployment.objects.count(), max(few[address] for address in addresses[:2]) < 16) == (21, True)
