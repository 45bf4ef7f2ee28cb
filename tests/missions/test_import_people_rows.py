"""How rows of a spreadsheet of people are understood: header, columns, cells, and who is meant."""

from __future__ import annotations

from datetime import date

import pytest

from lib.spreadsheets import UNREADABLE, SpreadsheetRefused
from lib.text import fold
from missions.models import Assignment
from missions.people.layout import lay_out
from missions.people.names import language_of_script, split_name
from missions.people.plan import ANOTHER_PERSON
from missions.people.value_words import country_of, genders, language_of, roles, statuses
from tests.conftest import everything_stored
from tests.factories import (
    AssignmentFactory,
    MissionFactory,
    ObserverFactory,
    ObserverNameFactory,
    OrganizationFactory,
    RegionFactory,
    SourceFactory,
)
from tests.missions.people_sheets import laid_out, mission_of, outcomes, party_of, planned, refusals, sheet, task_of

NO_COUNTRY = "is no country that we know: write its name in English or Russian, or its two letters."
NEVER = "says more of a person than the record needs"
NO_ADDRESS = "is no e-mail address: write one such as name@example.org."


@pytest.fixture
def mission(secretariat):
    return mission_of(secretariat)


@pytest.fixture
def task(mission):
    return task_of(mission)


def fields(layout):
    return {column.header: column.field.value for column in layout.columns}


# The header


def test_the_header_is_found_beneath_titles_and_what_is_above_it_is_no_person():
    layout = laid_out(
        ("To the secretariat",), ("List of observers", "2030"), ("Surname", "Name", "Post"), ("A", "B", "C")
    )
    assert fields(layout) == {"Surname": "family_name", "Name": "given_names", "Post": "post"}
    assert [row.cells for row in layout.rows] == [("A", "B", "C")]


def test_two_header_lines_are_read_together():
    layout = laid_out(
        ("Observer", "", "Dates", "", "Country"),
        ("Surname", "First name", "from", "to", ""),
        ("Example", "Robin", "2030-05-30", "2030-06-04", "KZ"),
    )
    assert fields(layout) == {
        "Surname": "family_name",
        "First name": "given_names",
        "Dates from": "starts_on",
        "Dates to": "ends_on",
        "Country": "nationality",
    }
    assert [row.number for row in layout.rows] == [3]


def test_a_row_of_people_is_never_taken_for_a_second_header_line():
    layout = laid_out(("Name", "Post"), ("Robin Example", ""), ("", "Expert"))
    assert [row.number for row in layout.rows] == [2, 3]


def test_a_header_that_comes_again_on_each_page_is_left_out_and_said():
    layout = laid_out(("ФИО", "Страна"), ("A B", "KZ"), ("ФИО", "СТРАНА"), ("C D", "KZ"))
    assert [row.number for row in layout.rows] == [2, 4]
    assert layout.notes == ("1 row repeats the header: left out.",)


def test_no_known_header_makes_the_first_line_the_header_and_says_so():
    layout = laid_out(("Liste",), ("Familienname", "Beruf"), ("Example", "Clerk"))
    assert fields(layout) == {"Familienname": "ignore", "Beruf": "ignore"}
    assert layout.notes == ("No header was recognized: row 2 was taken for it. Choose what each column holds.",)
    assert layout.problems == ("No column holds the names: choose which one holds the family name or the full name.",)


def test_every_column_is_listed_also_those_that_are_not_imported():
    layout = laid_out(("ФИО", "Любимый цвет", "Паспорт №", "№"), ("A B", "red", "N123", "1"), ("C D", "", "", "", "?"))
    assert [(column.letter, column.field.value, column.remark) for column in layout.columns] == [
        ("A", "full_name_family_first", "By its header."),
        ("B", "ignore", "This header is not known."),
        ("C", "ignore", f"Never stored: “Паспорт №” {NEVER} (documents and numbers of a person)."),
        ("D", "ignore", "Not needed."),
        ("E", "ignore", "This column has no header."),
    ]


@pytest.mark.parametrize(
    "header",
    [
        *("Passport", "Паспорт, серия и номер", "Төлқұжат нөмірі", "Дата выдачи паспорта", "ИИН", "ЖСН"),
        *("Date of birth", "DOB", "Дата рождения", "Туған күні", "Состояние здоровья"),
    ],
)
def test_documents_birth_and_health_are_never_stored_whatever_is_chosen_or_remembered(header):
    rows = (("ФИО", header), ("Example Robin", "secret"))
    layout = laid_out(*rows, chosen={1: "internal_note"}, remembered={fold(header): "internal_note"})
    assert [(column.field.value, column.can_be_chosen) for column in layout.columns][1] == ("ignore", False)


