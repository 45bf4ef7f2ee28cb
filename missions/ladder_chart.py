"""What a ladder looks like: each step with what it stands on, and where it stands in the chart.

Pure: no words and no colours. Across, the chart is measured in per cent, so that it fills any page with letters of one
size; downwards in pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from missions.ladder import (
    UNKNOWN,
    ZERO,
    Range,
    changes_of_a_day,
    day_of,
    total_on_a_day,
    value_now,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from missions.ladder import Count, Day, Step


# ---- what each step stands on


@dataclass(frozen=True, slots=True)
class Rung:
    """A step beside what is needed to say it in words.

    `figure`: what its own totals say; `disputed`: they cannot all be true; `stands`: the later steps start from it.
    `change`: its own batches, whose `Step.change` is blank unless they come to one number.
    `before`: the last step that stands; `batches`: whether a change was published since. `running`: the total then.
    """

    number: int
    step: Step
    day: Day
    figure: Range
    change: Range
    disputed: bool
    stands: bool
    before: Rung | None
    batches: bool
    running: Range

    @property
    def undated(self) -> bool:
        return self.step.as_of_from is not None

    @property
    def is_floor(self) -> bool:
        """Whether its totals, or else its batches, say "at least so many"."""
        said = self.figure if self.figure.known else self.change
        return said.high is None and says_something(said)

    @property
    def without_batch(self) -> bool:
        """Whether it stands elsewhere than the total before though nobody published a batch."""
        if self.before is None or self.batches or not says_something(self.running):
            return False
        return self.running != self.before.running


def rungs(counts: Iterable[Count], steps: Sequence[Step]) -> list[Rung]:
    """The steps of a ladder, from the rows that it was read from."""
    by_day: dict[Day, list[Count]] = {}
    for row in counts:
        by_day.setdefault(day_of(row), []).append(row)
    found: list[Rung] = []
    before: Rung | None = None
    changes: Range | None = None
    for number, (day, step) in enumerate(zip(sorted(by_day), steps, strict=True), start=1):
        if of_today := changes_of_a_day(by_day[day]):
            changes = sum(of_today, changes or ZERO)
        base = before.figure if before else None
        totals = [row for row in by_day[day] if row.basis == "total"]
        today = total_on_a_day(totals, Range(step.computed, step.computed), value_now(base, changes))
        rung = Rung(
            number=number,
            step=step,
            day=day,
            figure=today.figure,
            change=sum(of_today, ZERO) if of_today else UNKNOWN,
            disputed=today.conflict,
            stands=today.stands,
            before=before,
            batches=changes is not None,
            running=today.figure if today.stands else value_now(base, changes),
        )
        found.append(rung)
        if rung.stands:
            before, changes = rung, None
    return found


# ---- where it stands in the chart

# The page is at least so wide, in pixels, and its letters at most.
NARROWEST = 290
WIDTH_OF_A_LETTER = 8.5
HEIGHT_OF_A_LINE = 18

HEIGHT = 280
GROUND = 236
CEILING = 44
LEFT, RIGHT = 6.0, 94.0
NO_DATES_NEARER_THAN = 8


class Side(NamedTuple):
    """Where a label stands beside its point: pixels across and down, and the end that is nearest to it."""

    across: int
    down: int
    anchor: str


SIDES = (
    Side(0, -12, "middle"),
    Side(-8, -9, "end"),
    Side(8, -9, "start"),
    Side(0, 23, "middle"),
    Side(-8, 20, "end"),
    Side(8, 20, "start"),
    Side(0, -30, "middle"),
    Side(10, -28, "end"),
    Side(-10, -28, "start"),
)


class Box(NamedTuple):
    """A rectangle in pixels on the narrowest page."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    @property
    def is_on_the_page(self) -> bool:
        return self.left >= 0 and self.right <= NARROWEST


