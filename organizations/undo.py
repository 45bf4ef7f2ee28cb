"""Undoing an act of data entry: what it made is taken away, what it changed or deleted is put back, all or nothing.

Whoever did it undoes it, within a day, where every record still says what the act left, and where nothing hangs on what
it made. Undoing is an act of its own in the log. Persons are not deleted, so that the making of one is not undone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lib.one_writer import wait_for_other_writers
from organizations.changes import CHANGED, CREATED, DELETED, Watched, is_blank, log_change, same, told_stored
from organizations.history import field_of, label_of
from organizations.models import Change, ChangedRecord
from organizations.models.changes import record_kinds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from organizations.models import User
    from organizations.resting import Resting

UNDONE_WITHIN = timedelta(hours=24)
# What a message bears that has a button to undo: this, and the act, signed.
TAG = "undo="
SALT = "organizations.undo"


class UndoRefused(Exception):
    """Nothing was changed. `sentences` says why, each for a person to read."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(f"{len(sentences)} reasons")
        self.sentences = sentences


def tag_of(change: Change) -> str:
    """What the message about this act bears; blank where it could not be undone."""
    rows = list(change.records.all())
    return f"{TAG}{signing.dumps(change.pk, salt=SALT)}" if rows and not why_never(change, rows) else ""


def act_of(token: str) -> Change | None:
    """The act that a button speaks of."""
    try:
        key = signing.loads(token, salt=SALT, max_age=UNDONE_WITHIN)
    except signing.BadSignature:
        return None
    return Change.objects.filter(pk=key).first()


def why_never(change: Change, rows: Iterable[ChangedRecord]) -> str:
    """Why an act is of those that are not undone."""
    kinds = record_kinds()
    if change.door != Change.Door.ADMIN or any(row.resource not in kinds for row in rows):
        return _("Only what was typed into forms of records is undone this way.")
    if any(row.action not in {CREATED, CHANGED, DELETED} for row in rows):
        return _("An erasure is not undone.")
    if any(row.action == CREATED and kinds[row.resource].is_person for row in rows):
        return _("A person is not deleted, also not by undoing: withhold the name, or ask that the person is erased.")
    if any(row.action != CREATED and besides(kinds[row.resource]) & row.fields.keys() for row in rows):
        return _("Copies of sources are not put back: add or remove them in the form of the source.")
    return ""


def besides(model: Any) -> set[str]:
    """What the log tells of such records beside their columns."""
    return set(model.told_besides([]))


@transaction.atomic
def undo(change: Change, *, by: User, now: datetime, readings: Resting) -> Change | None:
    """Undoes the act and answers the act of undoing. Raises UndoRefused, with nothing changed."""
    wait_for_other_writers()
    rows = list(change.records.order_by("pk").prefetch_related("personal_values"))
    if change.by_id != by.pk:
        raise UndoRefused(_("Whoever saved it undoes it."))
    if now - change.at > UNDONE_WITHIN:
        raise UndoRefused(_("It was saved more than a day ago: change the records by hand."))
    if sentence := why_never(change, rows):
        raise UndoRefused(sentence)
    try:
        with transaction.atomic():
            return Undoing(rows, by, readings).run(now)
    except IntegrityError as error:
        raise UndoRefused(_("Another record says the same by now as one that would be put back.")) from error


class Step:
    """What is to be done about one record of the act."""

    def __init__(self, row: ChangedRecord) -> None:
        self.action = row.action
        self.model: Any = record_kinds()[row.resource]
        self.code = row.code
        self.fields: dict[str, list[Any]] = {}
        for name, pair in row.fields.items():
            self.fields[name] = pair if pair is not None else self.apart(row, name)
        self.record: Any = self.model._default_manager.select_for_update(of=("self",)).filter(code=row.code).first()

    def apart(self, row: ChangedRecord, column: str) -> list[Any]:
        """The values of a column that stand apart because they tell of a person, or may."""
        values = [value for value in row.personal_values.all() if value.column == column]
        if not values:
            raise UndoRefused(_("%(record)s: what it said was erased.") % {"record": self.name()})
        # Of a record that went over to another person, one value tells what was before, one what is now.
        before = next((value.before for value in values if value.before is not None), None)
        after = next((value.after for value in values if value.after is not None), None)
        return [before, after]

    def name(self) -> str:
        kind = capfirst(self.model._meta.verbose_name)
        return f"{kind} {self.code}"

    def label(self, column: str) -> str:
        return label_of(field_of(self.model, column), column)


