"""What merging two records of one person would do, read and checked without writing: for the page and for the act."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from missions.models import Assignment, Statement
from observers.models import Observer, ObserverName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from organizations.policy import Reader

CYRILLIC = re.compile("[\u0400-\u052f]")
KAZAKH = re.compile("[әғқңөұүһі]", re.IGNORECASE)
LATIN = re.compile("[a-z\u00c0-\u024f]", re.IGNORECASE)
# What a merge compares of the rows that both persons have. A place or a statement that says two things is refused.
OF_PERSON = ("nationality", "gender", "email", "phone", "languages", "internal_note", "owner")
OF_NAME = ("source",)
OF_PLACE = (
    "status",
    "starts_on",
    "ends_on",
    "region",
    "area",
    "post",
    "employer",
    "accreditation_number",
    "internal_note",
    "owner",
)
OF_STATEMENT = ("value", "excerpt", "owner")


@dataclass(frozen=True)
class Column:
    """One column of two rows that become one: what each says, in words; blank where it says nothing.

    `filled`: the kept row says nothing and takes the other's value. `differs`: they say two things.
    """

    name: str
    label: str
    kept: str
    merged: str
    filled: bool
    differs: bool

    @classmethod
    def of(cls, kept: Any, merged: Any, name: str) -> Column:
        field = kept._meta.get_field(name)
        # Compared as stored: two regions may have one name.
        here, there = (getattr(row, field.attname) for row in (kept, merged))
        words = (str(field.verbose_name), said(kept, name), said(merged, name))
        both = not is_blank(here) and not is_blank(there)
        return cls(name, *words, filled=is_blank(here) and not is_blank(there), differs=both and here != there)


@dataclass(frozen=True)
class Pair:
    """Two rows that become one: `merged` goes, `kept` takes what it says where it says nothing itself."""

    kept: Any
    merged: Any
    names: tuple[str, ...]

    @cached_property
    def columns(self) -> list[Column]:
        return [Column.of(self.kept, self.merged, name) for name in self.names]

    @cached_property
    def filled(self) -> dict[str, Any]:
        """The values that the kept row takes."""
        return {column.name: getattr(self.merged, column.name) for column in self.columns if column.filled}

    @property
    def differing(self) -> list[Column]:
        return [column for column in self.columns if column.differs]

    @property
    def new_sources(self) -> list[Any]:
        """The sources that only the merged row cites, where rows of this kind cite several."""
        if not hasattr(self.kept, "sources"):
            return []
        return list(self.merged.sources.exclude(pk__in=self.kept.sources.values("pk")).order_by("pk"))

    def refusals(self) -> Iterator[str]:
        """A sentence for each column in which the rows say two things, and for what they say only together."""
        about = in_words(self.kept)
        for column in self.differing:
            sentence = _(
                "%(about)s: %(column)s is “%(kept)s” for one and “%(merged)s” for the other. Correct one first."
            )
            yield sentence % {
                "about": about,
                "column": column.label,
                "kept": column.kept,
                "merged": column.merged,
            }
        united = type(self.kept)._default_manager.get(pk=self.kept.pk)
        for name, value in self.filled.items():
            setattr(united, name, value)
        try:
            united.clean()
        except ValidationError as error:
            yield from (f"{about}: {sentence}" for sentence in error.messages)


@dataclass(frozen=True)
class Move:
    """A row that goes over to the kept person by one of its columns."""

    row: Any
    name: str
    to: Any


class MergePlan:
    """What merging `merged` into `kept` would do. Reads only."""

    def __init__(self, kept: Observer, merged: Observer) -> None:
        self.kept, self.merged = kept, merged
        self.person = Pair(kept, merged, self.person_columns())
        self.names, moving_names = self.pair_up(ObserverName, ("language", "family_name", "given_names"), OF_NAME)
        self.places, moving_places = self.pair_up(Assignment, ("mission_id", "deployment_id", "role"), OF_PLACE)
        self.statements, moving_statements = self.pair_up_statements()
        self.moving_names, self.moving_places, self.moving_statements = moving_names, moving_places, moving_statements
        self.spelling = self.own_name_as_spelling()
        self.withheld = kept.withheld or merged.withheld

    def person_columns(self) -> tuple[str, ...]:
        """Given names are taken over only with the family name that they stand with: no name is made of two."""
        same_family = self.kept.family_name == self.merged.family_name
        return ("given_names", *OF_PERSON) if same_family else OF_PERSON

    @property
    def united(self) -> list[Pair]:
        """Every two rows of the persons that become one; statements after the rows that they speak of."""
        return [*self.names, *self.places, *self.statements]

    @property
    def moves(self) -> list[Move]:
        # Earlier merges into the person that goes; their codes lead to the one that stays.
        earlier = [Move(merge, "kept", self.kept) for merge in self.merged.merges.order_by("pk")]
        return [*self.moving_names, *self.moving_places, *self.moving_statements, *earlier]

    def pair_up(self, model: Any, key: tuple[str, ...], columns: tuple[str, ...]) -> tuple[list[Pair], list[Move]]:
        """The merged person's rows that the kept one has as well, by their key, and those that it takes over."""
        held = {tuple(getattr(row, part) for part in key): row for row in model.objects.filter(observer=self.kept)}
        pairs, moves = [], []
        for row in model.objects.filter(observer=self.merged).order_by("pk"):
            twin = held.get(tuple(getattr(row, part) for part in key))
            if twin:
                pairs.append(Pair(twin, row, columns))
            else:
                moves.append(Move(row, "observer", self.kept))
        return pairs, moves

    def pair_up_statements(self) -> tuple[list[Pair], list[Move]]:
        """The same for statements about the merged person, and about those of its rows that go."""
        speaks_of = {
            f"{pair.merged.resource()}/{pair.merged.code}": f"{pair.kept.resource()}/{pair.kept.code}"
            for pair in [self.person, *self.names, *self.places]
        }
        held = {
            (row.subject, row.field, row.source_id): row
            for row in Statement.objects.filter(subject__in=speaks_of.values())
        }
        pairs, moves = [], []
        for row in Statement.objects.filter(subject__in=speaks_of).order_by("pk"):
            subject = speaks_of[row.subject]
            twin = held.get((subject, row.field, row.source_id))
            if twin:
                pairs.append(Pair(twin, row, OF_STATEMENT))
            else:
                moves.append(Move(row, "subject", subject))
        return pairs, moves

    def own_name_as_spelling(self) -> ObserverName | None:
        """The merged person's own name as a spelling, not stored; None where the kept person has it already."""
        own = (self.merged.family_name, self.merged.given_names)
        kept_given = self.person.filled.get("given_names", self.kept.given_names)
        known = {(self.kept.family_name, kept_given)}
        both = ObserverName.objects.filter(observer__in=[self.kept, self.merged])
        known.update(both.values_list("family_name", "given_names"))
        if own in known:
            return None
        language = language_of(str(self.merged))
        return ObserverName(observer=self.kept, language=language, family_name=own[0], given_names=own[1])

    def refusals(self, by: Reader) -> list[str]:
        """Why the two may not be merged by this user, in sentences; empty where they may."""
        if not may_merge(by, self.kept, self.merged):
            return [_("Only who keeps both persons merges them.")]
        if self.kept.pk == self.merged.pk:
            return [_("This is the same person twice. Choose two different records.")]
        found = list(filter(None, [person.why_left_as_it_is() for person in (self.kept, self.merged)]))
        owners = (self.kept.owner, self.merged.owner)
        if all(owners) and owners[0] != owners[1]:
            sentence = _(
                "One person is kept by %(one)s, the other by %(other)s: each would be shown what the other keeps. "
                "Agree who keeps this person, and set “kept by” on both records first."
            )
            found.append(sentence % {"one": owners[0], "other": owners[1]})
        for pair in [*self.places, *self.statements]:
            found += pair.refusals()
        return found


