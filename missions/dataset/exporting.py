"""Writing the record out, whole or what a reader may see of it: as a folder, or as a zip file of the same files.

Rows stand in the order of their codes and nothing tells of the day of the export: one record always gives the same
bytes. An export reads one moment of the database, some thousand rows at a time.
"""

from __future__ import annotations

import os
import re
import shutil
import uuid
import zipfile
from contextlib import contextmanager
from datetime import date
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Substr

from lib.ordering import ByCodePoint
from missions.dataset.format import RECORDS, SEPARATOR, file_columns, is_many, relation_names
from missions.dataset.package import PACKAGE_FILE, package_text
from missions.dataset.sight import PUBLIC, WHOLE
from missions.models import Deployment, Mission, Statement
from organizations.models import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from missions.dataset.sight import Sight
    from organizations.models import Record

    Watch = Callable[[Iterable[Any], str], Iterable[Any]]

# Of a hidden record to which a row points that is seen, these columns are seen: without them it could not be read in.
IDENTITY: dict[type[Record], tuple[str, ...]] = {
    Mission: ("code", "election", "organizer", "kind"),
    Deployment: ("code", "election", "sender_country", "sender"),
}
# On SQLite Django would begin as a writer, for whom all others wait.
BEGIN_READING = {
    "sqlite": "BEGIN DEFERRED",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}
ROWS_AT_A_TIME = 2000
# Python's own writer leaves a carriage return bare, at which readers end the line.
NEEDS_QUOTES = re.compile('[,"\r\n]')
FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
EVERY_FILE = frozenset({PACKAGE_FILE, *(f"{model.dataset_file}.csv" for model in RECORDS)})


class ExportRefused(Exception):
    """Nothing was written, or not all; the message says why."""


