"""The record that ships, exported: the same after the way out and in, and valid for those who check data packages."""

from __future__ import annotations

import json
import shutil

import frictionless
import pytest

from missions.dataset import RECORDS, export_dataset, import_dataset
from organizations.models import OwnedRecord, Source
from tests.conftest import NOW, PUBLISHED
from tests.missions.test_export_dataset import as_stored, empty_the_record, files_of, round_trip

pytestmark = pytest.mark.usefixtures("published_record", "db")


@pytest.fixture(scope="module")
def exported(published_record, django_db_blocker, tmp_path_factory):
    """The record that ships as two folders, the whole and what is public of it."""
    folders = {True: tmp_path_factory.mktemp("public"), False: tmp_path_factory.mktemp("whole")}
    with django_db_blocker.unblock():
        for public, folder in folders.items():
            export_dataset(folder, public=public)
    return folders


def described(folder):
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def fields_of(folder):
    return {
        (resource["name"], field["name"]): field
        for resource in described(folder)["resources"]
        for field in resource["schema"]["fields"]
    }


def faults(folder):
    """What is wrong for a program that checks data packages: in which file, and of which kind."""
    report = frictionless.validate(str(folder / "datapackage.json"))
    return {(task.name, error.type) for task in report.tasks for error in task.errors}


def test_the_record_that_ships_is_the_same_after_the_way_out_and_in(tmp_path):
    before = as_stored()
    first, second = round_trip(tmp_path)
    assert as_stored() == before
    assert first == second
    assert first.keys() == {path.name for path in PUBLISHED.glob("*.csv")} | {"datapackage.json"}


@pytest.mark.parametrize("public", [True, False])
def test_the_package_and_every_row_of_it_are_valid(exported, public):
    package = frictionless.Package(str(exported[public] / "datapackage.json"))
    report = package.validate()
    assert [tuple(fault) for fault in report.flatten(["name", "rowNumber", "type", "note"])] == []
    rows = {task.name: task.stats["rows"] for task in report.tasks}
    lines = {name: len(list(frictionless.Resource(f"{exported[public]}/{name}.csv").read_rows())) for name in rows}
    assert rows == lines
    assert len(rows) == 16


def test_the_package_says_what_it_is_and_whose(exported):
    for public, folder in exported.items():
        package = described(folder)
        assert package["profile"] == "tabular-data-package"
        assert package["licenses"] == [
            {
                "name": "CC-BY-4.0",
                "title": "Creative Commons Attribution 4.0 International",
                "path": "https://creativecommons.org/licenses/by/4.0/",
            }
        ]
        assert [publisher["title"] for publisher in package["sources"]] == sorted(
            set(Source.objects.values_list("publisher", flat=True))
        )
        assert ("These files hold what everybody may see." in package["description"]) == public
        assert ("Keep them to those who may read all of it." in package["description"]) != public


def test_each_file_is_described_in_reading_order(exported):
    package = described(exported[False])
    assert [resource["name"] for resource in package["resources"]] == [model.dataset_file for model in RECORDS]
    for resource in package["resources"]:
        assert (resource["profile"], resource["format"], resource["mediatype"], resource["encoding"]) == (
            "tabular-data-resource",
            "csv",
            "text/csv",
            "utf-8",
        )
        assert resource["path"] == f"{resource['name']}.csv"
        assert (resource["schema"]["primaryKey"], resource["schema"]["missingValues"]) == (["code"], [""])


def test_every_column_is_described(exported):
    found = fields_of(exported[False])
    owned = [model for model in RECORDS if issubclass(model, OwnedRecord)]
    assert list(found) == [
        (model.dataset_file, column)
        for model in RECORDS
        for column in ["code", *model.columns, *(["owner"] if model in owned else [])]
    ]
    assert [key for key, field in found.items() if not field["title"] or not field["type"]] == []
    types = [field["type"] for field in found.values()]
    assert {kind: types.count(kind) for kind in sorted(set(types))} == {
        "boolean": 5,
        "date": 24,
        "integer": 4,
        "string": 136,
    }


