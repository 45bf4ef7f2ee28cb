"""Undoing an act of data entry with the readings that rest on its records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from missions.resting import RestingReadings
from organizations.undo import undo

if TYPE_CHECKING:
    from datetime import datetime

    from organizations.models import Change, User


def undo_entry(change: Change, *, by: User, now: datetime) -> Change | None:
    """Undoes what a form stored. Raises `organizations.undo.UndoRefused`, with nothing changed."""
    return undo(change, by=by, now=now, readings=RestingReadings())
