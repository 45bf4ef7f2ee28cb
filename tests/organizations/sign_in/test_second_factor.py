"""A second factor: asked of whoever enters data, at every door, and kept so that a copy of the database gives none."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from config.api import router
from organizations.models import ApiToken
from tests.conftest import person
from tests.organizations.sign_in.conftest import (
    PASSWORD,
    code_of,
    is_signed_in,
    sign_in,
    text_of,
    with_password,
    with_second_factor,
)

pytestmark = pytest.mark.django_db

SET_UP = "/account/2fa/totp/activate/"


@pytest.fixture
def data_protection(db, viewer):
    viewer.is_data_protection = True
    viewer.save()
    return viewer


# Who must have one


@pytest.mark.parametrize("role", ["coordinator", "organizer", "administrator", "data_protection"])
@pytest.mark.parametrize("address", ["/", "/deployments/", "/admin/", "/admin/missions/mission/add/", "/nothing/"])
def test_who_enters_data_sets_up_a_second_factor_before_anything_else(client, request, mfa, role, address):
    client.force_login(request.getfixturevalue(role))
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (302, SET_UP)
    assert "A stolen password must not be enough for that" in text_of(client.get(SET_UP))


def test_who_reads_needs_none(client, mfa, viewer):
    client.force_login(viewer)
    assert (client.get("/").status_code, client.get("/api/v1/deployments/").status_code) == (200, 200)


def test_without_the_setting_nobody_needs_one(client, settings, administrator):
    settings.REQUIRE_MFA = False
    client.force_login(administrator)
    assert client.get("/admin/").status_code == 200


def test_with_a_second_factor_everything_opens(client, mfa, administrator):
    with_second_factor(administrator)
    client.force_login(administrator)
    assert [client.get(address).status_code for address in ("/", "/admin/", "/api/v1/deployments/")] == [200, 200, 200]


def test_recovery_codes_alone_are_no_second_factor(client, mfa, administrator):
    Authenticator.objects.create(user=administrator, type=Authenticator.Type.RECOVERY_CODES, data={})
    client.force_login(administrator)
    assert client.get("/admin/")["Location"] == SET_UP


def test_a_role_given_or_taken_counts_from_the_next_request_on(client, mfa, viewer):
    client.force_login(viewer)
    statuses = [client.get("/").status_code]
    viewer.staff_roles.update(role="coordinator")
    statuses.append(client.get("/").status_code)
    viewer.staff_roles.update(role="viewer")
    statuses.append(client.get("/").status_code)
    assert statuses == [200, 302, 200]


# No way round it


def api_addresses():
    found = [reverse("api:api-root"), reverse("api:schema"), reverse("api:docs"), reverse("api:dataset")]
    return [*found, *(reverse(f"api:{name}-list") for _prefix, _viewset, name in router.registry), "/api/v1/nothing/"]


@pytest.mark.parametrize("door", ["session", "token"])
def test_the_api_says_so_by_session_and_by_token(client, mfa, coordinator, door):
    headers = {}
    if door == "session":
        client.force_login(coordinator)
    else:
        headers = {"Authorization": f"Bearer {token_of(coordinator)}"}
    addresses = api_addresses()
    answers = {address: client.get(address, headers=headers) for address in addresses}
    said = {address: (answer.status_code, json.loads(answer.content)["detail"]) for address, answer in answers.items()}
    assert said == dict.fromkeys(addresses, (403, "Set up your second factor at /account/ first."))
    assert {answer["Content-Type"] for answer in answers.values()} == {"application/problem+json"}
    assert len(addresses) > 18


def token_of(user, scope="read"):
    return ApiToken.objects.create(user=user, expiry=timedelta(days=1), name="a program", scope=scope)[1]


def test_signing_in_at_the_admins_door_leads_to_setting_it_up(client, mfa, secretary):
    door = client.get("/admin/login/")["Location"]
    answer = client.post(door, {"login": secretary.username, "password": PASSWORD})
    assert (answer["Location"], client.get("/admin/")["Location"]) == ("/admin/", SET_UP)


def test_a_password_alone_opens_no_other_page_of_the_sign_in(client, mfa, secretary):
    with_second_factor(secretary)
    answer = sign_in(client, secretary)
    assert answer["Location"] == "/account/2fa/authenticate/"
    doors = [
        "/account/",
        "/account/tokens/new/",
        "/account/password/change/",
        "/account/reauthenticate/",
        "/account/2fa/reauthenticate/",
        SET_UP,
        "/account/2fa/totp/deactivate/",
        "/account/2fa/recovery-codes/",
        "/account/2fa/recovery-codes/generate/",
        "/account/2fa/recovery-codes/download/",
        "/admin/",
        "/deployments/",
    ]
    led_to = {door: client.get(door)["Location"].partition("?")[0] for door in doors}
    sign_in_pages = {"/account/login/", "/admin/login/"}
    assert set(led_to.values()) <= sign_in_pages
    # Whoever has given the password is led on to the second factor, and by a second password to no other place.
    assert client.get("/account/login/")["Location"] == "/account/2fa/authenticate/"
    assert client.get("/api/v1/deployments/").status_code == 401
    assert Authenticator.objects.filter(user=secretary).count() == 1


def test_giving_up_at_the_second_factor_begins_anew(client, mfa, secretary):
    with_second_factor(secretary)
    sign_in(client, secretary)
    answer = client.post("/account/logout/", {"next": "/account/login/"})
    assert (answer["Location"], client.get("/account/login/").status_code) == ("/account/login/", 200)


# Setting it up, and signing in with it


def test_it_is_set_up_right_after_signing_in_without_another_password(client, mfa, secretary):
    sign_in(client, secretary)
    page = client.get(SET_UP)
    secret = re.search(r'class="secret">([A-Z2-7]+)<', page.content.decode()).group(1)
    refused = client.post(SET_UP, {"code": "000000" if code_of(secret) != "000000" else "111111"})
    done = client.post(SET_UP, {"code": code_of(secret)})
    assert ("Incorrect code" in text_of(refused), done["Location"]) == (True, "/account/2fa/recovery-codes/")
    codes = re.findall(r"<li><code>([^<]+)</code>", client.get(done["Location"]).content.decode())
    assert (len(codes), client.get("/admin/").status_code) == (10, 200)


def test_later_it_takes_the_password_once_more(client, mfa, secretary):
    sign_in(client, secretary)
    session = client.session
    session["signed_in_at"] -= 301
    session.save()
    answer = client.get(SET_UP)
    assert answer["Location"] == "/account/reauthenticate/?next=%2Faccount%2F2fa%2Ftotp%2Factivate%2F"
    back = client.post(answer["Location"], {"password": PASSWORD, "next": SET_UP})
    assert (back["Location"], client.get(SET_UP).status_code) == (SET_UP, 200)


def test_signing_in_takes_the_code_of_the_app(client, mfa, secretary):
    secret = with_second_factor(secretary)
    sign_in(client, secretary, then="/matrix/")
    answer = client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert (answer["Location"], is_signed_in(client)) == ("/matrix/", True)


def test_a_code_lets_in_once(client, another_client, mfa, secretary):
    secret = with_second_factor(secretary)
    for browser in (client, another_client):
        sign_in(browser, secretary)
        browser.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert (is_signed_in(client), is_signed_in(another_client)) == (True, False)


def test_after_five_wrong_codes_the_sixth_is_refused_even_when_it_is_right(client, mfa, secretary):
    secret = with_second_factor(secretary)
    wrong = str((int(code_of(secret)) + 1) % 1_000_000).zfill(6)
    sign_in(client, secretary)
    for _wrong in range(5):
        client.post("/account/2fa/authenticate/", {"code": wrong})
    client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert not is_signed_in(client)


def test_a_recovery_code_lets_in_once_instead(client, another_client, mfa, secretary):
    sign_in(client, secretary)
    secret = re.search(r'class="secret">([A-Z2-7]+)<', client.get(SET_UP).content.decode()).group(1)
    client.post(SET_UP, {"code": code_of(secret)})
    page = client.get("/account/2fa/recovery-codes/").content.decode()
    recovery_code = re.search(r"<li><code>([^<]+)</code>", page).group(1)
    client.post("/account/logout/")
    for browser in (client, another_client):
        sign_in(browser, secretary)
        browser.post("/account/2fa/authenticate/", {"code": recovery_code})
    assert (is_signed_in(client), is_signed_in(another_client)) == (True, False)


def test_taken_away_it_must_be_set_up_again(client, mfa, secretary):
    secret = with_second_factor(secretary)
    sign_in(client, secretary)
    client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert client.post("/account/2fa/totp/deactivate/")["Location"] == "/account/"
    assert client.get("/admin/")["Location"] == SET_UP


# How it is kept


def test_the_database_holds_neither_secret_nor_recovery_codes(client, mfa, secretary):
    sign_in(client, secretary)
    secret = re.search(r'class="secret">([A-Z2-7]+)<', client.get(SET_UP).content.decode()).group(1)
    client.post(SET_UP, {"code": code_of(secret)})
    page = client.get("/account/2fa/recovery-codes/").content.decode()
    codes = re.findall(r"<li><code>([^<]+)</code>", page)
    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert ([each for each in (secret, *codes) if each in kept], len(codes)) == ([], 10)
    seeds = [each.data["seed"] for each in Authenticator.objects.filter(type="recovery_codes")]
    assert all(seed.startswith("gAAAA") for seed in seeds)


def test_with_another_secret_key_no_code_fits_and_nothing_breaks(client, mfa, settings, secretary):
    secret = with_second_factor(secretary)
    settings.SECRET_KEY = "another key than on the day when it was set up"  # noqa: S105 (of the tests alone)
    sign_in(client, secretary)
    answer = client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert (answer.status_code, is_signed_in(client)) == (200, False)


def test_a_key_that_was_replaced_still_reads_what_it_wrote(client, mfa, settings, secretary):
    secret = with_second_factor(secretary)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key than on the day when it was set up"  # noqa: S105 (of the tests alone)
    sign_in(client, secretary)
    client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert is_signed_in(client)


def test_another_person_of_the_same_role_is_asked_for_their_own(client, mfa, secretary, northland_commission):
    secret = with_second_factor(secretary)
    colleague = with_password(person("colleague", northland_commission, "coordinator"))
    with_second_factor(colleague, "KRSXG5CTMVRXEZLU")
    sign_in(client, colleague)
    client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert not is_signed_in(client)
