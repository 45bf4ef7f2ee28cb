"""The ladder: what the rows of one subject, kind and group say from day to day (rules 1 to 4).

Every figure is a range. A *day* of the ladder is one exact day, or one interval for a row whose
day is not known; the *running figure* is the last total plus the changes after it. Where the rules
leave a case open, the docstring says what was chosen.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any

# From the most telling to the least.
QUALIFIERS = ("exact", "about", "more_than", "at_least", "at_most")
BOUNDS = ("more_than", "at_least", "at_most")

# Its last possible day, False for an interval (which so sorts before the exact day), its first possible day.
Day = tuple[date, bool, date]


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the most that a figure can be; None is an end that nobody published."""

    low: int | None
    high: int | None
    approximate: bool = False

    @property
    def value(self) -> int | None:
        return self.low if self.low == self.high else None

    @property
    def known(self) -> bool:
        return self.low is not None or self.high is not None

    @property
    def exact(self) -> bool:
        return self.value is not None and not self.approximate

    def __add__(self, other: "Range") -> "Range":
        return Range(
            None if self.low is None or other.low is None else self.low + other.low,
            None if self.high is None or other.high is None else self.high + other.high,
            self.approximate or other.approximate,
        )

    def minus(self, number: int) -> "Range":
        return self + Range(-number, -number)


UNKNOWN = Range(None, None)
ZERO = Range(0, 0)


@dataclass(frozen=True, slots=True)
class Count:
    """One published head count row."""

    kind: str
    group: str
    basis: str
    value: int | None
    qualifier: str
    as_of_from: date | None
    as_of: date
    states: int | None
    bodies: int | None
    counted: bool
    preferred: bool
    source: str


@dataclass(frozen=True, slots=True)
class Total:
    """One published total of a step. `value` is the number as published, whatever its qualifier."""

    value: int | None
    qualifier: str
    source: str
    adopted: bool
    differs_by: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """One day of the ladder. `reported`, `low` and `high` are what its own totals say."""

    as_of: date
    as_of_from: date | None
    reported: int | None
    low: int | None
    high: int | None
    change: int | None
    computed: int | None
    before: int | None
    gap: int | None
    step: int | None
    totals: tuple[Total, ...]


# ---- one row


def figure(count: Count) -> Range | None:
    """Every figure is a range; `not_published` is no figure."""
    if count.value is None or count.qualifier == "not_published":
        return None
    match count.qualifier:
        case "exact":
            return Range(count.value, count.value)
        case "about":
            return Range(count.value, count.value, approximate=True)
        case "at_least":
            return Range(count.value, None)
        case "more_than":
            return Range(count.value + 1, None)
        case "at_most":
            return Range(0, count.value)
        case unheard_of:
            raise ValueError(f"no such qualifier: {unheard_of}")


def has_figure(counts: Iterable[Count]) -> bool:
    return any(figure(count) is not None for count in counts)


def day_of(count: Count) -> Day:
    """An interval is a day of its own, before the exact day that it ends on.

    Open in the rules: two intervals that end alike but start apart are two days, the wider first.
    """
    if count.as_of_from is None or count.as_of_from == count.as_of:
        return (count.as_of, True, count.as_of)
    return (count.as_of, False, count.as_of_from)


def difference(number: int | None, other: int | None) -> int | None:
    return None if number is None or other is None else number - other


def _within_ten_percent(number: int | None, of: int | None) -> bool:
    return number is not None and of is not None and abs(number - of) * 10 <= of


# ---- rule 1


@dataclass(frozen=True, slots=True)
class DayTotal:
    """What the totals of one day say together. `stands`: the later days start from it."""

    figure: Range
    stands: bool
    conflict: bool
    totals: tuple[Total, ...]


def total_on_a_day(rows: Sequence[Count], computed: Range, running: Range) -> DayTotal:
    """Rule 1. The preferred totals decide, else all; the exact ones, else `about`, else the bounds.

    One value is adopted, else the computed one if it is among them, else none and the day keeps
    their range. Bounds combine, and are adopted unless they exclude each other. Totals that change
    nothing (see there) stay listed with the figure they give, adopted false, and are no conflict.
    """
    published = [row for row in rows if figure(row) is not None]
    deciding = _most_telling([row for row in published if row.preferred] or published)
    if not deciding:
        return DayTotal(UNKNOWN, stands=False, conflict=False, totals=_listed(rows, UNKNOWN))

    ranges = {figure(row) or UNKNOWN for row in deciding}
    one = _one_figure(ranges, deciding[0].qualifier, computed)
    told = one or _span(ranges)
    stands = not all(changes_nothing(row, running) for row in deciding)
    adopted = one is not None and stands
    decisive = set(deciding)
    adopting = {row for row in published if adopted and _gives(row, told, decisive)}
    return DayTotal(
        figure=told,
        stands=stands,
        conflict=(stands and not adopted) or any(cannot_be_true_beside(row, told) for row in published),
        totals=_listed(rows, told, adopting),
    )


