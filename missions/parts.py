"""How the parts of an election or a mission add up, and to what: by sorts of parts, or one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from missions.ladder import UNKNOWN, Range, difference
from missions.models import HeadCount
from missions.reconciliation import ElectionRecord, ObservationMission, path_of, sum_of

if TYPE_CHECKING:
    from datetime import date

    from missions.reconciliation import Addend, Reader, Subject

# As many parts are added one by one; the sum of more is told without them.
MOST_TERMS = 8


@dataclass(frozen=True, slots=True)
class Term:
    """What a sum adds: one part, or all of one sort together. `of`: how many states they are of."""

    sort: str
    figure: Range
    of: Range


@dataclass(frozen=True, slots=True)
class PartsSum:
    """The parts of a subject of one kind and group beside its total.

    `derived`: no source prints the total; `added_up`: it is the sum of these parts.
    """

    kind: str
    value: Range
    total: Range
    gap: int | None
    terms: list[Term]
    without_number: int
    derived: bool
    added_up: bool
    addends: list[Addend]
    on: date | None

    @property
    def exceeds(self) -> bool:
        """Whether the parts are more than the total can be."""
        return self.total.low is not None and self.value.high is not None and self.total.low > self.value.high

    @property
    def label(self) -> str:
        return str(HeadCount.Kind(self.kind).label)


def parts_sum(reader: Reader, subject: Subject, group: str, *, missions_only: bool = False) -> PartsSum:
    answer = reader.answer(path_of(subject), group)
    addends = [
        addend
        for addend in reader.parts(subject, group)
        if isinstance(addend.subject, ObservationMission) or not missions_only
    ]
    adds = [*reader.reading(subject, group).adds]
    total = sum_of(addends)
    return PartsSum(
        kind=reader.kind,
        value=Range(answer.low, answer.high, answer.approximate),
        total=total,
        gap=difference(answer.value, total.value),
        terms=terms_of(reader, subject, addends),
        without_number=sum(not addend.known for addend in addends),
        derived=answer.derived,
        added_up=bool(adds) and all(addend in adds for addend in addends),
        addends=addends,
        on=reader.on,
    )


def terms_of(reader: Reader, subject: Subject, addends: list[Addend]) -> list[Term]:
    """An election adds up its parts by their sort, a mission one by one. What is unknown or 0 is not spelt out."""
    known = [addend for addend in addends if addend.figure.known and addend.figure.value != 0]
    if not isinstance(subject, ElectionRecord):
        largest_first = sorted(known, key=lambda addend: addend.figure.low or 0, reverse=True)
        return [Term("", addend.figure, UNKNOWN) for addend in largest_first] if len(known) <= MOST_TERMS else []
    by_sort: dict[str, list[Addend]] = {}
    for addend in known:
        by_sort.setdefault(sort_of(addend), []).append(addend)
    return [
        Term(sort, sum_of(together), reader.reading(subject, sort).ladder.states) for sort, together in by_sort.items()
    ]


def sort_of(addend: Addend) -> str:
    if isinstance(addend.subject, ElectionRecord):
        return addend.group
    return "missions" if isinstance(addend.subject, ObservationMission) else "parties"
