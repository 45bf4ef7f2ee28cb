"""How a count is printed, everywhere: the number with its qualifier, or one of the four blanks in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lib.dates import format_span
from lib.spoken import joined, together
from missions.readings import READ_KINDS
from missions.reconciliation import CALLED_OFF, Range

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.safestring import SafeString

    from lib.dates import DateSpan
    from missions.ladder import Step, Total
    from missions.ladder_chart import Rung
    from missions.models import Assignment, HeadCount
    from missions.parts import PartsSum, Term
    from organizations.models import Source

register = template.Library()


def number(value: int) -> str:
    return str(number_format(value, force_grouping=True))


def signed(value: int) -> str:
    """A difference with its sign: +25, −4."""
    return number(value).replace("-", "−") if value < 0 else f"+{number(value)}"


def qualified(value: int, qualifier: str) -> str:
    """A number as exact as it is said to be: 46, about 400, at least 170, more than 700, up to 50."""
    sentences = {
        "about": _("about %(number)s"),
        "at_least": _("at least %(number)s"),
        "more_than": _("more than %(number)s"),
        "at_most": _("up to %(number)s"),
    }
    return sentences[qualifier] % {"number": number(value)} if qualifier in sentences else number(value)


@register.filter
def in_words(figure: Range) -> str:
    """A known range as people say it: 46, about 400, at least 170, up to 50, 20 to 37; 0 is "none"."""
    low, high = figure.low, figure.high
    if says_nothing(figure):
        return _("not known")
    if high is None:
        return qualified(low or 0, "at_least")
    if high and not low:
        return qualified(high, "at_most")
    if low != high:
        return _("%(low)s to %(high)s") % {"low": number(low or 0), "high": number(high)}
    if high == 0:
        return _("none")
    return qualified(high, "about" if figure.approximate else "exact")


@register.simple_tag
def reading(row: Any, kind: str) -> str:
    """A kind of count of a row of a list: "46 announced", or why there is no number.

    A sum that no source prints says so: "at least 57 announced (computed)".
    """
    if not has_number(row, kind):
        return without_number([kind], blank_of(row, kind))
    sentences = {
        "announced": _("%(number)s announced"),
        "accredited": _("%(number)s accredited"),
        "deployed": _("%(number)s deployed"),
    }
    sentence = sentences[kind] % {"number": in_words(figure_of(row, kind))}
    return _("%(sentence)s (computed)") % {"sentence": sentence} if getattr(row, f"{kind}_derived") else sentence


def without_number(kinds: Iterable[str], blank: str) -> str:
    """The kinds of count for which one blank stands: "accredited, deployed: not checked yet"."""
    words = words_of_kinds()
    return _("%(kinds)s: %(blank)s") % {"kinds": ", ".join(words[kind] for kind in kinds), "blank": blank}


def words_of_kinds() -> dict[str, str]:
    """The kinds of count as labels before a colon."""
    return {
        "announced": pgettext("label of a count", "announced"),
        "accredited": pgettext("label of a count", "accredited"),
        "deployed": pgettext("label of a count", "deployed"),
    }


@dataclass(frozen=True, slots=True)
class Readings:
    """All that a row says of its observers: its numbers, and the blanks for those it lacks, each with who says so."""

    numbers: list[tuple[str, Iterable[Source]]]
    blanks: list[tuple[str, Iterable[Source]]]


@register.simple_tag
def readings(row: Any, cited: Mapping[str, Iterable[Source]] | None = None) -> Readings:
    """The numbers of a row first, then each blank once: "46 announced", "accredited, deployed: not checked yet".

    `cited`: who gives a number, or was looked into in vain, by its kind or "named"; only where the page lists sources.
    """
    sources = cited or {}
    with_number = [kind for kind in READ_KINDS if has_number(row, kind)]
    numbers = [(reading(row, kind), sources.get(kind, ())) for kind in with_number]
    kinds_by_blank: dict[str, list[str]] = {}
    for kind in READ_KINDS:
        if kind not in with_number:
            kinds_by_blank.setdefault(blank_of(row, kind), []).append(kind)
    blanks: list[tuple[str, Iterable[Source]]] = []
    for said, kinds in kinds_by_blank.items():
        looked_into = dict.fromkeys(source for kind in kinds for source in sources.get(kind, ()))
        blanks.append((without_number(kinds, said), looked_into))
    # An election has no such number of its own.
    persons = getattr(row, "named", None)
    if persons:
        numbers.append((named(row), sources.get("named", ())))
    elif persons == 0:
        blanks.append((named(row), ()))
    return Readings(numbers, blanks)


def has_number(row: Any, kind: str) -> bool:
    """Whether a row of a list shows a number of that kind; the 0 of what was called off is a blank."""
    figure = figure_of(row, kind)
    return not says_nothing(figure) and not (row.status in CALLED_OFF and figure.value == 0)


@register.filter
def shows_computed(row: Any) -> bool:
    """Whether one of the numbers that `reading` shows is computed."""
    return any(has_number(row, kind) and getattr(row, f"{kind}_derived") for kind in READ_KINDS)


@register.filter
def numbers_disputed(row: Any) -> bool:
    """Whether the sources of a row of a list disagree on one of its numbers."""
    return any(getattr(row, f"{kind}_agreement") == "conflict" for kind in READ_KINDS)


def says_nothing(figure: Range) -> bool:
    """Whether a range leaves everything open: 0 or more is no figure."""
    return figure.high is None and not figure.low


@register.simple_tag
def named(row: Any) -> str:
    """How many persons of a row the reader sees named."""
    if not row.named:
        return _("no names published")
    return ngettext("%(number)s named", "%(number)s named", row.named) % {"number": number_format(row.named)}


def figure_of(row: Any, kind: str) -> Range:
    ends = getattr(row, f"{kind}_low"), getattr(row, f"{kind}_high")
    return Range(*ends, approximate=bool(getattr(row, f"{kind}_approximate")))


def blank_of(row: Any, kind: str) -> str:
    """Which of the blanks stands for a figure that is not there."""
    return blank(not_published=bool(getattr(row, f"{kind}_not_published")), status=row.status)


def blank(*, not_published: bool, status: str) -> str:
    """Somebody looked and found no number; what was called off has none; or nobody has looked."""
    if not_published:
        return _("not published")
    return _("not applicable") if status in CALLED_OFF else _("not checked yet")


@register.simple_tag
def share(figure: Range, row: Any) -> str:
    """A part of a party of which only the whole is published: "0 to 44 of 46", "at least 2 of 46"."""
    if figure.value is not None or figure.high is None:
        return in_words(figure)
    whole = figure_of(row, "announced")
    if figure.low and figure.high == whole.high:
        sentence = _("%(part)s of %(whole)s")
        return sentence % {"part": qualified(figure.low, "at_least"), "whole": in_words(whole)}
    ends = {"low": number(figure.low or 0), "high": number(figure.high)}
    return _("%(low)s to %(high)s of %(whole)s") % {**ends, "whole": in_words(whole)}


@register.simple_tag
def in_the_chosen_missions(kind: str, share: Range) -> str:
    """What the missions asked for had of a party: "announced, in the chosen missions: 0 to 44"."""
    told = {"kind": words_of_kinds()[kind], "number": in_words(share)}
    return _("%(kind)s, in the chosen missions: %(number)s") % told


@register.simple_tag
def shares(channels: list[dict[str, Any]], row: Any) -> str:
    """The shares of all missions in one sentence: "SCO at least 2 of 46; the others 0 to 44 of 46"."""
    by_share: dict[str, list[str]] = {}
    for told in channels:
        if told["share"]:
            by_share.setdefault(share(told["share"], row), []).append(told["mission"].organizer_name)
    if len(channels) < 2 or not by_share:
        return ""
    *few, (of_most, _most) = sorted(by_share.items(), key=lambda each: len(each[1]))
    said = [together(joined(", ", names), " ", part) for part, names in few]
    last = _("the others %(share)s") if few else _("each of them %(share)s")
    return joined("; ", [*said, last % {"share": of_most}])


@register.filter
def published(count: HeadCount | Total) -> str:
    """A head count as its source prints it: exactly 46 is 46, more than 170 stays more than 170."""
    return _("not published") if count.value is None else qualified(count.value, count.qualifier)


@register.filter
def dated(count: HeadCount) -> str:
    """The day of a head count; of an undated one the days between which it lies."""
    return format_span(count.as_of_from or count.as_of, count.as_of)


@register.filter
def days(span: DateSpan) -> str:
    """One day, or the first and the last of several: 12 October 2017 – 15 October 2017."""
    first, last = format_span(None, span.first), format_span(None, span.last)
    return first if span.is_day else f"{first} – {last}"


@register.filter
def place(assignment: Assignment) -> str:
    """Where somebody was: the organizer's mission at an election, or the election alone."""
    election = assignment.election.label if assignment.election else ""
    return f"{assignment.mission.organizer_name} – {election}" if assignment.mission else election


