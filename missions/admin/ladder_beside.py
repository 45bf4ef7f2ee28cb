"""The ladder beside the form of a head count: what the record would read with the figure that is being typed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from lib.dates import DateSpan
from missions.admin.what_is_wrong import (
    day_in_words,
    day_of_step,
    named_beyond,
    published,
    rows_by_day,
    what_is_wrong,
)
from missions.election_records import counts_by_subject, records_seen_by
from missions.ladder import Count, Range, day_of
from missions.ladder_chart import rungs
from missions.models import HeadCount
from missions.models.figures import SUBJECTS
from missions.reconciliation import ElectionRecord, ObservationMission, Reader
from missions.templatetags.figures import added, in_words
from organizations.models import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django_stubs_ext import StrOrPromise

    from missions.ladder import Step
    from missions.models import Deployment, Election, Mission
    from missions.reconciliation import Subject
    from organizations.policy import Reader as User


@dataclass(frozen=True)
class Line:
    """A published figure of a day: as it is printed, who says it, and whether it is the one being typed."""

    figure: str
    source: str
    is_typed: bool
    same_from_another: str


@dataclass(frozen=True)
class Rung:
    """A day of the ladder in words."""

    day: str
    reported: str
    change: str
    remark: str
    lines: list[Line]


@dataclass(frozen=True)
class LadderBeside:
    """What stands beside the form. `problems` do not fit; `notes` are worth knowing, and nothing is wrong with them.

    Without a `subject` there are only the problems that keep the ladder from being shown.
    """

    problems: list[str]
    subject: Election | Mission | Deployment | None = None
    kind: StrOrPromise = ""
    group: StrOrPromise = ""
    figure: str = ""
    notes: list[str] = field(default_factory=list)
    rungs: list[Rung] = field(default_factory=list)


@dataclass(frozen=True)
class Seen:
    """What a reader sees of an election, and the titles of the sources of its head counts."""

    record: ElectionRecord
    titles: dict[str, str]


def seen_by(user: User, election: Election) -> Seen:
    record = records_seen_by(user, [election])[election]
    return Seen(record, titles_in([record], user))


def ladder_beside(typed: dict[str, Any], stored: HeadCount | None, user: User) -> LadderBeside | None:
    """The ladder with the figure in it, of what this reader may see; None before subject, kind and day are known.

    `typed`: what stands in the boxes as far as it can be read, and in sentences what is not understood of the number
    and the day. `stored`: the count that is being changed.
    """
    problems = list(typed["not_understood"])
    given = [typed[name] for name in SUBJECTS if typed.get(name)]
    if len(given) != 1 or not (typed.get("kind") and typed.get("group") and typed.get("as_of")):
        return LadderBeside(problems) if problems else None
    [subject] = given
    seen = seen_by(user, getattr(subject, "election", subject))
    if stored:
        seen = replace(seen, record=without(seen.record, stored))
    return ladder_with(typed, subject, seen, problems)


def ladder_of(count: HeadCount, seen: Seen) -> LadderBeside:
    """The ladder with a count that is stored, as if it were being typed."""
    typed = {name: getattr(count, name) for name in HeadCount.columns}
    record = without_row(seen.record, path_of_subject(count), row_of(typed))
    return ladder_with(typed, count.subject, replace(seen, record=record), [])


def ladder_with(typed: dict[str, Any], subject: Any, seen: Seen, problems: list[str]) -> LadderBeside:
    """The ladder of the record that is seen, with the typed figure added to it."""
    path = f"{subject.resource()}/{subject.code}"
    record = seen.record
    new = row_of(typed)
    before = found(record, path)
    if new:
        record = with_counts(record, path, (*before.counts, new))
    reader = Reader(record, kind=typed["kind"], on=None)
    place = reader.find(path)
    answer = reader.answer(path, typed["group"])
    of_group = reader.rows(place, typed["group"])
    rows = rows_by_day(of_group)
    climbed = rungs(of_group, answer.ladder)
    source = typed.get("source")
    titles = {**seen.titles, **({source.code: str(source)} if source else {})}
    called = {"": _("this figure"), **titles}
    problems += what_is_wrong(reader, place, typed["group"], called)
    if typed["kind"] == HeadCount.Kind.ANNOUNCED:
        problems += named_beyond(reader, place)
    links = Links(subject, typed["kind"], typed["group"])
    return LadderBeside(
        subject=subject,
        kind=HeadCount.Kind(typed["kind"]).label,
        group=HeadCount.Group(typed["group"]).label,
        figure=in_words(Range(answer.low, answer.high, answer.approximate)),
        problems=problems,
        notes=list(notes_on(new, before.counts, titles)) if new else [],
        rungs=[
            Rung(
                day=day_in_words(each.step),
                reported=in_words(each.figure) if each.figure.known else "",
                change=added(each.change),
                remark=remark_on(each.step, earlier),
                lines=[
                    Line(published(row), titles.get(row.source, ""), row is new, "" if row is new else links.to(row))
                    for row in rows[day_of_step(each.step)]
                ],
            )
            for earlier, each in zip((None, *answer.ladder), climbed, strict=False)
        ],
    )


def row_of(typed: dict[str, Any]) -> Count | None:
    """The figure being typed as a row of the record; None before there is a number, or where it is not to count."""
    number, qualifier = typed.get("value"), typed.get("qualifier")
    if not (qualifier and typed.get("basis")) or (number is None) != (qualifier == HeadCount.Qualifier.NOT_PUBLISHED):
        return None
    if number is not None and number < 0:
        return None
    return Count(
        kind=typed["kind"],
        group=typed["group"],
        basis=typed["basis"],
        value=number,
        qualifier=qualifier,
        as_of_from=typed.get("as_of_from"),
        as_of=typed["as_of"],
        states=typed.get("states"),
        bodies=typed.get("bodies"),
        counted=bool(typed.get("counted")),
        preferred=bool(typed.get("preferred")),
        source=typed["source"].code if typed.get("source") else "",
    )


def found(record: ElectionRecord, path: str) -> Subject:
    return Reader(record, kind="", on=None).find(path)


def with_counts(record: ElectionRecord, path: str, counts: tuple[Count, ...]) -> ElectionRecord:
    """The record with other counts of one subject."""
    place = found(record, path)
    changed: Any = replace(place, counts=counts)
    if isinstance(place, ElectionRecord):
        return replace(record, counts=counts)
    if isinstance(place, ObservationMission):
        return replace(record, missions=tuple(changed if each is place else each for each in record.missions))
    return replace(record, deployments=tuple(changed if each is place else each for each in record.deployments))


def without(record: ElectionRecord, stored: HeadCount) -> ElectionRecord:
    """The record without a count that is being changed: it stands there as it is typed now."""
    [[row]] = counts_by_subject(HeadCount.objects.filter(pk=stored.pk)).values()
    return without_row(record, path_of_subject(stored), row)


def path_of_subject(count: HeadCount) -> str:
    subject: Any = count.subject
    return f"{subject.resource()}/{subject.code}"


def without_row(record: ElectionRecord, path: str, row: Count | None) -> ElectionRecord:
    try:
        place = found(record, path)
    except LookupError:
        # It is moved here from another election.
        return record
    return with_counts(record, path, tuple(each for each in place.counts if each != row))


def titles_in(records: Iterable[ElectionRecord], user: User) -> dict[str, str]:
    """The sources of the head counts as they are called, of those that the reader sees."""
    places: list[Subject] = []
    for record in records:
        places += [record, *record.missions, *record.deployments]
    codes = {row.source for place in places for row in place.counts}
    return {source.code: str(source) for source in Source.objects.visible_to(user).filter(code__in=codes)}


def notes_on(new: Count, others: tuple[Count, ...], titles: dict[str, str]) -> Iterator[str]:
    """Where a source says the same, and where the same source has spoken already."""
    if not new.counted:
        yield _("This figure is not counted: it changes nothing below.")
    of_day = [row for row in others if (row.kind, row.group, row.basis) == (new.kind, new.group, new.basis)]
    of_day = [row for row in of_day if day_of(row) == day_of(new)]
    for row in of_day:
        title = titles.get(row.source, row.source)
        if row.source == new.source:
            yield _("This source gives this count for that day already: %(source)s.") % {"source": title}
        elif (row.value, row.qualifier) == (new.value, new.qualifier):
            yield _("Another source says the same: %(source)s. Nothing is wrong: both stay.") % {"source": title}


def remark_on(step: Step, earlier: Step | None) -> str:
    """How a day follows from the days before it: “229 more than before; no batch published between”."""
    if step.gap:
        return _("The batches since the total before give %(computed)s.") % {
            "computed": number_format(step.computed or 0)
        }
    if earlier is None or not step.step or step.computed is not None:
        return ""
    number = {"number": number_format(abs(step.step))}
    if step.step > 0:
        return _("%(number)s more than the total before; no batch published between.") % number
    return _("%(number)s fewer than the total before. If this is a batch, choose “Change”.") % number


@dataclass(frozen=True)
class Links:
    """Leads to forms that are filled but for the source: another source says the same of this subject."""

    subject: Any
    kind: str
    group: str

    def to(self, row: Count) -> str:
        name = self.subject._meta.model_name
        filled = {name: self.subject.code, "kind": self.kind, "group": self.group, "basis": row.basis}
        filled |= {"qualifier": row.qualifier, "as_of": str(DateSpan(row.as_of_from or row.as_of, row.as_of))}
        if row.value is not None:
            filled["value"] = str(row.value)
        return f"{reverse('admin:missions_headcount_add')}?{urlencode(filled)}"


def same_from_another(count: HeadCount) -> str:
    """The address of the form for another source that says the same as this count."""
    [[row]] = counts_by_subject(HeadCount.objects.filter(pk=count.pk)).values()
    return Links(count.subject, count.kind, count.group).to(row)
