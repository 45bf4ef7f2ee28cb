"""The list "To check": what does not fit and what lacks a source, with the way to mend it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from missions.models import Deployment, Mission
from tests.admin_pages import address_of
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
    SourceFactory,
    UserFactory,
)

ADDRESS = reverse("to-check")
FRONT_PAGE = reverse("admin:index")


@pytest.fixture
def gazette(db):
    return SourceFactory(code="gazette", title="Observers arrive", publisher="Northland Gazette")


@pytest.fixture
def herald(db):
    return SourceFactory(code="herald", title="They are here", publisher="Southland Herald")


@pytest.fixture
def election(gazette):
    return ElectionFactory(sources=[gazette])


@pytest.fixture
def party(election, gazette):
    return DeploymentFactory(code="the-party", election=election, sources=[gazette])


def announced(place, value, source, **more):
    subject = {str(place._meta.model_name): place}
    HeadCountFactory(value=value, source=source, **{"kind": "announced", **subject, **more})


def shown(client, **asked):
    """What is wrong, by the title of its kind."""
    page = client.get(ADDRESS, asked)
    return {
        section.problem.title: [(finding.record.code, finding.wrong) for finding in section.findings]
        for section in page.context["sections"]
    }


def test_sources_that_disagree_are_listed_with_their_figures(admin_client, party, gazette, herald, rebuild):
    announced(party, 42, gazette)
    announced(party, 46, herald)
    rebuild()
    sentence = (
        "Announced: 1 June 2030: sources disagree: "
        "42 (Northland Gazette: Observers arrive) · 46 (Southland Herald: They are here)."
    )
    assert shown(admin_client) == {"Sources disagree": [("the-party", [sentence])]}


def test_a_sum_that_only_carries_the_conflict_of_its_parts_is_left_out(admin_client, party, gazette, herald, rebuild):
    mission = MissionFactory(code="joint", election=party.election, kind="ieom", sources=[gazette])
    ChannelFactory(deployment=party, mission=mission, source=gazette)
    announced(party, 42, gazette)
    announced(party, 46, herald)
    rebuild()
    assert mission.readings.get(kind="announced", audience="members").agreement == "conflict"
    assert [code for code, _wrong in shown(admin_client)["Sources disagree"]] == ["the-party"]
    announced(mission, None, gazette, qualifier="not_published")
    rebuild()
    found = dict(shown(admin_client)["Sources disagree"])
    assert found["joint"] == ["Announced: Added up from Kazakhstan, whose figures do not fit."]


def test_a_group_whose_sources_disagree_is_named(admin_client, party, gazette, herald, rebuild):
    announced(party, 4, gazette, group="core_team")
    announced(party, 5, herald, group="core_team")
    rebuild()
    [(_code, [sentence])] = shown(admin_client)["Sources disagree"]
    assert sentence.startswith("Announced: Core team: 1 June 2030: sources disagree: 4 (")


def test_gaps_and_parts_that_exceed_are_listed(admin_client, party, gazette, rebuild):
    announced(party, 40, gazette)
    announced(party, 5, gazette, basis="change", as_of=date(2030, 6, 2))
    announced(party, 48, gazette, as_of=date(2030, 6, 3))
    part = DeploymentFactory(code="a-part", election=party.election, part_of=party, sources=[gazette])
    announced(part, 50, gazette)
    rebuild()
    assert shown(admin_client) == {
        "Figures leave a gap": [
            (
                "the-party",
                [
                    "Announced: 3 June 2030: 48 reported, but the total before and the batches since give 45.",
                    "Announced: The parts add up to 50, more than the whole: 48.",
                ],
            )
        ]
    }


def test_more_named_than_announced_are_listed_by_mission_and_by_party(admin_client, election, party, gazette, rebuild):
    body = OrganizationFactory(sources=[gazette])
    mission = MissionFactory(code="the-mission", election=election, organizer=body, sources=[gazette])
    announced(mission, 1, gazette)
    announced(party, 1, gazette)
    for _ in range(2):
        AssignmentFactory(mission=mission, deployment=party, sources=[gazette])
    rebuild()
    sentence = "2 persons are named, but only 1 announced."
    assert shown(admin_client) == {
        "More named than announced: missions": [("the-mission", [sentence])],
        "More named than announced: deployments": [("the-party", [sentence])],
    }


def test_records_without_a_source_are_listed_by_their_kind(admin_client, election, secretariat):
    host = OrganizationFactory(sources=election.sources.all())
    secretariat.sources.set(election.sources.all())
    mission = MissionFactory(election=election, organizer=secretariat)
    invitation = InvitationFactory(election=election, inviter=host, invitee=secretariat)
    bare = ElectionFactory()
    sentence = "No source is cited: only members can see this record."
    assert shown(admin_client) == {
        "No source: missions": [(mission.code, [sentence])],
        "No source: invitations": [(invitation.code, [sentence])],
        "No source: elections": [(bare.code, ["No source is cited."])],
    }


def test_a_place_without_a_source_is_listed_for_its_keepers_alone(client, coordinator, outsider, administrator, party):
    keeper = coordinator.staff_roles.get().organization
    place = AssignmentFactory(deployment=party, owner=keeper, observer__owner=keeper)
    for clerk, codes in ((coordinator, [place.code]), (outsider, []), (administrator, [])):
        client.force_login(clerk)
        found = shown(client).get("No source: assignments", [])
        assert [code for code, _wrong in found] == codes


def test_each_finding_leads_to_its_page_and_its_form(admin_client, party):
    party.sources.clear()
    markup = admin_client.get(ADDRESS).content.decode()
    assert f'<a href="{party.get_absolute_url()}">Page</a>' in markup
    assert f'<a href="{address_of(Deployment, "change", party)}">Edit</a>' in markup


def test_nothing_to_check_is_said(admin_client, party):
    assert "Nothing to check" in admin_client.get(ADDRESS).content.decode()
    party.sources.clear()
    assert "Nothing to check" not in admin_client.get(ADDRESS).content.decode()


def test_the_first_of_each_kind_are_shown_with_the_true_number_and_the_rest_by_pages(admin_client, election):
    for _ in range(53):
        DeploymentFactory(election=election)
    page = admin_client.get(ADDRESS)
    [section] = page.context["sections"]
    assert (len(section.findings), section.page.paginator.count) == (10, 53)
    assert "10 of 53 shown: show all" in page.content.decode()
    first, second = (admin_client.get(ADDRESS, {"show": "source-deployment", "page": n}) for n in (1, 2))
    codes = [each.record.code for page in (first, second) for each in page.context["sections"][0].findings]
    assert (len(codes), len(set(codes))) == (53, 53)
    assert "51 to 53 of 53" in second.content.decode()
    assert admin_client.get(ADDRESS, {"show": "weather"}).status_code == 404


def test_the_front_page_of_the_admin_says_how_much_there_is_to_check(admin_client, party, secretariat):
    secretariat.sources.set(party.sources.all())
    link = f'<a href="{ADDRESS}">To check: %s</a>'
    assert link % 0 in admin_client.get(FRONT_PAGE).content.decode()
    party.sources.clear()
    MissionFactory(election=party.election, organizer=secretariat)
    assert link % 2 in admin_client.get(FRONT_PAGE).content.decode()


def test_only_what_the_reader_may_mend_is_listed_and_counted(
    client, party, gazette, herald, rebuild, coordinator, organizer, administrator
):
    announced(party, 42, gazette)
    announced(party, 46, herald)
    secretariat = organizer.staff_roles.get().organization
    secretariat.sources.set([gazette])
    mission = MissionFactory(election=party.election, organizer=secretariat)
    rebuild()

    def listed(clerk):
        client.force_login(clerk)
        found = shown(client)
        number = sum(len(findings) for findings in found.values())
        assert f"To check: {number}<" in client.get(FRONT_PAGE).content.decode()
        return list(found)

    assert listed(coordinator) == []
    assert listed(organizer) == ["No source: missions"]
    for record in (party, mission):
        record.owner = coordinator.staff_roles.get().organization
        record.save()
    assert listed(coordinator) == ["Sources disagree", "No source: missions"]
    assert "Sources disagree" not in listed(administrator)
    assert "No source: missions" not in listed(administrator)


def test_more_named_than_announced_counts_the_persons_whom_the_reader_sees(
    client, party, gazette, rebuild, coordinator, southland_ministry
):
    keeper = coordinator.staff_roles.get().organization
    party.owner = keeper
    party.save()
    announced(party, 1, gazette)
    AssignmentFactory(deployment=party, owner=keeper, observer__owner=keeper, sources=[SourceFactory(public=False)])
    hidden = AssignmentFactory(deployment=party, owner=southland_ministry, observer__owner=southland_ministry)
    rebuild()
    client.force_login(coordinator)
    assert shown(client) == {}
    hidden.sources.set([gazette])
    assert list(shown(client)) == ["More named than announced: deployments"]


def test_the_list_is_for_those_who_enter_data(client, party, viewer):
    assert client.get(ADDRESS).status_code == client.post(ADDRESS).status_code == 302
    for reader in (UserFactory(is_staff=True), viewer):
        client.force_login(reader)
        assert client.get(ADDRESS).status_code == client.post(ADDRESS).status_code == 403


def test_many_findings_cost_as_many_queries_as_one(admin_client, gazette, herald, rebuild):
    # Nobody is called nearly like somebody else, who might be the same person.
    trees = iter(
        (
            *("Alder", "Birch", "Cedar", "Dogwood", "Quince", "Fir", "Gorse", "Hazel"),
            *("Ivy", "Juniper", "Kapok", "Larch", "Maple", "Nutmeg", "Oak", "Poplar"),
        )
    )

    def one_of_each():
        election = ElectionFactory()
        sender = OrganizationFactory(kind="election_body", country="KZ", name="Northland Commission")
        party = DeploymentFactory(election=election, sender=sender)
        mission = MissionFactory(election=election, organizer=OrganizationFactory(name="Northland Council"))
        InvitationFactory(election=election, invitee=sender)
        for place in (party, mission, election):
            announced(place, 1, gazette)
            announced(place, 3, herald)
            announced(place, 9, gazette, as_of=date(2030, 6, 2), kind="accredited")
            announced(place, 9, gazette, as_of=date(2030, 6, 3), kind="accredited", basis="change")
            announced(place, 9, gazette, as_of=date(2030, 6, 4), kind="accredited")
        for _ in range(4):
            person = ObserverFactory(family_name=next(trees))
            AssignmentFactory(observer=person, deployment=party, mission=mission, sources=[gazette])
        return election

    one_of_each()
    rebuild()
    admin_client.get(ADDRESS)
    with CaptureQueriesContext(connection) as one:
        assert len(shown(admin_client)) > 5
    for _ in range(3):
        one_of_each()
    rebuild()
    admin_client.get(ADDRESS)
    with CaptureQueriesContext(connection) as four:
        found = shown(admin_client)
    assert len(found["Sources disagree"]) == 10
    assert len(four) == len(one)
    assert Mission.objects.count() == 4
