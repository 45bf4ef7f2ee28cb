"""What all records share: a code that never changes, the day of the last change, and one door for rows."""

from __future__ import annotations

import re
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from lib.paths import fields_along
from lib.text import slug, words
from organizations.policy import (
    MEMBERS,
    VISITORS,
    coordinated_by,
    is_administrator,
    is_coordinator,
    is_data_protection,
    is_member,
    kept_by,
)

if TYPE_CHECKING:
    from collections.abc import Container

    from django_stubs_ext import StrOrPromise

    from organizations.policy import Reader

CODE_LENGTH = 200
code_format = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z", _("A code holds lower-case letters, digits and single hyphens only.")
)


IS_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def in_order(name: str, start: str, end: str) -> models.CheckConstraint:
    """The database's own guard: no end before its start; blank ends are open."""
    condition = models.Q(**{f"{end}__gte": models.F(start)})
    return models.CheckConstraint(
        condition=condition, name=name, violation_error_message=_("The end is before the start.")
    )


def free_code(wanted: str, taken: Container[str]) -> str:
    """`wanted`, cut to length, or the first of `wanted-2`, `wanted-3` … that is not taken."""
    code, number = wanted[:CODE_LENGTH].rstrip("-"), 1
    while code in taken:
        number += 1
        code = f"{wanted[: CODE_LENGTH - 8].rstrip('-')}-{number}"
    return code


def code_from(*parts: object) -> str:
    """A code of the given parts, blank ones left out."""
    return slug(" ".join(str(part) for part in parts if part not in (None, "")))


class Search:
    """The folded words that are looked for, and for whom; without a reader, nothing is hidden."""

    def __init__(self, words: list[str], user: Reader | None) -> None:
        self.words, self.user = words, user
        self._texts: dict[Any, dict[int, str]] = {}

    def texts_seen(self, model: Any) -> dict[int, str]:
        """Of the rows in which a word is found and of whose names some are hidden: the folded text of the others.

        Read once for all words, so that a long search asks the database no more often than a short one.
        """
        if model not in self._texts:
            self._texts[model] = {row.pk: row.search_text for row in self._rows_with_hidden_names(model)}
        return self._texts[model]

    def _rows_with_hidden_names(self, model: Any) -> list[Any]:
        names = model._meta.get_field("names").related_model.objects
        seen = names.all() if self.user is None else names.visible_to(self.user)
        if not seen.query.where:
            return []
        any_word = reduce(or_, [models.Q(search_text__contains=word) for word in self.words])
        unseen = names.exclude(pk__in=seen.values("pk"))
        rows = model._default_manager.filter(any_word, names__in=unseen).distinct()
        found = list(rows.prefetch_related(models.Prefetch("names", seen)))
        for row in found:
            row.keep_search_text()
        return found


