"""On PostgreSQL a question that takes too long is given up: who asked is told when to ask again; the server goes on."""

from __future__ import annotations

import psycopg
import pytest
import requests

from tests.both.scratch import output, postgresql, started
from tests.serving import HEADERS, serving

BUSY = "The database is busy, or the question takes too long: ask again, or ask for less."
PARTY = "/api/v1/deployments/party/"


@pytest.fixture(scope="module")
def record():
    """A database with a party, and the token of a program that may write it."""
    with postgresql() as url:
        yield url, output(started(url, "-m", "tests.both.a_record_and_a_token"))


@pytest.fixture(scope="module")
def ask(record, tmp_path_factory):
    """Asks a server that gives up after a second, as a program that may write."""
    url, token = record
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STATEMENT_TIMEOUT", "1")
        with serving(url, tmp_path_factory.mktemp("server")) as server, requests.Session() as session:
            session.headers.update({**HEADERS, "Authorization": f"Bearer {token}"})
            yield lambda method, path, **given: session.request(method, server.address + path, timeout=60, **given)


@pytest.fixture
def held(record):
    """Somebody else, who keeps the table of deployments for as long as the test wants."""
    url, _token = record
    with psycopg.connect(url) as connection:
        yield connection


def hold(connection):
    connection.execute("LOCK TABLE missions_deployment IN ACCESS EXCLUSIVE MODE")


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/deployments/",
        PARTY,
        f"{PARTY}reconciliation/",
        "/api/v1/deployments/facets/",
        "/api/v1/deployments/matrix/",
        "/api/v1/deployments/?format=csv",
        "/api/v1/deployments/?format=xlsx",
        "/api/v1/dataset.zip",
    ],
)
def test_a_program_that_reads_is_told_to_ask_again_and_then_reads(ask, held, path):
    hold(held)
    refused = ask("GET", path)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json() == {"type": "about:blank", "title": "Busy", "status": 503, "detail": BUSY, "errors": []}
    held.rollback()
    assert ask("GET", path).status_code == 200


def test_a_program_that_writes_is_told_to_ask_again_and_nothing_is_changed(ask, held):
    tag = ask("GET", PARTY).headers["ETag"]
    hold(held)
    refused = ask("PATCH", PARTY, json={"remark": "By train."}, headers={"If-Match": tag})
    assert (refused.status_code, refused.headers["Retry-After"], refused.json()["detail"]) == (503, "5", BUSY)
    held.rollback()
    assert ask("GET", PARTY).json()["remark"] == ""
    saved = ask("PATCH", PARTY, json={"remark": "By train."}, headers={"If-Match": tag})
    assert (saved.status_code, ask("GET", PARTY).json()["remark"]) == (200, "By train.")


def test_a_reader_of_pages_is_told_the_same_in_words(ask, held):
    download = "/deployments/?format=csv"
    hold(held)
    for path in ("/deployments/", "/deployments/party/", download):
        refused = ask("GET", path)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5"), path
        assert "Please try again in some seconds" in refused.text
    held.rollback()
    assert ask("GET", download).status_code == 200
