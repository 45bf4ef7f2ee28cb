"""Names in the text of a page: each in its own language, where that is not the page's."""

from __future__ import annotations

from typing import Any

from babel import Locale
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from lib.spoken import Spoken

register = template.Library()


@register.filter
def language_name(code: str) -> str:
    """What a language is called in the reader's: Kazakh for kk; one that the CLDR does not know keeps its code."""
    reader = Locale.parse(get_language() or "en", sep="-")
    return str(reader.languages.get(code.replace("-", "_"), code))


@register.filter
def spoken(name: Any) -> str:
    """A name, a text that holds names, or what a record is called, with the languages of the names.

    For what is read on the page; in attributes and titles a name stands bare.
    """
    text = str(name)
    if not isinstance(text, Spoken):
        return text
    own = get_language()
    return format_html_join(
        "",
        "{}",
        (
            (piece if language in {"", own} else format_html('<span lang="{}">{}</span>', language, piece),)
            for piece, language in text.pieces
        ),
    )
