"""Signing in with a password: what is counted, where one is led, and what is not there at all."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from organizations.models import User
from tests.organizations.sign_in.conftest import (
    LOGIN,
    PASSWORD,
    is_signed_in,
    sign_in,
    text_of,
    with_password,
)

pytestmark = pytest.mark.django_db


def test_the_right_password_lets_in_and_sends_no_mail(client, secretary):
    secretary.email = "secretary@northland.example"
    secretary.save()
    answer = sign_in(client, secretary)
    assert (answer.status_code, answer["Location"], is_signed_in(client)) == (302, "/", True)
    assert (mail.outbox, EmailAddress.objects.count()) == ([], 0)


def test_a_wrong_password_says_nothing_of_whether_there_is_such_an_account(client, secretary):
    answers = [
        text_of(client.post(LOGIN, {"login": name, "password": "no"})) for name in (secretary.username, "nobody")
    ]
    assert answers[0] == answers[1]
    assert "are not correct" in answers[0]


@pytest.mark.parametrize("client_of_each", [lambda first: first, lambda first: Client()], ids=["one", "many browsers"])
def test_after_five_wrong_passwords_the_sixth_is_refused_even_when_it_is_right(client, secretary, client_of_each):
    for _wrong in range(5):
        sign_in(client_of_each(client), secretary, "wrong")
    browser = client_of_each(client)
    answer = sign_in(browser, secretary)
    assert (is_signed_in(browser), "Too many failed login attempts" in text_of(answer)) == (False, True)


def test_four_wrong_passwords_still_let_the_right_one_in(client, secretary):
    for _wrong in range(4):
        sign_in(client, secretary, "wrong")
    sign_in(client, secretary)
    assert is_signed_in(client)


def test_another_spelling_of_the_name_or_of_the_host_has_no_tries_of_its_own(client, settings, secretary):
    settings.ALLOWED_HOSTS = [".tracker.example"]
    spellings = [secretary.username, secretary.username.upper(), f" {secretary.username}"]
    for number in range(5):
        # The port is not checked against ALLOWED_HOSTS.
        host = f"host-{number}.tracker.example:{8000 + number}"
        client.post(LOGIN, {"login": spellings[number % 3], "password": "wrong"}, headers={"host": host})
    sign_in(client, secretary, host="tracker.example")
    assert client.get("/account/", headers={"host": "tracker.example"}).status_code == 302


def test_wrong_passwords_of_one_address_count_together_whatever_the_name(client, secretary):
    for number in range(10):
        client.post(LOGIN, {"login": f"guess-{number}", "password": "wrong"})
    sign_in(client, secretary)
    assert not is_signed_in(client)


def test_behind_a_proxy_the_address_is_what_the_proxy_says_and_not_what_the_visitor_says(client, settings, secretary):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(10):
        said = f"10.0.0.{number}, 192.0.2.7"
        client.post(LOGIN, {"login": f"guess-{number}", "password": "wrong"}, headers={"x-forwarded-for": said})
    another = Client()
    sign_in(another, secretary, **{"x-forwarded-for": "10.0.0.99, 192.0.2.8"})
    sign_in(client, secretary, **{"x-forwarded-for": "10.0.0.99, 192.0.2.7"})
    assert (is_signed_in(another), is_signed_in(client)) == (True, False)


def test_without_a_proxy_nobody_chooses_an_address_by_a_header(client, secretary):
    for number in range(10):
        said = f"192.0.2.{number}"
        client.post(LOGIN, {"login": f"guess-{number}", "password": "wrong"}, headers={"x-forwarded-for": said})
    sign_in(client, secretary, **{"x-forwarded-for": "192.0.2.99"})
    assert not is_signed_in(client)


def test_wrong_passwords_are_counted_where_all_processes_see_them(client, secretary):
    sign_in(client, secretary, "wrong")
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM cache WHERE cache_key LIKE %s", ["%login_failed%"])
        assert cursor.fetchone() == (2,)  # by name, and by address


def test_a_deactivated_account_is_told_so_only_after_the_right_password(client, deactivated):
    with_password(deactivated)
    refused = text_of(sign_in(client, deactivated, "wrong"))
    answer = sign_in(client, deactivated)
    assert ("not in use" in refused, answer["Location"], is_signed_in(client)) == (False, "/account/inactive/", False)
    assert "This account is not in use" in text_of(client.get(answer["Location"]))


# Nobody makes an account


NAMES_OF_OPEN_DOORS = [
    "account_signup",
    "account_email",
    "account_reset_password",
    "account_confirm_email",
    "account_set_password",
    "account_request_login_code",
    "socialaccount_signup",
    "socialaccount_connections",
    "mfa_add_webauthn",
    "mfa_login_webauthn",
]
DOORS_OF_THE_LIBRARY = [
    "signup/",
    "signup/passkey/",
    "email/",
    "confirm-email/",
    "password/reset/",
    "password/set/",
    "login/code/",
    "login/code/confirm/",
    "3rdparty/",
    "3rdparty/signup/",
    "3rdparty/login/cancelled/",
    "social/signup/",
    "2fa/",
    "2fa/webauthn/",
    "2fa/webauthn/login/",
    "2fa/trust/",
    "oidc/anything/login/",
    "sso/login/",
    "sso/callback/",
    "sessions/",
]


@pytest.mark.parametrize("door", DOORS_OF_THE_LIBRARY)
def test_no_door_that_makes_accounts_or_sends_mail_is_there(client, administrator, door):
    asked = [
        client.get(f"/account/{door}"),
        client.post(f"/account/{door}", {"username": "eve", "password1": PASSWORD}),
    ]
    client.force_login(administrator)
    asked.append(client.get(f"/account/{door}"))
    assert [answer.status_code for answer in asked] == [404, 404, 404]
    assert User.objects.count() == 1


def test_the_library_knows_no_address_of_such_a_door():
    found = []
    for name in NAMES_OF_OPEN_DOORS:
        try:
            found.append(reverse(name))
        except NoReverseMatch:
            continue
    assert (found, len(NAMES_OF_OPEN_DOORS)) == ([], 10)


def test_the_sign_in_page_offers_neither_sign_up_nor_a_new_password(client):
    page = client.get(LOGIN)
    links = [part.partition('"')[0] for part in page.content.decode().split('href="/account/')[1:]]
    # One to this page is that to its English.
    assert links == ["login/", "login/"]
    assert "Forgotten your password? Ask an administrator of this installation." in text_of(page)


# Where one is led


ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/",
    "http:///evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "/\t/evil.example",
    "https://testserver@evil.example/",
    "https://northland.tracker.example/",
]


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_signing_in_and_out_leads_nowhere_else(client, settings, secretary, elsewhere):
    settings.ALLOWED_HOSTS = ["testserver", ".tracker.example"]
    led_to = [sign_in(client, secretary, then=elsewhere.replace("\t", "%09"))["Location"]]
    sent = {"next": elsewhere}
    led_to.append(client.get(LOGIN, sent)["Location"])
    led_to.append(client.post("/account/reauthenticate/", {"password": PASSWORD, **sent})["Location"])
    changed = {"oldpassword": PASSWORD, "password1": f"{PASSWORD}!", "password2": f"{PASSWORD}!"}
    led_to.append(client.post("/account/password/change/", changed | sent)["Location"])
    led_to.append(client.get("/admin/login/", sent)["Location"])
    led_to.append(client.post("/account/logout/", sent)["Location"])
    led_to.append(client.get("/admin/login/", sent)["Location"])
    assert led_to == ["/", "/", "/", "/account/", "/admin/", "/", "/account/login/?next=/admin/"]


def test_signing_in_leads_to_the_page_that_was_asked_for(client, secretary):
    assert sign_in(client, secretary, then="/matrix/%3Frows%3Dsender_country")["Location"] == (
        "/matrix/?rows=sender_country"
    )


# The admin's own sign-in


@pytest.mark.parametrize("access", ["public_access", "members_only"])
def test_the_admin_is_entered_by_the_same_sign_in(client, request, secretary, access):
    request.getfixturevalue(access)
    door = client.get("/admin/missions/mission/?year=2030", follow=True).redirect_chain[-1][0]
    assert door == "/account/login/?next=/admin/missions/mission/%3Fyear%3D2030"
    answer = client.post(door, {"login": secretary.username, "password": PASSWORD})
    assert answer["Location"] == "/admin/missions/mission/?year=2030"


def test_the_admins_own_sign_in_takes_no_password(client, administrator):
    with_password(administrator)
    answer = client.post("/admin/login/", {"username": "administrator", "password": PASSWORD})
    assert (answer["Location"], is_signed_in(client)) == ("/account/login/?next=/admin/", False)


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/admin/missions/mission/", "/admin/nothing/"])
def test_whoever_may_not_enter_data_is_refused_and_not_sent_round(client, viewer, address):
    viewer.is_staff = True
    viewer.save()
    client.force_login(viewer)
    answer = client.get(address)
    assert (answer.status_code, "This is not allowed" in text_of(answer)) == (403, True)


def test_to_enter_data_is_offered_to_whom_it_is_open(client, viewer, coordinator, administrator):
    offered = {}
    for user in (viewer, coordinator, administrator):
        client.force_login(user)
        offered[user.username] = "Enter data" in text_of(client.get("/account/"))
    assert offered == {"viewer": False, "coordinator": True, "administrator": True}


def test_signing_out_of_the_admin_is_signing_out(client, administrator):
    client.force_login(administrator)
    answer = client.post("/admin/logout/")
    assert (answer.status_code, answer["Location"], is_signed_in(client)) == (302, "/", False)


def test_asking_for_the_page_signs_nobody_out(client, administrator):
    client.force_login(administrator)
    statuses = [client.get(address).status_code for address in ("/admin/logout/", "/account/logout/")]
    assert (statuses, is_signed_in(client)) == ([200, 200], True)


def test_passwords_are_kept_as_argon2(secretary):
    assert secretary.password.startswith("argon2$argon2id$")
