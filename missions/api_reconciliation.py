"""The reading of an election's, a mission's or a deployment's head counts in the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.http import Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from lib.csv_stream import csv_response
from lib.downloads import file_name
from missions.election_records import records_seen_by
from missions.known_on import election_then
from missions.models import Election, HeadCount, Reading
from missions.reading_question import PARAMETERS, ReadingQuestion
from missions.reconciliation import reconcile
from organizations.api import FORMATS, LANGUAGES, RecordViewSet
from organizations.api_known_on import KNOWN_ON, day_asked
from organizations.known_on import end_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rest_framework.request import Request

    from missions.reconciliation import Reconciliation

OF_STEP = ("as_of_from", "as_of", "reported", "low", "high", "change", "computed", "before", "gap", "step")
OF_TOTAL = ("value", "qualifier", "source", "adopted", "differs_by")


class RangeSerializer(serializers.Serializer):
    value = serializers.IntegerField(allow_null=True, help_text="The figure, where its two ends are one.")
    low = serializers.IntegerField(allow_null=True, help_text="At least so many; null where nothing is known.")
    high = serializers.IntegerField(allow_null=True, help_text="At most so many; null where nobody says.")


class TotalSerializer(serializers.Serializer):
    value = serializers.IntegerField(allow_null=True, help_text="The number as published.")
    qualifier = serializers.ChoiceField(HeadCount.Qualifier.choices)
    source: Any = serializers.CharField(help_text="The code of the source; blank where it was deleted since.")
    adopted = serializers.BooleanField(help_text="Whether this total gives what the step adopted.")
    differs_by = serializers.IntegerField(allow_null=True, help_text="Its value less what the step reports.")


class StepSerializer(serializers.Serializer):
    as_of = serializers.DateField(help_text="The day; of an undated total the last possible one.")
    as_of_from = serializers.DateField(allow_null=True, help_text="The first possible day of an undated total.")
    reported = serializers.IntegerField(allow_null=True, help_text="What the totals of the day say together.")
    low = serializers.IntegerField(allow_null=True)
    high = serializers.IntegerField(allow_null=True)
    change = serializers.IntegerField(allow_null=True, help_text="Added on the day, as published.")
    computed = serializers.IntegerField(allow_null=True, help_text="The total before plus the changes since.")
    before = serializers.IntegerField(allow_null=True, help_text="Reported less the day's own change.")
    gap = serializers.IntegerField(allow_null=True, help_text="Reported less computed.")
    step = serializers.IntegerField(allow_null=True, help_text="Reported less the adopted total before.")
    totals = TotalSerializer(many=True, help_text="Every total that a source publishes for the day.")


class PartSerializer(serializers.Serializer):
    subject = serializers.CharField(help_text="The address of the part below the API.")
    group = serializers.ChoiceField(HeadCount.Group.choices)
    name = serializers.CharField(required=False, help_text="Left out with known_on.")
    value = serializers.IntegerField(allow_null=True)
    low = serializers.IntegerField(allow_null=True)
    high = serializers.IntegerField(allow_null=True)
    share_unknown = serializers.BooleanField(help_text="It goes through other missions too; its split is unpublished.")


class ReconciliationSerializer(serializers.Serializer):
    """What the head counts of one subject say, of one kind and group, up to one day."""

    subject = serializers.CharField(help_text="The address of the subject below the API.")
    kind = serializers.ChoiceField(HeadCount.Kind.choices)
    group = serializers.ChoiceField(HeadCount.Group.choices)
    on = serializers.DateField(allow_null=True, help_text="Only what is dated up to this day; null for all.")
    value = serializers.IntegerField(allow_null=True, help_text="The figure, where its two ends are one.")
    low = serializers.IntegerField(allow_null=True, help_text="At least so many; null where nothing is known.")
    high = serializers.IntegerField(allow_null=True, help_text="At most so many; null where nobody says.")
    approximate = serializers.BooleanField(help_text="A source says about so many.")
    derived = serializers.BooleanField(help_text="Added up from groups or parts: no source prints this figure.")
    withdrawn = serializers.IntegerField(allow_null=True, help_text="Of accredited observers alone.")
    active = serializers.IntegerField(allow_null=True, help_text="Value less those withdrawn after the last total.")
    agreement = serializers.ChoiceField(Reading.Agreement.choices)
    states = RangeSerializer()
    bodies = RangeSerializer()
    ladder = StepSerializer(many=True, help_text="One step for each day on which a source says something.")
    parts = PartSerializer(many=True)
    parts_sum = RangeSerializer(allow_null=True, help_text="Null where nothing is a part.")
    parts_gap = serializers.IntegerField(allow_null=True, help_text="Value less the sum of the parts.")
    known_on = serializers.DateField(required=False, help_text="The day as whose record it is read, where asked for.")
    not_told = serializers.IntegerField(
        required=False, help_text="With known_on: rows that are left out, since what they cited was deleted."
    )


class ReconciledViewSet(RecordViewSet):
    """A resource whose records have head counts, with the reading of these beside each record."""

    formats: ClassVar = {**RecordViewSet.formats, "reconciliation": FORMATS}
    detail_parameters: ClassVar = {
        **RecordViewSet.detail_parameters,
        "reconciliation": PARAMETERS | {"language", "format", KNOWN_ON},
    }

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", OpenApiTypes.STR, enum=HeadCount.Kind.values, description="accredited if absent."),
            OpenApiParameter("group", OpenApiTypes.STR, enum=HeadCount.Group.values, description="all if absent."),
            OpenApiParameter("on", OpenApiTypes.DATE, description="Only what is dated up to this day."),
            OpenApiParameter(
                KNOWN_ON, OpenApiTypes.DATE, description="As the record stood at the end of this day (UTC)."
            ),
            OpenApiParameter("language", OpenApiTypes.STR, enum=LANGUAGES, description="The language of names."),
            OpenApiParameter(
                "format", OpenApiTypes.STR, enum=FORMATS, description="csv: the ladder, one row per published total."
            ),
        ],
        responses=ReconciliationSerializer,
        filters=False,
    )
    @action(detail=True, pagination_class=None, filter_backends=[])
    def reconciliation(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """What the head counts say: the figure, how it came about day by day, its parts, and whether all agree."""
        question = ReadingQuestion(request.query_params)
        if question.problems:
            raise ValidationError({name: [sentence] for name, sentence in question.problems})
        kind, group, on = question.answers()
        known_on = day_asked(request.query_params, today=timezone.now().date())
        record = self.get_object()
        then = election_then(record, request.user, end_of(known_on)) if known_on else None
        if known_on and then is None:
            raise Http404
        election = record if isinstance(record, Election) else record.election
        seen = then.record() if then else records_seen_by(request.user, [election])[election]
        path = f"{record.resource()}/{record.code}"
        answer = reconcile(seen, path, kind=kind, group=group, on=on)
        if self.wants_csv:
            asked = {"kind": [kind], "group": [group], "on": [str(on)] if on else []}
            name = file_name(record.code, asked, timezone.localdate(), "csv")
            return csv_response(name, [*OF_STEP, *OF_TOTAL], list(ladder_rows(answer)))
        told = answer.as_json()
        if then:
            told |= {KNOWN_ON: known_on, "not_told": then.not_told, "parts": without_names(told["parts"])}
        return Response(told)


def without_names(parts: Any) -> list[dict[str, Any]]:
    """The parts without what they are called, which other records tell of today."""
    return [{name: value for name, value in part.items() if name != "name"} for part in parts]


def ladder_rows(answer: Reconciliation) -> Iterator[dict[str, Any]]:
    """The ladder as a flat table: a row for each published total, and one for a day of changes alone."""
    for step in answer.ladder:
        of_step = {name: getattr(step, name) for name in OF_STEP}
        for total in step.totals or [None]:
            yield {**of_step, **{name: getattr(total, name, None) for name in OF_TOTAL}}
