"""What a command does to accounts goes into the log of changes, as an act of whoever runs the server."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError
from django.db import transaction
from django.db.models.signals import post_save, pre_save
from django.utils import timezone

from lib.one_writer import wait_for_other_writers
from organizations.changes import NotLogged, Watched, log_change
from organizations.models import Change, User

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def logged_accounts() -> Iterator[None]:
    """Each account that is saved meanwhile is logged, or not saved.

    The transaction begins with the saving, not before: while somebody is typing, nobody else has to wait.
    """
    with ExitStack() as act:
        watched = Watched()

        def begin(instance: User, **_said: Any) -> None:
            nonlocal watched
            act.enter_context(transaction.atomic())
            wait_for_other_writers()
            watched = Watched()
            watched.look_at(User, [instance.pk] if instance.pk else [])

        def log(instance: User, **_said: Any) -> None:
            watched.made(User, [instance.pk])
            log_change(by=None, door=Change.Door.ACCOUNT, at=timezone.now(), records=watched.changes())

        for signal, receiver in ((pre_save, begin), (post_save, log)):
            signal.connect(receiver, sender=User)
            act.callback(signal.disconnect, receiver, sender=User)
        try:
            yield
        except NotLogged:
            raise CommandError("Nothing was stored, because the change could not be logged.") from None
