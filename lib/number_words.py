"""Numbers written in words: English ones below a million, Russian and Kazakh ones up to twenty."""

from __future__ import annotations

import re

_UNITS = "zero one two three four five six seven eight nine"
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ENGLISH = {word: number for number, word in enumerate(f"{_UNITS} {_TEENS}".split())}
_ENGLISH |= {word: 10 * number for number, word in enumerate(_TENS.split(), start=2)}
# From 1. Russian ones also as they stand behind “более” and “не менее”.
_RUSSIAN = (
    "один одна одного одной | два две двух | три трёх трех | четыре четырёх четырех | пять пяти | шесть шести "
    "| семь семи | восемь восьми | девять девяти | десять десяти | одиннадцать одиннадцати | двенадцать двенадцати "
    "| тринадцать тринадцати | четырнадцать четырнадцати | пятнадцать пятнадцати | шестнадцать шестнадцати "
    "| семнадцать семнадцати | восемнадцать восемнадцати | девятнадцать девятнадцати | двадцать двадцати"
)
_KAZAKH = (
    "бір | екі | үш | төрт | бес | алты | жеті | сегіз | тоғыз | он | он_бір | он_екі | он_үш | он_төрт | он_бес "
    "| он_алты | он_жеті | он_сегіз | он_тоғыз | жиырма"
)
_WHOLE = {
    word.replace("_", " "): number
    for language in (_RUSSIAN, _KAZAKH)
    for number, words in enumerate(language.split("|"), start=1)
    for word in words.split()
}

_UNIT = f"(?:{'|'.join(_UNITS.split()[1:])})"
_BELOW_100 = f"(?:(?:{'|'.join(_TENS.split())})(?:[ -]{_UNIT})?|{'|'.join(_TEENS.split())}|{_UNIT})"
_BELOW_1000 = f"(?:{_UNIT} hundred(?: (?:and )?{_BELOW_100})?|{_BELOW_100})"
_BELOW_MILLION = f"(?:{_BELOW_1000} thousand(?:,? (?:and )?{_BELOW_1000})?|{_BELOW_1000}|zero)"
NUMBER_IN_WORDS = rf"\b(?:{_BELOW_MILLION}|{'|'.join(sorted(_WHOLE, key=len, reverse=True))})\b"


def number_of(words: str) -> int:
    """The number that words found by NUMBER_IN_WORDS stand for."""
    words = words.lower()
    if words in _WHOLE:
        return _WHOLE[words]
    thousands, last = 0, 0
    for word in re.findall("[a-z]+", words):
        if word == "thousand":
            thousands, last = last * 1000, 0
        elif word == "hundred":
            last *= 100
        else:
            last += _ENGLISH.get(word, 0)
    return thousands + last
