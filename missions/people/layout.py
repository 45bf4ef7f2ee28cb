"""Where a spreadsheet's header stands, what each of its columns holds, and which rows are people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.spreadsheets import UNREADABLE, SpreadsheetRefused, column_letter
from lib.text import fold, shown
from missions.people.fields import FULL_NAMES, NAMES, Field
from missions.people.header_words import field_of_header, never_stored

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence

    from lib.spreadsheets import SheetRow, Spreadsheet

# Titles, addressees and dates of letters may stand above the header, but not more lines than this.
ROWS_LOOKED_AT = 30


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file and what becomes of it. `remark` says how that was found."""

    index: int
    header: str
    field: Field
    remark: str
    # What the header alone would have said: a person's other choice is remembered.
    proposed: Field
    can_be_chosen: bool = True

    @property
    def letter(self) -> str:
        return column_letter(self.index)

    @property
    def key(self) -> str:
        """The form under which the header is remembered."""
        return fold(self.header)

    @property
    def place(self) -> str:
        return f"{self.letter} “{shown(self.header)}”" if self.header else self.letter

    @property
    def was_chosen(self) -> bool:
        return self.field != self.proposed


@dataclass(frozen=True, slots=True)
class Layout:
    """A spreadsheet understood: its columns, its rows of people, and what is to be said about both."""

    columns: tuple[Column, ...]
    rows: tuple[SheetRow, ...]
    notes: tuple[str, ...]
    problems: tuple[str, ...]

    def column_of(self, *fields: str) -> Column | None:
        return next((column for column in self.columns if column.field in fields), None)

    @property
    def name_column(self) -> Column:
        """The column that a refusal names where no other is at fault."""
        return self.column_of(*NAMES) or self.columns[0]


@dataclass(frozen=True, slots=True)
class Header:
    """The header's texts by column, the positions of its first and last line, and whether any word was known."""

    first: int
    last: int
    texts: tuple[str, ...]
    known: int


def lay_out(sheet: Spreadsheet, *, remembered: Mapping[str, str], chosen: Mapping[int, str] | None = None) -> Layout:
    """Understands the sheet. Raises SpreadsheetRefused where it holds nothing at all.

    `remembered` are fields by folded header, `chosen` fields by index of the column: what is chosen stands before what
    is remembered, and that before what the header's words say.
    """
    filled = [row for row in sheet.rows if any(cell.strip() for cell in row.cells)]
    if not filled:
        raise SpreadsheetRefused(_("The file is empty."))
    header = find_header(filled, remembered)
    below = filled[header.last + 1 :]
    written = {index for row in below for index, cell in enumerate(row.cells) if cell.strip()}
    written |= {index for index, text in enumerate(header.texts) if text}
    columns = columns_of(header.texts, written, remembered, chosen or {})
    rows, notes = people_rows(filled, header, columns)
    if not header.known:
        sentence = _("No header was recognized: row %(row)s was taken for it. Choose what each column holds.")
        notes.insert(0, sentence % {"row": filled[header.last].number})
    problems = problems_of(columns)
    if not rows:
        problems.append(_("There is no row of people beneath the header."))
    return Layout(columns, tuple(rows), (*sheet.notes, *notes), tuple(problems))


def find_header(rows: Sequence[SheetRow], remembered: Mapping[str, str]) -> Header:
    """The line, or the two lines read together, with the most known headers among the first thirty rows."""

    def known(text: str) -> bool:
        return bool(text.strip()) and (
            fold(text) in remembered or bool(never_stored(text)) or field_of_header(text) is not None
        )

    width = max(len(row.cells) for row in rows)
    rows = rows[:ROWS_LOOKED_AT]
    blank = [""] * width
    lines = [[cell.replace(UNREADABLE, "").strip() for cell in (*row.cells, *blank)][:width] for row in rows]
    found = []
    for position, line in enumerate(lines):
        found.append((position, position, line))
        if position + 1 < len(lines) and is_next_line(rows[position], rows[position + 1]):
            lower = lines[position + 1]
            both = two_lines(line, lower, known)
            if belongs_to_header(line, lower, both, known):
                found.append((position, position + 1, both))
    headers = [Header(first, last, tuple(texts), sum(map(known, texts))) for first, last, texts in found]
    # Of equals the first stands, a single line before it with the next.
    best = max(headers, key=lambda header: header.known)
    if best.known:
        return best
    singles = [header for header in headers if header.first == header.last]
    return next((header for header in singles if sum(map(bool, header.texts)) > 1), singles[0])


def is_next_line(upper: SheetRow, lower: SheetRow) -> bool:
    """Whether no blank line stands between the rows. In CSV files a cell of several lines takes as many numbers."""
    breaks = sum(len(re.findall("\r\n|\r|\n", cell)) for cell in upper.cells)
    return lower.number - upper.number in {1, 1 + breaks}


def two_lines(upper: Sequence[str], lower: Sequence[str], known: Callable[[str], bool]) -> list[str]:
    """A header of two lines: what stands above several merged columns belongs to each of them ("Dates" over "from")."""
    texts, above = [], ""
    for top, bottom in zip(upper, lower, strict=True):
        above = top or above
        both = f"{above} {bottom}".strip()
        if not bottom:
            texts.append(top)
        else:
            texts.append(bottom if known(bottom) and not known(both) else both)
    return texts


