"""Merging two persons in the admin, and undoing it there."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from observers.models import Merge, Observer
from organizations.models import Change
from tests.admin_pages import address_of, told
from tests.conftest import everything_stored
from tests.factories import (
    AssignmentFactory,
    MissionFactory,
    ObserverFactory,
    ObserverNameFactory,
    SourceFactory,
    StatementFactory,
)

PERSONS, MERGES = address_of(Observer), address_of(Merge)


@pytest.fixture
def kept(db):
    return ObserverFactory(family_name="Example", given_names="Robin", email="one@example.org", nationality="KZ")


@pytest.fixture
def merged(db):
    return ObserverFactory(family_name="Пример", given_names="Робин", email="two@example.org", phone="+1 555 0100")


@pytest.fixture
def page(kept, merged):
    """The address where the two are merged."""
    return f"{reverse('admin:observers_observer_merge')}?kept={kept.code}&merged={merged.code}"


def tick(client, *persons):
    """Ticks the persons in the list and presses Go."""
    sent = {"action": "merge_two", "_selected_action": [person.pk for person in persons]}
    return client.post(PERSONS, sent, follow=True)


def content_of(response):
    """The page between its header and its footer."""
    return response.content.decode().split(' id="content-start"')[1].split("<footer")[0]


def text_of(response):
    """The words of the page's content, as a reader sees them."""
    return " ".join(unescape(re.sub("<[^>]*>", " ", content_of(response))).split())


def undo_address(merge):
    return reverse("admin:observers_merge_undo", args=[merge.pk])


# Choosing


def test_two_persons_are_ticked_in_the_list_and_shown_side_by_side(admin_client, kept, merged, page):
    answer = tick(admin_client, merged, kept)
    assert answer.redirect_chain == [(page, 302)]
    assert (answer.context["plan"].kept, answer.context["plan"].merged) == (kept, merged)


@pytest.mark.parametrize("number", [1, 3])
def test_any_other_number_of_persons_is_refused(admin_client, number):
    persons = [ObserverFactory() for _ in range(number)]
    answer = tick(admin_client, *persons)
    assert told(answer) == {"error": ["Tick exactly two persons to merge them."]}


def test_persons_are_not_deleted_in_bulk(admin_client, kept):
    actions = dict(admin_client.get(PERSONS).context["action_form"].fields["action"].choices)
    assert actions.keys() == {"", "merge_two"}
    sent = {"action": "delete_selected", "_selected_action": [kept.pk], "post": "yes"}
    admin_client.post(PERSONS, sent)
    assert Observer.objects.get() == kept


# Looking


def test_the_page_says_of_each_field_what_becomes_of_it(admin_client, kept, merged, page):
    mission = MissionFactory(name="Northland mission")
    AssignmentFactory(observer=kept, mission=mission, role="head")
    place = AssignmentFactory(observer=merged, mission=mission, role="short_term")
    ObserverNameFactory(observer=kept, family_name="Образец")
    ObserverNameFactory(observer=merged, family_name="Мысал", language="kk")
    lines = {line.label: tuple(line[1:]) for line in admin_client.get(page).context["lines"]}
    assert lines == {
        "Name": ("The merged name becomes a spelling (ru).", ["Robin Example"], ["Робин Пример"]),
        "Nationality": ("", ["Kazakhstan"], [""]),
        "E-mail": ("They differ: what is kept stands.", ["one@example.org"], ["two@example.org"]),
        "Phone": ("Blank where it is kept: filled.", [""], ["+1 555 0100"]),
        "Name withheld": ("", ["no"], ["no"]),
        "Spellings": ("", ["Образец (ru)"], ["Мысал (kk)"]),
        "Places": ("", [f"Head of mission, {mission}"], [f"Short-term observer, {place.mission}"]),
    }


