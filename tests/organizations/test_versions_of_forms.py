"""Two editors of one record: nothing is overwritten unasked, and nothing that was typed is lost."""

from __future__ import annotations

import html

import pytest
from django.test import Client

from missions.models import HeadCount, Mission
from organizations.models import Source
from tests.admin_pages import add_rows, address_of, delete, fill_in, told, untouched
from tests.conftest import person
from tests.factories import HeadCountFactory, MissionFactory, SourceFactory


@pytest.fixture
def mine(coordinator):
    client = Client()
    client.force_login(coordinator)
    return client


@pytest.fixture
def theirs(northland_commission):
    client = Client()
    client.force_login(person("colleague", northland_commission, "coordinator"))
    return client


@pytest.fixture
def mission(northland_commission):
    paper = SourceFactory(owner=northland_commission)
    mission = MissionFactory(owner=northland_commission, name="", remark="First", internal_note="")
    mission.sources.add(paper)
    return mission


def opened(client, record):
    address = address_of(type(record), "change", record)
    return address, untouched(client.get(address))


def sent_again(page, **choices):
    """What a browser would send from the page of two versions."""
    context = page.context
    sent: dict = {}
    for name, value in context["typed"]:
        sent.setdefault(name, []).append(value)
    return {**sent, "_seen": context["seen"], "_merge": "1", **choices}


def differences(page):
    return [
        (each.label, each.opened, each.now, each.typed, each.is_conflict)
        for part in page.context["parts"]
        for each in part.differences
    ]


def choice(page, label):
    [found] = [each.choice for part in page.context["parts"] for each in part.differences if each.label == label]
    return found


def test_the_second_editor_is_shown_both_versions_and_nothing_is_stored(mine, theirs, mission):
    address, sent = opened(mine, mission)
    fill_in(theirs, address, remark="Theirs")
    page = mine.post(address, sent | {"remark": "Mine"})
    assert page.status_code == 409
    assert differences(page) == [("Remark", "First", "Theirs", "Mine", True)]
    assert Mission.objects.get().remark == "Theirs"
    text = html.unescape(page.content.decode())
    assert "Somebody else changed this record while you had it open: colleague, " in text


def test_who_it_was_is_not_told_to_whom_may_not_read_the_log(mine, mission):
    Mission.objects.update(remark="By no door that is logged")
    address, sent = opened(mine, mission)
    Mission.objects.update(remark="Theirs")
    page = mine.post(address, sent | {"remark": "Mine"})
    assert page.context["sentence"] == "Somebody else changed this record while you had it open."


def test_their_version_stands_unless_one_says_otherwise(mine, theirs, mission):
    address, sent = opened(mine, mission)
    fill_in(theirs, address, remark="Theirs")
    page = mine.post(address, sent | {"remark": "Mine"})
    assert mine.post(address, sent_again(page)).status_code == 302
    assert Mission.objects.get().remark == "Theirs"


def test_mine_is_stored_where_i_choose_it(mine, theirs, mission):
    address, sent = opened(mine, mission)
    fill_in(theirs, address, remark="Theirs")
    page = mine.post(address, sent | {"remark": "Mine"})
    assert mine.post(address, sent_again(page, **{choice(page, "Remark"): "mine"})).status_code == 302
    assert Mission.objects.get().remark == "Mine"


@pytest.mark.parametrize("word", ["mine", "theirs"])
def test_no_word_that_is_typed_is_taken_for_a_choice(mine, theirs, mission, word):
    address, sent = opened(mine, mission)
    fill_in(theirs, address, remark="Theirs")
    page = mine.post(address, sent | {"name": word})
    mine.post(address, sent_again(page))
    stored = Mission.objects.get()
    assert (stored.name, stored.remark) == (word, "Theirs")


def test_where_each_changed_other_boxes_both_stand(mine, theirs, mission):
    address, sent = opened(mine, mission)
    other = SourceFactory(owner=None)
    fill_in(theirs, address, remark="Theirs", sources=[other.pk], status_on="2017-10-13")
    page = mine.post(address, sent | {"name": "Mine"})
    assert sorted(label for label, *_values, is_conflict in differences(page) if not is_conflict) == [
        "Name",
        "Remark",
        "Sources",
        "Status since",
    ]
    mine.post(address, sent_again(page))
    stored = Mission.objects.get()
    assert (stored.name, stored.remark, str(stored.status_on)) == ("Mine", "Theirs", "2017-10-13")
    assert list(stored.sources.all()) == [other]


def test_a_third_save_is_shown_too(mine, theirs, mission):
    address, sent = opened(mine, mission)
    fill_in(theirs, address, remark="Theirs")
    page = mine.post(address, sent | {"remark": "Mine"})
    fill_in(theirs, address, remark="Theirs again")
    again = mine.post(address, sent_again(page, **{choice(page, "Remark"): "mine"}))
    assert again.status_code == 409
    assert differences(again) == [("Remark", "First", "Theirs again", "Mine", True)]


def test_what_the_two_changed_alike_is_saved(mine, theirs, mission):
    address, sent = opened(mine, mission)
    fill_in(theirs, address, remark="The same")
    page = mine.post(address, sent | {"remark": "The same"})
    assert differences(page) == [("Remark", "First", "The same", "The same", False)]
    assert mine.post(address, sent_again(page)).status_code == 302


def test_a_form_that_says_not_what_it_was_read_from_overwrites_nothing(mine, mission):
    address, sent = opened(mine, mission)
    of_another = opened(mine, MissionFactory(owner=mission.owner, remark="First"))[1]["_version"]
    for version in ("", "forged", of_another):
        page = mine.post(address, sent | {"remark": "Mine", "_version": version})
        assert page.status_code == 409
        assert ("Remark", "", "First", "Mine", True) in differences(page)
    assert Mission.objects.get(pk=mission.pk).remark == "First"


