"""Entering a head count as a press release gives it, with the ladder that it makes beside the form."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from missions.admin.what_is_wrong import day_of_step, disagree, rows_by_day
from missions.ladder import read_ladder
from missions.models import Deployment, HeadCount
from tests.admin_pages import address_of, fill_in, refusals, told, untouched
from tests.factories import (
    AssignmentFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    SourceFactory,
    UserFactory,
)
from tests.missions.head_counts import total

LADDER = reverse("admin:missions_headcount_ladder")
READ = reverse("admin:missions_headcount_read")


@pytest.fixture
def party(db):
    election = ElectionFactory(code="kg-presidential-2017-10-15", election_day=date(2017, 10, 15))
    return DeploymentFactory(code="from-kz", election=election)


@pytest.fixture
def gazette(db):
    return SourceFactory(code="gazette", title="Observers arrive", publisher="Northland Gazette")


@pytest.fixture
def herald(db):
    return SourceFactory(code="herald", title="They are here", publisher="Southland Herald")


@pytest.fixture
def published(party, gazette):
    """The Gazette says that 46 were announced on 13 October."""
    return HeadCountFactory(deployment=party, kind="announced", value=46, as_of=date(2017, 10, 13), source=gazette)


@pytest.fixture
def boxes(party):
    """What stands in the boxes of a figure of the same party, kind and day."""
    return {
        "deployment": str(party.pk),
        "kind": "announced",
        "group": "all",
        "basis": "total",
        "qualifier": "exact",
        "value": "46",
        "as_of": "2017-10-13",
        "counted": "on",
    }


def enter(client, source, **typed):
    typed = {"kind": "announced", "value": "46", "as_of": "2017-10-13", **typed}
    return fill_in(client, f"{address_of(HeadCount, 'add')}?deployment=from-kz&source={source.code}", **typed)


def beside(client, boxes, address=LADDER):
    return client.post(address, boxes).context["beside"]


# A number as a press release writes it


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("46 officials", ("exact", 46)),
        ("more than 700", ("more_than", 700)),
        ("не менее 1 204", ("at_least", 1204)),
        ("700-ден астам", ("more_than", 700)),
    ],
)
def test_the_words_beside_a_number_fill_how_exact_it_is(admin_client, party, gazette, text, stored):
    enter(admin_client, gazette, value=text)
    count = HeadCount.objects.get()
    assert (count.qualifier, count.value) == stored


def test_words_that_agree_with_what_was_chosen_are_no_contradiction(admin_client, party, gazette):
    enter(admin_client, gazette, value="about 400", qualifier="about")
    assert HeadCount.objects.get().figure == "about 400"


@pytest.mark.parametrize("text", ["not published", "Не опубликовано", "жарияланбаған"])
@pytest.mark.parametrize("chosen", ["exact", "not_published"])
def test_a_number_that_was_not_published_is_stored_blank_with_its_reason(admin_client, party, gazette, text, chosen):
    enter(admin_client, gazette, value=text, qualifier=chosen)
    count = HeadCount.objects.get()
    assert (count.qualifier, count.value) == ("not_published", None)


def test_a_number_that_was_not_published_is_refused_beside_another_choice(admin_client, party, gazette):
    page = enter(admin_client, gazette, value="not published", qualifier="about")
    sentence = "“not published” says “not published”, but “about” is chosen: change one of the two."
    assert refusals(page) == {"value": [sentence]}


def test_a_plain_number_leaves_what_was_chosen(admin_client, party, gazette):
    enter(admin_client, gazette, value="400", qualifier="at_least")
    assert HeadCount.objects.get().figure == "at least 400"


def test_words_against_what_was_chosen_by_hand_are_refused_at_the_number_and_said_beside_the_ladder(
    admin_client, party, gazette
):
    page = enter(admin_client, gazette, value="more than 700", qualifier="about")
    sentence = "“more than 700” says “more than”, but “about” is chosen: change one of the two."
    assert refusals(page) == {"value": [sentence]}
    box, _, ladder = page.content.decode().partition('id="ladder"')
    assert [place.count("more than 700”") for place in (box, ladder)] == [1, 1]


def test_a_number_that_is_not_understood_is_refused_once_with_its_reason(admin_client, party, gazette):
    page = enter(admin_client, gazette, value="40-50")
    sentence = "“40-50” holds more than one number: write one, for example “more than 700”."
    assert refusals(page) == {"value": [sentence]}


def test_the_words_are_read_below_a_deployment_too(admin_client, party, gazette):
    row = {"kind": "announced", "value": "свыше 170", "as_of": "2017-10-13", "source": gazette.pk}
    row = {f"head_counts__0__{box}": value for box, value in row.items()}
    fill_in(admin_client, address_of(Deployment, "change", party), **row)
    assert HeadCount.objects.get().figure == "more than 170"


def test_the_script_asks_how_a_text_is_taken_apart(admin_client):
    assert admin_client.get(READ, {"text": "more than 1,204"}).json() == {"qualifier": "more_than", "number": 1204}
    assert admin_client.get(READ, {"text": "40-50"}).json() == {"qualifier": "", "number": None}
    assert admin_client.get(READ, {"text": "not published"}).json() == {"qualifier": "not_published", "number": None}
    assert admin_client.post(READ).status_code == 405


# The order of the boxes


def lines(page):
    """The boxes of each line, by the title under which they stand."""
    return {
        str(fieldset.name): [[box.field.name for box in line if hasattr(box, "is_first")] for line in fieldset]
        for fieldset in page.context["adminform"]
    }


def test_the_boxes_stand_in_the_order_of_a_press_release(admin_client):
    page = admin_client.get(address_of(HeadCount, "add"))
    assert lines(page)["The figure"] == [
        ["kind", "qualifier", "value", "as_of", "source"],
        ["basis", "group"],
        ["excerpt"],
    ]


def more_is_folded(page):
    [more] = [fieldset for fieldset in page.context["adminform"] if fieldset.name == "More"]
    return more.is_collapsible


def test_more_is_folded_away_while_it_holds_nothing(admin_client, published):
    assert more_is_folded(admin_client.get(address_of(HeadCount, "add")))
    assert more_is_folded(admin_client.get(address_of(HeadCount, "change", published)))


@pytest.mark.parametrize(
    "held", [{"states": 3}, {"counted": False}, {"preferred": True}, {"as_of_from": date(2017, 10, 1)}, {"remark": "x"}]
)
def test_more_is_open_where_it_holds_something(admin_client, published, held):
    HeadCount.objects.update(**held)
    assert not more_is_folded(admin_client.get(address_of(HeadCount, "change", published)))


def test_more_stays_open_over_what_was_typed_or_is_wrong_in_it(admin_client, boxes):
    boxes |= {"_ladder": "1"}
    assert more_is_folded(admin_client.post(address_of(HeadCount, "add"), boxes))
    assert not more_is_folded(admin_client.post(address_of(HeadCount, "add"), boxes | {"bodies": "7"}))
    assert not more_is_folded(admin_client.post(address_of(HeadCount, "add"), boxes | {"states": "many"}))
    assert not more_is_folded(admin_client.get(f"{address_of(HeadCount, 'add')}?remark=x"))


# The ladder beside the form


def test_nothing_stands_beside_a_form_before_subject_kind_and_day_are_known(admin_client, boxes):
    for missing in ("deployment", "kind", "as_of"):
        assert beside(admin_client, {**boxes, missing: ""}) is None
    assert beside(admin_client, boxes).figure == "46"


WAITS = "Shown as soon as it is known"
NO_DATE = "“soon” is not a date: please write it as 2017-10-15."
TWO_NUMBERS = "“40-50” holds more than one number: write one, for example “more than 700”."


def test_a_day_that_is_not_understood_is_said_in_the_place_of_the_ladder(admin_client, boxes):
    shown = admin_client.post(LADDER, boxes | {"as_of": "soon"}).content.decode()
    assert (NO_DATE in shown, WAITS in shown, "ladder-figure" in shown) == (True, False, False)
    assert WAITS in admin_client.post(LADDER, boxes | {"as_of": ""}).content.decode()


def test_a_number_that_is_not_understood_is_said_beside_the_ladder_that_lacks_it(admin_client, published, boxes):
    boxes |= {"value": "40-50"}
    ladder = beside(admin_client, boxes)
    assert (ladder.figure, ladder.problems) == ("46", [TWO_NUMBERS])
    assert "the figures fit" not in admin_client.post(LADDER, boxes).content.decode()
    assert beside(admin_client, boxes | {"as_of": "soon"}).problems == [TWO_NUMBERS, NO_DATE]


def test_a_first_day_that_is_not_understood_is_said_too(admin_client, boxes):
    told = beside(admin_client, boxes | {"as_of_from": "early"}).problems
    assert [sentence.partition(":")[0] for sentence in told] == ["“early” is not a date"]


def test_an_address_with_a_day_that_is_not_understood_says_so_at_once(admin_client, published):
    page = admin_client.get(f"{address_of(HeadCount, 'add')}?deployment=from-kz&kind=announced&as_of=soon")
    assert page.context["beside"].problems == [NO_DATE]


@pytest.mark.parametrize(
    ("typed", "reads"),
    [
        ({"value": "about 100"}, ("about 100", "")),
        ({"value": "at least 5", "basis": "change"}, ("", "+at least 5")),
        ({"value": "about 30", "basis": "change"}, ("", "+about 30")),
        ({"value": "not published"}, ("", "")),
    ],
)
def test_a_day_reads_in_the_ladder_as_exact_as_it_was_published(admin_client, boxes, typed, reads):
    [rung] = beside(admin_client, boxes | typed).rungs
    assert (rung.reported, rung.change) == reads


def test_the_new_figure_stands_in_the_ladder_before_anything_is_saved(admin_client, published, boxes, herald):
    boxes |= {"value": "about 60", "as_of": "Oct 2017", "source": herald.pk}
    [thirteenth, october] = beside(admin_client, boxes).rungs
    assert (thirteenth.day, thirteenth.reported) == ("13 October 2017", "46")
    assert (october.day, [(line.figure, line.is_typed, line.source) for line in october.lines]) == (
        "October 2017",
        [("about 60", True, "Southland Herald: They are here")],
    )
    assert HeadCount.objects.get() == published


def test_two_sources_that_disagree_are_told_with_their_figures(admin_client, published, boxes):
    ladder = beside(admin_client, boxes | {"value": "42"})
    assert ladder.problems == [
        "13 October 2017: sources disagree: 46 (Northland Gazette: Observers arrive) · 42 (this figure)."
    ]
    assert "the figures fit" not in admin_client.post(LADDER, boxes | {"value": "42"}).content.decode()
    assert "the figures fit" in admin_client.post(LADDER, boxes).content.decode()


def test_a_gap_between_the_batches_and_the_next_total_is_told(admin_client, published, party, boxes):
    HeadCountFactory(deployment=party, kind="announced", basis="change", value=4, as_of=date(2017, 10, 14))
    ladder = beside(admin_client, boxes | {"value": "53", "as_of": "2017-10-15"})
    sentence = "15 October 2017: 53 reported, but the total before and the batches since give 50."
    assert ladder.problems == [sentence]
    assert [(rung.change, rung.remark) for rung in ladder.rungs] == [
        ("", ""),
        ("+4", ""),
        ("", "The batches since the total before give 50."),
    ]


def test_a_step_without_a_batch_is_told_and_a_batch_entered_as_a_total_is_noticed(admin_client, published, boxes):
    more = beside(admin_client, boxes | {"value": "60", "as_of": "2017-10-14"})
    fewer = beside(admin_client, boxes | {"value": "14", "as_of": "2017-10-14"})
    assert more.rungs[1].remark == "14 more than the total before; no batch published between."
    assert fewer.rungs[1].remark == "32 fewer than the total before. If this is a batch, choose “Change”."


def test_parts_that_exceed_the_new_figure_are_told(admin_client, published, boxes):
    mission = MissionFactory(election=published.deployment.election)
    published.deployment.channels.create(mission=mission, source=published.source)
    ladder = beside(admin_client, boxes | {"deployment": "", "mission": mission.pk, "value": "40"})
    assert ladder.problems == ["The parts add up to 46, more than the whole: 40."]


def test_more_named_than_the_new_figure_announces_is_told(administrator, client, party, boxes, gazette):
    client.force_login(administrator)
    for _ in range(2):
        AssignmentFactory(deployment=party, sources=[gazette])
    assert beside(client, boxes | {"value": "1"}).problems == ["2 persons are named, but only 1 announced."]
    assert beside(client, boxes | {"value": "2"}).problems == []
    assert beside(client, boxes | {"value": "1", "kind": "deployed"}).problems == []


def test_another_source_that_says_the_same_is_a_note_and_nothing_wrong(admin_client, published, boxes, herald):
    ladder = beside(admin_client, boxes | {"source": herald.pk})
    assert (ladder.problems, ladder.notes) == (
        [],
        ["Another source says the same: Northland Gazette: Observers arrive. Nothing is wrong: both stay."],
    )


def test_the_same_source_again_is_told_before_saving_refuses_it(admin_client, published, boxes, gazette):
    ladder = beside(admin_client, boxes | {"source": gazette.pk})
    assert ladder.notes == [
        "This source gives this count for that day already: Northland Gazette: Observers arrive.",
    ]


def test_a_figure_that_is_not_counted_changes_nothing(admin_client, published, boxes):
    ladder = beside(admin_client, boxes | {"value": "42", "counted": ""})
    assert (ladder.figure, ladder.problems) == ("46", [])
    assert ladder.notes == ["This figure is not counted: it changes nothing below."]


def test_a_count_that_is_changed_stands_in_the_ladder_once(admin_client, published, boxes):
    address = reverse("admin:missions_headcount_ladder", args=[published.pk])
    ladder = beside(admin_client, boxes | {"value": "50", "source": published.source_id}, address)
    assert (ladder.figure, ladder.problems, ladder.notes) == ("50", [], [])
    page = admin_client.get(address_of(HeadCount, "change", published))
    [rung] = page.context["beside"].rungs
    assert [(line.figure, line.is_typed) for line in rung.lines] == [("46", True)]
    assert f'data-address="{address}"' in page.content.decode()


def test_without_a_script_a_button_shows_the_ladder_and_saves_nothing(admin_client, published, boxes):
    asked = {address_of(HeadCount, "add"): "46", address_of(HeadCount, "change", published): "at least 701"}
    for address, figure in asked.items():
        page = admin_client.post(address, boxes | {"value": "more than 700", "_ladder": "1"})
        assert refusals(page) == {}
        assert page.context["adminform"].form["value"].value() == "more than 700"
        assert page.context["beside"].figure == figure
        assert list(HeadCount.objects.values_list("value", flat=True)) == [46]
    page = admin_client.post(address_of(HeadCount, "add"), boxes | {"as_of": "soon", "_ladder": "1"})
    assert refusals(page) == {"as_of": ["“soon” is not a date: please write it as 2017-10-15."]}


def test_enter_saves_and_does_not_show_the_ladder(admin_client):
    markup = admin_client.get(address_of(HeadCount, "add")).content.decode()
    assert markup.index('name="_save" hidden') < markup.index('name="_ladder"')


def test_an_address_that_fills_the_form_shows_the_ladder_at_once(admin_client, published):
    page = admin_client.get(f"{address_of(HeadCount, 'add')}?deployment=from-kz&kind=announced&as_of=2017-10-14")
    assert [rung.reported for rung in page.context["beside"].rungs] == ["46"]


def test_the_ladder_is_for_those_who_may_add_counts(client, published, boxes, viewer, coordinator, outsider):
    published.owner = coordinator.staff_roles.get().organization
    published.save()
    change = reverse("admin:missions_headcount_ladder", args=[published.pk])
    missing = reverse("admin:missions_headcount_ladder", args=[published.pk + 1])

    def statuses(clerk):
        client.force_login(clerk)
        asked = [client.post(address, boxes) for address in (LADDER, change, missing)]
        return [answer.status_code for answer in (*asked, client.get(READ, {"text": "46"}))]

    for reader in (UserFactory(is_staff=True), viewer, UserFactory(is_data_protection=True)):
        assert set(statuses(reader)) - {404} == {403}
    # What a box may point to is what the clerk may see; members see all facts.
    assert statuses(coordinator) == [200, 200, 404, 200]
    assert statuses(outsider) == [200, 404, 404, 200]


def test_the_ladder_costs_as_many_queries_for_many_counts_as_for_one(admin_client, published, boxes):
    beside(admin_client, boxes)
    with CaptureQueriesContext(connection) as one:
        beside(admin_client, boxes)
    for day in range(1, 13):
        HeadCountFactory(deployment=published.deployment, kind="announced", value=day, as_of=date(2017, 10, day))
    with CaptureQueriesContext(connection) as many:
        assert len(beside(admin_client, boxes).rungs) == 13
    assert len(many) == len(one)


# Another source says the same


def test_the_form_for_another_source_lacks_nothing_but_the_source(admin_client, published, herald):
    HeadCount.objects.update(as_of_from=date(2017, 9, 1), qualifier="at_least")
    page = admin_client.get(address_of(HeadCount, "change", published))
    link = page.context["same_from_another"]
    assert f'<a href="{link.replace("&", "&amp;")}">Another source says the same</a>' in page.content.decode()
    sent = untouched(admin_client.get(link))
    assert "source" not in sent
    answer = admin_client.post(link, sent | {"source": herald.pk}, follow=True)
    assert "success" in told(answer)
    columns = ("deployment", "kind", "group", "basis", "qualifier", "value", "as_of_from", "as_of", "counted")
    [first, second] = HeadCount.objects.order_by("pk").values_list(*columns)
    assert first == second


def test_each_published_figure_of_the_ladder_leads_to_that_form(admin_client, published, boxes):
    ladder = beside(admin_client, boxes | {"value": "42"})
    same = admin_client.get(address_of(HeadCount, "change", published)).context["same_from_another"]
    assert [line.same_from_another for line in ladder.rungs[0].lines] == [same, ""]


# Whether the totals of a day disagree

ROWS = st.builds(
    total,
    st.integers(1, 5),
    st.sampled_from(["2017-10-13", "2017-10-14"]),
    st.sampled_from(["exact", "at_least", "more_than", "about", "at_most", "not_published"]),
    preferred=st.booleans(),
    basis=st.sampled_from(["total", "change"]),
    source=st.sampled_from(["gazette", "herald", "courier"]),
)


@given(st.lists(ROWS, max_size=6, unique=True))
def test_a_ladder_in_conflict_names_a_day_whose_sources_disagree(rows):
    ladder = read_ladder(rows)
    days = rows_by_day(rows)
    of_day = {step: [row for row in days[day_of_step(step)] if row.basis == "total"] for step in ladder.steps}
    named = [step for step in ladder.steps if disagree(step, of_day[step])]
    assert bool(named) >= ladder.conflict
