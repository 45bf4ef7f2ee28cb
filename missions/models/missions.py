"""Missions, and the invitations that precede them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lib.refusals import end_before_start, part_of_itself, refuse
from lib.spoken import together
from lib.text import fold
from missions.models.elections import Election, ElectionRecord, RowsOfElections, another_election, election_word_found
from missions.models.reasons import Reason
from organizations.models import Organization, OwnedRecord, Source, SourcedQuerySet, names_seen
from organizations.models.records import code_from, in_order
from organizations.policy import coordinated_by, is_member, kept_by, private_columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organizations.models.records import Search
    from organizations.policy import Reader


class MissionQuerySet(RowsOfElections, SourcedQuerySet):
    def with_labels(self, user: Reader | None = None) -> Self:
        """Brings along what a mission's name is made of: for a reader, of the names that the reader may see."""
        return self.select_related("election", "organizer").prefetch_related(names_seen("organizer__names", user))

    def changeable_by(self, user: Reader) -> Self:
        """Missions that the user's organizations keep or organize."""
        if not is_member(user):
            return self.none()
        return self.filter(kept_by(user) | models.Q(organizer__in=coordinated_by(user)))

    def organized_by(self, organizations: Iterable[Organization]) -> Self:
        """Missions whose organizer is one of these, or an organization below one of these."""
        return self.filter(organizer__in=Organization.objects.all().with_those_below(organizations))

    def word_found(self, word: str, search: Search) -> models.Q:
        return (
            models.Q(search_text__contains=word)
            | models.Q(organizer__in=Organization.objects.all().with_word(word, search))
            | election_word_found(word, "election__")
        )


