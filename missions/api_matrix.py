"""What the API says of the whole list of deployments: how many rows each choice has, and who sends through whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from lib.csv_stream import csv_response
from lib.downloads import file_name
from missions.api_reconciliation import ReconciledViewSet
from missions.facets import FacetFilterSet, facets
from missions.matrix import COLUMNS, MEASURES, ROWS, MatrixFilterSet, matrix
from organizations.api import FORMATS, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rest_framework.request import Request

    from missions.filters import DeploymentFilterSet
    from missions.matrix import Cell, Matrix

# What says how an answer is written, and not what it holds.
OF_THE_ANSWER = ("format", "language")
CSV_COLUMNS = (
    "part",
    "row",
    "row_name",
    "column",
    "column_name",
    "value",
    "low",
    "high",
    "approximate",
    "deployments",
    "without_number",
    "shares_unknown",
    "parts_not_added",
    "query",
)
LANGUAGE_PARAMETER = OpenApiParameter(
    "language", OpenApiTypes.STR, enum=LANGUAGES, description="The language of names."
)


class HeadingSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="Its value in the filter that the rows or columns are named after.")
    name = serializers.CharField()


class CellSerializer(serializers.Serializer):
    row = serializers.CharField(allow_null=True, help_text="The code of the row; null for all rows.")
    column = serializers.CharField(allow_null=True, help_text="The code of the column; null for all columns.")
    value = serializers.IntegerField(allow_null=True, help_text="The figure, where its two ends are one.")
    low = serializers.IntegerField(allow_null=True, help_text="At least so many; null where nothing is known.")
    high = serializers.IntegerField(allow_null=True, help_text="At most so many; null where nobody says.")
    approximate = serializers.BooleanField(help_text="A source says about so many.")
    deployments = serializers.IntegerField(help_text="The rows behind it.")
    without_number = serializers.IntegerField(help_text="Of these, how many publish no number.")
    shares_unknown = serializers.IntegerField(help_text="Of these, how many have no published split.")
    parts_not_added = serializers.IntegerField(help_text="Of these, how many are parts of others, and never added.")
    query = serializers.CharField(help_text="The query string of the list of exactly these rows.")


class MatrixSerializer(serializers.Serializer):
    """A table whose columns overlap: totals are read from their own rows, never added up from cells."""

    rows_by = serializers.ChoiceField(list(ROWS.items()))
    columns_by = serializers.ChoiceField(list(COLUMNS.items()))
    measure = serializers.ChoiceField(list(MEASURES.items()))
    rows = HeadingSerializer(many=True)
    columns = HeadingSerializer(many=True)
    cells = CellSerializer(many=True, help_text="Cells without rows are left out.")
    direct = CellSerializer(many=True, help_text="By row, then in all: those for whom no source names a mission.")
    row_totals = CellSerializer(many=True, help_text="Each party once, through whichever mission or through none.")
    column_totals = CellSerializer(many=True)
    total = CellSerializer()
    without_row = serializers.IntegerField(help_text="Deployments that no row can name: they stand in totals alone.")


class ChoiceSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the base has an attribute of that name
    count = serializers.IntegerField(help_text="The rows of the list with this choice in place of those chosen.")
    chosen = serializers.BooleanField()


class FacetSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="The filter.")
    label = serializers.CharField()  # type: ignore[assignment]  # the base has an attribute of that name
    choices = ChoiceSerializer(many=True)


class FacetsSerializer(serializers.Serializer):
    facets = FacetSerializer(many=True)


class TalliedViewSet(ReconciledViewSet):
    """The deployments, with what is counted over their filtered list."""

    formats: ClassVar = {**ReconciledViewSet.formats, "matrix": FORMATS}

    @extend_schema(
        parameters=[
            OpenApiParameter("rows", OpenApiTypes.STR, enum=list(ROWS), description="sender_country if absent."),
            OpenApiParameter("columns", OpenApiTypes.STR, enum=list(COLUMNS), description="organizer if absent."),
            OpenApiParameter("measure", OpenApiTypes.STR, enum=list(MEASURES), description="announced if absent."),
            LANGUAGE_PARAMETER,
            OpenApiParameter("format", OpenApiTypes.STR, enum=FORMATS, description="csv: a row for each cell."),
        ],
        responses=MatrixSerializer,
        filters=True,
    )
    @action(detail=False, pagination_class=None)
    def matrix(self, request: Request) -> Any:
        """Who sends through whom: ranges, each with the query string of the rows behind it.

        The column of an organizer holds the missions of the organizations below it too.
        """
        filterset: Any = self.asked(MatrixFilterSet)
        table = matrix(filterset, request.user)
        if self.wants_csv:
            name = file_name("deployments-matrix", filterset.chosen(filterset.data), timezone.localdate(), "csv")
            return csv_response(name, CSV_COLUMNS, list(flat(table)))
        return Response(
            {
                "rows_by": filterset.layout["rows"],
                "columns_by": filterset.layout["columns"],
                "measure": filterset.layout["measure"],
                "rows": [{"code": row.code, "name": row.name} for row in table.rows],
                "columns": [{"code": column.code, "name": column.name} for column in table.columns],
                "cells": [plain(cell) for cell in table.cells],
                "direct": [plain(cell) for cell in table.direct],
                "row_totals": [plain(cell) for cell in table.row_totals],
                "column_totals": [plain(cell) for cell in table.column_totals],
                "total": plain(table.total),
                "without_row": table.without_row,
            }
        )

    @extend_schema(parameters=[LANGUAGE_PARAMETER], responses=FacetsSerializer, filters=True)
    @action(detail=False, pagination_class=None)
    def facets(self, request: Request) -> Response:
        """For each filter its choices, with the number of rows behind each under the other filters."""
        found = facets(self.asked(FacetFilterSet), request.user)
        return Response(
            {
                "facets": [
                    {
                        "name": facet.name,
                        "label": facet.label,
                        "choices": [
                            {"value": each.value, "label": each.label, "count": each.count, "chosen": each.chosen}
                            for each in facet.choices
                        ],
                    }
                    for facet in found
                ]
            }
        )

    def asked(self, filterset_class: type[DeploymentFilterSet]) -> DeploymentFilterSet:
        """The list that the address asks for. Raises ValidationError for what it cannot use."""
        data = self.request.query_params.copy()
        for name in OF_THE_ANSWER:
            data.pop(name, None)
        filterset = filterset_class(data, self.get_queryset(), request=self.request)
        if filterset.problems:
            raise ValidationError({name: [sentence] for name, sentence in filterset.problems})
        return filterset


def plain(cell: Cell) -> dict[str, Any]:
    measured, figure = cell.measured, cell.measured.figure
    return {
        "row": cell.row,
        "column": cell.column,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "approximate": figure.approximate,
        "deployments": cell.deployments,
        "without_number": measured.without_number,
        "shares_unknown": measured.shares_unknown,
        "parts_not_added": measured.parts_not_added,
        "query": cell.query,
    }


def flat(table: Matrix) -> Iterator[dict[str, Any]]:
    """The cells and then the totals, each a row that says which of them it is."""
    row_names = {row.code: row.name for row in table.rows}
    column_names = {column.code: column.name for column in table.columns}
    parts = {
        "cell": table.cells,
        "direct": table.direct,
        "row_total": table.row_totals,
        "column_total": table.column_totals,
        "total": [table.total],
    }
    for part, cells in parts.items():
        for cell in cells:
            names = {"row_name": row_names.get(cell.row or ""), "column_name": column_names.get(cell.column or "")}
            yield {"part": part, **names, **plain(cell)}
