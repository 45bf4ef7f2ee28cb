"""Who signs in, and what for which organization."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from organizations import policy


class User(AbstractUser):  # type: ignore[django-manager-missing]
    """A person with an account. A superuser is an administrator: keeps reference data and accounts.

    Of Django's own rights `is_staff`, groups and permissions play no part: `organizations.policy` says who may do what.
    """

    # What somebody does for the whole tracker, and not for one organization.
    DUTIES = ("is_superuser", "is_data_protection")

    is_data_protection = models.BooleanField(
        _("data protection"),
        default=False,
        help_text=_("Sees all persons, tells them what is held about them, and confirms that it is erased."),
    )
    # Whether the password was taken away, and nobody has saved that yet.
    _is_password_taken = False

    @cached_property
    def enters_data(self) -> bool:
        """Whether the pages offer the admin; each request asks the database anew."""
        return policy.may_enter_data(self)

    def set_unusable_password(self) -> None:
        super().set_unusable_password()
        self._is_password_taken = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With the password go all tokens, as Django ends all sessions: whoever knew the old one has nothing left.

        Django's own new digest of the same password, made at a sign-in, is no new password and revokes nothing.
        """
        is_new_password = self._password is not None or self._is_password_taken  # type: ignore[attr-defined]
        super().save(*args, **kwargs)
        self._is_password_taken = False
        if is_new_password:
            ApiToken.objects.filter(user=self).delete()


class ApiToken(AbstractAuthToken):  # type: ignore[misc]
    """Lets a program in as the person who made it, for as long as both may come in. Kept as a digest."""

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Read and write")

    name = models.CharField(_("name"), max_length=100, help_text=_("What it is for: the program, the machine."))
    scope = models.CharField(_("scope"), max_length=10, choices=Scope, default=Scope.READ)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created"]

    def __str__(self) -> str:
        return self.name


class StaffRole(models.Model):
    """What a person may do for an organization."""

    class Role(models.TextChoices):
        VIEWER = policy.VIEWER, _("Viewer: reads what the organization keeps")
        COORDINATOR = policy.COORDINATOR, _("Coordinator: writes what the organization keeps")

    user = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="staff_roles")
    organization = models.ForeignKey(
        "organizations.Organization",
        verbose_name=_("organization"),
        on_delete=models.CASCADE,
        related_name="staff_roles",
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)

    class Meta:
        verbose_name = _("staff role")
        verbose_name_plural = _("staff roles")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization"],
                name="staff_role_once",
                violation_error_message=_("This person has a role in this organization already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} ({self.organization})"

    @classmethod
    def choices_of(cls, name: str, user: policy.Reader) -> Any:
        """Administrators give roles, in any organization; nobody else does."""
        related: Any = cls._meta.get_field(name).related_model
        return related._default_manager.all() if policy.is_administrator(user) else related._default_manager.none()
