"""How fast a list of 100,000 assignments goes out as CSV, and how much the server grows by it: `make bench`.

A real server (gunicorn, one worker) sends it to a real client. Prints, for SQLite and for PostgreSQL, the rows per
second and by how much the worker's memory grew (VmHWM after, less VmRSS before), and for PostgreSQL the ratio to its
own client (psql's \\copy of the same rows, joined and in the same order). Ends with exit status 1 where a goal is
missed.
`python -m tests.bench.stream_assignments postgresql` measures one database alone.
"""

# ruff: noqa: T201 (a benchmark prints)

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from tests.bench.import_assignments import (
    ASSIGNMENTS,
    Postgresql,
    Sqlite,
    assignments,
    fresh,
    manage,
    observers,
    references,
    write,
)
from tests.serving import HEADERS, serving

MEGABYTES = 50
LIST = "/api/v1/assignments/?format=csv"
SAME_ROWS = """
SELECT a.code, o.code, d.code, m.code, a.role, a.status, a.starts_on, a.ends_on, r.code, a.area, a.post, a.employer,
  (SELECT string_agg(s.code, '; ' ORDER BY s.code) FROM missions_assignment_sources l
    JOIN organizations_source s ON s.id = l.source_id WHERE l.assignment_id = a.id AND s.public),
  o.family_name, o.given_names, o.nationality, g.code, e.name, e.country, e.election_day, a.modified_at
FROM missions_assignment a JOIN observers_observer o ON o.id = a.observer_id
  LEFT JOIN missions_deployment d ON d.id = a.deployment_id LEFT JOIN missions_mission m ON m.id = a.mission_id
  LEFT JOIN organizations_region r ON r.id = a.region_id LEFT JOIN organizations_organization g ON g.id = m.organizer_id
  LEFT JOIN missions_election e ON e.id = m.election_id
WHERE a.id IN (SELECT l.assignment_id FROM missions_assignment_sources l
    JOIN organizations_source s ON s.id = l.source_id JOIN missions_assignment b ON b.id = l.assignment_id
    JOIN observers_observer p ON p.id = b.observer_id WHERE s.public AND NOT p.withheld)
ORDER BY o.family_name COLLATE "C", a.code COLLATE "C"
"""


def fetched(server, address):
    """How many lines came, and how many rows were promised."""
    connection = http.client.HTTPConnection(server.address.removeprefix("http://"))
    connection.request("GET", address, headers=HEADERS)
    answer = connection.getresponse()
    lines = 0
    while chunk := answer.read(1 << 16):
        lines += chunk.count(b"\n")
    connection.close()
    return lines, int(answer.headers["X-Row-Count"])


def megabytes(process, name):
    """What the system says of the memory of a process."""
    told = Path(f"/proc/{process}/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+) kB", told)[1]) / 1024


def processor_seconds(process):
    """How long a process was at work so far, however many others the machine has to serve."""
    times = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")


def own_client(database):
    """How long psql takes for the same rows."""
    query = " ".join(SAME_ROWS.split())
    start = time.perf_counter()
    command = [
        "psql",
        database.url,
        "--no-psqlrc",
        "--command",
        f"\\copy ({query}) TO /dev/null WITH (FORMAT csv, HEADER)",
    ]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
    assert printed.strip() == f"COPY {ASSIGNMENTS}"
    return time.perf_counter() - start


def bench(database, folder):
    with fresh(database):
        manage(database, "import_dataset", str(folder / "whole"))
        with closing(database.connect()) as connection:
            # As the database does by itself after a while.
            connection.cursor().execute("ANALYZE")
            connection.commit()
        with serving(database.url, folder) as server:
            # What a process reads once, however long the list.
            fetched(server, f"{LIST}&q=northland")
            fetched(server, f"{LIST}&election=e-1")
            before = megabytes(server.worker, "VmRSS")
            Path(f"/proc/{server.worker}/clear_refs").write_text("5")
            start, at_work = time.perf_counter(), processor_seconds(server.worker)
            lines, promised = fetched(server, LIST)
            seconds, at_work = time.perf_counter() - start, processor_seconds(server.worker) - at_work
            grown = megabytes(server.worker, "VmHWM") - before
        against = f", {seconds / own_client(database):.1f} x psql's \\copy" if isinstance(database, Postgresql) else ""
    fine = grown < MEGABYTES and lines - 1 == promised == ASSIGNMENTS
    print(
        f"{database.name}: {lines - 1:,} rows in {seconds:.1f} s ({at_work:.1f} s of processor),"
        f" {ASSIGNMENTS / seconds:,.0f} rows/s{against},"
        f" the server grew by {grown:.1f} MB ({before:.1f} MB before): {'fine' if fine else 'MISSED'}"
    )
    return fine


def main():
    wanted = sys.argv[1:] or ["sqlite", "postgresql"]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write(folder / "whole", [*references(), ("observers", observers()), ("assignments", assignments())])
        databases = [kind(folder) for kind in (Sqlite, Postgresql) if kind.__name__.lower() in wanted]
        results = [bench(database, folder) for database in databases]
    print(f"Goal: less than {MEGABYTES} MB more for {ASSIGNMENTS:,} rows: {'met' if all(results) else 'MISSED'}")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