# ---- a ladder


@register.filter
def day_of_step(step: Step) -> str:
    """The day of a step; of an undated total "undated, by 14 October 2017"."""
    return format_span(step.as_of_from, step.as_of)


@register.filter
def with_sign(value: int | None) -> str:
    return "" if value is None else signed(value)


@register.filter
def added(change: Range) -> str:
    """The batches of a day as the table prints them: +39, +about 40, +at least 5; blank where there is none."""
    if change.exact:
        return with_sign(change.value)
    return f"+{in_words(change)}" if change.known else ""


def label_of(rung: Rung) -> str:
    """A step as the chart prints it: what its totals say, else its batches with a plus."""
    if rung.figure.known:
        return in_short(rung.figure)
    return f"+{in_short(rung.change)}" if rung.change.known else _("not published")


def in_short(figure: Range) -> str:
    """A known range in the room that a chart has: 86, ≥ 701, ≤ 50, 42–43, about 400."""
    low, high = figure.low, figure.high
    if says_nothing(figure):
        return _("not known")
    if high is None:
        return f"≥ {number(low or 0)}"
    if low is None or (low == 0 and high):
        return f"≤ {number(high)}"
    if low != high:
        return f"{number(low)}–{number(high)}"
    return qualified(high, "about" if figure.approximate else "exact")


