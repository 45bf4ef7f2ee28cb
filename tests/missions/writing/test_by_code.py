"""One record at a time: POST makes, PUT makes or replaces, PATCH changes, each as one act of the log."""

import pytest

from missions.models import Assignment, Channel, Deployment, Election, HeadCount, Mission, Reading, VotingDay
from observers.models import Observer
from organizations.models import Change, ChangedRecord, Organization
from tests.api_client import ApiClient
from tests.factories import HeadCountFactory, ObserverFactory


def errors_of(answer):
    return answer.status_code, [(error["pointer"], error["message"]) for error in answer.json()["errors"]]


def acts():
    """What the log tells of acts by this door: who did what to which records."""
    return [
        (change.by.username, [(row.resource, row.code, row.action) for row in change.records.order_by("pk")])
        for change in Change.objects.filter(door=Change.Door.API).order_by("pk")
    ]


# Making


def test_a_record_is_made_and_answered_as_it_is_read(program, vote, paper, northland_commission):
    answer = program.post("deployments/", {"election": "vote", "sender_country": "KZ", "sources": ["gazette"]})
    assert answer.status_code == 201
    assert answer["Location"] == "http://testserver/api/v1/deployments/vote-from-kz/"
    read = program.get("deployments/vote-from-kz/")
    assert answer.json() == {**read.json(), "warnings": []}
    assert answer["ETag"] == read["ETag"]
    made = Deployment.objects.get()
    assert (made.status, made.owner, made.remark) == ("announced", northland_commission, "")
    assert acts() == [("coordinator", [("deployments", "vote-from-kz", "created")])]


def test_a_program_may_choose_the_code_of_what_it_makes(program, vote):
    body = {"election": "vote", "sender_country": "KZ"}
    assert program.put("deployments/northland-party/", body).status_code == 201
    assert program.post("deployments/", {**body, "code": "another-party"}).status_code == 201
    assert set(Deployment.objects.values_list("code", flat=True)) == {"northland-party", "another-party"}


def test_a_code_that_is_none_or_not_free_is_refused(program, party):
    body = {"election": "vote", "sender_country": "KZ"}
    malformed = "A code holds lower-case letters, digits and single hyphens only."
    assert errors_of(program.put("deployments/Party_1/", body)) == (400, [("#/code", malformed)])
    assert errors_of(program.post("deployments/", {**body, "code": "Party 1"})) == (400, [("#/code", malformed)])
    taken = "This code is not free: choose another."
    assert errors_of(program.post("deployments/", {**body, "code": "party"})) == (400, [("#/code", taken)])
    assert errors_of(program.put("deployments/one/", {**body, "code": "two"})) == (
        400,
        [("#/code", "The code in the address is “one”: leave this one out, or say the same.")],
    )
    assert list(Deployment.objects.all()) == [party]


def test_no_record_takes_a_code_at_whose_address_something_else_is(program, vote):
    body = {"election": "vote", "sender_country": "KZ"}
    for code in ("facets", "matrix"):
        refusals = [
            program.post("deployments/", {**body, "code": code}),
            program.put("deployments/", [{**body, "code": code}]),
        ]
        pointers = ["#/code", "#/0/code"]
        assert [errors_of(answer) for answer in refusals] == [
            (400, [(pointer, "This code is not free: choose another.")]) for pointer in pointers
        ]
    assert not Deployment.objects.exists()


def test_an_organization_needs_a_code_because_its_names_are_other_records(administrator):
    program = ApiClient(administrator)
    sentence = "An organization needs a code here, for example odihr: its names are other records."
    assert errors_of(program.post("organizations/", {"kind": "ngo"})) == (400, [("#/code", sentence)])
    assert program.put("organizations/example-watch/", {"kind": "ngo"}).status_code == 201
    name = {"organization": "example-watch", "language": "en", "name": "Example Watch"}
    assert program.post("organization-names/", name).status_code == 201
    assert Organization.objects.get().current_name() == "Example Watch"
    assert [row.code for row in Organization.objects.all().search("example watch")] == ["example-watch"]


@pytest.mark.parametrize("code", ["robin-example", "11111111-2222-3333-4444-55555555555"])
def test_the_code_of_a_person_tells_nobody_who_it_is(program, code):
    answer = program.put(f"observers/{code}/", {"family_name": "Example"})
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/code"]
    assert not Observer.objects.exists()


