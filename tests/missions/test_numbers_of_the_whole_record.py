"""No page of the whole record prints a number whose link opens a list with another count."""

from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.test import RequestFactory
from django.urls import reverse

from missions.models import Election, Mission
from organizations.models import Organization, Source
from tests.missions.test_lists import RESOURCES, page
from tests.missions.test_pages_markup import Page, numbers_with_lists

pytestmark = pytest.mark.usefixtures("published_record", "db", "public_access")


def count_behind(target):
    """How many rows the list has at this address: of its filters, without the rest of the page."""
    address = urlsplit(target)
    resource = RESOURCES[address.path.removeprefix("/api/v1/").strip("/")]
    request = RequestFactory().get(target)
    request.user = AnonymousUser()
    data = QueryDict(address.query, mutable=True)
    data.pop("format", None)
    filterset = resource.filterset_class(data, resource.rows(request.user), request=request)
    assert filterset.problems == [], target
    return filterset.qs.count()


def wrong_numbers(client, addresses):
    """The links on these pages whose number is not that of the rows behind them, and how many were followed."""
    pages = {}
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        pages[address] = (200, Page(answer.content.decode()))
    told = set(numbers_with_lists(pages))
    counted = {target: count_behind(target) for target in {target for target, _number in told}}
    return {(target, number) for target, number in told if counted[target] != number}, len(told)


def test_numbers_of_the_pages_about_all_of_it(client):
    names = ("home", "about-the-record", "countries", "observers")
    wrong, followed = wrong_numbers(client, map(reverse, names))
    assert wrong == set()
    assert followed > 600


def test_numbers_of_countries(client):
    codes = sorted(set(Election.objects.values_list("country", flat=True)))
    wrong, followed = wrong_numbers(client, [reverse("country", args=[str(code)]) for code in codes[::4]])
    assert wrong == set()
    assert followed > 100


@pytest.mark.parametrize("by", ["election", "sender", "organizer", "year"])
def test_numbers_of_answers(client, by):
    asked = (
        "sender_country=KZ",
        "sender_country=RU&sender_country=KG",
        "organizer=osce",
        "host_country=UA",
        "year=2017",
    )
    wrong, followed = wrong_numbers(client, [f"{reverse('answer')}?{query}&by={by}" for query in asked])
    assert wrong == set()
    assert followed > 30


def test_numbers_of_what_search_finds(client):
    asked = ("council", "казахстан", "2017", "osce", "parliament")
    wrong, followed = wrong_numbers(client, [f"{reverse('search')}?q={words}" for words in asked])
    assert wrong == set()
    assert followed > 15


@pytest.mark.parametrize(("kind", "every"), [(Election, 12), (Mission, 60), (Organization, 8), (Source, 60)])
def test_numbers_of_pages_of_records(client, kind, every):
    records = kind.objects.order_by("code")[::every]
    wrong, followed = wrong_numbers(client, [record.get_absolute_url() for record in records])
    assert wrong == set()
    assert followed > (10 if kind in {Election, Organization} else 0)


def test_numbers_of_the_lists(client):
    names = ("deployments", "invitations", "missions", "elections", "assignments")
    asked = [page(name, query) for name in names for query in ("", "?q=council", "?year=2017&host_country=KG")]
    wrong, followed = wrong_numbers(client, asked)
    assert wrong == set()
    assert followed >= 15
