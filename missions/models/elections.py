"""Elections, and the days on which their regions and rounds vote."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from lib.constraints import unique_even_where_blank
from lib.refusals import end_before_start, refuse
from lib.text import fold
from missions.models.reasons import Reason
from organizations.countries import countries_with, folded_country_names
from organizations.models import OneSourceQuerySet, Record, RecordQuerySet, Region, Source
from organizations.models.records import code_from, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organizations.models.records import Search

LAST_ROUND = 99


def day_or_minute(value: str) -> None:
    """A day, or a day and a time of the host country: 2016-03-14 or 2016-03-14T18:00."""
    try:
        known = (len(value) == 10 and parse_date(value)) or (len(value) == 16 and parse_datetime(value))
    except ValueError:
        known = None
    if not known:
        raise ValidationError(_("Give a day, or a day and the host's local time: 2016-03-14 or 2016-03-14T18:00."))


def election_word_found(word: str, prefix: str = "") -> models.Q:
    """Where a word is found in an election: its own words, its country or its kind, in every language of the site.

    `prefix`: the way from the rows to their election, such as "election__".
    """
    kinds = [kind for kind, labels in folded_labels_of_kinds().items() if word in labels]
    return (
        models.Q(**{f"{prefix}search_text__contains": word})
        | models.Q(**{f"{prefix}country__in": countries_with(word)})
        | models.Q(**{f"{prefix}kind__in": kinds})
    )


@cache
def folded_labels_of_kinds() -> dict[str, str]:
    """The folded labels of each kind of election in every language of the site."""
    folded: dict[str, list[str]] = {kind: [] for kind in Election.Kind.values}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for kind, label in Election.Kind.choices:
                folded[kind].append(fold(str(label)))
    return {kind: " ".join(labels) for kind, labels in folded.items()}


class ElectionQuerySet(RecordQuerySet):
    def public(self) -> Self:
        return self

    def word_found(self, word: str, search: Search) -> models.Q:
        return election_word_found(word)


class Election(Record):
    """The votes held in one country on the same days under one accreditation."""

    class Kind(models.TextChoices):
        PRESIDENTIAL = "presidential", _("Presidential election")
        PARLIAMENTARY = "parliamentary", _("Parliamentary election")
        LOCAL = "local", _("Local election")
        REFERENDUM = "referendum", _("Referendum")
        BY_ELECTION = "by_election", _("By-election")
        GENERAL = "general", _("General election")

    class Status(models.TextChoices):
        EXPECTED = "expected", _("Expected")
        CALLED = "called", _("Called")
        HELD = "held", _("Held")
        ANNULLED = "annulled", _("Annulled")
        POSTPONED = "postponed", _("Postponed")
        CANCELLED = "cancelled", _("Cancelled")

    dataset_file = "elections"
    columns = (
        "country",
        "kind",
        "name",
        "office",
        "election_day",
        "status",
        "status_reason",
        "accreditation_closes_at",
        "remark",
        "sources",
    )

    country = CountryField(_("host country"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(
        _("name"), max_length=250, blank=True, help_text=_("Blank: kind, country and day stand for it.")
    )
    office = models.CharField(
        _("office"), max_length=250, blank=True, help_text=_("What is voted on: President, Mazhilis, akims …")
    )
    election_day = models.DateField(
        _("election day"), help_text=_("The main day of voting. Further days and rounds are voting days.")
    )
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.CALLED)
    status_reason = models.CharField(_("reason"), max_length=20, choices=Reason, blank=True)
    accreditation_closes_at = models.CharField(
        _("accreditation closes at"),
        max_length=16,
        blank=True,
        validators=[day_or_minute],
        help_text=_("The last moment to ask for accreditation, local time: 2017-10-09 or 2017-10-09T18:00."),
    )
    remark = models.TextField(_("remark"), blank=True, help_text=_("Shown to everybody who may see this record."))
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True, related_name="elections")
    search_text = models.TextField(editable=False, default="", blank=True)

    objects = ElectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("election")
        verbose_name_plural = _("elections")
        ordering = ["-election_day", "code"]
        indexes = [models.Index(fields=["-election_day", "code"], name="election_by_day")]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("election", args=[self.code])

    @property
    def label(self) -> str:
        """The recorded name, or kind, country and day."""
        if self.name:
            return self.name
        day = date_format(self.election_day, "DATE_FORMAT") if self.election_day else ""
        return f"{self.get_kind_display()}, {self.country.name}, {day}"

    def computed_code(self) -> str:
        return code_from(self.country, self.kind, self.election_day)

    def keep_search_text(self) -> None:
        country = folded_country_names().get(str(self.country), "")
        self.search_text = f"{fold(f'{self.name} {self.office} {self.get_kind_display()} {self.code}')} {country}"

    def warnings(self) -> list[Any]:
        found: list[Any] = []
        if self.accreditation_closes_at and self.accreditation_closes_at[:10] > self.election_day.isoformat():
            found.append(_("Accreditation closes after election day. Check both dates."))
        same = Election.objects.filter(country=self.country, kind=self.kind, election_day=self.election_day)
        sentence = _("Another election of this kind is recorded in this country on this day: %(other)s.")
        return [*found, *(sentence % {"other": other.code} for other in same.exclude(pk=self.pk))]


def another_election(record: models.Model, field: str) -> dict[str, Any]:
    """What a record points to belongs to the same election as the record itself."""
    other = getattr(record, field, None)
    if other is not None and other.election != getattr(record, "election", None):
        return {field: _("“%(other)s” belongs to another election.") % {"other": other}}
    return {}


class ElectionRecord(models.Model):
    """A record of one election on which others hang: its election cannot change under them."""

    loaded_election_id: int | None = None

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        record = super().from_db(*args, **kwargs)
        record.loaded_election_id = record.__dict__.get("election_id")
        return record

    def election_moved(self, *hanging: str) -> dict[str, Any]:
        """The election of a record on which parts, channels, assignments or counts hang does not change."""
        moved = self.loaded_election_id is not None and self.loaded_election_id != self.election_id  # type: ignore[attr-defined]
        if moved and any(getattr(self, related).exists() for related in hanging):
            return {"election": _("Channels, assignments, counts or parts hang on this record: its election stays.")}
        return {}


class RowsOfElections:
    """What querysets of rows that belong to one election each have in common."""

    def in_elections(self: Any, elections: Iterable[Election]) -> Any:
        return self.filter(election__in=elections)


class VotingDayQuerySet(RowsOfElections, OneSourceQuerySet):
    def word_found(self, word: str, search: Search) -> models.Q:
        return models.Q(election__search_text__contains=word) | models.Q(region__search_text__contains=word)


class VotingDay(Record):
    """The day or days on which a region, or the whole country, votes in a round."""

    dataset_file = "voting_days"
    columns = ("election", "region", "round", "starts_on", "ends_on", "source")
    natural_key_columns = ("election", "region", "round", "starts_on")

    election = models.ForeignKey(
        Election, verbose_name=_("election"), on_delete=models.CASCADE, related_name="voting_days"
    )
    region = models.ForeignKey(
        Region,
        verbose_name=_("region"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="voting_days",
        help_text=_("Blank: the whole country."),
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1, help_text=_("2 for a run-off."))
    starts_on = models.DateField(_("votes on"))
    ends_on = models.DateField(_("to"), null=True, blank=True, help_text=_("Blank: one day."))
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, null=True, blank=True, related_name="voting_days"
    )

    objects = VotingDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("voting day")
        verbose_name_plural = _("voting days")
        ordering = ["election", "round", "starts_on", "code"]
        constraints = [
            in_order("voting_day_in_order", "starts_on", "ends_on"),
            *unique_even_where_blank(
                name="voting_day_once",
                fields=("election", "region", "round", "starts_on"),
                nullable=("region",),
                message=_("This voting day is recorded already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.election}: {self.starts_on}"

    def clean(self) -> None:
        super().clean()
        refuse(end_before_start(self, "starts_on", "ends_on"), self.no_round())

    def no_round(self) -> dict[str, Any]:
        in_range = self.round is None or 1 <= self.round <= LAST_ROUND
        return {} if in_range else {"round": _("Rounds are counted from 1.")}

    def warnings(self) -> list[Any]:
        if self.region and self.starts_on and not self.region.existed_on(self.starts_on):
            sentence = _("The region “%(region)s” did not exist on %(day)s.")
            return [sentence % {"region": self.region, "day": self.starts_on}]
        return []

    def computed_code(self) -> str:
        region = self.region.code if self.region else ""
        return code_from(self.election.code, region, f"round {self.round}", self.starts_on)
