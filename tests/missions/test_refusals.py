"""Every refusal at every door: the admin's form, the REST API, the import, and the database itself.

The table in `refusals.py` holds what is refused, at which column and in which words. The cells are those of a dataset
row; the form is filled in with the same cells, and the database is given the same record past every validation.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib import admin
from django.db import IntegrityError, models, transaction
from django.forms import model_to_dict, modelform_factory
from django.test import RequestFactory

from tests.api_client import ApiClient
from tests.conftest import everything_stored
from tests.factories import (
    DeploymentFactory,
    ElectionFactory,
    MissionFactory,
    ObserverFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    RegionFactory,
    SourceFactory,
    UserFactory,
)
from tests.missions.refusals import REFUSALS, ROBIN


@pytest.fixture
def record(db):
    """What the rows of the table point to."""
    gazette = SourceFactory(code="gazette", title="Observers arrive")
    secretariat = OrganizationFactory(code="secretariat")
    OrganizationNameFactory(
        organization=secretariat, name="Observation Secretariat", valid_until=date(2029, 12, 31), source=gazette
    )
    assembly = OrganizationFactory(code="assembly", parent=secretariat, name="Assembly")
    OrganizationFactory(code="bureau", parent=assembly, name="Bureau")
    OrganizationFactory(code="commission", kind="election_body", country="KZ", name="Northland Commission")
    north = RegionFactory(code="north", name="North")
    town = RegionFactory(code="town", name="Town", part_of=north)
    RegionFactory(code="quarter", name="Quarter", part_of=town)
    first = ElectionFactory(code="first", name="First vote")
    second = ElectionFactory(code="second", name="Second vote", election_day=date(2031, 6, 1))
    joint = MissionFactory(code="joint", name="Joint", election=first, organizer=secretariat)
    inside = MissionFactory(code="inside", name="Inside", election=first, organizer=assembly, part_of=joint)
    MissionFactory(code="deep-inside", name="Deep inside", election=first, organizer=assembly, part_of=inside)
    MissionFactory(code="alone", name="Alone", election=first, organizer=secretariat)
    MissionFactory(code="elsewhere", name="Elsewhere", election=second, organizer=secretariat)
    party = DeploymentFactory(code="party", election=first)
    deputies = DeploymentFactory(code="deputies", election=first, part_of=party)
    DeploymentFactory(code="two-deputies", election=first, part_of=deputies)
    DeploymentFactory(code="lone-party", election=first)
    DeploymentFactory(code="party-elsewhere", election=second)
    ObserverFactory(code=ROBIN)


# The doors


def typed_in(refusal, form_class, instance):
    """What a browser sends when the cells are typed into the form, the other boxes left as they come."""
    data = {}
    for name, value in model_to_dict(instance or refusal.of()).items():
        if isinstance(value, list):
            data[name] = [other.pk for other in value]
        elif value not in (None, False):
            data[name] = str(value)
    for column, cell in refusal.cells.items():
        model_field = refusal.of._meta.get_field(column)
        if isinstance(model_field, models.ForeignKey):
            data[column] = cell and model_field.related_model.objects.get(code=cell).pk
        else:
            data[column] = cell
    return data


def at_the_form(refusal):
    """The sentences of the form that the admin builds, by field; of a plain form where a record is typed as a row."""
    instance = refusal.of.objects.filter(code=refusal.cells.get("code")).first()
    registered = admin.site._registry.get(refusal.of)
    form_class = (
        registered.get_form(administrators_request(), instance, change=bool(instance))
        if registered
        else modelform_factory(refusal.of, exclude=())
    )
    form = form_class(typed_in(refusal, form_class, instance), instance=instance)
    return {name: list(sentences) for name, sentences in form.errors.items()}


def as_json(refusal):
    """The row as a program sends it: codes, numbers and days as JSON has them, nothing as null."""
    body = {}
    for column, cell in refusal.cells.items():
        model_field = refusal.of._meta.get_field(column)
        is_text = isinstance(model_field, models.CharField | models.TextField)
        if isinstance(model_field, models.IntegerField):
            body[column] = int(cell) if cell else None
        else:
            body[column] = cell if cell or is_text else None
    return body


def at_the_api(refusal):
    """The errors of the API, by pointer, for the row as one record: replaced where it has a code, else made."""
    api, body = ApiClient(UserFactory(is_superuser=True)), as_json(refusal)
    address = f"{refusal.of.resource()}/"
    if "code" not in body:
        return told_by(api.post(address, body))
    address += f"{body['code']}/"
    stored = refusal.of.objects.filter(code=body["code"])
    return told_by(api.put(address, body, **({"If_Match": api.tag(address)} if stored else {})))


def without_tokens(stored):
    """The record alone: a program needs an account and a token to come in."""
    return {
        label: rows for label, rows in stored.items() if label not in {"organizations.User", "organizations.ApiToken"}
    }


def told_by(answer):
    assert answer.status_code == 400, answer.content
    return [(error["pointer"], error["message"]) for error in answer.json()["errors"]]


def administrators_request():
    request = RequestFactory().get("/")
    request.user = UserFactory(is_staff=True, is_superuser=True)
    return request


def past_validation(refusal):
    """Stores the record of the cells without asking any validation."""
    made = refusal.of(code=f"made-{refusal.of.objects.count()}")
    for column, cell in refusal.cells.items():
        model_field = refusal.of._meta.get_field(column)
        if isinstance(model_field, models.ForeignKey):
            setattr(made, column, model_field.related_model.objects.get(code=cell))
        elif column != "code":
            setattr(made, column, cell or None)
    refusal.of.objects.bulk_create([made])


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
def test_the_form_refuses_with_the_sentence(refusal, record):
    refusal.also()
    if refusal.is_second:
        past_validation(refusal)
    assert at_the_form(refusal) == {refusal.column: [refusal.sentence]}


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
def test_the_api_refuses_with_the_sentence_of_the_form(refusal, record):
    refusal.also()
    if refusal.is_second:
        past_validation(refusal)
    pointer = "#" if refusal.column == "__all__" else f"#/{refusal.column}"
    before = everything_stored()
    assert at_the_api(refusal) == [(pointer, refusal.in_api or refusal.sentence)]
    assert without_tokens(everything_stored()) == without_tokens(before)


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
def test_the_import_refuses_with_the_sentence(refusal, record, dataset):
    refusal.also()
    rows = [refusal.cells] * (2 if refusal.is_second else 1)
    dataset.write(refusal.of.dataset_file, *rows)
    said = refusal.in_import or f"{refusal.column}: {refusal.sentence}"
    assert dataset.problems() == [f"{refusal.of.dataset_file}.csv:{len(rows) + 1}: {said}"]


@pytest.mark.parametrize("refusal", [one for one in REFUSALS if one.in_database], ids=str)
def test_the_database_refuses_what_comes_past_every_validation(refusal, record):
    if refusal.is_second:
        past_validation(refusal)
    with pytest.raises(IntegrityError), transaction.atomic():
        past_validation(refusal)


def test_no_refusal_has_left_the_table():
    assert len({str(refusal) for refusal in REFUSALS}) == len(REFUSALS) == 105
    pairs = 3 * len(REFUSALS) + sum(refusal.in_database for refusal in REFUSALS)
    assert pairs == 354
