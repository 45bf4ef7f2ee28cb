"""The sum over a filtered list of deployments, and the invitations that its senders declined."""

import re
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.test import RequestFactory

from missions.facets import Tally
from missions.filters import DeploymentFilterSet
from missions.listed import Listed
from missions.lists import deployment_rows
from missions.reconciliation import UNKNOWN, Range
from missions.totals import DeclinedInvitations, declined_by_senders
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    InvitationFactory,
    MissionFactory,
    OrganizationFactory,
    SourceFactory,
)
from tests.missions.test_lists import page

pytestmark = pytest.mark.usefixtures("public_access")

NOBODY = AnonymousUser()


@pytest.fixture
def gazette(db):
    return SourceFactory()


@pytest.fixture
def memo(db):
    return SourceFactory(public=False)


@pytest.fixture
def party(gazette):
    """Makes a party, with the numbers announced for it in public: pairs of qualifier and value."""

    def make(*announced, **columns):
        made = DeploymentFactory(**{"sources": [gazette], **columns})
        for qualifier, value in announced:
            HeadCountFactory(deployment=made, kind="announced", qualifier=qualifier, value=value, source=gazette)
        return made

    return make


def filterset(query, user):
    request = RequestFactory().get("/")
    request.user = user
    asked = DeploymentFilterSet(QueryDict(query), deployment_rows(user), request=request)
    assert asked.problems == []
    return asked


@pytest.fixture
def total(rebuild):
    def of(query="", user=NOBODY):
        rebuild()
        summed = Listed(Tally(filterset(query, user), user)).announced
        return summed.figure, summed.parties, summed.shares_unknown, summed.without_number

    return of


@pytest.fixture
def declined(db):
    return lambda query, user=NOBODY: declined_by_senders(filterset(query, user), user)


# What is added


def test_numbers_are_added(party, total):
    party(("exact", 46))
    party(("exact", 10))
    assert total() == (Range(56, 56), 2, 0, 0)


def test_nothing_is_the_sum_of_an_empty_list(total):
    assert total() == (UNKNOWN, 0, 0, 0)


@pytest.mark.parametrize(
    ("announced", "figure"),
    [
        (("exact", 10), Range(56, 56)),
        (("about", 10), Range(56, 56, approximate=True)),
        (("at_least", 10), Range(56, None)),
        (("more_than", 10), Range(57, None)),
        (("at_most", 10), Range(46, 56)),
    ],
)
def test_how_exact_one_number_is_so_exact_is_the_sum(party, total, announced, figure):
    party(("exact", 46))
    party(announced)
    assert total() == (figure, 2, 0, 0)


@pytest.mark.parametrize("announced", [[], [("not_published", None)]])
@pytest.mark.parametrize("status", ["planned", "announced", "deployed", "completed"])
def test_a_party_without_a_number_leaves_the_sum_open(party, total, announced, status):
    party(("exact", 46))
    party(*announced, status=status)
    assert total() == (Range(46, None), 1, 0, 1)


@pytest.mark.parametrize("status", ["cancelled", "withdrawn"])
def test_a_party_that_was_called_off_is_missed_by_nobody(party, total, status):
    party(("exact", 46))
    party(status=status)
    assert total() == (Range(46, 46), 1, 0, 0)
    party(("exact", 5), status=status)
    assert total() == (Range(51, 51), 2, 0, 0)


def test_a_part_of_a_party_is_never_added(party, total):
    whole = party(("exact", 46))
    part = party(("exact", 10), part_of=whole, election=whole.election, sender_country="UZ")
    party(part_of=part, election=whole.election)
    assert total() == (Range(46, 46), 1, 0, 0)
    assert total("sender_country=UZ") == (UNKNOWN, 0, 0, 0)


def test_a_part_of_what_the_reader_may_not_see_is_a_part_of_nothing(party, total, memo, viewer):
    hidden = party(("exact", 46), sources=[memo])
    party(("exact", 10), part_of=hidden, election=hidden.election)
    assert total() == (Range(10, 10), 1, 0, 0)
    assert total(user=viewer) == (Range(46, 46), 1, 0, 0)


def test_a_number_of_an_internal_paper_is_in_the_sum_of_members_alone(party, total, memo, viewer):
    HeadCountFactory(deployment=party(), kind="announced", value=46, source=memo)
    assert total() == (UNKNOWN, 0, 0, 1)
    assert total(user=viewer) == (Range(46, 46), 1, 0, 0)


def test_only_what_was_announced_is_added(party, total, gazette):
    HeadCountFactory(deployment=party(("exact", 46)), kind="accredited", value=40, source=gazette)
    assert total() == (Range(46, 46), 1, 0, 0)


