"""What the pages say of records that lack something, and of words that could break them."""

import html
import re
from datetime import date

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from missions.dataset import RECORDS
from missions.models import Assignment, Deployment
from tests.factories import (
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    InvitationFactory,
    MissionFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    SourceFactory,
)
from tests.missions.test_api import COLUMNS, WORDS, words_everywhere
from tests.missions.test_lists import PAGES, PAGES_OF_RECORDS, page, pages_of, whole_record

__all__ = ["words_everywhere"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


def words_of(markup):
    """What is read on a piece of a page."""
    text = re.sub(r"<(script|style|option)\b.*?</\1>", "", markup, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def read(client, address):
    return client.get(address).content.decode()


def cells(markup):
    """The rows of the table of a list, each cell in its words."""
    rows = re.findall(r'<tr role="row">(.*?)</tr>', markup.partition("<tbody")[2], re.DOTALL)
    return [[words_of(cell) for cell in re.findall(r"<td\b.*?</td>", row, re.DOTALL)] for row in rows]


def section(markup, name):
    return words_of(re.search(rf'<section id="{name}">(.*?)</section>', markup, re.DOTALL)[0])


def rows_or_record(markup):
    """A page without its filters, whose choices hold words as well."""
    return markup.partition('id="results"')[2] or markup.partition("<h1>")[2]


# What a deployment may lack


@pytest.fixture
def gazette(db):
    return SourceFactory(code="gazette")


def test_each_blank_is_said_in_words(client, gazette, rebuild):
    for code, status in (("unknown", "announced"), ("asked", "announced"), ("none", "announced"), ("off", "cancelled")):
        DeploymentFactory(code=code, status=status, sources=[gazette])
    HeadCountFactory(
        deployment=Deployment.objects.get(code="asked"),
        kind="announced",
        qualifier="not_published",
        value=None,
        source=gazette,
    )
    HeadCountFactory(deployment=Deployment.objects.get(code="none"), kind="announced", value=0, source=gazette)
    rebuild()
    said = {
        code: words_of(
            re.search('<p class="lead">.*?</p>', read(client, reverse("deployment", args=[code])), re.DOTALL)[0]
        )
        for code in ("unknown", "asked", "none", "off")
    }
    assert said == {
        "unknown": "announced: not checked yet, no names published",
        "asked": "announced: not published, no names published",
        "none": "none announced, no names published",
        "off": "announced: not applicable, no names published",
    }


def test_numbers_stand_first_and_each_blank_once(client, gazette, rebuild):
    party = DeploymentFactory(sources=[gazette])
    HeadCountFactory(deployment=party, kind="deployed", value=7, source=gazette)
    rebuild()
    ((_who, _through, _when, observers, _status),) = cells(read(client, page("deployments")))
    assert observers == "7 deployed announced, accredited: not checked yet no names published"
    HeadCountFactory(deployment=party, kind="accredited", qualifier="not_published", value=None, source=gazette)
    rebuild()
    ((_who, _through, _when, observers, _status),) = cells(read(client, page("deployments")))
    assert observers == "7 deployed announced: not checked yet accredited: not published no names published"


def test_a_number_that_a_page_begins_with_cites_who_gives_it(client, gazette, rebuild):
    party = DeploymentFactory(sources=[gazette])
    herald = SourceFactory(code="herald")
    HeadCountFactory(deployment=party, kind="deployed", value=7, as_of="2030-06-01", source=gazette)
    HeadCountFactory(deployment=party, kind="deployed", value=9, as_of="2030-06-02", source=herald)
    HeadCountFactory(deployment=party, kind="accredited", value=9, as_of="2030-06-02", source=gazette)
    rebuild()
    observers = section(read(client, party.get_absolute_url()), "observers")
    assert observers.startswith(
        "Observers 9 accredited [1] 9 deployed [2] announced: not checked yet no names published"
    )


def test_a_computed_number_cites_nobody_for_its_parts_do(client, gazette, rebuild):
    party = DeploymentFactory(sources=[gazette])
    HeadCountFactory(deployment=party, kind="deployed", value=7, source=gazette)
    rebuild()
    observers = section(read(client, party.election.get_absolute_url()), "observers")
    assert observers.startswith("Observers 7 deployed (computed) announced, accredited: not checked yet A computed")


def test_a_mission_leads_to_the_parties_that_went_through_those_inside_it(client, gazette, rebuild):
    whole = MissionFactory(sources=[gazette])
    parts = [MissionFactory(election=whole.election, part_of=whole, sources=[gazette]) for _each in range(2)]
    for through in ([parts[0]], parts, [MissionFactory(election=whole.election, sources=[gazette])]):
        party = DeploymentFactory(election=whole.election, sources=[gazette])
        for mission in through:
            ChannelFactory(deployment=party, mission=mission, source=gazette)
    rebuild()
    told = re.search('<section id="deployments">.*?</section>', read(client, whole.get_absolute_url()), re.DOTALL)[0]
    assert words_of(told) == (
        "Who sent observers through it No deployment through this mission itself is recorded. "
        "2 deployments through the missions inside this one"
    )
    address = html.unescape(re.search('href="([^"]*)"', told)[1])
    assert len(cells(read(client, address))) == 2


def test_a_party_of_no_state_has_no_declined_invitations_of_its_state(client, gazette, rebuild):
    body = OrganizationFactory(code="council", name="Council", country="")
    party = DeploymentFactory(code="of-council", sender=body, sender_country="", sources=[gazette])
    other = OrganizationFactory(name="Another Council", country="")
    InvitationFactory(election=party.election, invitee=other, response="declined", sources=[gazette])
    rebuild()
    assert "Declined invitations" not in read(client, reverse("deployment", args=["of-council"]))


def test_a_party_of_a_state_shows_its_declined_invitations(client, gazette, rebuild):
    party = DeploymentFactory(code="of-kz", sender_country="KZ", sources=[gazette])
    for country, name in (("KZ", "Our Commission"), ("UZ", "Their Commission")):
        body = OrganizationFactory(name=name, country=country)
        InvitationFactory(election=party.election, invitee=body, response="declined", sources=[gazette])
    rebuild()
    markup = read(client, reverse("deployment", args=["of-kz"]))
    assert ("Our Commission" in markup, "Their Commission" in markup) == (True, False)


def test_an_uncounted_channel_is_shown_and_is_no_way_for_the_party(client, gazette, rebuild):
    party = DeploymentFactory(code="of-kz", election=ElectionFactory(), sources=[gazette])
    mission = MissionFactory(election=party.election, organizer=OrganizationFactory(name="Misprint"), sources=[gazette])
    ChannelFactory(deployment=party, mission=mission, counted=False, source=gazette)
    rebuild()
    assert "Misprint [1] not counted" in section(read(client, reverse("deployment", args=["of-kz"])), "channels")
    [row] = cells(read(client, page("deployments")))
    assert row[1] == "no mission named"
    assert "No deployment through this mission itself is recorded." in read(client, mission.get_absolute_url())


def test_an_organization_goes_by_the_name_of_election_day(client, gazette, rebuild):
    council = OrganizationFactory(code="council")
    for name, begins, ends in (("Old Council", None, date(2029, 12, 31)), ("New Council", date(2030, 1, 1), None)):
        OrganizationNameFactory(organization=council, name=name, valid_from=begins, valid_until=ends, source=gazette)
    mission = MissionFactory(
        code="old", election=ElectionFactory(election_day=date(2017, 10, 15)), organizer=council, sources=[gazette]
    )
    rebuild()
    assert "Old Council (now New Council)" in words_of(read(client, mission.get_absolute_url()))
    assert "<h1>New Council</h1>" in read(client, council.get_absolute_url())


# Words that could break a page


@pytest.mark.parametrize("words_everywhere", WORDS, indirect=True)
def test_words_come_back_unaltered_from_the_pages(client, words_everywhere):
    shown = {
        address: html.unescape(rows_or_record(read(client, address)))
        for address in (
            *(page(resource) for resource in PAGES),
            "/deployments/party/",
            "/missions/mission/",
            "/elections/election/",
            "/organizations/body/",
            "/sources/gazette/",
        )
    }
    missing = [address for address, markup in shown.items() if words_everywhere not in markup]
    assert missing == ["/invitations/"]
    assert len(COLUMNS) == 12


SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def text_columns(model):
    return [
        field
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField)
        and field.name not in {"code", "search_text", "language", "subject", "email", "field"}
        and not field.choices
        and (field.max_length or 1000) >= len(SCRIPT)
    ]


def test_markup_in_any_text_is_shown_as_text(client, rebuild, viewer):
    record = whole_record("a")
    filled = 0
    for model in RECORDS:
        for field in text_columns(model):
            model.objects.update(**{field.name: SCRIPT})
            filled += 1
    rebuild()
    assert filled == 36
    assert Assignment.objects.filter(post=SCRIPT).count() == 2
    addresses = [
        reverse("home"),
        *(page(resource) for resource in PAGES),
        *(made.get_absolute_url() for made in pages_of(record).values()),
        *(row.get_absolute_url() for row in record.sources),
    ]
    for signed_in in (False, True):
        if signed_in:
            client.force_login(viewer)
        markup = {address: read(client, address) for address in addresses}
        broken = [address for address in addresses if "<script>" in markup[address] or "<img" in markup[address]]
        assert broken == []
        shown = [address for address in addresses if "&lt;script&gt;" in markup[address]]
        assert shown == addresses
    assert len(addresses) == 1 + len(PAGES) + len(PAGES_OF_RECORDS) + 2


@pytest.mark.parametrize(
    "parameter", ["q", "sender", "year", "ordering", "page", "page_size", "format", "<script>", "date_after"]
)
def test_markup_in_an_address_is_shown_as_text(client, parameter):
    answer = client.get(page("deployments"), {parameter: SCRIPT})
    markup = answer.content.decode()
    assert ("<script>" in markup, "<img" in markup, "&lt;" in markup) == (False, False, True)


def test_every_app_has_records_with_text():
    assert {apps.get_containing_app_config(model.__module__).label for model in RECORDS if text_columns(model)} == {
        "organizations",
        "observers",
        "missions",
    }
