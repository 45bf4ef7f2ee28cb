"""A spreadsheet of people after it was imported or cancelled: done with, but for its refused rows."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lib.spreadsheets import read_spreadsheet
from missions.models import PeopleFile
from tests.admin_pages import told
from tests.conftest import everything_stored
from tests.factories import UserFactory
from tests.missions.people_door import SEND, Door, record, text_of
from tests.missions.people_sheets import csv_file, mission_of

HEADER = ("ФИО", "Дата приезда")
GOOD, REFUSED = ("Example Robin", "30.05.2030"), ("Sample Kim", "32.10.2017")
DONE_WITH = {"warning": ["This file was imported or cancelled already."]}


@pytest.fixture
def mission(secretariat):
    return mission_of(secretariat)


@pytest.fixture
def door(admin_client, mission):
    return Door(admin_client, mission)


def ways_to_ask(client, key, fingerprint="x"):
    """Every way in which the pages of a file can be asked for."""
    address = reverse("admin:missions_people_preview", args=[key])
    yield client.get(address, follow=True)
    for do in ("import", "cancel", "columns", "decide", ""):
        yield client.post(address, {"do": do, "fingerprint": fingerprint}, follow=True)


def answers(client, key, fingerprint="x"):
    """Where each way leads and what is said there, and the answer for the sheet of the refused rows."""
    asked = [*ways_to_ask(client, key, fingerprint)]
    asked.append(client.get(reverse("admin:missions_people_refused", args=[key]), follow=True))
    return [(page.redirect_chain, page.status_code, told(page)) for page in asked]


@pytest.mark.parametrize("button", ["import", "cancel"])
def test_a_file_that_is_done_with_leads_to_the_list_and_says_so(door, button):
    page = door.send(csv_file(HEADER, GOOD))
    key, fingerprint = PeopleFile.objects.get().code, page.context["preview"].plan.fingerprint()
    door.press(button, fingerprint=fingerprint)
    assert PeopleFile.objects.count() == 0
    before = record()
    assert answers(door.client, key, fingerprint) == [([(SEND, 302)], 200, DONE_WITH)] * 7
    assert record() == before


def test_a_file_with_refused_rows_is_not_imported_again_either(door):
    page = door.send(csv_file(HEADER, GOOD, REFUSED))
    key, fingerprint = PeopleFile.objects.get().code, page.context["preview"].plan.fingerprint()
    door.confirm(page)
    before = everything_stored()
    for page in ways_to_ask(door.client, key, fingerprint):
        assert (page.redirect_chain, told(page)) == ([(SEND, 302)], DONE_WITH)
    assert everything_stored() == before


@pytest.mark.parametrize("is_imported", [False, True])
def test_another_users_file_answers_as_one_that_never_was(door, client, is_imported):
    page = door.send(csv_file(HEADER, GOOD, REFUSED), name="secret-list.csv")
    fingerprint = page.context["preview"].plan.fingerprint()
    if is_imported:
        door.confirm(page)
    client.force_login(UserFactory(username="another", is_staff=True, is_superuser=True))
    client.get(SEND)
    before = everything_stored()
    theirs = answers(client, PeopleFile.objects.get().code, fingerprint)
    assert theirs == answers(client, uuid.uuid4(), fingerprint) == [([(SEND, 302)], 200, DONE_WITH)] * 7
    assert "secret-list.csv" not in client.get(SEND).content.decode()
    assert "secret-list.csv" in door.client.get(SEND).content.decode()
    assert everything_stored() == before


def test_the_refused_rows_can_be_downloaded_after_the_import_as_they_were_then(door):
    door.send(csv_file(HEADER, GOOD, REFUSED, GOOD))
    before = door.client.get(door.sheet())
    page = door.confirm()
    answer = door.client.get(door.sheet())
    assert answer["Content-Disposition"] == before["Content-Disposition"]
    [header, *rows] = [row.cells for row in read_spreadsheet("refused-rows.xlsx", answer.content).rows]
    assert header == (*HEADER, "What is wrong")
    assert rows == [
        (*REFUSED, "row 3, B “Дата приезда”: “32.10.2017” is not in the calendar."),
        (*GOOD, "row 4, A “ФИО”: This is the person of row 2: write each person once, or another role."),
    ]
    assert f'<a href="{door.sheet()}">refused rows of people.csv</a>' in text_of(page)
    assert text_of(page).count("people.csv") == 1


def test_of_an_imported_file_nothing_but_the_refused_rows_is_kept(door):
    door.send(csv_file(HEADER, GOOD, REFUSED))
    door.press("columns", **{"column-0": "full_name_family_first", "column-1": "starts_on"})
    door.confirm()
    file = PeopleFile.objects.get()
    kept = [row.cells[0] for row in read_spreadsheet("x.xlsx", bytes(file.content)).rows]
    assert (kept, file.columns, file.decisions) == (["ФИО", "Sample Kim"], {}, {})


def test_refused_rows_are_kept_for_a_day_from_the_import(door):
    door.send(csv_file(HEADER, GOOD, REFUSED))
    door.confirm()
    now = timezone.now()
    PeopleFile.objects.update(sent_at=now - timedelta(hours=47), imported_at=now - timedelta(hours=23))
    door.send(csv_file(HEADER, GOOD))
    assert PeopleFile.objects.imported().count() == 1
    PeopleFile.objects.imported().update(imported_at=now - timedelta(days=1, minutes=1))
    door.send(csv_file(HEADER, GOOD))
    assert PeopleFile.objects.imported().count() == 0
