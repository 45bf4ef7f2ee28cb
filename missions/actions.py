"""Acts on several kinds of records at once: two records of one person are made one, and that is undone.

A merge keeps in its snapshot the rows that it takes away, and of every row that it changes the value before and after.
Undoing puts back each value that still stands as the merge left it; what people have changed since is never
overwritten, and each such thing is told in a sentence. The snapshot holds personal data: erasing a person must cover
it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lib.one_writer import wait_for_other_writers
from missions.merge_plan import MergePlan, in_words, label_of, may_merge
from missions.models import Assignment, Statement
from missions.resting import RestingReadings
from observers.models import Merge, Observer, ObserverName
from organizations.changes import Watched, log_change
from organizations.models import Change, Record, Source

if TYPE_CHECKING:
    from datetime import datetime

    from missions.merge_plan import Move, Pair
    from organizations.models import User

# Kept by every row for itself: undoing compares and restores neither.
KEPT_BY_THE_ROW = {"modified_at", "search_text"}


class MergeRefused(Exception):
    """Nothing was changed. `sentences` says why, each for a person to read."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(f"{len(sentences)} reasons")
        self.sentences = sentences


# Merging


@transaction.atomic
def merge_observers(*, kept: Observer, merged: Observer, by: User, now: datetime) -> Merge:
    """Moves everything of `merged` to `kept` and takes the row of `merged` away; its code leads to `kept` from now on.

    Blank fields of `kept` are filled; where both say something else, `kept` stands. A name withheld on either is
    withheld. Raises MergeRefused, with nothing changed.
    """
    wait_for_other_writers()
    plan = MergePlan(*locked(kept, merged))
    if refusals := plan.refusals(by):
        raise MergeRefused(refusals)
    watched = watch_plan(plan)
    snapshot: dict[str, Any] = {
        "moved": [carry_over(move, now=now) for move in plan.moves],
        "united": [unite(pair, now=now) for pair in plan.united],
        "added": [add_spelling(plan.spelling, now=now)] if plan.spelling else [],
        "withheld": plan.withheld,
    }
    # Last, when nothing hangs on the row that goes.
    snapshot["person"] = unite(plan.person, withheld=plan.withheld, now=now)
    merge = Merge.objects.create(kept=plan.kept, merged_code=plan.merged.code, by=by, at=now, snapshot=snapshot)
    resting = after_moving([plan.kept], now=now)
    watched.made(ObserverName, [spelling["pk"] for spelling in snapshot["added"]])
    log_change(by=by, door=Change.Door.MERGE, at=now, records=watched.changes(), resting=resting)
    return merge


def watch_plan(plan: MergePlan) -> Watched:
    """What the records say that the merge will touch, for the log of changes."""
    watched = Watched()
    for pair in [plan.person, *plan.united]:
        watched.look_at(type(pair.kept), [pair.kept.pk, pair.merged.pk])
    for move in plan.moves:
        if isinstance(move.row, Record):
            watched.look_at(type(move.row), [move.row.pk])
    return watched


def locked(*observers: Observer) -> list[Observer]:
    """The persons as stored now, for this transaction alone. Raises MergeRefused for one that is gone."""
    rows = Observer.objects.select_for_update(of=("self",)).select_related("owner").order_by("pk")
    found = rows.in_bulk({observer.pk for observer in observers})
    gone = [observer.code for observer in observers if observer.pk not in found]
    if gone:
        raise MergeRefused([why_gone(code) for code in gone])
    return [found[observer.pk] for observer in observers]


def why_gone(code: str) -> str:
    """Why there is no person with this code."""
    merge = Merge.objects.standing().filter(merged_code=code).select_related("kept").first()
    return merge.answer() if merge else _("There is no person with the code “%(code)s”.") % {"code": code}


def carry_over(move: Move, *, now: datetime) -> dict[str, Any]:
    """Moves one row, and answers what undoing needs to know of it."""
    model: Any = type(move.row)
    column = model._meta.get_field(move.name).attname
    after = getattr(move.to, "pk", move.to)
    model._default_manager.filter(pk=move.row.pk).update(**{column: after}, **stamp(model, now))
    return {
        "model": model._meta.label_lower,
        "pk": move.row.pk,
        "about": in_words(move.row),
        "column": column,
        "before": getattr(move.row, column),
        "after": after,
    }


def unite(pair: Pair, *, now: datetime, withheld: bool = False) -> dict[str, Any]:
    """Fills the kept row, takes the other away, and answers what undoing needs to know of both."""
    model: Any = type(pair.kept)
    before, removed = as_stored(pair.kept), as_stored(pair.merged)
    values = {**pair.filled, **({"withheld": True} if withheld else {})}
    sources = pair.new_sources
    if values or sources:
        model._default_manager.filter(pk=pair.kept.pk).update(**values, **stamp(model, now))
    if sources:
        pair.kept.sources.add(*sources)
    pair.merged.delete()
    after = as_stored(model._default_manager.get(pk=pair.kept.pk))["fields"]
    changed = {
        name: [value, after[name]]
        for name, value in before["fields"].items()
        if name not in KEPT_BY_THE_ROW and value != after[name]
    }
    return {"kept": pair.kept.pk, "about": in_words(pair.kept), "changed": changed, "removed": removed}


