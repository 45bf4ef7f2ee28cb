"""Tokens of the API: made and revoked on one's own page, shown once, and worth no more than their owner is now."""

from __future__ import annotations

import json
import logging
import re
from datetime import timedelta

import pytest
import yaml
from django.core import serializers
from django.db import connection
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from organizations.api_access import ApiAccess, TokenAuthentication
from organizations.models import ApiToken
from tests.organizations.sign_in.conftest import text_of, with_second_factor

pytestmark = pytest.mark.django_db

NEW = "/account/tokens/new/"
API = "/api/v1/deployments/"


def make(client, **given):
    return client.post(NEW, {"name": "northland notebook", "scope": "read", "days": "90", **given})


def enter(client, user):
    """Signs somebody in and opens their page."""
    client.force_login(user)
    client.get("/account/")


def shown(response):
    found = re.search(r'class="secret">(eomt_[0-9a-f]{64})<', response.content.decode())
    return found.group(1) if found else ""


def ask(client, token, method="get"):
    return getattr(client, method)(API, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def token(client, coordinator):
    """A token of the coordinator that may write, as text."""
    enter(client, coordinator)
    text = shown(make(client, scope="write"))
    client.logout()
    return text


def test_a_token_is_shown_once_and_lets_in(client, viewer):
    enter(client, viewer)
    answer = make(client)
    token = shown(answer)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert token not in client.get("/account/").content.decode() + client.get(NEW).content.decode()
    client.logout()
    assert (ask(client, token).status_code, client.get(API).status_code) == (200, 401)


def test_the_database_holds_no_token(token):
    kept = serializers.serialize("json", ApiToken.objects.all())
    secret_part = token[15:]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM organizations_apitoken")
        row = str(cursor.fetchall())
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM django_session")
        sessions = str(cursor.fetchall())
    assert [secret_part in text for text in (kept, row, sessions)] == [False, False, False]
    assert len(ApiToken.objects.get().digest) == 128


@pytest.mark.parametrize(
    ("days", "taken"), [("0", False), ("1", True), ("90", True), ("180", True), ("181", False), ("", False)]
)
def test_a_token_lasts_from_one_day_to_180(client, viewer, days, taken):
    enter(client, viewer)
    before = timezone.now()
    answer = make(client, days=days)
    made = ApiToken.objects.filter(
        expiry__gte=before + timedelta(days=int(days or 0)),
        expiry__lte=timezone.now() + timedelta(days=int(days or 0)),
    )
    assert (bool(shown(answer)), made.count(), ApiToken.objects.count()) == (taken, int(taken), int(taken))


def test_only_who_enters_data_is_offered_a_token_that_writes(client, viewer, coordinator):
    made = {}
    for user in (viewer, coordinator):
        enter(client, user)
        offered = re.findall(r'<option value="(\w+)"', client.get(NEW).content.decode())
        made[user.username] = (offered, bool(shown(make(client, scope="write"))))
    assert made == {"viewer": (["read"], False), "coordinator": (["read", "write"], True)}


def test_twenty_tokens_are_enough(client, viewer, coordinator):
    for number in range(20):
        ApiToken.objects.create(user=viewer, expiry=timedelta(days=1), name=f"program {number}")
    enter(client, viewer)
    refused = make(client)
    assert "You have 20 tokens, which is the most." in text_of(refused)
    enter(client, coordinator)
    assert (shown(refused), bool(shown(make(client)))) == ("", True)


def test_making_one_takes_a_password_given_lately(client, secretary):
    enter(client, secretary)
    session = client.session
    session["signed_in_at"] -= 301
    session.save()
    answers = [client.get(NEW), make(client)]
    assert [answer["Location"] for answer in answers] == [
        "/account/reauthenticate/?next=%2Faccount%2Ftokens%2Fnew%2F"
    ] * 2
    assert ApiToken.objects.count() == 0


def test_a_token_opens_no_page(client, token):
    headers = {"Authorization": f"Bearer {token}"}
    asked = ["/account/", "/admin/", "/deployments/", NEW]
    assert [client.get(address, headers=headers).status_code for address in asked] == [302, 302, 302, 302]


# When it ends


def test_a_revoked_token_is_unknown_on_the_next_request(client, coordinator, token):
    before = ask(client, token).status_code
    enter(client, coordinator)
    digest = re.search(r'name="token" value="(\w+)"', client.get("/account/").content.decode()).group(1)
    client.post("/account/tokens/revoke/", {"token": digest})
    client.logout()
    assert (before, ask(client, token).status_code) == (200, 401)


def test_anothers_token_cannot_be_revoked_and_is_not_told_from_none(client, outsider, token):
    enter(client, outsider)
    answers = [
        client.post("/account/tokens/revoke/", {"token": digest})
        for digest in (ApiToken.objects.get().digest, "0" * 128, "")
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({text_of(answer) for answer in answers}) == 1
    assert (ApiToken.objects.count(), "northland notebook" in text_of(client.get("/account/"))) == (1, False)


def test_reading_the_page_revokes_nothing(client, coordinator, token):
    enter(client, coordinator)
    digest = ApiToken.objects.get().digest
    answer = client.get("/account/tokens/revoke/", {"token": digest})
    assert (answer.status_code, ApiToken.objects.count()) == (405, 1)


def end_by_time(coordinator):
    ApiToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))


