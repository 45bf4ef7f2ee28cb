"""Two editors at once on one mission and on one source: none of their hundred edits is lost, on either database."""

from __future__ import annotations

import json

import pytest

from tests.both.scratch import output, postgresql, started
from tests.both.two_editors import EDITS


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def told(request, tmp_path):
    """What became of the edits."""
    if request.param == "SQLite":
        yield json.loads(output(started(f"sqlite:///{tmp_path / 'two.sqlite3'}", "-m", "tests.both.two_editors")))
        return
    with postgresql() as url:
        yield json.loads(output(started(url, "-m", "tests.both.two_editors")))


def test_of_a_hundred_edits_by_two_at_once_none_is_lost(told):
    first_answers = [answer for answers in told["told"] for answer in answers if answer[0] == 409]
    stored_at_once = [answer for answers in told["told"] for answer in answers if answer == [302, False]]
    # Of two forms sent at once one is stored, and the other comes back with what was typed, which is then stored too.
    assert first_answers == [[409, True]] * EDITS
    assert len(stored_at_once) == 2 * EDITS
    assert sum(map(len, told["told"])) == 3 * EDITS

    # Each edit was made of what the former one left.
    for resource, edits in told["logged"].items():
        before, after = [edit[1] for edit in edits], [edit[2] for edit in edits]
        assert len(edits) == EDITS
        assert [text or "" for text in before] == ["", *after[:-1]]
        assert after[-1] == told["stored"][resource]

    # And every text that was typed was stored once.
    texts = sorted(edit[2] for edits in told["logged"].values() for edit in edits)
    assert texts == sorted(f"{name} {number}" for name in ("one", "other") for number in range(EDITS))
