"""The way in: what is coming, what has changed, and numbers that lead to as many rows."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from missions.models import Election
from tests.factories import (
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    InvitationFactory,
    MissionFactory,
    SourceFactory,
)
from tests.missions.test_one_party_over_three_missions import one_party
from tests.missions.test_pages import read, section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


def days_ahead(days):
    return timezone.localdate() + timedelta(days=days)


def test_an_election_to_come_is_told_with_the_days_left_to_ask_for_accreditation(client):
    ElectionFactory(
        name="Vote ahead", election_day=days_ahead(20), accreditation_closes_at=f"{days_ahead(12).isoformat()}T18:00"
    )
    ElectionFactory(name="Vote without a deadline", election_day=days_ahead(1))
    ElectionFactory(
        name="Deadline past", election_day=days_ahead(3), accreditation_closes_at=days_ahead(-1).isoformat()
    )
    ElectionFactory(name="Called off", election_day=days_ahead(5), status=Election.Status.CANCELLED)
    told = section(read(client, reverse("home")), "coming")
    assert [name in told for name in ("Vote ahead", "Vote without a deadline", "Deadline past", "Called off")] == [
        True,
        True,
        True,
        False,
    ]
    assert told.index("Vote without a deadline in 1 day ") < told.index("Vote ahead in 20 days Accreditation: Closes")
    assert "in 12 days" in told
    assert told.count("Accreditation:") == 1


def test_the_records_changed_last_are_told_as_far_as_the_visitor_sees_them(client, viewer):
    seen = MissionFactory(sources=[SourceFactory()], name="Open mission")
    MissionFactory(sources=[SourceFactory(public=False)], name="Hidden mission")
    told = section(read(client, reverse("home")), "changed")
    assert "Open mission – Presidential election, Kyrgyzstan, 2 June 2030 mission" in told
    assert "Hidden mission" not in told
    type(seen).objects.filter(pk=seen.pk).update(modified_at="2020-01-01T00:00:00Z")
    client.force_login(viewer)
    told = section(read(client, reverse("home")), "changed")
    assert told.index("Hidden mission") < told.index("Open mission")


def test_each_number_leads_to_as_many_rows(client, rebuild):
    party = one_party()
    source = SourceFactory()
    HeadCountFactory(deployment=party, kind="announced", value=52, source=source)
    InvitationFactory(election=party.election, response="declined", sources=[source])
    DeploymentFactory(election=party.election, sources=[source])
    rebuild()
    links = re.findall(r'<li><a href="([^"]*)">[^<]*<strong>(\d+)</strong></a></li>', read(client, reverse("home")))
    told = {href: int(number) for href, number in links}
    assert {href: client.get(href).context["page"].paginator.count for href in told} == told
    assert (len(told), told["/deployments/?agreement=conflict"], told["/deployments/?share=unknown"]) == (10, 1, 1)
