"""The log of changes: who changed what, when and by which door. Rows are added, never changed or deleted.

The database itself refuses to change or delete them (migration 0002). Values that tell of a person stand apart, so that
erasing the person removes them and leaves the log as it is. Written by `organizations.changes` alone.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models.accounts import User
from organizations.models.records import CODE_LENGTH


class Change(models.Model):
    """One act of one person by one door: a form that was saved, an import, a merge. `records` are what it touched."""

    class Door(models.TextChoices):
        ADMIN = "admin", _("Data entry")
        DATASET = "dataset", _("Import of a dataset")
        SPREADSHEET = "spreadsheet", _("Spreadsheet of people")
        MERGE = "merge", _("Merge of two persons")
        ERASURE = "erasure", _("Erasure of a person")
        ACCOUNT = "account", _("Account")

    at = models.DateTimeField(_("at"), db_index=True)
    by = models.ForeignKey(
        User,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="changes",
        help_text=_("Blank: whoever runs the server, by a command."),
    )
    door = models.CharField(_("by which door"), max_length=20, choices=Door)
    # What was read in: for each file its name and its SHA-256.
    files = models.JSONField(_("files"), default=list)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_door_display()}"


class ChangedRecord(models.Model):
    """One record that a change touched.

    `fields` holds what was before and after, by column: `{"status": ["announced", "deployed"]}`; references as codes.
    A column that tells of a person stands there with null, its values in `personal_values`. What was created by a
    dataset or a spreadsheet has no fields: the file, of which the hash is kept, holds them.
    """

    class Action(models.TextChoices):
        CREATED = "created", _("Created")
        CHANGED = "changed", _("Changed")
        DELETED = "deleted", _("Deleted")
        ERASED = "erased", _("Erased")

    change = models.ForeignKey(
        Change, verbose_name=_("change"), on_delete=models.PROTECT, related_name="records", db_index=True
    )
    resource = models.CharField(_("kind of record"), max_length=50)
    code = models.CharField(_("code"), max_length=CODE_LENGTH)
    action = models.CharField(_("what was done"), max_length=10, choices=Action)
    owner = models.CharField(_("kept by, at that time"), max_length=CODE_LENGTH, blank=True)
    fields = models.JSONField(_("fields"), default=dict)

    class Meta:
        verbose_name = _("changed record")
        verbose_name_plural = _("changed records")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["resource", "code"], name="changed_record_of_record")]

    def __str__(self) -> str:
        return f"{self.resource}/{self.code}: {self.get_action_display()}"


class PersonalValue(models.Model):
    """What a column that tells of a person said before and after a change. Erasing the person deletes it."""

    record = models.ForeignKey(
        ChangedRecord, verbose_name=_("changed record"), on_delete=models.PROTECT, related_name="personal_values"
    )
    # The code of the person of whom it tells.
    observer = models.CharField(_("observer"), max_length=CODE_LENGTH, db_index=True)
    column = models.CharField(_("column"), max_length=50)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)

    class Meta:
        verbose_name = _("personal value")
        verbose_name_plural = _("personal values")
        ordering = ["pk"]

    def __str__(self) -> str:
        """Without the values."""
        return f"{self.record_id} {self.column}"  # type: ignore[attr-defined]
