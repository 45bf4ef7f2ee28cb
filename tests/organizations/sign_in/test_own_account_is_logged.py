"""What people do to their own account, and who runs the server to anybody's, stands in the log, or is not done."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.management.commands import changepassword
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.urls import reverse

from organizations import urls as account
from organizations.models import ApiToken, Change, User
from tests.admin_pages import address_of, fill_in
from tests.logged import log_without_personal_values, logged, stop_the_log
from tests.organizations.sign_in.conftest import code_of, sign_in, text_of, with_password, with_second_factor

pytestmark = pytest.mark.django_db

TOKENS = "/account/tokens/new/"
NEW = "accredited until 14 October"
SET_UP = "/account/2fa/totp/activate/"
DIGEST = re.compile(r'name="token" value="(\w+)"')


def acts(user, *fields):
    """The log, if these are all the acts, each by the user and of the user's own account."""
    return [("account", user.username, [(f"accounts/{user.pk}", "changed", said)]) for said in fields]


def make_token(client, name="northland notebook"):
    return client.post(TOKENS, {"name": name, "scope": "write", "days": "90"})


def revoke_token(client):
    [digest] = DIGEST.findall(client.get("/account/").content.decode())
    return client.post("/account/tokens/revoke/", {"token": digest})


def change_password(client, old="forty-six observers of 2017"):
    return client.post("/account/password/change/", {"oldpassword": old, "password1": NEW, "password2": NEW})


def set_up(client):
    secret = re.search(r'class="secret">([A-Z2-7]+)<', client.get(SET_UP).content.decode()).group(1)
    return secret, client.post(SET_UP, {"code": code_of(secret)})


def take_away(client):
    return client.post("/account/2fa/totp/deactivate/")


def new_codes(client):
    return client.post("/account/2fa/recovery-codes/generate/")


def stored():
    """Accounts and what belongs to them."""
    tables = (User, ApiToken, Authenticator, Change)
    return [list(model.objects.order_by("pk").values()) for model in tables]


# By their own hand


def test_a_token_is_logged_by_name_scope_and_last_day_when_made_and_when_revoked(client, secretary):
    sign_in(client, secretary)
    text = re.search(r'class="secret">(\w+)<', make_token(client).content.decode()).group(1)
    token = ApiToken.objects.get()
    said = f"northland notebook (write, {token.expiry:%Y-%m-%d})"
    revoke_token(client)
    assert logged() == acts(secretary, {"api_token": [None, said]}, {"api_token": [said, None]})
    secrets = (text, text[:15], token.digest, token.token_key)
    assert [secret for secret in secrets if secret in log_without_personal_values()] == []


def test_a_token_without_a_last_day_is_revoked_too(client, secretary):
    ApiToken.objects.create(user=secretary, expiry=None, name="old program")
    sign_in(client, secretary)
    revoke_token(client)
    assert logged() == acts(secretary, {"api_token": ["old program (read, –)", None]})


def test_what_was_not_done_is_not_logged(client, secretary, outsider):
    ApiToken.objects.create(user=outsider, name="another program")
    sign_in(client, secretary)
    make_token(client, name="")
    client.post("/account/tokens/revoke/", {"token": ApiToken.objects.get().digest})
    change_password(client, old="wrong")
    client.post(SET_UP, {"code": "x"})
    assert logged() == []


def test_a_new_password_is_logged_and_says_nothing_of_either(client, secretary):
    before = secretary.password
    sign_in(client, secretary)
    change_password(client)
    secretary.refresh_from_db()
    assert logged() == acts(secretary, {"password": ["", ""]})
    secrets = (before, secretary.password, NEW)
    assert [secret for secret in secrets if secret in log_without_personal_values()] == []


def test_a_second_factor_set_up_its_new_codes_and_taking_it_away_are_logged(client, secretary):
    sign_in(client, secretary)
    secret, _answer = set_up(client)
    new_codes(client)
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
    take_away(client)
    assert logged() == acts(
        secretary, {"second_factor": [False, True]}, {"recovery_codes": [False, True]}, {"second_factor": [True, False]}
    )
    assert len(codes) == 10
    assert [each for each in (secret, *codes) if each in log_without_personal_values()] == []


def test_a_second_factor_taken_away_by_an_administrator_is_one_act(admin_client, secretary):
    with_second_factor(secretary)
    fill_in(admin_client, address_of(User, "change", secretary), take_second_factor_away="on")
    [(door, by, records)] = logged()
    assert (door, by) == ("account", "admin")
    assert records == [(f"accounts/{secretary.pk}", "changed", {"second_factor": [True, False]})]


