"""Walking through all pages of a list, by each ordering, with blanks and ties: every row is met once, in order."""

from datetime import date
from itertools import pairwise

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from missions.models import Election
from missions.readings import rebuild_readings
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
from tests.missions.test_lists import RESOURCES, api, csv_of_api

pytestmark = pytest.mark.usefixtures("public_access")

ORDERINGS = [
    (resource, sign + name)
    for resource, viewset in RESOURCES.items()
    for name in viewset.ordering_fields
    for sign in ("", "-")
]
DAYS = [date(2017, 10, 15), date(2017, 10, 15), date(2030, 6, 2)]
# Columns that always hold something. (`named` is 0 where nobody is.)
NEVER_BLANK = {
    "code",
    "modified_at",
    "election_day",
    "host_country",
    "kind",
    "status",
    "response",
    "organizer",
    "organization",
    "invitee",
    "publisher",
    "family_name",
    "role",
    "as_of",
    "named",
    "subject",
    "name",
}
NEVER_BLANK_HERE = {("regions", "country"), ("voting-days", "starts_on")}


@pytest.fixture(scope="module")
def made_rows(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        make_blanks_and_ties()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def blanks_and_ties(made_rows, db):
    """Rows of every kind, made once for all tests here."""


def make_blanks_and_ties():
    """Of each kind five rows: three with values, of which two tie, and two with blanks wherever there can be any."""
    organizations, elections, sources = [], [], []
    for number in range(5):
        values = number < 3
        tie = "ab"[number // 2] if values else ""
        source = SourceFactory(published_on=DAYS[number] if values else None, publisher=f"Gazette {number // 2}")
        sources.append(source)
        facts = {"sources": [source]}
        country = {"a": "KZ", "b": "UZ", "": ""}[tie]
        place = OrganizationFactory(country=country, kind="government" if number % 2 else "parliament")
        organizations.append(place)
        day = DAYS[number] if values else None
        OrganizationNameFactory(organization=place, language="en", valid_from=day)
        OrganizationNameFactory(organization=place, language="ru", valid_from=day)
        for code in ("KZ", "UZ"):
            MembershipFactory(organization=place, since=day, member_country=code, **facts)
        RegionFactory(
            country="KZ" if number % 2 else "KG",
            iso=f"KZ-{tie.upper()}" if tie else "",
            name=f"R{number // 2}",
            valid_from=day,
        )
        election = ElectionFactory(country="KG" if number % 2 else "MN", election_day=DAYS[number % 3])
        elections.append(election)
        VotingDayFactory(election=election, starts_on=DAYS[number % 3])
        mission = MissionFactory(
            election=election,
            organizer=organizations[number // 2],
            kind="om" if number % 2 else "pa",
            starts_on=day,
            **facts,
        )
        for inviter in (place, OrganizationFactory()):
            InvitationFactory(
                election=election,
                inviter=inviter,
                invitee=organizations[number // 2] if inviter != organizations[number // 2] else OrganizationFactory(),
                response="accepted" if number % 2 else "none",
                responded_on=day,
                **facts,
            )
        party = DeploymentFactory(
            election=election,
            sender=organizations[number // 2] if values else None if number == 3 else OrganizationFactory(),
            sender_country=country or ("KZ" if number == 3 else ""),
            status="planned" if number % 2 else "deployed",
            **facts,
        )
        DeploymentFactory(election=election, sender=OrganizationFactory(), sender_country="", **facts)
        DeploymentFactory(election=election, sender_country="KZ", **facts)
        ChannelFactory(deployment=party, mission=mission, source=source)
        for subject in ({"election": election}, {"mission": mission}, {"deployment": party}):
            for kind in ("announced", "accredited", "deployed"):
                value = {"a": 46, "b": 10, "": None}[tie]
                qualifier = "exact" if values else "not_published"
                HeadCountFactory(kind=kind, value=value, qualifier=qualifier, source=source, **subject)
        person = ObserverFactory(
            family_name=f"Example{number // 2}", nationality="KZ" if number < 2 else "UZ" if values else ""
        )
        ObserverNameFactory(observer=person, source=source, family_name=f"Пример{number // 2}")
        role = "head" if number % 2 else "expert"
        AssignmentFactory(observer=person, mission=mission, deployment=party, role=role, starts_on=day, **facts)
        StatementFactory(subject=f"missions/{mission.code}", field="name", source=source)
        StatementFactory(subject=f"missions/{mission.code}", field="kind", source=source)
    rebuild_readings(Election.objects.all())


def in_order(resource, ordering):
    """The codes of all rows as they should stand, put in order by Python, and the values that they are ordered by."""
    viewset = RESOURCES[resource]
    path = viewset.ordering_fields[ordering.removeprefix("-")]
    rows = sorted(viewset.rows(AnonymousUser()).order_by().values_list("code", path))
    valued = [row for row in rows if row[1] not in {None, ""}]
    blank = [row for row in rows if row[1] in {None, ""}]
    in_order = sorted(valued, key=lambda row: row[1])
    if ordering.startswith("-"):
        values = sorted({value for _code, value in valued}, reverse=True)
        in_order = [row for value in values for row in valued if row[1] == value]
    return [str(code) for code, _value in in_order + blank], [value for _code, value in in_order], len(blank)


def walk(client, address, direction="next"):
    """The codes on each page, following the addresses of one direction, and the last page's answer."""
    pages = []
    while address:
        answer = client.get(address).json()
        pages.append([row["code"] for row in answer["results"]])
        address = answer[direction]
    return pages, answer


@pytest.mark.parametrize(("resource", "ordering"), ORDERINGS)
def test_every_row_of_the_api_is_met_once(client, blanks_and_ties, resource, ordering):
    expected, values, blanks = in_order(resource, ordering)
    pages, last = walk(client, api(resource, f"?ordering={ordering}&page_size=2"))
    assert [code for codes in pages for code in codes] == expected
    back, _first = walk(client, last["previous"], "previous")
    assert [*reversed(back), pages[-1]] == pages
    assert codes_in_order(client, csv_of_api(resource, f"?ordering={ordering}")) == expected

    name = ordering.removeprefix("-")
    assert len(pages) > 2
    assert (blanks >= 2) == (name not in NEVER_BLANK and (resource, name) not in NEVER_BLANK_HERE)
    assert any(one == other for one, other in pairwise(values)) == (name not in {"code", "modified_at"})


def test_every_ordering_of_every_resource_is_walked():
    assert len(ORDERINGS) == 206


def codes_in_order(client, address):
    text = b"".join(client.get(address).streaming_content).decode()
    lines = text.splitlines()
    place = lines[0].split(",").index("code")
    return [line.split(",")[place] for line in lines[1:] if line]