def never_end(coordinator):
    ApiToken.objects.update(expiry=None)


def deactivate(coordinator):
    coordinator.is_active = False
    coordinator.save()


@pytest.mark.parametrize("happens", [end_by_time, never_end, deactivate])
@pytest.mark.parametrize("access", ["public_access", "members_only"])
def test_a_token_that_has_ended_is_refused_on_the_next_request(client, request, coordinator, token, access, happens):
    request.getfixturevalue(access)
    before = ask(client, token).status_code
    happens(coordinator)
    answer = ask(client, token)
    assert (before, answer.status_code, answer["WWW-Authenticate"]) == (200, 401, "Bearer")
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["status"] == 401


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer a b", "Bearer eomt_unknown", "Bearer \xff\xfe", "bearer nothing", f"Bearer {'a' * 5000}"],
)
def test_what_is_no_token_is_refused_also_where_everybody_reads(client, public_access, header):
    assert client.get(API, headers={"Authorization": header}).status_code == 401


def test_where_nobody_is_signed_in_the_api_says_how_to_come_in(client, members_only):
    answer = client.get(API)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer["Content-Type"] == "application/problem+json"


# What it may do


class Door(APIView):
    """An address that takes what is sent to it."""

    authentication_classes = (TokenAuthentication,)
    permission_classes = (ApiAccess,)

    def post(self, request):
        return Response(status=201)


def send(token):
    request = APIRequestFactory().post("/", HTTP_AUTHORIZATION=f"Bearer {token}")
    return Door.as_view()(request).status_code


def test_a_token_that_reads_writes_nothing(client, coordinator, token):
    enter(client, coordinator)
    assert (send(token), send(shown(make(client, scope="read")))) == (201, 403)


def test_a_token_writes_no_longer_than_its_owner_does(coordinator, token):
    before = send(token)
    coordinator.staff_roles.update(role="viewer")
    assert (before, send(token)) == (201, 403)


def test_a_token_reads_no_longer_what_its_owner_does_not(client, coordinator, token):
    before = ask(client, token).status_code
    coordinator.staff_roles.all().delete()
    assert (before, send(token), ask(client, token).status_code) == (200, 403, 200)


def test_a_session_writes_nothing_through_the_api(client, coordinator):
    enter(client, coordinator)
    assert [client.post(API).status_code, client.delete(API).status_code] == [403, 403]


def test_a_token_writes_only_with_the_second_factor_of_its_owner(settings, coordinator, token):
    settings.REQUIRE_MFA = True
    before = send(token)
    with_second_factor(coordinator)
    assert (before, send(token)) == (403, 201)


def test_nothing_of_a_token_or_its_owner_is_logged(client, caplog, coordinator, token):
    with caplog.at_level(logging.DEBUG):
        ask(client, token)
        end_by_time(coordinator)
        ask(client, token)
        ask(client, token)
    written = "\n".join(record.getMessage() for record in caplog.records)
    assert [word for word in (token, token[:15], coordinator.username) if word in written] == []


def test_the_schema_says_how_a_token_is_sent(client, public_access):
    schema = yaml.safe_load(client.get("/api/v1/schema/").content)
    schemes = schema["components"]["securitySchemes"]
    assert schemes["token"] == {"type": "http", "scheme": "bearer", "description": "A token made at /account/."}
