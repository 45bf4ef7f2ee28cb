"""The sheet of an XLSX workbook that holds the list, as rows of text. openpyxl reads it."""

from __future__ import annotations

import math
import re
import warnings
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import Stylesheet
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser
from openpyxl.xml.constants import ARC_STYLE
from openpyxl.xml.functions import fromstring

from lib.cells import raw_cell
from lib.sheets import (
    CHARACTERS_READ_OF_A_CELL,
    UNREADABLE,
    RowCollector,
    Spreadsheet,
    SpreadsheetRefused,
    column_letter,
    is_unreadable,
    refuse_text,
)
from lib.text import shown
from lib.xlsx_guard import ROW, GuardedArchive, refuse_other_kind, refuse_structure

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# Programs write control characters in this way; those that text may hold are turned back.
_ESCAPED = re.compile("_x(000[9AD]|005F)_")


def read_workbook(content: bytes) -> Spreadsheet:
    """The first visible sheet that holds anything, else the first hidden one; the notes name the others that do."""
    try:
        # openpyxl warns of rules and extensions that it leaves out: none of them is a cell.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _first_that_holds_anything(_Workbook(content))
    except SpreadsheetRefused:
        raise
    # What openpyxl raises on damage has no common kind, from AttributeError to zlib.error.
    except Exception as error:
        raise SpreadsheetRefused(
            "The workbook is damaged, or only a part of it arrived: open it, save it again and send that."
        ) from error


class _Sheet(NamedTuple):
    name: str
    path: str
    is_hidden: bool


