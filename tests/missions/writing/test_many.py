"""Many records in one request: all of them or none, and what is wrong is said of each row."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.models import Deployment, HeadCount, Mission
from organizations.models import Change, ChangedRecord
from tests.api_client import ApiClient
from tests.factories import DeploymentFactory, MissionFactory


def figures(number, **columns):
    """Rows of head counts of the party, each of another day."""
    first = date(2030, 1, 1)
    body = {"deployment": "party", "kind": "announced", "source": "gazette", **columns}
    return [{**body, "value": day, "as_of": (first + timedelta(day)).isoformat()} for day in range(number)]


def wrong(answer):
    return answer.status_code, [(error["pointer"], error["message"]) for error in answer.json()["errors"]]


def test_many_records_are_made_in_one_act(program, party):
    answer = program.put("head-counts/", figures(3))
    assert answer.status_code == 200
    told = answer.json()
    assert {name: told[name] for name in ("created", "changed", "unchanged", "warnings")} == {
        "created": 3,
        "changed": 0,
        "unchanged": 0,
        "warnings": [],
    }
    codes = [f"party-announced-all-total-2030-01-0{day}-gazette" for day in (1, 2, 3)]
    assert [(row["code"], row["action"], row["warnings"]) for row in told["results"]] == [
        (code, "created", []) for code in codes
    ]
    assert Change.objects.get(door="api").records.count() == 3
    assert program.get("deployments/party/").json()["announced"] == 2


def test_rows_with_codes_replace_those_records_and_the_others_are_made(program, party):
    [first, second] = program.put("head-counts/", figures(2)).json()["results"]
    rows = figures(3, remark="Counted again.")
    rows[0] |= {"code": first["code"], "modified_at": first["modified_at"]}
    rows[1] |= {"code": second["code"], "modified_at": second["modified_at"], "remark": ""}
    told = program.put("head-counts/", rows).json()
    assert [row["action"] for row in told["results"]] == ["changed", "unchanged", "created"]
    assert list(HeadCount.objects.order_by("as_of").values_list("remark", flat=True)) == [
        "Counted again.",
        "",
        "Counted again.",
    ]


def test_a_list_can_be_sent_back_as_it_was_read(program, party):
    DeploymentFactory(election=party.election, owner=party.owner, sender_country="UZ")
    rows = program.get("deployments/").json()["results"]
    told = program.put("deployments/", rows).json()
    assert [row["action"] for row in told["results"]] == ["unchanged"] * 2
    assert not ChangedRecord.objects.filter(change__door="api").exists()


def test_one_row_that_is_wrong_keeps_all_from_being_stored(program, party):
    rows = figures(4)
    rows[1] |= {"value": -1}
    rows[2] |= {"kind": "lost", "weather": "fine"}
    rows[3] |= {"deployment": "nowhere"}
    status, errors = wrong(program.put("head-counts/", rows))
    assert status == 400
    assert [pointer for pointer, _sentence in errors] == ["#/1/value", "#/2/weather", "#/2/kind", "#/3/deployment"]
    assert dict(errors)["#/1/value"] == "Give a number of 0 or more."
    assert (HeadCount.objects.count(), Change.objects.filter(door="api").count()) == (0, 0)


def test_what_only_the_database_refuses_is_said_of_its_row_too(program, party):
    rows = figures(3)
    rows[2] = {**rows[0], "value": 7}
    sentence = "This source gives this count for that day already."
    assert wrong(program.put("head-counts/", rows)) == (400, [("#/2", sentence)])
    assert not HeadCount.objects.exists()


def test_a_row_that_changes_a_record_holds_the_moment_that_was_read(program, party):
    read = program.get("deployments/").json()["results"][0]
    row = {"code": "party", "election": "vote", "sender_country": "KZ", "status": "deployed"}
    sentence = "A row that changes a record holds modified_at as you have read it."
    for unread in (row, {**row, "modified_at": None}):
        assert wrong(program.put("deployments/", [unread])) == (428, [("#/0/modified_at", sentence)])
    program.change("deployments/party/", {"remark": "By air."})
    late = program.put("deployments/", [{**row, "modified_at": read["modified_at"]}])
    sentence = "The record has changed since you read it: read it again, then change it."
    assert wrong(late) == (412, [("#/0/modified_at", sentence)])
    assert Deployment.objects.get(code="party").status == "announced"


def test_a_record_that_is_gone_is_not_made_again_by_a_row_that_has_read_it(program, party):
    read = program.get("deployments/").json()["results"][0]
    party.delete()
    assert wrong(program.put("deployments/", [read]))[0] == 412
    assert not Deployment.objects.exists()


def test_two_rows_about_one_record_are_refused_at_the_second(program, party):
    read = program.get("deployments/").json()["results"][0]
    rows = [{**read, "remark": text} for text in ("By air.", "By sea.")]
    assert wrong(program.put("deployments/", rows)) == (
        400,
        [("#/1/code", "A row above is about the same record.")],
    )
    assert Deployment.objects.get().remark == "By train."


def test_a_row_may_point_to_one_above_it(program_of, vote, secretariat, paper, organizer):
    body = {"election": "vote", "organizer": "secretariat", "kind": "om", "sources": ["gazette"]}
    rows = [{**body, "code": "whole"}, {**body, "code": "half", "part_of": "whole"}]
    assert program_of("organizer").put("missions/", rows).json()["created"] == 2
    assert Mission.objects.get(code="half").part_of.code == "whole"


def test_a_circle_over_several_rows_is_refused(program_of, vote, secretariat, organizer):
    for code in ("one", "other"):
        MissionFactory(code=code, election=vote, organizer=secretariat, owner=secretariat)
    program = program_of("organizer")
    rows = {row["code"]: row for row in program.get("missions/").json()["results"]}
    sent = [{**rows["one"], "part_of": "other"}, {**rows["other"], "part_of": "one"}]
    sentence = "This would make it a part of itself, directly or through others."
    assert wrong(program.put("missions/", sent)) == (400, [("#/1/part_of", sentence)])
    assert list(Mission.objects.filter(part_of__isnull=False)) == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "Write the records as a JSON array: […]."),
        ("rows", "Write the records as a JSON array: […]."),
        ([], "0 rows were sent: send 1 to 1,000 at a time."),
        ([{}] * 1001, "1001 rows were sent: send 1 to 1,000 at a time."),
    ],
)
def test_what_are_no_rows_or_too_many_are_refused(program, party, body, sentence):
    assert wrong(program.put("deployments/", body)) == (400, [("#", sentence)])


def test_a_row_that_is_no_record_is_told_by_its_number(program, party):
    sentence = "Write one record as a JSON object: {…}."
    assert wrong(program.put("deployments/", [3, None, "x"])) == (400, [(f"#/{row}", sentence) for row in range(3)])


def test_a_row_that_the_user_may_not_write_is_told_among_the_others(program, party, southland_ministry, vote):
    DeploymentFactory(code="southern", election=vote, sender_country="UZ", owner=southland_ministry)
    rows = program.get("deployments/?ordering=code").json()["results"]
    sent = [{**row, "remark": "By air."} for row in rows]
    sentence = "Another organization keeps this record: only its coordinators change it."
    assert wrong(program.put("deployments/", sent)) == (403, [("#/1", sentence)])
    assert Deployment.objects.get(code="party").remark == "By train."


def test_many_rows_take_few_more_questions_than_one(program, party, django_assert_max_num_queries):
    program.put("head-counts/", figures(1))
    HeadCount.objects.all().delete()
    # For each row its code, whether it is free, the row itself, the savepoint around it, and what it is told to be.
    with django_assert_max_num_queries(60 + 20 * 8):
        assert program.put("head-counts/", figures(20)).status_code == 200


def test_rows_that_have_changed_since_take_no_more_questions_than_those_that_have_not(program, party):
    program.put("head-counts/", figures(20))
    rows = program.get("head-counts/").json()["results"]
    stale = [{**row, "modified_at": "2030-07-01T12:00:00Z"} for row in rows]
    asked = []
    for sent, status in ((rows, 200), (stale, 412)):
        with CaptureQueriesContext(connection) as questions:
            assert program.put("head-counts/", sent).status_code == status
        asked.append(len(questions))
    assert asked[1] <= asked[0]


def test_a_viewer_writes_nothing(viewer, party):
    answer = ApiClient(viewer).put("head-counts/", figures(1))
    assert answer.status_code == 403
    assert not HeadCount.objects.exists()
