"""The world of the security tests, built once for each module that asks for it, and those who come in."""

from __future__ import annotations

import pytest
from django.db import transaction

from tests.security import world as worlds
from tests.security.actors import come_in
from tests.security.crawl import Crawl


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """The world and its clients; what a test changes is undone after it. Each test also needs `db`."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = worlds.build()
        yield world, come_in(world)
        transaction.set_rollback(True)


@pytest.fixture
def world(built, db, public_access, settings):
    # The clients came in before the first test of the module, and count as just come in however long all tests take.
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 24 * 60 * 60
    return built[0]


@pytest.fixture
def clients(built, world):
    settle(built[1])
    return built[1]


def settle(clients):
    """What stands between a request and its page is that of the settings of this test."""
    for client in clients.values():
        client.handler.load_middleware()


@pytest.fixture
def crawl(world, clients):
    return Crawl(world, clients)


@pytest.fixture
def closed(crawl, members_only):
    """The same world, where nothing is public. To be asked for after `crawl`."""
    settle(crawl.clients)
