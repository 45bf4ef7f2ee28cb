"""Fills an empty database with the record that ships, kept by one desk, beside much that is hidden.

Prints tokens of a viewer and a coordinator of that desk and of an administrator, and the codes of all deployments.
"""

from __future__ import annotations

import json
import sys

import tests.conftest  # noqa: F401 (sets the environment, and Django up)

# isort: split
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from missions.dataset import import_dataset
from missions.models import Deployment
from missions.releases import make_release
from observers.models import Observer
from organizations.models import ApiToken
from tests.conftest import NOW, PUBLISHED
from tests.security import world as worlds

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        world = worlds.build()
        # The world's own are no choices of the column.
        Observer.objects.filter(gender__startswith="canary").update(gender="")
    import_dataset(PUBLISHED, now=NOW, owner=world.made.a.code)
    settings.PUBLIC_ACCESS = True  # as on the server that serves it
    make_release(now=NOW)
    tokens = {}
    for actor, name, scope in (
        ("viewer", "viewer A", "read"),
        ("coordinator", "coordinator A", "write"),
        ("administrator", "administrator", "write"),
    ):
        _stored, tokens[actor] = ApiToken.objects.create(user=world.users[name], scope=scope, name="A program")
    deployments = sorted(Deployment.objects.values_list("code", flat=True))
    json.dump({"tokens": tokens, "deployments": deployments}, sys.stdout)