def add_spelling(spelling: ObserverName, *, now: datetime) -> dict[str, Any]:
    """Stores the merged person's own name, and answers what undoing needs to know of it."""
    spelling.save()
    ObserverName.objects.filter(pk=spelling.pk).update(modified_at=now)
    return as_stored(spelling)


def as_stored(row: Any) -> dict[str, Any]:
    """The row with all its columns, as JSON can hold it."""
    found: list[dict[str, Any]] = json.loads(serializers.serialize("json", [row]))
    return found[0]


def stamp(model: Any, now: datetime) -> dict[str, datetime]:
    """The time of a change, for rows that carry one."""
    return {"modified_at": now} if issubclass(model, Record) else {}


def after_moving(observers: list[Observer], *, now: datetime) -> RestingReadings:
    """Builds the folded names of persons anew; answers what else rests on them and their places: figures."""
    people = Observer.objects.filter(pk__in=[observer.pk for observer in observers])
    people.update(modified_at=now)
    people.rebuild_search_text()
    resting = RestingReadings()
    places = Assignment.objects.filter(observer__in=people)
    resting.look_at(places.select_related("mission__election", "deployment__election"))
    return resting


# Undoing


def not_put_back(*, merge: Merge, by: User, now: datetime) -> list[str]:
    """What undoing could not put back, found out by doing it and taking that back. Raises MergeRefused as it does."""
    with transaction.atomic():
        sentences = undo_merge(merge=merge, by=by, now=now)
        transaction.set_rollback(True)
    return sentences


@transaction.atomic
def undo_merge(*, merge: Merge, by: User, now: datetime) -> list[str]:
    """Puts back what the merge changed, and answers a sentence for each thing that people have changed since.

    A field goes back where it still says what the merge wrote; a row where it still is where the merge moved it, with
    what was changed in it since; a row that was deleted since is not made again. What came since stays with the person
    that was kept. The snapshot is emptied. Raises MergeRefused, with nothing changed.
    """
    wait_for_other_writers()
    stored = Merge.objects.select_for_update(of=("self",)).select_related("kept").get(pk=merge.pk)
    if refusal := why_not_undone(stored, by):
        raise MergeRefused([refusal])
    [kept] = locked(stored.kept)
    watched = watch_snapshot(stored.snapshot)
    undoing = Undoing(stored.snapshot, now=now)
    restored = undoing.put_person_back(kept)
    undoing.divide_rows()
    undoing.move_rows_back()
    undoing.take_spelling_away()
    stored.undone_by, stored.undone_at, stored.snapshot = by, now, {}
    stored.save()
    resting = after_moving([kept, restored], now=now)
    log_change(by=by, door=Change.Door.MERGE, at=now, records=watched.changes(), resting=resting)
    return undoing.told


def watch_snapshot(snapshot: dict[str, Any]) -> Watched:
    """What the records say now that undoing may touch, those included that it will make again."""
    watched = Watched()
    for united in [snapshot["person"], *snapshot["united"]]:
        removed = united["removed"]
        watched.look_at(apps.get_model(removed["model"]), [united["kept"], removed["pk"]])
    for row in [*snapshot["moved"], *snapshot["added"]]:
        model = apps.get_model(row["model"])
        if issubclass(model, Record):
            watched.look_at(model, [row["pk"]])
    return watched


def why_not_undone(merge: Merge, by: User) -> str:
    """Why this user cannot undo the merge now; blank where it can be undone."""
    if not may_merge(by, merge.kept):
        return _("Only who keeps the person undoes the merge.")
    if reason := merge.kept.why_left_as_it_is():
        return reason
    if merge.undone_at:
        return _("This merge is undone already.")
    later = Merge.objects.standing().filter(kept=merge.kept, pk__gt=merge.pk).order_by("-pk").first()
    if later:
        sentence = _("“%(code)s” was merged into the same person later. Undo that merge first.")
        return sentence % {"code": later.merged_code}
    removed = merge.snapshot["person"]["removed"]
    if Observer.objects.filter(Q(code=merge.merged_code) | Q(pk=removed["pk"])).exists():
        return _("There is another person with the code “%(code)s” now.") % {"code": merge.merged_code}
    return ""


