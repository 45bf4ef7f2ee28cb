"""Which headers of a spreadsheet of people are never read, which say how a name is spelled, and which are titles."""

from __future__ import annotations

import pytest

from lib.spreadsheets import SheetRow, Spreadsheet
from missions.people.fields import Field
from missions.people.header_words import _HEADERS, field_of_header, never_stored
from missions.people.layout import lay_out
from tests.missions.people_sheets import laid_out


def said_of(header):
    """What becomes of a column with this header beside one of names."""
    return laid_out(("Observer", header), ("Robin Example", "something")).columns[1]


# What is never stored

NEVER = {
    "documents and numbers of a person": [
        *("Passport (number)", "Passport / Паспорт", "Name and passport number", "ePassport", "Passeport", "Pass No"),
        *("Pass number", "Pass №", "passport_number", "Document number", "Document no.", "Серия", "Серия и номер"),
        *("Загранпаспорт", "Паспорт, серия и номер", "Номер документа", "Документ", "Құжат нөмірі", "Төлқұжат нөмірі"),
        *("ИИН", "ЖСН", "ИНН", "ПИНФЛ", "СНИЛС", "SSN", "Tax ID", "Tax number", "Visa number", "Виза", "Кем выдан"),
        *("Дата выдачи", "Date of issue", "Issued by", "National ID", "ID card", "id_number", "Номер по паспорту"),
        *("Удостоверения личности", "Жеке куәлігі", "Водительские права", "Действителен до", "Valid until"),
        *("Number as in passport", "Серия (паспорт)", "Number (passport)", "Passport (as in passport)"),
        *("Name / Passport (as in passport)", "ФИО (по паспорту, номер паспорта)", "Дата\nвыдачи"),
    ],
    "birth and age": [
        *("Date of birth", "date_of_birth", "DOB", "D.O.B.", "Born", "Age", "Дата рождения", "Возраст", "Д.р."),
        *("Туған күні", "Жасы", "Год и место рождения", "Date de naissance"),
    ],
    "health": [
        *("Blood group", "Blood type", "Группа крови", "Қан тобы", "Disability", "Инвалидность", "Мүгедектік"),
        *("Insurance", "Страховой полис", "Страховка", "Медстраховка", "Allergies", "Состояние здоровья", "COVID-19"),
        *("Dietary requirements", "Денсаулығы"),
    ],
    "money": ["IBAN", "Bank account", "Банковский счет", "Банковский счёт", "Номер счёта", "Salary", "Жалақысы"],
    "belief, politics and the law": [
        *("Religion", "Религия", "Вероисповедание", "Діні", "Party membership", "Партийность", "Партия мүшелігі"),
        *("Political affiliation", "Судимость", "Trade union"),
    ],
    "ethnic origin; citizenship is “Гражданство” or “Citizenship”": [
        *("Ethnicity", "Ethnic group", "Национальность", "Национальность / Nationality", "Ұлты", "Race"),
    ],
    "family": ["Marital status", "Семейное положение", "Отбасылық жағдайы", "Emergency contact", "Next of kin"],
    "home": [
        *("Home address", "Домашний адрес", "Үй мекенжайы", "Үй мекен-жайы", "Адрес проживания", "Мекенжайы"),
        *("Мекен-жайы", "Address", "Address / Адрес", "Адрес (полный)", "Place of residence", "Прописка"),
    ],
}


@pytest.mark.parametrize(("subject", "header"), [(key, header) for key, headers in NEVER.items() for header in headers])
def test_a_column_of_what_no_record_needs_is_never_read_and_the_sentence_names_it(subject, header):
    column = said_of(header)

    assert (column.field, column.can_be_chosen) == (Field.IGNORE, False)
    sentence = f"Never stored: “{header}” says more of a person than the record needs ({subject})."
    assert column.remark == sentence.replace("\n", "�")


@pytest.mark.parametrize(
    "header",
    [
        *("agency", "Agency", "языки", "management", "Language", "Passenger", "Taxi", "Pinned", "Stage", "Жасыл"),
        *(
            "Nationality",
            "Country",
            "State",
            "Gender",
            "Sex",
            "Организация",
            "Банкет",
            "Должность и др.",
            "Титул (д-р)",
        ),
        *("Электронный адрес", "E-mail address", "Эл. адрес", "Polling station (address)", "Адрес участка", "Визит"),
        *("Номер аккредитации", "Удостоверение наблюдателя", "Badge number", "Home country", "Status", "Отчество"),
    ],
)
def test_a_column_of_something_else_may_be_read(header):
    assert said_of(header).can_be_chosen


def test_no_header_that_is_understood_is_never_stored():
    words = [word for listed in _HEADERS.values() for word in listed.split(",")]

    assert [word for word in words if never_stored(word)] == []


