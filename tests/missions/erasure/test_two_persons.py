"""Who asks that somebody is erased, who confirms it, who takes it back: never one person alone."""

from __future__ import annotations

import pytest

from missions.erasure import ask_erasure, withdraw_erasure
from observers.models import ERASED_NAME, Erasure
from organizations.models import ChangedRecord, StaffRole
from tests.conftest import everything_stored
from tests.factories import AssignmentFactory, MissionFactory, ObserverFactory, StaffRoleFactory, UserFactory
from tests.missions.erasure.conftest import ASKED, CONFIRMED, ask, confirm, refused

ONLY_KEEPERS_ASK = "Only who keeps a person, and data protection, ask that the person is erased."
ONLY_DATA_PROTECTION = "Only data protection confirms that a person is erased."
SOMEBODY_ELSE = "Somebody else has to confirm what you have asked for."
ERASED_ALREADY = "This person is erased already."


@pytest.fixture
def person(northland_commission, secretariat):
    """Kept by the Northland Commission, in a mission of the secretariat."""
    person = ObserverFactory(owner=northland_commission)
    AssignmentFactory(observer=person, owner=northland_commission, mission=MissionFactory(organizer=secretariat))
    return person


def withdraw(erasure, by):
    withdraw_erasure(erasure=erasure, by=by, now=CONFIRMED)


@pytest.mark.parametrize("asker", ["coordinator", "data_protection"])
def test_the_keeper_and_data_protection_ask(person, asker, request):
    user = request.getfixturevalue(asker)
    erasure = ask(person, user)
    assert (erasure.observer, erasure.asked_by, erasure.asked_at) == (person, user, ASKED)
    assert (erasure.reason, erasure.confirmed_by, erasure.confirmed_at) == ("Letter of 1 July 2030", None, None)
    person.refresh_from_db()
    assert not person.is_erased


@pytest.mark.parametrize("asker", ["viewer", "outsider", "organizer", "administrator", "deactivated", "anonymous"])
def test_nobody_else_asks(person, asker, request):
    assert refused(ask, person, request.getfixturevalue(asker)) == ONLY_KEEPERS_ASK
    assert not Erasure.objects.exists()


def test_administrators_ask_for_persons_whom_no_organization_keeps(administrator):
    erasure = ask(ObserverFactory(), administrator)
    assert refused(confirm, erasure, administrator) == ONLY_DATA_PROTECTION


def test_somebody_of_data_protection_confirms(person, coordinator, data_protection):
    erasure = ask(person, coordinator)
    confirm(erasure, data_protection)
    erasure.refresh_from_db()
    assert (erasure.confirmed_by, erasure.confirmed_at) == (data_protection, CONFIRMED)
    assert erasure.observer.family_name == ERASED_NAME


@pytest.mark.parametrize("confirmer", ["coordinator", "viewer", "outsider", "organizer", "administrator", "anonymous"])
def test_nobody_else_confirms(person, data_protection, confirmer, request):
    erasure, user = ask(person, data_protection), request.getfixturevalue(confirmer)
    before = everything_stored()
    assert refused(confirm, erasure, user) == ONLY_DATA_PROTECTION
    assert everything_stored() == before


def test_data_protection_does_not_confirm_what_it_has_asked_for_itself(person, data_protection, other_data_protection):
    erasure = ask(person, data_protection)
    before = everything_stored()
    assert refused(confirm, erasure, data_protection) == SOMEBODY_ELSE
    assert everything_stored() == before
    confirm(erasure, other_data_protection)


def test_somebody_with_two_roles_is_one_person(person, coordinator):
    """Asked as coordinator, to be confirmed as data protection."""
    erasure = ask(person, coordinator)
    coordinator.is_data_protection = True
    coordinator.save()
    assert refused(confirm, erasure, coordinator) == SOMEBODY_ELSE


def test_who_was_deactivated_confirms_nothing(person, coordinator, data_protection):
    erasure = ask(person, coordinator)
    data_protection.is_active = False
    data_protection.save()
    assert refused(confirm, erasure, data_protection) == ONLY_DATA_PROTECTION


def test_who_lost_the_duty_confirms_nothing(person, coordinator, data_protection):
    erasure = ask(person, coordinator)
    data_protection.is_data_protection = False
    data_protection.save()
    assert refused(confirm, erasure, data_protection) == ONLY_DATA_PROTECTION


def test_of_two_who_confirm_at_once_one_finds_it_done(person, coordinator, data_protection, other_data_protection):
    """Both have read the request before; it is read again, and locked, when it is carried out."""
    ask(person, coordinator)
    one, other = Erasure.objects.get(), Erasure.objects.get()
    confirm(one, data_protection)
    before = everything_stored()
    assert refused(confirm, other, other_data_protection) == ERASED_ALREADY
    assert everything_stored() == before


def test_it_is_asked_once(person, coordinator, data_protection):
    erasure = ask(person, coordinator)
    assert refused(ask, person, data_protection) == "It was asked already that this person is erased."
    confirm(erasure, data_protection)
    assert refused(ask, person, coordinator) == ERASED_ALREADY
    assert Erasure.objects.get() == erasure


@pytest.mark.parametrize("who", ["coordinator", "data_protection"])
def test_who_asked_and_data_protection_withdraw_a_request(person, coordinator, who, request):
    withdraw(ask(person, coordinator), request.getfixturevalue(who))
    assert not Erasure.objects.exists()
    told = [(row.action, row.fields, row.change.door) for row in ChangedRecord.objects.order_by("pk")]
    assert told == [
        ("changed", {"erasure": [None, "asked"]}, "erasure"),
        ("changed", {"erasure": ["asked", None]}, "erasure"),
    ]
    ask(person, coordinator)


def test_nobody_else_withdraws_it(person, coordinator, northland_commission, organizer, administrator):
    erasure = ask(person, coordinator)
    colleague = StaffRoleFactory(organization=northland_commission, role=StaffRole.Role.COORDINATOR).user
    for user in (colleague, organizer, administrator):
        assert refused(withdraw, erasure, user) == "Only who asked for it, and data protection, withdraw it."
    assert Erasure.objects.get() == erasure


def test_what_was_confirmed_is_not_withdrawn_and_what_was_withdrawn_not_confirmed(person, coordinator, data_protection):
    stale = ask(person, coordinator)
    withdraw(Erasure.objects.get(), coordinator)
    assert refused(confirm, stale, data_protection) == "This request was withdrawn already."
    erasure = ask(person, coordinator)
    confirm(erasure, data_protection)
    assert refused(withdraw, Erasure.objects.get(), coordinator) == ERASED_ALREADY


def test_who_sees_which_requests(person, request):
    keepers = ("coordinator", "administrator", "data_protection")
    coordinator, administrator, data_protection = map(request.getfixturevalue, keepers)
    erasure = ask(person, coordinator)
    other = ask_erasure(observer=ObserverFactory(), by=administrator, reason="Letter", now=ASKED)
    seen = {user: set(Erasure.objects.visible_to(user)) for user in (coordinator, administrator, data_protection)}
    assert seen == {coordinator: {erasure}, administrator: {other}, data_protection: {erasure, other}}
    others = map(request.getfixturevalue, ("viewer", "outsider", "organizer"))
    for user in (*others, UserFactory()):
        assert not Erasure.objects.visible_to(user).exists()
