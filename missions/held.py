"""All that the tracker holds of one person, wherever it stands: for that person's own answer, and to be erased."""

from __future__ import annotations

import json
import re
from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from lib.spreadsheets import SpreadsheetRefused, read_spreadsheet
from lib.text import fold, slug, words
from missions.models import Assignment, PeopleFile, Release, Statement
from missions.models.releases import ReleasedFiles
from observers.models import Merge, Observer, ObserverName
from organizations.changes import NAMES, SHARED, free_texts
from organizations.models import Change, ChangedRecord, PersonalValue, SavedView, SourceCopy
from organizations.models.changes import record_kinds
from organizations.models.copies import READABLE
from organizations.policy import PERSONAL_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from organizations.models import Record

# Shorter values stand in too much that is about others.
SHORTEST = 3


class Text(NamedTuple):
    """A free text in which the name stands."""

    record: Record
    column: str


class Held:
    """What is held of a person; each part is read when it is first asked for."""

    def __init__(self, person: Observer) -> None:
        self.person = person

    # The person's own records

    @cached_property
    def names(self) -> list[ObserverName]:
        return list(self.person.names.select_related("source").order_by("language", "code"))

    @cached_property
    def places(self) -> list[Assignment]:
        places = self.person.assignments.select_related(
            "mission__election", "mission__organizer", "deployment__election", "deployment__sender", "region"
        )
        return list(places.order_by("code"))

    @property
    def records(self) -> list[Record]:
        return [self.person, *self.names, *self.places]

    @cached_property
    def statements(self) -> list[Statement]:
        """What other sources say of the person, of the spellings and of the places."""
        subjects = [f"{record.resource()}/{record.code}" for record in self.records]
        return list(Statement.objects.filter(subject__in=subjects).select_related("source").order_by("code"))

    @cached_property
    def merges(self) -> list[Merge]:
        """The merges in which the person was one of the two, those included that were undone."""
        found = Merge.objects.filter(Q(kept=self.person) | Q(merged_code=self.person.code))
        return list(found.select_related("kept", "by", "undone_by").order_by("pk"))

    @cached_property
    def codes(self) -> list[str]:
        """The codes that stand for the person: the own one, and those merged into it."""
        return [self.person.code, *(merge.merged_code for merge in self.merges if merge.undone_at is None)]

    # The log of changes

    @cached_property
    def logged(self) -> list[PersonalValue]:
        """What the log keeps of what was said of the person before and after each change."""
        values = PersonalValue.objects.filter(observer__in=self.codes)
        return list(values.select_related("record__change__by").order_by("pk"))

    def logged_with_others(self) -> Any:
        """Values in the log that are thought to be of somebody else and may yet be the person's.

        Of records that are the person's now and were another's once; and what merging with another wrote, and undoing
        it, which may be of either. And texts about other things in which the name stands.
        """
        found = Q(pk__in=[value.pk for value in self.logged_texts])
        for model, records in ((ObserverName, self.names), (Assignment, self.places), (Statement, self.statements)):
            codes = [record.code for record in records]
            found |= Q(record__resource=model.resource(), record__code__in=codes)
        for merge in [merge for merge in self.merges if merge.undone_at]:
            found |= Q(
                observer__in=[merge.kept.code, merge.merged_code],
                record__change__door=Change.Door.MERGE,
                record__change__at__in=[merge.at, merge.undone_at],
            )
        return PersonalValue.objects.filter(found).exclude(observer__in=self.codes)

    @cached_property
    def logged_texts(self) -> list[PersonalValue]:
        """Free texts about other things in the log, notes about others too, in which the name stood before or after."""
        names = [fold(family) for family in self.family_names()]
        # A longer name may have an ending.
        wanted = [f" {name} " if len(name) <= SHORTEST else f" {name}" for name in names if name]
        rows = PersonalValue.objects.filter(Q(observer="") | Q(column="internal_note")).exclude(observer__in=self.codes)
        return [
            value
            for value in rows.select_related("record").order_by("pk").iterator()
            if any(name in text for text in folded(value) for name in wanted)
        ]

    # What is found by the name

    @cached_property
    def full_names(self) -> list[tuple[str, str]]:
        """Family name and given names, in every spelling that is kept, those of merged records included."""
        merged = [merge.snapshot["person"]["removed"]["fields"] for merge in self.merges if merge.snapshot]
        named: list[Observer | ObserverName] = [self.person, *self.names]
        own = [(record.family_name, record.given_names) for record in named]
        return list(dict.fromkeys([*own, *((was["family_name"], was["given_names"]) for was in merged)]))

    @cached_property
    def values(self) -> set[str]:
        """Every value that tells of this person and hardly of others; so no given name by itself."""
        told = {
            str(getattr(record, column))
            for record in self.records
            for column in PERSONAL_FIELDS[record.dataset_file]
            if column not in SHARED | set(NAMES)
        }
        told |= {f"{given} {family}".strip() for family, given in self.full_names}
        told |= {family for family, _given in self.full_names}
        told |= {text for statement in self.statements for text in (statement.value, statement.excerpt)}
        told |= {
            str(value)
            for logged in self.logged
            for value in (logged.before, logged.after)
            if value and logged.column not in SHARED | {"given_names"}
        }
        told |= {text for merge in self.merges for text in texts_of_snapshot(merge.snapshot)}
        return {value for value in told if len(value) >= SHORTEST}

    def sessions(self) -> list[Session]:
        """The sessions of users in which any of the values stands, for example in a message not shown yet."""
        wanted = {value.casefold() for value in self.values}
        found = []
        for session in Session.objects.order_by("pk").iterator():
            text = "\n".join(texts_in(session.get_decoded())).casefold()
            if any(value in text for value in wanted):
                found.append(session)
        return found

    def people_files(self) -> list[PeopleFile]:
        """The spreadsheets that wait, or whose refused rows do, in which the person may stand."""
        files = PeopleFile.objects.select_related("user").order_by("sent_at", "pk")
        return [file for file in files.iterator(chunk_size=1) if self.stands_in(file)]

    def stands_in(self, file: PeopleFile) -> bool:
        """Whether a row, or the file's name, holds the name or a contact. A file that cannot be read may hold it."""
        try:
            rows = [row.cells for row in read_spreadsheet(file.name, bytes(file.content)).rows]
        except SpreadsheetRefused:
            return True
        names = [(set(words(family)), words(given)) for family, given in self.full_names]
        contacts = {value.casefold() for value in self.contacts()}
        return any(row_tells(row, names, contacts) for row in [*rows, (file.name,)])

    def contacts(self) -> Iterator[str]:
        yield from filter(None, [self.person.email, self.person.phone])
        yield from (place.accreditation_number for place in self.places if place.accreditation_number)

    def texts(self) -> list[Text]:
        """Free texts about other things in which the name may stand: nothing but a reader can take it out there."""
        own = {(type(record), record.pk) for record in [*self.records, *self.statements]}
        wanted = self.family_names()
        return [
            Text(record, column)
            for model in record_kinds().values()
            for column in free_texts(model)
            for record in rows_with(model, column, wanted)
            if (model, record.pk) not in own
        ]

    def copies(self) -> list[SourceCopy]:
        """Copies of sources in which a family name stands, in what no reader sees of a page as well."""
        begins_a_word = names_in(self.family_names())
        copies = SourceCopy.objects.filter(media_type__in=READABLE).select_related("source").order_by("source", "pk")
        return [
            copy
            for copy in copies.iterator(chunk_size=1)
            if any(begins_a_word.search(text) for text in (unescape(copy.written()), copy.text()))
        ]

    def saved_views(self) -> list[SavedView]:
        """The saved lists whose name, or what is searched for in them, holds a family name."""
        names = self.family_names()
        begins_a_word = names_in(names)
        # An address keeps the first name of a list, in the letters of addresses.
        in_address = names_in([slug(name) for name in names if slug(name) != slug("")])
        return [
            view
            for view in SavedView.objects.select_related("user").order_by("pk")
            if in_address.search(view.slug)
            or any(begins_a_word.search(text) for text in (view.name, *texts_of_query(view.query)))
        ]

    def releases(self) -> list[Release]:
        """Releases of the record in whose free texts a family name begins a word."""
        begins_a_word = names_in(self.family_names())
        releases = Release.objects.with_file().order_by("number")
        return [
            release
            for release in releases.iterator(chunk_size=1)
            if any(begins_a_word.search(text) for text in texts_of_release(release))
        ]

    def copies_to_look_at(self) -> list[SourceCopy]:
        """Copies that cannot be read here, of the sources that name the person."""
        named: list[ObserverName | Statement] = [*self.names, *self.statements]
        sources = {row.source_id for row in named}
        sources |= {source.pk for place in self.places for source in place.sources.all()}
        unread = SourceCopy.objects.filter(source__in=sources).exclude(media_type__in=READABLE)
        return list(unread.defer("content").select_related("source").order_by("source", "pk"))

    def acts_with_the_name(self) -> int:
        """How many entries of the log hold the name where nothing can be erased: in a code, or of an account."""
        rows = ChangedRecord.objects.annotate(text=Cast("fields", models.TextField()))
        found = Q(pk__in=[])
        for name in self.family_names():
            for form in forms_of(name):
                # Databases write letters beyond ASCII in two ways.
                found |= Q(text__icontains=form) | Q(text__icontains=json.dumps(form)[1:-1])
        return rows.filter(found).count()

    def family_names(self) -> list[str]:
        return list(dict.fromkeys(family for family, _given in self.full_names if family))