class _Workbook:
    """A workbook opened step by step, as load_workbook does, without charts, themes and whatever else is no cell."""

    def __init__(self, content: bytes) -> None:
        self._archive = GuardedArchive(content)
        self._reader = ExcelReader(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        self._reader.archive = self._archive
        self._reader.read_manifest()
        self._reader.read_strings()
        try:
            self._reader.read_workbook()
        except OSError:
            refuse_other_kind()
        self._styles = Stylesheet()
        if ARC_STYLE in self._reader.valid_files:
            self._styles = Stylesheet.from_tree(fromstring(self._archive.read(ARC_STYLE)))
        self._archive.piece = ROW
        self.sheets = [
            _Sheet(sheet.name, part.target, sheet.state != "visible")
            for sheet, part in self._reader.parser.find_sheets()
            if part.Type.endswith("/worksheet")
        ]

    def parsed(self, sheet: _Sheet) -> tuple[_Parser, int]:
        """What reads the rows of the sheet, and after how many of them nothing follows."""
        part = self._archive.open(sheet.path)
        parser = _Parser(
            part,
            self._reader.shared_strings,
            data_only=True,
            epoch=self._reader.wb.epoch,
            date_formats=self._styles.date_formats,
            timedelta_formats=self._styles.timedelta_formats,
        )
        return parser, self._archive.pieces

    def zeros(self, style: int) -> str:
        """The format of the cell where it is nothing but zeros, which fill up the number of a badge: 000000."""
        if not 0 < style < len(self._styles.cell_styles):
            return ""
        number = self._styles.cell_styles[style].numFmtId - BUILTIN_FORMATS_MAX_SIZE
        code = self._styles.number_formats[number] if number >= 0 else ""
        return code if not code.strip("0") else ""


class _Parser(WorkSheetParser):  # type: ignore[misc]  # openpyxl says nothing of its types
    """Gives with each cell its formula too, blank where there is none."""

    def parse_cell(self, element: Element) -> dict[str, Any]:
        formula = element.find(FORMULA_TAG)
        text = "" if formula is None else f"={formula.text or ''}"
        return {**super().parse_cell(element), "formula": text}


def _first_that_holds_anything(workbook: _Workbook) -> Spreadsheet:
    for sheet in sorted(workbook.sheets, key=lambda sheet: sheet.is_hidden):
        rows = _Rows(workbook, sheet)
        if rows.collected.rows:
            others = [other for other in workbook.sheets if other is not sheet and workbook.parsed(other)[1]]
            return Spreadsheet(rows.collected.padded(), [*_sheet_notes(sheet, others), *rows.notes()])
    raise SpreadsheetRefused("The workbook is empty: none of its sheets holds anything.")


def _sheet_notes(sheet: _Sheet, others: list[_Sheet]) -> list[str]:
    if others:
        names = ", ".join(f"“{shown(other.name)}”{' (hidden)' if other.is_hidden else ''}" for other in others)
        were = "was" if len(others) == 1 else "were"
        hidden = ", which is hidden," if sheet.is_hidden else ""
        return [f"Only the sheet “{shown(sheet.name)}”{hidden} was read; {names} {were} not."]
    return [f"The sheet “{shown(sheet.name)}” is hidden; it was read."] if sheet.is_hidden else []


class _Rows:
    """The rows of one sheet."""

    def __init__(self, workbook: _Workbook, sheet: _Sheet) -> None:
        self.collected = RowCollector()
        self._workbook = workbook
        self._formulas = self._unreadable = self._hidden = last = 0
        parser, pieces = workbook.parsed(sheet)
        # Not to the end: a million rows of nothing may follow.
        for number, cells in islice(parser.parse(), pieces):
            is_hidden = parser.row_dimensions.pop(str(number), {}).get("hidden") in {"1", "true"}
            if number <= last:
                refuse_structure()
            last = number
            if self.collected.add(number, self._texts(number, cells)):
                self._hidden += is_hidden
        self._columns = parser.column_dimensions.values()

    def _texts(self, number: int, cells: list[dict[str, Any]]) -> list[str]:
        texts: list[str] = []
        last = 0
        for cell in cells:
            # Of two cells in one place only one could be read.
            if cell["row"] != number or cell["column"] <= last:
                refuse_structure()
            last = cell["column"]
            text = self._text(cell)
            if text:
                texts.extend([""] * (last - 1 - len(texts)))
                texts.append(text)
                self._unreadable += is_unreadable(text)
                self._formulas += bool(cell["formula"]) and not is_unreadable(text)
        return texts

    def _text(self, cell: dict[str, Any]) -> str:
        value = cell["value"]
        if value is None:
            # A formula may have given a blank text, but never a blank number: that one was not computed.
            return _unreadable(cell["formula"]) if cell["formula"] and cell["data_type"] != "str" else ""
        if cell["data_type"] == "e":
            return _unreadable(value)
        if isinstance(value, str):
            if len(value) > CHARACTERS_READ_OF_A_CELL:
                refuse_text(cell["row"], cell["column"] - 1)
            return raw_cell(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)).strip()
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            text = _number_text(value)
            return text.zfill(len(self._workbook.zeros(cell["style_id"]))) if text.isdigit() else text
        return _moment_text(value)

    def notes(self) -> list[str]:
        hidden = {
            index
            for column in self._columns
            if column.get("hidden") in {"1", "true"}
            for index in range(int(column["min"]) - 1, min(int(column["max"]), self.collected.width))
        }
        columns = ", ".join(map(column_letter, sorted(hidden)))
        return [
            *_counted(
                self._formulas,
                "cell holds a formula: the value that was stored with it was read.",
                "cells hold formulas: the values that were stored with them were read.",
            ),
            *_counted(
                self._unreadable,
                "cell holds an error, or a formula without its value, and cannot be read.",
                "cells hold errors, or formulas without their values, and cannot be read.",
            ),
            *_counted(self._hidden, "hidden row was read like the others.", "hidden rows were read like the others."),
            *([f"Hidden columns were read like the others: {columns}."] if columns else []),
        ]


def _counted(number: int, one: str, several: str) -> list[str]:
    return [f"{number:,} {one if number == 1 else several}"] if number else []


def _number_text(number: float) -> str:
    if not math.isfinite(number):
        return _unreadable(str(number))
    # Excel keeps 15 digits; what follows is noise of the machine: 0.30000000000000004.
    return str(int(number)) if number == int(number) and abs(number) < 1e16 else f"{number:.15g}"


def _moment_text(value: date | time | timedelta) -> str:
    """A date, a date with a time, a time, or a duration in hours."""
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    if value.year < 1900:
        return _unreadable(str(value))
    if not isinstance(value, datetime):
        return str(value)
    value += timedelta(milliseconds=500)
    clock = _moment_text(value.time())
    return str(value.date()) if clock == "00:00" else f"{value.date()} {clock}"


def _unreadable(instead: str) -> str:
    return UNREADABLE + shown(instead)
