"""Who sees which rows, with rows beside them that could leak: internal papers, withheld names, other desks' people."""

from __future__ import annotations

import pytest

from missions.dataset import RECORDS
from missions.models import Assignment, Deployment, HeadCount, Mission, Statement
from observers.models import Observer, ObserverName
from organizations.models import Source
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    InvitationFactory,
    MembershipFactory,
    MissionFactory,
    ObserverFactory,
    ObserverNameFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    RegionFactory,
    SourceFactory,
    StatementFactory,
    VotingDayFactory,
)

pytestmark = pytest.mark.usefixtures("public_access")
VISITORS = ("anonymous", "deactivated")
MEMBERS = ("viewer", "outsider", "organizer", "administrator", "data_protection")


@pytest.fixture
def cast(request):
    """Readers by what they are called in conftest.py."""
    return lambda *names: [request.getfixturevalue(name) for name in names]


def count(source):
    return HeadCountFactory(election=ElectionFactory(), source=source)


def statement(source):
    return StatementFactory(subject=f"missions/{MissionFactory().code}", source=source)


# Facts that one source carries
OF_ONE_SOURCE = {
    "organization_names": lambda source: OrganizationNameFactory(source=source),
    "voting_days": lambda source: VotingDayFactory(source=source),
    "channels": lambda source: ChannelFactory(source=source),
    "head_counts": count,
    "statements": statement,
}
# Facts that may cite several
OF_SOURCES = {
    "memberships": lambda *sources: MembershipFactory(sources=sources),
    "missions": lambda *sources: MissionFactory(sources=sources),
    "invitations": lambda *sources: InvitationFactory(sources=sources),
    "deployments": lambda *sources: DeploymentFactory(sources=sources),
}
# Reference data, which is public whatever it rests on
REFERENCE = {
    "organizations": lambda source: OrganizationFactory(sources=[source]),
    "regions": lambda source: RegionFactory(source=source),
    "elections": lambda source: ElectionFactory(sources=[source]),
}
PEOPLE = {"observers", "observer_names", "assignments"}


@pytest.fixture
def gazette(db):
    return SourceFactory(code="gazette", public=True)


@pytest.fixture
def memo(db):
    return SourceFactory(code="memo", public=False)


def codes(rows):
    """The codes of the rows, one for each row: a row that comes twice is seen twice."""
    return sorted(rows.values_list("code", flat=True))


def test_every_kind_of_record_is_tried_here():
    kinds = {model.dataset_file for model in RECORDS}
    assert kinds == {"sources"} | OF_ONE_SOURCE.keys() | OF_SOURCES.keys() | REFERENCE.keys() | PEOPLE
    assert len(kinds) == 16


@pytest.mark.parametrize("make", OF_ONE_SOURCE.values(), ids=OF_ONE_SOURCE)
def test_a_fact_is_public_if_its_source_is(make, gazette, memo, cast):
    shown, internal = make(gazette), make(memo)
    ours = type(shown).objects.filter(pk__in=[shown.pk, internal.pk])
    for reader in cast(*VISITORS):
        assert codes(ours.visible_to(reader)) == [shown.code]
    for reader in cast(*MEMBERS):
        assert codes(ours.visible_to(reader)) == sorted([shown.code, internal.code])


@pytest.mark.parametrize("make", OF_SOURCES.values(), ids=OF_SOURCES)
def test_a_fact_is_public_if_any_of_its_sources_is(make, gazette, memo, cast):
    herald = SourceFactory(code="herald", public=True)
    shown, both, twice = make(gazette), make(gazette, memo), make(gazette, herald)
    internal, without = make(memo), make()
    kind = type(shown)
    ours = kind.objects.filter(pk__in=[row.pk for row in (shown, both, twice, internal, without)])
    for reader in cast(*VISITORS):
        assert codes(ours.visible_to(reader)) == sorted([shown.code, both.code, twice.code])
    for reader in cast(*MEMBERS):
        assert codes(ours.visible_to(reader)) == codes(ours)


@pytest.mark.parametrize("make", REFERENCE.values(), ids=REFERENCE)
def test_reference_data_is_public_whatever_it_rests_on(make, memo, anonymous):
    made = make(memo)
    assert list(type(made).objects.filter(pk=made.pk).visible_to(anonymous)) == [made]


