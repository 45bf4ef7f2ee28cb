"""What the pages of elections, missions and deployments say of head counts, from one reading of the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.text import shown
from missions.figure_sources import sources_of_figure, sources_of_reading
from missions.ladder import UNKNOWN, ZERO, Range
from missions.ladder_chart import chart, rungs
from missions.models import HeadCount, Reading
from missions.parts import PartsSum, parts_sum
from missions.reading_question import PARAMETERS, USUAL, ReadingQuestion
from missions.readings import READ_KINDS
from missions.reconciliation import ALL, CALLED_OFF, ElectionRecord, ObservationMission, Reader, path_of
from missions.templatetags.figures import blank, label_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.http import QueryDict

    from missions.ladder import Total
    from missions.ladder_chart import Chart, Rung
    from missions.models import Assignment, Election
    from missions.reconciliation import Addend, Reconciliation, Subject
    from organizations.models import Source

CHART, TABLE = VIEWS = ("chart", "table")

# The other agreements are about parts, whose own section says them.
FAULTS = {Reading.Agreement.CONFLICT, Reading.Agreement.GAP}
SAID_OF_A_LADDER = {*FAULTS, Reading.Agreement.AGREED}
LEGEND = {
    "total": gettext_lazy("total"),
    "undated": gettext_lazy("undated total, between its neighbours"),
    "disputed": gettext_lazy("sources disagree"),
    "batch": gettext_lazy("batch without a total"),
    "blank": gettext_lazy("looked for, not published"),
    "floor": gettext_lazy("at least so many"),
    "unreported": gettext_lazy("no batch published between"),
}


# ---- what is asked


class LadderQuestion:
    """Which ladder an address asks for, and whether as a chart with its table or as the table alone."""

    def __init__(self, data: QueryDict) -> None:
        reading = ReadingQuestion(data)
        self.problems = [*reading.problems, *unknown_parameters(data), *problems_of_view(data)]
        if not self.problems:
            self.kind, self.group, self.on = reading.answers()
            self.view = data.get("view", "").strip() or CHART

    def query(self, **changes: str | None) -> str:
        """The address of another question, without what is usual."""
        asked = {"kind": self.kind, "group": self.group, "on": self.on and self.on.isoformat(), "view": self.view}
        usual = {**USUAL, "on": None, "view": CHART}
        wanted = {name: str(value) for name, value in (asked | changes).items() if value != usual[name]}
        return f"?{urlencode(wanted)}" if wanted else ""

    @property
    def api_query(self) -> str:
        """The same question to the API."""
        on = {"on": self.on.isoformat()} if self.on else {}
        return urlencode({"kind": self.kind, "group": self.group, **on})


def unknown_parameters(data: QueryDict) -> list[tuple[str, str]]:
    sentence = _("“%(name)s” is not a parameter here.")
    return [(shown(name), sentence % {"name": shown(name)}) for name in data if name not in PARAMETERS | {"view"}]


def problems_of_view(data: QueryDict) -> list[tuple[str, str]]:
    given = [value.strip() for value in data.getlist("view") if value.strip()]
    if len(given) > 1:
        return [("view", _("%(parameter)s can be given only once.") % {"parameter": "view"})]
    if given and given[0] not in VIEWS:
        sentence = _("“%(value)s” is not one of the values of %(parameter)s: %(choices)s.")
        told = {"value": shown(given[0]), "parameter": "view", "choices": ", ".join(VIEWS)}
        return [("view", sentence % told)]
    return []


# ---- the ladder


@dataclass(frozen=True, slots=True)
class LadderRow:
    """A row of the ladder's table: a step with its published rows, or a row that does not count."""

    rung: Rung | None
    totals: list[tuple[Total, HeadCount]]
    changes: list[HeadCount]
    not_counted: HeadCount | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Another ladder, with the query of its address."""

    label: str
    query: str
    chosen: bool


def ladder_context(
    election: Election, record: ElectionRecord, counts: list[HeadCount], asked: LadderQuestion
) -> dict[str, Any]:
    """The ladder of an election that the address asks for, its chart, its parts, and the way to the others."""
    reader = Reader(record, kind=asked.kind, on=asked.on)
    answer = reader.answer(path_of(record), asked.group)
    steps = rungs(reader.rows(record, asked.group), answer.ladder)
    rows = [row for row in counts if (row.kind, row.group) == (asked.kind, asked.group)]
    known_by_then = [row for row in rows if asked.on is None or row.as_of <= asked.on]
    readers = {kind: Reader(record, kind=kind, on=asked.on) for kind in READ_KINDS}
    sums = [parts_sum(each, record, ALL) for each in readers.values()]
    # Of a day before the first number of any part the page says so, rather than nothing.
    too_early = asked.kind if asked.on else ""
    sums = [each for each in sums if each.total.known or each.value.known or (each.addends and each.kind == too_early)]
    picture = drawn(steps) if len(steps) > 1 and asked.view == CHART else None
    return {
        "asked": asked,
        "all_days": asked.query(on=None),
        "kind": HeadCount.Kind(asked.kind).label,
        "group": HeadCount.Group(asked.group).label if asked.group != ALL else "",
        "answer": answer,
        "figure": figure_of(answer),
        "blank": blank(not_published=says_not_published(known_by_then), status=election.status),
        "ladder": ladder_rows(steps, known_by_then),
        "agreement": Reading.Agreement(answer.agreement).label if answer.agreement in SAID_OF_A_LADDER else "",
        "chart": picture,
        "legend": [(mark, words) for mark, words in LEGEND.items() if picture and mark in picture.marks],
        "views": choices_of_view(asked) if len(steps) > 1 else [],
        "kinds": choices_of_kind(asked, {row.kind for row in counts} | {each.kind for each in sums}),
        "groups": choices_of_group(asked, {row.group for row in counts if row.kind == asked.kind}),
        "api_query": asked.api_query,
        "faults": faults_by_kind(record, path_of(record)),
        "sums": sums,
        "parts_table": parts_table([parts_sum(reader, record, asked.group)], asked),
    }


def figure_of(answer: Reconciliation) -> Range:
    return Range(answer.low, answer.high, answer.approximate)


def says_not_published(rows: list[HeadCount]) -> bool:
    return any(row.counted and row.qualifier == HeadCount.Qualifier.NOT_PUBLISHED for row in rows)


def drawn(steps: list[Rung]) -> Chart:
    days = [date_format(rung.step.as_of, "SHORT_DATE_FORMAT") for rung in steps]
    return chart(steps, [label_of(rung) for rung in steps], days)


def ladder_rows(steps: list[Rung], rows: list[HeadCount]) -> list[LadderRow]:
    """Every step, and every row that does not count, oldest first."""
    by_day: dict[tuple[date, date | None], list[HeadCount]] = {}
    for row in rows:
        if row.counted:
            by_day.setdefault((row.as_of, first_day(row)), []).append(row)
    found = []
    for rung in steps:
        of_day = by_day[rung.step.as_of, rung.step.as_of_from]
        changes = [row for row in of_day if row.basis == HeadCount.Basis.CHANGE]
        published = {(row.source.code, row.qualifier, row.value): row for row in of_day if row not in changes}
        totals = [(each, published[each.source, each.qualifier, each.value]) for each in rung.step.totals]
        found.append((rung.day, LadderRow(rung, totals, changes)))
    for row in rows:
        if not row.counted:
            first = first_day(row)
            day = (row.as_of, first is None, first or row.as_of)
            found.append((day, LadderRow(None, [], [], not_counted=row)))
    return [row for _day, row in sorted(found, key=lambda each: each[0])]


def first_day(row: HeadCount) -> date | None:
    """The first possible day of an undated count; None where the day is known."""
    return None if row.as_of_from == row.as_of else row.as_of_from


def choices_of_view(asked: LadderQuestion) -> list[Choice]:
    labels = {CHART: _("Chart and table"), TABLE: _("Table alone")}
    return [Choice(label, asked.query(view=view), view == asked.view) for view, label in labels.items()]


def choices_of_kind(asked: LadderQuestion, known: set[str]) -> list[Choice]:
    """The kinds of which something is known, with the one that is asked for and the usual one."""
    wanted = known | {asked.kind, USUAL["kind"]}
    return [
        Choice(str(kind.label), asked.query(kind=kind.value, group=ALL), kind == asked.kind)
        for kind in HeadCount.Kind
        if kind in wanted
    ]


def choices_of_group(asked: LadderQuestion, known: set[str]) -> list[Choice]:
    """The groups of which something is published, with the one that is asked for and all."""
    wanted = known | {asked.group, ALL}
    return [
        Choice(str(group.label), asked.query(group=group.value), group == asked.group)
        for group in HeadCount.Group
        if group in wanted
    ]


# ---- parts


@dataclass(frozen=True, slots=True)
class PartCell:
    """A part's figure of one kind. `blank`: why there is none."""

    figure: Range
    share_unknown: bool
    blank: str


