"""What every answer tells the browser: run nothing but ours, ask for no device, keep nothing of who has signed in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from organizations.models import ApiToken
from tests.conftest import PUBLISHED
from tests.factories import SourceFactory

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}
ADDRESSES = [
    "/",
    "/deployments/",
    "/deployments/?nonsense=1",
    "/sources/gazette/",
    "/account/",
    "/account/login/",
    "/account/password/change/",
    "/admin/",
    "/admin/login/",
    "/admin/missions/mission/add/",
    "/admin/nothing/",
    "/nothing/",
    "/api/v1/",
    "/api/v1/deployments/",
    "/api/v1/deployments/?nonsense=1",
    "/api/v1/nothing/",
    "/api/v1/docs/",
    "/api/v1/schema/",
    "/static/app.css",
]


@pytest.fixture
def source(db):
    return SourceFactory(code="gazette")


def headers_of(answer):
    answer.close()
    return {
        "Content-Security-Policy": set(answer["Content-Security-Policy"].split("; ")),
        "Referrer-Policy": answer["Referrer-Policy"],
        "X-Content-Type-Options": answer["X-Content-Type-Options"],
        "camera": "camera=()" in answer["Permissions-Policy"],
    }


EXPECTED = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "camera": True,
}


@pytest.mark.parametrize("reader", ["nobody", "administrator"])
def test_every_kind_of_answer_carries_the_policy(client, request, public_access, source, reader):
    if reader == "administrator":
        client.force_login(request.getfixturevalue(reader))
    answers = {address: headers_of(client.get(address)) for address in ADDRESSES}
    assert answers == dict.fromkeys(ADDRESSES, EXPECTED)


def test_so_does_the_page_that_says_that_something_broke(monkeypatch, public_access):
    browser = Client(raise_request_exception=False)
    monkeypatch.setattr("missions.views.home.render", lambda *given, **named: 1 / 0)
    answer = browser.get("/")
    assert (answer.status_code, headers_of(answer)) == (500, EXPECTED)


def test_every_device_is_denied_to_every_page(client):
    listed = client.get("/account/login/")["Permissions-Policy"].split(", ")
    assert [each for each in listed if not each.endswith("=()")] == []
    assert len(listed) > 20


def test_over_tls_the_browser_is_told_to_stay_there(client, settings):
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    answer = client.get("/account/login/", secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("address", [address for address in ADDRESSES if not address.startswith("/static/")])
def test_what_somebody_sees_who_has_signed_in_is_kept_nowhere(client, public_access, source, administrator, address):
    client.force_login(administrator)
    answer = client.get(address)
    answer.close()
    assert answer["Cache-Control"] == "no-store"


def test_so_is_what_a_program_reads_with_a_token(client, viewer):
    token = ApiToken.objects.create(user=viewer, expiry=timedelta(days=1), name="a program")[1]
    answers = [
        client.get(f"/api/v1/deployments/{end}", headers={"Authorization": f"Bearer {token}"}) for end in ("", "x/")
    ]
    assert [(answer.status_code, answer["Cache-Control"]) for answer in answers] == [
        (200, "no-store"),
        (404, "no-store"),
    ]


def test_the_page_after_signing_out_is_kept_nowhere_either(client, viewer):
    client.force_login(viewer)
    assert client.post("/account/logout/")["Cache-Control"] == "no-store"


def test_what_everybody_may_see_may_be_kept(client, public_access):
    assert "Cache-Control" not in client.get("/about-the-record/")


def test_no_page_of_ours_brings_a_script_or_a_style_within():
    templates = list((PUBLISHED.parent.parent / "templates").rglob("*.html"))
    texts = {path.name: path.read_text(encoding="utf-8") for path in templates}
    found = [name for name, text in texts.items() if "<style" in text or " style=" in text or "<script>" in text]
    assert (found, len(templates) > 90) == ([], True)
