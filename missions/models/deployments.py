"""Deployments: parties of observers, and the channels through which sources say they were sent."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from lib.refusals import end_before_start, part_of_itself, refuse
from lib.spoken import together
from missions.models.elections import Election, ElectionRecord, RowsOfElections, another_election, election_word_found
from missions.models.missions import Mission
from missions.models.reasons import Reason
from organizations.countries import countries_with, country_name
from organizations.models import (
    OneSourceQuerySet,
    Organization,
    OwnedRecord,
    Source,
    SourcedQuerySet,
    names_seen,
)
from organizations.models.records import code_from, in_order
from organizations.policy import private_columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organizations.models.records import Search
    from organizations.policy import Reader


class Share(models.TextChoices):
    """How a deployment is divided between missions, as far as the sources that the reader sees tell."""

    WHOLE = "whole", _("Through one mission")
    UNKNOWN = "unknown", _("Split between missions not published")
    BILATERAL = "bilateral", _("No mission named (accredited directly)")


class DeploymentQuerySet(RowsOfElections, SourcedQuerySet):
    def with_labels(self, user: Reader | None = None) -> Self:
        """Brings along what a deployment's name is made of: for a reader, of the names that the reader may see."""
        return self.select_related("election", "sender").prefetch_related(names_seen("sender__names", user))

    def sent_by(self, organizations: Iterable[Organization]) -> Self:
        """Parties whose sender is one of these, or an organization below one of these."""
        return self.filter(sender__in=Organization.objects.all().with_those_below(organizations))

    def whole_parties(self, user: Reader | None = None) -> Self:
        """Parties that are part of no other: only these are added up. What a reader may not see is no other."""
        if user is None:
            return self.filter(part_of=None)
        return self.exclude(part_of__in=self.model.objects.visible_to(user).values("pk"))

    def through_missions(self, missions: Iterable[Mission], user: Reader) -> Self:
        """Parties that some source which the reader sees sends through one of these missions."""
        channels = Channel.objects.visible_to(user).counted()
        return self.filter(pk__in=channels.filter(mission__in=missions).values("deployment"))

    def with_share(self, shares: Iterable[str], user: Reader) -> Self:
        """Parties with no channel (bilateral), with channels to one mission (whole), or to several (unknown)."""
        channels = Channel.objects.visible_to(user).counted()
        own = channels.filter(deployment=OuterRef("pk"))
        another = channels.filter(deployment=OuterRef("deployment")).exclude(mission=OuterRef("mission"))
        several = Exists(own.filter(Exists(another)))
        rules = {
            Share.BILATERAL: ~Exists(own),
            Share.WHOLE: Exists(own) & ~several,
            Share.UNKNOWN: several,
        }
        return self.filter(reduce(or_, [Q(rules[Share(share)]) for share in shares]))

    def with_agreement(self, agreements: Iterable[str], user: Reader) -> Self:
        """Parties of whose readings (announced, accredited, deployed) the first of these is one asked for.

        The first that holds for any of the three: conflict, gap, partial, agreed; none where nothing is known at all.
        """
        readings: Any = self.model._meta.get_field("readings").related_model
        readings = readings.objects.of_audience(user).filter(deployment=OuterRef("pk"))
        return self.annotate(
            agreement_of_all=Case(
                *(
                    When(Exists(readings.filter(agreement=agreement)), then=Value(agreement))
                    for agreement in ("conflict", "gap", "partial", "agreed")
                ),
                default=Value("none"),
            )
        ).filter(agreement_of_all__in=agreements)

    def channels_disagreeing(self, user: Reader) -> Self:
        """Parties for which two sources that also publish a head count of them name different missions."""
        return self.filter(pk__in=disagreeing_channels(user).values("deployment"))

    def channels_agreeing(self, user: Reader) -> Self:
        return self.exclude(pk__in=disagreeing_channels(user).values("deployment"))

    def with_names(self, user: Reader) -> Self:
        """Parties of which the reader sees a person named."""
        assignments: Any = self.model._meta.get_field("assignments").related_model
        places = assignments.objects.visible_to(user).naming()
        return self.filter(Exists(places.filter(deployment=OuterRef("pk"))))

    def without_names(self, user: Reader) -> Self:
        return self.exclude(pk__in=self.with_names(user).values("pk"))

    def with_source(self, user: Reader) -> Self:
        """Parties that cite a source which the reader sees."""
        citing = self.model.objects.filter(sources__in=Source.objects.visible_to(user))
        return self.filter(pk__in=citing.values("pk"))

    def without_source(self, user: Reader) -> Self:
        return self.exclude(pk__in=self.with_source(user).values("pk"))

    def word_found(self, word: str, search: Search) -> Q:
        found = Organization.objects.all().with_word(word, search)
        channels = Channel.objects.visible_to(search.user) if search.user else Channel.objects.all()
        through = channels.counted().filter(mission__organizer__in=found)
        return (
            Q(sender__in=found)
            | Q(sender_country__in=countries_with(word))
            | Q(pk__in=through.values("deployment"))
            | election_word_found(word, "election__")
        )