def test_the_page_lists_what_goes_over_and_what_becomes_one(admin_client, kept, merged, page):
    mission, source = MissionFactory(name="Northland mission"), SourceFactory()
    AssignmentFactory(observer=kept, mission=mission)
    AssignmentFactory(observer=merged, mission=mission, status="deployed", sources=[source])
    AssignmentFactory(observer=merged, mission=mission, role="expert")
    StatementFactory(subject=f"observers/{merged.code}", field="nationality", source=source)
    for person, said in ((kept, None), (merged, source)):
        ObserverNameFactory(observer=person, family_name="Образец", source=said or SourceFactory(title="Other"))
    text = text_of(admin_client.get(page))
    assert f"Expert, {mission}" in text
    assert f"Statement “nationality” ({source})" in text
    assert f"Short-term observer, {mission} status: filled with “Deployed” source added: {source}" in text
    assert "Spelling “Образец” (ru) source: “Northland Gazette: Other” is kept" in text


def test_the_other_record_can_be_kept_instead(admin_client, kept, merged, page):
    other_way = admin_client.get(page).context["other_way"]
    plan = admin_client.get(other_way).context["plan"]
    assert (plan.kept, plan.merged) == (merged, kept)


def test_looking_changes_nothing(admin_client, page):
    admin_client.get("/admin/")
    before = everything_stored()
    assert admin_client.get(page).status_code == 200
    assert everything_stored() == before


@pytest.mark.parametrize("address", ["page", "undo"])
def test_the_pages_have_no_script_or_style_of_their_own(admin_client, kept, page, address):
    if address == "undo":
        admin_client.post(page)
        page = undo_address(Merge.objects.get())
    content = content_of(admin_client.get(page))
    assert "<form" in content
    assert re.findall(r"<script|<style| style=| on[a-z]+=", content) == []


# Merging


def test_a_merge_is_confirmed_by_post_and_leads_to_the_kept_person(admin_client, kept, merged, page):
    answer = admin_client.post(page, follow=True)
    assert answer.redirect_chain == [(address_of(Observer, "change", kept), 302)]
    link = f'<a href="{MERGES}">It can be undone.</a>'
    assert told(answer) == {"success": [f"The two persons are one now. {link}"]}
    merge = Merge.objects.get()
    assert (merge.kept, merge.merged_code, merge.by.username) == (kept, merged.code, "admin")
    assert list(Observer.objects.all()) == [kept]


def test_the_history_of_the_kept_person_tells_of_the_merge(admin_client, kept, merged, page):
    admin_client.post(page)
    [entry] = admin_client.get(address_of(Observer, "history", kept)).context["entries"]
    assert (entry.door, entry.by, entry.action) == ("Merge of two persons", "admin", "Changed")


def test_what_is_refused_is_said_and_cannot_be_confirmed(admin_client, kept, merged, page):
    mission = MissionFactory(name="Northland mission")
    AssignmentFactory(observer=kept, mission=mission, status="deployed")
    AssignmentFactory(observer=merged, mission=mission, status="withdrawn")
    sentence = (
        f"Short-term observer, {mission}: status is “Deployed” for one and “Withdrawn” for the other. "
        "Correct one first."
    )
    admin_client.get("/admin/")
    before = everything_stored()
    for answer in (admin_client.get(page), admin_client.post(page)):
        assert answer.context["refusals"] == [sentence]
        assert sentence in text_of(answer)
        assert b"Yes, merge them" not in answer.content
    assert everything_stored() == before
    assert not Change.objects.exists()


def test_one_person_twice_is_refused(admin_client, kept):
    address = f"{reverse('admin:observers_observer_merge')}?kept={kept.code}&merged={kept.code}"
    assert admin_client.post(address).context["refusals"] == [
        "This is the same person twice. Choose two different records."
    ]


def test_a_page_that_was_left_open_says_that_they_are_merged(admin_client, kept, merged, page):
    admin_client.post(page)
    answer = admin_client.post(page, follow=True)
    assert answer.redirect_chain == [(PERSONS, 302)]
    sentence = f"The person “{merged.code}” was merged into “{kept.code}”: use that code."
    assert told(answer) == {"success": told(answer)["success"], "error": [sentence]}


def test_an_address_without_persons_leads_to_the_list(admin_client):
    answer = admin_client.get(reverse("admin:observers_observer_merge"), follow=True)
    assert answer.redirect_chain == [(PERSONS, 302)]
    assert told(answer) == {"error": ["There is no person with the code “”."]}


