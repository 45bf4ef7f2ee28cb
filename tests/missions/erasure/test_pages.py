"""The pages of the admin: asking, looking at what would go, confirming, withdrawing; and all that is held, as JSON."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.urls import reverse

from missions import erasure as erasing
from missions.held import Held
from observers.models import Erasure, Observer
from organizations.models import ChangedRecord
from tests.admin_pages import address_of, told
from tests.factories import AssignmentFactory, ElectionFactory, MissionFactory, ObserverFactory
from tests.logged import logged, stop_the_log
from tests.missions.erasure.conftest import ask

LIST = address_of(Erasure)


@pytest.fixture
def person(northland_commission, secretariat):
    person = ObserverFactory(
        owner=northland_commission, family_name="Example", given_names="Robin", email="robin@example.org"
    )
    AssignmentFactory(observer=person, owner=northland_commission, mission=MissionFactory(organizer=secretariat))
    return person


def page_of(person):
    return address_of(Observer, "change", person)


def asking(person):
    return reverse("admin:observers_observer_erase", args=[person.pk])


def held(person):
    return reverse("admin:observers_observer_held", args=[person.pk])


def request_of(person):
    return reverse("admin:observers_erasure_request", args=[person.erasures.get().pk])


def text_of(response):
    """The words of the page's content, as a reader sees them."""
    content = response.content.decode().split(' id="content-start"')[1].split("<footer")[0]
    return " ".join(unescape(re.sub("<[^>]*>", " ", content)).split())


def press(client, address, button):
    return client.post(address, {"do": button}, follow=True)


def test_the_whole_way_from_asking_to_an_erased_person(client, person, coordinator, data_protection):
    client.force_login(coordinator)
    assert asking(person) in client.get(page_of(person)).content.decode()
    answer = client.post(asking(person), {"reason": "Letter of 1 July 2030"}, follow=True)
    assert told(answer) == {"success": ["It is asked for. Somebody else, of data protection, confirms it."]}
    assert "robin@example.org" not in text_of(answer)
    assert "Only data protection confirms that a person is erased." in text_of(answer)

    client.force_login(data_protection)
    page = client.get(request_of(person))
    for words in ("Example", "Robin", "robin@example.org", "Letter of 1 July 2030", "coordinator asked on"):
        assert words in text_of(page)
    answer = press(client, request_of(person), "confirm")
    assert told(answer) == {"success": ["The person is erased."]}
    assert "Robin" not in text_of(answer)
    assert "(erased)" in text_of(client.get(LIST))
    assert Observer.objects.get(pk=person.pk).is_erased


def test_what_erasing_would_take_away_and_what_not_stands_on_the_page(client, everywhere):
    name = everywhere.values["family name"]
    ElectionFactory(code="with-name", remark=f"Led by {name}", name="Vote")
    ask(everywhere.person, everywhere.coordinator)
    client.force_login(everywhere.data_protection)
    text = text_of(client.get(request_of(everywhere.person)))
    own = [place for place in everywhere.values if not place.startswith(NOT_SHOWN)]
    assert [place for place in own if everywhere.values[place] not in text] == []
    assert len(own) == 18
    assert f"Merges, which cannot be undone any more {everywhere.merged_code}" in text
    logged = len(Held(everywhere.person).logged)
    assert f"Values in the log of changes {logged} " in text
    assert "sent by asks on 2030-07-01 12:00 (UTC)" in text
    assert "Files of releases in whose texts the family name stands Release 1 " in text
    assert "Saved lists in whose name or search the family name stands saved by asks" in text
    assert "Sessions of users in which a value stands: they are signed out 1 " in text
    assert "Election with-name : remark" in text.replace("with-name:", "with-name :")


# What a merge keeps, what was before, and files, copies and sessions are told without their values.
NOT_SHOWN = (
    "release",
    "merged: e-mail",
    "merged: phone",
    "merged: note",
    "e-mail before",
    "spreadsheet",
    "copy of a source",
    "session",
    "saved list",
    "excerpt",
)


