"""`manage.py check_readings`: whether every stored reading says what its head counts say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from lib.one_writer import wait_for_other_writers
from missions.models import Deployment, Election, Mission, Reading
from missions.readings import FIGURES, by_subject, readings_of
from missions.resting import RestingReadings
from organizations.feed import Feed

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from datetime import datetime

    from missions.readings import Figures, Told
ELECTIONS_AT_A_TIME = 50


class Command(BaseCommand):
    help = "Computes every stored reading anew and names those that are stale, missing or left over."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="mend them: store all readings anew")

    @transaction.atomic
    def handle(self, *args: Any, rebuild: bool, **options: Any) -> None:
        elections = list(Election.objects.order_by("code"))
        groups = [elections[at : at + ELECTIONS_AT_A_TIME] for at in range(0, len(elections), ELECTIONS_AT_A_TIME)]
        should_be = {key: told for some in groups for key, told in by_subject(readings_of(some)).items()}
        stored = by_subject(Reading.objects.all())
        compared = f"Compared {len({*should_be, *stored})} readings"
        wrong = [key for key in {*should_be, *stored} if should_be.get(key) != stored.get(key)]
        if not wrong:
            self.stdout.write(f"{compared}: all are as they should be.")
            return
        for line in sorted(
            f"{named(key)}: stored {shown(stored, key)}, should be {shown(should_be, key)}" for key in wrong
        ):
            self.stderr.write(line)
        if not rebuild:
            raise CommandError(f"{compared}: {len(wrong)} wrong. To mend them, run check_readings --rebuild.")
        rebuild_all(elections, now=timezone.now())
        self.stdout.write(f"{compared}: {len(wrong)} were wrong and are mended.")


def rebuild_all(elections: list[Election], *, now: datetime) -> None:
    """No record is changed by it, so that the log says nothing; but rows read otherwise, and copies are told."""
    wait_for_other_writers()
    feed, resting = Feed(at=now), RestingReadings()
    resting.look_at(elections)
    resting.rebuild(feed, now=now)
    feed.tell()


def named(key: Told) -> str:
    """The reading as people find it: `missions/<code>, announced, public`."""
    subject, number, kind, audience = key
    models: dict[str, Any] = {"election": Election, "mission": Mission, "deployment": Deployment}
    record = models[subject].objects.get(pk=number)
    return f"{record.resource()}/{record.code}, {kind}, {audience}"


def shown(readings: Figures, key: Told) -> str:
    """What a reading says, as far as it says anything: `value 46, low 46, high 46, agreement agreed`."""
    if key not in readings:
        return "nothing"
    told = zip(FIGURES, readings[key], strict=True)
    return ", ".join(f"{name} {figure}" for name, figure in told if figure is not None and figure is not False)
