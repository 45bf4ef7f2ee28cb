"""The recipes of docs/recipes.md run as they stand against a real server, and say what its database says."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys

import pytest
import requests
from django.conf import settings

from config.api import router
from tests.both.scratch import output, started
from tests.serving import serving

COLUMNS = {prefix: viewset.model().columns for prefix, viewset, _basename in router.registry}
INVITATION = "kg-presidential-2017-10-15-cec-kg-invites-aweb"
HEAD_COUNT = "kg-presidential-2017-10-15-from-kz-announced-all-total-2017-10-13-kabar-2017-10-13"
# Each block under its heading, by heading and language.
RECIPES = {
    (heading, language): block
    for part in (settings.BASE_DIR / "docs" / "recipes.md").read_text(encoding="utf-8").split("\n## ")[1:]
    for heading in [part.partition("\n")[0]]
    for language, block in re.findall(r"^```(\w+)\n(.*?)^```$", part, re.DOTALL | re.MULTILINE)
}


class Tracker:
    """A server with the record that ships, on a database file of its own."""

    def __init__(self, folder):
        self.file = folder / "tracker.sqlite3"
        self.tokens = json.loads(self.does("record"))

    def does(self, what):
        return output(started(f"sqlite:///{self.file}", "-m", "tests.recipes.at_the_server", what))

    def rows(self, question, *values):
        with sqlite3.connect(self.file) as database:
            return database.execute(question, values).fetchall()


@pytest.fixture(scope="module")
def tracker(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tracker")
    tracker = Tracker(folder)
    with serving(f"sqlite:///{tracker.file}", folder, "--threads", "4", debug="on") as server:
        tracker.address = server.address
        yield tracker


@pytest.fixture
def run(tracker, tmp_path):
    """Runs a recipe in the test's folder, with the token of whom is named, and gives what it printed."""

    def run(heading, language, *, who=None):
        recipe = RECIPES[heading, language].replace("http://127.0.0.1:8000", tracker.address)
        environment = {name: value for name, value in os.environ.items() if name != "TOKEN"}
        environment |= {"TOKEN": tracker.tokens[who]} if who else {}
        done = subprocess.run(  # noqa: S603 (our own recipes)
            [*PROGRAMS[language](), recipe],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return run


def rscript():
    """R's interpreter. Without one the test is skipped, or fails where REQUIRE_R is set."""
    path = shutil.which("Rscript")
    if path is None:
        missing = "No R was found on this machine (Debian: apt-get install r-base-core)."
        if os.environ.get("REQUIRE_R"):
            pytest.fail(missing)
        pytest.skip(f"{missing} The other recipes run without it.")
    return path


PROGRAMS = {
    "sh": lambda: ["bash", "-euc"],
    "python": lambda: [sys.executable, "-c"],
    "r": lambda: [rscript(), "-e"],
}


def test_every_recipe_is_run():
    assert sorted(RECIPES) == [
        ("A copy in SQLite", "python"),
        ("Entering a deployment", "python"),
        ("Excel", "powerquery"),
        ("R", "r"),
        ("curl", "sh"),
        ("pandas", "python"),
    ]


def test_curl_prints_whom_kazakhstan_sent_and_keeps_the_head_counts_of_an_election(tracker, run, tmp_path):
    told = json.loads(run("curl", "sh"))["results"]
    sent = tracker.rows(
        "SELECT d.code FROM missions_deployment d JOIN missions_election e ON e.id = d.election_id"
        " WHERE d.sender_country = 'KZ' AND e.election_day BETWEEN '2017-01-01' AND '2017-12-31'"
    )
    assert sorted((row["code"],) for row in told) == sorted(sent)
    assert {"code": "kg-presidential-2017-10-15-from-kz", "announced": 46, "share": "unknown"} in told
    with (tmp_path / "head-counts.csv").open(encoding="utf-8", newline="") as file:
        kept = [(row["code"], row["value"]) for row in csv.DictReader(file)]
    of_election = tracker.rows(
        "SELECT h.code, coalesce(h.value, '') FROM missions_headcount h"
        " LEFT JOIN missions_mission m ON m.id = h.mission_id LEFT JOIN missions_deployment d ON d.id = h.deployment_id"
        " JOIN missions_election e ON e.id IN (h.election_id, m.election_id, d.election_id) WHERE e.code = ?",
        "kg-presidential-2017-10-15",
    )
    assert sorted(kept) == sorted((code, str(value)) for code, value in of_election)
    assert len(kept) > 30


def test_pandas_adds_up_what_was_announced_by_state(tracker, run):
    told = [tuple(row.values()) for row in csv.DictReader(io.StringIO(run("pandas", "python")))]
    announced = tracker.rows(
        "SELECT d.sender_country, count(*), coalesce(sum(r.low), 0) FROM missions_deployment d"
        " JOIN missions_election e ON e.id = d.election_id"
        " LEFT JOIN missions_reading r ON r.deployment_id = d.id AND r.kind = 'announced' AND r.audience = 'public'"
        " WHERE d.part_of_id IS NULL AND e.election_day BETWEEN '2017-01-01' AND '2017-12-31' GROUP BY 1 ORDER BY 1"
    )
    assert told == [tuple(map(str, row)) for row in announced]
    assert ("NA", "1", "0") in told


def test_r_counts_the_parties_of_each_state(tracker, run):
    told = [tuple(row.values()) for row in csv.DictReader(io.StringIO(run("R", "r")))]
    sent = tracker.rows(
        "SELECT sender_country, count(*) FROM missions_deployment WHERE sender_country > '' GROUP BY 1 ORDER BY 1"
    )
    assert told == [(state, str(count)) for state, count in sent]
    assert ("NA", "1") in told


def test_excel_reads_a_table_in_utf_8_with_the_columns_that_it_types(tracker):
    formula = RECIPES["Excel", "powerquery"].replace("http://127.0.0.1:8000", tracker.address)
    address, delimiter, encoding, quotes = re.search(
        r'Web\.Contents\("(.+?)"\),\s+\[Delimiter = "(.)", Encoding = (\d+), QuoteStyle = (\S+)\]', formula
    ).groups()
    assert (delimiter, encoding, quotes) == (",", "65001", "QuoteStyle.Csv")
    answer = requests.get(address, timeout=60)
    # The encoding that the formula names; lines may break within quotation marks.
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8"), newline="")))
    sent = tracker.rows("SELECT code, sender_country FROM missions_deployment ORDER BY code")
    assert [(row["code"], row["sender_country"]) for row in rows] == sent
    assert int(answer.headers["X-Row-Count"]) == len(rows)
    typed = dict(re.findall(r'\{"(\w+)", (type date|Int64\.Type)\}', formula))
    read = {"type date": r"\d{4}-\d\d-\d\d", "Int64.Type": r"-?\d*"}
    assert typed.keys() == {"election_day", "announced_low", "announced_high", "named"}
    assert {
        row[name] for row in rows for name, kind in typed.items() if not re.fullmatch(read[kind], row[name])
    } == set()


def copied(folder, question="SELECT * FROM record"):
    with sqlite3.connect(folder / "copy.sqlite3") as database:
        return database.execute(question).fetchall()


def rows_of(folder):
    """The rows of the copy in the folder."""
    return {(resource, code): json.loads(row) for resource, code, row in copied(folder)}


def listed(tracker, headers):
    """What the lists of the server say to the same reader."""
    found = {}
    for resource in COLUMNS:
        address = f"{tracker.address}/api/v1/{resource}/?page_size=1000"
        while address:
            page = requests.get(address, headers=headers, timeout=60).json()
            found |= {(resource, row["code"]): row for row in page["results"]}
            address = page["next"]
    return found


def stored(rows):
    """The rows with the columns of the dataset alone: the others follow from other records."""
    return {
        (resource, code): {name: row[name] for name in ("code", *COLUMNS[resource]) if name in row}
        for (resource, code), row in rows.items()
    }


def test_a_copy_follows_what_is_done_and_begins_again_where_its_reader_may_see_more(tracker, run, tmp_path):
    run("A copy in SQLite", "python")
    before = rows_of(tmp_path)
    tracker.does("acts")
    run("A copy in SQLite", "python")
    after = rows_of(tmp_path)
    assert stored(after) == stored(listed(tracker, {}))
    assert after.keys() - before.keys() == {("sources", "gazette")}
    gone = before.keys() - after.keys()
    of_sco = ("missions", "kg-presidential-2017-10-15-sco")
    assert (before[of_sco]["ends_on"], after[of_sco]["ends_on"]) == ("2017-10-15", "2017-10-17")
    assert {("sources", "kazinform-2017-09-29"), ("invitations", INVITATION), ("head-counts", HEAD_COUNT)} <= gone
    # From now on as a member: the place was a visitor's.
    headers = {"Authorization": f"Bearer {tracker.tokens['desk']}"}
    [(place,)] = copied(tmp_path, "SELECT address FROM place")
    assert requests.get(place, headers=headers, timeout=60).status_code == 410
    run("A copy in SQLite", "python", who="desk")
    assert rows_of(tmp_path) == listed(tracker, headers)
    assert ("sources", "kazinform-2017-09-29") in rows_of(tmp_path)


def test_a_deployment_is_entered_with_its_missions_and_numbers(tracker, run):
    told = run("Entering a deployment", "python", who="desk")
    code = "kg-presidential-2017-10-15-from-uz"
    assert told == f"{code} deployed 12 10 None unknown\n"
    party = (
        "SELECT d.status, d.starts_on, o.code FROM missions_deployment d"
        " JOIN organizations_organization o ON o.id = d.owner_id WHERE d.code = ?"
    )
    assert tracker.rows(party, code) == [("deployed", "2017-10-13", "cec-uz")]
    channels = (
        "SELECT m.code, c.as_named FROM missions_channel c JOIN missions_mission m ON m.id = c.mission_id"
        " JOIN missions_deployment d ON d.id = c.deployment_id WHERE d.code = ? ORDER BY 1"
    )
    assert tracker.rows(channels, code) == [
        ("kg-presidential-2017-10-15-cis", "the mission of the CIS"),
        ("kg-presidential-2017-10-15-sco", "the mission of the SCO"),
    ]
    head_counts = (
        "SELECT h.kind, h.value, h.qualifier, h.as_of FROM missions_headcount h"
        " JOIN missions_deployment d ON d.id = h.deployment_id WHERE d.code = ? ORDER BY 1"
    )
    assert tracker.rows(head_counts, code) == [
        ("accredited", 10, "at_least", "2017-10-14"),
        ("announced", 12, "exact", "2017-10-12"),
    ]
    readings = (
        "SELECT r.audience, r.kind, r.low, r.high FROM missions_reading r"
        " JOIN missions_deployment d ON d.id = r.deployment_id WHERE d.code = ? ORDER BY 1, 2"
    )
    read = [("accredited", 10, None), ("announced", 12, 12), ("deployed", None, None)]
    assert tracker.rows(readings, code) == [(who, *row) for who in ("members", "public") for row in read]
