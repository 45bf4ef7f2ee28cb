"""Acts that write one after the other."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

# Any number, as long as nothing else of this database locks by it.
OF_WRITERS = 20_171_015


def wait_for_other_writers() -> None:
    """Waits until nobody else is writing, and has all who ask so wait until this transaction ends.

    An act locks the record that it is about, then what hangs on it, then what is read from both: two acts that begin at
    different ends would wait for each other for ever. SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # However long others write: what waits here takes the database no time.
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [OF_WRITERS])
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")


@contextmanager
def alone_writing() -> Iterator[None]:
    """A transaction in which nobody else writes, begun in the order of asking however many ask at once.

    SQLite lets those who wait try again and again, of whom some are never lucky; so they queue for a file beside the
    database first.
    """
    with in_turn(), transaction.atomic():
        wait_for_other_writers()
        yield


@contextmanager
def in_turn() -> Iterator[None]:
    path = str(connection.settings_dict["NAME"])
    # Within a transaction it is one's turn already; a database in memory is nobody else's.
    if connection.vendor != "sqlite" or connection.in_atomic_block or not Path(path).is_file():
        yield
        return
    with Path(f"{path}.writers").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
