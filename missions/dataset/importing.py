"""Reading the whole record in, all or nothing, in one transaction.

Files are read and stored some rows at a time, so that their size does not matter. From the first problem on nothing
more is stored, the rest is only checked, and what was stored is taken back in the end.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction

from lib.many_rows import insert_rows
from lib.one_writer import wait_for_other_writers
from lib.text import shown
from missions.dataset.cells import REQUIRED, plain_reader, reference_reader, references_reader
from missions.dataset.erased import ErasedPersons
from missions.dataset.format import (
    NAMED_BY,
    NEEDS_CODE,
    RECORDS,
    file_columns,
    is_many,
    points_to_own_kind,
    relation_names,
    required_relations,
)
from missions.dataset.known import KnownRecords
from missions.dataset.logged import FileLog, hashes
from missions.dataset.reading import Problem, Row, Table, listed
from missions.dataset.storing import insert, update
from missions.models import Assignment, Channel, Deployment, Election, HeadCount, Mission, Statement
from missions.resting import RestingReadings
from organizations.changes import LoggedAct
from organizations.models import Change, Organization, OwnedRecord, Record, Source
from organizations.models.records import free_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from missions.dataset.cells import Reader
    from missions.dataset.logged import Links
    from organizations.models import User

    Watch = Callable[[Iterable[Any], str], Iterable[Any]]

# Rows that are checked and stored together.
BATCH = 1000
# Records whose folded text holds the names that others give them.
NAMES_OF = {named for named, _column in NAMED_BY.values()}


class DatasetRefused(Exception):
    """The dataset was not imported, and nothing was changed. `problems` holds everything found, in reading order."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(slots=True)
class Tally:
    """How many rows of a file were new, changed, and as before."""

    new: int = 0
    changed: int = 0
    as_before: int = 0


def import_dataset(
    folder: Path,
    *,
    now: datetime,
    owner: str = "",
    by: User | None = None,
    watch: Watch = lambda rows, name: rows,
) -> dict[str, Tally]:
    """Reads the folder's CSV files into the record, all or nothing, and answers a tally by file name.

    A row changes the record with its code, or, where its code is blank, the one with its natural key; else it makes a
    new one. Columns that a file leaves out stay as they are. `owner` is the code of the organization that keeps new
    records of files without a column `owner`. `by` is who imports, for the log of changes; None: whoever runs the
    server. `watch` wraps the rows of each file, for a progress bar. Raises DatasetRefused with every problem found.
    """
    with transaction.atomic(), without_garbage_collection():
        wait_for_other_writers()
        run = ImportRun(folder, now=now, owner=owner, by=by, watch=watch)
        run.read()
        if run.problems:
            raise DatasetRefused(run.problems)
        run.rebuild()
    return run.tallies


class ImportRun:
    """One import: what is in the database, what the files say, and what is wrong with it."""

    def __init__(self, folder: Path, *, now: datetime, owner: str, by: User | None, watch: Watch) -> None:
        self.folder, self.now, self.watch = folder, now, watch
        self.owner_code = owner
        self.problems: list[Problem] = []
        self.tallies: dict[str, Tally] = {}
        self.known = KnownRecords()
        self.erased = ErasedPersons()
        # Sources whose owner organizations.csv may still bring: the line that names it (0: none does), and its code.
        self.late_owners: list[tuple[int, Source, str]] = []
        # What was written and readings may rest on: one record for each place; see `note`.
        self.written: dict[tuple[Any, ...], Any] = {}
        files = hashes(path for model in RECORDS if (path := self.path_of(model)).exists())
        self.act = LoggedAct(by=by, door=Change.Door.DATASET, at=now, files=files)

    def path_of(self, model: type[Record]) -> Path:
        return self.folder / f"{model.dataset_file}.csv"

    def read(self) -> None:
        """Reads, checks and stores every file; what is wrong is left in `problems`."""
        self.refuse_unknown_files()
        for model in RECORDS:
            path = self.path_of(model)
            if path.exists():
                FileImport(self, model, path).read()
            if model is Organization:
                self.find_owners()
        order = {f"{model.dataset_file}.csv": number for number, model in enumerate(RECORDS)}
        self.problems.sort(key=lambda problem: (order.get(problem.file, -1), problem))

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

    def find_owners(self) -> None:
        """Finds the owner of the import and those of the sources: they may have come after these."""
        organizations = self.known[Organization]
        if self.owner_code and self.owner_code not in organizations.by_code and organizations.complete:
            sentence = f"There is no organization with the code “{shown(self.owner_code)}”."
            self.problems.append(Problem("--owner", 1, "", sentence))
        kept: dict[str, list[int]] = {}
        for line, source, code in self.late_owners:
            try:
                organizations.find(code)
            except ValidationError as error:
                sentences = error.messages if line else []
                self.problems += [Problem("sources.csv", line, "owner", sentence) for sentence in sentences]
            else:
                kept.setdefault(code, []).append(source.pk)
        for code, pks in kept.items() if not self.problems else ():
            for some in batches(pks):
                Source.objects.filter(pk__in=some).update(owner=organizations.by_code[code])

    def note(self, row: Row) -> None:
        """Notes what was written, for the readings: of the many records of one place, one public and one other."""
        record: Any = row.record
        if isinstance(record, Channel | HeadCount | Assignment):
            place = [getattr(record, name, None) for name in ("election_id", "mission_id", "deployment_id")]
            cited = row.values.get("sources", ()) if isinstance(record, Assignment) else [record.source]
            self.written[type(record), any(source.public for source in cited), *place] = record
        # Nothing rests on a new source, organization or person but what is written in this import itself.
        elif isinstance(record, Election | Mission | Deployment) or not row.is_new:
            self.written[type(record), record.pk] = record
        for value in row.before.values():
            if isinstance(value, Election | Mission | Deployment):
                self.written[type(value), value.pk] = value

    def rebuild(self) -> None:
        """Rebuilds the readings of the elections to which what was written belongs, or belonged before."""
        self.known.clear()
        resting = RestingReadings()
        for records in batches(self.written.values()):
            resting.look_at(records)
        resting.rebuild(self.act.feed, now=self.now)
        self.act.end()


