"""The ladders of the record that ships: chart, table, API and file tell the same numbers."""

import csv
import io
import re

import pytest
from django.urls import reverse

from missions.models import Election
from tests.missions.test_ladder_pages import heading, ladder, notes, points
from tests.missions.test_pages import read

pytestmark = pytest.mark.usefixtures("published_record", "db", "public_access")

OF_THE_RECORD = [
    "kz-presidential-2015-04-26",
    "kz-parliamentary-2021-01-10",
    "kz-referendum-2022-06-05",
    "kg-presidential-2017-10-15",
]


def number_in(words):
    digits = re.sub(r"\D", "", words)
    return int(digits) if digits else None


@pytest.mark.parametrize("code", OF_THE_RECORD)
def test_chart_table_api_and_file_tell_the_same_steps(client, code):
    markup = read(client, reverse("election", args=[code]))
    address = reverse("api:elections-reconciliation", args=[code])
    steps = client.get(address).json()["ladder"]
    rows = csv.DictReader(io.StringIO(b"".join(client.get(f"{address}?format=csv").streaming_content).decode()))
    in_file = dict.fromkeys((row["as_of_from"], row["as_of"], row["low"], row["change"]) for row in rows)
    told = [(step["low"], step["change"]) for step in steps]
    assert [(number_in(low), number_in(change)) for _first, _day, low, change in in_file] == told
    assert [(number_in(row[1]), number_in(row[2])) for row in ladder(markup)] == told
    assert [(row, number_in(label)) for row, label in points(markup)] == [
        (f"step-{number}", change if low is None else low) for number, (low, change) in enumerate(told, start=1)
    ]
    assert len(told) > 1


def test_the_ladder_of_kyrgyzstan_2017_in_words(client):
    markup = read(client, reverse("election", args=["kg-presidential-2017-10-15"]))
    assert heading(markup) == "Accredited: about 775"
    assert [label for _row, label in points(markup)] == ["61", "86", "315", "496", "≥ 701", "about 775"]
    assert [row[:7] for row in ladder(markup)] == [
        ["31 August 2017", "61", "+54", "7", "", "", ""],
        ["8 September 2017", "86", "", "", "", "", "+25"],
        ["28 September 2017", "315", "", "", "", "", "+229"],
        ["undated, by 14 October 2017", "496", "", "", "", "", "+181"],
        ["undated, by 14 October 2017", "at least 701", "", "", "", "", ""],
        ["15 October 2017", "about 775", "", "", "", "", ""],
    ]
    assert notes(markup) == [
        "25 more than on 31 August 2017; no batch published between",
        "229 more than on 8 September 2017; no batch published between",
        "181 more than on 28 September 2017; no batch published between",
        "change not computable: one of the two totals is only “at least”",
        "change not computable: one of the two totals is only “at least”",
    ]


def test_each_total_stands_with_its_source_its_states_and_its_bodies(client):
    rows = ladder(read(client, reverse("election", args=["kg-presidential-2017-10-15"])))
    assert rows[1][7].endswith("86 [7] adopted , 27 states, 15 bodies")
    assert rows[0][7] == "61 [5] adopted 61 [6] adopted +54 [5] batch +54 [6] batch"


def test_pages_of_ordinary_elections_stay_small(client):
    sizes = {
        election.code: len(client.get(election.get_absolute_url()).content)
        for election in Election.objects.order_by("code")[::20]
    }
    sizes |= {code: len(client.get(reverse("election", args=[code])).content) for code in OF_THE_RECORD}
    assert {code: size for code, size in sizes.items() if size >= 60_000} == {}
    assert len(sizes) == 14
