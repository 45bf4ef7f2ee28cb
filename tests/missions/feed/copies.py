"""The feed, and the copy of the record that somebody keeps who follows it."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from django.apps import apps
from django.test import Client
from django.urls import reverse

import missions.api
import observers.api
import organizations.api
from missions.lists import READING_COLUMNS

FEED = reverse("api:changes")
VIEWSETS = [*organizations.api.VIEWSETS, *observers.api.VIEWSETS, *missions.api.VIEWSETS]
who_sees_each_record = import_module("missions.migrations.0004_who_sees_each_record")


def begin_the_feed():
    """Tells of everything that was made past the doors, as for a database that is older than the feed."""
    who_sees_each_record.empty(apps, None)
    who_sees_each_record.fill(apps, None)


@cache
def columns_of(viewset):
    """What the API answers for a record, without what it computes but for figures."""
    model, serializer = viewset.model(), viewset.serializer_class()
    figures = serializer.fields.keys() & set(READING_COLUMNS)
    serializer.only(["code", *figures, *(name for name in model.columns if name not in model.private_columns)])
    return serializer


class Copy:
    """What one reader holds: the columns and figures of every record that this reader sees, by kind and code."""

    def __init__(self, user):
        self.user, self.client = user, Client()
        if user.is_authenticated:
            self.client.force_login(user)
        self.next = self.ask(f"{FEED}?since=now&page_size=1000")["next"]
        self.rows = self.rows_now()

    def __str__(self):
        return self.user.get_username() or "anonymous"

    def ask(self, address):
        answer = self.client.get(address)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def follow(self):
        """Everything that is told since the last time."""
        told, more = [], True
        while more:
            answer = self.ask(self.next)
            told += answer["results"]
            more, self.next = answer["more"], answer["next"]
        return told

    def rows_now(self):
        """What the lists of the API say to this reader, but for what they compute beside figures."""
        found = {}
        for viewset in VIEWSETS:
            for row in viewset.rows(self.user):
                found[viewset.model().resource(), row.code] = dict(columns_of(viewset).to_representation(row))
        return found


def told_as_became(copy):
    """What the copy is told since the last time, and what became of it; from now on it holds what it should."""
    told, now = copy.follow(), copy.rows_now()
    became = difference(copy.rows, now)
    for entry in told:
        if entry["action"] == "erased" and entry["url"]:
            # What was erased may have said nothing before.
            became["changed"][key_of(entry)] = became["changed"].get(key_of(entry), set()) | {*entry["fields"]}
    copy.rows = now
    return net(told), became


def difference(before, after):
    """What became of a copy: which records came, which went, and which columns of the others say something else."""
    both = before.keys() & after.keys()
    columns = {key: {name for name, value in after[key].items() if before[key][name] != value} for key in both}
    changed = {key: names for key, names in columns.items() if names}
    return {"came": after.keys() - before.keys(), "went": before.keys() - after.keys(), "changed": changed}


def net(told):
    """The same, as the feed tells it."""
    columns = {}
    for entry in told:
        if entry["fields"]:
            columns.setdefault(key_of(entry), set()).update(entry["fields"])
    return {
        "came": {key_of(entry) for entry in told if entry["action"] == "created"},
        "went": {key_of(entry) for entry in told if entry["url"] is None},
        "changed": columns,
    }


def key_of(entry):
    return entry["resource"], entry["code"]
