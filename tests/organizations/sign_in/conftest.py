"""Signing in as people do: with the form, and with codes computed as an app on the phone computes them."""

from __future__ import annotations

import re
from html import unescape

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from organizations.sign_in import SecondFactorAdapter

PASSWORD = "forty-six observers of 2017"  # noqa: S105 (of the tests alone)
LOGIN = "/account/login/"
MOMENT = 61_000_000


@pytest.fixture
def mfa(settings):
    """Whoever enters data must have a second factor."""
    settings.REQUIRE_MFA = True


@pytest.fixture(autouse=True)
def codes_stand_still(monkeypatch):
    """The codes of the app are those of one moment, so that no test depends on when a new one begins."""
    monkeypatch.setattr(totp, "yield_hotp_counters_from_time", lambda: iter([MOMENT]))


@pytest.fixture
def secretary(coordinator):
    """Somebody who writes, with a password."""
    return with_password(coordinator)


def with_password(user):
    user.set_password(PASSWORD)
    user.save()
    return user


def with_second_factor(user, secret="JBSWY3DPEHPK3PXP"):  # noqa: S107 (of the tests alone)
    """Sets up the app for somebody, and answers its secret."""
    encrypted = SecondFactorAdapter.encrypt(None, secret)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": encrypted})
    return secret


def code_of(secret):
    """What the app shows now."""
    return totp.format_hotp_value(totp.hotp_value(secret, MOMENT))


def sign_in(client, user, password=PASSWORD, then="", **headers):
    address = f"{LOGIN}?next={then}" if then else LOGIN
    return client.post(address, {"login": user.get_username(), "password": password}, headers=headers)


def is_signed_in(client):
    return client.get(reverse("account")).status_code == 200


def text_of(response):
    """The words of a page, without its markup."""
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return unescape(re.sub(r"\s+", " ", words))


@pytest.fixture
def another_client():
    """The same person on another machine."""
    return Client()
