"""Coverage of an election in one table: what was found, what is not published, and what nobody has looked for."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from missions.models import Deployment, HeadCount, Mission, Reading
from tests.admin_pages import address_of
from tests.factories import (
    AssignmentFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    InvitationFactory,
    MissionFactory,
    OrganizationFactory,
    SourceFactory,
)
from tests.logged import logged

ADDRESS = reverse("coverage", args=["the-vote"])
LOOKED_ON = date(2020, 6, 5)
MISSION_ANNOUNCED = "missions/the-mission/announced"
PARTY_ACCREDITED = "deployments/the-party/accredited"


@pytest.fixture
def gazette(db):
    return SourceFactory(code="gazette", publisher="Northland Gazette")


@pytest.fixture
def election(gazette):
    return ElectionFactory(code="the-vote", name="The vote", election_day=date(2020, 6, 2), sources=[gazette])


@pytest.fixture
def mission(election, secretariat, gazette):
    return MissionFactory(code="the-mission", election=election, organizer=secretariat, sources=[gazette])


@pytest.fixture
def party(election, northland_commission):
    return DeploymentFactory(
        code="the-party", election=election, sender=northland_commission, owner=northland_commission
    )


@pytest.fixture
def clerk(client, coordinator, mission, party):
    """The coordinator of the commission that keeps the party, at the table."""
    client.force_login(coordinator)
    return client


def table(client):
    """The words of each cell, by the code of the subject and the column."""
    page = client.get(ADDRESS)
    body = page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    codes = [line.subject.code for line in page.context["lines"]]
    found = {}
    for code, row in zip(codes, body.split("</tr>"), strict=False):
        for label, cell in re.findall(r'<td data-label="([^"]*)"[^>]*>(.*?)</td>', row, re.DOTALL):
            found[code, label] = " ".join(unescape(re.sub("<[^>]*>", " ", cell)).split())
    return found


def save(client, *ticked, source, on=LOOKED_ON, kept=(), shown=()):
    sent = {"tick": ticked, "on": on or "", "source": source.pk if source else "", "kept": kept, "shown": shown}
    return client.post(ADDRESS, sent, follow=True)


def rows():
    blanks = HeadCount.objects.filter(qualifier="not_published").order_by("code")
    return [(row.subject.code, row.kind, row.as_of, row.source.code, row.owner and row.owner.code) for row in blanks]


def sentences(page):
    return [str(message) for message in page.context["messages"]]


# What the table says


def test_a_cell_is_one_of_five_in_words(clerk, election, mission, party, gazette, rebuild):
    HeadCountFactory(election=election, kind="announced", value=170, qualifier="more_than", source=gazette)
    HeadCountFactory(mission=mission, kind="announced", value=0, source=gazette)
    HeadCountFactory(
        mission=mission, kind="deployed", value=None, qualifier="not_published", as_of=LOOKED_ON, source=gazette
    )
    party.status = "cancelled"
    party.save()
    rebuild()
    found = table(clerk)
    assert [found["the-vote", kind] for kind in ("Announced", "Accredited", "Deployed")] == [
        "at least 171",
        "not looked for yet",
        "not looked for yet",
    ]
    assert [found["the-mission", kind] for kind in ("Announced", "Accredited", "Deployed")] == [
        "none",
        "not looked for yet",
        "not published (looked for on 5 June 2020, Northland Gazette)",
    ]
    assert [found["the-party", kind] for kind in ("Announced", "Accredited", "Deployed")] == ["not applicable"] * 3


def test_a_figure_leads_to_where_it_stands_and_says_when_sources_disagree(clerk, mission, party, gazette, rebuild):
    HeadCountFactory(mission=mission, kind="announced", value=42, source=gazette)
    HeadCountFactory(mission=mission, kind="announced", value=46, source=SourceFactory())
    HeadCountFactory(deployment=party, kind="announced", group="citizen", value=7, source=gazette)
    rebuild()
    assert table(clerk)["the-mission", "Announced"] == "42 to 46: sources disagree"
    assert table(clerk)["the-party", "Announced"] == "Citizen observers: 7 (1 June 2030)"
    markup = clerk.get(ADDRESS).content.decode()
    assert '<a href="/missions/the-mission/#counts">' in markup
    assert '<a href="/deployments/the-party/#observers">' in markup


def test_names_answers_and_sources_stand_beside(clerk, election, mission, party, secretariat, gazette):
    AssignmentFactory(deployment=party, mission=mission, sources=[gazette])
    InvitationFactory(election=election, invitee=secretariat, response="accepted")
    InvitationFactory(election=election)
    found = table(clerk)
    beside = ("Names", "Answer to the invitation", "Source")
    assert [found["the-vote", name] for name in beside] == ["1 named", "1 of 2 without an answer", "1 source"]
    assert [found["the-mission", name] for name in beside] == ["1 named", "Accepted", "1 source"]
    assert [found["the-party", name] for name in beside] == ["1 named", "–", "no source"]


def test_persons_whom_the_reader_may_not_see_are_not_counted(clerk, mission, southland_ministry):
    AssignmentFactory(mission=mission, owner=southland_ministry, observer__owner=southland_ministry)
    assert {table(clerk)[code, "Names"] for code in ("the-vote", "the-mission")} == {"none named"}


# What is ticked


def test_what_is_ticked_is_stored_as_head_counts_of_ones_own_in_one_act(clerk, gazette):
    page = save(clerk, MISSION_ANNOUNCED, PARTY_ACCREDITED, source=gazette)
    assert sentences(page) == ["2 cells: not published."]
    assert rows() == [
        ("the-mission", "announced", LOOKED_ON, "gazette", "northland-commission"),
        ("the-party", "accredited", LOOKED_ON, "gazette", "northland-commission"),
    ]
    [(door, by, records)] = logged()
    assert (door, by) == ("admin", "coordinator")
    assert [(code, action) for code, action, _fields in records] == [
        ("head-counts/the-mission-announced-all-total-2020-06-05-gazette", "created"),
        ("head-counts/the-party-accredited-all-total-2020-06-05-gazette", "created"),
    ]
    assert table(clerk)["the-mission", "Announced"] == "not published (looked for on 5 June 2020, Northland Gazette)"


def test_readings_and_days_of_change_follow(clerk, mission, gazette):
    Mission.objects.update(modified_at="2020-01-01T00:00Z")
    save(clerk, MISSION_ANNOUNCED, source=gazette)
    readings = Reading.objects.filter(mission=mission, not_published=True)
    assert sorted(readings.values_list("kind", "audience")) == [("announced", "members"), ("announced", "public")]
    mission.refresh_from_db()
    assert mission.modified_at.year > 2020
    [row] = HeadCount.objects.all()
    Mission.objects.update(modified_at="2020-01-01T00:00Z")
    save(clerk, source=None, on=None, shown=[row.pk])
    assert not Reading.objects.filter(not_published=True).exists()
    mission.refresh_from_db()
    assert mission.modified_at.year > 2020


def test_administrators_and_organizers_tick_for_themselves(client, administrator, organizer, mission, party, gazette):
    for clerk, key in ((administrator, MISSION_ANNOUNCED), (organizer, "missions/the-mission/deployed")):
        client.force_login(clerk)
        save(client, key, source=gazette)
    assert [(kind, owner) for _code, kind, _day, _source, owner in rows()] == [
        ("announced", None),
        ("deployed", "secretariat"),
    ]


@pytest.mark.parametrize(
    ("boxes", "box", "sentence"),
    [
        ({"source": None}, "source", "Give the source in which you looked."),
        ({"on": None}, "on", "Give the day on which you looked."),
        ({"on": "tomorrow"}, "on", "This day is still to come: give the day on which you looked."),
    ],
)
def test_without_a_day_or_a_source_nothing_is_stored_and_the_ticks_stay(clerk, gazette, boxes, box, sentence):
    if boxes.get("on"):
        boxes = {"on": timezone.now().date() + timedelta(days=1)}
    page = save(clerk, MISSION_ANNOUNCED, **{"source": gazette, **boxes})
    assert page.context["form"].errors == {box: [sentence]}
    assert rows() == logged() == []
    assert f'value="{MISSION_ANNOUNCED}" checked' in page.content.decode()
    assert f'value="{PARTY_ACCREDITED}" checked' not in page.content.decode()


def test_what_somebody_else_has_recorded_meanwhile_is_not_overwritten(clerk, mission, gazette):
    HeadCountFactory(mission=mission, kind="announced", value=46, source=gazette)
    page = save(clerk, MISSION_ANNOUNCED, PARTY_ACCREDITED, source=gazette)
    assert "Something else is recorded here meanwhile: it was not overwritten." in page.content.decode()
    assert rows() == logged() == []
    assert f'value="{PARTY_ACCREDITED}" checked' in page.content.decode()


@pytest.mark.parametrize("key", ["missions/of-another-vote/announced", "missions/the-mission/trained", "nonsense", ""])
def test_a_cell_that_the_table_has_not_is_refused(clerk, gazette, key):
    MissionFactory(code="of-another-vote")
    page = save(clerk, key, source=gazette)
    assert "Nothing was saved." in page.content.decode()
    assert rows() == []


def test_a_group_alone_that_is_not_published_leaves_the_whole_to_be_looked_for(clerk, mission, gazette):
    HeadCountFactory(
        mission=mission, kind="announced", group="long_term", value=None, qualifier="not_published", source=gazette
    )
    assert table(clerk)["the-mission", "Announced"] == "not looked for yet"


# What is taken back


@pytest.fixture
def blanks(mission, gazette, northland_commission, southland_ministry):
    """Of one's own and of another organization, by its kind of count."""
    return {
        kind: HeadCountFactory(
            mission=mission, kind=kind, value=None, qualifier="not_published", source=gazette, owner=owner
        )
        for kind, owner in (("announced", northland_commission), ("deployed", southland_ministry))
    }


