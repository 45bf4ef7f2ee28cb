"""Every list: which rows of the record it holds, and that it takes as many queries for fifty rows as for one.

`whole_record` makes rows of every kind that hang together; the tests of pages and API go through them as well.
"""

import re
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.api import router
from missions.dataset import RECORDS
from organizations import whole_lists
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    InvitationFactory,
    MembershipFactory,
    MissionFactory,
    ObserverFactory,
    ObserverNameFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    RegionFactory,
    SourceFactory,
    StatementFactory,
    VotingDayFactory,
)

pytestmark = pytest.mark.usefixtures("public_access")

RESOURCES = {resource: viewset for resource, viewset, _basename in router.registry}
# The lists that have a page; its name is the resource's.
PAGES = (
    "assignments",
    "deployments",
    "elections",
    "invitations",
    "missions",
    "observers",
    "organizations",
    "sources",
)
# The records that have a page of their own.
PAGES_OF_RECORDS = {resource: resource.removesuffix("s") for resource in PAGES if resource != "assignments"}
# Those that head counts are about.
RECONCILED = ("elections", "missions", "deployments")
DAY = date(2030, 6, 2)


def page(resource, query=""):
    return reverse(resource) + query


def api(resource, query=""):
    return reverse(f"api:{resource}-list") + query


def csv_of_page(resource, query="?"):
    return f"{page(resource, query)}&format=csv"


def csv_of_api(resource, query="?"):
    return f"{api(resource, query)}&format=csv"


def organization(name, source, **columns):
    """An organization with a name in each language of the site and in Arabic script."""
    made = OrganizationFactory(**columns)
    names = {"en": name, "ru": f"{name} по-русски", "kk": f"{name} қазақша", "ar": f"{name} منظمة"}
    for language, spelled in names.items():
        OrganizationNameFactory(
            organization=made, language=language, name=spelled, short_name=name.split()[-1], source=source
        )
    return made


def whole_record(key, *, sources=None, organizer=None, election=None, inside=None):
    """Rows of every kind, each fact with two sources, several channels, names in languages, persons.

    What is given is shared with other rows: with `inside`, an earlier record, everything hangs on that one's records.
    """
    sources = sources or [
        SourceFactory(code=f"chronicle-{key}", language="ru", published_on=DAY),
        SourceFactory(code=f"herald-{key}", language="kk"),
    ]
    organizer = organizer or organization(f"Council {key}", sources[0], country="")
    assembly = organization(
        f"Assembly {key}", sources[0], parent=organizer, kind="parliamentary_assembly", sources=sources
    )
    commission = organization(
        f"Commission {key}", sources[0], country="KZ", kind="election_body", parent=inside and inside.body
    )
    host = organization(f"Host {key}", sources[0], country="KG", kind="election_body")
    region = RegionFactory(code=f"region-{key}", country="KG", source=sources[0])
    election = election or ElectionFactory(code=f"election-{key}", sources=sources)
    whole, part = (
        MissionFactory(election=election, organizer=body, sources=sources, kind=kind, status="deployed")
        for body, kind in ((organizer, "om"), (assembly, "pa"))
    )
    part.part_of = inside.mission if inside else whole
    part.save()
    part.co_organizers.set([organizer, commission])
    party = DeploymentFactory(
        code=f"party-{key}",
        election=election,
        sender=commission,
        sender_country="KZ",
        sources=sources,
        part_of=inside and inside.party,
    )
    for source in sources if not inside else [SourceFactory(code=f"courier-{key}")]:
        for mission in (whole, part):
            ChannelFactory(deployment=inside.party if inside else party, mission=mission, source=source)
        for subject in ({"deployment": inside.party if inside else party}, {"mission": whole}, {"election": election}):
            HeadCountFactory(kind="announced", value=46, source=source, **subject)
            HeadCountFactory(kind="deployed", value=40, source=source, **subject)
    channel = inside.party if inside else party
    for number in range(2):
        person = ObserverFactory(family_name=f"Example{key}", given_names=f"Robin{number}", nationality="KZ")
        if inside and number:
            person = inside.person
        ObserverNameFactory(observer=person, source=sources[0], family_name=f"Spelling{key}{number}")
        AssignmentFactory(observer=person, mission=whole, deployment=channel, region=region, sources=sources)
    invitation = InvitationFactory(
        election=election, inviter=host, invitee=commission, response="declined", sources=sources
    )
    VotingDayFactory(election=election, region=region, source=sources[0])
    MembershipFactory(organization=organizer, member_country="", member_organization=commission, sources=sources)
    for about in (f"deployments/{channel.code}", f"elections/{election.code}", f"missions/{whole.code}"):
        StatementFactory(subject=about, source=SourceFactory(), field="status")
    return SimpleNamespace(
        sources=sources,
        organizer=organizer,
        body=commission,
        election=election,
        mission=whole,
        party=party,
        person=person,
        invitation=invitation,
        source=sources[0],
    )


