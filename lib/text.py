"""Text made comparable: the one form in which names are searched, and the form used in codes."""

from __future__ import annotations

import re
import unicodedata

# й, ё, ї and ў have lost their marks before they are looked up here. Kazakh letters become their Russian neighbours.
_CYRILLIC = (
    "а:a б:b в:v г:g д:d е:e ж:zh з:z и:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:kh ц:ts ч:ch ш:sh щ:shch "
    "ъ: ы:y ь: э:e ю:yu я:ya ә:a ғ:g қ:k ң:n ө:o ұ:u ү:u һ:kh і:i ҳ:kh ҷ:zh ґ:g є:e ј:j љ:l њ:n ђ:dj ћ:c џ:dzh"
)
# Latin letters that Unicode does not take apart into a plain letter and a mark.
_LATIN = "ł:l ø:o đ:d ð:d ħ:h ı:i ŋ:n ŧ:t ə:a æ:ae œ:oe þ:th"
_APOSTROPHES = dict.fromkeys("'’‘‛ʼʻʹʺˈ`′″", "")
_TO_LATIN = str.maketrans(dict(pair.split(":") for pair in f"{_CYRILLIC} {_LATIN}".split()) | _APOSTROPHES)

_NOT_ALPHANUMERIC = re.compile("[^a-z0-9]")

_SAME_SOUND = str.maketrans({"q": "k", "w": "v", "y": "i", "x": "ks"})
_LONGEST_SHOWN = 60


def fold(text: str) -> str:
    """The searchable form of `text`: what one person types is found in what another wrote.

    Case, accents, apostrophes, soft and hard signs disappear; punctuation becomes one space;
    Cyrillic is written in Latin letters, Kazakh letters as their Russian neighbours; and spellings
    of one sound are made one: kh, h, q and k; j, zh and dzh; y, i and ii; w and v; x and ks. So
    казах, Қазақ and Kazakh are all "kazak". Other scripts are kept. `fold(fold(x)) == fold(x)`.
    """
    folded = _latin(text).translate(_SAME_SOUND).replace("ph", "f")
    # After these consonants an h is spelling only: Afghan, Bhutan, Thai, Kazakh.
    folded = re.sub("(?<=[bdfgjklmnprtv])h", "", folded)
    folded = re.sub("(?<!d)d*zh|(?<!d)d+j", "j", folded)
    folded = re.sub("(?<![sc])h", "k", folded)
    return re.sub("i+", "i", folded)


def words(text: str) -> list[str]:
    """The folded words of `text`, in their order; an empty list where there is no letter or digit."""
    return fold(text).split()


def slug(text: str) -> str:
    """`text` in lower-case ASCII letters, digits and single hyphens, for codes and file names.

    Cyrillic is written in Latin letters as in `fold`, but sounds are not merged, so that the code
    stays readable: Ақ Жайық gives "ak-zhaiyk". Never empty: "x" where nothing is left.
    """
    return re.sub("[^a-z0-9]+", "-", _latin(text)).strip("-") or "x"


def shown(text: str) -> str:
    """`text` as an error message may quote it: printable characters only, and not too many."""
    printable = "".join(character if character.isprintable() else "�" for character in text)
    return printable if len(printable) <= _LONGEST_SHOWN else printable[:_LONGEST_SHOWN] + "…"


def _latin(text: str) -> str:
    """`text` in lower case without accents, Cyrillic as Latin, one space between words."""
    # Most text, and every code, has nothing to take apart; this is twenty times faster.
    if text.isascii():
        return " ".join(_NOT_ALPHANUMERIC.sub(" ", text.lower().translate(_TO_LATIN)).split())
    # Normalizing would turn ´ into a space with a mark on it, and O´Brien into two words.
    text = unicodedata.normalize("NFKD", text.replace("´", "'"))
    # Lower case after taking apart, because ℡ becomes TEL; again apart, because ΐ is put together.
    text = unicodedata.normalize("NFKD", text.casefold())
    text = "".join(character for character in text if not "\u0300" <= character <= "\u036f")
    text = "".join(map(_letter_or_space, text.translate(_TO_LATIN)))
    return unicodedata.normalize("NFKC", " ".join(text.split()))


def _letter_or_space(character: str) -> str:
    # Marks are letters' parts in Hindi, Thai, Arabic; format characters stand inside words.
    if character.isalnum() or unicodedata.category(character).startswith("M"):
        return character
    return "" if unicodedata.category(character) == "Cf" else " "
