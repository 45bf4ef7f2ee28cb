"""Single sign-on with a real OpenID Connect provider that answers over HTTP."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.core import mail
from django.db import DatabaseError
from django.urls import include, path
from oidc_provider_mock import User as Person
from oidc_provider_mock import run_server_in_thread

from config import urls as project
from config.settings import oidc_provider
from organizations import urls as account
from organizations.models import User
from tests.logged import logged, stop_the_log
from tests.organizations.sign_in.conftest import code_of, is_signed_in, text_of, with_password, with_second_factor

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

START = "/account/sso/login/"
ADDRESS = "secretary@northland.example"


@pytest.fixture(scope="module")
def provider():
    people = [
        Person(sub="secretary-1", claims={"email": ADDRESS, "email_verified": True, "name": "A. Secretary"}),
        Person(sub="in-words", claims={"email": ADDRESS, "email_verified": "true"}),
        Person(sub="unverified", claims={"email": ADDRESS, "email_verified": False}),
        Person(sub="unverified-in-words", claims={"email": ADDRESS, "email_verified": "false"}),
        Person(sub="unsaid", claims={"email": ADDRESS}),
        Person(sub="stranger", claims={"email": "stranger@elsewhere.example", "email_verified": True}),
        Person(sub="without-address", claims={}),
    ]
    with run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def single_sign_on(settings, provider):
    set_up(settings, provider)


def set_up(settings, issuer):
    """The tracker as it is with OIDC_… in its environment."""
    settings.OIDC = {
        "OIDC_ISSUER": issuer,
        "OIDC_CLIENT_ID": "tracker",
        "OIDC_CLIENT_SECRET": "a secret",
        "OIDC_NAME": "the Ministry",
    }
    settings.SOCIALACCOUNT_PROVIDERS = oidc_provider(settings.OIDC)
    doors = path("account/", include(account.single_sign_on(issuer)))
    settings.ROOT_URLCONF = (doors, *project.urlpatterns)


@pytest.fixture
def known(secretary):
    """Somebody with an account and that address."""
    secretary.email = ADDRESS.upper()
    secretary.save()
    return secretary


def at_the_provider(location, sub):
    """Signs in at the provider, as a browser does, and answers where it leads back to."""
    answer = requests.post(location, data={"sub": sub}, allow_redirects=False, timeout=20)
    assert answer.status_code in {302, 303}
    back = urlsplit(answer.headers["Location"])
    assert (back.netloc, back.path) == ("testserver", "/account/sso/callback/")
    return f"{back.path}?{back.query}"


def come_in(client, sub, start=START):
    return client.get(at_the_provider(client.get(start)["Location"], sub))


def test_the_sign_in_page_offers_it_by_name(client):
    page = client.get("/account/login/?next=/matrix/").content.decode()
    assert re.findall(r'<a class="button" href="([^"]+)">([^<]+)</a>', page) == [
        (f"{START}?next=%2Fmatrix%2F", "Sign in with the Ministry")
    ]


def test_an_existing_account_is_found_by_its_verified_address(client, known):
    digest = known.password
    answer = come_in(client, "secretary-1", f"{START}?next=/matrix/")
    assert (answer["Location"], is_signed_in(client)) == ("/matrix/", True)
    known.refresh_from_db()
    # The password stays as it was, and nothing else that the provider told is kept.
    assert (known.password, known.get_full_name()) == (digest, "")
    link = SocialAccount.objects.get()
    assert (link.user, link.uid, link.extra_data) == (known, "secretary-1", {})
    assert (User.objects.count(), mail.outbox) == (1, [])


def test_the_link_is_logged_once_without_what_the_provider_tells(client, another_client, known):
    for browser in (client, another_client):
        come_in(browser, "secretary-1")
    linked = (f"accounts/{known.pk}", "changed", {"single_sign_on": [False, True]})
    assert logged() == [("account", known.username, [linked])]


def test_a_link_that_cannot_be_logged_is_not_made(client, known):
    stop_the_log()
    with pytest.raises(DatabaseError, match="could not be logged"):
        come_in(client, "secretary-1")
    assert (SocialAccount.objects.count(), is_signed_in(client)) == (0, False)


def test_from_then_on_it_is_found_by_the_link(client, another_client, known):
    come_in(client, "secretary-1")
    known.email = "moved@northland.example"
    known.save()
    come_in(another_client, "secretary-1")
    assert is_signed_in(another_client)
    assert [link.extra_data for link in SocialAccount.objects.all()] == [{}]


def test_a_link_made_with_another_provider_counts_for_nothing(client, known):
    SocialAccount.objects.create(user=known, provider="https://login.elsewhere.example", uid="stranger")
    answer = come_in(client, "stranger")
    assert (answer.status_code, is_signed_in(client)) == (403, False)


def test_some_providers_say_in_words_that_an_address_is_verified(client, known):
    come_in(client, "in-words")
    assert is_signed_in(client)


@pytest.mark.parametrize("sub", ["unverified", "unverified-in-words", "unsaid", "stranger", "without-address"])
def test_nobody_else_gets_in_or_gets_an_account(client, known, sub):
    answer = come_in(client, sub)
    assert (answer.status_code, is_signed_in(client)) == (403, False)
    assert "You have no account here" in text_of(answer)
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 0)


def test_an_address_of_two_accounts_belongs_to_neither(client, known, outsider):
    outsider.email = ADDRESS
    outsider.save()
    assert (come_in(client, "secretary-1").status_code, is_signed_in(client)) == (403, False)


def test_who_has_left_stays_out(client, deactivated):
    deactivated.email = ADDRESS
    deactivated.save()
    assert (come_in(client, "secretary-1").status_code, is_signed_in(client)) == (403, False)


def test_who_has_left_stays_out_although_there_is_a_link(client, another_client, known):
    come_in(client, "secretary-1")
    known.is_active = False
    known.save()
    answer = come_in(another_client, "secretary-1")
    assert (answer["Location"], is_signed_in(client), is_signed_in(another_client)) == (
        "/account/inactive/",
        False,
        False,
    )


def test_the_trackers_own_second_factor_is_still_asked_for(client, mfa, known):
    secret = with_second_factor(known)
    answer = come_in(client, "secretary-1")
    assert (answer["Location"], is_signed_in(client)) == ("/account/2fa/authenticate/", False)
    client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert is_signed_in(client)


def test_without_a_second_factor_it_is_set_up_first(client, mfa, known):
    come_in(client, "secretary-1")
    assert client.get("/admin/")["Location"] == "/account/2fa/totp/activate/"
    assert client.get("/account/2fa/totp/activate/").status_code == 200


def test_the_answer_of_the_provider_counts_only_in_the_browser_that_asked(client, another_client, known):
    back = at_the_provider(client.get(START)["Location"], "secretary-1")
    answer = another_client.get(back)
    assert (answer.status_code, is_signed_in(another_client)) == (401, False)
    assert "Signing in did not work" in text_of(answer)


def test_the_answer_of_the_provider_counts_once(client, another_client, known):
    back = at_the_provider(client.get(START)["Location"], "secretary-1")
    client.get(back)
    client.post("/account/logout/")
    client.get(back)
    assert not is_signed_in(client)


def test_what_else_stands_in_the_address_is_not_handed_on(client):
    asked = client.get(f"{START}?process=connect&scope=admin&auth_params=prompt%3Dnone%26redirect_uri%3Dhttps://evil")
    sent = parse_qs(urlsplit(asked["Location"]).query)
    assert (set(sent["scope"][0].split()), sent["redirect_uri"], "prompt" in sent, sent["code_challenge_method"]) == (
        {"openid", "profile", "email"},
        ["http://testserver/account/sso/callback/"],
        False,
        ["S256"],
    )


def test_nobody_links_the_provider_to_an_account_that_is_signed_in(client, known, viewer):
    client.force_login(viewer)
    come_in(client, "stranger", f"{START}?process=connect")
    assert SocialAccount.objects.count() == 0


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil"])
def test_it_leads_nowhere_else_afterwards(client, known, elsewhere):
    assert come_in(client, "secretary-1", f"{START}?next={elsewhere}")["Location"] == "/"


def test_giving_up_at_the_provider_is_said_plainly(client):
    state = parse_qs(urlsplit(client.get(START)["Location"]).query)["state"][0]
    answer = client.get(f"/account/sso/callback/?error=access_denied&state={state}", follow=True)
    assert (answer.redirect_chain, "You gave up signing in." in text_of(answer)) == (
        [("/account/sso/cancelled/", 302)],
        True,
    )


def test_a_provider_that_does_not_answer_is_said_plainly(client, settings):
    set_up(settings, "http://localhost:9")
    answer = client.get(START)
    assert (answer.status_code, "Signing in did not work" in text_of(answer)) == (401, True)


def test_a_row_of_the_database_names_no_other_provider(client):
    SocialApp.objects.create(
        provider="openid_connect",
        provider_id="evil",
        name="Evil",
        client_id="x",
        settings={"server_url": "https://evil.example"},
    )
    assert "Evil" not in client.get("/account/login/").content.decode()


def test_a_password_still_lets_in(client, known):
    with_password(known)
    client.post("/account/login/", {"login": known.username, "password": "forty-six observers of 2017"})
    assert is_signed_in(client)
