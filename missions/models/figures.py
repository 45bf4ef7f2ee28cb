"""Figures and statements: what sources publish about elections, missions and deployments, and how it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from lib.constraints import unique_even_where_blank
from lib.refusals import end_before_start, refuse
from missions.models.assignments import Assignment
from missions.models.deployments import Deployment
from missions.models.elections import Election
from missions.models.missions import Mission
from observers.models import Observer, ObserverName
from organizations.models import OneSourceQuerySet, Organization, OwnedRecord, Record, Source
from organizations.models.records import code_from, in_order, not_computed
from organizations.policy import NOBODY, VISITORS, coordinated_by, is_member, kept_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django_stubs_ext import StrOrPromise

    from organizations.models.records import Search
    from organizations.policy import Reader

SUBJECTS = ("election", "mission", "deployment")
# The kinds of records that tell of persons, of which there may be statements.
OF_PEOPLE: tuple[type[Observer | ObserverName | Assignment], ...] = (Observer, ObserverName, Assignment)
LARGEST_COUNT = 10_000_000


class NumberField(models.PositiveIntegerField):
    """A number of observers, states or bodies: 0 or more, refused in the same words by every door."""

    default_validators = [
        MinValueValidator(0, _("Give a number of 0 or more.")),
        MaxValueValidator(LARGEST_COUNT, _("Give a number of %(limit_value)s at most.")),
    ]

    def formfield(self, **kwargs: Any) -> Any:
        # Without the form's own lower limit, whose sentence would stand before ours.
        return super().formfield(**{"min_value": None, **kwargs})


def one_subject(name: str) -> models.CheckConstraint:
    """The database's own guard: exactly one of election, mission and deployment is the subject."""
    alone = [Q(**{f"{other}__isnull": other != subject for other in SUBJECTS}) for subject in SUBJECTS]
    return models.CheckConstraint(
        condition=alone[0] | alone[1] | alone[2],
        name=name,
        violation_error_message=_("A count is of one election, one mission or one deployment: give exactly one."),
    )


class HeadCountQuerySet(OneSourceQuerySet):
    def changeable_by(self, user: Reader) -> Self:
        """Counts that the user's organizations keep, and those of missions that they organize."""
        if not is_member(user):
            return self.none()
        return self.filter(kept_by(user) | Q(mission__organizer__in=coordinated_by(user)))

    def in_elections(self, elections: Iterable[Election]) -> Self:
        """Counts of these elections, of their missions and of their deployments."""
        return self.filter(
            Q(election__in=elections) | Q(mission__election__in=elections) | Q(deployment__election__in=elections)
        )

    def word_found(self, word: str, search: Search) -> Q:
        return (
            Q(election__search_text__contains=word)
            | Q(mission__election__search_text__contains=word)
            | Q(mission__organizer__in=Organization.objects.all().with_word(word, search))
            | Q(deployment__election__search_text__contains=word)
            | Q(source__search_text__contains=word)
        )


