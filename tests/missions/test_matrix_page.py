"""The page of the matrix: each number in words, with a link to its rows."""

import html
import re
from datetime import date

import pytest

from tests.factories import ElectionFactory
from tests.missions.test_matrix import PAGE, election, gazette, mission, party

__all__ = ["election", "gazette", "mission", "party"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


def cells_of(client, query):
    """The table of the page: by row and column heading the words of the cell and the address behind it."""
    markup = client.get(f"{PAGE}?{query}").content.decode()
    lines = re.findall("<tr>(.*?)</tr>", markup, re.DOTALL)
    heads, *rows = [re.findall("<t([hd])([^>]*)>(.*?)</t[hd]>", line, re.DOTALL) for line in lines]
    columns = [words(content) for _tag, _attributes, content in heads][1:]
    found = {}
    for (_tag, _attributes, name), *cells in rows:
        for column, (_tag, _attributes, content) in zip(columns, cells, strict=True):
            address = re.search('href="([^"]*)"', content)
            found[words(name), column] = words(content), html.unescape(address[1]) if address else None
    return found


def words(markup):
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", markup)).split())


@pytest.mark.parametrize(
    ("announced", "said"),
    [
        (("at_least", 170), "at least 170"),
        (("about", 400), "about 400"),
        (("at_most", 50), "up to 50"),
        (1204, "1,204"),
        (0, "none"),
        (None, "no number"),
    ],
)
def test_the_words_of_a_cell_are_those_of_every_count(client, party, mission, announced, said):
    party(mission("council"), announced=announced)
    assert cells_of(client, "")["Kazakhstan", "Council of Northland"][0] == said


def test_a_cell_without_a_number_to_add_says_why(client, party, mission):
    council, union = mission("council"), mission("union")
    party(council, part_of=party(union, announced=46), announced=10)
    party(council, status="withdrawn", sender_country="UZ")
    cells = cells_of(client, "")
    assert cells["Kazakhstan", "Council of Northland"][0] == "part of a larger one"
    assert cells["Uzbekistan", "Council of Northland"][0] == "not applicable"
    assert cells["Uzbekistan", "Union of Northland"] == ("none recorded", None)
    assert cells_of(client, "measure=named")["Kazakhstan", "Council of Northland"][0] == "nobody named"


def test_a_cell_of_several_deployments_says_how_many_and_the_total_how_many_publish_no_number(client, party, mission):
    council = mission("council")
    party(council, announced=46)
    party(council)
    party(announced=3)
    cells = cells_of(client, "")
    assert cells["Kazakhstan", "Council of Northland"][0] == "at least 46 2 deployments"
    assert cells["Kazakhstan", "No mission named"] == ("3", "/deployments/?sender_country=KZ&share=bilateral")
    assert cells["All rows", "Any mission or none"] == ("at least 49 3 deployments", "/deployments/")
    text = words(client.get(PAGE).content.decode())
    assert "Announced: at least 49 in 2 deployments; 1 publishes no number (not checked yet: 1)." in text
    assert "cells overlap: rows do not add up to their totals" in text
    assert "cells overlap" not in words(client.get(f"{PAGE}?columns=year").content.decode())


def test_a_known_number_is_shaded_and_a_range_is_not(client, party, mission):
    party(mission("council"), announced=46)
    assert "shade-3" in client.get(PAGE).content.decode()
    party(mission("union"), announced=("at_least", 46), sender_country="UZ")
    assert client.get(f"{PAGE}?sender_country=UZ").content.decode().count("shade-") == 0


def test_the_page_leads_to_its_years_its_file_and_its_answer_of_the_api(client, party, mission, gazette):
    party(mission("council"))
    party(election=ElectionFactory(election_day=date(2017, 10, 15)))
    markup = html.unescape(client.get(f"{PAGE}?rows=election&year=2017").content.decode())
    links = {words(text): address for address, text in re.findall('<a href="([^"]*)"[^>]*>(.*?)</a>', markup)}
    assert links["2030"] == "?rows=election&year=2030"
    assert links["All years"] == "?rows=election"
    assert client.get(links["This table in the API"]).json()["rows_by"] == "election"
    assert client.get(links["Download this table as CSV"])["Content-Type"].startswith("text/csv")


def test_without_rows_the_page_says_so_and_offers_to_take_filters_away(client, party):
    assert "Nothing is recorded here yet." in client.get(PAGE).content.decode()
    party()
    markup = client.get(f"{PAGE}?rows=election&sender_country=UZ").content.decode()
    assert "Nothing matches these filters." in markup
    assert 'href="?rows=election">Without “Sending state: Uzbekistan”' in markup
    assert "Rows:" not in markup
