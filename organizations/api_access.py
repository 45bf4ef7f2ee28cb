"""How programs come in to the REST API: tokens, and who may ask at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission

from organizations.models import ApiToken
from organizations.policy import is_member

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Bearer TOKEN`. Each of expired, revoked, unknown, and of somebody who has left: 401."""

    def authenticate_credentials(self, token: bytes) -> Any:
        try:
            return super().authenticate_credentials(token)
        except UnicodeDecodeError:
            raise AuthenticationFailed(_("This token is not known.")) from None


class ApiAccess(BasePermission):
    """Members read, and everybody where PUBLIC_ACCESS is on; what changes something needs a token that may write."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method in SAFE_METHODS:
            return is_member(request.user) or bool(settings.PUBLIC_ACCESS)
        token = request.auth
        return isinstance(token, ApiToken) and token.scope == ApiToken.Scope.WRITE
