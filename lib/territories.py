"""The names of countries in languages that the library of countries does not speak, such as Kazakh: from the CLDR."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from unicodedata import normalize

from babel import Locale
from django.utils.functional import lazy
from django.utils.translation import get_language, override
from django_countries.base import CountriesBase
from django_countries.data import COUNTRIES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WRITTEN_IN = "en"

# Each Cyrillic letter at its place among those of Kazakh, which hold the Russian ones; others where Unicode has them.
_ALPHABET = {letter: place for place, letter in enumerate("аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя")}


def alphabetical(name: str) -> list[int]:
    """The order of names in the reader's alphabet, accents aside: Ә behind А, and Å beside A."""
    return [
        _ALPHABET[letter] + ord("а") if letter in _ALPHABET else ord(normalize("NFD", letter)[0])
        for letter in name.casefold()
    ]


def country_names() -> dict[str, StrOrPromise]:
    """Each country by its code, with its name in the reader's language, whichever that is when it is printed."""
    return {code: _name(code) for code in COUNTRIES}


def _in_readers_language(code: str) -> str:
    return _in_language(code, get_language() or WRITTEN_IN)


_name = lazy(_in_readers_language, str)


@cache
def _in_language(code: str, language: str) -> str:
    """As people say it, else as the state calls itself; what no catalogue translates, as the CLDR has it."""
    names = [CountriesBase.COMMON_NAMES.get(code, COUNTRIES[code]), COUNTRIES[code]]
    with override(WRITTEN_IN):
        in_english = [str(name) for name in names]
    with override(language):
        told = [str(name) for name in names]
    translated = [name for name in told if name not in in_english]
    if language == WRITTEN_IN or translated:
        return [*translated, *in_english][0]
    return str(Locale.parse(language, sep="-").territories.get(code, in_english[0]))
