"""Entering elections, missions, deployments, figures and places in the admin."""

from __future__ import annotations

from datetime import date

import pytest

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
from organizations.models import Source
from tests.admin_pages import address_of, delete, fill_in, refusals, told
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    ObserverFactory,
    OrganizationFactory,
    RegionFactory,
    SourceFactory,
)


@pytest.fixture
def election(db):
    return ElectionFactory(code="kg-presidential-2017-10-15", election_day=date(2017, 10, 15))


@pytest.fixture
def source(db):
    return SourceFactory(code="gazette-2017-10-13")


@pytest.fixture
def party(election):
    return DeploymentFactory(code="from-kz", election=election)


def values(page):
    """What stands in the boxes of the form."""
    return {box.name: box.value() for box in page.context["adminform"].form}


# Computed codes


def test_codes_are_made_of_what_was_entered(admin_client, source):
    body = OrganizationFactory(code="cis")
    fill_in(admin_client, address_of(Election, "add"), country="KG", kind="presidential", election_day="15.10.2017")
    election = Election.objects.get()
    fill_in(admin_client, address_of(Mission, "add"), election=election.pk, organizer=body.pk, kind="om")
    fill_in(admin_client, address_of(Deployment, "add"), election=election.pk, sender_country="KZ")
    party = Deployment.objects.get()
    typed = {"deployment": party.pk, "mission": Mission.objects.get().pk, "source": source.pk}
    fill_in(admin_client, address_of(Channel, "add"), **typed)
    assert election.code == "kg-presidential-2017-10-15"
    assert Mission.objects.get().code == "kg-presidential-2017-10-15-cis"
    assert party.code == "kg-presidential-2017-10-15-from-kz"
    assert Channel.objects.get().code == "kg-presidential-2017-10-15-from-kz-via-cis-gazette-2017-10-13"


# Rows below a record


def test_a_deployment_is_entered_with_channels_counts_and_names_at_once(admin_client, election, source):
    mission, observer = MissionFactory(election=election), ObserverFactory()
    typed = {
        "sender_country": "KZ",
        "channels__0__mission": mission.pk,
        "channels__0__as_named": "Commonwealth",
        "head_counts__0__kind": "announced",
        "head_counts__0__value": "46",
        "head_counts__0__as_of": "13 Oct 2017",
        "assignments__0__observer": observer.pk,
        "assignments__0__mission": mission.pk,
        "assignments__0__role": "short_term",
    }
    page = fill_in(
        admin_client, f"{address_of(Deployment, 'add')}?election={election.code}&source={source.code}", **typed
    )
    assert "success" in told(page)
    party = Deployment.objects.get()
    assert [(each.mission, each.source, each.as_named) for each in party.channels.all()] == [
        (mission, source, "Commonwealth")
    ]
    assert [(each.figure, each.source, each.as_of) for each in party.head_counts.all()] == [
        ("46", source, date(2017, 10, 13))
    ]
    assert [(each.observer, list(each.sources.all())) for each in party.assignments.all()] == [(observer, [source])]


def test_rows_left_blank_are_no_rows_also_where_the_address_names_the_source(admin_client, election, source):
    address = f"{address_of(Deployment, 'add')}?election={election.code}&source={source.code}"
    page = fill_in(admin_client, address, sender_country="KZ")
    assert "success" in told(page)
    assert not Channel.objects.exists()
    assert not HeadCount.objects.exists()


def test_an_election_is_entered_with_its_voting_days(admin_client, source):
    typed = {
        "country": "KG",
        "kind": "presidential",
        "election_day": "2017-10-15",
        "voting_days__0__starts_on": "15 Oct 2017",
        "voting_days__0__source": source.pk,
    }
    fill_in(admin_client, address_of(Election, "add"), **typed)
    day = VotingDay.objects.get()
    assert (day.starts_on, day.source, day.code) == (
        date(2017, 10, 15),
        source,
        "kg-presidential-2017-10-15-round-1-2017-10-15",
    )


def test_saving_a_page_on_which_nothing_was_touched_changes_no_row(admin_client, party):
    count = HeadCountFactory(deployment=party, as_of_from=date(2017, 10, 1), as_of=date(2017, 10, 31))
    channel = ChannelFactory(deployment=party)
    before = HeadCount.objects.get().modified_at, Channel.objects.get().modified_at
    fill_in(admin_client, address_of(Deployment, "change", party))
    count.refresh_from_db()
    channel.refresh_from_db()
    assert (count.modified_at, channel.modified_at) == before
    assert (count.as_of_from, count.as_of) == (date(2017, 10, 1), date(2017, 10, 31))


