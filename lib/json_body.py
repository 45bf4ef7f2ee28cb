"""JSON that clients send, read strictly: what a database or a program would choke on is refused with its place."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.settings import api_settings

from lib.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import IO

MOST_BYTES = 1_000_000
DEEPEST = 20


class BodyTooLarge(APIException):
    status_code = 413

    def __init__(self) -> None:
        super().__init__(_("A body may hold 1,000,000 bytes: send the rows in several requests."))


class StrictJSONParser(BaseParser):
    """Reads a body of at most a million bytes of UTF-8 JSON, in which nothing is nested deeper than 20.

    Refused as well: NaN and Infinity, which are no JSON; a name that stands twice in an object, of which one value
    would be dropped; characters that databases do not hold (NUL, halves of surrogate pairs). Raises ValidationError
    (400) and BodyTooLarge (413).
    """

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise BodyTooLarge
        try:
            # Some editors put a mark before UTF-8, which nobody sees.
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            refuse(_("The body is not UTF-8: send it as it is, not compressed, and in no other encoding."))
        if is_deeper_than(DEEPEST, text):
            refuse(_("The body is nested deeper than 20."))
        try:
            body = json.loads(text, parse_constant=no_number, object_pairs_hook=each_name_once)
        except json.JSONDecodeError as error:
            place = {"line": error.lineno, "column": error.colno}
            refuse(_("This is no JSON: look at line %(line)s, column %(column)s.") % place)
        except ValueError:
            # A number of thousands of digits.
            refuse(_("The body holds a number that is too large."))
        if (unfit := next(unfit_places(body, []), None)) is not None:
            sentence = _("This holds a character that cannot be stored: NUL, or half of a surrogate pair.")
            raise ValidationError(at(unfit, sentence))
        return body


WHOLE = api_settings.NON_FIELD_ERRORS_KEY
UNFIT = re.compile("[\0\ud800-\udfff]")


def refuse(sentence: str) -> NoReturn:
    raise ValidationError({WHOLE: [sentence]})


def is_deeper_than(most: int, text: str) -> bool:
    """Whether brackets outside of texts are nested deeper. Told before reading, which would go as deep as the text."""
    depth = 0
    in_text = is_escaped = False
    for character in text:
        if in_text:
            if is_escaped:
                is_escaped = False
            elif character == "\\":
                is_escaped = True
            elif character == '"':
                in_text = False
        elif character == '"':
            in_text = True
        elif character in "[{":
            depth += 1
            if depth > most:
                return True
        elif character in "]}":
            depth -= 1
    return False


def no_number(name: str) -> NoReturn:
    refuse(_("“%(name)s” is no number of JSON.") % {"name": name})


def each_name_once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            refuse(_("“%(name)s” stands twice in one object.") % {"name": shown(name)})
        found[name] = value
    return found


def unfit_places(value: Any, place: list[str]) -> Iterator[list[str]]:
    """Where texts hold characters that databases do not hold; of an unfit name the place of its object."""
    if isinstance(value, str):
        if UNFIT.search(value):
            yield place
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from unfit_places(name, place)
            yield from unfit_places(inner, [*place, name])
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from unfit_places(inner, [*place, str(number)])


def at(place: list[str], sentence: str) -> Any:
    """The sentence as what is wrong there."""
    found: Any = [sentence]
    for name in reversed(place):
        found = {name: found}
    return found if place else {WHOLE: found}