@dataclass(frozen=True, slots=True)
class PartRow:
    name: str
    address: str
    cells: list[PartCell]


@dataclass(frozen=True, slots=True)
class PartsTable:
    """Parts with a number row by row; those without any together, by their kinds and the blank that stands for it."""

    sums: list[PartsSum]
    rows: list[PartRow]
    blanks: dict[tuple[str, str], list[PartRow]]


def parts_table(sums: list[PartsSum], asked: LadderQuestion | None = None) -> PartsTable | None:
    """The parts of one or more kinds, a column for each kind; None where nothing is a part."""
    by_part: dict[tuple[str, str], Addend] = {}
    for each in sums:
        for addend in each.addends:
            by_part.setdefault((path_of(addend.subject), addend.group), addend)
    columns = [{(path_of(addend.subject), addend.group): addend for addend in each.addends} for each in sums]
    rows: list[PartRow] = []
    blanks: dict[tuple[str, str], list[PartRow]] = {}
    for part, first in by_part.items():
        cells = [part_cell(first.subject, column.get(part), each) for each, column in zip(sums, columns, strict=True)]
        row = PartRow(name_of(first), address_of(first, asked), cells)
        if any(cell.figure.known for cell in cells):
            rows.append(row)
        else:
            for said in dict.fromkeys(cell.blank for cell in cells):
                kinds = [each.label for each, cell in zip(sums, cells, strict=True) if cell.blank == said]
                blanks.setdefault((", ".join(kinds), said), []).append(row)
    return PartsTable(sums, rows, blanks) if by_part else None


