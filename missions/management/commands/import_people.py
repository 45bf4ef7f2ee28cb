"""`manage.py import_people FILE --mission CODE`: reads a spreadsheet of people into a mission."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction
from django.utils import timezone

from lib.one_writer import wait_for_other_writers
from lib.spreadsheets import BYTES_AT_MOST, SpreadsheetRefused, read_spreadsheet
from lib.text import fold, shown
from missions.models import Assignment, Mission
from missions.people.fields import Field
from missions.people.layout import Layout, lay_out
from missions.people.plan import ANOTHER_PERSON, Outcome, Plan, RowPlan, plan_import
from missions.people.refused import refused_sheet
from missions.people.storing import remembered_columns, store
from missions.people.suggestions import suggestions_for
from missions.people.task import Task, deployment_of
from observers.models import Observer
from organizations.models import Organization, Source

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Reads a spreadsheet of people (CSV, XLSX) into a mission. Shows what it would do; --yes does it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the spreadsheet, CSV or XLSX")
        parser.add_argument("--mission", required=True, help="the code of the mission")
        parser.add_argument(
            "--sender", default="", help="who sends them: an organization's code or a country's letters"
        )
        parser.add_argument("--source", default="", help="the code of the source that places cite")
        parser.add_argument("--owner", default="", help="the code of the organization that keeps what is new")
        parser.add_argument("--role", default=Assignment.Role.SHORT_TERM, help="the role of rows that name none")
        parser.add_argument("--yes", action="store_true", help="store what is shown")
        parser.add_argument("--same", action="append", default=[], metavar="ROW=UUID", help="the row is this person")
        parser.add_argument("--new", action="append", default=[], metavar="ROW", help="the row is another person")
        parser.add_argument(
            "--column", action="append", default=[], metavar="HEADER=FIELD", help="what the column with a header holds"
        )
        parser.add_argument("--refused", type=Path, help="where to write the refused rows (.xlsx)")

    @transaction.atomic
    def handle(self, *args: Any, file: Path, yes: bool, refused: Path | None, **options: Any) -> None:
        if refused:
            self.refuse_to_write(refused)
        if yes:
            wait_for_other_writers()
        task = self.task(**{name: options[name] for name in ("mission", "sender", "source", "owner", "role")})
        decisions = self.decisions(options["same"], options["new"])
        layout = self.layout(file, task, options["column"])
        plan = plan_import(layout, task, user=None, decisions=decisions)
        self.show(plan)
        self.refuse_unknown_rows(plan, decisions)
        self.tell_of_idle_decisions(plan, decisions)
        if refused and plan.with_outcome(Outcome.REFUSED):
            self.write_refused(refused, plan)
        if layout.problems:
            self.stop("; ".join(layout.problems))
        if plan.with_outcome(Outcome.WAITING):
            self.stop("decide each row above with --same ROW=UUID or --new ROW.")
        if not yes:
            self.stdout.write("Nothing was changed. Add --yes to store this.")
        elif plan.can_be_stored:
            try:
                store(plan, now=timezone.now(), sha256=self.sha256)
            except DatabaseError as error:
                self.stop(f"the database did not store it ({type(error).__name__}).")
            self.stdout.write("Stored.")

    def stop(self, sentence: str) -> NoReturn:
        raise CommandError(f"Nothing was changed: {sentence}")

    # Where the refused rows go

    def refuse_to_write(self, refused: Path) -> None:
        """Stops before anything is read where the refused rows could not be written."""
        if refused.suffix.lower() != ".xlsx":
            self.stop(f"{refused} is to be an XLSX workbook: end its name in .xlsx.")
        try:
            if not refused.parent.is_dir():
                self.stop(f"there is no folder {refused.parent} for the refused rows. Make it, or name another.")
            if refused.exists():
                self.stop(f"{refused} is there already and is not overwritten. Name another, or delete it.")
        except OSError as error:
            self.stop(f"{refused} cannot be written: {error.strerror}.")

    def write_refused(self, refused: Path, plan: Plan) -> None:
        try:
            with refused.open("xb") as file:
                file.write(refused_sheet(plan))
        except OSError as error:
            self.stop(f"{refused} cannot be written: {error.strerror}.")
        self.stdout.write(f"The refused rows are in {refused}.")

    # What was asked

    def task(self, *, mission: str, sender: str, source: str, owner: str, role: str) -> Task:
        if role not in Assignment.Role.values:
            self.stop(f"“{shown(role)}” is no role. Roles: {', '.join(Assignment.Role.values)}.")
        found = self.record(Mission, mission)
        try:
            deployment = deployment_of(found, sender) if sender else None
        except ValidationError as error:
            self.stop(" ".join(error.messages))
        return Task(
            mission=found,
            deployment=deployment,
            source=self.record(Source, source) if source else None,
            owner=self.record(Organization, owner) if owner else None,
            role=role,
        )

    def record(self, model: Any, code: str) -> Any:
        record = model.objects.filter(code=code).first()
        if record is None:
            self.stop(f"there is no {model._meta.verbose_name} with the code “{shown(code)}”.")
        return record

    def decisions(self, same: list[str], new: list[str]) -> dict[int, str]:
        decided: dict[int, str] = {}
        for text in [*same, *(f"{row}={ANOTHER_PERSON}" for row in new)]:
            row, _equals, code = text.partition("=")
            if not row.isdecimal() or not code:
                self.stop(f"“{shown(text)}” is not understood: write --same 14=UUID or --new 14.")
            if int(row) in decided:
                self.stop(f"row {row} is decided twice.")
            of_row = re.fullmatch("row-([0-9]{1,9})", code)
            if of_row and int(of_row[1]) >= int(row):
                self.stop(f"“{shown(text)}”: row {row} can be the person of a row above only.")
            if not of_row and code != ANOTHER_PERSON and not Observer.objects.filter(code=code).exists():
                self.stop(f"there is no observer with the code “{shown(code)}”.")
            decided[int(row)] = code
        return decided

    def layout(self, file: Path, task: Task, asked: list[str]) -> Layout:
        try:
            if file.stat().st_size > BYTES_AT_MOST:
                self.stop(f"{file.name}: the file is larger than {BYTES_AT_MOST // 1_000_000} MB.")
            content = file.read_bytes()
            self.sha256 = hashlib.sha256(content).hexdigest()
            sheet = read_spreadsheet(file.name, content)
            remembered = remembered_columns(task.owner)
            proposed = lay_out(sheet, remembered=remembered)
            return lay_out(sheet, remembered=remembered, chosen=self.chosen(proposed, asked))
        except OSError as error:
            self.stop(f"{file.name} cannot be read: {error.strerror}.")
        except SpreadsheetRefused as error:
            self.stop(f"{file.name}: {error}")

    def chosen(self, layout: Layout, asked: list[str]) -> dict[int, str]:
        """The fields that were asked for, by index of the column."""
        fields: dict[int, str] = {}
        for text in asked:
            header, _equals, field = text.rpartition("=")
            if field not in Field.values:
                self.stop(f"“{shown(field)}” is no field. Fields: {', '.join(Field.values)}.")
            found = [column for column in layout.columns if column.header and column.key == fold(header)]
            if not found:
                headers = ", ".join(f"“{column.header}”" for column in layout.columns if column.header)
                self.stop(f"there is no column “{shown(header)}”. Columns: {headers}.")
            if not all(column.can_be_chosen for column in found):
                self.stop(f"the column “{shown(header)}” is never stored.")
            fields |= {column.index: field for column in found}
        return fields

    # What is shown

    def show(self, plan: Plan) -> None:
        task = plan.task
        self.stdout.write(f"Mission: {task.mission}")
        self.stdout.write(f"Party: {task.deployment or 'no party: the mission alone'}")
        self.stdout.write(f"Source: {task.source or 'none: no name will be public'}")
        self.stdout.write(f"Kept by: {task.owner or 'the administrators'}")
        self.stdout.write(f"Role where none is named: {task.role}")
        for note in plan.layout.notes:
            self.stdout.write(note)
        for column in plan.layout.columns:
            self.stdout.write(f"{column.place}: {column.field.label}. {column.remark}")
        for row in plan.with_outcome(Outcome.CHANGED):
            told = "; ".join(map(str, row.changes))
            self.stdout.write(on_one_line(f"row {row.row.number}, {row.person}: {told}"))
        for row in plan.with_outcome(Outcome.CREATED):
            told = "; ".join(what_is_new(row))
            self.stdout.write(on_one_line(f"row {row.row.number}, {shown(row.row.full_name)}: new place, {told}"))
        for row in plan.with_outcome(Outcome.REFUSED):
            for refusal in row.row.refusals:
                self.stderr.write(str(refusal))
        self.show_waiting(plan)
        counts = plan.totals()
        self.stdout.write(", ".join(f"{counts[outcome]} {outcome.value.replace('_', ' ')}" for outcome in Outcome))

    def show_waiting(self, plan: Plan) -> None:
        waiting = plan.with_outcome(Outcome.WAITING)
        told = suggestions_for(waiting, plan, user=None)
        for row in waiting:
            name = shown(row.row.full_name)
            self.stderr.write(f"row {row.row.number}, {name}: may be recorded already, or in a row above.")
            for decision in row.suggested:
                self.stderr.write(f"  --same {row.row.number}={decision}: {told[decision]}")
            self.stderr.write(f"  --new {row.row.number}: another person")

    def refuse_unknown_rows(self, plan: Plan, decisions: dict[int, str]) -> None:
        """A decision about a row that does not exist is a slip of the pen."""
        numbers = {row.row.number for row in plan.rows}
        unknown = sorted(number for number in decisions if number not in numbers)
        if unknown and plan.rows:
            self.stop(f"the file has no person in row {unknown[0]}.")

    def tell_of_idle_decisions(self, plan: Plan, decisions: dict[int, str]) -> None:
        """A decision that is none of what was offered changes nothing: it is said, not dropped."""
        for row in plan.rows:
            if row.row.number in decisions and not row.decision:
                self.stderr.write(f"row {row.row.number}: nothing was to be decided so, --same or --new is left aside.")


def what_is_new(row: RowPlan) -> list[str]:
    """A new place with every value that it begins with; of a new person both parts of the name apart."""
    # A row that creates has both.
    person: Any = row.person
    place: Any = row.place
    told = ["known person"]
    if row.is_new_person:
        names = {Field.FAMILY_NAME: person.family_name, Field.GIVEN_NAMES: person.given_names}
        who = f"new person of row {row.brought_by}" if row.brought_by else "new person"
        told = [who, *(f"{field.label}: {name or '–'}" for field, name in names.items())]
    told.append(f"{Field.ROLE.label}: {place.get_role_display()}")
    told += [f"{value.label}: {value.new}" for value in row.begins_with]
    return [*told, *map(str, row.changes)]


def on_one_line(text: str) -> str:
    """Line breaks and whatever else would steer the terminal become spaces."""
    return "".join(character if character.isprintable() else " " for character in text)
