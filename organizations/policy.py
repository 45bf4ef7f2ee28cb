"""Who may come in. What they then see is decided by `visible_to` on each kind of record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.permissions import BasePermission

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class PublicAccess(BasePermission):
    """The API is open to everybody where PUBLIC_ACCESS is on, and to nobody where it is off."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(settings.PUBLIC_ACCESS)
