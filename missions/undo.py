"""Undoing an act of data entry with the readings that rest on its records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from missions.models import Election, Reading
from missions.readings import elections_of, mark_subjects, rebuild_readings, subjects_of
from organizations.undo import undo

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import Model

    from missions.readings import Subjects
    from organizations.models import Change, Record, User


class RestingReadings:
    """The readings of the elections on which any of the records bore, before or after the undoing."""

    derived: frozenset[type[Model]] = frozenset({Reading})

    def __init__(self) -> None:
        self.elections: set[int] = set()
        self.subjects: Subjects = {}

    def look_at(self, records: Iterable[Record]) -> None:
        found = list(records)
        self.elections |= {election.pk for election in elections_of(found)}
        for model, keys in subjects_of(found).items():
            self.subjects[model] = self.subjects.get(model, set()) | keys

    def rebuild(self, *, now: datetime) -> None:
        rebuild_readings(Election.objects.filter(pk__in=self.elections))
        mark_subjects(self.subjects, now=now)


def undo_entry(change: Change, *, by: User, now: datetime) -> Change | None:
    """Undoes what a form stored. Raises `organizations.undo.UndoRefused`, with nothing changed."""
    return undo(change, by=by, now=now, readings=RestingReadings())
