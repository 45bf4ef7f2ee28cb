"""The whole record as a folder of CSV files: reading it in, all or nothing.

The files, their order and their columns are those of the records themselves (`Record.dataset_file`, `Record.columns`);
docs/dataset.md explains the format. An import works in memory until every row of every file has been checked. Only
then it writes, in one transaction.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction

from lib.text import shown
from missions.models import (
    Assignment,
    Channel,
    Deployment,
    Election,
    HeadCount,
    Invitation,
    Mission,
    Statement,
    VotingDay,
)
from missions.readings import elections_of, mark_changed, rebuild_readings
from observers.models import Observer, ObserverName
from organizations.models import Membership, Organization, OrganizationName, OwnedRecord, Record, Region, Source
from organizations.models.records import free_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    Watch = Callable[[Iterable[Any], str], Iterable[Any]]

# The order in which the files are read: what is pointed to comes before what points.
RECORDS: tuple[type[Record], ...] = (
    Source,
    Organization,
    OrganizationName,
    Membership,
    Region,
    Election,
    VotingDay,
    Mission,
    Invitation,
    Deployment,
    Channel,
    HeadCount,
    Observer,
    ObserverName,
    Assignment,
    Statement,
)
# Records that give another record its names, and through which column.
NAMED_BY: dict[type[Record], tuple[type[Record], str]] = {
    OrganizationName: (Organization, "organization"),
    ObserverName: (Observer, "observer"),
}
# Records whose code cannot be made of their columns, and the sentence for a row without one.
NEEDS_CODE: dict[type[Record], str] = {
    Organization: "An organization needs a code here, for example odihr: its names are in another file.",
    Observer: "A person needs a code here, any UUID: without one the next import would not know them.",
}
REQUIRED = str(forms.Field.default_error_messages["required"])
SEPARATOR = "; "
BATCH = 500
LONGEST_NUMBER = 18


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


class DatasetRefused(Exception):
    """The dataset was not imported, and nothing was changed. `problems` holds everything found, in reading order."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows of a file were new, changed, and as before."""

    new: int
    changed: int
    as_before: int


@dataclass(slots=True)
class Row:
    """One row of a file: its cells by column, and the record that it makes or changes."""

    file: str
    line: int
    cells: dict[str, str]
    record: Any = None
    is_new: bool = False
    before: dict[str, Any] = field(default_factory=dict)
    many: dict[str, list[Any]] = field(default_factory=dict)
    many_changed: set[str] = field(default_factory=set)
    wrong: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_changed(self) -> bool:
        return bool(self.many_changed) or any(
            getattr(self.record, name) != value for name, value in self.before.items()
        )

    def refuse(self, column: str, *sentences: object) -> None:
        self.wrong.setdefault(column, []).extend(str(sentence) for sentence in sentences)

    def problems(self) -> Iterator[Problem]:
        for column, sentences in self.wrong.items():
            yield from (Problem(self.file, self.line, column, sentence) for sentence in sentences)


def import_dataset(
    folder: Path, *, now: datetime, owner: str = "", watch: Watch = lambda rows, name: rows
) -> dict[str, Tally]:
    """Reads the folder's CSV files into the record, all or nothing, and answers a tally by file name.

    A row changes the record with its code, or, where its code is blank, the one with its natural key; else it makes a
    new one. Columns that a file leaves out stay as they are. `owner` is the code of the organization that keeps new
    records. `watch` wraps the rows of each file, for a progress bar. Raises DatasetRefused with every problem found.
    """
    with transaction.atomic():
        run = ImportRun(folder, now=now, owner=owner, watch=watch)
        run.read()
        if run.problems:
            raise DatasetRefused(run.problems)
        run.write()
    return run.tallies()


