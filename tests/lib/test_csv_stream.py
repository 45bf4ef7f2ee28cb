import csv
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy

from lib.csv_stream import csv_cell, csv_response
from lib.downloads import CutOff


def body_of(response):
    return b"".join(response.streaming_content).decode()


def test_a_table_has_its_header_and_its_columns_in_the_order_asked_for():
    response = csv_response("parties.csv", ["code", "country"], [{"country": "KZ", "code": "a", "not_asked_for": 1}])

    assert body_of(response) == "code,country\r\na,KZ\r\n"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (46, "46"),
        (-5, "-5"),
        (Decimal("-0.50"), "-0.50"),
        (date(2017, 10, 15), "2017-10-15"),
        (datetime(2017, 10, 15, 18, 30, tzinfo=UTC), "2017-10-15T18:30:00+00:00"),
        (["cis", "osce"], "cis; osce"),
        ([], ""),
        (["=cis", None], "'=cis; "),
        ("=1+1", "'=1+1"),
        (gettext_lazy("-1"), "'-1"),
    ],
)
def test_a_cell_is_written_by_the_kind_of_its_value(value, cell):
    assert csv_cell(value) == cell


def test_text_with_commas_quotes_lines_and_other_scripts_comes_back_unchanged():
    row = {"name": 'Қазақ, "Келчевский"\r\nсы\n中文'}

    lines = body_of(csv_response("names.csv", ["name"], [row]))

    assert list(csv.DictReader(lines.splitlines(keepends=True))) == [row]


class Numbers:
    """1,200 rows, and those of them that were read."""

    def __init__(self):
        self.read = []

    def __len__(self):
        return 1_200

    def __iter__(self):
        for number in range(len(self)):
            self.read.append(number)
            yield {"number": number}


def test_rows_are_read_while_they_are_sent_and_counted_before():
    numbers = Numbers()
    response = csv_response("numbers.csv", ["number"], numbers)
    chunks = response.streaming_content

    assert (response["X-Row-Count"], numbers.read) == ("1200", [])
    assert (len(next(chunks).splitlines()), len(numbers.read)) == (500, 499)
    assert [len(chunk.splitlines()) for chunk in chunks] == [500, 201]


def test_it_is_a_download_of_that_name():
    response = csv_response("депутаты 2017.csv", [], [])

    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%D0%B4")


def test_a_row_without_one_of_the_columns_is_an_error():
    with pytest.raises(CutOff):
        body_of(csv_response("rows.csv", ["code"], [{}]))
