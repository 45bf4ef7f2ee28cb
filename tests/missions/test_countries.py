"""The pages of countries: as host and as sender, each number as many rows as the list that it leads to."""

import html
import re

import pytest
from django.urls import reverse

from tests.factories import (
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    InvitationFactory,
    MissionFactory,
    OrganizationFactory,
    SourceFactory,
)
from tests.missions.test_one_party_over_three_missions import one_party
from tests.missions.test_pages import read, section, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


def page_of(code):
    return reverse("country", args=[code])


@pytest.fixture
def record(rebuild):
    """A party of 46 from Kazakhstan in Kyrgyzstan, an older one of 9, what is hidden, and an invitation declined."""
    source, memo = SourceFactory(), SourceFactory(public=False)
    party = one_party()
    older = ElectionFactory(country="KG", election_day="2028-06-02")
    HeadCountFactory(
        deployment=DeploymentFactory(election=older, sources=[source]), kind="announced", value=9, source=source
    )
    for paper in (source, memo):
        MissionFactory(election=older, sources=[paper])
    DeploymentFactory(election=older, sender_country="UZ", sources=[memo])
    commission = OrganizationFactory(code="cec-kz", kind="election_body", country="KZ", name="Commission of KZ")
    InvitationFactory(election=party.election, invitee=commission, response="declined", sources=[source])
    rebuild()


def numbers(client, address):
    markup = read(client, address)
    found = re.findall(r'<a href="(/[a-z]+/\?[^"]*)">[^<\d]*(?:<strong>)?(\d+)[^<]*<', markup)
    return [
        (html.unescape(href), int(number)) for href, number in found if not href.startswith(("/answer/", "/matrix/"))
    ]


@pytest.mark.parametrize("address", [reverse("countries"), page_of("KZ"), page_of("KG")])
def test_each_number_leads_to_as_many_rows(client, record, address):
    told = numbers(client, address)
    assert [(href, client.get(href).context["page"].paginator.count) for href, _number in told] == told
    assert len(told) >= 5


def rows_of_index(client):
    return re.findall(
        r'<th role="rowheader" scope="row"><a href="/countries/(\w\w)/"', read(client, reverse("countries"))
    )


def test_the_index_holds_each_country_with_a_record_that_the_reader_sees(client, record, viewer):
    assert rows_of_index(client) == ["KZ", "KG"]
    client.force_login(viewer)
    assert rows_of_index(client) == ["KZ", "KG", "UZ"]


def test_what_a_country_sent_is_told_year_by_year(client, record):
    sender = section(read(client, page_of("KZ")), "sender")
    assert "2030 1 46 no number no number 2 2028 1 9 no number no number nobody named" in sender
    assert "Commission of KZ : Presidential election, Kyrgyzstan, 2 June 2030" in sender


def test_what_a_host_received_leaves_out_what_is_hidden(client, record, viewer):
    host = section(read(client, page_of("KG")), "host")
    assert host.startswith("As host Elections 2 Missions 4 Deployments 2 ")
    client.force_login(viewer)
    assert section(read(client, page_of("KG")), "host").startswith("As host Elections 2 Missions 5 Deployments 3 ")


def test_small_letters_lead_to_the_page_and_what_is_no_country_to_none(client, record):
    assert client.get("/countries/kz/").headers["Location"] == page_of("KZ")
    assert [client.get(f"/countries/{code}/").status_code for code in ("XX", "xx", "KAZ")] == [404] * 3


def test_a_country_without_records_says_so(client, record):
    words = words_of(read(client, page_of("UY")))
    assert "No election is recorded." in words
    assert "No deployment is recorded." in words
