"""Persons and the spellings of their names in the API: who is named in public, and nothing that is not."""

from uuid import UUID

import pytest
from django.urls import reverse

from missions.models import Assignment
from observers.models import Observer
from tests.factories import AssignmentFactory, MissionFactory, ObserverFactory, ObserverNameFactory, SourceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


def rows(client, resource, query=""):
    return client.get(reverse(f"api:{resource}-list") + query).json()["results"]


@pytest.fixture
def ada(db):
    """Named by the gazette, which spells her in Russian; a memo spells her otherwise."""
    gazette, memo = SourceFactory(code="gazette"), SourceFactory(code="memo", public=False)
    person = ObserverFactory(
        family_name="Example",
        given_names="Ada",
        nationality="KZ",
        email="ada@zzyzx.example",
        phone="+7 700",
        internal_note="a note",
        languages="en; kk",
    )
    ObserverNameFactory(observer=person, language="ru", family_name="Пример", given_names="Ада", source=gazette)
    ObserverNameFactory(observer=person, language="en", family_name="Pseudonym", source=memo)
    AssignmentFactory(
        observer=person, mission=MissionFactory(sources=[gazette]), accreditation_number="77", sources=[gazette]
    )
    return person


def test_a_person_is_shown_without_what_is_private(client, ada):
    [row] = rows(client, "observers")
    modified_at = row.pop("modified_at")
    assert row == {
        "code": ada.code,
        "family_name": "Example",
        "given_names": "Ada",
        "nationality": "KZ",
        "gender": "",
        "languages": "en; kk",
        "withheld": False,
    }
    assert modified_at.endswith("Z")
    assert UUID(ada.code).version == 4


def test_a_place_is_shown_without_what_is_private(client, ada):
    [row] = rows(client, "assignments")
    assert {"accreditation_number", "internal_note"} & row.keys() == set()
    assert (row["observer"], row["family_name"], row["nationality"]) == (ada.code, "Example", "KZ")


def test_spellings_of_public_sources_are_shown_and_no_others(client, ada):
    assert [row["family_name"] for row in rows(client, "observer-names")] == ["Пример"]


@pytest.mark.parametrize("words", ["ada", "example", "АДА ПРИМЕР", "primer"])
def test_a_person_is_found_by_each_public_spelling(client, ada, words):
    ObserverFactory(family_name="Other")
    assert [row["code"] for row in rows(client, "observers", f"?q={words}")] == [ada.code]
    assert [row["observer"] for row in rows(client, "assignments", f"?q={words}")] == [ada.code]
    assert [row["observer"] for row in rows(client, "observer-names", f"?q={words}")] == [ada.code]


@pytest.mark.parametrize("words", ["pseudonym", "ada@zzyzx.example", "note", "700"])
def test_nobody_finds_a_person_by_what_is_private(client, ada, words):
    for resource in ("observers", "observer-names", "assignments"):
        assert rows(client, resource, f"?q={words}") == []


def test_who_keeps_a_person_finds_the_private_spelling_and_another_member_does_not(ada, viewer, outsider):
    Observer.objects.update(owner=viewer.staff_roles.get().organization)
    for model in (Observer, Assignment):
        found = [list(model.objects.visible_to(reader).search("pseudonym", reader)) for reader in (viewer, outsider)]
        assert [len(each) for each in found] == [1, 0]


@pytest.mark.parametrize("hide", [{"withheld": True}, {"assigned": False}])
def test_who_is_not_named_in_public_leaves_no_trace(client, ada, hide):
    if hide.get("withheld"):
        Observer.objects.update(withheld=True)
    else:
        ada.assignments.get().sources.set([SourceFactory(public=False)])
    for resource in ("observers", "observer-names", "assignments"):
        assert client.get(reverse(f"api:{resource}-list"), {"count": "exact"}).json()["count"] == 0
    assert client.get(reverse("api:observers-detail", args=[ada.code])).status_code == 404
    for resource in ("assignments", "observer-names"):
        refused = client.get(reverse(f"api:{resource}-list"), {"observer": ada.code})
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "observer")
    missions = rows(client, "missions")
    assert [mission["named"] for mission in missions] == [0]
