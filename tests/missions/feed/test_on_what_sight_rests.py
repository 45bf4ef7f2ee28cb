"""One act for each thing on which rests who sees a record, and what each reader is told of it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from missions.actions import merge_observers, undo_merge
from missions.dataset import import_dataset
from missions.erasure import ask_erasure, erase_person
from missions.models import Assignment, Mission
from missions.undo import undo_entry
from observers.models import ObserverName
from organizations.models import Change, Region, Source
from organizations.policy import is_among, words_of
from tests.admin_pages import address_of, delete, fill_in
from tests.factories import ObserverFactory, UserFactory
from tests.missions.feed.copies import Copy, begin_the_feed, told_as_became

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


@pytest.fixture
def clerk(record):
    client = Client()
    client.force_login(record.clerk)
    return client


def change(clerk, row, **typed):
    fill_in(clerk, address_of(type(row), "change", row), **typed)


def own_place(person, mission):
    return Assignment.objects.get(observer=person, mission=mission)


# Each is one act; what it is about is in its name.


def a_public_source_becomes_internal(clerk, record):
    change(clerk, record.gazette, public="")


def an_internal_source_becomes_public(clerk, record):
    change(clerk, record.letter, public="on")


def a_mission_cites_an_internal_paper_as_well(clerk, record):
    change(clerk, record.missions[0], sources=[record.gazette.pk, record.paper.pk])


def a_mission_cites_an_internal_paper_alone(clerk, record):
    change(clerk, record.missions[0], sources=[record.paper.pk])


def a_region_has_an_internal_source(clerk, record):
    change(clerk, record.region, source=record.paper.pk)


def a_public_person_is_withheld(clerk, record):
    change(clerk, record.persons[0], withheld="on")


def a_person_goes_to_another_keeper(clerk, record):
    change(clerk, record.persons[1], owner=record.bodies[3].pk)


def a_person_goes_to_the_administrators(clerk, record):
    change(clerk, record.persons[3], owner="")


def a_mission_goes_to_another_organizer(clerk, record):
    change(clerk, record.missions[2], organizer=record.bodies[3].pk)


def the_place_that_opened_a_person_to_the_organizer_is_taken_away(clerk, record):
    delete(clerk, own_place(record.persons[1], record.missions[0]))


def a_place_is_given_by_the_keeper(clerk, record):
    typed = {"observer": record.persons[3].pk, "mission": record.missions[1].pk, "role": "expert"}
    fill_in(clerk, address_of(Assignment, "add"), **typed, owner=record.bodies[1].pk)


def a_place_is_given_to_another_person(clerk, record):
    change(clerk, own_place(record.persons[1], record.missions[0]), observer=record.persons[5].pk)


def a_place_goes_to_another_mission(clerk, record):
    change(clerk, own_place(record.persons[1], record.missions[0]), mission=record.missions[1].pk)


def a_place_goes_to_another_keeper(clerk, record):
    change(clerk, own_place(record.persons[1], record.missions[0]), owner=record.bodies[1].pk)


def a_public_source_names_a_person_in_a_place(clerk, record):
    change(clerk, own_place(record.persons[1], record.missions[0]), sources=[record.gazette.pk])


def a_place_that_only_two_hats_see_says_something_else(clerk, record):
    change(clerk, own_place(record.persons[1], record.missions[1]), post="Member of another committee")


def a_place_with_a_statement_is_deleted(clerk, record):
    delete(clerk, own_place(record.persons[0], record.missions[0]))


def two_records_of_one_person_are_merged(clerk, record):
    kept, merged = record.persons[:2]
    merge_observers(kept=kept, merged=merged, by=record.clerk, now=timezone.now())


def a_person_is_erased(clerk, record):
    by = UserFactory(is_data_protection=True)
    asked = ask_erasure(observer=record.persons[0], by=record.clerk, reason="Letter", now=timezone.now())
    erase_person(erasure=asked, by=by, now=timezone.now())


def a_private_column_alone_is_changed(clerk, record):
    change(clerk, record.persons[0], phone="+1 555 0100")
    change(clerk, record.missions[2], internal_note="For us")


def a_spelling_is_added_and_another_source_given_to_one(clerk, record):
    name = ObserverName.objects.get(observer=record.persons[0])
    assert name.source == record.gazette
    typed = {"names__0__source": record.paper.pk, "names__1__language": "kk", "names__1__family_name": "Үлгі"}
    change(clerk, record.persons[0], **typed, names__1__source=record.gazette.pk)


ACTS = [
    a_public_source_becomes_internal,
    an_internal_source_becomes_public,
    a_mission_cites_an_internal_paper_as_well,
    a_mission_cites_an_internal_paper_alone,
    a_region_has_an_internal_source,
    a_public_person_is_withheld,
    a_person_goes_to_another_keeper,
    a_person_goes_to_the_administrators,
    a_mission_goes_to_another_organizer,
    the_place_that_opened_a_person_to_the_organizer_is_taken_away,
    a_place_is_given_by_the_keeper,
    a_place_is_given_to_another_person,
    a_place_goes_to_another_mission,
    a_place_goes_to_another_keeper,
    a_public_source_names_a_person_in_a_place,
    a_place_that_only_two_hats_see_says_something_else,
    a_place_with_a_statement_is_deleted,
    two_records_of_one_person_are_merged,
    a_person_is_erased,
    a_private_column_alone_is_changed,
    a_spelling_is_added_and_another_source_given_to_one,
]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_every_reader_is_told_what_became_of_what_it_sees(record, readers, clerk, act):
    copies = [Copy(user) for user in readers]
    before = Change.objects.count()
    act(clerk, record)
    assert Change.objects.count() > before
    each_is_told(copies)


def each_is_told(copies):
    for copy in copies:
        told, became = told_as_became(copy)
        assert told == became, str(copy)


def test_what_is_put_back_is_there_again_with_what_hangs_on_it(record, readers, clerk):
    a_place_with_a_statement_is_deleted(clerk, record)
    copies = [Copy(user) for user in readers]
    undo_entry(Change.objects.latest("pk"), by=record.clerk, now=timezone.now())
    assert own_place(record.persons[0], record.missions[0])
    each_is_told(copies)


def test_two_persons_of_whom_one_was_made_are_two_again(record, readers):
    kept, merged = record.persons[2:4]
    merge = merge_observers(kept=kept, merged=merged, by=record.clerk, now=timezone.now())
    copies = [Copy(user) for user in readers]
    undo_merge(merge=merge, by=record.clerk, now=timezone.now())
    each_is_told(copies)


def test_an_import_tells_of_what_hangs_on_its_rows(record, readers, tmp_path):
    """A place by the keeper opens a person, a source that turns takes along what rests on it."""
    alone = ObserverFactory(owner=record.bodies[0])
    begin_the_feed()
    copies = [Copy(user) for user in readers]
    files = {
        "sources": f"code,title,publisher,public\nreview,{record.review.title},{record.review.publisher},false\n",
        "missions": "code,election,organizer,kind,sources\nnew,election,second-secretariat,om,gazette\n",
        "assignments": f"observer,mission,role,owner\n{alone.code},new,head,northland-commission\n",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    import_dataset(tmp_path, now=timezone.now(), by=record.clerk)
    each_is_told(copies)
    assert {Source.objects.get(code="review").public, Region.objects.get().source.public} == {False}
    assert Mission.objects.filter(code="new").exists()


def test_who_sees_a_place_is_said_in_words_as_the_policy_says_it(record, readers):
    """Also of a place that one sees by two roles: for the organization that made it, and for one of the person's."""
    audiences = Assignment.objects.all().audiences({})
    for user in readers[1:]:
        words = words_of(user)
        seen = {code for code, audience in audiences.items() if is_among(words, audience)}
        assert seen == set(Assignment.objects.visible_to(user).values_list("code", flat=True)), str(user)
    assert any("+" in word for audience in audiences.values() for word in audience)
