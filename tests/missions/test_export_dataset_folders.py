"""Where an export is written: into a folder that is new or there already, never half and looking whole."""

from __future__ import annotations

import errno
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from missions.dataset import ExportRefused, export_dataset
from tests.factories import ElectionFactory, OrganizationFactory, SourceFactory
from tests.missions.test_export_dataset import files_of

PACKAGE = "datapackage.json"


@pytest.fixture
def one_source(db):
    return SourceFactory(code="gazette")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "exported"


@pytest.fixture
def older_export(one_source, folder):
    """A folder with an export that no longer holds: of its elections none is left, and an organization is new."""
    election = ElectionFactory()
    export_dataset(folder, public=False)
    election.delete()
    OrganizationFactory()
    return folder


@pytest.fixture
def expected(older_export, tmp_path):
    """The files that an export of the record as it is now holds."""
    export_dataset(tmp_path / "new", public=False)
    return files_of(tmp_path / "new")


def refuse(monkeypatch, method, is_refused, code=errno.EACCES):
    """Lets the disk refuse a step of an export: `is_refused` is asked with the paths."""
    real = getattr(Path, method)

    def refusing(path, *arguments, **options):
        if is_refused(path, *arguments):
            raise OSError(code, os.strerror(code), str(path))
        return real(path, *arguments, **options)

    monkeypatch.setattr(Path, method, refusing)


# A new folder


def test_a_new_folder_gets_its_files_all_at_once(one_source, folder, monkeypatch):
    refuse(monkeypatch, "replace", lambda *_: True)
    export_dataset(folder, public=False)
    assert sorted(files_of(folder)) == [PACKAGE, "sources.csv"]
    assert list(folder.parent.iterdir()) == [folder]


# Folders that are there already


def test_a_folder_that_is_there_stays_the_same_folder(older_export, expected):
    before = older_export.stat()
    export_dataset(older_export, public=False)
    assert files_of(older_export) == expected
    assert older_export.stat().st_ino == before.st_ino
    assert {path.name for path in older_export.parent.iterdir()} == {"exported", "new"}


def test_whoever_stands_in_the_folder_still_stands_there(older_export, expected, monkeypatch):
    monkeypatch.chdir(older_export)
    call_command("export_dataset", ".", stdout=StringIO())
    assert Path.cwd() == older_export
    assert files_of(Path()) == expected


@pytest.mark.parametrize("closed", ["a mount point", "nothing may be written beside"])
def test_where_nothing_can_be_written_beside_the_draft_stands_inside(older_export, expected, monkeypatch, closed):
    if closed == "a mount point":
        monkeypatch.setattr(Path, "is_mount", lambda path: path == older_export)
    else:
        monkeypatch.setattr(os, "access", lambda path, _mode: path != older_export.parent)
    drafts = []

    def watch(rows, _name):
        drafts.extend(path.parent for path in older_export.glob(".*/*"))
        return rows

    export_dataset(older_export, public=False, watch=watch)
    assert {draft.parent for draft in drafts} == {older_export}
    assert files_of(older_export) == expected


def test_another_disk_under_the_folder_gets_copies(older_export, expected, monkeypatch):
    """A folder that is bound to a place of the same disk looks like no mount point, but nothing is renamed into it."""
    real = os.rename

    def rename(old, new):
        if Path(old).parent != Path(new).parent:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), str(old))
        real(old, new)

    monkeypatch.setattr(os, "rename", rename)
    export_dataset(older_export, public=False)
    assert files_of(older_export) == expected
    assert {path.name for path in older_export.parent.iterdir()} == {"exported", "new"}


def test_what_a_killed_export_left_inside_hinders_nobody(older_export, expected):
    left = older_export / ".exported-0123"
    left.mkdir()
    (left / "sources.csv").write_text("half")
    export_dataset(older_export, public=False)
    assert files_of(left) == {"sources.csv": b"half"}
    (left / "sources.csv").unlink()
    left.rmdir()
    assert files_of(older_export) == expected


def test_a_file_that_somebody_puts_there_meanwhile_stays(older_export, expected):
    def watch(rows, _name):
        (older_export / "notes.txt").write_text("mine")
        return rows

    export_dataset(older_export, public=False, watch=watch)
    assert files_of(older_export) == {**expected, "notes.txt": b"mine"}


@pytest.mark.parametrize("refused", ["organizations.csv", "sources.csv", PACKAGE])
def test_an_export_that_breaks_off_half_way_does_not_look_whole(older_export, expected, monkeypatch, refused):
    refuse(monkeypatch, "replace", lambda path, _target: path.name == refused)
    with pytest.raises(ExportRefused) as told:
        export_dataset(older_export, public=False)
    assert str(told.value) == (
        f"{older_export} is not whole and has no datapackage.json: “{refused}” could not be put there "
        "(Permission denied). Mend that, and export again."
    )
    assert PACKAGE not in files_of(older_export)
    monkeypatch.undo()
    export_dataset(older_export, public=False)
    assert files_of(older_export) == expected


def test_the_description_is_put_there_last_and_the_older_one_taken_first(older_export, expected, monkeypatch):
    steps = []

    def seen(path, *_target):
        if path.exists():
            steps.append((path.name, (older_export / PACKAGE).exists()))
        return False

    refuse(monkeypatch, "unlink", seen)
    refuse(monkeypatch, "replace", seen)
    export_dataset(older_export, public=False)
    files = sorted(expected.keys() - {PACKAGE})
    assert steps == [(PACKAGE, True), *((name, False) for name in ["elections.csv", *files, PACKAGE])]


def test_an_older_export_that_cannot_be_touched_stays_whole(older_export, monkeypatch):
    before = files_of(older_export)
    refuse(monkeypatch, "unlink", lambda path, *_: path.name == PACKAGE)
    with pytest.raises(CommandError) as told:
        call_command("export_dataset", older_export)
    assert str(told.value) == f"Nothing was written: {older_export}: Permission denied."
    assert files_of(older_export) == before


# Folders that cannot be


def test_a_folder_in_a_folder_that_is_missing_is_refused_by_its_name(one_source, tmp_path):
    with pytest.raises(CommandError) as told:
        call_command("export_dataset", tmp_path / "nope" / "deep")
    assert str(told.value) == (
        f"Nothing was written: there is no folder {tmp_path / 'nope'}. Make it, or name another."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_new_folder_where_nothing_may_be_written_is_told_with_the_name_that_was_given(
    one_source, folder, monkeypatch
):
    monkeypatch.setattr(os, "access", lambda *_: False)
    refuse(monkeypatch, "mkdir", lambda path, *_: path.parent == folder.parent)
    with pytest.raises(CommandError) as told:
        call_command("export_dataset", folder)
    assert str(told.value) == f"Nothing was written: {folder}: Permission denied."


def test_only_a_folder_is_taken_for_what_a_killed_export_left(one_source, folder):
    folder.mkdir()
    (folder / ".exported-notes").write_text("mine")
    with pytest.raises(ExportRefused, match=r"holds “\.exported-notes”, which is no file of a dataset"):
        export_dataset(folder, public=False)
    assert files_of(folder) == {".exported-notes": b"mine"}
