"""Accounts, and what each may do for which organization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lib.one_writer import wait_for_other_writers
from organizations.admin.logging import LoggedAccounts
from organizations.admin.versions import VERSION, fingerprint_of, who_and_when
from organizations.changes import told_stored
from organizations.forms import NamedRows
from organizations.models import StaffRole, User
from organizations.models.changes import ACCOUNTS
from organizations.policy import is_administrator

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


class ForAdministrators(admin.options.BaseModelAdmin):
    """Administrators give accounts and roles; for everybody else there are none. No account is deleted."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StaffRoleRows(ForAdministrators, admin.TabularInline):
    """What the person may do for which organization. Nobody gives a role to themselves."""

    model = StaffRole
    formset = NamedRows
    fields = ("organization", "role")
    autocomplete_fields = ("organization",)
    extra = 0

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = StaffRole.choices_of(db_field.name, request.user)
        return rows.prefetch_related("names")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request) and obj != request.user

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request) and obj != request.user

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A role is taken away by deleting it."""
        return self.has_change_permission(request, obj)


class AccountForm(UserChangeForm):
    """An account, with a way out for whoever has lost the second factor."""

    # What is said to whoever saves on top of what somebody else has stored meanwhile; blank: nobody has.
    outdated = ""

    take_second_factor_away = forms.BooleanField(
        label=_("take the second factor away"),
        required=False,
        help_text=_("For somebody who has lost it. The next sign-in asks to set up a new one."),
    )

    class Meta:
        model = User
        fields = ("username", "password", "first_name", "last_name", "email", "is_active", *User.DUTIES)
        labels = {"is_superuser": _("Administrator")}
        help_texts = {
            "is_active": "",
            "is_superuser": _("Keeps reference data, accounts, and the records that no organization keeps."),
        }

    def clean(self) -> dict[str, Any] | None:
        if self.outdated:
            again = _("Nothing is stored yet: saving again stores what stands here.")
            raise forms.ValidationError([self.outdated, again])
        return super().clean()


@admin.register(User)
class UserAdmin(ForAdministrators, LoggedAccounts, DjangoUserAdmin):
    """Accounts, and what each may do for which organization. Takes effect on the person's next request."""

    form = AccountForm
    list_display = ("username", "first_name", "last_name", "is_active", *User.DUTIES, "last_login")
    list_filter = ("is_active", *User.DUTIES)
    search_fields = ("username", "first_name", "last_name", "email")
    filter_horizontal = ()
    inlines = (StaffRoleRows,)
    actions = None
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Who it is"), {"fields": (("first_name", "last_name"), "email")}),
        (
            _("What the person may do"),
            {
                "fields": ("is_active", *User.DUTIES),
                "description": _(
                    "Somebody who leaves is no longer active: from the next request on nothing opens. "
                    "What a person does for an organization is chosen below."
                ),
            },
        ),
        (_("Sign-in"), {"fields": ("take_second_factor_away", "last_login")}),
    )
    readonly_fields = ("last_login",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nobody gives rights to themselves, or locks themselves out."""
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "is_active", *User.DUTIES) if obj == request.user else fixed

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return super().changeform_view(request, object_id, *args, **kwargs)
        with transaction.atomic():
            # Nobody else writes between the comparing and the saving.
            wait_for_other_writers()
            return super().changeform_view(request, object_id, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, *args, **kwargs)
        if obj and request.method == "POST" and request.POST.get(VERSION) != self.version(obj):
            form.outdated = who_and_when(request, [(ACCOUNTS, str(obj.pk))])
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj: Any = kwargs.get("obj")
        # Whoever was told that somebody else changed the account has seen that version.
        return super().render_change_form(
            request, context | ({"version": self.version(obj)} if obj else {}), *args, **kwargs
        )

    @staticmethod
    def version(account: User) -> str:
        """Tells what is stored of the account and its roles now from what was and will be."""
        return fingerprint_of([told_stored(User, [account.pk])[account.pk].values])

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the list's own filters send: a password's digest is no subject for questions."""
        return lookup in {f"{name}{ending}" for name in self.list_filter for ending in ("", "__exact")}

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        if form.cleaned_data.get("take_second_factor_away"):
            Authenticator.objects.filter(user=obj).delete()
