"""Undoing the last save from its message: all of it or nothing, by whoever saved it, within a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from missions.models import Deployment, Election, HeadCount, Mission, Reading
from missions.readings import readings_of
from missions.undo import undo_entry
from observers.models import Observer
from organizations.changes import Watched, log_change
from organizations.changes import told as said_by
from organizations.models import Change, OrganizationName, Source
from organizations.models.changes import record_kinds
from organizations.undo import UndoRefused, tag_of
from tests.admin_pages import address_of, delete, fill_in, told
from tests.conftest import person
from tests.factories import (
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    ObserverFactory,
    OrganizationFactory,
    SourceFactory,
)
from tests.logged import logged

UNDO = reverse("undo")
DONE = ["Undone: everything says what it said before."]


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def paper(northland_commission):
    return SourceFactory(owner=northland_commission, title="Observers arrive", excerpt="46 of them")


@pytest.fixture
def mission(northland_commission, paper):
    mission = MissionFactory(owner=northland_commission, remark="First")
    mission.sources.add(paper)
    return mission


def press_undo(client, page):
    """Presses the button beside the message on the page."""
    [button] = [message.extra_tags.removeprefix("undo=") for message in page.context["messages"] if message.extra_tags]
    assert f'value="{button}"' in page.content.decode()
    return client.post(UNDO, {"act": button}, follow=True)


def undone(by, *, now=None, change=None):
    return undo_entry(change or Change.objects.latest("pk"), by=by, now=now or timezone.now())


def refused(by, **given):
    with pytest.raises(UndoRefused) as why:
        undone(by, **given)
    return list(why.value.sentences)


# What is put back


def test_what_was_changed_says_again_what_it_said(desk, mission, paper):
    before = said_by(mission)
    page = fill_in(desk, address_of(Mission, "change", mission), remark="", status_on="2017-10-13", sources=[])
    assert told(press_undo(desk, page))["success"] == DONE
    assert said_by(mission) == before


def test_what_was_made_is_taken_away_with_its_rows(desk, mission, paper):
    typed = {
        "election": mission.election.pk,
        "organizer": OrganizationFactory().pk,
        "kind": "eom",
        "sources": [paper.pk],
    }
    row = {"kind": "announced", "value": "46", "as_of": "2017-10-13", "source": str(paper.pk)}
    rows = {f"head_counts__0__{name}": value for name, value in row.items()}
    page = fill_in(desk, address_of(Mission, "add"), **typed, **rows)
    assert (Mission.objects.count(), HeadCount.objects.count()) == (2, 1)
    press_undo(desk, page)
    assert list(Mission.objects.all()) == [mission]
    assert not HeadCount.objects.exists()


def test_what_was_deleted_is_there_again_with_its_code(desk, mission, paper):
    count = HeadCountFactory(mission=mission, owner=mission.owner, source=paper, value=46, excerpt="46 of them")
    before = said_by(count)
    page = delete(desk, count, follow=True)
    press_undo(desk, page)
    again = HeadCount.objects.get(code=count.code)
    assert said_by(again) == before
    assert again.owner == mission.owner


def test_undoing_is_an_act_of_its_own_in_the_log(desk, coordinator, mission):
    page = fill_in(desk, address_of(Mission, "change", mission), remark="Second")
    press_undo(desk, page)
    name = f"missions/{mission.code}"
    assert logged() == [
        ("admin", "coordinator", [(name, "changed", {"remark": ["First", "Second"]})]),
        ("admin", "coordinator", [(name, "changed", {"remark": ["Second", "First"]})]),
    ]


def test_the_readings_are_as_they_were(desk, mission, paper, rebuild):
    count = HeadCountFactory(mission=mission, owner=mission.owner, source=paper, kind="announced", value=46)
    rebuild()
    page = fill_in(desk, address_of(HeadCount, "change", count), value="50")
    assert Reading.objects.get(mission=mission, kind="announced", audience="members").value == 50
    press_undo(desk, page)
    assert Reading.objects.get(mission=mission, kind="announced", audience="members").value == 46
    assert sorted(map(figures, Reading.objects.all())) == sorted(
        map(figures, readings_of(list(Election.objects.all())))
    )


def figures(reading):
    subject = (reading.election_id or 0, reading.mission_id or 0, reading.deployment_id or 0)
    return (*subject, reading.kind, reading.audience, str(reading.value), str(reading.low), str(reading.high))


def test_an_organization_is_found_again_by_the_name_that_was_deleted(client, administrator):
    body = OrganizationFactory(name="Northland Council")
    client.force_login(administrator)
    page = fill_in(client, address_of(type(body), "change", body), names__0__DELETE="on")
    assert not OrganizationName.objects.filter(organization=body).exists()
    assert not type(body).objects.search("council").exists()
    press_undo(client, page)
    assert list(type(body).objects.search("council")) == [body]


def test_a_page_that_stores_many_records_at_once_is_undone_at_once(coordinator, northland_commission, paper):
    election = ElectionFactory()
    change = act_of_many(coordinator, northland_commission, paper, election)
    undone(coordinator, change=change)
    assert (Mission.objects.count(), Deployment.objects.count(), HeadCount.objects.count()) == (0, 0, 0)
    assert Source.objects.filter(pk=paper.pk).exists()


def act_of_many(by, owner, paper, election):
    """One act that stores twenty records, of which some point to others."""
    watched = Watched()
    missions = [MissionFactory(election=election, owner=owner) for _number in range(4)]
    parties = [DeploymentFactory(election=election, owner=owner) for _number in range(4)]
    counts = [HeadCountFactory(mission=each, owner=owner, source=paper) for each in missions]
    counts += [HeadCountFactory(deployment=each, owner=owner, source=paper) for each in parties]
    parts = [MissionFactory(election=election, owner=owner, part_of=each) for each in missions]
    for rows in (missions, parties, counts, parts):
        watched.made(type(rows[0]), [row.pk for row in rows])
    change = log_change(by=by, door=Change.Door.ADMIN, at=timezone.now(), records=watched.changes())
    assert change.records.count() == 20
    return change


# What is refused, and changes nothing


def test_what_somebody_changed_since_is_left_as_it_is(desk, coordinator, northland_commission, mission):
    fill_in(desk, address_of(Mission, "change", mission), remark="Second", name="Mine")
    change = Change.objects.latest("pk")
    colleague = Client()
    colleague.force_login(person("colleague", northland_commission, "coordinator"))
    fill_in(colleague, address_of(Mission, "change", mission), remark="Third")
    assert refused(coordinator, change=change) == [f"Mission {mission.code}: “Remark” was changed since."]
    stored = Mission.objects.get()
    assert (stored.remark, stored.name) == ("Third", "Mine")


def test_other_columns_that_somebody_changed_since_stay(desk, coordinator, mission):
    fill_in(desk, address_of(Mission, "change", mission), remark="Second")
    Mission.objects.update(name="Theirs")
    undone(coordinator)
    stored = Mission.objects.get()
    assert (stored.remark, stored.name) == ("First", "Theirs")


def test_what_something_hangs_on_by_now_is_not_taken_away(desk, coordinator, mission):
    fill_in(desk, address_of(Source, "add"), title="Observers arrive", publisher="Northland Gazette")
    change, made = Change.objects.latest("pk"), Source.objects.latest("pk")
    mission.sources.add(made)
    assert refused(coordinator, change=change) == [f"Source {made.code}: something hangs on it by now."]
    assert Source.objects.filter(pk=made.pk).exists()


def test_of_many_records_none_is_undone_where_one_cannot_be(coordinator, northland_commission, paper):
    change = act_of_many(coordinator, northland_commission, paper, ElectionFactory())
    HeadCount.objects.filter(pk=HeadCount.objects.earliest("pk").pk).update(value=99)
    [sentence] = refused(coordinator, change=change)
    assert sentence.endswith("“Number” was changed since.")
    assert (Mission.objects.count(), Deployment.objects.count(), HeadCount.objects.count()) == (8, 4, 8)


def test_nobody_undoes_what_another_saved(desk, northland_commission, mission):
    page = fill_in(desk, address_of(Mission, "change", mission), remark="Second")
    colleague = Client()
    colleague.force_login(person("colleague", northland_commission, "coordinator"))
    [button] = [message.extra_tags.removeprefix("undo=") for message in page.context["messages"] if message.extra_tags]
    expected = ["There is nothing to undo: the button is of yesterday or of another account."]
    assert told(colleague.post(UNDO, {"act": button}, follow=True))["error"] == expected
    assert told(colleague.post(UNDO, {"act": "forged"}, follow=True))["error"] == expected
    assert Mission.objects.get().remark == "Second"


def test_nobody_undoes_who_may_not_change_the_record_any_more(desk, coordinator, mission):
    fill_in(desk, address_of(Mission, "change", mission), remark="Second")
    coordinator.staff_roles.all().delete()
    assert refused(coordinator) == [f"Mission {mission.code}: you may not change it any more."]


def test_after_a_day_it_is_too_late(desk, coordinator, mission):
    fill_in(desk, address_of(Mission, "change", mission), remark="Second")
    at = Change.objects.latest("pk").at
    assert refused(coordinator, now=at + timedelta(hours=24, seconds=1)) == [
        "It was saved more than a day ago: change the records by hand."
    ]
    undone(coordinator, now=at + timedelta(hours=24))


def test_it_is_undone_once(desk, mission):
    page = fill_in(desk, address_of(Mission, "change", mission), remark="Second")
    press_undo(desk, page)
    assert told(press_undo(desk, page))["error"] == [
        "Nothing was undone.",
        f"Mission {mission.code}: “Remark” was changed since.",
    ]


def test_what_would_not_hold_any_more_is_not_put_back(desk, coordinator, mission, paper):
    count = HeadCountFactory(mission=mission, owner=mission.owner, source=paper, value=46, as_of="2017-10-13")
    delete(desk, count)
    same = {"kind": count.kind, "group": count.group, "basis": count.basis, "as_of": count.as_of}
    HeadCountFactory(mission=mission, owner=mission.owner, source=paper, value=50, **same)
    assert len(refused(coordinator)) == 1
    assert list(HeadCount.objects.values_list("value", flat=True)) == [50]


def test_persons_are_not_deleted_also_not_by_undoing(desk, coordinator):
    page = fill_in(desk, address_of(Observer, "add"), family_name="Example", given_names="Anna")
    assert [message.extra_tags for message in page.context["messages"] if message.extra_tags] == []
    assert refused(coordinator) == [
        "A person is not deleted, also not by undoing: withhold the name, or ask that the person is erased."
    ]
    assert Observer.objects.exists()


def test_what_was_changed_of_a_person_is_put_back(desk, northland_commission):
    anna = ObserverFactory(owner=northland_commission, email="anna@example.org")
    page = fill_in(desk, address_of(Observer, "change", anna), email="another@example.org", family_name="Other")
    press_undo(desk, page)
    stored = Observer.objects.get()
    assert (stored.email, stored.family_name) == ("anna@example.org", anna.family_name)


@pytest.mark.parametrize("door", [door for door in Change.Door if door != Change.Door.ADMIN])
def test_what_came_in_by_another_door_has_its_own_ways(desk, coordinator, mission, door):
    fill_in(desk, address_of(Mission, "change", mission), remark="Second")
    change = Change.objects.latest("pk")
    change.door = door
    assert tag_of(change) == ""
    assert refused(coordinator, change=change) == ["Only what was typed into forms of records is undone this way."]


def test_a_source_goes_with_the_copy_that_came_with_it_and_no_other_copy_is_undone(desk, coordinator):
    address = address_of(Source, "add")
    page = fill_in(desk, address, title="Observers arrive", publisher="Gazette", copy_text="46 of them")
    made = Source.objects.latest("pk")
    assert made.copies.count() == 1
    press_undo(desk, page)
    assert not Source.objects.filter(pk=made.pk).exists()
    fill_in(desk, address, title="Observers arrive", publisher="Gazette")
    made, first = Source.objects.latest("pk"), Change.objects.latest("pk")
    page = fill_in(desk, address_of(Source, "change", made), copy_text="46 of them")
    assert [message.extra_tags for message in page.context["messages"] if message.extra_tags] == []
    assert refused(coordinator, change=first) == [f"Source {made.code}: “Copies” was changed since."]
    assert made.copies.count() == 1


def test_a_form_in_which_nothing_was_changed_offers_nothing_to_undo(desk, mission):
    page = fill_in(desk, address_of(Mission, "change", mission))
    assert [message.extra_tags for message in page.context["messages"] if message.extra_tags] == []


def test_every_column_that_the_admin_stores_is_told_in_the_log():
    """Else a record that is made again would lack it."""
    kept_otherwise = {"id", "code", "modified_at", "search_text", "owner"}
    for model in record_kinds().values():
        names = {field.name for field in (*model._meta.fields, *model._meta.many_to_many)}
        through_rows = {
            field.name for field in model._meta.many_to_many if not field.remote_field.through._meta.auto_created
        }
        assert names - kept_otherwise - through_rows <= set(model.columns)