class ImportRun:
    """One import: what is in the database, what the files say, and what is wrong with it."""

    def __init__(self, folder: Path, *, now: datetime, owner: str, watch: Watch) -> None:
        self.folder, self.now, self.watch = folder, now, watch
        self.owner_code = owner
        self.problems: list[Problem] = []
        self.known: dict[type[Record], Known] = {}
        self.rows: dict[type[Record], list[Row]] = {}

    # Reading

    def read(self) -> None:
        """Reads and checks every file; what is wrong is left in `problems`."""
        self.refuse_unknown_files()
        for model in RECORDS:
            path = self.folder / f"{model.dataset_file}.csv"
            self.known[model] = Known(model, self.known)
            if path.exists():
                self.rows[model] = self.read_file(model, path)
        self.find_owner()

    def refuse_unknown_files(self) -> None:
        names = {f"{model.dataset_file}.csv" for model in RECORDS}
        found = sorted(path.name for path in self.folder.glob("*.csv"))
        for name in found:
            if name not in names:
                self.problems.append(
                    Problem(name, 1, "", f"This is no file of the dataset. Its files: {listed(names)}.")
                )
        if not found:
            self.problems.append(Problem(str(self.folder), 1, "", "This folder holds no CSV file."))

    def find_owner(self) -> None:
        known = self.known[Organization]
        if self.owner_code and self.owner_code not in known.by_code and known.complete:
            sentence = f"There is no organization with the code “{shown(self.owner_code)}”."
            self.problems.append(Problem("--owner", 1, "", sentence))

    def read_file(self, model: type[Record], path: Path) -> list[Row]:
        rows, problems = read_rows(path, ["code", *model.columns])
        for row in self.watch(rows, path.name):
            self.fill(model, row)
        self.known[model].complete = not problems and not any(row.wrong and not row.record.code for row in rows)
        for row in rows:
            self.join_to_its_own_kind(model, row)
        self.hand_out(model, rows)
        for row in rows:
            self.check(row)
            problems += row.problems()
        self.problems += sorted(problems)
        return rows

    def fill(self, model: type[Record], row: Row) -> None:
        """Finds or makes the row's record and sets its fields from the cells."""
        values: dict[str, Any] = {}
        for column in model.columns:
            if column in row.cells and not points_to_own_kind(model, column):
                try:
                    values[column] = self.value_of(model, column, row.cells[column])
                except ValidationError as error:
                    row.refuse(column, *error.messages)
        self.find_or_make(model, row, values)
        for column, value in values.items():
            if is_many(model, column):
                self.set_many(row, column, value)
            elif column not in row.wrong:
                setattr(row.record, column, value)
        if not relation_names(model).isdisjoint(row.wrong):
            self.known[model].unsound.add(id(row.record))

    def find_or_make(self, model: type[Record], row: Row, values: dict[str, Any]) -> None:
        """The record that the row is about: the one with its code, else with its natural key, else a new one."""
        known = self.known[model]
        new = model(code=row.cells.get("code", "").strip())
        found = known.by_code.get(new.code)
        for name in required_relations(model):
            if values.get(name) is None and (name in values or found is None):
                row.refuse(name, *([] if name in row.wrong else [REQUIRED]))
        key = known.key_of(values, found) if row.wrong.keys().isdisjoint(model.natural_key_columns) else None
        same_key = known.by_key.get(key)
        if not new.code:
            found = same_key if known.has_natural_key else known.by_code.get(self.code_of_values(new, row, values))
        if found is not None and id(found) in known.lines:
            row.refuse("code", f"Line {known.lines[id(found)]} is about the same record.")
            found = None
        elif same_key is not None and found is not same_key:
            row.refuse("code", f"“{same_key.code}” is the same record under another code.")
        row.record, row.is_new = (new, True) if found is None else (found, False)
        row.before = {} if row.is_new else {name: getattr(found, name) for name in known.single_columns}
        known.lines[id(row.record)] = row.line
        if key:
            known.by_key.setdefault(key, row.record)
        if new.code:
            known.by_code.setdefault(new.code, row.record)

    def code_of_values(self, new: Any, row: Row, values: dict[str, Any]) -> str:
        """The code that a record whose natural key is its code would be given for these values."""
        if sentence := NEEDS_CODE.get(type(new)):
            row.refuse("code", sentence)
        elif not row.wrong:
            for name in values.keys() & {found.name for found in new._meta.fields}:
                setattr(new, name, values[name])
            new.code = free_code(new.computed_code(), ())
        return str(new.code)

    def value_of(self, model: type[Record], column: str, cell: str) -> Any:
        """The value of a cell, as the column's field holds it. Raises ValidationError."""
        if "\0" in cell:
            raise ValidationError("The cell holds a NUL character.")
        model_field = model._meta.get_field(column)
        if isinstance(model_field, models.ManyToManyField):
            codes = dict.fromkeys(code.strip() for code in cell.split(SEPARATOR.strip()) if code.strip())
            return [self.record_with(model_field.related_model, code) for code in codes]
        if isinstance(model_field, models.ForeignKey):
            return self.record_with(model_field.related_model, cell.strip()) if cell.strip() else None
        return plain_value(model_field, cell)

    def record_with(self, model: Any, code: str) -> Any:
        """The record with the code. Refused without a sentence where its own file has the sentence already."""
        known = self.known[model]
        record = known.by_code.get(code)
        if record is None and known.complete:
            where = f"neither in the record nor in {model.dataset_file}.csv"
            raise ValidationError(f"“{shown(code)}” is no code of {model._meta.verbose_name_plural}: {where}.")
        if record is None or id(record) in known.unsound:
            raise ValidationError([])
        return record

    def set_many(self, row: Row, column: str, records: list[Any]) -> None:
        row.many[column] = records
        linked = self.known[type(row.record)].linked(column)
        if {record.pk for record in records} != linked.get(row.record.pk, set()) or None in {r.pk for r in records}:
            row.many_changed.add(column)

    def join_to_its_own_kind(self, model: type[Record], row: Row) -> None:
        """The second pass: `parent` and `part_of` point to rows of the same file, which may come later."""
        if not row.record.code and not row.wrong:
            row.record.code = self.known[model].new_code(row.record)
        for column in model.columns:
            if column in row.cells and points_to_own_kind(model, column):
                try:
                    setattr(row.record, column, self.value_of(model, column, row.cells[column]))
                except ValidationError as error:
                    row.refuse(column, *error.messages)

    def hand_out(self, model: type[Record], rows: list[Row]) -> None:
        """Gives records what their checks look up in the database elsewhere, and what is not stored there yet."""
        if model in NAMED_BY:
            owner_model, owner_field = NAMED_BY[model]
            for owner in self.known[owner_model].by_code.values():
                owner.names_in_hand = []
            for name in [*self.known[model].stored, *(row.record for row in rows if row.is_new and not row.wrong)]:
                if (owner := getattr(name, owner_field, None)) is not None:
                    owner.names_in_hand.append(name)
        if model is Statement:
            resources = {known.model.resource(): known for known in self.known.values()}
            for row in rows:
                resource, _slash, code = row.record.subject.partition("/")
                if resource in resources:
                    known = resources[resource]
                    row.record.subject_in_hand = code in known.by_code or not known.complete

    def check(self, row: Row) -> None:
        """The record's own validation: the same refusals as through every other door."""
        record = row.record
        try:
            record.clean_fields(exclude=relation_names(type(record)) | row.wrong.keys())
            if not row.wrong:
                record.clean()
        except ValidationError as error:
            for column, errors in error.error_dict.items():
                sentences = (REQUIRED if one.code in {"blank", "null"} else " ".join(one.messages) for one in errors)
                row.refuse("" if column == NON_FIELD_ERRORS else column, *sentences)

    # Writing

    def write(self) -> None:
        """Stores what has changed, in reading order, and rebuilds the readings of the elections it touches."""
        for model, rows in self.rows.items():
            new = [row for row in rows if row.is_new]
            changed = [row for row in rows if not row.is_new and row.is_changed]
            self.store(model, [row.record for row in new], [row.record for row in changed])
            for column in filter(lambda name: is_many(model, name), model.columns):
                self.link(model, column, [row for row in new + changed if column in row.many_changed])
        self.stamp()
        self.fold_names_again()
        mark_changed((row.record for row in self.written()), now=self.now)
        rebuild_readings(elections_of(self.touched()))

    def stamp(self) -> None:
        """New records are of the time of the import, and kept by the owner, who may have come after them in it."""
        owner = self.known[Organization].by_code.get(self.owner_code)
        for model, rows in self.rows.items():
            stamps = {"modified_at": self.now} | ({"owner": owner} if issubclass(model, OwnedRecord) else {})
            new = [row.record.pk for row in rows if row.is_new]
            for start in range(0, len(new), BATCH):
                model._default_manager.filter(pk__in=new[start : start + BATCH]).update(**stamps)

    def touched(self) -> Iterator[Any]:
        """What was written, and the records of elections that it belonged to before."""
        for row in self.written():
            yield row.record
            yield from (value for value in row.before.values() if isinstance(value, Election | Mission | Deployment))

    def written(self) -> Iterator[Row]:
        for rows in self.rows.values():
            yield from (row for row in rows if row.is_new or row.is_changed)

    def store(self, model: type[Record], new: list[Any], changed: list[Any]) -> None:
        own_kind = [column for column in model.columns if points_to_own_kind(model, column)]
        above = [(record, column, getattr(record, column)) for record in new for column in own_kind]
        for record, column, _parent in above:
            setattr(record, column, None)
        for record in new + changed:
            record.modified_at = self.now
            record.keep_search_text()
        model._default_manager.bulk_create(new, batch_size=BATCH)
        joined = [(record, column, parent) for record, column, parent in above if parent is not None]
        for record, column, parent in joined:
            setattr(record, column, parent)
        columns = self.known[model].single_columns
        if changed:
            kept = [name for name in ("search_text", "modified_at") if hasattr(model, name)]
            model._default_manager.bulk_update(changed, [*columns, *kept], batch_size=BATCH)
        if joined:
            model._default_manager.bulk_update([record for record, _c, _p in joined], own_kind, batch_size=BATCH)

    def link(self, model: type[Record], column: str, rows: list[Row]) -> None:
        """Stores the values of a column of several values: those of the rows stand for those before."""
        through: Any = getattr(model, column).through
        model_field: Any = model._meta.get_field(column)
        here, there = model_field.m2m_field_name(), model_field.m2m_reverse_field_name()
        through.objects.filter(**{f"{here}__in": [row.record for row in rows if not row.is_new]}).delete()
        pairs = [through(**{here: row.record, there: other}) for row in rows for other in row.many[column]]
        through.objects.bulk_create(pairs, batch_size=BATCH)

    def fold_names_again(self) -> None:
        """Search finds an organization or observer by names that came after it in the reading order."""
        for model, (owner_model, owner_field) in NAMED_BY.items():
            written = [row for row in self.rows.get(model, []) if row.is_new or row.is_changed]
            owners: set[Any] = {getattr(row.record, owner_field) for row in written}
            owners |= {row.before[owner_field] for row in written if not row.is_new}
            for owner in owners:
                owner.keep_search_text()
            manager: Any = owner_model._default_manager
            manager.bulk_update(owners, ["search_text"], batch_size=BATCH)

    def tallies(self) -> dict[str, Tally]:
        tallies = {}
        for model, rows in self.rows.items():
            new = sum(row.is_new for row in rows)
            changed = sum(not row.is_new and row.is_changed for row in rows)
            tallies[f"{model.dataset_file}.csv"] = Tally(new, changed, len(rows) - new - changed)
        return tallies


