"""The examples of the schema: a tracker with the record that ships answers them, and takes what they send."""

import csv
import json
import re

import pytest
from django.urls import reverse

from missions.api_examples import EXAMPLES
from organizations.api_changes import ChangeSerializer, ChangesSerializer
from tests.api_client import ApiClient
from tests.conftest import PUBLISHED
from tests.missions.test_lists import RECONCILED, RESOURCES

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("public_access", "published_record"),
]

MOMENT = "2030-07-01T12:00:00Z"
OF_PERSONS = ("observers", "observer-names", "assignments")
READ: dict = {}


@pytest.fixture
def schema(client):
    """The paths of the schema as it is served, read once."""
    if not READ:
        READ.update(json.loads(client.get(reverse("api:schema"), headers={"accept": "application/json"}).content))
    return READ["paths"]


@pytest.fixture
def program(administrator):
    """A program that may write everything."""
    return ApiClient(administrator)


@pytest.fixture
def codes(program, resource):
    """The codes of the persons of the examples, who are in no record, by those that they have there."""
    found = {}
    for kind in OF_PERSONS if resource in OF_PERSONS else ():
        read = EXAMPLES[kind]["read"]
        body = {name: read[name] for name in RESOURCES[kind].model().columns if name in read}
        # Of a person the code may be chosen, since it is no name.
        answer = program.post(f"{kind}/", {**body, "code": read["code"]} if kind == "observers" else body)
        assert answer.status_code == 201, answer.content.decode()
        found[read["code"]] = answer.json()["code"]
    return found


def example_of(operation, status="200"):
    """What the schema shows as sent, None for nothing, and as answered."""
    sent = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
    shown = operation["responses"][status]["content"]["application/json"]
    named = [each["value"] for each in shown.get("examples", {}).values()]
    return sent, shown.get("example", *named)


def said(answer, codes):
    """What was answered, with the codes of the example and any moment as one."""
    text = answer.content.decode().replace("http://testserver", "https://tracker.example")
    for of_example, code in codes.items():
        text = text.replace(code, of_example)
    return json.loads(re.sub(r'("modified_at":)"[^"]+"', rf'\1"{MOMENT}"', text))


def with_new_code(said, shown, resource):
    """What was answered about a new person, whose code is drawn, with the code of the example."""
    drawn = resource in {"observers", "observer-names"}
    return {**said, "code": shown["code"]} if drawn else said


def test_every_address_shows_what_it_answers_and_what_is_sent(schema):
    shown = {
        (path, method): operation for path, operations in schema.items() for method, operation in operations.items()
    }
    bare = []
    for (path, method), operation in shown.items():
        status = "201" if method == "post" else "200"
        if "application/json" in operation["responses"][status]["content"]:
            sent, answered = example_of(operation, status)
            if not answered or ("requestBody" in operation and not sent):
                bare.append((path, method))
    assert bare == []
    files = [
        path
        for path, operations in schema.items()
        if list(operations["get"]["responses"]["200"]["content"]) == ["application/zip"]
    ]
    assert files == ["/api/v1/dataset.zip", "/api/v1/releases/{number}/dataset.zip"]


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_record_is_answered_as_it_is_shown(program, codes, schema, resource):
    _sent, shown = example_of(schema[f"/api/v1/{resource}/{{code}}/"]["get"])
    code = codes.get(shown["code"], shown["code"])
    assert said(program.get(f"{resource}/{code}/"), codes) == shown


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_list_is_answered_as_it_is_shown_and_its_rows_say_what_the_record_says(program, codes, schema, resource):
    _sent, shown = example_of(schema[f"/api/v1/{resource}/"]["get"])
    answered = program.get(f"{resource}/?page_size=1").json()
    row = shown["results"][0]
    assert (list(answered), list(answered["results"][0])) == (list(shown), list(row))
    _sent, record = example_of(schema[f"/api/v1/{resource}/{{code}}/"]["get"])
    assert {**row, "statements": record["statements"]} == record


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_new_record_is_taken_and_answered_as_it_is_shown(program, codes, schema, resource):
    sent, shown = example_of(schema[f"/api/v1/{resource}/"]["post"], "201")
    answer = program.post(f"{resource}/", sent)
    assert (answer.status_code, with_new_code(said(answer, codes), shown, resource)) == (201, shown)


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("method", ["put", "patch"])
def test_a_change_is_taken_and_answered_as_it_is_shown(program, codes, schema, resource, method):
    sent, shown = example_of(schema[f"/api/v1/{resource}/{{code}}/"][method])
    path = f"{resource}/{codes.get(shown['code'], shown['code'])}/"
    answer = program.send(method.upper(), path, sent, If_Match=program.tag(path))
    assert (answer.status_code, said(answer, codes)) == (200, shown)
    assert {name: shown[name] for name in sent} == sent


@pytest.mark.parametrize("resource", RESOURCES)
def test_many_records_are_taken_and_answered_as_they_are_shown(program, codes, schema, resource):
    sent, shown = example_of(schema[f"/api/v1/{resource}/"]["put"])
    code = codes.get(sent[0]["code"], sent[0]["code"])
    as_read = {"code": code, "modified_at": program.get(f"{resource}/{code}/").json()["modified_at"]}
    answer = program.put(f"{resource}/", [{**sent[0], **as_read}, sent[1]])
    told = said(answer, codes)
    told["results"][1] = with_new_code(told["results"][1], shown["results"][1], resource)
    assert (answer.status_code, told) == (200, shown)


@pytest.mark.parametrize("resource", RECONCILED)
def test_a_reading_is_answered_as_it_is_shown(program, schema, resource):
    _sent, shown = example_of(schema[f"/api/v1/{resource}/{{code}}/reconciliation/"]["get"])
    question = f"kind={shown['kind']}&group={shown['group']}&on={shown['on'] or ''}"
    assert program.get(f"{shown['subject']}/reconciliation/?{question}").json() == shown
    assert shown["subject"].startswith(resource)


def test_the_matrix_is_answered_as_it_is_shown(program, schema):
    _sent, shown = example_of(schema["/api/v1/deployments/matrix/"]["get"])
    assert program.get(f"deployments/matrix/?{shown['total']['query']}").json() == shown


def test_the_facets_are_answered_as_they_are_shown_of_which_there_are_more(program, schema):
    _sent, shown = example_of(schema["/api/v1/deployments/facets/"]["get"])
    question = "election=kg-presidential-2017-10-15&share=unknown"
    answered = program.get(f"deployments/facets/?{question}").json()["facets"]
    assert [each for each in answered if each["name"] in {"year", "sender_country", "share"}] == shown["facets"]


def test_the_feed_is_shown_with_the_fields_that_it_has(schema):
    _sent, shown = example_of(schema["/api/v1/changes/"]["get"])
    assert list(shown) == list(ChangesSerializer().fields)
    assert [list(entry) for entry in shown["results"]] == [list(ChangeSerializer().fields)] * 2


def test_no_person_of_the_record_stands_in_an_example():
    with (PUBLISHED / "observers.csv").open(encoding="utf-8", newline="") as file:
        names = {row["family_name"].casefold() for row in csv.DictReader(file)}
    words = set(re.findall(r"\w+", json.dumps(EXAMPLES, ensure_ascii=False).casefold()))
    assert (names & words, len(names) > 200) == (set(), True)
