"""The answer to "whom did we send, where, through whom, how many, and who says so?", on one page with its sources."""

import html
import re

import pytest
from django.urls import reverse

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
from tests.missions.test_one_party_over_three_missions import one_party
from tests.missions.test_pages import read, rows_or_record, section, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]

EVERY_DIVISION = ["election", "sender", "organizer", "year"]


def ask(client, query):
    return read(client, f"{reverse('answer')}?{query}")


def part(markup, name):
    return re.search(rf'<section id="{name}">(.*?)</section>', markup, re.DOTALL)[1]


def in_short(markup):
    return [words_of(line) for line in re.findall("<li>.*?</li>", part(markup, "in-short"), re.DOTALL)]


def rows_of_parties(markup):
    return re.findall("<strong>[^<]* → [^<]*</strong>", part(markup, "parties"))


def lists_behind(markup):
    """Each number of deployments that is a link, with the address of its list."""
    links = re.findall(r'<a href="(/deployments/\?[^"]*)">(\d+)[^<]*</a>', markup)
    return [(html.unescape(address), int(number)) for address, number in links]


@pytest.mark.parametrize("by", EVERY_DIVISION)
def test_a_party_through_three_missions_is_one_party(client, rebuild, by):
    one_party()
    rebuild()
    markup = ask(client, f"year=2030&by={by}")
    assert in_short(markup)[0] == "Announced: 46 in 1 deployment."
    assert len(rows_of_parties(markup)) == 1
    assert lists_behind(markup)[0][1] == 1


def test_in_the_missions_of_one_organizer_it_counts_with_its_share(client, rebuild):
    one_party()
    rebuild()
    markup = ask(client, "organizer=council")
    sentence = "Announced: 0 to 44 in 1 deployment; the share of 1 in the chosen missions is unknown."
    assert in_short(markup)[0] == sentence
    told = section(markup, "parties")
    assert "46 announced [1] [2] 2 named" in told
    assert "announced, in the chosen missions: up to 44" in told


@pytest.fixture
def several(rebuild):
    """Bodies of two levels, parties with one mission, several and none, in two years, and a part of a larger party."""
    gazette, herald = SourceFactory(code="gazette"), SourceFactory(code="herald")
    council = OrganizationFactory(code="council", name="Council")
    assembly = OrganizationFactory(code="assembly", name="Assembly", parent=council)
    parliament = OrganizationFactory(code="parliament", kind="parliament", country="KZ", name="Parliament")
    senate = OrganizationFactory(code="senate", kind="parliament", country="KZ", name="Senate", parent=parliament)
    for year in (2030, 2031):
        election = ElectionFactory(code=f"vote-{year}", election_day=f"{year}-06-02")
        missions = [
            MissionFactory(code=f"{body.code}-{year}", election=election, organizer=body, sources=[gazette])
            for body in (council, assembly)
        ]
        for sender, through in ((parliament, missions[:1]), (senate, missions), (None, [])):
            party = DeploymentFactory(
                code=f"{sender.code if sender else 'state'}-{year}",
                election=election,
                sender=sender,
                sources=[gazette, herald],
            )
            HeadCountFactory(deployment=party, kind="announced", value=7, source=gazette)
            for mission in through:
                ChannelFactory(deployment=party, mission=mission, source=gazette)
        DeploymentFactory(
            code=f"part-{year}", election=election, sender=senate, part_of=party, status="cancelled", sources=[herald]
        )
    rebuild()


@pytest.mark.parametrize("by", EVERY_DIVISION)
@pytest.mark.parametrize("query", ["sender_country=KZ", "sender=parliament", "organizer=council&year=2030"])
def test_each_number_of_deployments_leads_to_as_many(client, several, query, by):
    behind = lists_behind(ask(client, f"{query}&by={by}"))
    counted = [(address, client.get(address).context["page"].paginator.count) for address, _number in behind]
    assert counted == behind
    assert len(behind) >= 2


