import json
from io import BytesIO

import pytest
from django.http import FileResponse
from openpyxl import load_workbook

from lib import table_files
from lib.table_files import ndjson_response, xlsx_response
from tests.lib.test_csv_stream import Numbers


def body_of(response):
    body = b"".join(response.streaming_content)
    # As the server does when all is sent.
    if isinstance(response, FileResponse):
        response.file_to_stream.close()
    return body


def sheets(response):
    book = load_workbook(BytesIO(body_of(response)))
    return [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets]


ROWS = [{"b": 46, "a": "Қазақ\n“2017”", "not_asked_for": 1}, {"a": None, "b": ["cis", "osce"]}]


def test_ndjson_has_an_object_on_each_line_with_the_columns_asked_for():
    lines = body_of(ndjson_response("rows.ndjson", ["a", "b"], ROWS)).decode().splitlines()
    assert lines == ['{"a": "Қазақ\\n“2017”", "b": 46}', '{"a": null, "b": ["cis", "osce"]}']
    assert [json.loads(line)["b"] for line in lines] == [46, ["cis", "osce"]]


def test_rows_of_ndjson_are_read_while_they_are_sent():
    numbers = Numbers()
    chunks = iter(ndjson_response("numbers.ndjson", ["number"], numbers).streaming_content)
    next(chunks)
    assert len(numbers.read) == 500


def test_a_workbook_has_a_header_row_numbers_as_numbers_and_all_else_as_csv_has_it():
    assert sheets(xlsx_response("rows.xlsx", ["a", "b"], ROWS)) == [
        [["a", "b"], ["Қазақ\n“2017”", 46], [None, "cis; osce"]]
    ]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_a_workbook_is_computed(begins):
    [[_header, [cell]]] = sheets(xlsx_response("rows.xlsx", ["a"], [{"a": f"{begins}1+1"}]))
    # XML reads a carriage return as the end of a line.
    assert cell == f"'{begins}1+1".replace("\r", "\n")


def test_what_a_cell_cannot_hold_leaves_a_mark():
    told = [{"a": "no\0names\x0b"}, {"a": "x" * 40_000}]
    [[_header, [control], [long]]] = sheets(xlsx_response("rows.xlsx", ["a"], told))
    assert control == "no�names�"
    assert (len(long), long[-2:]) == (32_767, "x…")


def test_rows_that_a_sheet_does_not_hold_go_on_in_the_next(monkeypatch):
    monkeypatch.setattr(table_files, "MOST_ROWS", 2)
    numbers = [{"a": number} for number in range(3)]
    assert sheets(xlsx_response("rows.xlsx", ["a"], numbers)) == [[["a"], [0], [1]], [["a"], [2]]]


def test_files_are_named_typed_and_counted():
    told = [ndjson_response("rows.ndjson", ["a"], []), xlsx_response("rows.xlsx", ["a"], [{"a": 1}])]
    headers = ("Content-Type", "Content-Disposition", "X-Row-Count")
    assert [tuple(answer[name] for name in headers) for answer in told] == [
        ("application/x-ndjson", 'attachment; filename="rows.ndjson"', "0"),
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            'attachment; filename="rows.xlsx"',
            "1",
        ),
    ]
    bodies = [body_of(answer) for answer in told]
    assert ([body[:2] for body in bodies], told[1]["Content-Length"]) == ([b"", b"PK"], str(len(bodies[1])))
