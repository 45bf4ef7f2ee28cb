"""`manage.py export_person UUID [--file PATH]`: writes all that is held of one person, as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from lib.text import shown
from missions.held_as_json import everything_held, log_handing_over, person_with_code

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Writes all that is held of one person, private columns included, as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("uuid", help="the code of the person, or one that was merged into it")
        parser.add_argument("--file", type=Path, help="where to write it; else it is printed")

    @transaction.atomic
    def handle(self, *args: Any, uuid: str, file: Path | None, **options: Any) -> None:
        code = uuid.strip().lower()
        person = person_with_code(code)
        if person is None:
            raise CommandError(f"There is no person with the code “{shown(uuid)}”.")
        told = everything_held(person, asked=code)
        # First: what cannot be logged is not handed over.
        log_handing_over(person, by=None, now=timezone.now())
        if told["answer"]:
            self.stderr.write(told["answer"])
        text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
        if file is None:
            self.stdout.write(text, ending="")
            return
        try:
            with file.open("x", encoding="utf-8") as opened:
                opened.write(text)
        except FileExistsError:
            raise CommandError(f"{file} is there already and is not overwritten. Name another, or delete it.") from None
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from None
