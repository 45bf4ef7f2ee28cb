"""What files of tables say of themselves, and how one ends that cannot be sent to its end."""

import logging
from datetime import date

import pytest
from django.http import QueryDict

from lib.csv_stream import csv_response
from lib.downloads import CutOff, file_name
from lib.filters import StrictFilterSet, YesNo
from lib.table_files import ndjson_response

DAY = date(2030, 7, 1)


class Parties(StrictFilterSet):
    sender = YesNo(yes="sent", no="not_sent", label="Sender")
    year = YesNo(yes="held", no="not_held", label="Year")


@pytest.mark.parametrize(
    ("filters", "name"),
    [
        ({}, "deployments-2030-07-01.csv"),
        ({"host_country": ["KG"], "year": ["2017"]}, "deployments-host-country-kg-year-2017-2030-07-01.csv"),
        ({"sender": ["cec-kz", "cis"], "on": []}, "deployments-sender-cec-kz-cis-2030-07-01.csv"),
        ({"q": ["Ақ Жайық; ../“x”"]}, "deployments-q-ak-zhaiyk-x-2030-07-01.csv"),
        ({"q": ["中文"]}, "deployments-q-x-2030-07-01.csv"),
    ],
)
def test_a_name_tells_what_the_file_holds_by_which_filters_and_the_day(filters, name):
    assert file_name("deployments", filters, DAY, "csv") == name


def test_a_name_of_many_filters_is_cut_before_the_day():
    named = file_name("deployments", {"election": ["kg-presidential-2017-10-15"] * 50}, DAY, "xlsx")
    assert named.startswith("deployments-election-kg-presidential-2017-10-15-kg-")
    assert named.endswith("-2030-07-01.xlsx")
    assert "--" not in named
    assert 100 < len(named) < 140


def test_filters_are_named_in_their_order_without_blanks_and_whatever_is_none():
    asked = QueryDict("year=+2017+&year=&ordering=code&sender=b&sender=a&sender=b&page=2&nothing=x")
    assert Parties.chosen(asked) == {"sender": ["b", "a"], "year": ["2017"]}
    assert list(Parties.chosen(asked)) == ["sender", "year"]


class Broken:
    """Five rows, of which the third cannot be read for a reason that names somebody."""

    def __len__(self):
        return 5

    def __iter__(self):
        yield {"a": 1}
        yield {"a": 2}
        raise ValueError("Robin Example")


@pytest.mark.parametrize("response", [csv_response, ndjson_response])
def test_a_file_whose_rows_cannot_be_read_ends_in_a_failure_that_names_nobody(response, caplog):
    sent = response("rows", ["a"], Broken())
    assert sent["X-Row-Count"] == "5"
    with caplog.at_level(logging.ERROR, "django.request"), pytest.raises(CutOff) as cut:
        b"".join(sent.streaming_content)
    assert (str(cut.value), cut.value.__suppress_context__) == ("", True)
    [told] = caplog.records
    assert (told.getMessage(), told.exc_info[0]) == ("A file was cut off while it was sent.", ValueError)