@dataclass(frozen=True, slots=True)
class Point:
    """A step in the chart. `reach`: how far above it the other end of its range lies, in pixels."""

    rung: Rung
    x: float
    y: int
    reach: int
    label: str
    side: Side

    @property
    def left(self) -> str:
        return per_cent(self.x)

    @property
    def label_down(self) -> int:
        """Where the label stands below the point; that of a range stands at its upper end."""
        return self.side.down - self.reach

    @property
    def shape(self) -> str:
        """The mark, which tells apart what colour alone would not."""
        if self.rung.disputed:
            return "disputed"
        if not self.rung.figure.known:
            return "batch" if self.rung.change.known else "blank"
        return "undated" if self.rung.undated else "total"


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of the line of the running total. `reported`: batches were published for it."""

    x1: str
    y1: int
    x2: str
    y2: int
    reported: bool


@dataclass(frozen=True, slots=True)
class DateBelow:
    """A day written below the chart."""

    left: str
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    points: tuple[Point, ...]
    lines: tuple[Line, ...]
    dates: tuple[DateBelow, ...]
    height: int = HEIGHT
    ground: int = GROUND

    @property
    def marks(self) -> set[str]:
        """What needs to be explained below it."""
        floors = {"floor" for point in self.points if point.rung.is_floor}
        dashes = {"unreported" for line in self.lines if not line.reported}
        return {point.shape for point in self.points} | floors | dashes


def chart(steps: Sequence[Rung], labels: Sequence[str], days: Sequence[str]) -> Chart:
    """One point for each step. `labels`: the figures as they are printed; `days`: the dates as they are."""
    across = [*across_the_page([rung.day for rung in steps])]
    highest = max((top_of(figure) for rung in steps for figure in (rung.figure, rung.running)), default=0) or 1

    def up(number: int) -> int:
        return round(GROUND - (GROUND - CEILING) * number / highest)

    standing = [*feet_of_the_line(steps)]
    heights = [
        up(foot_of(rung.figure) if says_something(rung.figure) else foot)
        for rung, foot in zip(steps, standing, strict=True)
    ]
    reaches = [up(foot_of(rung.figure)) - up(top_of(rung.figure)) for rung in steps]
    sides = sides_of_labels(across, heights, reaches, labels)
    return Chart(
        points=tuple(Point(*each) for each in zip(steps, across, heights, reaches, labels, sides, strict=True)),
        lines=tuple(lines(steps, across, [up(foot) for foot in standing])),
        dates=tuple(dates_below(steps, across, days)),
    )


def says_something(figure: Range) -> bool:
    """Whether a range leaves anything out: 0 or more, as is left where bounds exclude each other, does not."""
    return bool(figure.low) or figure.high is not None


def feet_of_the_line(steps: Sequence[Rung]) -> Iterator[int]:
    """Where the running total stands at each step: where it was, if nothing is known of it any more."""
    foot = 0
    for rung in steps:
        if says_something(rung.running):
            foot = foot_of(rung.running)
        yield foot


def foot_of(figure: Range) -> int:
    """Where a figure is drawn: at its least, and one that says only "at most" at that."""
    return figure.low or figure.high or 0


def top_of(figure: Range) -> int:
    return max(figure.low or 0, figure.high or 0)


def per_cent(x: float) -> str:
    return f"{x:.2f}%"


def places_in_time(days: Sequence[Day]) -> list[float]:
    """True days; an interval lies within its days, between its neighbours."""
    placed: list[float] = []
    for index, (last, exact, first) in enumerate(days):
        if exact:
            placed.append(last.toordinal())
            continue
        following = next((at for at, day in enumerate(days) if at > index and day[1]), len(days))
        begins = max(first.toordinal(), placed[-1] if placed else 0)
        placed.append(begins + (last.toordinal() - begins) / (following - index + 1))
    return placed


def across_the_page(days: Sequence[Day]) -> Iterator[float]:
    placed = places_in_time(days)
    first, last = placed[0], placed[-1]
    for place in placed:
        yield LEFT + (RIGHT - LEFT) * ((place - first) / (last - first) if last > first else 0.5)


def lines(steps: Sequence[Rung], across: Sequence[float], heights: Sequence[int]) -> Iterator[Line]:
    """The running total stands until the day on which it changes."""
    for (left, y), (right, up), rung in zip(*pairs(across, heights), steps[1:], strict=True):
        reported = not rung.without_batch
        yield Line(per_cent(left), y, per_cent(right), y, reported)
        if up != y:
            yield Line(per_cent(right), y, per_cent(right), up, reported)


def pairs(across: Sequence[float], heights: Sequence[int]) -> tuple[list[tuple[float, int]], list[tuple[float, int]]]:
    """Each point but the last, and each but the first."""
    points = list(zip(across, heights, strict=True))
    return [one for one, _other in pairwise(points)], [other for _one, other in pairwise(points)]


def box_of(x: float, y: float, text: str, side: Side) -> Box:
    """The room that a label takes on the narrowest page."""
    width = len(text) * WIDTH_OF_A_LETTER
    at = x * NARROWEST / 100 + side.across
    left = at - {"start": 0.0, "middle": width / 2, "end": width}[side.anchor]
    return Box(left, y + side.down - HEIGHT_OF_A_LINE + 4, left + width, y + side.down + 4)


def sides_of_labels(
    across: Sequence[float], heights: Sequence[int], reaches: Sequence[int], labels: Sequence[str]
) -> list[Side]:
    """For each label the first side on which it covers no point and no label, if there is one."""
    tops = [y - reach for y, reach in zip(heights, reaches, strict=True)]
    taken = [
        Box(x * NARROWEST / 100 - 6, y - 6, x * NARROWEST / 100 + 6, y + 6) for x, y in zip(across, tops, strict=True)
    ]
    chosen = []
    for x, y, label in zip(across, tops, labels, strict=True):
        on_the_page = [side for side in SIDES if box_of(x, y, label, side).is_on_the_page]
        free = [side for side in on_the_page if not any(box_of(x, y, label, side).meets(other) for other in taken)]
        side = [*free, *on_the_page, SIDES[0]][0]
        chosen.append(side)
        taken.append(box_of(x, y, label, side))
    return chosen


def dates_below(steps: Sequence[Rung], across: Sequence[float], days: Sequence[str]) -> Iterator[DateBelow]:
    """The first and the last day, and of those between them each for which there is room."""
    known = [(x, day) for rung, x, day in zip(steps, across, days, strict=True) if not rung.undated]
    ends = {LEFT: "start", RIGHT: "end"}
    taken: list[Box] = []
    for x, day in [*known[:1], *known[:0:-1]]:
        anchor = ends.get(x, "middle")
        box = box_of(x, GROUND, day, Side(0, 0, anchor))
        if not any(box.meets(other) for other in taken):
            taken.append(Box(box.left - NO_DATES_NEARER_THAN, box.top, box.right + NO_DATES_NEARER_THAN, box.bottom))
            yield DateBelow(per_cent(x), anchor, day)


# ---- the range of a share


@dataclass(frozen=True, slots=True)
class Bar:
    """A share beside its whole: `known` is at least there, `possible` can be there as well."""

    known: str
    possible: str


def range_bar(share: Range, whole: Range) -> Bar | None:
    """None where nobody says how large the whole is at most."""
    if not whole.high or share.high is None:
        return None
    low = 100 * (share.low or 0) / whole.high
    return Bar(known=per_cent(low), possible=per_cent(100 * share.high / whole.high - low))
