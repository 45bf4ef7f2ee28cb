"""Entering observers in the admin."""

from __future__ import annotations

import re

from observers.models import Observer, ObserverName
from tests.admin_pages import address_of, fill_in, refusals
from tests.factories import AssignmentFactory, MissionFactory, ObserverFactory, SourceFactory

ADD = address_of(Observer, "add")


def test_the_code_of_an_observer_is_random(admin_client):
    fill_in(admin_client, ADD, family_name="Example")
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", Observer.objects.get().code)


def test_a_person_is_entered_with_another_spelling_and_a_place_at_once(admin_client):
    source, mission = SourceFactory(), MissionFactory()
    typed = {
        "family_name": "Example",
        "given_names": "Robin",
        "names__0__family_name": "Пример",
        "names__0__language": "ru",
        "names__0__source": source.pk,
        "assignments__0__mission": mission.pk,
        "assignments__0__role": "head",
        "assignments__0__sources": [source.pk],
    }
    fill_in(admin_client, ADD, **typed)
    observer = Observer.objects.get()
    assert str(observer) == "Robin Example"
    assert str(observer.names.get()) == "Пример"
    place = observer.assignments.get()
    assert (place.mission, place.role, list(place.sources.all())) == (mission, "head", [source])


def test_an_observer_is_found_by_another_spelling(admin_client):
    observer = ObserverFactory(family_name="Gerasymov")
    ObserverFactory(family_name="Example")
    ObserverName.objects.create(observer=observer, language="uk", family_name="Герасимов")
    for typed in ("Герасимов", "gerasym"):
        assert list(admin_client.get(address_of(Observer), {"q": typed}).context["cl"].result_list) == [observer]


def test_languages_in_words_are_refused_at_their_box(admin_client):
    page = fill_in(admin_client, ADD, family_name="Example", languages="English")
    assert refusals(page) == {"languages": ["Give languages as codes with “; ” between them, for example en; ru; kk."]}


def test_an_observer_with_a_place_is_not_deleted(admin_client):
    place = AssignmentFactory(mission=MissionFactory())
    admin_client.post(address_of(Observer, "delete", place.observer), {"post": "yes"})
    assert Observer.objects.exists()


def test_an_observer_without_a_place_is_deleted_with_the_spellings(admin_client):
    observer = ObserverFactory()
    ObserverName.objects.create(observer=observer, language="ru", family_name="Пример")
    admin_client.post(address_of(Observer, "delete", observer), {"post": "yes"})
    assert not Observer.objects.exists()