def belongs_to_header(
    upper: Sequence[str], lower: Sequence[str], both: Sequence[str], known: Callable[[str], bool]
) -> bool:
    """Whether the upper line is a part of the header, and not a title above it.

    A title stands by itself where the table begins. A part of the header makes a column known that the lower line
    alone does not, or stands as two texts and more over several columns each.
    """
    tops = [index for index, text in enumerate(upper) if text]
    begins = next((index for index, text in enumerate(lower) if text), 0)
    if len(tops) == 1 and tops[0] <= begins:
        return False
    if any(known(text) and text != bottom for text, bottom in zip(both, lower, strict=True)):
        return True
    spans = [sum(map(bool, lower[start:end])) for start, end in pairwise([*tops, len(lower)])]
    wide = [start for start, span in zip(tops, spans, strict=True) if span > 1 and any(map(str.isalpha, upper[start]))]
    return len(wide) > 1


def columns_of(
    texts: Sequence[str], written: Container[int], remembered: Mapping[str, str], chosen: Mapping[int, str]
) -> tuple[Column, ...]:
    """What becomes of each column in which anything is `written`."""
    columns: list[Column] = []
    guesses = [field_of_header(header) for header in texts]
    if Field.FAMILY_NAME in guesses:
        guesses = [field_of_header(header, beside_family_name=True) for header in texts]
    for index, header in enumerate(texts):
        if index not in written:
            continue
        if subject := never_stored(header):
            sentence = _("Never stored: “%(header)s” says more of a person than the record needs (%(subject)s).")
            remark = sentence % {"header": shown(header), "subject": subject}
            columns.append(Column(index, header, Field.IGNORE, remark, Field.IGNORE, can_be_chosen=False))
            continue
        proposed, remark = proposal(header, guesses[index], remembered, columns)
        field = Field(chosen.get(index, proposed))
        if field != proposed:
            remark = _("As you chose.")
        columns.append(Column(index, header, field, remark, proposed))
    return tuple(columns)


def proposal(
    header: str, guess: Field | None, remembered: Mapping[str, str], before: Sequence[Column]
) -> tuple[Field, str]:
    """What a column is taken for by itself, and a sentence that says why."""
    key = fold(header)
    if key in remembered and header.strip():
        guess, remark = Field(remembered[key]), _("As chosen the last time.")
    elif guess is None:
        remark = _("This header is not known.") if header.strip() else _("This column has no header.")
        return Field.IGNORE, remark
    else:
        remark = _("Not needed.") if guess == Field.IGNORE else _("By its header.")
    taken = [column for column in before if column.field != Field.IGNORE and clash(column.field, guess)]
    if taken:
        return Field.IGNORE, _("Column %(letter)s holds this already.") % {"letter": taken[0].letter}
    return guess, remark


def clash(one: Field, other: Field) -> bool:
    """Whether two columns cannot hold these beside each other: a name is written whole, or in parts."""
    if one == other:
        return True
    return (one in FULL_NAMES and other in NAMES) or (other in FULL_NAMES and one in NAMES)


def problems_of(columns: Sequence[Column]) -> list[str]:
    """What keeps the columns from being read as people."""
    used = [column for column in columns if column.field != Field.IGNORE]
    sentences = []
    for position, column in enumerate(used):
        for other in used[:position]:
            if clash(column.field, other.field):
                sentence = _("Columns %(one)s and %(other)s cannot both be read: choose for one “%(ignore)s”.")
                names = {"one": other.place, "other": column.place, "ignore": Field.IGNORE.label}
                sentences.append(sentence % names)
    if not any(column.field in {Field.FAMILY_NAME, *FULL_NAMES} for column in used):
        sentences.append(_("No column holds the names: choose which one holds the family name or the full name."))
    return sentences


def people_rows(
    rows: Sequence[SheetRow], header: Header, columns: Sequence[Column]
) -> tuple[list[SheetRow], list[str]]:
    """The rows beneath the header that may be people, and a note on each kind that was left out."""
    headers = {in_small_letters(row) for row in rows[header.first : header.last + 1]}
    read = [column.index for column in columns if column.field != Field.IGNORE]
    people, numbers_only, repeated, notes = [], 0, 0, []
    for position, row in enumerate(rows[header.last + 1 :]):
        if position == 0 and is_column_numbers(row):
            notes.append(_("Row %(row)s only numbers the columns: left out.") % {"row": row.number})
        elif in_small_letters(row) in headers:
            repeated += 1
        elif is_number_only(row, read):
            numbers_only += 1
        else:
            people.append(row)
    if repeated:
        sentence = ngettext(
            "%(count)s row repeats the header: left out.", "%(count)s rows repeat the header: left out.", repeated
        )
        notes.append(sentence % {"count": repeated})
    if numbers_only:
        sentence = ngettext(
            "%(count)s row holds a number and no more: left out.",
            "%(count)s rows hold a number and no more: left out.",
            numbers_only,
        )
        notes.append(sentence % {"count": numbers_only})
    return people, notes


def in_small_letters(row: SheetRow) -> tuple[str, ...]:
    return tuple(cell.strip().casefold() for cell in row.cells if cell.strip())


def is_column_numbers(row: SheetRow) -> bool:
    """A line beneath the header that counts the columns: 1, 2, 3."""
    cells = [cell.strip() for cell in row.cells if cell.strip()]
    return len(cells) > 1 and cells == [str(number) for number in range(1, len(cells) + 1)]


def is_number_only(row: SheetRow, read: Sequence[int]) -> bool:
    """A line that was numbered in advance and never filled in."""
    if any(index < len(row.cells) and row.cells[index].strip() for index in read):
        return False
    return all(cell.strip().rstrip(".").isdecimal() for cell in row.cells if cell.strip())
