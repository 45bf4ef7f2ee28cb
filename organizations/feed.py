"""Telling copies of the record what an act has changed, and to whom: `organizations.models.feed`.

An act changes more than it writes: a source that becomes internal takes along what rests on it, a place shows a person
to an organizer. So it is kept to whom each record was told last, and compared with who sees it after the act.
"""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connection

from lib.many_rows import insert_rows, next_keys
from lib.one_writer import wait_for_other_writers
from lib.paths import fields_along
from organizations.models import Audience, ChangedRecord, FeedEntry, Source, ToldRecord
from organizations.models.changes import record_kinds
from organizations.policy import NOBODY, PERSONAL_FIELDS, VISITORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from organizations.changes import RecordChange
    from organizations.models import Record

    Words = frozenset[str]
    # Codes by kind of record, each once and in order.
    Codes = dict[type[Record], dict[str, None]]

AT_ONCE = 4000
ACTS = FeedEntry.Act
COLUMNS = ["id", "at", "resource", "code", "act", "fields", "before_id", "after_id"]


class Feed:
    """What one act tells. What it writes is noted as it goes on; in the end `tell` finds out who is told what."""

    def __init__(self, *, at: datetime) -> None:
        self.kinds = record_kinds()
        self.at = FeedEntry._meta.get_field("at").get_db_prep_save(at, connection)
        # The columns that changed, by record.
        self.written: dict[type[Record], dict[str, tuple[str, ...]]] = {}
        self.erased: set[tuple[type[Record], str]] = set()
        # Which sources were added to a column or taken from it; visitors see of these the public ones alone.
        self.cited: dict[tuple[type[Record], str, str], set[str]] = {}
        # Sources that were hidden or shown, which changes what visitors read in the columns that name them.
        self.turned: set[str] = set()
        # What visitors are told to have changed in a record less than others, and more.
        self.left_out: dict[tuple[type[Record], str], set[str]] = {}
        self.added: dict[tuple[type[Record], str], set[str]] = {}
        # Records on which rests who sees others, and others that were named in such a record.
        self.moved: Codes = {}
        self.named: Codes = {}
        self.done: Codes = {}
        self.keys: dict[Words, int] = {}
        self.persons: dict[str, Words] = {}

    # What was written

    def note(self, record: RecordChange, fields: dict[str, list[Any]]) -> None:
        """Notes what became of a record; `fields` says what its columns said before and after."""
        model = self.kinds.get(record.resource)
        if model is None or record.action == ChangedRecord.Action.TOLD:
            return
        if record.action == ChangedRecord.Action.ERASED:
            self.note_erased(model, [record.code])
            return
        is_changed = record.action == ChangedRecord.Action.CHANGED
        if not (is_changed or fields):
            # Of what is new an import says no more. There may be many.
            self.written.setdefault(model, {}).setdefault(record.code, ())
            if shown_by(model):
                self.moved.setdefault(model, {})[record.code] = None
            return
        self.write(model, record.code, tuple(name for name in fields if name in told_columns(model)))
        for shown, column in shown_by(model):
            add(self.named, shown, filter(None, [record.before.get(column), record.after.get(column)]))
        if shown_by(model) if not is_changed else model.columns_of_sight & fields.keys():
            add(self.moved, model, [record.code])
        if is_changed and model is Source and "public" in fields:
            self.turned.add(record.code)
        for name in fields.keys() & columns_of_sources(model):
            before, after = (set(value if isinstance(value, list) else [value]) for value in fields[name])
            self.cited[model, record.code, name] = before ^ after

    def note_erased(self, model: type[Record], codes: Iterable[str]) -> None:
        """Notes records that told of a person who was erased: copies have to drop what they told."""
        personal = tuple(name for name in told_columns(model) if name in PERSONAL_FIELDS.get(model.dataset_file, ()))
        for code in codes:
            self.erased.add((model, code))
            self.write(model, code, personal)

    def note_figures(
        self, model: type[Record], code: str, *, of_visitors: Iterable[str], of_others: Iterable[str]
    ) -> None:
        """Notes which figures beside a record read otherwise; others than visitors may read other ones."""
        visitors, others = set(of_visitors), set(of_others)
        self.write(model, code, tuple(others))
        if visitors != others:
            self.left_out.setdefault((model, code), set()).update(others - visitors)
            self.added.setdefault((model, code), set()).update(visitors)

    def write(self, model: type[Record], code: str, columns: tuple[str, ...]) -> None:
        written = self.written.setdefault(model, {})
        written[code] = tuple(dict.fromkeys((*written.get(code, ()), *columns)))

    # What is told

    def tell(self) -> None:
        """Writes the entries of the act: of what it wrote, and of all that is seen by others than before."""
        wait_for_other_writers()
        waiting: Codes = {}
        for found in (self.written, self.named, self.read_otherwise()):
            for model, codes in found.items():
                add(waiting, model, codes)
        for model, codes in self.resting_on(self.moved).items():
            add(waiting, model, codes)
        while waiting:
            moved: Codes = {}
            # Persons first: who sees them is asked for by all that hangs on them.
            for model in sorted(waiting, key=lambda kind: not kind.is_person):
                for some in batches(waiting[model]):
                    add(moved, model, self.tell_of(model, some))
                add(self.done, model, waiting[model])
            waiting = self.resting_on(moved)

    def read_otherwise(self) -> Codes:
        """Finds out which columns read otherwise to visitors, who see public sources alone; answers what cites them.

        Columns that visitors do not see change are left out of what they are told, and others are added.
        """
        cited = {code for codes in self.cited.values() for code in codes}
        public = {code for some in batches(cited) for code in codes_of_public_sources(some)}
        for (model, code, column), codes in self.cited.items():
            if not codes & public:
                self.left_out.setdefault((model, code), set()).add(column)
        citing: Codes = {}
        for some in batches(sorted(self.turned)):
            for model in self.kinds.values():
                for column in columns_of_sources(model):
                    rows = model._default_manager.filter(**{f"{column}__code__in": some}).order_by("code")
                    for code in rows.values_list("code", flat=True):
                        add(citing, model, [code])
                        self.added.setdefault((model, code), set()).add(column)
        return citing

    def resting_on(self, moved: Codes) -> Codes:
        """The records of which who sees them rests on these, of those that were not looked at yet."""
        found: Codes = {}
        for end, codes in moved.items():
            for model in self.kinds.values():
                for some in batches(codes):
                    done = self.done.get(model, {})
                    add(found, model, (code for code in model.codes_seen_through(end, some) if code not in done))
        return {model: codes for model, codes in found.items() if codes}

    def tell_of(self, model: type[Record], codes: list[str]) -> list[str]:
        """Writes what is told of some records; answers those that are seen by others than before."""
        told = told_last(model, codes)
        seen = model._default_manager.filter(code__in=codes).audiences(self.persons)  # type: ignore[attr-defined]
        resource, entries, moved = model.resource(), [], []
        for code in codes:
            before, after = told.get(code, NOBODY), seen.get(code, NOBODY)
            if before and before != after:
                moved.append(code)
            act = self.act(model, code, is_gone=code not in seen)
            for was, now, columns in self.parts(model, code, before, after):
                if was != now or (was and columns):
                    entries.append((resource, code, act, " ".join(columns), was, now))
        self.add_entries(entries)
        self.keep(resource, codes, told, seen)
        return moved

    def act(self, model: type[Record], code: str, *, is_gone: bool) -> str:
        if (model, code) in self.erased:
            return ACTS.ERASED.value
        if is_gone:
            # Persons are not deleted otherwise.
            return (ACTS.MERGED if model.is_person else ACTS.DELETED).value
        return ACTS.CHANGED.value

    def parts(
        self, model: type[Record], code: str, before: Words, after: Words
    ) -> Iterator[tuple[Words, Words, list[str]]]:
        """Who saw the record, who sees it, which columns changed: once, or once for visitors and once for others."""
        columns = self.written.get(model, {}).get(code, ())
        if not (before and after):
            # To nobody it is told what is said by what is there only now, or was there only before.
            yield before, after, []
            return
        left_out, added = self.left_out.get((model, code), set()), self.added.get((model, code), set())
        of_visitors = sorted({*columns, *added} - (left_out - added))
        visitors = before & after & {VISITORS}
        if visitors and of_visitors != sorted(columns):
            yield visitors, visitors, of_visitors
            before, after = before - visitors, after - visitors
        yield before, after, sorted(columns)

    # Writing

    def add_entries(self, entries: list[tuple[str, str, str, str, Words, Words]]) -> None:
        self.look_up({before for *_told, before, _after in entries} | {after for *_told, after in entries})
        keys = next_keys(FeedEntry, len(entries)) if entries else []
        rows = [
            (key, self.at, resource, code, act, columns, self.keys[before], self.keys[after])
            for key, (resource, code, act, columns, before, after) in zip(keys, entries, strict=True)
        ]
        insert_rows(FeedEntry, COLUMNS, rows)

    def look_up(self, audiences: set[Words]) -> None:
        """Finds the keys of these audiences, and stores those that there were not."""
        for words in audiences - self.keys.keys():
            self.keys[words] = Audience.objects.get_or_create(words=" ".join(sorted(words)))[0].pk

    def keep(self, resource: str, codes: list[str], told: dict[str, Words], seen: dict[str, Words]) -> None:
        """Keeps to whom each record was told, for the next act."""
        self.look_up(set(seen.values()))
        new: list[tuple[str, str, int]] = []
        changed: dict[Words, list[str]] = {}
        for code in codes:
            before, after = told.get(code), seen.get(code, NOBODY)
            if before is None and after:
                new.append((resource, code, self.keys[after]))
            elif before is not None and before != after:
                changed.setdefault(after, []).append(code)
        insert_rows(ToldRecord, ["resource", "code", "audience_id"], new)
        rows = ToldRecord.objects.filter(resource=resource)
        for after, some in changed.items():
            if after:
                rows.filter(code__in=some).update(audience=self.keys[after])
            else:
                rows.filter(code__in=some).delete()


