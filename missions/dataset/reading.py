"""The rows of the dataset's files, read strictly: what is wrong is said with its file, line and column."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lib.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

BLOCK = 1 << 20
# Between these, spreadsheet programs write cells where they do not write commas.
OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs"}
# Three of the letters of Windows-1251 in a row: in no other usual encoding of one byte per letter do they make a word.
CYRILLIC_OF_WINDOWS = re.compile(rb"[\xc0-\xff\xa8\xb8]{3}")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong in one cell (or, with no column, in one row or file)."""

    file: str
    line: int
    column: str
    sentence: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: {self.column}" if self.column else f"{self.file}:{self.line}"
        return f"{place}: {self.sentence}"


@dataclass(slots=True)
class Row:
    """One row of a file: its cells and their values by column, and the record that it makes or changes."""

    line: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    code: str = ""
    # The natural key of a row without a code.
    key: tuple[str, ...] | None = None
    # The key of the stored record that the row is about; None: a new one.
    pk: int | None = None
    record: Any = None
    is_new: bool = False
    before: dict[str, Any] = field(default_factory=dict)
    # Columns that stand outside the record's own row and have changed.
    changed: set[str] = field(default_factory=set)
    wrong: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_changed(self) -> bool:
        return bool(self.changed) or any(getattr(self.record, name) != value for name, value in self.before.items())

    def refuse(self, column: str, *sentences: object) -> None:
        self.wrong.setdefault(column, []).extend(str(sentence) for sentence in sentences)

    def problems(self, file: str) -> Iterator[Problem]:
        for column, sentences in self.wrong.items():
            yield from (Problem(file, self.line, column, sentence) for sentence in sentences)


class Table:
    """A CSV file in the dataset format, read row by row.

    `header` is empty where the file cannot be read; `problems` holds what keeps the file or, once it has been read to
    its end, any of its rows from being read.
    """

    def __init__(self, path: Path, columns: list[str]) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.header: list[str] = []
        self.first_line = 2
        try:
            self.read_header(columns)
        except OSError as error:
            self.refuse(1, "", f"The file cannot be read: {error.strerror}.")

    def __len__(self) -> int:
        """The lines below the header, for a progress bar: rows may take several."""
        with self.path.open("rb") as file:
            lines = sum(block.count(b"\n") or block.count(b"\r") for block in iter(lambda: file.read(BLOCK), b""))
        return max(lines - 1, 1)

    def __iter__(self) -> Iterator[Row]:
        if self.header:
            found = False
            for line, cells in self.rows_of_cells():
                found = True
                if len(cells) == len(self.header):
                    yield self.row(line, cells)
                elif cells:
                    self.refuse(line, "", f"This row has {len(cells)} cells, the header {len(self.header)}.")
            if not (found or self.problems):
                self.refuse(1, "", "The file has a header but no rows. Leave it out if it has nothing to say.")

    def refuse(self, line: int, column: str, sentence: str) -> None:
        self.problems.append(Problem(self.path.name, line, column, sentence))

    def rows_of_cells(self) -> Iterator[tuple[int, list[str]]]:
        """The rows below the header that are not blank, each with the line on which it begins."""
        # Bytes that are not UTF-8 come as lone surrogates, so that each is told in its cell.
        with self.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            reader = csv.reader(file, strict=True)
            line = 1
            try:
                for cells in reader:
                    if cells and line >= self.first_line:
                        yield line, cells
                    line = reader.line_num + 1
            except csv.Error as error:
                sentence = f"The row that begins here is not CSV ({error}). Check the quotation marks."
                self.refuse(line, "", sentence)

    def row(self, line: int, cells: list[str]) -> Row:
        row = Row(line, dict(zip(self.header, cells, strict=True)))
        text = "".join(cells)
        if "\0" in text or not is_utf8(text):
            for column, cell in zip(self.header, cells, strict=True):
                if sentence := unreadable(cell):
                    row.refuse(column, sentence)
                    del row.cells[column]
        return row

    def read_header(self, columns: list[str]) -> None:
        """Reads the first row, if the file begins with one that names its columns."""
        with self.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            first_line = file.readline()
            file.seek(0)
            reader = csv.reader(file, strict=True)
            sentence = not_separated_by_commas(first_line, self.path)
            try:
                header = [] if sentence else next(reader, [])
            except csv.Error as error:
                sentence = f"The row that begins here is not CSV ({error}). Check the quotation marks."
                header = []
        if sentence or not header:
            self.refuse(1, "", sentence or "The file is empty. Leave it out, or begin it with a header row.")
            return
        self.first_line = reader.line_num + 1
        known = ", ".join(columns)
        for number, name in enumerate(header, 1):
            if not name:
                self.refuse(1, "", f"The header names no column in its cell {number}. Its columns: {known}.")
        for name in dict.fromkeys(filter(None, header)):
            if name not in columns:
                self.refuse(1, shown(name), f"This is no column of {self.path.name}. Its columns: {known}.")
            if header.count(name) > 1:
                self.refuse(1, shown(name), "This column stands twice in the header.")
        self.header = [] if self.problems else header


def not_separated_by_commas(first_line: str, path: Path) -> str:
    """What a file looks like that is no CSV with commas, and what to do with it; blank for any other."""
    if "\0" in first_line:
        return "This file looks like UTF-16. Save it as CSV in UTF-8."
    found = [name for separator, name in OTHER_SEPARATORS.items() if separator in first_line]
    if not found or "," in first_line:
        return ""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        foreign = [line for line in file if not is_utf8(line)]
    looks = f", and it {encoding_of(''.join(foreign))}" if foreign else ""
    return f"The cells of this file stand between {found[0]}{looks}. Save it as CSV in UTF-8, with commas."


def is_utf8(text: str) -> bool:
    """Whether the bytes that the text was read from were UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def unreadable(cell: str) -> str:
    """Why the cell cannot be read; blank where it can."""
    if "\0" in cell:
        return "The cell holds a NUL character."
    return "" if is_utf8(cell) else f"The cell {encoding_of(cell)}. Save the file as UTF-8."


def encoding_of(text: str) -> str:
    """What text that was not UTF-8 looks like."""
    raw = text.encode(errors="surrogateescape")
    return "looks like Windows-1251" if CYRILLIC_OF_WINDOWS.search(raw) else "is not UTF-8"


def listed(names: Iterable[str]) -> str:
    return ", ".join(names if isinstance(names, list) else sorted(names))
