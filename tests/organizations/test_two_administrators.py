"""Two administrators of one account: the second is told before anything of the first is overwritten."""

from __future__ import annotations

import html

import pytest
from django.test import Client
from django.utils import timezone

from organizations.models import StaffRole, User
from tests.admin_pages import address_of, fill_in, refusals, untouched
from tests.factories import StaffRoleFactory, UserFactory


def administrator(name):
    client = Client()
    client.force_login(UserFactory(username=name, is_superuser=True))
    return client


@pytest.fixture
def mine(db):
    return administrator("mine")


@pytest.fixture
def theirs(db):
    return administrator("theirs")


@pytest.fixture
def account(db):
    return UserFactory(username="somebody", first_name="Robin")


def opened(client, account):
    address = address_of(User, "change", account)
    return address, untouched(client.get(address))


def sentences(answer):
    return [sentence for told in refusals(answer).values() for sentence in told]


def test_the_second_is_told_who_and_when_and_nothing_is_stored(mine, theirs, account):
    address, sent = opened(mine, account)
    fill_in(theirs, address, is_active="")
    page = mine.post(address, sent | {"first_name": "Kim"})
    stored = User.objects.get(pk=account.pk)
    assert (page.status_code, stored.first_name, stored.is_active) == (200, "Robin", False)
    text = html.unescape(page.content.decode())
    assert "Somebody else changed this record while you had it open: theirs, " in text
    assert "Nothing is stored yet: saving again stores what stands here." in text
    assert 'value="Kim"' in text


def test_who_was_told_saves_again(mine, theirs, account):
    address, sent = opened(mine, account)
    fill_in(theirs, address, last_name="Example")
    told = mine.post(address, sent | {"first_name": "Kim"})
    assert mine.post(address, untouched(told)).status_code == 302
    assert User.objects.get(pk=account.pk).first_name == "Kim"


def test_a_role_that_somebody_else_gave_is_seen_first(mine, account):
    address, sent = opened(mine, account)
    StaffRoleFactory(user=account, role="viewer")
    mine.post(address, sent | {"first_name": "Kim"})
    assert User.objects.get(pk=account.pk).first_name == "Robin"
    assert StaffRole.objects.count() == 1


def test_signing_in_meanwhile_changes_no_version(mine, account):
    address, sent = opened(mine, account)
    User.objects.filter(pk=account.pk).update(last_login=timezone.now())
    assert mine.post(address, sent | {"first_name": "Kim"}).status_code == 302


def test_a_form_without_a_version_stores_nothing(mine, account):
    address, sent = opened(mine, account)
    del sent["_version"]
    mine.post(address, sent | {"first_name": "Kim"})
    assert User.objects.get(pk=account.pk).first_name == "Robin"
