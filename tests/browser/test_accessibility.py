"""What a page must be for everybody, looked at in a real browser: axe, the console, narrow screens, targets, paper.

axe sees neither the order of focus nor a wrong number: what it finds must be nothing, and that is not all.
"""

from __future__ import annotations

import re

import pytest
from django.db.models import CharField, TextField
from django.utils import translation

from missions.dataset import RECORDS
from tests.browser.every_page import every_page
from tests.browser.looking import ELECTION, WIDTH, faults_of, look_at, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Of five sorts: the way in, a list, a record with figures, a chart, a wide table.
FIVE = ["", "deployments/", f"deployments/{ELECTION}-from-kz/", f"elections/{ELECTION}/", "matrix/"]


def test_axe_finds_nothing_on_any_public_page(server, open_browser, client):
    addresses = every_page(client).values()
    with open_browser() as page:
        assert faults_of(page, server, addresses) == {}
    assert len(addresses) >= 16


@pytest.mark.parametrize("language", ["", "ru/", "kk/"])
def test_axe_finds_nothing_in_any_language_theme_and_width(server, open_browser, language):
    addresses, found, wide = [f"/{language}{address}" for address in FIVE], {}, []
    with open_browser() as page:
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            for width in (1280, 320):
                page.set_viewport_size({"width": width, "height": 900})
                for address in addresses:
                    faults = [*look_at(page, server.url + address), *violations(page)]
                    wide += [(address, width)] if page.evaluate(WIDTH) > width else []
                    found |= {(address, theme, width): faults} if faults else {}
    assert (found, wide) == ({}, [])


SABOTAGE = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('p { color: #bbb }');
    document.adoptedStyleSheets = [sheet];
    document.querySelector('html').removeAttribute('lang');
}"""


def test_axe_finds_what_is_wrong_on_a_page_that_was_spoilt(server, open_browser):
    with open_browser() as page:
        page.goto(f"{server.url}/deployments/")
        assert violations(page) == []
        page.evaluate(SABOTAGE)
        assert {line.partition(":")[0] for line in violations(page)} == {"html-has-lang", "color-contrast"}


# As WCAG 1.4.12 has it: nothing may be cut off or push the page aside when a reader sets text wider apart.
SPACING = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; }'
        + '* { word-spacing: .16em !important }'
        + 'p { margin-bottom: 2em !important }');
    document.adoptedStyleSheets = [sheet];
}"""


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_no_page_scrolls_sideways_at_320_pixels(server, open_browser, client, language):
    with translation.override(language):
        addresses = every_page(client).values()
    wide = []
    with open_browser() as page:
        page.set_viewport_size({"width": 320, "height": 900})
        for address in addresses:
            page.goto(server.url + address)
            wide += [address] if page.evaluate(WIDTH) > 320 else []
            page.evaluate(SPACING)
            wide += [f"{address} with text set wider apart"] if page.evaluate(WIDTH) > 320 else []
    assert wide == []
    assert len(addresses) >= 16


def test_without_scripts_one_filters_orders_reads_in_another_language_and_chooses_colours(server, open_browser):
    with open_browser() as browser:
        page = browser.context.browser.new_context(java_script_enabled=False).new_page()
        page.goto(f"{server.url}/deployments/")
        page.fill(".panel [name=q]", "Kazakhstan")
        page.click(".panel button")
        page.click("text=most announced first")
        assert "ordering=-announced" in page.url
        page.click("text=Қазақша")
        assert page.url.startswith(f"{server.url}/kk/deployments/?")
        assert "ordering=-announced" in page.url
        page.click(".theme [value=dark]")
        assert page.url.startswith(f"{server.url}/kk/deployments/?")
        assert page.locator("html[lang=kk][data-theme=dark]").count() == 1
        ground = "getComputedStyle(document.body).backgroundColor"
        assert page.evaluate(ground) == "rgb(19, 23, 28)"
        page.emulate_media(media="print")
        assert page.evaluate(ground) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("address", ["deployments/?host_country=KG", f"elections/{ELECTION}/"])
def test_on_paper_a_page_is_light_without_what_is_clicked_and_with_the_addresses_of_its_sources(
    server, open_browser, address
):
    with open_browser() as page:
        page.emulate_media(media="print", color_scheme="dark")
        page.goto(f"{server.url}/{address}")
        clicked = page.locator("header.top, .pager, .theme, form.panel, .downloads").all()
        assert [each for each in clicked if each.is_visible()] == []
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        printed = "[...document.querySelectorAll('.outside')].map((a) => getComputedStyle(a, '::after').content)"
        assert all("http" in content for content in page.evaluate(printed))
        assert page.pdf().startswith(b"%PDF")


# Words of ours and of the libraries that stand on nearly every page, and the English order of a date.
ENGLISH = re.compile(
    r"Sign in|Sign out|[Nn]ot found|Deployments|Missions|Filters|Apply|announced|accredited|not checked"
    r"|sources? disagree|Previous|Next|Rows|Download|Username|Password|Any\b|\d+ (?:October|April)"
    r"|October \d+|\d+/\d+/\d{4}"
    r"|\d+ (?:row|source|deployment|mission|election|invitation|observer|organization|state)s?\b"
)


def words_of_the_record():
    """What stands in the free columns of the record in several words, the longest first."""
    found = set()
    for model in RECORDS:
        texts = [each for each in model._meta.fields if isinstance(each, CharField | TextField) and not each.choices]
        for row in model.objects.values_list(*(each.name for each in texts)):
            found |= {text for text in row if text and " " in text}
    return sorted(found, key=len, reverse=True)


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_no_english_stands_on_pages_in_other_languages(server, open_browser, client, language):
    """Names, titles and remarks stay as they are recorded, and codes as programs read them."""
    with translation.override(language):
        addresses = [*every_page(client).values(), f"/{language}/nothing/"]
    recorded = words_of_the_record()
    found = {}
    with open_browser() as page:
        for address in addresses:
            page.goto(server.url + address)
            page.evaluate(
                "document.querySelectorAll('.references, q, cite, code, [lang=en]').forEach((each) => each.remove())"
            )
            shown = page.inner_text("body")
            for text in recorded:
                shown = shown.replace(text, "")
            words = ENGLISH.findall(shown)
            found |= {address: words} if words else {}
    assert found == {}
    assert len(addresses) >= 17
