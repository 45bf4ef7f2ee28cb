"""Files nobody would write: whatever stands in them, the import takes them whole or says where they are wrong.

200 folders are mutated from a piece of the record that ships, and 1,000 files are made up. FUZZ_EXAMPLES asks for
another number of the latter.
"""

from __future__ import annotations

import csv
import io
import math
import os
import random
import shutil
from datetime import UTC, datetime

import pytest
from django.db import models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.text import shown
from missions.dataset import RECORDS, DatasetRefused, import_dataset
from missions.dataset.format import file_columns
from tests.conftest import NOW, PUBLISHED, everything_stored
from tests.excerpt import write_excerpt

ROBIN = "0c7f2a4e-5f0b-4c58-9d3a-0f4d8a1b2c3d"
LATER = datetime(2030, 8, 1, tzinfo=UTC)
ELECTION = "uz-presidential-2016-12-04"
SOURCE = "tass-2017-10-16"
FOLDERS, WORKERS = 200, 8
FILES_OF_EACH_KIND = math.ceil(int(os.environ.get("FUZZ_EXAMPLES", "1000")) / len(RECORDS))
MODELS = {model.dataset_file: model for model in RECORDS}
# What is told of a row or a file as a whole; all else is told of a cell.
OF_NO_CELL = (
    *("This row has ", "The row that begins here ", "The file ", "This file ", "The cells of this file "),
    *("This is no file ", "The header names no column "),
)
NASTY = [
    *("", " ", "-1", "0", "99999999999", "2017-02-30", "9999-12-31", "0001-01-01", "true", "TRUE", "KZ", "XX", "; ;"),
    *("'", '"', "=1+1", "\0", "\x1b[31m", "é", "Қазақ", "\u202e", "𝔘", "x" * 300, "a" * 201, "-", "a--b", "\n", "\r\n"),
    *("missions/", "missions/nobody", "/", "elections", "en; ru", "http://", "nobody", ELECTION, f"{ELECTION}; nobody"),
]


@pytest.fixture(scope="module")
def excerpt(tmp_path_factory):
    """All that the record says of one election, in 12 files."""
    folder = tmp_path_factory.mktemp("excerpt")
    write_excerpt(PUBLISHED, ELECTION, folder)
    return folder


@pytest.fixture(scope="module")
def imported(excerpt, django_db_setup, django_db_blocker):
    """The excerpt, imported once for all tests here, and everything stored then."""
    with django_db_blocker.unblock(), transaction.atomic():
        import_dataset(excerpt, now=NOW)
        yield everything_stored()
        transaction.set_rollback(True)


@pytest.fixture
def stored(imported, db):
    """Everything stored before a file is read in."""
    return imported


def read_in(folder, before):
    """Imports the folder twice, or sees it refused in order; answers whether it was accepted. Nothing stays."""
    with transaction.atomic():
        try:
            import_dataset(folder, now=NOW)
        except DatasetRefused as refused:
            problems = refused.problems
        else:
            problems = []
        after = everything_stored()
        if problems:
            assert [problem for problem in problems if not is_well_placed(problem, folder)] == []
            assert after == before
            return False
        again = import_dataset(folder, now=LATER)
        assert {(tally.new, tally.changed) for tally in again.values()} == {(0, 0)}
        assert everything_stored() == after
        transaction.set_rollback(True)
    return True


def is_well_placed(problem, folder):
    """Whether a problem names a line of a file that is there and, where it is about a cell, a column of that file."""
    path = folder / problem.file
    if problem.file == str(folder):
        return problem.sentence == "This folder holds no CSV file."
    content = path.read_bytes()
    place = f"{problem.file}:{problem.line}: "
    in_file = 1 <= problem.line <= 1 + content.count(b"\n") + content.count(b"\r")
    if not problem.column:
        return in_file and str(problem) == place + problem.sentence and problem.sentence.startswith(OF_NO_CELL)
    text = io.StringIO(content.decode("utf-8-sig", errors="surrogateescape"), newline="")
    columns = {shown(name) for name in next(csv.reader(text))} | set(file_columns(MODELS[path.stem]))
    return in_file and str(problem) == f"{place}{problem.column}: {problem.sentence}" and problem.column in columns


# Mutated folders


def mutate(folder, chance):
    """Spoils the folder in one to three places."""
    for _time in range(chance.randint(1, 3)):
        path = chance.choice(sorted(folder.glob("*.csv")) or [folder / "sources.csv"])
        content = path.read_bytes() if path.exists() else b""
        path.write_bytes(
            chance.choice([spoil_bytes, spoil_cells, spoil_lines, spoil_header, spoil_file])(content, chance)
        )
        if chance.random() < 0.05:
            path.rename(folder / chance.choice(["observers.csv", "regions.csv", "pictures.csv", "sources.csv"]))


def spoil_bytes(content, chance):
    raw = bytearray(content)
    for _time in range(chance.randint(1, 5)):
        place = chance.randrange(len(raw) + 1)
        raw[place : place + chance.randint(0, 3)] = chance.choice(
            [b"", b"\xff", b"\0", b'"', b",", b"\n", chance.randbytes(2)]
        )
    return bytes(raw)


def spoil_cells(content, chance):
    rows = cells_of(content)
    for _time in range(chance.randint(1, 4)):
        row = chance.choice(rows[1:] or [[""]])
        if row:
            others = [other for line in rows[1:] for other in line]
            row[chance.randrange(len(row))] = chance.choice([chance.choice(NASTY), chance.choice(others or [""])])
    return written(rows)


