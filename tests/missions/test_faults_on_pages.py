"""What is wrong or missing in figures is said where they stand: on pages of records and in lists."""

import re

import pytest
from django.urls import reverse

from missions.models import Mission
from tests.factories import (
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    OrganizationFactory,
    SourceFactory,
)
from tests.missions.test_pages import read, section, words_of
from tests.missions.test_parts_on_pages import sums, table
from tests.missions.test_statements_on_pages import fact, say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]

COMPUTED = "A computed figure adds up"
DISAGREE = "Sources disagree on the number"


@pytest.fixture
def source():
    return SourceFactory(code="gazette")


@pytest.fixture
def herald():
    return SourceFactory(code="herald")


@pytest.fixture
def northland(source):
    return ElectionFactory(code="northland-2030", sources=[source])


@pytest.fixture
def council(northland, source):
    return mission_of(northland, source, "Council")


@pytest.fixture
def party(northland, source):
    return DeploymentFactory(code="northland-party", election=northland, sources=[source])


@pytest.fixture(params=["northland", "council", "party"])
def subject(request):
    """An election, a mission and a party."""
    return request.getfixturevalue(request.param)


def mission_of(election, source, name, **but):
    organizer = OrganizationFactory(name=name)
    code = f"northland-{name.lower()}"
    return MissionFactory(code=code, election=election, organizer=organizer, sources=[source], **but)


def counted(subject, value, as_of="2030-05-08", **but):
    return HeadCountFactory(**{subject._meta.model_name: subject}, value=value, as_of=as_of, **but)


def faults(client, subject):
    """What the page says is wrong, under its heading "Observers"."""
    observers = read(client, subject.get_absolute_url()).partition('id="observers"')[2].partition("</section>")[0]
    return [words_of(said) for said in re.findall(r'<li class="note wrong">.*?</li>', observers, re.DOTALL)]


# In words, on every page


def test_sources_that_disagree_are_said_with_their_kind_and_day(client, subject, source, herald):
    counted(subject, 57, kind="deployed", source=source)
    counted(subject, 56, kind="deployed", source=herald)
    assert faults(client, subject) == ["Deployed, 8 May 2030: sources disagree: 56 or 57"]


def test_a_gap_is_said_with_its_kind_group_and_day(client, subject, source):
    counted(subject, 100, "2030-05-01", group="states", source=source)
    counted(subject, 9, basis="change", group="states", source=source)
    counted(subject, 997, group="states", source=source)
    assert faults(client, subject) == ["Accredited, Of states, 8 May 2030: reported 997, computed 109: difference +888"]


def test_figures_that_agree_say_nothing(client, subject, source):
    counted(subject, 57, source=source)
    counted(subject, 57, source=SourceFactory(code="herald"))
    assert faults(client, subject) == []


def test_a_computed_figure_names_the_parts_that_are_at_fault(client, northland, source, herald):
    joint = mission_of(northland, source, "Joint", kind="ieom")
    for name in ("One", "Two", "Three"):
        counted(mission_of(northland, source, name, part_of=joint), 10, kind="deployed", source=source)
    one, two = (Mission.objects.get(code=f"northland-{name}") for name in ("one", "two"))
    counted(one, 12, kind="deployed", source=herald)
    counted(two, 5, "2030-05-09", basis="change", kind="deployed", source=source)
    counted(two, 20, "2030-05-09", kind="deployed", source=source)
    assert faults(client, joint) == [
        "Deployed: added up from One , whose sources disagree",
        "Deployed: added up from Two , whose figures leave a gap",
    ]
    assert f'added up from <a href="{one.get_absolute_url()}">One</a>' in read(client, joint.get_absolute_url())


def test_parts_that_exceed_their_total_are_said_where_no_sum_is_shown(client, northland, party, source):
    counted(party, 10, source=source)
    inside = DeploymentFactory(code="northland-inside", election=northland, part_of=party, sources=[source])
    counted(inside, 12, source=source)
    assert faults(client, party) == ["Accredited: parts sum to 12, reported 10: parts exceed the total by 2"]


def test_what_only_a_hidden_source_disputes_is_not_said(client, council, source, viewer):
    counted(council, 57, source=source)
    counted(council, 56, source=SourceFactory(public=False))
    assert faults(client, council) == []
    client.force_login(viewer)
    assert faults(client, council) == ["Accredited, 8 May 2030: sources disagree: 56 or 57"]


# Which sources are cited


def cell(client, subject):
    return table(read(client, subject.get_absolute_url()), 'id="by-kind"')[1][1]


@pytest.fixture
def with_table(council, source):
    """A mission with a figure of another kind, so that its page has a table."""
    counted(council, 1, kind="deployed", source=source)
    return council


def test_only_the_sources_of_the_last_adopted_total_are_cited(client, with_table, source, herald):
    counted(with_table, 80, "2030-05-01", source=source)
    counted(with_table, 17, basis="change", source=source)
    counted(with_table, 97, source=herald)
    counted(with_table, 90, qualifier="about", source=source)
    assert cell(client, with_table) == "97 [2]"


def test_where_no_total_was_adopted_all_of_the_day_are_cited(client, with_table, source, herald):
    counted(with_table, 80, "2030-05-01", source=SourceFactory(code="courier"))
    counted(with_table, 97, source=source)
    counted(with_table, 96, source=herald)
    assert cell(client, with_table) == "96 to 97 Sources disagree [1] [3]"


