"""Entering observers in the admin."""

from __future__ import annotations

import re

from observers.models import Observer, ObserverName
from tests.admin_pages import address_of, fill_in, refusals
from tests.factories import MissionFactory, ObserverFactory, SourceFactory

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


def test_nobody_deletes_a_person(client, administrator, coordinator):
    """Not even one on whom nothing hangs, nor the keeper: persons are withheld or erased."""
    for clerk, owner in ((administrator, None), (coordinator, coordinator.staff_roles.get().organization)):
        client.force_login(clerk)
        person = ObserverFactory(owner=owner)
        assert client.get(address_of(Observer, "change", person)).status_code == 200
        assert client.post(address_of(Observer, "delete", person), {"post": "yes"}).status_code == 403
        assert "deletelink" not in client.get(address_of(Observer, "change", person)).content.decode()
    assert Observer.objects.count() == 2


def test_a_spelling_is_deleted_by_the_keeper(client, coordinator):
    client.force_login(coordinator)
    person = ObserverFactory(owner=coordinator.staff_roles.get().organization)
    ObserverName.objects.create(observer=person, language="ru", family_name="Пример")
    fill_in(client, address_of(Observer, "change", person), **{"names-0-DELETE": "on"})
    assert not ObserverName.objects.exists()
    assert list(Observer.objects.search("Пример")) == []
