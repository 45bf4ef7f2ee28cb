"""Texts that know which of their pieces are in a language of their own, so that a page in another one can say it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable


class Spoken(str):
    """A text like any other, of pieces each with the language that it is written in; blank: whatever the page's is."""

    __slots__ = ("pieces",)

    pieces: tuple[tuple[str, str], ...]

    def __new__(cls, *pieces: tuple[str, str]) -> Self:
        text = super().__new__(cls, "".join(piece for piece, _language in pieces))
        text.pieces = pieces
        return text

    def __str__(self) -> str:
        """Itself: whatever makes sure that it holds a text keeps the languages."""
        return self

    def __getnewargs__(self) -> tuple[tuple[str, str], ...]:  # type: ignore[override]  # made of pieces, not of a text
        return self.pieces


def together(*parts: str) -> Spoken:
    """The parts as one text, in which each keeps its language."""
    pieces = [piece for part in parts for piece in (part.pieces if isinstance(part, Spoken) else [(part, "")])]
    return Spoken(*pieces)


def joined(separator: str, parts: Iterable[str]) -> Spoken:
    """The parts with a separator between them, each in its language."""
    return together(*[each for part in parts for each in (separator, part)][1:])


def filled(sentence: str, **parts: str) -> Spoken:
    """A sentence with its places, such as %(name)s, filled by parts that keep their languages."""
    words = re.split(r"%\(([a-z]+)\)s", sentence)
    return together(*(parts[word] if number % 2 else word for number, word in enumerate(words)))