def part_cell(subject: Subject, addend: Addend | None, of: PartsSum) -> PartCell:
    """What was called off has no number of its own: the 0 that it counts is said as the blank that it is."""
    rows = [row for row in subject.counts if row.counted and row.kind == of.kind]
    by_then = [row for row in rows if of.on is None or row.as_of <= of.on]
    not_published = any(row.qualifier == HeadCount.Qualifier.NOT_PUBLISHED for row in by_then)
    status = "" if isinstance(subject, ElectionRecord) else subject.status
    figure = addend.figure if addend else UNKNOWN
    return PartCell(
        figure=UNKNOWN if status in CALLED_OFF and figure == ZERO else figure,
        share_unknown=bool(addend and addend.share_unknown),
        blank=_("none by that day") if rows and not by_then else blank(not_published=not_published, status=status),
    )


def name_of(addend: Addend) -> str:
    if isinstance(addend.subject, ElectionRecord):
        return str(HeadCount.Group(addend.group).label)
    return addend.subject.name


def address_of(addend: Addend, asked: LadderQuestion | None) -> str:
    """Where a part can be opened. The record holds only what the reader may see."""
    if isinstance(addend.subject, ElectionRecord):
        query = asked.query(group=addend.group) if asked else ""
        return f"{reverse('election', args=[addend.subject.code])}{query}#accreditation"
    page = "mission" if isinstance(addend.subject, ObservationMission) else "deployment"
    return reverse(page, args=[addend.subject.code])


# ---- the numbers that a page begins with


def figures_cited(
    record: ElectionRecord, path: str, counts: list[HeadCount], places: Iterable[Assignment] = ()
) -> dict[str, list[Source]]:
    """Who gives the numbers that the page of a record begins with, by kind and "named".

    A computed number cites nobody there: its parts, each with who gives it, follow on the page.
    """
    cited: dict[str, list[Source]] = {}
    for kind in READ_KINDS:
        reader = Reader(record, kind=kind, on=None)
        subject = reader.find(path)
        giving = set() if reader.reading(subject, ALL).adds else sources_of_reading(reader, subject, ALL)
        own = {row.source.code: row.source for row in counts if row.kind == kind}
        cited[kind] = [source for code, source in own.items() if code in giving]
    naming = {source.code: source for place in places for source in place.sources.all()}
    return {**cited, "named": list(naming.values())}


# ---- kinds and groups of a mission or a deployment


@dataclass(frozen=True, slots=True)
class CountCell:
    """A figure of one kind and group with the sources that give it. `blank`: why there is none."""

    group: str
    figure: Range
    derived: bool
    disputed: bool
    sources: list[Source]
    blank: str


@dataclass(frozen=True, slots=True)
class CountsByKind:
    """A row for each kind, a column for each group."""

    groups: list[str]
    rows: list[tuple[str, list[CountCell]]]


