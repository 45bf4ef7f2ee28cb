"""Who gives a figure: the sources to be cited beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from missions.ladder import day_of
from missions.ladder_chart import rungs
from missions.reconciliation import path_of

if TYPE_CHECKING:
    from missions.reconciliation import Reader, Subject


def sources_of_figure(reader: Reader, path: str, group: str) -> set[str]:
    """Who gives the figure: the totals adopted on the last total's day, or all of that day, and later changes."""
    rows = reader.rows(reader.find(path), group)
    standing = [rung for rung in rungs(rows, reader.answer(path, group).ladder) if rung.stands]
    changes = [row for row in rows if row.basis == "change" and row.value is not None]
    if not standing:
        return {row.source for row in changes}
    last = standing[-1]
    totals = [total for total in last.step.totals if total.value is not None]
    adopted = {total.source for total in totals if total.adopted} or {total.source for total in totals}
    return adopted | {row.source for row in changes if day_of(row) > last.day}


def sources_of_reading(reader: Reader, subject: Subject, group: str) -> set[str]:
    """The same; of a computed figure who gives what it adds, of a blank who was looked into in vain."""
    reading = reader.reading(subject, group)
    if reading.adds:
        known = [addend for addend in reading.adds if addend.known]
        return {source for each in known for source in sources_of_reading(reader, each.subject, each.group)}
    if reading.figure.known:
        return sources_of_figure(reader, path_of(subject), group)
    return {row.source for row in reader.rows(subject, group) if row.qualifier == "not_published"}
