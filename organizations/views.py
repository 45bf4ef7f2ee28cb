"""A person's own page: who they are, their second factor, their tokens. And signing in by a provider of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import PasswordChangeView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.contrib.auth.decorators import login_not_required, login_required
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from requests import RequestException

from lib.one_writer import wait_for_other_writers
from organizations.account_forms import TokenForm, revoke
from organizations.changes import Watched, log_account, log_change
from organizations.models import ApiToken, Change, User
from organizations.sign_in import has_second_factor, lacks_second_factor

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase


@require_GET
@login_required
def account(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    context = {
        "roles": user.staff_roles.select_related("organization").prefetch_related("organization__names"),
        "tokens": ApiToken.objects.filter(user=user),
        "now": timezone.now(),
        "has_second_factor": has_second_factor(user),
        "lacks_second_factor": lacks_second_factor(user),
    }
    return render(request, "account/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
def new_token(request: HttpRequest) -> HttpResponse:
    """Makes a token and shows it, this once."""
    form = TokenForm(request.POST or None, user=cast("User", request.user))
    if request.method == "POST" and form.is_valid():
        response = render(request, "account/token.html", {"token": form.make(), "name": form.cleaned_data["name"]})
        response["Cache-Control"] = "no-store"
        return response
    return render(request, "account/token_form.html", {"form": form})


@require_POST
@login_required
def revoke_token(request: HttpRequest) -> HttpResponse:
    """Another's token is answered like one that does not exist."""
    token = get_object_or_404(ApiToken, user=request.user, digest=request.POST.get("token", ""))
    revoke(token, now=timezone.now())
    return redirect("account")


class OwnAccountLogged:
    """A form by which people change their own account: stored and logged, or neither.

    The library's signals come too late for that: some are sent after the commit.
    """

    request: Any

    def form_valid(self, form: Any) -> HttpResponse:
        user = self.request.user
        with transaction.atomic():
            wait_for_other_writers()
            watched = Watched()
            watched.look_at(User, [user.pk])
            answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            log_change(by=user, door=Change.Door.ACCOUNT, at=timezone.now(), records=watched.changes())
        return answer


class ChangePassword(OwnAccountLogged, PasswordChangeView):  # type: ignore[misc]
    """Signs everybody out who came in with the old one, and revokes all tokens (`User.save`)."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who signs in by the provider alone has no password here to change."""
        if not request.user.has_usable_password():
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_default_success_url(self) -> str:
        return reverse("account")


change_password = login_required(ChangePassword.as_view())


class SetUpSecondFactor(OwnAccountLogged, ActivateTOTPView):  # type: ignore[misc]
    """Setting up the app; says so to whoever is led here because nothing else opens without it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "lacks_second_factor": lacks_second_factor(self.request.user)}


set_up_second_factor = SetUpSecondFactor.as_view()


class TakeSecondFactorAway(OwnAccountLogged, DeactivateTOTPView):  # type: ignore[misc]
    """Taking the app away, and with it the recovery codes."""


take_second_factor_away = TakeSecondFactorAway.as_view()


class NewRecoveryCodes(GenerateRecoveryCodesView):  # type: ignore[misc]
    """New codes in place of the old ones: made and logged, or neither."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        wait_for_other_writers()
        answer: HttpResponse = super().form_valid(form)
        user: Any = self.request.user
        log_account(user=user, by=user, at=timezone.now(), fields={"recovery_codes": (False, True)})
        return answer


new_recovery_codes = NewRecoveryCodes.as_view()


@require_GET
@login_not_required
def single_sign_on(request: HttpRequest) -> HttpResponse:
    """Leads to the provider, and says nothing to it that stands in the address but where to go afterwards.

    The provider knows one address to lead back to, whatever language somebody reads.
    """
    provider = get_adapter().get_provider(request, settings.OIDC["OIDC_ISSUER"])
    afterwards = get_next_redirect_url(request) or reverse(settings.LOGIN_REDIRECT_URL)
    try:
        with override(settings.LANGUAGE_CODE):
            answer: HttpResponse = provider.redirect(request, AuthProcess.LOGIN, next_url=afterwards)
    except RequestException:
        answer = render_authentication_error(request, provider)
    return answer
