"""What other sources say of a field stands beside it; of one that the page does not show, in a section of its own."""

import html
import re

import pytest

from missions.models import Deployment, Election, Mission
from tests.factories import (
    DeploymentFactory,
    ElectionFactory,
    MissionFactory,
    OrganizationFactory,
    SourceFactory,
    StatementFactory,
)
from tests.missions.test_pages import read, section, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


@pytest.fixture
def source():
    return SourceFactory(code="gazette")


@pytest.fixture
def northland(source):
    return ElectionFactory(code="northland-2030", sources=[source])


@pytest.fixture
def mission(northland, source):
    return MissionFactory(
        code="northland-council",
        election=northland,
        organizer=OrganizationFactory(name="Council"),
        starts_on="2030-05-01",
        sources=[source],
    )


def say(record, field, value, **but):
    return StatementFactory(subject=f"{record.resource()}/{record.code}", field=field, value=value, **but)


def fact(markup, name):
    """What the page says under a name, in words."""
    found = re.search(rf"<dt>{name}</dt><dd>(.*?)</dd>", markup, re.DOTALL)
    return words_of(found[1])


def test_another_election_day_stands_beside_the_election_day(client, northland):
    say(northland, "election_day", "2030-06-03")
    markup = read(client, northland.get_absolute_url())
    assert fact(markup, "Election day") == "2 June 2030 another source says 3 June 2030 [2]"
    assert "Other sources say" not in markup


def test_a_choice_is_said_by_its_name_and_a_date_that_cannot_be_read_as_it_stands(client, northland):
    say(northland, "kind", "parliamentary")
    say(northland, "election_day", "early June")
    markup = read(client, northland.get_absolute_url())
    assert fact(markup, "Kind") == "Presidential election another source says Parliamentary election [3]"
    assert fact(markup, "Election day") == "2 June 2030 another source says early June [2]"


def test_fields_that_share_a_place_are_named(client, mission):
    say(mission, "starts_on", "2030-05-02")
    markup = read(client, mission.get_absolute_url())
    assert fact(markup, "On site") == "from 1 May 2030 On site from: another source says 2 May 2030 [2]"


def test_the_phrase_that_says_so_stands_with_it(client, mission):
    say(mission, "kind", "nam", excerpt="a <b>needs</b> assessment")
    markup = read(client, mission.get_absolute_url())
    said = "Observer mission another source says Needs assessment mission [2] a <b>needs</b> assessment"
    assert fact(markup, "Kind") == said
    assert "<b>needs</b>" not in markup


def test_a_larger_mission_is_said_by_its_name(client, mission, northland, source):
    for code, name in (("northland-joint", "Joint"), ("northland-other", "Other")):
        MissionFactory(code=code, election=northland, organizer=OrganizationFactory(name=name), sources=[source])
    mission.part_of = Mission.objects.get(code="northland-joint")
    mission.save()
    say(mission, "part_of", "northland-other")
    said = fact(read(client, mission.get_absolute_url()), "Part of")
    assert said == "the larger mission another source says Other: Observer mission [2]"


def test_the_name_of_a_hidden_mission_is_not_said(client, mission, northland, source):
    hidden = MissionFactory(
        code="northland-hidden", election=northland, organizer=OrganizationFactory(name="Hidden"), sources=[]
    )
    hidden.sources.set([SourceFactory(public=False)])
    say(mission, "part_of", "northland-hidden")
    markup = read(client, mission.get_absolute_url())
    assert fact(markup, "Part of") == "not on record another source says northland-hidden [2]"


def test_what_another_source_says_of_a_field_without_a_row_stands_in_the_section(client, northland):
    say(northland, "name", "Elections of Northland", excerpt="the elections of Northland")
    markup = read(client, northland.get_absolute_url())
    assert section(markup, "others-say") == (
        "Other sources say Name: Elections of Northland [2] the elections of Northland"
    )


def test_a_statement_on_a_column_that_was_given_up_breaks_no_page(client, northland):
    say(northland, "former_field", "a value")
    markup = read(client, northland.get_absolute_url())
    assert section(markup, "others-say") == "Other sources say Former field: a value [2]"


FILLED = {
    Election: {"office": "President", "status_reason": "other", "accreditation_closes_at": "2030-05-01", "remark": "x"},
    Mission: {"status_reason": "other", "status_on": "2030-05-02", "ends_on": "2030-06-03", "remark": "x"},
    Deployment: {"status_reason": "other", "starts_on": "2030-05-01", "ends_on": "2030-06-03", "remark": "x"},
}
COLUMNS = [(model, column) for model in FILLED for column in model.columns if column not in model.private_columns]


def record_of(model, election, source, *, filled):
    columns = FILLED[model] if filled else {}
    if model is Election:
        Election.objects.filter(pk=election.pk).update(**columns)
        return election
    factory = MissionFactory if model is Mission else DeploymentFactory
    if filled:
        columns = {**columns, "part_of": factory(election=election, sources=[source])}
    return factory(code="of-northland", election=election, sources=[source], **columns)


@pytest.fixture(params=[True, False], ids=["filled", "empty"])
def record_with(request, northland, source):
    """A record of a kind, with every field filled or with as few as there can be."""
    return lambda model: record_of(model, northland, source, filled=request.param)


@pytest.mark.parametrize(("model", "column"), COLUMNS)
def test_every_statement_is_shown_once_and_never_under_the_name_of_a_column(
    client, rebuild, record_with, model, column
):
    record = record_with(model)
    say(record, column, "quite another value")
    rebuild()
    markup = read(client, record.get_absolute_url())
    assert html.unescape(markup).count("quite another value") == 1
    assert f"<code>{column}</code>" not in markup
    assert not ("_" in column and column in words_of(markup))


def test_every_column_of_the_three_pages_was_tried():
    assert len(COLUMNS) == 33


def test_a_statement_of_an_internal_paper_is_said_to_members_only(client, northland, viewer):
    say(northland, "election_day", "2030-06-03", source=SourceFactory(public=False))
    assert "another source" not in read(client, northland.get_absolute_url())
    client.force_login(viewer)
    assert "another source says 3 June 2030 [2]" in words_of(read(client, northland.get_absolute_url()))
