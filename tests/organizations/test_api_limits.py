"""How much the API takes and answers: requests a minute, the size and depth of a body, the time of a question."""

import gzip
import json

import pytest
from django.core.cache import caches
from django.db import OperationalError
from django.test import RequestFactory

from lib.busy import BusyMiddleware
from missions.models import Deployment
from organizations.models import ApiToken
from tests.api_client import ApiClient
from tests.factories import DeploymentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


@pytest.fixture(autouse=True)
def one_minute(monkeypatch):
    """The clock of the count stands, so that no test meets the turn of a minute."""
    caches["requests"].clear()
    monkeypatch.setattr("organizations.api_limits.time.time", lambda: 1_900_000_030)


def told(answer):
    return [int(answer[f"RateLimit-{name}"]) for name in ("Limit", "Remaining", "Reset")]


def test_a_visitor_is_told_how_many_requests_are_left_and_refused_after_them(client, settings):
    settings.API_REQUESTS_OF_ADDRESS = 2
    assert told(client.get("/api/v1/elections/")) == [2, 1, 50]
    assert told(client.get("/api/v1/missions/?year=never")) == [2, 0, 50]
    refused = client.get("/api/v1/elections/")
    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert (refused["Retry-After"], told(refused)) == ("50", [2, 0, 50])
    assert refused.json()["detail"] == "Too many requests: ask again in 50 seconds."


def test_the_count_begins_anew_with_the_next_minute(client, settings, monkeypatch):
    settings.API_REQUESTS_OF_ADDRESS = 1
    client.get("/api/v1/elections/")
    assert client.get("/api/v1/elections/").status_code == 429
    monkeypatch.setattr("organizations.api_limits.time.time", lambda: 1_900_000_080)
    assert told(client.get("/api/v1/elections/")) == [1, 0, 60]


def test_each_address_and_each_token_has_a_count_of_its_own(client, settings, coordinator):
    settings.API_REQUESTS_OF_ADDRESS, settings.API_REQUESTS_OF_TOKEN = 1, 2
    client.get("/api/v1/elections/")
    assert client.get("/api/v1/elections/").status_code == 429
    assert client.get("/api/v1/elections/", REMOTE_ADDR="192.0.2.7").status_code == 200
    one, other = ApiClient(coordinator, scope="read"), ApiClient(coordinator, scope="read")
    assert told(one.get("elections/")) == told(other.get("elections/")) == [2, 1, 50]
    assert ApiToken.objects.count() == 2


def test_an_address_cannot_be_made_up_where_no_proxy_is_trusted(client, settings):
    settings.API_REQUESTS_OF_ADDRESS = 1
    client.get("/api/v1/elections/")
    assert client.get("/api/v1/elections/", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 429


def test_no_limit_counts_nothing(client, settings):
    settings.API_REQUESTS_OF_ADDRESS = 0
    assert "RateLimit-Limit" not in client.get("/api/v1/elections/").headers


def test_pages_are_not_counted(client, settings):
    settings.API_REQUESTS_OF_ADDRESS = 1
    for _time in range(3):
        assert client.get("/elections/").status_code == 200


# Bodies

NOT_UTF_8 = "The body is not UTF-8: send it as it is, not compressed, and in no other encoding."


@pytest.fixture
def program(coordinator):
    return ApiClient(coordinator)


def answered(program, text):
    raw = text.encode() if isinstance(text, str) else text
    return program.client.generic(
        "POST", "/api/v1/deployments/", raw, content_type="application/json", headers=program.headers
    )


def sent(program, text):
    answer = answered(program, text)
    return answer.status_code, answer.json()["detail"]


def test_a_body_of_a_million_bytes_is_read_and_no_byte_more(program):
    frame = len(json.dumps({"remark": ""}))
    assert sent(program, json.dumps({"remark": "x" * (1_000_000 - frame)}))[0] == 400
    assert sent(program, json.dumps({"remark": "x" * (1_000_001 - frame)})) == (
        413,
        "A body may hold 1,000,000 bytes: send the rows in several requests.",
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[" * 21 + "]" * 21, "The body is nested deeper than 20."),
        ("[" * 100_000, "The body is nested deeper than 20."),
        ('{"remark": ' * 21 + "1" + "}" * 21, "The body is nested deeper than 20."),
        ("{", "This is no JSON: look at line 1, column 2."),
        ('{"a": 1,\n "b": x}', "This is no JSON: look at line 2, column 7."),
        (b'{"remark": "\xff"}', NOT_UTF_8),
        pytest.param(gzip.compress(b'{"remark": "x"}'), NOT_UTF_8, id="compressed"),
        pytest.param('{"remark": "x"}'.encode("utf-16"), NOT_UTF_8, id="UTF-16"),
        ('{"value": NaN}', "“NaN” is no number of JSON."),
        ('{"value": -Infinity}', "“-Infinity” is no number of JSON."),
        ('{"value": ' + "9" * 5000 + "}", "The body holds a number that is too large."),
        ('{"remark": "a", "remark": "b"}', "“remark” stands twice in one object."),
    ],
)
def test_what_no_program_should_send_is_refused_with_its_place(program, text, sentence):
    assert sent(program, text) == (400, sentence)
    assert not Deployment.objects.exists()