def test_two_columns_that_say_the_same_are_not_both_read():
    layout = laid_out(("ФИО", "Full name", "Телефон", "Моб. телефон"), ("A B", "A B", "1", "2"))
    assert fields(layout) == {
        "ФИО": "full_name_family_first",
        "Full name": "ignore",
        "Телефон": "phone",
        "Моб. телефон": "ignore",
    }
    assert layout.columns[3].remark == "Column C holds this already."
    twice = laid_out(("ФИО", "Телефон", "Моб. телефон"), ("A B", "1", "2"), chosen={2: "phone"})
    assert twice.problems == (
        "Columns B “Телефон” and C “Моб. телефон” cannot both be read: choose for one “Not imported”.",
    )


def test_what_is_chosen_stands_before_what_is_remembered_and_that_before_the_header():
    rows = (("Name", "Post"), ("Robin Example", "Clerk"))
    assert fields(laid_out(*rows))["Post"] == "post"
    assert fields(laid_out(*rows, remembered={"post": "employer"}))["Post"] == "employer"
    assert fields(laid_out(*rows, remembered={"post": "employer"}, chosen={1: "area"}))["Post"] == "area"


def test_a_header_in_two_languages_is_read():
    layout = laid_out(("Тегі / Фамилия / Surname", "Аты / Имя", "Лауазымы\nДолжность"), ("A", "B", "C"))
    assert list(fields(layout).values()) == ["family_name", "given_names", "post"]


def test_a_sheet_without_rows_is_refused_and_one_without_people_says_so():
    with pytest.raises(SpreadsheetRefused):
        lay_out(sheet(("",)), remembered={})
    assert laid_out(("Name", "Post")).problems == ("There is no row of people beneath the header.",)


# Names


@pytest.mark.parametrize(
    ("text", "family_first", "parts"),
    [
        ("Примеров Роман Ильич", True, ("Примеров", "Роман Ильич")),
        ("Robin Lee Example", False, ("Example", "Robin Lee")),
        ("Robin EXAMPLE", True, ("EXAMPLE", "Robin")),
        ("EXAMPLE MODEL Robin", False, ("EXAMPLE MODEL", "Robin")),
        ("Example, Robin", False, ("Example", "Robin")),
        ("ПРИМЕРОВ РОМАН", True, ("ПРИМЕРОВ", "РОМАН")),
        ("Примеров Р.И.", True, ("Примеров", "Р.И.")),
        ("Robin van der Example", False, ("van der Example", "Robin")),
        ("van der Example Robin", True, ("van der Example", "Robin")),
        ("Example", False, ("Example", "")),
        ("robin example", False, ("example", "robin")),
    ],
)
def test_a_full_name_is_divided(text, family_first, parts):
    assert split_name(text, family_first=family_first) == parts


@pytest.mark.parametrize(
    ("name", "language"),
    [("Robin", "en"), ("Роман", "ru"), ("Әсем", "kk"), ("Їжак", "uk"), ("გია", "ka"), ("علي", "ar"), ("1", "en")],
)
def test_a_spelling_is_of_the_language_of_its_letters(name, language):
    assert language_of_script(name) == language


def test_the_patronymic_joins_the_given_names(task):
    plan = planned(task, ("Фамилия", "Имя", "Отчество"), ("Примеров", "Роман", "Ильич"), ("Образцова", "Кира", ""))
    assert [(row.person.family_name, row.person.given_names) for row in plan.rows] == [
        ("Примеров", "Роман Ильич"),
        ("Образцова", "Кира"),
    ]


# Cells


@pytest.mark.parametrize(
    ("known", "words", "value"),
    [
        (genders, "f F женский Ж әйел female", "female"),
        (genders, "m м муж ер male мужской", "male"),
        (roles, "STO ККН КСН short_term Краткосрочный-наблюдатель қмб", "short_term"),
        (roles, "LTO ДСН Long-term-observer долгосрочный", "long_term"),
        (statuses, "Accredited аккредитован аккредиттелген", "accredited"),
        (statuses, "no_show No-show не-явился Did-not-appear", "no_show"),
    ],
)
def test_words_of_three_languages_stand_for_stored_values(known, words, value):
    assert {word: known()[fold(word)] for word in words.split()} == dict.fromkeys(words.split(), value)


