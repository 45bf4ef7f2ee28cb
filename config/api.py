"""The one router of the REST API: a resource for each kind of record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import path, register_converter
from django.urls.converters import PathConverter
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.routers import DefaultRouter
from rest_framework.views import APIView

import missions.api
import observers.api
import organizations.api
from missions.api_dataset import DatasetView
from missions.api_releases import ReleaseFileView, ReleaseListView, ReleaseView
from organizations.api_changes import ChangesView

if TYPE_CHECKING:
    from rest_framework.request import Request


class AnyText(PathConverter):
    """What `path` takes, and ends of lines as well."""

    regex = "(?s:.+)"


register_converter(AnyText, "any")


class NoSuchResource(APIView):
    """Any other address below the API's: the same answer as for a record that is missing or hidden."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404


class WithoutSlash(APIView):
    """An address without its last slash: who reads is sent on.

    Who writes is not, since clients that are sent on read, and what they wrote would be lost without a word.
    """

    schema = None

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponsePermanentRedirect:
        return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        raise ParseError(_("The addresses of the API end with a slash: put one behind this one."))


class Router(DefaultRouter):
    include_format_suffixes = False

    def __init__(self) -> None:
        super().__init__()
        # Many records are written at the address of their list.
        of_list: Any
        of_list, *others = self.routes
        self.routes = [of_list._replace(mapping={**of_list.mapping, "put": "bulk_update"}), *others]

    def get_urls(self) -> list[Any]:
        return [
            path("dataset.zip", DatasetView.as_view(), name="dataset"),
            path("changes/", ChangesView.as_view(), name="changes"),
            path("releases/", ReleaseListView.as_view(), name="releases"),
            path("releases/<int:number>/", ReleaseView.as_view(), name="release"),
            path("releases/<int:number>/dataset.zip", ReleaseFileView.as_view(), name="release-file"),
            *super().get_urls(),
        ]

    def get_api_root_view(self, api_urls: Any = None) -> Any:
        """The root lists beside the resources the file of the whole record, its releases and the feed of changes."""
        names = {prefix: f"{basename}-list" for prefix, _viewset, basename in self.registry}
        beside = {"dataset.zip": "dataset", "changes": "changes", "releases": "releases"}
        return self.APIRootView.as_view(api_root_dict={**names, **beside})


router = Router()
for viewset in [*organizations.api.VIEWSETS, *observers.api.VIEWSETS, *missions.api.VIEWSETS]:
    router.register(viewset.model().resource(), viewset, basename=viewset.model().resource())