# The day of a head count


@pytest.mark.parametrize(
    ("as_of", "as_of_from", "stored"),
    [
        ("13.10.2017", "", (None, date(2017, 10, 13))),
        ("Oct 2017", "", (date(2017, 10, 1), date(2017, 10, 31))),
        ("2017", "", (date(2017, 1, 1), date(2017, 12, 31))),
        ("14 Oct 2017", "28 Sep 2017", (date(2017, 9, 28), date(2017, 10, 14))),
        ("Oct 2017", "5 Oct 2017", (date(2017, 10, 5), date(2017, 10, 31))),
    ],
)
def test_the_day_of_a_count_may_be_typed_as_a_month_or_a_year(admin_client, party, as_of, as_of_from, stored):
    typed = {"kind": "announced", "value": "46", "as_of": as_of, "as_of_from": as_of_from}
    typed["source"] = SourceFactory().pk
    fill_in(admin_client, f"{address_of(HeadCount, 'add')}?deployment={party.code}", **typed)
    count = HeadCount.objects.get()
    assert (count.as_of_from, count.as_of) == stored


def test_a_count_without_its_day_is_refused_at_that_box(admin_client, party, source):
    address = f"{address_of(HeadCount, 'add')}?deployment=from-kz&source={source.code}"
    page = fill_in(admin_client, address, kind="announced", value="46", as_of="soon")
    assert refusals(page) == {"as_of": ["“soon” is not a date: please write it as 2017-10-15."]}


# Addresses that fill the form


def test_an_address_names_records_by_their_codes(admin_client, election):
    first, second = SourceFactory(code="first"), SourceFactory(code="second")
    body = OrganizationFactory(code="cis")
    asked = (
        "?election=kg-presidential-2017-10-15&organizer=cis&sources=first&sources=second&kind=om&starts_on=2017-10-01"
    )
    found = values(admin_client.get(address_of(Mission, "add") + asked))
    assert (found["election"], found["organizer"]) == (election.pk, body.pk)
    assert sorted(found["sources"]) == [first.pk, second.pk]
    assert (found["kind"], found["starts_on"]) == ("om", "2017-10-01")


def test_several_sources_may_stand_in_one_parameter(admin_client):
    first, second = SourceFactory(code="first"), SourceFactory(code="second")
    found = values(admin_client.get(address_of(Mission, "add") + "?sources=first,second"))
    assert sorted(found["sources"]) == [first.pk, second.pk]


@pytest.mark.parametrize("code", ["no-such-election", "12", "%01", "a'b", "x" * 500])
def test_an_unknown_code_in_the_address_is_told_and_fills_nothing(admin_client, code):
    page = admin_client.get(f"{address_of(Mission, 'add')}?election={code}")
    assert page.status_code == 200
    assert values(page)["election"] is None
    assert len(told(page)["warning"]) == 1
    assert told(page)["warning"][0].startswith("There is no election with the code “")


def test_a_code_beside_an_unknown_one_still_counts(admin_client, source):
    page = admin_client.get(f"{address_of(Mission, 'add')}?sources=nobody&sources={source.code}")
    assert values(page)["sources"] == [source.pk]
    assert told(page)["warning"] == ["There is no source with the code “nobody”."]


def test_a_parameter_that_is_no_box_is_nothing(admin_client):
    assert admin_client.get(f"{address_of(Mission, 'add')}?weather=fine").status_code == 200


# Save and add another


def test_the_next_mission_keeps_election_and_sources(admin_client, election, source):
    body, other = OrganizationFactory(code="cis"), SourceFactory(code="other")
    typed = {"organizer": body.pk, "kind": "om", "sources": [source.pk, other.pk], "_addanother": "1"}
    page = fill_in(admin_client, f"{address_of(Mission, 'add')}?election={election.code}", **typed)
    assert page.redirect_chain[0][0].startswith(address_of(Mission, "add"))
    found = values(page)
    assert (found["election"], sorted(found["sources"])) == (election.pk, sorted([source.pk, other.pk]))
    assert found["organizer"] is None


