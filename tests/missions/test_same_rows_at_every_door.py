"""Page, JSON, CSV, NDJSON and XLSX of a list hold the same rows in the same order, whatever is asked of it."""

from __future__ import annotations

import pytest
from django.db import transaction

from missions.models import Election
from missions.readings import rebuild_readings
from missions.views import list_page
from tests.factories import SourceFactory
from tests.missions.test_files_of_lists import rows_of_csv, rows_of_ndjson, rows_of_xlsx
from tests.missions.test_filters import ASKED, make_two_sides
from tests.missions.test_lists import PAGES, RESOURCES, api, body_of, page, whole_record

pytestmark = pytest.mark.usefixtures("rows", "db", "public_access")

# Two rows on a page: whatever has more goes on over pages.
SIZE = 2
FILTERS = {(resource, parameter): f"{parameter}={value}" for resource, parameter, value, _stays in ASKED}
# Each order of each list, every second one backwards.
ORDERINGS = [
    (resource, f"ordering={'-' if number % 2 else ''}{name}")
    for resource, viewset in RESOURCES.items()
    for number, name in enumerate(viewset.ordering_fields)
]
QUESTIONS = [*((resource, query) for (resource, _parameter), query in FILTERS.items()), *ORDERINGS]


@pytest.fixture(scope="module")
def rows(django_db_setup, django_db_blocker):
    """The rows of two sides, three more of each kind, and as many that are hidden."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_two_sides()
        for key in ("a", "b"):
            whole_record(key)
        whole_record("hidden", sources=[SourceFactory(code=f"memo-{number}", public=False) for number in range(2)])
        rebuild_readings(Election.objects.all())
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def short_pages(monkeypatch):
    monkeypatch.setattr(list_page, "PAGE_SIZES", (SIZE,))


def codes(rows):
    return [row["code"] for row in rows]


def codes_of_pages(client, resource, query):
    first = client.get(page(resource, f"?{query}"), follow=True).context
    pages = [
        first,
        *(client.get(page(resource, f"?{query}&page={n}")).context for n in first["page"].paginator.page_range[1:]),
    ]
    return [row["code"] for each in pages for _record, row in each["rows"]]


def codes_of_json(client, resource, query):
    found, address = [], api(resource, f"?{query}&page_size={SIZE}")
    while address:
        answer = client.get(address).json()
        found += codes(answer["results"])
        address = answer["next"]
    return found


@pytest.mark.parametrize(("resource", "query"), QUESTIONS)
def test_every_door_has_the_same_rows_in_the_same_order(client, resource, query):
    expected = codes_of_json(client, resource, query)
    doors = {
        "csv": (page if resource in PAGES else api, rows_of_csv),
        "ndjson": (api, rows_of_ndjson),
        "xlsx": (api, rows_of_xlsx),
    }
    for ending, (door, read) in doors.items():
        answer = client.get(door(resource, f"?{query}&format={ending}"))
        assert (codes(read(body_of(answer))), answer["X-Row-Count"]) == (expected, str(len(expected))), ending
    if resource in PAGES:
        assert codes_of_pages(client, resource, query) == expected


def test_the_questions_are_every_filter_and_every_order_and_lists_go_on_over_pages(client):
    assert len(FILTERS) == sum(len(viewset.filterset_class.base_filters) for viewset in RESOURCES.values()) == 143
    assert len(ORDERINGS) == sum(len(viewset.ordering_fields) for viewset in RESOURCES.values())
    lengths = {resource: len(codes_of_json(client, resource, "ordering=code")) for resource in RESOURCES}
    assert min(lengths.values()) > SIZE
    hidden = client.get(api("deployments", "?q=hidden")).json()["results"]
    assert hidden == []
