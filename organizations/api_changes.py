"""The feed of changes in the API: what has become of the records that the reader sees, in the order of the acts."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError as Refused
from django.db.models import Min
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from lib.filter_fields import MomentField
from lib.keyset import DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE, asked_page_size, single_value
from lib.sealed import sealed, unsealed
from lib.text import shown
from organizations.api_choices import explain
from organizations.models import Audience, FeedEntry
from organizations.models.changes import record_kinds
from organizations.policy import words_of

if TYPE_CHECKING:
    from rest_framework.request import Request

LANGUAGES = [code for code, _name in settings.LANGUAGES]
SALT = "organizations.api_changes"
NOW = "now"
# The moment of the place before the first entry.
LONG_AGO = datetime.min.replace(tzinfo=UTC)
CREATED, CHANGED, HIDDEN, DELETED, ERASED, MERGED = "created", "changed", "hidden", "deleted", "erased", "merged"
ACTIONS = {
    CREATED: "It is there, or may be seen from now on.",
    CHANGED: "The columns in fields say something else.",
    HIDDEN: "It may not be seen any more.",
    DELETED: "It was deleted.",
    ERASED: "It told of a person who was erased: drop all that you hold of it, also where there is something to read.",
    MERGED: "It was a second record of one person: the two were made one.",
}
explain(ACTIONS)
REASONS = {
    HIDDEN: gettext_lazy("This record may not be seen any more."),
    DELETED: gettext_lazy("This record was deleted."),
    ERASED: gettext_lazy("This told of a person who was erased: drop all that you hold of it."),
    MERGED: gettext_lazy("This was a second record of one person: the two were made one."),
}
EXAMPLE = {
    "results": [
        {
            "at": "2030-07-01T12:00:00Z",
            "resource": "missions",
            "code": "kg-presidential-2030-06-02-secretariat",
            "action": "changed",
            "fields": ["ends_on", "status"],
            "reason": "",
            "url": "https://tracker.example/api/v1/missions/kg-presidential-2030-06-02-secretariat/",
        },
        {
            "at": "2030-07-01T12:30:00Z",
            "resource": "head-counts",
            "code": "kg-presidential-2030-06-02-accredited-all-total-2030-06-01-paper",
            "action": "hidden",
            "fields": [],
            "reason": "This record may not be seen any more.",
            "url": None,
        },
    ],
    "more": False,
    "next": "https://tracker.example/api/v1/changes/?since=gAAAAABqk0",
}


class PlaceGone(APIException):
    """The place is of another reader than who asks now, or of a feed that is no more."""

    status_code = HTTPStatus.GONE


class ChangeSerializer(serializers.Serializer):
    """What became of one record by one act."""

    at = serializers.DateTimeField(help_text="The moment of the act, UTC.")
    resource = serializers.CharField(help_text="The kind of record, as in addresses.")
    code = serializers.CharField()
    action = serializers.ChoiceField(list(ACTIONS.items()))
    fields: Any = serializers.ListField(
        child=serializers.CharField(), help_text="Of what was changed or erased: the columns that say something else."
    )
    reason = serializers.CharField(help_text="Of what has to go: why, in words; else blank.")
    url = serializers.URLField(allow_null=True, help_text="Where the record is read; null where it is gone.")


class ChangesSerializer(serializers.Serializer):
    """Some of the feed."""

    results = ChangeSerializer(many=True)
    more = serializers.BooleanField(help_text="Whether there is more already.")
    next = serializers.URLField(help_text="Where to go on, at once or later. It is always there.")


class ChangesView(APIView):
    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        # As in lists: one language for the whole answer, refusals too, whatever the browser prefers.
        asked = request.GET.get("language", "").strip()
        with translation.override(asked if asked in LANGUAGES else LANGUAGES[0]):
            return super().dispatch(request, *args, **kwargs)

    @extend_schema(
        operation_id="changes",
        summary="What has changed",
        description=(
            "What became of the records that you see, in the order in which it was stored, so that a copy can follow. "
            "Begin with since=now, then read the lists, then go on from next as often as you like: nothing is skipped, "
            "and nothing is told twice but what happened while you read. Where the answer is 410, what you may see in "
            "general has changed: begin again."
        ),
        parameters=[
            OpenApiParameter(
                "since",
                OpenApiTypes.STR,
                description=(
                    "now (nothing, but the place to go on from), a day or moment (2017-10-15 or 2017-10-15T18:30:00Z), "
                    "or what next gave. If absent, the beginning of the feed."
                ),
            ),
            OpenApiParameter(
                "resource",
                OpenApiTypes.STR,
                many=True,
                enum=sorted(record_kinds()),
                description="Only these kinds of records.",
            ),
            OpenApiParameter(
                "page_size",
                {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE_SIZE, "default": DEFAULT_PAGE_SIZE},
                description="Entries in one answer.",
            ),
            OpenApiParameter("language", OpenApiTypes.STR, enum=LANGUAGES, description="The language of reasons."),
        ],
        responses=ChangesSerializer,
        examples=[OpenApiExample("A mission was changed, a count hidden", EXAMPLE, response_only=True)],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(Question(request).answer())


class Question:
    """What the address asks for. Raises ValidationError for what it cannot use, PlaceGone for a place of the past."""

    def __init__(self, request: Request) -> None:
        self.request, self.words = request, words_of(request.user)
        known = ("since", "resource", "page_size", "language")
        for name in request.query_params:
            if name not in known:
                raise ValidationError({name: [_("“%(name)s” is not a parameter here.") % {"name": shown(name)}]})
        self.size = asked_page_size(request)
        language = single_value(request, "language")
        self.one_of("language", [language] if language else [], LANGUAGES)
        asked = [value.strip() for value in request.query_params.getlist("resource") if value.strip()]
        self.resources = self.one_of("resource", asked, sorted(record_kinds()))
        # Asked before anything else: whatever is stored later stands behind it.
        self.end = FeedEntry.objects.order_by("pk").last()
        self.start = self.beginning()

    def one_of(self, parameter: str, values: list[str], choices: list[str]) -> list[str]:
        for value in values:
            if value not in choices:
                sentence = _("“%(value)s” is not one of the values of %(parameter)s: %(choices)s.")
                given = {"value": shown(value), "parameter": parameter, "choices": ", ".join(choices)}
                raise ValidationError({parameter: [sentence % given]})
        return values

    def beginning(self) -> int:
        """The key behind which the entries stand that are asked for."""
        since = single_value(self.request, "since")
        if since is None:
            return 0
        if since == NOW:
            return key_of(self.end)
        try:
            moment = MomentField().clean(since)
        except Refused:
            return self.place(since)
        first = FeedEntry.objects.filter(at__gte=moment).aggregate(first=Min("pk"))["first"]
        return key_of(self.end) if first is None else first - 1

    def place(self, since: str) -> int:
        """The key that `next` gave to the same reader."""
        try:
            key, at, reader = unsealed(since, salt=SALT).split()
        except ValueError:
            sentence = _("“%(value)s” is not a day, a moment, “now”, or what next gave.")
            raise ValidationError({"since": [sentence % {"value": shown(since)}]}) from None
        if reader != print_of(self.words):
            raise PlaceGone(_("What you may see has changed: read the lists again, then follow from now."))
        if int(key) and not FeedEntry.objects.filter(pk=int(key), at=at).exists():
            # The database was restored from a copy that is older.
            raise PlaceGone(_("This place is not known any more: read the lists again, then follow from now."))
        return int(key)

    def answer(self) -> dict[str, Any]:
        own = Audience.objects.with_whom(self.words)
        rows = FeedEntry.objects.told_to(own).filter(pk__gt=self.start, pk__lte=key_of(self.end)).order_by("pk")
        rows = rows.filter(resource__in=self.resources) if self.resources else rows
        found = list(rows[: self.size + 1])
        more, entries = len(found) > self.size, found[: self.size]
        told = [self.told(entry, own) for entry in entries]
        return {
            "results": ChangeSerializer(told, many=True).data,
            "more": more,
            "next": self.address_of(entries[-1] if more else self.end),
        }

    def told(self, entry: FeedEntry, own: frozenset[int]) -> dict[str, Any]:
        """What the reader is told of the entry."""
        was, is_seen = entry.before_id in own, entry.after_id in own
        if was and entry.act == FeedEntry.Act.ERASED:
            action = ERASED
        elif was and is_seen:
            action = CHANGED
        elif is_seen:
            action = CREATED
        else:
            action = HIDDEN if entry.act == FeedEntry.Act.CHANGED else entry.act
        path = reverse(f"api:{entry.resource}-detail", args=[entry.code])
        return {
            "at": entry.at,
            "resource": entry.resource,
            "code": entry.code,
            "action": action,
            "fields": entry.fields.split() if was and is_seen else [],
            "reason": REASONS.get(action, ""),
            "url": self.request.build_absolute_uri(path) if is_seen else None,
        }

    def address_of(self, last: FeedEntry | None) -> str:
        """Where the entries stand behind that one."""
        at = last.at if last else LONG_AGO
        # Of one length, for the length can be seen.
        moment = at.astimezone(UTC).isoformat(timespec="microseconds")
        place = sealed(f"{key_of(last):020d} {moment} {print_of(self.words)}", salt=SALT)
        return str(replace_query_param(self.request.build_absolute_uri(), "since", place))


def key_of(entry: FeedEntry | None) -> int:
    """The key of an entry; 0 before the first one."""
    return entry.pk if entry else 0


def print_of(words: frozenset[str]) -> str:
    """Tells readers who may see the same in general from all others."""
    return hashlib.sha256(" ".join(sorted(words)).encode()).hexdigest()
