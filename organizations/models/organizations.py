"""Organizations, their names through time, and who is a member of which."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from lib.constraints import unique_even_where_blank
from lib.refusals import end_before_start, part_of_itself, refuse
from lib.spoken import Spoken
from lib.text import fold, slug
from organizations.models.records import (
    NamedQuerySet,
    OneSourceQuerySet,
    Record,
    SourcedQuerySet,
    code_from,
    in_order,
)
from organizations.models.sources import Source, language_format

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organizations.models.records import Search
    from organizations.policy import Reader


ONE_DAY = timedelta(days=1)
# What has no end is in force for as long as anybody asks.
LAST_KNOWN = date.max - ONE_DAY
# What `slug` makes of a text without any letter or digit that it knows.
NO_LETTERS = slug("")


class OrganizationQuerySet(NamedQuerySet):
    def public(self) -> Self:
        return self

    def with_those_below(self, above: Iterable[Organization]) -> Self:
        """These organizations and all whose parent, grandparent … is one of them: `osce` brings `odihr`."""
        above = list(above)
        in_hand = [organization.below_in_hand for organization in above if organization.below_in_hand is not None]
        if len(in_hand) == len(above):
            return self.filter(pk__in=set().union(*in_hand))
        below: dict[int, list[int]] = {}
        for pk, parent in self.model.objects.exclude(parent=None).values_list("pk", "parent_id"):
            below.setdefault(parent, []).append(pk)
        found, waiting = set(), [organization.pk for organization in above]
        while waiting:
            pk = waiting.pop()
            if pk not in found:
                found.add(pk)
                waiting.extend(below.get(pk, []))
        return self.filter(pk__in=found)

    def with_names(self, user: Reader | None = None) -> Self:
        """Brings the names along, for `name_on`: for a reader, those that the reader may see."""
        return self.prefetch_related(names_seen("names", user))


def names_seen(path: str, user: Reader | None) -> models.Prefetch:
    """The names at the end of the path, to be brought along: for a reader, those that the reader may see."""
    names = OrganizationName.objects.all()
    return models.Prefetch(path, names.visible_to(user) if user else names)


class Organization(Record):
    """A body that invites, organizes missions, sends observers or has members."""

    class Kind(models.TextChoices):
        INTERGOVERNMENTAL = "intergovernmental", _("Intergovernmental organization")
        PARLIAMENTARY_ASSEMBLY = "parliamentary_assembly", _("Parliamentary assembly")
        ELECTION_BODY = "election_body", _("Election body")
        ELECTION_BODY_ASSOCIATION = "election_body_association", _("Association of election bodies")
        GOVERNMENT = "government", _("Government or ministry")
        PARLIAMENT = "parliament", _("Parliament")
        LOCAL_AUTHORITY = "local_authority", _("Local authority")
        EMBASSY = "embassy", _("Embassy")
        NGO = "ngo", _("Non-governmental organization")
        CITIZEN_GROUP = "citizen_group", _("Citizen group")
        ACADEMIC = "academic", _("Academic institution")
        OTHER = "other", _("Other")

    dataset_file = "organizations"
    columns = ("kind", "country", "parent", "founded_on", "dissolved_on", "website", "sources")

    kind = models.CharField(_("kind"), max_length=40, choices=Kind)
    country = CountryField(
        _("country"), blank=True, help_text=_("The state it belongs to. Blank for an international organization.")
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        help_text=_("The organization it is a body of: ODIHR is part of the OSCE."),
    )
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True)
    website = models.URLField(_("website"), max_length=1000, blank=True)
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True, related_name="organizations")
    search_text = models.TextField(editable=False, default="", blank=True)

    objects = OrganizationQuerySet.as_manager()

    needs_code = _("An organization needs a code here, for example odihr: its names are other records.")
    # Set by the importer, so that names which are not stored yet are known as well.
    names_in_hand: list[OrganizationName] | None = None
    # Set where all organizations were read at once: the keys of this one and of those below it.
    below_in_hand: frozenset[int] | None = None

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["code"]
        constraints = [in_order("organization_in_order", "founded_on", "dissolved_on")]

    def __str__(self) -> str:
        return self.current_name()

    def get_absolute_url(self) -> str:
        return reverse("organization", args=[self.code])

    def clean(self) -> None:
        super().clean()
        refuse(end_before_start(self, "founded_on", "dissolved_on"), part_of_itself(self, "parent"))

    def all_names(self) -> list[OrganizationName]:
        """Every name that is recorded, of any time and in any language."""
        if self.names_in_hand is not None:
            return self.names_in_hand
        return list(self.names.all()) if self.pk else []

    def name_row_on(self, day: date | None, language: str = "") -> OrganizationName | None:
        """The name in force on the day (None: the latest).

        In the language (blank: the reader's), else in English, else in any.
        """
        names = sorted(
            self.all_names(), key=lambda name: (name.valid_from is not None, str(name.valid_from), name.pk or 0)
        )
        if not names:
            return None
        in_force = [name for name in names if day is None or name.in_force_on(day)] or names
        for wanted in (language or get_language(), "en"):
            if spoken := [name for name in in_force if name.language == wanted]:
                return spoken[-1]
        return in_force[-1]

    def name_on(self, day: date | None, language: str = "") -> str:
        """The full name on the day; the code where no name is recorded."""
        row = self.name_row_on(day, language)
        return Spoken((row.name, row.language)) if row else self.code

    def short_name_on(self, day: date | None, language: str = "") -> str:
        """The short name on the day, or the full one where none is recorded."""
        row = self.name_row_on(day, language)
        return Spoken((row.short_name or row.name, row.language)) if row else self.code

    def current_name(self, language: str = "") -> str:
        """The latest name."""
        return self.name_on(None, language)

    def short_name_now(self, language: str = "") -> str:
        return self.short_name_on(None, language)

    def computed_code(self) -> str:
        """`cec-kz` for the election body of a state, `parliament-kz` for its parliament, else its kind and country.

        The admin, which knows the first name, makes a code of the short name instead (`code_for_name`).
        """
        return self.code_for_name(self.get_kind_display())

    def code_for_name(self, name: str) -> str:
        """The code of a new organization that is called so: election bodies and parliaments of a state by country."""
        short = {self.Kind.ELECTION_BODY: "cec", self.Kind.PARLIAMENT: "parliament"}.get(self.Kind(self.kind))
        if short and self.country:
            return code_from(short, self.country)
        # A name in a script without letters for a code gives none.
        return slug(name) if slug(name) != NO_LETTERS else code_from(self.kind, self.country)

    def keep_search_text(self) -> None:
        names = sorted(f"{name.name} {name.short_name}" for name in self.all_names())
        self.search_text = fold(" ".join([self.code, *names]))


class NameGap(NamedTuple):
    """The days between two names of an organization in one language, on which it has none."""

    language: str
    first: date
    last: date


def gaps_between(names: Iterable[OrganizationName]) -> list[NameGap]:
    """Where dated names follow each other, but not at once; before the first and after the last nothing is missing."""
    gaps = []
    by_language: dict[str, list[OrganizationName]] = {}
    for name in names:
        by_language.setdefault(name.language, []).append(name)
    for language, spoken in sorted(by_language.items()):
        until = date.min
        for name in sorted(spoken, key=lambda name: name.valid_from or date.min):
            if until != date.min and name.valid_from and name.valid_from > until + ONE_DAY:
                gaps.append(NameGap(language, until + ONE_DAY, name.valid_from - ONE_DAY))
            until = max(until, min(name.valid_until or LAST_KNOWN, LAST_KNOWN))
    return gaps


class OrganizationNameQuerySet(OneSourceQuerySet):
    def word_found(self, word: str, search: Search) -> models.Q:
        return models.Q(organization__in=Organization.objects.all().with_word(word, search))


class OrganizationName(Record):
    """A name that an organization had between two dates, in one language, as a source gives it."""

    dataset_file = "organization_names"
    columns = ("organization", "language", "name", "short_name", "valid_from", "valid_until", "source")
    natural_key_columns = ("organization", "language", "valid_from", "source")

    organization = models.ForeignKey(
        Organization, verbose_name=_("organization"), on_delete=models.CASCADE, related_name="names"
    )
    language = models.CharField(
        _("language"), max_length=3, validators=[language_format], help_text=_("Two letters: en, ru, kk …")
    )
    name = models.CharField(_("name"), max_length=250)
    short_name = models.CharField(_("short name"), max_length=100, blank=True, help_text=_("As people say it: ODIHR."))
    valid_from = models.DateField(_("valid from"), null=True, blank=True, help_text=_("Blank: not known."))
    valid_until = models.DateField(_("valid until"), null=True, blank=True, help_text=_("Blank: no end is known."))
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organization_names",
    )

    objects = OrganizationNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization name")
        verbose_name_plural = _("organization names")
        ordering = ["organization", "language", "valid_from", "code"]
        constraints = [
            in_order("organization_name_in_order", "valid_from", "valid_until"),
            *unique_even_where_blank(
                name="organization_name_once",
                fields=("organization", "language", "valid_from", "source"),
                nullable=("valid_from", "source"),
                message=_("This source gives the organization a name from that day in that language already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        refuse(end_before_start(self, "valid_from", "valid_until"), self.overlapping_name())

    def overlapping_name(self) -> dict[str, Any]:
        """Two different names of one organization in one language are never in force on the same day."""
        organization = getattr(self, "organization", None)
        for other in organization.all_names() if organization else []:
            if other != self and other.language == self.language and other.name != self.name and self.overlaps(other):
                sentence = _("“%(name)s” is in force at the same time. Give the day on which one name ended.")
                return {"valid_from": sentence % {"name": other.name}}
        return {}

    def overlaps(self, other: OrganizationName) -> bool:
        """Whether both names are in force on some day; blank ends are open."""
        starts_in_time = other.valid_until is None or self.valid_from is None or self.valid_from <= other.valid_until
        ends_late_enough = self.valid_until is None or other.valid_from is None or other.valid_from <= self.valid_until
        return starts_in_time and ends_late_enough

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        Organization.objects.filter(pk=self.organization_id).rebuild_search_text()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        gone = super().delete(*args, **kwargs)
        Organization.objects.filter(pk=self.organization_id).rebuild_search_text()
        return gone

    def in_force_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    def computed_code(self) -> str:
        return code_from(
            self.organization.code, self.language, self.valid_from, self.source.code if self.source else ""
        )


class MembershipQuerySet(SourcedQuerySet):
    def word_found(self, word: str, search: Search) -> models.Q:
        found = Organization.objects.all().with_word(word, search)
        return models.Q(organization__in=found) | models.Q(member_organization__in=found)


class Membership(Record):
    """A country or an organization that is a member, an observer or a partner of an organization between two dates."""

    class Standing(models.TextChoices):
        MEMBER = "member", _("Member")
        OBSERVER = "observer", _("Observer")
        PARTNER = "partner", _("Partner")

    dataset_file = "memberships"
    columns = ("organization", "member_country", "member_organization", "standing", "since", "until", "sources")
    natural_key_columns = ("organization", "member_country", "member_organization", "standing", "since")

    organization = models.ForeignKey(
        Organization, verbose_name=_("organization"), on_delete=models.CASCADE, related_name="memberships"
    )
    member_country = CountryField(_("member state"), blank=True)
    member_organization = models.ForeignKey(
        Organization,
        verbose_name=_("member organization"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships_held",
    )
    standing = models.CharField(_("standing"), max_length=20, choices=Standing, default=Standing.MEMBER)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True, related_name="memberships")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["organization", "member_country", "code"]
        constraints = [
            in_order("membership_in_order", "since", "until"),
            models.CheckConstraint(
                condition=models.Q(member_country="", member_organization__isnull=False)
                | (~models.Q(member_country="") & models.Q(member_organization__isnull=True)),
                name="membership_of_one_member",
                violation_error_message=_("Give either a member state or a member organization."),
            ),
            *unique_even_where_blank(
                name="membership_once",
                fields=("organization", "member_country", "member_organization", "standing", "since"),
                nullable=("member_organization", "since"),
                message=_("This membership is recorded already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_organization or self.member_country.name} – {self.organization}"

    def clean(self) -> None:
        super().clean()
        refuse(end_before_start(self, "since", "until"), self.one_member(), self.member_of_itself())

    def one_member(self) -> dict[str, Any]:
        """Exactly one of country and organization is the member."""
        if bool(self.member_country) == bool(self.member_organization):
            return {"member_country": _("Give either a member state or a member organization.")}
        return {}

    def member_of_itself(self) -> dict[str, Any]:
        # An organization that is being typed may be missing, which is refused at its own box.
        if self.member_organization and self.member_organization == getattr(self, "organization", None):
            return {"member_organization": _("An organization is no member of itself.")}
        return {}

    def computed_code(self) -> str:
        member = self.member_organization.code if self.member_organization else self.member_country
        return code_from(self.organization.code, self.standing, member, self.since)
