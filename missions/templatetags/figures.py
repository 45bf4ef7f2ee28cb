"""How a count is printed, everywhere: the number with its qualifier, or one of the four blanks in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.dates import format_span
from missions.reconciliation import Range

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from missions.models import HeadCount
    from organizations.models import Source

register = template.Library()
CALLED_OFF = {"cancelled", "withdrawn"}


@register.filter
def in_words(figure: Range) -> str:
    """A known range as people say it: 46, about 400, at least 170, up to 50, 20 to 37; 0 is "none"."""
    if says_nothing(figure):
        return _("not known")
    low, high = (None if end is None else number_format(end, force_grouping=True) for end in (figure.low, figure.high))
    if high is None:
        return _("at least %(number)s") % {"number": low}
    if figure.low in {None, 0} and figure.high:
        return _("up to %(number)s") % {"number": high}
    if figure.low != figure.high:
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    if figure.high == 0:
        return _("none")
    return _("about %(number)s") % {"number": high} if figure.approximate else str(high)


@register.simple_tag
def reading(row: Any, kind: str) -> str:
    """A kind of count of a row of a list: "46 announced", or why there is no number.

    A sum that no source prints says so: "at least 57 announced (computed)".
    """
    figure = figure_of(row, kind)
    if says_nothing(figure) or (row.status in CALLED_OFF and figure.value == 0):
        sentences = {
            "announced": _("announced: %(blank)s"),
            "accredited": _("accredited: %(blank)s"),
            "deployed": _("deployed: %(blank)s"),
        }
        return sentences[kind] % {"blank": blank_of(row, kind)}
    sentences = {
        "announced": _("%(number)s announced"),
        "accredited": _("%(number)s accredited"),
        "deployed": _("%(number)s deployed"),
    }
    sentence = sentences[kind] % {"number": in_words(figure)}
    return _("%(sentence)s (computed)") % {"sentence": sentence} if getattr(row, f"{kind}_derived") else sentence


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
    if getattr(row, f"{kind}_not_published"):
        return _("not published")
    return _("not applicable") if row.status in CALLED_OFF else _("not checked yet")


@register.simple_tag
def share(figure: Range, row: Any) -> str:
    """A part of a party of which only the whole is published: "0 to 44 of 46"."""
    if figure.value is not None or figure.high is None:
        return in_words(figure)
    ends = {"low": number_format(figure.low or 0), "high": number_format(figure.high)}
    return _("%(low)s to %(high)s of %(whole)s") % {**ends, "whole": in_words(figure_of(row, "announced"))}


@register.filter
def published(count: HeadCount) -> str:
    """A head count as its source prints it: exactly 46 is 46, more than 170 stays more than 170."""
    if count.value is None:
        return _("not published")
    number = number_format(count.value, force_grouping=True)
    exact = count.qualifier == count.Qualifier.EXACT
    return str(number) if exact else f"{count.get_qualifier_display()} {number}"


@register.filter
def dated(count: HeadCount) -> str:
    """The day of a head count; of an undated one the days between which it lies."""
    return format_span(count.as_of_from or count.as_of, count.as_of)


@register.simple_tag(takes_context=True)
def cite(context: Any, source: Source | None) -> SafeString:
    """The marker of a source, such as [2], which leads to the list of sources at the end of the page."""
    number, _source = context["references"].get(source.code if source else "", (None, None))
    if source is None or number is None:
        return format_html('<span class="meta">{}</span>', _("no source"))
    label = _("Source %(number)s: %(title)s") % {"number": number, "title": source}
    return format_html('<a class="cite" href="#source-{}" aria-label="{}">[{}]</a>', number, label, number)


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
