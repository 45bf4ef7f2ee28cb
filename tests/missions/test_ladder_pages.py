"""The ladder on the page of an election: what it says in words, and which one an address shows."""

import re

import pytest
from django.urls import reverse

from missions.models import Election
from tests.factories import ElectionFactory, HeadCountFactory, SourceFactory
from tests.missions.test_lists import queries, whole_record
from tests.missions.test_pages import read, section, words_of
from tests.missions.test_pages_access import add_what_is_hidden, answers, public_rows
from tests.missions.test_pages_markup import Page, faults

__all__ = ["add_what_is_hidden", "public_rows"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


@pytest.fixture
def northland():
    return ElectionFactory(code="northland-2030")


@pytest.fixture
def source():
    return SourceFactory(code="gazette", published_on=None)


def counted(election, value, as_of, **but):
    return HeadCountFactory(election=election, value=value, as_of=as_of, **but)


def ladder(markup):
    """The rows of the ladder's table, each cell in its words."""
    table = markup.partition('id="ladder-table"')[2].partition("</table>")[0].partition("<tbody")[2]
    rows = re.findall(r'<tr role="row".*?</tr>', table, re.DOTALL)
    return [[words_of(cell) for cell in re.findall(r"<td\b.*?</td>", row, re.DOTALL)] for row in rows]


def notes(markup):
    return [words_of(note) for note in re.findall(r'<p class="note.*?</p>', markup, re.DOTALL)]


def points(markup):
    """The figures printed in the chart, by the table row that each leads to."""
    found = re.findall(r'<a href="#(step-\d+)".*?<text class="value".*?>(.*?)</text>', markup, re.DOTALL)
    return [(row, words_of(label)) for row, label in found]


def heading(markup):
    return words_of(re.search(r"<h2>.*?</h2>", markup.partition('id="accreditation"')[2])[0])


def of_page(client, query=""):
    return read(client, f"{reverse('election', args=['northland-2030'])}{query}")


# What is wrong or missing, in words


def test_a_gap_is_said_in_words(client, northland, source):
    counted(northland, 60, "2030-05-01", source=source)
    counted(northland, 30, "2030-05-08", basis="change", source=source)
    counted(northland, 86, "2030-05-08", source=source)
    markup = of_page(client)
    assert ladder(markup)[1][:7] == ["8 May 2030", "86", "+30", "56", "90", "−4", "+26"]
    assert notes(markup) == ["reported 86, computed 90: difference −4"]
    assert "Figures leave a gap" in section(markup, "accreditation")


def test_sources_that_disagree_are_said_in_words_and_marked_in_the_chart(client, northland, source):
    counted(northland, 40, "2030-05-01", source=source)
    counted(northland, 42, "2030-05-08", source=source)
    counted(northland, 43, "2030-05-08", source=SourceFactory(code="herald"))
    markup = of_page(client)
    assert ladder(markup)[1][1] == "42 to 43"
    assert notes(markup) == ["sources disagree: 42 or 43", "change not computable while sources disagree"]
    assert ("disputed" in markup, points(markup)[1]) == (True, ("step-2", "42–43"))
    assert "sources disagree" in words_of(re.search('<ul class="legend">.*?</ul>', markup, re.DOTALL)[0])


def test_a_total_beside_the_adopted_one_says_how_far_it_is(client, northland, source):
    counted(northland, 98, "2030-05-08", source=source, preferred=True)
    counted(northland, 86, "2030-05-08", source=SourceFactory(code="herald"))
    markup = of_page(client)
    assert ladder(markup)[0][7] == "sources disagree: 86 or 98 98 [1] adopted 86 [2] differs by −12"


def test_a_batch_without_a_total_is_said_in_words(client, northland, source):
    counted(northland, 39, "2030-05-01", basis="change", source=source)
    counted(northland, 105, "2030-05-08", source=source)
    markup = of_page(client)
    assert ladder(markup)[0][:3] == ["1 May 2030", "", "+39"]
    assert notes(markup) == ["a batch; no total published that day"]
    assert points(markup) == [("step-1", "+39"), ("step-2", "105")]


def test_fewer_than_before_and_an_undated_total_before(client, northland, source):
    counted(northland, 60, "2030-05-01", source=source)
    counted(northland, 48, "2030-05-08", as_of_from="2030-05-02", source=source)
    counted(northland, 50, "2030-05-09", source=source)
    assert notes(of_page(client)) == [
        "12 fewer than on 1 May 2030; no batch published between",
        "2 more than in the total before; no batch published between",
    ]


def test_an_approximate_total_has_no_step(client, northland, source):
    counted(northland, 60, "2030-05-01", source=source)
    counted(northland, 90, "2030-05-08", qualifier="about", source=source)
    assert notes(of_page(client)) == ["change not computable: one of the two totals is not exact"]


def test_a_floor_that_is_met_already_says_no_more(client, northland, source):
    counted(northland, 60, "2030-05-01", source=source)
    counted(northland, 50, "2030-05-08", qualifier="at_least", source=source)
    assert notes(of_page(client)) == ["says no more than the figures before"]


def test_what_does_not_count_is_listed_in_its_place_and_marked(client, northland, source):
    counted(northland, 60, "2030-05-01", source=source)
    counted(northland, 6, "2030-05-04", counted=False, remark="Members only.", source=source)
    counted(northland, 90, "2030-05-08", source=source)
    markup = of_page(client)
    assert [row[0] for row in ladder(markup)] == ["1 May 2030", "4 May 2030", "8 May 2030"]
    assert ladder(markup)[1][-1] == "6 [1] not counted Members only."
    assert [row for row, _label in points(markup)] == ["step-1", "step-2"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, "Accredited: not checked yet"),
        ({"qualifier": "not_published", "value": None}, "Accredited: not published"),
        ({"value": 0}, "Accredited: none"),
        ({"status": "cancelled"}, "Accredited: not applicable"),
    ],
)
def test_each_blank_is_said_in_words(client, northland, source, row, said):
    if row.pop("status", ""):
        Election.objects.update(status="cancelled")
    elif row:
        HeadCountFactory(election=northland, source=source, **row)
    assert heading(of_page(client)) == said


