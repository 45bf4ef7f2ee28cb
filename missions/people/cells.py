"""The cells of a row read as values, each refused with one sentence where it cannot be."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from lib.dates import ForgivingDateField
from lib.spreadsheets import CHARACTERS_IN_A_CELL, UNREADABLE, is_unreadable
from lib.text import fold, shown
from missions.people import value_words
from missions.people.fields import Field
from organizations.countries import country_name
from organizations.models import Region

if TYPE_CHECKING:
    from collections.abc import Callable

    from missions.models import Election

# What spreadsheet programs write into cells that they could not compute, and into CSV files.
_ERRORS = re.compile(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)")
# A refusal names no more regions than these.
REGIONS_NAMED = 20


class CellReader:
    """Reads cells for a mission to an election: equal cells are read once."""

    def __init__(self, election: Election) -> None:
        self.election = election
        self.regions = list(Region.objects.filter(country=election.country))
        self.known: dict[tuple[str, str], Any] = {}
        self.readers: dict[str, Callable[[str], Any]] = {
            Field.NATIONALITY: nationality,
            Field.GENDER: gender,
            Field.EMAIL: email,
            Field.LANGUAGES: languages,
            Field.ROLE: role,
            Field.STATUS: status,
            Field.STARTS_ON: ForgivingDateField().to_python,
            Field.ENDS_ON: ForgivingDateField().to_python,
            Field.REGION: self.region,
        }

    def read(self, field: str, cell: str) -> Any:
        """The value of a cell; None where it is blank. Raises ValidationError."""
        if is_unreadable(cell) or _ERRORS.fullmatch(cell) or cell.startswith("="):
            sentence = _("“%(cell)s” is a formula without a value, or an error: write the value itself.")
            raise ValidationError(sentence % {"cell": shown(cell.replace(UNREADABLE, ""))})
        if len(cell) > CHARACTERS_IN_A_CELL:
            sentence = _("The text is longer than %(count)s characters: shorten it.")
            raise ValidationError(sentence % {"count": f"{CHARACTERS_IN_A_CELL:,}"})
        text = tidy(cell, keep_lines=field == Field.INTERNAL_NOTE)
        if not text:
            return None
        reader = self.readers.get(field)
        if reader is None:
            return text
        if (field, text) not in self.known:
            try:
                self.known[field, text] = reader(text)
            except ValidationError as error:
                self.known[field, text] = error
        value = self.known[field, text]
        if isinstance(value, ValidationError):
            raise value
        return value

    def region(self, text: str) -> Region:
        """A region of the host country by its ISO code or its name; of several the one that existed on election day."""
        found = [region for region in self.regions if text.upper() in {region.iso, region.code.upper()}]
        found = found or self.regions_named(text)
        standing = [region for region in found if region.existed_on(self.election.election_day)] or found
        names = {"text": shown(text), "country": country_name(str(self.election.country))}
        if not found:
            raise ValidationError(self.no_region() % names)
        if len(standing) > 1:
            codes = ", ".join(sorted(region.code for region in standing))
            sentence = _("“%(text)s” may be several regions of %(country)s: write one of %(codes)s.")
            raise ValidationError(sentence % {**names, "codes": codes})
        region: Region = standing[0]
        return region

    def regions_named(self, text: str) -> list[Region]:
        """The regions that a name may mean: of a city and a region of one name those that the text says it is."""
        name, kind = value_words.region_name(text)
        codes = value_words.regions_called(name)
        found = []
        for region in self.regions:
            its_name, its_kind = value_words.region_name(region.name)
            if its_name == name or region.code in codes:
                found.append((region, its_kind))
        # "Almaty" is recorded without a word for what it is, beside "Almaty oblysy", which has one.
        of_kind = [region for region, its_kind in found if its_kind == kind]
        of_no_kind = [region for region, its_kind in found if not its_kind]
        return (kind and (of_kind or of_no_kind)) or [region for region, _kind in found]

    def no_region(self) -> str:
        """The sentence that refuses an unknown region, with the names of those that could have been written."""
        day = self.election.election_day
        recorded = sorted({region.name for region in self.regions if region.existed_on(day)})
        if not recorded:
            return _("“%(text)s” is no recorded region of %(country)s: no region of it is recorded. Record it first.")
        names = ", ".join(recorded[:REGIONS_NAMED])
        if len(recorded) > REGIONS_NAMED:
            names = _("%(names)s and %(count)s more") % {"names": names, "count": len(recorded) - REGIONS_NAMED}
        sentence = _("“%(text)s” is no recorded region of %(country)s: write its ISO code or one of these names: ")
        return f"{sentence}{names.replace('%', '%%')}."


def tidy(cell: str, *, keep_lines: bool = False) -> str:
    """The text of a cell in one line with single spaces, letters put together. Raises ValidationError."""
    if not cell.isprintable() and any(unicodedata.category(each) in {"Cs", "Cn"} or each == "\0" for each in cell):
        raise ValidationError(_("The cell holds a character that cannot be stored: type the text anew."))
    text = unicodedata.normalize("NFC", cell)
    return text.strip() if keep_lines else " ".join(text.split())


def nationality(text: str) -> str:
    code = value_words.country_of(text)
    if code is None:
        sentence = _("“%(text)s” is no country that we know: write its name in English or Russian, or its two letters.")
        raise ValidationError(sentence % {"text": shown(text)})
    return code


def email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        sentence = _("“%(text)s” is no e-mail address: write one such as name@example.org.")
        raise ValidationError(sentence % {"text": shown(text)}) from None
    return text


def gender(text: str) -> str:
    return word_in(value_words.genders(), text)


def role(text: str) -> str:
    return word_in(value_words.roles(), text)


def status(text: str) -> str:
    return word_in(value_words.statuses(), text)


def word_in(known: dict[str, str], text: str) -> str:
    """The stored value that a word stands for."""
    value = known.get(fold(text))
    if value is None:
        sentence = _("“%(text)s” is not understood: write one of %(values)s.")
        raise ValidationError(sentence % {"text": shown(text), "values": ", ".join(dict.fromkeys(known.values()))})
    return value


def languages(text: str) -> str:
    """Languages as codes with `; ` between, each once."""
    codes = []
    for part in re.split(r"[,;/+]|\s(?:and|и|және)\s", text):
        if part.strip():
            code = value_words.language_of(part.strip())
            if code is None:
                sentence = _("“%(text)s” is no language that we know: write codes like en; ru; kk.")
                raise ValidationError(sentence % {"text": shown(part.strip())})
            codes.append(code)
    return "; ".join(dict.fromkeys(codes))
