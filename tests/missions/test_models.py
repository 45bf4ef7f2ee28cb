"""Elections, missions, deployments and what hangs on them: codes, labels, warnings, and the verbs of their rows."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from missions.models import (
    Assignment,
    Channel,
    Deployment,
    Election,
    HeadCount,
    Invitation,
    Mission,
    Statement,
    VotingDay,
)
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    InvitationFactory,
    MissionFactory,
    ObserverFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    RegionFactory,
    SourceFactory,
    StatementFactory,
    VotingDayFactory,
)


@pytest.fixture
def election(db):
    return ElectionFactory(code="", country="KG", kind="presidential", election_day=date(2017, 10, 15))


@pytest.fixture
def council(db):
    """An organization that changed its name after the election."""
    council = OrganizationFactory(code="ots")
    OrganizationNameFactory(organization=council, name="Turkic Council", valid_until=date(2021, 11, 11))
    OrganizationNameFactory(organization=council, name="Organization of Turkic States", valid_from=date(2021, 11, 12))
    return council


# Codes


def test_an_election_is_called_by_country_kind_and_day(election):
    assert election.code == "kg-presidential-2017-10-15"


def test_a_code_stays_when_the_date_moves(election):
    election.election_day = date(2017, 11, 19)
    election.save()
    assert Election.objects.get().code == "kg-presidential-2017-10-15"


def test_a_mission_is_called_by_election_and_organizer(election, council):
    first = MissionFactory(code="", election=election, organizer=council)
    second = MissionFactory(code="", election=election, organizer=council)
    assert (first.code, second.code) == ("kg-presidential-2017-10-15-ots", "kg-presidential-2017-10-15-ots-2")


def test_a_deployment_is_called_by_the_state_or_the_body_that_sends_it(election):
    commission = OrganizationFactory(code="cec-kz", kind="election_body", country="KZ")
    by_state = DeploymentFactory(code="", election=election)
    by_body = DeploymentFactory(code="", election=election, sender=commission)
    assert by_state.code == "kg-presidential-2017-10-15-from-kz"
    assert by_body.code == "kg-presidential-2017-10-15-from-cec-kz"


def test_the_others_are_called_by_their_natural_key(election, council):
    source = SourceFactory(code="rferl-2017-10-13")
    mission = MissionFactory(code="", election=election, organizer=council)
    party = DeploymentFactory(code="", election=election)
    person = ObserverFactory(code="0c7f2a4e")
    made = [
        VotingDayFactory(election=election, starts_on=date(2017, 10, 15)),
        InvitationFactory(election=election, inviter__code="cec-kg", invitee=council),
        ChannelFactory(deployment=party, mission=mission, source=source),
        HeadCountFactory(deployment=party, kind="announced", as_of=date(2017, 10, 13), source=source),
        AssignmentFactory(observer=person, mission=mission),
        StatementFactory(subject="missions/x", field="name", source=source),
    ]
    assert [record.code for record in made] == [
        "kg-presidential-2017-10-15-round-1-2017-10-15",
        "kg-presidential-2017-10-15-cec-kg-invites-ots",
        "kg-presidential-2017-10-15-from-kz-via-ots-rferl-2017-10-13",
        "kg-presidential-2017-10-15-from-kz-announced-all-total-2017-10-13-rferl-2017-10-13",
        "0c7f2a4e-kg-presidential-2017-10-15-ots-short-term",
        "missions-x-name-rferl-2017-10-13",
    ]


# Labels


def test_an_election_without_a_name_is_called_by_kind_country_and_day(election):
    assert election.label == "Presidential election, Kyrgyzstan, 15 October 2017"
    election.name = "Presidential election in Kyrgyzstan"
    assert str(election) == "Presidential election in Kyrgyzstan"


def test_a_mission_of_2017_bears_its_organizers_name_of_2017(election, council):
    mission = MissionFactory(election=election, organizer=council)
    assert mission.organizer_name == "Turkic Council"
    assert mission.label == "Turkic Council: Observer mission"
    later = MissionFactory(election__election_day=date(2024, 1, 1), organizer=council)
    assert later.organizer_name == "Organization of Turkic States"


def test_a_deployment_is_called_by_its_sender(election):
    commission = OrganizationFactory(kind="election_body", country="KZ", name="Northland Commission")
    assert DeploymentFactory(election=election).sender_name == "Kazakhstan"
    sent = DeploymentFactory(election=election, sender=commission)
    assert str(sent) == "Northland Commission → Presidential election, Kyrgyzstan, 15 October 2017"


@pytest.mark.parametrize(
    ("value", "qualifier", "figure"),
    [
        (46, "exact", "46"),
        (170, "at_least", "at least 170"),
        (700, "more_than", "more than 700"),
        (775, "about", "about 775"),
        (50, "at_most", "at most 50"),
        (0, "exact", "0"),
        (None, "not_published", "not published"),
    ],
)
def test_a_figure_reads_with_its_qualifier(value, qualifier, figure):
    assert HeadCount(value=value, qualifier=qualifier).figure == figure


def test_the_subject_of_a_count_is_what_it_counts(election):
    mission, party = MissionFactory(election=election), DeploymentFactory(election=election)
    assert HeadCount(election=election).subject == election
    assert HeadCount(mission=mission).subject == mission
    assert HeadCount(deployment=party).subject == party


def test_the_election_of_an_assignment_is_that_of_its_place(election):
    assert Assignment(mission=MissionFactory(election=election)).election == election
    assert Assignment(deployment=DeploymentFactory(election=election)).election == election
    assert Assignment().election is None


# What is filled in and what is warned of


def test_a_blank_sending_state_is_that_of_the_sending_body(election):
    commission = OrganizationFactory(kind="election_body", country="KZ")
    party = Deployment(election=election, sender=commission, status="announced", code="party")
    party.full_clean()
    assert str(party.sender_country) == "KZ"


@pytest.mark.parametrize("moment", ["2017-10-09", "2017-10-09T18:00", ""])
def test_accreditation_closes_on_a_day_or_at_a_minute(moment):
    Election(
        code="x", country="KG", kind="local", election_day=date(2017, 10, 15), accreditation_closes_at=moment
    ).clean_fields()


@pytest.mark.parametrize("moment", ["2017-10", "9.10.2017", "2017-10-09 at six", "2017-02-30", "2017-10-09T25:00"])
def test_accreditation_does_not_close_at_another_kind_of_moment(moment):
    with pytest.raises(ValidationError) as refused:
        Election(
            code="x", country="KG", kind="local", election_day=date(2017, 10, 15), accreditation_closes_at=moment
        ).clean_fields()
    assert list(refused.value.message_dict) == ["accreditation_closes_at"]


def warned(record):
    return [str(sentence) for sentence in record.warnings()]


def test_a_second_mission_of_one_organizer_is_warned_of_and_not_refused(election, council):
    MissionFactory(election=election, organizer=council, name="Long watch")
    second = MissionFactory(election=election, organizer=council)
    second.full_clean()
    assert warned(second) == ["Turkic Council has another mission at this election already: Long watch."]
    assert warned(MissionFactory(organizer=council)) == []


def test_a_declined_invitation_without_a_day_is_warned_of_and_not_refused(election):
    invitation = InvitationFactory(election=election, response="declined")
    invitation.full_clean()
    assert warned(invitation) == ["The invitation was declined, but the day is missing."]
    invitation.responded_on = date(2017, 10, 13)
    assert warned(invitation) == []
    assert warned(InvitationFactory(election=election, response="accepted")) == []


def test_a_region_that_did_not_exist_then_is_warned_of_and_not_refused(election):
    abai = RegionFactory(name="Abai", valid_from=date(2022, 6, 8))
    vote = VotingDayFactory(election=election, region=abai, starts_on=date(2017, 10, 15))
    place = AssignmentFactory(mission=MissionFactory(election=election), region=abai)
    for record in (vote, place):
        record.full_clean()
        assert warned(record) == ["The region “Abai (KZ)” did not exist on 2017-10-15."]
    assert warned(VotingDayFactory(election=election, starts_on=date(2017, 10, 16))) == []


def test_accreditation_that_closes_after_the_vote_is_warned_of_and_not_refused(election):
    election.accreditation_closes_at = "2017-10-16"
    election.full_clean()
    assert warned(election) == ["Accreditation closes after election day. Check both dates."]
    election.accreditation_closes_at = "2017-10-15T08:00"
    assert warned(election) == []


def test_a_mission_on_which_nothing_hangs_may_change_its_election(election):
    mission = Mission.objects.get(pk=MissionFactory().pk)
    mission.election = election
    mission.full_clean()
    mission.save()
    assert Mission.objects.get().election == election


# The verbs


def test_missions_of_an_organization_and_of_those_below_it(election):
    osce = OrganizationFactory()
    of_osce = MissionFactory(election=election, organizer=osce)
    of_odihr = MissionFactory(election=election, organizer__parent=osce)
    MissionFactory(election=election)
    assert set(Mission.objects.all().organized_by([osce])) == {of_osce, of_odihr}


def test_deployments_sent_by_an_organization_and_by_those_below_it(election):
    ministry = OrganizationFactory(kind="government", country="KZ")
    embassy = OrganizationFactory(kind="embassy", country="KZ", parent=ministry)
    of_embassy = DeploymentFactory(election=election, sender=embassy)
    DeploymentFactory(election=election)
    assert list(Deployment.objects.all().sent_by([ministry])) == [of_embassy]


def test_only_whole_parties_are_added_up(election):
    whole = DeploymentFactory(election=election)
    DeploymentFactory(election=election, part_of=whole)
    assert list(Deployment.objects.all().whole_parties()) == [whole]


def test_invitations_that_were_declined(election):
    declined = InvitationFactory(election=election, response="declined")
    InvitationFactory(election=election, response="accepted")
    assert list(Invitation.objects.all().declined()) == [declined]


def test_those_count_as_named_whose_place_did_not_fall_through(election):
    mission = MissionFactory(election=election)
    for status in ("", *Assignment.Status.values):
        AssignmentFactory(mission=mission, status=status)
    assert set(Assignment.objects.all().naming().values_list("status", flat=True)) == {
        *("", "selected", "confirmed", "accredited", "deployed", "completed")
    }
    assert mission.assignments.count() == 12


def test_counts_of_an_election_are_also_those_of_its_missions_and_deployments(election):
    counts = {
        HeadCountFactory(election=election),
        HeadCountFactory(mission=MissionFactory(election=election)),
        HeadCountFactory(deployment=DeploymentFactory(election=election)),
    }
    HeadCountFactory(election=ElectionFactory())
    assert set(HeadCount.objects.all().in_elections([election])) == counts


# Search


def test_search_reaches_what_a_row_belongs_to(election, council):
    mission = MissionFactory(election=election, organizer=council)
    commission = OrganizationFactory(kind="election_body", country="KZ", name="Northland Commission")
    party = DeploymentFactory(election=election, sender=commission)
    channel = ChannelFactory(deployment=party, mission=mission)
    invitation = InvitationFactory(election=election, invitee=council)
    person = ObserverFactory(given_names="Әлия", family_name="Өміртай")
    place = AssignmentFactory(observer=person, mission=mission, deployment=party)
    vote = VotingDayFactory(election=election, region=RegionFactory(name="Нарын"))
    others = [MissionFactory(), DeploymentFactory(sender_country="UZ"), InvitationFactory(), VotingDayFactory()]
    assert len(others) == 4

    assert list(Election.objects.search("кыргызстан 2017")) == [election]
    assert list(Mission.objects.search("turkic states")) == [mission]
    assert list(Mission.objects.search("kyrgyzstan turkic")) == [mission]
    assert list(Deployment.objects.search("northland turkic")) == [party]
    assert list(Deployment.objects.search("казахстан")) == [party]
    assert list(Channel.objects.search("turkic")) == [channel]
    assert list(Invitation.objects.search("organization of turkic states")) == [invitation]
    assert list(Assignment.objects.search("омиртай turkic")) == [place]
    assert list(VotingDay.objects.search("naryn")) == [vote]
    assert list(Mission.objects.search("turkic parliament")) == []


def test_a_search_without_a_word_leaves_every_row(election):
    assert list(Election.objects.search("  … ")) == [election]


def test_statements_and_counts_are_found_by_their_source(election):
    source = SourceFactory(publisher="Herald")
    count = HeadCountFactory(election=election, source=source)
    statement = StatementFactory(subject=f"elections/{election.code}", source=source)
    assert list(HeadCount.objects.search("herald")) == [count]
    assert list(Statement.objects.search("herald")) == [statement]