def counts_by_kind(record: ElectionRecord, path: str, counts: list[HeadCount], status: str) -> CountsByKind | None:
    """Every figure of a subject by kind and group; None where there is one at most, which the page says already."""
    present = {row.group for row in counts} | {ALL}
    groups = [group for group in HeadCount.Group if group in present]
    rows = []
    for kind in HeadCount.Kind:
        of_kind = [row for row in counts if row.kind == kind and row.counted]
        if of_kind:
            reader = Reader(record, kind=kind, on=None)
            rows.append((str(kind.label), [count_cell(reader, path, group, of_kind, status) for group in groups]))
    figures = [cell for _kind, cells in rows for cell in cells if cell.figure.known]
    return CountsByKind([str(group.label) for group in groups], rows) if len(figures) > 1 else None


def count_cell(reader: Reader, path: str, group: HeadCount.Group, rows: list[HeadCount], status: str) -> CountCell:
    answer = reader.answer(path, group)
    of_group = [row for row in rows if row.group == group]
    sources = {row.source.code: row.source for row in of_group}
    cited = sources_of_figure(reader, path, group)
    return CountCell(
        group=str(group.label),
        figure=figure_of(answer),
        derived=answer.derived,
        disputed=answer.agreement == "conflict",
        sources=[source for code, source in sources.items() if code in cited],
        blank=blank(not_published=says_not_published(of_group), status=status),
    )


def announced_and_deployed(record: ElectionRecord, path: str) -> tuple[int, int] | None:
    """What was announced and what was deployed, where both are exact totals that differ."""
    figures = []
    for kind in (HeadCount.Kind.ANNOUNCED, HeadCount.Kind.DEPLOYED):
        answer = Reader(record, kind=kind, on=None).answer(path, ALL)
        if answer.value is None or answer.approximate or not any(step.low is not None for step in answer.ladder):
            return None
        figures.append(answer.value)
    announced, deployed = figures
    return (announced, deployed) if announced != deployed else None


def sums_of_mission(record: ElectionRecord, path: str, *, missions_only: bool = False) -> list[PartsSum]:
    """The sums of the parts of a mission, or of the missions inside it, of each kind of which one has a number."""
    readers = [Reader(record, kind=kind, on=None) for kind in READ_KINDS]
    sums = [parts_sum(reader, reader.find(path), ALL, missions_only=missions_only) for reader in readers]
    return [each for each in sums if each.total.known]


# ---- what is wrong with the figures


@dataclass(frozen=True, slots=True)
class LadderFaults:
    """What is wrong with one ladder of a subject: its steps at fault, and a sum of parts that exceeds the figure."""

    group: str
    rungs: list[Rung]
    exceeded: PartsSum | None


@dataclass(frozen=True, slots=True)
class PartAtFault:
    """A part of a computed figure. `disputed`: its sources disagree; else its figures leave a gap."""

    name: str
    address: str
    disputed: bool


@dataclass(frozen=True, slots=True)
class KindFaults:
    """What is wrong with the figures of one kind."""

    kind: str
    ladders: list[LadderFaults]
    parts: list[PartAtFault]


def faults_by_kind(record: ElectionRecord, path: str) -> list[KindFaults]:
    """Where sources disagree or figures leave a gap: in a subject's own counts, or in what a sum of them adds."""
    found = []
    for kind in READ_KINDS:
        reader = Reader(record, kind=kind, on=None)
        subject = reader.find(path)
        ladders = [faults_of_ladder(reader, subject, group) for group in HeadCount.Group]
        ladders = [each for each in ladders if each.rungs or each.exceeded]
        parts = [
            PartAtFault(name_of(addend), address_of(addend, None), agreement == Reading.Agreement.CONFLICT)
            for addend in reader.reading(subject, ALL).adds
            # The groups of the subject itself have ladders of their own above.
            if addend.known and addend.subject is not subject
            for agreement in [reader.agreement(addend.subject, addend.group)]
            if agreement in FAULTS
        ]
        if ladders or parts:
            found.append(KindFaults(str(kind.label), ladders, parts))
    return found


def faults_of_ladder(reader: Reader, subject: Subject, group: HeadCount.Group) -> LadderFaults:
    rows, ladder = reader.rows(subject, group), reader.reading(subject, group).ladder
    parts = parts_sum(reader, subject, group)
    return LadderFaults(
        group="" if group == ALL else str(group.label),
        rungs=[rung for rung in rungs(rows, ladder.steps) if rung.disputed or rung.step.gap],
        exceeded=parts if parts.exceeds else None,
    )
