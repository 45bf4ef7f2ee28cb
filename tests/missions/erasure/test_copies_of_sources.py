"""Copies of sources, when a person is erased whom they name."""

from __future__ import annotations

import pytest

from missions.held import Held
from organizations.models import SourceCopy
from tests.admin_pages import told
from tests.factories import AssignmentFactory, MissionFactory, ObserverFactory, SourceFactory, UserFactory
from tests.missions.erasure.conftest import ASKED, ask, confirm
from tests.missions.erasure.test_pages import press, request_of, text_of


@pytest.fixture
def person(northland_commission):
    """Named in one source, which has copies of two kinds."""
    return ObserverFactory(owner=northland_commission, family_name="Exampleov", given_names="Robin")


def copy_of(source, content):
    return SourceCopy.objects.store(source=source, content=content, by=UserFactory(), now=ASKED)[0]


def copies_of_two_sources(person):
    names, other = SourceFactory(code="names"), SourceFactory(code="other")
    AssignmentFactory(observer=person, mission=MissionFactory(), sources=[names])
    return {
        "text": copy_of(other, "Список: ЭКЗАМПЛ; EXAMPLEOVA Robin".encode()),
        "unseen": copy_of(other, b"<!doctype html><p title='r. exampl&#101;ov'>Photo"),
        "without": copy_of(names, b"Forty-six observers, among them an Exampl"),
        "scan": copy_of(names, b"%PDF-1.7 Exampleov"),
        "scan of another": copy_of(other, b"%PDF-1.7 Others"),
    }


def test_text_with_the_name_goes_and_everything_else_stays(person, coordinator, data_protection):
    copies = copies_of_two_sources(person)
    confirm(ask(person, coordinator), data_protection)
    left = {name for name, copy in copies.items() if SourceCopy.objects.filter(pk=copy.pk).exists()}
    assert left == {"without", "scan", "scan of another"}


def test_who_confirms_is_told_what_goes_and_what_to_look_at(client, person, coordinator, data_protection):
    copies = copies_of_two_sources(person)
    ask(person, coordinator)
    client.force_login(data_protection)
    text = text_of(client.get(request_of(person)))
    goes, _stays, to_look_at = text.partition("cannot be read here. Look at them")
    assert {name for name, copy in copies.items() if copy.name in goes} == {"text", "unseen"}
    assert {name for name, copy in copies.items() if copy.name in to_look_at} == {"scan"}
    assert told(press(client, request_of(person), "confirm")) == {"success": ["The person is erased."]}


def test_nobody_without_a_name_left_takes_copies_along(person, coordinator, data_protection):
    """Of somebody who is erased already nothing is found."""
    confirm(ask(person, coordinator), data_protection)
    person.refresh_from_db()
    copies_of_two_sources(person)
    assert Held(person).copies() == []
