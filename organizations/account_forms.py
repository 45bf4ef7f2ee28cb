"""What people may ask for on their own page: a token for a program."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.one_writer import wait_for_other_writers
from organizations.changes import log_account
from organizations.models import ApiToken, User
from organizations.policy import may_enter_data

if TYPE_CHECKING:
    from datetime import datetime

MOST_DAYS = 180
MOST_TOKENS = 20


class TokenForm(forms.ModelForm):
    """A token: what for, what it may do, for how long. Only who may enter data gives a token the right to write."""

    days = forms.IntegerField(
        label=_("Days"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=90,
        help_text=_("After these it no longer works. At most 180."),
    )

    class Meta:
        model = ApiToken
        fields = ["name", "scope"]
        labels = {"name": _("Name"), "scope": _("What it may do")}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        scopes = ApiToken.Scope.choices if may_enter_data(user) else ApiToken.Scope.choices[:1]
        self.fields["scope"] = forms.ChoiceField(label=_("What it may do"), choices=scopes, initial=ApiToken.Scope.READ)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.user.auth_token_set.count() >= MOST_TOKENS:
            raise forms.ValidationError(_("You have 20 tokens, which is the most. Revoke one that you no longer use."))
        return cleaned

    @transaction.atomic
    def make(self) -> str:
        """Makes the token, logs it, and answers its text, which is kept nowhere."""
        wait_for_other_writers()
        given = self.cleaned_data
        token, text = ApiToken.objects.create(
            user=self.user, expiry=timedelta(days=given["days"]), name=given["name"], scope=given["scope"]
        )
        fields = {"api_token": (None, in_the_log(token))}
        log_account(user=self.user, by=self.user, at=timezone.now(), fields=fields)
        return str(text)


@transaction.atomic
def revoke(token: ApiToken, *, now: datetime) -> None:
    """Takes the token away and logs it; what somebody else has taken away meanwhile is logged already."""
    wait_for_other_writers()
    if ApiToken.objects.filter(pk=token.pk).delete()[0]:
        fields = {"api_token": (in_the_log(token), None)}
        log_account(user=token.user, by=token.user, at=now, fields=fields)


def in_the_log(token: ApiToken) -> str:
    """What the log tells of a token, and never a part of it or its digest: its name, what it may do, its last day."""
    last_day = f"{token.expiry:%Y-%m-%d}" if token.expiry else "–"
    return f"{token.name} ({token.scope}, {last_day})"