@pytest.mark.parametrize("resource", ["assignments", "statements", "observer-names"])
def test_what_tells_of_a_person_has_no_code_in_which_a_name_could_stand(program, joint, coordinator, resource):
    person = ObserverFactory(owner=coordinator.staff_roles.get().organization)
    body = {
        "assignments": {"observer": person.code, "mission": "joint", "role": "expert"},
        "statements": {"subject": f"observers/{person.code}", "field": "gender", "value": "male", "source": "gazette"},
        "observer-names": {"observer": person.code, "language": "ru", "family_name": "Пример"},
    }[resource]
    sentence = "The code of such a record is computed, or a UUID: leave it out."
    assert errors_of(program.put(f"{resource}/robin-example/", body)) == (400, [("#/code", sentence)])
    assert program.put(f"{resource}/0c7f2a4e-5f0b-4c58-9d3a-0f4d8a1b2c3d/", body).status_code == 201


def test_warnings_are_told_and_do_not_refuse(program, vote, party):
    answer = program.post("deployments/", {"election": "vote", "sender_country": "KZ"})
    assert answer.status_code == 201
    assert answer.json()["warnings"] == [
        "Another party of this sender at this election is recorded already: party.",
        "No source is cited: only members can see this record.",
    ]


def test_more_persons_named_than_announced_is_told(program, party, northland_commission):
    HeadCountFactory(deployment=party, kind="announced", value=0, owner=northland_commission)
    person = ObserverFactory(owner=northland_commission)
    program.change("deployments/party/", {"remark": "By air."})
    answer = program.post("assignments/", {"observer": person.code, "deployment": "party", "role": "short_term"})
    assert answer.json()["warnings"][-1] == ("Kazakhstan → A vote: 1 persons are named, but only 0 announced.")


# Replacing and changing


def test_put_replaces_the_whole_record_and_patch_the_columns_that_it_names(program, party):
    tag = program.tag("deployments/party/")
    assert program.patch("deployments/party/", {"status": "deployed"}, If_Match=tag).status_code == 200
    party.refresh_from_db()
    assert (party.status, party.remark, party.sources.count()) == ("deployed", "By train.", 1)
    tag = program.tag("deployments/party/")
    body = {"election": "vote", "sender_country": "KZ", "status": "completed"}
    assert program.put("deployments/party/", body, If_Match=tag).status_code == 200
    party.refresh_from_db()
    assert (party.status, party.remark, party.sources.count()) == ("completed", "", 0)
    assert acts() == [("coordinator", [("deployments", "party", "changed")])] * 2


def test_what_is_for_owner_and_organizer_alone_stays_when_a_record_is_replaced(program, party):
    party.internal_note = "Ask the embassy."
    party.save()
    body = {"election": "vote", "sender_country": "KZ"}
    answer = program.put("deployments/party/", body, If_Match=program.tag("deployments/party/"))
    assert answer.status_code == 200
    assert b"embassy" not in answer.content
    party.refresh_from_db()
    assert party.internal_note == "Ask the embassy."
    answer = program.change("deployments/party/", {"internal_note": "Ask nobody."})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/internal_note"]
    assert answer.json()["errors"][0]["message"].startswith("“internal_note” is no field here. The fields: code, elec")


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_a_record_can_be_sent_back_as_it_was_read(program, party, language):
    read = program.get(f"deployments/party/?language={language}")
    answer = program.put(f"deployments/party/?language={language}", read.json(), If_Match=read["ETag"])
    assert (answer.status_code, answer.json()) == (200, {**read.json(), "warnings": []})
    assert acts() == []


def test_what_is_computed_is_not_written(program, party):
    read = program.get("deployments/party/")
    answer = program.put("deployments/party/", {**read.json(), "announced": 50}, If_Match=read["ETag"])
    assert errors_of(answer) == (400, [("#/announced", "“announced” is computed: leave it out.")])
    answer = program.post("deployments/", {"election": "vote", "sender_country": "UZ", "share": "whole"})
    assert errors_of(answer) == (400, [("#/share", "“share” is computed: leave it out.")])


def test_a_code_never_changes(program, party):
    answer = program.change("deployments/party/", {"code": "feast"})
    assert errors_of(answer) == (400, [("#/code", "A code never changes.")])


