"""docs/dataset.md tells the truth: its columns, its choices and its example."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings as project
from django_countries.fields import CountryField

from missions.dataset import RECORDS
from missions.models import Deployment, HeadCount
from tests.factories import ElectionFactory, MissionFactory, OrganizationFactory

PAPER = (Path(project.BASE_DIR) / "docs" / "dataset.md").read_text(encoding="utf-8")


def columns_told(model):
    """The columns that the paper's section on this file lists, in its order, and those in bold."""
    (section,) = re.findall(rf"^### {model.dataset_file}$(.*?)^##", PAPER, re.MULTILINE | re.DOTALL)
    first_cells = re.findall(r"^\| ([^|]+) \|", section, re.MULTILINE)
    told = [name.strip() for cell in first_cells for name in cell.split(",") if name not in {"column", "---"}]
    return [name.strip("*") for name in told], {name.strip("*") for name in told if name.startswith("**")}


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.dataset_file)
def test_the_paper_lists_the_columns_of_each_file(model):
    told, _bold = columns_told(model)
    assert [name for name in told if name != "code"] == list(model.columns)


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.dataset_file)
def test_the_paper_prints_in_bold_what_must_be_given(model):
    _told, bold = columns_told(model)
    fields = [model._meta.get_field(name) for name in model.columns]
    assert bold - {"code"} == {field.name for field in fields if not (field.blank or field.has_default())}


def test_the_paper_prints_every_choice():
    fields = [model._meta.get_field(name) for model in RECORDS for name in model.columns]
    chosen = [field for field in fields if getattr(field, "choices", None) and not isinstance(field, CountryField)]
    choices = {value for field in chosen for value, _label in field.flatchoices if value}
    assert {value for value in choices if f"`{value}`" not in PAPER} == set()
    assert (len(chosen), len(choices)) == (19, 99)


def test_the_example_of_the_paper_can_be_imported(dataset):
    election = ElectionFactory(code="kg-presidential-2030-06-02")
    for organizer in ("cis", "sco"):
        MissionFactory(
            code=f"kg-presidential-2030-06-02-{organizer}",
            election=election,
            organizer=OrganizationFactory(code=organizer),
        )
    files = ["sources", "organizations", "organization_names", "deployments", "channels", "head_counts"]
    examples = re.findall(r"^```csv\n(.*?)^```$", PAPER, re.MULTILINE | re.DOTALL)
    for name, example in zip(files, examples, strict=True):
        dataset.put(name, example)
    assert dataset.read_in() == {f"{name}.csv": (2 if name == "channels" else 1, 0, 0) for name in files}
    assert Deployment.objects.get().code == "kg-presidential-2030-06-02-from-northland-commission"
    assert HeadCount.objects.get().value == 46
