"""Several writers at once, with a reader who follows the feed all the while. Prints what each of them did as JSON.

Each writer does what forms do: it begins a transaction, takes its time, and logs its act. Some acts are taken back.
"""

from __future__ import annotations

import json
import random
import sys
from threading import Barrier, Event, Thread

import tests.conftest  # noqa: F401 (sets the environment, and Django up)

# isort: split
from django.core.management import call_command
from django.db import connections, transaction
from django.test import Client
from django.test.utils import override_settings, setup_test_environment
from django.utils import timezone

from organizations.changes import Watched, log_change
from organizations.models import FeedEntry, Source
from tests.factories import SourceFactory

WRITERS, ACTS = 8, 20
FEED = "/api/v1/changes/"


class TakenBack(Exception):
    """An act that ends without having been done."""


class Writer(Thread):
    """Makes and changes sources, one act after the other."""

    def __init__(self, number, together):
        super().__init__()
        self.number, self.together = number, together
        self.random = random.Random(number)  # noqa: S311 (draws acts, no secrets)
        # What was committed: of each act the codes that it wrote.
        self.committed = []

    def run(self):
        try:
            self.together.wait(timeout=60)
            for act in range(ACTS):
                codes = [f"writer-{self.number}-{act}-{paper}" for paper in range(self.random.randint(1, 3))]
                try:
                    self.act(codes, is_taken_back=self.random.random() < 0.2)
                except TakenBack:
                    continue
                self.committed.append(codes)
        finally:
            connections.close_all()

    def act(self, codes, *, is_taken_back):
        with transaction.atomic():
            # What was read before the lock is asked for begins the transaction.
            Source.objects.count()
            watched = Watched()
            watched.made(Source, [SourceFactory(code=code).pk for code in codes])
            log_change(by=None, door="admin", at=timezone.now(), records=watched.changes())
            # The keys are given, and others would like to have theirs.
            Source.objects.filter(code__in=codes).count()
            if is_taken_back:
                raise TakenBack


class Follower(Thread):
    """Asks again and again, a few entries at a time, until all have ended and nothing is left."""

    def __init__(self, place, page_size, ended):
        super().__init__()
        self.place, self.page_size, self.ended = place, page_size, ended
        self.told, self.asked = [], 0

    def run(self):
        client = Client()
        try:
            while True:
                is_last = self.ended.is_set()
                answer = client.get(self.place).json()
                self.asked += 1
                self.told += [entry["code"] for entry in answer["results"]]
                self.place = answer["next"]
                if is_last and not answer["more"]:
                    return
        finally:
            connections.close_all()


@override_settings(PUBLIC_ACCESS=True)
def main():
    setup_test_environment()
    call_command("migrate", verbosity=0)
    ended, together = Event(), Barrier(WRITERS)
    place = Client().get(f"{FEED}?since=now").json()["next"]
    followers = [Follower(f"{place}&page_size={size}", size, ended) for size in (1, 7, 1000)]
    writers = [Writer(number, together) for number in range(WRITERS)]
    for thread in (*followers, *writers):
        thread.start()
    for writer in writers:
        writer.join()
    ended.set()
    for follower in followers:
        follower.join()
    json.dump(
        {
            "committed": [writer.committed for writer in writers],
            "told": [follower.told for follower in followers],
            "asked": [follower.asked for follower in followers],
            "stored": list(FeedEntry.objects.order_by("pk").values_list("code", flat=True)),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
