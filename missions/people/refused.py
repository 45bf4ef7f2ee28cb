"""The sheet of the refused rows: their cells as they were sent, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lib.spreadsheets import UNREADABLE, write_spreadsheet
from missions.people.plan import Outcome

if TYPE_CHECKING:
    from missions.people.plan import Plan

# Known as a header that is not imported, so that the mended sheet can be sent as it is.
WHAT_IS_WRONG = "What is wrong"


def refused_sheet(plan: Plan) -> bytes:
    """An XLSX workbook of the refused rows, to be mended and sent again: the header, the cells, and the reasons.

    Where a cell could not be read, what stood there is written as text; left as it is, it is refused again.
    """
    columns = [column for column in plan.layout.columns if column.header != WHAT_IS_WRONG]
    rows = []
    for refused in plan.with_outcome(Outcome.REFUSED):
        cells = refused.row.cells
        kept = [cells[column.index].replace(UNREADABLE, "") if column.index < len(cells) else "" for column in columns]
        rows.append([*kept, "; ".join(map(str, refused.row.refusals))])
    return write_spreadsheet([*(column.header for column in columns), WHAT_IS_WRONG], rows, "Refused rows")
