"""A program: imports each dataset of a folder into the empty database and prints what is refused, and whether it held.

`python -m tests.both.refuse_imports FOLDER`, with DATABASE_URL, prints JSON by the datasets' names.
"""

# ruff: noqa: E402 (the records are imported after Django is set up)

import sys

import django

django.setup()

import json
from datetime import UTC, datetime
from pathlib import Path

from django.core.management import call_command

from missions.dataset import DatasetRefused, import_dataset
from tests.conftest import everything_stored

NOW = datetime(2030, 7, 1, 12, tzinfo=UTC)


def told(folder):
    """The problems that the import tells, and whether it changed anything all the same."""
    before = everything_stored()
    try:
        import_dataset(folder, now=NOW)
        problems = []
    except DatasetRefused as refused:
        problems = [str(problem) for problem in refused.problems]
    return {"problems": problems, "changed": everything_stored() != before}


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    json.dump({folder.name: told(folder) for folder in sorted(Path(sys.argv[1]).iterdir())}, sys.stdout)
