"""On PostgreSQL whatever writes many records waits until nobody else is writing; SQLite sees to that itself."""

from __future__ import annotations

import json

import psycopg

from lib.one_writer import OF_WRITERS
from tests.both.scratch import output, postgresql, started


def test_imports_merges_and_erasures_wait_for_whoever_is_writing():
    with postgresql() as url:
        output(started(url, "manage.py", "migrate", "--verbosity", "0"))
        with psycopg.connect(url) as writing:
            writing.execute("SELECT pg_advisory_xact_lock(%s)", [OF_WRITERS])
            told = json.loads(output(started(url, "-m", "tests.both.wait_for_others")))
    assert told == {
        "import of a dataset": True,
        "import of people": True,
        "merge": True,
        "undoing a merge": True,
        "asking for an erasure": True,
        "withdrawing it": True,
        "erasure": True,
    }
