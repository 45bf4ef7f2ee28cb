"""Saved lists, when a person is erased whose name somebody searched for."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from organizations.models import SavedView
from tests.factories import ObserverFactory
from tests.missions.erasure.conftest import ask, confirm


@pytest.fixture
def person(northland_commission):
    return ObserverFactory(owner=northland_commission, family_name="Ёжиков", given_names="Robin")


@pytest.mark.parametrize(
    ("name", "query", "is_left"),
    [
        ("Who sent him", {"q": "robin ёжикова"}, False),
        ("ЁЖИКОВ in 2030", {}, False),
        ("Ёжиков, later called otherwise", {}, False),
        ("Who sent whom", {"q": "Подъёжиков", "sender_country": "KZ"}, True),
        ("Kazakhstan", {"q": "Robin"}, True),
    ],
)
def test_a_list_with_the_name_goes_and_all_others_stay(person, coordinator, data_protection, name, query, is_left):
    view = SavedView.objects.create(user=coordinator, name=name, query=urlencode(query))
    if "later" in name:
        SavedView.objects.filter(pk=view.pk).update(name="2030")
    confirm(ask(person, coordinator), data_protection)
    assert SavedView.objects.exists() == is_left
