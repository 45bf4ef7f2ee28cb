"""The whole record, as the reader sees it, as one file of the REST API."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.views import APIView

from lib.text import shown
from missions.dataset import ExportRefused, sight_of, write_zip
from organizations.policy import is_member

if TYPE_CHECKING:
    from rest_framework.request import Request

FILE_NAME = "election-observation-record.zip"
# What is not public shall not be mistaken for it on somebody's disk.
FILE_NAME_OF_MEMBERS = "election-observation-record-as-members-see-it.zip"
KEPT_IN_MEMORY = 5_000_000


class ZipRenderer(BaseRenderer):
    """Tells clients that ask for a zip file that there is one; the view makes it itself."""

    media_type = "application/zip"
    format = "zip"


def refuse_parameters(request: Request) -> None:
    """For what is asked without any. Raises ValidationError, which names one."""
    for parameter in request.query_params:
        raise ValidationError({parameter: [_("“%(name)s” is not a parameter here.") % {"name": shown(parameter)}]})


class DatasetView(APIView):
    renderer_classes = [ZipRenderer, JSONRenderer]
    # It is a file: there is nothing to say of it to OPTIONS.
    metadata_class = None

    @extend_schema(
        operation_id="dataset_zip",
        summary="The whole record, as the reader sees it",
        description=(
            "All that whoever asks may see, visitors what is public, as the CSV files of the dataset format with a "
            "datapackage.json, which says whose sight it is. The same record gives the same bytes."
        ),
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        refuse_parameters(request)
        file = SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 (the answer closes it)
        try:
            write_zip(file, sight_of(request.user))
        except ExportRefused:
            file.close()
            raise Http404 from None
        file.seek(0)
        name = FILE_NAME_OF_MEMBERS if is_member(request.user) else FILE_NAME
        return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