def test_internal_papers_are_for_members(gazette, memo, cast):
    ours = Source.objects.filter(pk__in=[gazette.pk, memo.pk])
    for reader in cast(*VISITORS):
        assert codes(ours.visible_to(reader)) == ["gazette"]
    for reader in cast(*MEMBERS):
        assert codes(ours.visible_to(reader)) == ["gazette", "memo"]


def test_without_public_access_an_anonymous_visitor_sees_no_row_of_any_kind(gazette, members_only, cast, viewer):
    for make in (*OF_ONE_SOURCE.values(), *OF_SOURCES.values(), *REFERENCE.values()):
        make(gazette)
    named = AssignmentFactory(mission=MissionFactory(), sources=[gazette])
    ObserverNameFactory(observer=named.observer, source=gazette)
    for reader in cast(*VISITORS):
        assert {model.dataset_file: codes(model.objects.visible_to(reader)) for model in RECORDS} == {
            model.dataset_file: [] for model in RECORDS
        }
    assert all(codes(model.objects.visible_to(viewer)) for model in RECORDS)


# People


@pytest.fixture
def people(northland_commission, southland_ministry, secretariat, gazette, memo):
    """Persons by what is known of them: their assignments are all to one mission of the secretariat."""
    mission = MissionFactory(organizer=secretariat, election=ElectionFactory())

    def person(owner, *sources, assigned=True, **columns):
        observer = ObserverFactory(owner=owner, **columns)
        if assigned:
            AssignmentFactory(observer=observer, owner=owner, mission=mission, sources=sources)
        return observer

    return {
        "named in the gazette": person(northland_commission, gazette),
        "named in both": person(northland_commission, gazette, memo),
        "named in the memo": person(northland_commission, memo),
        "withheld": person(northland_commission, gazette, withheld=True),
        "on the list": person(northland_commission, assigned=False),
        "southland's": person(southland_ministry, memo),
        "southland's list": person(southland_ministry, assigned=False),
        "nobody's": person(None, memo),
        "nobody's list": person(None, assigned=False),
    }


def seen(people, reader):
    visible = set(Observer.objects.visible_to(reader).values_list("code", flat=True))
    return {who for who, observer in people.items() if observer.code in visible}


PUBLICLY_NAMED = {"named in the gazette", "named in both"}
NORTHLAND = PUBLICLY_NAMED | {"named in the memo", "withheld", "on the list"}
ASSIGNED = PUBLICLY_NAMED | {"named in the memo", "withheld", "southland's", "nobody's"}


def test_a_visitor_sees_the_persons_whom_a_public_source_names(people, cast):
    assert [seen(people, reader) for reader in cast(*VISITORS)] == [PUBLICLY_NAMED] * 2


def test_a_desk_sees_its_own_persons_as_well(people, viewer, coordinator, outsider):
    assert seen(people, viewer) == NORTHLAND
    assert seen(people, coordinator) == NORTHLAND
    assert seen(people, outsider) == PUBLICLY_NAMED | {"southland's", "southland's list"}


def test_an_organizer_sees_the_persons_of_its_missions_and_no_lists(people, organizer):
    assert seen(people, organizer) == ASSIGNED


def test_a_place_that_another_than_the_keeper_enters_opens_nobody_to_the_organizer(people, organizer, outsider, memo):
    southland = outsider.staff_roles.get().organization
    for who, owner in (("on the list", southland), ("southland's list", None), ("nobody's list", southland)):
        mission = MissionFactory(organizer=organizer.staff_roles.get().organization)
        AssignmentFactory(observer=people[who], mission=mission, owner=owner, sources=[memo])
    assert seen(people, organizer) == ASSIGNED
    places = Assignment.objects.visible_to(organizer).values_list("observer__code", flat=True)
    assert {who for who, person in people.items() if person.code in set(places)} == ASSIGNED


def test_an_administrator_sees_the_persons_whom_no_organization_keeps_and_those_publicly_named(people, administrator):
    assert seen(people, administrator) == PUBLICLY_NAMED | {"nobody's", "nobody's list"}


def test_data_protection_sees_all_persons_with_every_place_and_spelling(people, data_protection, memo):
    for person in people.values():
        ObserverNameFactory(observer=person, source=memo)
    assert seen(people, data_protection) == set(people)
    assert codes(Assignment.objects.visible_to(data_protection)) == codes(Assignment.objects.all())
    assert codes(ObserverName.objects.visible_to(data_protection)) == codes(ObserverName.objects.all())


