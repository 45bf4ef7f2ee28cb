"""Countries by their ISO 3166-1 codes (XK allowed), with names in the languages of the site."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils import translation
from django_countries import countries

from lib.text import fold


def country_name(code: str) -> str:
    """The country's name in the reader's language; blank stays blank, an unknown code stands for itself."""
    return str(countries.name(code)) or str(code)


def country_choices() -> list[tuple[str, str]]:
    """All countries, by name in the reader's language."""
    return [(country.code, country.name) for country in countries]


@cache
def folded_country_names() -> dict[str, str]:
    """The folded names of each country in every language of the site, with its code."""
    folded: dict[str, list[str]] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for code, name in countries:
                folded.setdefault(code, [fold(code)]).append(fold(str(name)))
    return {code: " ".join(names) for code, names in folded.items()}


def countries_with(word: str) -> list[str]:
    """The codes of the countries one of whose names holds the folded word."""
    return [code for code, names in folded_country_names().items() if word in names]


def country_called(words: str) -> str:
    """The code of the country with this code or name, in any language of the site; blank where none is called so."""
    wanted = fold(words)
    for code, names in _countries_by_name().items():
        if wanted and wanted in names:
            return code
    return ""


@cache
def _countries_by_name() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for code, name in countries:
                found.setdefault(code, {fold(code)}).add(fold(str(name)))
    return found
