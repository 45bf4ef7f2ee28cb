"""Observers: random codes, spellings that search finds, languages."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ValidationError

from observers.models import Observer, ObserverName
from tests.factories import ObserverFactory, ObserverNameFactory


def test_the_code_of_a_person_is_a_random_uuid(db):
    first, second = ObserverFactory(), ObserverFactory(family_name="Example", given_names="Robin")
    assert [uuid.UUID(person.code).version for person in (first, second)] == [4, 4]
    assert first.code != second.code


def test_the_code_of_a_spelling_says_nothing_about_the_person(db):
    assert uuid.UUID(ObserverNameFactory().code).version == 4


def test_the_code_of_a_person_stays_when_the_name_changes(db):
    person = ObserverFactory()
    code = person.code
    person.family_name = "Married"
    person.save()
    assert Observer.objects.get().code == code


@pytest.mark.parametrize(
    ("given", "family", "full"),
    [("Robin", "Example", "Robin Example"), ("", "Suharto", "Suharto"), ("Әлия", "Өміртай", "Әлия Өміртай")],
)
def test_a_person_is_called_by_given_and_family_name(given, family, full):
    assert str(Observer(given_names=given, family_name=family)) == full
    assert str(ObserverName(given_names=given, family_name=family)) == full


def test_search_finds_a_person_by_every_spelling(db):
    person = ObserverFactory(given_names="Әлия", family_name="Өміртай")
    ObserverNameFactory(observer=person, language="en", given_names="Aliya", family_name="Omirtai")
    ObserverFactory()
    for typed in ("өміртай", "омиртай", "Omirtai", "aliya", "ALIIA OMIRTAY"):
        assert list(Observer.objects.search(typed)) == [person]
    assert [name.observer for name in ObserverName.objects.search("омиртай")] == [person]


def test_a_corrected_spelling_is_found_and_the_mistyped_one_is_not(db):
    name = ObserverNameFactory(family_name="Опечатка")
    name.family_name = "Верно"
    name.save()
    assert list(Observer.objects.search("верно")) == [name.observer]
    assert list(Observer.objects.search("опечатка")) == []


def test_a_person_keeps_its_spellings_in_the_search_when_it_is_saved_again(db):
    name = ObserverNameFactory(family_name="Верно")
    Observer.objects.get().save()
    assert list(Observer.objects.search("верно")) == [name.observer]


@pytest.mark.parametrize("languages", ["", "en", "en; ru; kk", "kaz; ru"])
def test_languages_are_codes_with_semicolons_between(languages):
    Observer(code="a", family_name="Example", languages=languages).clean_fields()


@pytest.mark.parametrize("languages", ["English", "en,ru", "en;ru", "EN", "en; ", "; en", "e"])
def test_other_ways_to_write_languages_are_refused(languages):
    with pytest.raises(ValidationError) as refused:
        Observer(code="a", family_name="Example", languages=languages).clean_fields()
    assert refused.value.message_dict == {
        "languages": ["Give languages as codes with “; ” between them, for example en; ru; kk."]
    }
