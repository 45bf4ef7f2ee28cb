"""The page of the matrix: the filters of a list, and a table each of whose numbers leads to its rows."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lib.filters import chips, said_once
from missions.facets import Tally
from missions.lists import deployment_rows
from missions.matrix import COLUMNS, LAYOUT, MEASURES, ROWS, MatrixFilterSet, matrix
from missions.templatetags.figures import in_words, says_nothing

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from missions.matrix import Cell

MAIN_FILTERS = (*LAYOUT, "sender_country", "host_country", "year", "organizer", "status")
# The least numbers of the five shades.
SHADES = (1, 5, 20, 50, 200)


@require_safe
def matrix_page(request: HttpRequest) -> HttpResponse:
    filterset = MatrixFilterSet(request.GET, deployment_rows(request.user), request=request)
    form = filterset.form
    form.label_suffix = ""
    query = said_once(request.GET)
    context: dict[str, Any] = {
        "title": _("Who sends through whom"),
        "main_filters": [form[name] for name in MAIN_FILTERS],
        "more_filters": [form[name] for name in form.fields if name not in MAIN_FILTERS],
        "chips": [chip for chip in chips(filterset, query) if chip.parameter not in LAYOUT],
        "query": query,
        "kept_in_form": [],
    }
    if filterset.problems:
        return render(request, "missions/list_refused.html", {**context, "problems": filterset.problems}, status=400)
    table = matrix(filterset, request.user)
    layout = filterset.layout
    measure = layout["measure"]
    cells = {(cell.row, cell.column): Shown(cell, measure) for cell in table.cells}
    direct = {cell.row: Shown(cell, measure) for cell in table.direct}
    context |= {
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
        "years": Tally(filterset, request.user).choices_of("year"),
    }
    return render(request, "missions/matrix.html", context)


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
