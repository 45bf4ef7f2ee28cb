"""What does not fit in the head counts of one subject, in sentences: beside the form, and in the list of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from lib.dates import format_span
from missions.ladder import BOUNDS, Range, cannot_be_true_beside, combined_bounds, day_of, figure
from missions.models import HeadCount, Reading
from missions.reconciliation import ElectionRecord, named, path_of
from missions.templatetags.figures import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from missions.ladder import Count, Step
    from missions.reconciliation import Reader, Subject

WRONG = {Reading.Agreement.CONFLICT, Reading.Agreement.GAP}


def what_is_wrong(reader: Reader, subject: Subject, group: str, titles: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each day on which sources disagree, each gap, and parts that exceed. `titles`: of the sources."""
    answer = reader.answer(path_of(subject), group)
    rows = rows_by_day(reader.rows(subject, group))
    for step in answer.ladder:
        totals = [row for row in rows[day_of_step(step)] if row.basis == HeadCount.Basis.TOTAL]
        if disagree(step, totals):
            told = {"day": day_in_words(step), "figures": " · ".join(said_by(totals, titles))}
            yield _("%(day)s: sources disagree: %(figures)s.") % told
        if step.gap:
            yield gap_in_words(step)
    value = Range(answer.low, answer.high, answer.approximate)
    parts = answer.parts_sum
    if parts and parts.low is not None and value.high is not None and parts.low > value.high:
        told = {"parts": in_words(parts), "value": in_words(value)}
        yield _("The parts add up to %(parts)s, more than the whole: %(value)s.") % told
    for addend in reader.reading(subject, group).adds:
        if not addend.known or reader.agreement(addend.subject, addend.group) not in WRONG:
            continue
        if addend.subject == subject:
            label = HeadCount.Group(addend.group).label
            for sentence in what_is_wrong(reader, subject, addend.group, titles):
                yield f"{label}: {sentence}"
        else:
            yield _("Added up from %(part)s, whose figures do not fit.") % {"part": addend.subject.name}


def named_beyond(reader: Reader, subject: Subject) -> Iterator[str]:
    """A sentence where more persons are named than were announced. `reader` reads what was announced."""
    high = reader.answer(path_of(subject), HeadCount.Group.ALL).high
    persons = len(named(reader.record, path_of(subject)))
    if not isinstance(subject, ElectionRecord) and high is not None and persons > high:
        given = {"named": number_format(persons), "high": number_format(high)}
        yield _("%(named)s persons are named, but only %(high)s announced.") % given


def rows_by_day(rows: Iterable[Count]) -> dict[object, list[Count]]:
    found: dict[object, list[Count]] = {}
    for row in rows:
        found.setdefault(day_of(row), []).append(row)
    return found


def day_of_step(step: Step) -> object:
    """The day under which `rows_by_day` keeps the rows of a step."""
    return (step.as_of, step.as_of_from is None, step.as_of_from or step.as_of)


def day_in_words(step: Step) -> str:
    return format_span(step.as_of_from, step.as_of)


def disagree(step: Step, totals: list[Count]) -> bool:
    """Whether the totals of a day cannot all be true: `reconciliation` tells it of the ladder as a whole only."""
    exact = {row.value for row in totals if row.qualifier == HeadCount.Qualifier.EXACT}
    told = Range(step.low, step.high, approximate=not exact and step.low == step.high)
    if any(cannot_be_true_beside(row, told) for row in totals):
        return True
    if any(total.adopted for total in step.totals):
        return False
    about = {row.value for row in totals if row.qualifier == HeadCount.Qualifier.ABOUT}
    if exact or about:
        return len(exact or about) > 1
    bounds = [bound for row in totals if row.qualifier in BOUNDS and (bound := figure(row))]
    return bool(bounds) and combined_bounds(bounds) is None


def said_by(rows: list[Count], titles: Mapping[str, str]) -> list[str]:
    """Each figure with its source: `170 (Northland Gazette)`."""
    shown = [row for row in rows if row.value is not None]
    return [f"{published(row)} ({titles.get(row.source, row.source)})" for row in shown]


def published(row: Count) -> str:
    """The number of a row as its source prints it; a change has a plus."""
    if row.value is None:
        return str(HeadCount.Qualifier.NOT_PUBLISHED.label)
    number = str(number_format(row.value, force_grouping=True))
    if row.basis == HeadCount.Basis.CHANGE:
        number = f"+{number}"
    exact = row.qualifier == HeadCount.Qualifier.EXACT
    return number if exact else f"{HeadCount.Qualifier(row.qualifier).label} {number}"


def gap_in_words(step: Step) -> str:
    """A gap between what a day reports and what the batches before it add up to."""
    sentence = _("%(day)s: %(reported)s reported, but the total before and the batches since give %(computed)s.")
    numbers = {"reported": number_format(step.reported or 0), "computed": number_format(step.computed or 0)}
    return sentence % {"day": day_in_words(step), **numbers}
