"""`manage.py export_dataset DIR [--public]`: writes the record as a folder of CSV files with their description."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from missions.dataset import ExportRefused, export_dataset

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterable


class Command(BaseCommand):
    help = "Writes the record as a folder of CSV files in the dataset format, with a datapackage.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that is new, empty, or holds an older export")
        parser.add_argument("--public", action="store_true", help="only what anonymous visitors may see")

    def handle(self, *args: Any, folder: Path, public: bool, **options: Any) -> None:
        try:
            rows = export_dataset(folder, public=public, watch=self.watch)
        except ExportRefused as refused:
            raise CommandError(str(refused)) from None
        except OSError as error:
            raise CommandError(f"Nothing was written: {folder.resolve()}: {error.strerror}.") from None
        for file, count in rows.items():
            self.stdout.write(f"{file}: {count} {'row' if count == 1 else 'rows'}")

    def watch(self, rows: Iterable[Any], name: str) -> Iterable[Any]:
        """A progress bar for each file, where a terminal watches."""
        bar: Iterable[Any] = tqdm(rows, desc=name, unit=" rows", leave=False, disable=None)
        return bar
