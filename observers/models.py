"""Observers: the persons sent to observe, and the spellings of their names."""

from __future__ import annotations

import re
import uuid
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from lib.refusals import refuse
from lib.text import fold
from organizations.models import OwnedRecord, Record, RecordQuerySet, Source, User
from organizations.models.records import CODE_LENGTH, NamedQuerySet, not_computed
from organizations.models.sources import language_format
from organizations.policy import (
    DATA_PROTECTION,
    MEMBERS,
    PERSONAL_FIELDS,
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
    from django_stubs_ext import StrOrPromise

    from organizations.models.records import Search
    from organizations.policy import Reader

# What stands for the name of a person who was erased. Nobody is called so by hand.
ERASED_NAME = "(erased)"


def languages_format(value: str) -> None:
    """Languages as codes with `; ` between: `en; ru; kk`."""
    if not re.fullmatch(r"[a-z]{2,3}(; [a-z]{2,3})*", value):
        raise ValidationError(_("Give languages as codes with “; ” between them, for example en; ru; kk."))


class ObserverQuerySet(NamedQuerySet):
    def public(self) -> Self:
        """Persons whom a public source names in a mission; a withheld name is hidden whatever the source."""
        return self.filter(Exists(self.model.objects.all().carried().filter(pk=OuterRef("pk"))))

    def carried(self) -> Self:
        return self.filter(withheld=False, assignments__sources__public=True)

    def visible_to(self, user: Reader) -> Self:
        """Persons of the reader's own organizations and missions, and those whom a public source names.

        Data protection sees everybody. Source of the rule: docs/access.md, "People".
        """
        if not is_member(user):
            return self.open_to_visitors()
        if is_data_protection(user):
            return self
        # Asked of each row by itself, as in `public`.
        in_missions = self.in_missions_of(organizations_of(user)).filter(pk=OuterRef("pk"))
        shown = self.model.objects.all().carried().filter(pk=OuterRef("pk"))
        return self.filter(kept_for(user) | Exists(in_missions) | Exists(shown))

    def audiences(self, persons: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        """As of any record: the people of the keeper and of the organizers of missions as well."""
        public = set(self.order_by().carried().values_list("code", flat=True))
        found = {
            code: audience_of_person(organizations, is_public=code in public)
            for code, organizations in self.known_to().items()
        }
        persons |= found
        return found

    def known_to(self) -> dict[str, frozenset[int | None]]:
        """The organizations whose people see each of these persons though no public source names them."""
        rows = self.order_by()
        found = {code: frozenset({owner}) for code, owner in rows.values_list("code", "owner")}
        assigned = rows.filter(assigned_by_keeper(), assignments__mission__isnull=False)
        for code, organizer in assigned.values_list("code", "assignments__mission__organizer"):
            if organizer not in found[code]:
                found[code] |= {organizer}
        return found

    def private_to(self, user: Reader) -> Self:
        """Whose contacts and notes are read: by coordinators of the keeper and of the organizer, by data protection."""
        if not is_member(user):
            return self.none()
        if is_data_protection(user):
            return self
        return self.filter(kept_by(user) | Q(pk__in=self.in_missions_of(coordinated_by(user))))

    def in_missions_of(self, organizations: Any) -> Any:
        """The keys of the persons whom their own keepers have assigned to missions that these organize.

        An assignment that somebody else made opens nothing: else whoever sees a name could read the contacts as well.
        """
        # In one call: two would be met by two places, of which the organizer has made one and the keeper another.
        assigned = self.model.objects.filter(assigned_by_keeper(), assignments__mission__organizer__in=organizations)
        return assigned.values("pk")

    def assignable_by(self, user: Reader) -> Self:
        """The persons whom this user may give a place: its own, and those who are public anyway.

        Whom a user sees for another reason must not become public by a place that this user makes.
        """
        shown, own = self.model.objects.public(), self.model.objects.changeable_by(user)
        return self.filter(Q(pk__in=own.values("pk")) | Q(pk__in=shown.values("pk"))).not_erased()

    def erased(self) -> Self:
        return self.filter(family_name=ERASED_NAME)

    def not_erased(self) -> Self:
        return self.exclude(family_name=ERASED_NAME)


@lru_cache(maxsize=10_000)
def audience_of_person(organizations: frozenset[int | None], *, is_public: bool) -> frozenset[str]:
    """Who sees a person, or a spelling of the name: many are seen by the same."""
    return frozenset({DATA_PROTECTION, *map(people_of, organizations), *((MEMBERS, VISITORS) if is_public else ())})


def assigned_by_keeper() -> Q:
    """Where the person's own keeper has made the place."""
    return Q(assignments__owner=F("owner")) | Q(assignments__owner=None, owner=None)


class Observer(OwnedRecord):
    """A person who observes. The code is random, so that nobody can count or guess people."""

    class Gender(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        OTHER = "other", _("Other")

    dataset_file = "observers"
    columns = (
        "family_name",
        "given_names",
        "nationality",
        "gender",
        "email",
        "phone",
        "languages",
        "withheld",
        "internal_note",
    )
    private_columns = private_columns("observers")
    seen_through = ("assignments", "assignments__mission", "assignments__sources")
    columns_of_sight = frozenset({"owner", "withheld"})
    is_personal = is_person = True

    family_name = models.CharField(_("family name"), max_length=150)
    given_names = models.CharField(_("given names"), max_length=150, blank=True)
    nationality = CountryField(_("nationality"), blank=True, help_text=_("The person's own, not the sender's."))
    gender = models.CharField(_("gender"), max_length=10, choices=Gender, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    languages = models.CharField(
        _("languages"),
        max_length=100,
        blank=True,
        validators=[languages_format],
        help_text=_("Codes with “; ” between them: en; ru; kk."),
    )
    withheld = models.BooleanField(
        _("name withheld"), default=False, help_text=_("Hides the name everywhere, whatever the source.")
    )
    internal_note = models.TextField(_("internal note"), blank=True)
    search_text = models.TextField(editable=False, default="", blank=True)

    objects = ObserverQuerySet.as_manager()

    # Set by the importer, so that spellings which are not stored yet are known as well.
    names_in_hand: list[ObserverName] | None = None
    # Set by the importer, which knows whom an export calls so.
    may_be_called_erased = False

    class Meta:
        verbose_name = _("observer")
        verbose_name_plural = _("observers")
        ordering = ["family_name", "given_names", "code"]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("observer", args=[self.code])

    @property
    def full_name(self) -> str:
        return f"{self.given_names} {self.family_name}".strip()

    @property
    def is_erased(self) -> bool:
        return self.family_name == ERASED_NAME

    def why_left_as_it_is(self) -> str:
        """Why the person is neither merged nor divided; blank where nothing stands against it."""
        if self.is_erased:
            return _("The person “%(code)s” was erased.") % {"code": self.code}
        if self.erasures.exists():
            sentence = _("It was asked that “%(code)s” is erased: withdraw that first, or have it confirmed.")
            return sentence % {"code": self.code}
        return ""

    def free_code(self) -> str:
        return str(uuid.uuid4())

    def why_not_coded_so(self, user: Reader) -> StrOrPromise:
        """A code that was merged into another answers for that one, as long as the merge stands."""
        merge = Merge.objects.standing().filter(merged_code=self.code).select_related("kept").first()
        if merge is None:
            return ""
        is_seen = Observer.objects.visible_to(user).filter(pk=merge.kept_id).exists()
        return merge.answer() if is_seen else _("This code is not free: choose another.")

    def clean(self) -> None:
        super().clean()
        refuse(
            self.code_that_can_be_guessed(),
            {} if self.may_be_called_erased else called_erased(self),
            told_of_the_erased(self, self),
        )

    def code_that_can_be_guessed(self) -> dict[str, Any]:
        """A person's code is a UUID: any other could tell who it is."""
        try:
            uuid.UUID(self.code or str(uuid.uuid4()))
        except ValueError:
            return {"code": _("The code of a person is a UUID, for example %(example)s.") % {"example": uuid.uuid4()}}
        return {}

    def keep_search_text(self) -> None:
        stored = self.names.all() if self.pk else []
        names = stored if self.names_in_hand is None else self.names_in_hand
        self.search_text = fold(" ".join([self.full_name, *sorted(map(str, names))]))


def called_erased(record: Observer | ObserverName) -> dict[str, Any]:
    """Nobody is called what stands for the names of persons who were erased."""
    if record.family_name.strip().casefold() == ERASED_NAME:
        return {
            "family_name": _("“%(name)s” stands for persons who were erased: write a name.") % {"name": ERASED_NAME}
        }
    return {}


def told_of_the_erased(record: Record, person: Observer | None) -> dict[str, Any]:
    """Of a person who was erased nothing is kept again: each personal field of their records stays blank."""
    if person is None or not person.is_erased:
        return {}
    told = [name for name in PERSONAL_FIELDS[record.dataset_file] if getattr(record, name) not in {"", ERASED_NAME}]
    return dict.fromkeys(told, _("This person was erased: leave this blank."))


class ObserverNameQuerySet(RecordQuerySet):
    def public(self) -> Self:
        shown = Observer.objects.all().public().filter(pk=OuterRef("observer"))
        return self.filter(Exists(shown), source__public=True)

    def carried(self) -> Self:
        named = Q(observer__withheld=False, observer__assignments__sources__public=True)
        return self.filter(named, source__public=True)

    def visible_to(self, user: Reader) -> Self:
        """Spellings of persons whom the reader may see; a spelling from an internal paper only where kept for them."""
        if not is_member(user):
            return self.open_to_visitors()
        if is_data_protection(user):
            return self
        in_missions = Observer.objects.all().in_missions_of(organizations_of(user)).filter(pk=OuterRef("observer"))
        shown = self.model.objects.public().filter(pk=OuterRef("pk"))
        return self.filter(kept_for(user, "observer__owner") | Exists(in_missions) | Exists(shown))

    def audiences(self, persons: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        """As of any record: a spelling is seen by those for whom the person is kept, whatever its source."""
        rows = self.order_by()
        public = set(rows.carried().values_list("code", flat=True))
        known = Observer.objects.filter(pk__in=rows.values("observer")).known_to()
        return {
            code: audience_of_person(known[person], is_public=code in public)
            for code, person in rows.values_list("code", "observer__code")
        }

    def word_found(self, word: str, search: Search) -> Q:
        return Q(observer__in=Observer.objects.all().with_word(word, search))


class ObserverName(Record):
    """Another spelling of a person's name, in a language, as a source gives it."""

    dataset_file = "observer_names"
    columns = ("observer", "language", "family_name", "given_names", "source")
    natural_key_columns = ("observer", "language", "family_name", "given_names")
    kept_through = "observer__owner"
    seen_through = ("observer",)
    is_personal = True

    observer = models.ForeignKey(Observer, verbose_name=_("observer"), on_delete=models.CASCADE, related_name="names")
    language = models.CharField(_("language"), max_length=3, validators=[language_format])
    family_name = models.CharField(_("family name"), max_length=150)
    given_names = models.CharField(_("given names"), max_length=150, blank=True)
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, null=True, blank=True, related_name="observer_names"
    )

    objects = ObserverNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("spelling of a name")
        verbose_name_plural = _("spellings of names")
        ordering = ["observer", "language", "family_name", "given_names", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["observer", "language", "family_name", "given_names"],
                name="observer_name_once",
                violation_error_message=_("This spelling is recorded already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.given_names} {self.family_name}".strip()

    def clean(self) -> None:
        super().clean()
        refuse(called_erased(self), told_of_the_erased(self, getattr(self, "observer", None)))

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        Observer.objects.filter(pk=self.observer_id).rebuild_search_text()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        gone = super().delete(*args, **kwargs)
        Observer.objects.filter(pk=self.observer_id).rebuild_search_text()
        return gone

    def free_code(self) -> str:
        """Random: a code made of the name would show the name."""
        return str(uuid.uuid4())

    def why_not_coded_so(self, user: Reader) -> StrOrPromise:
        return not_computed(self)


class ErasureQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Those of persons whom the user keeps; data protection sees all."""
        return self if is_data_protection(user) else self.filter(kept_by(user, "observer__owner"))

    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)


class Erasure(models.Model):
    """Somebody asks that a person is erased; somebody of data protection confirms it, never the one who asked.

    Carried out by `missions.erasure` alone. It stays, so that no import brings the person back.
    """

    observer = models.ForeignKey(
        Observer, verbose_name=_("observer"), on_delete=models.PROTECT, related_name="erasures"
    )
    asked_by = models.ForeignKey(User, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    reason = models.TextField(_("reason"), help_text=_("For example the date of the person's letter. No names."))
    confirmed_by = models.ForeignKey(
        User, verbose_name=_("confirmed by"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure of a person")
        verbose_name_plural = _("erasures of persons")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["observer"], name="erasure_once"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("asked_by")),
                name="erasure_confirmed_by_another",
                violation_error_message=_("Somebody else has to confirm what you have asked for."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.observer.code)


class MergeQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Merges that nobody has undone: their codes answer for the person that was kept."""
        return self.filter(undone_at=None)


class Merge(models.Model):
    """Two records of one person made one. `kept` stands; the row of the other is gone, and its code points here.

    `snapshot` holds what undoing needs, with the names and contacts as they were: erasing a person must cover it.
    Undoing empties it. Written by `missions.actions` alone.
    """

    kept = models.ForeignKey(Observer, verbose_name=_("kept"), on_delete=models.PROTECT, related_name="merges")
    merged_code = models.CharField(_("code merged into it"), max_length=CODE_LENGTH)
    by = models.ForeignKey(User, verbose_name=_("by"), on_delete=models.SET_NULL, null=True, related_name="merges")
    at = models.DateTimeField(_("at"))
    undone_by = models.ForeignKey(
        User, verbose_name=_("undone by"), on_delete=models.SET_NULL, null=True, related_name="undone_merges"
    )
    undone_at = models.DateTimeField(_("undone at"), null=True)
    snapshot = models.JSONField(default=dict)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge of two persons")
        verbose_name_plural = _("merges of persons")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["merged_code"], condition=Q(undone_at=None), name="merge_once_while_it_stands"
            )
        ]

    def __str__(self) -> str:
        return f"{self.merged_code} → {self.kept.code}"

    def answer(self) -> str:
        """What is said to whoever asks for the code that was merged."""
        sentence = _("The person “%(code)s” was merged into “%(kept)s”: use that code.")
        return sentence % {"code": self.merged_code, "kept": self.kept.code}
