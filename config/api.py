"""The one router of the REST API: a resource for each kind of record."""

from __future__ import annotations

from rest_framework.routers import DefaultRouter

import missions.api
import observers.api
import organizations.api


class Router(DefaultRouter):
    include_format_suffixes = False


router = Router()
for viewset in [*organizations.api.VIEWSETS, *observers.api.VIEWSETS, *missions.api.VIEWSETS]:
    router.register(viewset.model().resource(), viewset, basename=viewset.model().resource())
