"""Who is let in: by password and second factor, or by the provider of single sign-on. Nobody makes an account here."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import TYPE_CHECKING, Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.providers.base.constants import AuthProcess
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from lib.one_writer import wait_for_other_writers
from organizations import policy
from organizations.changes import log_account
from organizations.models import User

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from django.http import HttpRequest

    from organizations.policy import Reader

# When somebody signed in and was last here, as seconds since 1970, in the session (organizations.middleware).
SIGNED_IN_AT = "signed_in_at"
LAST_SEEN_AT = "last_seen_at"


def has_second_factor(user: Reader) -> bool:
    return bool(Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists())


def lacks_second_factor(user: Reader) -> bool:
    """Whether the user must set up a second factor before anything else: with any role but the viewer's, and none."""
    return bool(settings.REQUIRE_MFA) and policy.may_enter_data(user) and not has_second_factor(user)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Signing in with user name and password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by administrators."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """After signing in or out one is led to a page of the very host that was asked, and nowhere else."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has just signed in is not asked for the password once more."""
        signed_in_at: float = context.request.session.get(SIGNED_IN_AT, 0)
        timeout: float = app_settings.REAUTHENTICATION_TIMEOUT
        return time.time() - signed_in_at >= timeout

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords count for the name alone: the host's name and port are chosen by whoever asks."""
        return str(credentials.get("username", "")).lower()


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are kept encrypted: a copy of the database gives nobody a second factor."""

    def get_totp_label(self, user: User) -> str:
        """What the app on the phone calls the account."""
        return user.get_username()

    def encrypt(self, text: str) -> str:
        return _cipher(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            try:
                return _cipher(key).decrypt(encrypted_text.encode()).decode()
            except InvalidToken:
                continue
        # SECRET_KEY is another one than when the factor was set up: a secret that no code fits.
        return base64.b32encode(hashlib.sha256(encrypted_text.encode()).digest()).decode()


def _cipher(secret_key: str) -> Fernet:
    key = hashlib.scrypt(secret_key.encode(), salt=b"organizations.sign_in.second_factor", n=2, r=8, p=1, dklen=32)
    return Fernet(base64.urlsafe_b64encode(key))


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Signing in by the OpenID Connect provider of the settings: it says who it is, the tracker who may come in.

    An account is found by its e-mail address, if the provider has verified it, and from then on by the provider's own
    name for the person. Nobody gets an account this way, and nobody links one to another's.
    """

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[Any]:
        """The provider is named by the settings alone, never by a row of the database."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise ImmediateHttpResponse(stranger(request))
        account = sociallogin.account
        told = account.extra_data
        # What the provider tells of the person is not kept.
        account.extra_data = {}
        if sociallogin.is_existing:
            account.save(update_fields=["extra_data"])
            return
        user = user_of_verified_email(told.get("userinfo") or told.get("id_token") or {})
        if user is None:
            raise ImmediateHttpResponse(stranger(request))
        with transaction.atomic():
            wait_for_other_writers()
            sociallogin.connect(request, user)
            log_account(user=user, by=user, at=timezone.now(), fields={"single_sign_on": (False, True)})


def user_of_verified_email(told: dict[str, Any]) -> User | None:
    """The one active account with the e-mail address that the provider says it has verified."""
    email = told.get("email")
    # Some providers write the word.
    if not email or told.get("email_verified") not in (True, "true"):
        return None
    users = list(User.objects.filter(email__iexact=str(email), is_active=True)[:2])
    return users[0] if len(users) == 1 else None


def stranger(request: HttpRequest) -> Any:
    """Says that there is no account for whom the provider let in; of whoever asks nothing more is told."""
    return render(request, "socialaccount/no_account.html", status=403)
