"""`export_person`: all that is held of one person, so that nothing is left out of the answer."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from missions.held_as_json import everything_held
from missions.models import Statement
from observers.models import Observer
from organizations.models import ChangedRecord, Record
from organizations.policy import PERSONAL_FIELDS
from tests.factories import ElectionFactory, ObserverFactory
from tests.logged import logged, stop_the_log
from tests.missions.erasure.conftest import CONFIRMED, erase, said_once

# Where each kind of row that points to a person stands in the answer.
PARTS = {
    "observers.ObserverName": "observer_names",
    "missions.Assignment": "assignments",
    "observers.Merge": "merges",
    "observers.Erasure": "erasures",
}
# Values that no answer can hold: how a session is packed, and the content of a file, of which it is said who sent it.
NOT_THEMSELVES = {"copy of a source", "release", "session", "spreadsheet: name", "spreadsheet: post"}


def asked(code, *arguments):
    """What the command prints, and what it says beside."""
    printed, said = StringIO(), StringIO()
    call_command("export_person", code, *arguments, stdout=printed, stderr=said)
    return printed.getvalue(), said.getvalue()


def test_every_value_that_is_held_anywhere_is_in_the_answer(everywhere):
    printed, said = asked(everywhere.person.code)
    missing = {place for place, value in everywhere.values.items() if value not in printed}
    assert missing == NOT_THEMSELVES
    assert len(everywhere.values) - len(missing) == 26
    assert said == ""


def test_every_personal_field_and_every_relation_to_a_person_is_in_the_answer(everywhere):
    told = everything_held(everywhere.person, asked=everywhere.person.code)
    pointing = Observer._meta.related_objects
    assert {found.related_model._meta.label for found in pointing} == PARTS.keys()
    for found in pointing:
        rows = found.related_model._default_manager.filter(**{found.field.name: everywhere.person})
        part = told[PARTS[found.related_model._meta.label]]
        columns = {field.name for field in found.related_model._meta.concrete_fields if not field.primary_key}
        assert len(part) == rows.count()
        assert [columns - row.keys() for row in part] == [set()] * len(part)
    parts = {"observers": [told["observer"]], **{name: told[name] for name in ("observer_names", "assignments")}}
    assert PERSONAL_FIELDS.keys() == parts.keys()
    assert sum(len(columns) for columns in PERSONAL_FIELDS.values()) == 16
    for name, columns in PERSONAL_FIELDS.items():
        assert [columns.keys() - row.keys() for row in parts[name]] == [set()] * len(parts[name])
        assert parts[name]


def test_every_statement_about_a_person_is_in_the_answer(everywhere):
    kinds = {model.resource() for model in apps.get_models() if issubclass(model, Record) and model.is_personal}
    told = everything_held(everywhere.person, asked=everywhere.person.code)["statements"]
    assert {statement["subject"].split("/")[0] for statement in told} == kinds
    assert len(told) == Statement.objects.count() == 3


def test_the_answer_names_missions_sources_uploads_sessions_and_acts(everywhere):
    told = everything_held(everywhere.person, asked=everywhere.person.code)
    places = sorted((place["mission"], place["mission_name"]) for place in told["assignments"])
    assert places == sorted((place.mission.code, str(place.mission)) for place in everywhere.person.assignments.all())
    assert [code for code, _name in places] == ["mission", "other-mission"]
    assert told["sources"] == [{"code": "gazette", "title": "Observers arrive", "url": ""}]
    assert told["spreadsheets_of_people"] == [
        {"sent_by": "asks", "sent_at": "2030-07-01T12:00:00+00:00", "imported_at": None}
    ]
    assert told["sessions_of_users"] == 1
    assert told["releases"] == [1]
    [saved] = told["saved_lists"]
    assert (saved["saved_by"], saved["query"]) == ("asks", f"q={everywhere.values['family name']}")
    changed = next(act for act in told["log_of_changes"] if "email" in act["columns"])
    values = everywhere.values
    assert changed["columns"]["email"] == [values["e-mail before"], values["e-mail"]]
    assert (changed["by"], changed["door"], changed["action"]) == ("asks", "admin", "changed")
    assert changed["record"] == f"observers/{everywhere.person.code}"


def test_texts_about_other_things_in_which_the_name_stands_are_named(everywhere):
    """Whatever its case and ending; not where it is a part of another word."""
    name = everywhere.values["family name"]
    ElectionFactory(code="with-name", remark=f"{name.upper()}ом led the mission")
    ElectionFactory(code="with-another-word", remark=f"un{name}")
    told = everything_held(everywhere.person, asked=everywhere.person.code)
    assert told["free_texts_about_other_things"] == [{"record": "elections/with-name", "column": "remark"}]


def test_texts_in_the_log_in_which_the_name_stands_are_named(everywhere):
    said_once(everywhere, f"{everywhere.values['family name'].upper()} leads the mission")
    said_once(everywhere, f"un{everywhere.values['family name']} leads the mission")
    told = everything_held(everywhere.person, asked=everywhere.person.code)
    assert told["free_texts_in_the_log"] == [{"record": "missions/mission", "column": "remark"}]
    assert told["acts_in_the_log_about_other_things"] == 0


def test_handing_it_over_is_an_act_that_tells_of_whom_and_not_what(everywhere):
    acts = len(logged())
    asked(everywhere.merged_code)
    record = (f"observers/{everywhere.person.code}", "told", {})
    assert logged()[acts:] == [("held", None, [record])]
    assert ChangedRecord.objects.latest("pk").owner == "keeper"
    told = everything_held(everywhere.person, asked=everywhere.person.code)["log_of_changes"][-1]
    assert (told["door"], told["action"], told["by"], told["columns"]) == ("held", "told", "", {})


@pytest.mark.django_db
def test_what_cannot_be_logged_is_not_handed_over(tmp_path, capsys):
    person, path = ObserverFactory(), tmp_path / "person.json"
    stop_the_log()
    with pytest.raises(DatabaseError), transaction.atomic():
        call_command("export_person", person.code)
    with pytest.raises(DatabaseError), transaction.atomic():
        call_command("export_person", person.code, file=path)
    assert (path.exists(), capsys.readouterr().out) == (False, "")


def test_a_code_that_was_merged_leads_to_the_person_and_says_so(everywhere):
    printed, said = asked(everywhere.merged_code)
    sentence = f"The person “{everywhere.merged_code}” was merged into “{everywhere.person.code}”: use that code."
    assert said.strip() == sentence
    told = json.loads(printed)
    assert (told["asked"], told["answer"], told["observer"]["code"]) == (
        everywhere.merged_code,
        sentence,
        everywhere.person.code,
    )
    again = everything_held(everywhere.person, asked=everywhere.person.code)
    # That it was handed over is known by now.
    *before, _handed_over = again["log_of_changes"]
    assert told | {"asked": "", "answer": ""} == again | {"asked": "", "log_of_changes": before}


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["0ba57001-1cd6-4355-a3ee-617655e0ad81", "Robin"])
def test_an_unknown_person_is_said_in_a_sentence(code):
    with pytest.raises(CommandError, match=f"^There is no person with the code “{code}”.$") as refused:
        asked(code)
    assert refused.value.returncode == 1


@pytest.mark.django_db
def test_it_is_written_to_a_file_that_is_not_there_yet(tmp_path):
    person = ObserverFactory(family_name="Әлия")
    path = tmp_path / "person.json"
    assert asked(person.code.upper(), "--file", path) == ("", "")
    text = path.read_text(encoding="utf-8")
    assert json.loads(text) == everything_held(person, asked=person.code) | {"log_of_changes": []}
    assert '"family_name": "Әлия"' in text
    with pytest.raises(CommandError, match="is there already and is not overwritten"):
        asked(person.code, "--file", path)
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        asked(person.code, "--file", tmp_path / "nowhere" / "person.json")


def test_of_an_erased_person_the_answer_holds_no_value_and_says_when_it_was_erased(everywhere):
    erase(everywhere)
    printed, _said = asked(everywhere.person.code)
    assert [place for place, value in everywhere.values.items() if value in printed] == []
    [erasure] = json.loads(printed)["erasures"]
    assert (erasure["asked_by"], erasure["confirmed_by"]) == ("asks", "confirms")
    assert erasure["confirmed_at"] == CONFIRMED.isoformat()


def test_what_was_merged_and_undone_stays_the_others(everywhere, northland_commission):
    """Nobody is told what is somebody else's."""
    told = json.dumps(everything_held(everywhere.other, asked=everywhere.other.code))
    assert [place for place, value in everywhere.values.items() if value in told] == []
