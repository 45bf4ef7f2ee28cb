"""A spreadsheet of people that cannot be logged stores nothing, and whoever sent it reads why."""

from __future__ import annotations

from tests.admin_pages import told
from tests.conftest import everything_stored
from tests.logged import stop_the_log
from tests.missions.people_door import Door
from tests.missions.people_sheets import csv_file, mission_of


def test_what_cannot_be_logged_is_not_stored_and_the_page_says_so(admin_client, secretariat):
    door = Door(admin_client, mission_of(secretariat))
    door.send(csv_file(("Family name", "Given names"), ("Example", "Robin")))
    shown = door.look()
    stop_the_log()
    before = everything_stored()
    sentence = "Nothing was stored, because the change could not be logged: tell whoever runs the server."
    assert told(door.confirm(shown)) == {"error": [sentence]}
    assert everything_stored() == before
