"""How fast 100,000 assignments come in, each row validated, and in how much memory: `make bench`.

Prints, for SQLite and for PostgreSQL, the rows per second and the peak memory of the whole `manage.py import_dataset`,
start included, and the ratio to the same rows put in by the database's own driver (`executemany`, one transaction,
nothing checked). Ends with exit status 1 where a goal is missed. `python -m tests.bench.import_assignments postgresql`
measures one database alone.
"""

# ruff: noqa: T201 (a benchmark prints)

from __future__ import annotations

import csv
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

PROJECT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
SCRATCH = f"bench_of_the_import_{os.getpid()}"

ASSIGNMENTS, OBSERVERS, SOURCES, ELECTIONS, PLACES = 100_000, 50_000, 200, 50, 500
ROWS_PER_SECOND, MEGABYTES = 5_000, 300
TABLES = ("missions_assignment", "missions_assignment_sources")


# The rows


def observer(number):
    return str(uuid.UUID(int=number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128))


def references():
    """The files that assignments point to, observers left out: 50 elections, 500 missions, 500 deployments."""
    yield "sources", [{"code": f"paper-{n}", "title": f"Paper {n}", "publisher": "Gazette"} for n in range(SOURCES)]
    yield "organizations", [{"code": f"organizer-{n}", "kind": "other"} for n in range(10)]
    yield "regions", [{"code": f"region-{n}", "country": "KG", "name": f"Region {n}"} for n in range(50)]
    yield (
        "elections",
        [
            {"code": f"e-{n}", "country": "KG", "kind": "local", "election_day": f"20{n + 30}-06-02"}
            for n in range(ELECTIONS)
        ],
    )
    yield (
        "missions",
        [
            {
                "code": f"m-{n}",
                "election": f"e-{n % ELECTIONS}",
                "organizer": f"organizer-{n // ELECTIONS}",
                "kind": "om",
            }
            for n in range(PLACES)
        ],
    )
    yield (
        "deployments",
        [{"code": f"d-{n}", "election": f"e-{n % ELECTIONS}", "sender_country": "KZ"} for n in range(PLACES)],
    )


def observers():
    for number in range(OBSERVERS):
        yield {
            "code": observer(number),
            "family_name": f"Example {number}",
            "given_names": "Әлия" if number % 2 else "Robin",
            "nationality": "KZ",
            "gender": "",
            "email": f"person{number}@example.org",
            "phone": "",
            "languages": "en; ru",
            "withheld": "false",
            "internal_note": "",
        }


def assignments():
    for number in range(ASSIGNMENTS):
        place = (number * 7 + number // OBSERVERS) % PLACES
        yield {
            "observer": observer(number % OBSERVERS),
            "deployment": f"d-{place}" if number % 2 else "",
            "mission": f"m-{place}",
            "role": "short_term" if number % 5 else "long_term",
            "status": "accredited",
            "starts_on": "2030-05-20",
            "ends_on": "2030-06-04",
            "region": f"region-{number % 50}" if number % 3 else "",
            "area": f"Station {number % 977}",
            "post": "Member of the example committee",
            "employer": "Northland Commission",
            "accreditation_number": f"A-{number}",
            "internal_note": "",
            "sources": f"paper-{number % SOURCES}",
        }


def write(folder, files):
    folder.mkdir()
    for name, rows in files:
        left = iter(rows)
        first = next(left)
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, first, lineterminator="\n")
            writer.writeheader()
            writer.writerow(first)
            writer.writerows(left)


def spoilt(rows, line):
    """The same rows, but that of the line ends before it starts."""
    for number, row in enumerate(rows, 2):
        yield {**row, "ends_on": "2030-05-19"} if number == line else row


# The databases


class Sqlite:
    name = "SQLite"

    def __init__(self, folder):
        self.file = folder / "bench.sqlite3"
        self.url = f"sqlite:///{self.file}"

    def begin_anew(self):
        for path in self.file.parent.glob("bench.sqlite3*"):
            path.unlink()

    end = begin_anew

    def connect(self):
        connection = sqlite3.connect(self.file)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    mark = "?"


