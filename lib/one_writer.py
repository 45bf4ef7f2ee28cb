"""Acts that write one after the other."""

from __future__ import annotations

from django.db import connection

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
