"""Names as lists print them: which word is the family name, and when two spellings are the same letter for letter."""

from __future__ import annotations

import re
import unicodedata

_LETTERS_OF = {"kk": "әғқңөұүһ", "uk": "їєґ", "be": "ў"}
# The first word of a letter's Unicode name, and a language that is written so.
_SCRIPTS = {
    "CYRILLIC": "ru",
    "LATIN": "en",
    "ARABIC": "ar",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "HEBREW": "he",
    "CJK": "zh",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "DEVANAGARI": "hi",
    "THAI": "th",
    "MONGOLIAN": "mn",
}


def split_name(text: str, *, family_first: bool) -> tuple[str, str]:
    """The family name and the given names of a full name.

    What stands before a comma is the family name; so are words in CAPITALS among others that are not. Else it is the
    first or the last word, with the small words before it (van, de). A single word is a family name.
    """
    before, comma, after = text.partition(",")
    if comma and before.strip() and after.strip():
        return before.strip(), after.strip()
    words = text.replace(",", " ").split()
    capitals = [is_in_capitals(word) for word in words]
    if any(capitals) and not all(capitals):
        count = capitals.index(False) if capitals[0] else capitals[::-1].index(False)
        if count and sum(capitals) == count:
            family = words[:count] if capitals[0] else words[-count:]
            given = words[count:] if capitals[0] else words[:-count]
            return " ".join(family), " ".join(given)
    return by_position(words, family_first=family_first)


def by_position(words: list[str], *, family_first: bool) -> tuple[str, str]:
    """The family name first or last, with the small words that lead it."""
    if len(words) < 2:
        return " ".join(words), ""
    if family_first:
        end = next((number for number, word in enumerate(words, start=1) if not word.islower()), 1)
        return " ".join(words[:end]), " ".join(words[end:])
    start = len(words) - 1
    while start > 1 and words[start - 1].islower():
        start -= 1
    return " ".join(words[start:]), " ".join(words[:start])


def is_in_capitals(word: str) -> bool:
    """Whether a word is set in capitals; initials are no such word."""
    return word.isupper() and sum(map(str.isalpha, word)) > 1 and "." not in word


def same_letters(family_name: str, given_names: str) -> str:
    """The form in which two names are equal if they differ in case and spaces alone."""
    whole = unicodedata.normalize("NFC", f"{family_name} {given_names}").casefold()
    return " ".join(whole.split())


def language_of_script(text: str) -> str:
    """The language that the letters of a name suggest: Kazakh, Ukrainian and Belarusian by letters of their own."""
    small = text.lower()
    for language, letters in _LETTERS_OF.items():
        if any(letter in small for letter in letters):
            return language
    for letter in filter(str.isalpha, text):
        script = re.split("[ -]", unicodedata.name(letter, ""))[0]
        if script in _SCRIPTS:
            return _SCRIPTS[script]
    return "en"
