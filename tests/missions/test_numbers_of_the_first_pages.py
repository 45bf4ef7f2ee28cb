"""The numbers that readers meet first, on the record of one election: each leads to a page with so many rows.

`test_numbers_of_the_whole_record.py` asks the same of all pages of the record that ships, which takes minutes.
"""

import re

import pytest
from django.urls import reverse

from missions.matrix import COLUMNS, MEASURES, ROWS
from tests.missions.test_lists import page
from tests.missions.test_matrix_page import cells_of
from tests.missions.test_numbers_of_the_whole_record import count_behind, wrong_numbers

pytestmark = pytest.mark.usefixtures("kyrgyzstan_2017", "db", "public_access")


def test_numbers_of_the_first_page_and_of_those_it_leads_to(client):
    names = ("home", "about-the-record", "countries", "calendar")
    asked = [
        *map(reverse, names),
        reverse("country", args=["KG"]),
        reverse("country", args=["KZ"]),
        reverse("election", args=["kg-presidential-2017-10-15"]),
        f"{reverse('answer')}?sender_country=KZ&by=year",
        f"{reverse('search')}?q=council",
        *(page(name) for name in ("deployments", "missions", "elections", "invitations", "organizations", "sources")),
        page("deployments", "?host_country=KG&year=2017"),
    ]
    wrong, followed = wrong_numbers(client, asked)
    assert wrong == set()
    assert followed > 50


@pytest.mark.parametrize("measure", MEASURES)
def test_numbers_of_the_matrix(client, measure):
    cells = {}
    for layout in zip(ROWS, COLUMNS, strict=False):
        cells |= cells_of(client, "rows={}&columns={}&measure={}".format(*layout, measure))
    told, without_link = {}, []
    for words, address in cells.values():
        if address:
            told[address] = deployments_in(words, measure)
        elif re.search(r"\d", words):
            without_link.append(words)
    assert without_link == []
    assert {address: count_behind(address) for address in told} == told
    assert len(told) > 10


def deployments_in(words, measure):
    """A cell of observers says how many deployments it adds where it is more than one."""
    found = re.search(r"(\d+) deployments", words) if measure != "deployments" else re.fullmatch(r"(\d+).*", words)
    return int(found[1]) if found else 1
