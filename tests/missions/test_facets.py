"""Facets: each count is the number of rows that the list would have, under all filters but the facet's own."""

from datetime import date

import pytest
from django.http import QueryDict

from missions.filters import DeploymentFilterSet
from missions.models import Deployment
from organizations.models import Organization
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    ObserverFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    SourceFactory,
)
from tests.missions.test_lists import queries, whole_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]

FACETS = "/api/v1/deployments/facets/"
OPEN = {"sender_country", "sender", "host_country", "year", "organizer", "election", "mission"}


@pytest.fixture
def ask(client):
    """The facets under a query: by name, the choices with how many rows each has."""

    def of(query=""):
        response = client.get(f"{FACETS}?{query}")
        assert response.status_code == 200, response.content
        return {facet["name"]: facet["choices"] for facet in response.json()["facets"]}

    return of


def counts(choices):
    return {choice["value"]: choice["count"] for choice in choices}


@pytest.fixture
def two_parties(rebuild):
    """One of Kazakhstan through the Council's Assembly and the Union in 2030; one of Uzbekistan, direct, in 2017."""
    gazette = SourceFactory(code="gazette")
    council = OrganizationFactory(code="council", name="Northland Council")
    assembly = OrganizationFactory(code="assembly", name="Northland Assembly", parent=council)
    union = OrganizationFactory(code="union", name="Northland Union")
    ministry = OrganizationFactory(code="ministry", country="KZ", kind="government", name="Ministry")
    embassy = OrganizationFactory(code="embassy", country="KZ", kind="embassy", parent=ministry, name="Embassy")
    election = ElectionFactory(code="northland-2030")
    first = DeploymentFactory(election=election, sender=embassy, status="completed", sources=[gazette])
    for organizer, kind in ((assembly, "pa"), (union, "om")):
        mission = MissionFactory(
            code=f"of-{organizer.code}", election=election, organizer=organizer, kind=kind, sources=[gazette]
        )
        ChannelFactory(deployment=first, mission=mission, source=gazette)
    HeadCountFactory(deployment=first, kind="announced", source=gazette)
    AssignmentFactory(deployment=first, sources=[gazette])
    earlier = ElectionFactory(
        code="southland-2017", country="MN", kind="parliamentary", election_day=date(2017, 10, 15)
    )
    DeploymentFactory(election=earlier, sender_country="UZ", sources=[gazette])
    rebuild()


@pytest.mark.parametrize(
    ("facet", "expected"),
    [
        ("sender_country", {"KZ": 1, "UZ": 1}),
        ("sender", {"embassy": 1, "ministry": 1}),
        ("host_country", {"KG": 1, "MN": 1}),
        ("year", {"2030": 1, "2017": 1}),
        ("election", {"northland-2030": 1, "southland-2017": 1}),
        ("organizer", {"assembly": 1, "council": 1, "union": 1}),
        ("mission", {"of-assembly": 1, "of-union": 1}),
        ("share", {"whole": 0, "unknown": 1, "bilateral": 1}),
        ("agreement", {"conflict": 0, "gap": 0, "partial": 0, "none": 1, "agreed": 1}),
        ("channels_agree", {"yes": 2, "no": 0}),
        ("named", {"yes": 1, "no": 1}),
        ("sourced", {"yes": 2, "no": 0}),
        (
            "status",
            {"planned": 0, "announced": 1, "deployed": 0, "completed": 1, "withdrawn": 0, "cancelled": 0},
        ),
    ],
)
def test_each_choice_counts_its_rows(two_parties, ask, facet, expected):
    assert counts(ask()[facet]) == expected


def test_a_fixed_list_shows_every_choice_and_an_open_one_those_that_occur(two_parties, ask):
    facets = ask()
    assert {name: len(choices) for name, choices in facets.items() if name not in OPEN} == {
        name: len([value for value, _label in field.extra["choices"] if value])
        for name, field in DeploymentFilterSet.base_filters.items()
        if name in facets and name not in OPEN
    }
    assert [choice["value"] for choice in facets["mission_kind"] if choice["count"]] == ["pa", "om"]
    assert [choice["value"] for choice in facets["sender_kind"] if choice["count"]] == ["embassy"]
    assert [choice["value"] for choice in facets["election_kind"] if choice["count"]] == [
        "presidential",
        "parliamentary",
    ]


def test_a_facet_ignores_its_own_choice_and_heeds_all_others(two_parties, ask):
    facets = ask("sender_country=KZ&year=2017")
    assert counts(facets["sender_country"]) == {"UZ": 1, "KZ": 0}
    assert counts(facets["year"]) == {"2030": 1, "2017": 0}
    assert counts(facets["host_country"]) == {}
    assert set(counts(facets["status"]).values()) == {0}


