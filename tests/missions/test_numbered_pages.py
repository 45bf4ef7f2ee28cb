"""Walking through the numbered pages of each list, and its file: every row is met once, in order."""

import pytest
from django.db import transaction

from missions.models import Election
from missions.readings import rebuild_readings
from tests.factories import (
    AssignmentFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    InvitationFactory,
    MissionFactory,
    OrganizationFactory,
    SourceFactory,
)
from tests.missions.test_api_pages import DAYS, ORDERINGS, in_order, walk
from tests.missions.test_filters import codes_of_csv
from tests.missions.test_lists import PAGES, RESOURCES, api, csv_of_api, csv_of_page, page

pytestmark = pytest.mark.usefixtures("public_access")

PAGE_ORDERINGS = [(resource, ordering) for resource, ordering in ORDERINGS if resource in PAGES]


@pytest.fixture(scope="module")
def made_rows(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        make_thirty_rows()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def thirty_rows(made_rows, db):
    """Of each kind that has a list page thirty rows or more, made once for all tests here."""


def make_thirty_rows():
    """Many of them with blanks or ties."""
    for number in range(30):
        day = DAYS[number % 3]
        source = SourceFactory(published_on=day if number % 2 else None)
        facts = {"sources": [source]}
        election = ElectionFactory(election_day=day)
        place = OrganizationFactory(country="KZ" if number % 2 else "")
        mission = MissionFactory(election=election, organizer=place, starts_on=day if number % 2 else None, **facts)
        InvitationFactory(election=election, invitee=place, responded_on=day if number % 2 else None, **facts)
        party = DeploymentFactory(election=election, sender=place if number % 2 else None, **facts)
        AssignmentFactory(mission=mission, deployment=party, starts_on=day if number % 2 else None, **facts)
        for subject in ({"election": election}, {"mission": mission}, {"deployment": party}) if number % 2 else ():
            HeadCountFactory(kind="announced", value=number % 3, source=source, **subject)
    rebuild_readings(Election.objects.all())


@pytest.mark.parametrize("resource", PAGES)
def test_every_row_of_the_numbered_pages_is_met_once(client, thirty_rows, resource):
    walked = 0
    for ordering in [ordering for listed, ordering in PAGE_ORDERINGS if listed == resource]:
        found, number = [], 1
        while True:
            shown = client.get(page(resource, f"?ordering={ordering}&page={number}")).context
            found += [row["code"] for _record, row in shown["rows"]]
            if not shown["page"].has_next():
                break
            number += 1
        assert found == in_order(resource, ordering)[0]
        assert number >= 2
        walked += 1
    assert walked == 2 * len(RESOURCES[resource].ordering_fields)


@pytest.mark.parametrize("resource", PAGES)
def test_the_file_of_a_page_is_the_file_of_the_api(client, thirty_rows, resource):
    for query in ("?", "?ordering=-code", "?ordering=modified_at"):
        of_page = b"".join(client.get(csv_of_page(resource, query)).streaming_content)
        of_api = b"".join(client.get(csv_of_api(resource, query)).streaming_content)
        assert of_page == of_api
        assert len(of_page.splitlines()) > 30


def test_the_file_holds_what_the_pages_hold_together(client, thirty_rows):
    for resource in PAGES:
        pages, _last = walk(client, api(resource, "?page_size=7"))
        assert sorted(code for codes in pages for code in codes) == codes_of_csv(client, csv_of_page(resource))
        assert len(pages) >= 5