# Which ladder


def test_the_address_chooses_kind_group_and_day(client, northland, source):
    counted(northland, 40, "2030-05-01", kind="announced", group="states", source=source)
    counted(northland, 44, "2030-05-08", kind="announced", group="states", source=source)
    markup = of_page(client, "?kind=announced&group=states&on=2030-05-07")
    assert heading(markup) == "Announced, Of states: 40"
    assert "As known on 7 May 2030." in section(markup, "accreditation")
    links = re.findall('href="(/api/v1/elections/northland-2030/reconciliation/[^"]*)"', markup)
    assert links == [
        "/api/v1/elections/northland-2030/reconciliation/?format=csv&amp;kind=announced&amp;group=states&amp;on=2030-05-07",
        "/api/v1/elections/northland-2030/reconciliation/?kind=announced&amp;group=states&amp;on=2030-05-07",
    ]


def test_what_is_dated_later_is_not_known_by_then(client, northland, source):
    counted(northland, 6, "2030-05-04", counted=False, source=source)
    counted(northland, None, "2030-05-05", qualifier="not_published", source=source)
    markup = of_page(client, "?on=2030-05-01")
    assert (heading(markup), ladder(markup)) == ("Accredited: not checked yet", [])


def test_kinds_and_groups_with_rows_are_a_link_away(client, northland, source):
    counted(northland, 40, "2030-05-01", source=source)
    counted(northland, 30, "2030-05-01", group="states", source=source)
    counted(northland, 44, "2030-05-08", kind="announced", source=source)
    markup = of_page(client)
    choices = markup.partition('<nav class="choices"')[2].partition("</nav>")[0]
    here = "/elections/northland-2030/"
    assert re.findall('href="([^"]*)"', choices) == [
        f"{here}?kind=announced#accreditation",
        f"{here}#accreditation",
        f"{here}#accreditation",
        f"{here}?group=states#accreditation",
    ]


def test_chart_and_table_have_an_address_each(client, northland, source):
    counted(northland, 40, "2030-05-01", source=source)
    counted(northland, 44, "2030-05-08", source=source)
    chart, table = of_page(client), of_page(client, "?view=table")
    assert ("<svg" in chart, "<svg" in table) == (True, False)
    assert ladder(chart) == ladder(table)
    assert len(ladder(table)) == 2
    # Apart from the links that say the address itself.
    asked = of_page(client, "?view=chart").replace("?view=chart", "")
    assert asked == chart
    assert 'aria-describedby="ladder-table"' in chart


def test_a_single_step_is_told_without_a_chart(client, northland, source):
    counted(northland, 40, "2030-05-01", source=source)
    assert "<svg" not in of_page(client)


@pytest.mark.parametrize(
    ("query", "parameter", "sentence"),
    [
        ("kind=given", "kind", "“given” is not one of the values of kind: requested,"),
        ("group=both", "group", "“both” is not one of the values of group: all,"),
        ("on=soon", "on", "“soon” is not a date: please write it as 2017-10-15."),
        ("view=map", "view", "“map” is not one of the values of view: chart, table."),
        ("view=chart&view=table", "view", "view can be given only once."),
        ("knid=all", "knid", "“knid” is not a parameter here."),
    ],
)
def test_what_the_page_cannot_show_is_refused_by_name(client, northland, query, parameter, sentence):
    answer = client.get(f"/elections/northland-2030/?{query}")
    markup = answer.content.decode()
    assert answer.status_code == 400
    assert f"{parameter} : {sentence}" in words_of(markup)
    assert faults(Page(markup)) == []


def test_a_page_that_does_not_exist_is_not_found_whatever_is_asked(client):
    assert client.get("/elections/missing/?kind=given").status_code == 404


# For every reader


def test_no_ladder_takes_more_queries_for_more_counts(client, rebuild):
    record = whole_record("first")
    rebuild()
    addresses = [f"{record.election.get_absolute_url()}{query}" for query in ("", "?kind=announced", "?view=table")]
    addresses += [record.mission.get_absolute_url(), record.party.get_absolute_url()]
    for_one = queries(client, addresses)
    for number in range(10):
        for subject in ({"election": record.election}, {"mission": record.mission}, {"deployment": record.party}):
            day = f"2030-05-{number + 1:02}"
            HeadCountFactory(kind="announced", value=number, as_of=day, source=record.source, **subject)
    rebuild()
    assert queries(client, addresses) == for_one


def test_an_anonymous_reader_cannot_tell_from_any_ladder_whether_anything_is_hidden(client, add_what_is_hidden):
    asked = [
        f"/elections/{code}/{query}"
        for code in ("zebra", "yak")
        for query in (
            "",
            "?kind=announced",
            "?kind=deployed&view=table",
            "?group=states",
            "?on=2030-06-01",
            "?kind=given",
        )
    ]
    before = answers(client, asked)
    add_what_is_hidden()
    assert answers(client, asked) == before


def test_the_observers_above_a_ladder_of_an_earlier_day_are_said_to_be_of_today(client, northland, rebuild):
    sentence = "These figures are as the record stands today. As known on 1 September 2030"
    rebuild()
    told = {
        query: sentence in section(read(client, northland.get_absolute_url() + query), "observers") for query in DAYS
    }
    assert told == {"": False, "?on=2030-09-01": True}


DAYS = ["", "?on=2030-09-01"]
