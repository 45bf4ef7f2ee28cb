"""The rows of a spreadsheet as text, whatever file they came from, and how much of a file is read at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# A list of people is far smaller. The limits keep the reading of any file below 256 MB of memory and 10 seconds.
ROWS_AT_MOST = 20_000
COLUMNS_AT_MOST = 60
# Beyond this a cell refuses its row; beyond what a cell of a workbook can hold, the file.
CHARACTERS_IN_A_CELL = 5_000
CHARACTERS_READ_OF_A_CELL = 32_767
CHARACTERS_IN_ALL = 10_000_000

# U+FFFC stands where an object cannot be written as text, which is the case here too.
UNREADABLE = "\ufffc"


class SpreadsheetRefused(Exception):
    """A file that is not read, or not to its end. `str(error)` is one sentence for the user.

    `row` is 0 and `column` blank where the refusal is about the whole file.
    """

    def __init__(self, sentence: str, *, row: int = 0, column: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.row = row
        self.column = column


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that holds something.

    `number` is the one that the spreadsheet program shows, from 1; in a CSV file the line where the row begins. `cells`
    are stripped text, blank where empty, as many as in the widest row of the file: dates are 2017-10-15, with a time
    that is not midnight 2017-10-15 18:00; numbers have no useless .0; booleans are true and false. A cell whose value
    is not in the file answers `is_unreadable`.
    """

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """The rows of a file that hold anything, and in `notes` how it was read, in sentences for the user."""

    rows: list[SheetRow]
    notes: list[str]


def is_unreadable(cell: str) -> bool:
    """Whether `cell` stands for what the file does not hold: a formula without its value, an error such as #REF!.

    What stood there instead follows the mark: `cell.removeprefix(UNREADABLE)`.
    """
    return UNREADABLE in cell


def column_letter(index: int) -> str:
    """The name of a column as spreadsheet programs write it, from 0: A, B … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


class RowCollector:
    """Keeps the rows of one file that hold something, and refuses the file where it holds more than is read."""

    def __init__(self) -> None:
        self.rows: list[SheetRow] = []
        self.width = 0
        self._characters = 0

    def add(self, number: int, cells: Sequence[str]) -> bool:
        """Keeps the row if it holds anything, and answers whether it does."""
        width = len(cells)
        while width and not cells[width - 1]:
            width -= 1
        if not width:
            return False
        self._check(number, cells, width)
        self.width = max(self.width, width)
        self.rows.append(SheetRow(number, tuple(cells[:width])))
        return True

    def padded(self) -> list[SheetRow]:
        """The rows, each with as many cells as the widest."""
        blanks = ("",) * self.width
        for index, row in enumerate(self.rows):
            if len(row.cells) < self.width:
                self.rows[index] = replace(row, cells=row.cells + blanks[len(row.cells) :])
        return self.rows

    def _check(self, number: int, cells: Sequence[str], width: int) -> None:
        if width > COLUMNS_AT_MOST:
            refuse_column(number, next(index for index in range(COLUMNS_AT_MOST, width) if cells[index]))
        if len(self.rows) == ROWS_AT_MOST:
            raise SpreadsheetRefused(
                f"The list has more than {ROWS_AT_MOST:,} rows: split it into several files.", row=number
            )
        for index in range(width):
            if len(cells[index]) > CHARACTERS_READ_OF_A_CELL:
                refuse_text(number, index)
            self._characters += len(cells[index])
        if self._characters > CHARACTERS_IN_ALL:
            raise SpreadsheetRefused(
                f"The list holds more than {CHARACTERS_IN_ALL:,} characters: split it into several files.", row=number
            )


def refuse_column(row: int, index: int) -> None:
    """Refuses what stands in a column too far to the right."""
    column = column_letter(index)
    raise SpreadsheetRefused(
        f"Cell {column}{row} holds something, but only the first {COLUMNS_AT_MOST} columns are read: "
        "delete the columns that are not needed.",
        row=row,
        column=column,
    )


def refuse_text(row: int, index: int) -> None:
    """Refuses a cell that is too long."""
    column = column_letter(index)
    raise SpreadsheetRefused(
        f"The text in cell {column}{row} is longer than {CHARACTERS_READ_OF_A_CELL:,} characters: shorten it.",
        row=row,
        column=column,
    )
