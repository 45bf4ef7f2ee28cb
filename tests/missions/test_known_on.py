"""The reading of an election as its record stood on a day: what was added, changed, moved, deleted and hidden since."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from missions.actions import merge_observers
from missions.models import HeadCount
from tests.admin_pages import address_of, delete, fill_in
from tests.days import LATER
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    ObserverFactory,
    OrganizationFactory,
    SourceFactory,
)
from tests.missions.test_lists import whole_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]

ELECTION = "elections/northland-2030/reconciliation"


@pytest.fixture
def gazette(northland_commission):
    return SourceFactory(code="gazette", owner=northland_commission)


@pytest.fixture
def memo(northland_commission):
    return SourceFactory(code="memo", owner=northland_commission, public=False)


@pytest.fixture
def northland():
    return ElectionFactory(code="northland-2030")


@pytest.fixture
def mission(northland, northland_commission, gazette):
    return MissionFactory(code="mission", election=northland, owner=northland_commission, sources=[gazette])


@pytest.fixture
def counted(northland_commission, gazette):
    def make(subject, value, as_of="2030-06-01", **but):
        given = {"kind": "accredited", "value": value, "as_of": as_of, "owner": northland_commission, "source": gazette}
        return HeadCountFactory(**{type(subject).__name__.lower(): subject, **given, **but})

    return make


def values(days, path, *on, **query):
    """What the reading says on each of these days; None where there was no such subject."""
    return [answer and answer["value"] for answer in days.known(path, *on, **query)]


def without_names(answer):
    parts = [{name: value for name, value in part.items() if name != "name"} for part in answer["parts"]]
    return {**answer, "parts": parts}


# What was known


def test_the_reading_is_made_of_the_counts_as_they_stood(days, coordinator, northland, mission, counted):
    count = counted(northland, 46)
    desk = days.sign_in(coordinator, "2030-07-03")
    fill_in(desk, address_of(HeadCount, "change", count), value="64")
    days.put("2030-07-05")
    days.act(lambda: counted(northland, 70, as_of="2030-06-02"))
    desk = days.sign_in(coordinator, "2030-07-07")
    delete(desk, count)
    days.put(LATER)
    answers = days.known(ELECTION, "2030-07-02", "2030-07-03", "2030-07-05", "2030-07-07")
    assert [answer["value"] for answer in answers] == [46, 64, 70, 70]
    totals = [[total["value"] for step in answer["ladder"] for total in step["totals"]] for answer in answers]
    assert totals == [[46], [64], [64, 70], [70]]
    assert [(answer["known_on"], answer["not_told"]) for answer in answers[:2]] == [
        ("2030-07-02", 0),
        ("2030-07-03", 0),
    ]


def test_on_speaks_of_the_figures_and_known_on_of_the_record(days, northland, counted):
    counted(northland, 46, as_of="2030-05-01")
    days.put("2030-07-03")
    days.act(lambda: counted(northland, 50, as_of="2030-05-10"))
    days.put(LATER)
    asked = [("2030-07-02", "2030-05-31"), ("2030-07-03", "2030-05-31"), ("2030-07-03", "2030-05-09")]
    answers = [days.known(ELECTION, known_on, on=on) for known_on, on in asked]
    assert [(answer["value"], answer["on"]) for answer in answers] == [
        (46, "2030-05-31"),
        (50, "2030-05-31"),
        (46, "2030-05-09"),
    ]


def test_before_the_subject_was_made_there_is_no_reading(days, northland, gazette, counted):
    days.put("2030-07-03")
    made = days.act(lambda: MissionFactory(code="new", election=northland, sources=[gazette]))
    counted(made, 20)
    days.put(LATER)
    path = "missions/new/reconciliation"
    assert values(days, path, "2030-07-02", "2030-07-03") == [None, 20]
    assert days.ask(path, "2030-07-02").json() == days.ask("missions/no/reconciliation", "2030-07-02").json()


def test_today_it_reads_as_it_reads_without_a_day(days, administrator, gazette, memo):
    record = whole_record("north", sources=[gazette, memo])
    MissionFactory(code="hidden", election=record.election, part_of=record.mission, sources=[memo])
    days.put(LATER)
    paths = [f"{one.resource()}/{one.code}" for one in (record.election, record.mission, record.party)]
    for reader in (None, administrator):
        if reader:
            days.sign_in(reader, LATER)
        for kind in ("announced", "deployed"):
            now = [days.ask(f"{path}/reconciliation", kind=kind).json() for path in paths]
            then = [days.known(f"{path}/reconciliation", LATER, kind=kind) for path in paths]
            assert then == [{**without_names(each), "known_on": LATER, "not_told": 0} for each in now]
        assert now[0]["parts"] != []


def test_the_ladder_as_csv(days, northland, counted):
    count = counted(northland, 46)
    days.put("2030-07-03")
    days.change(count, value=64)
    days.put(LATER)
    answer = days.ask(ELECTION, "2030-07-02", format="csv")
    [row] = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode()))
    assert (row["reported"], row["value"], row["source"]) == ("46", "46", "gazette")


# What moved


def test_a_count_is_read_where_it_belonged_then(days, northland, counted):
    other = ElectionFactory(code="southland-2030")
    count = counted(northland, 46)
    days.put("2030-07-03")
    days.change(count, election=other)
    days.put(LATER)
    on = ("2030-07-02", "2030-07-03")
    assert values(days, ELECTION, *on) == [46, None]
    assert values(days, "elections/southland-2030/reconciliation", *on) == [None, 46]


def test_a_mission_is_read_in_the_election_where_it_belonged_then(days, northland, mission, counted):
    other = ElectionFactory(code="southland-2030")
    counted(mission, 20)
    days.put("2030-07-03")
    days.change(mission, election=other)
    days.put(LATER)
    on = ("2030-07-02", "2030-07-03")
    for path, parts in ((ELECTION, [1, 0]), ("elections/southland-2030/reconciliation", [0, 1])):
        assert [len(answer["parts"]) for answer in days.known(path, *on)] == parts
    assert values(days, "missions/mission/reconciliation", *on) == [20, 20]


def test_parts_are_those_of_then(days, northland, mission, gazette, counted):
    mission.kind = "ieom"
    mission.save()
    inner = MissionFactory(code="inner", election=northland, part_of=mission, sources=[gazette], status="deployed")
    counted(inner, 7, kind="deployed")
    days.put("2030-07-03")
    days.change(inner, part_of=None, status="cancelled")
    days.put(LATER)
    answers = days.known(ELECTION, "2030-07-02", "2030-07-03", kind="deployed")
    told = [[(part["subject"], part["value"]) for part in answer["parts"]] for answer in answers]
    assert told == [[("missions/mission", 7)], [("missions/inner", 7), ("missions/mission", None)]]


def test_channels_say_through_which_missions_a_party_went_then(days, northland, mission, gazette, counted):
    party = DeploymentFactory(code="party", election=northland, sources=[gazette])
    counted(party, 46)
    days.put("2030-07-03")
    other = MissionFactory(code="other", election=northland, sources=[gazette])
    channel = days.act(lambda: ChannelFactory(deployment=party, mission=mission, source=gazette))
    days.put("2030-07-05")
    days.change(channel, mission=other)
    days.put("2030-07-07")
    days.change(channel, counted=False)
    days.put("2030-07-09")
    days.delete(channel)
    days.put(LATER)
    on = [f"2030-07-0{day}" for day in (2, 3, 5, 7, 9)]
    through = [
        [[part["subject"] for part in answer["parts"]] for answer in days.known(f"missions/{code}/reconciliation", *on)]
        for code in ("mission", "other")
    ]
    assert through == [[[], ["deployments/party"], [], [], []], [[], [], ["deployments/party"], [], []]]


def test_a_sender_that_was_an_election_body_then_counts_among_these(days, northland, gazette, counted):
    body = OrganizationFactory(code="body", kind="election_body", country="KZ")
    party = DeploymentFactory(code="party", election=northland, sender=body, sources=[gazette])
    counted(northland, 46, group="election_bodies")
    counted(party, 5)
    days.put("2030-07-03")
    days.change(body, kind="government")
    days.put(LATER)
    answers = days.known(ELECTION, "2030-07-02", "2030-07-03", group="election_bodies")
    assert [[part["subject"] for part in answer["parts"]] for answer in answers] == [["deployments/party"], []]


@pytest.fixture
def shared(northland, mission, gazette, counted):
    """A party over two missions, of whose share the persons named in one of them are the least."""
    party = DeploymentFactory(code="party", election=northland, sources=[gazette])
    counted(party, 46)
    for through in (mission, MissionFactory(code="other", election=northland, sources=[gazette])):
        ChannelFactory(deployment=party, mission=through, source=gazette)
    return party


def test_persons_named_then_bound_the_share(days, mission, shared, gazette):
    one, other = (
        AssignmentFactory(mission=mission, deployment=shared, sources=[gazette], status="accredited")
        for _number in range(2)
    )
    AssignmentFactory(observer=other.observer, mission=MissionFactory(sources=[gazette]), sources=[gazette])
    days.put("2030-07-03")
    days.change(one, status="withdrawn")
    days.put("2030-07-05")
    days.delete(other)
    days.put(LATER)
    answers = days.known("missions/mission/reconciliation", "2030-07-02", "2030-07-03", "2030-07-05")
    assert [answer["parts"][0]["low"] for answer in answers] == [2, 1, 0]


def test_two_persons_who_were_found_to_be_one_were_two(days, mission, shared, gazette, administrator):
    kept, merged = (ObserverFactory() for _number in range(2))
    for person in (kept, merged):
        AssignmentFactory(observer=person, mission=mission, deployment=shared, sources=[gazette])
    days.put("2030-07-03")
    merge_observers(kept=kept, merged=merged, by=administrator, now=timezone.now())
    days.put(LATER)
    answers = days.known("missions/mission/reconciliation", "2030-07-02", "2030-07-03")
    assert [answer["parts"][0]["low"] for answer in answers] == [2, 1]


# Who is told


def test_what_rested_on_an_internal_paper_is_read_by_members_alone(days, viewer, northland, memo, gazette, counted):
    count = counted(northland, 300, source=memo)
    gone = counted(northland, 200, as_of="2030-05-01", source=memo)
    days.put("2030-07-03")
    days.change(count, source=gazette)
    days.delete(gone)
    days.put(LATER)
    on = ("2030-07-02", "2030-07-03")
    answers = days.known(ELECTION, *on)
    assert [(answer["value"], len(answer["ladder"]), answer["not_told"]) for answer in answers] == [
        (None, 0, 0),
        (300, 1, 0),
    ]
    days.sign_in(viewer, LATER)
    answers = days.known(ELECTION, *on)
    assert [(answer["value"], len(answer["ladder"]), answer["not_told"]) for answer in answers] == [
        (300, 2, 0),
        (300, 1, 0),
    ]


def test_a_count_that_only_an_internal_paper_carries_now_is_not_read_as_it_was_when_public(
    days, viewer, northland, memo, counted
):
    count = counted(northland, 46)
    days.put("2030-07-03")
    days.change(count, source=memo)
    days.put(LATER)
    assert values(days, ELECTION, "2030-07-02", "2030-07-03") == [None, None]
    days.sign_in(viewer, LATER)
    assert values(days, ELECTION, "2030-07-02", "2030-07-03") == [46, 46]


def test_a_mission_that_rested_on_an_internal_paper_had_no_reading_for_visitors(days, viewer, mission, memo, gazette):
    mission.sources.set([memo])
    days.put("2030-07-03")
    days.change(mission, sources=[gazette])
    path, on = "missions/mission/reconciliation", ("2030-07-02", "2030-07-03")
    days.put(LATER)
    assert [answer is None for answer in days.known(path, *on)] == [True, False]
    days.sign_in(viewer, LATER)
    assert [answer is None for answer in days.known(path, *on)] == [False, False]


def test_a_mission_that_was_deleted_since_is_there_again_with_its_counts(
    days, viewer, northland, memo, gazette, counted
):
    for code, sources in (("public", [gazette]), ("internal", [memo]), ("unsourced", [])):
        gone = MissionFactory(code=code, election=northland, sources=sources)
        counted(gone, 20, source=sources[0] if sources else gazette)
        days.put("2030-07-03")
        days.delete(gone)
    on = ("2030-07-02", "2030-07-03")
    days.put(LATER)
    assert [[part["subject"] for part in answer["parts"]] for answer in days.known(ELECTION, *on)] == [
        ["missions/public"],
        [],
    ]
    days.sign_in(viewer, LATER)
    answers = days.known(ELECTION, *on)
    assert [[(part["subject"], part["value"]) for part in answer["parts"]] for answer in answers] == [
        [("missions/internal", 20), ("missions/public", 20), ("missions/unsourced", 20)],
        [],
    ]


@pytest.mark.parametrize("was_public", [True, False])
def test_rows_of_which_the_source_was_deleted_since_are_counted_and_not_guessed(
    days, viewer, northland, counted, was_public
):
    herald = SourceFactory(code="herald", public=was_public)
    count, moved = counted(northland, 46, source=herald), counted(northland, 40, "2030-05-01", source=herald)
    days.put("2030-07-03")
    days.delete(count)
    days.change(moved, source=SourceFactory(code="courier"))
    days.delete(herald)
    days.put(LATER)
    answer = days.known(ELECTION, "2030-07-02")
    assert (answer["ladder"], answer["not_told"]) == ([], 2 if was_public else 0)
    days.sign_in(viewer, LATER)
    answer = days.known(ELECTION, "2030-07-02")
    [total] = [total for step in answer["ladder"] for total in step["totals"]]
    assert (total["value"], total["source"], answer["not_told"]) == (40, "", 1)


def test_a_source_that_was_made_again_as_an_internal_paper_is_hidden_and_not_gone(days, northland, counted):
    herald = SourceFactory(code="herald")
    count = counted(northland, 46, source=herald)
    days.put("2030-07-03")
    days.delete(count)
    days.delete(herald)
    days.act(lambda: SourceFactory(code="herald", public=False))
    days.put(LATER)
    answer = days.known(ELECTION, "2030-07-02")
    assert (answer["ladder"], answer["not_told"]) == ([], 0)


@pytest.mark.parametrize("change", ["withheld", "internal", "kept"])
def test_a_place_that_was_deleted_is_told_where_the_person_was_publicly_named_or_in_the_log(
    days, shared, mission, northland_commission, secretariat, coordinator, organizer, outsider, memo, gazette, change
):
    person = ObserverFactory(owner=northland_commission, withheld=change == "withheld")
    # By this place the organizer sees the person anyway, and everybody where the name is not withheld.
    elsewhere = MissionFactory(organizer=secretariat, sources=[gazette])
    AssignmentFactory(observer=person, mission=elsewhere, owner=northland_commission, sources=[gazette])
    place = AssignmentFactory(
        observer=person,
        mission=mission,
        deployment=shared,
        owner=northland_commission,
        sources=[memo if change == "internal" else gazette],
    )
    days.put("2030-07-03")
    days.delete(place)
    low = {}
    for reader in (coordinator, organizer, outsider, None):
        if reader:
            days.sign_in(reader, LATER)
        else:
            days.client.logout()
        answer = days.known("missions/mission/reconciliation", "2030-07-02")
        low[reader.username if reader else "visitor"] = answer["parts"][0]["low"]
    others = 1 if change == "kept" else 0
    assert low == {"coordinator": 1, "organizer": others, "outsider": others, "visitor": others}


def test_a_place_that_only_an_internal_paper_named_then_is_not_counted_for_outsiders(
    days, shared, mission, northland_commission, viewer, outsider, memo, gazette
):
    person = ObserverFactory(owner=northland_commission)
    place = AssignmentFactory(
        observer=person, mission=mission, deployment=shared, owner=northland_commission, sources=[memo]
    )
    days.put("2030-07-03")
    days.change(place, sources=[gazette])
    low = {}
    for reader in (viewer, outsider):
        days.sign_in(reader, LATER)
        answers = days.known("missions/mission/reconciliation", "2030-07-02", "2030-07-03")
        low[reader.username] = [answer["parts"][0]["low"] for answer in answers]
    assert low == {"viewer": [1, 1], "outsider": [0, 1]}


def test_who_does_not_see_the_subject_now_is_told_nothing_of_before(days, mission, memo):
    days.put("2030-07-03")
    days.change(mission, sources=[memo])
    days.put(LATER)
    answer = days.ask("missions/mission/reconciliation", "2030-07-02")
    assert (answer.status_code, answer.json()) == (404, days.ask("missions/no", "2030-07-02").json())


# How much it asks of the database


def test_it_takes_as_many_queries_for_many_rows_as_for_one(days, northland, gazette, counted, viewer):
    def more(number):
        days.put("2030-07-01")
        mission = MissionFactory(election=northland, sources=[gazette])
        party = DeploymentFactory(election=northland, sender=OrganizationFactory(), sources=[gazette])
        counts = [counted(mission, number), counted(northland, number, as_of=f"2030-05-{number:02}")]
        place = AssignmentFactory(mission=mission, deployment=party, sources=[gazette])
        channel = ChannelFactory(mission=mission, deployment=party, source=gazette)
        days.put("2030-07-03")
        days.change(counts[0], value=number + 1)
        days.change(place, status="withdrawn")
        for record in (counts[1], channel):
            days.delete(record)
        days.delete(AssignmentFactory(mission=mission, deployment=party, sources=[gazette]))

    def queries():
        days.sign_in(viewer, LATER)
        days.known(ELECTION, "2030-07-02")
        with CaptureQueriesContext(connection) as made:
            assert days.known(ELECTION, "2030-07-02")["ladder"] != []
        return len(made)

    more(1)
    of_one = queries()
    for number in range(2, 12):
        more(number)
    assert queries() == of_one
