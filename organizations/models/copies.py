"""Copies of sources: what a document said on the day somebody read it, kept when the page goes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.media_types import ENDINGS, decoded, media_type_of
from lib.quotes import plain, text_of_page
from organizations.models.accounts import User
from organizations.models.sources import Source
from organizations.policy import may_enter_data

if TYPE_CHECKING:
    from datetime import datetime

    from organizations.policy import Reader

BYTES_AT_MOST = 10_000_000
COPIES_AT_MOST = 10
# Of longer documents so many letters are looked through for quotes: two thousand pages.
LETTERS_AT_MOST = 1_000_000


class MediaType(models.TextChoices):
    PDF = "application/pdf", "PDF"
    HTML = "text/html", "HTML"
    TEXT = "text/plain", gettext_lazy("text")
    PNG = "image/png", gettext_lazy("image (PNG)")
    JPEG = "image/jpeg", gettext_lazy("image (JPEG)")
    WEBP = "image/webp", gettext_lazy("image (WebP)")


READABLE = (MediaType.TEXT, MediaType.HTML)


class SourceCopyQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """The copies that this reader may open: somebody else's document is for those who enter data alone.

        Source of the rule: docs/access.md, "Copies of sources".
        """
        return self.filter(source__in=Source.objects.visible_to(user)) if may_enter_data(user) else self.none()

    def listed(self) -> Self:
        """What is told of copies, without what is in them; the newest first."""
        return self.defer("content").select_related("taken_by").order_by("-taken_at", "-pk")

    @transaction.atomic
    def store(self, *, source: Source, content: bytes, by: User, now: datetime) -> tuple[SourceCopy, bool]:
        """The copy with this content, and whether it is new. Raises ValidationError, with nothing stored.

        To be called within the act of which the log tells (`Source.told_besides`).
        """
        media_type, sha256 = checked(content), hashlib.sha256(content).hexdigest()
        # Of two who store at once, one waits for the other.
        Source.objects.select_for_update().get(pk=source.pk)
        copies = self.filter(source=source)
        if there := copies.listed().filter(sha256=sha256).first():
            return there, False
        if copies.count() >= COPIES_AT_MOST:
            raise ValidationError(too_many())
        name = f"{source.code[:150]}-{sha256[:8]}.{ENDINGS[media_type]}"
        copy = SourceCopy(
            source=source, media_type=media_type, content=content, sha256=sha256, size=len(content), name=name
        )
        copy.taken_at, copy.taken_by = now, by
        copy.save()
        return copy, True


class SourceCopy(models.Model):
    """A document as it was: never changed once it is stored, and removed by who keeps the source."""

    source = models.ForeignKey(
        Source, verbose_name=gettext_lazy("source"), on_delete=models.CASCADE, related_name="copies"
    )
    media_type = models.CharField(gettext_lazy("type"), max_length=20, choices=MediaType)
    content = models.BinaryField(gettext_lazy("content"))
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField(gettext_lazy("size in bytes"))
    name = models.CharField(gettext_lazy("name of the file"), max_length=200)
    taken_at = models.DateTimeField(gettext_lazy("taken at"))
    taken_by = models.ForeignKey(
        User, verbose_name=gettext_lazy("taken by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = SourceCopyQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("copy of a source")
        verbose_name_plural = gettext_lazy("copies of sources")
        ordering = ["-taken_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["source", "sha256"], name="source_copy_once")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A copy of a source is never changed: remove it, and store another.")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("source-copy", args=[self.source.code, self.sha256])

    def written(self) -> str:
        """What is written in the file, tags and all; blank where it cannot be read."""
        return decoded(bytes(self.content)) if self.media_type in READABLE else ""

    def text(self) -> str:
        """The words in it, as a reader of the document sees them; blank where it cannot be read."""
        written = self.written()[:LETTERS_AT_MOST]
        return text_of_page(written) if self.media_type == MediaType.HTML else plain(written)


def text_of(source: Source) -> str:
    """The words of the newest copy that holds any; blank where there is none. Not for every reader: `visible_to`."""
    copies = source.copies.filter(media_type__in=READABLE).order_by("-taken_at", "-pk")
    return next(filter(None, (copy.text() for copy in copies.iterator(chunk_size=1))), "")


def checked(content: bytes) -> str:
    """The type of what is to be stored. Raises ValidationError, which says what to do."""
    if not content:
        raise ValidationError(_("The file is empty: choose another."))
    if len(content) > BYTES_AT_MOST:
        sentence = _("The file is larger than %(size)s MB: save the page that carries the fact by itself.")
        raise ValidationError(sentence % {"size": BYTES_AT_MOST // 1_000_000})
    media_type = media_type_of(content)
    if not media_type:
        raise ValidationError(
            _(
                "The file is no PDF, HTML page, text in UTF-8, or image (PNG, JPEG, WebP): "
                "print the page as PDF, or paste its text."
            )
        )
    return media_type


def too_many() -> str:
    sentence = _("This source has %(count)s copies already: remove one first.")
    return sentence % {"count": COPIES_AT_MOST}
