"""The matrix and the facets of what the record that ships says of Kyrgyzstan in 2017: 46 through several missions."""

import csv
import io
from functools import cache
from urllib.parse import urlencode

import pytest
from django.test import Client

from missions.facets import Tally
from missions.listed import Listed
from tests.missions.test_facets import ask as ask_facets
from tests.missions.test_lists import api, body_of
from tests.missions.test_matrix import LAYOUTS, MATRIX, ask, by_column, ends, places
from tests.missions.test_matrix_page import cells_of
from tests.missions.test_totals import NOBODY, filterset

__all__ = ["ask", "ask_facets"]

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("public_access", "kyrgyzstan_2017"),
]

KYRGYZSTAN = "election=kg-presidential-2017-10-15"


# The matrix


def test_46_through_several_missions_is_a_range_in_each_and_46_in_all(ask):
    answer = ask(f"{KYRGYZSTAN}&sender_country=KZ")
    ranges = {
        "cis": (0, 44),
        "ipa-cis": (0, 44),
        "odihr": (0, 44),
        "osce": (0, 44),
        "osce-pa": (0, 44),
        "ots": (0, 44),
        "sco": (2, 46),
        "turkpa": (0, 44),
    }
    assert by_column(answer["cells"]) == by_column(answer["column_totals"]) == ranges
    assert {cell["shares_unknown"] for cell in answer["cells"]} == {1}
    assert [ends(total) for total in answer["row_totals"]] == [(46, 46)]
    assert (ends(answer["total"]), answer["total"]["shares_unknown"]) == ((46, 46), 0)


def test_two_named_persons_stand_in_the_mission_that_names_them(ask):
    answer = ask(f"{KYRGYZSTAN}&sender_country=KZ&measure=named")
    named = by_column(answer["cells"])
    assert (named.pop("sco"), set(named.values()), ends(answer["total"])) == ((2, 2), {(0, 0)}, (2, 2))


def test_an_organization_is_called_as_it_was_when_its_rows_were_sent(ask, client):
    names = {column["code"]: column["name"] for column in ask(KYRGYZSTAN)["columns"]}
    assert names["ots"] == "Turkic Council"
    assert {row["code"]: row["name"] for row in ask(f"{KYRGYZSTAN}&language=ru")["rows"]}["KZ"] == "Казахстан"


@pytest.fixture(scope="module")
def rows_and_sum():
    """How many rows the list gives for a question, and their sum. Several layouts lead to the same rows."""

    visitor = Client()

    @cache
    def of(query):
        rows = visitor.get(api("deployments", f"?{query}&count=exact")).json()["count"]
        return rows, Listed(Tally(filterset(query, NOBODY), NOBODY)).announced

    return of


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("question", ["", "organizer=osce&organizer=sco", "mission_kind=om&sender_country=KZ"])
def test_every_number_leads_to_exactly_its_rows_and_to_their_sum(ask, rows_and_sum, layout, question):
    looked_at = places(ask(f"{layout}&{question}"))
    assert looked_at
    for place in {place["query"]: place for place in looked_at}.values():
        rows, total = rows_and_sum(place["query"])
        assert rows == place["deployments"] > 0
        assert (total.without_number, total.shares_unknown) == (place["without_number"], place["shares_unknown"])
        known = (total.figure.low, total.figure.high) if total.parties else (None, None)
        assert known == ends(place)


def test_the_table_holds_the_same_places_as_a_file(client, ask):
    response = client.get(f"{MATRIX}?{KYRGYZSTAN}&format=csv")
    rows = list(csv.DictReader(io.StringIO(body_of(response).decode())))
    answer = ask(KYRGYZSTAN)
    written = {None: "", True: "true", False: "false"}
    assert [{name: row[name] for name in answer["total"]} for row in rows] == [
        {
            name: written.get(value, str(value))
            if not isinstance(value, int) or isinstance(value, bool)
            else str(value)
            for name, value in place.items()
        }
        for place in places(answer)
    ]
    assert [row["part"] for row in rows] == [
        *(["cell"] * len(answer["cells"])),
        *(["direct"] * len(answer["direct"])),
        *(["row_total"] * len(answer["rows"])),
        *(["column_total"] * len(answer["columns"])),
        "total",
    ]
    assert (rows[0]["row_name"], rows[0]["column_name"]) == ("Kazakhstan", "CIS")


def test_a_cell_says_its_range_in_words_and_leads_to_its_rows(client):
    cells = cells_of(client, f"{KYRGYZSTAN}&sender_country=KZ")
    assert cells["Kazakhstan", "OSCE"] == (
        "0 to 44 share unknown",
        f"/deployments/?{KYRGYZSTAN}&sender_country=KZ&organizer=osce",
    )
    assert cells["Kazakhstan", "SCO"][0] == "2 to 46 share unknown"
    assert cells["Kazakhstan", "Any mission"] == ("46", f"/deployments/?{KYRGYZSTAN}&sender_country=KZ")
    assert cells["All rows", "Any mission"][0] == "46"
    for _words, address in cells.values():
        assert len(client.get(address).context["rows"]) == 1


# The facets


@pytest.mark.parametrize(
    "query",
    [
        "",
        KYRGYZSTAN,
        "organizer=osce&status=announced",
        "mission_kind=om&sender_country=KZ&sender_country=KG",
        "named=yes&share=unknown",
        "q=kazakhstan&channels_agree=no",
    ],
)
def test_a_count_is_what_the_list_gives(client, ask_facets, query):
    asked = [tuple(pair.split("=")) for pair in query.split("&") if pair]
    looked_at = 0
    for name, choices in ask_facets(query).items():
        for choice in choices:
            others = [pair for pair in asked if pair[0] != name]
            question = urlencode([*others, (name, choice["value"])])
            found = client.get(api("deployments", f"?{question}&count=exact&page_size=1")).json()
            assert found["count"] == choice["count"], question
            looked_at += 1
    assert looked_at > 60


def test_choices_are_in_words_in_the_language_of_the_answer(ask_facets):
    labels = {choice["value"]: choice["label"] for choice in ask_facets(f"{KYRGYZSTAN}&language=ru")["sender_country"]}
    assert labels["KZ"] == "Казахстан"
