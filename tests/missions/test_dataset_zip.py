"""The public record as one file of the API: what it holds, to whom it is given, and what it costs."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import frictionless
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from missions.dataset import export_dataset
from organizations.models import ApiToken, Source
from tests.factories import SourceFactory
from tests.missions.test_export_dataset import files_of
from tests.missions.test_lists import body_of, whole_record

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/dataset.zip"


@pytest.fixture
def record(public_access, db):
    whole_record("a")
    SourceFactory(code="memo", public=False)


def files_in(answer):
    with zipfile.ZipFile(BytesIO(body_of(answer))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_the_files_of_the_public_export(client, record, tmp_path):
    answer = client.get(ADDRESS)
    content = body_of(answer)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="election-observation-record.zip"'
    assert answer.headers["Content-Length"] == str(len(content))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        held = {name: archive.read(name) for name in archive.namelist()}
    export_dataset(tmp_path / "public", public=True)
    assert held == files_of(tmp_path / "public")
    assert len(held) == 17
    assert reverse("api:dataset") == ADDRESS


def test_the_same_record_gives_the_same_bytes(client, record):
    first = body_of(client.get(ADDRESS))
    Source.objects.get(code="memo").save()
    assert body_of(client.get(ADDRESS, headers={"accept-language": "ru"})) == first
    with zipfile.ZipFile(BytesIO(first)) as archive:
        entries = archive.infolist()
    assert {(entry.date_time, entry.create_system, entry.external_attr >> 16) for entry in entries} == {
        ((1980, 1, 1, 0, 0, 0), 3, 0o644)
    }
    Source.objects.filter(code="memo").update(public=True)
    assert body_of(client.get(ADDRESS)) != first


def test_programs_that_check_data_packages_take_it_as_it_is(client, record, tmp_path):
    (tmp_path / "record.zip").write_bytes(body_of(client.get(ADDRESS)))
    report = frictionless.Package(str(tmp_path / "record.zip")).validate()
    assert (report.valid, report.stats["tasks"]) == (True, 16)


def test_it_is_for_those_who_may_see_the_record(client, viewer, members_only):
    whole_record("a")
    answer = client.get(ADDRESS)
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    client.force_login(viewer)
    assert body_of(client.get(ADDRESS))[:2] == b"PK"


def test_a_member_gets_what_members_see_in_a_file_that_says_so_and_not_who_it_is(client, record, viewer):
    of_visitor = files_in(client.get(ADDRESS))
    client.force_login(viewer)
    answer = client.get(ADDRESS)
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="election-observation-record-as-members-see-it.zip"'
    )
    assert answer.headers["Cache-Control"] == "no-store"
    of_member = files_in(answer)
    assert (b"memo" in of_visitor["sources.csv"], b"memo" in of_member["sources.csv"]) == (False, True)
    told = [json.loads(files["datapackage.json"])["description"] for files in (of_visitor, of_member)]
    assert [sentence.partition("These files hold ")[2].partition(":")[0] for sentence in told] == [
        "what everybody may see.",
        "the record as a member sees it",
    ]
    assert viewer.username.encode() not in b"".join(of_member.values())


@pytest.mark.parametrize("query", ["format=zip", "fields=code", "language=ru", "page=1", "x="])
def test_it_takes_no_parameter(client, record, query):
    answer = client.get(f"{ADDRESS}?{query}")
    name = query.partition("=")[0]
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"] == [{"parameter": name, "message": f"“{name}” is not a parameter here."}]


def test_there_is_none_of_an_empty_record(client, public_access):
    SourceFactory(public=False)
    answer = client.get(ADDRESS)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("accept", ["application/zip", "*/*", "application/json", "text/html, */*;q=0.1"])
def test_clients_may_ask_for_what_it_is(client, record, accept):
    answer = client.get(ADDRESS, headers={"accept": accept})
    assert (answer.status_code, body_of(answer)[:2]) == (200, b"PK")


def test_what_it_is_not_cannot_be_asked_for(client, record):
    answer = client.get(ADDRESS, headers={"accept": "application/xml"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (406, "application/problem+json")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_is_read_only(client, record, administrator, method):
    _token, text = ApiToken.objects.create(user=administrator, name="a program", scope="write")
    with_token = {"Authorization": f"Bearer {text}"}
    answer = getattr(client, method)(ADDRESS, {}, content_type="application/json", headers=with_token)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_the_root_of_the_api_names_it(client, public_access):
    assert client.get("/api/v1/").json()["dataset.zip"] == f"http://testserver{ADDRESS}"


def test_the_schema_describes_it(client, public_access):
    described = client.get(reverse("api:schema"), headers={"accept": "application/json"}).json()["paths"][ADDRESS]
    told = {status: list(answer.get("content", ())) for status, answer in described["get"]["responses"].items()}
    assert told.pop("200") == ["application/zip"]
    assert told.pop("414") == []  # The web server's own.
    assert told == {str(status): ["application/problem+json"] for status in (400, 401, 403, 404, 406, 429, 503)}
    assert "parameters" not in described["get"]


def test_it_takes_no_more_queries_for_more_rows(client, record):
    taken = []
    for number in range(3):
        with CaptureQueriesContext(connection) as captured:
            body_of(client.get(ADDRESS))
        taken.append(len(captured))
        whole_record(f"more{number}")
    assert taken[0] == taken[1] == taken[2]
    assert taken[0] < 30