def row_tells(cells: Iterable[str], names: list[tuple[set[str], list[str]]], contacts: set[str]) -> bool:
    """Whether the words of a row hold a family name with a given name or its initial, or a cell is a contact."""
    texts = [cell.strip() for cell in cells]
    if any(text.casefold() in contacts for text in texts):
        return True
    found = set(words(" ".join(texts)))
    return any(
        family and family <= found and (not given or any(one in found or one[0] in found for one in given))
        for family, given in names
    )


def texts_of_snapshot(snapshot: dict[str, Any]) -> Iterator[str]:
    """What a merge keeps of persons' own columns."""
    removed = [
        united["removed"] for united in [*([snapshot["person"]] if snapshot else []), *snapshot.get("united", [])]
    ]
    for row in [*removed, *snapshot.get("added", [])]:
        personal = PERSONAL_FIELDS.get(record_of_label(row["model"]).dataset_file, {})
        yield from (str(row["fields"][column]) for column in personal if column not in SHARED | set(NAMES))


def record_of_label(label: str) -> type[Record]:
    return next(model for model in record_kinds().values() if model._meta.label_lower == label)


def texts_in(value: Any) -> Iterator[str]:
    """Every text within a session, as a reader would see it: messages are JSON within it, and HTML within that."""
    if isinstance(value, dict):
        yield from (text for item in value.items() for text in texts_in(list(item)))
    elif isinstance(value, list | tuple):
        yield from (text for item in value for text in texts_in(item))
    elif isinstance(value, str):
        yield unescape(value)
        if value.startswith(("[", "{")):
            try:
                yield from texts_in(json.loads(value))
            except ValueError:
                return