class Known:
    """The records of one kind that are in the database or in the files read so far, by code and by natural key."""

    def __init__(self, model: type[Record], known: dict[type[Record], Known]) -> None:
        self.model = model
        self.stored = list(model._default_manager.all())
        self.by_code: dict[str, Any] = {record.code: record for record in self.stored}
        self.has_natural_key = model.natural_key_columns != ("code",)
        # The line of each record that a row is about, and the records of rows that point nowhere, by identity.
        self.lines: dict[int, int] = {}
        self.unsound: set[int] = set()
        self.single_columns = [name for name in model.columns if not is_many(model, name)]
        # Whether every row of the file could be read and has a code: else a code may be missing for that reason.
        self.complete = True
        self.links: dict[str, dict[int, set[int]]] = {}
        self.join_stored(known)
        self.by_key: dict[Any, Any] = {}
        if self.has_natural_key:
            for record in self.stored:
                self.by_key[self.key_of({}, record)] = record

    def join_stored(self, known: dict[type[Record], Known]) -> None:
        """Joins stored records to the very objects that the rows of the files point to."""
        for name in relation_names(self.model) - {"owner"}:
            related: Any = self.model._meta.get_field(name).related_model
            others = {other.pk: other for other in (self if related is self.model else known[related]).stored}
            for record in self.stored:
                if (pk := getattr(record, f"{name}_id")) is not None:
                    setattr(record, name, others[pk])

    def key_of(self, values: dict[str, Any], record: Any) -> tuple[object, ...] | None:
        """The natural key that the values make, those not given taken from the record, if there is one.

        None where the code itself is the key.
        """
        if not self.has_natural_key:
            return None
        key = []
        for name in self.model.natural_key_columns:
            model_field: Any = self.model._meta.get_field(name)
            stands = model_field.get_default() if record is None else getattr(record, name, None)
            value = values.get(name, stands)
            key.append(id(value) if isinstance(value, models.Model) else str(value or ""))
        return tuple(key)

    def linked(self, column: str) -> dict[int, set[int]]:
        """The keys that each stored record is linked to through a column of several values."""
        if column not in self.links:
            through: Any = getattr(self.model, column).through
            model_field: Any = self.model._meta.get_field(column)
            pairs = through.objects.values_list(
                f"{model_field.m2m_field_name()}_id", f"{model_field.m2m_reverse_field_name()}_id"
            )
            self.links[column] = {}
            for pk, other in pairs:
                self.links[column].setdefault(pk, set()).add(other)
        return self.links[column]

    def new_code(self, record: Any) -> str:
        """A code for a new record, free among those stored and those of the files."""
        code = free_code(record.computed_code(), self.by_code) if has_readable_code(record) else record.free_code()
        self.by_code[code] = record
        return code


