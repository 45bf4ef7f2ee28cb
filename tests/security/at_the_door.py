"""Who is let in at all, and who writes: checks that raise AssertionError, so that broken rules can be tried."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client, override_settings
from django.urls import reverse

from observers.models import Observer
from organizations.models import ApiToken
from tests.security.answers import version_at
from tests.security.questions import blank_rows
from tests.security.seen_by_all import FAMILY_NAMES, KEEPERS, SHOWN

ASKED = "/api/v1/observers/"


def session_of(world: Any, actor: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(world.cast.users[actor])
    return client


def program(world: Any, *, scope: str = "read", days: int = 90, deactivated: bool = False) -> Client:
    """A client with a token of coordinator B."""
    user = world.cast.users["coordinator_b"]
    _token, text = ApiToken.objects.create(user=user, scope=scope, expiry=timedelta(days=days))
    type(user).objects.filter(pk=user.pk).update(is_active=not deactivated)
    return Client(headers={"Authorization": f"Bearer {text}"})


def only_the_keepers_coordinators_write(world: Any) -> None:
    """Who saves the form of each person whom everybody sees."""
    changed = {}
    for actor in ("member", "viewer_a", "coordinator_a", "coordinator_b", "organizer_m", "administrator"):
        client = session_of(world, actor)
        for key in ("a", "b", "c", "nobody"):
            person = world.cast[SHOWN[key]]
            owner = world.cast[KEEPERS[key]].pk if KEEPERS[key] else ""
            sent = {"family_name": f"By {actor}", "given_names": "Robin", "owner": owner}
            address = reverse("admin:observers_observer_change", args=[person.pk])
            client.post(address, {**sent, **blank_rows("names", "assignments"), **version_at(client, address)})
            if Observer.objects.filter(pk=person.pk, family_name=f"By {actor}").exists():
                changed.setdefault(actor, []).append(key)
            Observer.objects.filter(pk=person.pk).update(family_name=FAMILY_NAMES[key])
    assert changed == {"coordinator_a": ["a"], "coordinator_b": ["b"], "administrator": ["nobody"]}


def only_tokens_in_force_come_in(world: Any) -> None:
    with override_settings(PUBLIC_ACCESS=False):
        statuses = {
            "in force": program(world).get(ASKED).status_code,
            "expired": program(world, days=-1).get(ASKED).status_code,
            "of somebody who has left": program(world, deactivated=True).get(ASKED).status_code,
        }
    assert statuses == {"in force": 200, "expired": 401, "of somebody who has left": 401}


def only_tokens_that_may_write_reach_what_writes(world: Any) -> None:
    """What is sent says nothing: whoever may write is told that it cannot be read."""
    statuses = {scope: program(world, scope=scope).post(ASKED).status_code for scope in ("read", "write")}
    assert statuses == {"read": 403, "write": 415}


def nothing_opens_without_the_second_factor(world: Any) -> None:
    with override_settings(REQUIRE_MFA=True):
        statuses = {
            "page": session_of(world, "coordinator_b").get("/").status_code,
            "admin": session_of(world, "coordinator_b").get("/admin/").status_code,
            "api": session_of(world, "coordinator_b").get(ASKED).status_code,
            "token": program(world).get(ASKED).status_code,
            "viewer": session_of(world, "viewer_a").get("/").status_code,
        }
    assert statuses == {"page": 302, "admin": 302, "api": 403, "token": 403, "viewer": 200}
