"""A person of whom something stands everywhere, and how tests have that person erased."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from missions.erasure import ErasureRefused, ask_erasure, erase_person
from tests.factories import UserFactory
from tests.missions.erasure.everywhere import Everywhere

ASKED, CONFIRMED = datetime(2030, 7, 2, 9, tzinfo=UTC), datetime(2030, 7, 3, 10, tzinfo=UTC)


@pytest.fixture
def everywhere(db):
    return Everywhere()


@pytest.fixture
def data_protection(db):
    """Sees all persons, and confirms that somebody is erased."""
    return UserFactory(username="data_protection", is_data_protection=True)


@pytest.fixture
def other_data_protection(db):
    return UserFactory(username="other_data_protection", is_data_protection=True)


def ask(person, by, reason="Letter of 1 July 2030"):
    return ask_erasure(observer=person, by=by, reason=reason, now=ASKED)


def confirm(erasure, by):
    erase_person(erasure=erasure, by=by, now=CONFIRMED)


def erase(everywhere):
    """Asked by the coordinator of the keeper, confirmed by data protection."""
    erasure = ask(everywhere.person, everywhere.coordinator)
    confirm(erasure, everywhere.data_protection)
    everywhere.person.refresh_from_db()
    return erasure


def said_once(everywhere, remark):
    """A remark on the mission, which somebody has taken out since: it stands in the log alone."""
    for said in (remark, ""):
        everywhere.change(everywhere.mission, remark=said)


def refused(act, *args):
    """The sentence with which an act is refused."""
    with pytest.raises(ErasureRefused) as found:
        act(*args)
    return found.value.sentence
