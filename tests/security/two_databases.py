"""Two databases that differ only in what an actor may not see, out of one.

The base is what everybody sees. Each piece adds rows or fills columns, and says who sees it: said here once more, from
docs/access.md and not from the rules under test. The first database of an actor is the base with the pieces that the
actor sees, the second has the others too. A piece is made once, by the models, and kept as the rows by which the tables
differ; so that it is put in again in no time, with another word in every text that it fills.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction
from django.utils import timezone

from lib.text import fold
from observers.models import Merge
from organizations.models import ApiToken, Record, User
from tests.security.pieces import PIECES
from tests.security.seen_by_all import WORD, everything_seen_by_all

BASE_CHANGED = datetime(2031, 1, 1, tzinfo=UTC)
PIECE_CHANGED = datetime(2031, 6, 1, tzinfo=UTC)

FIRST_NEW_KEY = 100_000

Table = dict[Any, tuple[Any, ...]]


@cache
def tables() -> dict[str, list[str]]:
    """Each table that pieces may fill, the key first among its columns."""
    found = {}
    for label in ("organizations", "observers", "missions"):
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            key = model._meta.pk.column
            others = [one.column for one in model._meta.concrete_fields if one.column != key]
            found[model._meta.db_table] = [key, *others]
    return found


def contents() -> dict[str, Table]:
    """Every row of every table as the database holds it, by its key."""
    quoted = connection.ops.quote_name
    read = {}
    with connection.cursor() as cursor:
        for table, columns in tables().items():
            cursor.execute(f"SELECT {', '.join(map(quoted, columns))} FROM {quoted(table)}")  # noqa: S608
            read[table] = {row[0]: row for row in cursor.fetchall()}
    return read


@dataclass
class Difference:
    """The rows by which a piece differs from what was there before."""

    new: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    changed: dict[str, list[tuple[Any, list[tuple[str, Any]]]]] = field(default_factory=dict)
    gone: dict[str, list[Any]] = field(default_factory=dict)

    @classmethod
    def between(cls, before: dict[str, Table], after: dict[str, Table]) -> Difference:
        found = cls()
        for table, columns in tables().items():
            old, new = before[table], after[table]
            if rows := [row for key, row in new.items() if key not in old]:
                found.new[table] = rows
            if keys := [key for key in old if key not in new]:
                found.gone[table] = keys
            rows = [(old[key], row) for key, row in new.items() if key in old and old[key] != row]
            if rows:
                found.changed[table] = [
                    (row[0], [(name, now) for name, was, now in zip(columns, left, row, strict=True) if was != now])
                    for left, row in rows
                ]
        return found


def put_in(differences: list[Difference], word: str) -> None:
    """Puts several pieces in, table by table."""
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table, columns in tables().items():
            key = quoted(columns[0])
            if gone := [[pk] for each in differences for pk in each.gone.get(table, ())]:
                cursor.executemany(f"DELETE FROM {quoted(table)} WHERE {key} = %s", gone)  # noqa: S608
            if new := [row for each in differences for row in each.new.get(table, ())]:
                names, marks = ", ".join(map(quoted, columns)), ", ".join(["%s"] * len(columns))
                rows = [[with_word(value, name, word) for name, value in zip(columns, row, strict=True)] for row in new]
                cursor.executemany(f"INSERT INTO {quoted(table)} ({names}) VALUES ({marks})", rows)  # noqa: S608
            for pk, values in [row for each in differences for row in each.changed.get(table, ())]:
                boxes = ", ".join(f"{quoted(name)} = %s" for name, _value in values)
                said = [with_word(value, name, word) for name, value in values]
                cursor.execute(f"UPDATE {quoted(table)} SET {boxes} WHERE {key} = %s", [*said, pk])  # noqa: S608


def same_keys_for_new_rows() -> None:
    """What is stored next gets the same key in both databases: keys of the admin's addresses are given one by one."""
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence")
            rows = [(table, FIRST_NEW_KEY) for table in tables()]
            cursor.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", rows)
            return
        for table, [key, *_others] in tables().items():
            sequence = f"pg_get_serial_sequence('{quoted(table)}', '{key}')"
            cursor.execute(f"SELECT setval({sequence}, {FIRST_NEW_KEY}) WHERE {sequence} IS NOT NULL")


def with_word(value: Any, column: str, word: str) -> Any:
    """The value with another word in place of the piece's own; searched text holds it folded, JSON escaped."""
    if word == WORD or not isinstance(value, str) or WORD not in value or column == "code":
        return value
    if column == "search_text":
        word = fold(word)
    elif value[0] in '{["':
        word = json.dumps(word)[1:-1]
    return value.replace(WORD, word)


class World:
    """The base, in the database; the pieces, aside; and how each actor comes in."""

    def __init__(self) -> None:
        self.cast = everything_seen_by_all()
        self.cast.changed(BASE_CHANGED)
        self.cookies = {name: self.session(user) for name, user in self.cast.users.items()}
        _token, self.token = ApiToken.objects.create(
            user=self.cast.users["coordinator_b"], scope="read", expiry=timedelta(days=30)
        )
        self.pieces: dict[str, Difference] = {}
        # Of the records of both databases, by resource: their codes, and their keys by code.
        self.codes: dict[str, list[str]] = {}
        self.keys: dict[str, dict[str, int]] = {}
        self.now = timezone.now()
        with transaction.atomic():
            before = contents()
            for name, piece in PIECES.items():
                piece.make(self.cast)
                self.cast.changed(PIECE_CHANGED)
                after = contents()
                self.pieces[name] = Difference.between(before, after)
                before = after
            self.note_codes_and_keys()
            transaction.set_rollback(True)

    def note_codes_and_keys(self) -> None:
        for model in apps.get_models():
            if issubclass(model, Record):
                rows = dict(model._default_manager.order_by("pk").values_list("code", "pk"))
                self.codes[model.resource()] = list(rows)
                self.keys[model.resource()] = rows
        for model in (User, Merge):
            keys = model._default_manager.order_by("pk").values_list("pk", flat=True)
            self.keys[f"{model._meta.model_name}s"] = {str(key): key for key in keys}

    def session(self, user: Any) -> str:
        store = import_module(settings.SESSION_ENGINE).SessionStore()
        now = timezone.now().timestamp()
        store[SESSION_KEY] = str(user.pk)
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store["signed_in_at"] = store["last_seen_at"] = now
        store.save()
        return store.session_key

    @contextmanager
    def as_seen_by(self, actor: str) -> Any:
        """The first database of the actor, for as long as the block lasts."""
        with transaction.atomic():
            put_in([self.pieces[name] for name in PIECES if actor in PIECES[name].seen_by], WORD)
            yield
            transaction.set_rollback(True)

    @contextmanager
    def with_hidden(self, names: list[str], word: str) -> Any:
        """The second database of the actor, for as long as the block lasts."""
        with transaction.atomic():
            put_in([self.pieces[name] for name in names], word)
            yield
            transaction.set_rollback(True)


def hidden_from(actor: str) -> list[str]:
    return [name for name, piece in PIECES.items() if actor not in piece.seen_by]
