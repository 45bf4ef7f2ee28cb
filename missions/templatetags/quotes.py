"""Whether the quotes on a page stand in the copy of their source."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from lib.quotes import located

register = template.Library()


@register.simple_tag
def in_copy(quote: str, text: str) -> str:
    """A mark in words; nothing where there is no text to compare with."""
    if not (quote and text):
        return ""
    words = _("found in the copy") if located(quote, text) else _("not found in the copy")
    return format_html(' <small class="in-copy">({})</small>', words)
