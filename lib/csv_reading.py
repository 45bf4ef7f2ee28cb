"""A CSV file as rows of text: which letters its bytes are, what stands between its cells, and the cells."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from contextlib import suppress
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING

from lib.cells import raw_cell
from lib.sheets import (
    CHARACTERS_READ_OF_A_CELL,
    UNREADABLE,
    RowCollector,
    Spreadsheet,
    SpreadsheetRefused,
    is_unreadable,
)
from lib.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKED = {codecs.BOM_UTF8: ("utf-8-sig", "UTF-8"), codecs.BOM_UTF16_LE: ("utf-16", "UTF-16")}
_MARKED[codecs.BOM_UTF16_BE] = ("utf-16", "UTF-16")

# Files of one byte per letter, the likeliest first: Windows in Russian and in Kazakh, Windows in Western Europe, Unix
# and DOS ("CSV (MS-DOS)") in Russian. With each, the words that people write with it: small, Capitalized or LARGE.
# Russian read as Western letters has none from ASCII (Èâàíîâ), a Western name has.
_CYRILLIC = re.compile("[А-ЯЁІЇЄҐЎ]?[а-яёіїєґў]+|[А-ЯЁІЇЄҐЎ]+")
_KAZAKH = re.compile("[А-ЯЁІӘҒҚҢӨҰҮҺ]?[а-яёіәғқңөұүһ]+|[А-ЯЁІӘҒҚҢӨҰҮҺ]+")
_LATIN = re.compile("(?=.*[A-Za-z])([A-ZÀ-ÖØ-ÞŒŠŽŸ]?[a-zß-öø-ÿœšž]+|[A-ZÀ-ÖØ-ÞŒŠŽŸ]+)")
_ONE_BYTE = [
    ("cp1251", "Windows-1251", _CYRILLIC),
    ("kz1048", "KZ-1048", _KAZAKH),
    ("cp1252", "Windows-1252", _LATIN),
    ("koi8-r", "KOI8-R", _CYRILLIC),
    ("cp866", "DOS (866)", _CYRILLIC),
]
_RUN = re.compile(r"[^\W\d_]+|[^\x00-\x7f]")
_PUNCTUATION = set("«»“”„‘’‚–—…№§°·\u00a0")
_BYTES_TO_TELL = 200_000
_PLAUSIBLE = 0.8

_SEPARATORS = {";": "semicolons", ",": "commas", "\t": "tabs"}
_ROWS_TO_TELL = 200


def read_csv(content: bytes) -> Spreadsheet:
    """The rows of a CSV file; the note says how its letters and its cells were told apart."""
    text, encoding = _decoded(content)
    if "\0" in text:
        row = len(re.findall("\r\n|\r|\n", text[: text.index("\0")])) + 1
        raise SpreadsheetRefused(f"Line {row} holds a NUL character, so this is no text: save it as .xlsx.", row=row)
    text, separator = _without_separator_line(text)
    separator = separator or _separator(text)
    collected = RowCollector()
    unreadable = 0
    for number, record in _records(text, separator or ","):
        cells = [_value(cell) for cell in record]
        collected.add(number, cells)
        unreadable += sum(map(is_unreadable, cells))
    if not collected.rows:
        raise SpreadsheetRefused("The file is empty: none of its lines holds anything.")
    between = f"with {_SEPARATORS[separator]} between the cells" if separator else "with one cell in each line"
    notes = [f"Read as {encoding} {between}."]
    if unreadable:
        notes.append(f"Cells that hold formulas, which cannot be read without their values: {unreadable:,}.")
    return Spreadsheet(collected.padded(), notes)


def _decoded(content: bytes) -> tuple[str, str]:
    """The text, and the name of its encoding for the user."""
    mark = next((mark for mark in _MARKED if content.startswith(mark)), b"")
    codec, name = _MARKED.get(mark, ("utf-8", "UTF-8"))
    try:
        return content.decode(codec), name
    except UnicodeDecodeError as error:
        start = content.rfind(b"\n", 0, error.start) + 1
        found = None if mark else _one_byte_text(content, start)
        if found is None:
            row = content.count(b"\n", 0, error.start) + 1
            raise SpreadsheetRefused(
                f"The letters in line {row} cannot be read: save the file as CSV UTF-8 or .xlsx.", row=row
            ) from error
        return found


def _one_byte_text(content: bytes, start: int) -> tuple[str, str] | None:
    """The text in the encoding that makes the most words of the letters from `start` on; None if it makes too few."""
    sample = content[start : start + _BYTES_TO_TELL]
    readings = {}
    for codec, name, word in _ONE_BYTE:
        text = sample.decode(codec, errors="replace")
        readings[name] = (_share_in_words(text, word), codec, text)
    name, (share, codec, text) = max(readings.items(), key=lambda reading: reading[1][0])
    others = [other for other, reading in readings.items() if reading[0] == share and reading[2] != text]
    if share < _PLAUSIBLE:
        return None
    try:
        whole = content.decode(codec)
    except UnicodeDecodeError:
        return None
    return whole, f"{name} (assumed: {' or '.join(others)} is possible too)" if others else name


def _share_in_words(text: str, word: re.Pattern[str]) -> float:
    """The share of the letters outside ASCII that stand in whole words."""
    foreign = fitting = 0
    for run in _RUN.finditer(text):
        letters = sum(not character.isascii() and character not in _PUNCTUATION for character in run[0])
        if letters:
            foreign += letters
            fitting += letters * bool(word.fullmatch(run[0]))
    return fitting / foreign if foreign else 0


def _without_separator_line(text: str) -> tuple[str, str]:
    """Excel's own first line, sep=; in which a file may name its separator, is left blank."""
    found = re.match("sep=([;,\t])(?=[\r\n])", text)
    return (text[found.end() :], found[1]) if found else (text, "")


def _separator(text: str) -> str:
    """The separator with which most of the first rows have the same number of cells; blank where none separates."""
    best, rows, width = "", 0, 0
    for separator in _SEPARATORS:
        reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
        widths: Counter[int] = Counter()
        with suppress(csv.Error):
            widths.update(len(record) for record in islice(reader, _ROWS_TO_TELL) if len(record) > 1)
        for this_width, these_rows in widths.items():
            if (these_rows, this_width) > (rows, width):
                best, rows, width = separator, these_rows, this_width
    return best


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the number of the line where it begins."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _refusal(number, str(error)) from error


def _refusal(row: int, said: str) -> SpreadsheetRefused:
    if "field limit" in said:
        what = f"A cell in line {row} is longer than {CHARACTERS_READ_OF_A_CELL:,} characters"
        return SpreadsheetRefused(f"{what}: shorten it, or close the quotation mark before it.", row=row)
    return SpreadsheetRefused(
        f"In the row that begins in line {row} a quotation mark is not closed, or text follows where it is closed: "
        'inside a cell in quotation marks write each of its own twice ("").',
        row=row,
    )


def _value(cell: str) -> str:
    """The cell as text. What begins with = is a formula, whose value a CSV file does not hold."""
    return UNREADABLE + shown(cell) if cell.startswith("=") else raw_cell(cell).strip()
