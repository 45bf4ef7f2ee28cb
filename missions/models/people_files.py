"""Spreadsheets of people that wait to be confirmed, and what was chosen for their columns."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from lib.constraints import unique_even_where_blank
from missions.models.assignments import Assignment
from missions.models.deployments import Deployment
from missions.models.missions import Mission
from organizations.models import Organization, Source, User

if TYPE_CHECKING:
    from datetime import datetime

    from organizations.policy import Reader


class PeopleFileQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """A file belongs to whoever sent it; nobody else sees it, administrators included."""
        return self.filter(user=user.pk)

    def waiting(self) -> Self:
        """Files that can still be imported."""
        return self.filter(imported_at=None)

    def imported(self) -> Self:
        """Files of which the refused rows are left."""
        return self.exclude(imported_at=None)

    def untouched_since(self, moment: datetime) -> Self:
        return self.filter(sent_at__lt=moment).exclude(imported_at__gte=moment)


class PeopleFile(models.Model):
    """A spreadsheet of people as it was sent, kept until it is imported, cancelled, or a day old.

    Of an imported file with refused rows `content` is the workbook of these alone, for a day more. Holds personal data
    of any kind, also such as is never taken into the record. `columns` are the fields that were chosen, by index of
    the column; `decisions` what was decided about rows, by number of the row.
    """

    code = models.UUIDField(_("code"), unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, verbose_name=_("sent by"), on_delete=models.CASCADE, related_name="people_files")
    sent_at = models.DateTimeField(_("sent at"), db_index=True)
    imported_at = models.DateTimeField(_("imported at"), null=True)
    name = models.CharField(_("name of the file"), max_length=255)
    content = models.BinaryField(_("content"))
    mission = models.ForeignKey(Mission, verbose_name=_("mission"), on_delete=models.CASCADE, related_name="+")
    deployment = models.ForeignKey(
        Deployment, verbose_name=_("deployment"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    owner = models.ForeignKey(
        Organization, verbose_name=_("kept by"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    role = models.CharField(_("role"), max_length=30, choices=Assignment.Role)
    columns: Any = models.JSONField(_("columns"), default=dict, blank=True)
    decisions: Any = models.JSONField(_("decisions"), default=dict, blank=True)

    objects = PeopleFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("spreadsheet of people")
        verbose_name_plural = _("spreadsheets of people")
        ordering = ["-sent_at", "code"]

    def __str__(self) -> str:
        """Without its name, which may tell a person's."""
        return str(self.code)


class RememberedColumn(models.Model):
    """What people of an organization (blank: the administrators) chose for a header, in its folded form."""

    owner = models.ForeignKey(
        Organization, verbose_name=_("organization"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    header = models.CharField(_("header"), max_length=250)
    field = models.CharField(_("field"), max_length=40)

    class Meta:
        verbose_name = _("remembered column")
        verbose_name_plural = _("remembered columns")
        ordering = ["owner", "header"]
        constraints = [
            *unique_even_where_blank(
                name="remembered_column_once",
                fields=("owner", "header"),
                nullable=("owner",),
                message=_("This header is remembered already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.header}: {self.field}"
