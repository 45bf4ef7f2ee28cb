"""How long the reading of one election of many rows takes, and how that grows with the rows: `make bench`.

Prints the processor time of one reading at 1,000 and at 10,000 rows and the ratio of the two. Ends with exit status 1
where 10,000 rows take 100 ms or more, or more than twenty times as long as 1,000: then the growth is not about linear.
"""

# ruff: noqa: T201 (a benchmark prints)

from __future__ import annotations

import sys
from datetime import date, timedelta
from time import process_time

from missions.reconciliation import reconcile
from tests.missions.head_counts import ELECTION, election, mission, total, withdrawn

ROWS, MOST_SECONDS, MOST_GROWTH = 10_000, 0.1, 20


def record_of(rows):
    """An election whose own ladder holds six tenths of the rows, four a day; its 100 missions share the others."""
    start = date(2017, 1, 1)
    own = [
        total(
            number,
            (start + timedelta(number // 4)).isoformat(),
            basis=("total", "change", "change", "change")[number % 4],
            source=f"s{number}",
        )
        for number in range(rows // 2)
    ]
    return election(
        *own,
        *(withdrawn(1, row.as_of.isoformat(), source=row.source) for row in own[::5]),
        missions=[mission(f"m{number}", *own[: rows // 250]) for number in range(100)],
    )


def seconds(rows):
    """The least processor time of five readings."""
    record = record_of(rows)
    times = []
    for _ in range(5):
        before = process_time()
        reconcile(record, ELECTION)
        times.append(process_time() - before)
    return min(times)


def main():
    few, many = seconds(ROWS // 10), seconds(ROWS)
    fine = many < MOST_SECONDS and many / few <= MOST_GROWTH
    print(
        f"One reading: {few * 1000:.1f} ms at {ROWS // 10:,} rows, {many * 1000:.1f} ms at {ROWS:,} rows,"
        f" {many / few:.1f} x as long. Goal: under {MOST_SECONDS * 1000:.0f} ms"
        f" and at most {MOST_GROWTH} x: {'met' if fine else 'MISSED'}"
    )
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
