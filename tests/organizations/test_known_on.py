"""`?known_on=`: what a record said at the end of a day, walked back through the log, and who is told of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from missions.actions import merge_observers
from missions.erasure import ask_erasure, erase_person
from missions.models import Assignment, HeadCount, Mission, Statement
from organizations.changes import told
from organizations.known_on import Telling, end_of, said_at
from organizations.models import Change, Source
from organizations.undo import tag_of
from tests.admin_pages import address_of, delete, fill_in
from tests.days import LATER
from tests.factories import (
    AssignmentFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    InvitationFactory,
    MissionFactory,
    ObserverFactory,
    RegionFactory,
    SourceFactory,
    StatementFactory,
    UserFactory,
    VotingDayFactory,
)
from tests.missions.test_lists import RESOURCES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]

CANARY = "Qanaryeva"


@pytest.fixture
def gazette(northland_commission):
    return SourceFactory(code="gazette", owner=northland_commission)


@pytest.fixture
def memo(northland_commission):
    return SourceFactory(code="memo", owner=northland_commission, public=False)


@pytest.fixture
def mission(northland_commission, gazette):
    return MissionFactory(code="mission", owner=northland_commission, sources=[gazette])


@pytest.fixture
def count(northland_commission, gazette, mission):
    return HeadCountFactory(code="count", owner=northland_commission, mission=mission, value=46, source=gazette)


# What was known


def test_a_figure_that_was_corrected_reads_as_it_did_until_then(days, coordinator, count):
    desk = days.sign_in(coordinator, "2030-07-05")
    fill_in(desk, address_of(HeadCount, "change", count), value="64")
    days.put(LATER)
    rows = days.known("head-counts/count", "2030-07-04", "2030-07-05", "2030-07-06")
    assert [(row["value"], row["known_on"], row["not_told"]) for row in rows] == [
        (46, "2030-07-04", []),
        (64, "2030-07-05", []),
        (64, "2030-07-06", []),
    ]


@pytest.mark.parametrize(
    ("moment", "value"), [("2030-07-05T00:00", 64), ("2030-07-05T23:59", 64), ("2030-07-06T00:00", 46)]
)
def test_a_day_ends_at_midnight_utc(days, count, moment, value):
    days.put(moment)
    days.change(count, value=64)
    days.put(LATER)
    assert days.known("head-counts/count", "2030-07-05")["value"] == value


def test_of_several_changes_the_last_before_the_end_of_the_day_counts(days, count):
    for day, value in ((1, 47), (3, 48), (3, 49), (5, 50)):
        days.put(f"2030-07-0{day}")
        days.change(count, value=value)
    days.put(LATER)
    rows = days.known("head-counts/count", *(f"2030-07-0{day}" for day in range(1, 6)))
    assert [row["value"] for row in rows] == [47, 47, 49, 49, 50]


def test_before_it_was_made_there_is_no_record(days, coordinator):
    desk = days.sign_in(coordinator, "2030-07-05")
    fill_in(desk, address_of(Source, "add"), title="Observers arrive", publisher="Gazette")
    days.put(LATER)
    assert days.ask("sources/gazette", "2030-07-04").json() == days.ask("sources/never-was", "2030-07-04").json()
    assert days.known("sources/gazette", "2030-07-04", "2030-07-05")[0] is None
    assert days.known("sources/gazette", "2030-07-05")["title"] == "Observers arrive"


def test_a_record_of_whose_making_the_log_does_not_tell_was_always_there(days, count):
    days.put(LATER)
    assert days.known("head-counts/count", "0001-01-01")["value"] == 46


def test_what_an_import_made_is_known_from_what_it_says_now(days, dataset, administrator):
    days.put("2030-07-05")
    council = {"code": "council", "kind": "ngo", "country": "KZ", "founded_on": ""}
    dataset.write("organizations", council).read_in(now=timezone.now())
    days.put("2030-07-07")
    dataset.write("organizations", council | {"kind": "other", "founded_on": "1992-05-15"}).read_in(now=timezone.now())
    days.put(LATER)
    rows = days.known("organizations/council", "2030-07-04", "2030-07-05", "2030-07-07")
    assert [row and (row["kind"], row["country"], row["founded_on"], row["not_told"]) for row in rows] == [
        None,
        ("ngo", "KZ", None, []),
        ("other", "KZ", "1992-05-15", []),
    ]


def test_a_record_that_was_deleted_and_put_back_was_gone_in_between(days, coordinator, count):
    desk = days.sign_in(coordinator, "2030-07-05")
    delete(desk, count)
    act = tag_of(Change.objects.latest("pk")).removeprefix("undo=")
    days.sign_in(coordinator, "2030-07-06T11:00").post(reverse("undo"), {"act": act})
    days.put(LATER)
    rows = days.known("head-counts/count", "2030-07-04", "2030-07-05", "2030-07-06")
    assert [row and row["value"] for row in rows] == [46, None, 46]


def test_the_row_holds_code_columns_and_address_and_what_other_records_tell_is_left_out(days, mission):
    days.put(LATER)
    for resource, record in (("missions", mission), ("regions", RegionFactory(code="region"))):
        row = days.known(f"{resource}/{record.code}", "2030-07-01")
        of_row = [name for name in RESOURCES[resource].serializer_class.Meta.fields if name in {*record.columns, "url"}]
        assert list(row) == ["code", *of_row, "known_on", "not_told"]
    assert "url" in days.known("missions/mission", "2030-07-01")


def test_only_the_fields_that_are_asked_for(days, count):
    days.put("2030-07-05")
    days.change(count, value=64, remark="Corrected")
    days.put(LATER)
    assert days.known("head-counts/count", "2030-07-01", fields="value,not_told") == {"value": 46, "not_told": []}
    assert days.known("head-counts/count", "2030-07-01", fields="remark,not_told") == {
        "remark": None,
        "not_told": ["remark"],
    }
    refused = days.ask("head-counts/count", "2030-07-01", fields="modified_at")
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "fields")


# What cannot be asked


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("known_on=soon", "“soon” is not a date: please write it as 2017-10-15."),
        ("known_on=2030-06", "“2030-06” names a month: this box needs a day, for example 2017-10-15."),
        ("known_on=2030-07-02", "“2030-07-02” is still to come: give a day up to today, 2030-07-01."),
        ("known_on=2030-06-01&known_on=2030-06-02", "known_on can be given only once."),
    ],
)
@pytest.mark.parametrize("path", ["missions/mission/", "missions/mission/reconciliation/"])
def test_what_is_no_day_up_to_today_is_refused_by_name(days, mission, path, query, sentence):
    days.put("2030-07-01T23:59")
    answer = days.client.get(f"/api/v1/{path}?{query}")
    assert (answer.status_code, answer.json()["errors"]) == (400, [{"parameter": "known_on", "message": sentence}])


def test_today_and_a_blank_day_are_allowed(days, mission):
    days.put("2030-07-01")
    assert days.ask("missions/mission", "2030-07-01").json()["known_on"] == "2030-07-01"
    assert "known_on" not in days.ask("missions/mission", "").json()


@pytest.mark.parametrize("resource", RESOURCES)
def test_lists_do_not_know_it(client, resource):
    answer = client.get(f"/api/v1/{resource}/?known_on=2030-07-01")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "known_on")


# Texts and what tells of persons


def test_an_earlier_text_is_told_to_whoever_reads_the_log_of_the_record(
    days, mission, coordinator, viewer, outsider, administrator, anonymous
):
    mission.remark = f"Led by {CANARY}"
    mission.save()
    days.put("2030-07-05")
    days.change(mission, remark="Led by somebody", status="deployed")
    days.put(LATER)
    said = {}
    for reader in (coordinator, viewer, outsider, administrator):
        days.sign_in(reader, LATER)
        row = days.known("missions/mission", "2030-07-01")
        said[reader.username] = (row["remark"], row["status"], row["not_told"])
    days.client.logout()
    row = days.known("missions/mission", "2030-07-01")
    said["visitor"] = (row["remark"], row["status"], row["not_told"])
    hidden = (None, "announced", ["remark"])
    assert said == {
        "coordinator": (f"Led by {CANARY}", "announced", []),
        "viewer": hidden,
        "outsider": hidden,
        "administrator": hidden,
        "visitor": hidden,
    }


def test_a_text_that_says_again_what_it_said_is_told_to_everybody(days, mission):
    mission.remark = "First"
    mission.save()
    for day, remark in ((5, CANARY), (7, "First")):
        days.put(f"2030-07-0{day}")
        days.change(mission, remark=remark)
    days.put(LATER)
    rows = days.known("missions/mission", "2030-07-04", "2030-07-05", "2030-07-07")
    assert [(row["remark"], row["not_told"]) for row in rows] == [
        ("First", []),
        (None, ["remark"]),
        ("First", []),
    ]


def test_internal_notes_are_told_to_nobody(days, mission, coordinator):
    mission.internal_note = CANARY
    mission.save()
    days.put("2030-07-05")
    days.change(mission, internal_note="", name="Northland mission")
    days.sign_in(coordinator, LATER)
    answer = days.ask("missions/mission", "2030-07-01")
    assert (CANARY in answer.content.decode(), "internal_note" in answer.json()) == (False, False)
    assert (answer.json()["name"], answer.json()["not_told"]) == ("", [])
    [said] = said_at(Mission, ["mission"], end_of(date(2030, 7, 1))).values()
    assert Telling(Mission, said, coordinator).values == {"name": ""}


def test_what_was_said_of_a_person_is_told_to_whoever_reads_the_log_of_it(
    days, northland_commission, gazette, coordinator, outsider, mission
):
    person = ObserverFactory(owner=northland_commission, family_name=CANARY, nationality="KZ", withheld=False)
    AssignmentFactory(observer=person, mission=mission, owner=northland_commission, sources=[gazette])
    days.put("2030-07-05")
    days.change(person, family_name="Example", nationality="", gender="other", email="robin@example.org")
    path, columns = f"observers/{person.code}", ("family_name", "nationality", "gender", "withheld", "not_told")
    days.sign_in(coordinator, LATER)
    row = days.known(path, "2030-07-01")
    assert [row[name] for name in columns] == [CANARY, "KZ", "", False, []]
    days.sign_in(outsider, LATER)
    row = days.known(path, "2030-07-01")
    assert [row[name] for name in columns] == [None, None, None, False, ["family_name", "nationality", "gender"]]


@pytest.fixture
def erased(days, northland_commission, coordinator, mission, gazette):
    """A person who was nominated and then named by a source, whose post was changed, and who was erased."""
    person = ObserverFactory(owner=northland_commission, family_name=CANARY)
    mission.remark = f"Led by {CANARY}"
    mission.save()
    place = AssignmentFactory(
        code="place",
        observer=person,
        mission=mission,
        owner=northland_commission,
        sources=[gazette],
        status="nominated",
        post="Clerk",
    )
    days.put("2030-07-03")
    days.change(place, post="Judge", status="accredited")
    days.put("2030-07-05")
    days.change(mission, remark="Led by somebody")
    days.put("2030-07-07")
    erasure = ask_erasure(observer=person, by=coordinator, reason="Letter", now=timezone.now())
    erase_person(
        erasure=erasure,
        by=UserFactory(username="data_protection", is_data_protection=True),
        now=timezone.now(),
    )
    return person


def test_what_was_erased_is_told_to_nobody_and_what_stays_is(days, erased, coordinator):
    for reader in (coordinator, UserFactory(username="other", is_data_protection=True)):
        days.sign_in(reader, LATER)
        rows = days.known("assignments/place", "2030-07-01", "2030-07-04", "2030-07-07")
        personal = ["area", "post", "employer"]
        assert [(row["status"], row["post"], row["not_told"]) for row in rows] == [
            ("nominated", None, personal),
            ("accredited", None, personal),
            ("accredited", "", []),
        ]
        row = days.known(f"observers/{erased.code}", "2030-07-01")
        names = ["family_name", "given_names", "nationality", "gender", "languages"]
        assert ([row[name] for name in names], row["not_told"]) == ([None] * 5, names)
        row = days.known("missions/mission", "2030-07-01")
        assert (row["remark"], row["not_told"]) == (None, ["remark"])


def test_of_a_place_that_went_over_to_another_what_was_said_of_the_erased_one_is_not_told_as_blank(
    days, northland_commission, coordinator, mission, gazette
):
    person, other = (ObserverFactory(owner=northland_commission) for _number in range(2))
    place = AssignmentFactory(
        code="place", observer=person, mission=mission, owner=northland_commission, sources=[gazette], post="Clerk"
    )
    days.put("2030-07-03")
    days.change(place, observer=other, post="Judge")
    days.put("2030-07-05")
    erasure = ask_erasure(observer=person, by=coordinator, reason="Letter", now=timezone.now())
    erase_person(erasure=erasure, by=UserFactory(is_data_protection=True), now=timezone.now())
    days.sign_in(coordinator, LATER)
    rows = days.known("assignments/place", "2030-07-01", "2030-07-04")
    assert [(row["observer"], row["post"], row["not_told"]) for row in rows] == [
        (person.code, None, ["post"]),
        (other.code, "Judge", []),
    ]


def test_who_reads_the_log_of_a_place_is_not_told_of_a_hidden_person_who_had_it(
    days, northland_commission, southland_ministry, coordinator, mission, gazette
):
    hidden, own = ObserverFactory(owner=southland_ministry), ObserverFactory(owner=northland_commission)
    place = AssignmentFactory(
        code="place", observer=hidden, mission=mission, owner=northland_commission, sources=[gazette], post=CANARY
    )
    days.put("2030-07-05")
    days.change(place, observer=own, post="Judge")
    days.sign_in(coordinator, LATER)
    row = days.known("assignments/place", "2030-07-01")
    assert (row["observer"], row["post"], row["not_told"]) == (None, None, ["observer", "post"])


def test_a_person_who_was_merged_since_is_named_to_whoever_reads_the_log(
    days, northland_commission, coordinator, outsider, mission, gazette
):
    kept, merged = (ObserverFactory(owner=northland_commission) for _number in range(2))
    AssignmentFactory(code="place", observer=merged, mission=mission, owner=northland_commission, sources=[gazette])
    days.put("2030-07-05")
    merge_observers(kept=kept, merged=merged, by=coordinator, now=timezone.now())
    told_of = {}
    for reader in (coordinator, outsider):
        days.sign_in(reader, LATER)
        rows = days.known("assignments/place", "2030-07-01", "2030-07-05")
        told_of[reader.username] = [(row["observer"], row["not_told"]) for row in rows]
    assert told_of == {
        "coordinator": [(merged.code, []), (kept.code, [])],
        "outsider": [(None, ["observer"]), (kept.code, [])],
    }


def test_a_statement_does_not_name_the_hidden_person_that_it_was_about(
    days, northland_commission, coordinator, outsider, gazette
):
    person = ObserverFactory(owner=northland_commission)
    about = StatementFactory(
        code="statement", subject=f"observers/{person.code}", field="family_name", value=CANARY, source=gazette
    )
    days.put("2030-07-05")
    MissionFactory(code="joint", sources=[gazette])
    days.change(about, subject="missions/joint", field="name", value="Joint mission", owner=northland_commission)
    said = {}
    for reader in (coordinator, outsider):
        days.sign_in(reader, LATER)
        row = days.known("statements/statement", "2030-07-01")
        said[reader.username] = (row["subject"], row["value"], row["field"], row["not_told"])
    assert said == {
        "coordinator": (f"observers/{person.code}", CANARY, "family_name", []),
        "outsider": (None, None, "family_name", ["subject", "value"]),
    }
    assert Statement.objects.get().subject == "missions/joint"


# References and sources


def test_what_it_pointed_to_is_told_as_far_as_the_reader_sees_that_now(days, mission, memo, viewer):
    hidden = MissionFactory(code="hidden", election=mission.election, sources=[memo])
    mission.part_of = hidden
    mission.save()
    days.put("2030-07-05")
    days.change(mission, part_of=None)
    days.put(LATER)
    row = days.known("missions/mission", "2030-07-01")
    assert (row["part_of"], row["not_told"]) == (None, ["part_of"])
    days.sign_in(viewer, LATER)
    row = days.known("missions/mission", "2030-07-01")
    assert (row["part_of"], row["not_told"]) == ("hidden", [])


def test_sources_that_the_reader_does_not_see_are_left_out_of_the_list_without_a_trace(days, mission, memo, viewer):
    herald = SourceFactory(code="herald")
    mission.sources.set([memo, herald])
    days.put("2030-07-05")
    days.change(mission, sources=[SourceFactory(code="journal")])
    days.put(LATER)
    row = days.known("missions/mission", "2030-07-01")
    assert (row["sources"], row["not_told"]) == (["herald"], [])
    days.sign_in(viewer, LATER)
    assert days.known("missions/mission", "2030-07-01")["sources"] == ["herald", "memo"]


def test_a_region_does_not_tell_a_visitor_that_it_rested_on_an_internal_paper(days, gazette, memo, viewer):
    region = RegionFactory(code="region", source=memo)
    days.put("2030-07-05")
    days.change(region, source=gazette)
    days.put(LATER)
    row = days.known("regions/region", "2030-07-01")
    assert (row["source"], row["not_told"]) == (None, [])
    days.sign_in(viewer, LATER)
    assert days.known("regions/region", "2030-07-01")["source"] == "memo"


def test_what_was_deleted_since_is_named_to_whoever_reads_the_log(days, coordinator, viewer, mission, gazette):
    days.put("2030-07-04")
    whole = MissionFactory(code="whole", election=mission.election, sources=[gazette])
    herald = SourceFactory(code="herald")
    days.change(mission, part_of=whole, sources=[gazette, herald])
    days.put("2030-07-05")
    days.change(mission, part_of=None, sources=[gazette])
    whole.delete()
    herald.delete()
    told_of = {}
    for reader in (coordinator, viewer):
        days.sign_in(reader, LATER)
        row = days.known("missions/mission", "2030-07-04")
        told_of[reader.username] = (row["part_of"], row["sources"], row["not_told"])
    assert told_of == {
        "coordinator": ("whole", ["gazette", "herald"], []),
        "viewer": (None, ["gazette"], ["part_of"]),
    }


@pytest.mark.parametrize("kind", ["head-counts", "voting-days", "statements", "missions", "deployments", "invitations"])
def test_what_rested_on_internal_papers_alone_is_not_told_to_visitors(days, viewer, gazette, memo, kind):
    election = ElectionFactory()
    make = {
        "head-counts": lambda: HeadCountFactory(code="fact", election=election, value=46, source=memo),
        "voting-days": lambda: VotingDayFactory(code="fact", election=election, source=memo),
        "statements": lambda: StatementFactory(code="fact", subject=f"elections/{election.code}", source=memo),
        "missions": lambda: MissionFactory(code="fact", election=election, sources=[memo]),
        "deployments": lambda: DeploymentFactory(code="fact", election=election, sources=[memo]),
        "invitations": lambda: InvitationFactory(code="fact", election=election, sources=[memo]),
    }
    fact = make[kind]()
    days.put("2030-07-05")
    days.change(fact, **({"sources": [gazette]} if hasattr(fact, "sources") else {"source": gazette}))
    days.put(LATER)
    assert [row is None for row in days.known(f"{kind}/fact", "2030-07-04", "2030-07-05")] == [True, False]
    days.sign_in(viewer, LATER)
    assert [row is None for row in days.known(f"{kind}/fact", "2030-07-04", "2030-07-05")] == [False, False]


def test_a_place_that_only_an_internal_paper_named_is_told_to_the_persons_own_people_alone(
    days, northland_commission, viewer, outsider, organizer, secretariat, mission, gazette, memo
):
    mission.organizer = secretariat
    mission.save()
    person = ObserverFactory(owner=northland_commission)
    place = AssignmentFactory(
        code="place", observer=person, mission=mission, owner=northland_commission, sources=[memo], status="nominated"
    )
    days.put("2030-07-05")
    days.change(place, sources=[gazette], status="accredited")
    told_of = {}
    for reader in (viewer, organizer, outsider):
        days.sign_in(reader, LATER)
        rows = days.known("assignments/place", "2030-07-04", "2030-07-05")
        told_of[reader.username] = [row and row["status"] for row in rows]
    own = ["nominated", "accredited"]
    assert told_of == {"viewer": own, "organizer": own, "outsider": [None, "accredited"]}


def test_who_does_not_see_the_record_now_is_told_nothing_of_before(days, mission, memo):
    days.put("2030-07-05")
    days.change(mission, sources=[memo])
    days.put(LATER)
    answer = days.ask("missions/mission", "2030-07-01")
    assert (answer.status_code, answer.json()) == (404, days.ask("missions/never-was", "2030-07-01").json())


# How much it asks of the database


def test_it_takes_as_many_queries_after_many_changes_as_after_one(days, coordinator, mission):
    def queries():
        # The first answer after signing in takes some for itself.
        days.ask("missions/mission", "2030-07-01")
        with CaptureQueriesContext(connection) as made:
            assert days.ask("missions/mission", "2030-07-01").json()["status_on"] is None
        return len(made)

    of_each = []
    for times in (1, 10):
        for number in range(times):
            days.put("2030-07-05")
            days.change(mission, remark=f"{times} {number}", status_on=date(2030, 6, number + 1))
        days.sign_in(coordinator, LATER)
        of_each.append(queries())
    assert of_each[0] == of_each[1]


def test_reading_the_past_changes_nothing(days, coordinator, mission):
    days.put("2030-07-05")
    days.change(mission, remark="Second")
    before = told(mission)
    days.sign_in(coordinator, LATER)
    days.known("missions/mission", "2030-07-01")
    assert (told(mission), Change.objects.count()) == (before, 1)
    assert (Mission.objects.count(), Assignment.objects.count()) == (1, 0)
