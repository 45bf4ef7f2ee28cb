"""The readings that rest on the records of one act, and what is odd about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext

from missions.models import Assignment, Channel, Deployment, Election, HeadCount, Mission, Reading
from missions.readings import elections_of, mark_subjects, rebuild_readings, subjects_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from django.db.models import Model

    from missions.readings import Subjects
    from organizations.feed import Feed
    from organizations.models import Record
    from organizations.policy import Reader

ELECTIONS_AT_A_TIME = 50


class RestingReadings:
    """The readings of the elections on which any of the records bore, before or after the act.

    Every door that writes goes this way, so that none leaves figures behind that copies are not told of.
    """

    derived: frozenset[type[Model]] = frozenset({Reading})

    def __init__(self) -> None:
        self.elections: set[int] = set()
        self.subjects: Subjects = {}

    def look_at(self, records: Iterable[Record]) -> None:
        found = list(records)
        self.elections |= {election.pk for election in elections_of(found)}
        for model, keys in subjects_of(found).items():
            self.subjects[model] = self.subjects.get(model, set()) | keys

    def rebuild(self, feed: Feed, *, now: datetime) -> None:
        keys = sorted(self.elections)
        for start in range(0, len(keys), ELECTIONS_AT_A_TIME):
            some = Election.objects.filter(pk__in=keys[start : start + ELECTIONS_AT_A_TIME])
            for (model, code), columns in rebuild_readings(some).items():
                of_visitors = columns.get(Reading.Audience.PUBLIC, ())
                of_others = columns.get(Reading.Audience.MEMBERS, ())
                feed.note_figures(model, code, of_visitors=of_visitors, of_others=of_others)
        mark_subjects(self.subjects, now=now)

    def warnings(self, records: Iterable[Record], user: Reader) -> list[str]:
        return list(named_beyond_announced(records, user))


def named_beyond_announced(saved: Iterable[Any], user: Reader) -> Iterator[str]:
    """A sentence for each mission or deployment that the saved records touch and that names more than announced.

    Of the persons named those count whom the user may see.
    """
    for place in places_of(saved):
        subject = {str(place._meta.model_name): place}
        named = Assignment.objects.visible_to(user).filter(**subject).naming().values("observer").distinct().count()
        announced = Q(kind=HeadCount.Kind.ANNOUNCED, audience=Reading.Audience.MEMBERS, high__lt=named)
        for reading in Reading.objects.filter(announced, **subject):
            sentence = gettext("%(place)s: %(named)s persons are named, but only %(high)s announced.")
            yield sentence % {"place": place, "named": named, "high": reading.high}


def places_of(saved: Iterable[Any]) -> set[Mission | Deployment]:
    """The missions and deployments that the saved records are or point to."""
    places = set()
    for record in saved:
        if isinstance(record, Mission | Deployment):
            places.add(record)
        elif isinstance(record, HeadCount | Assignment | Channel):
            places.update(place for place in (record.mission, record.deployment) if place)
    return places