def texts_of_release(release: Release) -> Iterator[str]:
    """The free texts in the file of a release."""
    files = ReleasedFiles(bytes(release.content or b""))
    for model in record_kinds().values():
        columns = free_texts(model)
        yield from (row.get(column, "") for row in files.table(f"{model.dataset_file}.csv") for column in columns)


def texts_of_query(query: str) -> list[str]:
    """The values of a query string as people wrote them."""
    return [value for _name, value in parse_qsl(query)]


def folded(value: PersonalValue) -> list[str]:
    """What a value in the log said before and after, each word between spaces."""
    return [f" {fold(text)} " for text in (value.before, value.after) if text]


def forms_of(name: str) -> set[str]:
    """The name as it may be written: SQLite knows capitals of Latin letters only."""
    return {name, name.lower(), name.upper(), name.title()}


def rows_with(model: type[Record], column: str, names: list[str]) -> list[Any]:
    """The records of a kind in whose column one of the names begins a word; a short name is the whole word."""
    found = Q(pk__in=[])
    for name in names:
        for form in forms_of(name):
            found |= Q(**{f"{column}__icontains": form})
    begins_a_word = names_in(names)
    rows = model._default_manager.filter(found).order_by("code") if names else []
    return [row for row in rows if begins_a_word.search(getattr(row, column))]


def names_in(names: Iterable[str]) -> re.Pattern[str]:
    """Finds where one of the names begins a word; a short name is the whole word. No name is found nowhere."""
    endings = [re.escape(name) + (r"(?!\w)" if len(name) <= SHORTEST else "") for name in names]
    return re.compile(rf"(?<!\w)({'|'.join(endings)})" if endings else r"(?!)", re.IGNORECASE)
