"""Two records of one person made one: what moves, what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from missions.merge_plan import language_of
from missions.models import Assignment, Mission
from missions.readings import rebuild_readings
from observers.models import Erasure, Merge, Observer, ObserverName
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    ObserverFactory,
    ObserverNameFactory,
    RegionFactory,
    SourceFactory,
    StaffRoleFactory,
    StatementFactory,
    UserFactory,
)
from tests.missions.merge.conftest import AT, LATER, refused, stale, undo


@pytest.fixture
def bare_administrator(db):
    """Keeps what no organization keeps, and nothing besides."""
    return UserFactory(username="bare-administrator", is_superuser=True)


def test_everything_of_the_merged_person_moves_and_the_row_is_gone(kept, merged, mission, gazette, merge):
    place = AssignmentFactory(observer=merged, mission=mission, sources=[gazette])
    spelling = ObserverNameFactory(observer=merged, language="kk", family_name="Мысал")
    statement = StatementFactory(subject=f"observers/{merged.code}", field="nationality", value="UZ")
    done = merge()
    assert (done.kept, done.merged_code, done.at, done.undone_at) == (kept, merged.code, AT, None)
    assert list(Observer.objects.all()) == [kept]
    assert list(kept.assignments.all()) == [place]
    assert list(kept.assignments.get().sources.all()) == [gazette]
    spelled = kept.names.values_list("language", "family_name", "given_names", "source")
    assert sorted(spelled, key=str) == [
        ("kk", "Мысал", "", spelling.source_id),
        ("ru", "Пример", "Робин", None),
    ]
    statement.refresh_from_db()
    assert statement.subject == f"observers/{kept.code}"
    assert not statement.unknown_subject_or_field()


def test_everything_that_points_to_a_person_is_known_to_the_merge():
    pointing = {(found.related_model, found.field.name) for found in Observer._meta.related_objects}
    # Somebody who is to be erased is not merged at all.
    assert pointing == {(ObserverName, "observer"), (Assignment, "observer"), (Merge, "kept"), (Erasure, "observer")}


def test_the_kept_person_is_found_by_the_merged_name(kept, merge):
    merge()
    assert list(Observer.objects.search("Пример")) == [kept]


def test_a_person_is_found_by_the_spellings_that_are_theirs_at_the_time(kept, merge):
    twin = ObserverFactory(family_name="Example", given_names="Robin")
    ObserverNameFactory(observer=twin, family_name="Образец")
    done = merge(who=twin)
    assert list(Observer.objects.search("Образец")) == [kept]
    undo(done)
    assert list(Observer.objects.search("Образец")) == [twin]


@pytest.mark.parametrize(
    ("name", "language"),
    [("Робин Пример", "ru"), ("Әлия Өміртай", "kk"), ("Robin Example", "en"), ("Émile Žižka", "en"), ("روبن", "und")],
)
def test_the_language_of_a_spelling_is_told_by_its_letters(name, language):
    assert language_of(name) == language


def test_a_name_that_is_known_already_becomes_no_second_spelling(kept, merged, merge):
    known = ObserverNameFactory(observer=kept, language="uk", family_name="Пример", given_names="Робин")
    merge()
    assert list(kept.names.all()) == [known]


def test_persons_of_one_name_leave_no_spelling(kept, merge):
    merge(who=ObserverFactory(family_name="Example", given_names="Robin"))
    assert not kept.names.exists()


def test_blank_fields_are_filled_and_what_the_kept_person_says_stands(kept, merged, merge, northland_commission):
    Observer.objects.filter(pk=kept.pk).update(email="robin@one.example", nationality="KZ")
    filled = {"phone": "+1 555 0100", "gender": "other", "languages": "en; ru", "internal_note": "Speaks softly."}
    Observer.objects.filter(pk=merged.pk).update(
        email="robin@two.example", nationality="UZ", owner=northland_commission, **filled
    )
    merge()
    kept.refresh_from_db()
    assert {name: getattr(kept, name) for name in filled} == filled
    assert (kept.email, kept.nationality, kept.owner) == ("robin@one.example", "KZ", northland_commission)
    assert str(kept) == "Robin Example"


def test_given_names_are_taken_only_with_their_own_family_name(merged, merge):
    alone = ObserverFactory(family_name="Example", given_names="")
    merge(into=alone)
    alone.refresh_from_db()
    assert str(alone) == "Example"
    merge(into=alone, who=ObserverFactory(family_name="Example", given_names="Robin"))
    alone.refresh_from_db()
    assert str(alone) == "Robin Example"
    assert [str(name) for name in alone.names.all()] == ["Робин Пример"]


@pytest.mark.parametrize("withheld", [(True, False), (False, True), (True, True)])
def test_a_name_withheld_on_either_is_withheld(kept, merged, merge, withheld, mission):
    AssignmentFactory(observer=kept, mission=mission, sources=mission.sources.all())
    for person, answer in zip((kept, merged), withheld, strict=True):
        Observer.objects.filter(pk=person.pk).update(withheld=answer)
    merge()
    kept.refresh_from_db()
    assert kept.withheld
    assert not stale()


def test_one_place_of_both_is_one_place_with_the_sources_of_both(kept, merged, mission, gazette, merge):
    internal, region = SourceFactory(code="memo", public=False), RegionFactory()
    place = AssignmentFactory(observer=kept, mission=mission, sources=[gazette], post="Deputy")
    other = AssignmentFactory(
        observer=merged, mission=mission, sources=[gazette, internal], status="deployed", region=region, post="Deputy"
    )
    about = StatementFactory(subject=f"assignments/{other.code}", field="post", value="Senator")
    merge()
    place = Assignment.objects.get()
    assert (place.observer, place.status, place.region, place.post) == (kept, "deployed", region, "Deputy")
    assert set(place.sources.all()) == {gazette, internal}
    about.refresh_from_db()
    assert about.subject == f"assignments/{place.code}"


def test_another_role_in_the_same_mission_is_another_place(kept, merged, mission, merge):
    AssignmentFactory(observer=kept, mission=mission, role="head")
    AssignmentFactory(observer=merged, mission=mission, role="short_term")
    merge()
    assert kept.assignments.count() == 2


def test_the_readings_and_their_records_follow_a_merge_and_its_undoing(kept, merged, gazette, merge):
    """Of a party over two joint missions, whoever is named in the one is not in the other."""
    party = DeploymentFactory(sources=[gazette])
    here, there = (MissionFactory(election=party.election, kind="ieom", sources=[gazette]) for _ in range(2))
    for mission in (here, there):
        ChannelFactory(deployment=party, mission=mission, source=gazette)
    HeadCountFactory(deployment=party, kind="announced", value=46, as_of=date(2030, 6, 1), source=gazette)
    for person, role in ((kept, "head"), (merged, "short_term")):
        AssignmentFactory(observer=person, deployment=party, mission=here, role=role, sources=[gazette])
    rebuild_readings([party.election])
    others = there.readings.filter(kind="announced", audience="public")
    assert others.get().high == 44
    done = merge()
    assert others.get().high == 45
    assert not stale()
    here.refresh_from_db()
    assert here.modified_at == AT
    undo(done)
    assert others.get().high == 44
    assert not stale()
    here.refresh_from_db()
    assert here.modified_at == LATER


def test_a_merge_tells_when_each_row_was_changed(kept, merged, mission, merge):
    untouched = AssignmentFactory(observer=kept, mission=MissionFactory())
    place = AssignmentFactory(observer=merged, mission=mission)
    before = untouched.modified_at
    merge()
    for row in (untouched, place, kept):
        row.refresh_from_db()
    assert (untouched.modified_at, place.modified_at, kept.modified_at) == (before, AT, AT)
    assert kept.names.get().modified_at == AT


# Refused


def test_a_person_is_not_merged_into_itself(kept, merge):
    assert refused(merge, into=kept, who=kept) == ["This is the same person twice. Choose two different records."]


def test_a_person_who_was_merged_is_not_merged_again(kept, merged, merge):
    merge()
    gone = [f"The person “{merged.code}” was merged into “{kept.code}”: use that code."]
    assert refused(merge) == gone
    assert refused(merge, into=merged, who=ObserverFactory()) == gone


def test_a_person_who_was_deleted_is_not_merged(kept, merged, merge):
    Observer.objects.filter(pk=merged.pk).delete()
    assert refused(merge) == [f"There is no person with the code “{merged.code}”."]


MERGING, UNDOING = "Only who keeps both persons merges them.", "Only who keeps the person undoes the merge."


def test_who_keeps_both_persons_merges_them_and_undoes_it(
    request, kept, merged, merge, coordinator, northland_commission, mission
):
    """Nobody else, though all but the outsider see both: neither who organizes their mission, nor who reads them."""
    Observer.objects.update(owner=northland_commission)
    for person in (kept, merged):
        AssignmentFactory(observer=person, mission=mission, owner=northland_commission, role="expert", sources=[])
    Mission.objects.update(organizer=request.getfixturevalue("secretariat"))
    others = ["viewer", "outsider", "organizer", "deactivated", "data_protection", "bare_administrator"]
    others = [request.getfixturevalue(name) for name in others]
    for user in others:
        assert refused(merge, by=user) == [MERGING], user
    done = merge(by=coordinator)
    for user in others:
        assert refused(undo, done=done, by=user) == [UNDOING], user
    assert undo(done, by=coordinator) == []


def test_administrators_merge_persons_whom_no_organization_keeps_and_undo_it(merge, coordinator, bare_administrator):
    assert refused(merge, by=coordinator) == [MERGING]
    done = merge(by=bare_administrator)
    assert refused(undo, done=done, by=coordinator) == [UNDOING]
    assert undo(done, by=bare_administrator) == []


@pytest.mark.parametrize("other", [None, "southland_ministry"])
def test_one_of_two_persons_is_not_enough(request, kept, merged, merge, coordinator, northland_commission, other):
    Observer.objects.filter(pk=kept.pk).update(owner=northland_commission)
    Observer.objects.filter(pk=merged.pk).update(owner=other and request.getfixturevalue(other))
    for given in ({"into": kept, "who": merged}, {"into": merged, "who": kept}):
        assert refused(merge, by=coordinator, **given) == [MERGING]


def test_whose_organization_keeps_the_person_no_more_does_not_undo(
    kept, merge, coordinator, northland_commission, outsider
):
    Observer.objects.update(owner=northland_commission)
    done = merge(by=coordinator)
    Observer.objects.update(owner=outsider.staff_roles.get().organization)
    assert refused(undo, done=done, by=coordinator) == [UNDOING]
    assert undo(done, by=outsider) == []


def test_a_deactivated_administrator_merges_nobody(bare_administrator, merge):
    bare_administrator.is_active = False
    assert refused(merge, by=bare_administrator) == [MERGING]


@pytest.mark.parametrize("whose", ["kept", "merged"])
def test_a_person_who_is_to_be_erased_is_not_merged(request, merge, keeper, whose):
    person = request.getfixturevalue(whose)
    Erasure.objects.create(observer=person, asked_by=keeper, asked_at=AT, reason="A letter of June")
    assert refused(merge) == [
        f"It was asked that “{person.code}” is erased: withdraw that first, or have it confirmed."
    ]


def test_persons_of_two_organizations_are_not_merged(
    kept, merged, merge, keeper, northland_commission, southland_ministry
):
    StaffRoleFactory(user=keeper, organization=southland_ministry)
    Observer.objects.filter(pk=kept.pk).update(owner=northland_commission)
    Observer.objects.filter(pk=merged.pk).update(owner=southland_ministry)
    [sentence] = refused(merge)
    assert sentence == (
        "One person is kept by Northland Commission, the other by Southland Ministry: each would be shown what the "
        "other keeps. Agree who keeps this person, and set “kept by” on both records first."
    )


def test_a_place_of_which_two_things_are_said_is_refused_with_both(kept, merged, merge):
    election = ElectionFactory(name="Northland votes")
    mission = MissionFactory(name="Northland mission", election=election)
    one = {"status": "deployed", "region": RegionFactory(name="Same name"), "post": "Deputy", "area": "Example Bay"}
    other = {"status": "withdrawn", "region": RegionFactory(name="Same name"), "post": "Senator", "area": "Example Bay"}
    AssignmentFactory(observer=kept, mission=mission, **one)
    AssignmentFactory(observer=merged, mission=mission, **other)
    place = f"Short-term observer, {mission}"
    assert "Northland mission" in place
    assert refused(merge) == [
        f"{place}: {column} is “{here}” for one and “{there}” for the other. Correct one first."
        for column, here, there in [
            ("status", "Deployed", "Withdrawn"),
            ("region", "Same name (KZ)", "Same name (KZ)"),
            ("post held then", "Deputy", "Senator"),
        ]
    ]


def test_dates_that_fit_only_apart_are_refused(kept, merged, mission, merge):
    AssignmentFactory(observer=kept, mission=mission, ends_on=date(2030, 6, 1))
    AssignmentFactory(observer=merged, mission=mission, starts_on=date(2030, 6, 5))
    [sentence] = refused(merge)
    assert sentence.endswith("The end, 2030-06-01, is before the start, 2030-06-05.")


def test_one_source_that_says_two_things_is_refused(kept, merged, gazette, merge):
    for person, value in ((kept, "KZ"), (merged, "UZ")):
        StatementFactory(subject=f"observers/{person.code}", field="nationality", value=value, source=gazette)
    assert refused(merge) == [
        f"Statement “nationality” ({gazette}): value is “KZ” for one and “UZ” for the other. Correct one first."
    ]
