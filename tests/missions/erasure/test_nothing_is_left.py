"""After an erasure nothing of the person stands anywhere: not in a row, and not in the database's file."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection

from missions.erasure import TABLES, overwrite_what_was_erased
from missions.held import Held
from missions.models import PeopleFile
from observers.models import ERASED_NAME, Merge, Observer
from organizations.history import entries
from organizations.models import ChangedRecord, PersonalValue
from organizations.policy import PERSONAL_FIELDS
from tests.both.scratch import output, started
from tests.missions.erasure.conftest import CONFIRMED, erase, said_once


def where_it_stands(values):
    """Every column of every table of the database in which a value stands, and how many columns were looked at."""
    looked_at, found = 0, set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            name = connection.ops.quote_name
            cursor.execute(f"SELECT {', '.join(map(name, columns))} FROM {name(table)}")  # noqa: S608 (our own tables)
            looked_at += len(columns)
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    text = (
                        bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)
                    )
                    found |= {(place, table, column) for place, one in values.items() if one in text}
    return found, looked_at


def test_of_every_value_nothing_is_left_in_any_column_of_any_table(everywhere):
    found, looked_at = where_it_stands(everywhere.values)
    # Each was there, in 32 places of ten tables and more, and every column was looked at.
    assert {place for place, _table, _column in found} == everywhere.values.keys()
    assert len(everywhere.values) == 31
    assert {model._meta.db_table for model in TABLES} <= {table for _place, table, _column in found}
    assert looked_at > 250
    erase(everywhere)
    assert where_it_stands(everywhere.values) == (set(), looked_at)


def test_no_value_is_left_in_the_file_of_sqlite(tmp_path):
    url = f"sqlite:///{quote(str(tmp_path / 'tracker.sqlite3'))}"
    told = json.loads(output(started(url, "-m", "tests.missions.erasure.erase_in_a_file")))
    assert len(told["values"]) == 31
    assert told["before"] == told["values"]
    # Deleting alone leaves all of them beside the file.
    assert told["without overwriting"] == told["values"]
    assert "something is still reading the database" in told["left to do while it is read"]
    assert told["left to do"] == ""
    assert (told["after"], told["after closing"]) == ([], [])
    # The file was looked at while it was in use, its log cut off.
    assert told["sizes"]["-wal"] == 0
    assert told["sizes"]["-shm"] > 0


@pytest.mark.django_db(transaction=True)
def test_what_was_erased_is_overwritten_in_the_tables_that_held_it(django_assert_num_queries):
    with django_assert_num_queries(1 if connection.vendor == "sqlite" else len(TABLES)) as asked:
        assert overwrite_what_was_erased() == ""
    statements = [query["sql"] for query in asked.captured_queries]
    if connection.vendor == "sqlite":
        assert statements == ["PRAGMA wal_checkpoint(TRUNCATE)"]
    else:
        assert statements == [f'VACUUM "{model._meta.db_table}"' for model in TABLES]


def test_what_stays_is_the_record_without_a_name(everywhere):
    person, places = everywhere.person, list(everywhere.person.assignments.order_by("pk").values())
    before = dict(Observer.objects.filter(pk=person.pk).values().get())
    erase(everywhere)
    after = dict(Observer.objects.filter(pk=person.pk).values().get())
    personal = PERSONAL_FIELDS["observers"]
    assert {name: after[name] for name in personal} == dict.fromkeys(personal, "") | {"family_name": ERASED_NAME}
    assert after["search_text"] == "erased"
    kept = before.keys() - personal.keys() - {"search_text", "modified_at"}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert after["modified_at"] == CONFIRMED
    assert len(places) == 2
    for was, now in zip(places, person.assignments.order_by("pk").values(), strict=True):
        personal = PERSONAL_FIELDS["assignments"]
        assert {name: now[name] for name in personal} == dict.fromkeys(personal, "")
        kept = was.keys() - personal.keys() - {"modified_at"}
        assert {name: now[name] for name in kept} == {name: was[name] for name in kept}
        assert now["modified_at"] == CONFIRMED
    assert [place.sources.count() for place in person.assignments.all()] == [1, 1]


def test_a_withheld_name_stays_withheld(everywhere):
    Observer.objects.filter(pk=everywhere.person.pk).update(withheld=True)
    erase(everywhere)
    assert everywhere.person.withheld


def test_the_log_keeps_its_entries_and_tells_of_the_erasure_without_a_value(everywhere):
    before = list(ChangedRecord.objects.order_by("pk").values())
    others = list(PersonalValue.objects.filter(observer=everywhere.other.code).values())
    assert len(others) == 1
    assert PersonalValue.objects.count() > 10
    erase(everywhere)
    after = list(ChangedRecord.objects.order_by("pk").values())
    assert after[: len(before)] == before
    [asked, erased, without_copy] = ChangedRecord.objects.order_by("pk")[len(before) :]
    assert (asked.action, asked.fields, asked.change.door, asked.change.by) == (
        "changed",
        {"erasure": [None, "asked"]},
        "erasure",
        everywhere.coordinator,
    )
    assert (erased.resource, erased.code, erased.owner) == ("observers", everywhere.person.code, "keeper")
    assert (erased.action, erased.fields, erased.change.by, erased.change.at) == (
        "erased",
        {},
        everywhere.data_protection,
        CONFIRMED,
    )
    [[removed], nothing] = without_copy.fields.pop("copies")
    assert (without_copy.resource, without_copy.code, without_copy.fields) == ("sources", "gazette", {})
    assert (len(removed), nothing, without_copy.change) == (64, [], erased.change)
    assert list(PersonalValue.objects.values()) == others


def test_texts_in_the_log_go_in_which_the_name_stands_and_no_others(everywhere):
    """As it is spelled anywhere, in any letters, with an ending; of other persons' notes as of missions' remarks."""
    name, spelling, merged = (
        everywhere.values[each] for each in ("family name", "spelling: family name", "merged: family name")
    )
    gone = [f"{name} leads.", f"with {spelling.upper()}ом", f"«{merged.replace('b', 'б')}»", f"Ask Robin\n{name}!"]
    stay = ["Nobody leads.", f"un{name}", "zub000", everywhere.values["given names"]]
    for remark in [*gone, *stay]:
        said_once(everywhere, remark)
    everywhere.change(everywhere.other, internal_note=f"Comes with {name}")
    everywhere.change(everywhere.other, internal_note="Comes alone", family_name="Zub")
    assert len(Held(everywhere.person).logged_texts) == 2 * len(gone) + 2
    erase(everywhere)
    left = PersonalValue.objects.filter(observer="").order_by("pk").values_list("column", "before", "after")
    assert list(left) == [("remark", *pair) for text in stay for pair in (("", text), (text, ""))]
    of_other = PersonalValue.objects.filter(observer=everywhere.other.code).order_by("pk")
    assert list(of_other.values_list("column", flat=True)) == ["phone", "family_name"]
    values = {each: everywhere.values[each] for each in ("family name", "spelling: family name")}
    # The one text that stays on purpose, in which it is a part of another word.
    assert where_it_stands(values)[0] == {
        ("family name", "organizations_personalvalue", column) for column in ("before", "after")
    }


def test_a_short_name_is_looked_for_as_a_whole_word(everywhere):
    Observer.objects.filter(pk=everywhere.person.pk).update(family_name="Ким")
    everywhere.person.refresh_from_db()
    for remark in ("Kim leads.", "Kimball leads."):
        said_once(everywhere, remark)
    erase(everywhere)
    left = PersonalValue.objects.filter(observer="").values_list("before", flat=True)
    assert {text for text in left if text} == {"Kimball leads."}


def test_the_history_says_that_a_text_was_erased(client, everywhere):
    said_once(everywhere, f"{everywhere.values['family name']} leads.")
    said_once(everywhere, "Nobody leads.")
    erase(everywhere)
    rows = ChangedRecord.objects.of("missions", "mission").with_all_shown()
    told = [column for entry in entries(rows, everywhere.data_protection) for column in entry.columns]
    assert [(column.label, column.before, column.after, column.instead) for column in told] == [
        ("Remark", "Nobody leads.", "", ""),
        ("Remark", "", "Nobody leads.", ""),
        ("Remark", "", "", "erased"),
        ("Remark", "", "", "erased"),
    ]


def test_what_is_about_others_stays(everywhere):
    """A spreadsheet without the name, a session without it, a merge of others, somebody else's values in the log."""
    others = Session.objects.create(session_key="others", session_data="", expire_date=CONFIRMED)
    sheet = PeopleFile.objects.get()
    sheet.pk, sheet.code, sheet.name, sheet.content = None, "0" * 32, "list.csv", b"Name;Post\nExample Robin;Chair\n"
    sheet.save()
    erase(everywhere)
    assert list(Session.objects.all()) == [others]
    assert list(PeopleFile.objects.values_list("name", flat=True)) == ["list.csv"]
    assert Observer.objects.filter(family_name="Example").count() == 1


def test_no_model_with_a_relation_to_a_person_was_forgotten():
    """Whoever adds one decides what erasing does with it."""
    pointing = {found.related_model._meta.label for found in Observer._meta.related_objects}
    assert pointing == {"observers.ObserverName", "observers.Erasure", "observers.Merge", "missions.Assignment"}
    assert Merge in TABLES
    assert {model for model in TABLES if model._meta.app_label in {"observers", "missions"}} < set(apps.get_models())