# How a name is spelled


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Full name (as in passport)", Field.FULL_NAME_FAMILY_LAST),
        ("Full name as it appears in the passport", Field.FULL_NAME_FAMILY_LAST),
        ("Name as per passport", Field.FULL_NAME_FAMILY_LAST),
        ("Surname, as in ID card", Field.FAMILY_NAME),
        ("Фамилия (как в паспорте)", Field.FAMILY_NAME),
        ("Фамилия\n(как в загранпаспорте)", Field.FAMILY_NAME),
        ("Имя (латиницей, как указано в паспорте)", Field.GIVEN_NAMES),
        ("Имя, фамилия (по паспорту)", Field.FULL_NAME_FAMILY_LAST),
        ("ФИО по паспорту", Field.FULL_NAME_FAMILY_FIRST),
        ("ФИО согласно паспортным данным", Field.FULL_NAME_FAMILY_FIRST),
        ("ФИО (по удостоверению личности)", Field.FULL_NAME_FAMILY_FIRST),
        ("Аты-жөні (паспорт бойынша)", Field.FULL_NAME_FAMILY_FIRST),
        ("Тегі төлқұжат бойынша", Field.FAMILY_NAME),
        ("Citizenship (passport)", Field.NATIONALITY),
        ("Гражданство (паспорт)", Field.NATIONALITY),
    ],
)
def test_a_name_as_the_passport_spells_it_is_a_name(header, field):
    assert (field_of_header(header), never_stored(header)) == (field, "")
    column = laid_out((header, "Post"), ("Example", "Clerk")).columns[0]
    assert column.can_be_chosen


def test_given_names_as_in_the_passport_are_known_beside_a_family_name():
    layout = laid_out(("Surname", "Name (as in passport)"), ("Example", "Robin"))

    assert [column.field for column in layout.columns] == [Field.FAMILY_NAME, Field.GIVEN_NAMES]


# Titles, and headers of two lines


def headers(*rows, numbers=None):
    """The headers that are read of these rows, standing in the lines `numbers` of the sheet."""
    width = max(map(len, rows))
    padded = [(*row, *[""] * (width - len(row))) for row in rows]
    sheet = Spreadsheet([SheetRow(*each) for each in zip(numbers or range(1, 99), padded, strict=False)], [])
    return [column.header for column in lay_out(sheet, remembered={}).columns]


ROW = ("Example", "Robin", "Clerk", "chess")


def test_a_title_above_the_header_is_no_part_of_it():
    header = ("Surname", "First name", "Post", "Hobby")

    assert headers(("List of observers of the Republic",), header, ROW) == [*header]
    assert headers(("Passports of observers",), header, ROW) == [*header]


def test_a_title_that_stands_where_a_later_table_begins_is_no_part_of_the_header():
    header = ("", "Surname", "First name", "Hobby")

    assert headers(("", "List of observers"), header, ("", *ROW)) == ["Surname", "First name", "Hobby", ""]
    assert headers(("List of observers",), header, ("", *ROW)) == ["Surname", "First name", "Hobby", ""]


@pytest.mark.parametrize(
    "title", [("List of observers", "", "2030"), ("", "", "Annex 2"), ("List of observers", "", "", "Annex 2")]
)
def test_a_title_with_a_date_or_off_the_edge_is_no_part_of_the_header(title):
    header = ("Surname", "First name", "Post", "Hobby")

    assert headers(title, header, ROW) == [*header]


def test_a_merged_header_belongs_to_the_columns_beneath_it():
    below = ("Surname", "First name", "from", "to", "Hobby")

    upper = ("Observer", "", "Dates", "", "Other")
    assert headers(upper, below, ROW) == ["Surname", "First name", "Dates from", "Dates to", "Other Hobby"]
    upper = ("", "", "Dates", "", "")
    assert headers(upper, below[:4], ROW) == ["Surname", "First name", "Dates from", "Dates to"]


def test_two_merged_headers_tell_equal_columns_apart():
    upper, lower = ("Surname", "Home", "", "Work", ""), ("", "Tel", "Street", "Tel", "Street")

    assert headers(upper, lower, ROW) == ["Surname", "Tel", "Home Street", "Tel", "Work Street"]
    assert headers(("Office", "", "Club", ""), ("Name", "Room", "Name", "Room"), ROW) == [
        *("Name", "Office Room", "Name", "Club Room"),
    ]


def test_a_header_that_goes_on_in_the_next_line_is_read_whole():
    upper, lower = ("", "Given", "Дата", "Дата"), ("Surname", "names", "приезда", "отъезда")

    assert headers(upper, lower, ROW) == ["Surname", "Given names", "Дата приезда", "Дата отъезда"]


def test_documents_beneath_a_merged_header_are_never_stored():
    layout = laid_out(("Observer", "Passport", ""), ("", "Number", "Date"), ("Robin Example", "N1", "2030-01-01"))

    assert [(column.header, column.can_be_chosen) for column in layout.columns] == [
        ("Observer", True),
        ("Passport Number", False),
        ("Passport Date", False),
    ]


def test_lines_with_a_blank_line_between_them_are_never_joined():
    rows = (("", "", "Дата", "Дата"), ("Surname", "Hobby", "приезда", "отъезда"), ROW)

    assert headers(*rows, numbers=(1, 2, 3)) == ["Surname", "Hobby", "Дата приезда", "Дата отъезда"]
    assert headers(*rows, numbers=(1, 3, 4)) == ["Surname", "Hobby", "приезда", "отъезда"]


def test_a_line_of_a_csv_file_with_a_line_break_in_a_cell_has_the_next_line_beneath_it():
    rows = (("", "", "Дата\r\n(день)", "Дата"), ("Surname", "Hobby", "приезда", "отъезда"), ROW)

    assert headers(*rows, numbers=(1, 3, 4))[3] == "Дата отъезда"
    assert headers(*rows, numbers=(1, 4, 5))[3] == "отъезда"
