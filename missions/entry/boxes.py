"""The boxes of a page of entry: each reads the words of a paper, and finds whom and which day they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lib.dates import DateOrSpanField, ForgivingDateField, format_span, lacks_only_the_year
from lib.text import shown
from missions.entry.finding import NAMED_AT_MOST, which_one
from missions.people.value_words import language_of
from observers.models import Observer

if TYPE_CHECKING:
    from missions.entry.finding import Finding
    from missions.entry.lines import Line
    from missions.models import Election
    from organizations.models import Organization


class WordsBox(forms.CharField):
    """A line of words that mean something in the record. `finding` is set by the form, which knows the reader."""

    finding: Finding

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        return self.meant(words) if words else None

    def meant(self, words: str) -> Any:
        """The words as they are printed; other kinds of box answer whom they mean."""
        return words


class OrganizationBox(WordsBox):
    def meant(self, words: str) -> Organization:
        return self.finding.organization(words)


class OrganizationsBox(WordsBox):
    """One organization, or several with a semicolon between."""

    def meant(self, words: str) -> list[Organization]:
        found = [self.finding.organization(each) for each in words.split(";") if each.strip()]
        return list(dict.fromkeys(found))


class SenderBox(WordsBox):
    """A state, or a body of one; its cleaned value is the code of the state and the body, if it is one."""

    def meant(self, words: str) -> tuple[str, Organization | None]:
        return self.finding.sender(words)


class SendersBox(WordsBox):
    """One sender, or several with a semicolon between."""

    def meant(self, words: str) -> list[tuple[str, Organization | None]]:
        found = [self.finding.sender(each) for each in words.split(";") if each.strip()]
        return list(dict.fromkeys(found))


class SubjectBox(WordsBox):
    """Of whom a number speaks: an organizer for its mission, or “from” and a sender for the party.

    The cleaned value is an Organization, or what a SenderBox gives.
    """

    def meant(self, words: str) -> Organization | tuple[str, Organization | None]:
        return self.finding.sender(words) if self.finding.is_sender(words) else self.finding.organization(words)


class ElectionBox(WordsBox):
    def meant(self, words: str) -> Election:
        return self.finding.election(words)


class PersonBox(WordsBox):
    """A person of the roster in any script, or a new one as “Family name, Given names”.

    Somebody whose name is spelt just like the words is meant by them; who is only alike is asked back, and told to be
    another by a comma.
    """

    def meant(self, words: str) -> Observer:
        finding = self.finding
        family_name, comma, given_names = (part.strip() for part in words.partition(","))
        by_code = Observer.objects.assignable_by(finding.reader).filter(code=words.strip().lower()).first()
        alike = [by_code] if by_code else finding.persons_alike(words.replace(",", " "))
        same = [person for person in alike if finding.is_spelt(person, words)] or ([] if comma else alike)
        if len(same) == 1 or by_code:
            return same[0] if same else alike[0]
        if same:
            raise ValidationError(which_one(words, [f"{one} ({one.code})" for one in same[: NAMED_AT_MOST + 1]]))
        if not (comma and family_name):
            raise ValidationError(
                _("Nobody on the roster is called so. Somebody new: write the family name, a comma, the given names.")
            )
        return Observer(family_name=family_name, given_names=given_names)


class LanguageBox(forms.CharField):
    """A language by its code, or by its name in its own words or in a language of the site; its value is the code."""

    def to_python(self, value: Any) -> Any:
        words = super().to_python(value) or ""
        return language_of(words) or words


class OfPaper:
    """A day that papers write without its year, which is then that of their own day. `line` is set by the form."""

    line: Line

    def clean(self, value: Any) -> Any:
        read: Any = super().clean  # type: ignore[misc]  # of a field
        if not (isinstance(value, str) and lacks_only_the_year(value)):
            return read(value)
        years = self.line.years_of_papers()
        text = shown(value.strip())
        if len(years) > 1:
            sentence = _("“%(text)s” has no year, and the papers of this line are not all of one year: add it here.")
            raise ValidationError(sentence % {"text": text})
        [year] = years
        if year is None:
            sentence = _("“%(text)s” has no year: add it here, or the day of the paper above.")
            raise ValidationError(sentence % {"text": text})
        day = read(f"{value} {year}")
        told = {"text": text, "day": format_span(None, getattr(day, "last", day))}
        self.line.dated.append(_("“%(text)s”: read as %(day)s, the year of the paper.") % told)
        return day


class DayBox(OfPaper, ForgivingDateField):
    """One day."""


class AsOfBox(OfPaper, DateOrSpanField):
    """A day, a month or a year."""
