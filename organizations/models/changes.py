"""The log of changes: who changed what, when and by which door. Rows are added, never changed or deleted.

The database itself refuses to change or delete them (migration 0004). Values that tell of a person stand apart, so that
erasing the person removes them and leaves the log as it is. Written by `organizations.changes` alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models.accounts import User
from organizations.models.organizations import Organization
from organizations.models.records import CODE_LENGTH, Record
from organizations.policy import coordinated_by, is_administrator, is_coordinator, is_data_protection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organizations.policy import Reader

# What stands for accounts where the log names a kind of record; their code is their key.
ACCOUNTS = "accounts"


def record_kinds() -> dict[str, type[Record]]:
    """Every kind of record, of whichever app, by its name in addresses: `head-counts`, `missions` …"""
    return {model.resource(): model for model in apps.get_models() if issubclass(model, Record)}


class Change(models.Model):
    """One act of one person by one door: a form that was saved, an import, a merge. `records` are what it touched."""

    class Door(models.TextChoices):
        ADMIN = "admin", _("Data entry")
        DATASET = "dataset", _("Import of a dataset")
        SPREADSHEET = "spreadsheet", _("Spreadsheet of people")
        MERGE = "merge", _("Merge of two persons")
        ERASURE = "erasure", _("Erasure of a person")
        ACCOUNT = "account", _("Account")
        HELD = "held", _("Answer to a person")
        API = "api", _("REST API")

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


class ChangedRecordQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """The rows that this reader may see: data protection all, others those of records that they may change now.

        Of a record that is gone: that it was deleted, for whoever writes for the organization that kept it.
        Administrators also see what became of accounts. Source of the rule: docs/access.md, "The log of changes".
        """
        if is_data_protection(user):
            return self
        administrator = is_administrator(user)
        if not (administrator or is_coordinator(user)):
            return self.none()
        keepers = Organization.objects.filter(pk__in=coordinated_by(user)).values("code")
        deleted = models.Q(action=ChangedRecord.Action.DELETED)
        seen = deleted & models.Q(owner__in=keepers)
        whole = [ACCOUNTS] if administrator else []
        for resource, model in record_kinds().items():
            rows: Any = model._default_manager
            if model.kept_through:
                codes = rows.changeable_by(user).order_by().values("code")
                seen |= models.Q(resource=resource, code__in=codes)
                seen |= deleted & models.Q(resource=resource, owner="") if administrator else models.Q()
            elif administrator:
                # Reference data is the administrators' all together.
                whole.append(resource)
        return self.filter(seen | models.Q(resource__in=whole))

    def of(self, resource: str, code: str) -> Self:
        """What became of one record."""
        return self.filter(resource=resource, code=code)

    def of_records(self, model: type[Record], codes: Iterable[str]) -> Self:
        """What became of some records of one kind; of what tells of persons, also that a person was erased."""
        found = models.Q(resource=model.resource(), code__in=codes)
        return self.filter(found | models.Q(action=ChangedRecord.Action.ERASED) if model.is_personal else found)

    def with_all_shown(self) -> Self:
        """Brings along what the history of a record shows of each row."""
        return self.select_related("change__by").prefetch_related("personal_values")


class ChangedRecord(models.Model):
    """One record that a change touched.

    `fields` holds what was before and after, by column: `{"status": ["announced", "deployed"]}`; references as codes.
    A column that tells of a person, and a free text, stands there with null, its values in `personal_values`. What was
    created by a dataset or a spreadsheet has no fields: the file, of which the hash is kept, holds them. Nor has what
    was handed over: the log says of whom, never what.
    """

    class Action(models.TextChoices):
        CREATED = "created", _("Created")
        CHANGED = "changed", _("Changed")
        DELETED = "deleted", _("Deleted")
        ERASED = "erased", _("Erased")
        TOLD = "told", _("Handed over")

    change = models.ForeignKey(
        Change, verbose_name=_("change"), on_delete=models.PROTECT, related_name="records", db_index=True
    )
    resource = models.CharField(_("kind of record"), max_length=50)
    code = models.CharField(_("code"), max_length=CODE_LENGTH)
    action = models.CharField(_("what was done"), max_length=10, choices=Action)
    owner = models.CharField(_("kept by, at that time"), max_length=CODE_LENGTH, blank=True)
    fields = models.JSONField(_("fields"), default=dict)

    objects = ChangedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("changed record")
        verbose_name_plural = _("log of changes")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["resource", "code"], name="changed_record_of_record")]

    def __str__(self) -> str:
        return f"{self.resource}/{self.code}: {self.get_action_display()}"


class PersonalValue(models.Model):
    """What a column said before and after a change that tells of a person, or that may: a free text.

    Erasing the person deletes it; a free text, where the name stands in it.
    """

    record = models.ForeignKey(
        ChangedRecord, verbose_name=_("changed record"), on_delete=models.PROTECT, related_name="personal_values"
    )
    # The code of the person of whom it tells; blank where the text is about something else.
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
        return f"{self.record_id} {self.column}"
