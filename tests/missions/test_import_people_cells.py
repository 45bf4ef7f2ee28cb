"""Cells that refuse their row and no more: too long, not computed, no address; and what the refused sheet shows."""

from __future__ import annotations

import pytest

from lib.spreadsheets import UNREADABLE, read_spreadsheet
from missions.people.layout import lay_out
from missions.people.plan import plan_import
from missions.people.refused import refused_sheet
from tests.missions.people_sheets import mission_of, outcomes, planned, refusals, task_of


@pytest.fixture
def task(secretariat):
    return task_of(mission_of(secretariat))


def read_again(plan, task):
    """The sheet of the refused rows: its cells, and what it would do as it is."""
    sheet = read_spreadsheet("refused.xlsx", refused_sheet(plan))
    again = plan_import(lay_out(sheet, remembered={}), task, user=None, decisions={})
    return [row.cells for row in sheet.rows], again


def test_a_cell_that_is_too_long_refuses_its_row_alone_where_its_column_is_read(task):
    plan = planned(
        task,
        ("Name", "Remark", "Hobby"),
        ("Robin Example", "x" * 5_001, ""),
        ("Kim Sample", "x" * 5_000, ""),
        ("Lee Model", "", "x" * 5_001),
    )

    assert outcomes(plan) == {2: "refused", 3: "created", 4: "created"}
    assert refusals(plan) == ["row 2, B “Remark”: The text is longer than 5,000 characters: shorten it."]


@pytest.mark.parametrize("text", ["#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "=A1&B1"])
def test_an_error_or_a_formula_is_refused_also_where_it_is_text(task, text):
    plan = planned(task, ("Name", "Post"), ("Robin Example", text))

    sentence = "is a formula without a value, or an error: write the value itself."
    assert refusals(plan) == [f"row 2, B “Post”: “{text}” {sentence}"]


def test_text_that_only_looks_like_an_error_is_read(task):
    plan = planned(task, ("Name", "Post"), ("Robin Example", "#1 on the list"), ("Kim Sample", "see #N/A"))

    assert outcomes(plan) == {2: "created", 3: "created"}


def test_the_refused_sheet_shows_what_could_not_be_read_and_is_refused_again_as_it_is(task):
    plan = planned(
        task, ("Name", "Post"), ("Robin Example", f"{UNREADABLE}#REF!"), ("Kim Sample", f"{UNREADABLE}=A1&B1")
    )

    cells, again = read_again(plan, task)
    assert [row[:2] for row in cells] == [("Name", "Post"), ("Robin Example", "#REF!"), ("Kim Sample", "=A1&B1")]
    assert refusals(again) == refusals(plan)


@pytest.mark.parametrize("text", ["no address", "robin@", "one@example.org; two@example.org", "@example.org"])
def test_what_is_no_address_is_quoted_and_an_address_is_shown(task, text):
    plan = planned(task, ("Name", "E-mail"), ("Robin Example", text))

    sentence = "is no e-mail address: write one such as name@example.org."
    assert refusals(plan) == [f"row 2, B “E-mail”: “{text}” {sentence}"]


def test_a_long_text_is_quoted_in_part(task):
    plan = planned(task, ("Name", "E-mail"), ("Robin Example", "x" * 4_000))

    quoted = "x" * 60 + "…"
    assert refusals(plan) == [
        f"row 2, B “E-mail”: “{quoted}” is no e-mail address: write one such as name@example.org.",
    ]
