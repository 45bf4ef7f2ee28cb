"""The page of the matrix: the filters of a list, and a table each of whose numbers leads to its rows."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from missions.matrix import COLUMNS, LAYOUT, MEASURES, ROWS, MatrixFilterSet, matrix
from missions.templatetags.figures import in_words, says_nothing
from missions.views.question import question_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from missions.facets import Tally
    from missions.matrix import Cell

MAIN_FILTERS = (*LAYOUT, "sender_country", "host_country", "year", "organizer", "status")
MORE_FILTERS = (
    *("q", "sender", "wanting", "election", "election_kind", "mission", "mission_kind", "sender_kind", "known"),
    *("date_after", "date_before", "source", "modified_after"),
)
# The least numbers of the five shades.
SHADES = (1, 5, 20, 50, 200)


@require_safe
def matrix_page(request: HttpRequest) -> HttpResponse:
    return question_page(
        request,
        MatrixFilterSet,
        title=_("Who sends through whom"),
        template_name="missions/matrix.html",
        main=MAIN_FILTERS,
        more=MORE_FILTERS,
        of_the_page=LAYOUT,
        answer=table_of,
    )


def table_of(tally: Tally, _request: HttpRequest) -> dict[str, Any]:
    filterset: Any = tally.filterset
    table = matrix(filterset, tally.user)
    layout = filterset.layout
    measure = layout["measure"]
    cells = {(cell.row, cell.column): Shown(cell, measure) for cell in table.cells}
    direct = {cell.row: Shown(cell, measure) for cell in table.direct}
    return {
        "rows_label": ROWS[layout["rows"]],
        "columns_label": COLUMNS[layout["columns"]],
        "measure": measure,
        "measure_label": MEASURES[measure],
        "columns": table.columns,
        "rows": [
            {
                "name": row.name,
                "cells": [cells.get((row.code, column.code)) for column in table.columns],
                "direct": direct.get(row.code),
                "total": Shown(total, measure),
            }
            for row, total in zip(table.rows, table.row_totals, strict=True)
        ],
        "column_totals": [Shown(cell, measure) for cell in table.column_totals],
        "direct_total": direct.get(None),
        "total": Shown(table.total, measure),
        "without_row": table.without_row,
        "overlapping": layout["columns"] != "year",
        "missions_chosen": filterset.missions_chosen() is not None,
        "years": tally.choices_of("year"),
    }


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as the page prints it."""

    cell: Cell
    measure: str

    @property
    def words(self) -> str:
        """The figure; of parties whose split is not published its two ends; or why there is none."""
        measured = self.cell.measured
        figure = measured.figure
        if self.blank:
            if measured.without_number or measured.shares_unknown:
                return _("no number")
            return _("part of a larger one") if measured.parts_not_added else _("not applicable")
        if self.measure == "named" and figure.high == 0:
            return _("nobody named")
        if measured.shares_unknown and figure.low == 0 and figure.high:
            return _("%(low)s to %(high)s") % {"low": 0, "high": number_format(figure.high, force_grouping=True)}
        return in_words(figure)

    @property
    def blank(self) -> bool:
        """Whether nothing is known of the number."""
        return says_nothing(self.cell.measured.figure)

    @property
    def shade(self) -> int:
        """1 to 5 where one number is known, else 0."""
        return bisect_right(SHADES, self.cell.measured.figure.value or 0)