@pytest.mark.parametrize(
    ("who", "answers"),
    [
        ("coordinator", (200, 200, 404)),
        ("data_protection", (200, 200, 200)),
        ("organizer", (200, 403, 404)),
        ("outsider", (302, 404, 404)),
        ("administrator", (302, 404, 404)),
        ("viewer", (403, 403, 403)),
    ],
)
def test_who_opens_which_page(client, person, who, answers, request):
    """The person's own page, the form that asks, all that is held. Who does not open the person finds nothing."""
    client.force_login(request.getfixturevalue(who))
    statuses = tuple(client.get(address).status_code for address in (page_of(person), asking(person), held(person)))
    assert statuses == answers


@pytest.mark.parametrize(
    ("who", "offered"),
    [("coordinator", {"erase"}), ("data_protection", {"erase", "held"}), ("organizer", set())],
)
def test_each_is_offered_what_they_may_do(client, person, who, offered, request):
    client.force_login(request.getfixturevalue(who))
    page = client.get(page_of(person)).content.decode()
    assert {
        name for name, address in {"erase": asking(person), "held": held(person)}.items() if address in page
    } == offered


@pytest.mark.parametrize("reason", ["", "Robin EXAMPLE wrote to us"])
def test_a_reason_is_needed_and_names_nobody(client, person, coordinator, reason):
    client.force_login(coordinator)
    page = client.post(asking(person), {"reason": reason})
    sentence = (
        "Leave the name out: the reason stays when the person is erased." if reason else "This field is required."
    )
    assert page.context["form"].errors == {"reason": [sentence]}
    assert not Erasure.objects.exists()


def test_it_is_asked_once_on_the_page_too(client, person, coordinator):
    ask(person, coordinator)
    client.force_login(coordinator)
    answer = client.post(asking(person), {"reason": "Letter"}, follow=True)
    assert told(answer) == {"error": ["It was asked already that this person is erased."]}
    assert asking(person) not in answer.content.decode()
    assert request_of(person) in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("coordinator", "Only data protection confirms that a person is erased."),
        ("data_protection", "Somebody else has to confirm what you have asked for."),
    ],
)
def test_a_confirmation_that_is_not_theirs_is_refused_with_a_sentence(client, person, who, sentence, request):
    ask(person, request.getfixturevalue("data_protection"))
    user = request.getfixturevalue(who)
    client.force_login(user)
    assert "Yes, erase this person for good" not in text_of(client.get(request_of(person)))
    answer = client.post(request_of(person), {"do": "confirm"})
    assert (answer.status_code, answer.context["refusal"]) == (403, sentence)
    assert not Observer.objects.get(pk=person.pk).is_erased


@pytest.mark.parametrize("who", ["outsider", "organizer", "administrator"])
def test_a_request_that_somebody_may_not_see_is_not_there(client, person, coordinator, who, request):
    ask(person, coordinator)
    client.force_login(request.getfixturevalue(who))
    for answer in (client.get(request_of(person)), client.post(request_of(person), {"do": "confirm"})):
        assert answer.status_code == 404
    assert person.code not in client.get(LIST).content.decode()


def test_looking_and_pressing_nothing_erase_nobody(client, person, coordinator, data_protection):
    ask(person, coordinator)
    client.force_login(data_protection)
    client.get(request_of(person), {"do": "confirm"})
    client.post(request_of(person))
    client.post(request_of(person), {"do": "something"})
    assert not Observer.objects.get(pk=person.pk).is_erased


def test_a_request_is_withdrawn_by_who_asked(client, person, coordinator):
    ask(person, coordinator)
    client.force_login(coordinator)
    answer = press(client, request_of(person), "withdraw")
    assert told(answer) == {"success": ["The request is withdrawn. Nothing was erased."]}
    assert not Erasure.objects.exists()
    assert asking(person) in answer.content.decode()


