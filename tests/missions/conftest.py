"""One more of the cast, for the tests of who sees and changes what."""

from __future__ import annotations

import pytest

from tests.factories import UserFactory


@pytest.fixture
def data_protection(db):
    """Sees all persons, and changes nothing."""
    return UserFactory(username="data-protection", is_data_protection=True)
