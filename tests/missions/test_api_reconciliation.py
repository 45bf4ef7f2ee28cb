"""`…/reconciliation/`: the reading of one subject's head counts, as JSON and, its ladder, as CSV."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.api_reconciliation import OF_STEP, OF_TOTAL
from tests.factories import (
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    OrganizationNameFactory,
    SourceFactory,
)
from tests.missions.test_lists import name_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


@pytest.fixture
def ask(client):
    """The reading of `elections/…`, `missions/…` or `deployments/…`: the answer as it came."""
    return lambda path, **query: client.get(f"/api/v1/{path}/reconciliation/", query)


@pytest.fixture
def northland():
    return ElectionFactory(code="northland-2030")


def counted(subject, value, as_of="2030-06-01", **but):
    kind = type(subject).__name__.lower()
    return HeadCountFactory(**{kind: subject, "kind": "accredited", "value": value, "as_of": as_of, **but})


def test_each_subject_answers_for_its_own_counts(ask, northland):
    mission = MissionFactory(code="northland-mission", election=northland, sources=[SourceFactory()])
    party = DeploymentFactory(code="northland-party", election=northland, sources=[SourceFactory()])
    for subject, value in ((northland, 61), (mission, 20), (party, 5)):
        counted(subject, value)
    paths = ("elections/northland-2030", "missions/northland-mission", "deployments/northland-party")
    assert [ask(path).json()["value"] for path in paths] == [61, 20, 5]


def test_accredited_all_and_every_day_are_read_unless_the_address_says_otherwise(ask, northland):
    answer = ask("elections/northland-2030").json()
    assert (answer["kind"], answer["group"], answer["on"]) == ("accredited", "all", None)


def test_the_address_chooses_kind_group_and_last_day(ask, northland):
    counted(northland, 40, kind="announced", group="long_term", as_of="2030-05-01")
    counted(northland, 44, kind="announced", group="long_term", as_of="2030-05-20")
    answer = ask("elections/northland-2030", kind="announced", group="long_term", on="19 May 2030").json()
    assert (answer["kind"], answer["group"], answer["on"], answer["value"]) == (
        "announced",
        "long_term",
        "2030-05-19",
        40,
    )


@pytest.mark.parametrize(
    ("query", "parameter", "sentence"),
    [
        ("kind=given", "kind", "“given” is not one of the values of kind: requested, authorized, announced, proposed,"),
        ("group=both", "group", "“both” is not one of the values of group: all, core_team, long_term, short_term,"),
        ("on=2030", "on", "“2030” names a year: this box needs a day, for example 2017-10-15."),
        ("on=soon", "on", "“soon” is not a date: please write it as 2017-10-15."),
        ("on=2030-06-01&on=2030-06-02", "on", "on can be given only once."),
        ("kind=deployed&kind=announced", "kind", "kind can be given only once."),
        ("year=2030", "year", "“year” is not a parameter here."),
        ("format=xml", "format", "“xml” is not one of the values of format: json, csv."),
    ],
)
def test_what_the_address_cannot_ask_is_refused_by_name(client, northland, query, parameter, sentence):
    answer = client.get(f"/api/v1/elections/northland-2030/reconciliation/?{query}")
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["parameter"]) == (400, parameter)
    assert error["message"].startswith(sentence)


def test_csv_has_a_row_for_each_published_total_and_one_for_a_day_of_changes_alone(client, ask, northland):
    counted(northland, 61, "2030-05-01", source=SourceFactory(code="gazette"))
    counted(northland, 62, "2030-05-01", source=SourceFactory(code="herald"), preferred=True)
    counted(northland, 25, "2030-05-08", basis="change", source=SourceFactory(code="journal"))
    answer = ask("elections/northland-2030", format="csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert name_of(answer) == "northland-2030-kind-accredited-group-all-DAY.csv"
    assert rows == [
        [*OF_STEP, *OF_TOTAL],
        ["", "2030-05-01", "62", "62", "62", "", "", "", "", "", "61", "exact", "gazette", "false", "-1"],
        ["", "2030-05-01", "62", "62", "62", "", "", "", "", "", "62", "exact", "herald", "true", "0"],
        ["", "2030-05-08", "", "", "", "25", "87", "", "", "", "", "", "", "", ""],
    ]


def test_what_an_anonymous_reader_may_not_see_changes_nothing(ask, northland):
    open_mission = MissionFactory(
        code="open", election=northland, organizer__name="Open Assembly", sources=[SourceFactory()]
    )
    counted(open_mission, 20)
    before = ask("elections/northland-2030").json()
    paper = SourceFactory(public=False)
    hidden = MissionFactory(code="hidden", election=northland, sources=[paper])
    counted(hidden, 100, source=paper)
    counted(northland, 300, source=paper)
    OrganizationNameFactory(
        organization=open_mission.organizer, name="Secret Name", source=paper, valid_from="2029-01-01"
    )
    assert ask("elections/northland-2030").json() == before
    assert ask("missions/hidden").status_code == 404
    assert ask("missions/hidden").json() == ask("missions/never-was").json()


def test_a_party_over_three_missions_is_a_part_of_none_and_counted_once(ask, northland):
    party = DeploymentFactory(code="party", election=northland, sources=[SourceFactory()])
    counted(party, 46, kind="announced")
    for name in ("cis", "osce", "sco"):
        mission = MissionFactory(code=name, election=northland, sources=[SourceFactory()])
        for _each_of_two_sources in range(2):
            ChannelFactory(deployment=party, mission=mission)
    (part,) = ask("missions/cis", kind="announced").json()["parts"]
    assert (part["subject"], part["low"], part["high"], part["share_unknown"]) == ("deployments/party", 0, 46, True)
    assert ask("deployments/party", kind="announced").json()["value"] == 46


def test_it_takes_as_many_queries_for_many_rows_as_for_one(ask, northland):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as made:
            assert ask("elections/northland-2030").status_code == 200
        return len(made)

    def more(number):
        mission = MissionFactory(election=northland, sources=[SourceFactory()])
        counted(mission, number)
        counted(northland, number, as_of=f"2030-05-{number:02}")
        ChannelFactory(mission=mission, deployment=DeploymentFactory(election=northland))

    more(1)
    of_one = queries()
    for number in range(2, 12):
        more(number)
    assert queries() == of_one