def test_an_erased_person_is_read_only_in_the_admin(client, everywhere):
    ask(everywhere.person, everywhere.coordinator)
    client.force_login(everywhere.data_protection)
    client.post(request_of(everywhere.person), {"do": "confirm"})
    client.force_login(everywhere.coordinator)
    page = client.get(page_of(everywhere.person))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert asking(everywhere.person) not in page.content.decode()
    sent = {"family_name": "Example", "names-TOTAL_FORMS": "0", "names-INITIAL_FORMS": "0"}
    assert client.post(page_of(everywhere.person), sent).status_code == 403
    merges = client.get(reverse("admin:observers_merge_changelist"))
    assert everywhere.merged_code in merges.content.decode()
    undoing = reverse("admin:observers_merge_undo", args=[everywhere.person.merges.get().pk])
    sentence = f"The person “{everywhere.person.code}” was erased."
    assert told(client.get(undoing, follow=True)) == {"error": [sentence]}


def test_whoever_confirms_and_has_the_name_in_the_own_session_signs_in_again(client, everywhere):
    ask(everywhere.person, everywhere.coordinator)
    client.force_login(everywhere.data_protection)
    session = client.session
    session["_messages"] = json.dumps([["__json_message", 0, 25, f"“{everywhere.person}” was changed.", ""]])
    session.save()
    answer = client.post(request_of(everywhere.person), {"do": "confirm"})
    assert answer.status_code == 302
    assert Observer.objects.get(pk=everywhere.person.pk).is_erased
    assert not Session.objects.filter(session_key=session.session_key).exists()
    assert client.get(LIST).status_code == 302


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("left_to_do", ["", "Somebody still reads."])
def test_after_the_commit_the_files_are_overwritten_and_what_is_left_to_do_is_said(
    client, person, request, monkeypatch, left_to_do
):
    coordinator, data_protection = map(request.getfixturevalue, ("coordinator", "data_protection"))
    seen = []

    def overwrite():
        seen.append(Observer.objects.get(pk=person.pk).is_erased)
        return left_to_do

    monkeypatch.setattr("missions.admin.erasures.overwrite_what_was_erased", overwrite)
    ask(person, coordinator)
    client.force_login(data_protection)
    answer = press(client, request_of(person), "confirm")
    assert told(answer) == ({"warning": [left_to_do]} if left_to_do else {"success": ["The person is erased."]})
    assert seen == [True]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_erased_where_the_log_takes_nothing(person, coordinator, data_protection, monkeypatch):
    request = ask(person, coordinator)

    def full(**_said):
        raise OSError("disk full")

    monkeypatch.setattr(erasing, "log_change", full)
    with pytest.raises(OSError, match="disk full"):
        erasing.erase_person(erasure=request, by=data_protection, now=request.asked_at)
    person.refresh_from_db()
    request.refresh_from_db()
    assert (str(person), person.email, request.confirmed_at) == ("Robin Example", "robin@example.org", None)


def test_all_that_is_held_is_handed_over_as_a_file_that_nobody_keeps(client, everywhere):
    client.force_login(everywhere.data_protection)
    answer = client.get(held(everywhere.person))
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="person-{everywhere.person.code}.json"'
    assert "no-store" in answer["Cache-Control"]
    told_in_it = json.loads(answer.content)
    assert told_in_it["observer"]["email"] == everywhere.values["e-mail"]
    assert client.post(held(everywhere.person)).status_code == 405
    record = (f"observers/{everywhere.person.code}", "told", {})
    assert logged()[-1] == ("held", "confirms", [record])


def test_that_it_was_handed_over_is_told_in_plain_words(client, everywhere):
    client.force_login(everywhere.data_protection)
    client.get(held(everywhere.person))
    page = text_of(client.get(address_of(ChangedRecord), {"action": "told"}))
    assert f"confirms Answer to a person Observer {everywhere.person.code} Handed over" in page


def test_what_cannot_be_logged_is_not_handed_over(client, person, data_protection):
    client.force_login(data_protection)
    stop_the_log()
    with pytest.raises(DatabaseError):
        client.get(held(person))
