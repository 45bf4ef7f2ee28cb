"""The files of a list: CSV, NDJSON and XLSX hold the same rows, columns and order, by the page and by the API."""

import csv
import json
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from lib import csv_stream
from organizations import whole_lists
from organizations.models import Source
from tests.factories import SourceFactory
from tests.missions.test_lists import PAGES, RESOURCES, api, body_of, name_of, page, whole_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


@pytest.fixture
def record(rebuild):
    for key in ("a", "=b"):
        whole_record(key.strip("="))
    rebuild()


def rows_of_csv(body):
    return list(csv.DictReader(StringIO(body.decode(), newline="")))


def rows_of_ndjson(body):
    return [json.loads(line) for line in body.decode().splitlines()]


def rows_of_xlsx(body):
    header, *rows = load_workbook(BytesIO(body)).active.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def in_words(row):
    """A row as CSV has it."""
    said = {None: "", True: "true", False: "false"}
    return {
        name: "; ".join(value)
        if isinstance(value, list)
        else said.get(value, str(value))
        if not isinstance(value, int) or isinstance(value, bool)
        else str(value)
        for name, value in row.items()
    }


@pytest.mark.parametrize("resource", RESOURCES)
def test_each_file_of_a_list_holds_the_rows_of_its_csv(record, client, resource):
    told = rows_of_csv(body_of(client.get(api(resource, "?format=csv&ordering=-code"))))
    ndjson = rows_of_ndjson(body_of(client.get(api(resource, "?format=ndjson&ordering=-code"))))
    xlsx = rows_of_xlsx(body_of(client.get(api(resource, "?format=xlsx&ordering=-code"))))
    assert [in_words(row) for row in ndjson] == told
    assert [in_words(row) for row in xlsx] == told
    assert ndjson == client.get(api(resource, "?ordering=-code")).json()["results"]
    assert told


@pytest.mark.parametrize("resource", PAGES)
def test_the_files_of_a_page_are_those_of_the_api(record, client, resource):
    for file_format, read in (("ndjson", rows_of_ndjson), ("xlsx", rows_of_xlsx)):
        query = f"?format={file_format}"
        of_page = read(body_of(client.get(page(resource, query))))
        assert of_page == read(body_of(client.get(api(resource, query))))
        assert of_page


def test_a_file_holds_exactly_the_rows_of_its_list(record, client):
    query = "?q=nothing-is-called-so&format="
    assert [body_of(client.get(page("deployments", query + each))) for each in ("ndjson",)] == [b""]
    assert rows_of_xlsx(body_of(client.get(page("deployments", "?q=nothing-is-called-so&format=xlsx")))) == []


def test_the_page_links_its_files_and_its_address_in_the_api(record, client):
    markup = client.get(page("deployments", "?sender_country=KZ&ordering=code&page_size=50")).content.decode()
    query = "?sender_country=KZ&amp;ordering=code"
    for link in (
        f'<a href="{query}&amp;format=csv">CSV, 2 rows</a>',
        f'<a href="{query}&amp;format=xlsx">XLSX, 2 rows</a>',
        f'<a href="{query}&amp;format=ndjson">NDJSON, 2 rows</a>',
        f'<a href="/api/v1/deployments/{query}">API address of this list</a>',
    ):
        assert link in markup


def test_a_format_that_is_none_is_refused_by_name(client):
    answer = client.get(api("deployments", "?format=ods"))
    assert answer.json()["errors"] == [
        {"parameter": "format", "message": "“ods” is not one of the values of format: json, csv, ndjson, xlsx."}
    ]
    assert client.get(page("deployments", "?format=json")).status_code == 400


# Names and numbers of rows


def test_the_name_of_a_file_tells_its_filters_the_same_on_the_page_and_in_the_api(record, client):
    query = "?year=2030&host_country=KG&ordering=code&format="
    for ending in ("csv", "ndjson", "xlsx"):
        for door in (page, api):
            answer = client.get(door("deployments", query + ending))
            assert name_of(answer) == f"deployments-host-country-kg-year-2030-DAY.{ending}"
            assert body_of(answer)
    assert name_of(client.get(page("deployments", "?view=years&year=2030&format=csv"))) == (
        "deployments-years-year-2030-DAY.csv"
    )
    assert name_of(client.get(page("deployments", "?view=timeline&format=csv"))) == "deployments-timeline-DAY.csv"
    matrix = reverse("api:deployments-matrix") + "?rows=sender&year=2030&format=csv"
    assert name_of(client.get(matrix)) == "deployments-matrix-year-2030-rows-sender-DAY.csv"


