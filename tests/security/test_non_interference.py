"""Whoever asks cannot tell whether there is anything that they may not see: random questions, put to two databases."""

import hypothesis
import pytest
from django.db import transaction

from missions.models import Assignment
from tests.admin_pages import address_of
from tests.security.non_interference import EXAMPLES, Property
from tests.security.pieces import PIECES
from tests.security.questions import Question, shares_of
from tests.security.seen_by_all import ACTORS, SHOWN, WORD
from tests.security.two_databases import World, hidden_from

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
    most = max(EXAMPLES, hypothesis.settings.default.max_examples)
    assert asked.compared.total() + asked.left_out.total() == most
    assert asked.left_out.total() <= most // 20
    assert asked.compared.keys() == shares_of(actor).keys()


def test_so_many_pieces_are_hidden_from_each():
    assert len(PIECES) == 49
    assert {sum(shares_of(actor).values()) for actor in ACTORS} == {EXAMPLES}
    assert {actor: len(hidden_from(actor)) for actor in ACTORS} == {
        "visitor": 49,
        "member": 48,
        "viewer_a": 40,
        "coordinator_a": 33,
        "coordinator_b": 40,
        "organizer_m": 39,
        "data_protection": 10,
        "administrator": 35,
        "token_b": 40,
    }


def test_the_code_of_a_place_does_not_tell_of_a_hidden_one_with_a_party(two_databases):
    keys = two_databases.keys
    sent = {
        "observer": str(keys["observers"][SHOWN["nobody"]]),
        "mission": str(keys["missions"]["kg-council"]),
        "deployment": "",
        "role": "expert",
        "owner": str(keys["organizations"]["southland-ministry"]),
    }
    asked = Property(two_databases, "coordinator_b")
    with two_databases.as_seen_by("coordinator_b"):
        question = Question("new place", address_of(Assignment, "add"), sent, "record")
        asked.compare("new place", question, hidden_from("coordinator_b"), WORD)
    assert asked.compared == {"new place": 1}