def export_dataset(folder: Path, *, public: bool, watch: Watch = lambda rows, name: rows) -> dict[str, int]:
    """Writes the record into the folder and answers the number of rows by file name.

    `public`: only what an anonymous visitor may see where access is public. The folder is new, empty, or holds nothing
    but an older export, which stays until all files of the new one are written. `watch` wraps the rows of each file,
    for a progress bar. Raises ExportRefused, and OSError where the disk refuses before the older export is touched.
    """
    folder = folder.resolve()
    refuse_unfit(folder)
    draft = new_draft(folder)
    lines = {}
    try:
        with one_moment():
            for name, content in dataset_files(PUBLIC if public else WHOLE, watch=watch):
                with (draft / name).open("wb") as file:
                    lines[name] = write(file, content)
        put_in_place(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return {name: count - 1 for name, count in lines.items() if name != PACKAGE_FILE}


def write_zip(file: IO[bytes], sight: Sight = PUBLIC, *, compression: int = zipfile.ZIP_DEFLATED) -> None:
    """Writes what is seen of the record as a zip file, whose bytes are the same for the same record.

    Raises ExportRefused where there is nothing to see.
    """
    with one_moment(), zipfile.ZipFile(file, "w") as archive:
        for name, content in dataset_files(sight):
            entry = zipfile.ZipInfo(name, FIRST_DAY_OF_ZIP)
            entry.compress_type = compression
            # Read by all, written by the owner, whatever the system on which it was made.
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            with archive.open(entry, "w") as inside:
                write(inside, content)


# The folder


def refuse_unfit(folder: Path) -> None:
    """Refuses a folder that cannot be made, and one with anything in it that an export would not have written."""
    if not folder.parent.is_dir():
        raise ExportRefused(f"Nothing was written: there is no folder {folder.parent}. Make it, or name another.")
    if folder.exists() and not folder.is_dir():
        raise ExportRefused(f"{folder} is no folder.")
    found = sorted(folder.iterdir()) if folder.exists() else []
    for path in found:
        is_left_over = path.is_dir() and path.name.startswith(draft_name(folder, ""))
        if not is_left_over and (path.name not in EVERY_FILE or not path.is_file()):
            raise ExportRefused(
                f"{folder} holds “{path.name}”, which is no file of a dataset. Name a folder that is new or empty."
            )


def draft_name(folder: Path, end: str) -> str:
    return f".{folder.name}-{end}"


def new_draft(folder: Path) -> Path:
    """A hidden folder for files that are not all written yet: beside the folder, or inside where that is closed off.

    A mount point is: what is kept on that disk, perhaps an encrypted one, is written to no other.
    """
    is_closed_off = folder.exists() and (folder.is_mount() or not os.access(folder.parent, os.W_OK))
    draft = (folder if is_closed_off else folder.parent) / draft_name(folder, uuid.uuid4().hex)
    draft.mkdir()
    return draft


def put_in_place(draft: Path, folder: Path) -> None:
    """Gives a new folder all its files at once, and one that is there its files one by one.

    That one stays itself, for shells that stand in it and for disks that are mounted there.
    """
    if not folder.exists():
        draft.rename(folder)
        return
    inside = folder / draft.name
    try:
        shutil.move(draft, inside)
        replace_files(inside, folder)
    finally:
        shutil.rmtree(inside, ignore_errors=True)


def replace_files(draft: Path, folder: Path) -> None:
    """The older description goes first and the new one comes last: without it no folder looks whole."""
    new = sorted(path.name for path in draft.iterdir() if path.name != PACKAGE_FILE)
    (folder / PACKAGE_FILE).unlink(missing_ok=True)
    try:
        for name in sorted(EVERY_FILE - {PACKAGE_FILE, *new}):
            (folder / name).unlink(missing_ok=True)
        for name in [*new, PACKAGE_FILE]:
            (draft / name).replace(folder / name)
    except OSError as error:
        raise ExportRefused(
            f"{folder} is not whole and has no {PACKAGE_FILE}: “{name}” could not be put there ({error.strerror}). "
            "Mend that, and export again."
        ) from error


def write(file: IO[bytes], content: Iterable[str]) -> int:
    """Writes the lines and answers how many there were."""
    written = 0
    for line in content:
        file.write(line.encode())
        written += 1
    return written


# The files


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside is as it was at one moment, whatever others write meanwhile; nobody has to wait for it."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(BEGIN_READING[connection.vendor])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def dataset_files(sight: Sight, *, watch: Watch = lambda rows, name: rows) -> Iterator[tuple[str, Iterable[str]]]:
    """Each file of the dataset that has rows, and the description of them all: its name and its lines.

    The lines of a file are to be read before the next file is asked for.
    """
    written: list[type[Record]] = []
    if sight.is_whole:
        refuse_statements_about_nothing()
    for model in sight.kinds:
        rows = rows_of(model, sight)
        if (first := next(rows, None)) is not None:
            written.append(model)
            name, columns = f"{model.dataset_file}.csv", file_columns(model, is_whole=sight.is_whole)
            yield name, map(csv_line, chain([columns], watch(chain([first], rows), name)))
    if not written:
        raise ExportRefused(
            "Nothing was written: the record holds no row" + ("." if sight.is_whole else " that is public.")
        )
    publishers = sorted(set(shown(Source, sight).values_list("publisher", flat=True)))
    yield PACKAGE_FILE, [package_text(written, publishers=publishers, sight=sight)]


def csv_line(cells: list[str]) -> str:
    quoted = ('"' + cell.replace('"', '""') + '"' if NEEDS_QUOTES.search(cell) else cell for cell in cells)
    return ",".join(quoted) + "\n"


def rows_of(model: type[Record], sight: Sight) -> Iterator[list[str]]:
    """The cells of each row of a file, by code; of a hidden record only what tells which one it is."""
    columns = file_columns(model, is_whole=sight.is_whole)
    linked = {name: codes_linked(model, name, sight) for name in columns if is_many(model, name)}
    single = [name for name in columns if name not in linked]
    values = [value_of(model, name, sight) for name in single]
    rows = shown(model, sight).order_by(ByCodePoint("code")).values_list("pk", "is_hidden", *values)
    for pk, is_hidden, *found in rows.iterator(chunk_size=ROWS_AT_A_TIME):
        cells = dict(zip(single, map(cell_of, found), strict=True))
        cells |= {name: codes.get(pk, "") for name, codes in linked.items()}
        kept = IDENTITY[model] if is_hidden else columns
        yield [cells[name] if name in kept else "" for name in columns]


def value_of(model: type[Record], column: str, sight: Sight) -> Any:
    """What stands in a column of one value: of what it points to, the code; a hidden source reads as none."""
    if column not in relation_names(model):
        return F(column)
    code = F(f"{column}__code")
    if model._meta.get_field(column).related_model is Source and not sight.is_whole:
        return Case(When(**{f"{column}__in": sight.rows(Source)}, then=code))
    return code


def codes_linked(model: type[Record], column: str, sight: Sight) -> dict[int, str]:
    """The cells of a column of several values, by the key of the record; hidden sources are left out."""
    model_field: Any = model._meta.get_field(column)
    here, there = model_field.m2m_field_name(), model_field.m2m_reverse_field_name()
    links = model_field.remote_field.through.objects.order_by(ByCodePoint(f"{there}__code"))
    if model_field.related_model is Source:
        links = links.filter(**{f"{there}__in": sight.rows(Source)})
    cells: dict[int, str] = {}
    for pk, code in links.values_list(f"{here}_id", f"{there}__code").iterator(chunk_size=ROWS_AT_A_TIME):
        cells[pk] = f"{cells[pk]}{SEPARATOR}{code}" if pk in cells else code
    return cells


def cell_of(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


# What is seen


def shown(model: Any, sight: Sight) -> Any:
    """The rows of a file; of those that are not seen and that others point to, `is_hidden` is true."""
    seen = sight.rows(model)
    if model in IDENTITY and not sight.is_whole:
        rows = model.objects.filter(Q(pk__in=seen.values("pk")) | pointed_to(model, sight))
        return rows.annotate(is_hidden=~Exists(seen.filter(pk=OuterRef("pk"))))
    rows = seen.annotate(is_hidden=Value(value=False))
    return rows.filter(about_what_is_shown(sight)) if model is Statement and not sight.is_whole else rows


def pointed_to(model: type[Record], sight: Sight) -> Q:
    """The records of a kind to which rows point that are seen."""
    found = Q()
    for other in sight.kinds:
        for name in relation_names(other) & set(other.columns):
            if other._meta.get_field(name).related_model is model:
                found |= Q(pk__in=sight.rows(other).values(name))
    prefix = f"{model.resource()}/"
    about = sight.rows(Statement).filter(subject__startswith=prefix)
    return found | Q(code__in=about.values_list(Substr("subject", len(prefix) + 1)))


def about_what_is_shown(sight: Sight) -> Q:
    """Statements about records that the files hold: about others they could not be read in."""
    found = Q()
    for other in sight.kinds:
        prefix = f"{other.resource()}/"
        records: Any = other._default_manager.all() if other in IDENTITY else sight.rows(other)
        same = records.filter(code=Substr(OuterRef("subject"), len(prefix) + 1))
        found |= Q(Exists(same), subject__startswith=prefix)
    return found


def refuse_statements_about_nothing() -> None:
    """Refuses to write statements about a record that is gone: no import would take them."""
    lost = Statement.objects.exclude(about_what_is_shown(WHOLE)).values_list("code", "subject").first()
    if lost is not None:
        code, subject = lost
        raise ExportRefused(
            f"Nothing was written: the statement “{code}” is about “{subject}”, which is no longer in the record. "
            "Delete that statement."
        )
