"""The thirteen who come in: ten by the session of a browser or without any, three with a token of coordinator A."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from organizations.models import ApiToken

SIGNED_IN = (
    "viewer A",
    "coordinator A",
    "coordinator B",
    "organizer M",
    "organizer N",
    "data protection",
    "administrator",
    "without a role",
)
# Somebody who has left still has the cookie of a session.
VISITORS = ("anonymous", "deactivated")
TOKENS = ("token read", "token write", "token expired")
ACTORS = (*VISITORS, *SIGNED_IN, *TOKENS)
# Whose work is in the admin.
CLERKS = ("coordinator A", "coordinator B", "organizer M", "organizer N", "data protection", "administrator")


def come_in(world):
    """A client for each actor. Faults are answered as in production, not raised."""
    clients = {"anonymous": Client(raise_request_exception=False)}
    for name, user in world.users.items():
        client = Client(raise_request_exception=False)
        user.is_active = True
        client.force_login(user)
        user.refresh_from_db()
        clients[name] = client
    for name, scope, days in (("read", "read", 90), ("write", "write", 90), ("expired", "write", -1)):
        _token, text = ApiToken.objects.create(
            user=world.users["coordinator A"], expiry=timedelta(days=days), name=name, scope=scope
        )
        clients[f"token {name}"] = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {text}"})
    assert sorted(clients) == sorted(ACTORS)
    return clients
