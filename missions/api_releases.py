"""The releases of the public record in the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from missions.api_dataset import ZipRenderer, refuse_parameters
from missions.api_examples import EXAMPLES
from missions.models import Release

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase
    from rest_framework.request import Request


class Withdrawn(APIException):
    status_code = 410

    def __init__(self, release: Release) -> None:
        sentence = _("Release %(number)s was withdrawn: its file is given to nobody any more.")
        super().__init__(sentence % {"number": release.number})


class ReleaseSerializer(serializers.ModelSerializer):
    rows = serializers.DictField(child=serializers.IntegerField(), help_text="How many rows each file has.")
    since = serializers.IntegerField(
        allow_null=True, help_text="The release with which it was compared; null for the first."
    )
    summary = serializers.CharField(help_text="How many rows of each file were added, changed and removed since.")
    withdrawn_at = serializers.DateTimeField(allow_null=True, help_text="Since when its file is given to nobody.")
    url = serializers.SerializerMethodField(help_text="The file.")
    citation = serializers.SerializerMethodField(help_text="How to cite it.")

    class Meta:
        model = Release
        fields = (
            *("number", "released_at", "withdrawn_at", "sha256", "size", "rows", "since", "summary"),
            *("url", "citation"),
        )

    def get_url(self, release: Release) -> str:
        address: str = self.context["request"].build_absolute_uri(release.get_absolute_url())
        return address

    def get_citation(self, release: Release) -> str:
        return release.citation(self.get_url(release))


class ReleaseChangesSerializer(serializers.Serializer):
    """What changed in one file."""

    added = serializers.ListField(child=serializers.CharField(), help_text="Codes.")
    changed = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), help_text="By code the columns that changed."
    )
    removed = serializers.ListField(child=serializers.CharField(), help_text="Codes.")


class ReleaseDetailSerializer(ReleaseSerializer):
    changes = serializers.DictField(
        child=ReleaseChangesSerializer(), help_text="By file; those without a change are left out."
    )

    class Meta:
        model = Release
        fields = (*ReleaseSerializer.Meta.fields, "changes")


class ReleasesSerializer(serializers.Serializer):
    results = ReleaseSerializer(many=True)


EXAMPLE = EXAMPLES["releases"]["read"]
IN_LIST = {name: EXAMPLE[name] for name in ReleaseSerializer.Meta.fields}


class ReleaseListView(APIView):
    @extend_schema(
        operation_id="releases_list",
        summary="The releases, newest first",
        responses=ReleasesSerializer,
        examples=[OpenApiExample("The second release of a small record", {"results": [IN_LIST]}, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """Numbered releases of the public record, without persons. A file that was released never changes."""
        refuse_parameters(request)
        releases = Release.objects.visible_to(request.user).listed()
        return Response({"results": ReleaseSerializer(releases, many=True, context={"request": request}).data})


class ReleaseView(APIView):
    @extend_schema(
        operation_id="releases_retrieve",
        summary="A release, with what changed since the one before",
        responses=ReleaseDetailSerializer,
        examples=[OpenApiExample("The second release of a small record", EXAMPLE, response_only=True)],
    )
    def get(self, request: Request, number: int) -> Response:
        refuse_parameters(request)
        release = get_object_or_404(Release.objects.visible_to(request.user).defer("content"), number=number)
        return Response(ReleaseDetailSerializer(release, context={"request": request}).data)


class ReleaseFileView(APIView):
    renderer_classes = [ZipRenderer, JSONRenderer]
    # It is a file: there is nothing to say of it to OPTIONS.
    metadata_class = None

    @extend_schema(
        operation_id="releases_file",
        summary="The file of a release",
        description=(
            "The CSV files of the dataset format with a datapackage.json, facts that everybody may see and no persons. "
            "Its SHA-256 is that of the release. 410: it was withdrawn."
        ),
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, number: int) -> HttpResponseBase | None:
        refuse_parameters(request)
        release = get_object_or_404(Release.objects.visible_to(request.user), number=number)
        if release.withdrawn_at:
            raise Withdrawn(release)
        headers: dict[str, Any] = {
            "ETag": f'"{release.sha256}"',
            # The file never changes, but it may be withdrawn: caches ask each time, which costs them no download.
            "Cache-Control": "no-cache",
            "Content-Disposition": f'attachment; filename="election-observation-record-release-{number}.zip"',
        }
        answer = HttpResponse(bytes(release.content or b""), content_type="application/zip", headers=headers)
        return get_conditional_response(request, etag=headers["ETag"], response=answer)
