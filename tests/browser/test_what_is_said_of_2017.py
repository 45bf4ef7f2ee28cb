"""The case that the tracker was made for, as a browser shows it: the 46 of Kyrgyzstan 2017, and who declined."""

from __future__ import annotations

import csv
import io
import re

import pytest

from tests.browser.looking import ELECTION

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OF_THE_46 = f"deployments/{ELECTION}-from-kz/"


def cells_of(row):
    """The lines of each cell that says something."""
    cells = [[" ".join(line.split()) for line in text.splitlines() if line.strip()] for text in row.all_inner_texts()]
    return [lines for lines in cells if lines]


def channels(page):
    return page.locator("#channels tbody tr").all()


def test_the_46_are_one_row_in_words_and_without_a_zero(server, open_browser):
    with open_browser() as page:
        page.goto(f"{server.url}/deployments/?sender_country=KZ")
        cells = cells_of(page.locator(f"#results tbody tr:has(a[href$='{ELECTION}-from-kz/']) td"))
    assert cells == [
        ["Kazakhstan → Kyrgyzstan", "Presidential election in Kyrgyzstan, 15 October 2017"],
        ["CIS, IPA CIS, ODIHR, OSCE, OSCE PA, Turkic Council, SCO, TURKPA", "split between missions not published"],
        ["46 announced", "2 named", "accredited, deployed: not checked yet"],
        ["Announced Sources name different missions 4 sources"],
    ]
    assert "0" not in re.findall(r"\d+", str(cells))


def test_through_the_osce_the_46_are_kept_with_their_share_unknown_and_the_sum_is_a_range(server, open_browser):
    with open_browser() as page:
        page.goto(f"{server.url}/deployments/?organizer=osce&sender_country=KZ")
        assert page.locator(f"#results tbody a[href$='{ELECTION}-from-kz/']").count() == 1
        assert page.inner_text("#results .total") == (
            "Announced: 0 to 44 in 1 deployment; the share of 1 in the chosen missions is unknown."
        )
        page.goto(f"{server.url}/{OF_THE_46}")
        shares = {cells_of(row.locator("th"))[0][0]: cells_of(row.locator("td"))[-1] for row in channels(page)}
    assert shares.pop("SCO") == ["at least 2 of 46"]
    assert list(shares.values()) == [["0 to 44 of 46"]] * 7


def test_who_declined_stands_with_day_reason_and_sources_and_in_no_sum(server, open_browser):
    with open_browser() as page:
        page.goto(f"{server.url}/invitations/?response=declined")
        assert cells_of(page.locator("#results tbody tr td")) == [
            [
                "Central Election Commission of Kazakhstan",
                "invited by Central Commission for Elections and Referenda of Kyrgyzstan",
            ],
            ["Presidential election in Kyrgyzstan, 15 October 2017"],
            ["Declined 13 October 2017", "Political"],
            ["4 sources"],
        ]
        page.click("#results tbody tr a >> nth=0")
        page.wait_for_selector("#sources")
        assert page.locator("#sources li").count() == 4
        page.goto(f"{server.url}/deployments/?sender_country=KZ")
        assert page.inner_text("#results .total") == "Announced: 46 in 1 deployment."
        page.goto(f"{server.url}/deployments/?sender=cec-kz")
        assert page.inner_text("#results-heading") == "0 deployments"


def test_the_steps_of_the_accreditation_are_the_same_in_chart_table_and_file(server, open_browser):
    with open_browser() as page:
        page.goto(f"{server.url}/elections/{ELECTION}/")
        points = page.locator("svg.chart > a").evaluate_all("(all) => all.map((each) => each.ariaLabel)")
        rows = page.locator("#ladder-table tbody tr")
        cells = [[cell.strip() for cell in row.locator("td").all_inner_texts()[:2]] for row in rows.all()]
        heights = page.locator("svg.point").evaluate_all("(all) => all.map((each) => Number(each.getAttribute('y')))")
        [gap, *_said] = cells_of(rows.nth(2).locator("td"))[-1]
        with page.expect_download() as download:
            page.click("text=This ladder as CSV")
        text = download.value.path().read_text(encoding="utf-8")
    in_file = dict.fromkeys((row["as_of_from"], row["as_of"], row["low"]) for row in csv.DictReader(io.StringIO(text)))
    assert cells == [
        ["31 August 2017", "61"],
        ["8 September 2017", "86"],
        ["28 September 2017", "315"],
        ["undated, by 14 October 2017", "496"],
        ["undated, by 14 October 2017", "at least 701"],
        ["15 October 2017", "about 775"],
    ]
    assert points == [f"{day}: {number.replace('at least', '≥')}" for day, number in cells]
    assert [low for _first, _day, low in in_file] == [re.sub(r"\D", "", number) for _day, number in cells]
    # Higher is more: y counts from above.
    assert heights == sorted(heights, reverse=True)
    assert gap == "229 more than on 8 September 2017; no batch published between"
