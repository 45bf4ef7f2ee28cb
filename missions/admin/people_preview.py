"""The preview of a spreadsheet of people, as its page shows it: what needs an eye first, and all rows page by page."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from lib.spreadsheets import UNREADABLE, is_unreadable
from missions.people.fields import Field
from missions.people.plan import ANOTHER_PERSON, Outcome, Plan, RowPlan
from missions.people.suggestions import Suggestion, details_of_row, suggestions_for

if TYPE_CHECKING:
    from missions.people.layout import Column
    from organizations.policy import Reader

ROWS_ON_A_PAGE = 200
# Each has several buttons, and a form may send a thousand values at most.
DECISIONS_SHOWN = 100
IN_ORDER = (Outcome.REFUSED, Outcome.WAITING, Outcome.CHANGED, Outcome.CREATED, Outcome.AS_BEFORE)


class ColumnShown(NamedTuple):
    column: Column
    example: str
    choices: list[tuple[str, str]]


class Question(NamedTuple):
    """A row about which somebody decides: what it says, and who may be meant."""

    plan: RowPlan
    details: str
    suggestions: list[Suggestion]


class Questions(NamedTuple):
    """The first questions of a list, and how many there are in all."""

    rows: list[Question]
    total: int

    @property
    def is_cut(self) -> bool:
        return len(self.rows) < self.total


class Section(NamedTuple):
    """The rows of one outcome on a page, and how many there are in all."""

    outcome: Outcome
    rows: list[RowPlan]
    total: int


class Preview(NamedTuple):
    plan: Plan
    columns: list[ColumnShown]
    totals: dict[str, int]
    waiting: Questions
    decided: Questions
    page: Page[RowPlan]
    sections: list[Section]
    another_person: str = ANOTHER_PERSON

    @property
    def page_numbers(self) -> list[Any]:
        """The numbers of the pages, with dots for those that are far away."""
        return list(self.page.paginator.get_elided_page_range(self.page.number))


def preview_of(plan: Plan, user: Reader, page_number: str | None) -> Preview:
    """The preview at a page of its rows; a number that is none leads to the nearest page."""
    waiting = plan.with_outcome(Outcome.WAITING)
    decided = [row for row in plan.rows if row.decision and row.outcome != Outcome.WAITING]
    told = suggestions_for([*waiting[:DECISIONS_SHOWN], *decided[:DECISIONS_SHOWN]], plan, user=user)

    def questions(rows: list[RowPlan]) -> Questions:
        asked = [
            Question(row, details_of_row(row.row), [told[each] for each in row.suggested])
            for row in rows[:DECISIONS_SHOWN]
        ]
        return Questions(asked, len(rows))

    totals = plan.totals()
    rows = [row for outcome in IN_ORDER for row in plan.with_outcome(outcome)]
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(page_number)
    return Preview(
        plan=plan,
        columns=columns_shown(plan),
        totals={outcome.value: count for outcome, count in totals.items()},
        waiting=questions(waiting),
        decided=questions(decided),
        page=page,
        sections=[Section(outcome, list(shown), totals[outcome]) for outcome, shown in groupby(page, outcome_of)],
    )


def outcome_of(row: RowPlan) -> Outcome:
    return row.outcome


def columns_shown(plan: Plan) -> list[ColumnShown]:
    """Every column with the first thing that stands in it, except where that is never stored."""
    shown = []
    for column in plan.layout.columns:
        cells = (row.cells[column.index] for row in plan.layout.rows if column.index < len(row.cells))
        example = next(filter(None, cells), "") if column.can_be_chosen else ""
        if is_unreadable(example):
            example = _("(unreadable) %(cell)s") % {"cell": example.removeprefix(UNREADABLE)}
        choices = [(field.value, str(field.label)) for field in Field] if column.can_be_chosen else []
        shown.append(ColumnShown(column, example, choices))
    return shown
