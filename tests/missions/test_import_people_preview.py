"""The preview of a spreadsheet of people in the admin: all rows, page by page, and what they would do."""

from __future__ import annotations

import pytest

from lib.spreadsheets import UNREADABLE
from missions.models import PeopleFile
from tests.factories import ChannelFactory, ObserverFactory, StaffRoleFactory
from tests.missions.people_door import SEND, Door, text_of, totals
from tests.missions.people_sheets import csv_file, mission_of, party_of

NO_CHANNEL = "No source records that this party went through this mission."


@pytest.fixture
def mission(secretariat):
    return mission_of(secretariat)


@pytest.fixture
def door(admin_client, mission):
    return Door(admin_client, mission)


@pytest.fixture
def coordinators_door(client, coordinator, mission):
    """The door of somebody who is no administrator and may record places."""
    client.force_login(coordinator)
    return Door(client, mission)


def invented(number):
    """Names that are not alike: each letter of a word is a syllable of its own sound."""
    syllables = ("ba", "ka", "la", "ma", "na", "ra", "sa", "ta", "va", "pa")
    return "".join(syllables[int(digit)] for digit in f"{number:04}").capitalize()


# Rows


def test_all_rows_are_shown_page_by_page_refused_and_waiting_ones_first(door):
    ObserverFactory(family_name="Gerasymov", given_names="Oleh")
    people = [(f"{invented(number)} Robin", "f") for number in range(350)]
    rows = [*people, ("Герасимов Олег", "m"), *((f"{invented(number)} Kim", "?") for number in range(100))]
    page = door.send(csv_file(("ФИО", "Пол"), *rows))
    assert totals(page) == {"created": 350, "changed": 0, "as_before": 0, "refused": 100, "waiting": 1}
    shown = [
        [(section.outcome.value, len(section.rows)) for section in door.look(page=number).context["preview"].sections]
        for number in (1, 2, 3)
    ]
    assert shown == [[("refused", 100), ("waiting", 1), ("created", 99)], [("created", 200)], [("created", 51)]]
    seen = [
        row.row.number
        for number in (1, 2, 3)
        for section in door.look(page=number).context["preview"].sections
        for row in section.rows
    ]
    assert sorted(seen) == list(range(2, 453))
    assert '<a href="?page=3#rows">3</a>' in text_of(page)
    assert "Rows 1–200 of 451" in text_of(page)


def test_decisions_columns_and_buttons_stand_on_the_first_page_alone(door):
    door.send(csv_file(("ФИО",), *((f"{invented(number)} Robin",) for number in range(201))))
    first, second = text_of(door.look()), text_of(door.look(page=2))
    assert ('value="import"' in first, 'value="columns"' in first) == (True, True)
    assert "<form" not in second[second.index('id="content"') : second.index('id="footer"')]
    assert f'<a href="{door.address()}">Back to the first page, to decide and to import</a>' in second


@pytest.mark.parametrize(("asked", "number"), [("0", 2), ("99", 2), ("x", 1), ("", 1)])
def test_a_page_that_there_is_not_leads_to_the_nearest(door, asked, number):
    door.send(csv_file(("ФИО",), *((f"{invented(number)} Robin",) for number in range(201))))
    assert door.look(page=asked).context["preview"].page.number == number


def test_a_short_list_has_no_pages(door):
    assert "Pages of rows" not in text_of(door.send(csv_file(("ФИО",), ("Example Robin",))))


def test_of_new_rows_the_parts_of_the_name_and_all_values_are_shown(door):
    header = ("ФИО", "Страна", "E-mail", "Роль", "Дата приезда", "Должность")
    row = ("Example Robin Lee", "KZ", "robin@example.org", "LTO", "30.05.2030", "Clerk")
    text = text_of(door.send(csv_file(header, row)))
    assert "<td>Example</td>" in text
    assert "<td>Robin Lee</td>" in text
    assert "<td>Long-term observer</td>" in text
    for value in (
        "Nationality: Kazakhstan",
        "E-mail: robin@example.org",
        "From (day): 2030-05-30",
        "Post held then: Clerk",
    ):
        assert f"<li>{value}</li>" in text


