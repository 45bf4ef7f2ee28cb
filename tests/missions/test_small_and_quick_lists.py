"""The lists of the whole record that ships stay small and quick: whatever is asked of them, in each language."""

from itertools import pairwise

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lib.filter_fields import CodesField
from missions.models import Assignment, Channel, Mission
from organizations.models import Organization, SavedView, StaffRole
from tests.factories import UserFactory
from tests.missions.test_lists import PAGES, page

pytestmark = pytest.mark.usefixtures("published_record", "db", "public_access")

MOST_QUERIES = 15
MOST_BYTES = 60_000
VIEWS = ("table", "timeline", "years")
WITHOUT_CHOICES = {
    "q": "Council of Europe",
    "date_after": "2000-01-01",
    "date_before": "2030-12-31",
    "modified_after": "2000-01-01",
}
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture
def member(client):
    """Who writes for an organization, and has saved a list: of all readers the one whose pages ask most."""
    user = UserFactory()
    StaffRole.objects.create(user=user, organization=Organization.objects.get(code="osce"), role="coordinator")
    SavedView.objects.create(user=user, name="Kazakhstan", query="sender_country=KZ", organization=None)
    client.force_login(user)
    return user


@pytest.fixture
def filters(client):
    """Each filter of deployments by name, with the choice that has most rows."""
    facets = client.get(reverse("api:deployments-facets")).json()["facets"]
    chosen = {each["name"]: max(each["choices"], key=lambda choice: choice["count"])["value"] for each in facets}
    return {**chosen, **WITHOUT_CHOICES}


def awkward(filters):
    """All filters at once, with rows: a party over several missions; one more mission, to which nobody is sent."""
    through = Channel.objects.order_by("deployment", "mission").values_list("deployment", "mission")
    party = next(one[0] for one, other in pairwise(through) if one[0] == other[0])
    told = Channel.objects.filter(deployment=party).select_related("mission__organizer", "deployment__election").first()
    election = told.deployment.election
    nobody_sent = Mission.objects.filter(channels=None).exclude(pk__in=Assignment.objects.values("mission")).first()
    return [
        ("q", " ".join(f"{election.label} {election.code.replace('-', ' ')}".split()[:3])),
        ("sender_country", str(told.deployment.sender_country)),
        ("host_country", str(election.country)),
        ("year", str(election.election_day.year)),
        ("election", election.code),
        ("organizer", told.mission.organizer.code),
        ("mission", told.mission.code),
        ("mission", nobody_sent.code),
        ("mission_kind", told.mission.kind),
        ("status", told.deployment.status),
        ("share", "unknown"),
        *((name, filters[name]) for name in ("date_after", "date_before", "modified_after")),
    ]


def asked(client, address, query):
    client.get(address, query)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address, query)
    assert answer.status_code == 200, (address, query)
    return answer, len(captured)


def in_language(address, language):
    return address if language == LANGUAGES[0] else f"/{language}{address}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_25_deployments_take_less_than_sixty_thousand_bytes_under_any_filter(client, member, filters, language):
    address = in_language(page("deployments"), language)
    sizes = {name: len(client.get(address, {name: value}).content) for name, value in filters.items()}
    sizes |= {view: len(client.get(address, {"view": view}).content) for view in VIEWS[1:]}
    assert {name: size for name, size in sizes.items() if size >= MOST_BYTES} == {}
    assert len(sizes) == 22


@pytest.mark.parametrize("view", VIEWS)
def test_deployments_take_at_most_fifteen_queries_under_any_filter(client, member, filters, view):
    taken = {
        name: asked(client, page("deployments"), {name: value, "view": view, "page_size": "100"})[1]
        for name, value in filters.items()
    }
    assert {name: number for name, number in taken.items() if number > MOST_QUERIES} == {}
    assert len(taken) == 20


@pytest.mark.parametrize("view", VIEWS)
def test_deployments_take_at_most_fifteen_queries_under_all_filters_at_once(client, member, filters, view):
    query = {"view": view}
    for name, value in awkward(filters):
        query[name] = [*query.get(name, []), value]
    signed_in, taken = asked(client, page("deployments"), query)
    client.logout()
    assert (signed_in.context["page"].paginator.count > 0, taken <= MOST_QUERIES) == (True, True)
    assert asked(client, page("deployments"), query)[1] <= MOST_QUERIES


def test_deployments_take_at_most_fifteen_queries_with_any_columns_and_order(client, member):
    columns = ["through", "when", "observers", "announced", "accredited", "deployed", "named", "status", "changed"]
    for ordering in ("-announced", "named", "sender", "host_country"):
        assert asked(client, page("deployments"), {"columns": columns, "ordering": ordering})[1] <= MOST_QUERIES


def a_value(filterset, name):
    field = filterset.form.fields[name]
    if isinstance(field, CodesField):
        return field.queryset.order_by("code").first().code
    choices = [value for value, _label in getattr(field, "choices", []) if value]
    return choices[0] if choices else {"year": "2017", **WITHOUT_CHOICES}.get(name, "2017-10-15")


@pytest.mark.parametrize("resource", sorted(set(PAGES) - {"deployments"}))
def test_every_other_list_takes_at_most_fifteen_queries_under_any_filter(client, member, resource):
    filterset = client.get(page(resource)).context["filterset"]
    one = {name: {name: a_value(filterset, name)} for name in filterset.filters}
    queries = {**one, "none": {}, "all": {name: value for each in one.values() for name, value in each.items()}}
    taken = {name: asked(client, page(resource), {**query, "page_size": "100"})[1] for name, query in queries.items()}
    assert {name: number for name, number in taken.items() if number > MOST_QUERIES} == {}
    assert len(taken) > 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_25_rows_of_every_other_list_take_less_than_sixty_thousand_bytes(client, member, language):
    names = (*sorted(set(PAGES) - {"deployments"}), "answer", "calendar")
    sizes = {name: len(client.get(in_language(reverse(name), language)).content) for name in names}
    assert {name: size for name, size in sizes.items() if size >= MOST_BYTES} == {}
