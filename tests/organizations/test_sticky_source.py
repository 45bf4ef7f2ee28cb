"""Entering from one source: the bar that says so, and the boxes that start with it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from missions.models import HeadCount, Mission, Statement
from organizations.models import Source
from tests.admin_pages import address_of, fill_in, typed_in, untouched
from tests.factories import MissionFactory, SourceFactory

ENTERING = reverse("entering-from")
BAR = "Entering from:"


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def paper(northland_commission):
    return SourceFactory(code="gazette-2017-10-13", publisher="Northland Gazette", title="Observers arrive", owner=None)


def enter_from(client, source, **sent):
    return client.post(ENTERING, {"source": source.code, **sent})


def boxes(client, model, page="add", record=None, query=""):
    return client.get(address_of(model, page, record) + query).context["adminform"].form


# Beginning and stopping


def test_nobody_enters_from_a_source_until_they_say_so(desk, paper):
    assert BAR not in desk.get(address_of(Mission, "add")).content.decode()


def test_a_source_that_is_saved_is_the_one_that_is_entered_from(desk):
    fill_in(desk, address_of(Source, "add"), title="Observers arrive", publisher="Northland Gazette")
    saved = Source.objects.latest("pk")
    assert desk.session["entering_from"] == saved.pk
    page = desk.get(address_of(Mission)).content.decode()
    assert BAR in page
    assert "Northland Gazette: Observers arrive" in page


def test_one_that_is_added_beside_a_box_does_not_replace_it(desk, paper):
    enter_from(desk, paper)
    fill_in(desk, address_of(Source, "add"), title="Another", publisher="Southland Herald", _popup="1")
    assert desk.session["entering_from"] == paper.pk


@pytest.mark.parametrize("page", ["source", "admin"])
def test_the_pages_of_a_source_have_a_button_for_it(desk, coordinator, page):
    own = SourceFactory(owner=coordinator.staff_roles.get().organization)
    address = own.get_absolute_url() if page == "source" else address_of(Source, "change", own)
    assert "Enter from this source" in desk.get(address).content.decode()


def test_who_enters_no_facts_is_offered_nothing_and_refused(client, viewer, paper):
    client.force_login(viewer)
    assert "Enter from this source" not in client.get(paper.get_absolute_url()).content.decode()
    assert [client.get(ENTERING).status_code, enter_from(client, paper).status_code] == [403, 403]


def test_it_stops_when_somebody_says_so(desk, paper):
    enter_from(desk, paper)
    answer = desk.post(ENTERING, {"next": address_of(Mission, "add")}, follow=True)
    assert BAR not in answer.content.decode()
    assert answer.request["PATH_INFO"] == address_of(Mission, "add")


def test_a_source_that_is_deleted_ends_it_silently(desk, paper):
    enter_from(desk, paper)
    paper.delete()
    page = desk.get(address_of(Mission, "add"))
    assert BAR not in page.content.decode()
    assert "entering_from" not in desk.session
    assert list(page.context["messages"]) == []


def test_somebody_who_enters_data_no_more_enters_from_nothing(desk, coordinator, paper):
    enter_from(desk, paper)
    coordinator.staff_roles.all().delete()
    coordinator.is_data_protection = True
    coordinator.save()
    assert BAR not in desk.get(reverse("admin:index")).content.decode()


# Finding another


def test_another_is_found_by_words_without_any_script(desk, paper):
    paper.title = "Forty-six from abroad"
    paper.save()
    page = desk.get(ENTERING, {"q": "gazette abroad"})
    assert list(page.context["found"]) == [paper]
    assert f'name="source" value="{paper.code}"' in page.content.decode()


@pytest.mark.parametrize("code", ["no-such-source", "NUL \x01", "%"])
def test_a_source_that_there_is_not_is_not_found(desk, code):
    assert desk.post(ENTERING, {"source": code}).status_code == 404


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_it_leads_nowhere_but_to_our_own_pages(desk, paper, elsewhere):
    assert enter_from(desk, paper, next=elsewhere).url == reverse("admin:index")


# What is new takes it


def test_new_facts_start_with_it_whether_they_cite_one_source_or_several(desk, paper):
    enter_from(desk, paper)
    assert boxes(desk, HeadCount)["source"].value() == paper.pk
    assert boxes(desk, Statement)["source"].value() == paper.pk
    assert boxes(desk, Mission)["sources"].value() == [paper.pk]


def test_the_address_names_another(desk, paper):
    other = SourceFactory(code="herald-2017", owner=None)
    enter_from(desk, paper)
    assert boxes(desk, HeadCount, query="?source=herald-2017")["source"].value() == other.pk
    assert boxes(desk, Mission, query="?source=herald-2017")["sources"].value() == [other.pk]


def test_a_record_that_is_there_keeps_its_own(desk, coordinator, paper):
    mission = MissionFactory(owner=coordinator.staff_roles.get().organization)
    enter_from(desk, paper)
    assert list(boxes(desk, Mission, "change", mission)["sources"].value()) == []


def test_blank_rows_start_with_it_and_store_nothing_when_left_blank(desk, paper):
    enter_from(desk, paper)
    page = desk.get(address_of(Mission, "add"))
    [rows] = page.context["inline_admin_formsets"]
    assert rows.formset.forms[0]["source"].value() == paper.pk
    mission = MissionFactory.build()
    mission.election.save()
    mission.organizer.save()
    fill_in(desk, address_of(Mission, "add"), election=mission.election.pk, organizer=mission.organizer.pk, kind="eom")
    assert Mission.objects.count() == 1
    assert HeadCount.objects.count() == 0


def test_a_row_stays_blank_though_another_source_was_chosen_meanwhile(desk, coordinator, paper):
    mission = MissionFactory(owner=coordinator.staff_roles.get().organization)
    enter_from(desk, paper)
    page = desk.get(address_of(Mission, "change", mission))
    [rows] = page.context["inline_admin_formsets"]
    blank = {name.replace("__prefix__", "0"): value for name, value in typed_in(rows.formset.empty_form).items()}
    enter_from(desk, SourceFactory(owner=None))
    sent = untouched(page) | blank | {"head_counts-TOTAL_FORMS": "1"}
    assert desk.post(address_of(Mission, "change", mission), sent).status_code == 302
    assert HeadCount.objects.count() == 0


def test_a_row_that_is_filled_in_has_it_as_its_source(desk, coordinator, paper):
    mission = MissionFactory(owner=coordinator.staff_roles.get().organization)
    enter_from(desk, paper)
    row = {"kind": "announced", "qualifier": "exact", "value": "46", "as_of": "2017-10-13"}
    typed = {f"head_counts__0__{name}": value for name, value in row.items()}
    fill_in(desk, address_of(Mission, "change", mission), **typed)
    assert HeadCount.objects.get().source == paper
