"""What is due and what is missing: the lists of the admin's first page, as of a day, and the page itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from missions.actions import merge_observers, undo_merge
from missions.admin.to_check import problems_seen_by
from missions.admin.what_is_due import due_seen_by
from missions.models import Election
from observers.models import Erasure
from organizations.models import StaffRole, User
from tests.conftest import NOW
from tests.factories import (
    AssignmentFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    InvitationFactory,
    MissionFactory,
    ObserverFactory,
    ObserverNameFactory,
    OrganizationFactory,
    SourceFactory,
)

FRONT_PAGE = reverse("admin:index")
TODAY = date(2030, 5, 30)
VOTE = date(2030, 6, 2)


@pytest.fixture
def gazette(db):
    return SourceFactory(code="gazette", publisher="Northland Gazette")


@pytest.fixture
def keeper(northland_commission):
    return northland_commission


def asked_by(user):
    request = RequestFactory().get(FRONT_PAGE)
    request.user = user
    return request


def listed(user, key, today=TODAY):
    """What one of the lists says, row by row."""
    problems = [*due_seen_by(asked_by(user), today), *problems_seen_by(asked_by(user))]
    [problem] = [problem for problem in problems if problem.key == key]
    section = problem.section(50)
    assert section.total == len(section.findings)
    return section.findings


def told(user, key, today=TODAY):
    return [(finding.record.code, *finding.wrong) for finding in listed(user, key, today)]


# Accreditation


@pytest.mark.parametrize(
    ("closes", "sentence"),
    [
        ("2030-06-02T18:00", "Closes in 3 days, 2 June 2030 18:00, the host's time."),
        ("2030-05-31", "Closes tomorrow, 31 May 2030."),
        ("2030-05-30T09:30", "Closes today, 30 May 2030 09:30, the host's time."),
    ],
)
def test_a_deadline_says_how_many_days_are_left(administrator, closes, sentence):
    ElectionFactory(code="the-election", accreditation_closes_at=closes)
    assert told(administrator, "accreditation") == [("the-election", sentence)]


def test_only_deadlines_ahead_of_elections_that_are_to_come_are_listed_the_first_one_first(administrator):
    ElectionFactory(code="later", accreditation_closes_at="2030-06-01")
    ElectionFactory(code="sooner", accreditation_closes_at="2030-05-31T18:00")
    ElectionFactory(code="past", accreditation_closes_at="2030-05-29T23:59")
    ElectionFactory(code="called-off", accreditation_closes_at="2030-06-01", status="cancelled")
    ElectionFactory(code="without")
    assert [code for code, _sentence in told(administrator, "accreditation")] == ["sooner", "later"]


def test_elections_of_which_the_reader_writes_something_come_first(coordinator, keeper):
    for code, day in (("others", "2030-05-31"), ("own", "2030-06-01"), ("invited", "2030-06-02")):
        ElectionFactory(code=code, accreditation_closes_at=day)
    DeploymentFactory(election=Election.objects.get(code="own"), owner=keeper)
    InvitationFactory(election=Election.objects.get(code="invited"), owner=keeper)
    assert [code for code, _sentence in told(coordinator, "accreditation")] == ["own", "invited", "others"]


def test_an_election_leads_to_its_form_those_who_may_change_it_and_others_to_what_they_may_add(
    coordinator, administrator
):
    election = ElectionFactory(code="the-election")
    ways = [
        ("Coverage", reverse("coverage", args=["the-election"])),
        ("Add a mission", f"{reverse('admin:missions_mission_add')}?election=the-election"),
    ]
    form = reverse("admin:missions_election_change", args=[election.pk])
    for clerk, edit in ((coordinator, ""), (administrator, form)):
        [finding] = listed(clerk, "no-mission")
        assert (finding.page, finding.edit, list(finding.ways)) == ("/elections/the-election/", edit, ways)


# Invitations


def test_invitations_without_an_answer_are_listed_ahead_and_past_apart(administrator):
    ahead, past = ElectionFactory(), ElectionFactory(election_day=date(2030, 5, 29))
    for election in (ahead, past):
        for response in ("none", "accepted", "declined", "withdrawn"):
            code = f"{response}-{'ahead' if election == ahead else 'past'}"
            InvitationFactory(code=code, election=election, response=response)
    InvitationFactory(code="since", election=ahead, sent_on=date(2030, 5, 1))
    assert told(administrator, "unanswered-ahead") == [
        ("none-ahead", "No answer is known, and the vote is in 3 days."),
        ("since", "No answer is known since 1 May 2030, and the vote is in 3 days."),
    ]
    assert told(administrator, "unanswered-past") == [("none-past", "No answer is known, and the election is over.")]


def test_invitations_are_listed_to_whom_may_enter_the_answer(coordinator, outsider, administrator, keeper):
    InvitationFactory(code="the-invitation", owner=keeper)
    found = {clerk: len(told(clerk, "unanswered-ahead")) for clerk in (coordinator, outsider, administrator)}
    assert found == {coordinator: 1, outsider: 0, administrator: 0}


# Missions


def test_elections_ahead_without_a_mission_are_listed(administrator):
    ElectionFactory(code="bare")
    ElectionFactory(code="over", election_day=date(2030, 5, 29))
    ElectionFactory(code="put-off", status="postponed")
    MissionFactory(election__code="observed")
    assert told(administrator, "no-mission") == [("bare", "The vote is in 3 days, and no mission is recorded.")]


# Names


def announced(party, value, source, **more):
    HeadCountFactory(deployment=party, value=value, source=source, **{"kind": "announced", **more})


def test_a_party_of_which_fewer_are_named_than_announced_or_accredited_is_listed(administrator, gazette, rebuild):
    party = DeploymentFactory(code="the-party")
    announced(party, 46, gazette, qualifier="at_least")
    announced(party, 3, gazette, kind="accredited")
    for _ in range(2):
        AssignmentFactory(deployment=party, sources=[gazette])
    rebuild()
    assert told(administrator, "names") == [
        (
            "the-party",
            "at least 46 announced, 2 named: 44 names expected.",
            "3 accredited, 2 named: 1 name expected.",
        )
    ]


@pytest.mark.parametrize(
    ("party", "election", "figure"),
    [
        ({"status": "withdrawn"}, {}, {}),
        ({"status": "planned"}, {}, {}),
        ({}, {"status": "cancelled"}, {}),
        ({}, {"election_day": TODAY - timedelta(days=366)}, {}),
        ({}, {}, {"value": 1}),
        ({}, {}, {"kind": "deployed"}),
        ({}, {}, {"qualifier": "at_most"}),
    ],
)
def test_a_party_of_which_no_more_names_are_expected_is_not_listed(
    administrator, gazette, rebuild, party, election, figure
):
    deployment = DeploymentFactory(election=ElectionFactory(**election), **party)
    announced(deployment, source=gazette, **{"value": 46, **figure})
    AssignmentFactory(deployment=deployment, sources=[gazette])
    rebuild()
    assert told(administrator, "names") == []


def test_a_party_is_listed_for_a_year_after_its_election(administrator, gazette, rebuild):
    election = ElectionFactory(election_day=TODAY - timedelta(days=365))
    announced(DeploymentFactory(code="last-year", election=election), 46, gazette)
    rebuild()
    assert [code for code, _sentence in told(administrator, "names")] == ["last-year"]


def test_names_are_expected_of_ones_own_parties_and_persons_of_others_are_not_counted(
    coordinator, outsider, keeper, southland_ministry, gazette, rebuild
):
    party = DeploymentFactory(code="the-party", owner=keeper)
    announced(party, 3, gazette)
    AssignmentFactory(deployment=party, owner=keeper, observer__owner=keeper)
    hidden = AssignmentFactory(deployment=party, owner=southland_ministry, observer__owner=southland_ministry)
    rebuild()
    assert told(coordinator, "names") == [("the-party", "3 announced, 1 named: 2 names expected.")]
    assert told(outsider, "names") == []
    hidden.sources.set([gazette])
    assert told(coordinator, "names") == [("the-party", "3 announced, 2 named: 1 name expected.")]


# One person twice


def pairs(user):
    return [str(finding.record) for finding in listed(user, "alike")]


def test_persons_whose_names_are_alike_are_listed_once_with_the_way_to_compare_them(coordinator, keeper):
    latin = ObserverFactory(family_name="Nurlanov", given_names="Timur", owner=keeper)
    cyrillic = ObserverFactory(family_name="Нурланов", given_names="Тимур", nationality="KZ", owner=keeper)
    ObserverFactory(family_name="Kasimov", given_names="Timur", owner=keeper)
    [finding] = listed(coordinator, "alike")
    merge = f"{reverse('admin:observers_observer_merge')}?kept={latin.code}&merged={cyrillic.code}"
    assert str(finding.record) == "Timur Nurlanov · Тимур Нурланов"
    assert (finding.page, finding.edit, list(finding.ways)) == ("", "", [("Compare the two", merge)])


def test_a_spelling_finds_the_other_person(coordinator, keeper):
    known = ObserverFactory(family_name="Otherwise", given_names="Robin", owner=keeper)
    ObserverNameFactory(observer=known, family_name="Нурланов", given_names="Тимур")
    ObserverFactory(family_name="Nurlanov", given_names="Timur", owner=keeper)
    assert pairs(coordinator) == ["Timur Nurlanov · Robin Otherwise"]


def two_alike(keeper, **other):
    kept = ObserverFactory(family_name="Nurlanov", given_names="Timur", nationality="KZ", owner=keeper)
    return kept, ObserverFactory(family_name="Nurlanov", given_names="Timur", owner=keeper, **other)


def test_names_are_compared_anew_only_when_they_are_others(coordinator, keeper):
    kept, _merged = two_alike(keeper)
    assert pairs(coordinator) == ["Timur Nurlanov · Timur Nurlanov"]
    key = f"alike-{coordinator.pk}"
    cache.set(key, {**cache.get(key), "pairs": []})
    assert pairs(coordinator) == []
    spelling = ObserverNameFactory(observer=kept, family_name="Nurlanow", given_names="Timur")
    assert pairs(coordinator) == ["Timur Nurlanov · Timur Nurlanov"]
    cache.set(key, {**cache.get(key), "pairs": []})
    assert pairs(coordinator) == []
    spelling.delete()
    assert pairs(coordinator) == ["Timur Nurlanov · Timur Nurlanov"]


def test_what_is_kept_of_the_comparing_gives_no_name_away_and_nothing_to_others(coordinator, outsider, keeper):
    two_alike(keeper)
    assert len(pairs(coordinator)) == 1
    assert "Nurlanov" not in str(cache.get(f"alike-{coordinator.pk}"))
    assert pairs(outsider) == []
    StaffRole.objects.filter(user=coordinator).update(organization=StaffRole.objects.get(user=outsider).organization)
    assert pairs(User.objects.get(pk=coordinator.pk)) == []


def test_two_nationalities_tell_two_persons_apart(coordinator, keeper):
    two_alike(keeper, nationality="UZ")
    assert pairs(coordinator) == []


def test_a_merge_that_was_undone_tells_two_persons_apart(coordinator, keeper):
    kept, merged = two_alike(keeper)
    assert len(pairs(coordinator)) == 1
    merge = merge_observers(kept=kept, merged=merged, by=coordinator, now=NOW)
    undo_merge(merge=merge, by=coordinator, now=NOW)
    assert pairs(coordinator) == []


def test_whom_somebody_has_asked_to_erase_is_in_no_pair(coordinator, keeper):
    _kept, merged = two_alike(keeper)
    assert len(pairs(coordinator)) == 1
    Erasure.objects.create(observer=merged, asked_by=coordinator, asked_at=NOW, reason="A letter of 1 May 2030.")
    assert pairs(coordinator) == []


def test_persons_whom_others_keep_are_in_no_pair_also_where_everybody_sees_them(
    coordinator, outsider, administrator, keeper, southland_ministry, gazette
):
    for owner in (keeper, southland_ministry):
        person = ObserverFactory(family_name="Nurlanov", given_names="Timur", owner=owner)
        AssignmentFactory(observer=person, mission=MissionFactory(), owner=owner, sources=[gazette])
    assert [pairs(clerk) for clerk in (coordinator, outsider, administrator)] == [[], [], []]


# The page


@pytest.fixture
def vote_in_three_days(db):
    return timezone.now().date() + timedelta(days=3)


def test_the_first_page_begins_with_the_way_in_and_tells_what_is_due(admin_client, gazette, vote_in_three_days):
    for number in range(5):
        name = f"Vote {number}"
        ElectionFactory(code=f"election-{number}", name=name, election_day=vote_in_three_days, sources=[gazette])
    ElectionFactory(name="Bare vote", election_day=vote_in_three_days - timedelta(days=9))
    page = admin_client.get(FRONT_PAGE).content.decode()
    nothing = (
        "Nothing: Accreditation deadlines ahead · Invitations without an answer · Names expected · Sources disagree · "
        "Figures leave a gap · More named than announced · May be one person twice."
    )
    expected = [
        f'<a class="button entry-begin" href="{reverse("entry")}">Record from a source</a>',
        "Elections ahead without a mission: 5",
        "Vote 0",
        "The vote is in 3 days, and no mission is recorded.",
        "Vote 2",
        f'<a href="{reverse("to-check")}?show=no-mission">all 5<',
        "No source: elections: 1",
        "Bare vote",
        nothing,
        'class="app-missions module',
    ]
    places = [page.find(text) for text in expected]
    assert -1 not in places
    assert places == sorted(places)
    assert "Vote 3" not in page
    everything = admin_client.get(reverse("to-check"), {"show": "no-mission"}).content.decode()
    assert [everything.count(f"<strong>Vote {number}</strong>") for number in range(5)] == [1] * 5


def test_one_quiet_line_says_that_nothing_is_due(admin_client):
    page = admin_client.get(FRONT_PAGE).content.decode()
    assert page.count("<section aria-labelledby") == 0
    assert "Elections ahead without a mission · " in page
    assert "No source" in page


def test_who_enters_nothing_is_offered_no_way_in(client, administrator):
    administrator.is_superuser, administrator.is_data_protection = False, True
    administrator.save()
    client.force_login(administrator)
    page = client.get(FRONT_PAGE).content.decode()
    assert "What is due and what is missing" in page
    assert "Record from a source" not in page
    assert "May be one person twice" not in page


def test_the_page_of_one_app_tells_nothing_of_it(admin_client):
    page = admin_client.get(reverse("admin:app_list", args=["missions"])).content.decode()
    assert "What is due and what is missing" not in page


def test_the_first_page_names_nothing_that_others_keep(
    client, outsider, keeper, gazette, rebuild, vote_in_three_days, coordinator
):
    election = ElectionFactory(name="Open vote", election_day=vote_in_three_days)
    sender = OrganizationFactory(kind="election_body", country="KZ", name="Hidden Sender")
    party = DeploymentFactory(election=election, sender=sender, owner=keeper)
    announced(party, 46, gazette)
    InvitationFactory(election=election, invitee=OrganizationFactory(name="Hidden Invitee"), owner=keeper)
    for _ in range(2):
        ObserverFactory(family_name="Hiddenperson", given_names="Timur", owner=keeper)
    rebuild()

    def words(clerk):
        client.force_login(clerk)
        page = client.get(FRONT_PAGE).content.decode()
        return {word for word in ("Open vote", "Hidden Sender", "Hidden Invitee", "Hiddenperson") if word in page}

    assert words(outsider) == {"Open vote"}
    assert words(coordinator) == {"Open vote", "Hidden Sender", "Hidden Invitee", "Hiddenperson"}


def test_much_that_is_due_costs_as_many_queries_as_little(admin_client, gazette, rebuild, vote_in_three_days):
    closes = timezone.now().date().isoformat()

    def one_of_each(number):
        election = ElectionFactory(election_day=vote_in_three_days, accreditation_closes_at=closes)
        over = ElectionFactory(election_day=vote_in_three_days - timedelta(days=9))
        for each in (election, over):
            organization = OrganizationFactory(name="Northland Council")
            InvitationFactory(election=each, invitee=organization, inviter=OrganizationFactory(name="Host"))
        sender = OrganizationFactory(kind="election_body", country="KZ", name="Northland Commission")
        party = DeploymentFactory(election=election, sender=sender)
        announced(party, 46, gazette)
        announced(party, 42, SourceFactory())
        for _ in range(2):
            ObserverFactory(family_name=f"Nurlano{number}", given_names="Timur")
        return election

    one_of_each(1)
    rebuild()
    admin_client.get(FRONT_PAGE)
    with CaptureQueriesContext(connection) as one:
        admin_client.get(FRONT_PAGE)
    for number in range(2, 6):
        one_of_each(number)
    rebuild()
    admin_client.get(FRONT_PAGE)
    with CaptureQueriesContext(connection) as five:
        page = admin_client.get(FRONT_PAGE).content.decode()
    for key in ("accreditation", "unanswered-ahead", "no-mission", "names", "conflict", "unanswered-past", "alike"):
        assert f"?show={key}" in page, key
    assert len(five) == len(one)
