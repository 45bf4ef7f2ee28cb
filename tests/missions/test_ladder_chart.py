"""The picture of a ladder: what each step stands on, and where it stands."""

from datetime import date
from itertools import pairwise
from math import ceil

import pytest

from missions.ladder_chart import (
    GROUND,
    LEFT,
    RIGHT,
    box_of,
    chart,
    places_in_time,
    range_bar,
    rungs,
)
from missions.reconciliation import Range, reconcile
from tests.missions.head_counts import ELECTION, change, election, total
from tests.missions.test_figures_of_the_press import KYRGYZSTAN_2017


def climb(*counts):
    record = election(*counts)
    return rungs(counts, reconcile(record, ELECTION).ladder)


def draw(*counts):
    steps = climb(*counts)
    return chart(steps, [str(step.figure.low) for step in steps], [step.step.as_of.isoformat() for step in steps])


# What a step stands on


def test_a_step_tells_the_total_before_it():
    one, two, three = climb(total(61, "2017-08-31"), total(86, "2017-09-08"), total(315, "2017-09-28"))
    assert [step.before for step in (one, two, three)] == [None, one, two]
    assert [step.running for step in (one, two, three)] == [Range(61, 61), Range(86, 86), Range(315, 315)]


def test_a_batch_between_two_totals_explains_the_second():
    first, batch, second = climb(total(61, "2017-08-31"), change(25, "2017-09-05"), total(86, "2017-09-08"))
    assert [step.without_batch for step in (first, batch, second)] == [False, False, False]
    assert (batch.figure.known, batch.running, second.before) == (False, Range(86, 86), first)


def test_a_total_that_rises_without_a_batch_says_so():
    assert [step.without_batch for step in climb(total(61, "2017-08-31"), total(86, "2017-09-08"))] == [False, True]


def test_an_inexact_batch_is_a_batch():
    _first, _batch, second = climb(
        total(61, "2017-08-31"), change(20, "2017-09-05", "at_least"), total(86, "2017-09-08")
    )
    assert second.without_batch is False


def test_the_same_total_again_needs_no_batch():
    assert [step.without_batch for step in climb(total(61, "2017-08-31"), total(61, "2017-09-08"))] == [False, False]


def test_sources_that_disagree_mark_their_own_day_only():
    steps = climb(
        total(42, "2017-09-08"),
        total(43, "2017-09-08", source="tass"),
        total(50, "2017-09-28"),
        total(61, "2017-08-31"),
    )
    assert [(step.figure, step.disputed) for step in steps] == [
        (Range(61, 61), False),
        (Range(42, 43), True),
        (Range(50, 50), False),
    ]


def test_a_total_that_says_no_more_than_is_known_moves_nothing():
    _first, second, third = climb(total(61, "2017-08-31"), total(50, "2017-09-08", "at_least"), total(86, "2017-09-28"))
    assert (second.stands, second.disputed, second.running) == (False, False, Range(61, 61))
    assert third.before.number == 1


# Where it stands


def test_time_is_true_and_what_is_undated_lies_between_its_neighbours():
    days = [step.day for step in climb(*KYRGYZSTAN_2017)]
    places = places_in_time(days)
    dated = [(place, day[0].toordinal()) for place, day in zip(places, days, strict=True) if day[1]]
    assert [place for place, _day in dated] == [day for _place, day in dated]
    assert all(one < other for one, other in pairwise(places))
    assert [
        (date.fromordinal(ceil(place)), day[2] <= date.fromordinal(ceil(place)) <= day[0])
        for place, day in zip(places, days, strict=True)
        if not day[1]
    ] == [(date(2017, 10, 4), True), (date(2017, 10, 10), True)]


def test_an_undated_first_and_last_total_have_their_places_too():
    days = [
        step.day
        for step in climb(total(5, "2017-09-10", since="2017-09-01"), total(9, "2017-10-10", since="2017-10-01"))
    ]
    places = [date.fromordinal(ceil(place)) for place in places_in_time(days)]
    assert places == [date(2017, 9, 4), date(2017, 10, 6)]


def test_undated_totals_keep_their_order_where_their_days_overlap():
    steps = climb(total(5, "2017-09-10", since="2017-09-09"), total(9, "2017-09-11", since="2017-09-01"))
    first, second = places_in_time([step.day for step in steps])
    assert first < second < date(2017, 9, 11).toordinal()