def test_everything_wrong_is_said_at_once_and_nothing_is_changed(program, party):
    answer = program.change(
        "deployments/party/",
        {"status": "lost", "starts_on": "1.6.2030", "sender": "nobody", "sources": "gazette", "weather": "fine"},
    )
    assert answer["Content-Type"] == "application/problem+json"
    assert dict(errors_of(answer)[1]) == {
        "#/weather": (
            "“weather” is no field here. The fields: code, election, sender_country, sender, part_of, status, "
            "status_reason, starts_on, ends_on, remark, sources, modified_at, owner."
        ),
        "#/sender": "There is no organization with the code “nobody”.",
        "#/status": (
            "Select a valid choice. lost is not one of the available choices. "
            "The choices: planned, announced, deployed, completed, withdrawn, cancelled."
        ),
        "#/starts_on": "“1.6.2030” is no date. Write it like 2017-10-15.",
        "#/sources": "Write a list of codes in square brackets.",
    }
    party.refresh_from_db()
    assert party.status == "announced"


KINDS = "The choices: requested, authorized, announced, proposed, accredited, withdrawn, deployed, trained."


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("value", "46", "“46” is no whole number."),
        ("value", 46.0, "“46.0” is no whole number."),
        ("value", True, "“true” is no whole number."),
        ("value", 10**30, "Give a number of 10000000 at most."),
        ("counted", "yes", "“yes” is neither true nor false."),
        ("counted", None, "This field is required."),
        ("as_of", "2017-02-30", "“2017-02-30” is no date. Write it like 2017-10-15."),
        ("as_of", "20170228", "“20170228” is no date. Write it like 2017-10-15."),
        ("as_of", 20170228, "“20170228” is no date. Write it like 2017-10-15."),
        ("remark", 46, "“46” is no text: put it in quotation marks."),
        (
            "kind",
            ["announced"],
            'Select a valid choice. ["announced"] is not one of the available choices. ' + KINDS,
        ),
        ("kind", None, "This field is required."),
        ("kind", "", "This field is required."),
        ("source", {"code": "gazette"}, 'There is no source with the code “{"code": "gazette"}”.'),
        ("source", "Gazette%", "There is no source with the code “Gazette%”."),
    ],
)
def test_each_column_takes_its_own_kind_of_value(program, party, paper, column, value, sentence):
    body = {"deployment": "party", "kind": "announced", "value": 46, "as_of": "2030-05-30", "source": "gazette"}
    answer = program.post("head-counts/", {**body, column: value})
    assert errors_of(answer) == (400, [(f"#/{column}", sentence)])
    assert not HeadCount.objects.exists()


def test_null_stands_for_nothing_wherever_nothing_may_stand(program, party):
    blank = {"starts_on": None, "remark": None, "status_reason": None, "part_of": None}
    answer = program.change("deployments/party/", blank)
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in blank} == {
        "starts_on": None,
        "remark": "",
        "status_reason": "",
        "part_of": None,
    }


@pytest.mark.parametrize("body", [[], [{}], "text", 3, True])
def test_what_is_no_record_is_refused(program, party, body):
    sentence = "Write one record as a JSON object: {…}."
    assert errors_of(program.post("deployments/", body)) == (400, [("#", sentence)])


# What hangs on it


def test_a_figure_that_is_written_is_read_in_the_lists_at_once(program, party):
    body = {"deployment": "party", "kind": "announced", "value": 46, "as_of": "2030-05-30", "source": "gazette"}
    code = program.post("head-counts/", body).json()["code"]
    assert program.get("deployments/party/").json()["announced"] == 46
    program.change(f"head-counts/{code}/", {"qualifier": "at_least"})
    read = program.get("deployments/party/").json()
    assert (read["announced"], read["announced_low"], read["announced_high"]) == (None, 46, None)
    assert Reading.objects.filter(deployment=party, kind="announced", audience="public", low=46, high=None).exists()


def test_a_figure_that_moves_to_another_party_is_read_anew_at_both(program, party, northland_commission):
    other = program.post("deployments/", {"election": "vote", "sender_country": "UZ"}).json()["code"]
    body = {"deployment": "party", "kind": "announced", "value": 46, "as_of": "2030-05-30", "source": "gazette"}
    code = program.post("head-counts/", body).json()["code"]
    program.change(f"head-counts/{code}/", {"deployment": other})
    told = [program.get(f"deployments/{one}/").json()["announced"] for one in ("party", other)]
    assert told == [None, 46]


