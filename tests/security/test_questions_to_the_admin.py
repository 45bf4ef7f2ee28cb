"""The admin is asked by its addresses: about columns that it does not show, in windows of its own, for choices."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse

from missions.models import Mission
from observers.models import Observer
from organizations.policy import PERSONAL_FIELDS
from tests.admin_pages import address_of
from tests.security import table
from tests.security.actors import CLERKS
from tests.security.expectations import SEES_PERSON
from tests.security.objects import may

LOOKUPS = ("", "__exact", "__iexact", "__startswith", "__icontains", "__regex", "__isnull", "__in", "__gt", "__range")
# What the filters beside each list ask; docs/access.md knows no other question. By hand.
ASKED = {
    "missions_assignment": {"role", "status"},
    "missions_channel": {"counted"},
    "missions_deployment": {"status", "year", "election__country", "sender_country"},
    "missions_election": {"status", "kind", "year", "country"},
    "missions_headcount": {"kind", "group", "qualifier", "basis", "counted", "preferred"},
    "missions_invitation": {"response", "reason", "year", "election__country"},
    "missions_mission": {"status", "kind", "year", "election__country"},
    "missions_statement": {"field"},
    "observers_erasure": set(),
    "observers_merge": set(),
    "observers_observer": {"withheld", "nationality"},
    "organizations_changedrecord": {"action", "resource", "change"},
    "organizations_membership": {"standing", "member_country"},
    "organizations_organization": {"kind", "country"},
    "organizations_region": {"country"},
    "organizations_source": {"public", "language"},
    "organizations_user": {"is_active", "is_superuser", "is_data_protection"},
}


def kind_of(model):
    return model._meta.label_lower.replace(".", "_")


def paths_of(model):
    """Every field of the model, those that lead to it included, and every field one relation further."""
    for field in model._meta.get_fields():
        yield field.name
        related = field.related_model if field.is_relation else None
        if related:
            yield from (f"{field.name}__{other.name}" for other in related._meta.get_fields())


def test_no_list_is_asked_about_what_it_does_not_filter_by(world):
    request = RequestFactory().get("/")
    request.user = world.users["administrator"]
    wrong, asked = [], 0
    assert {kind_of(model) for model in admin.site._registry} == ASKED.keys()
    for model, model_admin in admin.site._registry.items():
        for path in paths_of(model):
            for ending in LOOKUPS:
                asked += 1
                may_be = path in ASKED[kind_of(model)] and ending in {"", "__exact", "__isnull"}
                if model_admin.lookup_allowed(f"{path}{ending}", "a", request) and not may_be:
                    wrong.append((kind_of(model), f"{path}{ending}"))
    assert wrong == []
    assert asked >= 5000


def test_such_a_question_is_refused_whatever_the_answer_would_be(crawl, world):
    """Asked over the web: about each personal field, with the value of the one and of another."""
    wrong, asked = [], 0
    columns = {"observers": "observers/observer", "observer_names": "", "assignments": "missions/assignment"}
    assert columns.keys() == PERSONAL_FIELDS.keys()
    for file, path in columns.items():
        names = (
            [f"names__{name}" for name in PERSONAL_FIELDS[file]] if file == "observer_names" else PERSONAL_FIELDS[file]
        )
        for name in names:
            for ending in ("__startswith", "__regex"):
                if name == "nationality" and not ending:
                    continue
                for value in ("canary", "["):
                    asked += 1
                    address = f"/admin/{path or 'observers/observer'}/?{name}{ending}={value}"
                    visit = crawl.ask("coordinator A", address, asked=[value])
                    if visit.status != 400:
                        wrong.append(str(visit))
    assert wrong == []
    assert (crawl.leaks, crawl.faults) == ({}, [])
    assert asked >= 60


@pytest.mark.parametrize("actor", ["coordinator B", "organizer N", "administrator"])
def test_windows_and_the_filters_that_are_carried_along_open_nothing_more(crawl, world, actor):
    hidden = world.persons["a", "roster"]
    asked = [
        "_popup=1",
        "_to_field=id",
        "_to_field=email",
        "_to_field=internal_note",
        "_popup=1&_to_field=code",
        "_changelist_filters=email__startswith%3Dcanary",
        "_facets=True",
        "all=",
        "o=1.2.3",
        "o=-9",
        "p=2",
        "e=1",
    ]
    for query in asked:
        for path in (address_of(Observer), address_of(Observer, "add"), address_of(Observer, "change", hidden)):
            visit = crawl.ask(actor, f"{path}?{query}")
            assert visit.status in {200, 302, 400}, visit
    assert (crawl.leaks, crawl.faults) == ({}, [])
    assert crawl.visits == len(asked) * 3


def test_choices_are_those_to_which_one_may_point(crawl, world):
    """The address that completes what is typed is asked for every field of every model there is."""
    wrong, asked, opened = [], 0, set()
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if not field.is_relation:
                continue
            address = reverse("admin:autocomplete")
            query = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}&field_name={field.name}"
            for actor in ("coordinator B", "without a role"):
                asked += 1
                visit = crawl.ask(actor, f"{address}?{query}")
                if visit.status == 200:
                    opened.add((actor, model._meta.model_name, field.name))
                elif visit.status not in {403, 404}:
                    wrong.append(str(visit))
    assert wrong == []
    assert (crawl.leaks, crawl.faults) == ({}, [])
    assert {actor for actor, _model, _field in opened} == {"coordinator B"}
    assert ("coordinator B", "staffrole", "user") not in opened
    assert not {model for _actor, model, _field in opened} & {"user", "apitoken", "peoplefile", "merge", "erasure"}
    assert asked >= 150


def test_persons_are_offered_who_are_ones_own_or_public(crawl, world):
    address = reverse("admin:autocomplete")
    query = "app_label=missions&model_name=assignment&field_name=observer&term="
    own = {"coordinator A": "a", "coordinator B": "b", "administrator": "o"}
    for actor in CLERKS:
        visit = crawl.ask(actor, f"{address}?{query}")
        for (keeper, who), readers in SEES_PERSON.items():
            is_public = may("anonymous", readers, "page")
            expected = is_public or own.get(actor) == keeper
            assert (f"{keeper}{who}familyname" in visit.text) == expected, (actor, keeper, who)
    assert crawl.leaks == {}


def test_the_list_of_an_app_and_the_way_to_a_page_tell_nothing(crawl, world):
    """Addresses that Django brings along: the front page of an app, and the one that leads to a record's page."""
    for actor in crawl.clients:
        for app in ("organizations", "observers", "missions", "nothing"):
            visit = crawl.ask(actor, f"/admin/{app}/")
            assert visit.status == (404 if app == "nothing" and actor in CLERKS else table.FOR_CLERKS[actor]), visit
        for record in (world.persons["a", "roster"], world.made.mission_a):
            told = []
            for key in (record.pk, 10**9):
                # Tables of kinds are not kept: nothing leads anywhere.
                visit = crawl.ask(actor, f"/admin/r/{4711}/{key}/")
                told.append(visit.status)
            assert told[0] == told[1] == (404 if actor in CLERKS else table.FOR_CLERKS[actor]), visit
    assert (crawl.leaks, crawl.faults) == ({}, [])
    assert Mission.objects.count() == 5
