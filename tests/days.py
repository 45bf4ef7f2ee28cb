"""Acts on different days, and what the API says that the record said on each of them."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone

from organizations.admin.logging import what_goes_with
from organizations.changes import Watched, log_change
from organizations.models import Record

# After all that is done on other days.
LATER = "2030-12-01"


class Days:
    """A clock that stands where it is put, and a client that asks and acts at that time."""

    def __init__(self, client, monkeypatch):
        self.client, self.monkeypatch = client, monkeypatch

    def put(self, moment):
        """`2030-07-01`, whose noon it is, or `2030-07-01T23:59`."""
        now = datetime.fromisoformat(moment if "T" in moment else f"{moment}T12:00").replace(tzinfo=UTC)
        self.monkeypatch.setattr(timezone, "now", lambda: now)

    def sign_in(self, user, moment):
        """Puts the clock first: a session of another year has ended."""
        self.put(moment)
        self.client.force_login(user)
        return self.client

    def act(self, what, *, looked_at=()):
        """Does something as every door does, with what it made or touched in the log; answers what it made."""
        with transaction.atomic():
            watched = Watched()
            for model, keys in looked_at:
                watched.look_at(model, keys)
            made = what()
            if isinstance(made, Record):
                watched.made(type(made), [made.pk])
            log_change(by=None, door="admin", at=timezone.now(), records=watched.changes())
        return made

    def change(self, record, **values):
        """Gives columns of a record other values."""

        def store():
            for name, value in values.items():
                if record._meta.get_field(name).many_to_many:
                    getattr(record, name).set(value)
                else:
                    setattr(record, name, value)
            record.save()

        self.act(store, looked_at=[(type(record), [record.pk])])

    def delete(self, record):
        """Deletes a record with all that goes with it."""
        self.act(record.delete, looked_at=list(what_goes_with(record)))

    def ask(self, path, known_on="", **query):
        """What stands at `sources/gazette`, as of a day."""
        return self.client.get(f"/api/v1/{path}/", {**query, "known_on": known_on})

    def known(self, path, *days, **query):
        """The row as of each of these days; None where there was no such record."""
        answers = [self.ask(path, day, **query) for day in days]
        assert {answer.status_code for answer in answers} <= {200, 404}
        rows = [answer.json() if answer.status_code == 200 else None for answer in answers]
        return rows if len(days) > 1 else rows[0]
