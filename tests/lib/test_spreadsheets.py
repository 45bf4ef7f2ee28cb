"""Spreadsheets as secretariats send them, read as they were meant; and our own, which compute nothing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from lib.spreadsheets import (
    UNREADABLE,
    SheetRow,
    Spreadsheet,
    SpreadsheetRefused,
    column_letter,
    is_unreadable,
    read_spreadsheet,
    write_spreadsheet,
)
from tests.lib.workbooks import MAIN, book, sheet_of, short_id


def saved(workbook: Workbook) -> bytes:
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


def workbook_with(*rows: list[object]) -> Workbook:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    return workbook


def cells_of(content: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in read_spreadsheet("people.xlsx", content).rows]


def one_cell(cell: str, **parts: str) -> str:
    [(text,)] = cells_of(book(sheet_of(f'<row r="1">{cell}</row>'), **parts))
    return text


# Workbooks


def test_the_rows_that_hold_something_come_with_their_numbers_and_equally_wide():
    workbook = workbook_with(["Имя", " Country\u00a0"], [], ["Серик", None, "x"], [" ", ""], ["Дана"])

    assert read_spreadsheet("people.xlsx", saved(workbook)) == Spreadsheet(
        rows=[
            SheetRow(1, ("Имя", "Country", "")),
            SheetRow(3, ("Серик", "", "x")),
            SheetRow(5, ("Дана", "", "")),
        ],
        notes=[],
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2017, 10, 15), "2017-10-15"),
        (datetime.fromisoformat("2017-10-15"), "2017-10-15"),
        (datetime.fromisoformat("2017-10-15 18:00"), "2017-10-15 18:00"),
        (datetime.fromisoformat("2017-10-15 23:59:59"), "2017-10-15 23:59:59"),
        (datetime.fromisoformat("1900-01-01"), "1900-01-01"),
        (datetime.fromisoformat("1900-02-28"), "1900-02-28"),
        (datetime.fromisoformat("1900-03-01"), "1900-03-01"),
        (datetime.fromisoformat("9999-12-31"), "9999-12-31"),
        (time(9, 5), "09:05"),
        (timedelta(hours=26, minutes=30), "26:30"),
        (True, "true"),
        (False, "false"),
        (46, "46"),
        (46.0, "46"),
        (-1.5, "-1.5"),
        (0.1 + 0.2, "0.3"),
        (87012345678, "87012345678"),
        (1234567890123456, "1234567890123456"),
        ("'=1", "=1"),
        ("''=1", "'=1"),
        ("'quoted'", "'quoted'"),
        ("-", "-"),
        ("+7 701 000 00 00", "+7 701 000 00 00"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_a_cell_is_read_as_what_it_shows(value, text):
    assert cells_of(saved(workbook_with([value]))) == [(text,)]


@pytest.mark.parametrize(
    "value", [date(2017, 10, 15), datetime.fromisoformat("2017-10-15 18:00"), datetime.fromisoformat("1904-01-02")]
)
def test_dates_are_right_in_workbooks_that_count_from_1904(value):
    workbook = Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    workbook.active.append([value])

    assert cells_of(saved(workbook)) == [(f"{value}".removesuffix(" 00:00:00").removesuffix(":00"),)]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("dd.mm.yyyy", "2017-10-15"),
        ("[$-419]d mmmm yyyy\\ &quot;г.&quot;", "2017-10-15"),
        ("General", "43023"),
        ("0.00", "43023"),
        ("# ##0\\ _d", "43023"),
        ("0 &quot;days&quot;", "43023"),
        ("[Red]0", "43023"),
        ("0;[Red]d", "43023"),
        ("00000000", "00043023"),
    ],
)
def test_the_format_of_a_number_tells_whether_it_is_a_date(code, text):
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="{code}"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf/><xf numFmtId="164"/></cellXfs></styleSheet>'
    )

    assert one_cell('<c s="1"><v>43023</v></c>', styles=styles) == text


def test_formulas_are_read_as_the_values_stored_with_them_and_the_notes_say_so():
    row = (
        '<c r="A1"><f>B1*2</f><v>46</v></c><c r="B1" t="str"><f>"Ka"&amp;"zakh"</f><v>Kazakh</v></c>'
        '<c r="C1" t="str"><f>IF(A1,"")</f><v></v></c><c r="D1"><v>1</v></c>'
    )

    read = read_spreadsheet("people.xlsx", book(sheet_of(f'<row r="1">{row}</row>')))

    assert read.rows == [SheetRow(1, ("46", "Kazakh", "", "1"))]
    assert read.notes == ["2 cells hold formulas: the values that were stored with them were read."]


@pytest.mark.parametrize(
    ("cell", "instead"),
    [
        ("<c><f>A1&amp;B1</f></c>", "=A1&B1"),
        ("<c><f>A1&amp;B1</f><v></v></c>", "=A1&B1"),
        ('<c t="e"><v>#REF!</v></c>', "#REF!"),
        ('<c t="e"><f>A0</f><v>#N/A</v></c>', "#N/A"),
        ("<c><v>1e999</v></c>", "inf"),
        ('<c s="1"><v>-1</v></c>', "1899-12-29 00:00:00"),
        ('<c s="1"><v>2958466</v></c>', "#VALUE!"),
    ],
)
def test_a_cell_whose_value_is_not_in_the_file_is_marked(cell, instead):
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf/><xf numFmtId="14"/></cellXfs></styleSheet>'

    read = read_spreadsheet("people.xlsx", book(sheet_of(f"<row>{cell}</row>"), styles=styles))

    assert read.rows == [SheetRow(1, (UNREADABLE + instead,))]
    assert is_unreadable(read.rows[0].cells[0])
    assert read.notes == ["1 cell holds an error, or a formula without its value, and cannot be read."]


@pytest.mark.parametrize("text", ["", "-", "=1", "#REF!", "Серик"])
def test_text_is_not_marked(text):
    assert not is_unreadable(text)


def test_texts_in_pieces_are_put_together_without_reading_aids_and_escapes():
    shared = f'<sst xmlns="{MAIN}"><si><r><t>Се</t></r><r><t>рик</t></r><rPh sb="0" eb="1"><t>no</t></rPh></si></sst>'

    assert one_cell('<c t="s"><v>0</v></c>', shared=shared) == "Серик"
    assert one_cell('<c t="inlineStr"><is><r><t>a_x000D_</t></r><r><t>_x005F_b</t></r></is></c>') == "a\r_b"
    assert one_cell('<c t="d"><v>2017-10-15T18:00:00Z</v></c>') == "2017-10-15 18:00"


def test_cells_and_rows_without_addresses_stand_next_to_each_other():
    rows = '<row/><row><c/><c><v>1</v></c></row><row r="7"><c r="C7"><v>2</v></c><c><v>3</v></c></row>'

    assert read_spreadsheet("people.xlsx", book(sheet_of(rows))).rows == [
        SheetRow(2, ("", "1", "", "")),
        SheetRow(7, ("", "", "2", "3")),
    ]


def test_prefixes_of_xml_say_nothing():
    sheet = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>'
    sheet += "<x:row><x:c><x:v>46</x:v></x:c></x:row></x:sheetData></x:worksheet>"

    assert cells_of(book(sheet)) == [("46",)]


def test_the_first_sheet_that_holds_anything_is_read_and_the_others_are_named():
    workbook = Workbook()
    workbook.active.title = "Empty"
    workbook.create_sheet("Lookup").append(["hidden"])
    workbook["Lookup"].sheet_state = "veryHidden"
    workbook.create_sheet("List").append(["Name"])
    workbook.create_sheet("Notes").append([1])
    workbook.create_sheet("Empty too")

    assert read_spreadsheet("people.xlsx", saved(workbook)) == Spreadsheet(
        rows=[SheetRow(1, ("Name",))],
        notes=["Only the sheet “List” was read; “Lookup” (hidden), “Notes” were not."],
    )


def test_a_hidden_sheet_is_read_where_no_other_holds_anything():
    workbook = Workbook()
    workbook.create_sheet("List").append(["Name"])
    workbook["List"].sheet_state = "hidden"

    assert read_spreadsheet("people.xlsx", saved(workbook)).notes == ["The sheet “List” is hidden; it was read."]


def test_hidden_rows_and_columns_are_read_and_the_notes_say_so():
    workbook = workbook_with(["Name", "Post"], ["Серик", "clerk"], [])
    workbook.active.row_dimensions[2].hidden = True
    workbook.active.row_dimensions[3].hidden = True
    workbook.active.column_dimensions["B"].hidden = True
    workbook.active.column_dimensions["Z"].hidden = True

    assert read_spreadsheet("people.xlsx", saved(workbook)) == Spreadsheet(
        rows=[SheetRow(1, ("Name", "Post")), SheetRow(2, ("Серик", "clerk"))],
        notes=["1 hidden row was read like the others.", "Hidden columns were read like the others: B."],
    )


@pytest.mark.parametrize(
    ("rows", "row", "column", "sentence"),
    [
        (
            "<row/><row>" + "<c/>" * 60 + "<c><v>1</v></c></row>",
            2,
            "BI",
            "Cell BI2 holds something, but only the first 60 columns are read: delete the columns that are not needed.",
        ),
        (
            f'<row><c/><c t="str"><v>{"x" * 32_768}</v></c></row>',
            1,
            "B",
            "The text in cell B1 is longer than 32,767 characters: shorten it.",
        ),
        (
            '<row r="3"><c t="s"><v>0</v></c></row>',
            3,
            "A",
            "The text in cell A3 is longer than 32,767 characters: shorten it.",
        ),
        (
            "<row><c><v>1</v></c></row>" * 20_001,
            20_001,
            "",
            "The list has more than 20,000 rows: split it into several files.",
        ),
        (
            ("<row>" + '<c t="s"><v>1</v></c>' * 60 + "</row>") * 100,
            34,
            "",
            "The list holds more than 10,000,000 characters: split it into several files.",
        ),
    ],
)
def test_a_list_beyond_the_limits_is_refused_with_its_place(rows, row, column, sentence):
    shared = f"<sst xmlns={MAIN!r}><si><t>{' ' * 32_768}</t></si><si><t>{'x' * 5_000}</t></si></sst>"

    with pytest.raises(SpreadsheetRefused) as refused:
        read_spreadsheet("people.xlsx", book(sheet_of(rows), shared=shared))

    assert (refused.value.row, refused.value.column, refused.value.sentence) == (row, column, sentence)
    assert str(refused.value) == sentence


def test_a_list_at_the_limits_is_read():
    row = "<row>" + '<c r="BH#"><v>1</v></c></row>'
    text = '<row><c t="s"><v>0</v></c></row>'
    shared = f"<sst xmlns={MAIN!r}><si><t>{'x' * 32_767}</t></si></sst>"

    rows = "".join(row.replace("#", str(number)) for number in range(1, 20_000))
    cells = cells_of(book(sheet_of(rows + text), shared=shared))

    assert len(cells) == 20_000
    assert cells[0] == ("",) * 59 + ("1",)
    assert cells[-1] == ("x" * 32_767,) + ("",) * 59


# CSV

RUSSIAN = "Имя;Город\nСерик Омаров;Алматы, «центр»\n"
RUSSIAN_ROWS = [SheetRow(1, ("Имя", "Город")), SheetRow(2, ("Серик Омаров", "Алматы, «центр»"))]


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("cp1251", "Windows-1251"),
    ],
)
def test_the_letters_of_a_csv_file_are_recognized_and_said(codec, name):
    assert read_spreadsheet("people.csv", RUSSIAN.encode(codec)) == Spreadsheet(
        RUSSIAN_ROWS, [f"Read as {name} with semicolons between the cells."]
    )


@pytest.mark.parametrize(
    ("codec", "name", "text"),
    [
        ("kz1048", "KZ-1048", "Әнуар Қасымов"),
        ("cp1252", "Windows-1252", "Müller José"),
        ("koi8-r", "KOI8-R", "Серик Омаров"),
        ("cp866", "DOS (866)", "Серик Омаров"),
        ("cp1251", "Windows-1251 (assumed: KOI8-R is possible too)", "серик омаров"),
        ("cp1251", "Windows-1251 (assumed: KZ-1048 is possible too)", "Їжак Євгенія Іванівна Ґудзь"),
    ],
)
def test_other_alphabets_are_told_by_the_words_that_they_make(codec, name, text):
    read = read_spreadsheet("people.csv", f"Name\t{text}\n".encode(codec))

    assert read == Spreadsheet([SheetRow(1, ("Name", text))], [f"Read as {name} with tabs between the cells."])


def test_utf_16_is_read_in_either_order_of_bytes():
    little, big = (
        read_spreadsheet("people.csv", f"\ufeff{RUSSIAN}".encode(f"utf-16-{order}")) for order in ("le", "be")
    )

    assert little == big == Spreadsheet(RUSSIAN_ROWS, ["Read as UTF-16 with semicolons between the cells."])


def test_letters_that_make_words_in_no_alphabet_are_refused_with_their_line():
    content = "Имя\nСерик".encode() + b"\xd0\n" + "Омаров".encode()

    with pytest.raises(
        SpreadsheetRefused, match=r"line 2 cannot be read: save the file as CSV UTF-8 or \.xlsx"
    ) as refused:
        read_spreadsheet("people.csv", content)

    assert refused.value.row == 2


@pytest.mark.parametrize(
    ("text", "rows", "between"),
    [
        ("a;b\n1,5;2\n", [("a", "b"), ("1,5", "2")], "with semicolons between the cells"),
        ("a,b\n1;5,2\n", [("a", "b"), ("1;5", "2")], "with commas between the cells"),
        ('"a;b;c",d\n"e;f;g",h\n', [("a;b;c", "d"), ("e;f;g", "h")], "with commas between the cells"),
        ("a\tb\n1,5\t2\n", [("a", "b"), ("1,5", "2")], "with tabs between the cells"),
        (
            "Участники, список\nИмя;Город\nА;Б\n",
            [("Участники, список", ""), ("Имя", "Город"), ("А", "Б")],
            "with semicolons between the cells",
        ),
        ("a\nb\n", [("a",), ("b",)], "with one cell in each line"),
    ],
)
def test_the_separator_is_the_one_that_makes_rows_of_one_width(text, rows, between):
    read = read_spreadsheet("people.csv", text.encode())

    assert [row.cells for row in read.rows] == rows
    assert read.notes == [f"Read as UTF-8 {between}."]


def test_a_csv_file_may_name_its_separator_as_excel_does():
    read = read_spreadsheet("people.csv", b"sep=,\r\na;b,c\r\n")

    assert read.rows == [SheetRow(2, ("a;b", "c"))]


def test_rows_are_numbered_by_the_line_where_they_begin():
    read = read_spreadsheet("people.csv", b'Name,Post\r\n\r\n" A\nB ",x\r\n,\r\nC,""\r\n')

    assert read.rows == [SheetRow(1, ("Name", "Post")), SheetRow(3, ("A\nB", "x")), SheetRow(6, ("C", ""))]


def test_a_formula_in_a_csv_file_has_no_value_and_other_signs_are_text():
    read = read_spreadsheet("people.csv", b"=A1&B1,'=A1,+7 701,'+7 701,-,@x\n")

    assert read.rows == [SheetRow(1, (UNREADABLE + "=A1&B1", "=A1", "+7 701", "+7 701", "-", "@x"))]
    assert read.notes[1:] == ["Cells that hold formulas, which cannot be read without their values: 1."]


@pytest.mark.parametrize(
    ("content", "row", "said"),
    [
        (b'a,b\nc,d\ne,"f\ng,h\n', 3, "In the row that begins in line 3 a quotation mark is not closed"),
        (b'a,b\n"c" d,e\n', 2, "In the row that begins in line 2 a quotation mark is not closed"),
        (b"a,b\nc,\0\n", 2, "Line 2 holds a NUL character"),
        (b"a\n\0", 2, "Line 2 holds a NUL character"),
        (b"a\n" + b"x" * 32_768, 2, "The text in cell A2 is longer than 32,767 characters"),
        (b"a\n" + b"x" * 200_000, 2, "A cell in line 2 is longer than 32,767 characters"),
        (b"\n" + b"a," * 61, 2, "Cell BI2 holds something"),
        (b"a\n" * 20_001, 20_001, "The list has more than 20,000 rows"),
        (b",,\n,\n", 0, "The file is empty: none of its lines holds anything."),
    ],
    ids=short_id,
)
def test_a_bad_csv_file_is_refused_with_its_line(content, row, said):
    with pytest.raises(SpreadsheetRefused) as refused:
        read_spreadsheet("people.csv", content)

    assert refused.value.sentence.startswith(said)
    assert refused.value.row == row


# Both


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [("people.csv", book(), "a workbook (.xlsx)"), ("people.XLSX", b"Name", "text (CSV)")],
    ids=short_id,
)
def test_a_file_is_what_it_holds_and_the_notes_say_so_where_its_name_differs(name, content, kind):
    read = read_spreadsheet(name, content)

    assert read.rows == [SheetRow(1, ("Name",))]
    assert read.notes[0] == f"Whatever its name says, the file is {kind} and was read as such."


def test_columns_are_named_as_spreadsheet_programs_do():
    letters = [column_letter(index) for index in (0, 25, 26, 51, 52, 701, 702, 16_383)]

    assert letters == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD"]


def test_what_we_write_computes_nothing_and_shows_every_text():
    content = write_spreadsheet(
        ["Name", "=x"], [["#N/A", "+7"], ["a\x01", "'=1"]], "Refused: [people] of a very long title"
    )

    sheet = load_workbook(BytesIO(content)).active
    assert sheet.title == "Refused   people  of a very lon"
    assert [[cell.value for cell in row] for row in sheet.rows] == [["Name", "'=x"], ["#N/A", "'+7"], ["a�", "''=1"]]
    assert {cell.data_type for row in sheet.rows for cell in row} == {"s"}


TEXT = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffc\ufffe\uffff"), min_size=1, max_size=20
)


@given(st.lists(st.lists(TEXT.map(str.strip).filter(bool), min_size=3, max_size=3), min_size=1, max_size=5))
def test_what_we_write_is_read_back_unchanged(rows):
    read = read_spreadsheet("refused.xlsx", write_spreadsheet(rows[0], rows[1:], "Refused"))

    assert read == Spreadsheet([SheetRow(number, tuple(row)) for number, row in enumerate(rows, 1)], [])
