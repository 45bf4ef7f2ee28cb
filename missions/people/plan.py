"""What importing a spreadsheet of people would do, row by row, worked out without writing anything."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from missions.models import Assignment
from missions.people.cells import CellReader
from missions.people.changes import Change, Changes, changed_values, comparable, sentences_against
from missions.people.fields import OF_PERSON, OF_PLACE
from missions.people.names import language_of_script
from missions.people.roster import PersonsInSight
from missions.people.rows import PersonRow, read_row
from missions.people.task import notes_about
from observers.likeness import Roster
from observers.models import Observer, ObserverName

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from missions.people.layout import Layout
    from missions.people.task import Task
    from organizations.policy import Reader

# What somebody decides about a row: this, the code of the person that the row is about, or `row-4` for whoever the
# row above with that number is about.
ANOTHER_PERSON = "new"


def person_of_row(number: int) -> str:
    """The decision for the person of a row above."""
    return f"row-{number}"


class Outcome(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    CHANGED = "changed"
    AS_BEFORE = "as_before"
    REFUSED = "refused"
    WAITING = "waiting"


@dataclass(slots=True)
class RowPlan:
    """A row and what it would do: to which person and place, with which changes; or why it is refused or waits."""

    row: PersonRow
    outcome: Outcome
    person: Observer | None = None
    place: Assignment | None = None
    spelling: ObserverName | None = None
    cites_anew: bool = False
    # What a new person or place begins with, beside the name, the mission and the party.
    begins_with: list[Change] = field(default_factory=list)
    changes_of_person: list[Change] = field(default_factory=list)
    changes_of_place: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    # The decisions among which somebody has to choose, beside ANOTHER_PERSON, and what was decided.
    suggested: list[str] = field(default_factory=list)
    decision: str = ""
    # The row above that brings the new person of this row; 0 where this row does.
    brought_by: int = 0

    @property
    def is_new_person(self) -> bool:
        return self.person is not None and self.person.pk is None

    @property
    def changes(self) -> list[Change]:
        return [*self.changes_of_person, *self.changes_of_place]

    def said(self) -> tuple[object, ...]:
        """What the reader is shown of this row: where it differs, the preview is no longer true."""
        who = self.person.code if self.person is not None and self.person.pk else self.brought_by
        what = [str(each) for each in (*self.begins_with, *self.changes, *self.row.refusals, *self.notes)]
        return (self.row.number, self.outcome.value, who, self.decision, self.suggested, what)


@dataclass(slots=True)
class Plan:
    """What becomes of all rows of a spreadsheet."""

    task: Task
    layout: Layout
    rows: list[RowPlan]

    def with_outcome(self, outcome: Outcome) -> list[RowPlan]:
        return [plan for plan in self.rows if plan.outcome == outcome]

    def totals(self) -> dict[Outcome, int]:
        return {outcome: len(self.with_outcome(outcome)) for outcome in Outcome}

    @property
    def new_persons(self) -> int:
        return len({id(plan.person) for plan in self.rows if plan.is_new_person})

    @property
    def can_be_stored(self) -> bool:
        """Nothing is stored while a row waits for a decision, or the columns are not understood."""
        counts = self.totals()
        return not (self.layout.problems or counts[Outcome.WAITING]) and bool(
            counts[Outcome.CREATED] + counts[Outcome.CHANGED]
        )

    def fingerprint(self) -> str:
        """The same for two plans that show a reader the same."""
        shown = [(column.index, column.field.value) for column in self.layout.columns]
        return hashlib.sha256(repr((shown, [plan.said() for plan in self.rows])).encode()).hexdigest()


def plan_import(layout: Layout, task: Task, *, user: Reader | None, decisions: Mapping[int, str]) -> Plan:
    """Works out what the rows would do. `user` sees and changes no more than elsewhere; None is for the command.

    `decisions` are by number of the row. Writes nothing.
    """
    layout = replace(layout, notes=(*layout.notes, *notes_about(task)))
    if layout.problems:
        return Plan(task, layout, [])
    return Plan(task, layout, list(Planner(layout, task, user, decisions).plans()))


class Planner:
    """Goes through the rows in their order; what earlier rows say counts for later ones."""

    def __init__(self, layout: Layout, task: Task, user: Reader | None, decisions: Mapping[int, str]) -> None:
        self.layout, self.task, self.decisions = layout, task, decisions
        self.sight = PersonsInSight(task, user, set(decisions.values()) - {ANOTHER_PERSON})
        self.reader = CellReader(task.mission.election)
        self.rows = [read_row(row, layout, self.reader) for row in layout.rows]
        # Rows above that have a person or wait for one, by the letters of their names.
        self.above: dict[str, list[RowPlan]] = {}
        # By person: the row that came first, its letters in the rows above, and the row of its place in each role.
        self.first: dict[int, int] = {}
        self.spelled: defaultdict[int, set[str]] = defaultdict(set)
        self.taken: dict[tuple[int, str], int] = {}
        self.persons: dict[str, Observer] = {}

    def plans(self) -> Iterator[RowPlan]:
        for row in self.rows:
            plan = self.plan(row)
            if plan.outcome != Outcome.REFUSED:
                self.remember(plan)
            yield plan

    def plan(self, row: PersonRow) -> RowPlan:
        if row.refusals:
            return RowPlan(row, Outcome.REFUSED)
        plan = RowPlan(row, Outcome.WAITING, decision=self.decisions.get(row.number, ""))
        person = self.find_person(plan)
        if person is None:
            return plan
        place = self.find_place(row, person)
        if not row.refusals:
            self.work_out(plan, person, place)
        if row.refusals:
            return RowPlan(row, Outcome.REFUSED, suggested=plan.suggested, decision=plan.decision)
        plan.person, plan.place = person, place
        self.taken[id(person), place.role] = row.number
        return plan

    def remember(self, plan: RowPlan) -> None:
        """Keeps the row for those below: one row of each person under each name, and one of those that wait for one."""
        row, person = plan.row, plan.person
        listed = self.above.setdefault(row.letters, [])
        if not any(above.person is person and not are_two_persons(row, above.row) for above in listed):
            listed.append(plan)
        if person is None:
            return
        first = self.first.setdefault(id(person), row.number)
        self.spelled[id(person)].add(row.letters)
        if person.pk is None:
            self.persons[person_of_row(first)] = person
            plan.brought_by = first if first != row.number else 0

    # Who it is

    def find_person(self, plan: RowPlan) -> Observer | None:
        """The person of the row: under this very name in the mission or in a row above, or as somebody has decided.

        None where somebody has to decide first.
        """
        row = plan.row
        decision, plan.decision = plan.decision, ""
        recognized = self.sight.recognized(row)
        if len(recognized) == 1:
            return recognized[0]
        above = [each.person for each in self.above.get(row.letters, []) if each.person]
        above = [person for person in above if not self.sight.contradicts(row, person)]
        if above and not recognized:
            return above[0]
        named = {person_of_row(each.row.number): self.decision_for(each) for each in self.rows_alike(row)}
        found = [*(person.code for person in recognized), *named.values(), *self.sight.alike(row)]
        plan.suggested = list(dict.fromkeys(found))
        if decision == ANOTHER_PERSON or not plan.suggested:
            plan.decision = decision if plan.suggested else ""
            return self.new_person()
        decision = named.get(decision, decision)
        decided = self.sight.by_code.get(decision)
        if decision in plan.suggested:
            # Nobody yet where the row above waits itself.
            decided = decided or self.persons.get(decision)
        plan.decision = decision if decided or decision in plan.suggested else ""
        return decided

    @cached_property
    def roster_of_rows(self) -> Roster[str]:
        """The names of the whole file, by their letters."""
        return Roster({row.letters: [row.full_name] for row in self.rows if not row.refusals})

    def rows_alike(self, row: PersonRow) -> list[RowPlan]:
        """The rows above that may be about the person of this one, the likeliest first."""
        names = self.roster_of_rows.look_alikes(row.full_name)
        found = [each for letters in names for each in self.above.get(letters, [])]
        return [each for each in found if not are_two_persons(row, each.row)]

    def decision_for(self, above: RowPlan) -> str:
        """The one decision that stands for the person of a row above, however many rows that person has."""
        if above.person is None:
            return person_of_row(above.row.number)
        return above.person.code if above.person.pk else person_of_row(self.first[id(above.person)])

    def new_person(self) -> Observer:
        person = Observer(owner=self.task.owner)
        person.code = person.free_code()
        return person

    # Where

    def find_place(self, row: PersonRow, person: Observer) -> Assignment:
        """The place that the row is about, or a new one. A person may have several, in different roles."""
        party = self.task.deployment
        places = self.sight.places.get(person.pk, []) if person.pk else []
        fitting = [place for place in places if party is None or place.deployment_id in {None, party.pk}]
        role = row.values.get("role") or self.only_role(fitting) or self.task.role
        in_role = [place for place in fitting if place.role == role]
        # Recorded as exactly this stands first; one of which less is known is filled in.
        exact = [place for place in in_role if place.mission and place.deployment_id == (party.pk if party else None)]
        found = next(iter(exact or in_role), None)
        sentence = ""
        if above := self.taken.get((id(person), role)):
            sentence = _("This is the person of row %(row)s: write each person once, or another role.") % {"row": above}
        elif party is None and not exact and len(in_role) > 1:
            sentence = _("This person has this role in several parties of the mission: name the sender of the list.")
        elif found and found.pk not in self.sight.kept_places:
            sentence = _("This person has this role there already, in a record that another organization keeps.")
        elif found is None and person.pk and person.pk not in self.sight.assignable_here:
            sentence = _("Another organization keeps this person, and alone gives this person a place.")
        if sentence:
            row.refuse(self.layout.name_column, sentence)
        return found or Assignment(observer=person, owner=self.task.owner, role=role)

    def only_role(self, places: list[Assignment]) -> str:
        """The role that a row without one means: that of the person's only place there."""
        roles = {place.role for place in places if place.pk in self.sight.seen_places}
        return roles.pop() if len(roles) == 1 else ""

    # What changes

    def work_out(self, plan: RowPlan, person: Observer, place: Assignment) -> None:
        """Sets the values of the row on person and place, checks them as every other door does, and says what changed.

        Where anything is refused, both are as they were.
        """
        done = Changes()
        self.set_person(plan, person, done)
        self.set_place(plan, place, done)
        for record in filter(None, (person, place, plan.spelling)):
            for name, sentence in sentences_against(record, done.names_of(record)):
                column = self.layout.column_of(name) or self.layout.name_column
                plan.row.refuse(column, sentence)
        if plan.row.refusals:
            done.undo()
            return
        if person.pk:
            plan.changes_of_person = done.of(person)
        else:
            plan.begins_with = done.of(person, leave_out=("family_name", "given_names"))
        if plan.spelling:
            plan.changes_of_person.append(Change(_("another spelling"), "", str(plan.spelling)))
        source = self.task.source
        if place.pk is None:
            plan.outcome, plan.cites_anew = Outcome.CREATED, source is not None
            plan.begins_with += done.of(place, leave_out=("mission", "deployment"))
            return
        plan.changes_of_place = done.of(place)
        plan.cites_anew = source is not None and place.pk not in self.sight.citing
        if plan.cites_anew:
            plan.changes_of_place.append(Change(_("source"), "", str(source)))
        plan.outcome = Outcome.CHANGED if plan.changes else Outcome.AS_BEFORE

    def set_person(self, plan: RowPlan, person: Observer, done: Changes) -> None:
        """A new person gets all that the row says; else the name stays, and a new spelling is kept beside it.

        Persons whom another organization keeps stay as they are.
        """
        row = plan.row
        values = {name: row.values[name] for name in OF_PERSON if name in row.values}
        if person.pk is None and not person.family_name:
            values |= {"family_name": row.family_name, "given_names": row.given_names}
            done.make(person, changed_values(person, values))
            return
        if person.pk and person.pk not in self.sight.kept:
            plan.notes.append(_("Another organization keeps this person: name and contacts stay as they are."))
            return
        done.make(person, changed_values(person, values))
        if row.letters not in self.sight.letters.get(person.pk, set()) | self.spelled[id(person)]:
            plan.spelling = ObserverName(
                observer=person,
                language=language_of_script(row.full_name),
                family_name=row.family_name,
                given_names=row.given_names,
                source=self.task.source,
            )

    def set_place(self, plan: RowPlan, place: Assignment, done: Changes) -> None:
        values: dict[str, Any] = {"mission": self.task.mission}
        if self.task.deployment:
            values["deployment"] = self.task.deployment
        values |= {name: plan.row.values[name] for name in OF_PLACE if name in plan.row.values and name != "role"}
        done.make(place, changed_values(place, values))


def are_two_persons(one: PersonRow, other: PersonRow) -> bool:
    """Whether two rows of one file tell their persons apart, by another nationality or e-mail."""
    both = [name for name in ("nationality", "email") if name in one.values and name in other.values]
    return any(comparable(name, one.values[name]) != comparable(name, other.values[name]) for name in both)
