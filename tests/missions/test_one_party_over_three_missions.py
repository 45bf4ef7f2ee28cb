"""The worst bug of this field, counts multiplied by joins: it must not happen at any door.

One party of 46 goes through three missions. Two sources tell of each, two print its number, and two persons are named,
each by both sources. In every list, sum, facet and matrix it is one row, 46, 2.
"""

import csv
import io

import pytest

from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    OrganizationFactory,
    SourceFactory,
)
from tests.missions.test_lists import PAGES, RESOURCES, api, body_of, csv_of_api, csv_of_page, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]

MATRIX, FACETS = "/api/v1/deployments/matrix/", "/api/v1/deployments/facets/"
# Questions that cross to missions, sources, counts and persons: the party answers each of them.
QUESTIONS = [
    "",
    "organizer=council&organizer=union&organizer=league",
    "organizer=council-assembly",
    "mission=of-council-assembly&mission=of-union",
    "mission_kind=om&mission_kind=pa",
    "organizer=union&mission_kind=om",
    "sender=commission-kz",
    "sender_kind=election_body&sender_country=KZ",
    "election=northland-2030&host_country=KG&year=2030",
    "share=unknown",
    "agreement=agreed",
    "channels_agree=yes",
    "named=yes",
    "sourced=yes",
    "q=Northland+Union",
    "q=KZ&organizer=league&named=yes&sourced=yes&share=unknown",
]

# Where a question chooses missions without the Union's, the two named there are not among them.
MOST = dict.fromkeys(QUESTIONS, (46, 2)) | {"organizer=council-assembly": (44, 0), QUESTIONS[-1]: (44, 0)}


def one_party(*, value=46):
    """The party, through missions of an Assembly, a Union and a League; two are named in the Union's."""
    sources = [SourceFactory(code="gazette"), SourceFactory(code="herald")]
    council = OrganizationFactory(code="council", name="Northland Council")
    organizers = [
        OrganizationFactory(code="council-assembly", name="Northland Assembly", parent=council),
        OrganizationFactory(code="union", name="Northland Union"),
        OrganizationFactory(code="league", name="Northland League"),
    ]
    election = ElectionFactory(code="northland-2030", sources=sources)
    sender = OrganizationFactory(code="commission-kz", kind="election_body", country="KZ", name="Commission")
    party = DeploymentFactory(code="the-party", election=election, sender=sender, sources=sources)
    missions = [
        MissionFactory(code=f"of-{body.code}", election=election, organizer=body, kind=kind, sources=sources)
        for body, kind in zip(organizers, ("pa", "om", "om"), strict=True)
    ]
    for source in sources:
        HeadCountFactory(deployment=party, kind="announced", value=value, source=source)
        for mission in missions:
            ChannelFactory(deployment=party, mission=mission, source=source)
    for _person in range(2):
        AssignmentFactory(deployment=party, mission=missions[1], sources=sources)
    return party


@pytest.fixture(autouse=True)
def party(rebuild):
    made = one_party()
    rebuild()
    return made


def table(response):
    return list(csv.DictReader(io.StringIO(body_of(response).decode())))


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_is_one_row_of_the_list_of_deployments_at_every_door(client, question):
    shown = [row for _record, row in client.get(page("deployments", f"?{question}")).context["rows"]]
    told = client.get(api("deployments", f"?{question}&count=exact")).json()
    assert [(row["announced"], row["named"]) for row in shown] == [(46, 2)]
    assert [(row["announced"], row["named"]) for row in told["results"]] == [(46, 2)]
    assert told["count"] == 1
    assert shown[0]["missions"] == ["of-council-assembly", "of-league", "of-union"]
    for address in (csv_of_page("deployments", f"?{question}"), csv_of_api("deployments", f"?{question}")):
        assert [(row["announced"], row["named"]) for row in table(client.get(address))] == [("46", "2")]


@pytest.mark.parametrize("ordering", ["named", "announced", "-announced_high", "sender", "-election_day"])
def test_it_stays_one_row_in_every_order(client, ordering):
    assert len(client.get(page("deployments", f"?ordering={ordering}")).context["rows"]) == 1
    assert len(client.get(api("deployments", f"?ordering={ordering}")).json()["results"]) == 1


def test_every_other_list_holds_each_of_its_rows_once(client):
    expected = dict.fromkeys(RESOURCES, 0) | {
        "sources": 7,
        "organizations": 5,
        "organization-names": 5,
        "elections": 1,
        "missions": 3,
        "deployments": 1,
        "channels": 6,
        "head-counts": 2,
        "observers": 2,
        "assignments": 2,
    }
    assert {each: client.get(api(each, "?count=exact")).json()["count"] for each in RESOURCES} == expected
    assert {each: len(client.get(api(each)).json()["results"]) for each in RESOURCES} == expected
    assert {each: len(table(client.get(csv_of_api(each)))) for each in RESOURCES} == expected
    assert {each: len(client.get(page(each)).context["rows"]) for each in PAGES} == {
        each: expected[each] for each in PAGES
    }


@pytest.mark.parametrize("question", QUESTIONS)
def test_its_sum_is_one_party(client, question):
    total = client.get(page("deployments", f"?{question}")).context["total"]
    assert (total.parties, total.figure.high, total.without_number) == (1, MOST[question][0], 0)


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_facet_counts_it_twice(client, question):
    facets = client.get(f"{FACETS}?{question}").json()["facets"]
    assert len(facets) == 16
    assert {max(choice["count"] for choice in facet["choices"]) for facet in facets} == {1}


LAYOUTS = [
    f"rows={rows}&columns={columns}"
    for rows in ("sender_country", "sender", "host_country", "election")
    for columns in ("organizer", "mission_kind", "year")
]


@pytest.mark.parametrize("question", [*QUESTIONS, *LAYOUTS, *(f"{layout}&{QUESTIONS[1]}" for layout in LAYOUTS)])
def test_no_place_of_the_matrix_counts_it_twice(client, question):
    announced, named = MOST.get(question, (46, 2))
    for measure, most in (("announced", announced), ("named", named), ("deployments", 1)):
        answer = client.get(f"{MATRIX}?measure={measure}&{question}").json()
        places = [*answer["cells"], *answer["row_totals"], *answer["column_totals"], answer["total"]]
        assert {place["deployments"] for place in places} == {1}
        assert max(place["high"] for place in places) == most
        assert (len(answer["rows"]), len(answer["row_totals"]), answer["direct"]) == (1, 1, [])


def test_the_matrix_reads_46_and_2_where_it_holds_all_missions(client):
    whole = [
        client.get(f"{MATRIX}?measure={measure}").json()["total"] for measure in ("announced", "named", "deployments")
    ]
    assert [(each["low"], each["value"], each["high"]) for each in whole] == [(46, 46, 46), (2, 2, 2), (1, 1, 1)]


def test_the_pages_of_its_records_say_46_once_and_2(client, party):
    reconciliation = client.get(f"/api/v1/deployments/{party.code}/reconciliation/?kind=announced").json()
    assert reconciliation["value"] == 46
    named = {row["code"]: row["named"] for row in client.get(api("missions")).json()["results"]}
    assert named == {"of-council-assembly": 0, "of-league": 0, "of-union": 2}