def test_a_channel_that_is_not_counted_is_none(two_parties, ask):
    party = Deployment.objects.get(sender_country="UZ")
    league = MissionFactory(
        election=party.election, organizer=OrganizationFactory(code="league"), sources=[SourceFactory()]
    )
    ChannelFactory(deployment=party, mission=league, counted=False)
    assert "league" not in counts(ask()["organizer"])


def test_what_is_chosen_is_marked_and_stays_where_it_has_no_rows(two_parties, ask):
    facets = ask("organizer=union&mission=of-assembly&status=planned")
    assert [(choice["value"], choice["count"], choice["chosen"]) for choice in facets["organizer"]] == [
        ("union", 0, True)
    ]
    assert [choice["value"] for choice in facets["status"] if choice["chosen"]] == ["planned"]


def test_the_organizer_the_kind_and_the_code_asked_for_are_of_one_mission(two_parties, ask):
    assert counts(ask("mission_kind=om")["organizer"]) == {"union": 1}
    assert counts(ask("organizer=council")["mission"]) == {"of-assembly": 1}
    kinds = counts(ask("organizer=council")["mission_kind"])
    assert {kind: count for kind, count in kinds.items() if count} == {"pa": 1}


def test_what_is_hidden_changes_nothing_for_anonymous_readers(two_parties, client, rebuild):
    memo = SourceFactory(code="memo", public=False)
    addresses = [f"{FACETS}?{query}" for query in ("", "organizer=council", "named=yes", "share=unknown", "q=council")]
    before = [client.get(address).content for address in addresses]
    party = Deployment.objects.get(sender_country="UZ")
    gazette = SourceFactory()
    hidden = MissionFactory(election=party.election, organizer=OrganizationFactory(), kind="eom", sources=[memo])
    ChannelFactory(deployment=party, mission=hidden, source=memo)
    HeadCountFactory(deployment=party, kind="announced", source=memo)
    AssignmentFactory(deployment=party, sources=[memo])
    AssignmentFactory(deployment=party, sources=[gazette], observer=ObserverFactory(withheld=True))
    DeploymentFactory(election=party.election, sources=[memo])
    council = Organization.objects.get(code="council")
    OrganizationNameFactory(organization=council, name="Secret Council", source=memo)
    rebuild()
    assert [client.get(address).content for address in addresses] == before


def test_a_hidden_mission_that_a_public_row_names_is_no_choice_and_shows_no_kind(two_parties, ask, rebuild):
    party = Deployment.objects.get(sender_country="UZ")
    hidden = MissionFactory(
        election=party.election,
        organizer=OrganizationFactory(code="league"),
        kind="eom",
        sources=[SourceFactory(public=False)],
    )
    ChannelFactory(deployment=party, mission=hidden)
    facets = ask()
    assert counts(facets["organizer"])["league"] == 1
    assert hidden.code not in counts(facets["mission"])
    assert counts(facets["mission_kind"])["eom"] == 0


@pytest.mark.parametrize(
    ("query", "parameter", "sentence"),
    [
        ("rows=election", "rows", "“rows” is not a filter here."),
        ("ordering=code", "ordering", "“ordering” is not a filter here."),
        ("share=half", "share", "“half” is not one of the values of share."),
        ("format=csv", "format", "“csv” is not one of the values of format: json."),
        ("language=de", "language", "“de” is not one of the values of language: en, ru, kk."),
    ],
)
def test_what_the_address_may_not_hold_is_refused_by_name(client, query, parameter, sentence):
    answer = client.get(f"{FACETS}?{query}")
    assert (answer.status_code, answer.json()["errors"]) == (400, [{"parameter": parameter, "message": sentence}])


def test_the_number_of_queries_is_the_same_for_few_rows_and_for_many(client, rebuild, secretariat):
    addresses = [FACETS, f"{FACETS}?organizer={secretariat.code}&sender_country=KZ&named=yes"]
    whole_record("first", organizer=secretariat)
    rebuild()
    for_few = queries(client, addresses)
    for number in range(10):
        whole_record(number, organizer=secretariat)
    rebuild()
    assert queries(client, addresses) == for_few
    assert max(for_few.values()) < 13


QUERIES = (
    "",
    "sender_country=KZ",
    "sender_country=KZ&sender_country=UZ&status=completed",
    "organizer=council&mission_kind=pa&named=yes",
    "mission=of-union&agreement=none&share=unknown",
    "year=2030&date_after=2020-01-01&sender=ministry&q=union",
)


@pytest.mark.parametrize("query", QUERIES)
def test_the_count_beside_a_choice_is_the_length_of_the_list_with_it(two_parties, ask, client, query):
    told = {(name, each["value"]): each["count"] for name, choices in ask(query).items() for each in choices}
    assert {(name, value): rows_with(client, query, name, value) for name, value in told} == told
    assert len(told) > 50


def rows_with(client, query, name, value):
    asked = QueryDict(query, mutable=True)
    asked[name] = value
    return client.get(f"/api/v1/deployments/?{asked.urlencode()}&count=exact").json()["count"]
