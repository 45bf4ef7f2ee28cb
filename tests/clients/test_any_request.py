"""Requests that schemathesis makes up of the schema: none breaks the server, none is answered otherwise than it says.

A visitor, a viewer, a coordinator and an administrator ask at the same time, of a server on the record that ships.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import randrange

import hypothesis
import pytest
from django.db import connection

from tests.both.scratch import output, postgresql, started
from tests.clients.schema import schema_of
from tests.serving import HEADERS, PROJECT, serving

# `make fuzz` asks for the tests with this mark.
pytestmark = pytest.mark.hypothesis

ACTORS = ("anonymous", "viewer", "coordinator", "administrator")
WRITES = {"POST", "PUT", "PATCH"}
# The boundaries of every value, each parameter twice, methods that are not there: many thousands, so by one actor, whom
# the seed draws. In short of two kinds of records.
BOUNDARIES = ["--phases", "coverage"]
MADE_UP = ["--phases", "examples,fuzzing,stateful"]


@pytest.fixture
def url(tmp_path):
    if connection.vendor == "postgresql":
        with postgresql() as made:
            yield made
    else:
        yield f"sqlite:///{tmp_path / 'record.sqlite3'}"


def test_any_request_is_answered_as_the_schema_says(url, tmp_path):
    is_short = hypothesis.settings.default.derandomize
    seed = 1 if is_short else randrange(2**32)  # noqa: S311
    tokens = json.loads(output(started(url, "-m", "tests.clients.a_record_and_its_clients")))["tokens"]
    with serving(url, tmp_path, "--workers", "2", "--threads", "4") as server:
        (tmp_path / "schema.json").write_bytes(schema_of(server))
        runs = {
            (actor, "made up"): asking(server, tmp_path, actor, tokens, seed, *MADE_UP, "-n", "3" if is_short else "25")
            for actor in ACTORS
        }
        for actor in ["administrator"] if is_short else [ACTORS[seed % len(ACTORS)]]:
            only = ["--include-path-regex", "/(voting-days|changes)/"] if is_short else []
            runs[actor, "boundaries"] = asking(server, tmp_path, actor, tokens, seed, *BOUNDARIES, *only)
        ended = {name: run.wait() for name, run in runs.items()}
    asked = {name: tally(run.args[-1]) for name, run in runs.items()}
    for name, counted in asked.items():
        sys.stdout.write(f"{name}, seed {seed}: {counted.total()} requests, {dict(sorted(counted.items()))}\n")
    found = [Path(runs[name].args[-1]).with_suffix(".txt").read_text() for name, status in ended.items() if status != 0]
    assert found == [], "\n".join(found)
    assert sum(counted.total() for counted in asked.values()) >= (2_000 if is_short else 10_000)
    for actor in ("coordinator", "administrator"):
        answers = asked[actor, "made up"].items()
        # What is sent once more without the token, to see that it is refused, is a 401.
        writes = {answer: number for answer, number in answers if answer[0] in WRITES and answer[1] != 401}
        stored = sum(number for (_method, status), number in writes.items() if status in {200, 201})
        sys.stdout.write(f"{actor}: {stored} of {sum(writes.values())} writes were stored\n")
        assert stored > sum(writes.values()) / 8


def asking(server, folder, actor, tokens, seed, *options):
    """Starts schemathesis as the actor. Its last argument is the file of all requests; its words are beside that."""
    said = dict(HEADERS) | ({"Authorization": f"Bearer {tokens[actor]}"} if actor in tokens else {})
    headers = [option for name, value in said.items() for option in ("--header", f"{name}: {value}")]
    report = folder / f"{actor}-{options[1]}.ndjson"
    command = [
        *("-m", "schemathesis.cli", "--config-file", PROJECT / "tests" / "clients" / "schemathesis.toml"),
        *("run", folder / "schema.json", "--url", server.address, *headers, "--seed", seed, *options),
        *("--report", "ndjson", "--report-ndjson-path", report),
    ]
    with report.with_suffix(".txt").open("w") as text:
        return subprocess.Popen(  # noqa: S603 (a program of our own environment)
            [sys.executable, *map(str, command)],
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdout=text,
            stderr=subprocess.STDOUT,
        )


def tally(report):
    """How many requests were answered how, by method and status."""
    counted = Counter()
    with open(report, encoding="utf-8") as lines:
        for scenario in filter(None, (json.loads(line).get("ScenarioFinished") for line in lines)):
            for each in scenario["recorder"].get("interactions", {}).values():
                counted[each["request"]["method"], each["response"]["status_code"]] += 1
    return counted
