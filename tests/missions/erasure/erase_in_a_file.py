"""A program: erases a person in the SQLite file of DATABASE_URL, and prints which values its files hold when."""

# ruff: noqa: E402 (the records are imported after Django is set up)

import sys

import django

django.setup()

import json
import sqlite3
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from missions.erasure import overwrite_what_was_erased
from tests.missions.erasure.conftest import erase
from tests.missions.erasure.everywhere import Everywhere


def held_by_files(values):
    """The places whose value stands in the database's file or in one of the two beside it."""
    path = Path(settings.DATABASES["default"]["NAME"])
    files = [found.read_bytes() for found in path.parent.glob(f"{path.name}*")]
    return sorted(place for place, value in values.items() if any(value.encode() in content for content in files))


def sizes():
    path = Path(settings.DATABASES["default"]["NAME"])
    return {ending: Path(f"{path}{ending}").stat().st_size for ending in ("-wal", "-shm")}


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    everywhere = Everywhere()
    told = {"values": sorted(everywhere.values), "before": held_by_files(everywhere.values)}
    erase(everywhere)
    told["without overwriting"] = held_by_files(everywhere.values)

    # Somebody who reads for long, and does not make this program wait for long.
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 10")
    reader = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM observers_observer").fetchall()
    told["left to do while it is read"] = overwrite_what_was_erased()
    reader.execute("COMMIT")
    reader.close()

    told["left to do"] = overwrite_what_was_erased()
    told["after"] = held_by_files(everywhere.values)
    told["sizes"] = sizes()
    connection.close()
    told["after closing"] = held_by_files(everywhere.values)
    json.dump(told, sys.stdout)