def test_no_person_comes_twice(people, gazette, cast):
    again = people["named in both"]
    AssignmentFactory(observer=again, mission=MissionFactory(), sources=[gazette], role="expert")
    for reader in cast("anonymous", "viewer", "administrator", "data_protection"):
        listed = codes(Observer.objects.visible_to(reader))
        assert listed == sorted(set(listed))


@pytest.mark.parametrize("reader", ["anonymous", "coordinator", *MEMBERS])
def test_places_are_seen_like_the_persons_in_them(reader, people, request):
    user = request.getfixturevalue(reader)
    places = Assignment.objects.visible_to(user).values_list("observer__code", flat=True)
    assert {who for who, person in people.items() if person.code in set(places)} == seen(people, user) - {
        "on the list",
        "southland's list",
        "nobody's list",
    }


def test_a_public_name_in_one_mission_shows_no_place_in_another(people, memo, anonymous, outsider):
    named = people["named in the gazette"]
    AssignmentFactory(observer=named, mission=MissionFactory(), sources=[memo], role="head")
    for reader in (anonymous, outsider):
        assert [place.role for place in Assignment.objects.visible_to(reader).filter(observer=named)] == ["short_term"]


def test_spellings_are_seen_with_the_person_and_the_source(people, gazette, memo, anonymous, viewer):
    named, withheld, unnamed = people["named in both"], people["withheld"], people["on the list"]
    printed = ObserverNameFactory(observer=named, family_name="Печать", source=gazette)
    typed = ObserverNameFactory(observer=named, family_name="Ввод", source=None)
    internal = ObserverNameFactory(observer=named, family_name="Служебно", source=memo)
    others = [ObserverNameFactory(observer=person, source=gazette) for person in (withheld, unnamed)]
    assert codes(ObserverName.objects.visible_to(anonymous)) == [printed.code]
    assert codes(ObserverName.objects.visible_to(viewer)) == sorted(
        [printed.code, typed.code, internal.code, *(name.code for name in others)]
    )


def test_an_outsider_sees_no_spelling_from_an_internal_paper(people, memo, outsider):
    ObserverNameFactory(observer=people["named in both"], source=memo)
    assert codes(ObserverName.objects.visible_to(outsider)) == []


def test_spellings_of_a_person_are_those_of_public_sources_for_an_administrator_who_does_not_keep_the_person(
    people, gazette, memo, administrator
):
    printed = ObserverNameFactory(observer=people["named in both"], source=gazette)
    ObserverNameFactory(observer=people["named in both"], family_name="Служебно", source=memo)
    ObserverNameFactory(observer=people["withheld"], source=gazette)
    own = ObserverNameFactory(observer=people["nobody's"], source=memo)
    assert codes(ObserverName.objects.visible_to(administrator)) == sorted([printed.code, own.code])


ABOUT_PEOPLE = pytest.mark.parametrize("resource", ["observers", "observer-names", "assignments"])


def told_about(person, resource, source):
    """Says something of the person, of a spelling from the Gazette, or of the person's place."""
    record = {
        "observers": lambda: person,
        "observer-names": lambda: ObserverNameFactory(observer=person, source=Source.objects.get(code="gazette")),
        "assignments": person.assignments.get,
    }[resource]()
    field = {"observers": "nationality", "observer-names": "family_name", "assignments": "post"}[resource]
    return StatementFactory(subject=f"{resource}/{record.code}", field=field, value="told", source=source)


@ABOUT_PEOPLE
def test_what_a_source_says_about_people_is_seen_with_the_person_and_the_source(resource, people, gazette, memo, cast):
    who = ("named in the gazette", "withheld", "southland's", "nobody's")
    told = {told_about(people[name], resource, gazette).code: name for name in who}
    told[told_about(people["named in both"], resource, memo).code] = "named in both, says the memo"
    found = {
        reader: {told[code] for code in codes(Statement.objects.visible_to(cast(reader)[0]))}
        for reader in ("anonymous", "deactivated", *MEMBERS)
    }
    public = {"named in the gazette"}
    both = public | {"named in both, says the memo"}
    assert found == {
        "anonymous": public,
        "deactivated": public,
        "viewer": both | {"withheld"},
        "outsider": both | {"southland's"},
        "organizer": both | {"withheld", "southland's", "nobody's"},
        "administrator": both | {"nobody's"},
        "data_protection": both | {"withheld", "southland's", "nobody's"},
    }


