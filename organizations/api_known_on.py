"""What the record said on a day, in the API: `known_on`, and the row of that day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError as InvalidDay
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from lib.dates import ForgivingDateField
from lib.text import shown
from organizations.known_on import Telling, end_of, resting_on_what_is_open, said_at

if TYPE_CHECKING:
    from datetime import date

    from django.http import QueryDict

    from organizations.api import RecordSerializer
    from organizations.models import Record
    from organizations.policy import Reader

KNOWN_ON = "known_on"
KNOWN_ON_PARAMETER = OpenApiParameter(
    KNOWN_ON,
    OpenApiTypes.DATE,
    description=(
        "What the record said at the end of this day (UTC), today at the latest. The answer holds the code, the "
        "columns of the dataset, the address, `known_on` and `not_told`: the columns whose value of that day you may "
        "not read, or that was erased; they are null. What other records tell (names, readings …) is left out. 404 "
        "where the record was not there yet."
    ),
)


def day_asked(query: QueryDict, *, today: date) -> date | None:
    """The day that `known_on` names; None where it is absent. Raises ValidationError, which says what is wrong."""
    given = [text for text in query.getlist(KNOWN_ON) if text.strip()]
    if len(given) > 1:
        raise ValidationError({KNOWN_ON: [_("%(parameter)s can be given only once.") % {"parameter": KNOWN_ON}]})
    try:
        day: date | None = ForgivingDateField(required=False).clean(given[0] if given else "")
    except InvalidDay as error:
        raise ValidationError({KNOWN_ON: error.messages}) from error
    if day and day > today:
        sentence = _("“%(day)s” is still to come: give a day up to today, %(today)s.")
        raise ValidationError({KNOWN_ON: [sentence % {"day": shown(given[0]), "today": today}]})
    return day


def telling(record: Record, day: date, reader: Reader) -> Telling:
    """What a reader who sees the record is told of what it said at the end of the day.

    Raises Http404 where it was not there, or rested on nothing that this reader may know.
    """
    found = said_at(type(record), [record.code], end_of(day))
    if not resting_on_what_is_open(type(record), found, reader):
        raise Http404
    return Telling(type(record), found[record.code], reader)


class OfOneDay(serializers.Serializer):
    """The row of a record as of the end of one day: what has not changed since is told as it is today."""

    known_on = serializers.SerializerMethodField()
    not_told = serializers.SerializerMethodField()

    def to_representation(self, instance: Any) -> Any:
        self.told = telling(instance, self.context["view"].known_on, self.context["request"].user)
        row = super().to_representation(instance)
        return row | {name: value for name, value in self.told.values.items() if name in row}

    def get_known_on(self, _record: Any) -> date:
        day: date = self.context["view"].known_on
        return day

    def get_not_told(self, _record: Any) -> list[str]:
        return [name for name in self.told.not_told if name in self.fields]


def of_one_day(row: type[RecordSerializer]) -> type[RecordSerializer]:
    """The serializer of a record as of one day: of its row the columns and the address, and what is not told."""
    model: Any = row.Meta.model
    own = {"code", "url", *model.columns}
    fields = [*(name for name in row.Meta.fields if name in own), KNOWN_ON, "not_told"]
    meta = type("Meta", (row.Meta,), {"fields": fields})
    return type(row.__name__.replace("Serializer", "OfOneDaySerializer"), (OfOneDay, row), {"Meta": meta})