def pages_of(record):
    """The page of each kind of record that has one."""
    return {
        "deployments": record.party,
        "elections": record.election,
        "invitations": record.invitation,
        "missions": record.mission,
        "observers": record.person,
        "organizations": record.organizer,
        "sources": record.source,
    }


def name_of(response):
    """The name of a download, whatever the day."""
    named = response.headers["Content-Disposition"].removeprefix('attachment; filename="').removesuffix('"')
    return re.sub(r"\d{4}-\d\d-\d\d(?=[^-]*$)", "DAY", named)


def body_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_there_is_a_resource_for_every_kind_of_record_and_no_other():
    assert RESOURCES.keys() == {model.resource() for model in RECORDS}
    assert len(RESOURCES) == 16


def test_each_resource_is_of_its_own_model_and_filters():
    assert {resource: viewset.model() for resource, viewset in RESOURCES.items()} == {
        model.resource(): model for model in RECORDS
    }
    assert len({viewset.filterset_class for viewset in RESOURCES.values()}) == 16


@pytest.mark.django_db
def test_a_whole_record_is_met_in_every_list(client, rebuild):
    whole_record("a")
    rebuild()
    met = {resource: len(client.get(api(resource)).json()["results"]) for resource in RESOURCES}
    assert met == {
        "sources": 5,
        "organizations": 4,
        "organization-names": 16,
        "memberships": 1,
        "regions": 1,
        "elections": 1,
        "voting-days": 1,
        "missions": 2,
        "invitations": 1,
        "deployments": 1,
        "channels": 4,
        "head-counts": 12,
        "observers": 2,
        "observer-names": 2,
        "assignments": 2,
        "statements": 3,
    }


# The number of queries


def queries(client, addresses):
    """How many queries each address takes, each asked for a second time."""
    taken = {}
    for address in addresses:
        body_of(client.get(address))
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
            body_of(response)
        assert response.status_code == 200, address
        taken[address] = len(captured)
    return taken


@pytest.mark.django_db
def test_no_list_takes_more_queries_for_more_rows(client, rebuild, secretariat, monkeypatch):
    # A file takes the queries of a page for each of so many rows.
    monkeypatch.setattr(whole_lists, "ROWS_AT_A_TIME", 1_000)
    chosen = f"?organizer={secretariat.code}&sender_country=KZ&host_country=KG"
    addresses = [
        reverse("home"),
        reverse("countries"),
        reverse("country", args=["KZ"]),
        reverse("method"),
        f"{reverse('calendar')}?month=2030-06",
        f"{reverse('search')}?q=Council",
        *(page(resource, "?page_size=100") for resource in PAGES),
        *(api(resource, "?page_size=1000") for resource in RESOURCES),
        *(csv_of_page(resource) for resource in PAGES),
        *(csv_of_api(resource) for resource in RESOURCES),
        page("deployments", f"{chosen}&page_size=100"),
        page("deployments", "?mission_kind=om&mission_kind=pa&page_size=100"),
        api("deployments", chosen),
        csv_of_page("deployments", chosen),
        page("deployments", "?q=Council&page_size=100"),
        *(f"{reverse('answer')}{chosen}&by={by}" for by in ("election", "sender", "organizer", "year")),
        api("observers", "?q=Example"),
    ]
    whole_record("first", organizer=secretariat)
    rebuild()
    for_one = queries(client, addresses)
    for number in range(49):
        whole_record(number, organizer=secretariat)
    rebuild()
    assert len(client.get(api("deployments")).json()["results"]) == 50
    assert queries(client, addresses) == for_one
    assert len(for_one) == 64


@pytest.mark.django_db
def test_no_page_of_a_record_takes_more_queries_for_more_of_what_it_shows(client, rebuild, viewer):
    record = whole_record("first")

    def more(key):
        whole_record(key, sources=record.sources, organizer=record.organizer, election=record.election, inside=record)

    more("second")
    rebuild()
    addresses = [made.get_absolute_url() for made in pages_of(record).values()]
    for_one = queries(client, addresses)
    client.force_login(viewer)
    for_one_signed_in = queries(client, addresses)
    for number in range(10):
        more(number)
    rebuild()
    assert queries(client, addresses) == for_one_signed_in
    client.logout()
    assert queries(client, addresses) == for_one
    assert len(for_one) == len(PAGES_OF_RECORDS) == 7