def test_what_is_said_of_a_place_or_a_spelling_that_is_not_seen_is_not_seen_either(people, gazette, memo, cast):
    """Though the person and the source are."""
    named = people["named in both"]
    place = AssignmentFactory(
        observer=named, owner=named.owner, mission=MissionFactory(), role="expert", sources=[memo]
    )
    spelling = ObserverNameFactory(observer=named, source=memo)
    for subject, field in ((f"assignments/{place.code}", "post"), (f"observer-names/{spelling.code}", "family_name")):
        StatementFactory(subject=subject, field=field, source=gazette)
    for reader in cast("anonymous", "outsider", "administrator"):
        assert codes(Statement.objects.visible_to(reader)) == []


# Searching, counting and reading what is hidden


def test_a_search_finds_only_what_is_seen(people, memo, anonymous, viewer):
    MissionFactory(name="Quiet Watch", sources=[memo])
    hidden = people["named in the memo"]
    assert codes(Mission.objects.visible_to(anonymous).search("quiet watch")) == []
    assert codes(Observer.objects.visible_to(anonymous).search(hidden.family_name)) == []
    assert Mission.objects.visible_to(viewer).search("quiet watch").count() == 1
    assert codes(Observer.objects.visible_to(viewer).search(hidden.family_name)) == [hidden.code]


def test_a_public_deployment_shows_no_internal_figure(gazette, memo, anonymous, viewer):
    party = DeploymentFactory(sources=[gazette])
    HeadCountFactory(deployment=party, value=46, source=gazette)
    HeadCountFactory(deployment=party, value=50, source=memo)
    assert list(party.head_counts.all().visible_to(anonymous).values_list("value", flat=True)) == [46]
    assert sorted(party.head_counts.all().visible_to(viewer).values_list("value", flat=True)) == [46, 50]


def test_an_internal_channel_of_a_public_deployment_stays_internal(gazette, memo, anonymous):
    party = DeploymentFactory(sources=[gazette])
    told = ChannelFactory(deployment=party, source=gazette)
    ChannelFactory(deployment=party, source=memo)
    assert list(party.channels.all().visible_to(anonymous)) == [told]


def test_a_source_that_is_made_internal_takes_everything_that_rests_on_it_alone(gazette, anonymous):
    rows = [make(gazette) for make in (*OF_ONE_SOURCE.values(), *OF_SOURCES.values())]
    Source.objects.filter(code="gazette").update(public=False)
    assert [row for row in rows if type(row).objects.visible_to(anonymous).filter(pk=row.pk).exists()] == []


def test_the_columns_that_leave_by_no_door_but_the_admin_are_named():
    assert {model.dataset_file: set(model.private_columns) for model in RECORDS if model.private_columns} == {
        "missions": {"internal_note"},
        "deployments": {"internal_note"},
        "observers": {"email", "phone", "internal_note"},
        "assignments": {"accreditation_number", "internal_note"},
    }


def test_every_column_of_that_name_is_private():
    secret = {"email", "phone", "internal_note", "accreditation_number"}
    assert {model.dataset_file: secret & set(model.columns) for model in RECORDS} == {
        model.dataset_file: set(model.private_columns) for model in RECORDS
    }


def test_search_looks_into_no_private_column(people, viewer):
    person = people["named in both"]
    person.email, person.phone, person.internal_note = "robin@example.org", "+77010000000", "allergic"
    person.save()
    place = person.assignments.get()
    place.accreditation_number, place.internal_note = "X-4711", "arrives late"
    place.save()
    mission = place.mission
    mission.internal_note = "budget"
    mission.save()
    DeploymentFactory(internal_note="confidential")
    for word in ("robin@example.org", "77010000000", "allergic"):
        assert codes(Observer.objects.visible_to(viewer).search(word)) == []
    for word in ("4711", "late"):
        assert codes(Assignment.objects.visible_to(viewer).search(word)) == []
    assert codes(Mission.objects.visible_to(viewer).search("budget")) == []
    assert codes(Deployment.objects.visible_to(viewer).search("confidential")) == []


def test_a_head_count_is_found_by_its_source_only_where_the_source_is_seen(gazette, memo, anonymous):
    count(memo)
    assert codes(HeadCount.objects.visible_to(anonymous).search("northland gazette")) == []