class HeadCount(OwnedRecord):
    """A published number of observers: of what, which kind and group, total or change, when, how exact, by whom."""

    class Kind(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        AUTHORIZED = "authorized", _("Authorized")
        ANNOUNCED = "announced", _("Announced")
        PROPOSED = "proposed", _("Proposed for accreditation")
        ACCREDITED = "accredited", _("Accredited")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        DEPLOYED = "deployed", _("Deployed")
        TRAINED = "trained", _("Trained")

    class Group(models.TextChoices):
        ALL = "all", _("All")
        CORE_TEAM = "core_team", _("Core team")
        LONG_TERM = "long_term", _("Long-term observers")
        SHORT_TERM = "short_term", _("Short-term observers")
        ORGANIZATIONS = "organizations", _("Through organizations")
        STATES = "states", _("Of states")
        ELECTION_BODIES = "election_bodies", _("Of election bodies")
        CITIZEN = "citizen", _("Citizen observers")

    class Basis(models.TextChoices):
        TOTAL = "total", _("Total standing at the end of that day")
        CHANGE = "change", _("Change: added that day")

    class Qualifier(models.TextChoices):
        EXACT = "exact", _("exactly")
        AT_LEAST = "at_least", _("at least")
        MORE_THAN = "more_than", _("more than")
        ABOUT = "about", _("about")
        AT_MOST = "at_most", _("at most")
        NOT_PUBLISHED = "not_published", _("not published")

    dataset_file = "head_counts"
    columns = (
        "election",
        "mission",
        "deployment",
        "kind",
        "group",
        "basis",
        "value",
        "qualifier",
        "as_of_from",
        "as_of",
        "states",
        "bodies",
        "counted",
        "preferred",
        "source",
        "excerpt",
        "remark",
    )
    natural_key_columns = (*SUBJECTS, "kind", "group", "basis", "as_of_from", "as_of", "source")

    election = models.ForeignKey(
        Election,
        verbose_name=_("election"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="head_counts",
    )
    mission = models.ForeignKey(
        Mission, verbose_name=_("mission"), on_delete=models.CASCADE, null=True, blank=True, related_name="head_counts"
    )
    deployment = models.ForeignKey(
        Deployment,
        verbose_name=_("deployment"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="head_counts",
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=Kind, help_text=_("What the source says was done. Kinds are never added.")
    )
    group = models.CharField(_("group"), max_length=20, choices=Group, default=Group.ALL)
    basis = models.CharField(_("basis"), max_length=10, choices=Basis, default=Basis.TOTAL)
    value = NumberField(_("number"), null=True, blank=True)
    qualifier = models.CharField(_("how exact"), max_length=20, choices=Qualifier, default=Qualifier.EXACT)
    as_of_from = models.DateField(
        _("not before"), null=True, blank=True, help_text=_("The first possible day, where the day is not known.")
    )
    as_of = models.DateField(
        _("as of"), help_text=_("The day it stood so; of an undated figure the last possible day.")
    )
    states = NumberField(_("states"), null=True, blank=True)
    bodies = NumberField(_("bodies"), null=True, blank=True)
    counted = models.BooleanField(
        _("counted"), default=True, help_text=_("Off: shown, but left out of all figures, for example a misprint.")
    )
    preferred = models.BooleanField(
        _("preferred"), default=False, help_text=_("On: stands before other totals of the same day. Say why in remark.")
    )
    source = models.ForeignKey(Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="head_counts")
    excerpt = models.TextField(_("excerpt"), blank=True, help_text=_("The phrase that carries the number."))
    remark = models.TextField(_("remark"), blank=True, help_text=_("Shown to everybody who may see this record."))

    objects = HeadCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("head count")
        verbose_name_plural = _("head counts")
        ordering = ["as_of", "kind", "group", "code"]
        constraints = [
            one_subject("head_count_of_one_subject"),
            in_order("head_count_in_order", "as_of_from", "as_of"),
            models.CheckConstraint(
                condition=Q(qualifier="not_published", value__isnull=True)
                | (~Q(qualifier="not_published") & Q(value__isnull=False)),
                name="head_count_value_or_not_published",
                violation_error_message=_("Give the number, or say that none was published."),
            ),
            *(
                constraint
                for subject in SUBJECTS
                for constraint in unique_even_where_blank(
                    name=f"head_count_once_{subject}",
                    fields=(subject, "kind", "group", "basis", "as_of_from", "as_of", "source"),
                    nullable=("as_of_from",),
                    message=_("This source gives this count for that day already."),
                )
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.figure} ({self.as_of})"

    @property
    def figure(self) -> str:
        """The number with its qualifier, as people say it: `at least 170`."""
        if self.value is None:
            return str(self.Qualifier.NOT_PUBLISHED.label)
        exact = self.qualifier == self.Qualifier.EXACT
        return str(self.value) if exact else f"{self.get_qualifier_display()} {self.value}"

    @property
    def subject(self) -> Election | Mission | Deployment | None:
        return self.deployment or self.mission or self.election

    def clean(self) -> None:
        super().clean()
        refuse(
            self.not_one_subject(),
            self.value_missing(),
            end_before_start(self, "as_of_from", "as_of"),
        )

    def not_one_subject(self) -> dict[str, Any]:
        """A count is of exactly one election, mission or deployment."""
        given = [subject for subject in SUBJECTS if getattr(self, subject) is not None]
        if len(given) != 1:
            field = given[-1] if given else "election"
            return {field: _("A count is of one election, one mission or one deployment: give exactly one.")}
        return {}

    def value_missing(self) -> dict[str, Any]:
        """A count has a number, unless it says that none was published."""
        if self.qualifier == self.Qualifier.NOT_PUBLISHED:
            return {"value": _("A count that was not published has no number.")} if self.value is not None else {}
        return {"value": _("Give the number, or say that none was published.")} if self.value is None else {}

    def computed_code(self) -> str:
        subject = self.subject.code if self.subject else ""
        return code_from(subject, self.kind, self.group, self.basis, self.as_of_from, self.as_of, self.source.code)


class StatementQuerySet(OneSourceQuerySet):
    def public(self) -> Self:
        return super().public().about_people(lambda rows: rows.public())

    def carried(self) -> Self:
        """Whoever they are about: of people, who sees these decides besides."""
        return self.filter(source__public=True)

    def visible_to(self, user: Reader) -> Self:
        """Statements of sources that the reader sees; those about people only where the reader sees these."""
        return super().visible_to(user).about_people(lambda rows: rows.visible_to(user))

    def audiences(self, persons: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        """As of any record; of a statement about people, those of them who see these."""
        found = super().audiences(persons)
        subjects = dict(self.order_by().values_list("code", "subject"))
        people = audiences_of_people(set(subjects.values()), persons)
        for code, subject in subjects.items():
            if subject in people:
                found[code] = people[subject] if VISITORS in found[code] else people[subject] - {VISITORS}
        return found

    def changeable_by(self, user: Reader) -> Self:
        """Statements that the user's organizations keep; of people, as long as the user sees these."""
        return super().changeable_by(user).about_people(lambda rows: rows.visible_to(user))

    def about_people(self, shown: Callable[[Any], Any]) -> Self:
        """Without the statements about persons, spellings and places that are not among those `shown`."""
        kept = Q()
        told = Q()
        for model in OF_PEOPLE:
            prefix = f"{model.resource()}/"
            paths = shown(model.objects.all()).annotate(path=Concat(Value(prefix), "code"))
            kept |= Q(subject__in=paths.values("path"))
            told |= Q(subject__startswith=prefix)
        return self.filter(~told | kept)

    def search(self, text: str, user: Reader | None = None) -> Self:
        """Words of the source, or the code of the subject or a piece of it, as it is written."""
        return self.filter(
            Q(pk__in=super().search(text, user).values("pk")) | Q(subject__contains=text.strip().lower())
        )

    def word_found(self, word: str, search: Search) -> Q:
        return Q(source__search_text__contains=word)


class Statement(OwnedRecord):
    """Another source's value of a field: shown beside the field, never adopted by itself."""

    dataset_file = "statements"
    columns = ("subject", "field", "value", "source", "excerpt")
    natural_key_columns = ("subject", "field", "source")

    subject = models.CharField(
        _("subject"),
        max_length=250,
        help_text=_("Kind and code of the record: missions/kg-presidential-2017-10-15-cis."),
    )
    field = models.CharField(_("field"), max_length=50, help_text=_("The column that it speaks of: starts_on."))
    value = models.TextField(_("value"), help_text=_("What this source says instead."))
    source = models.ForeignKey(Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="statements")
    excerpt = models.TextField(_("excerpt"), blank=True)

    objects = StatementQuerySet.as_manager()

    @classmethod
    def codes_seen_through(cls, model: type[Record], codes: list[str]) -> list[str]:
        """Those about the people with these codes."""
        subjects = [f"{model.resource()}/{code}" for code in codes] if model in OF_PEOPLE else []
        return list(cls.objects.filter(subject__in=subjects).order_by("code").values_list("code", flat=True))

    # Set by the importer, which knows records that are not stored yet; None: look it up.
    subject_in_hand: Record | bool | None = None

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["subject", "field", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "field", "source"],
                name="statement_once",
                violation_error_message=_("This source has a statement about this field already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.field}: {self.value}"

    def clean(self) -> None:
        super().clean()
        refuse(self.unknown_subject_or_field(), self.about_somebody_erased())

    def about_somebody_erased(self) -> dict[str, Any]:
        """Of a person who was erased, and of that person's places, nothing is stated any more.

        The importer, which knows the subjects itself, knows these as well.
        """
        if self.subject_in_hand is None and self.subject in subjects_erased(self.subject):
            return {"subject": _("This person was erased: nothing is stated of this person any more.")}
        return {}

    def unknown_subject_or_field(self) -> dict[str, Any]:
        """The subject is a record that exists, the field one of its columns."""
        resource, _slash, code = self.subject.partition("/")
        model = records_by_resource().get(resource)
        if model is None:
            return {"subject": _("Write the kind and the code, for example missions/kg-presidential-2017-10-15-cis.")}
        if self.field not in model.columns or self.field in model.private_columns:
            return {"field": _("“%(field)s” is not a column of %(kind)s.") % {"field": self.field, "kind": resource}}
        known = self.subject_in_hand
        if not (self.subjects_known(model).filter(code=code).exists() if known is None else known):
            return {"subject": _("There is no record “%(subject)s”.") % {"subject": self.subject}}
        return {}

    def subjects_known(self, model: Any) -> Any:
        """The records of which the statement may be: for whoever types it, those that this user sees."""
        return model.objects.visible_to(self.typed_by) if self.typed_by else model.objects.all()

    def why_not_coded_so(self, user: Reader) -> StrOrPromise:
        return not_computed(self)

    def computed_code(self) -> str:
        return code_from(self.subject, self.field, self.source.code)


def audiences_of_people(subjects: Iterable[str], persons: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Who sees each of these subjects of statements, of those that are people; of one that is gone, nobody."""
    found: dict[str, frozenset[str]] = {}
    for model in OF_PEOPLE:
        prefix = f"{model.resource()}/"
        codes = [subject.removeprefix(prefix) for subject in subjects if subject.startswith(prefix)]
        seen = model.objects.filter(code__in=codes).audiences(persons) if codes else {}
        found |= {f"{prefix}{code}": seen.get(code, NOBODY) for code in codes}
    return found


def subjects_erased(subject: str = "") -> set[str]:
    """The persons who were erased and their places, as statements name them; of one subject, that alone."""
    resource, _slash, code = subject.partition("/")
    found = set()
    for model, rows in ((Observer, Observer.objects.erased()), (Assignment, Assignment.objects.of_the_erased())):
        if resource in {"", model.resource()}:
            codes = (rows.filter(code=code) if code else rows).order_by().values_list("code", flat=True)
            found |= {f"{model.resource()}/{one}" for one in codes}
    return found


def records_by_resource() -> dict[str, type[Record]]:
    """Every kind of record by its name in addresses: `head-counts`, `missions` …"""
    labels = ("organizations", "observers", "missions")
    models_found = [model for label in labels for model in apps.get_app_config(label).get_models()]
    return {model.resource(): model for model in models_found if issubclass(model, Record)}


class ReadingQuerySet(models.QuerySet):
    def of_audience(self, user: Reader) -> Self:
        """The readings that this reader is shown."""
        return self.filter(audience=Reading.audience_of(user))


class Reading(models.Model):
    """How the head counts of one subject read, for one audience: kept so that lists can sort and filter by it.

    Rebuilt by `missions.readings` in the transaction that writes; never edited.
    """

    class Audience(models.TextChoices):
        PUBLIC = "public", _("Everybody")
        MEMBERS = "members", _("Members")

    class Agreement(models.TextChoices):
        CONFLICT = "conflict", _("Sources disagree")
        GAP = "gap", _("Figures leave a gap")
        PARTIAL = "partial", _("Parts fall short of the total")
        NONE = "none", _("Nothing known")
        AGREED = "agreed", _("Figures agree")

    election = models.ForeignKey(Election, on_delete=models.CASCADE, null=True, related_name="readings")
    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, null=True, related_name="readings")
    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, null=True, related_name="readings")
    kind = models.CharField(max_length=20, choices=HeadCount.Kind)
    audience = models.CharField(max_length=10, choices=Audience)
    value = models.PositiveIntegerField(null=True)
    low = models.PositiveIntegerField(null=True)
    high = models.PositiveIntegerField(null=True)
    approximate = models.BooleanField(default=False)
    # Added up from groups or parts: no source prints this figure.
    derived = models.BooleanField(default=False)
    # A source was checked and prints no number.
    not_published = models.BooleanField(default=False)
    agreement = models.CharField(max_length=10, choices=Agreement)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        constraints = [
            one_subject("reading_of_one_subject"),
            *(
                models.UniqueConstraint(
                    fields=[subject, "kind", "audience"],
                    condition=Q(**{f"{subject}__isnull": False}),
                    name=f"reading_once_{subject}",
                )
                for subject in SUBJECTS
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deployment or self.mission or self.election}: {self.kind} {self.low}–{self.high}"

    @classmethod
    def audience_of(cls, user: Reader) -> str:
        """Which readings this reader is shown."""
        return cls.Audience.MEMBERS if is_member(user) else cls.Audience.PUBLIC