def read_rows(path: Path, columns: list[str]) -> tuple[list[Row], list[Problem]]:
    """The rows of a CSV file in the dataset format, and what keeps others from being read."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        return [], [Problem(path.name, 1, "", f"The file cannot be read: {error.strerror}.")]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return [], [Problem(path.name, line, "", "This line is not UTF-8. Save the file as UTF-8.")]
    rows: list[Row] = []
    problems: list[Problem] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        header = next(reader, [])
        if problems_found := problems_of_header(path.name, header, columns):
            return [], problems_found
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(header):
                rows.append(Row(path.name, line, dict(zip(header, cells, strict=True))))
            elif cells:
                sentence = f"This row has {len(cells)} cells, the header {len(header)}."
                problems.append(Problem(path.name, line, "", sentence))
            line = reader.line_num + 1
    except csv.Error as error:
        sentence = f"The row that begins here is not CSV ({error}). Check the quotation marks."
        problems.append(Problem(path.name, line, "", sentence))
    if not rows and not problems:
        sentence = "The file has a header but no rows. Leave it out if it has nothing to say."
        problems.append(Problem(path.name, 1, "", sentence))
    return rows, problems


def problems_of_header(file: str, header: list[str], columns: list[str]) -> list[Problem]:
    if not header:
        return [Problem(file, 1, "", "The file is empty. Leave it out, or begin it with a header row.")]
    known = listed(columns)
    problems = [
        Problem(file, 1, shown(name), f"This is no column of {file}. Its columns: {known}.")
        for name in dict.fromkeys(header)
        if name not in columns
    ]
    twice = sorted({name for name in header if header.count(name) > 1})
    return problems + [Problem(file, 1, shown(name), "This column stands twice in the header.") for name in twice]


def plain_value(model_field: Any, cell: str) -> Any:
    """The value of a cell that points to no record: a date, a number, yes or no, one of some choices, or text."""
    if isinstance(model_field, models.BooleanField):
        if cell not in {"true", "false", ""}:
            raise ValidationError(f"“{shown(cell)}” is neither true nor false.")
        return cell == "true" if cell else model_field.get_default()
    if isinstance(model_field, models.DateField):
        return day(model_field, cell) if cell else None
    if isinstance(model_field, models.IntegerField):
        if cell and not re.fullmatch("-?[0-9]+", cell):
            raise ValidationError(f"“{shown(cell)}” is no whole number.")
        if len(cell) > LONGEST_NUMBER:
            raise ValidationError(f"“{shown(cell)}” is too large.")
        return int(cell) if cell else model_field.get_default()
    if model_field.choices is not None and cell and cell not in dict(model_field.flatchoices):
        choices = [value for value, _label in model_field.flatchoices if value]
        known = listed(choices) if len(choices) < 20 else "two capital letters of ISO 3166-1"
        raise ValidationError(f"“{shown(cell)}” is not one of the choices: {known}.")
    if model_field.max_length and len(cell) > model_field.max_length:
        raise ValidationError(f"{len(cell)} characters are too many: {model_field.max_length} fit here.")
    return cell if cell or model_field.blank else model_field.get_default()


def day(model_field: Any, cell: str) -> Any:
    """The date in a cell, which is written like 2017-10-15 and in no other of the many ways of ISO 8601."""
    try:
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
            return model_field.to_python(cell)
    except ValidationError:
        pass
    raise ValidationError(f"“{shown(cell)}” is no date. Write it like 2017-10-15.")


def listed(names: Iterable[str]) -> str:
    return ", ".join(names if isinstance(names, list) else sorted(names))


def is_many(model: type[Record], column: str) -> bool:
    return isinstance(model._meta.get_field(column), models.ManyToManyField)


def points_to_own_kind(model: type[Record], column: str) -> bool:
    model_field = model._meta.get_field(column)
    return isinstance(model_field, models.ForeignKey) and model_field.related_model is model


def relation_names(model: type[Record]) -> set[str]:
    return {found.name for found in model._meta.fields if isinstance(found, models.ForeignKey)}


def required_relations(model: type[Record]) -> list[str]:
    return [name for name in model.columns if name in relation_names(model) and not model._meta.get_field(name).null]


def has_readable_code(record: Record) -> bool:
    """Whether the record's code is made of what it says; people's are random."""
    return type(record).free_code is Record.free_code
