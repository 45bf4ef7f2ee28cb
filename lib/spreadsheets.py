"""Spreadsheets of people as secretariats send them, CSV or XLSX: read safely, and written without formulas."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from lib.cells import safe_cell
from lib.csv_reading import read_csv
from lib.sheets import (
    CHARACTERS_IN_A_CELL,
    UNREADABLE,
    SheetRow,
    Spreadsheet,
    SpreadsheetRefused,
    column_letter,
    is_unreadable,
)
from lib.xlsx_reading import read_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

__all__ = [
    "CHARACTERS_IN_A_CELL",
    "UNREADABLE",
    "SheetRow",
    "Spreadsheet",
    "SpreadsheetRefused",
    "column_letter",
    "is_unreadable",
    "read_spreadsheet",
    "write_spreadsheet",
]

BYTES_AT_MOST = 5_000_000

_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ARCHIVE = b"PK"
_OTHER_FILES = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"II*\0": "an image",
    b"MM\0*": "an image",
    b"{\\rtf": "a text document (RTF)",
    b"Rar!": "an archive (RAR)",
    b"7z\xbc\xaf": "an archive (7z)",
    b"\x1f\x8b": "an archive (gzip)",
}
_MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*<(\?xml|!doctype|html|table)", re.IGNORECASE)

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\]")
_LONGEST_TITLE = 31


def read_spreadsheet(name: str, content: bytes) -> Spreadsheet:
    """The rows of the file `name`, whose kind is told by its content. Raises SpreadsheetRefused, and nothing else."""
    if not content.strip():
        raise SpreadsheetRefused("The file is empty.")
    if len(content) > BYTES_AT_MOST:
        raise SpreadsheetRefused(
            f"The file is larger than {BYTES_AT_MOST // 1_000_000} MB: send the list of people by itself, or split it."
        )
    if content.startswith(_ARCHIVE):
        return _with_note(read_workbook(content), "a workbook (.xlsx)", name, ".csv", ".tsv", ".txt", ".xls")
    if content.startswith(_OLD_WORKBOOK):
        raise SpreadsheetRefused(
            "This is an old workbook (.xls), or one protected by a password. Save it as .xlsx without a password."
        )
    kind = next((kind for start, kind in _OTHER_FILES.items() if content.startswith(start)), "")
    if kind or _MARKUP.match(content):
        raise SpreadsheetRefused(
            f"This is {kind or 'a web page or XML'}, not a spreadsheet. Save the list as .xlsx or CSV."
        )
    return _with_note(read_csv(content), "text (CSV)", name, ".xlsx", ".xls")


def write_spreadsheet(header: Sequence[str], rows: Iterable[Sequence[str]], title: str) -> bytes:
    """An XLSX workbook of one sheet, every cell of it text that no program computes.

    Control characters, which XML cannot hold, are written as �. Programs show the first 31 characters of `title`,
    and none of []:*?/\\.
    """
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_NOT_IN_A_TITLE.sub(" ", _NOT_IN_XML.sub("�", title))[:_LONGEST_TITLE])
    for row in (header, *rows):
        sheet.append([_text_cell(sheet, text) for text in row])
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, safe_cell(_NOT_IN_XML.sub("�", text)))
    # Otherwise text such as #N/A becomes an error.
    cell.data_type = "s"
    return cell


def _with_note(read: Spreadsheet, kind: str, name: str, *misleading: str) -> Spreadsheet:
    """A file whose name says something else than its content is read as what it is, and the notes say so."""
    if name.lower().endswith(misleading):
        read.notes.insert(0, f"Whatever its name says, the file is {kind} and was read as such.")
    return read
