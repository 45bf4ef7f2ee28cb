"""Whatever makes figures read otherwise, by whichever door: the feed tells of each row, to those for whom it does."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from unittest import mock

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from missions.actions import merge_observers, undo_merge
from missions.dataset import import_dataset
from missions.erasure import ask_erasure, erase_person
from missions.lists import READING_COLUMNS
from missions.looked_for import mark_looked_for
from missions.models import Election, HeadCount, Reading
from missions.readings import rebuild_readings
from missions.undo import undo_entry
from organizations.models import Change, FeedEntry
from tests.admin_pages import address_of, delete, fill_in
from tests.api_client import ApiClient
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
    UserFactory,
)
from tests.missions.entry.at_the_desk import Desk
from tests.missions.feed.copies import FEED, Copy, begin_the_feed, key_of, told_as_became
from tests.missions.people_sheets import xlsx_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]

ELECTION, JOINT, SMALLER = ("elections", "vote"), ("missions", "joint"), ("missions", "smaller")


@pytest.fixture
def made(administrator, secretariat, tmp_path):
    """A joint mission with the figure of its parts: a smaller mission, and what a party over two may have there."""
    made = SimpleNamespace(folder=tmp_path, by=administrator)
    made.gazette, made.review = SourceFactory(code="gazette"), SourceFactory(code="review")
    made.paper = SourceFactory(code="paper", public=False)
    made.election = ElectionFactory(code="vote", sources=[made.gazette])
    of_vote = {"election": made.election, "sources": [made.gazette]}
    made.joint = MissionFactory(code="joint", kind="ieom", organizer=secretariat, **of_vote)
    made.smaller = MissionFactory(code="smaller", part_of=made.joint, organizer=OrganizationFactory(), **of_vote)
    made.other = MissionFactory(code="other", organizer=OrganizationFactory(), **of_vote)
    made.sender = OrganizationFactory(code="sender", kind="election_body", country="KZ")
    made.party = DeploymentFactory(code="party", sender_country="KZ", sender=made.sender, **of_vote)
    made.hidden = DeploymentFactory(code="hidden", election=made.election, sources=[made.paper])
    for mission in (made.joint, made.other):
        ChannelFactory(deployment=made.party, mission=mission, source=made.gazette)
    made.count = HeadCountFactory(mission=made.smaller, kind="announced", value=12, source=made.gazette)
    HeadCountFactory(deployment=made.party, kind="announced", value=46, source=made.review)
    made.persons = [
        AssignmentFactory(
            observer=ObserverFactory(family_name=name, given_names="Robin"),
            mission=made.joint,
            deployment=made.party,
            sources=[made.gazette],
        ).observer
        for name in ("Example", "Sample")
    ]
    rebuild_readings(Election.objects.all())
    begin_the_feed()
    return made


@pytest.fixture
def clerk(made):
    client = Client()
    client.force_login(made.by)
    return client


@pytest.fixture
def program(made):
    return ApiClient(made.by)


@pytest.fixture
def copies(made, viewer):
    return [Copy(AnonymousUser()), Copy(viewer)]


def new_count(made, **given):
    return {"mission": "smaller", "kind": "announced", "value": 20, "as_of": "2030-06-02", "source": "gazette", **given}


def change(clerk, row, **typed):
    return fill_in(clerk, address_of(type(row), "change", row), **typed)


# Each is one act by one door.


def a_form_adds_a_count(made, clerk, program):
    typed = {"mission": made.smaller.pk, "kind": "announced", "value": "20", "as_of": "2030-06-02"}
    fill_in(clerk, address_of(HeadCount, "add"), **typed, source=made.gazette.pk)


def a_form_changes_a_count(made, clerk, program):
    change(clerk, made.count, value="13")


def a_count_goes_to_another_mission(made, clerk, program):
    change(clerk, made.count, mission=made.other.pk)


def a_form_deletes_a_count(made, clerk, program):
    delete(clerk, made.count)


def a_party_is_deleted(made, clerk, program):
    HeadCount.objects.filter(deployment=made.hidden).delete()
    delete(clerk, made.hidden)


def a_program_adds_a_count(made, clerk, program):
    assert program.post("head-counts/", new_count(made)).status_code == 201


def a_program_writes_many(made, clerk, program):
    rows = [new_count(made), new_count(made, mission="other", value=3)]
    assert program.put("head-counts/", rows).status_code == 200


def a_dataset_is_imported(made, clerk, program):
    row = "smaller,announced,20,2030-06-02,gazette"
    (made.folder / "head_counts.csv").write_text(f"mission,kind,value,as_of,source\n{row}\n", encoding="utf-8")
    import_dataset(made.folder, now=timezone.now(), by=made.by)


def a_page_of_entry_is_stored(made, clerk, program):
    page = Desk(clerk).type("sources-0", address="https://gazette.example/2", title="More come", publisher="Gazette")
    page.type("election", election="vote").type("counts-0", number="86", as_of="2030-06-02").press("save")
    assert HeadCount.objects.filter(value=86).exists()


def two_persons_are_made_one(made, clerk, program):
    kept, merged = made.persons
    merge_observers(kept=kept, merged=merged, by=made.by, now=timezone.now())


def people_are_read_in(made, clerk, program):
    path = made.folder / "people.xlsx"
    path.write_bytes(xlsx_file(("Family name", "Given names"), ("Kim", "Alex")))
    options = ["--mission", "joint", "--sender", "sender", "--source", "gazette", "--yes"]
    call_command("import_people", path, *options)


def a_name_is_withheld(made, clerk, program):
    change(clerk, made.persons[0], withheld="on")


def a_place_is_taken_away(made, clerk, program):
    delete(clerk, made.persons[0].assignments.get())


def a_source_becomes_internal(made, clerk, program):
    change(clerk, made.review, public="")


def a_mission_is_cancelled(made, clerk, program):
    change(clerk, made.smaller, status="cancelled")


def a_mission_is_no_part_any_more(made, clerk, program):
    change(clerk, made.smaller, part_of="")


def a_channel_is_counted_no_more(made, clerk, program):
    change(clerk, made.party.channels.get(mission=made.other), counted="")


DOORS = [
    a_form_adds_a_count,
    a_form_changes_a_count,
    a_count_goes_to_another_mission,
    a_form_deletes_a_count,
    a_program_adds_a_count,
    a_program_writes_many,
    a_dataset_is_imported,
    a_page_of_entry_is_stored,
    two_persons_are_made_one,
    people_are_read_in,
    a_name_is_withheld,
    a_place_is_taken_away,
    a_source_becomes_internal,
    a_mission_is_cancelled,
    a_mission_is_no_part_any_more,
    a_channel_is_counted_no_more,
]


@pytest.mark.parametrize("act", DOORS, ids=lambda act: act.__name__)
def test_copies_hold_the_figures_of_now(made, clerk, program, copies, act):
    act(made, clerk, program)
    assert figures_told(copies)


def figures_told(copies):
    """The records whose figures read otherwise to somebody; each copy is told of exactly what reads otherwise to it."""
    found = set()
    for copy in copies:
        told, became = told_as_became(copy)
        assert told == became, str(copy)
        found |= {key for key, columns in became["changed"].items() if columns & set(READING_COLUMNS)}
    return found


def test_what_is_put_back_is_told_with_its_figures(made, clerk, copies):
    delete(clerk, made.count)
    assert figures_told(copies) == {ELECTION, JOINT, SMALLER}
    undo_entry(Change.objects.latest("pk"), by=made.by, now=timezone.now())
    assert figures_told(copies) == {ELECTION, JOINT, SMALLER}


def test_a_merge_that_is_undone_is_told_with_its_figures(made, copies):
    kept, merged = made.persons
    merge = merge_observers(kept=kept, merged=merged, by=made.by, now=timezone.now())
    assert figures_told(copies) == {ELECTION, JOINT}
    undo_merge(merge=merge, by=made.by, now=timezone.now())
    assert figures_told(copies) == {ELECTION, JOINT}


def test_figures_stay_where_a_person_is_erased_or_nothing_is_published(made, copies):
    asked = ask_erasure(observer=made.persons[0], by=made.by, reason="Letter", now=timezone.now())
    erase_person(erasure=asked, by=UserFactory(is_data_protection=True), now=timezone.now())
    given = {"ticked": ["elections/vote/announced"], "taken_back": [], "on": date(2030, 6, 2)}
    mark_looked_for(election=made.election, source=made.gazette, by=made.by, now=timezone.now(), **given)
    assert figures_told(copies) == set()


def test_figures_that_are_mended_are_told_and_no_act_is_logged(made, copies):
    Reading.objects.filter(mission=made.smaller, audience="public").update(value=11)
    Reading.objects.filter(deployment=made.hidden).delete()
    for copy in copies:
        copy.rows = copy.rows_now()
    with pytest.raises(CommandError):
        call_command("check_readings")
    assert figures_told(copies) == set()
    call_command("check_readings", "--rebuild")
    assert figures_told(copies) == {SMALLER, ("deployments", "hidden")}
    assert not Change.objects.exists()


# To whom, and how


def entries(copy):
    """What a copy is told, by record: the moment and the columns."""
    told = copy.follow()
    by_record = {key_of(entry): (entry["at"], set(entry["fields"])) for entry in told if entry["action"] == "changed"}
    assert len(by_record) == len([entry for entry in told if entry["action"] == "changed"])
    return by_record


def test_one_act_tells_each_record_once_with_all_that_it_says_otherwise(made, clerk, copies):
    change(clerk, made.smaller, remark="By train", status="cancelled")
    at = Change.objects.get().at
    columns = {"deployed", "deployed_low", "deployed_high", "deployed_agreement"}
    for copy in copies:
        told = entries(copy)
        assert told[SMALLER][1] == {"remark", "status", *columns}
        assert {datetime.fromisoformat(moment) for moment, _columns in told.values()} == {at}


def test_visitors_are_told_nothing_of_an_internal_figure(made, program, copies):
    visitor, member = copies
    assert program.post("head-counts/", new_count(made, source="paper")).status_code == 201
    assert visitor.follow() == []
    assert entries(member)[SMALLER][1] == {"announced", "announced_low", "announced_high"}


def test_members_are_told_nothing_of_what_only_visitors_read_otherwise(made, clerk, copies):
    """A figure that was internal before becomes public: for members the source alone says something else."""
    visitor, member = copies
    HeadCountFactory(mission=made.smaller, kind="announced", value=15, as_of=date(2030, 6, 2), source=made.paper)
    rebuild_readings([made.election])
    begin_the_feed()
    place = member.ask(f"{FEED}?since=now")["next"]
    visitor.next = visitor.ask(f"{FEED}?since=now")["next"]
    member.next = place
    change(clerk, made.paper, public="on")
    assert entries(visitor)[SMALLER][1] == {"announced", "announced_low", "announced_high"}
    assert entries(member) == {("sources", "paper"): (mock.ANY, {"public"})}


def test_nobody_is_told_of_figures_of_what_is_hidden(made, program, copies):
    visitor, member = copies
    body = {"deployment": "hidden", "kind": "announced", "value": 7, "as_of": "2030-06-02", "source": "gazette"}
    assert program.post("head-counts/", body).status_code == 201
    assert ("deployments", "hidden") not in entries(visitor)
    assert ("deployments", "hidden") in entries(member)


def test_figures_that_read_as_before_are_told_to_nobody(made, program, copies):
    assert program.post("head-counts/", new_count(made, value=12)).status_code == 201
    assert [[entry["resource"] for entry in copy.follow()] for copy in copies] == [["head-counts"], ["head-counts"]]


def test_no_row_that_reads_otherwise_takes_a_query_of_its_own(made, clerk):
    counts = []
    for _round in range(2):
        for _number in range(20):
            part = MissionFactory(election=made.election, part_of=made.joint, sources=[made.gazette])
            HeadCountFactory(mission=part, kind="announced", value=1, source=made.review)
        for public in ("", "on"):
            rebuild_readings([made.election])
            begin_the_feed()
            with CaptureQueriesContext(connection) as queries:
                change(clerk, made.review, public=public)
            told = FeedEntry.objects.filter(resource="missions", at=Change.objects.latest("pk").at)
        counts.append((told.count(), len(queries)))
    assert [rows for rows, _queries in counts] == [21, 41]
    # Rows are stored some dozens at a time.
    assert counts[1][1] - counts[0][1] < 5