def test_the_next_count_keeps_its_subject_and_source(admin_client, party, source):
    typed = {"kind": "announced", "value": "46", "as_of": "2017-10-13", "_addanother": "1"}
    page = fill_in(admin_client, f"{address_of(HeadCount, 'add')}?deployment=from-kz&source={source.code}", **typed)
    found = values(page)
    assert (found["deployment"], found["source"], found["value"]) == (party.pk, source.pk, None)


def test_adding_another_after_a_change_keeps_them_too(admin_client, election, source):
    mission = MissionFactory(election=election, sources=[source])
    page = fill_in(admin_client, address_of(Mission, "change", mission), _addanother="1")
    assert (values(page)["election"], values(page)["sources"]) == (election.pk, [source.pk])


def test_the_next_source_starts_blank(admin_client):
    page = fill_in(admin_client, address_of(Source, "add"), title="A", publisher="B", _addanother="1")
    assert page.redirect_chain == [(address_of(Source, "add"), 302)]


# Warnings

NO_SOURCE = "No source is cited: only members can see this record."


def test_a_record_without_a_source_is_told_and_a_second_party_of_its_sender(admin_client, election, party, source):
    typed = {"election": election.pk, "sender_country": "KZ"}
    page = fill_in(admin_client, address_of(Deployment, "add"), **typed)
    assert told(page)["warning"] == [
        "Another party of this sender at this election is recorded already: from-kz.",
        NO_SOURCE,
    ]
    page = fill_in(
        admin_client, f"{address_of(Deployment, 'add')}?source={source.code}", **typed | {"sender_country": "KG"}
    )
    assert "warning" not in told(page)


def test_a_second_election_of_a_kind_on_a_day_is_told(admin_client, election):
    typed = {"country": "KG", "kind": "presidential", "election_day": "2017-10-15"}
    page = fill_in(admin_client, address_of(Election, "add"), **typed)
    sentence = "Another election of this kind is recorded in this country on this day: %s."
    assert told(page)["warning"] == [sentence % election.code]


def test_a_second_mission_of_one_organizer_is_told(admin_client, election):
    body = OrganizationFactory(name="Northland Council")
    MissionFactory(election=election, organizer=body, name="First Mission")
    typed = {"election": election.pk, "organizer": body.pk, "kind": "om"}
    page = fill_in(admin_client, address_of(Mission, "add"), **typed)
    assert told(page)["warning"] == [
        "Northland Council has another mission at this election already: First Mission.",
        NO_SOURCE,
    ]
    assert Mission.objects.count() == 2


def test_a_refusal_of_an_invitation_without_a_day_is_told(admin_client, election):
    inviter, invitee = OrganizationFactory(), OrganizationFactory()
    typed = {"election": election.pk, "inviter": inviter.pk, "invitee": invitee.pk, "response": "declined"}
    page = fill_in(admin_client, address_of(Invitation, "add"), **typed)
    assert told(page)["warning"] == ["The invitation was declined, but the day is missing.", NO_SOURCE]


def test_what_is_odd_about_a_row_below_the_record_is_told(admin_client, election):
    region = RegionFactory(name="New Region", iso="KG-NEW", country="KG", valid_from=date(2022, 1, 1))
    typed = {"voting_days__0__starts_on": "2017-10-15", "voting_days__0__region": region.pk}
    page = fill_in(admin_client, address_of(Election, "change", election), **typed)
    assert told(page)["warning"] == ["The region “New Region (KG-NEW)” did not exist on 2017-10-15."]


def test_more_named_than_announced_is_told(admin_client, party):
    HeadCountFactory(deployment=party, kind="announced", value=1, as_of=date(2017, 10, 13))
    AssignmentFactory(deployment=party)
    page = fill_in(
        admin_client,
        f"{address_of(Assignment, 'add')}?deployment=from-kz",
        observer=ObserverFactory().pk,
        role="short_term",
    )
    assert told(page)["warning"] == [NO_SOURCE, f"{party}: 2 persons are named, but only 1 announced."]


def test_as_many_named_as_announced_is_not_told(admin_client, party):
    HeadCountFactory(deployment=party, kind="announced", value=2, as_of=date(2017, 10, 13))
    AssignmentFactory(deployment=party)
    AssignmentFactory(deployment=party, status="replaced")
    address = f"{address_of(Assignment, 'add')}?deployment=from-kz"
    page = fill_in(admin_client, address, observer=ObserverFactory().pk, role="short_term")
    assert told(page)["warning"] == [NO_SOURCE]


