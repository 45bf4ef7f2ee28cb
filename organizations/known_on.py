"""What records said at the end of a day: from what they say now, back through the log of changes.

There is no way forward: what an import brought stands in its file, not in the log.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from organizations.changes import AT_ONCE, CREATED, DELETED, as_json, free_texts_of, same, told_stored
from organizations.history import PERSONS, Sight, codes_of
from organizations.models import ChangedRecord, Source
from organizations.models.changes import record_kinds
from organizations.policy import PERSONAL_FIELDS, is_member

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from organizations.models import Record
    from organizations.policy import Reader

# The columns that tell whose a personal value is.
TELLING_WHO = frozenset({"observer", "subject"})


def end_of(day: date) -> datetime:
    """The first moment after the day: what was done before it was known on the day."""
    return datetime.combine(day + timedelta(days=1), time.min, UTC)


# The way back


@dataclass(slots=True)
class Said:
    """What one record said at that moment, as the log keeps it: days as texts, other records by their codes.

    `now`: what it says now; None where it was deleted since. `told_by`: the entry of the log from which a column is
    known, of those that have changed since. `erased`: the columns of which nothing knows any more.
    """

    code: str
    values: dict[str, Any]
    now: Mapping[str, Any] | None
    told_by: dict[str, ChangedRecord] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    is_there: bool = True

    def differs(self, column: str) -> bool:
        """Whether it said something else than it says now, or may have."""
        return self.now is None or column in self.erased or not same(self.now.get(column), self.values.get(column))

    def cited(self) -> set[str]:
        """The codes of the sources on which it rested."""
        return {code for code in [*(self.values.get("sources") or ()), self.values.get("source")] if code}


def said_at(model: type[Record], codes: Iterable[str], moment: datetime) -> dict[str, Said]:
    """What the records with these codes said at that moment, by code; those that were not there are left out.

    A record of whose making the log does not tell counts as having been there always.
    """
    found: dict[str, Said] = {}
    for some in batches(codes):
        stored = model._default_manager.filter(code__in=some).order_by()
        told = told_stored(model, stored.values_list("pk", flat=True)).values()
        found |= {each.code: Said(each.code, dict(each.values), each.values) for each in told}
        entries = ChangedRecord.objects.of_records(model, some).filter(change__at__gte=moment)
        for row in entries.order_by("-pk").prefetch_related("personal_values"):
            if row.action == ChangedRecord.Action.ERASED:
                forget_person(model, found, row.code)
            else:
                go_back(model, found.setdefault(row.code, Said(row.code, {}, None, is_there=False)), row)
    return {code: said for code, said in found.items() if said.is_there}


def batches(codes: Iterable[str]) -> Iterator[list[str]]:
    """The codes, some hundreds at a time: databases take no more in one question."""
    wanted = sorted(codes)
    return (wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE))


def go_back(model: type[Record], said: Said, row: ChangedRecord) -> None:
    """Takes one entry of the log back."""
    if row.action == CREATED:
        said.is_there = False
    elif row.action == DELETED:
        # It tells all that the record said: what is not in it was blank.
        said.values = {name: blank(model, name) for name in model.columns}
        said.told_by, said.erased, said.is_there = dict.fromkeys(model.columns, row), set(), True
    if not said.is_there:
        return
    for name in [name for name in model.columns if name in row.fields]:
        value, is_known = before(row, name)
        said.values[name] = blank(model, name) if same(value, None) else value
        said.told_by[name] = row
        if is_known:
            said.erased.discard(name)
        else:
            said.erased.add(name)


def before(row: ChangedRecord, column: str) -> tuple[Any, bool]:
    """What the column said before the entry, and whether that is still known."""
    pair = row.fields[column]
    if pair is not None:
        return pair[0], True
    apart = [value for value in row.personal_values.all() if value.column == column]
    value = next((value.before for value in apart if value.before is not None), None)
    # Of a record that went over to another person, what it said of the first may be erased, of the second not.
    is_known = bool(apart) and (value is not None or not TELLING_WHO & row.fields.keys())
    return value, is_known


def blank(model: type[Record], column: str) -> Any:
    """What a column says that says nothing; where it must say something, as a column that is new, its usual value."""
    told: Any = model._meta.get_field(column)
    if told.many_to_many:
        return []
    return None if told.null else as_json(told.get_default())


def forget_person(model: type[Record], found: Mapping[str, Said], code: str) -> None:
    """Erasing a person empties the person's columns and those of the places, of which the log does not tell."""
    for said in found.values():
        if code == (said.code if model.resource() == PERSONS else said.values.get("observer")):
            said.erased |= PERSONAL_FIELDS[model.dataset_file].keys()


