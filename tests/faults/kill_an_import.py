"""kill -9 at 20 moments of an import of 10,000 rows: the record is as before or as after, never between.

`make faults` runs this on SQLite and on PostgreSQL and prints each moment and its outcome. It takes minutes, so it is
no part of `make test`. `make faults SEED=…` draws the same moments again.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from tests.both.awkward_rows import write
from tests.both.scratch import output, postgresql, started
from tests.faults import rows_to_import

KILLS = 20
# Of these so many are timed from the first thing written, so that the writing is met however short it is.
KILLS_WHILE_WRITING = 10
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
A_MOMENT = 0.005
# An import may be quicker than the one that was measured: its moment is then brought forward by this factor.
EARLIER = 0.7


class OnSqlite:
    """A record in a file, copied before an import."""

    def __init__(self, folder):
        self.folder = folder
        self.url = f"sqlite:///{folder / 'before.sqlite3'}"

    def copy(self):
        path = self.folder / f"{uuid4()}.sqlite3"
        shutil.copy(urlsplit(self.url).path, path)
        return f"sqlite:///{path}"

    def has_begun_to_write(self, url):
        """Whether pages have been written beside the file; they count once the transaction is committed."""
        log = Path(f"{urlsplit(url).path}-wal")
        return log.exists() and log.stat().st_size > 0

    def settle(self, url):
        """Opens the file as the next user does, and has SQLite look through it."""
        with sqlite3.connect(urlsplit(url).path) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.close()


class OnPostgresql:
    """A record in a database of its own, copied before an import."""

    def __init__(self, url, scratch):
        self.url, self.scratch = url, scratch

    def copy(self):
        """Dropped with all the others when the test ends."""
        return self.scratch.enter_context(postgresql(template=urlsplit(self.url).path.strip("/")))

    def has_begun_to_write(self, url):
        """Whether a transaction there has a number, which it gets with its first change."""
        return self.sessions(url, "backend_xid IS NOT NULL") > 0

    def settle(self, url):
        """Waits until the server has noticed that the client is gone, and has ended what it had begun."""
        while self.sessions(url, "true"):
            time.sleep(A_MOMENT)

    def sessions(self, url, condition):
        parts = urlsplit(url)
        with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as connection:
            query = f"SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND {condition}"  # noqa: S608
            return connection.execute(query, [parts.path.strip("/")]).fetchone()[0]


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def database(request, tmp_path):
    """A database of each kind that holds the record before the import."""
    with ExitStack() as scratch:
        made = OnSqlite(tmp_path)
        if request.param == "PostgreSQL":
            made = OnPostgresql(scratch.enter_context(postgresql()), scratch)
        output(started(made.url, "manage.py", "migrate", "-v0"))
        output(started(made.url, "manage.py", "import_dataset", write(tmp_path / "before", rows_to_import.before())))
        made.settle(made.url)
        yield made


@pytest.fixture
def say(request, capsys):
    """Writes a line for whoever watches."""
    reporter = request.config.pluginmanager.getplugin("terminalreporter")

    def line(text):
        with capsys.disabled():
            reporter.write_line(text)

    return line


def stored(url):
    return json.loads(output(started(url, "-m", "tests.faults.everything_stored")))


def until_it_writes(database, url, process):
    while process.poll() is None and not database.has_begun_to_write(url):
        time.sleep(A_MOMENT)


def measured(database, folder):
    """Seconds from the start to the first thing written, seconds from there to the end, and what is stored then."""
    url = database.copy()
    began = time.monotonic()
    process = started(url, "manage.py", "import_dataset", folder)
    until_it_writes(database, url, process)
    wrote = time.monotonic()
    output(process)
    ended = time.monotonic()
    database.settle(url)
    return wrote - began, ended - wrote, stored(url)


def moments(before_writing, writing):
    """When to kill: whether to wait for the writing first, and seconds from there. One in each of equal slices."""
    drawn = random.Random(SEED)  # noqa: S311 (moments are no secrets)
    for waits, count, seconds in (
        (False, KILLS - KILLS_WHILE_WRITING, before_writing + writing),
        (True, KILLS_WHILE_WRITING, writing),
    ):
        yield from ((waits, (number + drawn.random()) * seconds / count) for number in range(count))


def killed(database, url, folder, *, waits, seconds):
    """Kills an import. Gives the database, seconds since the start, and whether anything had been written.

    An import that had already ended was not killed: then another is, earlier and on a fresh copy.
    """
    began = time.monotonic()
    process = started(url, "manage.py", "import_dataset", folder)
    if waits:
        until_it_writes(database, url, process)
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=seconds)
    wrote = database.has_begun_to_write(url)
    process.kill()
    at = time.monotonic() - began
    process.communicate()
    database.settle(url)
    if process.returncode != -signal.SIGKILL:
        return killed(database, database.copy(), folder, waits=waits, seconds=seconds * EARLIER)
    return url, at, wrote


def test_an_import_killed_at_any_moment_leaves_the_record_as_before_or_as_after(database, tmp_path, say):
    rows = rows_to_import.imported()
    assert sum(map(len, rows.values())) == rows_to_import.ROWS
    folder = write(tmp_path / "imported", rows)
    before = stored(database.url)
    before_writing, writing, after = measured(database, folder)
    assert after["content"] != before["content"]
    times = f"{before_writing:.2f} s to the first write, {writing:.2f} s from there"
    say(f"\n{type(database).__name__}, SEED={SEED}: {times}")

    outcomes = Counter()
    url = database.copy()
    for number, (waits, seconds) in enumerate(moments(before_writing, writing), start=1):
        url, at, wrote = killed(database, url, folder, waits=waits, seconds=seconds)
        found = stored(url)
        outcome = {before["exact"]: "as before", after["content"]: "as after"}
        left = outcome.get(found["exact"]) or outcome.get(found["content"]) or "between"
        phase = "committed" if left == "as after" else "writing" if wrote else "reading"
        say(f"{number:3} killed after {at:6.2f} s, {phase:9}: {left}")
        outcomes[left] += 1
        outcomes[phase] += 1
        # What a kill has left is where the next import begins, until one has come to its end.
        if left != "as before":
            url = database.copy()
    say(f"    {dict(outcomes)}")
    assert outcomes["as before"] + outcomes["as after"] == KILLS == 20
    assert outcomes["writing"] >= 5
    output(started(url, "manage.py", "import_dataset", folder))
    assert stored(url)["content"] == after["content"]
