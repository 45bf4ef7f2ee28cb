"""A merge undone: two records again, with what people changed since."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from missions.actions import not_put_back
from missions.models import Assignment, Election, Statement
from missions.readings import rebuild_readings
from observers.models import Observer
from tests.conftest import everything_stored
from tests.factories import (
    AssignmentFactory,
    HeadCountFactory,
    MissionFactory,
    ObserverFactory,
    ObserverNameFactory,
    RegionFactory,
    SourceFactory,
    StaffRoleFactory,
    StatementFactory,
)
from tests.missions.merge.conftest import LATER, refused, stale, stored, undo

PLACES = ("none", "elsewhere", "the same", "the same with blanks")
SPELLINGS = ("none", "another", "the same")
STATEMENTS = ("none", "about the person", "about the place", "the same")
WITHHELD = ((False, False), (False, True), (True, False))
COMBINATIONS = list(product(PLACES, SPELLINGS, STATEMENTS))


def test_there_are_this_many_combinations():
    assert len(COMBINATIONS) == 48


@pytest.mark.parametrize(("number", "combination"), list(enumerate(COMBINATIONS)))
def test_merging_and_undoing_leaves_every_table_as_it_was(
    number, combination, kept, merged, merge, northland_commission
):
    owner = northland_commission
    overlapping_records(kept, merged, *combination, withheld=WITHHELD[number % 3], owner=owner)
    rebuild_readings(Election.objects.all())
    before = stored()
    done = merge()
    assert stored() != before
    assert not_put_back(merge=done, by=done.by, now=LATER) == []
    assert undo(done) == []
    assert stored() == before
    done.refresh_from_db()
    assert (done.undone_at, done.undone_by, done.snapshot) == (LATER, done.by, {})


def overlapping_records(kept, merged, places, spellings, statements, *, withheld, owner):
    """Two persons who have places, spellings and statements apart, in common, or each a part of one."""
    gazette, memo = SourceFactory(code="gazette"), SourceFactory(code="memo", public=False)
    contacts = {"phone": "+1 555 0100", "email": "one@example.org"}
    Observer.objects.filter(pk=kept.pk).update(withheld=withheld[0], **contacts)
    contacts = {"nationality": "KZ", "email": "two@example.org", "owner": owner}
    Observer.objects.filter(pk=merged.pk).update(withheld=withheld[1], **contacts)
    mission = MissionFactory(sources=[gazette])
    HeadCountFactory(mission=mission, kind="announced", value=1, source=gazette)
    AssignmentFactory(observer=kept, mission=mission, sources=[gazette])
    about = f"observers/{merged.code}"
    if places != "none":
        where = MissionFactory() if places == "elsewhere" else mission
        says = {"status": "deployed", "starts_on": date(2030, 6, 1)} if places == "the same with blanks" else {}
        place = AssignmentFactory(observer=merged, mission=where, sources=[gazette, memo], **says)
        about = f"assignments/{place.code}" if statements == "about the place" else about
    if spellings != "none":
        ObserverNameFactory(observer=merged, family_name="Образец")
    if spellings == "the same":
        ObserverNameFactory(observer=kept, family_name="Образец", source=None)
    if statements != "none":
        field = "post" if about.startswith("assignments") else "nationality"
        StatementFactory(subject=about, field=field, source=memo, value="UZ", excerpt="from UZ")
    if statements == "the same":
        StatementFactory(subject=f"observers/{kept.code}", field="nationality", source=memo, value="UZ")
    Observer.objects.all().rebuild_search_text()


def test_finding_out_what_cannot_be_put_back_changes_nothing(merge, merged, mission):
    AssignmentFactory(observer=merged, mission=mission)
    done = merge()
    before = everything_stored()
    not_put_back(merge=done, by=done.by, now=LATER)
    assert everything_stored() == before


def test_what_undoing_touches_says_when(kept, merged, mission, merge):
    place = AssignmentFactory(observer=merged, mission=mission)
    undo(merge())
    for row in (kept, merged, place):
        row.refresh_from_db()
        assert row.modified_at == LATER


def test_the_fields_that_people_changed_since_stay(kept, merged, merge):
    Observer.objects.filter(pk=merged.pk).update(phone="+1 555 0100", nationality="KZ")
    done = merge()
    Observer.objects.filter(pk=kept.pk).update(phone="+1 555 0199", email="new@example.org")
    assert undo(done) == ["Robin Example: “phone” was changed since the merge and stays."]
    kept.refresh_from_db()
    merged.refresh_from_db()
    assert (kept.phone, kept.email, kept.nationality) == ("+1 555 0199", "new@example.org", "")
    assert (merged.phone, merged.nationality) == ("+1 555 0100", "KZ")


def test_a_place_that_was_changed_since_goes_back_as_it_is_now(merged, mission, merge):
    place = AssignmentFactory(observer=merged, mission=mission, post="Deputy")
    done = merge()
    Assignment.objects.filter(pk=place.pk).update(post="Senator")
    assert undo(done) == []
    place.refresh_from_db()
    assert (place.observer, place.post) == (merged, "Senator")


def test_a_place_that_was_added_since_stays_with_the_kept_person(kept, merge):
    done = merge()
    place = AssignmentFactory(observer=kept, mission=MissionFactory())
    assert undo(done) == []
    place.refresh_from_db()
    assert place.observer == kept


def test_what_was_deleted_since_is_not_made_again(kept, merged, mission, merge):
    AssignmentFactory(observer=merged, mission=mission, role="head")
    AssignmentFactory(observer=kept, mission=mission)
    AssignmentFactory(observer=merged, mission=mission)
    done = merge()
    Assignment.objects.all().delete()
    assert sorted(undo(done)) == [
        f"Head of mission, {mission} was deleted since the merge and is not made again.",
        f"Short-term observer, {mission} was deleted since the merge and is not made again.",
    ]
    assert not Assignment.objects.exists()


def test_a_place_that_was_given_to_somebody_else_stays_there(merged, mission, merge):
    place, third = AssignmentFactory(observer=merged, mission=mission), ObserverFactory()
    done = merge()
    Assignment.objects.filter(pk=place.pk).update(observer=third)
    assert undo(done) == [f"Short-term observer, {mission} was moved elsewhere since the merge and stays there."]
    place.refresh_from_db()
    assert place.observer == third


def test_a_united_place_that_was_changed_since_is_not_overwritten(kept, merged, mission, merge):
    place = AssignmentFactory(observer=kept, mission=mission)
    other = AssignmentFactory(observer=merged, mission=mission, status="selected", post="Deputy")
    done = merge()
    Assignment.objects.filter(pk=place.pk).update(status="deployed")
    assert undo(done) == [f"Short-term observer, {mission}: “status” was changed since the merge and stays."]
    place.refresh_from_db()
    other.refresh_from_db()
    assert (place.observer, place.status, place.post) == (kept, "deployed", "")
    assert (other.observer, other.status, other.post) == (merged, "selected", "Deputy")


def test_a_place_whose_way_back_is_taken_stays_with_the_kept_person(kept, merged, mission, merge):
    AssignmentFactory(observer=kept, mission=mission)
    AssignmentFactory(observer=merged, mission=mission)
    moving = AssignmentFactory(observer=merged, mission=mission, role="head")
    done = merge()
    # Corrected since: the kept person's own place to another role, the moved one to the role that comes back.
    Assignment.objects.exclude(pk=moving.pk).update(role="expert")
    Assignment.objects.filter(pk=moving.pk).update(role="short_term")
    assert undo(done) == [
        f"Head of mission, {mission} could not be put back and stays as it is: This person has this role there already."
    ]
    moving.refresh_from_db()
    assert moving.observer == kept


def test_a_place_whose_region_is_gone_is_not_made_again(kept, merged, mission, merge):
    region = RegionFactory()
    place = AssignmentFactory(observer=kept, mission=mission)
    AssignmentFactory(observer=merged, mission=mission, region=region)
    done = merge()
    Assignment.objects.filter(pk=place.pk).update(region=None)
    region.delete()
    reason = "What it points to was deleted since: region."
    assert undo(done) == [f"Short-term observer, {mission} could not be put back and stays as it is: {reason}"]
    assert list(Assignment.objects.all()) == [place]


def test_a_source_that_was_deleted_since_is_told(kept, merged, mission, merge):
    gazette = mission.sources.get()
    memo = SourceFactory(code="memo")
    AssignmentFactory(observer=kept, mission=mission, sources=[gazette])
    other = AssignmentFactory(observer=merged, mission=mission, sources=[gazette, memo])
    done = merge()
    memo.delete()
    assert undo(done) == [f"Short-term observer, {mission}: a source that it cited was deleted since the merge."]
    assert list(other.sources.all()) == [gazette]


def test_the_added_spelling_stays_where_somebody_has_worked_on_it(kept, merge, gazette):
    done = merge()
    kept.names.update(source=gazette)
    assert undo(done) == ["The spelling “Робин Пример” was changed since the merge and stays."]
    assert [str(name) for name in kept.names.all()] == ["Робин Пример"]


def test_the_added_spelling_stays_where_a_statement_speaks_of_it(kept, merge):
    done = merge()
    StatementFactory(subject=f"observer-names/{kept.names.get().code}", field="family_name")
    assert undo(done) == ["The spelling “Робин Пример” was changed since the merge and stays."]
    assert not Statement.objects.get().unknown_subject_or_field()


def test_a_name_withheld_since_is_withheld_for_both(kept, merged, merge):
    done = merge()
    Observer.objects.filter(pk=kept.pk).update(withheld=True)
    assert undo(done) == ["The name was withheld since the merge: both persons stay withheld."]
    assert set(Observer.objects.values_list("pk", "withheld")) == {(kept.pk, True), (merged.pk, True)}


def test_a_person_whose_keeper_is_gone_comes_back_without(kept, merged, merge, keeper):
    closed = StaffRoleFactory(user=keeper).organization
    Observer.objects.filter(pk=merged.pk).update(owner=closed)
    done = merge()
    Observer.objects.filter(pk=kept.pk).update(owner=None)
    closed.delete()
    assert undo(done) == [
        "The organization that kept Робин Пример is gone.",
        "Robin Example: “kept by” was changed since the merge and stays.",
    ]
    merged.refresh_from_db()
    assert merged.owner is None


# One after the other


def test_merges_into_a_person_who_is_merged_go_along_and_are_undone_latest_first(kept, merged, mission, merge):
    third = ObserverFactory(family_name="Third")
    AssignmentFactory(observer=third, mission=mission)
    Observer.objects.all().rebuild_search_text()
    before = stored()
    first = merge(into=merged, who=third)
    second = merge()
    first.refresh_from_db()
    assert first.kept == kept
    later = f"“{merged.code}” was merged into the same person later. Undo that merge first."
    assert refused(undo, done=first) == [later]
    assert undo(second) == []
    first.refresh_from_db()
    assert first.kept == merged
    assert undo(first) == []
    after = stored()
    assert {label for label in after if after[label] != before[label]} == {"missions.Reading"}
    assert not stale()


def test_a_merge_is_undone_once(merge):
    done = merge()
    undo(done)
    assert refused(undo, done=done) == ["This merge is undone already."]


def test_a_merge_can_be_made_again_after_it_was_undone(kept, merge):
    undo(merge())
    merge()
    assert list(Observer.objects.all()) == [kept]


def test_a_code_that_was_given_to_somebody_else_is_not_taken_back(merged, merge):
    done = merge()
    ObserverFactory(code=merged.code)
    assert refused(undo, done=done) == [f"There is another person with the code “{merged.code}” now."]
