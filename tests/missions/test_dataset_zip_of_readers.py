"""The whole record as one file, for each reader: all that the reader may see, and nothing else."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.urls import reverse

from missions.dataset import RECORDS, import_dataset
from missions.dataset.format import file_columns, is_many, relation_names
from missions.models import Statement
from organizations.models import Organization, Source
from tests.conftest import NOW, person
from tests.factories import ObserverFactory, UserFactory
from tests.missions.test_dataset_zip import files_in
from tests.missions.test_export_dataset import empty_the_record, rows_of
from tests.missions.test_export_dataset_public import KEEPER, canaries, cell, hidden  # noqa: F401 (fixtures)
from tests.missions.test_lists import RESOURCES, api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]

READERS = ("visitor", "of the keeper", "outsider", "data protection", "administrator")


@pytest.fixture(params=READERS)
def reader(request, canaries, outsider, administrator):  # noqa: F811
    match request.param:
        case "visitor":
            return AnonymousUser()
        case "of the keeper":
            return person("of-the-keeper", Organization.objects.get(code=KEEPER), "viewer")
        case "data protection":
            return UserFactory(username="data-protection", is_data_protection=True)
        case "outsider":
            return outsider
    return administrator


@pytest.fixture
def files(client, reader):
    if reader.is_authenticated:
        client.force_login(reader)
    return files_in(client.get(reverse("api:dataset")))


def canaries_seen(canaries, reader):  # noqa: F811
    """The words that stand in a column that leaves the admin, of a record that the reader may see.

    Columns that hold the codes of other records tell what these tell themselves.
    """
    seen = set()
    for model in RECORDS:
        others = relation_names(model) | {"subject"}
        columns = [name for name in file_columns(model, is_whole=False) if not (name in others or is_many(model, name))]
        rows = model.objects.visible_to(reader)
        if model is Statement and not reader.is_authenticated:
            # About what a visitor does not see: it could not be read in.
            rows = rows.exclude(subject__startswith="invitations/")
        for values in rows.values_list(*columns):
            text = " ".join(map(str, values))
            seen |= {word for word in canaries.planted if word in text}
    return seen


def test_the_bytes_hold_what_the_reader_may_see_and_nothing_else(canaries, reader, files):  # noqa: F811
    expected = canaries_seen(canaries, reader)
    # Of what is hidden altogether a visitor sees nothing; who keeps it sees most of it.
    assert bool(expected) == reader.is_authenticated
    assert canaries.in_files(files) == expected
    # The keeper is an organization, and organizations are public; whose records it keeps is not.
    assert [name for name, content in files.items() if KEEPER.encode() in content] == ["organizations.csv"]


def test_the_rows_are_those_of_the_api_with_all_their_columns(client, reader, files, tmp_path, hidden):  # noqa: F811
    stubs = {record.code for record in hidden.stubs} if not reader.is_authenticated else set()
    for resource, viewset in RESOURCES.items():
        model = viewset.model()
        columns = file_columns(model, is_whole=False)
        listed = client.get(api(resource, f"?page_size=1000&fields={','.join(columns)}")).json()["results"]
        expected = {row["code"]: {name: cell(row[name]) for name in columns} for row in listed}
        (tmp_path / f"{model.dataset_file}.csv").write_bytes(files[f"{model.dataset_file}.csv"])
        held = rows_of(tmp_path, model.dataset_file)
        # A statement about what the reader does not see could not be read in.
        left_out = {code for code, row in expected.items() if row.get("subject", "").startswith("invitations/")}
        left_out = left_out if not reader.is_authenticated else set()
        assert {code: row for code, row in held.items() if code not in stubs} == {
            code: row for code, row in expected.items() if code not in left_out
        }, resource


def test_public_rows_lose_no_source_for_a_member(files, reader, tmp_path):
    (tmp_path / "sources.csv").write_bytes(files["sources.csv"])
    assert rows_of(tmp_path, "sources").keys() == set(
        Source.objects.filter(Q() if reader.is_authenticated else Q(public=True)).values_list("code", flat=True)
    )


def test_the_files_are_read_in_without_a_refusal(files, tmp_path):
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    empty_the_record()
    tallies = import_dataset(tmp_path, now=NOW)
    assert {file: tally.new for file, tally in tallies.items()} == {
        file: len(rows_of(tmp_path, file.removesuffix(".csv"))) for file in files if file.endswith(".csv")
    }


def test_a_person_whom_one_organization_keeps_is_in_the_file_of_that_one_alone(
    client, public_access, viewer, outsider, northland_commission
):
    ObserverFactory(code="00000000-0000-4000-8000-000000000001", family_name="Example", owner=northland_commission)
    held = {}
    for user in (viewer, outsider):
        client.force_login(user)
        held[user] = "observers.csv" in files_in(client.get(reverse("api:dataset")))
    assert held == {viewer: True, outsider: False}
