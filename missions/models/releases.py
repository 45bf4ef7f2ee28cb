"""Numbered releases of the public record, which research can cite."""

from __future__ import annotations

import csv
import zipfile
from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.policy import is_member

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from organizations.policy import Reader


class ReleaseQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """A release is as public as the record was: members read it, and visitors where access is public."""
        return self if is_member(user) or settings.PUBLIC_ACCESS else self.none()

    def listed(self) -> Self:
        """What is told of releases, without their files and the lists of what changed; the newest first."""
        return self.defer("content", "changes").order_by("-number")

    def with_file(self) -> Self:
        return self.filter(withdrawn_at=None)

    def withdraw(self, *, now: datetime) -> None:
        """Takes the files out; that there were such releases, and their hashes, stays."""
        self.with_file().update(content=None, withdrawn_at=now)


class Release(models.Model):
    """What everybody could see of the record at one moment, without persons, as a file that never changes.

    A name in it that must go takes the whole file along (`withdraw`). `changes` are those since the release with the
    number `since`: of each file the codes added and removed, and of those changed the columns.
    """

    number = models.PositiveIntegerField(gettext_lazy("number"), unique=True)
    released_at = models.DateTimeField(gettext_lazy("released at"))
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField(gettext_lazy("size in bytes"))
    rows = models.JSONField(gettext_lazy("rows of each file"))
    since = models.PositiveIntegerField(gettext_lazy("compared with the release"), null=True)
    summary = models.TextField(gettext_lazy("summary of what changed"), blank=True)
    changes = models.JSONField(gettext_lazy("what changed"))
    content = models.BinaryField(gettext_lazy("content"), null=True)
    withdrawn_at = models.DateTimeField(gettext_lazy("withdrawn at"), null=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("release")
        verbose_name_plural = gettext_lazy("releases")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(content__isnull=False, withdrawn_at=None)
                | models.Q(content=None, withdrawn_at__isnull=False),
                name="release_has_its_file_or_is_withdrawn",
            )
        ]

    def __str__(self) -> str:
        return _("Release %(number)s") % {"number": self.number}

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A release is never changed: it is withdrawn, or another one is made.")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("api:release-file", args=[self.number])

    def citation(self, address: str) -> str:
        """How a paper cites it, found at that address."""
        told = {
            "number": self.number,
            "day": date_format(self.released_at),
            "address": address,
            "sha256": self.sha256,
        }
        sentence = _(
            "Record of election observation missions, release %(number)s, %(day)s, %(address)s (SHA-256 %(sha256)s)"
        )
        return sentence % told


class ReleasedFiles:
    """The tables in the file of a release."""

    def __init__(self, content: bytes) -> None:
        self.archive = zipfile.ZipFile(BytesIO(content))
        self.names = [name for name in self.archive.namelist() if name.endswith(".csv")]

    def table(self, name: str) -> Iterator[dict[str, str]]:
        """The rows of a file by column; none where the release has no such file."""
        if name in self.names:
            with self.archive.open(name) as file:
                yield from csv.DictReader(TextIOWrapper(file, "utf-8", newline=""))
