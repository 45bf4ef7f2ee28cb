"""`manage.py import_dataset DIR [--owner ORG]`: reads a folder of CSV files into the record, all or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from tqdm import tqdm

from missions.dataset import DatasetRefused, import_dataset

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterable


class Command(BaseCommand):
    help = "Reads a folder of CSV files in the dataset format into the record, all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder that holds the CSV files")
        parser.add_argument("--owner", default="", help="the code of the organization that keeps the new records")

    def handle(self, *args: Any, folder: Path, owner: str, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        try:
            tallies = import_dataset(folder, now=timezone.now(), owner=owner, watch=self.watch)
        except DatasetRefused as refused:
            for problem in refused.problems:
                self.stderr.write(str(problem))
            count = len(refused.problems)
            raise CommandError(f"Nothing was changed: {count} {'problem' if count == 1 else 'problems'}.") from None
        except DatabaseError as error:
            raise CommandError(f"Nothing was changed: the database did not store it ({error}).") from error
        for file, tally in tallies.items():
            self.stdout.write(f"{file}: {tally.new} new, {tally.changed} changed, {tally.as_before} as before")

    def watch(self, rows: Iterable[Any], name: str) -> Iterable[Any]:
        """A progress bar for each file, where a terminal watches."""
        bar: Iterable[Any] = tqdm(rows, desc=name, unit=" rows", leave=False, disable=None)
        return bar
