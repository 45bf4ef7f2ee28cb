"""The addresses below /account/: those of the sign-in library that are needed, one by one, and a person's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account import views as sign_in
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.socialaccount.providers.openid_connect.views import callback
from allauth.socialaccount.views import login_cancelled
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.decorators.http import require_http_methods

from organizations import views

if TYPE_CHECKING:
    from django.urls import URLPattern

# The library's pages answer other methods as well, to nobody's use.
page = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns: list[URLPattern] = [
    path("", views.account, name="account"),
    # Where the library leads after a change of the second factor.
    path("", views.account, name="mfa_index"),
    path("login/", page(sign_in.login), name="account_login"),
    # Also for somebody who has given a password and gives up at the second factor.
    path("logout/", page(login_not_required(sign_in.logout)), name="account_logout"),
    path("inactive/", page(sign_in.account_inactive), name="account_inactive"),
    path("reauthenticate/", page(sign_in.reauthenticate), name="account_reauthenticate"),
    path("password/change/", page(views.change_password), name="account_change_password"),
    path("2fa/authenticate/", page(second_factor.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", page(second_factor.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", page(views.set_up_second_factor), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", page(views.take_second_factor_away), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", page(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", page(views.new_recovery_codes), name="mfa_generate_recovery_codes"),
    path(
        "2fa/recovery-codes/download/", page(recovery_codes.download_recovery_codes), name="mfa_download_recovery_codes"
    ),
    path("tokens/new/", views.new_token, name="new-token"),
    path("tokens/revoke/", views.revoke_token, name="revoke-token"),
]


def single_sign_on(issuer: str) -> list[URLPattern]:
    """The addresses of single sign-on. The provider is told the second one."""
    return [
        path("sso/login/", views.single_sign_on, name="single-sign-on"),
        path("sso/callback/", callback, {"provider_id": issuer}, name="openid_connect_callback"),
        path("sso/cancelled/", login_cancelled, name="socialaccount_login_cancelled"),
    ]


if settings.OIDC:
    urlpatterns += single_sign_on(settings.OIDC["OIDC_ISSUER"])
