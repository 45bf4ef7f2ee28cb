"""`manage.py changepassword`: Django's own, with an entry in the log of changes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands import changepassword

from organizations.management.logged import logged_accounts


class Command(changepassword.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        with logged_accounts():
            return super().handle(*args, **options)