def _most_telling(rows: Sequence[Count]) -> list[Count]:
    for qualifiers in (("exact",), ("about",), BOUNDS):
        if found := [row for row in rows if row.qualifier in qualifiers]:
            return found
    return []


def _one_figure(ranges: set[Range], qualifier: str, computed: Range) -> Range | None:
    if qualifier in BOUNDS:
        return combined_bounds(ranges)
    if len(ranges) == 1:
        return next(iter(ranges))
    return next((each for each in ranges if each.value == computed.value), None)


def _listed(rows: Sequence[Count], told: Range, adopting: AbstractSet[Count] = frozenset()) -> tuple[Total, ...]:
    return tuple(
        Total(row.value, row.qualifier, row.source, row in adopting, difference(row.value, told.value))
        for row in sorted(rows, key=lambda row: (row.source, row.qualifier, row.value or 0))
    )


def combined_bounds(bounds: Iterable[Range]) -> Range | None:
    """Highest low to lowest high; None where the bounds exclude each other."""
    low = max(bound.low or 0 for bound in bounds)
    high = min((bound.high for bound in bounds if bound.high is not None), default=None)
    return None if high is not None and low > high else Range(low, high)


def changes_nothing(row: Count, running: Range) -> bool:
    """A bound that the running figure already meets; an `about` within 10 % of both its ends."""
    told = figure(row)
    if told is None or running.low is None or row.qualifier == "exact":
        return False
    if row.qualifier == "about":
        return _within_ten_percent(told.low, running.low) and _within_ten_percent(told.low, running.high)
    enough = told.low is None or told.low <= running.low
    not_too_many = told.high is None or (running.high is not None and running.high <= told.high)
    return enough and not_too_many


def cannot_be_true_beside(row: Count, adopted: Range) -> bool:
    """Another exact value or a bound that excludes the adopted figure; never an `about`.

    Open in the rules: beside an adopted `about`, what lies within 10 % of it can be true too.
    """
    told = figure(row)
    if told is None or row.qualifier == "about":
        return False
    if told.high is not None and adopted.low is not None and told.high < adopted.low:
        nearest, end = told.high, adopted.low
    elif told.low is not None and adopted.high is not None and told.low > adopted.high:
        nearest, end = told.low, adopted.high
    else:
        return False
    return not (adopted.approximate and _within_ten_percent(nearest, end))


def _gives(row: Count, adopted: Range, deciding: AbstractSet[Count]) -> bool:
    told = figure(row)
    if told is None:
        return False
    if row.qualifier not in BOUNDS:
        return told.value == adopted.value
    if row not in deciding:
        return False
    return told.low == adopted.low if told.high is None else told.high == adopted.high


def _span(ranges: Iterable[Range]) -> Range:
    """From the lowest low to the highest high: what the day keeps when its totals disagree."""
    ranges = list(ranges)
    if not ranges:
        return UNKNOWN
    highs = [each.high for each in ranges if each.high is not None]
    return Range(
        min(each.low or 0 for each in ranges),
        max(highs) if len(highs) == len(ranges) else None,
        any(each.approximate for each in ranges),
    )


# ---- rules 2 to 4


@dataclass(frozen=True, slots=True)
class Ladder:
    """All rows of one kind and group, read in time order.

    `moves`: each day, by how much it moved the running figure, and that figure after it. `left`: those
    withdrawn after the last total's day.
    """

    steps: tuple[Step, ...]
    figure: Range
    last_day: Day | None
    states: Range
    bodies: Range
    conflict: bool
    moves: tuple[tuple[Day, Range, Range], ...]
    left: Range

    def moved(self, after: Day | None, until: Day | None = None) -> Range:
        """By how much the running figure of a ladder that starts at 0 moved after one day, up to another.

        From an exact figure on it is the difference of the two figures, whatever lies between.
        """
        first = 0 if after is None else bisect_right(self.moves, after, key=_day_of_move)
        last = len(self.moves) if until is None else bisect_right(self.moves, until, key=_day_of_move)
        if first >= last:
            return ZERO
        before = self.moves[first - 1][2] if first else ZERO
        if before.exact and before.value is not None:
            return self.moves[last - 1][2].minus(before.value)
        return sum((move for _, move, _ in self.moves[first:last]), ZERO)


