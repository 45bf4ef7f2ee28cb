"""The first run: the published record in an empty database, and one administrator."""

from io import StringIO

import pytest
from django.core.management import call_command

from missions.models import Deployment, Election
from tests.conftest import PUBLISHED, everything_stored
from tests.excerpt import rows_of
from tests.factories import ElectionFactory, OrganizationFactory, SourceFactory


def test_the_first_run_loads_the_record_and_creates_an_administrator_once(db, django_user_model):
    out = StringIO()
    call_command("first_run", stdout=out)
    told = out.getvalue().splitlines()
    administrator = django_user_model.objects.get(is_superuser=True)
    (password,) = [line.removeprefix("Password (shown once): ") for line in told if line.startswith("Password")]
    assert administrator.check_password(password)
    assert Election.objects.count() == len(rows_of(Election, PUBLISHED)) > 100

    again = StringIO()
    before = everything_stored()
    call_command("first_run", stdout=again)
    assert again.getvalue() == ""
    assert everything_stored() == before


@pytest.mark.parametrize("there", [SourceFactory, OrganizationFactory, ElectionFactory])
def test_the_first_run_loads_nothing_beside_what_is_there(there, db):
    there()
    call_command("first_run", stdout=StringIO())
    assert Deployment.objects.count() == 0