# Who is told of it


def resting_on_what_is_open(model: type[Record], found: Mapping[str, Said], reader: Reader) -> set[str]:
    """The codes of those that rested on something which this reader may know, of records that the reader sees now.

    What rested on internal papers then is not told because a public source says it, or something else, by now.
    """
    rows: Any = model._default_manager
    seen: set[str] = set()
    for some in batches(found):
        seen |= codes_of(rows.seen_whatever_they_cite(reader), set(some))
    unseen = {code: said.cited() for code, said in found.items() if code not in seen}
    public = public_sources(code for cited in unseen.values() for code in cited)
    return seen | {code for code, cited in unseen.items() if cited & public}


def public_sources(codes: Iterable[str]) -> set[str]:
    """The codes of the sources among these that are public now."""
    found: set[str] = set()
    for some in batches(set(codes)):
        found |= codes_of(Source.objects.all().public(), set(some))
    return found


class Telling:
    """What a reader who sees a record now is told of what it said then.

    `values`: the columns that said something else, each as a row holds it. `not_told`: those of them that this reader
    may not know, or that were erased; they are None in `values`. What leaves by no door but the admin is in neither.
    """

    def __init__(self, model: type[Record], said: Said, reader: Reader) -> None:
        self.model, self.said, self.reader = model, said, reader
        columns = [name for name in model.columns if name not in model.private_columns and said.differs(name)]
        entries = {row.pk: row for name, row in said.told_by.items() if name in columns}
        readable = ChangedRecord.objects.visible_to(reader).filter(pk__in=entries)
        self.readable = set(readable.values_list("pk", flat=True)) if entries else set()
        rows = [row for row in entries.values() if row.pk in self.readable]
        # No answer holds what no page shows.
        self.sight = Sight(rows, reader, on_a_page=True)
        self.guarded = free_texts_of(model.resource()) | PERSONAL_FIELDS.get(model.dataset_file, {}).keys()
        self.values: dict[str, Any] = {}
        self.not_told: list[str] = []
        for name in columns:
            self.tell(name)

    def tell(self, name: str) -> None:
        column: Any = self.model._meta.get_field(name)
        value = self.said.values[name]
        is_told = name not in self.said.erased
        if column.many_to_many:
            value = [code for code in value if self.may_name(column.related_model, code, name)]
        elif column.is_relation:
            is_named = not value or self.may_name(column.related_model, value, name)
            value = value if is_named else None
            # As ever, a visitor is not told that something is cited which visitors do not see.
            is_told = is_named or (column.related_model is Source and not is_member(self.reader))
        elif name == "subject":
            is_told = self.may_name_subject(value)
        elif name in self.guarded:
            is_told = is_told and self.is_read(name)
        self.values[name] = value if is_told else None
        if not is_told:
            self.not_told.append(name)

    def is_read(self, name: str) -> bool:
        """Whether this reader reads in the log what the column said.

        Somebody may have taken a name out of it on purpose.
        """
        row = self.said.told_by.get(name)
        if row is None or row.pk not in self.readable:
            return False
        return all(self.sight.of_value(row, value) for value in row.personal_values.all() if value.column == name)

    def may_name(self, model: Any, code: str, name: str) -> bool:
        """Records that the reader sees now; what was deleted since, where the reader reads of it in the log."""
        if model._default_manager.visible_to(self.reader).filter(code=code).exists():
            return True
        row = self.said.told_by.get(name)
        is_gone = not model._default_manager.filter(code=code).exists()
        return is_gone and row is not None and row.pk in self.readable

    def may_name_subject(self, subject: str) -> bool:
        resource, _slash, code = subject.partition("/")
        model = record_kinds().get(resource)
        return model is not None and self.may_name(model, code, "subject")
