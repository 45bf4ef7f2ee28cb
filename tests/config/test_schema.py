"""The OpenAPI schema: it validates without a warning, describes every door of the API, and its docs work offline."""

import json
import re
from contextlib import closing

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.urls import reverse

from tests.factories import DeploymentFactory, SourceFactory
from tests.missions.test_lists import RECONCILED, RESOURCES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


READ: dict = {}


@pytest.fixture
def schema(client):
    """The schema as it is served, read once: to make it takes two seconds, and the tests only read it."""
    if not READ:
        READ.update(served(client))
    return READ


def served(client):
    """The schema as it is served, as JSON, which is read faster than YAML."""
    return json.loads(client.get(reverse("api:schema"), headers={"accept": "application/json"}).content)


def test_the_schema_validates_without_a_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))
    assert (tmp_path / "schema.yml").read_text(encoding="utf-8").startswith("openapi: 3.")


def test_every_list_and_record_is_described(schema):
    paths = {path: sorted(operations) for path, operations in schema["paths"].items()}
    expected = {f"/api/v1/{resource}/": ["get", "post", "put"] for resource in RESOURCES}
    expected |= {f"/api/v1/{resource}/{{code}}/": ["get", "patch", "put"] for resource in RESOURCES}
    expected |= {f"/api/v1/{resource}/{{code}}/reconciliation/": ["get"] for resource in RECONCILED}
    releases = ("releases/", "releases/{number}/", "releases/{number}/dataset.zip")
    alone = ("changes/", "dataset.zip", "deployments/facets/", "deployments/matrix/", *releases)
    assert paths == expected | {f"/api/v1/{path}": ["get"] for path in alone}


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_parameter_that_a_list_takes_is_described_and_no_other(schema, resource):
    viewset = RESOURCES[resource]
    parameters = schema["paths"][f"/api/v1/{resource}/"]["get"]["parameters"]
    described = {each["name"]: each for each in parameters if each["in"] == "query"}
    own = {"cursor", "page_size", "ordering", "count", "fields", "language", "format"}
    assert described.keys() == viewset.filterset_class.base_filters.keys() | own
    assert [name for name, each in described.items() if not each.get("description")] == []
    assert set(described["ordering"]["schema"]["enum"]) == {
        sign + name for name in viewset.ordering_fields for sign in ("", "-")
    }
    assert described["format"]["schema"]["enum"] == ["csv", "json", "ndjson", "xlsx"]
    assert described["language"]["schema"]["enum"] == ["en", "kk", "ru"]


def test_every_choice_is_told_in_words(schema):
    """Of each kind of value, of each field that has one, and of each parameter: of every value what it means."""
    choices = {f"#/components/schemas/{name}": each for name, each in schema["components"]["schemas"].items()}
    described = [(path, kind["enum"], kind) for path, kind in choices.items() if "enum" in kind]
    for path, each in choices.items():
        for name, field in each.get("properties", {}).items():
            kinds = [choices.get(kind.get("$ref"), kind) for kind in (*field.get("allOf", ()), *field.get("oneOf", ()))]
            described.append((f"{path} {name}", [value for kind in kinds for value in kind.get("enum", ())], field))
            assert "enum" not in field, "a kind of value has a name of its own"
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                of_value = parameter["schema"].get("items", parameter["schema"])
                described.append((f"{method} {path} {parameter['name']}", of_value.get("enum", ()), parameter))
    told = [(where, missing_words(values, each)) for where, values, each in described]
    assert [(where, missing) for where, missing in told if missing] == []
    assert sum(len(values) for _where, values, _each in described) > 1_500


def missing_words(values, described):
    """The values of which the description does not say what they mean, in a sentence of its own."""
    words = dict(re.findall(r"^\* `(.*?)` - (.+\.)$", described.get("description", ""), re.MULTILINE))
    shown = [json.dumps(value) if value in {"", None} else value for value in values]
    return [value for value in shown if value not in words]


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_field_of_a_row_is_described(client, schema, resource):
    answer = schema["paths"][f"/api/v1/{resource}/{{code}}/"]["get"]["responses"]["200"]["content"]["application/json"]
    name = answer["schema"]["$ref"].rpartition("/")[2]
    of_row = RESOURCES[resource].serializer_class.Meta.fields
    assert list(schema["components"]["schemas"][name]["properties"]) == [*of_row, "statements"]


