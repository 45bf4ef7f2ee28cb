"""Making a release of the public record: its file, and what changed since the release before it."""

from __future__ import annotations

import hashlib
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from lib.one_writer import wait_for_other_writers
from missions.dataset import FACTS, ExportRefused, write_zip
from missions.models import Release
from missions.models.releases import ReleasedFiles

if TYPE_CHECKING:
    from datetime import datetime

    Changes = dict[str, dict[str, Any]]


class ReleaseRefused(Exception):
    """No release was made; the message says why."""


def make_release(*, now: datetime) -> Release:
    """Stores the next release. Raises ReleaseRefused, with nothing stored.

    A release holds facts and no persons: a name that is withheld or erased tomorrow would live on in it.
    """
    if not settings.PUBLIC_ACCESS:
        raise ReleaseRefused("Nothing was released: PUBLIC_ACCESS is off, so the record is not public.")
    content = file_of_facts()
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        wait_for_other_writers()
        last = Release.objects.listed().first()
        if last is not None and last.sha256 == sha256:
            raise ReleaseRefused(same_as(last))
        before = Release.objects.with_file().order_by("-number").first()
        changes = difference(bytes(before.content or b""), content) if before else {}
        return Release.objects.create(
            number=last.number + 1 if last else 1,
            released_at=now,
            sha256=sha256,
            size=len(content),
            rows=rows_by_file(content),
            since=before.number if before else None,
            summary=summary_of(changes),
            changes=changes,
            content=content,
        )


def file_of_facts() -> bytes:
    """Not compressed: libraries compress differently, and whoever makes the file again is to get the same hash."""
    file = BytesIO()
    try:
        write_zip(file, FACTS, compression=zipfile.ZIP_STORED)
    except ExportRefused:
        raise ReleaseRefused("Nothing was released: the record holds no row that is public.") from None
    return file.getvalue()


def same_as(last: Release) -> str:
    if last.withdrawn_at is None:
        return f"Nothing was released: nothing has changed since release {last.number}."
    return (
        f"Nothing was released: nothing has changed since release {last.number}, which was withdrawn because the name "
        "of an erased person stands in its texts. Take it out of the record first."
    )


def rows_by_file(content: bytes) -> dict[str, int]:
    files = ReleasedFiles(content)
    return {name: sum(1 for _row in files.table(name)) for name in files.names}


def difference(before: bytes, after: bytes) -> Changes:
    """What changed between two releases, by file: codes added and removed, and of those changed the columns."""
    old, new = ReleasedFiles(before), ReleasedFiles(after)
    found = {name: changes_of(old, new, name) for name in sorted({*old.names, *new.names})}
    return {name: changes for name, changes in found.items() if any(changes.values())}


def changes_of(old: ReleasedFiles, new: ReleasedFiles, name: str) -> dict[str, Any]:
    before, after = ({row["code"]: row for row in files.table(name)} for files in (old, new))
    # A column that a release does not have yet is blank there.
    columns = {
        code: [column for column in {**row, **before[code]} if row.get(column, "") != before[code].get(column, "")]
        for code, row in after.items()
        if code in before
    }
    return {
        "added": [code for code in after if code not in before],
        "changed": {code: names for code, names in columns.items() if names},
        "removed": [code for code in before if code not in after],
    }


def summary_of(changes: Changes) -> str:
    """`elections.csv: 2 added, 1 changed; sources.csv: 3 added`; blank where there is nothing to compare with."""
    files = (
        f"{name}: {', '.join(f'{len(codes)} {what}' for what, codes in of_file.items() if codes)}"
        for name, of_file in changes.items()
    )
    return "; ".join(files)
