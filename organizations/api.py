"""The REST API of organizations, their names and members, regions and sources, and what all resources share."""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db.models import Prefetch
from django.http import Http404
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import MethodNotAllowed, ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from lib import etags
from lib.downloads import file_name
from lib.ordering import ordered
from lib.problems import WrongParameter
from lib.table_files import FILES
from lib.text import shown
from organizations.api_fields import field_of, relation_of
from organizations.api_known_on import KNOWN_ON, KNOWN_ON_PARAMETER, day_asked, of_one_day
from organizations.api_write_views import WRITING, WritingViews
from organizations.api_writing import plain
from organizations.filters import (
    MembershipFilterSet,
    OrganizationFilterSet,
    OrganizationNameFilterSet,
    RegionFilterSet,
    SourceFilterSet,
)
from organizations.models import Membership, Organization, OrganizationName, Region, Source, names_seen
from organizations.whole_lists import WholeList

if TYPE_CHECKING:
    from datetime import date

    from django.http import StreamingHttpResponse
    from rest_framework.request import Request

    from lib.filters import StrictFilterSet
    from organizations.models import Record
    from organizations.policy import Reader

LANGUAGES = [code for code, _name in settings.LANGUAGES]
FORMATS = ["json", "csv"]
FORMATS_OF_LISTS = ["json", *FILES]


def row_fields(model: type[Record], *display: str, url: bool = False) -> list[str]:
    """The fields of a row: code, the columns that leave by this door, display columns, address, last change."""
    columns = [column for column in model.columns if column not in model.private_columns]
    return ["code", *columns, *display, *(["url"] if url else []), "modified_at"]


class RecordSerializer(serializers.ModelSerializer):
    """A flat row: relations as codes, lists of codes as arrays. `?fields=` leaves the others out."""

    url = serializers.SerializerMethodField(help_text="The record's page.")

    def build_relational_field(
        self, field_name: str, relation_info: Any
    ) -> tuple[type[serializers.Field], dict[str, Any]]:
        return relation_of(relation_info.model_field)

    def build_standard_field(self, field_name: str, model_field: Any) -> tuple[type[serializers.Field], dict[str, Any]]:
        field_class, options = field_of(model_field)
        return field_class, options if model_field.editable else {"read_only": True, "help_text": options["help_text"]}

    def get_validators(self) -> list[Any]:
        """None: the records themselves say what is wrong, in the words of every other door."""
        return []

    def to_internal_value(self, data: Any) -> Any:
        """Columns as a client writes them. A name that is no field is an error; what is computed is not read."""
        sentence = _("“%(name)s” is no field here. The fields: %(fields)s.")
        known = ", ".join(name for name, field in self.fields.items() if not field.read_only)
        unknown = {
            name: [sentence % {"name": shown(name), "fields": known}] for name in data if name not in self.fields
        }
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError({**unknown, **error.detail}) from None  # type: ignore[dict-item]  # one of fields
        if unknown:
            raise ValidationError(unknown)
        return values

    def get_url(self, record: Any) -> str:
        request = self.context.get("request")
        path: str = record.get_absolute_url()
        return request.build_absolute_uri(path) if request else path

    def only(self, names: list[str]) -> None:
        """Leaves out the fields that are not among the names. Raises ValidationError for a name that is no field."""
        unknown = [name for name in names if name not in self.fields]
        if unknown:
            sentence = _("“%(name)s” is no field here. The fields: %(fields)s.")
            raise ValidationError(
                {"fields": [sentence % {"name": shown(unknown[0]), "fields": ", ".join(self.fields)}]}
            )
        for name in set(self.fields) - set(names):
            self.fields.pop(name)


# What the answer for one record holds beside its row. The apps above add what they know about records of any kind.
BESIDE_ONE_RECORD: dict[str, serializers.Field] = {}


@cache
def of_one_record(row: type[RecordSerializer]) -> type[RecordSerializer]:
    """The serializer of a record's own answer: its row, as in lists, and what lists leave out."""
    meta = type("Meta", (row.Meta,), {"fields": [*row.Meta.fields, *BESIDE_ONE_RECORD]})
    name = row.__name__.replace("Serializer", "DetailSerializer")
    return type(name, (row,), {**BESIDE_ONE_RECORD, "Meta": meta, "__doc__": row.__doc__})


COMMON_PARAMETERS = [
    OpenApiParameter("fields", OpenApiTypes.STR, description="Only these fields, separated by commas."),
    OpenApiParameter("language", OpenApiTypes.STR, enum=LANGUAGES, description="The language of display columns."),
]
FORMAT_PARAMETER = OpenApiParameter(
    "format",
    OpenApiTypes.STR,
    enum=FORMATS_OF_LISTS,
    description="csv, ndjson (a JSON object on each line) or xlsx: the whole filtered list as a file.",
)


