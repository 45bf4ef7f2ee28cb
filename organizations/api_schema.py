"""The OpenAPI description of the API: what each address takes, answers and refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

from lib.problems import TITLES
from lib.table_files import MEDIA_TYPES
from organizations.api_access import TokenScheme
from organizations.api_write_views import WRITING, OutcomesSerializer, of_writing, of_written

if TYPE_CHECKING:
    from collections.abc import Iterator

# Real rows of the record by resource; the apps above add theirs.
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
        formats = getattr(self.view, "formats", {}).get(self.action, [])
        for media_type in (MEDIA_TYPES[name] for name in formats if name in MEDIA_TYPES):
            operation["responses"]["200"]["content"][media_type] = {"schema": {"type": "string", "format": "binary"}}
        if self.action in {"list", "retrieve"}:
            operation["responses"]["304"] = {"description": "As the client has it already."}
        return operation

    def get_examples(self) -> list[OpenApiExample]:
        row = EXAMPLES.get(getattr(self.view, "basename", ""))
        if row is None:
            return super().get_examples()
        return list(self.examples_of(row))

    def examples_of(self, row: dict[str, Any]) -> Iterator[OpenApiExample]:
        columns = self.view.model().columns
        sent = {name: value for name, value in row.items() if name in columns and name != "code"}
        if self.action in {"list", "retrieve"}:
            yield OpenApiExample(row["code"], row, response_only=True)
        elif self.action in WRITING:
            yield OpenApiExample(row["code"], sent, request_only=True)
