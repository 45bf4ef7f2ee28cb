"""Writing the log of changes: what records said before an act, and what they say after it.

No library fits: those for Django hear of `save()` alone, so not of rows that an import copies into either database;
they keep all values in one row, out of which none could be erased; and they keep a table for each kind of record, so
that no one table has all acts in their order.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.db import DatabaseError, connection, models, transaction

from lib.many_rows import insert_rows, next_keys
from lib.one_writer import wait_for_other_writers
from organizations.feed import Feed
from organizations.models import Change, ChangedRecord, PersonalValue, StaffRole, User
from organizations.models.changes import ACCOUNTS, record_kinds
from organizations.policy import PERSONAL_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from organizations.models import Record
    from organizations.resting import Resting

# What an account says, as far as the log tells it. Of a password: that it was changed.
OF_ACCOUNT = ("username", "first_name", "last_name", "email", "is_active", "is_superuser", "is_data_protection")
PASSWORD = "password"  # noqa: S105 (the name of a column)
# The columns of a statement that tell of a person, where its subject is one or one of a person's records.
OF_STATEMENT = frozenset({"value", "excerpt"})
NAMES = ("family_name", "given_names")
# Personal columns whose values many people share: by them nobody is found.
SHARED = frozenset({"nationality", "gender", "language", "languages"})
# No free texts: persons' own names, and what names no person.
NOT_FREE = {*NAMES, *SHARED, "subject", "field", "country", "member_country", "sender_country", "iso"}
AT_ONCE = 500
CREATED = ChangedRecord.Action.CREATED.value
CHANGED = ChangedRecord.Action.CHANGED.value
DELETED = ChangedRecord.Action.DELETED.value


@dataclass(frozen=True, slots=True)
class Told:
    """What a record says at one moment: its columns and its keeper as JSON, other records by their codes.

    `keeper` is the code of the organization that keeps it, also where that is told by another record (of a spelling,
    by the person).
    """

    resource: str
    code: str
    keeper: str
    values: dict[str, Any] = field(repr=False)


# Not frozen: that takes three times as long to make, and an import makes a hundred thousand.
@dataclass(slots=True)
class RecordChange:
    """What became of one record. Columns that are given neither before nor after are as they were."""

    resource: str
    code: str
    owner: str
    action: str
    before: Mapping[str, Any] = field(default_factory=dict, repr=False)
    after: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def fields(self) -> dict[str, list[Any]]:
        """The columns that differ, with what they said before and after."""
        if not (self.before or self.after):
            return {}
        pairs = {name: [self.before.get(name), self.after.get(name)] for name in {**self.before, **self.after}}
        found = {name: pair for name, pair in pairs.items() if not same(*pair)}
        if PASSWORD in found:
            found[PASSWORD] = ["", ""]
        return found


def same(before: Any, after: Any) -> bool:
    """Whether two values say the same: nothing is nothing, however it is written."""
    return before == after or (is_blank(before) and is_blank(after))


def is_blank(value: Any) -> bool:
    return value is None or value in ("", [])


class NotLogged(DatabaseError):
    """The database did not take an act into the log, so that the act is not done either."""


# What records say


def told(record: Record | User) -> dict[str, Any]:
    """What the database says of the record now: each of its columns, and who keeps it."""
    return told_stored(type(record), [record.pk])[record.pk].values


def told_stored(model: type[models.Model], keys: Iterable[int]) -> dict[int, Told]:
    """What the database says now of the records with these keys."""
    tell: Any = told_accounts if model is User else told_records
    wanted = list(keys)
    found: dict[int, Told] = {}
    for start in range(0, len(wanted), AT_ONCE):
        found |= tell(model, wanted[start : start + AT_ONCE])
    return found


def told_records(model: type[Record], keys: list[int]) -> dict[int, Told]:
    rows = model._default_manager.filter(pk__in=keys).order_by()
    fields = [model._meta.get_field(name) for name in model.columns]
    single = {one.name: f"{one.name}__code" if one.is_relation else one.name for one in fields if not one.many_to_many}
    if model.kept_through == "owner":
        single["owner"] = "owner__code"
    kept = [f"{model.kept_through}__code"] if model.kept_through else []
    found = {}
    for pk, code, *values in rows.values_list("pk", "code", *single.values(), *kept):
        keeper = values.pop() if kept else ""
        said = {name: as_json(value) for name, value in zip(single, values, strict=True)}
        found[pk] = Told(model.resource(), code, keeper or "", said)
    for name in [one.name for one in fields if one.many_to_many]:
        linked: dict[int, list[str]] = {pk: [] for pk in found}
        for pk, code in rows.values_list("pk", f"{name}__code"):
            linked[pk] += [code] if code else []
        for pk, codes in linked.items():
            found[pk].values[name] = sorted(codes)
    for name, values_by_key in model.told_besides(list(found)).items():
        for pk, value in values_by_key.items():
            found[pk].values[name] = value
    return found


def told_accounts(_model: type[User], keys: list[int]) -> dict[int, Told]:
    found = {}
    for user in User.objects.filter(pk__in=keys).order_by():
        said = {name: getattr(user, name) for name in OF_ACCOUNT}
        # Enough to see that it is another one.
        said[PASSWORD] = hashlib.sha256(user.password.encode()).hexdigest()
        found[user.pk] = Told(ACCOUNTS, str(user.pk), "", {**said, "second_factor": False, "roles": []})
    factors = Authenticator.objects.filter(user__in=keys, type=Authenticator.Type.TOTP)
    for pk in factors.values_list("user", flat=True):
        found[pk].values["second_factor"] = True
    roles = StaffRole.objects.filter(user__in=keys).order_by("organization__code")
    for pk, code, role in roles.values_list("user", "organization__code", "role"):
        found[pk].values["roles"].append(f"{code}: {role}")
    return found


def as_json(value: Any) -> Any:
    """A value of a column as the log keeps it: records by their codes, days as in the dataset."""
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, models.Model):
        return value.code  # type: ignore[attr-defined]  # columns point to records
    if isinstance(value, list | set | tuple):
        return sorted(map(as_json, value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


class Watched:
    """Records that an act may touch: read before it, and again after it, within the transaction of the act."""

    def __init__(self) -> None:
        self.before: dict[type[models.Model], dict[int, Told | None]] = {}

    def look_at(self, model: type[models.Model], keys: Iterable[int]) -> None:
        """Reads the records that were not looked at yet, before the act touches them."""
        seen = self.before.setdefault(model, {})
        unseen = [key for key in dict.fromkeys(keys) if key not in seen]
        found = told_stored(model, unseen)
        seen.update((key, found.get(key)) for key in unseen)

    def made(self, model: type[models.Model], keys: Iterable[int]) -> None:
        """Tells of records that are there now; those that were not looked at before are new."""
        seen = self.before.setdefault(model, {})
        for key in keys:
            seen.setdefault(key, None)

    def changes(self, *, values_of_new: bool = True) -> list[RecordChange]:
        """What has become of each record. `values_of_new`: whether new ones are told with all that they say."""
        found = []
        for model, before in self.before.items():
            now = told_stored(model, before)
            for key, was in before.items():
                if change := change_between(was, now.get(key), values_of_new=values_of_new):
                    found.append(change)
        return found


def change_between(was: Told | None, now: Told | None, *, values_of_new: bool = True) -> RecordChange | None:
    """What has become of a record; None where there was none and is none."""
    if was and now:
        return RecordChange(now.resource, now.code, now.keeper, CHANGED, was.values, now.values)
    if now:
        return RecordChange(
            now.resource, now.code, now.keeper, CREATED, after=without_password(now) if values_of_new else {}
        )
    if was:
        return RecordChange(was.resource, was.code, was.keeper, DELETED, before=without_password(was))
    return None


def without_password(said: Told) -> dict[str, Any]:
    return {name: value for name, value in said.values.items() if name != PASSWORD}


# Writing


def log_change(
    *,
    by: Any,
    door: str,
    at: datetime,
    records: Iterable[RecordChange],
    files: Sequence[Mapping[str, str]] = (),
    erased: Mapping[type[Record], Iterable[str]] | None = None,
    resting: Resting | None = None,
) -> Change | None:
    """Writes one act; answers None, with nothing written, where no record was changed.

    To be called within the transaction of the act, so that what cannot be logged is not done. `erased`: the codes of
    records that told of a person who was erased, which the feed tells and the log does not. `resting`: what rests on
    the records and is made anew within the act, which the feed tells and the log does not.
    """
    act = LoggedAct(by=by, door=door, at=at, files=files)
    act.log(records)
    for model, codes in (erased or {}).items():
        act.feed.note_erased(model, codes)
    if resting:
        resting.rebuild(act.feed, now=at)
    act.end()
    return act.change


def log_account(*, user: User, by: Any, at: datetime, fields: Mapping[str, tuple[Any, Any]]) -> Change | None:
    """Writes what happened to an account, as `{"single_sign_on": (False, True)}`. Never give a secret."""
    before = {name: pair[0] for name, pair in fields.items()}
    after = {name: pair[1] for name, pair in fields.items()}
    records = [RecordChange(ACCOUNTS, str(user.pk), "", CHANGED, before, after)]
    return log_change(by=by, door=Change.Door.ACCOUNT, at=at, records=records)


class LoggedAct:
    """One act on its way into the log. Its records may come some at a time; the first that changed begins it.

    Nobody else writes from its beginning until its transaction ends, so that keys are in the order of commits.
    """

    def __init__(self, *, by: Any, door: str, at: datetime, files: Iterable[Mapping[str, str]] = ()) -> None:
        if not connection.in_atomic_block:
            raise transaction.TransactionManagementError("A change is logged in the transaction that makes it.")
        wait_for_other_writers()
        self.by, self.door, self.at, self.files = by, door, at, files
        self.change: Change | None = None
        self.feed = Feed(at=at)

    def log(self, records: Iterable[RecordChange]) -> None:
        """Writes these records, those of them left out in which nothing was changed. Raises NotLogged."""
        differing = [(record, record.fields()) for record in records]
        differing = [(record, fields) for record, fields in differing if fields or record.action != CHANGED]
        if not differing:
            return
        try:
            self.write(differing)
            for record, fields in differing:
                self.feed.note(record, fields)
        except DatabaseError as error:
            raise NotLogged("The change could not be logged.") from error

    def end(self) -> None:
        """Tells copies of the record what has changed, when all is written. Raises NotLogged."""
        try:
            self.feed.tell()
        except DatabaseError as error:
            raise NotLogged("The change could not be logged.") from error

    def write(self, differing: list[tuple[RecordChange, dict[str, list[Any]]]]) -> None:
        if self.change is None:
            self.change = Change.objects.create(by=self.by, door=self.door, at=self.at, files=list(self.files))
        keys = next_keys(ChangedRecord, len(differing))
        subjects = persons_of_subjects([record for record, fields in differing if fields])
        rows, apart = [], []
        for key, (record, fields) in zip(keys, differing, strict=True):
            said = "{}"
            if fields:
                apart += [(key, *value) for value in personal_values(record, fields, subjects)]
                apart += [(key, *value) for value in values_of_free_texts(record, fields)]
                # What tells of a person, and what may, stands in its own rows alone.
                of_persons = personal_columns(record) | free_texts_of(record.resource)
                said = json.dumps({name: None if name in of_persons else pair for name, pair in fields.items()})
            rows.append((key, self.change.pk, record.resource, record.code, record.action, record.owner, said))
        insert_rows(ChangedRecord, ["id", "change_id", "resource", "code", "action", "owner", "fields"], rows)
        if apart:
            keyed = [(key, *row) for key, row in zip(next_keys(PersonalValue, len(apart)), apart, strict=True)]
            insert_rows(PersonalValue, ["id", "record_id", "observer", "column", "before", "after"], keyed)


# What tells of a person


def personal_columns(record: RecordChange) -> frozenset[str]:
    """The columns of the record whose values tell of a person."""
    if record.resource == "statements":
        about = (subject_of(record.before) or subject_of(record.after)) is not None
        return OF_STATEMENT if about else frozenset()
    return frozenset(PERSONAL_FIELDS.get(record.resource.replace("-", "_"), ()))


def personal_values(
    record: RecordChange, fields: Mapping[str, list[Any]], subjects: Mapping[str, str]
) -> Iterator[tuple[str, str, str | None, str | None]]:
    """For each personal column that differs: whose it is, the column, what it said before and after, as JSON.

    Where the record went over to another person, what it said before is the one's, and what it says now the other's.
    A person who is not known could not be erased: what is told of such a one is not kept.
    """
    personal = [name for name in fields if name in personal_columns(record)]
    if not personal:
        return
    was, now = (person_of(record, side, subjects) for side in (record.before, record.after))
    was, now = was or now, now or was
    for name in personal:
        before, after = (None if is_blank(value) else json.dumps(value) for value in fields[name])
        if was == now:
            yield from [(was, name, before, after)] if was else []
            continue
        if before:
            yield was, name, before, None
        if after:
            yield now, name, None, after


def free_texts(model: type[Record]) -> list[str]:
    """The columns of a kind of record in which anything may be written, names of persons aside."""
    fields = [model._meta.get_field(name) for name in model.columns]
    return [
        field.name
        for field in fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices and field.name not in NOT_FREE
    ]


@cache
def free_texts_of(resource: str) -> frozenset[str]:
    """The same by the name of the kind of record; none for what is no record."""
    model = record_kinds().get(resource)
    return frozenset(free_texts(model)) if model else frozenset()


def values_of_free_texts(
    record: RecordChange, fields: Mapping[str, list[Any]]
) -> Iterator[tuple[str, str, str | None, str | None]]:
    """The same as of personal columns, of texts about other things. They may name a person, and nobody knows whom."""
    for name in sorted(fields.keys() & (free_texts_of(record.resource) - personal_columns(record))):
        before, after = (None if value is None else json.dumps(value) for value in fields[name])
        yield "", name, before, after


def person_of(record: RecordChange, said: Mapping[str, Any], subjects: Mapping[str, str]) -> str:
    """The code of the person of whom the record told then; blank where that is not known."""
    if record.resource == "observers":
        return record.code
    return str(said.get("observer") or subjects.get(said.get("subject", ""), ""))


def subject_of(said: Mapping[str, Any]) -> tuple[str, str] | None:
    """The kind and the code of what a statement speaks of, where that is a person or one of a person's records."""
    resource, _slash, code = said.get("subject", "").partition("/")
    return (resource, code) if resource.replace("-", "_") in PERSONAL_FIELDS else None


def persons_of_subjects(records: list[RecordChange]) -> dict[str, str]:
    """The codes of the persons of whom statements tell, by the subjects of these; of what is stored or goes now."""
    about = {subject for record in records for said in (record.before, record.after) if (subject := subject_of(said))}
    wanted: dict[str, set[str]] = {}
    for resource, code in about:
        wanted.setdefault(resource, set()).add(code)
    found = {f"observers/{code}": code for code in wanted.pop("observers", ())}
    for record in records if wanted else ():
        if person := record.after.get("observer") or record.before.get("observer"):
            found[f"{record.resource}/{record.code}"] = person
    for resource, codes in wanted.items():
        rows: Any = record_kinds()[resource]._default_manager.filter(code__in=codes)
        found |= {f"{resource}/{code}": person for code, person in rows.values_list("code", "observer__code")}
    return found
