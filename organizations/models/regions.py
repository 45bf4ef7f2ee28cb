"""Regions of countries, with the dates between which they existed under a code and a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from lib.refusals import end_before_start, part_of_itself, refuse
from lib.text import fold
from organizations.models.records import Record, RecordQuerySet, code_from, in_order
from organizations.models.sources import Source

if TYPE_CHECKING:
    from datetime import date

iso_format = RegexValidator(r"^[A-Z]{2}-[A-Z0-9]{1,3}\Z", _("Give the ISO 3166-2 code, for example KZ-AKM or KZ-10."))


class RegionQuerySet(RecordQuerySet):
    def public(self) -> Self:
        return self

    def existing_on(self, day: date) -> Self:
        """The regions that existed on the day; blank ends are open."""
        return self.filter(
            models.Q(valid_from__isnull=True) | models.Q(valid_from__lte=day),
            models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=day),
        )


class Region(Record):
    """A region under one code and one name. A renamed region is a new row with its own dates."""

    dataset_file = "regions"
    columns = ("iso", "country", "name", "valid_from", "valid_until", "part_of", "source")

    iso = models.CharField(
        _("ISO 3166-2 code"), max_length=6, blank=True, validators=[iso_format], help_text=_("Blank if it has none.")
    )
    country = CountryField(_("country"))
    name = models.CharField(_("name"), max_length=250)
    valid_from = models.DateField(_("valid from"), null=True, blank=True, help_text=_("Blank: not known, or always."))
    valid_until = models.DateField(_("valid until"), null=True, blank=True, help_text=_("Blank: still valid."))
    part_of = models.ForeignKey(
        "self", verbose_name=_("part of"), on_delete=models.PROTECT, null=True, blank=True, related_name="parts"
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, null=True, blank=True, related_name="regions"
    )
    search_text = models.TextField(editable=False, default="", blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["country", "name", "code"]
        constraints = [in_order("region_in_order", "valid_from", "valid_until")]

    def __str__(self) -> str:
        return f"{self.name} ({self.iso or self.country})"

    def clean(self) -> None:
        super().clean()
        refuse(
            end_before_start(self, "valid_from", "valid_until"),
            part_of_itself(self, "part_of"),
            self.iso_of_another_country(),
        )

    def iso_of_another_country(self) -> dict[str, Any]:
        """A region's ISO code begins with its country's."""
        if self.iso and self.country and not self.iso.startswith(f"{self.country}-"):
            return {"iso": _("The code does not begin with the country's, %(country)s.") % {"country": self.country}}
        return {}

    def computed_code(self) -> str:
        return code_from(self.iso) if self.iso else code_from(self.country, self.name)

    def keep_search_text(self) -> None:
        self.search_text = fold(f"{self.name} {self.iso} {self.code}")

    def existed_on(self, day: date) -> bool:
        """Whether the region existed on the day. See also RegionQuerySet.existing_on."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )
