"""Spreadsheets of people sent through the admin: upload, preview, decisions, import."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lib.spreadsheets import read_spreadsheet
from lib.text import fold
from missions.models import Assignment, PeopleFile, RememberedColumn
from missions.people.plan import ANOTHER_PERSON
from observers.models import Observer, ObserverName
from tests.admin_pages import address_of, told
from tests.conftest import everything_stored
from tests.factories import AssignmentFactory, MissionFactory, ObserverFactory, SourceFactory, StaffRoleFactory
from tests.missions.people_door import SEND, Door, record, totals
from tests.missions.people_sheets import csv_file, mission_of, party_of, xlsx_file

ROWS = (
    ("ФИО", "Страна", "Дата приезда", "Любимый цвет"),
    ("Example Robin", "Казахстан", "30.05.2030", "red"),
    ("Sample Kim", "Узбекистан", "32.10.2017", "blue"),
    ("Герасимов Олег", "Украина", "", ""),
)


@pytest.fixture
def mission(secretariat):
    return mission_of(secretariat)


@pytest.fixture
def known(db):
    """On the roster, in no mission of interest, in another spelling."""
    return ObserverFactory(family_name="Gerasymov", given_names="Oleh", nationality="UA")


@pytest.fixture
def door(admin_client, mission):
    return Door(admin_client, mission)


@pytest.fixture
def northland_too(admin_user, northland_commission):
    """Whoever stands at the door writes for the Northland Commission as well."""
    return StaffRoleFactory(user=admin_user, organization=northland_commission).organization


def test_the_whole_way(door, mission, known, northland_too):
    northland_commission = northland_too
    party_of(mission, northland_commission)
    source = SourceFactory(code="gazette-2030-05-20")
    before = record()
    page = door.send(
        csv_file(*ROWS, encoding="cp1251", separator=";"),
        sender="northland-commission",
        source=source.code,
        owner=northland_commission.code,
    )
    assert totals(page) == {"created": 1, "changed": 0, "as_before": 0, "refused": 1, "waiting": 1}
    text = page.content.decode()
    assert "Read as Windows-1251 with semicolons between the cells." in text
    assert "C “Дата приезда”: “32.10.2017” is not in the calendar." in text
    assert "This header is not known." in text
    assert "Row 4: Олег Герасимов" in text
    assert "Oleh Gerasymov" in text
    assert 'value="import"' not in text
    assert f'value="{known.code}" checked' not in text
    assert record() == before

    page = door.press("decide", **{"row-4": known.code})
    assert totals(page) == {"created": 2, "changed": 0, "as_before": 0, "refused": 1, "waiting": 0}
    assert 'value="import"' in page.content.decode()
    assert record() == before

    page = door.confirm()
    link = f'<a href="{door.sheet()}">Download the refused rows (XLSX)</a>'
    assert told(page) == {
        "success": ["Imported: 2 new places, 0 changed."],
        "warning": [f"1 row was refused. {link}"],
    }
    assert [place.observer.family_name for place in Assignment.objects.all()] == ["Example", "Gerasymov"]
    for place in Assignment.objects.all():
        assert (place.mission, place.deployment.sender, place.owner) == (
            mission,
            northland_commission,
            northland_commission,
        )
        assert list(place.sources.all()) == [source]
    assert str(ObserverName.objects.get(observer=known, source=source)) == "Олег Герасимов"
    assert RememberedColumn.objects.count() == 0


def test_the_same_file_twice_changes_nothing(door, known):
    for decision in (known.code, ANOTHER_PERSON):
        door.send(xlsx_file(*ROWS), name="people.xlsx")
        door.press("decide", **{"row-4": decision})
        door.confirm()
        before = record()
        page = door.send(xlsx_file(*ROWS), name="people.xlsx")
        assert totals(page) == {"created": 0, "changed": 0, "as_before": 2, "refused": 1, "waiting": 0}
        assert 'value="import"' not in page.content.decode()
        door.confirm(page)
        assert record() == before


def test_the_refused_rows_are_downloaded_mended_and_imported(door):
    door.send(csv_file(*ROWS[:3]))
    answer = door.client.get(reverse("admin:missions_people_refused", args=[PeopleFile.objects.get().code]))
    assert answer["Content-Disposition"] == 'attachment; filename="refused-rows.xlsx"'
    header, row = [list(row.cells) for row in read_spreadsheet("refused-rows.xlsx", answer.content).rows]
    assert header == [*ROWS[0], "What is wrong"]
    assert row == [*ROWS[2], "row 3, C “Дата приезда”: “32.10.2017” is not in the calendar."]
    door.confirm()
    row[2] = "31.05.2030"
    page = door.send(xlsx_file(header, row), name="refused-rows.xlsx")
    assert totals(page) == {"created": 1, "changed": 0, "as_before": 0, "refused": 0, "waiting": 0}
    door.confirm()
    assert list(Assignment.objects.values_list("observer__family_name", "starts_on")) == [
        ("Example", date(2030, 5, 30)),
        ("Sample", date(2030, 5, 31)),
    ]


def test_nothing_is_stored_while_a_row_waits(door, known):
    page = door.send(csv_file(*ROWS))
    before = record()
    assert told(door.confirm(page)) == {"error": ["Nothing was stored: decide first what is asked below."]}
    assert record() == before
    assert PeopleFile.objects.count() == 1


def test_a_decision_for_somebody_who_was_not_suggested_is_none(door, known):
    door.send(csv_file(*ROWS))
    stranger = ObserverFactory(family_name="Stranger")
    for decision in (stranger.code, "nonsense"):
        assert totals(door.press("decide", **{"row-4": decision}))["waiting"] == 1


def test_another_person_is_stored_beside_the_known_one_and_a_decision_can_be_changed(door, known):
    door.send(csv_file(*ROWS))
    door.press("decide", **{"row-4": known.code})
    page = door.press("decide", **{"row-4": ANOTHER_PERSON})
    assert f'value="{ANOTHER_PERSON}" checked' in page.content.decode()
    door.confirm()
    assert Observer.objects.filter(family_name="Герасимов").count() == 1
    assert known.assignments.count() == known.names.count() == 0


def test_a_record_that_changed_since_is_shown_again_instead_of_stored(door):
    page = door.send(csv_file(*ROWS[:2]))
    ObserverFactory(family_name="Exampel", given_names="Robin")
    twin = ObserverFactory(family_name="Example", given_names="Robin")
    before = record()
    answer = door.confirm(page)
    assert told(answer) == {
        "warning": ["The record has changed since this was shown. Nothing was stored: look again, then import."]
    }
    assert totals(answer)["waiting"] == 1
    assert record() == before
    door.press("decide", **{"row-2": twin.code})
    door.confirm()
    assert twin.assignments.count() == 1


def test_a_place_that_somebody_else_recorded_meanwhile_is_not_recorded_twice(door, mission):
    page = door.send(csv_file(*ROWS[:2]))
    twin = ObserverFactory(family_name="Example", given_names="Robin", nationality="KZ")
    AssignmentFactory(observer=twin, mission=mission, role="short_term", starts_on=date(2030, 5, 30))
    answer = door.confirm(page)
    assert totals(answer) == {"created": 0, "changed": 0, "as_before": 1, "refused": 0, "waiting": 0}
    assert Observer.objects.count() == 1


def test_columns_can_be_chosen_and_are_remembered_when_imported(door, northland_too):
    northland_commission = northland_too
    rows = csv_file(("Familienname", "Beruf", "ФИО"), ("Example", "Clerk", "Ignored"))
    page = door.send(rows, owner=northland_commission.code)
    chosen = {"column-0": "family_name", "column-1": "post", "column-2": "ignore"}
    page = door.press("columns", **chosen)
    assert totals(page)["created"] == 1
    assert RememberedColumn.objects.count() == 0
    door.confirm()
    assert Assignment.objects.get().post == "Clerk"
    remembered = RememberedColumn.objects.order_by("header").values_list("owner", "header", "field")
    assert list(remembered) == [
        (northland_commission.pk, fold("Beruf"), "post"),
        (northland_commission.pk, fold("Familienname"), "family_name"),
    ]
    page = door.send(rows, owner=northland_commission.code)
    assert totals(page)["as_before"] == 1
    remarks = [column.remark for column in page.context["preview"].plan.layout.columns]
    assert remarks == ["As chosen the last time.", "As chosen the last time.", "Column A holds this already."]
    assert "As chosen the last time." not in door.send(rows).content.decode()


def test_columns_that_cannot_be_read_are_told_and_nothing_can_be_imported(door):
    door.send(csv_file(("ФИО", "Телефон"), ("Example Robin", "1")))
    page = door.press("columns", **{"column-0": "ignore", "column-1": "nonsense"})
    text = page.content.decode()
    assert "No column holds the names: choose which one holds the family name or the full name." in text
    assert 'value="import"' not in text
    door.confirm(page)
    assert Observer.objects.count() == 0


def test_a_preview_of_fifty_rows_costs_as_many_queries_as_one_of_two(door, mission, northland_commission):
    party_of(mission, northland_commission)
    costs = []
    for size in (2, 50):
        people = [ObserverFactory(family_name=f"Example{size}x{number}") for number in range(size)]
        for person in people:
            AssignmentFactory(observer=person, mission=mission)
        rows = [(f"{person.family_name} Robin",) for person in people]
        door.send(csv_file(("ФИО",), *rows), sender="northland-commission")
        waiting = {f"row-{number}": person.code for number, person in enumerate(people, start=2)}
        door.press("decide", **waiting)
        with CaptureQueriesContext(connection) as queries:
            page = door.look()
        assert totals(page)["changed"] == size
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_cancelled_file_is_deleted(door):
    door.send(csv_file(*ROWS))
    before = record()
    page = door.press("cancel")
    assert told(page) == {"success": ["The file was deleted. Nothing was changed."]}
    assert record() == before
    assert PeopleFile.objects.count() == 0


def test_files_of_yesterday_are_deleted_at_the_next_upload(door):
    door.send(csv_file(*ROWS[:2]))
    door.send(csv_file(*ROWS[:2]))
    old, new = PeopleFile.objects.order_by("pk")
    PeopleFile.objects.filter(pk=old.pk).update(sent_at=timezone.now() - timedelta(days=1, minutes=1))
    PeopleFile.objects.filter(pk=new.pk).update(sent_at=timezone.now() - timedelta(hours=23))
    door.send(csv_file(*ROWS[:2]))
    assert PeopleFile.objects.filter(pk=old.pk).count() == 0
    assert PeopleFile.objects.count() == 2


@pytest.mark.parametrize("reader", ["viewer", "data_protection", "deactivated"])
def test_only_who_may_add_assignments_comes_in(request, door, client, reader):
    door.send(csv_file(*ROWS))
    sheet = reverse("admin:missions_people_refused", args=[PeopleFile.objects.get().code])
    refusal = 302 if reader == "deactivated" else 403
    assert client.get(SEND).status_code == 302
    client.force_login(request.getfixturevalue(reader))
    assert {client.get(address).status_code for address in (SEND, door.address(), sheet)} == {refusal}
    assert {client.post(address).status_code for address in (SEND, door.address())} == {refusal}


def test_a_coordinator_sends_a_list_and_keeps_what_is_new(client, coordinator, mission, northland_commission):
    """The role alone lets the coordinator in, though the mission is another organization's."""
    client.force_login(coordinator)
    door = Door(client, mission)
    door.send(csv_file(*ROWS[:2]), owner=northland_commission.code)
    door.confirm()
    place = Assignment.objects.get()
    assert (place.mission, place.owner, place.observer.owner) == (mission, northland_commission, northland_commission)


def test_a_person_whom_the_sender_does_not_see_is_neither_suggested_nor_recognized(
    client, coordinator, mission, northland_commission, southland_ministry, known
):
    Observer.objects.update(owner=southland_ministry)
    AssignmentFactory(observer=known, mission=mission, owner=southland_ministry)
    client.force_login(coordinator)
    door = Door(client, mission)
    page = door.send(csv_file(ROWS[0], ROWS[3]), owner=northland_commission.code)
    assert totals(page) == {"created": 1, "changed": 0, "as_before": 0, "refused": 0, "waiting": 0}
    assert known.code not in page.content.decode()
    assert "Gerasymov" not in page.content.decode()


def test_a_person_who_is_seen_for_the_mission_is_given_no_other_place_by_a_list(
    client, organizer, mission, secretariat, northland_commission, known
):
    """The organizer sees the person, but another mission's list cannot make the name public."""
    Observer.objects.update(owner=northland_commission)
    AssignmentFactory(observer=known, mission=MissionFactory(organizer=secretariat), owner=northland_commission)
    client.force_login(organizer)
    assert known in Observer.objects.visible_to(organizer)
    page = Door(client, mission).send(csv_file(ROWS[0], ROWS[3]), owner=secretariat.code)
    assert totals(page)["waiting"] == 0
    assert known.code not in page.content.decode()


