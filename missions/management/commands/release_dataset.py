"""`manage.py release_dataset`: makes the next numbered release of the public record, which research can cite."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from missions.releases import ReleaseRefused, make_release


class Command(BaseCommand):
    help = "Makes the next numbered release of the public record, without persons."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            release = make_release(now=timezone.now())
        except ReleaseRefused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{release}: {release.size:,} bytes, {sum(release.rows.values()):,} rows")
        self.stdout.write(f"SHA-256: {release.sha256}")
        if release.since:
            self.stdout.write(f"Since release {release.since}: {release.summary}")
        self.stdout.write(f"Cite it: {release.citation(release.get_absolute_url())}")
