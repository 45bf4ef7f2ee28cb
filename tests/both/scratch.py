"""Scratch databases of both kinds, for tests that compare them; and the programs that run on one of them.

PostgreSQL is the server of DATABASE_URL where that names one, else the one at 127.0.0.1:5432.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

LOCAL = "postgres://postgres@127.0.0.1:5432/postgres"
# The order of a language, as a server may well have it: it puts "ab" before "a-b" and "Zebra" after "arrow". Lists must
# not follow it.
OF_A_LANGUAGE = "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"


def server():
    """The server's address. Where none answers the test is skipped, or fails where REQUIRE_POSTGRESQL is set."""
    named = os.environ.get("DATABASE_URL", "")
    address = named if named.startswith("postgres") else LOCAL
    try:
        psycopg.connect(address, dbname="postgres", connect_timeout=5).close()
    except psycopg.OperationalError as error:
        missing = f"No PostgreSQL answers at {urlsplit(address).hostname}:{urlsplit(address).port or 5432}: {error}"
        if os.environ.get("REQUIRE_POSTGRESQL"):
            pytest.fail(missing)
        pytest.skip(f"{missing} The comparison of both databases needs one; SQLite alone is tested without.")
    return address


@contextmanager
def postgresql(*, template=None):
    """An empty database, or a copy of another, as `with postgresql() as url`; it is dropped afterwards."""
    address = server()
    name = f"tracker_scratch_{uuid4().hex[:12]}"
    with psycopg.connect(address, dbname="postgres", autocommit=True) as connection:
        kind = sql.SQL("TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL(OF_A_LANGUAGE)
        connection.execute(sql.SQL("CREATE DATABASE {} {}").format(sql.Identifier(name), kind))
        try:
            yield urlsplit(address)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def started(url, *arguments):
    """Starts a Python program on the database: `started(url, "manage.py", "migrate")`."""
    return subprocess.Popen(  # noqa: S603 (our own programs)
        [sys.executable, *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DEBUG": "on", "PUBLIC_ACCESS": "on", "DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def output(process):
    """What the program printed, after it has ended well."""
    printed, complaints = process.communicate(timeout=900)
    assert process.returncode == 0, complaints
    return printed
