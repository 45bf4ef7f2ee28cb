"""Of a person who was erased nothing is kept again, by whichever door; and nobody is called erased by hand."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from missions.actions import MergeRefused, merge_observers, undo_merge
from missions.dataset import RECORDS, export_dataset, import_dataset
from missions.erasure import withdraw_erasure
from missions.models import Assignment, PeopleFile, Reading, Statement
from observers.models import ERASED_NAME, Erasure, Merge, Observer, ObserverName
from tests.conftest import NOW, everything_stored
from tests.factories import (
    AssignmentFactory,
    MissionFactory,
    ObserverFactory,
    ObserverNameFactory,
    SourceFactory,
    StatementFactory,
)
from tests.missions.erasure.conftest import ask, confirm, erase
from tests.missions.people_door import Door
from tests.missions.people_sheets import csv_file
from tests.missions.test_export_dataset import files_of

LEAVE_OUT = "This person was erased on 2030-07-03: leave the row out."
LEAVE_BLANK = "This person was erased: leave this blank."
NOBODY_IS_CALLED_SO = "“(erased)” stands for persons who were erased: write a name."


@pytest.fixture
def erased(northland_commission, coordinator, data_protection):
    """Kept by the Northland Commission, with a place in a mission."""
    person = ObserverFactory(owner=northland_commission, family_name="Example", given_names="Robin", email="r@e.org")
    place = AssignmentFactory(observer=person, owner=northland_commission, mission=MissionFactory(code="mission"))
    place.post = "Chair"
    place.save()
    confirm(ask(person, coordinator), data_protection)
    person.refresh_from_db()
    return person


def why_not(record):
    """What validation says against the record, by column."""
    with pytest.raises(ValidationError) as refused:
        record.clean()
    return refused.value.message_dict


# The dataset


def test_an_older_export_does_not_bring_the_person_back(dataset, everywhere, tmp_path):
    """The export of before holds all that was erased: each row that tells of it is named."""
    export_dataset(tmp_path / "before", public=False)
    place, other = everywhere.person.assignments.order_by("code")
    statements = list(Statement.objects.order_by("code").values_list("subject", flat=True))
    erase(everywhere)
    for path in (tmp_path / "before").glob("*.csv"):
        dataset.put(path.stem, path.read_bytes())
    problems = [problem.replace(LEAVE_OUT, "LEAVE OUT") for problem in dataset.problems()]
    by_file = {name: [one.split(": ", 1)[1] for one in problems if one.startswith(name)] for name in FILES_OF_PERSONS}
    assert by_file == {
        "observers.csv": ["family_name: LEAVE OUT"],
        # The spelling that was, and the name of the record that was merged.
        "observer_names.csv": ["observer: LEAVE OUT", "observer: LEAVE OUT"],
        "assignments.csv": [f"{first_told(place)}: LEAVE OUT", f"{first_told(other)}: LEAVE OUT"],
        "statements.csv": by_file["statements.csv"],
    }
    # The third is about a spelling that is refused itself.
    assert (len(problems), len(by_file["statements.csv"]), len(statements)) == (7, 2, 3)


FILES_OF_PERSONS = ("observers.csv", "observer_names.csv", "assignments.csv", "statements.csv")


def first_told(place):
    return "area" if place.area else "post"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("family_name", "Example"),
        ("given_names", "Robin"),
        ("nationality", "KZ"),
        ("gender", "other"),
        ("languages", "en"),
        ("email", "robin@example.org"),
        ("phone", "1"),
        ("internal_note", "x"),
    ],
)
def test_a_row_that_tells_anything_of_the_erased_is_refused(dataset, erased, column, value):
    row = {"code": erased.code, "family_name": ERASED_NAME} | {column: value}
    dataset.write("observers", row)
    assert dataset.problems() == [f"observers.csv:2: {column}: {LEAVE_OUT}"]


def test_a_place_or_a_spelling_that_tells_anything_of_the_erased_is_refused(dataset, erased):
    place = {"observer": erased.code, "mission": "mission", "role": "expert"}
    dataset.write("assignments", {**place, "post": "Chair"})
    dataset.write("observer_names", {"observer": erased.code, "language": "en", "family_name": "Example"})
    assert dataset.problems() == [
        f"observer_names.csv:2: observer: {LEAVE_OUT}",
        f"assignments.csv:2: post: {LEAVE_OUT}",
    ]
    dataset.clear().write("assignments", place)
    assert dataset.read_in() == {"assignments.csv": (1, 0, 0)}


def test_a_statement_about_the_erased_is_refused(dataset, erased):
    SourceFactory(code="gazette")
    place = erased.assignments.get()
    row = {"source": "gazette", "value": "Chair"}
    dataset.write(
        "statements",
        {"subject": f"observers/{erased.code}", "field": "nationality", **row},
        {"subject": f"assignments/{place.code}", "field": "post", **row},
        {"subject": "missions/mission", "field": "name", **row},
    )
    assert dataset.problems() == [
        f"statements.csv:{line}: subject: This person was erased: leave the row out." for line in (2, 3)
    ]


def test_a_code_that_was_merged_into_the_erased_brings_nothing_back(dataset, everywhere):
    erase(everywhere)
    dataset.write("observers", {"code": everywhere.merged_code, "family_name": "Example"})
    [problem] = dataset.problems()
    assert f"was merged into “{everywhere.person.code}”" in problem


def test_nobody_is_erased_by_an_import(dataset, northland_commission):
    person = ObserverFactory(family_name="Example")
    dataset.write("observers", {"code": person.code, "family_name": ERASED_NAME, "given_names": ""})
    assert dataset.problems() == [f"observers.csv:2: family_name: {NOBODY_IS_CALLED_SO}"]


def test_a_row_of_somebody_erased_who_is_told_of_is_refused_in_an_empty_database_too(dataset):
    code = "0ba57001-1cd6-4355-a3ee-617655e0ad81"
    dataset.write("observers", {"code": code, "family_name": ERASED_NAME, "email": "robin@example.org"})
    assert dataset.problems() == [f"observers.csv:2: email: {LEAVE_BLANK}"]


def test_an_export_with_an_erased_person_is_read_into_an_empty_database_and_exported_the_same(everywhere, tmp_path):
    erase(everywhere)
    code = everywhere.person.code
    export_dataset(tmp_path / "one", public=False)
    files = files_of(tmp_path / "one")
    assert f"{code},{ERASED_NAME},,,,,,,false,,keeper\n".encode() in files["observers.csv"]
    assert import_dataset(tmp_path / "one", now=NOW)["observers.csv"].changed == 0
    empty_the_record()
    assert not Observer.objects.exists()
    tally = import_dataset(tmp_path / "one", now=NOW)["observers.csv"]
    assert (tally.new, tally.changed) == (2, 0)
    export_dataset(tmp_path / "other", public=False)
    assert files_of(tmp_path / "other") == files
    # There too nothing is kept of the person again.
    person = Observer.objects.get(code=code)
    assert person.is_erased
    assert not Erasure.objects.exists()


def empty_the_record():
    """Deletes every record, and what points to persons; the log of changes is never emptied."""
    for model in (Erasure, Merge, PeopleFile, Reading, *reversed(RECORDS)):
        model.objects.all().delete()


# Spreadsheets of people


def test_a_spreadsheet_never_matches_the_erased(client, coordinator, erased):
    place = erased.assignments.get()
    client.force_login(coordinator)
    door = Door(client, place.mission)
    names = ("(erased)", "Example Robin")
    page = door.send(csv_file(("Name",), *([name] for name in names)), owner="northland-commission")
    rows = page.context["preview"].plan.rows
    assert [row.suggested for row in rows] == [[], []]
    assert [str(refusal) for refusal in rows[0].row.refusals] == [f"row 2, A “Name”: {NOBODY_IS_CALLED_SO}"]
    assert rows[1].is_new_person
    before = everything_stored()["missions.Assignment"]
    door.confirm()
    assert everything_stored()["missions.Assignment"][: len(before)] == before


# Forms


@pytest.mark.parametrize("typed", ["(erased)", " (Erased) ", "(ERASED)"])
def test_nobody_is_called_erased_by_hand(typed):
    assert why_not(Observer(family_name=typed)) == {"family_name": [NOBODY_IS_CALLED_SO]}
    spelling = ObserverName(observer=Observer(family_name="Example"), language="en", family_name=typed)
    assert why_not(spelling) == {"family_name": [NOBODY_IS_CALLED_SO]}


def test_a_place_of_the_erased_takes_nothing_that_tells_of_the_person(erased):
    place = erased.assignments.get()
    place.status = "completed"
    place.clean()
    for column in ("area", "post", "employer", "accreditation_number", "internal_note"):
        place = erased.assignments.get()
        setattr(place, column, "x")
        assert why_not(place) == {column: [LEAVE_BLANK]}


def test_nothing_is_stated_of_the_erased(erased):
    statement = StatementFactory.build(source=SourceFactory(), subject=f"observers/{erased.code}", field="nationality")
    told = {"subject": ["This person was erased: nothing is stated of this person any more."]}
    assert why_not(statement) == told
    statement.subject, statement.field = f"assignments/{erased.assignments.get().code}", "post"
    assert why_not(statement) == told
    statement.subject = f"assignments/{AssignmentFactory(mission=MissionFactory()).code}"
    statement.clean()


def test_the_erased_get_no_place(erased, coordinator, data_protection):
    """Nor does whoever is publicly named and erased."""
    assert not Observer.objects.assignable_by(coordinator).filter(pk=erased.pk).exists()
    erased.assignments.get().sources.add(SourceFactory())
    assert Observer.objects.public().filter(pk=erased.pk).exists()
    assert not Observer.objects.assignable_by(coordinator).filter(pk=erased.pk).exists()
    assert not Assignment.choices_of("observer", coordinator).filter(pk=erased.pk).exists()


# Merges


def test_the_erased_are_not_merged(erased, coordinator, northland_commission):
    other = ObserverFactory(owner=northland_commission)
    for kept, merged in ((erased, other), (other, erased)):
        with pytest.raises(MergeRefused) as refused:
            merge_observers(kept=kept, merged=merged, by=coordinator, now=NOW)
        assert refused.value.sentences == [f"The person “{erased.code}” was erased."]


def test_who_is_to_be_erased_is_not_merged_meanwhile(coordinator, northland_commission):
    person, other = (ObserverFactory(owner=northland_commission) for _ in range(2))
    erasure = ask(person, coordinator)
    for kept, merged in ((person, other), (other, person)):
        with pytest.raises(MergeRefused) as refused:
            merge_observers(kept=kept, merged=merged, by=coordinator, now=NOW)
        sentence = "It was asked that “%s” is erased: withdraw that first, or have it confirmed."
        assert refused.value.sentences == [sentence % person.code]
    withdraw_erasure(erasure=erasure, by=coordinator, now=NOW)
    merge_observers(kept=other, merged=person, by=coordinator, now=NOW)


def test_a_merge_into_the_erased_is_not_undone(everywhere):
    merge = everywhere.person.merges.get()
    erase(everywhere)
    before = everything_stored()
    with pytest.raises(MergeRefused) as refused:
        undo_merge(merge=merge, by=everywhere.coordinator, now=NOW)
    assert refused.value.sentences == [f"The person “{everywhere.person.code}” was erased."]
    assert everything_stored() == before


def test_what_an_undone_merge_wrote_of_both_goes_with_either(coordinator, data_protection, northland_commission):
    """The log told of the one under the other's code: the e-mail that was filled in, and taken back."""
    kept = ObserverFactory(owner=northland_commission, family_name="Example")
    merged = ObserverFactory(owner=northland_commission, family_name="Sample", email="sample@example.org")
    ObserverNameFactory(observer=merged, family_name="Muster")
    merge = merge_observers(kept=kept, merged=merged, by=coordinator, now=NOW)
    undo_merge(merge=merge, by=coordinator, now=NOW)
    merged = Observer.objects.get(code=merged.code)
    assert "sample@example.org" in str(everything_stored()["organizations.PersonalValue"])
    confirm(ask(merged, coordinator), data_protection)
    stored = str(everything_stored())
    assert [value for value in ("sample@example.org", "Sample", "Muster") if value in stored] == []
    kept.refresh_from_db()
    assert kept.family_name == "Example"