def test_what_is_unticked_is_taken_back_and_that_is_logged(clerk, blanks):
    own = blanks["announced"].pk
    markup = clerk.get(ADDRESS).content.decode()
    assert re.findall(r'name="(?:shown|kept)" value="(\d+)"( checked)?', markup) == [
        (str(own), ""),
        (str(own), " checked"),
    ]
    assert sentences(save(clerk, source=None, on=None, kept=[own], shown=[own])) == [
        "Nothing was ticked or unticked: nothing is changed."
    ]
    assert logged() == []
    assert sentences(save(clerk, source=None, on=None, shown=[own])) == ["1 cell is taken back."]
    assert [kind for _code, kind, *_rest in rows()] == ["deployed"]
    [(_door, by, [(_record, action, _fields)])] = logged()
    assert (by, action) == ("coordinator", "deleted")


def test_nothing_else_is_taken_back_whatever_is_sent(clerk, blanks, mission, northland_commission, gazette):
    own = {"owner": northland_commission, "source": gazette}
    others = [
        blanks["deployed"],
        HeadCountFactory(mission=mission, kind="accredited", value=46, **own),
        HeadCountFactory(mission=mission, kind="trained", value=None, qualifier="not_published", **own),
        HeadCountFactory(mission=MissionFactory(), kind="announced", value=None, qualifier="not_published", **own),
    ]
    save(clerk, source=None, on=None, shown=[*(row.pk for row in others), 10**9, "x", "²", "9" * 30])
    assert HeadCount.objects.count() == len(others) + 1
    assert logged() == []


