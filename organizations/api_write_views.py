"""The addresses by which programs write: POST, PUT and PATCH of one record, PUT of many."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from django.urls import resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from lib import etags
from lib.one_writer import alone_writing
from organizations.api_fields import Code, Text
from organizations.api_writing import (
    CODE,
    CREATED,
    MODIFIED_AT,
    MOST_ROWS,
    NO_OBJECT,
    OWNER,
    Act,
    Given,
    Refused,
    plain,
)
from organizations.models import Organization, OwnedRecord, SentOnce
from organizations.models.records import CODE_LENGTH, code_format

if TYPE_CHECKING:
    from collections.abc import Callable

    from rest_framework.request import Request

    from organizations.api_writing import Outcome
    from organizations.policy import Reader
    from organizations.resting import Resting

WRITING = ("create", "update", "partial_update", "bulk_update")
# How long a POST can be sent again under its key.
KEY_IS_KEPT = timedelta(hours=24)
KEY = re.compile(r'("?)([\x21\x23-\x7e]{1,200})\1')


@cache
def of_writing(row: type[Any], detail: type[Any]) -> type[Any]:
    """The serializer of a record as it is written: its own answer, with the code of a new one and who keeps it."""
    declared: dict[str, Any] = {
        "code": Text(
            required=False,
            allow_blank=True,
            max_length=CODE_LENGTH,
            validators=[code_format],
            help_text="Of a new record; left out, it is computed. It never changes.",
        ),
        MODIFIED_AT: Text(required=False, help_text="As it was read: the version that a row of many changes."),
    }
    if issubclass(row.Meta.model, OwnedRecord):
        declared[OWNER] = Code(
            column=OWNER,
            kind=Organization,
            required=False,
            allow_null=True,
            write_only=True,
            help_text="Who keeps it: one of your organizations. Left out: your only one; in a change, as it is.",
        )
    fields = [*detail.Meta.fields, *(name for name in declared if name not in detail.Meta.fields)]
    meta = type("Meta", (detail.Meta,), {"fields": fields})
    return type(row.__name__, (detail,), {**declared, "Meta": meta, "__doc__": row.__doc__})


@cache
def of_written(row: type[Any], detail: type[Any]) -> type[Any]:
    """The serializer of what is answered to a record that was written: its own answer, and what is odd about it."""
    warnings = WarningsField(read_only=True, help_text="What is odd about it, without being wrong.")
    meta = type("Meta", (detail.Meta,), {"fields": [*detail.Meta.fields, "warnings"]})
    name = row.__name__.replace("Serializer", "WrittenSerializer")
    return type(name, (detail,), {"warnings": warnings, "Meta": meta, "__doc__": row.__doc__})


class WarningsField(serializers.ListField):
    """What is odd about a record that was written, without being wrong."""

    child = serializers.CharField()


class OutcomeSerializer(serializers.Serializer):
    code = serializers.CharField()
    action = serializers.ChoiceField(["created", "changed", "unchanged"])
    modified_at = serializers.DateTimeField(help_text="The version of the record, for its next change.")
    warnings = WarningsField(help_text="What is odd about it, without being wrong.")


class OutcomesSerializer(serializers.Serializer):
    """What became of each row, in the order in which they were sent."""

    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    results = OutcomeSerializer(many=True)
    warnings = WarningsField(help_text="What is odd about the figures after all of it.")


class WritingViews(GenericViewSet):
    """What a resource does beside being read. Each request is one act of whom the token belongs to."""

    serializer_class: Any
    basename: str
    # What rests on records and is made anew; the app that knows it says so.
    resting: ClassVar[Callable[[], Resting]]
    # The serializer of a record's own answer: its row and what stands beside it.
    detail_serializer: Callable[..., Any]

    @classmethod
    def rows(cls, user: Reader) -> Any:
        """The rows that the reader may see, each with all that it shows, for the API and for pages alike."""
        return cls.model().objects.visible_to(user)

    @classmethod
    def model(cls) -> Any:
        return cls.serializer_class.Meta.model

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A new record. With an Idempotency-Key, sending it again within a day makes no second one."""
        body, user = self.one_body(request), self.writer()
        key = self.key_of(request)
        now = timezone.now()
        with alone_writing():
            if key and (sent := SentOnce.objects.standing(user, key, since=now - KEY_IS_KEPT)):
                return self.sent_before(sent, body)
            outcome = Act(self, by=user, now=now).write(Given(body))
            if key:
                SentOnce.objects.keep(
                    user, key, resource=self.basename, code=outcome.record.code, sha256=hash_of(body), now=now
                )
            return self.answer(outcome)

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Replaces the record, or makes it where there is none with this code. Columns left out are emptied."""
        return self.write_by_code(request, is_whole=True)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Changes the columns that are sent, and no other."""
        return self.write_by_code(request, is_whole=False)

    def write_by_code(self, request: Request, *, is_whole: bool) -> Response:
        code = self.kwargs["code"]
        if not re.match(code_format.regex, code) or len(code) > CODE_LENGTH:
            raise Refused(400, {CODE: [code_format.message]}) if is_whole else exceptions.NotFound
        given = Given(
            self.one_body(request), code=code, is_whole=is_whole, may_add=is_whole, versions=self.versions_of(request)
        )
        is_only_new = self.is_only_new(request)
        with alone_writing():
            rows = self.rows(request.user)
            is_there = rows.filter(code=code).exists()
            if is_there and is_only_new:
                raise Refused(412, _("There is a record with this code already."))
            if not (is_there or is_whole):
                raise exceptions.NotFound
            outcome = Act(self, by=self.writer(), now=timezone.now()).write(given)
            return self.answer(outcome)

    def bulk_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Makes or replaces up to 1,000 records, all or nothing, in the order of the rows.

        A row with a code replaces that record, or makes it; one without makes a new one. A row that replaces holds
        `modified_at` as it was read.
        """
        rows = [self.given(body) for body in self.bodies(request)]
        with alone_writing():
            outcomes, warnings = Act(self, by=self.writer(), now=timezone.now()).write_many(rows)
            return Response(self.told(outcomes, warnings))

    def writer(self) -> Any:
        """Whose token it is: who has none does not come this far."""
        return self.request.user

    # What is sent

    def body(self, request: Request) -> Any:
        # Of what comes in chunks, or not at all, nothing is there to be read: that is no empty record.
        if request.stream is None:
            raise Refused(400, _("No body came with this request: send JSON, with its Content-Length."))
        return request.data

    def one_body(self, request: Request) -> Any:
        body = self.body(request)
        if isinstance(body, dict):
            return body
        raise Refused(400, NO_OBJECT)

    def bodies(self, request: Request) -> list[Any]:
        bodies = self.body(request)
        if not isinstance(bodies, list):
            raise Refused(400, _("Write the records as a JSON array: […]."))
        if not 1 <= len(bodies) <= MOST_ROWS:
            sentence = _("%(number)s rows were sent: send 1 to 1,000 at a time.")
            raise Refused(400, sentence % {"number": len(bodies)})
        return bodies

    def given(self, body: Any) -> Given:
        if not isinstance(body, dict):
            return Given(body)
        code = body.get(CODE)
        if not (code and isinstance(code, str)):
            return Given(body)
        # The moment itself is compared with the other columns that are computed.
        is_read = body.get(MODIFIED_AT) is not None
        return Given(body, code=code, versions=(lambda _shown: True) if is_read else None)

    def is_only_new(self, request: Request) -> bool:
        """Whether nothing may be replaced, by If-None-Match."""
        header = request.headers.get("If-None-Match", "").strip()
        if header not in {"", "*"}:
            sentence = _("If-None-Match can only be * here: replace nothing. If-Match says which version you change.")
            raise Refused(400, sentence)
        return header == "*"

    def versions_of(self, request: Request) -> Callable[[Any], bool] | None:
        """Whether a record is of a version that the client has read, by If-Match; None where it does not say."""
        header = request.headers.get("If-Match", "").strip()
        if not header:
            return None
        if header == "*":
            return lambda _shown: True
        read = etags.versions(header)
        return lambda shown: self.version_of(shown) in read

    def key_of(self, request: Request) -> str:
        header = request.headers.get("Idempotency-Key", "").strip()
        if not header:
            return ""
        found = KEY.fullmatch(header)
        if not found:
            sentence = _("An Idempotency-Key is 1 to 200 letters, digits and signs without spaces, such as a UUID.")
            raise exceptions.ParseError(sentence)
        return found[2]

    # What is answered

    def answer(self, outcome: Outcome) -> Response:
        shown = self.shown(outcome.record.pk)
        answer = Response({**shown, "warnings": outcome.warnings}, status=201 if outcome.action == CREATED else 200)
        answer["ETag"] = self.tag_of(shown)
        if outcome.action == CREATED:
            answer["Location"] = self.address_of(outcome.record.code)
        return answer

    def sent_before(self, sent: SentOnce, body: Any) -> Response:
        """The answer to what was sent before under the same key: the record as it is now."""
        if (sent.resource, sent.sha256) != (self.basename, hash_of(body)):
            raise Refused(422, _("This Idempotency-Key was sent with another record: make a new one for each."))
        record = self.rows(self.request.user).filter(code=sent.code).first()
        if record is None:
            raise Refused(410, _("What was made under this Idempotency-Key is gone since."))
        shown = self.shown(record.pk)
        answer = Response({**shown, "warnings": []}, status=201)
        answer["ETag"] = self.tag_of(shown)
        answer["Location"] = self.address_of(record.code)
        answer["Idempotency-Replayed"] = "true"
        return answer

    def told(self, outcomes: list[Outcome], warnings: list[str]) -> dict[str, Any]:
        keys = [outcome.record.pk for outcome in outcomes]
        moments = dict(self.model()._default_manager.filter(pk__in=keys).values_list("pk", MODIFIED_AT))
        results = [
            {
                "code": outcome.record.code,
                "action": outcome.action,
                "modified_at": moments[outcome.record.pk],
                "warnings": outcome.warnings,
            }
            for outcome in outcomes
        ]
        actions = [outcome.action for outcome in outcomes]
        said: dict[str, Any] = OutcomesSerializer(
            {
                **{action: actions.count(action) for action in ("created", "changed", "unchanged")},
                "results": results,
                "warnings": warnings,
            }
        ).data
        return said

    def address_of(self, code: str) -> str:
        address: str = reverse(f"api:{self.basename}-detail", args=[code], request=self.request)
        return address

    def is_address(self, code: str) -> bool:
        """Whether a record with this code would be found at its address, where there is nothing else."""
        name = f"{self.basename}-detail"
        return resolve(reverse(f"api:{name}", args=[code])).url_name == name

    # The row as the client reads it

    def shown(self, key: int) -> dict[str, Any]:
        """The record with this key as the client reads it."""
        return self.shown_many([key])[key]

    def tag_of(self, shown: dict[str, Any]) -> str:
        """The ETag of a record as the client reads it."""
        return etags.tag(shown, version=self.version_of(shown))

    def shown_many(self, keys: list[int]) -> dict[int, dict[str, Any]]:
        """The records with these keys as the client reads them, one alone with what stands beside it."""
        serializer = self.detail_serializer() if len(keys) == 1 else self.serializer_class
        rows = list(self.rows(self.request.user).filter(pk__in=keys)) if keys else []
        said = serializer(rows, many=True, context=self.get_serializer_context()).data
        return {row.pk: plain(one) for row, one in zip(rows, said, strict=True)}

    def version_of(self, shown: dict[str, Any]) -> str:
        """The version of a record: what its columns say to the reader, in no language."""
        private = self.model().private_columns
        return etags.digest([shown[name] for name in (CODE, *self.model().columns) if name not in private])

    def writing_serializer(self, *args: Any, context: dict[str, Any], **kwargs: Any) -> Any:
        serializer = of_writing(self.serializer_class, self.detail_serializer())
        return serializer(*args, context={**self.get_serializer_context(), **context}, **kwargs)


def hash_of(body: Any) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
