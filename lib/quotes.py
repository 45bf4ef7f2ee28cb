"""Quotes in documents: whether a phrase stands in a text, and the text of a page without its tags."""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from string import whitespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Stands for a new line until white space is folded: a line break in the file is a space on the page.
_NEW_LINE = "\x1e"
# How far apart the pieces of a quote may stand between which "…" leaves something out: about a paragraph.
GAP_AT_MOST = 1_000
_GAP = re.compile(r"[\[(]?(?:…|\.\.\.)[\])]?")
_QUOTES = "'\"‘’‚‛“”„‟«»‹›′″`´"
_DASHES = "-‐‑‒–—―−"
# Within one kind any sign stands for any other. Where one writes ``, '' or --, another writes one sign.
_FOLDED = re.compile(rf"\s+|[{_QUOTES}]+|[{_DASHES}]+")
_ANY = {"space": r"\s+", "quote": f"[{_QUOTES}]+", "dash": f"[{_DASHES}]+"}


def located(excerpt: str, text: str) -> tuple[int, int] | None:
    """Where the excerpt stands in the text, as its start and end; None where it does not.

    White space, quotation marks and dashes count by their kind alone; marks around the whole excerpt do not count.
    "…" stands for words that were left out.
    """
    quote = unicodedata.normalize("NFC", excerpt).strip(_QUOTES + whitespace)
    pieces = [piece for piece in map(str.strip, _GAP.split(quote)) if piece]
    found: list[tuple[int, int]] = []
    for number, piece in enumerate(pieces):
        spans = [match.span() for match in re.finditer(pattern_of(piece), text)]
        found = following(found, spans) if number else spans
    return found[0] if found else None


def pattern_of(piece: str) -> str:
    """A piece of a quote, with any sign of the same kind where a sign stands."""
    parts, at = [], 0
    for sign in _FOLDED.finditer(piece):
        kind = "space" if sign[0].isspace() else "quote" if sign[0][0] in _QUOTES else "dash"
        parts += [re.escape(piece[at : sign.start()]), _ANY[kind]]
        at = sign.end()
    return "".join([*parts, re.escape(piece[at:])])


def following(before: list[tuple[int, int]], spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Each of the spans that stands behind one of those before, joined with the nearest of these."""
    joined, nearest = [], 0
    for start, end in spans:
        while nearest + 1 < len(before) and before[nearest + 1][1] <= start:
            nearest += 1
        if before and 0 <= start - before[nearest][1] <= GAP_AT_MOST:
            joined.append((before[nearest][0], end))
    return joined


# What begins a new line of a page.
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "br", "caption", "dd", "div", "dl", "dt", "figcaption", "footer"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table"),
    *("td", "th", "title", "tr", "ul"),
}
_TAG = re.compile(r"<(/?)([a-z][a-z0-9:-]*)", re.IGNORECASE)
_NOT_READ = {
    "script": re.compile("</script", re.IGNORECASE),
    "style": re.compile("</style", re.IGNORECASE),
}


def text_of_page(page: str) -> str:
    """The words of an HTML page as a reader sees them, a line for each of its blocks."""
    lines = (" ".join(line.split()) for line in unescape("".join(_words(page))).split(_NEW_LINE))
    return plain("\n".join(line for line in lines if line))


def plain(text: str) -> str:
    """The text in the one form in which quotes are looked for: marks joined to their letters, hidden hyphens gone."""
    return unicodedata.normalize("NFC", text.replace("\u00ad", "").replace("\u200b", ""))


def _words(page: str) -> Iterator[str]:
    """The page without its tags, each block with a sign for a new line before and behind it.

    Not by the parser of Python: some of its releases take minutes for a hundred kilobytes of tags that never end.
    Here each sign is met once, and what never ends is not read.
    """
    page = page.replace(_NEW_LINE, " ")
    at, end = 0, len(page)
    while 0 <= at < end:
        start = page.find("<", at)
        yield page[at:start] if start >= 0 else page[at:]
        if start < 0:
            return
        tag = _TAG.match(page, start)
        if page.startswith("<!--", start):
            at = _behind("-->", page, start)
        elif tag is None and page[start + 1 : start + 2] not in {"!", "?", "/"}:
            # 3 < 4
            yield "<"
            at = start + 1
        else:
            at = _behind(">", page, start)
            name = tag[2].lower() if tag else ""
            yield _NEW_LINE if name in _BLOCKS else ""
            if tag and not tag[1] and name in _NOT_READ and at >= 0:
                closing = _NOT_READ[name].search(page, at)
                at = closing.start() if closing else end


def _behind(sign: str, page: str, at: int) -> int:
    """The place behind the next such sign; -1 where there is none."""
    found = page.find(sign, at)
    return found + len(sign) if found >= 0 else -1