# The list of merges


def test_the_list_says_who_merged_what_and_offers_to_undo_it(admin_client, kept, merged, page):
    admin_client.post(page)
    answer = admin_client.get(MERGES)
    text = text_of(answer)
    assert answer.context["title"] == "Persons who were merged"
    assert f"Robin Example Робин Пример ({merged.code})" in text
    assert undo_address(Merge.objects.get()).encode() in answer.content


def test_the_list_names_the_persons_of_merges_that_were_undone_as_they_are_now(admin_client, merged, page):
    admin_client.post(page)
    admin_client.post(undo_address(Merge.objects.get()))
    Observer.objects.filter(code=merged.code).update(given_names="Ким")
    assert f"Ким Пример ({merged.code})" in text_of(admin_client.get(MERGES))
    Observer.objects.filter(code=merged.code).delete()
    text = text_of(admin_client.get(MERGES))
    assert f"Robin Example ({merged.code})" in text


def test_a_longer_list_costs_as_many_queries(admin_client, kept):
    costs = []
    for _ in range(2):
        for undone in (False, True):
            other = ObserverFactory()
            admin_client.post(f"{reverse('admin:observers_observer_merge')}?kept={kept.code}&merged={other.code}")
            if undone:
                admin_client.post(undo_address(Merge.objects.latest("pk")))
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(MERGES)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_undoing_and_merging_on_name_the_person_who_was_merged(admin_client, kept, merged, page):
    admin_client.post(page)
    assert f"The record Робин Пример ({merged.code})" in text_of(admin_client.get(undo_address(Merge.objects.get())))
    third = ObserverFactory(family_name="Third")
    again = f"{reverse('admin:observers_observer_merge')}?kept={third.code}&merged={kept.code}"
    assert f"Merged before: Робин Пример ({merged.code})" in text_of(admin_client.get(again))


def test_a_merge_is_undone_by_post_after_a_look(admin_client, kept, merged, page):
    admin_client.post(page)
    merge = Merge.objects.get()
    before = everything_stored()
    look = admin_client.get(undo_address(merge))
    assert everything_stored() == before
    assert look.context["told"] == []
    answer = admin_client.post(undo_address(merge), follow=True)
    assert told(answer)["success"][-1] == "The merge is undone: there are two persons again."
    assert set(Observer.objects.values_list("code", flat=True)) == {kept.code, merged.code}
    assert undo_address(merge).encode() not in answer.content
    merge.refresh_from_db()
    assert merge.undone_by.username == "admin"


def test_what_cannot_be_put_back_is_said_before_and_after(admin_client, kept, page):
    admin_client.post(page)
    Observer.objects.filter(pk=kept.pk).update(phone="+1 555 0199")
    merge = Merge.objects.get()
    sentence = "Robin Example: “phone” was changed since the merge and stays."
    assert sentence in text_of(admin_client.get(undo_address(merge)))
    assert told(admin_client.post(undo_address(merge), follow=True))["warning"] == [sentence]


def test_a_merge_is_not_undone_twice(admin_client, page):
    admin_client.post(page)
    merge = Merge.objects.get()
    admin_client.post(undo_address(merge))
    for ask in (admin_client.get, admin_client.post):
        answer = ask(undo_address(merge), follow=True)
        assert answer.redirect_chain == [(MERGES, 302)]
        assert told(answer)["error"] == ["This merge is undone already."]


def test_the_snapshot_is_shown_on_no_page(admin_client, merged, page):
    admin_client.post(page)
    merge = Merge.objects.get()
    assert merged.email in str(merge.snapshot)
    for address in (MERGES, undo_address(merge), address_of(Merge, "change", merge), address_of(Merge, "add")):
        assert merged.email not in admin_client.get(address, follow=True).content.decode()
    assert admin_client.get(address_of(Merge, "change", merge)).status_code == 403


def test_a_person_into_whom_another_was_merged_is_not_deleted(admin_client, kept, page):
    admin_client.post(page)
    admin_client.post(address_of(Observer, "delete", kept), {"post": "yes"})
    assert Observer.objects.get() == kept


# Who may