class Undoing:
    """One merge on its way back. `told` gathers what cannot be put back, in sentences."""

    def __init__(self, snapshot: dict[str, Any], *, now: datetime) -> None:
        self.snapshot, self.now = snapshot, now
        self.told: list[str] = []

    def put_person_back(self, kept: Observer) -> Observer:
        """The person that was merged, and the fields of the one that was kept, as they were."""
        person = self.snapshot["person"]
        removed = Stored(person["removed"])
        if removed.gone_relations():
            removed.row.owner = None
            self.told.append(_("The organization that kept %(about)s is gone.") % {"about": removed.row})
        # Whoever asked for it since spoke of the one person that both are thought to be.
        if kept.withheld and not self.snapshot["withheld"]:
            removed.row.withheld = True
            self.told.append(_("The name was withheld since the merge: both persons stay withheld."))
        removed.store(now=self.now)
        self.take_values_back(kept, person)
        return removed.row  # type: ignore[no-any-return]

    def divide_rows(self) -> None:
        """Two rows again of each that was made of two."""
        for united in self.snapshot["united"]:
            removed = Stored(united["removed"])
            kept = type(removed.row)._default_manager.filter(pk=united["kept"]).first()
            reason = removed.why_not() if kept else ""
            if kept is None:
                self.tell_deleted(united["about"])
            elif reason:
                self.tell_reason(united["about"], reason)
            else:
                if removed.store(now=self.now):
                    sentence = _("%(about)s: a source that it cited was deleted since the merge.")
                    self.told.append(sentence % {"about": united["about"]})
                self.take_values_back(kept, united)

    def take_values_back(self, kept: Any, united: dict[str, Any]) -> None:
        """Takes back what the kept row was given, unless it was changed since."""
        says = as_stored(kept)["fields"]
        values = {}
        for name, (before, after) in united["changed"].items():
            if name == "sources":
                kept.sources.remove(*(set(after) - set(before)))
            elif says[name] == after:
                values[name] = before
            else:
                sentence = _("%(about)s: “%(column)s” was changed since the merge and stays.")
                self.told.append(sentence % {"about": united["about"], "column": label_of(kept, name)})
        if united["changed"]:
            type(kept)._default_manager.filter(pk=kept.pk).update(**values, **stamp(type(kept), self.now))

    def move_rows_back(self) -> None:
        for moved in self.snapshot["moved"]:
            model = apps.get_model(moved["model"])
            row = model._default_manager.filter(pk=moved["pk"]).first()
            if row is None:
                self.tell_deleted(moved["about"])
            elif getattr(row, moved["column"]) != moved["after"]:
                sentence = _("%(about)s was moved elsewhere since the merge and stays there.")
                self.told.append(sentence % {"about": moved["about"]})
            else:
                setattr(row, moved["column"], moved["before"])
                if reason := why_refused(row):
                    self.tell_reason(moved["about"], reason)
                else:
                    values = {moved["column"]: moved["before"], **stamp(model, self.now)}
                    model._default_manager.filter(pk=row.pk).update(**values)

    def take_spelling_away(self) -> None:
        """The spelling that the merge added goes, unless somebody has worked on it since."""
        for added in self.snapshot["added"]:
            row = ObserverName.objects.filter(pk=added["pk"]).first()
            if row is None:
                continue
            same = all(
                as_stored(row)["fields"][name] == value
                for name, value in added["fields"].items()
                if name not in KEPT_BY_THE_ROW
            )
            if same and not Statement.objects.filter(subject=f"{row.resource()}/{row.code}").exists():
                row.delete()
            else:
                sentence = _("The spelling “%(about)s” was changed since the merge and stays.")
                self.told.append(sentence % {"about": row})

    def tell_deleted(self, about: str) -> None:
        self.told.append(_("%(about)s was deleted since the merge and is not made again.") % {"about": about})

    def tell_reason(self, about: str, reason: str) -> None:
        sentence = _("%(about)s could not be put back and stays as it is: %(reason)s")
        self.told.append(sentence % {"about": about, "reason": reason})


class Stored:
    """A row of a snapshot, not in the database now. `row` is as it was, with its old key and code."""

    def __init__(self, item: dict[str, Any]) -> None:
        # A column that has gone from the tracker since the merge is left out.
        [self.deserialized] = serializers.deserialize("python", [item], ignorenonexistent=True)
        self.row: Any = self.deserialized.object

    def gone_relations(self) -> list[str]:
        """The columns that point to a record which was deleted since."""
        fields = [field for field in self.row._meta.fields if field.is_relation]
        keys = [(field, getattr(self.row, field.attname)) for field in fields]
        return [
            str(field.verbose_name)
            for field, key in keys
            if key is not None and not field.related_model._default_manager.filter(pk=key).exists()
        ]

    def why_not(self) -> str:
        """Why the row cannot come back, in a sentence; blank where it can."""
        if gone := self.gone_relations():
            return _("What it points to was deleted since: %(columns)s.") % {"columns": ", ".join(gone)}
        return why_refused(self.row)

    def store(self, *, now: datetime) -> bool:
        """Puts the row back, and answers whether a source that it cited is gone."""
        links: Any = self.deserialized.m2m_data
        cited = links.get("sources", [])
        found = Source.objects.filter(pk__in=cited)
        links.update({"sources": found} if cited else {})
        self.row.modified_at = now
        self.deserialized.save()
        return len(found) < len(cited)


def why_refused(row: Any) -> str:
    """What validation says against the row, in sentences; blank where it stands."""
    try:
        row.clean()
        row.validate_unique()
        row.validate_constraints()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
