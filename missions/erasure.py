"""Erasing a person: one asks, another one confirms; then nothing tells of the person, and all figures stay.

The person's record, its code and its places stay, without what tells who it was: so whoever was counted still is. What
goes, what stays and why: docs/erasure.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils.translation import gettext as _

from lib.one_writer import wait_for_other_writers
from missions.held import Held
from missions.models import Assignment, PeopleFile, Release, Statement
from missions.readings import mark_changed
from observers.models import ERASED_NAME, Erasure, Merge, Observer, ObserverName
from organizations.changes import RecordChange, Watched, log_change
from organizations.models import Change, ChangedRecord, PersonalValue, SavedView, Source, SourceCopy
from organizations.policy import PERSONAL_FIELDS, is_data_protection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from organizations.models import Record, User
    from organizations.policy import Reader

# From which tables erasing takes values away.
TABLES = (
    Observer,
    ObserverName,
    Assignment,
    Statement,
    Merge,
    PersonalValue,
    PeopleFile,
    Release,
    SavedView,
    Session,
    SourceCopy,
)


class ErasureRefused(Exception):
    """Nothing was changed. `sentence` says why, for a person to read."""

    def __init__(self, sentence: str) -> None:
        super().__init__("An erasure was refused.")
        self.sentence = sentence


# Who may


def may_ask(by: Reader, person: Observer) -> bool:
    """Whoever keeps the person, and data protection."""
    return is_data_protection(by) or Observer.objects.changeable_by(by).filter(pk=person.pk).exists()


def why_not_asked(person: Observer, by: Reader) -> str:
    """Why this user cannot ask that the person is erased; blank where it can be asked."""
    if not may_ask(by, person):
        return _("Only who keeps a person, and data protection, ask that the person is erased.")
    if person.is_erased:
        return _("This person is erased already.")
    if person.erasures.exists():
        return _("It was asked already that this person is erased.")
    return ""


def why_not_confirmed(erasure: Erasure, by: Reader) -> str:
    """Why this user cannot confirm the erasure; blank where it can be confirmed."""
    if not is_data_protection(by):
        return _("Only data protection confirms that a person is erased.")
    if erasure.confirmed_at:
        return _("This person is erased already.")
    if erasure.asked_by_id == by.pk:
        return _("Somebody else has to confirm what you have asked for.")
    return ""


def why_not_withdrawn(erasure: Erasure, by: Reader) -> str:
    """Why this user cannot withdraw the request; blank where it can be withdrawn."""
    if erasure.confirmed_at:
        return _("This person is erased already.")
    # Who asked, and does not keep the person any more, has no say in it either.
    if is_data_protection(by) or (erasure.asked_by_id == by.pk and may_ask(by, erasure.observer)):
        return ""
    return _("Only who asked for it, and data protection, withdraw it.")


# The acts


@transaction.atomic
def ask_erasure(*, observer: Observer, by: User, reason: str, now: datetime) -> Erasure:
    """Notes that somebody asks for it. Raises ErasureRefused, with nothing changed."""
    wait_for_other_writers()
    person = Observer.objects.select_for_update(of=("self",)).get(pk=observer.pk)
    if refusal := why_not_asked(person, by):
        raise ErasureRefused(refusal)
    erasure = Erasure.objects.create(observer=person, asked_by=by, asked_at=now, reason=reason)
    log_request(person, by=by, now=now, before=None, after="asked")
    return erasure


@transaction.atomic
def withdraw_erasure(*, erasure: Erasure, by: User, now: datetime) -> None:
    """Takes an open request back. Raises ErasureRefused, with nothing changed."""
    wait_for_other_writers()
    stored = locked(erasure)
    if refusal := why_not_withdrawn(stored, by):
        raise ErasureRefused(refusal)
    stored.delete()
    log_request(stored.observer, by=by, now=now, before="asked", after=None)


@transaction.atomic
def erase_person(*, erasure: Erasure, by: User, now: datetime) -> None:
    """Confirms the request and takes away all that tells who the person is. Raises ErasureRefused, nothing changed.

    After the commit, `overwrite_what_was_erased` takes it out of the database's files as well.
    """
    wait_for_other_writers()
    stored = locked(erasure)
    if refusal := why_not_confirmed(stored, by):
        raise ErasureRefused(refusal)
    person = Observer.objects.select_for_update(of=("self",)).get(pk=stored.observer_id)
    held = Held(person)
    # Found by what is taken away below, and so before it.
    sessions, files, copies, views = held.sessions(), held.people_files(), held.copies(), held.saved_views()
    releases = held.releases()
    watched = Watched()
    watched.look_at(Source, [copy.source_id for copy in copies])
    erased = {
        ObserverName: [name.code for name in held.names],
        Assignment: [place.code for place in held.places],
        Statement: [statement.code for statement in held.statements],
    }
    SourceCopy.objects.filter(pk__in=[copy.pk for copy in copies]).delete()
    Session.objects.filter(pk__in=[session.pk for session in sessions]).delete()
    PeopleFile.objects.filter(pk__in=[file.pk for file in files]).delete()
    SavedView.objects.filter(pk__in=[view.pk for view in views]).delete()
    Release.objects.filter(pk__in=[release.pk for release in releases]).withdraw(now=now)
    held.logged_with_others().delete()
    PersonalValue.objects.filter(observer__in=held.codes).delete()
    Statement.objects.filter(pk__in=[statement.pk for statement in held.statements]).delete()
    Merge.objects.filter(kept=person).update(snapshot={})
    person.names.all().delete()
    places = Assignment.objects.filter(observer=person)
    places.update(**blank("assignments"), modified_at=now)
    row = Observer.objects.filter(pk=person.pk)
    row.update(**blank("observers") | {"family_name": ERASED_NAME}, modified_at=now)
    row.rebuild_search_text()
    mark_changed(places, now=now)
    stored.confirmed_by, stored.confirmed_at = by, now
    stored.save()
    log(person, ChangedRecord.Action.ERASED, by=by, now=now, besides=watched.changes(), erased=erased)


def locked(erasure: Erasure) -> Erasure:
    """The request as stored now, for this transaction alone: of two who confirm it at once, one finds it done."""
    rows = Erasure.objects.select_for_update(of=("self",)).select_related("observer__owner")
    stored: Erasure | None = rows.filter(pk=erasure.pk).first()
    if stored is None:
        raise ErasureRefused(_("This request was withdrawn already."))
    return stored


def blank(dataset_file: str) -> dict[str, str]:
    """Each personal field of a kind of record, saying nothing."""
    return dict.fromkeys(PERSONAL_FIELDS[dataset_file], "")


def log_request(person: Observer, *, by: User, now: datetime, before: str | None, after: str | None) -> None:
    log(person, ChangedRecord.Action.CHANGED, by=by, now=now, before={"erasure": before}, after={"erasure": after})


def log(
    person: Observer,
    action: str,
    *,
    by: User,
    now: datetime,
    besides: Iterable[RecordChange] = (),
    erased: Mapping[type[Record], Iterable[str]] | None = None,
    **said: dict[str, str | None],
) -> None:
    """Never what the person's own columns say or said."""
    keeper = person.owner.code if person.owner else ""
    record = RecordChange(person.resource(), person.code, keeper, action, **said)
    log_change(by=by, door=Change.Door.ERASURE, at=now, records=[record, *besides], erased=erased)


# The database's files


def overwrite_what_was_erased() -> str:
    """Takes what was erased out of the database's files. Answers what is left to do, in a sentence; blank: nothing.

    To be called after the commit. SQLite overwrites what is deleted (`secure_delete`), but the pages as they were
    stand in the write-ahead log until all of it is in the file and it is cut off.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Waits for readers as long as any writer waits.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            is_busy = cursor.fetchone()[0]
            return still_read() if is_busy else ""
        for model in TABLES:
            cursor.execute(f"VACUUM {connection.ops.quote_name(model._meta.db_table)}")
    return ""


def still_read() -> str:
    return _(
        "The person is erased. But something is still reading the database, so that old values stand in its file "
        "db.sqlite3-wal: end what reads for long, an export or a backup, and then restart the tracker."
    )
