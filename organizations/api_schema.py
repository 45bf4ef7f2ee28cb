"""The OpenAPI description of the API: what each address takes, answers and refuses."""

from __future__ import annotations

import re
from typing import Any, Literal

from django.conf import settings
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

from lib.problems import TITLES
from lib.table_files import MEDIA_TYPES
from organizations.api_access import TokenScheme
from organizations.api_write_views import WRITING, OutcomesSerializer, of_writing, of_written
from organizations.api_writing import CHANGED, CREATED, UNCHANGED
from organizations.models.records import CODE_LENGTH, code_format

# What is sent and answered, by resource, as missions/api_examples.py says; the apps above add it.
EXAMPLES: dict[str, dict[str, Any]] = {}

IN_HEAD: Literal["header"] = "header"
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", OpenApiTypes.STR, IN_HEAD, description="An ETag: what it stands for is not sent again (304)."
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    IN_HEAD,
    description="The ETag of the version that is changed; needed where there is a record (428), 412 where it is stale.",
)
IS_NEW = OpenApiParameter("If-None-Match", OpenApiTypes.STR, IN_HEAD, enum=["*"], description="Replaces nothing.")
KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    IN_HEAD,
    description="A text of your own, such as a UUID: the same sent again within a day makes no second record.",
)
HEADERS = {"list": [IF_NONE_MATCH], "retrieve": [IF_NONE_MATCH], "create": [KEY], "update": [IF_MATCH, IS_NEW]}
HEADERS["partial_update"] = [IF_MATCH]
# How each way to ask may be refused, by its method.
OF_ALL = (400, 401, 403, 404, 406, 429, 503)
OF_BODIES = (412, 413, 415, 428)
REFUSED = {"get": OF_ALL, "post": (*OF_ALL, 410, 413, 415, 422), "put": (*OF_ALL, *OF_BODIES)}
REFUSED["patch"] = REFUSED["put"]


class ErrorSerializer(serializers.Serializer):
    """What is wrong, and where."""

    message = serializers.CharField(help_text="One sentence.")
    pointer = serializers.CharField(required=False, help_text="Where in the body, as a JSON pointer: #/3/starts_on.")
    parameter = serializers.CharField(required=False, help_text="Which part of the address.")


