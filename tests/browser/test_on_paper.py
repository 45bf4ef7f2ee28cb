"""What comes out of the printer: light, without what is clicked, and with all that tells where it is from."""

from __future__ import annotations

import pytest

from tests.browser.looking import ELECTION

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What an A4 page has room for between the margins that browsers leave, in pixels.
PAPER = {"width": 718, "height": 1046}
CLICKED = "header.top, .pager, .theme, form.panel, .downloads, .sort, .tools, .chips li:last-child, .foot a"
CUT = """[...document.querySelectorAll('main tr, main figure')]
    .filter((each) => getComputedStyle(each).breakInside !== 'avoid').length"""
HEADS = """[...document.querySelectorAll('main table')]
    .filter((each) => getComputedStyle(each.tHead).display !== 'table-header-group'
        || each.tHead.getBoundingClientRect().left < 0).length"""
ADDRESSES = """[...document.querySelectorAll('.references .outside')]
    .filter((each) => getComputedStyle(each, '::after').content.includes(each.href.slice(0, 8))).length"""
FOLDED = """[...document.querySelectorAll('main details.fold:has(table)')]
    .filter((each) => !each.querySelector('table').checkVisibility({contentVisibilityAuto: true})).length"""


@pytest.mark.parametrize(
    ("address", "sources"),
    [
        ("deployments/?host_country=KG&year=2017", 0),
        (f"deployments/{ELECTION}-from-kz/", 4),
        (f"elections/{ELECTION}/", 12),
    ],
)
def test_a_printed_page_is_light_and_whole_and_says_where_it_is_from(server, open_browser, address, sources):
    with open_browser() as page:
        page.set_viewport_size(PAPER)
        page.emulate_media(media="print", color_scheme="dark")
        page.goto(f"{server.url}/{address}")
        assert [each.inner_text() for each in page.locator(CLICKED).all() if each.is_visible()] == []
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 33, 40)"
        assert (page.evaluate(CUT), page.evaluate(HEADS), page.evaluate(FOLDED)) == (0, 0, 0)
        assert page.evaluate("document.documentElement.scrollWidth") <= PAPER["width"]
        assert page.evaluate(ADDRESSES) == sources
        printed = page.locator(".printed").inner_text()
        assert printed.startswith("As the record stood on ")
        assert printed.endswith(f": {server.url}/{address}")
        assert page.pdf(format="A4").startswith(b"%PDF")


def test_the_filters_of_a_printed_list_are_in_words(server, open_browser):
    with open_browser() as page:
        page.emulate_media(media="print")
        page.goto(f"{server.url}/deployments/?host_country=KG&year=2017")
        chosen = [each.inner_text() for each in page.locator(".chip").all()]
        assert [words.split("\n")[-1] for words in chosen] == ["Host country: Kyrgyzstan", "Year of the election: 2017"]
