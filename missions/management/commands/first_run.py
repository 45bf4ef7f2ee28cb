"""`manage.py first_run`: what `make run` needs once, and nothing the second time."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from lib.one_writer import wait_for_other_writers
from missions.models import Election
from organizations.changes import Watched, log_change
from organizations.models import Change, Organization, Source, User

PUBLISHED = Path(settings.BASE_DIR) / "missions" / "published"


class Command(BaseCommand):
    help = "Loads the published record into an empty database and creates a first administrator."

    def handle(self, *args: Any, **options: Any) -> None:
        if not any(model.objects.exists() for model in (Source, Organization, Election)):
            self.stdout.write("Loading the published record:")
            call_command("import_dataset", PUBLISHED, stdout=self.stdout, stderr=self.stderr)
        if not User.objects.filter(is_superuser=True).exists():
            password = "-".join(secrets.token_hex(3) for _group in range(4))
            create_administrator(password)
            self.stdout.write(f"\nFirst administrator: admin\nPassword (shown once): {password}\n")


@transaction.atomic
def create_administrator(password: str) -> None:
    """Creates the account and logs it, or neither."""
    wait_for_other_writers()
    watched = Watched()
    watched.made(User, [User.objects.create_superuser("admin", password=password).pk])
    log_change(by=None, door=Change.Door.ACCOUNT, at=timezone.now(), records=watched.changes())