def test_the_day_in_the_name_is_that_of_the_clock(record, client):
    before = timezone.localdate()
    named = client.get(api("deployments", "?format=csv")).headers["Content-Disposition"]
    days = {before, timezone.localdate()}
    assert named in {f'attachment; filename="deployments-{day}.csv"' for day in days}


@pytest.mark.parametrize("ending", ["csv", "ndjson", "xlsx"])
def test_each_file_says_how_many_rows_it_has_before_the_first(record, client, ending):
    for door in (page, api):
        answer = client.get(door("missions", f"?format={ending}"))
        assert (answer["X-Row-Count"], bool(body_of(answer))) == ("4", True)
    answer = client.get(page("deployments", "?view=timeline&format=csv"))
    assert answer["X-Row-Count"] == str(len(rows_of_csv(body_of(answer)))) == "2"


# While it is read


@pytest.fixture
def in_small_pieces(monkeypatch):
    monkeypatch.setattr(whole_lists, "ROWS_AT_A_TIME", 2)
    monkeypatch.setattr(csv_stream, "ROWS_IN_A_CHUNK", 2)


@pytest.fixture
def sources():
    return [SourceFactory(code=f"gazette-{number}", published_on=None) for number in range(8)]


def listed(response):
    return [row["code"] for row in rows_of_csv(b"".join(response.streaming_content))]


def begun(client):
    """A file of the sources of which the header and the first row are read, and what is left of it."""
    response = client.get(api("sources", "?format=csv&ordering=code"))
    rest = iter(response.streaming_content)
    return response, next(rest), rest


@pytest.mark.usefixtures("in_small_pieces")
def test_rows_that_are_deleted_or_hidden_while_a_file_is_read_are_not_in_it(client, sources):
    response, first, rest = begun(client)
    Source.objects.filter(code="gazette-3").delete()
    Source.objects.filter(code="gazette-5").update(public=False)
    Source.objects.filter(code="gazette-6").update(title="Changed meanwhile")
    SourceFactory(code="gazette-35")
    rows = rows_of_csv(first + b"".join(rest))
    assert [row["code"] for row in rows] == [f"gazette-{number}" for number in (0, 1, 2, 4, 6, 7)]
    assert [row["title"] for row in rows if row["code"] == "gazette-6"] == ["Changed meanwhile"]
    assert response["X-Row-Count"] == "8"


@pytest.mark.usefixtures("in_small_pieces")
def test_of_a_filtered_file_rows_that_meet_the_filter_no_more_are_left_out(client, sources):
    response = client.get(api("sources", "?format=csv&ordering=code&q=observers"))
    rest = iter(response.streaming_content)
    first = next(rest)
    changed = Source.objects.get(code="gazette-7")
    changed.title = "Something else"
    changed.save()
    assert [row["code"] for row in rows_of_csv(first + b"".join(rest))] == [f"gazette-{n}" for n in range(7)]


def test_the_keys_are_read_by_one_query_and_so_many_rows_by_one_more(client, monkeypatch, sources):
    for at_a_time, queries in ((8, 2), (4, 3), (3, 4)):
        monkeypatch.setattr(whole_lists, "ROWS_AT_A_TIME", at_a_time)
        with CaptureQueriesContext(connection) as captured:
            assert len(listed(client.get(api("sources", "?format=csv")))) == 8
        assert len(captured) == queries


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("in_small_pieces")
def test_who_reads_slowly_keeps_neither_a_transaction_nor_a_cursor_open(client, sources):
    _response, _first, rest = begun(client)
    assert not connection.in_atomic_block
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_cursors")
            assert cursor.fetchone() == (0,)
        assert connection.connection.info.transaction_status.name == "IDLE"
    else:
        with connection.cursor() as cursor:
            # Refused while anybody reads.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            assert cursor.fetchone()[0] == 0
    assert len(list(rest)) == 4


def test_a_file_is_in_the_language_asked_for_to_its_end(record, client):
    response = client.get(api("organizations", "?format=csv&language=ru&q=Council"))
    client.get("/")
    assert [row["name"] for row in rows_of_csv(body_of(response))] == ["Council a по-русски", "Council b по-русски"]
