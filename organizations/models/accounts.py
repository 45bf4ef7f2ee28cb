"""Who signs in, and what for which organization."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person with an account. A superuser is an administrator: keeps reference data and accounts."""


class StaffRole(models.Model):
    """What a person may do for an organization."""

    class Role(models.TextChoices):
        VIEWER = "viewer", _("Viewer: reads what the organization keeps")
        COORDINATOR = "coordinator", _("Coordinator: writes what the organization keeps")

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
