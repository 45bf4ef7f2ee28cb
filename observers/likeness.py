"""Names that may be of one person, in whatever script and spelling: suggestions, which a person confirms.

Words are compared by their sounds. Consonants must agree; a vowel or two may differ as they do between transcriptions
(Timur, Temur; Bolat, Bulat), which leaves Marat and Murat, or Karimov and Kasimov, apart. The ending -a tells a man
from a woman: Ivanov is not Ivanova. The order of the words says nothing, and a word may be missing on one side.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from lib.text import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

K = TypeVar("K")

# One spelling for each sound of a folded word, in this order.
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in [
        # Sons and daughters: Нұрланұлы, Nurlan uly and Нурланович are one patronymic.
        ("(?<=...)(ovich|evich|uli|uulu|ogli|oglu)$", "0"),
        ("(?<=...)(ovna|evna|ivna|kizi)$", "1"),
        ("(?<=[oe])f+$", "v"),
        ("tsch|tch|cz", "ch"),
        ("shch|sch|sz", "sh"),
        ("c(?!h)", "k"),
        # Герасимов is Gerasymov in Russian and Herasymov in Ukrainian; fold has written h as k.
        ("g", "k"),
        ("tj", "j"),
        ("j(?![aeiou])", "i"),
        ("n(?=[bp])", "m"),
        ("ie", "e"),
        ("(?<=.)iu|ui", "u"),
        # ё is е in most papers, yo in others.
        ("(?<=.)io(?=.)", "e"),
        ("ei$", "i"),
        (r"(.)\1+", r"\1"),
    ]
]
_SON_OR_DAUGHTER = {"uli", "uulu", "ogli", "oglu", "kizi"}
# After these consonants fold takes an h for spelling only; before a vowel it sounds: Serhiy, Yevhen, Ilham.
_SOUNDED_H = re.compile("(?<=[lmnrvw])h(?=[aeiouy])", re.IGNORECASE)
_PARTS = re.compile(r"[^\s.,;/()-]+\.?")
_LONGEST_INITIAL = 3  # Дж.
_WORDS_AT_MOST = 10  # more are not a name, and comparing them all would take long

_CONSONANT = re.compile("[^aeiou]")
# Vowels that stand for each other between transcriptions, in words of five sounds and in longer ones.
_NEAR = {"ei", "ie", "ou", "uo"}
_NEAR_IN_LONGER = {*_NEAR, "ae", "ea", "ao", "oa"}
_NEAR_AT_THE_START = {"ao", "oa"}
_DIFFERENCES_AT_MOST = 2
_INITIAL = 9  # more than any differences, so that words written out find each other first


class _Word(NamedTuple):
    """The sounds of a word, or of its first letter only. `vowels` are those before, between and after `consonants`."""

    sounds: str
    consonants: str
    vowels: tuple[str, ...]
    is_initial: bool


def likeness(one: str, other: str) -> float:
    """How alike two full names are, from 0 (names of two persons) to 1 (spellings of one name).

    Every word of the shorter name must be found in the longer one, at least one of them written out; an initial is
    found where a word begins with it. One name of a single word is like no name of several.
    """
    return _likeness(_parsed(one), _parsed(other))


class Roster(Generic[K]):
    """Persons under all their spellings, made ready to find those who may be meant by a name."""

    def __init__(self, names: Mapping[K, Iterable[str]]) -> None:
        self._persons = list(names)
        self._spellings: dict[tuple[str, ...], list[tuple[int, tuple[_Word, ...]]]] = defaultdict(list)
        for place, spellings in enumerate(names.values()):
            for parsed in {_parsed(spelling) for spelling in spellings}:
                for key in _keys(parsed):
                    self._spellings[key].append((place, parsed))

    def look_alikes(self, name: str) -> list[K]:
        """The persons whose names are like `name`, the likest first, then in the order of the roster."""
        parsed = _parsed(name)
        found: dict[int, float] = {}
        met = {each for key in _keys(parsed) for each in self._spellings.get(key, [])}
        for place, spelling in met:
            found[place] = max(found.get(place, 0), _likeness(parsed, spelling))
        likest = sorted((-alike, place) for place, alike in found.items() if alike)
        return [self._persons[place] for _, place in likest]


def _parsed(name: str) -> tuple[_Word, ...]:
    """The words of a name, in an order that does not depend on how it was written."""
    found: list[tuple[str, bool]] = []
    for part in _PARTS.findall(_SOUNDED_H.sub("k", name)):
        for folded in words(part):
            if found and folded in _SON_OR_DAUGHTER:
                found[-1] = (found[-1][0] + folded, False)
            else:
                is_initial = len(part) == 1 or (part.endswith(".") and len(part) <= _LONGEST_INITIAL)
                found.append((folded, is_initial))
    if len(found) > _WORDS_AT_MOST:
        return ()
    return tuple(sorted(_word(folded, is_initial=is_initial) for folded, is_initial in found))


def _keys(parsed: tuple[_Word, ...]) -> set[tuple[str, ...]]:
    """What two names that are alike have in common: a word written out, and the first sound of another one.

    First vowels may be a and o for each other. Names of one word have that word alone.
    """
    if len(parsed) == 1:
        return {(word.consonants,) for word in parsed if not word.is_initial}
    return {
        (word.consonants, other.sounds[:1].replace("o", "a"))
        for place, word in enumerate(parsed)
        if not word.is_initial
        for other in (*parsed[:place], *parsed[place + 1 :])
    }


@lru_cache(maxsize=20_000)
def _word(folded: str, *, is_initial: bool) -> _Word:
    sounds = folded
    for pattern, sound in _SOUNDS:
        sounds = pattern.sub(sound, sounds)
    consonants = "".join(_CONSONANT.findall(sounds))
    vowels = tuple(_CONSONANT.split(sounds))
    return _Word(sounds, consonants, vowels, is_initial)


def _likeness(one: tuple[_Word, ...], other: tuple[_Word, ...]) -> float:
    shorter, longer = sorted((one, other), key=lambda parsed: (len(parsed), parsed))
    if not shorter or (len(shorter) == 1 and len(longer) > 1):
        return 0
    pairs = sorted(
        (differences, first, second)
        for first, word in enumerate(shorter)
        for second, like in enumerate(longer)
        if (differences := _differences(word, like)) is not None
    )
    met: dict[int, int] = {}
    differ = initials = 0
    for differences, first, second in pairs:
        if first not in met and second not in met.values():
            met[first] = second
            if differences == _INITIAL:
                initials += 1
            else:
                differ += differences
    if len(met) < len(shorter) or initials == len(shorter) or differ > _DIFFERENCES_AT_MOST:
        return 0
    return 1 - 0.1 * differ - 0.1 * (len(longer) - len(shorter)) / len(longer) - 0.5 * initials / len(shorter)


def _differences(one: _Word, other: _Word) -> int | None:
    """In how many vowels two words differ; `_INITIAL` if one is an initial that fits; None if they are not alike."""
    if one.is_initial or other.is_initial:
        fits = one.sounds.startswith(other.sounds) or other.sounds.startswith(one.sounds)
        return _INITIAL if fits else None
    if one.sounds == other.sounds:
        return 0
    longest = max(len(one.sounds), len(other.sounds))
    if one.consonants != other.consonants or longest < 5 or one.sounds.endswith("a") != other.sounds.endswith("a"):
        return None
    gaps = list(zip(one.vowels, other.vowels, strict=True))
    if gaps[0][0] != gaps[0][1] and "".join(gaps[0]) not in _NEAR_AT_THE_START:
        return None
    differences = sum(_apart(*gap, is_long=longest > 5) for gap in gaps)
    return differences if differences <= (2 if longest > 7 else 1) else None


def _apart(one: str, other: str, *, is_long: bool) -> int:
    """How far apart the vowels between two consonants are: 0 the same, 1 nearly, more than a name may differ by."""
    if one == other:
        return 0
    if one + other in (_NEAR_IN_LONGER if is_long else _NEAR):
        return 1
    # One vowel more: Abdrakhmanov, Abdirakhmanov.
    is_one_more = is_long and abs(len(one) - len(other)) == 1 and (one in other or other in one)
    return 1 if is_one_more else _DIFFERENCES_AT_MOST + 1
