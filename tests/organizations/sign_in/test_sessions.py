"""Sessions end by themselves, and all of them, tokens too, when the password changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.management.commands import changepassword
from django.core.management import call_command
from django.urls import reverse

from organizations.models import ApiToken, User
from tests.organizations.sign_in.conftest import PASSWORD, is_signed_in, sign_in, with_password

pytestmark = pytest.mark.django_db

HOUR = 60 * 60
NEW = "accredited until 14 October"


def set_back(client, **seconds):
    """Turns the session's own stamps back."""
    session = client.session
    for name, number in seconds.items():
        session[name] -= number
    session.save()


def test_a_session_ends_twelve_hours_after_signing_in_however_busy(client, secretary):
    sign_in(client, secretary)
    set_back(client, signed_in_at=12 * HOUR - 60)
    before = is_signed_in(client)
    set_back(client, signed_in_at=60)
    assert (before, is_signed_in(client)) == (True, False)


def test_a_session_ends_two_hours_after_the_last_request(client, secretary):
    sign_in(client, secretary)
    set_back(client, last_seen_at=2 * HOUR - 60)
    before = is_signed_in(client)
    set_back(client, last_seen_at=2 * HOUR)
    assert (before, is_signed_in(client)) == (True, False)


def test_a_session_that_has_ended_does_not_come_back(client, secretary):
    sign_in(client, secretary)
    cookie = client.cookies["sessionid"].value
    set_back(client, last_seen_at=2 * HOUR)
    client.get("/account/")
    client.cookies["sessionid"] = cookie
    assert not is_signed_in(client)


def test_reading_writes_once_in_five_minutes(client, secretary):
    sign_in(client, secretary)
    client.get("/account/")
    noted = client.session["last_seen_at"]
    client.get("/account/")
    still = client.session["last_seen_at"]
    set_back(client, last_seen_at=5 * 60)
    client.get("/account/")
    assert (still, client.session["last_seen_at"] > noted - 5 * 60) == (noted, True)


def test_the_cookie_lasts_as_long_as_the_browser_and_no_script_reads_it(client, secretary):
    sign_in(client, secretary)
    cookie = client.cookies["sessionid"]
    assert (cookie["max-age"], bool(cookie["httponly"]), cookie["samesite"]) == ("", True, "Lax")


def test_signing_in_takes_a_new_session(client, secretary):
    client.get("/account/login/")
    session = client.session
    session["before"] = "signing in"
    session.save()
    client.cookies["sessionid"] = session.session_key
    sign_in(client, secretary)
    assert client.session.session_key != session.session_key


# A new password


@pytest.fixture
def token(secretary):
    """The header with which a program of the secretary comes in."""
    text = ApiToken.objects.create(user=secretary, expiry=timedelta(days=1), name="a program")[1]
    return {"Authorization": f"Bearer {text}"}


def change_on_own_page(client, secretary, administrator):
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    sign_in(client, secretary)
    assert client.post("/account/password/change/", sent)["Location"] == "/account/"


def change_in_the_admin(client, secretary, administrator):
    client.force_login(administrator)
    address = reverse("admin:auth_user_password_change", args=[secretary.pk])
    sent = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    assert client.post(address, sent).status_code == 302


def take_away_in_the_admin(client, secretary, administrator):
    client.force_login(administrator)
    address = reverse("admin:auth_user_password_change", args=[secretary.pk])
    sent = {"password1": "", "password2": "", "usable_password": "false", "unset-password": "on"}
    assert client.post(address, sent).status_code == 302


def change_by_command(client, secretary, administrator):
    call_command("changepassword", secretary.username, verbosity=0)


@pytest.mark.parametrize("change", [change_on_own_page, change_in_the_admin, take_away_in_the_admin, change_by_command])
def test_a_new_password_ends_all_other_sessions_and_all_tokens(
    client, another_client, monkeypatch, capsys, secretary, administrator, token, change
):
    sign_in(another_client, secretary)
    before = (is_signed_in(another_client), client.get("/api/v1/deployments/", headers=token).status_code)
    monkeypatch.setattr(changepassword.getpass, "getpass", lambda prompt="": NEW)
    change(client, secretary, administrator)
    after = (is_signed_in(another_client), client.get("/api/v1/deployments/", headers=token).status_code)
    assert (before, after, ApiToken.objects.count()) == ((True, 200), (False, 401), 0)


def test_who_changes_it_stays_signed_in(client, secretary):
    change_on_own_page(client, secretary, None)
    assert is_signed_in(client)


def test_a_wrong_old_password_changes_nothing(client, secretary, token):
    sign_in(client, secretary)
    client.post("/account/password/change/", {"oldpassword": "wrong", "password1": NEW, "password2": NEW})
    secretary.refresh_from_db()
    assert (secretary.check_password(PASSWORD), ApiToken.objects.count()) == (True, 1)


def test_a_new_digest_of_the_same_password_revokes_nothing(client, secretary, token):
    """Django makes one at a sign-in, when better digests are to be had."""
    User.objects.filter(pk=secretary.pk).update(password=make_password(PASSWORD, hasher="pbkdf2_sha256"))
    sign_in(client, secretary)
    secretary.refresh_from_db()
    assert (secretary.password.partition("$")[0], ApiToken.objects.count()) == ("argon2", 1)


def test_any_other_change_of_the_account_revokes_nothing(secretary, token):
    secretary.first_name = "Aigul"
    secretary.save()
    assert ApiToken.objects.count() == 1


def test_another_persons_tokens_stay(secretary, viewer, token):
    ApiToken.objects.create(user=viewer, expiry=timedelta(days=1), name="another program")
    with_password(secretary)
    assert list(ApiToken.objects.values_list("user__username", flat=True)) == ["viewer"]


def test_who_has_no_password_here_is_not_asked_to_change_it(client, viewer):
    viewer.set_unusable_password()
    viewer.save()
    client.force_login(viewer)
    assert client.get("/account/password/change/").status_code == 404
