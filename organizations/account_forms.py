"""What people may ask for on their own page: a token for a program."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.models import ApiToken, User
from organizations.policy import may_enter_data

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

    def make(self) -> str:
        """Makes the token and answers its text, which is kept nowhere."""
        given = self.cleaned_data
        _token, text = ApiToken.objects.create(
            user=self.user, expiry=timedelta(days=given["days"]), name=given["name"], scope=given["scope"]
        )
        return str(text)
