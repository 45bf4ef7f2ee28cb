"""Sources: the published documents and internal papers that facts cite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lib.text import fold
from organizations.models.records import OwnedRecord, RecordQuerySet, code_from

if TYPE_CHECKING:
    from organizations.models.copies import SourceCopyQuerySet

language_format = RegexValidator(
    r"^[a-z]{2,3}\Z", _("Give the language as two or three letters, for example en, ru or kk.")
)


class SourceQuerySet(RecordQuerySet):
    def public(self) -> Self:
        return self.filter(public=True)


class Source(OwnedRecord):
    """A published document or an internal paper. Facts cite it; facts that disagree are kept side by side."""

    dataset_file = "sources"
    columns = (
        "title",
        "publisher",
        "url",
        "archive_url",
        "published_on",
        "accessed_on",
        "language",
        "public",
        "excerpt",
    )
    columns_of_sight = frozenset({"public"})

    title = models.CharField(_("title"), max_length=500, help_text=_("As the document prints it."))
    publisher = models.CharField(
        _("publisher"), max_length=250, help_text=_("Who published it: a newspaper, an agency, a commission.")
    )
    url = models.URLField(_("address"), max_length=1000, blank=True, help_text=_("The page where it can be read."))
    archive_url = models.URLField(
        _("archive address"), max_length=1000, blank=True, help_text=_("A copy that stays when the page goes.")
    )
    published_on = models.DateField(
        _("published on"), null=True, blank=True, help_text=_("Blank where the document shows no date.")
    )
    accessed_on = models.DateField(_("read on"), null=True, blank=True, help_text=_("The day somebody read it."))
    language = models.CharField(
        _("language"),
        max_length=3,
        blank=True,
        validators=[language_format],
        help_text=_("Two letters: en, ru, kk …"),
    )
    public = models.BooleanField(
        _("public"),
        default=True,
        help_text=_("On: anybody may read what rests on it. Off: an internal paper, for members only."),
    )
    excerpt = models.TextField(
        _("excerpt"), blank=True, help_text=_("The phrase that carries the fact, in the document's own words.")
    )
    search_text = models.TextField(editable=False, default="", blank=True)

    objects = SourceQuerySet.as_manager()
    # The other side of `SourceCopy.source`.
    copies: SourceCopyQuerySet

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["-published_on", "code"]

    def __str__(self) -> str:
        dated = f", {self.published_on}" if self.published_on else ""
        return f"{self.publisher}{dated}: {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.code])

    def computed_code(self) -> str:
        """The publisher and the day, such as `rferl-2017-10-13`."""
        return code_from(self.publisher, self.published_on)

    @classmethod
    def told_besides(cls, keys: list[int]) -> dict[str, dict[int, Any]]:
        """The copies of each source, by their SHA-256."""
        found: dict[int, list[str]] = {key: [] for key in keys}
        rows = cls._default_manager.filter(pk__in=keys, copies__isnull=False).order_by("copies__sha256")
        for key, sha256 in rows.values_list("pk", "copies__sha256"):
            found[key].append(sha256)
        return {"copies": found}

    def keep_search_text(self) -> None:
        self.search_text = fold(f"{self.title} {self.publisher} {self.url} {self.code}")
