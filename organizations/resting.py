"""What rests on records and is made anew when they change, as the apps above know it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db import models

    from organizations.feed import Feed
    from organizations.models import Record
    from organizations.policy import Reader


class Resting(Protocol):
    """What rests on the records of one act."""

    # The kinds of rows that are made of records and go with them.
    derived: frozenset[type[models.Model]]

    def look_at(self, records: Iterable[Record]) -> None:
        """Notes what rests on these records, before they change and after."""

    def rebuild(self, feed: Feed, *, now: datetime) -> None:
        """Makes anew what rested on any of them, and notes for the feed what reads otherwise."""

    def warnings(self, records: Iterable[Record], user: Reader) -> list[str]:
        """What is odd about the figures that rest on these records, without being wrong."""


class NothingRests:
    """Of kinds of records on which nothing rests."""

    derived: frozenset[type[models.Model]] = frozenset()

    def look_at(self, records: Iterable[Record]) -> None:
        """Nothing is noted."""

    def rebuild(self, feed: Feed, *, now: datetime) -> None:
        """Nothing is made anew."""

    def warnings(self, records: Iterable[Record], user: Reader) -> list[str]:
        return []