def test_an_open_upper_end_is_not_exceeded(admin_client, party):
    HeadCountFactory(deployment=party, kind="announced", value=1, qualifier="at_least", as_of=date(2017, 10, 13))
    AssignmentFactory(deployment=party)
    address = f"{address_of(Assignment, 'add')}?deployment=from-kz"
    page = fill_in(admin_client, address, observer=ObserverFactory().pk, role="short_term")
    assert told(page)["warning"] == [NO_SOURCE]


# Refusals, each at the box it concerns, and once


def refused_once(page, box, sentence):
    assert refusals(page) == {box: [sentence]}
    assert page.content.decode().count(sentence) == 1


def test_an_end_before_its_start_is_refused_at_the_end(admin_client, election):
    typed = {"election": election.pk, "organizer": OrganizationFactory().pk, "kind": "om"}
    typed |= {"starts_on": "2017-10-10", "ends_on": "2017-10-01"}
    page = fill_in(admin_client, address_of(Mission, "add"), **typed)
    refused_once(page, "ends_on", "The end, 2017-10-01, is before the start, 2017-10-10.")


def test_a_count_of_nothing_is_refused_at_the_election(admin_client, source):
    typed = {"kind": "announced", "value": "46", "as_of": "2017-10-13", "source": source.pk}
    page = fill_in(admin_client, address_of(HeadCount, "add"), **typed)
    sentence = "A count is of one election, one mission or one deployment: give exactly one."
    refused_once(page, "election", sentence)


def test_a_count_of_two_things_is_refused_at_the_second(admin_client, election, party, source):
    typed = {"kind": "announced", "value": "46", "as_of": "2017-10-13", "source": source.pk}
    page = fill_in(admin_client, address_of(HeadCount, "add"), election=election.pk, deployment=party.pk, **typed)
    sentence = "A count is of one election, one mission or one deployment: give exactly one."
    refused_once(page, "deployment", sentence)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"value": ""}, "Give the number, or say that none was published."),
        ({"value": "-1"}, "Give a number of 0 or more."),
        ({"value": "46", "qualifier": "not_published"}, "A count that was not published has no number."),
    ],
)
def test_a_wrong_number_is_refused_at_the_number(admin_client, party, source, typed, sentence):
    typed = {"kind": "announced", "as_of": "2017-10-13", **typed}
    address = f"{address_of(HeadCount, 'add')}?deployment=from-kz&source={source.code}"
    refused_once(fill_in(admin_client, address, **typed), "value", sentence)


def test_a_wrong_number_below_a_record_is_refused_at_its_box(admin_client, party, source):
    typed = {"kind": "announced", "value": "", "as_of": "2017-10-13", "source": source.pk}
    typed = {f"head_counts__0__{box}": value for box, value in typed.items()}
    page = fill_in(admin_client, address_of(Deployment, "change", party), **typed)
    refused_once(page, "head_counts-0-value", "Give the number, or say that none was published.")


def test_the_same_count_twice_on_one_page_is_refused_at_the_second(admin_client, party, source):
    row = {"kind": "announced", "value": "46", "as_of": "2017-10-13", "source": source.pk}
    row |= {"group": "all", "basis": "total", "qualifier": "exact", "counted": "on"}
    typed = {f"head_counts__{number}__{box}": value for number in (0, 1) for box, value in row.items()}
    page = fill_in(admin_client, address_of(Deployment, "change", party), **typed)
    refused_once(page, "head_counts-1-__all__", "This row says the same as one above it.")


def test_the_same_channel_twice_on_one_page_is_refused_once(admin_client, party, source):
    row = {"mission": MissionFactory(election=party.election).pk, "source": source.pk}
    typed = {f"channels__{number}__{box}": value for number in (0, 1) for box, value in row.items()}
    page = fill_in(admin_client, address_of(Deployment, "change", party), **typed)
    refused_once(page, "channels-1-__all__", "This row says the same as one above it.")


def test_a_channel_to_a_mission_of_another_election_is_refused_at_the_mission(admin_client, party, source):
    elsewhere = MissionFactory(name="Elsewhere")
    typed = {"channels__0__mission": elsewhere.pk, "channels__0__source": source.pk}
    page = fill_in(admin_client, address_of(Deployment, "change", party), **typed)
    assert refusals(page) == {"channels-0-mission": [f"“{elsewhere}” belongs to another election."]}