class ProblemSerializer(serializers.Serializer):
    """Why a request was refused (RFC 9457)."""

    type = serializers.CharField(help_text="about:blank: the status says which kind of problem it is.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="One sentence: what is wrong and what to do.")
    errors: Any = ErrorSerializer(many=True, help_text="Each thing that is wrong with a value; else empty.")


class CodeOfARecord(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """How the schema describes the code of another record."""

    target_class = "organizations.api_fields.Code"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> Any:
        # Python's end of a text is written otherwise in the schema's own patterns.
        pattern = re.compile(code_format.regex).pattern.replace(r"\Z", "$")
        return {"type": "string", "pattern": pattern, "maxLength": CODE_LENGTH}


class BlankOrNull(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """How the schema describes a text that may be left blank: whoever writes may send null for it."""

    target_class = "organizations.api_fields.BlankForNull"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> Any:
        described = auto_schema._map_serializer_field(self.target, direction, bypass_extensions=True)  # noqa: SLF001 (the documented way)
        return or_null(described) if direction == "request" and self.target.allow_blank else described


class RecordSchema(AutoSchema):
    """The description of one address; of records also how they are written, each with a row of the real record."""

    view: Any

    @property
    def action(self) -> str:
        return getattr(self.view, "action", None) or ""

    def get_operation_id(self) -> str:
        name: str = super().get_operation_id()
        return name.replace("_update", "_bulk_update") if self.action == "bulk_update" else name

    def get_override_parameters(self) -> list[Any]:
        found: list[Any] = [*super().get_override_parameters(), *HEADERS.get(self.action, ())]
        return found

    def get_auth(self) -> list[Any]:
        """Who may ask at all, as in ApiAccess: a session only reads, and whoever comes where the record is open."""
        if self.method not in SAFE_METHODS:
            return [way for way in super().get_auth() if TokenScheme.name in way]
        return [*super().get_auth(), *([{}] if settings.PUBLIC_ACCESS else [])]

    def get_filter_backends(self) -> list[Any]:
        return [] if self.action in WRITING else super().get_filter_backends()

    def get_request_serializer(self) -> Any:
        if self.action not in WRITING:
            return super().get_request_serializer()
        written = of_writing(self.view.serializer_class, self.view.detail_serializer())
        return written(many=True) if self.action == "bulk_update" else written

    def get_response_serializers(self) -> Any:
        if self.action not in WRITING:
            return super().get_response_serializers()
        if self.action == "bulk_update":
            return {200: OutcomesSerializer}
        statuses = {"create": (201,), "update": (200, 201), "partial_update": (200,)}[self.action]
        return dict.fromkeys(statuses, of_written(self.view.serializer_class, self.view.detail_serializer()))

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation: Any = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query":
                # A form sends the fields that nobody filled: blank is as good as absent.
                parameter["allowEmptyValue"] = True
        problem = self.resolve_serializer(ProblemSerializer, "response").ref
        for status in REFUSED[self.method.lower()]:
            operation["responses"][str(status)] = {
                "description": str(TITLES[status]),
                "content": {"application/problem+json": {"schema": problem}},
            }
        sent, answered = self.examples()
        if sent is not None:
            operation["requestBody"]["content"]["application/json"]["example"] = sent
        for status in {"200", "201"} & operation["responses"].keys() if answered is not None else ():
            operation["responses"][status]["content"]["application/json"]["example"] = answered
        formats = getattr(self.view, "formats", {}).get(self.action, [])
        for media_type in (MEDIA_TYPES[name] for name in formats if name in MEDIA_TYPES):
            operation["responses"]["200"]["content"][media_type] = {"schema": {"type": "string", "format": "binary"}}
        operation["responses"]["414"] = {"description": "The address is too long: the web server says so by itself."}
        if self.action in {"list", "retrieve"}:
            operation["responses"]["304"] = {"description": "As the client has it already."}
            self.promise_no_field()
        return operation

    def promise_no_field(self) -> None:
        """By `fields` and `known_on` any may be left out, and of one record `known_on` may tell null."""
        row = self.resolve_serializer(self.get_response_serializers(), "response").schema
        row.pop("required", None)
        for name in row["properties"].keys() & self.view.model().columns if self.action == "retrieve" else ():
            row["properties"][name] = or_null(row["properties"][name])

    def examples(self) -> tuple[Any, Any]:
        """What is sent to this address and what it answers, of real records; None where there is nothing to show."""
        found = EXAMPLES.get(getattr(self.view, "basename", ""))
        if found is None:
            return None, None
        if self.action in WRITING:
            return self.written(found)
        if self.action == "list":
            row = {
                name: value for name, value in found["read"].items() if name in self.view.serializer_class.Meta.fields
            }
            return None, {"next": None, "previous": None, "results": [row]}
        return None, found["read" if self.action == "retrieve" else self.action]

    def written(self, found: dict[str, Any]) -> tuple[Any, Any]:
        read, new = found["read"], found["new"]
        whole = {name: value for name, value in read.items() if name in self.view.model().columns}
        if self.action == "create":
            return new["sent"], new["answered"]
        if self.action == "update":
            return whole, {**read, "warnings": []}
        if self.action == "partial_update":
            return found["changed"], {**read, **found["changed"], "warnings": found.get("warnings", [])}
        rows = [{"code": read["code"], **whole, "modified_at": read["modified_at"]}, new["sent"]]
        return rows, outcomes((read, UNCHANGED), (new["answered"], CREATED))


def or_null(described: dict[str, Any]) -> dict[str, Any]:
    """The same, or null."""
    if "$ref" in described:
        return {"allOf": [described], "nullable": True}
    with_null = {"enum": [*described["enum"], None]} if None not in described.get("enum", [None]) else {}
    return {**described, **with_null, "nullable": True}


def outcomes(*rows: tuple[dict[str, Any], str]) -> dict[str, Any]:
    """The answer to many rows, of which each is as it was answered alone."""
    results = [
        {
            "code": row["code"],
            "action": action,
            "modified_at": row["modified_at"],
            "warnings": row.get("warnings", []),
        }
        for row, action in rows
    ]
    actions = [action for _row, action in rows]
    counts = {action: actions.count(action) for action in (CREATED, CHANGED, UNCHANGED)}
    return {**counts, "results": results, "warnings": []}
