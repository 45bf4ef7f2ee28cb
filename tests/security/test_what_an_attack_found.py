"""What somebody with a coordinator's session, a token and a browser tried, and where it once worked."""

from __future__ import annotations

import logging

import pytest
from django.urls.exceptions import Resolver404

from config.failures import WithoutValues
from missions.models import Assignment, Deployment, Mission
from observers.models import Observer
from tests.admin_pages import address_of, fill_in, refusals, typed_in, untouched
from tests.factories import AssignmentFactory, DeploymentFactory, MissionFactory, ObserverFactory

pytestmark = pytest.mark.usefixtures("public_access", "db")


@pytest.fixture
def guests(northland_commission, secretariat):
    """A mission that the commission keeps and the secretariat organizes, with a person of the commission in it."""
    mission = MissionFactory(organizer=secretariat, owner=northland_commission)
    person = ObserverFactory(owner=northland_commission, email="guest@example.org")
    AssignmentFactory(mission=mission, deployment=None, observer=person, owner=northland_commission)
    return mission


def test_the_organizer_hands_the_contacts_of_those_in_a_mission_to_nobody(
    client, guests, organizer, outsider, southland_ministry, secretariat
):
    person = Observer.objects.get()
    client.force_login(organizer)
    fill_in(client, address_of(Mission, "change", guests), organizer=str(southland_ministry.pk), remark="Changed")
    guests.refresh_from_db()
    assert (guests.organizer, guests.remark) == (secretariat, "Changed")
    assert not Observer.objects.private_to(outsider).filter(pk=person.pk).exists()


def test_a_number_of_rows_that_nobody_types_is_refused_before_they_are_read(client, administrator):
    deployment = DeploymentFactory(owner=None)
    client.force_login(administrator)
    address = address_of(Deployment, "change", deployment)
    sent = {**untouched(client.get(address)), "assignments-TOTAL_FORMS": "1000"}
    response = client.post(address, sent)
    [formset] = [
        each.formset for each in response.context["inline_admin_formsets"] if each.formset.prefix == "assignments"
    ]
    assert len(formset.forms) == 100
    assert len(formset.non_form_errors()) == 1


@pytest.mark.parametrize("page", ["0000000015", "9" * 30, "0"])
def test_a_page_that_is_not_there_is_no_failure(client, page):
    assert client.get("/elections/", {"page": page}).status_code == 400


def test_a_value_said_again_makes_no_address_longer(client):
    DeploymentFactory(sender_country="KZ", sender=None)
    once = client.get("/deployments/?sender_country=KZ")
    again = client.get("/deployments/?" + "&".join(["sender_country=KZ"] * 40))
    assert len(again.content) == len(once.content)


def test_more_values_than_anybody_chooses_are_refused(client):
    asked = "&".join(f"sender_country=K{number}" for number in range(51))
    response = client.get(f"/api/v1/deployments/?{asked}")
    assert response.json()["errors"] == [
        {"parameter": "sender_country", "message": "sender_country is given more than 50 values."}
    ]


@pytest.mark.parametrize("key", ["x", "9" * 30, "-1", "1.5"])
def test_what_is_no_key_is_refused_like_a_missing_record(client, administrator, key):
    client.force_login(administrator)
    address = address_of(Assignment, "add")
    page = client.get(address)
    response = client.post(address, {**typed_in(page.context["adminform"].form), "observer": key, "sources": [key]})
    assert response.status_code == 200
    assert set(refusals(response)) >= {"observer", "sources"}


@pytest.mark.parametrize("ticked", ["x", "9" * 30])
def test_who_is_ticked_on_no_page_is_nobody(client, administrator, ticked):
    client.force_login(administrator)
    response = client.post(address_of(Observer), {"action": "merge_two", "_selected_action": [ticked]}, follow=True)
    assert [str(each) for each in response.context["messages"]] == ["Tick exactly two persons to merge them."]


@pytest.mark.parametrize("address", ["/", "/account/login/", "/admin/"])
def test_a_form_in_another_alphabet_of_bytes_is_refused(client, address):
    kind = "application/x-www-form-urlencoded; charset=utf-7"
    response = client.post(address, "login=a", content_type=kind)
    assert response.status_code == 400
    assert "This request cannot be answered" in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/admin/autocomplete/?app_label=missions&model_name=assignment&field_name=observer&term=a%00",
        "/admin/observers/observer/merge/?kept=x%00&merged=y",
        "/admin/missions/assignment/people/?mission=%00",
        "/admin/missions/mission/?status__exact=%00",
    ],
)
def test_nul_in_an_address_of_the_admin_is_refused(client, administrator, address):
    client.force_login(administrator)
    assert client.get(address).status_code == 400


def test_nul_in_a_form_is_refused(client, administrator):
    client.force_login(administrator)
    assert client.post("/account/tokens/revoke/", {"token": "a\0"}).status_code == 400


@pytest.mark.parametrize("address", ["/", "/deployments/", "/api/v1/deployments/", "/api/v1/nothing", "/admin/"])
def test_a_name_that_is_not_this_servers_is_refused_and_no_failure(client, public_access, address):
    answer = client.get(address, headers={"Host": "elsewhere.example"})
    assert (answer.status_code, "elsewhere.example" in answer.content.decode()) == (400, False)


def test_a_failure_is_told_with_its_lines_and_without_its_values():
    def fails(name):
        raise ValueError(name)

    try:
        try:
            fails("Hiddenova Greta")
        except ValueError as error:
            raise Resolver404("Hiddenova Greta") from error
    except Resolver404 as error:
        told = WithoutValues().formatException((type(error), error, error.__traceback__))
    assert "Hiddenova Greta" not in told.replace('"Hiddenova Greta"', "")
    assert told.endswith("Resolver404")
    assert "test_what_an_attack_found.py" in told


def test_failures_reach_standard_error_in_production(settings):
    [handler] = [
        one for one in logging.getLogger("django.request").handlers if isinstance(one.formatter, WithoutValues)
    ]
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Internal Server Error: /", None, None)
    assert (handler.level, bool(handler.filter(record))) == (logging.ERROR, True)
    settings.DEBUG = True
    assert not handler.filter(record)


@pytest.mark.parametrize("page", ["change", "history", "delete", "password"])
def test_an_account_that_exists_answers_to_who_gives_none_as_one_that_does_not(client, coordinator, outsider, page):
    client.force_login(coordinator)
    answers = [client.get(f"/admin/organizations/user/{key}/{page}/").status_code for key in (outsider.pk, 999_999)]
    assert answers == [403, 403]
