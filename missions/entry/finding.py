"""Whom the words of a paper mean: an organization by any of its names, a state, an election, a person of the roster."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lib.text import fold, shown
from lib.text import words as words_of
from missions.models import Deployment, Election, Mission
from observers.likeness import Roster
from observers.models import Observer, ObserverName
from organizations.countries import country_called
from organizations.models import Organization, Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organizations.policy import Reader

# As many as a sentence can hold that asks which one is meant.
NAMED_AT_MOST = 5
# “Commonwealth of Independent States (CIS)”: a name, and the short one in brackets.
_WITH_SHORT_NAME = re.compile(r"(?P<name>[^()]+)\((?P<short>[^()]+)\)\s*")
_ARTICLE = re.compile(r"^the\s+", re.IGNORECASE)
_FROM = re.compile(r"^(from|из|от)\s+", re.IGNORECASE)


class Finding:
    """What one reader finds by words: nothing that the reader may not see is found, offered or asked back."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    # Organizations and states

    @cached_property
    def organizations(self) -> dict[int, Organization]:
        rows = Organization.objects.visible_to(self.reader).with_names(self.reader).order_by("code")
        return {organization.pk: organization for organization in rows}

    @cached_property
    def by_name(self) -> dict[str, list[Organization]]:
        """The organizations by their code and each of their names, of any time and in any script, folded."""
        found: dict[str, dict[int, Organization]] = {}
        for organization in self.organizations.values():
            for name in names_of(organization):
                found.setdefault(fold(name), {})[organization.pk] = organization
        return {name: list(rows.values()) for name, rows in found.items()}

    def organization(self, words: str) -> Organization:
        """The organization that is called so; raises ValidationError where none is, or several are."""
        found = self.organizations_called(words)
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(which_one(words, [f"{one} ({one.code})" for one in found]))
        sentence = _(
            "No organization in the record is called “%(words)s”. Write another of its names, or add it to the "
            "record first."
        )
        raise ValidationError(sentence % {"words": shown(words)})

    def organizations_called(self, words: str) -> list[Organization]:
        """Those with this code or name; “Commonwealth of Independent States (CIS)” is read as either of its names."""
        words = _ARTICLE.sub("", words.strip())
        found = self.by_name.get(fold(words), [])
        if not found and (both := _WITH_SHORT_NAME.fullmatch(words)):
            full, short = (self.by_name.get(fold(both[part]), []) for part in ("name", "short"))
            # Where both say something, they must say the same.
            found = [one for one in full if one in short] if full and short else full or short
        return found

    def sender(self, words: str) -> tuple[str, Organization | None]:
        """The sending state and body that the words mean: “Kazakhstan”, “KZ”, “CEC of Kazakhstan”.

        Raises ValidationError where they mean none, or several.
        """
        words = _FROM.sub("", words.strip())
        if country := country_called(words):
            return country, None
        found = self.organizations_called(words)
        if not found:
            sentence = _(
                "“%(words)s” is no state and no organization in the record. Write the state, or another name of the "
                "body, or add the body to the record first."
            )
            raise ValidationError(sentence % {"words": shown(words)})
        body = self.organization(words)
        return str(body.country), body

    def is_sender(self, words: str) -> bool:
        """Whether the words are those of a sender: “from Kazakhstan”, or a state alone."""
        return bool(_FROM.match(words.strip()) or country_called(words))

    # Elections

    def election(self, words: str) -> Election:
        """The election with this code, or the only one in which each of the words is found."""
        visible = Election.objects.visible_to(self.reader)
        by_code: list[Election] = list(visible.filter(code=words.strip().lower()))
        found = by_code or list(
            visible.search(words, self.reader).order_by("-election_day", "code")[: NAMED_AT_MOST + 1]
        )
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(which_one(words, [f"{one} ({one.code})" for one in found]))
        sentence = _("No election in the record is found by “%(words)s”: its country and year, or its code, find it.")
        if Election.may_be_added_by(self.reader):
            sentence = _(
                "No election in the record is found by “%(words)s”. For a new one empty this box, and fill country, "
                "kind and day."
            )
        raise ValidationError(sentence % {"words": shown(words)})

    def election_like(self, election: Election) -> Election | None:
        """The election of the record with the same country, kind and day."""
        same = {"country": election.country, "kind": election.kind, "election_day": election.election_day}
        return Election.objects.visible_to(self.reader).filter(**same).first()

    # Places of an election

    def missions_of(self, election: Election, organizer: Organization) -> list[Mission]:
        rows = Mission.objects.visible_to(self.reader).filter(election=election, organizer=organizer)
        return list(rows.select_related("election").order_by("code"))

    def party_of(self, election: Election, country: str, body: Organization | None) -> Deployment | None:
        """The whole party of this sender at the election."""
        rows = Deployment.objects.visible_to(self.reader).filter(election=election, sender=body, part_of=None)
        return rows.filter(sender_country=country).select_related("election").order_by("code").first()

    # Sources

    def source_at(self, address: str) -> Source | None:
        """The source with this address, archive address or code."""
        visible = Source.objects.visible_to(self.reader).order_by("pk")
        return (
            visible.filter(url=address).first()
            or visible.filter(archive_url=address).first()
            or visible.filter(code=address.lower()).first()
        )

    # Persons

    @cached_property
    def spellings(self) -> dict[int, list[str]]:
        """The persons whom the reader may give a place, with each spelling in sight."""
        own = Observer.objects.assignable_by(self.reader).order_by("family_name", "given_names", "code")
        found = {pk: [f"{family} {given}"] for pk, family, given in own.values_list("pk", "family_name", "given_names")}
        others = ObserverName.objects.visible_to(self.reader).order_by("pk")
        for pk, family, given in others.values_list("observer", "family_name", "given_names"):
            if pk in found:
                found[pk].append(f"{family} {given}")
        return found

    @cached_property
    def roster(self) -> Roster[int]:
        return Roster(self.spellings)

    def persons_alike(self, full_name: str) -> list[Observer]:
        """Who of the roster may be called so, in whatever script and order of words, the likeliest first."""
        found = self.roster.look_alikes(full_name)
        rows = Observer.objects.in_bulk(found)
        return [rows[pk] for pk in found]

    def is_spelt(self, person: Observer, full_name: str) -> bool:
        """Whether a spelling of the person has just these words, in whatever order, case and script."""
        wanted = sorted(words_of(full_name))
        return any(sorted(words_of(spelling)) == wanted for spelling in self.spellings[person.pk])


def names_of(organization: Organization) -> Iterable[str]:
    yield organization.code
    for row in organization.names.all():
        yield from filter(None, [row.name, row.short_name])


def which_one(words: str, labels: list[str]) -> str:
    """The sentence that asks which of several is meant."""
    some = "; ".join(labels[:NAMED_AT_MOST])
    if len(labels) > NAMED_AT_MOST:
        some = f"{some} …"
    sentence = _("“%(words)s” may be any of these: %(labels)s. Write more words of the name, or the code.")
    return sentence % {"words": shown(words), "labels": some}


def short_names(organizations: Iterable[Organization]) -> dict[str, str]:
    """For each organization a word that means it alone, with its full name: what boxes offer while one types."""
    rows = list(organizations)
    words = [organization.short_name_now() for organization in rows]
    return {
        (word if words.count(word) == 1 else organization.code): organization.current_name()
        for word, organization in zip(words, rows, strict=True)
    }