def test_changes_without_any_total_are_all_cited(client, with_table, source, herald):
    counted(with_table, 80, "2030-05-01", basis="change", source=source)
    counted(with_table, 17, basis="change", source=herald)
    assert cell(client, with_table) == "at least 97 [1] [2]"


def test_a_change_after_the_last_total_is_cited_with_it(client, with_table, source, herald):
    counted(with_table, 80, "2030-05-01", source=source)
    counted(with_table, 17, basis="change", source=herald)
    assert cell(client, with_table) == "97 [1] [2]"


# In lists


def rows_of_list(client, name):
    """The rows alone: the panel of filters has the same words."""
    return read(client, reverse(name)).partition("<tbody")[2]


@pytest.mark.parametrize("kind", ["announced", "accredited", "deployed"])
def test_rows_of_lists_mark_sources_that_disagree_on_any_kind(client, rebuild, council, party, kind):
    for listed in (council, party):
        counted(listed, 57, kind=kind, source=SourceFactory(public=True))
    rebuild()
    assert [DISAGREE in rows_of_list(client, name) for name in ("missions", "deployments")] == [False, False]
    for listed in (council, party):
        counted(listed, 56, kind=kind, source=SourceFactory(public=True))
    rebuild()
    assert [DISAGREE in rows_of_list(client, name) for name in ("missions", "deployments")] == [True, True]


# Parts


def test_parts_without_a_number_name_their_kinds(client, northland, source):
    joint = mission_of(northland, source, "Joint")
    for kind in ("announced", "accredited", "deployed"):
        counted(mission_of(northland, source, kind.title(), part_of=joint), 5, kind=kind, source=source)
    asked = mission_of(northland, source, "Asked", part_of=joint)
    counted(asked, None, kind="deployed", qualifier="not_published", source=source)
    words = section(read(client, joint.get_absolute_url()), "adds-up")
    assert "Announced, Accredited: parts without a number, not checked yet: Asked" in words
    assert "Deployed: parts without a number, not published: Asked" in words


def test_a_day_before_the_first_number_of_any_part_says_so(client, northland, council, source):
    counted(council, 40, source=source)
    address = northland.get_absolute_url()
    words = section(read(client, f"{address}?on=2030-05-07"), "parts")
    assert "Accredited: no part has a number on record by that day" in words
    assert "Accredited: parts without a number, none by that day: Council" in words
    assert sums(client, f"{address}?on=2030-05-08") == {"Accredited": "40 (computed)"}


def test_what_was_not_published_by_a_day_is_said_of_that_day(client, northland, council, source):
    counted(council, None, "2030-05-01", qualifier="not_published", source=source)
    counted(council, 40, source=source)
    words = section(read(client, f"{northland.get_absolute_url()}?on=2030-05-07"), "parts")
    assert "Accredited: parts without a number, not published: Council" in words


# What is computed


def test_a_computed_figure_is_explained_where_it_is_shown(client, northland, council, source, rebuild):
    counted(council, 40, source=source)
    rebuild()
    assert COMPUTED in section(read(client, northland.get_absolute_url()), "observers")
    assert COMPUTED not in section(read(client, council.get_absolute_url()), "observers")


def test_a_computed_figure_that_says_nothing_is_not_explained(client, northland, council, source, rebuild):
    counted(council, 40, kind="announced", qualifier="at_most", source=source)
    mission_of(northland, source, "Assembly")
    rebuild()
    observers = section(read(client, northland.get_absolute_url()), "observers")
    assert ("announced, accredited, deployed: not checked yet" in observers, COMPUTED in observers) == (True, False)


# What other sources say of an empty field


SAID_OF_EMPTY_FIELDS = [
    ("council", "part_of", "northland-joint", "Part of", "not on record another source says Joint: Observer mission"),
    ("council", "remark", "Late.", "Remark", "not on record another source says Late."),
    ("council", "ends_on", "2030-06-03", "On site", "not checked yet On site to: another source says 3 June 2030"),
    ("party", "part_of", "northland-whole", "Part of", "not on record another source says northland-whole"),
    ("party", "remark", "Late.", "Remark", "not on record another source says Late."),
    ("party", "ends_on", "2030-06-03", "Dates", "not on record To: another source says 3 June 2030"),
    ("northland", "remark", "Late.", "Remark", "not on record another source says Late."),
    ("northland", "accreditation_closes_at", "6 pm", "Accreditation closes", "not on record another source says 6 pm"),
]


@pytest.mark.parametrize("told", SAID_OF_EMPTY_FIELDS, ids=lambda told: f"{told[0]}-{told[1]}")
def test_a_statement_on_an_empty_field_stands_beside_it(client, request, northland, source, told):
    name, field, value, heading, said = told
    mission_of(northland, source, "Joint")
    record = request.getfixturevalue(name)
    say(record, field, value)
    markup = read(client, record.get_absolute_url())
    assert fact(markup, heading) == f"{said} [2]"
    assert 'id="others-say"' not in markup


def test_an_empty_field_of_which_nobody_says_anything_has_no_row(client, subject):
    assert "not on record" not in read(client, subject.get_absolute_url()).partition("</dl>")[0]
