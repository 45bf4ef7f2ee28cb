"""Tables as files that are sent while they are read: CSV, NDJSON and XLSX, of the same columns and rows."""

from __future__ import annotations

import json
from itertools import islice
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from rest_framework.utils.encoders import JSONEncoder

from lib.csv_stream import ROWS_IN_A_CHUNK, csv_cell, csv_response
from lib.downloads import cut_where_it_fails, headers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lib.downloads import Rows

# What the format holds: characters in a cell, rows in a sheet under its header row.
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_575

# What each format is called in the head of an answer.
MEDIA_TYPES = {
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def ndjson_response(filename: str, columns: Sequence[str], rows: Rows) -> StreamingHttpResponse:
    """A download of `rows`, each a JSON object of these columns on a line of its own."""
    return StreamingHttpResponse(
        cut_where_it_fails(_lines(columns, rows)),
        content_type=MEDIA_TYPES["ndjson"],
        headers=headers(filename, rows),
    )


def xlsx_response(filename: str, columns: Sequence[str], rows: Rows) -> FileResponse:
    """A download of `rows` as a workbook: numbers as numbers, all else as CSV has it, safe from being computed.

    It is written to a file on disk, since a workbook's end must be known before its beginning is sent; what is in
    memory at a time are some rows. Rows that one sheet does not hold go on in the next.
    """
    book = Workbook(write_only=True)
    remaining = iter(rows)
    while True:
        sheet = book.create_sheet()
        sheet.append(list(columns))
        written = 0
        for row in islice(remaining, MOST_ROWS):
            sheet.append([_xlsx_cell(row[column]) for column in columns])
            written += 1
        if written < MOST_ROWS:
            break
    file = TemporaryFile()  # noqa: SIM115 (the answer closes it when it is sent)
    book.save(file)
    file.seek(0)
    return FileResponse(file, content_type=MEDIA_TYPES["xlsx"], headers=headers(filename, rows))


FILES = {"csv": csv_response, "ndjson": ndjson_response, "xlsx": xlsx_response}


def _lines(columns: Sequence[str], rows: Rows) -> Iterator[bytes]:
    lines = (
        json.dumps({column: row[column] for column in columns}, cls=JSONEncoder, ensure_ascii=False) + "\n"
        for row in rows
    )
    while chunk := "".join(islice(lines, ROWS_IN_A_CHUNK)):
        yield chunk.encode()


def _xlsx_cell(value: Any) -> Any:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    # The format has no place for control characters; a reader sees where one stood.
    text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", csv_cell(value))
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