def test_countries_and_languages_are_known_by_code_and_name():
    assert {country_of(text) for text in ("KZ", "kaz", "РК", "ҚР", "Казахстан", "Kazakhstan", "Қазақстан")} == {"KZ"}
    # Folded, these would be one.
    assert [country_of(text) for text in ("YE", "IE", "КР", "KR", "Atlantis")] == ["YE", "IE", None, "KR", None]
    assert {language_of(text) for text in ("ru", "Russian", "русский", "орысша", "Русский язык")} == {"ru"}
    assert [language_of(text) for text in ("sq", "sk", "Klingon")] == ["sq", "sk", None]


def test_every_cell_that_is_wrong_is_refused_with_its_row_and_column(task):
    RegionFactory(country="KG", name="Twice", iso="KG-1")
    RegionFactory(country="KG", name="Twice", iso="KG-2")
    header = ("Name", "Country", "Gender", "Role", "Status", "From", "Languages", "Region", "E-mail", "Post")
    wrong = ("Robin Example", "Atlantis", "?!", "king", "lost", "01/02/2030", "en; Elvish", "Twice", "no address", "ok")
    assert refusals(planned(task, header, wrong)) == [
        f"row 2, B “Country”: “Atlantis” {NO_COUNTRY}",
        "row 2, C “Gender”: “?!” is not understood: write one of female, male, other.",
        f"row 2, D “Role”: “king” is not understood: write one of {', '.join(Assignment.Role.values)}.",
        f"row 2, E “Status”: “lost” is not understood: write one of {', '.join(Assignment.Status.values)}.",
        "row 2, F “From”: “01/02/2030” can be read in two ways: please write it as 2017-10-15.",
        "row 2, G “Languages”: “Elvish” is no language that we know: write codes like en; ru; kk.",
        "row 2, H “Region”: “Twice” may be several regions of Kyrgyzstan: write one of kg-1, kg-2.",
        f"row 2, I “E-mail”: “no address” {NO_ADDRESS}",
    ]


def test_the_rules_of_the_record_refuse_with_its_own_sentences_at_the_cell(task):
    header = ("Name", "From", "To", "E-mail", "Post")
    plan = planned(
        task,
        header,
        ("Robin Example", "2030-06-04", "2030-05-30", "", ""),
        ("Kim Sample", "", "", "no address", ""),
        ("Lee Model", "", "", "", "x" * 251),
        ("Jo " + "x" * 151, "", "", "", ""),
    )
    assert refusals(plan) == [
        "row 2, C “To”: The end, 2030-05-30, is before the start, 2030-06-04.",
        f"row 3, D “E-mail”: “no address” {NO_ADDRESS}",
        "row 4, E “Post”: Ensure this value has at most 250 characters (it has 251).",
        "row 5, A “Name”: Ensure this value has at most 150 characters (it has 151).",
    ]


def test_a_cell_that_cannot_be_read_refuses_its_row_unless_its_column_is_not_imported(task):
    plan = planned(
        task,
        ("Name", "Post", "Hobby"),
        ("Robin Example", f"{UNREADABLE}#REF!", ""),
        ("Kim Sample", "Clerk", f"{UNREADABLE}#REF!"),
        ("Lee\0Model", "", ""),
        ("12345", "", ""),
    )
    assert refusals(plan) == [
        "row 2, B “Post”: “#REF!” is a formula without a value, or an error: write the value itself.",
        "row 4, A “Name”: The cell holds a character that cannot be stored: type the text anew.",
        "row 5, A “Name”: A name has letters.",
    ]
    assert outcomes(plan) == {2: "refused", 3: "created", 4: "refused", 5: "refused"}


# Who is meant, and what changes


@pytest.fixture
def known(mission):
    """Somebody in the mission, with a second spelling of the name."""
    person = ObserverFactory(family_name="Gerasymov", given_names="Oleh", nationality="UA", email="oleh@example.org")
    ObserverNameFactory(observer=person, language="uk", family_name="Герасимов", given_names="Олег")
    AssignmentFactory(
        observer=person, mission=mission, role="long_term", post="Clerk", starts_on=date(2030, 5, 1), area="Bishkek"
    )
    return person


@pytest.mark.parametrize("name", ["Gerasymov Oleh", "GERASYMOV  oleh", "Герасимов Олег", "герасимов  олег"])
def test_the_same_letters_in_the_same_mission_are_the_same_person(task, known, name):
    [row] = planned(task, ("ФИО", "Должность"), (name, "")).rows
    assert (row.person, row.outcome, row.place.role) == (known, "as_before", "long_term")