def test_a_source_that_is_made_internal_hides_what_rests_on_it(program, party, paper, client):
    body = {"deployment": "party", "kind": "announced", "value": 46, "as_of": "2030-05-30", "source": "gazette"}
    program.post("head-counts/", body)
    assert client.get("/api/v1/deployments/party/").json()["announced"] == 46
    assert program.change("sources/gazette/", {"public": False}).status_code == 200
    assert client.get("/api/v1/deployments/party/").status_code == 404
    assert client.get("/api/v1/head-counts/").json()["results"] == []


def test_a_party_with_its_ways_and_figures_is_written_in_three_steps(program, joint, vote, paper):
    party = program.post("deployments/", {"election": "vote", "sender_country": "KZ", "sources": ["gazette"]}).json()
    program.post("channels/", {"deployment": party["code"], "mission": "joint", "source": "gazette"})
    count = {"kind": "announced", "value": 46, "as_of": "2030-05-30", "source": "gazette"}
    program.post("head-counts/", {"deployment": party["code"], **count})
    read = program.get(f"deployments/{party['code']}/").json()
    assert (read["announced"], read["missions"], read["share"]) == (46, ["joint"], "whole")
    assert Channel.objects.get().mission == Mission.objects.get()


# What the address takes


@pytest.mark.parametrize("method", ["post", "put"])
def test_the_address_of_what_is_written_takes_a_language_and_nothing_else(program, vote, method):
    body = {"election": "vote", "sender_country": "KZ", "status": "lost"}
    path = {"post": "deployments/", "put": "deployments/party/"}[method]
    answer = getattr(program, method)(f"{path}?language=ru", body)
    assert answer.json()["errors"][0]["message"] == (
        "Выберите корректный вариант. lost нет среди допустимых значений. "
        "Варианты: planned, announced, deployed, completed, withdrawn, cancelled."
    )
    answer = getattr(program, method)(f"{path}?fields=code", body)
    assert answer.json()["errors"] == [{"parameter": "fields", "message": "“fields” is not a parameter here."}]
    assert not Deployment.objects.exists()


def test_what_is_not_there_is_not_changed(program, vote):
    assert program.patch("deployments/nowhere/", {"status": "deployed"}, If_Match="*").status_code == 404
    assert program.patch("deployments/No_Where/", {"status": "deployed"}, If_Match="*").status_code == 404


def test_nothing_is_deleted_by_this_door(program, party):
    answer = program.send("DELETE", "deployments/party/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, PUT, PATCH, HEAD, OPTIONS")
    assert Deployment.objects.filter(code="party").exists()


def test_reference_data_is_written_by_administrators(administrator, paper):
    program = ApiClient(administrator)
    body = {"country": "KG", "kind": "presidential", "election_day": "2030-06-02", "sources": ["gazette"]}
    answer = program.post("elections/", body)
    assert (answer.status_code, answer.json()["code"]) == (201, "kg-presidential-2030-06-02")
    day = {"election": "kg-presidential-2030-06-02", "round": 1, "starts_on": "2030-06-02"}
    assert program.post("voting-days/", day).status_code == 201
    assert program.put("regions/kg-example/", {"country": "KG", "name": "Example"}).status_code == 201
    assert [str(Election.objects.get()), VotingDay.objects.get().starts_on.isoformat()] == [
        "Presidential election, Kyrgyzstan, 2 June 2030",
        "2030-06-02",
    ]


def test_a_place_is_given_to_a_person_and_the_log_holds_the_name_apart(program, joint, northland_commission):
    person = program.post("observers/", {"family_name": "Example", "given_names": "Robin"}).json()
    body = {"observer": person["code"], "mission": "joint", "role": "head", "post": "Deputy", "sources": ["gazette"]}
    assert program.post("assignments/", body).status_code == 201
    assert Assignment.objects.get().owner == northland_commission
    fields = ChangedRecord.objects.get(resource="observers").fields
    assert {name: fields[name] for name in ("family_name", "given_names")} == {"family_name": None, "given_names": None}
