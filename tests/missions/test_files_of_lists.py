"""The files of a list: CSV, NDJSON and XLSX hold the same rows, columns and order, by the page and by the API."""

import csv
import json
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from tests.missions.test_lists import PAGES, RESOURCES, api, body_of, page, whole_record

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
