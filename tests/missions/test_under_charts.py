"""Under a chart stand its sources, a note, its address, how to cite it, and the download of its rows."""

import html
import re

import pytest

from tests.factories import ElectionFactory, HeadCountFactory, SourceFactory
from tests.missions.test_pages import read, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


def under_chart(markup):
    return words_of(re.search('<div class="under-chart.*?</div>', markup, re.DOTALL)[0])


@pytest.fixture
def election():
    made = ElectionFactory(code="vote", name="Vote of June")
    for number, publisher in enumerate(("Gazette", "Herald", "Gazette", "Chronicle", "Courier"), start=1):
        source = SourceFactory(publisher=publisher)
        HeadCountFactory(election=made, value=number * 10, as_of=f"2030-05-{number:02}", source=source)
    HeadCountFactory(election=made, kind="announced", source=SourceFactory(publisher="Of another figure"))
    HeadCountFactory(election=made, as_of="2030-05-20", source=SourceFactory(publisher="Hidden", public=False))
    return made


def test_a_ladder_names_its_sources_and_says_how_to_cite_it(client, election, rebuild):
    rebuild()
    told = under_chart(read(client, election.get_absolute_url()))
    assert told.startswith("Data source: Gazette; Herald; Chronicle and other sources ( all of them ) Note: A total is")
    assert "Hidden" not in told
    assert re.search(
        "How to cite: Election observation mission tracker, “Accredited, Vote of June”, as the record stood on "
        r"\d+ \w+ \d{4}, http://testserver/elections/vote/#accreditation, CC BY 4.0\.$",
        told,
    )


def test_its_address_opens_the_same_ladder_and_its_download_the_same_rows(client, election, rebuild):
    rebuild()
    markup = read(client, f"{election.get_absolute_url()}?kind=announced&view=table")
    (address,) = re.findall('<a href="(http://testserver[^"]*)">', markup)
    assert html.unescape(address) == "http://testserver/elections/vote/?kind=announced&view=table#accreditation"
    assert "Data source: Of another figure" in under_chart(read(client, html.unescape(address).partition("#")[0]))
    (download,) = re.findall(r'<a href="([^"]*format=csv[^"]*)">This ladder as CSV', markup)
    rows = b"".join(client.get(html.unescape(download)).streaming_content).decode().splitlines()
    assert len(rows) == 2


def test_where_nothing_is_counted_there_is_nothing_to_cite(client):
    assert "under-chart" not in read(client, ElectionFactory().get_absolute_url())
