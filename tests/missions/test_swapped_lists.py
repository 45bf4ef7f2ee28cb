"""What takes the place of the rows when a list is filtered, sorted or turned, and what the address holds of it."""

import re

import pytest

from tests.missions.test_lists import PAGES, page, whole_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]

SWAP = {"HX-Request": "true"}
RESTORE = {"HX-Request": "true", "HX-History-Restore-Request": "true"}


@pytest.fixture
def record(rebuild):
    made = whole_record("a")
    rebuild()
    return made


@pytest.mark.parametrize("resource", PAGES)
def test_a_part_of_the_page_answers_a_swap_and_the_whole_page_everybody_else(record, client, resource):
    part, whole = client.get(page(resource), headers=SWAP), client.get(page(resource))
    assert ("<html" in part.content.decode(), "<html" in whole.content.decode()) == (False, True)
    for name in ("results", "results-heading", "filter-fields", "filter-summary", "live"):
        assert part.content.decode().count(f'id="{name}"') == 1
    assert re.search("<title>(.*?)</title>", part.content.decode())[1] in whole.content.decode()
    assert "HX-Request" in part["Vary"]
    assert "HX-Request" in whole["Vary"]


def test_a_page_that_is_restored_is_whole(record, client):
    assert "<html" in client.get(page("deployments"), headers=RESTORE).content.decode()


def test_a_refusal_is_a_whole_page(record, client):
    answer = client.get(page("deployments", "?yaer=2017"), headers=SWAP)
    assert (answer.status_code, "<html" in answer.content.decode()) == (400, True)
    assert "HX-Request" in answer["Vary"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "1 deployment. Order: newest election first."),
        ("?sender_country=KZ", "1 deployment. Filters: Sending state: Kazakhstan. Order: newest election first."),
        (
            "?named=no&ordering=sender_country",
            "0 deployments. Filters: Data quality: No names published. Order: by sending state.",
        ),
        ("?ordering=modified_at", "1 deployment."),
    ],
)
def test_who_does_not_see_the_rows_is_told_how_many_of_what(record, client, query, said):
    markup = client.get(page("deployments", query), headers=SWAP).content.decode()
    assert re.search('id="live"[^>]*>(.*?)</p>', markup)[1] == said
    # On the whole page the heading says it.
    assert re.search('id="live"[^>]*>(.*?)</p>', client.get(page("deployments", query)).content.decode())[1] == ""


def test_what_is_not_in_the_panel_stays_when_filters_are_applied(record, client):
    markup = client.get(page("deployments", "?ordering=-named&page_size=50&page=1&columns=named")).content.decode()
    panel = markup[markup.index('id="filters"') : markup.index("</form>", markup.index('id="filters"'))]
    assert re.findall('type="hidden" name="([^"]*)" value="([^"]*)"', panel) == [
        ("ordering", "-named"),
        ("page_size", "50"),
        ("columns", "named"),
    ]
