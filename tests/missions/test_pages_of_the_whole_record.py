"""The pages of the whole record that ships: each list, and every 25th page of each kind of record, is well made."""

import pytest
from django.urls import reverse

from missions.models import Deployment, Election, HeadCount, Invitation, Mission
from organizations.models import Organization, Source
from tests.missions.test_lists import page
from tests.missions.test_pages_markup import Page, faults

pytestmark = pytest.mark.usefixtures("published_record", "db", "public_access")

KINDS = [Election, Mission, Deployment, Invitation, Organization, Source]


def faults_of(client, address):
    answer = client.get(address)
    return faults(Page(answer.content.decode())) if answer.status_code == 200 else [answer.status_code]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_pages_of_records_are_well_made(client, kind):
    records = list(kind.objects.order_by("code"))
    looked_at = records[::25]
    wrong = {record.code: faults_of(client, record.get_absolute_url()) for record in looked_at}
    assert {code: found for code, found in wrong.items() if found} == {}
    assert len(wrong) == -(-len(records) // 25) > 5


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_first_and_the_last_hundred_of_a_list_are_well_made(client, kind):
    last = -(-kind.objects.count() // 100)
    for number in {1, last}:
        assert faults_of(client, page(kind.resource(), f"?page_size=100&page={number}")) == []


def test_the_pages_about_all_of_it_are_well_made(client):
    names = ("home", "about-the-record", "answer", "countries", "calendar", "search", "method", "data-dictionary")
    addresses = [*map(reverse, names), reverse("country", args=["KZ"]), f"{reverse('search')}?q=Council"]
    assert {address: faults_of(client, address) for address in addresses} == {address: [] for address in addresses}


@pytest.mark.parametrize("by", ["election", "sender", "organizer", "year"])
def test_the_answer_is_well_made_however_it_is_divided(client, by):
    assert faults_of(client, f"{reverse('answer')}?sender_country=KZ&by={by}") == []


def test_the_election_with_the_most_counts_is_well_made(client):
    counts = HeadCount.objects.exclude(election=None).values_list("election", flat=True)
    most = max(set(counts), key=list(counts).count)
    assert faults_of(client, Election.objects.get(pk=most).get_absolute_url()) == []
