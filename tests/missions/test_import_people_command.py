"""`import_people` on the terminal: what its preview shows, and where it writes the refused rows."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lib.spreadsheets import read_spreadsheet
from observers.models import Observer
from tests.conftest import everything_stored
from tests.factories import AssignmentFactory, ObserverFactory, SourceFactory
from tests.missions.people_sheets import mission_of, party_of, xlsx_file

ONE_REFUSED = (("ФИО", "Дата приезда"), ("Example Robin", "2030-05-30"), ("Sample Kim", "32.10.2017"))


@pytest.fixture
def mission(secretariat):
    return mission_of(secretariat)


@pytest.fixture
def people(tmp_path):
    return tmp_path / "people.xlsx"


@pytest.fixture
def read_in(people, mission):
    """Runs the command on rows and answers the lines that it said."""

    def read_in(rows, *options):
        people.write_bytes(xlsx_file(*rows))
        said = io.StringIO()
        call_command("import_people", people, "--mission", mission.code, *options, stdout=said, stderr=said)
        return said.getvalue().splitlines()

    return read_in


def about_row(number, lines):
    return [line for line in lines if line.startswith(f"row {number},")]


# What the preview shows


@pytest.mark.parametrize(
    ("name", "family_name", "given_names"),
    [
        ("Мысалова Әсем Қайратқызы", "Мысалова", "Әсем Қайратқызы"),
        ("de la Example Robin", "de la Example", "Robin"),
        ("Robin EXAMPLE", "EXAMPLE", "Robin"),
        ("Example", "Example", "–"),
    ],
)
def test_of_a_new_person_both_parts_of_the_name_are_shown(read_in, name, family_name, given_names):
    lines = read_in([("ФИО",), (name,)])
    whole = " ".join(part for part in (given_names, family_name) if part != "–")
    [line] = about_row(2, lines)
    assert line == (
        f"row 2, {whole}: new place, new person; Family name: {family_name}; Given names: {given_names}; "
        "Role: Short-term observer"
    )


def test_every_value_of_a_new_person_that_will_be_stored_is_shown(read_in):
    rows = [
        ("ФИО", "Гражданство", "Пол", "E-mail", "Роль", "Дата приезда", "Должность", "Примечание"),
        ("Example Robin", "KZ", "f", "robin@example.org", "LTO", "30.05.2030 г.", "Clerk", "Drives a van"),
    ]
    [line] = about_row(2, read_in(rows))
    assert line == (
        "row 2, Robin Example: new place, new person; Family name: Example; Given names: Robin; "
        "Role: Long-term observer; Nationality: Kazakhstan; Gender: Female; E-mail: robin@example.org; "
        "From (day): 2030-05-30; Post held then: Clerk; Internal note: Drives a van"
    )


def test_of_a_known_person_the_place_and_what_changes_are_shown(read_in, mission):
    known = ObserverFactory(family_name="Example", given_names="Robin", nationality="KZ")
    AssignmentFactory(observer=known, mission=mission, role="staff")
    rows = [("ФИО", "E-mail", "Роль", "Должность"), ("Example Robin", "robin@example.org", "LTO", "Clerk")]
    [line] = about_row(2, read_in(rows))
    assert line == (
        "row 2, Robin Example: new place, known person; Role: Long-term observer; Post held then: Clerk; "
        "E-mail: – → robin@example.org"
    )


def test_what_holds_for_every_row_is_shown_first(read_in, mission, northland_commission):
    party = party_of(mission, northland_commission)
    source = SourceFactory(code="gazette")
    options = ("--sender", "northland-commission", "--source", "gazette", "--owner", "northland-commission")
    assert read_in([("ФИО",), ("Example Robin",)], *options)[:5] == [
        f"Mission: {mission}",
        f"Party: {party}",
        f"Source: {source}",
        "Kept by: Northland Commission",
        "Role where none is named: short_term",
    ]
    assert read_in([("ФИО",), ("Example Robin",)])[1:4] == [
        "Party: no party: the mission alone",
        "Source: none: no name will be public",
        "Kept by: the administrators",
    ]


def test_a_value_of_several_lines_stays_on_the_line_of_its_row(read_in):
    rows = [("ФИО", "Примечание"), ("Example Robin", "one\nrow 9, Kim Sample: new place\x7f[2J")]
    lines = read_in(rows)
    assert about_row(9, lines) == []
    assert about_row(2, lines)[0].endswith("Internal note: one row 9, Kim Sample: new place [2J")


# Where the refused rows go


@pytest.fixture
def refused(tmp_path):
    return tmp_path / "refused.xlsx"


def test_refused_rows_are_written_to_a_new_file(read_in, refused):
    assert f"The refused rows are in {refused}." in read_in(ONE_REFUSED, "--refused", str(refused))
    assert [row.cells[0] for row in read_spreadsheet(refused.name, refused.read_bytes()).rows] == ["ФИО", "Sample Kim"]


def test_without_a_refused_row_no_file_is_written(read_in, refused):
    read_in(ONE_REFUSED[:2], "--yes", "--refused", str(refused))
    assert not refused.exists()
    assert Observer.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "missing/refused.xlsx",
            "there is no folder {folder}/missing for the refused rows. Make it, or name another.",
        ),
        ("refused.csv", "{folder}/refused.csv is to be an XLSX workbook: end its name in .xlsx."),
        ("refused", "{folder}/refused is to be an XLSX workbook: end its name in .xlsx."),
        ("older.xlsx", "{folder}/older.xlsx is there already and is not overwritten. Name another, or delete it."),
        ("people.xlsx", "{folder}/people.xlsx is there already and is not overwritten. Name another, or delete it."),
        ("folder.xlsx", "{folder}/folder.xlsx is there already and is not overwritten. Name another, or delete it."),
        (f"{'x' * 300}.xlsx", f"{{folder}}/{'x' * 300}.xlsx cannot be written: File name too long."),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_done(read_in, people, tmp_path, name, sentence):
    (tmp_path / "older.xlsx").write_text("mine")
    (tmp_path / "folder.xlsx").mkdir()
    before = everything_stored()
    with pytest.raises(CommandError) as told:
        read_in(ONE_REFUSED, "--yes", "--source", "no-such", "--refused", str(tmp_path / name))
    assert str(told.value) == f"Nothing was changed: {sentence.format(folder=tmp_path)}"
    assert everything_stored() == before
    assert people.read_bytes()
    assert (tmp_path / "older.xlsx").read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"people.xlsx", "older.xlsx", "folder.xlsx"}


def test_capitals_in_the_end_of_its_name_are_no_matter(read_in, tmp_path):
    read_in(ONE_REFUSED, "--refused", str(tmp_path / "Refused.XLSX"))
    assert (tmp_path / "Refused.XLSX").exists()


def test_a_file_that_appears_meanwhile_is_not_overwritten(read_in, refused, monkeypatch):
    monkeypatch.setattr(Path, "exists", lambda path: path != refused and os.path.exists(path))
    refused.write_text("mine")
    before = everything_stored()
    with pytest.raises(CommandError) as told:
        read_in(ONE_REFUSED, "--yes", "--refused", str(refused))
    assert str(told.value) == f"Nothing was changed: {refused} cannot be written: File exists."
    assert refused.read_text() == "mine"
    assert everything_stored() == before


def test_where_the_disk_refuses_the_refused_rows_nothing_is_stored(read_in, refused, monkeypatch):
    real = Path.open

    def full(path, *arguments, **options):
        if path == refused:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return real(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", full)
    before = everything_stored()
    with pytest.raises(CommandError) as told:
        read_in(ONE_REFUSED, "--yes", "--refused", str(refused))
    assert str(told.value) == f"Nothing was changed: {refused} cannot be written: No space left on device."
    assert everything_stored() == before


# Decisions


def test_who_is_joined_with_a_new_person_of_a_row_above_is_said_so(read_in):
    rows = [("ФИО", "Роль"), ("Герасимов Олег", "short_term"), ("Herasymov Oleh", "long_term")]
    [line] = about_row(3, read_in(rows, "--same", "3=row-2"))
    assert line.startswith("row 3, Oleh Herasymov: new place, new person of row 2;")


def test_a_decision_that_nothing_asked_for_is_said_to_be_left_aside(read_in):
    lines = read_in([("ФИО",), ("Example Robin",)], "--new", "2")
    assert "row 2: nothing was to be decided so, --same or --new is left aside." in lines