def test_of_waiting_rows_the_parts_of_the_name_and_what_tells_the_person_are_shown(door):
    ObserverFactory(family_name="Gerasymov", given_names="Oleh")
    row = ("Герасимов Олег", "Украина", "oleh@example.org", "LTO", "Clerk", "Court")
    text = text_of(door.send(csv_file(("ФИО", "Страна", "E-mail", "Роль", "Должность", "Место работы"), row)))
    told = "Ukraine; Long-term observer; Clerk; Court; oleh@example.org"
    assert f"<p>Family name: Герасимов. Given names: Олег. {told}</p>" in text


def test_of_refused_rows_the_parts_of_the_name_and_what_is_wrong_are_shown(door):
    text = text_of(door.send(csv_file(("ФИО", "Пол"), ("Example Robin", "?"))))
    assert "<td>Example</td>" in text
    assert "<td>Robin</td>" in text
    assert "B “Пол”: “?” is not understood: write one of female, male, other." in text


def test_an_example_that_is_unreadable_is_said_in_words(door):
    page = door.send(csv_file(("ФИО", "Должность"), ("Example Robin", "=A1&B1")))
    assert [column.example for column in page.context["preview"].columns] == ["Example Robin", "(unreadable) =A1&B1"]
    assert UNREADABLE not in text_of(page)


# The party and the mission


def test_a_party_that_no_source_puts_into_the_mission_is_noted_and_not_refused(door, mission):
    party = party_of(mission, code="their-party")
    rows = csv_file(("ФИО",), ("Example Robin",))
    page = door.send(rows, sender=party.code)
    assert f"<li>{NO_CHANNEL}</li>" in text_of(page)
    assert totals(page)["created"] == 1
    misprint = ChannelFactory(deployment=party, mission=mission, counted=False)
    assert NO_CHANNEL in text_of(door.look())
    misprint.counted = True
    misprint.save()
    assert NO_CHANNEL not in text_of(door.look())
    assert NO_CHANNEL not in text_of(door.send(rows))


# Who keeps what is new


def test_an_administrator_keeps_for_the_administrators_and_for_an_organization_only_with_a_role_there(
    door, admin_user, northland_commission, secretariat
):
    box = door.client.get(SEND).context["form"].fields["owner"]
    assert (list(box.queryset), box.required) == ([], False)
    rows = csv_file(("ФИО",), ("Example Robin",))
    assert list(door.send(rows, owner=secretariat.code).context["form"].errors) == ["owner"]
    StaffRoleFactory(user=admin_user, organization=northland_commission)
    box = door.client.get(SEND).context["form"].fields["owner"]
    assert (list(box.queryset), box.required) == ([northland_commission], False)


def test_others_keep_for_the_organizations_for_which_they_write(
    coordinators_door, coordinator, northland_commission, southland_ministry, secretariat
):
    StaffRoleFactory(user=coordinator, organization=secretariat, role="viewer")
    form = coordinators_door.client.get(SEND).context["form"]
    assert list(form.fields["owner"].queryset) == [northland_commission]
    assert form["owner"].value() == northland_commission.code
    rows = csv_file(("ФИО",), ("Example Robin",))
    for owner in ("", southland_ministry.code, secretariat.code):
        page = coordinators_door.send(rows, owner=owner)
        assert list(page.context["form"].errors) == ["owner"]
    assert PeopleFile.objects.count() == 0
    coordinators_door.send(rows, owner=northland_commission.code)
    assert PeopleFile.objects.get().owner == northland_commission


def test_of_several_organizations_none_is_chosen_in_advance(coordinators_door, coordinator, secretariat):
    StaffRoleFactory(user=coordinator, organization=secretariat, role="coordinator")
    form = coordinators_door.client.get(SEND).context["form"]
    assert (len(form.fields["owner"].queryset), form["owner"].value()) == (2, None)