def disagreeing_channels(user: Reader) -> ChannelQuerySet:
    """Channels told by one source with a head count of the deployment and missing from another such source."""
    head_counts: Any = Deployment._meta.get_field("head_counts").related_model
    own_count = head_counts.objects.visible_to(user).filter(
        deployment=OuterRef("deployment"), source=OuterRef("source")
    )
    told = Channel.objects.visible_to(user).counted().filter(Exists(own_count))
    same_mission = told.filter(
        deployment=OuterRef("deployment"), source=OuterRef("source"), mission=OuterRef(OuterRef("mission"))
    )
    another_source = told.filter(~Exists(same_mission), deployment=OuterRef("deployment")).exclude(
        source=OuterRef("source")
    )
    return told.filter(Exists(another_source))


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
    private_columns = private_columns("deployments")

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
        constraints = [
            in_order("deployment_in_order", "starts_on", "ends_on"),
            models.CheckConstraint(
                condition=~Q(sender_country="") | Q(sender__isnull=False),
                name="deployment_with_sender",
                violation_error_message=_("Give the sending state, the sending body, or both."),
            ),
        ]

    def __str__(self) -> str:
        return together(self.sender_name, " → ", self.election.label)

    def get_absolute_url(self) -> str:
        return reverse("deployment", args=[self.code])

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

    def warnings(self) -> list[Any]:
        same = Deployment.objects.filter(election=self.election_id, sender=self.sender_id, part_of=self.part_of_id)
        sentence = _("Another party of this sender at this election is recorded already: %(other)s.")
        others = same.filter(sender_country=self.sender_country).exclude(pk=self.pk)
        return [sentence % {"other": other.code} for other in others]

    def computed_code(self) -> str:
        return code_from(self.election.code, "from", self.sender.code if self.sender else self.sender_country)


class ChannelQuerySet(OneSourceQuerySet):
    def in_elections(self, elections: Iterable[Election]) -> Self:
        return self.filter(deployment__election__in=elections)

    def counted(self) -> Self:
        """Channels that stand in the figures: a misprint is shown, but a party is not listed through it."""
        return self.filter(counted=True)

    def word_found(self, word: str, search: Search) -> Q:
        found = Organization.objects.all().with_word(word, search)
        return Q(mission__organizer__in=found) | Q(deployment__election__search_text__contains=word)


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
        # A deployment that is being typed may have no election yet, which is refused at its own box.
        election = getattr(deployment, "election", None)
        if election and mission and election != mission.election:
            return {"mission": _("“%(other)s” belongs to another election.") % {"other": mission}}
        return {}

    def computed_code(self) -> str:
        mission = self.mission.code.removeprefix(f"{self.mission.election.code}-")
        return code_from(self.deployment.code, "via", mission, self.source.code)
