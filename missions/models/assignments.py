"""Assignments: an observer's place in a mission and, where known, in a deployment."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from lib.constraints import unique_even_where_blank
from lib.refusals import end_before_start, refuse
from missions.models.deployments import Deployment
from missions.models.missions import Mission
from observers.models import Observer, told_of_the_erased
from organizations.models import Organization, OwnedRecord, RecordQuerySet, Region, Source
from organizations.models.records import code_from, in_order, not_computed
from organizations.policy import (
    BOTH,
    DATA_PROTECTION,
    MEMBERS,
    VISITORS,
    coordinated_by,
    is_data_protection,
    is_member,
    kept_by,
    kept_for,
    organizations_of,
    people_of,
    private_columns,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django_stubs_ext import StrOrPromise

    from missions.models.elections import Election
    from organizations.models.records import Search
    from organizations.policy import Reader


class AssignmentQuerySet(RecordQuerySet):
    def public(self) -> Self:
        """Places for which a public source names the person, unless the name is withheld."""
        return self.filter(Exists(self.model.objects.all().carried().filter(pk=OuterRef("pk"))))

    def carried(self) -> Self:
        return self.filter(observer__withheld=False, sources__public=True)

    def visible_to(self, user: Reader) -> Self:
        """Places in the reader's own records and missions, and those for which a public source names the person.

        Of a person whom the reader does not see, no place is seen either. Source of the rule: docs/access.md, "People".
        """
        if not is_member(user):
            return self.open_to_visitors()
        if is_data_protection(user):
            return self
        # Asked of each row by itself, as in `public`.
        persons = Observer.objects.visible_to(user).filter(pk=OuterRef("observer"))
        shown = Q(observer__withheld=False) & Exists(Source.objects.public().filter(assignments=OuterRef("pk")))
        return self.filter(own_places(user) & Exists(persons) | shown)

    def seen_whatever_they_cite(self, user: Reader) -> Self:
        if not is_member(user):
            return self.none()
        return self if is_data_protection(user) else self.filter(own_places(user))

    def audiences(self, persons: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        """As of any record: of whoever may see the place, those who see the person."""
        rows = self.order_by()
        public = set(rows.carried().values_list("pk", flat=True))
        keys = ("pk", "code", "observer__code", "observer__owner", "owner", "mission__organizer")
        places = list(rows.values_list(*keys))
        unknown = {person for _pk, _code, person, *_keys in places} - persons.keys()
        Observer.objects.filter(code__in=unknown).audiences(persons)
        return {
            code: audience_of_place(keeper, owner, organizer, persons[person], is_public=pk in public)
            for pk, code, person, keeper, owner, organizer in places
        }

    def changeable_by(self, user: Reader) -> Self:
        """Places that the user's organizations keep, and, within `changed_by_others`, those in their missions."""
        if not is_member(user):
            return self.none()
        in_missions = Q(mission__organizer__in=coordinated_by(user))
        return self.filter(kept_by(user) | in_missions, observer__in=Observer.objects.visible_to(user).values("pk"))

    def private_to(self, user: Reader) -> Self:
        """Places whose numbers and notes are read: by the keeper, by the organizer, and by data protection."""
        return self if is_data_protection(user) else self.changeable_by(user)

    def in_elections(self, elections: Iterable[Election]) -> Self:
        return self.filter(Q(mission__election__in=elections) | Q(deployment__election__in=elections))

    def organized_by(self, organizations: Iterable[Organization]) -> Self:
        """Places in missions of these organizations, or of those below."""
        return self.filter(mission__in=Mission.objects.all().organized_by(organizations))

    def in_mission_kinds(self, kinds: Iterable[str], user: Reader) -> Self:
        """Places in missions of these kinds, of those that the reader sees."""
        return self.filter(mission__in=Mission.objects.visible_to(user).filter(kind__in=kinds))

    def in_place_on(self, day: date) -> Self:
        """Places that had begun by the day and not ended before it, both ends included.

        A blank end is open; where neither start nor end is known, nothing says that the person was in place.
        """
        begun = Q(starts_on__lte=day) | Q(starts_on=None, ends_on__isnull=False)
        return self.filter(begun, Q(ends_on__gte=day) | Q(ends_on=None))

    def with_source(self, user: Reader) -> Self:
        """Places that cite a source which the reader sees."""
        citing = self.model.objects.filter(sources__in=Source.objects.visible_to(user))
        return self.filter(pk__in=citing.values("pk"))

    def without_source(self, user: Reader) -> Self:
        return self.exclude(pk__in=self.with_source(user).values("pk"))

    def of_the_erased(self) -> Self:
        """Places of persons who were erased."""
        return self.filter(observer__in=Observer.objects.erased().values("pk"))

    def not_naming(self) -> Self:
        return self.exclude(status__in=Assignment.NAMING)

    def naming(self) -> Self:
        """Places that count as named: those that fell through or were only proposed do not.

        Source of the rule: docs/method.md, "Named".
        """
        return self.filter(status__in=Assignment.NAMING)

    def word_found(self, word: str, search: Search) -> Q:
        return (
            Q(observer__in=Observer.objects.all().with_word(word, search))
            | Q(mission__organizer__in=Organization.objects.all().with_word(word, search))
            | Q(mission__election__search_text__contains=word)
            | Q(deployment__election__search_text__contains=word)
        )