def test_a_body_without_a_length_or_without_anything_changes_nothing_and_says_so(program, coordinator):
    DeploymentFactory(code="party", owner=coordinator.staff_roles.get().organization)
    answers = [
        program.send(method, f"deployments/{address}", If_Match="*", Transfer_Encoding="chunked")
        for method, address in (("PATCH", "party/"), ("PUT", "party/"), ("POST", ""), ("PUT", ""))
    ]
    sentence = "No body came with this request: send JSON, with its Content-Length."
    assert [(answer.status_code, answer.json()["detail"]) for answer in answers] == [(400, sentence)] * 4


def test_a_mark_before_the_text_is_no_part_of_it(program):
    assert answered(program, '\ufeff{"election": "none"}').json()["errors"][0]["pointer"] == "#/election"


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ('{"remark": "a\\u0000b"}', "#/remark"),
        ('{"sources": ["a", "\\ud800"]}', "#/sources/1"),
        ('[{"a/b": {"~": "\\udfff"}}]', "#/0/a~1b/~0"),
        ('{"\\u0000": 1}', "#"),
    ],
)
def test_what_no_database_holds_is_refused_where_it_stands(program, text, pointer):
    answer = answered(program, text)
    sentence = "This holds a character that cannot be stored: NUL, or half of a surrogate pair."
    assert (answer.status_code, answer.json()["errors"]) == (400, [{"pointer": pointer, "message": sentence}])
    assert not Deployment.objects.exists()


def test_brackets_within_texts_are_no_depth(program):
    text = json.dumps({"remark": "[" * 100 + '\\"' + "{" * 100})
    assert sent(program, text)[1] == "This field is required."


@pytest.mark.parametrize("content_type", ["text/csv", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_other_formats_are_not_read(program, content_type):
    answer = program.client.generic(
        "POST", "/api/v1/deployments/", b"election=vote", content_type=content_type, headers=program.headers
    )
    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")


# Time


class GivenUp(Exception):
    """As the driver tells that a statement took too long."""

    sqlstate = "57014"


def busy():
    error = OperationalError("canceling statement due to statement timeout")
    error.__cause__ = GivenUp()
    return error


def test_a_question_that_takes_too_long_is_refused_with_when_to_ask_again(client, monkeypatch):
    def given_up(*_args, **_kwargs):
        raise busy()

    monkeypatch.setattr("organizations.api.RecordViewSet.paginate_queryset", given_up)
    answer = client.get("/api/v1/elections/")
    assert (answer.status_code, answer["Retry-After"], answer["Content-Type"]) == (503, "5", "application/problem+json")
    assert answer.json()["detail"] == (
        "The database is busy, or the question takes too long: ask again, or ask for less."
    )


def test_a_page_that_takes_too_long_says_so_and_any_other_failure_stays_one():
    middleware = BusyMiddleware(lambda _request: None)
    request = RequestFactory().get("/deployments/")
    answer = middleware.process_exception(request, busy()).render()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert b"Please try again in some seconds" in answer.content
    assert middleware.process_exception(request, OperationalError("disk I/O error")) is None
    assert middleware.process_exception(request, ValueError("database is locked")) is None
