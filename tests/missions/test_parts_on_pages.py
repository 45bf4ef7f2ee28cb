"""What figures are made of: parts and their sums, kinds and groups, and shares, as the pages say them."""

import re

import pytest
from django.urls import reverse

from missions.models import Mission
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    OrganizationFactory,
    SourceFactory,
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
    """Makes a mission of the election with an accredited number, where one is given."""

    def make(name, value=None, kind="accredited", **but):
        made = MissionFactory(
            code=f"northland-{name.lower()}",
            election=northland,
            organizer=OrganizationFactory(name=name),
            sources=[source],
            **but,
        )
        if value is not None:
            HeadCountFactory(mission=made, kind=kind, value=value, source=source)
        return made

    return make


def counted(election, value, **but):
    return HeadCountFactory(election=election, value=value, **but)


def sums(client, address, place="parts"):
    """The sentences about sums, by kind."""
    part = read(client, address).partition(f'id="{place}"')[2].partition("</section>")[0]
    found = re.findall(r"<li><strong>(.*?):</strong>(.*?)</li>", part, re.DOTALL)
    return {kind: words_of(sentence) for kind, sentence in found}


def table(markup, name):
    found = re.search(rf"<table[^>]*{name}.*?</table>", markup, re.DOTALL)[0]
    rows = re.findall(r"<tr.*?</tr>", found, re.DOTALL)
    return [[words_of(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in rows]


# Of an election


def test_parts_that_add_up_say_so(client, northland, mission, source, rebuild):
    mission("Council", 410)
    mission("Assembly", 332)
    counted(northland, 858, source=source)
    counted(northland, 116, group="states", states=37, source=source)
    rebuild()
    assert sums(client, northland.get_absolute_url()) == {
        "Accredited": "742 in missions + 116 of 37 states = 858: adds up"
    }


def test_a_total_that_is_more_than_its_parts_says_how_many_are_in_none(client, northland, mission, source):
    mission("Council", 350)
    counted(northland, 398, source=source)
    assert sums(client, northland.get_absolute_url()) == {
        "Accredited": "parts sum to 350, reported 398: 48 in none of the parts"
    }


def test_parts_that_exceed_their_total_say_by_how_many(client, northland, mission, source):
    mission("Council", 410)
    counted(northland, 398, source=source)
    assert sums(client, northland.get_absolute_url()) == {
        "Accredited": "parts sum to 410, reported 398: parts exceed the total by 12"
    }


def test_parts_without_a_number_leave_the_sum_open(client, northland, mission, source):
    mission("Council", 350)
    mission("Assembly")
    counted(northland, 398, source=source)
    address = northland.get_absolute_url()
    assert sums(client, address) == {
        "Accredited": "parts sum to at least 350, reported 398; 1 part has no number on record"
    }
    assert "Accredited: parts without a number, not checked yet: Assembly" in section(read(client, address), "parts")


def test_parts_that_exceed_their_total_with_some_unknown_exceed_it_by_at_least_so_many(
    client, northland, mission, source
):
    mission("Council", 410)
    mission("Assembly")
    counted(northland, 398, source=source)
    assert sums(client, northland.get_absolute_url()) == {
        "Accredited": "parts sum to at least 410, reported 398: parts exceed the total by at least 12"
    }


def test_a_total_that_no_source_prints_is_called_computed(client, northland, mission, source):
    mission("Council", 10)
    party = DeploymentFactory(code="northland-party", election=northland, sources=[source])
    HeadCountFactory(deployment=party, value=5, source=source)
    assert sums(client, northland.get_absolute_url()) == {
        "Accredited": "10 in missions + 5 in parties of no mission = 15 (computed)"
    }


def test_a_total_that_its_groups_add_up_to_is_not_called_reported(client, northland, mission, source):
    mission("Council", 10)
    counted(northland, 12, group="long_term", source=source)
    counted(northland, 3, group="core_team", source=source)
    counted(northland, 5, group="short_term", source=source)
    assert sums(client, northland.get_absolute_url()) == {
        "Accredited": "parts sum to 10, groups sum to 20: 10 in none of the parts"
    }


def test_each_kind_has_its_own_sum_and_kinds_are_never_added(client, northland, mission, source):
    council = mission("Council", 10)
    for kind, value in (("announced", 12), ("deployed", 9)):
        HeadCountFactory(mission=council, kind=kind, value=value, source=source)
    assert sums(client, northland.get_absolute_url()) == {
        "Announced": "12 (computed)",
        "Accredited": "10 (computed)",
        "Deployed": "9 (computed)",
    }


def test_parts_lead_to_their_pages(client, northland, mission, source):
    council = mission("Council", 410)
    counted(northland, 116, group="states", source=source)
    markup = read(client, northland.get_absolute_url())
    assert table(markup, 'class="parts"') == [
        ["Part", "Accredited"],
        ["Council", "410"],
        ["Of states", "116"],
        ["Sum of the parts", "526"],
    ]
    assert f'<th scope="row"><a href="{council.get_absolute_url()}">Council</a></th>' in markup
    assert f'<a href="{northland.get_absolute_url()}?group=states#accreditation">Of states</a>' in markup


def test_a_hidden_part_is_no_part(client, northland, mission, source):
    hidden = mission("Hidden", 50)
    hidden.sources.set([SourceFactory(public=False)])
    mission("Council", 410)
    markup = read(client, northland.get_absolute_url())
    assert [row[0] for row in table(markup, 'class="parts"')] == ["Part", "Council", "Sum of the parts"]
    assert "Hidden" not in markup


def test_each_blank_of_a_part_is_said_in_words(client, northland, mission, source):
    asked = mission("Asked")
    HeadCountFactory(mission=asked, kind="deployed", qualifier="not_published", value=None, source=source)
    mission("Unasked")
    mission("Off", status="cancelled")
    mission("Council", 5, kind="deployed")
    words = section(read(client, f"{northland.get_absolute_url()}?kind=deployed"), "parts")
    assert "Deployed: parts without a number, not published: Asked" in words
    assert "Deployed: parts without a number, not checked yet: Unasked" in words
    assert "Deployed: parts without a number, not applicable: Off" in words


# Of a mission


def test_missions_inside_another_are_added_up(client, northland, mission, source, rebuild):
    joint = mission("Joint", 369, kind="deployed")
    for name, value in (("One", 298), ("Two", 37), ("Three", 23), ("Four", 11)):
        mission(name, value, kind="deployed", part_of=joint)
    rebuild()
    assert sums(client, joint.get_absolute_url()) == {"Deployed": "298 + 37 + 23 + 11 = 369: adds up"}


def test_what_is_in_no_part_may_be_broken_down_by_groups_all_the_same(client, northland, mission, source, rebuild):
    joint = mission("Joint", 80, kind="deployed")
    for group, value in (("long_term", 20), ("short_term", 60)):
        HeadCountFactory(mission=joint, kind="deployed", group=group, value=value, source=source)
    mission("Delegation", 5, kind="deployed", part_of=joint)
    rebuild()
    assert sums(client, joint.get_absolute_url()) == {
        "Deployed": "parts sum to 5, reported 80: 75 in none of the parts"
    }


def test_missions_inside_are_added_up_without_the_parties_through_it(client, northland, mission, source, rebuild):
    joint = mission("Joint", 48, kind="deployed")
    for name, value in (("One", 37), ("Two", 11)):
        mission(name, value, kind="deployed", part_of=joint)
    party = DeploymentFactory(code="northland-party", election=northland, sources=[source])
    ChannelFactory(deployment=party, mission=joint, source=source)
    rebuild()
    address = joint.get_absolute_url()
    assert sums(client, address) == {"Deployed": "37 + 11 = 48: adds up"}
    assert sums(client, address, "adds-up") == {
        "Deployed": "parts sum to at least 48, reported 48; 1 part has no number on record"
    }


def test_many_parts_are_not_added_up_one_by_one(client, northland, mission, source):
    joint = mission("Joint", 9, kind="deployed")
    for number in range(9):
        mission(f"Part{number}", 1, kind="deployed", part_of=joint)
    assert sums(client, joint.get_absolute_url(), "adds-up") == {"Deployed": "parts sum to 9: adds up"}


def test_a_party_of_which_the_share_is_unknown_is_marked(client, northland, mission, source, rebuild):
    one, two = mission("One", 40, kind="announced"), mission("Two")
    party = DeploymentFactory(code="northland-party", election=northland, sources=[source])
    HeadCountFactory(deployment=party, kind="announced", value=46, source=source)
    for through in (one, two):
        ChannelFactory(deployment=party, mission=through, source=source)
    rebuild()
    markup = read(client, one.get_absolute_url())
    assert table(markup, 'class="parts"')[1] == ["Kazakhstan", "up to 46 share unknown"]
    assert sums(client, one.get_absolute_url(), "adds-up") == {"Announced": "parts sum to up to 46, reported 40"}


def test_a_sum_that_may_be_anything_is_not_known(client, northland, mission, source, rebuild):
    one, two = mission("One", 40, kind="announced"), mission("Two")
    for code, value in (("northland-party", 46), ("northland-others", None)):
        party = DeploymentFactory(code=code, election=northland, sources=[source])
        for through in (one, two):
            ChannelFactory(deployment=party, mission=through, source=source)
        if value:
            HeadCountFactory(deployment=party, kind="announced", value=value, source=source)
    rebuild()
    assert sums(client, one.get_absolute_url(), "adds-up") == {"Announced": "the sum of the parts is not known"}


def test_announced_and_deployed_are_compared_in_words(client, northland, mission, source):
    assembly = mission("Assembly", 40, kind="announced")
    HeadCountFactory(mission=assembly, kind="deployed", value=37, source=source)
    markup = read(client, assembly.get_absolute_url())
    assert "40 announced, 37 deployed: difference 3, no explanation published" in section(markup, "observers")


@pytest.mark.parametrize(
    "but",
    [
        {"value": 40},
        {"qualifier": "at_least"},
        {"qualifier": "about"},
        {"group": "long_term"},
        {"kind": "accredited"},
        {"counted": False},
    ],
)
def test_what_is_not_two_exact_totals_that_differ_is_not_compared(client, northland, mission, source, but):
    assembly = mission("Assembly", 40, kind="announced")
    HeadCountFactory(**{"mission": assembly, "kind": "deployed", "value": 37, "source": source, **but})
    assert "no explanation published" not in read(client, assembly.get_absolute_url())


def test_a_sum_of_groups_is_no_total_to_compare(client, northland, mission, source):
    assembly = mission("Assembly", 40, kind="announced")
    for group in ("core_team", "long_term", "short_term"):
        HeadCountFactory(mission=assembly, kind="deployed", group=group, value=10, source=source)
    assert "no explanation published" not in read(client, assembly.get_absolute_url())


def test_a_mission_that_was_called_off_is_not_compared(client, northland, mission):
    assembly = mission("Assembly", 40, kind="announced", status="cancelled")
    assert "no explanation published" not in read(client, assembly.get_absolute_url())


def test_kinds_and_groups_stand_in_one_table_with_their_sources(client, northland, mission, source):
    council = mission("Council", 40, kind="announced")
    for group, value in (("long_term", 20), ("short_term", 192)):
        HeadCountFactory(mission=council, kind="deployed", group=group, value=value, source=source)
    HeadCountFactory(mission=council, kind="deployed", value=5, group="core_team", counted=False, source=source)
    assert table(read(client, council.get_absolute_url()), 'id="by-kind"') == [
        ["Kind", "All", "Core team", "Long-term observers", "Short-term observers"],
        ["Announced", "40 [1]", "not checked yet", "not checked yet", "not checked yet"],
        ["Deployed", "at least 212 (computed)", "not checked yet", "20 [1]", "192 [1]"],
    ]


def test_sources_that_disagree_are_marked_in_the_table(client, northland, mission, source):
    council = mission("Council", 40, kind="announced")
    HeadCountFactory(mission=council, kind="announced", value=42, source=SourceFactory(code="herald"))
    HeadCountFactory(mission=council, kind="deployed", value=40, source=source)
    rows = table(read(client, council.get_absolute_url()), 'id="by-kind"')
    assert rows[1] == ["Announced", "40 to 42 Sources disagree [1] [2]"]


def test_a_single_figure_needs_no_table(client, northland, mission):
    council = mission("Council", 40, kind="announced")
    assert 'id="by-kind"' not in read(client, council.get_absolute_url())


# Of a deployment


@pytest.fixture
def party(northland, mission, source):
    made = DeploymentFactory(code="northland-party", election=northland, sources=[source])
    for name in ("One", "Two"):
        ChannelFactory(deployment=made, mission=mission(name), source=source)
    return made


@pytest.fixture
def party_with_a_person(party, mission, source, rebuild):
    ChannelFactory(deployment=party, mission=mission("Three"), source=source)
    HeadCountFactory(deployment=party, kind="announced", value=46, source=source)
    two = Mission.objects.get(code="northland-two")
    AssignmentFactory(deployment=party, mission=two, sources=[source])
    rebuild()
    return party


def test_the_range_of_each_share_stands_as_a_bar_beside_its_words(client, party, source, rebuild):
    HeadCountFactory(deployment=party, kind="announced", value=46, source=source)
    rebuild()
    markup = read(client, party.get_absolute_url())
    assert "Share of the announced: each of them 0 to 46 of 46" in section(markup, "channels")
    assert markup.count('<rect class="possible" x="0.00%" y="1" width="100.00%" height="8"/>') == 2
    assert markup.count('<svg class="bar" width="100%" height="10" aria-hidden="true">') == 2


def test_the_shares_are_said_in_one_sentence(client, party_with_a_person):
    words = section(read(client, party_with_a_person.get_absolute_url()), "channels")
    assert "Share of the announced: Two at least 1 of 46; the others 0 to 45 of 46" in words


def test_a_floor_has_no_bar(client, party, source, rebuild):
    HeadCountFactory(deployment=party, kind="announced", value=46, qualifier="at_least", source=source)
    rebuild()
    assert "<rect" not in read(client, party.get_absolute_url())


def test_several_figures_of_a_party_stand_in_one_table(client, party, source):
    HeadCountFactory(deployment=party, kind="announced", value=46, source=source)
    HeadCountFactory(deployment=party, kind="accredited", value=44, source=source)
    assert table(read(client, party.get_absolute_url()), 'id="by-kind"') == [
        ["Kind", "All"],
        ["Announced", "46 [1]"],
        ["Accredited", "44 [1]"],
    ]


def test_the_page_of_a_party_says_what_it_says_whatever_its_address_adds(client, party):
    assert client.get(reverse("deployment", args=[party.code]), {"kind": "given"}).status_code == 200