def own_places(user: Reader) -> Q:
    """The places in the reader's own records and missions."""
    return kept_for(user, "observer__owner") | kept_for(user) | Q(mission__organizer__in=organizations_of(user))


@lru_cache(maxsize=10_000)
def audience_of_place(
    keeper: int | None, owner: int | None, organizer: int | None, persons: frozenset[str], *, is_public: bool
) -> frozenset[str]:
    """Who sees a place, by the keys of the organizations that it is of. Many places are of the same."""
    own = {people_of(keeper), people_of(owner), *([people_of(organizer)] if organizer else [])}
    return frozenset({DATA_PROTECTION, *both(own, persons), *((MEMBERS, VISITORS) if is_public else ())})


def both(own: set[str], persons: frozenset[str]) -> set[str]:
    """Who is among the one and among the other: by one word, or by two where somebody works for two organizations."""
    if MEMBERS in persons:
        return own
    alone = own & persons
    pairs = {BOTH.join(sorted((one, other))) for one in own - alone for other in persons - alone - {DATA_PROTECTION}}
    return alone | pairs


class Assignment(OwnedRecord):
    """An observer's place in a mission and, where known, in a deployment: role, status, dates, region, post then."""

    class Role(models.TextChoices):
        HEAD = "head", _("Head of mission")
        DEPUTY_HEAD = "deputy_head", _("Deputy head of mission")
        SPECIAL_COORDINATOR = "special_coordinator", _("Special co-ordinator")
        HEAD_OF_DELEGATION = "head_of_delegation", _("Head of delegation")
        COORDINATOR = "coordinator", _("Coordinator")
        CORE_TEAM = "core_team", _("Core team")
        LONG_TERM = "long_term", _("Long-term observer")
        SHORT_TERM = "short_term", _("Short-term observer")
        PARLIAMENTARIAN = "parliamentarian", _("Parliamentarian")
        STAFF = "staff", _("Staff")
        EXPERT = "expert", _("Expert")
        VISITOR = "visitor", _("Visitor")

    class Status(models.TextChoices):
        NOMINATED = "nominated", _("Nominated")
        RESERVE = "reserve", _("Reserve")
        SELECTED = "selected", _("Selected")
        CONFIRMED = "confirmed", _("Confirmed")
        ACCREDITED = "accredited", _("Accredited")
        DEPLOYED = "deployed", _("Deployed")
        COMPLETED = "completed", _("Completed")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REPLACED = "replaced", _("Replaced")
        NOT_SELECTED = "not_selected", _("Not selected")
        NO_SHOW = "no_show", _("Did not appear")

    NAMING = ("", Status.SELECTED, Status.CONFIRMED, Status.ACCREDITED, Status.DEPLOYED, Status.COMPLETED)

    dataset_file = "assignments"
    columns = (
        "observer",
        "deployment",
        "mission",
        "role",
        "status",
        "starts_on",
        "ends_on",
        "region",
        "area",
        "post",
        "employer",
        "accreditation_number",
        "internal_note",
        "sources",
    )
    natural_key_columns = ("observer", "mission", "deployment", "role")
    private_columns = private_columns("assignments")
    # The organizer of the mission changes these of a place that another organization keeps.
    changed_by_others = frozenset({"status", "region", "area", "accreditation_number"})
    seen_through = ("mission", "observer")
    columns_of_sight = frozenset({"owner", "observer", "mission", "sources"})
    is_personal = True

    observer = models.ForeignKey(
        Observer, verbose_name=_("observer"), on_delete=models.PROTECT, related_name="assignments"
    )
    deployment = models.ForeignKey(
        Deployment,
        verbose_name=_("deployment"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        help_text=_("The party the person belongs to, where a source says so."),
    )
    mission = models.ForeignKey(
        Mission,
        verbose_name=_("mission"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        help_text=_("The mission the person serves in. Blank for somebody accredited directly."),
    )
    role = models.CharField(_("role"), max_length=30, choices=Role)
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=Status,
        blank=True,
        help_text=_("Blank: a source names the person, no more."),
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    region = models.ForeignKey(
        Region, verbose_name=_("region"), on_delete=models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    area = models.CharField(
        _("area"), max_length=250, blank=True, help_text=_("A town, a district, a polling station.")
    )
    post = models.CharField(_("post held then"), max_length=250, blank=True)
    employer = models.CharField(
        _("employer then"), max_length=250, blank=True, help_text=_("The body where the person held the post.")
    )
    accreditation_number = models.CharField(_("accreditation number"), max_length=100, blank=True)
    internal_note = models.TextField(_("internal note"), blank=True, help_text=_("For owner and organizer alone."))
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True, related_name="assignments")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["observer__family_name", "observer__given_names", "code"]
        constraints = [
            in_order("assignment_in_order", "starts_on", "ends_on"),
            models.CheckConstraint(
                condition=Q(mission__isnull=False) | Q(deployment__isnull=False),
                name="assignment_with_place",
                violation_error_message=_("Give the mission, the deployment, or both."),
            ),
            *unique_even_where_blank(
                name="assignment_once",
                fields=("observer", "mission", "deployment", "role"),
                nullable=("mission", "deployment"),
                message=_("This person has this role there already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.observer}: {self.get_role_display()}"

    @classmethod
    def choices_of(cls, name: str, user: Reader) -> Any:
        """As of any record; of persons those whom the user may give a place."""
        return Observer.objects.assignable_by(user) if name == "observer" else super().choices_of(name, user)

    @property
    def election(self) -> Election | None:
        """The election of the mission, or of the deployment."""
        place = self.mission or self.deployment
        return place.election if place else None

    def clean(self) -> None:
        super().clean()
        refuse(
            end_before_start(self, "starts_on", "ends_on"),
            self.no_place(),
            self.places_of_two_elections(),
            told_of_the_erased(self, getattr(self, "observer", None)),
        )

    def no_place(self) -> dict[str, Any]:
        """An assignment is to a mission, a deployment, or both."""
        if self.mission is None and self.deployment is None:
            return {"mission": _("Give the mission, the deployment, or both.")}
        return {}

    def places_of_two_elections(self) -> dict[str, Any]:
        # A mission or deployment that is being typed may have no election yet, which is refused at its own box.
        of_mission, of_deployment = (getattr(place, "election", None) for place in (self.mission, self.deployment))
        if of_mission and of_deployment and of_mission != of_deployment:
            return {"mission": _("“%(other)s” belongs to another election.") % {"other": self.mission}}
        return {}

    def warnings(self) -> list[Any]:
        election = self.election
        if self.region and election and not self.region.existed_on(election.election_day):
            sentence = _("The region “%(region)s” did not exist on %(day)s.")
            return [sentence % {"region": self.region, "day": election.election_day}]
        return []

    def why_not_coded_so(self, user: Reader) -> StrOrPromise:
        return not_computed(self)

    def computed_code(self) -> str:
        """Of all that tells places apart: a number behind it would say that there is another, which may be hidden."""
        places = [place.code for place in (self.mission, self.deployment) if place]
        return code_from(self.observer.code, *places, self.role)
