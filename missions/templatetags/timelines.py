"""How the days of a deployment are drawn on the scale of its list, and said in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from missions.timeline import spans_of, stays_of, votes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.safestring import SafeString

    from missions.timeline import Scale, Vote

register = template.Library()

# The height of the dots, and of each line below them.
DOTS, LANE = 10, 6


@register.simple_tag
def when(party: Any, scale: Scale, voting_days: Mapping[int, list[Vote]] | None = None) -> SafeString:
    """A line for each stay and a dot for each vote, under a text that says the same."""
    stays, votes = stays_of(party), votes_of(party, voting_days)
    height = DOTS + LANE * len(stays)
    bars = format_html_join(
        "",
        '<line x1="{}%" x2="{}%" y1="{}" y2="{}"/>',
        (
            (scale.place(stay.first), scale.place(stay.last) + 0.5, DOTS + 3 + LANE * lane, DOTS + 3 + LANE * lane)
            for lane, stay in enumerate(stays)
        ),
    )
    dots = format_html_join(
        "", '<circle cx="{}%" cy="{}" r="4"/>', ((scale.place(vote.first), DOTS // 2) for vote in votes)
    )
    label = "; ".join(each.in_words for each in spans_of(party, voting_days))
    drawing = '<svg class="when" height="{}" role="img" aria-label="{}">{}{}</svg>'
    return format_html(drawing, height, label, bars, dots)


@register.filter
def days_in_words(party: Any, voting_days: Mapping[int, list[Vote]]) -> list[str]:
    return [each.in_words for each in spans_of(party, voting_days)]


@register.simple_tag
def axis(scale: Scale) -> SafeString:
    """Where the years or months of a scale begin; who does not see it reads its ends beside it."""
    ticks = format_html_join(
        "", '<line x1="{0}%" x2="{0}%" y1="14" y2="20"/><text x="{0}%" y="11">{1}</text>', scale.ticks()
    )
    return format_html('<svg class="axis" width="100%" height="20" aria-hidden="true">{}</svg>', ticks or mark_safe(""))