class RecordViewSet(WritingViews, ReadOnlyModelViewSet):
    """A resource: its filtered list in pages or as a file, each record by its code, and the ways to write them."""

    lookup_field = "code"
    lookup_value_regex = "[^/]+"
    serializer_class: type[RecordSerializer]
    filterset_class: type[StrictFilterSet]
    ordering_fields: ClassVar[dict[str, str]] = {}
    ordering: ClassVar[str] = "code"
    # The formats of each action, of which the first is the usual one; of any other, JSON alone.
    formats: ClassVar[dict[str, list[str]]] = {"list": FORMATS_OF_LISTS}
    # What the address of one record may hold, by action. Of lists the filters say it.
    detail_parameters: ClassVar[dict[str, frozenset[str]]] = {
        "retrieve": frozenset({"fields", "language", "format", KNOWN_ON}),
        **dict.fromkeys(WRITING, frozenset({"language"})),
    }
    # The day of which one record is asked what it said.
    known_on: date | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        # One language for the whole answer, refusals too, whatever the browser prefers; none is left behind.
        asked = request.GET.get("language", "").strip()
        with translation.override(asked if asked in LANGUAGES else LANGUAGES[0]):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action is None:
            raise MethodNotAllowed(str(request.method))
        self.one_of("language", LANGUAGES)
        self.wanted_format = self.one_of("format", self.formats.get(self.action, ["json"]))
        self.wants_csv = self.wanted_format == "csv"
        self.refuse_unknown_parameters()

    def one_of(self, parameter: str, choices: list[str]) -> str:
        """The parameter's value, the first choice where it is absent. Raises ValidationError for any other."""
        values = [value for value in self.request.query_params.getlist(parameter) if value.strip()]
        if len(values) > 1 or (values and values[0] not in choices):
            sentence = _("“%(value)s” is not one of the values of %(parameter)s: %(choices)s.")
            given = {"value": shown(", ".join(values)), "parameter": parameter, "choices": ", ".join(choices)}
            raise WrongParameter({parameter: [sentence % given]})
        return values[0] if values else choices[0]

    def refuse_unknown_parameters(self) -> None:
        """Of a list the filters refuse what they do not know; they know `page`, which is for pages alone."""
        is_filtered = not (self.detail or self.action in WRITING)
        known = self.detail_parameters.get(self.action, frozenset())
        for parameter in self.request.query_params:
            if parameter == "page" or not (is_filtered or parameter in known):
                raise WrongParameter(
                    {parameter: [_("“%(name)s” is not a parameter here.") % {"name": shown(parameter)}]}
                )

    def get_queryset(self) -> Any:
        return self.rows(self.request.user)

    def filter_queryset(self, queryset: Any) -> Any:
        """Lists are filtered; what the address of one record may hold was looked at already."""
        return queryset if self.detail else super().filter_queryset(queryset)

    def get_object(self) -> Any:
        # What has not the letters of a code is none; on some of it PostgreSQL would fail.
        if not re.fullmatch("[a-z0-9-]+", self.kwargs["code"]):
            raise Http404
        return super().get_object()

    def detail_serializer(self) -> type[RecordSerializer]:
        return of_one_record(self.serializer_class)

    def get_serializer_class(self) -> type[RecordSerializer]:
        if self.known_on:
            return of_one_day(self.serializer_class)
        return self.detail_serializer() if self.action == "retrieve" else self.serializer_class

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        serializer: Any = super().get_serializer(*args, **kwargs)
        asked = ",".join(self.request.query_params.getlist("fields"))
        names = [name.strip() for name in asked.split(",") if name.strip()]
        if names:
            (serializer.child if kwargs.get("many") else serializer).only(names)
        return serializer

    @extend_schema(parameters=[*COMMON_PARAMETERS, FORMAT_PARAMETER])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return self.whole_list() if self.wanted_format in FILES else super().list(request, *args, **kwargs)

    @extend_schema(parameters=[*COMMON_PARAMETERS, KNOWN_ON_PARAMETER])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.known_on = day_asked(request.query_params, today=timezone.now().date())
        record = self.get_object()
        shown = self.get_serializer(record).data
        answer = Response(shown)
        if self.known_on is None:
            columns = self.serializer_class(record, context=self.get_serializer_context()).data
            answer["ETag"] = etags.tag(shown, version=self.version_of(plain(columns)))
        return answer

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """What a client has already is not sent again."""
        answer: Any = super().finalize_response(request, response, *args, **kwargs)
        if (
            request.method not in SAFE_METHODS
            or not isinstance(answer, Response)
            or answer.status_code != HTTPStatus.OK
        ):
            return answer
        if not answer.has_header("ETag"):
            answer["ETag"] = etags.tag(answer.data)
        return get_conditional_response(request, etag=answer["ETag"], response=answer)

    def whole_list(self) -> StreamingHttpResponse:
        queryset = self.filter_queryset(self.get_queryset())
        # A file holds the whole list; what the address says of pages must be right nevertheless.
        self.paginate_queryset(queryset.none())
        queryset = ordered(queryset, self.ordering_asked(), self.ordering_fields)
        serializer = self.get_serializer()
        filters = self.filterset_class.chosen(self.request.query_params)
        name = file_name(self.basename, filters, timezone.localdate(), self.wanted_format)
        return FILES[self.wanted_format](name, list(serializer.fields), WholeList(queryset, serializer))

    def ordering_asked(self) -> str:
        """The one order of the list, which the pagination has found to be right."""
        named = [name.strip() for name in self.request.query_params.getlist("ordering") if name.strip()]
        return named[0] if named else self.ordering


