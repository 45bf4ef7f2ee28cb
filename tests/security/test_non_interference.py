"""Whoever asks cannot tell whether there is anything that they may not see."""

import pytest
from django.db import transaction

from tests.security.non_interference import Property
from tests.security.pieces import ACTORS
from tests.security.two_databases import World

pytestmark = pytest.mark.usefixtures("public_access", "db")


@pytest.fixture(scope="module")
def two_databases(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.mark.parametrize("actor", ACTORS)
def test_two_databases_that_differ_in_what_the_actor_may_not_see_answer_alike(two_databases, actor):
    asked = Property(two_databases, actor)
    asked.check()
    print(asked.compared, asked.left_out)
