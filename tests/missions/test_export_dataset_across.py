"""Exports of real databases of both kinds: one moment of each, the same bytes, and no half folder after a kill."""

from __future__ import annotations

import signal

import pytest

from missions.dataset import RECORDS
from tests.both import awkward_rows
from tests.both.scratch import output, postgresql, started
from tests.conftest import PUBLISHED
from tests.missions.test_export_dataset import files_of, rows_of

WHILE_IT_RUNS = """
import threading
from pathlib import Path
import django
django.setup()
from django.db import connection
from missions.dataset import export_dataset
from organizations.models import Organization, Source

def write():
    Organization.objects.create(code="{late}", kind="other")
    Source.objects.filter(code="gazette-ab").update(title="{late}")
    connection.close()

def watch(rows, name):
    if name == "sources.csv":
        other = threading.Thread(target=write)
        other.start()
        other.join()
    return rows

export_dataset(Path("{folder}"), public=False, watch=watch)
"""
KILLED = """
import os, signal
from pathlib import Path
import django
django.setup()
from missions.dataset import export_dataset

def watch(rows, name):
    if name == "missions.csv":
        os.kill(os.getpid(), signal.SIGKILL)
    return rows

export_dataset(Path("{folder}"), public=False, watch=watch)
"""


def run(url, *arguments):
    return output(started(url, *arguments))


def new_database(url, *folders):
    """Reads the folders into the empty database."""
    run(url, "manage.py", "migrate", "-v0")
    for folder in folders:
        run(url, "manage.py", "import_dataset", folder)


def exported(url, folder):
    run(url, "manage.py", "export_dataset", folder)
    return files_of(folder)


@pytest.fixture(scope="module")
def databases(tmp_path_factory):
    """By kind, a database with the record that ships and awkward rows. PostgreSQL has them from SQLite."""
    folder = tmp_path_factory.mktemp("databases")
    written = awkward_rows.write(folder / "written", awkward_rows.files())
    urls = {"sqlite": f"sqlite:///{folder / 'record.sqlite3'}"}
    new_database(urls["sqlite"], PUBLISHED, written)
    exported(urls["sqlite"], folder / "of sqlite")
    with postgresql() as urls["postgresql"]:
        new_database(urls["postgresql"], folder / "of sqlite")
        yield urls


def test_one_database_gives_what_it_got_from_the_other(databases, tmp_path):
    of_sqlite = exported(databases["sqlite"], tmp_path / "sqlite")
    assert exported(databases["postgresql"], tmp_path / "postgresql") == of_sqlite
    again = f"sqlite:///{tmp_path / 'again.sqlite3'}"
    new_database(again, tmp_path / "postgresql")
    assert exported(again, tmp_path / "again") == of_sqlite
    assert len(of_sqlite) == len(RECORDS) + 1


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_is_written_meanwhile_is_not_in_it_and_need_not_wait(databases, kind, tmp_path):
    before = exported(databases[kind], tmp_path / "before")
    program = WHILE_IT_RUNS.format(late=f"late-{kind}", folder=tmp_path / "meanwhile")
    run(databases[kind], "-c", program)
    assert files_of(tmp_path / "meanwhile") == before
    exported(databases[kind], tmp_path / "after")
    assert f"late-{kind}" in rows_of(tmp_path / "after", "organizations")
    assert rows_of(tmp_path / "after", "sources")["gazette-ab"]["title"] == f"late-{kind}"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("there_was_one", [True, False])
def test_an_export_that_is_killed_leaves_no_half_folder(databases, kind, there_was_one, tmp_path):
    folder = tmp_path / "exported"
    before = exported(databases[kind], folder) if there_was_one else {}
    killed = started(databases[kind], "-c", KILLED.format(folder=folder))
    killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL
    assert (files_of(folder) if folder.exists() else {}) == before
    [draft] = [path for path in tmp_path.iterdir() if path != folder]
    assert draft.name.startswith(".exported-")
    assert "datapackage.json" not in files_of(draft)
    assert exported(databases[kind], folder).keys() > files_of(draft).keys()
