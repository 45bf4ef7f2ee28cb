"""What was looked for of an election: for each subject and kind of count what was found, and what is not published.

That somebody looked and found nothing is a head count like any other: `not_published`, as of the day of checking, in
the source that was read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from lib.one_writer import wait_for_other_writers
from missions.lists import with_named, with_readings
from missions.models import Deployment, Election, HeadCount, Mission
from missions.readings import READ_KINDS
from missions.reconciliation import CALLED_OFF
from missions.resting import RestingReadings
from organizations.changes import Watched, log_change
from organizations.forms import keeper_of_new
from organizations.models import Change
from organizations.policy import kept_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from organizations.models import Source, User
    from organizations.policy import Reader

    Subject = Election | Mission | Deployment

NOT_PUBLISHED = HeadCount.Qualifier.NOT_PUBLISHED


@dataclass
class Cell:
    """What is known of one kind of count of one subject: rows that hold figures, and rows that say that none is."""

    subject: Any
    kind: str
    figures: list[HeadCount] = field(default_factory=list)
    blanks: list[HeadCount] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.subject.resource()}/{self.subject.code}/{self.kind}"

    @property
    def state(self) -> str:
        """The first that holds; a 0 that is published is a figure as well, and reads “none”."""
        if self.figures:
            return "found"
        if self.blanks:
            return "not_published"
        return "not_applicable" if self.subject.status in CALLED_OFF else "not_looked_for"

    @property
    def is_open(self) -> bool:
        return self.state == "not_looked_for"


class LookedForRefused(Exception):
    """Nothing was changed. `sentences` says why, by the key of the cell."""

    def __init__(self, sentences: dict[str, list[str]]) -> None:
        super().__init__(f"{len(sentences)} cells")
        self.sentences = sentences


def subjects_of_election(election: Election, user: Reader) -> list[Subject]:
    """The election, its missions and its parties that the reader sees, each with its readings and persons named."""
    [whole] = with_readings(Election.objects.visible_to(user).filter(pk=election.pk), user).with_sources(user)
    missions = Mission.objects.visible_to(user).filter(election=election).with_labels(user).with_sources(user)
    parties = Deployment.objects.visible_to(user).filter(election=election).with_labels(user).with_sources(user)
    return [
        whole,
        *with_named(with_readings(missions, user), user, "mission").order_by("code"),
        *with_named(with_readings(parties, user), user, "deployment").order_by("code"),
    ]


def cells_of(subjects: Iterable[Subject], election: Election, user: Reader) -> dict[str, Cell]:
    """The cells of these subjects by their keys, subject by subject."""
    cells = [Cell(subject, kind) for subject in subjects for kind in READ_KINDS]
    found = {(type(cell.subject), cell.subject.pk, cell.kind): cell for cell in cells}
    rows = HeadCount.objects.visible_to(user).in_elections([election]).filter(kind__in=READ_KINDS)
    for row in rows.select_related("source").order_by("as_of", "group", "code"):
        for model, key in ((Election, row.election_id), (Mission, row.mission_id), (Deployment, row.deployment_id)):
            cell = found.get((model, key, row.kind))
            if cell and row.value is not None:
                cell.figures.append(row)
            elif cell and row.group == HeadCount.Group.ALL:
                cell.blanks.append(row)
    return {cell.key: cell for cell in cells}


def may_be_taken_back(user: Reader) -> Any:
    """Rows that say that nothing is published, of those that the user's organizations keep."""
    return HeadCount.objects.filter(
        kept_by(user), qualifier=NOT_PUBLISHED, kind__in=READ_KINDS, group=HeadCount.Group.ALL
    )


@transaction.atomic
def mark_looked_for(
    *,
    election: Election,
    ticked: Iterable[str],
    taken_back: Iterable[int],
    on: date | None,
    source: Source | None,
    by: User,
    now: datetime,
) -> tuple[int, int]:
    """Writes a row “not published” for each cell that is ticked, and takes rows back; one act in the log.

    Answers how many were written and taken back. Raises LookedForRefused, with nothing changed.
    """
    # Two who mark the same cell do so one after the other.
    wait_for_other_writers()
    Election.objects.select_for_update().get(pk=election.pk)
    cells = cells_of(subjects_of_election(election, by), election, by)
    of_subjects = ("election", "mission__election", "deployment__election", "source")
    found = may_be_taken_back(by).in_elections([election]).filter(pk__in=list(taken_back))
    rows = list(found.select_related(*of_subjects))
    watched = Watched()
    watched.look_at(HeadCount, [row.pk for row in rows])
    resting = RestingReadings()
    resting.look_at(rows)
    for row in rows:
        row.delete()
    new = list(rows_to_write(cells, list(ticked), on=on, source=source, by=by))
    watched.made(HeadCount, [row.pk for row in new])
    resting.look_at(new)
    log_change(by=by, door=Change.Door.ADMIN, at=now, records=watched.changes(), resting=resting)
    return len(new), len(rows)


def rows_to_write(
    cells: dict[str, Cell], ticked: list[str], *, on: date | None, source: Source | None, by: User
) -> Iterator[HeadCount]:
    """The rows for these cells, stored. All refusals are told together."""
    refused: dict[str, list[str]] = {}
    for key in ticked:
        cell = cells.get(key)
        if cell is None or not cell.is_open:
            refused[key] = [_("Something else is recorded here meanwhile: it was not overwritten.")]
            continue
        row = HeadCount(
            kind=cell.kind,
            qualifier=NOT_PUBLISHED,
            as_of=on,  # type: ignore[misc]  # one that is missing is refused below
            source=source,
            owner=keeper_of_new(getattr(cell.subject, "owner", None), by),
            **{str(cell.subject._meta.model_name): cell.subject},
        )
        try:
            row.full_clean(exclude=["code"])
        except ValidationError as error:
            refused[key] = error.messages
            continue
        row.save()
        yield row
    if refused:
        raise LookedForRefused(refused)