@pytest.mark.parametrize("name", ["Herasymov Oleh", "Gerasimov Oleg", "Gerasymov O.", "Oleh Gerasymov"])
def test_other_letters_are_only_suggested(task, known, name):
    [row] = planned(task, ("ФИО",), (name,)).rows
    assert (row.person, row.outcome, row.suggested) == (None, "waiting", [known.code])


@pytest.mark.parametrize(("column", "value"), [("Гражданство", "KZ"), ("E-mail", "another@example.org")])
def test_what_contradicts_keeps_the_same_letters_from_being_the_same_person(task, known, column, value):
    [row] = planned(task, ("ФИО", column), ("Gerasymov Oleh", value)).rows
    assert (row.outcome, row.suggested) == ("waiting", [known.code])


def test_the_same_letters_in_another_mission_or_party_are_only_suggested(mission, known):
    elsewhere = task_of(MissionFactory(election=mission.election))
    assert outcomes(planned(elsewhere, ("ФИО",), ("Gerasymov Oleh",))) == {2: "waiting"}
    party = task_of(mission, deployment=party_of(mission))
    assert outcomes(planned(party, ("ФИО",), ("Gerasymov Oleh",))) == {2: "waiting"}


def test_a_decision_for_the_known_person_fills_in_the_party_and_keeps_the_place_one(mission, known):
    party = party_of(mission)
    [row] = planned(task_of(mission, deployment=party), ("ФИО",), ("Gerasymov Oleh",), decisions={2: known.code}).rows
    assert row.place == known.assignments.get()
    assert [(change.label, change.old, change.new) for change in row.changes] == [("deployment", "", str(party))]


def test_changes_are_told_as_old_and_new_and_blank_cells_empty_nothing(task, known):
    source = SourceFactory(title="The list")
    header = ("ФИО", "Должность", "Дата приезда", "Город", "Телефон", "E-mail", "Пол")
    row = ("Gerasymov Oleh", "Judge", "2.5.2030", "", "+996 1", "OLEH@example.org", "м")
    [plan] = planned(task_of(task.mission, source=source), header, row).rows
    assert [str(change) for change in plan.changes] == [
        "Gender: – → Male",
        "Phone: – → +996 1",
        "From (day): 2030-05-01 → 2030-05-02",
        "Post held then: Clerk → Judge",
        f"source: – → {source}",
    ]
    assert plan.place.area == "Bishkek"


def test_two_rows_about_one_person_are_refused_at_the_second_unless_the_role_differs(task, known):
    header = ("ФИО", "Роль", "E-mail")
    plan = planned(
        task,
        header,
        ("Gerasymov Oleh", "LTO", ""),
        ("Герасимов Олег", "LTO", ""),
        ("Gerasymov Oleh", "STO", ""),
        ("Example Robin", "", ""),
        ("EXAMPLE Robin", "", ""),
        ("Example Robin", "expert", ""),
        ("Sample Kim", "", "one@example.org"),
        ("Sample Kim", "", "two@example.org"),
    )
    assert outcomes(plan) == {
        2: "as_before",
        3: "refused",
        4: "created",
        5: "created",
        6: "refused",
        7: "created",
        8: "created",
        9: "created",
    }
    assert refusals(plan) == [
        "row 3, A “ФИО”: This is the person of row 2: write each person once, or another role.",
        "row 6, A “ФИО”: This is the person of row 5: write each person once, or another role.",
    ]
    assert plan.new_persons == 3


def test_a_refused_row_leaves_nothing_behind_for_the_next_row_of_the_person(task, known):
    header = ("ФИО", "Роль", "Телефон", "с", "по")
    plan = planned(
        task,
        header,
        ("Gerasymov Oleh", "LTO", "+996 1", "2030-06-04", "2030-05-30"),
        ("Gerasymov Oleh", "STO", "", "", ""),
    )
    assert outcomes(plan) == {2: "refused", 3: "created"}
    assert (plan.rows[1].person, plan.rows[1].person.phone, plan.rows[1].changes) == (known, "", [])


def test_namesakes_in_one_mission_are_told_apart_by_a_decision(task, known):
    namesake = ObserverFactory(family_name="Gerasymov", given_names="Oleh", email="other@example.org")
    AssignmentFactory(observer=namesake, mission=task.mission)
    [row] = planned(task, ("ФИО",), ("Gerasymov Oleh",)).rows
    assert (row.outcome, set(row.suggested)) == ("waiting", {known.code, namesake.code})
    [row] = planned(task, ("ФИО", "E-mail"), ("Gerasymov Oleh", "other@example.org")).rows
    assert (row.outcome, row.person) == ("as_before", namesake)