# Parties through several missions


@pytest.fixture
def three_missions(party, gazette):
    """46 through missions of the CIS, the SCO and the OSCE, each named by two sources; 2 are named in the SCO's."""
    made = party(("exact", 46))
    herald = SourceFactory()
    HeadCountFactory(deployment=made, kind="announced", value=46, source=herald)
    for code, kind in (("cis", "om"), ("sco", "om"), ("osce", "ieom")):
        mission = MissionFactory(
            code=f"of-{code}",
            election=made.election,
            organizer=OrganizationFactory(code=code),
            kind=kind,
            sources=[gazette],
        )
        for source in (gazette, herald):
            ChannelFactory(deployment=made, mission=mission, source=source)
    for _person in range(2):
        AssignmentFactory(
            deployment=made, mission=made.missions.filter(code="of-sco").first(), sources=[gazette, herald]
        )
    return made


@pytest.mark.parametrize(
    ("query", "share"),
    [
        ("", Range(46, 46)),
        ("sender_country=KZ", Range(46, 46)),
        ("organizer=cis", Range(0, 44)),
        ("organizer=sco", Range(2, 46)),
        ("organizer=cis&organizer=sco", Range(2, 46)),
        ("organizer=cis&organizer=sco&organizer=osce", Range(46, 46)),
        ("mission=of-osce", Range(0, 44)),
        ("mission_kind=om", Range(2, 46)),
        ("mission_kind=ieom", Range(0, 44)),
        ("mission_kind=om&mission_kind=ieom", Range(46, 46)),
        ("organizer=sco&mission_kind=om", Range(2, 46)),
    ],
)
def test_a_party_counts_with_its_share_in_the_chosen_missions(three_missions, total, query, share):
    assert total(query) == (share, 1, int(share != Range(46, 46)), 0)


def test_shares_and_whole_parties_are_added(three_missions, party, total, gazette):
    whole = party(("exact", 10), election=three_missions.election)
    ChannelFactory(deployment=whole, mission=three_missions.missions.filter(code="of-cis").first(), source=gazette)
    assert total("organizer=cis") == (Range(10, 54), 2, 1, 0)


def test_a_party_through_a_hidden_mission_is_added_under_its_organizer_and_not_under_its_kind(
    party, total, gazette, memo, viewer
):
    made = party(("exact", 46))
    hidden = MissionFactory(
        election=made.election, organizer=OrganizationFactory(code="cis"), kind="om", sources=[memo]
    )
    ChannelFactory(deployment=made, mission=hidden, source=gazette)
    assert total("organizer=cis") == (Range(46, 46), 1, 0, 0)
    assert total("mission_kind=om") == (UNKNOWN, 0, 0, 0)
    assert total("mission_kind=om", user=viewer) == (Range(46, 46), 1, 0, 0)


# In words


def words_under_the_filters(client, query=""):
    html = client.get(page("deployments", query)).content.decode()
    found = re.search('<p class="total">(.*?)</p>', html, re.DOTALL)
    return " ".join(found[1].split()) if found else None


@pytest.mark.parametrize(
    ("announced", "words"),
    [
        ([[("exact", 1204)]], "Announced: 1,204 in 1 deployment."),
        ([[("exact", 46)], [("exact", 10)]], "Announced: 56 in 2 deployments."),
        ([[("at_least", 170)]], "Announced: at least 170 in 1 deployment."),
        ([[("about", 400)]], "Announced: about 400 in 1 deployment."),
        ([[("at_most", 50)]], "Announced: up to 50 in 1 deployment."),
        ([[("exact", 0)]], "Announced: none in 1 deployment."),
        ([[]], "Announced: no number known; 1 publishes no number (not checked yet: 1)."),
        (
            [[("exact", 46)], [], [("not_published", None)]],
            "Announced: at least 46 in 1 deployment; 2 publish no number (not checked yet: 1).",
        ),
        ([], None),
    ],
)
def test_the_total_in_words(client, party, rebuild, announced, words):
    for each in announced:
        party(*each)
    rebuild()
    assert words_under_the_filters(client) == words


def test_the_total_in_words_accounts_for_every_row(client, party, rebuild):
    whole = party(("exact", 46))
    party(("not_published", None))
    party(status="cancelled")
    party(status="withdrawn")
    party(("exact", 2), part_of=whole, election=whole.election)
    rebuild()
    assert words_under_the_filters(client) == (
        "Announced: at least 46 in 1 deployment; 1 publishes no number; 2 were called off; "
        "1 is part of another and not added."
    )


