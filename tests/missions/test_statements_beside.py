"""What another source says of a field stands beside it: in the admin, and in the API's answer for one record."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib import admin

from missions.admin.base import ReadingsAdmin
from missions.models import HeadCount, Mission, Statement
from observers.models import Observer
from organizations.models import Organization
from tests.admin_pages import address_of, fill_in, told
from tests.factories import (
    HeadCountFactory,
    MissionFactory,
    ObserverFactory,
    OrganizationFactory,
    SourceFactory,
    StatementFactory,
)
from tests.missions.test_admin_of_every_record import ROWS


@pytest.fixture
def herald(db):
    return SourceFactory(code="herald", title="They are here", publisher="Southland Herald")


@pytest.fixture
def mission(db):
    source = SourceFactory(code="gazette")
    return MissionFactory(
        code="cis-mission", starts_on=date(2017, 10, 10), ends_on=date(2017, 10, 15), sources=[source]
    )


@pytest.fixture
def statement(mission, herald):
    return StatementFactory(
        code="ends-on-herald",
        subject="missions/cis-mission",
        field="ends_on",
        value="2017-10-16",
        source=herald,
        excerpt="left on the 16th",
    )


def under(page, box):
    return str(page.context["adminform"].form.fields[box].help_text)


def test_a_statement_stands_under_the_box_that_it_differs_from(admin_client, mission, statement):
    page = admin_client.get(address_of(Mission, "change", mission))
    link = f'<a href="{address_of(Statement, "change", statement)}">Edit statement</a>'
    told_there = "Another source says: 16 October 2017 (Southland Herald: They are here)"
    assert under(page, "ends_on") == f'Blank: not known.<br><strong class="statement">{told_there}</strong> {link}'
    assert "Another source" not in under(page, "starts_on")
    assert told_there in page.content.decode()


def test_a_value_that_is_a_choice_or_no_day_reads_as_the_box_would_show_it(admin_client, mission, statement):
    StatementFactory(subject="missions/cis-mission", field="kind", value="eom")
    Statement.objects.filter(pk=statement.pk).update(value="the middle of October")
    page = admin_client.get(address_of(Mission, "change", mission))
    assert "Another source says: Election observation mission" in under(page, "kind")
    assert "Another source says: the middle of October (" in under(page, "ends_on")


def test_what_a_source_says_is_no_markup(admin_client, mission, statement):
    Statement.objects.update(value="<b>16</b>")
    assert "&lt;b&gt;16&lt;/b&gt;" in under(admin_client.get(address_of(Mission, "change", mission)), "ends_on")


def test_a_statement_is_of_its_own_record_alone(admin_client, statement):
    other = MissionFactory(code="other-mission")
    assert "Another source says:" not in admin_client.get(address_of(Mission, "change", other)).content.decode()
    assert "Another source says:" not in admin_client.get(address_of(Mission, "add")).content.decode()


def test_statements_stand_beside_counts_and_organizations_too(admin_client, herald):
    count = HeadCountFactory(deployment=None, mission=MissionFactory(), code="a-count")
    StatementFactory(subject="head-counts/a-count", field="value", value="45", source=herald)
    StatementFactory(subject="organizations/secretariat", field="country", value="KZ", source=herald)
    body = OrganizationFactory(code="secretariat")
    page = admin_client.get(address_of(HeadCount, "change", count))
    assert "Another source says: 45 (Southland Herald: They are here)" in under(page, "value")
    page = admin_client.get(address_of(Organization, "change", body))
    assert "Another source says: Kazakhstan (Southland Herald: They are here)" in under(page, "country")


def test_saving_adopts_nothing(admin_client, mission, statement):
    assert "success" in told(fill_in(admin_client, address_of(Mission, "change", mission)))
    mission.refresh_from_db()
    assert mission.ends_on == date(2017, 10, 15)


def kept_by_administrators(model):
    """A stored record of the kind."""
    return ROWS[model](1)


def test_every_column_of_which_a_source_may_speak_has_a_box(admin_client, rf, administrator):
    request = rf.get("/")
    request.user = administrator
    looked_at = 0
    for model, model_admin in admin.site._registry.items():
        if isinstance(model_admin, ReadingsAdmin):
            boxes = set(model_admin.get_form(request, kept_by_administrators(model)).base_fields)
            assert set(model.columns) - model.private_columns - boxes == set(), model
            looked_at += 1
    assert looked_at == 11


def test_a_statement_about_a_person_stands_beside_the_box_and_its_keeper_is_led_to_it(client, coordinator, herald):
    keeper = coordinator.staff_roles.get().organization
    person = ObserverFactory(owner=keeper)
    about = StatementFactory(subject=f"observers/{person.code}", field="nationality", value="UZ", source=herald)
    sentence = "Another source says: Uzbekistan (Southland Herald: They are here)"
    client.force_login(coordinator)
    page = client.get(address_of(Observer, "change", person))
    assert under(page, "nationality").endswith(f'<strong class="statement">{sentence}</strong>')
    about.owner = keeper
    about.save()
    link = f'<a href="{address_of(Statement, "change", about)}">Edit statement</a>'
    assert link in under(client.get(address_of(Observer, "change", person)), "nationality")


# The API


def detail(client, **asked):
    return client.get("/api/v1/missions/cis-mission/", asked).json()


def test_the_answer_for_one_record_carries_what_other_sources_say(client, public_access, statement):
    assert detail(client)["statements"] == [
        {
            "field": "ends_on",
            "value": "2017-10-16",
            "source": "herald",
            "excerpt": "left on the 16th",
            "code": "ends-on-herald",
        }
    ]
    assert detail(client)["ends_on"] == "2017-10-15"
    assert detail(client, fields="code,statements").keys() == {"code", "statements"}


def test_an_internal_paper_says_nothing_to_the_public(client, public_access, statement, herald):
    herald.public = False
    herald.save()
    assert detail(client)["statements"] == []


def test_rows_of_lists_and_files_carry_no_statements(client, public_access, statement):
    [row] = client.get("/api/v1/missions/").json()["results"]
    file = b"".join(client.get("/api/v1/missions/", {"format": "csv"}).streaming_content).decode()
    assert "statements" not in row
    assert "statements" not in file.splitlines()[0].split(",")
    assert client.get("/api/v1/missions/", {"fields": "statements"}).status_code == 400


def test_records_of_the_apps_below_carry_them_too(client, public_access, herald, secretariat):
    StatementFactory(subject="organizations/secretariat", field="country", value="KZ", source=herald)
    StatementFactory(subject="sources/herald", field="title", value="They came", source=herald)
    answers = {
        name: client.get(f"/api/v1/{name}/{code}/").json()["statements"]
        for name, code in {"organizations": "secretariat", "sources": "herald"}.items()
    }
    assert {name: [each["value"] for each in found] for name, found in answers.items()} == {
        "organizations": ["KZ"],
        "sources": ["They came"],
    }