# Who comes in, and from where


def test_the_table_is_for_those_who_enter_data_and_boxes_for_those_who_write(
    client, election, gazette, administrator, outsider, viewer
):
    def answered(user):
        client.force_login(user)
        page = client.get(ADDRESS)
        sent = client.post(ADDRESS, {"tick": "elections/the-vote/announced", "on": LOOKED_ON, "source": gazette.pk})
        return page.status_code, page.content.decode().count('name="tick"'), sent.status_code

    assert client.get(ADDRESS).status_code == 302
    assert answered(viewer) == (403, 0, 403)
    assert answered(outsider) == (200, 3, 302)
    assert rows() == [("the-vote", "announced", LOOKED_ON, "gazette", "southland-ministry")]
    administrator.is_superuser, administrator.is_data_protection = False, True
    administrator.save()
    assert answered(administrator) == (200, 0, 403)
    client.force_login(outsider)
    assert client.get(reverse("coverage", args=["no-vote"])).status_code == 404


def test_the_day_is_today_and_the_source_the_one_from_which_somebody_enters(clerk, gazette):
    form = clerk.get(ADDRESS).context["form"]
    assert (form["on"].value(), form["source"].value()) == (timezone.now().date(), None)
    session = clerk.session
    session["entering_from"] = gazette.pk
    session.save()
    assert clerk.get(ADDRESS).context["form"]["source"].value() == gazette.pk
    session["entering_from"] = 10**9
    session.save()
    assert clerk.get(ADDRESS).context["form"]["source"].value() is None


def test_the_election_leads_to_its_table(client, admin_client, administrator, viewer, election):
    link = f'<a href="{ADDRESS}">Coverage</a>'
    page = election.get_absolute_url()
    assert link in admin_client.get(address_of(type(election), "change", election)).content.decode()
    for reader, is_there in ((administrator, True), (viewer, False)):
        client.force_login(reader)
        assert (link in client.get(page).content.decode()) == is_there


def test_a_long_table_costs_as_many_queries_as_a_short_one(clerk, election, gazette):
    def more():
        sender = OrganizationFactory(kind="election_body", country="KZ", name="Northland Body")
        council = OrganizationFactory(name="Northland Council")
        InvitationFactory(election=election, invitee=council)
        for place in (
            DeploymentFactory(election=election, sender=sender, sources=[gazette]),
            MissionFactory(election=election, organizer=council, sources=[gazette]),
        ):
            subject = {place._meta.model_name: place}
            HeadCountFactory(kind="announced", value=3, source=gazette, **subject)
            HeadCountFactory(kind="deployed", value=None, qualifier="not_published", source=gazette, **subject)
            AssignmentFactory(sources=[gazette], **subject)

    more()
    clerk.get(ADDRESS)
    with CaptureQueriesContext(connection) as short:
        clerk.get(ADDRESS)
    for _ in range(3):
        more()
    with CaptureQueriesContext(connection) as long:
        page = clerk.get(ADDRESS)
    assert len(page.context["lines"]) == 1 + 2 + 8
    assert len(long) == len(short)
    assert Deployment.objects.count() == 5
