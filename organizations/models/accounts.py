"""Who signs in, and what for which organization."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from organizations import policy


class User(AbstractUser):
    """A person with an account. A superuser is an administrator: keeps reference data and accounts."""

    is_data_protection = models.BooleanField(
        _("data protection"),
        default=False,
        help_text=_("Sees all persons, tells them what is held about them, and confirms that it is erased."),
    )


class ApiToken(AbstractAuthToken):
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
