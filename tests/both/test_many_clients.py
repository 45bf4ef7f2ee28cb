"""Twenty programs at once on one record: each of a thousand changes is saved or refused, none is lost."""

from __future__ import annotations

import json
from contextlib import nullcontext
from itertools import pairwise

import pytest

from tests.both.many_clients import CLIENTS, EDITS
from tests.both.scratch import output, postgresql, started
from tests.serving import serving


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def url(request, tmp_path):
    is_sqlite = request.param == "SQLite"
    with nullcontext(f"sqlite:///{tmp_path / 'many.sqlite3'}") if is_sqlite else postgresql() as made:
        yield made


def test_each_change_of_twenty_programs_is_saved_or_refused(url, tmp_path):
    token = output(started(url, "-m", "tests.both.a_record_and_a_token"))
    with serving(url, tmp_path, "--workers", "2", "--threads", "10") as server:
        address = f"{server.address}/api/v1/deployments/party/"
        told = json.loads(output(started(url, "-m", "tests.both.many_clients", address, token)))
    logged = json.loads(output(started(url, "-m", "tests.both.all_changes")))
    assert len(told) == CLIENTS * EDITS
    assert {status for status, _read, _remark in told} == {200, 412}
    saved = [(read, remark) for status, read, remark in told if status == 200]
    # Each saved change was made of what its program had read, and is followed by the next one.
    assert sorted(saved) == sorted((before or "", after) for before, after in logged)
    assert [one[1] == other[0] for one, other in pairwise(logged)] == [True] * (len(logged) - 1)
