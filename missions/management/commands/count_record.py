"""`manage.py count_record`: what the record holds, in one sentence for each kind; README.md quotes it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from missions.coverage import coverage, holdings


class Command(BaseCommand):
    help = "Counts what the record holds."

    def handle(self, *args: Any, **options: Any) -> None:
        countries, years = coverage(None)
        if not countries:
            self.stdout.write("The record is empty.")
            return
        span = f"{years[-1].key} to {years[0].key}"
        self.stdout.write(f"{len(countries)} countries, {span}")
        for kind, number in holdings(None).items():
            self.stdout.write(f"{number:,} {kind._meta.verbose_name_plural}")