class FileImport:
    """The import of one file: its rows are found in the record, checked and stored."""

    def __init__(self, run: ImportRun, model: type[Record], path: Path) -> None:
        self.run, self.model = run, model
        self.known = run.known[model]
        self.table = Table(path, file_columns(model))
        self.tally = run.tallies[path.name] = Tally()
        columns = [name for name in self.table.header if name != "code"]
        self.tells_owner = "owner" in columns
        # Sources come before the organizations that keep them.
        self.readers = {name: self.reader(name) for name in columns if (model, name) != (Source, "owner")}
        # Columns that point to rows of the same file, which may come later.
        self.own_kind = {name: self.readers.pop(name) for name in columns if points_to_own_kind(model, name)}
        self.many = [name for name in columns if is_many(model, name)]
        self.required = required_relations(model)
        # What was checked when it was read needs no second check; what points somewhere has its own sentences.
        self.checked = frozenset(columns) | relation_names(model)
        self.log = FileLog(model, run.known, owner_code=run.owner_code)

    def reader(self, column: str) -> Reader:
        model_field: Any = self.model._meta.get_field(column)
        if model_field.is_relation:
            known = self.run.known[model_field.related_model]
            return references_reader(known) if model_field.many_to_many else reference_reader(known)
        return plain_reader(model_field)

    # Reading and checking

    def read(self) -> None:
        """Reads, checks and stores the file; what is wrong is left in the run's problems."""
        # Where rows depend on others of their file, all are read before any of them is checked.
        size = None if self.own_kind or self.model in NAMED_BY else BATCH
        rows = iter(self.run.watch(self.table, self.table.path.name))
        while batch := list(islice(rows, size)):
            self.read_batch(batch)
        self.known.complete = self.known.complete and not self.table.problems
        self.run.problems += self.table.problems

    def read_batch(self, rows: list[Row]) -> None:
        for row in rows:
            self.read_cells(row)
            self.identify(row)
        stored = self.known.stored({row.pk for row in rows if row.pk is not None})
        for row in rows:
            self.find_or_make(row, stored)
        self.known.complete = self.known.complete and not (self.table.problems or any(map(self.lost_code, rows)))
        for row in rows:
            self.give_code(row)
            self.join_to_its_own_kind(row)
        self.hand_out(rows)
        for row in rows:
            self.check(row)
            self.run.problems += row.problems(self.table.path.name)
        if not (self.run.problems or self.table.problems):
            self.store(rows)

    def read_cells(self, row: Row) -> None:
        for column, read in self.readers.items():
            if column in row.cells:
                try:
                    row.values[column] = read(row.cells[column])
                except ValidationError as error:
                    row.refuse(column, *error.messages)

    def identify(self, row: Row) -> None:
        """Finds the key of the stored record that the row is about: by its code, else by its natural key."""
        row.code = row.cells.get("code", "").strip()
        if not self.known.has_natural_key:
            row.code = row.code or self.code_of_values(row)
        elif not row.code:
            row.key = self.key_of(row, None)
            row.pk = self.known.pks_by_key.get(row.key) if row.key else None
        if row.code:
            row.pk = self.known.pks.get(row.code)
            if row.code in self.known.merged and row.pk is None:
                row.refuse("code", self.known.merged[row.code])

    def code_of_values(self, row: Row) -> str:
        """The code that a record whose natural key is its code would be given for the values of the row."""
        if "code" not in row.wrong and (sentence := NEEDS_CODE.get(self.model)):
            row.refuse("code", sentence)
        self.refuse_missing_relations(row, None)
        if row.wrong:
            return ""
        return free_code(self.model(**self.single_values(row)).computed_code(), ())

    def single_values(self, row: Row) -> dict[str, Any]:
        """The values of the row that stand in the record's own row of the database."""
        return {name: value for name, value in row.values.items() if name not in row.wrong and name not in self.many}

    def key_of(self, row: Row, found: Any) -> tuple[str, ...] | None:
        sound = row.wrong.keys().isdisjoint(self.model.natural_key_columns)
        return self.known.key_of(row.values, found) if sound else None

    def refuse_missing_relations(self, row: Row, found: Any) -> None:
        for name in self.required:
            if row.values.get(name) is None and (name in row.values or found is None) and name not in row.wrong:
                row.refuse(name, REQUIRED)

    def find_or_make(self, row: Row, stored: dict[int, Any]) -> None:
        """The record that the row is about, else a new one. Of two rows about one record the second is refused."""
        known = self.known
        found = None if row.pk is None else stored[row.pk]
        self.refuse_missing_relations(row, found)
        # What was found by its natural key has that one.
        key = row.key or self.key_of(row, found)
        same = known.pks_by_key.get(key) if key else None
        marks = [mark for mark in (row.pk, key, row.code) if mark]
        if earlier := next((known.lines[mark] for mark in marks if mark in known.lines), None):
            row.refuse("code", f"Line {earlier} is about the same record.")
            found = None
        elif same != row.pk and same is not None:
            row.refuse("code", f"“{known.code_of(same)}” is the same record under another code.")
        for mark in marks:
            known.lines.setdefault(mark, row.line)
        if found is None:
            row.record, row.is_new = self.model(code=row.code, **self.single_values(row)), True
        else:
            row.record = found
            self.change(row)
        if issubclass(self.model, OwnedRecord):
            self.set_owner(row)
        if row.code and not known.has_natural_key:
            known.by_code.setdefault(row.code, row.record)
            if not known.relations.isdisjoint(row.wrong):
                known.unsound.add(row.code)

    def change(self, row: Row) -> None:
        """Sets the values of the row in a stored record, and keeps those before."""
        row.before = {name: getattr(row.record, name) for name in self.known.single_columns}
        if self.tells_owner:
            row.before["owner_id"] = row.record.owner_id
        for column, value in self.single_values(row).items():
            setattr(row.record, column, value)

    def set_owner(self, row: Row) -> None:
        """Who keeps the record, where that is not read like any other column.

        A new record of a file without the column is kept by the owner of the import. What keeps a source may come
        after it, in organizations.csv.
        """
        if self.tells_owner and self.model is Source:
            code, line = row.cells.get("owner", "").strip(), row.line
        elif row.is_new and not self.tells_owner:
            code, line = self.run.owner_code, 0
        else:
            return
        row.record.owner = self.run.known[Organization].by_code.get(code)
        if code and row.record.owner is None and self.model is Source:
            self.run.late_owners.append((line, row.record, code))
            row.changed.add("owner")

    def lost_code(self, row: Row) -> bool:
        """Whether others may point to the row by a code that could not be made of what it says."""
        return bool(row.wrong) and not row.code and NEEDS_CODE.get(self.model) not in row.wrong.get("code", ())

    def give_code(self, row: Row) -> None:
        if not row.record.code and not row.wrong:
            row.record.code = self.known.new_code(row.record)
            self.known.lines[row.record.code] = row.line

    def join_to_its_own_kind(self, row: Row) -> None:
        """The second pass: `parent` and `part_of` point to rows of the same file, which may come later."""
        for column, read in self.own_kind.items():
            if column in row.cells:
                try:
                    setattr(row.record, column, read(row.cells[column]))
                except ValidationError as error:
                    row.refuse(column, *error.messages)

    def hand_out(self, rows: list[Row]) -> None:
        """Gives records what their checks look up in the database elsewhere, and what is not stored there yet."""
        if self.model in NAMED_BY:
            owner_model, owner_field = NAMED_BY[self.model]
            for owner in self.run.known[owner_model].by_code.values():
                owner.names_in_hand = []
            for name in [*self.known.by_pk.values(), *(row.record for row in rows if row.is_new and not row.wrong)]:
                if (owner := getattr(name, owner_field, None)) is not None:
                    owner.names_in_hand.append(name)
        if self.model is Statement:
            by_resource = {model.resource(): model for model in RECORDS}
            for row in rows:
                resource, _slash, code = row.record.subject.partition("/")
                if resource in by_resource:
                    known = self.run.known[by_resource[resource]]
                    row.record.subject_in_hand = known.has(code) or not known.complete

    def check(self, row: Row) -> None:
        """The record's own validation: the same refusals as through every other door."""
        self.run.erased.check(row)
        try:
            row.record.clean_fields(exclude=self.checked | row.wrong.keys() if row.wrong else self.checked)
            if not row.wrong:
                row.record.clean()
        except ValidationError as error:
            for column, errors in error.error_dict.items():
                sentences = (REQUIRED if one.code in {"blank", "null"} else " ".join(one.messages) for one in errors)
                row.refuse("" if column == NON_FIELD_ERRORS else column, *sentences)

    # Writing

    def store(self, rows: list[Row]) -> None:
        """Stores what is new or has changed, logs it, and notes it for the readings."""
        links = self.compare_links(rows)
        new = [row for row in rows if row.is_new]
        changed = [row for row in rows if not row.is_new and row.is_changed]
        self.put([row.record for row in new], [row.record for row in changed])
        for column in self.many:
            self.link(column, [row for row in new + changed if column in row.changed])
        if self.model in NAMED_BY:
            self.fold_names_again(new + changed)
        self.run.act.log(self.log.changes(new + changed, links))
        for row in new + changed:
            self.run.note(row)
        self.tally.new += len(new)
        self.tally.changed += len(changed)
        self.tally.as_before += len(rows) - len(new) - len(changed)

    def compare_links(self, rows: list[Row]) -> Links:
        """Finds out which columns of several values do not stand as they are stored, and answers what is stored."""
        links = {}
        for column in self.many:
            links[column] = linked = self.known.links(column, [row.pk for row in rows if row.pk is not None])
            for row in rows:
                if {record.pk for record in row.values[column]} != linked.get(row.record.pk, set()):
                    row.changed.add(column)
        return links

    def put(self, new: list[Any], changed: list[Any]) -> None:
        in_file = [(record, name, getattr(record, name)) for record in new + changed for name in self.own_kind]
        for record, column, _parent in in_file:
            setattr(record, column, None)
        if self.model in NAMES_OF:
            models.prefetch_related_objects(changed, "names")
        for record in new + changed:
            record.modified_at = self.run.now
            record.keep_search_text()
        insert(self.model, new)
        for record, column, parent in in_file:
            setattr(record, column, parent)
        kept = [name for name in ("search_text", "owner", "modified_at") if hasattr(self.model, name)]
        update(self.model, changed, [*self.known.single_columns, *kept])
        if self.own_kind:
            update(self.model, new, self.own_kind)

    def link(self, column: str, rows: list[Row]) -> None:
        """Stores the values of a column of several values: those of the rows stand for those before."""
        through: Any = getattr(self.model, column).through
        model_field: Any = self.model._meta.get_field(column)
        here, there = f"{model_field.m2m_field_name()}_id", f"{model_field.m2m_reverse_field_name()}_id"
        if before := [row.pk for row in rows if not row.is_new]:
            through.objects.filter(**{f"{here}__in": before}).delete()
        insert_rows(through, [here, there], [(row.record.pk, one.pk) for row in rows for one in row.values[column]])

    def fold_names_again(self, written: list[Row]) -> None:
        """Search finds an organization or observer by names that came after it in the reading order."""
        owner_model, owner_field = NAMED_BY[self.model]
        owners: set[Any] = {getattr(row.record, owner_field) for row in written}
        owners |= {row.before[owner_field] for row in written if not row.is_new}
        for owner in owners:
            owner.keep_search_text()
        update(owner_model, owners, ["search_text"])


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """A quarter of the time would go into looking through all that is known, again and again, for what is not there."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def batches(many: Iterable[Any]) -> Iterator[list[Any]]:
    """The same in lists of limited length: databases limit the values of one query."""
    left = iter(many)
    while some := list(islice(left, BATCH)):
        yield some
