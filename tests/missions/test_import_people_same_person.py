"""Two rows of one spreadsheet that may be about one person: asked, never joined or divided unasked."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from missions.models import Assignment
from missions.people.plan import ANOTHER_PERSON
from observers.models import Observer, ObserverName
from tests.conftest import everything_stored
from tests.factories import AssignmentFactory, ObserverFactory
from tests.missions.people_door import Door, record, text_of, totals
from tests.missions.people_sheets import csv_file, mission_of, outcomes, planned, refusals, task_of

HEADER = ("ФИО", "Роль")
TWO_SPELLINGS = (HEADER, ("Герасимов Олег", "LTO"), ("Herasymov Oleh", "STO"))


@pytest.fixture
def mission(secretariat):
    return mission_of(secretariat)


@pytest.fixture
def task(mission):
    return task_of(mission)


@pytest.fixture
def door(admin_client, mission):
    return Door(admin_client, mission)


@pytest.fixture
def read_in(tmp_path, mission):
    """Runs the command on rows and answers what it said; what it said before it stopped is in `read_in.said`."""

    def read_in(*rows, options=()):
        path = tmp_path / "people.csv"
        path.write_bytes(csv_file(*rows))
        said = read_in.said = io.StringIO()
        call_command("import_people", path, "--mission", mission.code, *options, stdout=said, stderr=said)
        return said.getvalue()

    return read_in


def suggested(plan):
    return {row.row.number: row.suggested for row in plan.rows if row.suggested}


# Asking


@pytest.mark.parametrize(
    "names",
    [
        ("Герасимов Олег", "Herasymov Oleh"),
        ("Gerasymov Oleh", "Герасимов Олег"),
        ("SMITH John", "John Smith"),
        ("Gerasimov Oleg", "Gerasimov O."),
    ],
)
def test_another_spelling_of_a_new_person_of_a_row_above_waits_for_a_decision(task, names):
    plan = planned(task, ("ФИО",), *((name,) for name in names))
    assert outcomes(plan) == {2: "created", 3: "waiting"}
    assert suggested(plan) == {3: ["row-2"]}


def test_rows_below_and_refused_rows_are_not_suggested(task):
    plan = planned(task, (*HEADER, "Пол"), ("Герасимов Олег", "LTO", "?"), ("Herasymov Oleh", "STO", ""))
    assert (outcomes(plan), suggested(plan)) == ({2: "refused", 3: "created"}, {})


@pytest.mark.parametrize(
    ("column", "values"), [("Гражданство", ("KZ", "UA")), ("E-mail", ("one@example.org", "two@example.org"))]
)
def test_rows_that_tell_their_persons_apart_are_two_persons_unasked(task, column, values):
    rows = [("Герасимов Олег", values[0]), ("Herasymov Oleh", values[1])]
    assert outcomes(planned(task, ("ФИО", column), *rows)) == {2: "created", 3: "created"}


def test_an_email_in_other_capitals_tells_nobody_apart(task):
    rows = [("Герасимов Олег", "one@example.org"), ("Herasymov Oleh", "ONE@example.org")]
    assert outcomes(planned(task, ("ФИО", "E-mail"), *rows)) == {2: "created", 3: "waiting"}


def test_a_person_of_several_rows_is_suggested_once(task):
    rows = [("Герасимов Олег", "LTO"), ("Герасимов Олег", "expert"), ("Herasymov Oleh", "STO")]
    assert suggested(planned(task, HEADER, *rows)) == {4: ["row-2"]}


def test_a_recorded_person_of_a_row_above_is_suggested_as_that_person_and_once(task):
    known = ObserverFactory(family_name="Gerasymov", given_names="Oleh")
    AssignmentFactory(observer=known, mission=task.mission, role="long_term")
    plan = planned(task, HEADER, ("Gerasymov Oleh", "LTO"), ("Герасимов Олег", "STO"))
    assert suggested(plan) == {3: [known.code]}


def test_the_spelling_of_a_row_above_leads_to_the_recorded_person_it_was_decided_for(task):
    """The recorded name itself is like that of the row above alone."""
    known = ObserverFactory(family_name="Герасимов", given_names="Олег Иванович")
    rows = [HEADER, ("Герасимов Олег", "LTO"), ("Герасимов Олег Петрович", "STO")]
    assert suggested(planned(task, *rows)) == {2: [known.code], 3: ["row-2"]}
    assert suggested(planned(task, *rows, decisions={2: known.code})) == {2: [known.code], 3: [known.code]}
    joined = planned(task, *rows, decisions={2: known.code, 3: "row-2"})
    assert [row.person for row in joined.rows] == [known, known]


def test_while_the_row_above_waits_itself_it_is_suggested_as_a_row(task):
    known = ObserverFactory(family_name="Gerasymov", given_names="Oleh")
    plan = planned(task, *TWO_SPELLINGS)
    assert suggested(plan) == {2: [known.code], 3: ["row-2", known.code]}
    plan = planned(task, *TWO_SPELLINGS, decisions={3: "row-2"})
    assert [row.decision for row in plan.rows] == ["", "row-2"]
    assert outcomes(plan) == {2: "waiting", 3: "waiting"}
    for decision in (known.code, ANOTHER_PERSON):
        plan = planned(task, *TWO_SPELLINGS, decisions={2: decision, 3: "row-2"})
        assert outcomes(plan) == {2: "created", 3: "created"}
        assert plan.rows[0].person is plan.rows[1].person


def test_many_rows_of_one_name_that_wait_are_suggested_as_one(task):
    ObserverFactory(family_name="Gerasymov", given_names="Oleh")
    plan = planned(task, ("ФИО",), *[("Герасимов Олег",)] * 3, ("Herasymov Oleh",))
    assert [code for code in suggested(plan)[5] if code.startswith("row")] == ["row-2"]


# Deciding


def test_the_same_person_has_both_places_and_both_spellings(task):
    plan = planned(task, *TWO_SPELLINGS, decisions={3: "row-2"})
    assert outcomes(plan) == {2: "created", 3: "created"}
    assert plan.new_persons == 1
    assert [row.brought_by for row in plan.rows] == [0, 2]
    assert str(plan.rows[1].spelling) == "Oleh Herasymov"


def test_the_same_person_in_the_same_role_is_refused_at_the_second_row(task):
    rows = [("ФИО",), ("Герасимов Олег",), ("Herasymov Oleh",)]
    assert refusals(planned(task, *rows, decisions={3: "row-2"})) == [
        "row 3, A “ФИО”: This is the person of row 2: write each person once, or another role."
    ]


def test_one_spelling_in_two_rows_is_kept_once(task):
    known = ObserverFactory(family_name="Gerasymov", given_names="Oleh")
    rows = [HEADER, ("Герасимов Олег", "LTO"), ("Герасимов Олег", "STO")]
    plan = planned(task, *rows, decisions={2: known.code})
    assert [row.spelling is not None for row in plan.rows] == [True, False]


def test_a_decision_for_a_row_that_is_not_alike_is_none(task):
    rows = [HEADER, ("Example Robin", "STO"), ("Герасимов Олег", "LTO"), ("Herasymov Oleh", "STO")]
    for decision in ("row-2", "row-4", "row-5", "row-x"):
        plan = planned(task, *rows, decisions={3: "row-2", 4: decision})
        assert outcomes(plan) == {2: "created", 3: "created", 4: "waiting"}
        assert plan.new_persons == 2


def test_a_changed_decision_is_another_preview(task):
    decided = [planned(task, *TWO_SPELLINGS, decisions={3: each}) for each in ("row-2", ANOTHER_PERSON)]
    assert decided[0].fingerprint() != decided[1].fingerprint()


# Both doors


@pytest.mark.parametrize(("decision", "persons"), [("row-2", 1), (ANOTHER_PERSON, 2)])
def test_in_the_admin_the_row_is_decided_and_the_same_file_again_changes_nothing(door, decision, persons):
    page = door.send(csv_file(*TWO_SPELLINGS))
    assert totals(page) == {"created": 1, "changed": 0, "as_before": 0, "refused": 0, "waiting": 1}
    assert "the same person as <strong>row 2: Олег Герасимов</strong> (Long-term observer)" in text_of(page)
    assert 'value="import"' not in text_of(page)
    page = door.press("decide", **{"row-3": decision})
    assert f'value="{decision}" checked' in text_of(page)
    door.confirm()
    assert Observer.objects.count() == persons
    assert sorted(Assignment.objects.values_list("role", flat=True)) == ["long_term", "short_term"]
    assert [person.code for person in Observer.objects.search("Herasymov")] == [
        place.observer.code for place in Assignment.objects.filter(role="short_term")
    ]
    before = record()
    page = door.send(csv_file(*TWO_SPELLINGS))
    assert totals(page) == {"created": 0, "changed": 0, "as_before": 2, "refused": 0, "waiting": 0}
    door.confirm(page)
    assert record() == before


def test_in_the_admin_a_row_that_joins_another_says_so(door):
    door.send(csv_file(*TWO_SPELLINGS))
    text = text_of(door.press("decide", **{"row-3": "row-2"}))
    assert "new place of the new person of row 2" in text
    assert "another spelling: – → Oleh Herasymov" in text


def test_in_the_command_the_row_is_decided_and_the_same_file_again_changes_nothing(read_in):
    before = everything_stored()
    with pytest.raises(CommandError, match="decide each row above"):
        read_in(*TWO_SPELLINGS, options=["--yes"])
    assert "  --same 3=row-2: row 2: Олег Герасимов (Long-term observer)\n" in read_in.said.getvalue()
    assert everything_stored() == before
    read_in(*TWO_SPELLINGS, options=["--same", "3=row-2", "--yes"])
    person = Observer.objects.get()
    assert (person.full_name, str(ObserverName.objects.get())) == ("Олег Герасимов", "Oleh Herasymov")
    assert Observer.objects.search("Herasymov").get() == person
    assert person.assignments.count() == 2
    before = everything_stored()
    assert "2 as before" in read_in(*TWO_SPELLINGS, options=["--yes"])
    assert everything_stored() == before


@pytest.mark.parametrize("decision", ["3=row-3", "3=row-4"])
def test_in_the_command_only_a_row_above_can_be_named(read_in, decision):
    with pytest.raises(CommandError, match=f"“{decision}”: row 3 can be the person of a row above only"):
        read_in(*TWO_SPELLINGS, options=["--same", decision])
