"""A client that a generator makes of the schema, without a word of complaint, reads all of a list and writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.both.scratch import output, started
from tests.clients.schema import schema_of
from tests.serving import PROJECT, serving


def test_a_client_made_of_the_schema_pulls_all_deployments_and_writes_one(tmp_path):
    url = f"sqlite:///{tmp_path / 'record.sqlite3'}"
    made = json.loads(output(started(url, "-m", "tests.clients.a_record_and_its_clients")))
    with serving(url, tmp_path) as server:
        (tmp_path / "schema.json").write_bytes(schema_of(server))
        generate(tmp_path)
        tokens = made["tokens"]
        told = run(
            *("-m", "tests.clients.pull_and_write", server.address, tokens["viewer"], tokens["coordinator"]),
            path=os.pathsep.join([str(PROJECT), str(tmp_path)]),
        )
    assert len(made["deployments"]) > 400
    assert sorted(json.loads(told)["pulled"]) == made["deployments"]
    assert json.loads(told)["told"] == [[201, "Sent"], [200, "Read again"], [412, "Read again"]]


def generate(folder):
    """Makes the package tracker_client of schema.json. A warning about the schema is a failure."""
    run(
        *("-m", "openapi_python_client", "generate", "--path", folder / "schema.json", "--meta", "none"),
        *("--output-path", folder / "tracker_client", "--config", PROJECT / "tests" / "clients" / "generator.yaml"),
        "--fail-on-warning",
    )


def run(*arguments, path=str(PROJECT)):
    """What the program printed, after it has ended well."""
    ended = subprocess.run(  # noqa: S603 (programs of our own environment)
        [sys.executable, *map(str, arguments)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout
