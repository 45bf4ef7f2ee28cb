"""Makes an empty database ready: a party, and a program that may write it. Prints the token."""

from __future__ import annotations

import sys

import tests.conftest  # noqa: F401 (sets the environment, and Django up)

# isort: split
from django.core.management import call_command

from organizations.models import ApiToken
from tests.conftest import person
from tests.factories import DeploymentFactory, ElectionFactory, OrganizationFactory

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    desk = OrganizationFactory(code="northland-commission", name="Northland Commission")
    DeploymentFactory(code="party", election=ElectionFactory(), sender_country="KZ", owner=desk, remark="")
    _stored, token = ApiToken.objects.create(
        user=person("coordinator", desk, "coordinator"), scope="write", name="A program"
    )
    sys.stdout.write(token)
