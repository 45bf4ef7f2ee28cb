"""The feed of changes: what copies of the record are told, in the order in which acts were committed.

Unlike the log it holds no values and nobody's name, and of each entry to whom it is told. Entries are added, never
changed or deleted; the database itself refuses to (migration 0008). Written by `organizations.feed` alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models.records import CODE_LENGTH
from organizations.policy import is_among

if TYPE_CHECKING:
    from collections.abc import Collection


class AudienceQuerySet(models.QuerySet):
    def with_whom(self, words: frozenset[str]) -> frozenset[int]:
        """The keys of the audiences of which somebody is one of whom these words are true."""
        rows = self.values_list("pk", "words")
        return frozenset(key for key, audience in rows if is_among(words, frozenset(audience.split())))


class Audience(models.Model):
    """Some who see a record, in the words of `organizations.policy`. Each is stored once, and there are few."""

    # In alphabetical order, with a space between them; blank: nobody.
    words = models.TextField(_("words"), unique=True)

    objects = AudienceQuerySet.as_manager()

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")

    def __str__(self) -> str:
        return self.words


class ToldRecord(models.Model):
    """Who sees a record, as the feed has told it last. Of what nobody has been told there is no row."""

    resource = models.CharField(_("kind of record"), max_length=50)
    code = models.CharField(_("code"), max_length=CODE_LENGTH)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("record that was told")
        verbose_name_plural = _("records that were told")
        constraints = [models.UniqueConstraint(fields=["resource", "code"], name="told_record_once")]

    def __str__(self) -> str:
        return f"{self.resource}/{self.code}"


class FeedEntryQuerySet(models.QuerySet):
    def told_to(self, own: Collection[int]) -> Self:
        """The entries about records that one of these audiences saw before or sees after, if it sees a difference.

        Of whatever else was done there is no trace.
        """
        before, after = models.Q(before__in=own), models.Q(after__in=own)
        return self.filter(before | after).exclude(before & after & models.Q(fields=""))


class FeedEntry(models.Model):
    """What became of one record by one act, for those who saw it before or see it afterwards.

    Who sees it only afterwards is told that it is there; who saw it only before, that it is gone; who sees it before
    and after, which columns changed, if any did: by what a reader is at the time of reading. The keys are in the order
    in which the acts were committed: each act has the writers' lock when it asks for them.
    """

    class Act(models.TextChoices):
        CHANGED = "changed", _("Changed")
        DELETED = "deleted", _("Deleted")
        ERASED = "erased", _("Erased")
        MERGED = "merged", _("Merged")

    at = models.DateTimeField(_("at"), db_index=True)
    resource = models.CharField(_("kind of record"), max_length=50)
    code = models.CharField(_("code"), max_length=CODE_LENGTH)
    act = models.CharField(_("what was done"), max_length=10, choices=Act)
    # The columns that changed, with a space between them.
    fields = models.TextField(_("fields"), blank=True)
    before = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+", db_index=False)
    after = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = FeedEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the feed")
        verbose_name_plural = _("feed of changes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.resource}/{self.code}: {self.get_act_display()}"