@register.filter
def faults(rung: Rung) -> list[str]:
    """What is wrong with a step, in words."""
    return [sentence for sentence in (disagreement(rung), gap(rung)) if sentence]


@register.filter
def notes(rung: Rung) -> list[str]:
    """What is missing from a step, in words."""
    return [sentence for sentence in (jump(rung), not_computable(rung), idle(rung)) if sentence]


def disagreement(rung: Rung) -> str:
    if not rung.disputed:
        return ""
    told = {(total.value, total.qualifier) for total in rung.step.totals if total.value is not None}
    numbers = [qualified(value or 0, qualifier) for value, qualifier in sorted(told)]
    return _("sources disagree: %(numbers)s") % {"numbers": _(" or ").join(numbers)}


def gap(rung: Rung) -> str:
    if not rung.step.gap:
        return ""
    told = {name: number(getattr(rung.step, name) or 0) for name in ("reported", "computed")}
    sentence = _("reported %(reported)s, computed %(computed)s: difference %(gap)s")
    return sentence % {**told, "gap": signed(rung.step.gap)}


def jump(rung: Rung) -> str:
    """A total that stands higher or lower though nobody published a batch."""
    step = rung.step.step
    if not (step and rung.before) or rung.batches:
        return ""
    told = {"number": number(abs(step)), "day": day_of_step(rung.before.step)}
    if rung.before.undated:
        more = _("%(number)s more than in the total before; no batch published between")
        fewer = _("%(number)s fewer than in the total before; no batch published between")
    else:
        more = _("%(number)s more than on %(day)s; no batch published between")
        fewer = _("%(number)s fewer than on %(day)s; no batch published between")
    return (more if step > 0 else fewer) % told


def not_computable(rung: Rung) -> str:
    """Why a total is not compared with the one before."""
    if not (rung.before and rung.stands and rung.step.step is None):
        return ""
    if rung.disputed or rung.before.disputed:
        return _("change not computable while sources disagree")
    if rung.figure.high is None or rung.before.figure.high is None:
        return _("change not computable: one of the two totals is only “at least”")
    return _("change not computable: one of the two totals is not exact")


def idle(rung: Rung) -> str:
    """A step that moves nothing: without a total, or with one that says no more than was known."""
    if rung.stands:
        return ""
    if rung.figure.known:
        return _("says no more than the figures before")
    return "" if rung.step.totals else _("a batch; no total published that day")


@register.filter
def standing(total: Total) -> str:
    """Whether a published total was adopted, or how far it is from what was."""
    if total.adopted:
        return _("adopted")
    return _("differs by %(number)s") % {"number": signed(total.differs_by)} if total.differs_by else ""


# ---- parts


@register.simple_tag
def sum_of_parts(parts: PartsSum) -> str:
    """How the parts add up: "742 in missions + 116 of 37 states = 858: adds up"."""
    told = {"sum": in_words(parts.total), "terms": " + ".join(map(term_in_words, parts.terms))}
    several = len(parts.terms) > 1
    if says_nothing(parts.total):
        known = any(addend.figure.known for addend in parts.addends)
        if known:
            return _("the sum of the parts is not known")
        return _("no part has a number on record by that day") if parts.on else _("no part has a number on record")
    if parts.added_up:
        return (_("%(terms)s = %(sum)s (computed)") if several else _("%(sum)s (computed)")) % told
    if says_nothing(parts.value):
        return _("parts sum to %(sum)s; no total on record") % told
    if parts.gap == 0:
        return (_("%(terms)s = %(sum)s: adds up") if several else _("parts sum to %(sum)s: adds up")) % told
    return beside_the_total(parts)