def changes_of_a_day(rows: Iterable[Count]) -> list[Range]:
    """Rule 2: the same value in two sources on one day is one change.

    Open in the rules: where their qualifiers differ, the more telling one is kept.
    """
    by_value: dict[int, Range] = {}
    changes = [row for row in rows if row.basis == "change" and figure(row) is not None]
    for row in sorted(changes, key=lambda row: QUALIFIERS.index(row.qualifier)):
        by_value.setdefault(row.value or 0, figure(row) or UNKNOWN)
    return list(by_value.values())


def computed_on_a_day(base: Range | None, changes: Range | None, left: Range) -> Range:
    """Rule 2: the adopted total before, plus the changes after it, less those withdrawn since.

    Unknown without such a change or where not all of them are exact. Without a value where the total
    before was not adopted, for then it is a range. `left` is zero for every kind but `accredited`.
    """
    if base is None or changes is None or not changes.exact or not left.exact:
        return UNKNOWN
    return (base + changes).minus(left.value or 0)


def value_now(base: Range | None, changes: Range | None) -> Range:
    """Rule 4: the last total plus the changes after it; changes without any total are a floor."""
    if base is not None:
        return base if changes is None else base + changes
    return UNKNOWN if changes is None else Range(changes.low, None, changes.approximate)


def read_ladder(rows: Iterable[Count], *, withdrawn: Sequence[Ladder] = (), start: Range | None = None) -> Ladder:
    """Rules 1 to 4 over rows of one kind and group. `start`: the total before the first day, if known.

    A total includes the changes of its own day. A day without a total reports nothing. `withdrawn`: the ladders of
    those withdrawn, by group.
    """
    by_day: dict[Day, list[Count]] = {}
    for row in rows:
        by_day.setdefault(day_of(row), []).append(row)

    steps: list[Step] = []
    moves: list[tuple[Day, Range, Range]] = []
    base = start
    changes: Range | None = None
    last_day: Day | None = None
    conflict = False

    for day in sorted(by_day):
        before_today = value_now(base, changes)
        of_today = changes_of_a_day(by_day[day])
        change = sum(of_today, ZERO)
        if of_today:
            changes = change if changes is None else changes + change
        left = sum((each.moved(last_day, day) for each in withdrawn), ZERO)
        computed = computed_on_a_day(base, changes, left)

        totals = [row for row in by_day[day] if row.basis == "total"]
        today = total_on_a_day(totals, computed, value_now(base, changes))
        reported = today.figure
        steps.append(
            Step(
                as_of=day[0],
                as_of_from=None if day[1] else day[2],
                reported=reported.value,
                low=reported.low,
                high=reported.high,
                change=change.value if of_today else None,
                computed=computed.value,
                before=difference(reported.value, change.value) if of_today else None,
                gap=exact_difference(reported, computed),
                step=exact_difference(reported, base or UNKNOWN),
                totals=today.totals,
            )
        )
        conflict = conflict or today.conflict
        if today.stands:
            moves.append((day, _move(before_today, reported), reported))
            base, changes, last_day = reported, None, day
        else:
            moves.append((day, change, value_now(base, changes)))

    last_totals = [] if last_day is None else [row for row in by_day[last_day] if row.basis == "total"]
    return Ladder(
        steps=tuple(steps),
        figure=value_now(base, changes),
        last_day=last_day,
        states=_span(Range(row.states, row.states) for row in last_totals if row.states is not None),
        bodies=_span(Range(row.bodies, row.bodies) for row in last_totals if row.bodies is not None),
        conflict=conflict,
        moves=tuple(moves),
        left=sum((each.moved(last_day) for each in withdrawn), ZERO),
    )


def exact_difference(reported: Range, earlier: Range) -> int | None:
    """Rule 3: gap and step stand only between two exact figures."""
    return difference(reported.value, earlier.value) if reported.exact and earlier.exact else None


def _day_of_move(move: tuple[Day, Range, Range]) -> Day:
    return move[0]


def _move(before: Range, after: Range) -> Range:
    """Two inexact figures may move together, so their difference is not known."""
    return UNKNOWN if before.value is None else after.minus(before.value)


def share_of(
    whole: Range, channels: frozenset[str], places: Mapping[str, AbstractSet[Any]], missions: frozenset[str]
) -> Range:
    """What of a number of persons who go through several missions falls to some of these, by rule 6.

    `places`: the persons named in each mission. See `Reader.share` of `missions.reconciliation`.
    """
    if channels and channels <= missions:
        return whole
    inside = set[Any]().union(*(persons for code, persons in places.items() if code in missions))
    outside = set[Any]().union(*places.values()) - inside
    if not inside and channels.isdisjoint(missions):
        return ZERO
    if not inside and not whole.known:
        return UNKNOWN
    high = None if whole.high is None else max(len(inside), whole.high - len(outside))
    return Range(len(inside), high, whole.approximate)