class RecordQuerySet(models.QuerySet):
    """Rows of one kind of record. `visible_to` is the only door through which a reader meets them."""

    def visible_to(self, user: Reader) -> Self:
        """The rows that this reader may see: members all, anonymous visitors public ones where access is public.

        Source of the rule: docs/access.md, "Facts".
        """
        return self if is_member(user) else self.open_to_visitors()

    def open_to_visitors(self) -> Self:
        """The rows that anonymous visitors may see: public ones where access is public."""
        return self.public() if settings.PUBLIC_ACCESS else self.none()

    def public(self) -> Self:
        """The rows that a public source carries. Nothing, unless a kind of record says what makes it public."""
        return self.none()

    def seen_whatever_they_cite(self, user: Reader) -> Self:
        """Those of the rows that the reader sees now which the reader would see without any source as well."""
        return self

    def carried(self) -> Self:
        """The same, each row as often as a public source carries it: joined, it asks about no rows but these."""
        return self.public()

    def audiences(self, persons: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        """Who sees each of these rows, by its code, in the words of `organizations.policy`. See also visible_to.

        `persons` holds who sees persons, by their codes, as far as that was asked already; those of these rows are
        added to it.
        """
        rows = self.order_by()
        public = set(rows.carried().values_list("code", flat=True))
        everybody, members = frozenset({MEMBERS, VISITORS}), frozenset({MEMBERS})
        return {code: everybody if code in public else members for code in rows.values_list("code", flat=True)}

    def changeable_by(self, user: Reader) -> Self:
        """The rows that this user may change: what its organizations keep; reference data is the administrators'.

        Source of the rule: docs/access.md, "Who changes what".
        """
        if self.model.kept_through:
            return self.filter(kept_by(user, self.model.kept_through))
        return self if is_administrator(user) else self.none()

    def private_to(self, user: Reader) -> Self:
        """The rows whose private columns this user may read, and which the admin therefore opens."""
        return self.changeable_by(user)

    def with_sources(self, user: Reader) -> Self:
        """Brings along the sources of each row that the reader may see, and no others."""
        sources: Any = self.model._meta.get_field("sources").related_model
        return self.prefetch_related(models.Prefetch("sources", sources.objects.visible_to(user).order_by("code")))

    def search(self, text: str, user: Reader | None = None) -> Self:
        """The rows in which each word of the text is found, whatever its case, accents or script; or with that code.

        For a reader, nothing is found by what that reader may not see.
        """
        search = Search(words(text), user)
        found = models.Q()
        for word in search.words:
            found &= self.word_found(word, search)
        return self.filter(found | models.Q(code=text.strip().lower())) if found else self

    def word_found(self, word: str, search: Search) -> models.Q:
        """Where one folded word is looked for: the record's own folded text, if it keeps one."""
        return models.Q(search_text__contains=word)

    def rebuild_search_text(self) -> None:
        """Writes the folded text of these rows anew, after what it is made of has changed elsewhere."""
        rows = list(self)
        for row in rows:
            row.keep_search_text()
        self.bulk_update(rows, ["search_text"], batch_size=500)


class SourcedQuerySet(RecordQuerySet):
    """Rows that cite any number of sources: public is a row of which any source is."""

    def public(self) -> Self:
        # Asked of each row by itself: what a file reads some hundreds of rows at a time is not asked of all each time.
        return self.filter(models.Exists(self.model._default_manager.all().carried().filter(pk=models.OuterRef("pk"))))

    def carried(self) -> Self:
        return self.filter(sources__public=True)

    def seen_whatever_they_cite(self, user: Reader) -> Self:
        return self if is_member(user) else self.none()


class OneSourceQuerySet(RecordQuerySet):
    """Rows that stand in one source: public where that is; a row without a source is for members."""

    def public(self) -> Self:
        return self.filter(source__public=True)

    def seen_whatever_they_cite(self, user: Reader) -> Self:
        return self if is_member(user) else self.none()


class NamedQuerySet(RecordQuerySet):
    """Rows that have `names` of their own, of which a reader may not see each."""

    def word_found(self, word: str, search: Search) -> models.Q:
        # The folded text holds all names: where some are hidden, that of those that the reader sees decides.
        hidden = [pk for pk, text in search.texts_seen(self.model).items() if word not in text]
        return super().word_found(word, search) & ~models.Q(pk__in=hidden)

    def with_word(self, word: str, search: Search) -> Self:
        """The rows in which one folded word is found, for the search of records that point to them."""
        return self.filter(self.word_found(word, search))


class Record(models.Model):
    """A row that people cite: it has a code, columns in the dataset, and a natural key that tells it from its like."""

    # The name of this kind of record in the dataset (`head_counts`); with `-` for `_` in addresses.
    dataset_file: ClassVar[str] = ""
    # The columns of this record in the dataset and the API, after `code`; docs/dataset.md explains each.
    columns: ClassVar[tuple[str, ...]] = ()
    natural_key_columns: ClassVar[tuple[str, ...]] = ("code",)
    # The path to the organization that keeps the record; blank for reference data, which administrators keep.
    kept_through: ClassVar[str] = ""
    # Columns that leave by no door but the admin.
    private_columns: ClassVar[frozenset[str]] = frozenset()
    # The paths to other records, but for the sources it cites, on which rests who sees this one; and the columns by
    # which this one decides who sees others.
    seen_through: ClassVar[tuple[str, ...]] = ()
    columns_of_sight: ClassVar[frozenset[str]] = frozenset()

    # People never type a code: it is computed when the record is made, and it never changes.
    code = models.CharField(_("code"), max_length=CODE_LENGTH, unique=True, editable=False, validators=[code_format])
    modified_at = models.DateTimeField(_("modified at"), auto_now=True, db_index=True)

    class Meta:
        abstract = True

    # What others than its keeper may change of a record, where `changeable_by` lets them; None: all but the keeper.
    changed_by_others: ClassVar[frozenset[str] | None] = None
    # Why nobody but who enters it can say the code of a new record; blank where it can be computed.
    needs_code: ClassVar[StrOrPromise] = ""
    # Who types the record; None: nobody in particular.
    typed_by: Reader | None = None
    # Whether it tells of a person, and whether it is one: a person is withheld or erased, never deleted.
    is_personal: ClassVar[bool] = False
    is_person: ClassVar[bool] = False

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.code:
            self.code = self.free_code()
        self.keep_search_text()
        super().save(*args, **kwargs)

    @classmethod
    def may_be_added_by(cls, user: Reader) -> bool:
        """Coordinators add what an organization can keep; reference data is added by administrators alone."""
        return is_administrator(user) or (bool(cls.kept_through) and is_coordinator(user))

    @classmethod
    def is_open_to(cls, user: Reader) -> bool:
        """Whether the user meets records of this kind in the admin: to write them, or to answer for persons."""
        return cls.may_be_added_by(user) or (cls.is_personal and is_data_protection(user))

    @classmethod
    def choices_of(cls, name: str, user: Reader) -> Any:
        """The records to which the user may point one of this kind by the relation `name`: those that the user sees."""
        related: Any = cls._meta.get_field(name).related_model
        return related.objects.visible_to(user)

    def is_kept_by(self, user: Reader) -> bool:
        """Whether the user writes for whoever keeps the record."""
        if not self.kept_through:
            return is_administrator(user)
        return type(self)._default_manager.filter(kept_by(user, self.kept_through), pk=self.pk).exists()

    @classmethod
    def resource(cls) -> str:
        """The name of this kind of record in addresses: `head-counts`."""
        return cls.dataset_file.replace("_", "-")

    def free_code(self) -> str:
        """The code of a new record, with a number behind it where another record has it already."""
        wanted = self.computed_code()
        taken = type(self)._default_manager.filter(code__startswith=wanted[: CODE_LENGTH - 8])
        return free_code(wanted, set(taken.values_list("code", flat=True)))

    def computed_code(self) -> str:
        """What the code of this record is made from: its natural key, unless a kind of record has a shorter way."""
        return code_from(*(getattr(self, column) for column in self.natural_key_columns))

    @classmethod
    def codes_seen_through(cls, model: type[Record], codes: list[str]) -> list[str]:
        """The codes of the records of this kind of which who sees them rests on one of those; some more than once."""
        paths = [path for path in cls.seen_through if fields_along(cls, path)[-1].related_model is model]
        rows = cls._default_manager.order_by("code").values_list("code", flat=True)
        return [code for path in paths for code in rows.filter(**{f"{path}__code__in": codes})]

    @classmethod
    def told_besides(cls, keys: list[int]) -> dict[str, dict[int, Any]]:
        """What the log tells of these records beside their columns: by name, and by key of the record."""
        return {}

    def why_not_coded_so(self, user: Reader) -> StrOrPromise:
        """Why a new record cannot have the code that somebody has chosen for it; blank where it can."""
        return ""

    def keep_search_text(self) -> None:
        """Keeps the folded text that search reads, where a kind of record has one."""

    def warnings(self) -> list[StrOrPromise]:
        """What is odd about this record without being wrong: told after saving, never refused."""
        return []


def not_computed(record: Record) -> StrOrPromise:
    """Why a record that tells of a person cannot have a code that somebody has chosen: a name could stand in it.

    A UUID tells nothing, and the code that would be computed no more than the record does.
    """
    if IS_UUID.fullmatch(record.code) or record.code == record.computed_code():
        return ""
    return _("The code of such a record is computed, or a UUID: leave it out.")


class OwnedRecord(Record):
    """A record that an organization keeps; without an owner the administrators keep it."""

    kept_through = "owner"

    owner = models.ForeignKey(
        "organizations.Organization",
        verbose_name=_("kept by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="kept_%(class)ss",
        help_text=_("The organization whose coordinators may change this record. Blank: the administrators."),
    )

    class Meta:
        abstract = True

    @classmethod
    def choices_of(cls, name: str, user: Reader) -> Any:
        """As of any record; it is given to an organization for which the user writes, by administrators to any."""
        rows = super().choices_of(name, user)
        return rows.filter(pk__in=coordinated_by(user)) if name == "owner" and not is_administrator(user) else rows