def test_a_place_in_several_parties_asks_for_the_sender(mission, known):
    places = known.assignments
    places.update(deployment=party_of(mission, code="one"))
    AssignmentFactory(observer=known, mission=mission, deployment=party_of(mission, code="two"), role="long_term")
    assert refusals(planned(task_of(mission), ("ФИО",), ("Gerasymov Oleh",))) == [
        "row 2, A “ФИО”: This person has this role in several parties of the mission: name the sender of the list."
    ]
    one = task_of(mission, deployment=places.first().deployment)
    assert outcomes(planned(one, ("ФИО",), ("Gerasymov Oleh",))) == {2: "as_before"}


# Who may see whom


def test_persons_hidden_from_the_reader_are_never_suggested_nor_recognized(coordinator, northland_commission):
    task = task_of(mission_of(OrganizationFactory()))
    hidden = ObserverFactory(family_name="Gerasymov", given_names="Oleh")
    AssignmentFactory(observer=hidden, mission=task.mission)
    own = ObserverFactory(family_name="Herasymov", given_names="Oleh", owner=northland_commission)
    rows = (("ФИО",), ("Gerasymov Oleh",))
    assert planned(task, *rows, user=coordinator).rows[0].suggested == [own.code]
    own.delete()
    assert outcomes(planned(task, *rows, user=coordinator)) == {2: "created"}
    decided = planned(task, *rows, user=coordinator, decisions={2: hidden.code})
    assert decided.rows[0].person.pk is None
    assert outcomes(planned(task, *rows)) == {2: "as_before"}


def test_a_place_hidden_from_the_reader_makes_nobody_recognized(coordinator):
    """Named in public elsewhere; that the person is in this mission too is for its keepers to know."""
    task = task_of(mission_of(OrganizationFactory()))
    person = ObserverFactory(family_name="Example", given_names="Robin")
    AssignmentFactory(observer=person, mission=MissionFactory(), sources=[SourceFactory()])
    AssignmentFactory(observer=person, mission=task.mission, role="expert")
    assert outcomes(planned(task, ("ФИО",), ("Example Robin",), user=coordinator)) == {2: "waiting"}
    [row] = planned(task, ("ФИО",), ("Example Robin",), user=coordinator, decisions={2: person.code}).rows
    assert (row.outcome, row.place.role) == ("created", "short_term")
    assert outcomes(planned(task, ("ФИО",), ("Example Robin",))) == {2: "as_before"}


def test_a_hidden_spelling_finds_nobody(coordinator):
    task = task_of(mission_of(OrganizationFactory()))
    person = ObserverFactory(family_name="Example", given_names="Robin")
    AssignmentFactory(observer=person, mission=task.mission, sources=[SourceFactory()])
    ObserverNameFactory(
        observer=person, family_name="Secretov", given_names="Robin", source=SourceFactory(public=False)
    )
    assert outcomes(planned(task, ("ФИО",), ("Secretov Robin",), user=coordinator)) == {2: "created"}
    assert outcomes(planned(task, ("ФИО",), ("Secretov Robin",))) == {2: "as_before"}


def test_of_persons_whom_others_keep_nothing_is_compared_shown_or_changed(coordinator, southland_ministry):
    task = task_of(mission_of(OrganizationFactory()))
    theirs = ObserverFactory(
        family_name="Example", given_names="Robin", owner=southland_ministry, email="secret@example.org", phone="007"
    )
    AssignmentFactory(observer=theirs, mission=task.mission, role="expert", sources=[SourceFactory()])
    header = ("ФИО", "E-mail", "Телефон", "Роль", "Номер аккредитации")
    plan = planned(task, header, ("Example Robin", "new@example.org", "1", "STO", "A-1"), user=coordinator)
    [row] = plan.rows
    assert (row.outcome, row.person, row.changes) == ("created", theirs, [])
    assert (row.person.email, row.person.phone) == ("secret@example.org", "007")
    assert row.notes == ["Another organization keeps this person: name and contacts stay as they are."]
    plan = planned(task, header, ("Example Robin", "", "", "expert", "A-1"), user=coordinator)
    assert refusals(plan) == [
        "row 2, A “ФИО”: This person has this role there already, in a record that another organization keeps."
    ]


def test_planning_writes_nothing(task, known):
    before = everything_stored()
    rows = (("ФИО", "Пол"), ("Gerasymov Oleh", "м"), ("Herasymov Oleh", ""), ("Example Robin", "?"), ("New One", ""))
    planned(task, *rows)
    planned(task, *rows, decisions={3: ANOTHER_PERSON})
    assert everything_stored() == before
