"""What is told aloud after an act has the ending that its number needs, and letters of one font."""

from __future__ import annotations

from datetime import date

import pytest

from missions.models import Election
from missions.readings import rebuild_readings
from tests.factories import DeploymentFactory, ElectionFactory, SourceFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# How many deployments went to the elections of a year.
OF_YEARS = {2001: 1, 2002: 2, 2003: 5, 2004: 21}
TOLD = """() => {
    window.told = [];
    const live = document.getElementById("live");
    new MutationObserver(() => window.told.push(live.textContent)).observe(live, { childList: true });
}"""
LETTERS = "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі Аа Бб Яя Aa Zz"


@pytest.fixture
def years(record):
    gazette = SourceFactory()
    for year, number in OF_YEARS.items():
        election = ElectionFactory(election_day=date(year, 6, 2), country="MN")
        for _each in range(number):
            DeploymentFactory(election=election, sender_country="KZ", sources=[gazette])
    rebuild_readings(Election.objects.all())


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("ru", ["1 группа", "2 группы", "5 групп", "21 группа"]),
        ("kk", ["1 топ", "2 топ", "5 топ", "21 топ"]),
    ],
)
def test_each_act_is_told_once_with_the_ending_of_its_number(years, server, open_browser, language, told):
    headings = []
    with open_browser() as page:
        page.goto(f"{server.url}/{language}/deployments/?host_country=MN")
        page.evaluate(TOLD)
        for year in OF_YEARS:
            for chosen in page.locator("#filters input[name=year]:checked").all():
                chosen.uncheck()
            page.locator("#filters select[name=year]").select_option(str(year))
            with page.expect_response(f"**/{language}/deployments/?*year={year}*"):
                page.click("#filters .actions button")
            page.wait_for_selector("#results:not([aria-busy])")
            headings.append(page.inner_text("#results-heading"))
        said = [words.partition(".")[0] for words in page.evaluate("window.told")]
    assert (said, headings) == (told, told)


def test_letters_of_kazakh_are_of_one_font_with_the_others(server, open_browser):
    with open_browser() as page:
        page.goto(f"{server.url}/kk/deployments/")
        page.evaluate("(letters) => { document.querySelector('h1').textContent = letters; }", LETTERS)
        tools = page.context.new_cdp_session(page)
        for domain in ("DOM", "CSS"):
            tools.send(f"{domain}.enable")
        root = tools.send("DOM.getDocument")["root"]["nodeId"]
        heading = tools.send("DOM.querySelector", {"nodeId": root, "selector": "h1"})["nodeId"]
        fonts = tools.send("CSS.getPlatformFontsForNode", {"nodeId": heading})["fonts"]
    assert [font["glyphCount"] for font in fonts] == [len(LETTERS)]