def test_what_changes_anything_needs_a_post_from_the_page_itself(door, administrator):
    door.send(csv_file(*ROWS))
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(PeopleFile.objects.get().user)
    assert strict.post(door.address(), {"do": "cancel"}).status_code == 403
    assert strict.post(SEND, {}).status_code == 403
    sheet = reverse("admin:missions_people_refused", args=[PeopleFile.objects.get().code])
    assert door.client.post(sheet).status_code == 405
    before = everything_stored()
    for address in (SEND, f"{door.address()}?do=import", f"{door.address()}?do=cancel", sheet):
        door.client.get(address)
    assert everything_stored() == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The submitted file is empty."),
        (b"%PDF-1.7", "This is a PDF document, not a spreadsheet. Save the list as .xlsx or CSV."),
        (b"x" * 5_000_001, "The file is larger than 5 MB: send the list by itself, or split it."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_box(door, content, sentence):
    page = door.send(content)
    assert page.context["form"].errors == {"file": [sentence]}
    assert PeopleFile.objects.count() == 0


def test_a_sender_without_a_party_is_refused_and_the_parties_are_offered(door, mission, northland_commission):
    page = door.send(csv_file(*ROWS), sender="northland-commission")
    assert list(page.context["form"].errors) == ["sender"]
    assert "record its deployment first" in page.content.decode()
    party = party_of(mission, northland_commission, code="their-party")
    page = door.client.get(SEND, {"mission": mission.code})
    assert page.context["form"].fields["sender"].choices[1] == (
        "Parties recorded at this election",
        [(party.code, "Northland Commission")],
    )
    door.send(csv_file(*ROWS), sender=party.code)
    assert PeopleFile.objects.get().deployment == party


def test_the_pages_of_missions_and_assignments_lead_here(door, mission):
    of_mission = door.client.get(address_of(type(mission), "change", mission)).content.decode()
    assert f'href="{SEND}?mission={mission.code}"' in of_mission
    assert f'href="{SEND}"' in door.client.get(address_of(Assignment)).content.decode()
    form = door.client.get(SEND, {"mission": mission.code}).content.decode()
    assert f'<option value="{mission.code}" selected>' in form


def test_the_pages_hold_no_script_or_style_of_their_own_and_every_box_has_a_label(door, known):
    door.send(csv_file(*ROWS))
    for page in (door.client.get(SEND), door.look()):
        text = page.content.decode().partition('id="content-start"')[2]
        assert "<script" not in text
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text
    form = door.client.get(SEND).context["form"]
    assert all(f'for="{box.id_for_label}"' in door.client.get(SEND).content.decode() for box in form)


def test_decisions_are_asked_a_hundred_at_a_time(door, known):
    for number in range(150):
        ObserverFactory(family_name=f"Robin{'abcdefghijklmno'[number % 15]}", given_names=f"Kim{number}")
    people = Observer.objects.exclude(pk=known.pk)
    rows = [(f"{person.family_name} {person.given_names}",) for person in people]
    page = door.send(csv_file(("ФИО",), *rows))
    assert totals(page)["waiting"] == 150
    assert len(page.context["preview"].waiting.rows) == 100
    asked = {f"row-{question.plan.row.number}": ANOTHER_PERSON for question in page.context["preview"].waiting.rows}
    page = door.press("decide", **asked)
    assert totals(page)["waiting"] == 50
    assert len(page.context["preview"].waiting.rows) == 50