def spoil_lines(content, chance):
    header, *lines = content.split(b"\n")
    if chance.random() < 0.3:
        chance.shuffle(lines)
    elif lines:
        line = chance.randrange(len(lines))
        lines[line : line + 1] = [lines[line]] * chance.choice([0, 0, 2]) or [lines[line][: chance.randrange(50)]]
    return b"\n".join([header, *lines])


def spoil_header(content, chance):
    rows = cells_of(content)
    if not rows or not rows[0]:
        return content
    column = chance.randrange(len(rows[0]))
    if chance.random() < 0.5:
        return written([[cell for number, cell in enumerate(row) if number != column] for row in rows])
    rows[0][column] = chance.choice(["", "owner", "code", "climate", rows[0][-1], "Sources", "название"])
    return written(rows)


def spoil_file(content, chance):
    text = content.decode("utf-8", errors="replace")
    return chance.choice(
        [
            b"",
            content[: chance.randrange(len(content) + 1)],
            content * 2,
            text.encode("utf-16"),
            text.encode("utf-8-sig"),
            text.encode("cp1251", errors="replace"),
            text.replace(",", ";").encode("cp1251", errors="replace"),
            text.replace("\n", "\r\n").encode(),
            text.replace("\n", "\r").encode(),
        ]
    )


def cells_of(content):
    try:
        return list(csv.reader(io.StringIO(content.decode("utf-8", errors="surrogateescape"), newline="")))
    except csv.Error:
        return []


def written(rows):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue().encode(errors="surrogateescape")


@pytest.mark.parametrize("worker", range(WORKERS))
def test_a_mutated_folder_is_accepted_whole_or_refused_in_order(worker, excerpt, tmp_path, stored):
    accepted = []
    for seed in range(worker, FOLDERS, WORKERS):
        folder = tmp_path / str(seed)
        shutil.copytree(excerpt, folder)
        mutate(folder, random.Random(seed))  # noqa: S311 (a seed that is told again)
        accepted.append(read_in(folder, stored))
    assert len(accepted) == FOLDERS // WORKERS
    # Neither the import nor the spoiling has become so strict that nothing is tried.
    assert {True, False} == set(accepted)


# Files that are made up


def made_up_cells(model, excerpt):
    """For each column of the file, cells of the kind that belongs there, with some that do not."""
    files = {path.stem: cells_of(path.read_bytes()) for path in sorted(excerpt.glob("*.csv"))}
    codes = {name: [row[0] for row in rows[1:]] for name, rows in files.items()}
    for column in file_columns(model):
        model_field = model._meta.get_field(column)
        if column == "code":
            usual = [*codes.get(model.dataset_file, []), "", "new-one", "another", ROBIN]
        elif model_field.related_model:
            usual = [*codes.get(model_field.related_model.dataset_file, []), "", ""]
        elif isinstance(model_field, models.BooleanField):
            usual = ["true", "false", ""]
        elif isinstance(model_field, models.DateField):
            usual = ["2016-12-04", "2016-12-01", "2017-01-01", ""]
        elif isinstance(model_field, models.IntegerField):
            usual = ["1", "46", "", "0"]
        elif model_field.choices:
            usual = [value for value, _label in model_field.flatchoices][:8]
        elif column == "subject":
            usual = [f"{name.replace('_', '-')}/{code}" for name, found in codes.items() for code in found[:2]]
        elif column == "field":
            usual = ["name", "remark", "starts_on", "status"]
        else:
            usual = ["A name", "Имя", "en", "", "name", "https://example.org/a"]
        yield column, st.one_of(*[st.sampled_from(usual)] * 8, st.sampled_from(NASTY), st.text(max_size=20))


# Rows of the kinds of which the election has none.
NO_SUCH_ROW = {
    "memberships": {"code": "", "organization": "cis", "member_country": "KZ"},
    "regions": {"code": "", "country": "UZ", "name": "Tashkent"},
    "voting_days": {"code": "", "election": ELECTION, "starts_on": "2016-12-04"},
    "statements": {
        "code": "",
        "subject": f"elections/{ELECTION}",
        "field": "name",
        "value": "Выборы",
        "source": SOURCE,
    },
}


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@st.composite
def made_up_files(draw, cells, rows):
    """The rows of a file, its header first: rows of the record in which up to three cells are others."""
    others = draw(st.lists(st.sampled_from(sorted(cells)), unique=True))
    header = list(dict.fromkeys([*rows[0], *others]))
    made_up = [header]
    for _row in range(draw(st.integers(1, 5))):
        row = draw(st.sampled_from(rows))
        spoilt = draw(st.lists(st.sampled_from(header), max_size=3, unique=True))
        made_up.append([draw(cells[column]) if column in spoilt else row.get(column, "") for column in header])
    return made_up


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.dataset_file)
def test_a_made_up_file_is_accepted_whole_or_refused_in_order(model, excerpt, tmp_path, stored):
    accepted = []
    path = excerpt / f"{model.dataset_file}.csv"
    rows = rows_of(path) if path.exists() else [NO_SUCH_ROW[model.dataset_file]]

    @settings(
        max_examples=FILES_OF_EACH_KIND,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(made_up_files(dict(made_up_cells(model, excerpt)), rows))
    def read(made_up):
        (tmp_path / path.name).write_bytes(written(made_up))
        accepted.append(read_in(tmp_path, stored))

    read()
    assert len(accepted) >= FILES_OF_EACH_KIND
    # Neither the import nor the making up has become so strict that nothing is tried.
    assert {True, False} == set(accepted)