class Undoing:
    """One act while it is undone."""

    def __init__(self, rows: Iterable[ChangedRecord], by: User, readings: Resting) -> None:
        self.by, self.readings = by, readings
        steps = [Step(row) for row in rows]
        self.made = [step for step in steps if step.action == CREATED]
        self.changed = [step for step in steps if step.action == CHANGED]
        self.deleted = [step for step in steps if step.action == DELETED]
        self.watched = Watched()

    def run(self, now: datetime) -> Change | None:
        standing = [*self.made, *self.changed]
        refuse([sentence for step in standing for sentence in self.why_not(step)])
        refuse([sentence for step in self.deleted for sentence in self.why_not_again(step)])
        for step in standing:
            self.watched.look_at(step.model, [step.record.pk])
        self.readings.look_at([step.record for step in standing])
        # What was made goes first, since it may stand where something was; what is pointed to goes after the pointer.
        left = self.delete(self.made)
        self.make_again()
        for step in self.changed:
            put(step.record, {name: pair[0] for name, pair in step.fields.items()})
        left = self.delete(left)
        refuse([self.what_hangs(step) for step in left])
        self.check([*self.deleted, *self.changed])
        for step in self.deleted:
            self.watched.made(step.model, [step.record.pk])
        self.readings.look_at([step.record for step in [*self.deleted, *self.changed]])
        records = self.watched.changes()
        return log_change(by=self.by, door=Change.Door.ADMIN, at=now, records=records, resting=self.readings)

    # Whether it may be undone

    def why_not(self, step: Step) -> Iterator[str]:
        """Why a record is not put back that the act made or changed."""
        if step.record is None:
            yield _("%(record)s is gone.") % {"record": step.name()}
            return
        if not self.may_change(step):
            yield _("%(record)s: you may not change it any more.") % {"record": step.name()}
            return
        said = told_stored(step.model, [step.record.pk])[step.record.pk].values
        for name, value in said.items():
            left = step.fields[name][1] if name in step.fields else None
            is_of_act = name in step.fields or step.action == CREATED
            if is_of_act and not same(value, left):
                yield _("%(record)s: “%(column)s” was changed since.") % {
                    "record": step.name(),
                    "column": step.label(name),
                }

    def may_change(self, step: Step) -> bool:
        record = step.record
        if getattr(record, "is_erased", False):
            return False
        if not step.model._default_manager.changeable_by(self.by).filter(pk=record.pk).exists():
            return False
        if record.is_kept_by(self.by):
            return True
        others = record.changed_by_others
        is_open = others is None and "owner" not in step.fields
        return step.action == CHANGED and (is_open or (others is not None and step.fields.keys() <= others))

    def why_not_again(self, step: Step) -> Iterator[str]:
        """Why a record is not made again."""
        if step.record is not None:
            yield _("%(record)s is there again.") % {"record": step.name()}
        elif not step.model.may_be_added_by(self.by):
            yield _("%(record)s: you may not add it any more.") % {"record": step.name()}

    def check(self, steps: list[Step]) -> None:
        """What was put back must hold among all that stands now."""
        sentences = []
        for step in steps:
            step.record = step.model._default_manager.get(pk=step.record.pk)
            if not self.may_change(step):
                sentences.append(_("%(record)s: you may not change it any more.") % {"record": step.name()})
            try:
                step.record.full_clean()
            except ValidationError as error:
                sentences += [f"{step.name()}: {sentence}" for sentence in error.messages]
        refuse(sentences)

    # Putting back

    def delete(self, steps: list[Step]) -> list[Step]:
        """Deletes the records on which nothing hangs, and those on which then nothing hangs; answers what is left."""
        left = steps
        while True:
            free = [step for step in left if not self.what_hangs(step)]
            if not free:
                return left
            for step in free:
                step.record.delete()
            left = [step for step in left if step not in free]

    def what_hangs(self, step: Step) -> str:
        """A sentence where something hangs on a record."""
        for related in step.model._meta.get_fields(include_hidden=True):
            is_pointer = related.auto_created and not related.concrete
            # The rows behind a list belong to the record that has the list, and what is told with a record is its own.
            if not is_pointer or related.related_model._meta.auto_created or related.name in besides(step.model):
                continue
            rows = related.related_model._default_manager.filter(**{related.field.name: step.record.pk})
            if related.related_model not in self.readings.derived and rows.exists():
                return _("%(record)s: something hangs on it by now.") % {"record": step.name()}
        return ""

    def make_again(self) -> None:
        """Makes deleted records with their old codes; what they point to first."""
        left = self.deleted
        while left:
            codes = {(step.model, step.code) for step in left}
            ready = [step for step in left if not (points_to(step) & codes)]
            for step in ready or left:
                step.record = step.model(code=step.code)
                put(step.record, {name: pair[0] for name, pair in step.fields.items()})
            left = [step for step in left if step not in (ready or left)]


def refuse(sentences: list[str]) -> None:
    if sentences:
        raise UndoRefused(*sentences)


def points_to(step: Step) -> set[tuple[Any, str]]:
    """The records to which a deleted one pointed, but for those that it named in a list."""
    found = set()
    for name, pair in step.fields.items():
        field = step.model._meta.get_field(name)
        if field.is_relation and not field.many_to_many and pair[0]:
            found.add((field.related_model, pair[0]))
    return found


def put(record: Any, values: dict[str, Any]) -> None:
    """Stores values as the log keeps them: days as texts, other records by their codes."""
    several = {}
    for name, value in values.items():
        field = record._meta.get_field(name)
        if field.many_to_many:
            several[name] = [pointed_to(field, code) for code in value or ()]
        elif field.is_relation:
            setattr(record, name, pointed_to(field, value) if value else None)
        else:
            setattr(record, name, "" if is_blank(value) and not field.null else field.to_python(value))
    record.save()
    for name, others in several.items():
        getattr(record, name).set(others)


def pointed_to(field: Any, code: str) -> Any:
    found = field.related_model._default_manager.filter(code=code).first()
    if found is None:
        kind = capfirst(field.related_model._meta.verbose_name)
        raise UndoRefused(_("%(record)s is gone, to which a record would point again.") % {"record": f"{kind} {code}"})
    return found
