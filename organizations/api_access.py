"""How programs come in to the REST API: tokens, and who may ask at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission

from organizations.models import ApiToken
from organizations.policy import is_member, may_enter_data
from organizations.sign_in import lacks_second_factor

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class TokenAuthentication(KnoxAuthentication):  # type: ignore[misc]
    """`Authorization: Bearer TOKEN`. Each of expired, revoked, unknown, and of somebody who has left: 401."""

    def authenticate_credentials(self, token: bytes) -> Any:
        try:
            return super().authenticate_credentials(token)
        except UnicodeDecodeError:
            raise AuthenticationFailed(_("This token is not known.")) from None

    def validate_user(self, auth_token: ApiToken) -> Any:
        """A token that never expires was made past the door that makes them."""
        if auth_token.expiry is None:
            raise AuthenticationFailed(_("This token is not known."))
        return super().validate_user(auth_token)


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes the token."""

    target_class = "organizations.api_access.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> Any:
        return {"type": "http", "scheme": "bearer", "description": "A token made at /account/."}


class ApiAccess(BasePermission):
    """Members read, and everybody where PUBLIC_ACCESS is on; what changes something needs a token that may write.

    A token does no more than its user may do now, and a session no more than read.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        if lacks_second_factor(request.user):
            raise PermissionDenied(_("Set up your second factor at /account/ first."))
        if request.method in SAFE_METHODS:
            return is_member(request.user) or bool(settings.PUBLIC_ACCESS)
        if not is_member(request.user):
            return False
        if not isinstance(request.auth, ApiToken):
            raise PermissionDenied(_("Programs write with a token: make one at /account/."))
        if request.auth.scope != ApiToken.Scope.WRITE:
            raise PermissionDenied(_("This token only reads: make one that writes, at /account/."))
        if not may_enter_data(request.user):
            raise PermissionDenied(_("Coordinators and administrators write: you have neither role."))
        return True