@pytest.mark.parametrize(
    ("by", "headings"),
    [
        (
            "election",
            ["Presidential election, Kyrgyzstan, 2 June 2030", "Presidential election, Kyrgyzstan, 2 June 2031"],
        ),
        ("sender", ["Kazakhstan", "Parliament", "Senate"]),
        ("organizer", ["Assembly, Council", "Council", "No mission named"]),
        ("year", ["2030", "2031"]),
    ],
)
def test_the_parties_are_divided_as_asked_and_each_stands_once(client, several, by, headings):
    markup = ask(client, f"sender_country=KZ&by={by}")
    assert [words_of(each) for each in re.findall("<h3>.*?</h3>", part(markup, "parties"))] == headings
    assert len(rows_of_parties(markup)) == 8


def test_a_sender_whose_list_would_hold_others_is_no_link(client, several):
    """The list of the Parliament holds the Senate as well."""
    parties = part(ask(client, "sender_country=KZ&by=sender"), "parties")
    told = re.findall(r'<h3>(\w+)</h3>\s*<span class="meta">(<a)?', parties)
    assert told == [("Kazakhstan", ""), ("Parliament", ""), ("Senate", "<a")]


def test_a_part_of_a_larger_party_is_listed_and_not_added(client, several):
    assert in_short(ask(client, "year=2030&sender_country=KZ"))[0] == (
        "Announced: 21 in 3 deployments; 1 is part of another and not added."
    )


def test_each_source_has_one_number_and_stands_below(client, several):
    markup = ask(client, "sender_country=KZ")
    numbers = set(re.findall(r'href="#source-(\d+)"', markup))
    assert numbers == set(re.findall(r'id="source-(\d+)"', markup)) == {"1", "2"}


def test_an_answer_without_a_sender_says_that_declined_invitations_need_one(client, several):
    InvitationFactory(response="declined", sources=[SourceFactory()])
    assert section(ask(client, "year=2030"), "declined") == (
        "Invitations declined Choose a sending state or a sending body to see which invitations it declined."
    )


def test_only_declined_invitations_of_the_sender_are_told(client, rebuild):
    cec = OrganizationFactory(code="cec", kind="election_body", country="KZ", name="Commission")
    other = OrganizationFactory(code="cec-uz", kind="election_body", country="UZ", name="Another")
    election = ElectionFactory()
    for invitee, response in ((cec, "declined"), (other, "declined")):
        InvitationFactory(election=election, invitee=invitee, response=response, sources=[SourceFactory()])
    InvitationFactory(invitee=cec, response="accepted", sources=[SourceFactory()])
    memo = SourceFactory(public=False)
    InvitationFactory(invitee=cec, response="declined", sources=[memo])
    markup = ask(client, "sender_country=KZ")
    assert in_short(markup)[-1] == "1 invitation to these senders was declined ."
    assert section(markup, "declined").count("Declined, no day on record. No reason on record.") == 1
    assert "Another" not in section(markup, "declined")


def test_a_source_that_the_reader_may_not_see_is_not_cited(client, rebuild, viewer):
    open_paper, memo = SourceFactory(title="Open paper"), SourceFactory(title="Inside paper", public=False)
    party = DeploymentFactory(sources=[open_paper, memo])
    HeadCountFactory(deployment=party, kind="announced", value=9, source=memo)
    mission = MissionFactory(election=party.election, sources=[memo], organizer__name="Hidden Council")
    ChannelFactory(deployment=party, mission=mission, source=memo)
    AssignmentFactory(deployment=party, sources=[memo])
    rebuild()
    markup = ask(client, "sender_country=KZ")
    assert "Inside paper" not in markup
    assert in_short(markup)[0] == "Announced: no number known; 1 publishes no number (not checked yet: 1)."
    assert "Hidden Council" not in rows_or_record(markup)
    client.force_login(viewer)
    assert in_short(ask(client, "sender_country=KZ"))[0] == "Announced: 9 in 1 deployment."


def test_without_a_question_nothing_is_counted(client, several):
    markup = ask(client, "by=year")
    assert 'id="in-short"' not in markup
    assert "Choose a sender" in markup


def test_where_nothing_matches_the_page_says_so(client, several):
    assert "Nothing matches these filters." in ask(client, "sender_country=AU")


@pytest.mark.parametrize("query", ["yaer=2017", "q=council", "status=announced", "by=colour", "by=year&by=sender"])
def test_what_it_cannot_be_asked_is_refused(client, several, query):
    answer = client.get(f"{reverse('answer')}?sender_country=KZ&{query}")
    assert answer.status_code == 400
    assert 'id="in-short"' not in answer.content.decode()
