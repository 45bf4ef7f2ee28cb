"""Begins every act that writes while somebody else is writing, and prints which of them wait."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import tests.conftest  # noqa: F401 (sets the environment, and Django up)

# isort: split
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from missions.actions import merge_observers, undo_merge
from missions.dataset import import_dataset
from missions.erasure import ask_erasure, erase_person, withdraw_erasure


def acts(folder):
    """Each act by its name. Nothing is looked at before it has waited, so that it does not matter what it is about."""
    now, nobody = timezone.now(), None
    (folder / "people.csv").write_text("name\n")
    return {
        "import of a dataset": partial(import_dataset, folder, now=now),
        "import of people": partial(call_command, "import_people", str(folder / "people.csv"), mission="-", yes=True),
        "merge": partial(merge_observers, kept=nobody, merged=nobody, by=nobody, now=now),
        "undoing a merge": partial(undo_merge, merge=nobody, by=nobody, now=now),
        "asking for an erasure": partial(ask_erasure, observer=nobody, by=nobody, reason="", now=now),
        "withdrawing it": partial(withdraw_erasure, erasure=nobody, by=nobody, now=now),
        "erasure": partial(erase_person, erasure=nobody, by=nobody, now=now),
    }


def waits(act):
    """Whether the database has ended the act because it waited for a lock."""
    try:
        act()
    except OperationalError as error:
        return "lock timeout" in str(error)
    return False


if __name__ == "__main__":
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    with TemporaryDirectory() as folder:
        print(json.dumps({name: waits(act) for name, act in acts(Path(folder)).items()}))  # noqa: T201 (read by a test)
