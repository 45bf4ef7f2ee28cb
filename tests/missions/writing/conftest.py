"""A party, a paper, and programs that write with the tokens of the cast."""

import pytest

from tests.api_client import ApiClient
from tests.factories import DeploymentFactory, ElectionFactory, MissionFactory, SourceFactory


@pytest.fixture(autouse=True)
def everybody_reads(public_access):
    """Anonymous visitors read what is public."""


@pytest.fixture
def vote(db):
    return ElectionFactory(code="vote", country="KG", name="A vote")


@pytest.fixture
def paper(northland_commission):
    return SourceFactory(code="gazette", title="Observers arrive", owner=northland_commission)


@pytest.fixture
def joint(vote, secretariat, paper):
    return MissionFactory(code="joint", election=vote, organizer=secretariat, owner=secretariat, sources=[paper])


@pytest.fixture
def party(vote, northland_commission, paper):
    """Kept by the Northland Commission."""
    return DeploymentFactory(
        code="party",
        election=vote,
        sender_country="KZ",
        owner=northland_commission,
        sources=[paper],
        remark="By train.",
    )


@pytest.fixture
def program(coordinator):
    """Writes for the Northland Commission."""
    return ApiClient(coordinator)


@pytest.fixture
def program_of(request):
    """A program with the token of one of the cast."""
    return lambda name, **options: ApiClient(request.getfixturevalue(name), **options)
