"""What the press printed of the best known elections reads the same at every door.

`press_figures.csv` beside this file was written by hand from the press texts: a line for each figure, with the words in
which a page prints it, its two ends, and for a day with a batch the batch and what stood before it.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.urls import reverse

from tests.missions.test_ladder_pages import ladder, points
from tests.missions.test_pages import read, words_of

pytestmark = pytest.mark.usefixtures("published_record", "db", "public_access")

with (Path(__file__).parent / "press_figures.csv").open(encoding="utf-8", newline="") as table:
    FIGURES = list(csv.DictReader(table))
OF_ELECTIONS = [line for line in FIGURES if line["subject"].startswith("elections/")]
OF_MISSIONS = [line for line in FIGURES if line["subject"].startswith("missions/")]
KZ_2015, KZ_2021 = "elections/kz-presidential-2015-04-26", "elections/kz-parliamentary-2021-01-10"
# One figure alone stands in a sentence, not in a table.
ALONE = "missions/kg-presidential-2017-10-15-ep"


def name_of(line):
    return f"{line['subject'].split('/')[1]}-{line['kind']}-{line['printed']}"


def page_of(client, subject, query=""):
    resource, code = subject.split("/")
    return read(client, reverse(resource.removesuffix("s"), args=[code]) + query)


def reading(client, subject, kind="accredited", group="all", file_format="json"):
    address = f"/api/v1/{subject}/reconciliation/"
    return client.get(address, {"kind": kind, "group": group, "format": file_format})


def in_json(step):
    told = {name: step[name] for name in ("low", "high", "change", "before")}
    return {"as_of": step["as_of"], **{name: "" if value is None else str(value) for name, value in told.items()}}


def expected(line):
    return {name: line[name] for name in ("as_of", "low", "high", "change", "before")}


def test_the_table_has_a_line_for_each_of_the_24_figures():
    assert (len(FIGURES), len(OF_ELECTIONS), len(OF_MISSIONS)) == (24, 13, 11)


@pytest.mark.parametrize("line", FIGURES, ids=name_of)
def test_the_api_tells_each_figure_as_json_and_as_csv(client, line):
    asked = line["subject"], line["kind"], line["group"]
    steps = reading(client, *asked).json()["ladder"]
    assert expected(line) in [in_json(step) for step in steps]
    text = b"".join(reading(client, *asked, file_format="csv").streaming_content).decode()
    rows = [{name: row[name] for name in expected(line)} for row in csv.DictReader(io.StringIO(text))]
    assert expected(line) in rows


@pytest.mark.parametrize("line", OF_ELECTIONS, ids=name_of)
def test_the_page_tells_each_figure_of_an_election_in_its_table_and_its_chart(client, line):
    markup = page_of(client, line["subject"])
    printed = line["printed"]
    (place,) = [number for number, row in enumerate(ladder(markup), start=1) if row[1] == printed]
    row = ladder(markup)[place - 1]
    assert row[2:4] == [f"+{line['change']}" if line["change"] else "", line["before"]]
    short = re.sub("^at least ", "≥ ", printed)
    assert (f"step-{place}", short) in points(markup)


@pytest.mark.parametrize("line", OF_MISSIONS, ids=name_of)
def test_the_page_tells_each_figure_of_a_mission_by_its_kind_and_group(client, line):
    markup = page_of(client, line["subject"])
    if line["subject"] == ALONE:
        assert "11 deployed" in words_of(markup)
        return
    table = markup.partition('id="by-kind"')[2].partition("</table>")[0]
    cells = re.findall(r'<td role="cell" data-label="([^"]*)">(.*?)</td>', row_of_kind(table, line["kind"]), re.DOTALL)
    group = {"all": "All", "long_term": "Long-term observers", "short_term": "Short-term observers"}[line["group"]]
    (cell,) = [words_of(text) for label, text in cells if label == group]
    assert cell == line["printed"] or cell.startswith(f"{line['printed']} ")


def row_of_kind(table, kind):
    (row,) = [row for row in table.split("<tr ") if f">{kind.capitalize()}</th>" in row]
    return row


@pytest.mark.parametrize(
    ("subject", "value", "in_missions", "of_states"), [(KZ_2015, 858, 742, 116), (KZ_2021, 398, 322, 76)]
)
def test_the_parts_add_up(client, subject, value, in_missions, of_states):
    told = reading(client, subject).json()
    by_sort = {"missions": 0, "states": 0}
    for part in told["parts"]:
        by_sort["missions" if part["subject"].startswith("missions/") else part["group"]] += part["value"]
    assert (told["value"], by_sort) == (value, {"missions": in_missions, "states": of_states})
    assert (told["parts_gap"], told["agreement"]) == (0, "agreed")
    assert f"{in_missions} in missions + {of_states} of " in page_of(client, subject)
    assert f" = {value}: adds up" in page_of(client, subject)


def test_the_joint_observation_is_the_sum_of_its_four(client):
    assert "298 + 37 + 23 + 11 = 369: adds up" in page_of(client, "missions/kg-presidential-2017-10-15-osce")


def test_40_announced_and_37_deployed_differ_by_3(client):
    sentence = "40 announced, 37 deployed: difference 3, no explanation published"
    assert sentence in page_of(client, "missions/kg-presidential-2017-10-15-osce-pa")
