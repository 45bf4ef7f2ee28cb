"""A file that was cut off is taken for whole by no client: a real server's connection ends as an error.

curl is one of the clients where it is on the machine.
"""

from __future__ import annotations

import csv
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from io import StringIO

import pytest
import requests

from tests.both.awkward_rows import write
from tests.both.scratch import output, started
from tests.serving import HEADERS, serving

ROWS = 2_000
# Together far more than stands in the buffers between a server and its client.
EXCERPT = ("The observers of Northland arrive. " * 400).strip()
ADDRESS = "/api/v1/sources/?format=csv&ordering=code"
PLAIN = {**HEADERS, "Accept-Encoding": "identity"}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """A database file with many long sources."""
    folder = tmp_path_factory.mktemp("sources")
    rows = [
        {"code": f"paper-{number:04}", "title": f"Paper {number}", "publisher": "Gazette", "excerpt": EXCERPT}
        for number in range(ROWS)
    ]
    write(folder / "dataset", {"sources": rows})
    file = folder / "tracker.sqlite3"
    output(started(f"sqlite:///{file}", "manage.py", "migrate", "--verbosity", "0"))
    output(started(f"sqlite:///{file}", "manage.py", "import_dataset", folder / "dataset"))
    return file


@pytest.fixture
def server(database, tmp_path):
    with serving(f"sqlite:///{database}", tmp_path) as server:
        yield server


def with_requests(address, folder, meanwhile):
    """Whether the answer ended well, the rows it promised, and what came of it; after its beginning, `meanwhile()`."""
    answer = requests.get(address, headers=PLAIN, stream=True, timeout=60)
    pieces, ended_well = [], True
    try:
        for number, piece in enumerate(answer.iter_content(65_536)):
            pieces.append(piece)
            if number == 0:
                meanwhile()
    except requests.exceptions.ChunkedEncodingError:
        ended_well = False
    return ended_well, int(answer.headers["X-Row-Count"]), b"".join(pieces).decode()


def with_curl(address, folder, meanwhile):
    body, headers = folder / "body.csv", folder / "headers.txt"
    sent = [word for name, value in PLAIN.items() for word in ("--header", f"{name}: {value}")]
    kept = ["--output", str(body), "--dump-header", str(headers), "--limit-rate", "10M"]
    curl = subprocess.Popen(["curl", "--silent", *sent, *kept, address])  # noqa: S603, S607 (the client that is tested)
    while not (body.exists() and body.stat().st_size):
        time.sleep(0.01)
    meanwhile()
    status = curl.wait(timeout=60)
    told = dict(line.split(": ", 1) for line in headers.read_text().splitlines() if ": " in line)
    return status == 0, int(told["X-Row-Count"]), body.read_text()


CLIENTS = [with_requests, *([with_curl] if shutil.which("curl") else [])]


def rows_in(text):
    """The whole rows that came."""
    return [row for row in csv.DictReader(StringIO(text, newline="")) if row["excerpt"] == EXCERPT]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_whole_file_ends_well_with_all_the_rows_that_it_promised(server, tmp_path, client):
    ended_well, promised, text = client(server.address + ADDRESS, tmp_path, lambda: None)
    assert (ended_well, promised, len(rows_in(text))) == (True, ROWS, ROWS)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_file_whose_server_is_killed_ends_in_an_error_with_fewer_rows_than_promised(server, tmp_path, client):
    ended_well, promised, text = client(
        server.address + ADDRESS, tmp_path, lambda: os.kill(server.worker, signal.SIGKILL)
    )
    assert (ended_well, promised) == (False, ROWS)
    assert 0 < len(rows_in(text)) < ROWS


@pytest.mark.parametrize("client", CLIENTS)
def test_a_file_whose_rows_cannot_be_read_any_more_ends_in_an_error(database, server, tmp_path, client):
    """Which the log tells without its text."""

    def rename(before, after):
        with sqlite3.connect(database) as connection:
            connection.execute(f"ALTER TABLE {before} RENAME TO {after}")
        connection.close()

    try:
        ended_well, promised, text = client(
            server.address + ADDRESS, tmp_path, lambda: rename("organizations_source", "taken_away")
        )
    finally:
        rename("taken_away", "organizations_source")
    assert (ended_well, promised) == (False, ROWS)
    assert 0 < len(rows_in(text)) < ROWS
    told = server.log.read_text()
    assert "A file was cut off while it was sent." in told
    assert told.count("OperationalError") == 1
    assert "no such table" not in told