def told_last(model: type[Record], codes: list[str]) -> dict[str, Words]:
    """To whom the feed has told these records last."""
    rows = ToldRecord.objects.filter(resource=model.resource(), code__in=codes)
    return {code: frozenset(words.split()) for code, words in rows.values_list("code", "audience__words")}


def codes_of_public_sources(codes: list[str]) -> Iterator[str]:
    """Those of the sources that visitors see, or saw before the act."""
    yield from Source.objects.public().filter(code__in=codes).values_list("code", flat=True)
    yield from (code for code, words in told_last(Source, codes).items() if VISITORS in words)


# Kinds of records


@cache
def told_columns(model: type[Record]) -> frozenset[str]:
    """The columns that leave by the API."""
    return frozenset(model.columns) - model.private_columns


@cache
def columns_of_sources(model: type[Record]) -> frozenset[str]:
    """The columns that name sources."""
    return frozenset(name for name in model.columns if model._meta.get_field(name).related_model is Source)


@cache
def shown_by(model: type[Record]) -> tuple[tuple[type[Record], str], ...]:
    """The kinds of records that are seen by others because of records that point to them, and by which column."""
    ends = [(kind, fields_along(kind, path)[-1]) for kind in record_kinds().values() for path in kind.seen_through]
    return tuple((kind, end.field.name) for kind, end in ends if end.one_to_many and end.related_model is model)


def add(found: Codes, model: type[Record], codes: Iterable[str]) -> None:
    found.setdefault(model, {}).update(dict.fromkeys(codes))


def batches(codes: Iterable[str]) -> Iterator[list[str]]:
    """The same in lists of limited length: databases limit the values of one query."""
    left = iter(codes)
    while some := list(islice(left, AT_ONCE)):
        yield some