def test_a_form_that_is_refused_still_knows_what_it_was_read_from(mine, theirs, mission):
    address, sent = opened(mine, mission)
    fill_in(theirs, address, remark="Theirs")
    refused = mine.post(address, sent | {"remark": "Mine", "status_on": "someday"})
    assert refused.status_code == 200
    assert refused.context["version"] == sent["_version"]


# Rows below


def row(mission, **said):
    return HeadCountFactory(mission=mission, owner=mission.owner, source=mission.sources.get(), **said)


def test_a_row_below_that_was_changed_by_its_own_form_is_shown(mine, theirs, mission):
    count = row(mission, value=46, excerpt="")
    address, sent = opened(mine, mission)
    fill_in(theirs, address_of(HeadCount, "change", count), value="47")
    page = mine.post(address, sent | {"head_counts-0-value": "48", "name": "Mine"})
    assert ("Number", "46", "47", "48", True) in differences(page)
    mine.post(address, sent_again(page))
    assert (HeadCount.objects.get().value, Mission.objects.get().name) == (47, "Mine")


def test_a_row_that_was_deleted_meanwhile_stays_so_and_what_was_typed_is_shown(mine, theirs, mission):
    first, second = row(mission, value=46, as_of="2017-10-12"), row(mission, value=50, as_of="2017-10-14")
    address, sent = opened(mine, mission)
    prefix = next(
        name[: -len("-id")] for name, value in sent.items() if name.endswith("-id") and value == str(first.pk)
    )
    delete(theirs, first)
    page = mine.post(address, sent | {f"{prefix}-value": "48", "name": "Mine"})
    assert page.status_code == 409
    assert ("Number", "46", "", "48", False) in differences(page)
    mine.post(address, sent_again(page))
    assert list(HeadCount.objects.values_list("pk", "value")) == [(second.pk, 50)]
    assert Mission.objects.get().name == "Mine"


def test_a_row_that_i_delete_and_they_changed_stays_unless_i_say_otherwise(mine, theirs, mission):
    count = row(mission, value=46)
    address, sent = opened(mine, mission)
    fill_in(theirs, address_of(HeadCount, "change", count), value="47")
    page = mine.post(address, sent | {"head_counts-0-DELETE": "on"})
    mine.post(address, sent_again(page))
    assert HeadCount.objects.get().value == 47
    page = mine.post(address, sent | {"head_counts-0-DELETE": "on"})
    mine.post(address, sent_again(page, **{choice(page, "The whole row"): "mine"}))
    assert not HeadCount.objects.exists()


def test_a_row_that_they_added_is_no_reason_to_ask(mine, theirs, mission):
    address, sent = opened(mine, mission)
    row(mission, value=46)
    assert mine.post(address, sent | {"name": "Mine"}).status_code == 302
    assert (HeadCount.objects.count(), Mission.objects.get().name) == (1, "Mine")


def test_a_row_that_i_add_is_stored_with_the_merge(mine, theirs, mission):
    address = address_of(Mission, "change", mission)
    page = mine.get(address)
    sent = untouched(page)
    add_rows(page, sent, "head_counts", 1)
    said = {"kind": "announced", "value": "46", "as_of": "2017-10-13", "source": str(mission.sources.get().pk)}
    sent |= {f"head_counts-0-{name}": value for name, value in said.items()}
    fill_in(theirs, address, remark="Theirs")
    mine.post(address, sent_again(mine.post(address, sent)))
    assert (HeadCount.objects.get().value, Mission.objects.get().remark) == (46, "Theirs")


# What is gone


def test_what_was_typed_about_a_deleted_record_is_shown(mine, theirs, northland_commission):
    paper = SourceFactory(owner=northland_commission)
    address, sent = opened(mine, paper)
    delete(theirs, paper)
    page = mine.post(address, sent | {"title": "Typed for an hour"})
    assert page.status_code == 409
    assert "Typed for an hour" in page.content.decode()
    assert not Source.objects.filter(pk=paper.pk).exists()


def test_a_record_that_one_never_saw_answers_as_one_that_there_is_not(mine, southland_ministry):
    hidden = SourceFactory(owner=southland_ministry)
    answer = mine.post(address_of(Source, "change", hidden), {"title": "Mine", "_version": "forged"})
    assert answer.status_code == 302


# Deleting


def test_what_was_changed_since_the_question_is_not_deleted(mine, theirs, northland_commission):
    paper = SourceFactory(owner=northland_commission, title="First")
    address = address_of(Source, "delete", paper)
    version = mine.get(address).context["version"]
    fill_in(theirs, address_of(Source, "change", paper), title="Corrected")
    page = mine.post(address, {"post": "yes", "_version": version})
    assert Source.objects.get(pk=paper.pk).title == "Corrected"
    assert told(page)["error"][1] == "Nothing was deleted. Look at the record again first."
    mine.post(address, {"post": "yes", "_version": page.context["version"]})
    assert not Source.objects.filter(pk=paper.pk).exists()


def test_nothing_is_deleted_without_the_question(mine, northland_commission):
    paper = SourceFactory(owner=northland_commission)
    mine.post(address_of(Source, "delete", paper), {"post": "yes"})
    assert Source.objects.filter(pk=paper.pk).exists()


# A session that ends


def test_the_form_that_is_kept_when_a_session_ends_knows_what_it_was_read_from(mine, mission):
    address, sent = opened(mine, mission)
    mine.logout()
    page = mine.post(address, sent, headers={"origin": "http://testserver"})
    assert page.status_code == 403
    assert ("_version", sent["_version"]) in page.context["typed"]
