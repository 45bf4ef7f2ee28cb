"""Two persons who are one, and how tests merge them and undo it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.apps import apps

from missions.actions import MergeRefused, merge_observers, undo_merge
from missions.models import Election, Reading
from missions.readings import readings_of
from tests.conftest import everything_stored
from tests.factories import (
    HeadCountFactory,
    MissionFactory,
    ObserverFactory,
    SourceFactory,
    StaffRoleFactory,
)

AT, LATER = datetime(2030, 7, 1, 12, tzinfo=UTC), datetime(2030, 7, 2, 9, tzinfo=UTC)
# What is not as before after undoing: when a row was changed, and the keys of rows that nobody points to.
NOT_RESTORED = {"missions.Reading": {"id"}, "missions.Assignment_sources": {"id"}}


@pytest.fixture
def kept(db):
    return ObserverFactory(family_name="Example", given_names="Robin")


@pytest.fixture
def merged(db):
    return ObserverFactory(family_name="Пример", given_names="Робин")


@pytest.fixture
def gazette(db):
    return SourceFactory(code="gazette")


@pytest.fixture
def mission(gazette):
    """A mission of which as many persons are announced as are named."""
    mission = MissionFactory(name="Northland mission", sources=[gazette])
    HeadCountFactory(mission=mission, kind="announced", value=1, source=gazette)
    return mission


@pytest.fixture
def keeper(administrator, northland_commission):
    """Keeps the persons of the Northland Commission and, as an administrator, those whom no organization keeps."""
    StaffRoleFactory(user=administrator, organization=northland_commission, role="coordinator")
    return administrator


@pytest.fixture
def merge(kept, merged, keeper):
    """Merges the two of the cast, unless others are given, by somebody who keeps both."""

    def act(*, into=kept, who=merged, by=keeper, now=AT):
        return merge_observers(kept=into, merged=who, by=by, now=now)

    return act


def undo(done, by=None):
    """Undone by whoever merged, unless somebody else is given."""
    return undo_merge(merge=done, by=by or done.by, now=LATER)


def stored():
    """Every row of ours but the merges, the log of changes and its feed, without what undoing does not restore."""
    found = {}
    for label, rows in everything_stored().items():
        names = [field.attname for field in apps.get_model(label)._meta.concrete_fields]
        left_out = NOT_RESTORED.get(label, set()) | {"modified_at"}
        kept_names = [name for name in names if name not in left_out]
        found[label] = sorted(
            (tuple(dict(zip(names, row, strict=True))[name] for name in kept_names) for row in rows), key=repr
        )
    for label in (
        "observers.Merge",
        "organizations.Change",
        "organizations.ChangedRecord",
        "organizations.PersonalValue",
        "organizations.Audience",
        "organizations.FeedEntry",
        "organizations.ToldRecord",
    ):
        found.pop(label)
    return found


def stale():
    """The readings that are not stored as they should be."""
    figures = ("election_id", "mission_id", "deployment_id", "kind", "audience", "value", "low", "high", "agreement")
    rebuilt = {tuple(getattr(row, name) for name in figures) for row in readings_of(list(Election.objects.all()))}
    return set(Reading.objects.values_list(*figures)) ^ rebuilt


def refused(act, **given):
    """The sentences with which it is refused, after making sure that it changed nothing."""
    before = everything_stored()
    with pytest.raises(MergeRefused) as refusal:
        act(**given)
    assert everything_stored() == before
    return refusal.value.sentences