def may_merge(by: Reader, *persons: Observer) -> bool:
    """Whoever keeps the persons merges them and undoes it: no others know enough about both."""
    keys = {person.pk for person in persons}
    return Observer.objects.changeable_by(by).filter(pk__in=keys).count() == len(keys)


def language_of(name: str) -> str:
    """The language of a name as far as its letters tell: kk, ru or en; `und` (undetermined) for other scripts."""
    if CYRILLIC.search(name):
        return "kk" if KAZAKH.search(name) else "ru"
    return "en" if LATIN.search(name) else "und"


def label_of(row: Any, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)


def is_blank(value: object) -> bool:
    return value in (None, "")


def said(row: Any, name: str) -> str:
    """What the row says in a column, in words; blank where it says nothing."""
    value = getattr(row, name)
    if is_blank(value):
        return ""
    display = getattr(row, f"get_{name}_display", None)
    return str(display() if display else getattr(value, "name", value) if name == "nationality" else value)


def in_words(row: Any) -> str:
    """A row as the page and the sentences of a merge call it: a place by its role and mission."""
    match row:
        case Assignment():
            places = (str(place) for place in (row.mission, row.deployment) if place)
            return ", ".join([row.get_role_display(), *places])
        case ObserverName():
            return _("Spelling “%(name)s” (%(language)s)") % {"name": row, "language": row.language}
        case Statement():
            return _("Statement “%(field)s” (%(source)s)") % {"field": row.field, "source": row.source}
    return str(row)