def test_the_total_in_words_says_that_a_share_is_unknown(client, three_missions, rebuild):
    rebuild()
    sentence = "Announced: 0 to 44 in 1 deployment; the share of 1 in the chosen missions is unknown."
    assert words_under_the_filters(client, "?organizer=cis") == sentence
    assert words_under_the_filters(client) == "Announced: 46 in 1 deployment."


# Declined invitations


@pytest.fixture
def invited(gazette):
    def invite(invitee, response="declined", **columns):
        return InvitationFactory(**{"invitee": invitee, "response": response, "sources": [gazette], **columns})

    return invite


@pytest.fixture
def commission(db):
    return OrganizationFactory(code="cec-kz", country="KZ", kind="election_body")


def listed(client, found):
    """The invitations that the link leads to."""
    return sorted(row["code"] for _record, row in client.get(page("invitations", f"?{found.query}")).context["rows"])


def test_the_link_leads_to_exactly_the_invitations_that_these_senders_declined(client, invited, declined, commission):
    parliament = OrganizationFactory(code="parliament-kz", country="KZ", kind="parliament")
    election = ElectionFactory(code="kg", country="KG")
    theirs = [
        invited(commission, election=election),
        invited(commission, election=election),
        invited(parliament, election=election),
        invited(commission, election=ElectionFactory(code="mn", country="MN")),
    ]
    invited(parliament, response="accepted", election=ElectionFactory(code="tr", country="TR"))
    invited(commission, response="withdrawn", election=election)
    invited(OrganizationFactory(country="UZ"), election=election)
    invited(OrganizationFactory(country=""), election=election)
    found = declined("sender_country=KZ")
    assert found.count == 4
    assert listed(client, found) == sorted(invitation.code for invitation in theirs)


@pytest.mark.parametrize(
    "query",
    [
        "election=kg",
        "host_country=KG",
        "year=2017",
        "election_kind=presidential",
        "date_before=2017-12-31",
        "date_after=2017-01-01&date_before=2017-12-31",
    ],
)
def test_only_invitations_to_the_chosen_elections_are_counted(client, invited, declined, commission, query):
    day = date(2017, 10, 15)
    election = ElectionFactory(code="kg", country="KG", kind="presidential", election_day=day)
    asked = invited(commission, election=election)
    invited(commission, election=ElectionFactory(code="mn", country="MN", kind="parliamentary"))
    found = declined(f"sender_country=KZ&{query}")
    assert (found.count, listed(client, found)) == (1, [asked.code])


def test_invitations_for_more_elections_than_an_address_may_name_are_led_to_all_the_same(
    client, invited, declined, commission
):
    for _number in range(51):
        invited(commission, election=ElectionFactory())
    found = declined("sender_country=KZ")
    assert found == DeclinedInvitations(51, "response=declined&sender_country=KZ")
    answer = client.get(page("invitations", f"?{found.query}"))
    assert (answer.status_code, answer.context["page"].paginator.count) == (200, 51)


def test_a_state_and_a_body_are_asked_together_as_in_the_list(client, invited, declined, commission):
    invited(OrganizationFactory(code="parliament-kz", country="KZ", kind="parliament"))
    asked = invited(commission)
    found = declined("sender_country=KZ&sender=cec-kz")
    assert (found.count, listed(client, found)) == (1, [asked.code])
    assert declined("sender_country=UZ&sender=cec-kz") is None


def test_a_sender_is_asked_with_the_bodies_below_it(invited, declined, commission):
    body = OrganizationFactory(parent=commission, country="KZ")
    invited(body)
    invited(commission)
    invited(OrganizationFactory(code="other-kz", country="KZ"))
    assert declined("sender=cec-kz").count == 2
    assert declined("sender=other-kz").count == 1


@pytest.mark.parametrize("query", ["", "host_country=KG", "organizer=cec-kz", "sender_kind=election_body"])
def test_without_a_chosen_sender_nothing_is_said_of_declined_invitations(invited, declined, commission, query):
    invited(commission)
    assert declined(query) is None


def test_an_invitation_of_an_internal_paper_is_counted_for_members_alone(invited, declined, commission, memo, viewer):
    invited(commission, sources=[memo])
    assert declined("sender_country=KZ") is None
    assert declined("sender_country=KZ", viewer).count == 1


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(1, "1 invitation to these senders was declined"), (2, "2 invitations to these senders were declined")],
)
def test_the_sentence_on_the_page_is_the_link(client, invited, commission, number, sentence):
    for _each in range(number):
        invited(commission)
    html = client.get(page("deployments", "?sender_country=KZ")).content.decode()
    address, words = re.search('<p class="declined"><a href="([^"]*)">(.*?)</a></p>', html).groups()
    assert words == sentence
    assert len(client.get(address.replace("&amp;", "&")).context["rows"]) == number
