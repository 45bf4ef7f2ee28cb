"""`import_people`: spreadsheets of people read into a mission from the command line."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from lib.spreadsheets import read_spreadsheet
from missions.models import Assignment, RememberedColumn
from observers.models import Observer, ObserverName
from tests.conftest import everything_stored
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    HeadCountFactory,
    MissionFactory,
    ObserverFactory,
    RegionFactory,
    SourceFactory,
)
from tests.missions.people_sheets import csv_file, mission_of, party_of, xlsx_file

ENGLISH = (
    ("Surname", "Given names", "Nationality", "Role", "From", "To", "E-mail", "Post"),
    ("Example", "Robin", "Kazakhstan", "STO", "2030-05-30", "4 June 2030", "robin@example.org", "Clerk"),
    ("Sample", "Kim", "UZ", "long-term observer", "15.05.2030", "", "", ""),
)
RUSSIAN = (
    ("Список наблюдателей Северной комиссии",),
    (),
    ("№ п/п", "Ф.И.О.", "Гражданство", "Пол", "Период пребывания", "", "Должность", "Дата рождения"),
    ("", "", "", "", "с", "по", "", ""),
    ("1", "2", "3", "4", "5", "6", "7", "8"),
    ("1", "Примеров Роман Ильич", "Республика Казахстан", "м", "30.05.2030", "04.06.2030", "член комиссии", "1.1.1980"),
    ("2", "Образцова Кира", "РК", "ж", "30 мая 2030 г.", "", "депутат", "2.2.1981"),
    ("3", "", "", "", "", "", "", ""),
)
KAZAKH = (
    ("р/с", "Аты-жөні", "Азаматтығы", "Жынысы", "Келу күні", "Лауазымы", "Рөлі"),
    ("1", "Үлгібаев Нұрлан", "Қазақстан", "ер", "2030 жылғы 30 мамыр", "комиссия мүшесі", "қысқа мерзімді байқаушы"),
    ("2", "Мысалова Әсем", "Қазақстан", "әйел", "30 мамыр 2030", "", ""),
)


@pytest.fixture
def mission(secretariat):
    return mission_of(secretariat)


@pytest.fixture
def read_in(tmp_path, mission):
    """Runs the command on a file and answers what it said, outputs and errors together."""

    def read_in(content, *options, name="people.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        said = io.StringIO()
        call_command("import_people", path, "--mission", mission.code, *options, stdout=said, stderr=said)
        return said.getvalue()

    return read_in


def people():
    columns = ("family_name", "given_names", "nationality", "gender", "email")
    return list(Observer.objects.order_by("family_name").values_list(*columns))


def places():
    columns = ("observer__family_name", "role", "starts_on", "ends_on", "post")
    return list(Assignment.objects.order_by("observer__family_name", "role").values_list(*columns))


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_an_english_list_is_read(read_in, make):
    read_in(make(*ENGLISH), "--yes")
    assert people() == [
        ("Example", "Robin", "KZ", "", "robin@example.org"),
        ("Sample", "Kim", "UZ", "", ""),
    ]
    assert places() == [
        ("Example", "short_term", date(2030, 5, 30), date(2030, 6, 4), "Clerk"),
        ("Sample", "long_term", date(2030, 5, 15), None, ""),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_a_russian_list_with_titles_two_header_lines_and_numbers_is_read(read_in, encoding):
    said = read_in(csv_file(*RUSSIAN, encoding=encoding, separator=";"), "--yes")
    assert people() == [("Образцова", "Кира", "KZ", "female", ""), ("Примеров", "Роман Ильич", "KZ", "male", "")]
    assert places() == [
        ("Образцова", "short_term", date(2030, 5, 30), None, "депутат"),
        ("Примеров", "short_term", date(2030, 5, 30), date(2030, 6, 4), "член комиссии"),
    ]
    assert "Row 5 only numbers the columns: left out." in said
    assert "1 row holds a number and no more: left out." in said
    assert "H “Дата рождения”: Not imported. Never stored" in said


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_a_kazakh_list_is_read(read_in, make):
    read_in(make(*KAZAKH), "--yes")
    assert people() == [("Мысалова", "Әсем", "KZ", "female", ""), ("Үлгібаев", "Нұрлан", "KZ", "male", "")]
    assert places() == [
        ("Мысалова", "short_term", date(2030, 5, 30), None, ""),
        ("Үлгібаев", "short_term", date(2030, 5, 30), None, "комиссия мүшесі"),
    ]


@pytest.mark.parametrize("rows", [ENGLISH, RUSSIAN, KAZAKH])
def test_the_same_file_twice_changes_nothing(read_in, rows):
    read_in(xlsx_file(*rows), "--yes")
    before = everything_stored()
    said = read_in(xlsx_file(*rows), "--yes")
    assert everything_stored() == before
    assert "0 created, 0 changed, 2 as before, 0 refused, 0 waiting" in said


def test_nothing_is_changed_without_yes(read_in):
    before = everything_stored()
    said = read_in(csv_file(*ENGLISH))
    assert everything_stored() == before
    assert "2 created, 0 changed, 0 as before, 0 refused, 0 waiting" in said
    assert said.endswith("Nothing was changed. Add --yes to store this.\n")


def test_places_cite_the_source_belong_to_the_party_and_are_kept_by_the_owner(
    read_in, mission, northland_commission, rebuild
):
    party = party_of(mission, northland_commission)
    source = SourceFactory(code="gazette-2030-05-20")
    options = ("--sender", "northland-commission", "--source", source.code, "--owner", northland_commission.code)
    read_in(csv_file(*ENGLISH), *options, "--yes")
    for place in Assignment.objects.all():
        assert (place.mission, place.deployment, place.owner) == (mission, party, northland_commission)
        assert place.observer.owner == northland_commission
        assert list(place.sources.all()) == [source]
    assert Assignment.objects.count() == 2
    assert Observer.objects.search("robin exampel").count() == 0
    assert Observer.objects.search("ROBIN example").count() == 1


def test_stored_readings_are_rebuilt_and_the_mission_told_as_changed(read_in, mission, rebuild):
    """Of a party over two missions, at least as many are in the one as are named there."""
    mission.kind = "ieom"
    mission.save()
    party = party_of(mission)
    other = MissionFactory(election=mission.election)
    for through in (mission, other):
        ChannelFactory(deployment=party, mission=through)
    HeadCountFactory(deployment=party, kind="announced", value=46)
    rebuild()
    of_mission = mission.readings.filter(kind="announced", audience="members")
    assert of_mission.get().low == 0
    before = mission.modified_at
    read_in(csv_file(*ENGLISH), "--sender", "KZ", "--source", SourceFactory().code, "--yes")
    assert of_mission.get().low == 2
    mission.refresh_from_db()
    assert mission.modified_at > before


def test_a_country_sends_the_party_through_this_mission(read_in, mission):
    party_of(mission, code="by-itself")
    through = party_of(mission, code="through-it")
    ChannelFactory(deployment=through, mission=mission)
    read_in(csv_file(*ENGLISH), "--sender", "KZ", "--yes")
    assert {place.deployment for place in Assignment.objects.all()} == {through}


def test_without_its_party_a_sender_is_told_to_record_it_first(read_in, northland_commission):
    with pytest.raises(CommandError, match=r"“northland-commission” is recorded at .*: record its deployment first"):
        read_in(csv_file(*ENGLISH), "--sender", "northland-commission")
    with pytest.raises(CommandError, match="“nobody” is neither the code of an organization nor the two letters"):
        read_in(csv_file(*ENGLISH), "--sender", "nobody")


def test_a_party_that_no_source_puts_into_the_mission_is_noted_and_not_refused(read_in, mission):
    party = party_of(mission)
    note = "No source records that this party went through this mission."
    said = read_in(csv_file(*ENGLISH), "--sender", "KZ")
    assert (note in said, "2 created" in said) == (True, True)
    assert note not in read_in(csv_file(*ENGLISH))
    ChannelFactory(deployment=party, mission=mission)
    assert note not in read_in(csv_file(*ENGLISH), "--sender", "KZ")


def test_of_several_parties_one_has_to_be_chosen_by_its_code(read_in, mission):
    party_of(mission, code="party-one")
    party_of(mission, code="party-two")
    with pytest.raises(CommandError, match=r"several parties to .*: choose one of party-one, party-two"):
        read_in(csv_file(*ENGLISH), "--sender", "KZ")
    read_in(csv_file(*ENGLISH), "--sender", "party-two", "--yes")
    assert {place.deployment.code for place in Assignment.objects.all()} == {"party-two"}


def test_refused_rows_stop_no_others_and_come_back_in_a_sheet_that_can_be_mended(read_in, tmp_path):
    rows = [
        ("Фамилия", "Имя", "Дата приезда", "Тайный столбец"),
        ("Example", "Robin", "2030-05-30", "one"),
        ("Sample", "Kim", "32.10.2017", "two"),
        ("", "Lee", "10.2017", "three"),
    ]
    refused = tmp_path / "refused.xlsx"
    said = read_in(csv_file(*rows), "--yes", "--refused", str(refused))
    sentences = [
        "row 3, C “Дата приезда”: “32.10.2017” is not in the calendar.",
        "row 4, C “Дата приезда”: “10.2017” names a month: this box needs a day, for example 2017-10-15.",
        "row 4, A “Фамилия”: There is no name in this row.",
    ]
    assert [line for line in said.splitlines() if line.startswith("row")][1:] == sentences
    assert people() == [("Example", "Robin", "", "", "")]
    sent_back = [row.cells for row in read_spreadsheet("refused.xlsx", refused.read_bytes()).rows]
    assert sent_back == [
        ("Фамилия", "Имя", "Дата приезда", "Тайный столбец", "What is wrong"),
        ("Sample", "Kim", "32.10.2017", "two", sentences[0]),
        ("", "Lee", "10.2017", "three", "; ".join(sentences[1:])),
    ]
    mended = [list(row) for row in sent_back]
    mended[1][2], mended[2][0], mended[2][2] = "31.05.2030", "Model", "01.06.2030"
    said = read_in(xlsx_file(*mended), "--yes", name="people.xlsx")
    assert "2 created, 0 changed, 0 as before, 0 refused" in said
    assert [place[:3] for place in places()] == [
        ("Example", "short_term", date(2030, 5, 30)),
        ("Model", "short_term", date(2030, 6, 1)),
        ("Sample", "short_term", date(2030, 5, 31)),
    ]


def test_a_formula_without_its_value_stays_refused_in_the_sheet_that_comes_back(read_in, tmp_path):
    refused = tmp_path / "refused.xlsx"
    rows = [("Name", "Post"), ("Robin Example", "=A1&B1")]
    expected = "row 2, B “Post”: “=A1&B1” is a formula without a value, or an error: write the value itself."
    assert expected in read_in(csv_file(*rows), "--refused", str(refused))
    assert expected in read_in(refused.read_bytes(), name="refused.xlsx")
    assert Observer.objects.count() == 0


def test_look_alikes_wait_for_a_decision_and_nothing_is_stored(read_in, mission):
    known = ObserverFactory(family_name="Gerasymov", given_names="Oleh", nationality="UA")
    AssignmentFactory(observer=known, mission=mission, role="short_term", post="Clerk")
    rows = csv_file(("ФИО",), ("Герасимов Олег",), ("Other Person",))
    before = everything_stored()
    said = io.StringIO()
    with pytest.raises(CommandError, match="decide each row above with --same ROW=UUID or --new ROW"):
        said.write(read_in(rows, "--yes"))
    assert everything_stored() == before

    with pytest.raises(CommandError, match="there is no observer with the code “nobody”"):
        read_in(rows, "--same", "2=nobody")
    read_in(rows, "--same", f"2={known.code}", "--yes")
    spelling = ObserverName.objects.get()
    assert (spelling.observer, spelling.language, str(spelling)) == (known, "ru", "Олег Герасимов")
    assert Observer.objects.search("Олег").get() == known
    assert Assignment.objects.filter(observer=known).count() == 1

    before = everything_stored()
    assert "2 as before" in read_in(rows, "--yes")
    assert everything_stored() == before


def test_another_person_is_a_person_of_their_own(read_in):
    known = ObserverFactory(family_name="Gerasymov", given_names="Oleh")
    rows = csv_file(("ФИО",), ("Герасимов Олег",))
    read_in(rows, "--new", "2", "--yes")
    assert Observer.objects.exclude(pk=known.pk).get().full_name == "Олег Герасимов"
    before = everything_stored()
    assert "1 as before" in read_in(rows, "--yes")
    assert everything_stored() == before


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--same", "two=x"], "“two=x” is not understood: write --same 14=UUID or --new 14"),
        (["--new", "9"], "the file has no person in row 9"),
        (["--new", "2", "--new", "2"], "row 2 is decided twice"),
        (["--role", "king"], "“king” is no role"),
        (["--source", "no-such"], "there is no source with the code “no-such”"),
        (["--owner", "no-such"], "there is no organization with the code “no-such”"),
        (["--column", "Surname=crown"], "“crown” is no field"),
        (["--column", "Crown=post"], "there is no column “Crown”. Columns: “Surname”, “Given names”"),
        (["--column", "Surname=post"], "No column holds the names"),
    ],
)
def test_options_that_make_no_sense_are_refused_with_a_sentence(read_in, options, sentence):
    before = everything_stored()
    with pytest.raises(CommandError, match=f"Nothing was changed: {sentence}"):
        read_in(csv_file(*ENGLISH), "--yes", *options)
    assert everything_stored() == before


def test_a_missing_a_huge_and_an_unreadable_file_are_refused(read_in, mission, tmp_path):
    with pytest.raises(CommandError, match=r"gone\.csv cannot be read: No such file"):
        call_command("import_people", tmp_path / "gone.csv", "--mission", mission.code)
    with pytest.raises(CommandError, match=r"people\.csv: the file is larger than 5 MB"):
        read_in(b"x" * 5_000_001)
    with pytest.raises(CommandError, match=r"people\.csv: The file is empty"):
        read_in(b"")
    with pytest.raises(CommandError, match="there is no mission with the code “nowhere”"):
        call_command("import_people", tmp_path / "gone.csv", "--mission", "nowhere")


def test_what_was_chosen_for_a_header_is_remembered_for_the_owner_alone(read_in, northland_commission):
    rows = csv_file(("Familienname", "Beruf"), ("Example", "Clerk"))
    with pytest.raises(CommandError, match="No column holds the names"):
        read_in(rows)
    chosen = ("--column", "Familienname=family_name", "--column", "Beruf=post")
    read_in(rows, *chosen, "--owner", northland_commission.code)
    assert RememberedColumn.objects.count() == 0
    read_in(rows, *chosen, "--owner", northland_commission.code, "--yes")
    assert [place[4] for place in places()] == ["Clerk"]
    said = read_in(rows, "--owner", northland_commission.code)
    assert "A “Familienname”: Family name. As chosen the last time." in said
    with pytest.raises(CommandError, match="No column holds the names"):
        read_in(rows)


def test_a_column_that_is_never_stored_cannot_be_chosen(read_in):
    with pytest.raises(CommandError, match="the column “Паспорт №” is never stored"):
        read_in(csv_file(("ФИО", "Паспорт №"), ("Example Robin", "N1234567")), "--column", "Паспорт №=internal_note")


def test_regions_are_those_of_the_host_country(read_in):
    chui = RegionFactory(iso="KG-C", country="KG", name="Чуйская область")
    RegionFactory(iso="KZ-AKM", country="KZ", name="Акмолинская область")
    rows = csv_file(
        ("ФИО", "Область"), ("Example A", "KG-C"), ("Example B", "Чуйская"), ("Example C", "Акмолинская область")
    )
    said = read_in(rows, "--yes")
    assert {place.region for place in Assignment.objects.all()} == {chui}
    assert "row 4, B “Область”: “Акмолинская область” is no recorded region of Kyrgyzstan" in said
