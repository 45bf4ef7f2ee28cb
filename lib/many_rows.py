"""Many rows into the database at once, with the driver's own `executemany` and PostgreSQL's COPY.

`bulk_create` puts together an SQL statement for every few rows, which takes several times as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from django.db import models


def next_keys(model: type[models.Model], number: int) -> list[int]:
    """As many keys as asked for, of which none was ever given: to ask for those of stored rows takes far longer."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            return [key for (key,) in cursor.execute(sequence, [quoted(table), number])]
        # SQLite has one writer at a time, and keeps the greatest key of rows that are gone as well.
        row = cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table]).fetchone()
    first = (row[0] if row else 0) + 1
    return list(range(first, first + number))


def insert_rows(model: type[models.Model], columns: list[str], rows: list[Any]) -> None:
    """Puts in rows whose values are as the driver takes them, in the order of these columns."""
    into = f"{quoted(model._meta.db_table)} ({', '.join(map(quoted, columns))})"
    if connection.vendor == "postgresql":
        copy_rows(f"COPY {into} FROM STDIN", rows)
    else:
        execute(f"INSERT INTO {into} VALUES ({', '.join(['%s'] * len(columns))})", rows)  # noqa: S608 (our names)


def copy_rows(sql: str, rows: list[Any]) -> None:
    """PostgreSQL's own way for many rows, which takes half as long again."""
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(row)


def execute(sql: str, rows: list[Any]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)


def quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))