def signed_in(client, user):
    client.force_login(user)
    client.get("/admin/")
    return client


def test_a_coordinator_merges_two_persons_of_the_own_organization_and_undoes_it(
    client, coordinator, kept, merged, page
):
    Observer.objects.update(owner=coordinator.staff_roles.get().organization)
    client.force_login(coordinator)
    assert tick(client, merged, kept).redirect_chain == [(page, 302)]
    client.post(page)
    merge = Merge.objects.get()
    assert (merge.kept, merge.by) == (kept, coordinator)
    assert MERGES.encode() in client.get("/admin/").content
    assert undo_address(merge).encode() in client.get(MERGES).content
    client.post(undo_address(merge))
    assert set(Observer.objects.values_list("code", flat=True)) == {kept.code, merged.code}


@pytest.mark.parametrize("reader", ["outsider", "organizer", "data_protection", "administrator"])
def test_persons_whom_others_keep_are_not_merged(request, client, northland_commission, kept, merged, reader):
    """Told in the words for persons who do not exist, also by whoever sees them or organizes their mission."""
    Observer.objects.update(owner=northland_commission)
    mission = MissionFactory(organizer=request.getfixturevalue("secretariat"))
    for person in (kept, merged):
        AssignmentFactory(observer=person, mission=mission, owner=northland_commission, sources=[SourceFactory()])
    client = signed_in(client, request.getfixturevalue(reader))
    before = everything_stored()
    for codes in ((kept.code, merged.code), ("one", "other")):
        address = "{}?kept={}&merged={}".format(reverse("admin:observers_observer_merge"), *codes)
        for ask in (client.get, client.post):
            answer = ask(address, follow=True)
            if reader == "data_protection":
                assert answer.status_code == 403
            else:
                assert answer.redirect_chain == [(PERSONS, 302)]
                assert told(answer) == {"error": [f"There is no person with the code “{codes[0]}”."]}
    assert everything_stored() == before


@pytest.mark.parametrize("reader", ["viewer", "data_protection"])
def test_who_only_reads_is_offered_no_merging(request, client, northland_commission, kept, page, reader):
    Observer.objects.update(owner=northland_commission)
    client = signed_in(client, request.getfixturevalue(reader))
    before = everything_stored()
    for address in (page, MERGES):
        assert [client.get(address).status_code, client.post(address).status_code] == [403, 403]
    assert everything_stored() == before
    if reader == "data_protection":
        assert not client.get(PERSONS).context["action_form"]
        assert MERGES.encode() not in client.get("/admin/").content


@pytest.mark.parametrize("reader", ["outsider", "organizer", "administrator"])
def test_merges_of_persons_whom_others_keep_are_not_there(request, client, coordinator, kept, merged, page, reader):
    """Neither in the list, nor to be undone: the answer is that for a merge which does not exist."""
    Observer.objects.update(owner=coordinator.staff_roles.get().organization)
    mission = MissionFactory(organizer=request.getfixturevalue("secretariat"))
    AssignmentFactory(observer=kept, mission=mission, owner=coordinator.staff_roles.get().organization)
    client.force_login(coordinator)
    client.post(page)
    merge = Merge.objects.get()
    client = signed_in(client, request.getfixturevalue(reader))
    before = everything_stored()
    assert list(client.get(MERGES).context["cl"].result_list) == []
    for key in (merge.pk, merge.pk + 1000):
        address = reverse("admin:observers_merge_undo", args=[key])
        assert [client.get(address).status_code, client.post(address).status_code] == [404, 404]
    assert everything_stored() == before


@pytest.mark.parametrize(("reader", "knows"), [("coordinator", True), ("viewer", False), ("outsider", False)])
def test_that_persons_were_merged_is_told_to_who_keeps_them(request, client, kept, merged, page, reader, knows):
    organization = request.getfixturevalue("coordinator").staff_roles.get().organization
    Observer.objects.update(owner=organization)
    client.force_login(request.getfixturevalue("coordinator"))
    client.post(page)
    client = signed_in(client, request.getfixturevalue(reader))
    text = client.get(page, follow=True).content.decode()
    assert (f"was merged into “{kept.code}”" in text) == knows
