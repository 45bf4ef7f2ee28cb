"""SQLite and PostgreSQL hold the same rows in the same orders, find the same, and refuse the same in the same words."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections import Counter
from uuid import NAMESPACE_URL, uuid5

import pytest

from tests.both import awkward_rows, bad_files
from tests.both.scratch import output, postgresql, started
from tests.conftest import PUBLISHED

STATUSES = {"rows", "filter", "search", "refusal"}


def fingerprint(answer):
    return hashlib.sha256(json.dumps(answer, ensure_ascii=False).encode()).hexdigest()


@pytest.fixture
def on_both(tmp_path):
    """Runs a program on an empty database of each kind, and gives what the two printed as JSON: SQLite's first."""

    def run(program, *folders):
        with postgresql() as url:
            databases = (f"sqlite:///{tmp_path / f'{program}.sqlite3'}", url)
            programs = [started(url, "-m", f"tests.both.{program}", *folders) for url in databases]
            return [json.loads(output(process)) for process in programs]

    return run


@pytest.fixture
def published_with_codes(tmp_path):
    """The record that ships, where each spelling of a name has a code: left to the import, it would be random."""
    folder = shutil.copytree(PUBLISHED, tmp_path / "published")
    spellings = folder / "observer_names.csv"
    with spellings.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["code"] = row["code"] or str(uuid5(NAMESPACE_URL, " ".join(row.values())))
    spellings.unlink()
    awkward_rows.write_file(spellings, rows)
    return folder


def test_every_list_under_every_ordering_has_one_fingerprint_on_both(on_both, published_with_codes, tmp_path):
    awkward = awkward_rows.write(tmp_path / "awkward", awkward_rows.files())
    told = on_both("ask_every_list", awkward, published_with_codes)
    sqlite, postgres = ({(kind, asked): answer for kind, asked, answer in each["answers"]} for each in told)
    assert [asked for asked in sqlite if fingerprint(sqlite[asked]) != fingerprint(postgres.get(asked))] == []
    assert sqlite.keys() == postgres.keys()

    # Both could be wrong alike: the orders are those that the house's rule gives, and they are of many rows.
    orders = {asked: codes for (kind, asked), codes in sqlite.items() if kind == "ordering"}
    assert [asked for asked in orders if orders[asked] != told[0]["by_the_rule"][asked]] == []
    assert told[0]["by_the_rule"] == told[1]["by_the_rule"]
    assert min(map(len, orders.values())) >= 15

    # How much was asked, so that nothing of it can run empty: 16 lists, 206 orders, 56 texts to search for.
    kinds = Counter(kind for kind, _asked in sqlite)
    assert (kinds["pages"], kinds["ordering"], kinds["whole search"]) == (206, 2 * 206, 2 * 16 * 56)
    statuses = Counter((kind, answer[0]) for (kind, _asked), answer in sqlite.items() if kind in STATUSES)
    assert statuses == {
        ("rows", 200): 16,
        ("search", 200): 16 * 56,
        ("filter", 200): 620,
        ("refusal", 400): 781,
        ("refusal", 404): 16 * 8,
    }


def test_an_import_is_refused_in_the_same_words_on_both(on_both, tmp_path):
    folders = bad_files.write_all(tmp_path / "bad")
    sqlite, postgres = on_both("refuse_imports", tmp_path / "bad")
    assert sqlite == postgres
    assert sqlite.keys() == folders
    assert [name for name, told in sqlite.items() if not told["problems"] or told["changed"]] == []
    assert (len(sqlite), sum(len(told["problems"]) for told in sqlite.values())) == (14, 95)
