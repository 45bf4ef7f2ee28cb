"""Deployments: parties of observers, and the channels through which sources say they were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from lib.refusals import end_before_start, part_of_itself, refuse
from missions.models.elections import Election, ElectionRecord, another_election
from missions.models.missions import Mission, election_word_found
from missions.models.reasons import Reason
from organizations.countries import countries_with, country_name
from organizations.models import OwnedRecord, Organization, RecordQuerySet, Source
from organizations.models.records import code_from

if TYPE_CHECKING:
    from collections.abc import Iterable


class DeploymentQuerySet(RecordQuerySet):
    def public(self) -> Self:
        return self.filter(pk__in=self.model.objects.filter(sources__public=True).values("pk"))

    def sent_by(self, organizations: Iterable[Organization]) -> Self:
        """Parties whose sender is one of these, or an organization below one of these."""
        return self.filter(sender__in=Organization.objects.all().with_those_below(organizations))

    def sent_through(self, missions: models.QuerySet[Mission], channels: models.QuerySet[Channel]) -> Self:
        """Parties that some source, among the given channels, sends through one of the given missions."""
        return self.filter(pk__in=channels.filter(mission__in=missions).values("deployment"))

    def whole_parties(self) -> Self:
        """Parties that are part of no other: only these are added up."""
        return self.filter(part_of=None)

    def word_found(self, word: str) -> Q:
        through = Channel.objects.filter(mission__organizer__search_text__contains=word)
        return (
            Q(sender__search_text__contains=word)
            | Q(sender_country__in=countries_with(word))
            | Q(pk__in=through.values("deployment"))
            | election_word_found(word)
        )


class Deployment(ElectionRecord, OwnedRecord):
    """A party of observers that a state, and where known a body of it, sends to an election.

    Through one mission, through several with an unpublished split, or through none (accredited directly).
    """

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        ANNOUNCED = "announced", _("Announced")
        DEPLOYED = "deployed", _("Deployed")
        COMPLETED = "completed", _("Completed")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        CANCELLED = "cancelled", _("Cancelled")

    dataset_file = "deployments"
    columns = (
        "election",
        "sender_country",
        "sender",
        "part_of",
        "status",
        "status_reason",
        "starts_on",
        "ends_on",
        "remark",
        "internal_note",
        "sources",
    )
    private_columns = frozenset({"internal_note"})

    election = models.ForeignKey(
        Election, verbose_name=_("election"), on_delete=models.PROTECT, related_name="deployments"
    )
    sender_country = CountryField(
        _("sending state"), blank=True, help_text=_("Blank with a sending body: the body's own state stands here.")
    )
    sender = models.ForeignKey(
        Organization,
        verbose_name=_("sending body"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deployments",
        help_text=_("Only where a source names the body. Several bodies of one state: leave blank."),
    )
    part_of = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        help_text=_("The larger party it belongs to: ten of the 46 are deputies. It is never added beside it."),
    )
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.ANNOUNCED)
    status_reason = models.CharField(
        _("reason"), max_length=20, choices=Reason, blank=True, help_text=_("Why it was withdrawn or cancelled.")
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    remark = models.TextField(_("remark"), blank=True, help_text=_("Shown to everybody who may see this record."))
    internal_note = models.TextField(_("internal note"), blank=True, help_text=_("For owner and organizer alone."))
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True, related_name="deployments")
    missions = models.ManyToManyField(
        Mission, verbose_name=_("missions"), through="missions.Channel", related_name="deployments"
    )

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("deployment")
        verbose_name_plural = _("deployments")
        ordering = ["-election__election_day", "code"]

    def __str__(self) -> str:
        return f"{self.sender_name} → {self.election.label}"

    @property
    def sender_name(self) -> str:
        """The sending body under its name of election day, or the sending state."""
        if self.sender:
            return self.sender.name_on(self.election.election_day)
        return country_name(str(self.sender_country))

    def clean_fields(self, exclude: Any = None) -> None:
        self.take_senders_country()
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        super().clean()
        refuse(
            end_before_start(self, "starts_on", "ends_on"),
            part_of_itself(self, "part_of"),
            another_election(self, "part_of"),
            self.sender_missing_or_foreign(),
            self.election_moved("parts", "channels", "assignments", "head_counts"),
        )

    def take_senders_country(self) -> None:
        """A body of a state is sent by that state: a blank sending state is filled from the body."""
        if self.sender and not self.sender_country:
            self.sender_country = self.sender.country

    def sender_missing_or_foreign(self) -> dict[str, Any]:
        """A party has a sending state or a sending body; where both stand, the body is of that state."""
        if not self.sender_country and self.sender is None:
            return {"sender_country": _("Give the sending state, the sending body, or both.")}
        if self.sender and self.sender.country != self.sender_country:
            sentence = _("“%(sender)s” is not a body of %(country)s.")
            return {"sender": sentence % {"sender": self.sender, "country": self.sender_country.name}}
        return {}

    def computed_code(self) -> str:
        return code_from(self.election.code, "from", self.sender.code if self.sender else self.sender_country)


class ChannelQuerySet(RecordQuerySet):
    def public(self) -> Self:
        return self.filter(source__public=True)

    def word_found(self, word: str) -> Q:
        return Q(mission__organizer__search_text__contains=word) | Q(deployment__election__search_text__contains=word)


class Channel(OwnedRecord):
    """A deployment through a mission, as one source tells it, in its words. Sources may differ; all stay."""

    dataset_file = "channels"
    columns = ("deployment", "mission", "as_named", "counted", "source", "excerpt")
    natural_key_columns = ("deployment", "mission", "source")

    deployment = models.ForeignKey(
        Deployment, verbose_name=_("deployment"), on_delete=models.CASCADE, related_name="channels"
    )
    mission = models.ForeignKey(Mission, verbose_name=_("mission"), on_delete=models.PROTECT, related_name="channels")
    as_named = models.CharField(
        _("in the source's words"), max_length=250, blank=True, help_text=_("How the source names the mission.")
    )
    counted = models.BooleanField(
        _("counted"), default=True, help_text=_("Off: shown, but left out of all figures, for example a misprint.")
    )
    source = models.ForeignKey(Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="channels")
    excerpt = models.TextField(_("excerpt"), blank=True, help_text=_("The phrase that says so."))

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["deployment", "mission", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "mission", "source"],
                name="channel_once",
                violation_error_message=_("This source names this mission for the deployment already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.deployment} – {self.mission.organizer_name}"

    def clean(self) -> None:
        super().clean()
        refuse(self.mission_of_another_election())

    def mission_of_another_election(self) -> dict[str, Any]:
        """A channel joins a deployment and a mission of the same election."""
        deployment, mission = getattr(self, "deployment", None), getattr(self, "mission", None)
        if deployment and mission and deployment.election != mission.election:
            return {"mission": _("“%(other)s” belongs to another election.") % {"other": mission}}
        return {}

    def computed_code(self) -> str:
        mission = self.mission.code.removeprefix(f"{self.mission.election.code}-")
        return code_from(self.deployment.code, "via", mission, self.source.code)