class SourceSerializer(RecordSerializer):
    # The document's own address, which is a column, and not that of the record's page.
    url = None  # type: ignore[assignment]  # the base has a method's value

    class Meta:
        model = Source
        fields = row_fields(Source)


class SourceViewSet(RecordViewSet):
    serializer_class = SourceSerializer
    filterset_class = SourceFilterSet
    ordering_fields = {
        "code": "code",
        "published_on": "published_on",
        "publisher": "publisher",
        "modified_at": "modified_at",
    }
    ordering = "-published_on"


class OrganizationSerializer(RecordSerializer):
    name = serializers.CharField(source="current_name", read_only=True)
    short_name = serializers.CharField(source="short_name_now", read_only=True)

    class Meta:
        model = Organization
        fields = row_fields(Organization, "name", "short_name", url=True)


class OrganizationViewSet(RecordViewSet):
    serializer_class = OrganizationSerializer
    filterset_class = OrganizationFilterSet
    ordering_fields = {"code": "code", "kind": "kind", "country": "country", "modified_at": "modified_at"}

    @classmethod
    def rows(cls, user: Reader) -> Any:
        rows = super().rows(user).select_related("parent").prefetch_related(names_seen("parent__names", user))
        return rows.with_names(user).with_sources(user)


class OrganizationNameSerializer(RecordSerializer):
    class Meta:
        model = OrganizationName
        fields = row_fields(OrganizationName)


class OrganizationNameViewSet(RecordViewSet):
    serializer_class = OrganizationNameSerializer
    filterset_class = OrganizationNameFilterSet
    ordering_fields = {
        "code": "code",
        "organization": "organization__code",
        "valid_from": "valid_from",
        "modified_at": "modified_at",
    }

    @classmethod
    def rows(cls, user: Reader) -> Any:
        return super().rows(user).select_related("organization", "source")


class MembershipSerializer(RecordSerializer):
    organization_name = serializers.CharField(source="organization.current_name", read_only=True)

    class Meta:
        model = Membership
        fields = row_fields(Membership, "organization_name")


class MembershipViewSet(RecordViewSet):
    serializer_class = MembershipSerializer
    filterset_class = MembershipFilterSet
    ordering_fields = {
        "code": "code",
        "organization": "organization__code",
        "since": "since",
        "modified_at": "modified_at",
    }

    @classmethod
    def rows(cls, user: Reader) -> Any:
        rows = super().rows(user).select_related("organization", "member_organization")
        return rows.prefetch_related(names_seen("organization__names", user)).with_sources(user)


class RegionSerializer(RecordSerializer):
    class Meta:
        model = Region
        fields = row_fields(Region)


class RegionViewSet(RecordViewSet):
    serializer_class = RegionSerializer
    filterset_class = RegionFilterSet
    ordering_fields = {
        "code": "code",
        "iso": "iso",
        "country": "country",
        "name": "name",
        "valid_from": "valid_from",
        "modified_at": "modified_at",
    }

    @classmethod
    def rows(cls, user: Reader) -> Any:
        # Regions are public, whatever their source: prefetched, a hidden one reads as none.
        sources = Prefetch("source", Source.objects.visible_to(user))
        return super().rows(user).select_related("part_of").prefetch_related(sources)


VIEWSETS: list[type[RecordViewSet]] = [
    SourceViewSet,
    OrganizationViewSet,
    OrganizationNameViewSet,
    MembershipViewSet,
    RegionViewSet,
]
