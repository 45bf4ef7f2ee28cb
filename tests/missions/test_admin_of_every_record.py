"""What holds for the admin of every kind of record alike."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db import connection
from django.forms import ModelChoiceField, ModelMultipleChoiceField
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from missions.models import Assignment, Channel, Deployment, Election, HeadCount, Invitation, Mission, Statement
from observers.models import Erasure, Merge, Observer
from organizations.admin.base import RecordAdmin
from organizations.models import ChangedRecord, Membership, Organization, OwnedRecord, Region, Source, User
from tests.admin_pages import address_of
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    InvitationFactory,
    MembershipFactory,
    MissionFactory,
    ObserverFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    RegionFactory,
    SourceFactory,
    StatementFactory,
    UserFactory,
)


def named(short_name):
    organization = OrganizationFactory(country="KZ", parent=OrganizationFactory(name=f"Parent of {short_name}"))
    OrganizationNameFactory(organization=organization, short_name=short_name)
    return organization


def mission(number):
    election = ElectionFactory()
    whole = MissionFactory(election=election, organizer=named(f"whole {number}"))
    return MissionFactory(election=election, organizer=named(f"part {number}"), part_of=whole)


def deployment(number):
    election = ElectionFactory()
    whole = DeploymentFactory(election=election)
    party = DeploymentFactory(election=election, sender=named(f"sender {number}"), part_of=whole)
    HeadCountFactory(deployment=party, kind="announced")
    return party


def channel(number):
    party = deployment(number)
    return ChannelFactory(deployment=party, mission__organizer=named(f"organizer {number}"))


def assignment(number):
    through = channel(number)
    region = RegionFactory()
    return AssignmentFactory(deployment=through.deployment, mission=through.mission, region=region)


# A row of each kind, with all that its line in the list shows.
ROWS = {
    Source: lambda number: SourceFactory(url=f"https://example.org/{number}"),
    Organization: lambda number: named(f"organization {number}"),
    Membership: lambda number: MembershipFactory(
        organization=named(f"club {number}"), member_country="", member_organization=named(f"member {number}")
    ),
    Region: lambda number: RegionFactory(part_of=RegionFactory()),
    Observer: lambda number: ObserverFactory(nationality="KZ"),
    Election: lambda number: ElectionFactory(),
    Mission: mission,
    Invitation: lambda number: InvitationFactory(inviter=named(f"host {number}"), invitee=named(f"guest {number}")),
    Deployment: deployment,
    Channel: channel,
    HeadCount: lambda number: HeadCountFactory(deployment=deployment(number)),
    Assignment: assignment,
    Statement: lambda number: StatementFactory(subject=f"elections/{ElectionFactory().code}"),
    User: lambda number: UserFactory(),
}


def keep(record, organization):
    """Has the organization keep the record, and the person whose place it is."""
    for row in (record, getattr(record, "observer", None)):
        if row:
            type(row).objects.filter(pk=row.pk).update(owner=organization)


EVERY_KIND = pytest.mark.parametrize("model", ROWS, ids=lambda model: model.__name__)
RECORDS = [model for model in ROWS if model is not User]
EVERY_RECORD = pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)


def test_every_kind_in_the_admin_is_tested_here():
    own = {model for model in admin.site._registry if model.__module__.split(".")[0] != "django"}
    # The lists of merges, erasures and changes only show, and have tests of their own.
    assert own == {*ROWS, Merge, Erasure, ChangedRecord}
    assert all(isinstance(admin.site._registry[model], RecordAdmin) for model in RECORDS)


@EVERY_KIND
def test_list_add_page_and_change_page_open(admin_client, model):
    record = ROWS[model](1)
    assert admin_client.get(address_of(model)).status_code == 200
    assert admin_client.get(address_of(model, "add")).status_code == 200
    assert admin_client.get(address_of(model, "change", record)).status_code == 200
    assert admin_client.get(address_of(model, "history", record)).status_code == 200
    # Persons are withheld or erased, and somebody who leaves is no longer active.
    is_deleted = model not in {Observer, User}
    assert admin_client.get(address_of(model, "delete", record)).status_code == (200 if is_deleted else 403)


@EVERY_KIND
def test_a_list_of_50_costs_as_many_queries_as_a_list_of_one(admin_client, model):
    ROWS[model](0)
    admin_client.get(address_of(model))
    with CaptureQueriesContext(
        connection,
    ) as one:
        admin_client.get(address_of(model))
    for number in range(1, 50):
        ROWS[model](number)
    with CaptureQueriesContext(connection) as fifty:
        page = admin_client.get(address_of(model))
    assert page.context["cl"].result_count >= 50
    assert len(fifty) == len(one)


@pytest.mark.parametrize(
    ("where", "field", "rows"),
    [
        (Channel, "mission", Mission),
        (Channel, "deployment", Deployment),
        (Channel, "source", Source),
        (Mission, "organizer", Organization),
        (Mission, "election", Election),
        (Assignment, "observer", Observer),
        (Assignment, "region", Region),
    ],
)
def test_an_autocomplete_of_15_costs_as_many_queries_as_one_of_two(admin_client, where, field, rows):
    options = where._meta
    asked = {"app_label": options.app_label, "model_name": options.model_name, "field_name": field}
    address = reverse("admin:autocomplete")
    ROWS[rows](0)
    ROWS[rows](1)
    admin_client.get(address, asked)
    with CaptureQueriesContext(connection) as two:
        admin_client.get(address, asked)
    for number in range(2, 15):
        ROWS[rows](number)
    with CaptureQueriesContext(connection) as fifteen:
        found = admin_client.get(address, asked).json()["results"]
    assert len(found) >= 15
    assert len(fifteen) == len(two)


@EVERY_RECORD
def test_every_box_that_points_to_a_record_completes_what_is_typed(admin_client, model):
    record = ROWS[model](1)
    checked = 0
    for address in (address_of(model, "add"), address_of(model, "change", record)):
        page = admin_client.get(address)
        forms = [page.context["adminform"].form]
        forms += [rows.formset.empty_form for rows in page.context["inline_admin_formsets"]]
        for form in forms:
            for name, box in form.fields.items():
                # The box of the record itself, hidden in the rows below it, is none.
                if isinstance(box, ModelChoiceField) and not box.widget.is_hidden:
                    many = isinstance(box, ModelMultipleChoiceField)
                    widget = AutocompleteSelectMultiple if many else AutocompleteSelect
                    assert isinstance(box.widget.widget, widget), name
                    checked += 1
    assert checked >= (2 if any(field.is_relation for field in model._meta.get_fields()) else 0)


@EVERY_RECORD
def test_a_code_is_shown_and_never_typed(admin_client, model):
    record = ROWS[model](1)
    assert "code" not in admin_client.get(address_of(model, "add")).context["adminform"].form.fields
    page = admin_client.get(address_of(model, "change", record))
    assert "code" not in page.context["adminform"].form.fields
    assert record.code in page.content.decode()


@EVERY_KIND
def test_nothing_is_deleted_by_the_dozen(admin_client, model):
    ROWS[model](1)
    assert "delete_selected" not in admin_client.get(address_of(model)).content.decode()


@EVERY_RECORD
def test_only_the_keeper_deletes(client, model, coordinator, outsider, administrator):
    """An organization's coordinators what it keeps; administrators reference data and what no organization keeps."""
    record = ROWS[model](1)
    if issubclass(model, OwnedRecord):
        keep(record, coordinator.staff_roles.get().organization)
        # What others keep is not there; a person is not deleted by the keeper either.
        expected = [403, 403, 403] if model is Observer else [200, 302, 302]
    else:
        expected = [403, 403, 200]
    for clerk, status in zip((coordinator, outsider, administrator), expected, strict=True):
        client.force_login(clerk)
        for ask in (client.get, client.post):
            assert ask(address_of(model, "delete", record)).status_code == status
    assert model.objects.filter(pk=record.pk).exists()


