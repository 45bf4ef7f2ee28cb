"""A long form survives signing in again, and nothing that another site sends is kept."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from organizations.models import Source
from tests.admin_pages import address_of
from tests.organizations.sign_in.conftest import PASSWORD, sign_in, text_of, with_password

pytestmark = pytest.mark.django_db

ADD = address_of(Source, "add")
OURS = {"origin": "http://testserver"}
TYPED = {
    "title": 'Observers <b>arrive</b> & "stay"',
    "publisher": "Northland Gazette",
    "excerpt": "\nFirst line\nsecond line",
    "_continue": "Save",
}
NOT_OURS = {
    "of another site": {"origin": "https://evil.example"},
    "of another port": {"origin": "http://testserver:8000"},
    "with TLS where there is none": {"origin": "https://testserver"},
    "of a sandbox": {"origin": "null"},
    "without any": {},
    "by another site's referer": {"referer": "https://evil.example/http://testserver/"},
    "by a broken referer": {"referer": "http://[testserver/"},
    "of another site, with our referer": {"origin": "https://evil.example", "referer": "http://testserver/admin/"},
}


@pytest.fixture(params=["public_access", "members_only"])
def access(request):
    request.getfixturevalue(request.param)


def kept_in(response):
    """What the page would send again, by name, as a browser reads it."""
    found = re.findall(r'<textarea name="([^"]*)" hidden>\n?(.*?)</textarea>', response.content.decode(), re.DOTALL)
    return {unescape(name): unescape(value).replace("\r\n", "\n") for name, value in found}


def test_what_was_typed_comes_back_when_the_session_has_ended(access, client):
    answer = client.post(f"{ADD}?_popup=1", TYPED, headers=OURS)
    page = answer.content.decode()
    assert (answer.status_code, kept_in(answer)) == (403, TYPED)
    assert f'action="{ADD}?_popup=1"' in page
    assert ("<b>arrive" in page, answer["Cache-Control"]) == (False, "no-store")
    assert "You are signed out." in text_of(answer)


def test_the_page_says_where_to_sign_in_and_takes_nobody_away(client):
    page = client.post(ADD, TYPED, headers=OURS).content.decode()
    assert 'href="/account/login/?next=/account/" target="_blank" rel="noopener"' in page


def test_several_values_of_one_name_all_come_back(client):
    page = client.post(ADD, {"sources": ["1", "2"], "remark": ""}, headers=OURS).content.decode()
    assert re.findall(r'<textarea name="(\w+)" hidden>\n([^<]*)<', page) == [
        ("sources", "1"),
        ("sources", "2"),
        ("remark", ""),
    ]


def test_sent_again_after_signing_in_it_is_saved(access, administrator):
    browser = Client(enforce_csrf_checks=True)
    with_password(administrator)
    token = token_in(browser.get("/account/login/"))
    kept = browser.post(ADD, {**TYPED, "csrfmiddlewaretoken": token}, headers=OURS)
    old_token = token_in(kept)
    sign_in_in_another_tab(browser, administrator)
    # Without scripts the token is the old one: the page comes once more, with the right one, and is sent again.
    once_more = browser.post(ADD, {**kept_in(kept), "csrfmiddlewaretoken": old_token}, headers=OURS)
    assert "You have signed in again" in text_of(once_more)
    saved = browser.post(ADD, {**kept_in(once_more), "csrfmiddlewaretoken": token_in(once_more)}, headers=OURS)
    assert (kept.status_code, once_more.status_code, saved.status_code) == (403, 403, 302)
    assert [source.title for source in Source.objects.all()] == [TYPED["title"]]


def token_in(response):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', response.content.decode()).group(1)


def sign_in_in_another_tab(browser, user):
    sent = {
        "login": user.username,
        "password": PASSWORD,
        "csrfmiddlewaretoken": token_in(browser.get("/account/login/")),
    }
    assert browser.post("/account/login/", sent, headers=OURS).status_code == 302


def test_passwords_and_files_do_not_come_back_and_the_page_says_so(client):
    sent = {
        "name": "list",
        "password1": PASSWORD,
        "oldPassword": PASSWORD,
        "file": SimpleUploadedFile("a.csv", b"secret"),
    }
    answer = client.post(ADD, sent, headers=OURS)
    assert kept_in(answer) == {"name": "list"}
    assert PASSWORD not in answer.content.decode()
    assert "Files cannot be kept." in text_of(answer)
    assert "Passwords are not kept." in text_of(answer)


@pytest.mark.parametrize("sender", NOT_OURS)
def test_a_form_of_another_site_is_not_kept(client, administrator, sender):
    signed_in = Client(enforce_csrf_checks=True)
    signed_in.force_login(administrator)
    for browser in (client, signed_in):
        answer = browser.post(ADD, TYPED, headers=NOT_OURS[sender])
        assert (answer.status_code in {302, 403}, kept_in(answer)) == (True, {})
        assert "Northland Gazette" not in answer.content.decode()
    assert Source.objects.count() == 0


def test_a_form_without_a_token_is_kept_only_where_it_is_one_of_ours(administrator):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(administrator)
    by_origin = browser.post(ADD, TYPED, headers=OURS)
    by_referer = browser.post(ADD, TYPED, headers={"referer": f"http://testserver{ADD}"})
    assert (kept_in(by_origin), kept_in(by_referer)) == (TYPED, TYPED)
    assert Source.objects.count() == 0


@pytest.mark.parametrize("address", ["/account/login/", "/account/logout/", "/admin/login/", "/admin/logout/"])
def test_no_form_of_the_sign_in_itself_is_kept(address, secretary):
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(address, {"login": "coordinator", "next": "/canary/"}, headers=OURS)
    assert (kept_in(answer), "canary" in answer.content.decode()) == ({}, False)


def test_nothing_of_it_is_kept_on_the_server(client):
    client.post(ADD, TYPED, headers=OURS)
    assert dict(client.session) == {}


def test_a_page_that_is_only_read_leads_to_the_sign_in(access, client):
    answer = client.get(ADD, follow=True)
    assert answer.redirect_chain[-1][0] == f"/account/login/?next={ADD}"


def test_signed_in_the_form_is_simply_taken(client, administrator):
    with_password(administrator)
    sign_in(client, administrator)
    answer = client.post(ADD, TYPED, headers=OURS)
    assert (answer.status_code, Source.objects.count()) == (302, 1)