@pytest.mark.parametrize("resource", RESOURCES)
def test_no_field_is_promised_that_a_question_may_leave_out(schema, resource):
    rows = schema["paths"][f"/api/v1/{resource}/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    page = schema["components"]["schemas"][rows["$ref"].rpartition("/")[2]]
    record = schema["paths"][f"/api/v1/{resource}/{{code}}/"]["get"]["responses"]["200"]["content"]["application/json"]
    for described in (page["properties"]["results"]["items"], record["schema"]):
        assert "required" not in schema["components"]["schemas"][described["$ref"].rpartition("/")[2]]


@pytest.mark.parametrize("resource", RESOURCES)
def test_any_column_of_one_record_may_be_null_for_known_on_does_not_tell_all(schema, resource):
    record = schema["paths"][f"/api/v1/{resource}/{{code}}/"]["get"]["responses"]["200"]["content"]["application/json"]
    described = schema["components"]["schemas"][record["schema"]["$ref"].rpartition("/")[2]]["properties"]
    columns = RESOURCES[resource].model().columns
    assert [name for name in columns if name in described and not described[name].get("nullable")] == []


@pytest.mark.parametrize("component", ["DeploymentRequest", "PatchedDeploymentRequest"])
def test_what_may_be_blank_may_be_sent_as_null(schema, component):
    described = schema["components"]["schemas"][component]["properties"]
    nullable = {name for name, column in described.items() if column.get("nullable")}
    assert described.keys() - nullable == {"election", "status", "sources", "modified_at"}


def test_every_component_is_used(schema):
    used = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(schema)))
    assert set(schema["components"]["schemas"]) - used == set()


def test_a_column_that_points_to_a_record_is_described_as_a_code(schema):
    columns = schema["components"]["schemas"]["DeploymentRequest"]["properties"]
    for described in (columns["election"], columns["sender"], columns["sources"]["items"], columns["owner"]):
        assert (described["pattern"], described["maxLength"]) == ("^[a-z0-9]+(-[a-z0-9]+)*$", 200)


@pytest.mark.parametrize("is_open", [True, False])
def test_only_a_token_writes_and_whoever_comes_reads_where_the_record_is_open(client, settings, viewer, is_open):
    settings.PUBLIC_ACCESS = is_open
    client.force_login(viewer)
    readers = [{"token": []}, {"cookieAuth": []}, *([{}] if is_open else [])]
    for operations in served(client)["paths"].values():
        told = {method: operation["security"] for method, operation in operations.items()}
        assert told == {method: readers if method == "get" else [{"token": []}] for method in operations}


def test_a_blank_parameter_is_as_good_as_absent_and_said_to_be(client, schema):
    party = DeploymentFactory(code="party", sources=[SourceFactory()])
    for path, operations in schema["paths"].items():
        described = [each for each in operations["get"].get("parameters", []) if each["in"] == "query"]
        assert [each["name"] for each in described if not each.get("allowEmptyValue")] == []
        address = path.format(code=party.code, number=1)
        if "deployments/" in address or address.endswith("changes/"):
            blank = client.get(address, {each["name"]: "" for each in described})
            assert (blank.status_code, without_places(blank)) == (200, without_places(client.get(address)))


def without_places(answer):
    """What was answered, without where to go on, which is sealed anew each time."""
    return {name: value for name, value in answer.json().items() if name != "next"}


@pytest.mark.parametrize("resource", RESOURCES)
def test_the_formats_of_a_list_are_described(client, schema, resource):
    described = schema["paths"][f"/api/v1/{resource}/"]["get"]["responses"]["200"]["content"]
    told = []
    for name in ("json", "csv", "ndjson", "xlsx"):
        with closing(client.get(f"/api/v1/{resource}/?format={name}")) as answer:
            told.append(answer["Content-Type"].partition(";")[0])
    assert list(described) == told


def test_the_docs_page_loads_nothing_from_another_host(client):
    answer = client.get(reverse("api:docs"))
    markup = answer.content.decode()
    loaded = re.findall(r'(?:src|href)="([^"]+)"', markup)
    assert (answer.status_code, [address for address in loaded if "//" in address]) == (200, [])
    files = [address.removeprefix("/static/") for address in loaded if address.startswith("/static/")]
    assert [file for file in files if finders.find(file) is None] == []
    assert len(files) >= 4
    script = client.get(reverse("api:docs") + "?script=").content.decode()
    assert re.findall(r"https?://(?!testserver)[^\"'\s]+", markup + script) == []
