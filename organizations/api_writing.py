"""How programs write records: one by one or many at once, by the rules and in the words of every other door.

One request is one act: it is stored whole or not at all, and is one entry of the log. It waits for other writers, then
reads what it is about to change: nothing comes between the version that a client has read and the change it makes.
docs/api.md explains it to those who write.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.settings import api_settings

from organizations.api_fields import REQUIRED
from organizations.changes import Watched, log_change
from organizations.models import Change, Organization, OwnedRecord, Record
from organizations.policy import NOTHING, coordinated_by, is_administrator, kept_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from organizations.models import User
    from organizations.resting import Resting

MOST_ROWS = 1000
WHOLE = api_settings.NON_FIELD_ERRORS_KEY
# Members of a body that are written and are no columns.
OWNER, CODE, MODIFIED_AT = "owner", "code", "modified_at"


class Refused(exceptions.APIException):
    """What keeps a row from being written: `found` says where and why."""

    def __init__(self, status: int, detail: Any) -> None:
        self.status_code = status
        self.found = exceptions.ValidationError(detail if isinstance(detail, dict) else {WHOLE: [detail]})
        super().__init__(str(detail))


SAY_IF_MATCH = _lazy("Send If-Match with the ETag of the version that you have read.")
SAY_MODIFIED_AT = _lazy("A row that changes a record holds modified_at as you have read it.")

NO_OBJECT = _lazy("Write one record as a JSON object: {…}.")
NOT_FREE = _lazy("This code is not free: choose another.")
KEPT_BY_OTHERS = _lazy("Another organization keeps this record: only its coordinators change it.")
OF_ADMINISTRATORS = _lazy("Records of this kind are entered and changed by administrators.")
OF_OTHERS = _lazy("This would belong to another organization: only its coordinators enter it.")

# Of several rows that are refused for different reasons, the first of these tells the status of the answer.
BY_WEIGHT = (400, 403, 404, 428, 412)


@dataclass(slots=True)
class Given:
    """One row as a client sends it.

    `code`: the record of which it speaks, blank for a new one whose code is to be computed. `is_whole`: columns that
    are left out are emptied. `may_add`: whether a record without that code is made. `versions`: those that the client
    has read; None where it does not say.
    """

    body: Any
    code: str = ""
    is_whole: bool = True
    may_add: bool = True
    versions: Callable[[Any], bool] | None = None


@dataclass(slots=True)
class Outcome:
    record: Any
    action: str
    warnings: list[str] = field(default_factory=list)


CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"


class Pointing:
    """The records to which the rows of one request may point, by column and code, each looked up once.

    What the record in hand points to already stays a choice, also where it could not be chosen anew.
    """

    def __init__(self, model: type[Record], user: User) -> None:
        self.model, self.user = model, user
        self.known: dict[tuple[str, str], Any] = {}
        self.record: Any = None

    def look_up(self, bodies: Iterable[Any]) -> None:
        """Looks up all codes of all rows, one question for each column."""
        wanted: dict[str, set[str]] = {}
        for body in bodies:
            for name, value in body.items() if isinstance(body, dict) else ():
                codes = value if isinstance(value, list) else [value]
                wanted.setdefault(name, set()).update(code for code in codes if isinstance(code, str))
        for name in (self.relations() - self.of_own_kind()) & wanted.keys():
            for record in self.model.choices_of(name, self.user).filter(code__in=wanted[name]):
                self.known[name, record.code] = record

    def relations(self) -> set[str]:
        kept = {OWNER} if issubclass(self.model, OwnedRecord) else set()
        return {name for name in (*self.model.columns, *kept) if self.model._meta.get_field(name).is_relation}

    def of_own_kind(self) -> set[str]:
        """Columns that point to records of the same kind: a row above may have changed these since."""
        return {name for name in self.relations() if self.model._meta.get_field(name).related_model is self.model}

    def find(self, column: str, code: str) -> Any:
        found = self.known.get((column, code))
        if found is None:
            found = self.model.choices_of(column, self.user).filter(code=code).first()
        if found is None:
            return self.pointed_to_now(column, code)
        if column not in self.of_own_kind():
            self.known[column, code] = found
        return found

    def pointed_to_now(self, column: str, code: str) -> Any:
        if self.record is None or self.record.pk is None:
            return None
        now = getattr(self.record, column)
        if isinstance(now, models.Manager):
            return now.filter(code=code).first()
        return now if now is not None and now.code == code else None


class Act:
    """One request that writes: its rows are checked and stored one after the other, in one transaction."""

    def __init__(self, viewset: Any, *, by: User, now: datetime) -> None:
        self.viewset, self.by, self.now = viewset, by, now
        self.model: type[Any] = viewset.model()
        self.pointing = Pointing(self.model, by)
        self.columns = [name for name in self.model.columns if name not in self.model.private_columns]
        self.watched = Watched()
        self.resting: Resting = viewset.resting()
        self.written: set[int] = set()

    # All rows of the request

    def write(self, row: Given) -> Outcome:
        """Stores the row and answers what became of it. Raises Refused with what is wrong."""
        self.look_at([row])
        self.say_version = {WHOLE: [SAY_IF_MATCH]}
        outcome = self.write_one(row)
        if self.belongs_to_others():
            raise Refused(403, OF_OTHERS)
        outcome.warnings += self.finish([outcome])
        return outcome

    def write_many(self, rows: Sequence[Given]) -> tuple[list[Outcome], list[str]]:
        """Stores the rows and answers what became of each, and what is odd about all together.

        Raises Refused with what is wrong in each of them, by its number from 0.
        """
        self.look_at(rows)
        self.say_version = {MODIFIED_AT: [SAY_MODIFIED_AT]}
        outcomes: list[Outcome] = []
        wrong: dict[str, Any] = {}
        statuses, places = set(), {}
        for number, row in enumerate(rows):
            try:
                outcomes.append(self.write_one(row))
                places[outcomes[-1].record.pk] = number
            except Refused as error:
                wrong[str(number)] = error.found.detail
                statuses.add(error.status_code)
        for key in self.belongs_to_others():
            wrong[str(places[key])] = {WHOLE: [str(OF_OTHERS)]}
            statuses.add(403)
        if wrong:
            raise Refused(next(status for status in BY_WEIGHT if status in statuses), wrong)
        return outcomes, self.finish(outcomes)

    def look_at(self, rows: Sequence[Given]) -> None:
        """Reads all that the rows are about, before anything is changed: for many rows as often as for one."""
        self.pointing.look_up(row.body for row in rows)
        manager: Any = self.model._default_manager
        single = [field.name for field in self.model._meta.fields if field.is_relation]
        found = manager.filter(code__in={row.code for row in rows if row.code})
        stored = list(found.select_for_update(of=("self",)).select_related(*single))
        self.stored = {record.code: record for record in stored}
        keys = [record.pk for record in stored]
        self.visible = keys_of(manager.visible_to(self.by), keys)
        self.changeable = keys_of(manager.changeable_by(self.by), keys)
        self.kept = keys_of(manager.filter(self.kept_by_user()), keys)
        # What the client reads of them.
        self.shown = self.viewset.shown_many(keys)
        self.watched.look_at(self.model, keys)
        self.resting.look_at(manager.filter(pk__in=keys))

    def kept_by_user(self) -> Q:
        if self.model.kept_through:
            return kept_by(self.by, self.model.kept_through)
        return Q() if is_administrator(self.by) else NOTHING

    def finish(self, outcomes: Iterable[Outcome]) -> list[str]:
        """Writes the entry of the log, with the figures read anew; answers what is odd about them."""
        written = [outcome.record for outcome in outcomes if outcome.action != UNCHANGED]
        if not written:
            return []
        self.resting.look_at(written)
        records = self.watched.changes()
        log_change(by=self.by, door=Change.Door.API, at=self.now, records=records, resting=self.resting)
        return self.resting.warnings(written, self.by)

    # One row

    def write_one(self, row: Given) -> Outcome:
        stored = self.stored.get(row.code)
        # What is hidden is refused as a new record with its code would be, and by nothing sooner: the code of a place
        # can be put together, and shall not tell that there is one.
        if stored is None or stored.pk not in self.visible:
            return self.add(row)
        if stored.pk in self.written:
            raise Refused(400, {CODE: [_("A row above is about the same record.")]})
        return self.change(stored, row)

    def add(self, row: Given) -> Outcome:
        if not row.may_add:
            raise exceptions.NotFound
        if row.versions is not None:
            raise Refused(412, _("There is no record with this code, so none of the version that you have read."))
        if not self.model.may_be_added_by(self.by):
            raise Refused(403, OF_ADMINISTRATORS)
        typed = self.read(row, None)
        self.refuse_computed(row.body, {})
        links = {name: typed.pop(name) for name in [*typed] if self.is_many(name)}
        owner, said = typed.pop(OWNER, None), typed.pop(CODE, "")
        if row.code and said not in {"", row.code}:
            sentence = _("The code in the address is “%(code)s”: leave this one out, or say the same.")
            raise Refused(400, {CODE: [sentence % {"code": row.code}]})
        code = row.code or said
        record = self.model(**typed)
        if isinstance(record, OwnedRecord):
            record.owner = owner or self.keeper()
        self.give_code(record, code)
        self.check(record)
        self.save(record, links)
        self.watched.made(self.model, [record.pk])
        return Outcome(record, CREATED, self.warnings(record))

    def change(self, stored: Any, row: Given) -> Outcome:
        if stored.pk not in self.changeable:
            raise Refused(403, KEPT_BY_OTHERS if self.model.kept_through else OF_ADMINISTRATORS)
        self.pointing.record, shown = stored, self.shown[stored.pk]
        if row.versions is None:
            raise Refused(428, self.say_version)
        if not row.versions(shown):
            raise Stale(self.viewset.tag_of(shown))
        typed = self.read(row, stored)
        self.refuse_computed(row.body, shown)
        if typed.pop(CODE, stored.code) != stored.code:
            raise Refused(400, {CODE: [_("A code never changes.")]})
        links = {name: typed.pop(name) for name in [*typed] if self.is_many(name)}
        changed = {name for name, value in typed.items() if getattr(stored, name) != value}
        changed |= {name for name, found in links.items() if codes(getattr(stored, name).all()) != codes(found)}
        if not changed:
            return Outcome(stored, UNCHANGED)
        self.refuse_for_others(stored, changed)
        for name, value in typed.items():
            setattr(stored, name, value)
        self.check(stored)
        self.save(stored, links)
        return Outcome(stored, CHANGED, self.warnings(stored))

    def read(self, row: Given, stored: Any) -> dict[str, Any]:
        """The values of the row, by column. Of a whole row what is left out is blank, or what it is by itself."""
        if not isinstance(row.body, dict):
            raise Refused(400, NO_OBJECT)
        serializer = self.viewset.writing_serializer(
            stored, data=row.body, partial=not row.is_whole, context={"pointing": self.pointing}
        )
        try:
            serializer.is_valid(raise_exception=True)
        except exceptions.ValidationError as error:
            raise Refused(400, error.detail) from None
        values: dict[str, Any] = serializer.validated_data
        values.pop(MODIFIED_AT, None)
        if values.get(OWNER, self) is None and not is_administrator(self.by):
            raise Refused(400, {OWNER: [REQUIRED]})
        if row.is_whole:
            left_out = [name for name in self.columns if name not in values]
            values |= {name: blank_of(self.model._meta.get_field(name)) for name in left_out}
        return values

    def refuse_computed(self, body: Mapping[str, Any], shown: dict[str, Any]) -> None:
        """What is computed may be sent as it was read, so that a row can be sent back; it is never written."""
        written = {*self.columns, CODE, OWNER}
        for name in sorted(body.keys() - written):
            is_as_read = name in shown and body[name] == shown[name]
            if name == MODIFIED_AT and shown and not is_as_read:
                raise Stale(self.viewset.tag_of(shown), MODIFIED_AT)
            if not is_as_read:
                raise Refused(400, {name: [_("“%(name)s” is computed: leave it out.") % {"name": name}]})

    def refuse_for_others(self, stored: Any, changed: set[str]) -> None:
        """Others than the keeper change what `changed_by_others` names, and never who keeps the record."""
        if stored.pk in self.kept:
            return
        others = stored.changed_by_others
        closed = {OWNER} if others is None else changed - others
        sentence = _("Only the organization that keeps this record changes this.")
        if refused := {name: [sentence] for name in sorted(changed & closed)}:
            raise Refused(403, refused)

    def belongs_to_others(self) -> set[int]:
        """Of what was written the keys that other organizations keep: nobody enters what only others may change."""
        return self.written - keys_of(self.model._default_manager.changeable_by(self.by), list(self.written))

    def keeper(self) -> Organization | None:
        """Who keeps a new record where the row does not say: the one organization for which the user writes."""
        if is_administrator(self.by):
            return None
        own: list[Organization] = list(Organization.objects.filter(pk__in=coordinated_by(self.by)).order_by("code"))
        if len(own) > 1:
            sentence = _("Say which of your organizations keeps it: %(codes)s.")
            raise Refused(400, {OWNER: [sentence % {"codes": ", ".join(one.code for one in own)}]})
        return own[0]

    def give_code(self, record: Any, code: str) -> None:
        """The code that the client chose, else the computed one."""
        if not code and self.model.needs_code:
            raise Refused(400, {CODE: [self.model.needs_code]})
        record.code = code or record.free_code()
        if code and (sentence := record.why_not_coded_so(self.by)):
            raise Refused(400, {CODE: [sentence]})
        is_taken = code and self.model._default_manager.filter(code=code).exists()
        if is_taken or (code and not self.viewset.is_address(code)):
            raise Refused(400, {CODE: [NOT_FREE]})

    def check(self, record: Any) -> None:
        """The record's own validation: the same refusals as through every other door."""
        record.typed_by = self.by
        wrong: dict[str, list[str]] = {}
        pointers = self.pointing.relations()
        for rule in (lambda: record.clean_fields(exclude=pointers), record.clean):
            try:
                rule()
            except ValidationError as error:
                for name, sentences in in_words(error).items():
                    wrong.setdefault(name, sentences)
        if wrong:
            raise Refused(400, wrong)

    def save(self, record: Any, links: Mapping[str, Any]) -> None:
        """Stores the record. What only the database refuses is then looked for among its constraints."""
        try:
            with transaction.atomic():
                record.save()
                for name, found in links.items():
                    getattr(record, name).set(found)
        except IntegrityError:
            try:
                record.validate_constraints()
            except ValidationError as error:
                raise Refused(400, in_words(error)) from None
            raise
        self.written.add(record.pk)

    def warnings(self, record: Any) -> list[str]:
        found = [str(sentence) for sentence in record.warnings()]
        has_sources = hasattr(record, "sources") and not record.sources.exists()
        if has_sources and not type(record)._default_manager.filter(pk=record.pk).public().exists():
            found.append(_("No source is cited: only members can see this record."))
        return found

    def is_many(self, name: str) -> bool:
        return name not in {CODE, OWNER} and bool(self.model._meta.get_field(name).many_to_many)


class Stale(Refused):
    """The record has changed since the client read it; `tag` is its present version."""

    def __init__(self, tag: str, column: str = WHOLE) -> None:
        super().__init__(412, {column: [_("The record has changed since you read it: read it again, then change it.")]})
        self.headers = {"ETag": tag}


def keys_of(rows: Any, wanted: list[int]) -> set[int]:
    """Those of the keys that are among the rows."""
    return set(rows.filter(pk__in=wanted).order_by().values_list("pk", flat=True)) if wanted else set()


def codes(records: Iterable[Any]) -> set[str]:
    return {record.code for record in records}


def in_words(error: ValidationError) -> dict[str, list[str]]:
    """What a record's validation says, by column, in the words of forms."""
    return {
        WHOLE if name == NON_FIELD_ERRORS else name: [
            str(REQUIRED) if one.code in {"blank", "null"} else " ".join(one.messages) for one in errors
        ]
        for name, errors in error.error_dict.items()
    }


def blank_of(column: Any) -> Any:
    """What a column says where nothing was said."""
    if column.many_to_many:
        return []
    return column.get_default()


def plain(said: Any) -> Any:
    """An answer as a client reads it."""
    return json.loads(JSONRenderer().render(said))