def test_every_step_is_a_point_and_the_first_and_the_last_stand_at_the_edges():
    picture = draw(*KYRGYZSTAN_2017)
    assert [point.label for point in picture.points] == ["61", "86", "315", "496", "701", "775"]
    assert (picture.points[0].x, picture.points[-1].x) == (LEFT, RIGHT)
    heights = [point.y for point in picture.points]
    assert heights == sorted(heights, reverse=True)
    assert max(heights) < GROUND


def test_height_is_in_proportion_from_the_ground():
    half, whole = draw(total(50, "2017-08-31"), total(100, "2017-09-08")).points
    assert (GROUND - half.y) * 2 == GROUND - whole.y


def test_a_single_day_stands_in_the_middle():
    (point,) = draw(total(50, "2017-08-31")).points
    assert point.left == "50.00%"


@pytest.mark.parametrize(
    ("counts", "shape"),
    [
        ([total(61, "2017-08-31")], "total"),
        ([total(61, "2017-08-31", since="2017-08-01")], "undated"),
        ([total(42, "2017-08-31"), total(43, "2017-08-31", source="tass")], "disputed"),
        ([change(54, "2017-08-31")], "batch"),
        ([total(None, "2017-08-31", "not_published")], "blank"),
    ],
)
def test_each_sort_of_step_has_a_mark_of_its_own(counts, shape):
    (point,) = draw(*counts).points
    assert point.shape == shape


def test_the_range_of_a_dispute_reaches_from_its_low_to_its_high_end():
    (point,) = draw(total(50, "2017-08-31"), total(100, "2017-08-31", source="tass")).points
    assert (GROUND - point.y, point.reach) == ((GROUND - point.y + point.reach) / 2, GROUND - point.y)


def test_a_line_without_a_batch_differs_from_a_line_with_one():
    counts = total(61, "2017-08-31"), change(25, "2017-09-08"), total(86, "2017-09-08"), total(315, "2017-09-28")
    assert [line.reported for line in draw(*counts).lines] == [True, True, False, False]


def test_the_legend_explains_what_is_drawn_and_nothing_else():
    assert draw(*KYRGYZSTAN_2017).marks == {"total", "undated", "floor", "unreported"}
    assert draw(total(61, "2017-08-31"), total(61, "2017-09-08")).marks == {"total"}


LABELS = ["61", "86", "315", "496", "≥ 701", "about 775"]


@pytest.mark.parametrize("labels", [LABELS, ["", "", "", "", "at least 701 of 58", "about 1,775 of 1,800"]])
def test_no_label_covers_another_on_the_narrowest_page_or_leaves_it(labels):
    picture = chart(climb(*KYRGYZSTAN_2017), labels, [""] * 6)
    boxes = [box_of(each.x, each.y - each.reach, each.label, each.side) for each in picture.points]
    assert [box for box in boxes if not box.is_on_the_page] == []
    assert [(one, other) for at, one in enumerate(boxes) for other in boxes[:at] if one.meets(other)] == []


def test_days_below_are_left_out_where_they_have_no_room():
    assert [below.text for below in draw(*KYRGYZSTAN_2017).dates] == ["2017-08-31", "2017-10-15"]
    steps = climb(total(1, "2017-08-01"), total(2, "2017-09-01"), total(3, "2017-10-01"))
    dates = chart(steps, ["1", "2", "3"], ["1 Aug", "1 Sep", "1 Oct"]).dates
    assert sorted((below.text, below.anchor) for below in dates) == [
        ("1 Aug", "start"),
        ("1 Oct", "end"),
        ("1 Sep", "middle"),
    ]


# Shares


def test_the_bar_of_a_share_shows_what_is_known_and_what_is_possible():
    bar = range_bar(Range(2, 46), Range(46, 46))
    assert (bar.known, bar.possible) == ("4.35%", "95.65%")


@pytest.mark.parametrize("share", [Range(2, None), Range(None, None)])
def test_a_share_without_an_upper_end_has_no_bar(share):
    assert range_bar(share, Range(46, 46)) is None
    assert range_bar(Range(2, 46), Range(46, None)) is None