@pytest.mark.parametrize("rows", ["channels", "assignments"])
def test_rows_below_a_deployment_without_an_election_are_no_error_of_the_server(admin_client, source, rows):
    mission, observer = MissionFactory(), ObserverFactory()
    typed = {f"{rows}__0__mission": mission.pk}
    typed |= {f"{rows}__0__observer": observer.pk, f"{rows}__0__role": "head"} if rows == "assignments" else {}
    page = fill_in(admin_client, address_of(Deployment, "add"), **typed)
    assert page.status_code == 200
    assert "election" in refusals(page)


def test_a_deployment_without_a_sender_is_refused_at_the_sending_state(admin_client, election):
    page = fill_in(admin_client, address_of(Deployment, "add"), election=election.pk)
    refused_once(page, "sender_country", "Give the sending state, the sending body, or both.")


def test_a_body_is_sent_by_its_own_state(admin_client, election):
    body = OrganizationFactory(code="cec-kz", country="KZ")
    fill_in(admin_client, address_of(Deployment, "add"), election=election.pk, sender=body.pk)
    assert str(Deployment.objects.get().sender_country) == "KZ"


def test_a_mission_on_which_counts_hang_keeps_its_election(admin_client):
    mission = MissionFactory()
    HeadCountFactory(mission=mission)
    page = fill_in(admin_client, address_of(Mission, "change", mission), election=ElectionFactory().pk)
    sentence = "Channels, assignments, counts or parts hang on this record: its election stays."
    refused_once(page, "election", sentence)


def test_an_assignment_to_nothing_is_refused_at_the_mission(admin_client):
    typed = {"observer": ObserverFactory().pk, "role": "head"}
    page = fill_in(admin_client, address_of(Assignment, "add"), **typed)
    refused_once(page, "mission", "Give the mission, the deployment, or both.")


def test_a_statement_about_nothing_is_refused_at_the_subject(admin_client, source):
    typed = {"subject": "missions/nowhere", "field": "name", "value": "x", "source": source.pk}
    page = fill_in(admin_client, address_of(Statement, "add"), **typed)
    refused_once(page, "subject", "There is no record “missions/nowhere”.")


def test_an_invitation_of_itself_is_refused_at_the_invitee(admin_client, election):
    body = OrganizationFactory()
    typed = {"election": election.pk, "inviter": body.pk, "invitee": body.pk}
    page = fill_in(admin_client, address_of(Invitation, "add"), **typed)
    refused_once(page, "invitee", "An organization does not invite itself.")


# Deleting


@pytest.mark.parametrize("hanging", [HeadCountFactory, ChannelFactory, AssignmentFactory])
def test_a_deployment_on_which_something_hangs_is_not_deleted(admin_client, party, hanging):
    row = hanging(deployment=party)
    page = delete(admin_client, party)
    assert "would require deleting the following protected related objects" in page.content.decode()
    assert type(row).objects.filter(pk=row.pk).exists()


def test_a_deployment_on_which_nothing_hangs_is_deleted(admin_client, party, rebuild):
    rebuild()
    delete(admin_client, party)
    assert not Deployment.objects.exists()


# Search and filters


def test_records_of_an_election_are_found_by_its_country_in_any_script(admin_client, party):
    DeploymentFactory(sender_country="UZ", election=ElectionFactory(country="TJ"))
    for typed in ("казах", "Қазақстан", "kazakhstan kyrgyz", "Киргизия казах"):
        assert list(admin_client.get(address_of(Deployment), {"q": typed}).context["cl"].result_list) == [party], typed


def test_deployments_are_listed_by_year_and_host(admin_client, party):
    DeploymentFactory()
    for asked in (
        {"year": "2017"},
        {"year": "2017", "election__country": "KG"},
        {"sender_country": "KZ", "year": "2017"},
    ):
        assert list(admin_client.get(address_of(Deployment), asked).context["cl"].result_list) == [party]
    assert not admin_client.get(address_of(Deployment), {"election__country": "TJ"}).context["cl"].result_list
    everything = admin_client.get(address_of(Deployment), {"year": "soon"}).context["cl"].result_list
    assert len(everything) == 2