def beside_the_total(parts: PartsSum) -> str:
    """What lies between the sum of the parts and the total."""
    total, value = parts.total, parts.value
    whole = _("groups sum to %(value)s") if parts.derived else _("reported %(value)s")
    told = {"sum": in_words(total), "whole": whole % {"value": in_words(value)}}
    if parts.gap is not None and parts.gap > 0:
        sentence = _("parts sum to %(sum)s, %(whole)s: %(number)s in none of the parts")
        return sentence % {**told, "number": number(parts.gap)}
    if parts.exceeds:
        excess = qualified((total.low or 0) - (value.high or 0), "exact" if parts.gap is not None else "at_least")
        sentence = _("parts sum to %(sum)s, %(whole)s: parts exceed the total by %(number)s")
        return sentence % {**told, "number": excess}
    if parts.without_number:
        sentence = ngettext(
            "parts sum to %(sum)s, %(whole)s; %(number)s part has no number on record",
            "parts sum to %(sum)s, %(whole)s; %(number)s parts have no number on record",
            parts.without_number,
        )
        return sentence % {**told, "number": number(parts.without_number)}
    return _("parts sum to %(sum)s, %(whole)s") % told


def term_in_words(term: Term) -> str:
    """A part of a sum, or those of one sort together: "742 in missions", "116 of 37 states"."""
    sentences = {
        "missions": _("%(number)s in missions"),
        "parties": _("%(number)s in parties of no mission"),
        "states": _("%(number)s of states"),
        "election_bodies": _("%(number)s of election bodies"),
    }
    told = {"number": in_words(term.figure)}
    if term.sort == "states" and term.of.value:
        sentence = ngettext("%(number)s of %(states)s state", "%(number)s of %(states)s states", term.of.value)
        return sentence % {**told, "states": number(term.of.value)}
    return sentences[term.sort] % told if term.sort in sentences else told["number"]


@register.simple_tag
def announced_and_deployed(announced: int, deployed: int) -> str:
    """How far what was deployed is from what was announced; the two are never added."""
    told = {"announced": number(announced), "deployed": number(deployed), "number": number(abs(announced - deployed))}
    sentence = _("%(announced)s announced, %(deployed)s deployed: difference %(number)s, no explanation published")
    return sentence % told


# ---- sources, and the address


@register.simple_tag(takes_context=True)
def cite(context: Any, source: Source | None) -> SafeString:
    """The marker of a source, such as [2], which leads to the list of sources at the end of the page and back."""
    place, _source = context["references"].get(source.code if source else "", (None, None))
    if source is None or place is None:
        return format_html('<span class="meta">{}</span>', _("no source"))
    label = _("Source %(number)s: %(title)s") % {"number": place, "title": source}
    first = "" if place in context["marked"] else format_html(' id="mark-{}"', place)
    context["marked"].add(place)
    return format_html('<a class="cite"{} href="#source-{}" aria-label="{}">[{}]</a>', first, place, label, place)


@register.simple_tag(takes_context=True)
def others_say(context: Any, field: str, *more_fields: str) -> SafeString:
    """What other sources say of a field, beside its value; fields that share its place are named."""
    alone, named = _("another source says %(value)s"), _("%(field)s: another source says %(value)s")
    told = [
        (sentence % {"field": capfirst(said["name"]), "value": said["value"]}, said["statement"])
        for name, sentence in [(field, alone), *((other, named) for other in more_fields)]
        for said in context["beside"].get(name, ())
    ]
    return format_html_join(
        "",
        '<span class="others">{} {}{}</span>',
        ((sentence, cite(context, statement.source), quoted(statement.excerpt)) for sentence, statement in told),
    )


def quoted(excerpt: str) -> SafeString | str:
    return format_html(" <q>{}</q>", excerpt) if excerpt else ""


@register.simple_tag(takes_context=True)
def page_query(context: Any, **changes: Any) -> str:
    """The query string of this list with some parameters changed; None takes one away."""
    query = context["query"].copy()
    for name in [name for name in query if not any(value.strip() for value in query.getlist(name))]:
        del query[name]
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}"
