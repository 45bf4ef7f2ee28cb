"""A row of the spreadsheet read as a person and a place, with what is wrong in it by cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from missions.people.fields import FULL_NAMES, Field
from missions.people.names import same_letters, split_name

if TYPE_CHECKING:
    from lib.spreadsheets import SheetRow
    from missions.people.cells import CellReader
    from missions.people.layout import Column, Layout


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is wrong in one cell."""

    row: int
    column: Column
    sentence: str

    @property
    def in_row(self) -> str:
        """Where and what, for a reader who has the row before them: `D “Дата приезда”: …`."""
        return f"{self.column.place}: {self.sentence}"

    def __str__(self) -> str:
        return _("row %(row)s, %(what)s") % {"row": self.row, "what": self.in_row}


@dataclass(slots=True)
class PersonRow:
    """One row as it was understood: `values` by field, blank cells left out."""

    number: int
    cells: tuple[str, ...]
    values: dict[str, Any] = field(default_factory=dict)
    family_name: str = ""
    given_names: str = ""
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def full_name(self) -> str:
        return f"{self.given_names} {self.family_name}".strip()

    @property
    def letters(self) -> str:
        return same_letters(self.family_name, self.given_names)

    def refuse(self, column: Column, sentence: object) -> None:
        self.refusals.append(Refusal(self.number, column, str(sentence)))


def read_row(row: SheetRow, layout: Layout, reader: CellReader) -> PersonRow:
    """Reads every cell of the row that is imported; what cannot be read is refused at its cell."""
    person = PersonRow(row.number, row.cells)
    for column in layout.columns:
        if column.field == Field.IGNORE or column.index >= len(row.cells):
            continue
        try:
            value = reader.read(column.field, row.cells[column.index])
        except ValidationError as error:
            person.refuse(column, " ".join(error.messages))
            continue
        if value is not None:
            person.values[column.field] = value
    take_name(person, layout)
    return person


def take_name(person: PersonRow, layout: Layout) -> None:
    """The family name and the given names, out of whichever columns hold them."""
    parts = person.values
    full = next((parts[name] for name in FULL_NAMES if name in parts), "")
    if full:
        family_first = Field.FULL_NAME_FAMILY_FIRST in parts
        person.family_name, person.given_names = split_name(full, family_first=family_first)
    else:
        person.family_name = parts.get(Field.FAMILY_NAME, "")
        given = [parts[name] for name in (Field.GIVEN_NAMES, Field.PATRONYMIC) if name in parts]
        person.given_names = " ".join(given)
    column = layout.column_of(Field.FAMILY_NAME, *FULL_NAMES) or layout.name_column
    if not person.family_name and column not in [refusal.column for refusal in person.refusals]:
        person.refuse(column, _("There is no name in this row."))
    elif not any(map(str.isalpha, person.full_name)) and person.family_name:
        person.refuse(column, _("A name has letters."))
