"""Tables as CSV, sent while they are read."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from django.http import StreamingHttpResponse

from lib.cells import safe_cell
from lib.downloads import cut_where_it_fails, headers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lib.downloads import Rows

ROWS_IN_A_CHUNK = 500


def csv_response(filename: str, columns: Sequence[str], rows: Rows) -> StreamingHttpResponse:
    """A download of `rows` under a header row of `columns`, of which each row must have every one.

    UTF-8 without a byte order mark, commas, lines ended by CR LF (RFC 4180). Cells are written as `csv_cell` says.
    The rows are read and sent some hundreds at a time.
    """
    return StreamingHttpResponse(
        cut_where_it_fails(_chunks(columns, rows)),
        content_type="text/csv; charset=utf-8; header=present",
        headers=headers(filename, rows),
    )


def csv_cell(value: Any) -> str:
    """`value` as CSV holds it: None is empty, booleans are true and false, dates ISO 8601, lists joined by "; ".

    Text that a spreadsheet would compute is made safe, lists as a whole; negative numbers stay numbers.
    """
    text = _text(value)
    return text if isinstance(value, int | float | Decimal) else str(safe_cell(text))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "; ".join(_text(each) for each in value)
    return str(value)


def _chunks(columns: Sequence[str], rows: Rows) -> Iterator[bytes]:
    lines = chain([list(columns)], ([csv_cell(row[column]) for column in columns] for row in rows))
    while chunk := list(islice(lines, ROWS_IN_A_CHUNK)):
        text = StringIO()
        csv.writer(text).writerows(chunk)
        yield text.getvalue().encode()