def test_what_may_stand_in_a_column_is_told(exported):
    found = fields_of(exported[False])
    assert found["head_counts", "value"] == {
        "name": "value",
        "type": "integer",
        "title": "number",
        "constraints": {"minimum": 0},
    }
    assert found["organizations", "code"]["constraints"] == {
        "required": True,
        "unique": True,
        "pattern": "[a-z0-9]+(-[a-z0-9]+)*",
        "maxLength": 200,
    }
    assert found["deployments", "sender_country"]["constraints"] == {"pattern": "[A-Z]{2}"}
    assert found["regions", "iso"]["constraints"] == {"pattern": "[A-Z]{2}-[A-Z0-9]{1,3}", "maxLength": 6}
    assert found["head_counts", "basis"]["constraints"] == {"maxLength": 10, "enum": ["total", "change"]}
    assert found["missions", "co_organizers"]["description"] == (
        "The other organizers of a joint observation. Codes of organizations, with “; ” between them: as there may be "
        "several, they are no foreign key."
    )
    required = {key for key, field in found.items() if field.get("constraints", {}).get("required")}
    assert required - {(model.dataset_file, "code") for model in RECORDS} == {
        (model.dataset_file, column)
        for model in RECORDS
        for column in model.columns
        if not ((field := model._meta.get_field(column)).blank or field.has_default())
    }


def test_every_column_of_codes_is_a_foreign_key(exported):
    keys = {
        (resource["name"], *key["fields"]): key["reference"]["resource"]
        for resource in described(exported[False])["resources"]
        for key in resource["schema"]["foreignKeys"]
    }
    expected = {}
    for model in RECORDS:
        for column in [*model.columns, *(["owner"] if issubclass(model, OwnedRecord) else [])]:
            field = model._meta.get_field(column)
            if field.many_to_one:
                others = field.related_model
                expected[model.dataset_file, column] = "" if others is model else others.dataset_file
    assert keys == expected
    assert (len(keys), sorted(key for key, others in keys.items() if not others)) == (
        42,
        [("deployments", "part_of"), ("missions", "part_of"), ("organizations", "parent"), ("regions", "part_of")],
    )


def test_the_public_package_knows_neither_private_columns_nor_keepers(exported):
    whole, public = fields_of(exported[False]), fields_of(exported[True])
    assert whole.keys() - public.keys() == {
        *((model.dataset_file, column) for model in RECORDS for column in model.private_columns),
        *((model.dataset_file, "owner") for model in RECORDS if issubclass(model, OwnedRecord)),
    }
    assert {key: whole[key] for key in public} == public


DAMAGE = [
    ("elections", ",presidential,", ",royal,", "constraint-error"),
    ("missions", "\nkg-presidential-2017-10-15-cis,", "\nKG 2017,", "constraint-error"),
    ("voting_days", ",kg-presidential-2017-10-15,", ",kg-nothing,", "foreign-key"),
    ("deployments", ",KZ,", ",kz,", "constraint-error"),
    ("observer_names", ",ru,", ",,", "constraint-error"),
    ("memberships", ",member,", ",member,15.10.2017", "type-error"),
    ("organizations", ",osce,", ",no-such-parent,", "foreign-key"),
    ("head_counts", ",true,false,", ",yes,false,", "type-error"),
    ("channels", ",true,", ",true,true,", "extra-cell"),
    ("statements", "\ncode,", "\nkey,", "incorrect-label"),
    ("regions", "\nkz-10,", "\nkz-11,", "primary-key"),
]


def test_what_is_damaged_is_found(exported, tmp_path):
    damaged = tmp_path / "damaged"
    shutil.copytree(exported[True], damaged)
    for file, there, instead, _kind in DAMAGE:
        path = damaged / f"{file}.csv"
        content = "\n" + path.read_bytes().decode()
        assert there in content, file
        path.write_bytes(content.replace(there, instead, 1)[1:].encode())
    found = faults(damaged)
    assert {(file, kind) for file, _there, _instead, kind in DAMAGE} - found == set()
    assert "sources" not in {file for file, _kind in found}


def test_the_public_export_is_read_in_without_a_refusal_and_gives_itself_again(exported, tmp_path):
    empty_the_record()
    import_dataset(exported[True], now=NOW)
    export_dataset(tmp_path / "again", public=True)
    assert files_of(tmp_path / "again") == files_of(exported[True])