class Postgresql:
    name = "PostgreSQL"
    mark = "%s"

    def __init__(self, folder):
        self.url = SERVER.rpartition("/")[0] + f"/{SCRATCH}"

    def begin_anew(self):
        self.end()
        with psycopg.connect(SERVER, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {SCRATCH}")

    def end(self):
        with psycopg.connect(SERVER, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {SCRATCH} WITH (FORCE)")

    def connect(self):
        return psycopg.connect(self.url)


@contextmanager
def fresh(database):
    """A database with the tables and nothing in them."""
    database.begin_anew()
    try:
        manage(database, "migrate", "--verbosity", "0")
        yield
    finally:
        database.end()


def raw_seconds(database):
    """How long the driver alone takes for the assignments that are stored: they are taken out and put back."""
    with closing(database.connect()) as connection:
        cursor = connection.cursor()
        stored = {table: cursor.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in TABLES}  # noqa: S608
        for table in reversed(TABLES):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
        connection.commit()
        start = time.perf_counter()
        for table, rows in stored.items():
            marks = ", ".join([database.mark] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
        connection.commit()
        return time.perf_counter() - start


# The measuring


def manage(database, *arguments):
    """Runs a command of the project and answers its output, its exit status, its seconds and its peak memory in MB."""
    environment = {**os.environ, "DATABASE_URL": database.url, "DEBUG": "off", "SECRET_KEY": "b" * 50}
    with tempfile.TemporaryFile("w+") as output:
        start = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 (our own program)
            [sys.executable, "manage.py", *arguments], cwd=PROJECT, env=environment, stdout=output, stderr=output
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        return output.read(), process.returncode, seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def measured(title, database, folder, expected, *, goal=False, raw=None):
    """Imports the folder and prints the figures; answers whether the output is as expected and the goal met."""
    output, _status, seconds, memory, processor = manage(database, "import_dataset", str(folder))
    if expected not in output.splitlines():
        print(f"{database.name}: {title}: MISSED, it said: {output[-500:]}")
        return False
    rate = ASSIGNMENTS / seconds
    against = f", {seconds / raw(database):.1f} x raw inserts" if raw else ""
    print(
        f"{database.name}: {title}: {seconds:.1f} s ({processor:.1f} s of processor), {rate:,.0f} assignments/s,"
        f" {memory:.0f} MB{against}",
        flush=True,
    )
    return not goal or (rate > ROWS_PER_SECOND and memory < MEGABYTES)


def bench(database, folder):
    all_new = f"assignments.csv: {ASSIGNMENTS} new, 0 changed, 0 as before"
    refused = "assignments.csv:99999: ends_on: The end, 2030-05-19, is before the start, 2030-05-20."
    fine = True
    with fresh(database):
        manage(database, "import_dataset", str(folder / "stored"))
        title = "one bad row in line 99,999, refused"
        fine &= measured(title, database, folder / "bad", refused)
        with closing(database.connect()) as connection:
            fine &= connection.cursor().execute("SELECT count(*) FROM missions_assignment").fetchone() == (0,)
        title = f"assignments.csv alone, {OBSERVERS:,} observers stored"
        fine &= measured(title, database, folder / "alone", all_new, goal=True, raw=raw_seconds)
        title = "the same folder again, nothing to change"
        as_before = all_new.replace(f"{ASSIGNMENTS} new", "0 new").replace("0 as before", f"{ASSIGNMENTS} as before")
        fine &= measured(title, database, folder / "alone", as_before)
    with fresh(database):
        title = f"with observers.csv of {OBSERVERS:,} rows in the folder"
        fine &= measured(title, database, folder / "whole", all_new, goal=True, raw=raw_seconds)
    return fine


def main():
    wanted = sys.argv[1:] or ["sqlite", "postgresql"]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write(folder / "stored", [*references(), ("observers", observers())])
        write(folder / "alone", [("assignments", assignments())])
        write(folder / "bad", [("assignments", spoilt(assignments(), 99_999))])
        write(folder / "whole", [*references(), ("observers", observers()), ("assignments", assignments())])
        databases = [kind(folder) for kind in (Sqlite, Postgresql) if kind.__name__.lower() in wanted]
        results = [bench(database, folder) for database in databases]
    print(
        f"Goal: more than {ROWS_PER_SECOND:,} assignments/s under {MEGABYTES} MB: {'met' if all(results) else 'MISSED'}"
    )
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