@pytest.mark.parametrize("act", [make_token, revoke_token, change_password, set_up, take_away, new_codes])
def test_what_cannot_be_logged_is_not_done(client, secretary, act):
    if act in {take_away, new_codes}:
        with_second_factor(secretary)
        RecoveryCodes.activate(secretary)
    if act is revoke_token:
        ApiToken.objects.create(user=secretary, name="northland notebook")
    client.force_login(secretary)
    client.get("/account/")
    before = stored()
    stop_the_log()
    with pytest.raises(DatabaseError, match=r"^The change could not be logged\.$"):
        act(client)
    assert stored() == before


def test_of_two_who_revoke_one_token_the_first_is_logged(client, secretary):
    ApiToken.objects.create(user=secretary, name="northland notebook")
    sign_in(client, secretary)
    [digest] = DIGEST.findall(client.get("/account/").content.decode())
    answers = [client.post("/account/tokens/revoke/", {"token": digest}) for _time in range(2)]
    assert ([answer.status_code for answer in answers], Change.objects.count()) == ([302, 404], 1)


# In words


def test_the_list_tells_administrators_in_plain_words(client, secretary, administrator):
    sign_in(client, secretary)
    make_token(client)
    last_day = f"{ApiToken.objects.get().expiry:%Y-%m-%d}"
    set_up(client)
    new_codes(client)
    change_password(client)
    client.force_login(administrator)
    page = client.get(reverse("admin:organizations_changedrecord_changelist"), {"resource": "accounts"})
    said = re.findall(r'<div class="changed-column">(.*?)</div>', page.content.decode())
    assert said == [
        "Password: changed",
        "Recovery codes: changed",
        "Second factor: no → yes",
        f"API token: its name, what it may do, its last day: – → northland notebook (write, {last_day})",
    ]


# By commands


def test_an_administrator_made_by_the_command_is_logged(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", NEW)
    call_command("createsuperuser", username="root", email="root@tracker.example", interactive=False, verbosity=0)
    user = User.objects.get()
    [(door, by, [(record, action, fields)])] = logged()
    assert (door, by, record, action) == ("account", None, f"accounts/{user.pk}", "created")
    assert (fields["username"], fields["is_superuser"]) == ([None, "root"], [None, True])
    assert [secret for secret in (NEW, user.password) if secret in log_without_personal_values()] == []


def answer_with(monkeypatch, password, seen=()):
    def typed(prompt=""):
        seen.append(connection.in_atomic_block)
        return password

    seen = seen or []
    monkeypatch.setattr(changepassword.getpass, "getpass", typed)
    return seen


def test_a_password_changed_by_the_command_is_logged(monkeypatch, capsys, secretary):
    answer_with(monkeypatch, NEW)
    call_command("changepassword", secretary.username, verbosity=0)
    assert logged() == [("account", None, [(f"accounts/{secretary.pk}", "changed", {"password": ["", ""]})])]
    # Afterwards accounts are saved as before.
    with_password(secretary)
    assert Change.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_while_a_password_is_typed_nobody_waits(monkeypatch, capsys, secretary):
    seen = answer_with(monkeypatch, NEW)
    call_command("changepassword", secretary.username, verbosity=0)
    assert (seen, Change.objects.count()) == ([False, False], 1)


@pytest.mark.parametrize("command", ["createsuperuser", "changepassword"])
def test_what_a_command_cannot_log_it_does_not_do(monkeypatch, capsys, secretary, command):
    answer_with(monkeypatch, NEW)
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", NEW)
    given = {"username": "root", "email": "", "interactive": False} if command == "createsuperuser" else {}
    before = stored()
    stop_the_log()
    sentence = r"^Nothing was stored, because the change could not be logged\.$"
    with pytest.raises(CommandError, match=sentence):
        call_command(command, *([] if given else [secretary.username]), **given)
    assert (stored(), "successfully" in capsys.readouterr().out) == (before, False)


# Other methods


def test_the_pages_of_an_account_answer_no_other_method(client, secretary):
    with_second_factor(secretary)
    RecoveryCodes.activate(secretary)
    client.force_login(secretary)
    pages = [f"/account/{pattern.pattern}" for pattern in account.urlpatterns]
    assert len(pages) == 16
    for method in ("OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"):
        answers = {page: client.generic(method, page) for page in pages}
        assert {page: answer.status_code for page, answer in answers.items()} == dict.fromkeys(pages, 405)
    client.logout()
    assert client.options("/account/logout/").status_code == 405
    assert "Sign in" in text_of(client.get("/account/login/"))
