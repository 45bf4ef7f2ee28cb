"""The preview of a spreadsheet of people, as its page shows it: lists that are long are shown from their beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from missions.people.fields import Field
from missions.people.plan import ANOTHER_PERSON, Outcome, Plan, RowPlan
from missions.people.suggestions import Suggestion, suggestions_for

if TYPE_CHECKING:
    from missions.people.layout import Column
    from organizations.models.records import Reader

ROWS_SHOWN = 200
# Each has several buttons, and a form may send a thousand values at most.
DECISIONS_SHOWN = 100


class RowsShown(NamedTuple):
    """The first rows of a list, and how many there are in all."""

    rows: list[Any]
    total: int

    @property
    def is_cut(self) -> bool:
        return len(self.rows) < self.total


class ColumnShown(NamedTuple):
    column: Column
    example: str
    choices: list[tuple[str, str]]


class Question(NamedTuple):
    """A row about which somebody decides: who may be meant."""

    plan: RowPlan
    suggestions: list[Suggestion]


class Preview(NamedTuple):
    plan: Plan
    columns: list[ColumnShown]
    totals: dict[str, int]
    waiting: RowsShown
    decided: RowsShown
    created: RowsShown
    changed: RowsShown
    as_before: RowsShown
    refused: RowsShown
    another_person: str = ANOTHER_PERSON


def preview_of(plan: Plan, user: Reader) -> Preview:
    waiting = plan.with_outcome(Outcome.WAITING)
    decided = [row for row in plan.rows if row.decision]
    asked = [*waiting[:DECISIONS_SHOWN], *decided[:DECISIONS_SHOWN]]
    told = suggestions_for((code for row in asked for code in row.suggested), user=user)

    def questions(rows: list[RowPlan]) -> RowsShown:
        shown = [Question(row, [told[code] for code in row.suggested]) for row in rows[:DECISIONS_SHOWN]]
        return RowsShown(shown, len(rows))

    def listed(outcome: Outcome) -> RowsShown:
        rows = plan.with_outcome(outcome)
        return RowsShown(rows[:ROWS_SHOWN], len(rows))

    return Preview(
        plan=plan,
        columns=columns_shown(plan),
        totals={outcome.value: count for outcome, count in plan.totals().items()},
        waiting=questions(waiting),
        decided=questions(decided),
        created=listed(Outcome.CREATED),
        changed=listed(Outcome.CHANGED),
        as_before=listed(Outcome.AS_BEFORE),
        refused=listed(Outcome.REFUSED),
    )


def columns_shown(plan: Plan) -> list[ColumnShown]:
    """Every column with the first thing that stands in it, except where that is never stored."""
    shown = []
    for column in plan.layout.columns:
        cells = (row.cells[column.index] for row in plan.layout.rows if column.index < len(row.cells))
        example = next(filter(None, cells), "") if column.can_be_chosen else ""
        choices = [(field.value, str(field.label)) for field in Field] if column.can_be_chosen else []
        shown.append(ColumnShown(column, example, choices))
    return shown
