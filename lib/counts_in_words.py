"""A number of people as a press release writes it: “more than 700”, “не менее 46”, “400-ге жуық”."""

from __future__ import annotations

import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from lib.number_words import NUMBER_IN_WORDS, number_of
from lib.text import shown

# What stands before a number, and what behind it, by how exact it makes the number.
_BEFORE = {
    "exact": "exactly | a total of | total of | ровно | дәл",
    "more_than": "more than | over | above | in excess of | > | более | больше | более чем | больше чем | свыше",
    "at_least": "at least | no fewer than | not fewer than | no less than | not less than | minimum | a minimum of "
    "| ≥ | >= | не менее | не менее чем | не меньше | как минимум | минимум | по меньшей мере | по крайней мере "
    "| кемінде | ең кемі",
    "about": "about | around | some | approximately | approx | roughly | almost | nearly | close to | circa | c | ca "
    "| ~ | ≈ | около | порядка | примерно | приблизительно | почти | ориентировочно | шамамен",
    "at_most": "up to | at most | no more than | not more than | maximum | a maximum of | ≤ | <= "
    "| до | не более | не более чем | не больше | максимум | ең көбі",
}
_BEHIND = {
    "more_than": "астам | артық | көп",
    "at_least": "+ | or more | and more | и более | или более | и больше | кем емес",
    "about": "or so | жуық | дай | дей | тай | тей",
    "at_most": "or fewer | or less | at most | дейін | көп емес | артық емес | аспайды | аспайтын",
}
# What a source that was searched in vain is said to give in place of a number.
_NOT_PUBLISHED = {"not published", "не опубликовано", "жарияланбаған"}
# Who was counted, in words that leave open of which group they are.
_PEOPLE = (
    "observers? officials? people persons? representatives? delegates? deputies experts? members? parliamentarians? "
    "mps? monitors? international foreign "
    "наблюдател[а-я]* человека? представител[а-я]* делегат[а-я]* депутат[а-я]* эксперт[а-я]* сотрудник[а-я]* "
    "чиновник[а-я]* международн[а-я]* иностранн[а-я]* "
    "байқаушы[а-яәғқңөұүһі]* адам[а-яәғқңөұүһі]* өкіл[а-яәғқңөұүһі]* депутат[а-яәғқңөұүһі]* сарапшы[а-яәғқңөұүһі]* "
    "халықаралық шетелдік"
)
_LONGEST = 100
_SPACES = "[ \u00a0\u2009\u202f]"
_DIGITS = rf"[0-9]{{1,3}}(?:(?P<mark>,|{_SPACES})[0-9]{{3}})(?:(?P=mark)[0-9]{{3}})*(?![0-9])|[0-9]+"
_NUMBER = re.compile(f"(?P<digits>{_DIGITS})|{NUMBER_IN_WORDS}", re.IGNORECASE)
# Kazakh joins an ending to the digits: 700-ден астам, 400-ге жуық, 46-дай.
_ENDING = re.compile(
    "^[-\u2010\u2011]?(?:(?:[дтн][ае]н|[ғгқк][ае])(?= (?:астам|артық|көп|кем|жуық|дейін|аспай))|(?=[дт][ае]й(?: |$)))"
)
_SOME_PEOPLE = re.compile(rf"(?:^| )(?:{'|'.join(_PEOPLE.split())})(?= |$)")


def _by_words(table: dict[str, str]) -> dict[str, str]:
    return {words.strip(): qualifier for qualifier, all_words in table.items() for words in all_words.split("|")}


_QUALIFIER_BEFORE = _by_words(_BEFORE) | {"": ""}
_QUALIFIER_BEHIND = _by_words(_BEHIND) | {"": ""}


class CountInWords(NamedTuple):
    """A number and how exact it is; `qualifier` is blank where the words do not say it.

    The number is None only where the words say that none was published.
    """

    qualifier: str
    number: int | None


def read_count(text: str) -> CountInWords:
    """Read “more than 700”, “forty-six officials”, “700+”, “1,204”, “свыше 170”, “700-ден астам”, “not published”.

    Whatever is not understood to the last word is refused: a second number, two dozen, states, “another 46”.
    Raises ValueError with one sentence, in the reader's language.
    """
    if len(text) > _LONGEST:
        raise ValueError(_("“%(text)s” is too long for a number of observers.") % {"text": shown(text)})
    if _plain(text) in _NOT_PUBLISHED:
        return CountInWords("not_published", None)
    found = list(_NUMBER.finditer(text))
    if not found:
        sentence = _("“%(text)s” holds no number: write it in digits, for example “more than 700”.")
        raise ValueError(sentence % {"text": shown(text)})
    if len(found) > 1:
        sentence = _("“%(text)s” holds more than one number: write one, for example “more than 700”.")
        raise ValueError(sentence % {"text": shown(text)})
    before = _QUALIFIER_BEFORE.get(_plain(text[: found[0].start()]))
    behind = _QUALIFIER_BEHIND.get(_SOME_PEOPLE.sub("", _plain(_ENDING.sub("", text[found[0].end() :]))).strip())
    if before is None or behind is None or (before and behind):
        sentence = _(
            "“%(text)s” is not understood: write the number alone, or for example “more than 700”, “about 400”, "
            "“up to 50”."
        )
        raise ValueError(sentence % {"text": shown(text)})
    said = found[0].group()
    return CountInWords(before or behind, int(re.sub("[^0-9]", "", said)) if found[0]["digits"] else number_of(said))


def _plain(words: str) -> str:
    """In small letters, one space between words, without the comma of “более, чем” and a full stop."""
    return " ".join(re.sub("[,.](?= |$)", " ", words.lower()).split())