@EVERY_RECORD
def test_a_list_is_not_asked_about_columns_that_it_does_not_filter_by(admin_client, model):
    ROWS[model](1)
    for lookup in ("code__startswith", "modified_at__gt", "owner__code"):
        assert admin_client.get(address_of(model), {lookup: "a"}).status_code == 400


@EVERY_RECORD
def test_every_filter_of_a_list_answers(admin_client, model):
    ROWS[model](1)
    page = admin_client.get(address_of(model))
    links = [
        choice["query_string"]
        for each in page.context["cl"].filter_specs
        for choice in each.choices(page.context["cl"])
    ]
    for link in links:
        assert admin_client.get(address_of(model) + link).status_code == 200
    assert bool(links) == bool(page.context["cl"].has_filters)


def test_the_front_page_of_the_admin_says_where_to_begin(admin_client):
    page = admin_client.get(reverse("admin:index")).content.decode()
    assert "Election observation mission tracker" in page
    assert "View the public pages" in page
    assert "From the paper on your desk" in page


@pytest.mark.parametrize(
    "model", [Source, Organization, Election, Mission, Invitation, Deployment], ids=lambda model: model.__name__
)
def test_a_record_leads_to_its_public_page(admin_client, model):
    record = ROWS[model](1)
    page = admin_client.get(address_of(model, "change", record)).content.decode()
    assert f'<a href="{record.get_absolute_url()}" class="viewsitelink">Public page</a>' in page


def test_a_record_leads_to_a_statement_about_it(admin_client):
    record = MissionFactory()
    page = admin_client.get(address_of(Mission, "change", record)).content.decode()
    link = f"{address_of(Statement, 'add')}?subject=missions/{record.code}"
    assert link in page
    assert admin_client.get(link).context["adminform"].form["subject"].value() == f"missions/{record.code}"
