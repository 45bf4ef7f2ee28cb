"""Countries by their ISO 3166-1 codes (XK allowed), with names in the languages of the site."""

from __future__ import annotations

import re
from functools import cache

from django.conf import settings
from django.utils import translation
from django_countries import countries

from lib.territories import alphabetical
from lib.text import fold


def country_name(code: str) -> str:
    """The country's name in the reader's language; blank stays blank, an unknown code stands for itself."""
    return str(countries.name(code)) or str(code)


@cache
def _codes() -> frozenset[str]:
    return frozenset(country.code for country in countries)


def is_country(code: str) -> bool:
    """Whether this is the code of a country, in capital letters."""
    return code in _codes()


def country_choices() -> list[tuple[str, str]]:
    """All countries, by name in the reader's language."""
    named = [(country.code, str(country.name)) for country in countries]
    return sorted(named, key=lambda choice: alphabetical(choice[1]))


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


# What papers call states beside their names in the languages of the site.
ALSO_CALLED = {
    "US": "USA; US; U.S.; United States; США",
    "GB": "UK; U.K.; Great Britain; Britain; United Kingdom; Великобритания",
    "CZ": "Czech Republic",
    "SK": "Slovak Republic",
    "TR": "Turkey",
    "RU": "Russian Federation; Russia",
    "KG": "Kyrgyz Republic; Kirghizia; Киргизия",
    "BY": "Belorussia; Белоруссия",
    "MD": "Moldavia; Молдавия",
    "TM": "Туркмения",
    "KR": "Republic of Korea; South Korea; Южная Корея",
    "CI": "Ivory Coast",
    "CD": "DRC; DR Congo; Democratic Republic of the Congo",
    "SZ": "Swaziland",
    "CV": "Cape Verde",
    "MM": "Burma",
    "IR": "Iran; Islamic Republic of Iran",
    "SY": "Syria",
    "VN": "Vietnam; Viet Nam",
    "LA": "Laos",
    "TZ": "Tanzania",
    "VE": "Venezuela",
    "BO": "Bolivia",
}
_OF_THE_STATE = re.compile(r"^(the\s+)?(republic of\s+)?(the\s+)?", re.IGNORECASE)


def country_called(words: str) -> str:
    """The code of the country with this code or name, in any language of the site; blank where none is called so.

    Also by what papers write instead: the USA, the Czech Republic, Republic of Moldova.
    """
    names = _countries_by_name()
    for wanted in (fold(words), fold(_OF_THE_STATE.sub("", words.strip()))):
        if wanted in names:
            return names[wanted]
    return ""


@cache
def _countries_by_name() -> dict[str, str]:
    found = {fold(name): code for code, names in ALSO_CALLED.items() for name in names.split(";")}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {fold(each): code for code, name in countries for each in (code, str(name))}
    return found