class Mission(ElectionRecord, OwnedRecord):
    """An observation activity of an organizer for an election. Missions nest; a nested one is never added beside."""

    class Kind(models.TextChoices):
        NAM = "nam", _("Needs assessment mission")
        EOM = "eom", _("Election observation mission")
        LEOM = "leom", _("Limited election observation mission")
        EAM = "eam", _("Election assessment mission")
        EET = "eet", _("Election expert team")
        SEAM = "seam", _("Special election assessment mission")
        ROM = "rom", _("Referendum observation mission")
        IEOM = "ieom", _("Joint observation (IEOM)")
        EXM = "exm", _("Exploratory mission")
        FUM = "fum", _("Follow-up mission")
        PA = "pa", _("Parliamentary delegation")
        OM = "om", _("Observer mission")
        VISITOR = "visitor", _("Election visitor programme")
        CITIZEN = "citizen", _("Citizen observation")
        INGO = "ingo", _("Mission of an international NGO")

    class Status(models.TextChoices):
        CONSIDERED = "considered", _("Under consideration")
        ANNOUNCED = "announced", _("Announced")
        DEPLOYED = "deployed", _("Deployed")
        CLOSED = "closed", _("Closed")
        SUSPENDED = "suspended", _("Suspended")
        CANCELLED = "cancelled", _("Cancelled")

    dataset_file = "missions"
    columns = (
        "election",
        "organizer",
        "co_organizers",
        "kind",
        "name",
        "part_of",
        "starts_on",
        "ends_on",
        "status",
        "status_reason",
        "status_on",
        "remark",
        "internal_note",
        "sources",
    )
    private_columns = private_columns("missions")
    # Who organizes a mission changes it, but does not hand it, and the contacts of its people, to another.
    changed_by_others = frozenset(columns) - {"organizer"}
    columns_of_sight = frozenset({"organizer"})

    election = models.ForeignKey(
        Election, verbose_name=_("election"), on_delete=models.PROTECT, related_name="missions"
    )
    organizer = models.ForeignKey(
        Organization,
        verbose_name=_("organizer"),
        on_delete=models.PROTECT,
        related_name="missions",
        help_text=_("Who runs the mission. Any of its names, of any time and in any script, finds it."),
    )
    co_organizers = models.ManyToManyField(
        Organization,
        verbose_name=_("together with"),
        blank=True,
        related_name="joint_missions",
        help_text=_("The other organizers of a joint observation."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(
        _("name"),
        max_length=250,
        blank=True,
        help_text=_("As it calls itself. Blank: organizer and kind stand for it."),
    )
    part_of = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        help_text=_("The joint observation it belongs to. Its observers are counted there, never beside it."),
    )
    starts_on = models.DateField(_("on site from"), null=True, blank=True, help_text=_("Blank: not known."))
    ends_on = models.DateField(_("on site to"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.ANNOUNCED)
    status_reason = models.CharField(
        _("reason"), max_length=20, choices=Reason, blank=True, help_text=_("Why it was suspended or cancelled.")
    )
    status_on = models.DateField(_("status since"), null=True, blank=True)
    remark = models.TextField(_("remark"), blank=True, help_text=_("Shown to everybody who may see this record."))
    internal_note = models.TextField(_("internal note"), blank=True, help_text=_("For owner and organizer alone."))
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True, related_name="missions")
    search_text = models.TextField(editable=False, default="", blank=True)

    objects = MissionQuerySet.as_manager()

    loaded_organizer_id: int | None = None

    class Meta:
        verbose_name = _("mission")
        verbose_name_plural = _("missions")
        ordering = ["-election__election_day", "code"]
        constraints = [in_order("mission_in_order", "starts_on", "ends_on")]

    def __str__(self) -> str:
        return together(self.label, " – ", self.election.label)

    def get_absolute_url(self) -> str:
        return reverse("mission", args=[self.code])

    @property
    def label(self) -> str:
        """The recorded name, or the organizer's short name on election day and the kind."""
        return self.name or together(self.organizer_name, ": ", self.get_kind_display())

    @property
    def organizer_name(self) -> str:
        """The organizer's short name on election day."""
        return self.organizer.short_name_on(self.election.election_day)

    def clean(self) -> None:
        super().clean()
        refuse(
            end_before_start(self, "starts_on", "ends_on"),
            part_of_itself(self, "part_of"),
            another_election(self, "part_of"),
            self.election_moved("parts", "channels", "assignments", "head_counts"),
            self.people_handed_on(),
        )

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        mission = super().from_db(*args, **kwargs)
        mission.loaded_organizer_id = mission.__dict__.get("organizer_id")
        return mission

    def people_handed_on(self) -> dict[str, Any]:
        """The organizer sees the contacts of those whom other organizations sent: it cannot be replaced under them."""
        if self.loaded_organizer_id in {None, self.organizer_id}:
            return {}
        # Those without a keeper are the administrators', who are others as well.
        same_keeper = {"owner": self.owner_id} if self.owner_id else {"owner__isnull": True}
        if self.assignments.exclude(**same_keeper).exists():
            return {"organizer": _("Other organizations have people in this mission: its organizer stays.")}
        return {}

    def computed_code(self) -> str:
        return code_from(self.election.code, self.organizer.code)

    def keep_search_text(self) -> None:
        self.search_text = fold(f"{self.name} {self.get_kind_display()} {self.code}")

    def warnings(self) -> list[Any]:
        others = Mission.objects.filter(election=self.election_id, organizer=self.organizer_id).exclude(pk=self.pk)
        sentence = _("%(organizer)s has another mission at this election already: %(other)s.")
        return [sentence % {"organizer": self.organizer_name, "other": other.label} for other in others]


class InvitationQuerySet(RowsOfElections, SourcedQuerySet):
    def changeable_by(self, user: Reader) -> Self:
        """Invitations that the user's organizations keep, and those to an organizer of a mission at that election."""
        if not is_member(user):
            return self.none()
        organizing = Mission.objects.filter(organizer__in=coordinated_by(user))
        same = organizing.filter(election=models.OuterRef("election"), organizer=models.OuterRef("invitee"))
        return self.filter(kept_by(user) | models.Exists(same))

    def to_bodies(self, organizations: Iterable[Organization]) -> Self:
        """Invitations to one of these, or to an organization below one of these."""
        return self.filter(invitee__in=Organization.objects.all().with_those_below(organizations))

    def declined(self) -> Self:
        return self.filter(response=Invitation.Response.DECLINED)

    def word_found(self, word: str, search: Search) -> models.Q:
        found = Organization.objects.all().with_word(word, search)
        return models.Q(inviter__in=found) | models.Q(invitee__in=found) | election_word_found(word, "election__")


class Invitation(OwnedRecord):
    """Who invited whom to observe which election, and the answer. Who declines is an invitation, not a deployment."""

    class Response(models.TextChoices):
        NONE = "none", _("No answer known")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn by the inviter")

    dataset_file = "invitations"
    columns = (
        "election",
        "inviter",
        "invitee",
        "sent_on",
        "response",
        "responded_on",
        "reason",
        "reason_text",
        "remark",
        "sources",
    )
    natural_key_columns = ("election", "inviter", "invitee")

    election = models.ForeignKey(
        Election, verbose_name=_("election"), on_delete=models.PROTECT, related_name="invitations"
    )
    inviter = models.ForeignKey(
        Organization, verbose_name=_("inviter"), on_delete=models.PROTECT, related_name="invitations_sent"
    )
    invitee = models.ForeignKey(
        Organization, verbose_name=_("invitee"), on_delete=models.PROTECT, related_name="invitations_received"
    )
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    response = models.CharField(_("answer"), max_length=20, choices=Response, default=Response.NONE)
    responded_on = models.DateField(_("answered on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason, blank=True)
    reason_text = models.TextField(
        _("reason in words"), blank=True, help_text=_("As the source tells it, shortened in your own words.")
    )
    remark = models.TextField(_("remark"), blank=True, help_text=_("Shown to everybody who may see this record."))
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True, related_name="invitations")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-election__election_day", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "inviter", "invitee"],
                name="invitation_once",
                violation_error_message=_("This invitation is recorded already: change that one."),
            ),
            models.CheckConstraint(
                condition=~models.Q(inviter=models.F("invitee")),
                name="invitation_of_another",
                violation_error_message=_("An organization does not invite itself."),
            ),
        ]

    def __str__(self) -> str:
        return together(str(self.inviter), " → ", str(self.invitee), ": ", self.election.label)

    def get_absolute_url(self) -> str:
        return reverse("invitation", args=[self.code])

    def clean(self) -> None:
        super().clean()
        refuse(self.invited_itself())

    def invited_itself(self) -> dict[str, Any]:
        # One that is being typed may be missing, which is refused at its own box.
        inviter, invitee = (getattr(self, name, None) for name in ("inviter", "invitee"))
        if inviter is not None and inviter == invitee:
            return {"invitee": _("An organization does not invite itself.")}
        return {}

    def warnings(self) -> list[Any]:
        if self.response == self.Response.DECLINED and not self.responded_on:
            return [_("The invitation was declined, but the day is missing.")]
        return []

    def computed_code(self) -> str:
        return code_from(self.election.code, self.inviter.code, "invites", self.invitee.code)
