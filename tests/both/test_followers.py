"""Whoever follows the feed while others write is told of everything once, in one order, on either database."""

from __future__ import annotations

import json

import pytest

from tests.both.scratch import output, postgresql, started
from tests.both.write_and_follow import ACTS, WRITERS


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def ran(request, tmp_path_factory):
    """What the writers did and what the followers were told."""
    program = ("-m", "tests.both.write_and_follow")
    if request.param == "SQLite":
        file = tmp_path_factory.mktemp("feed") / "feed.sqlite3"
        yield json.loads(output(started(f"sqlite:///{file}", *program)))
        return
    with postgresql() as url:
        yield json.loads(output(started(url, *program)))


def test_of_many_acts_at_once_no_follower_misses_one_or_is_told_of_one_twice(ran):
    acts = [codes for committed in ran["committed"] for codes in committed]
    done = sorted(code for codes in acts for code in codes)
    # Some were taken back, whose keys are gaps.
    assert WRITERS * ACTS * 0.6 < len(acts) < WRITERS * ACTS
    assert sorted(ran["stored"]) == done
    for told in ran["told"]:
        assert told == ran["stored"]
    # They did read while others wrote.
    assert min(ran["asked"]) > 10


def test_each_writers_acts_are_told_in_the_order_in_which_they_were_committed_and_whole(ran):
    place = {code: number for number, code in enumerate(ran["stored"])}
    for committed in ran["committed"]:
        places = [place[code] for codes in committed for code in codes]
        assert places == sorted(places)
        for codes in committed:
            first = place[codes[0]]
            assert [place[code] for code in codes] == list(range(first, first + len(codes)))
