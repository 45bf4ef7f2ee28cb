"""Ranges and rules 1 to 4: what the rows of one subject say from day to day."""

from dataclasses import replace
from datetime import date

import pytest

from missions.reconciliation import Range, reconcile
from tests.missions.head_counts import (
    announced,
    change,
    column,
    election,
    ends,
    mission,
    read,
    read_mission,
    total,
    withdrawn,
)

# ---- every figure is a range


@pytest.mark.parametrize(
    ("qualifier", "low", "high", "approximate"),
    [
        ("exact", 46, 46, False),
        ("about", 46, 46, True),
        ("at_least", 46, None, False),
        ("more_than", 47, None, False),
        ("at_most", 0, 46, False),
        ("not_published", None, None, False),
    ],
)
def test_a_qualifier_says_how_far_a_figure_reaches(qualifier, low, high, approximate):
    answer = read(total(46, "2017-10-13", qualifier))
    assert (answer.low, answer.high, answer.approximate) == (low, high, approximate)


def test_a_qualifier_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="no such qualifier: roughly"):
        read(total(46, "2017-10-13", "roughly"))


def test_about_makes_every_sum_approximate():
    assert read(total(46, "2017-10-13", "about"), change(1, "2017-10-14")).approximate is True
    groups = [total(40, "2017-10-13", "about", group="core_team"), total(6, "2017-10-13", group="long_term")]
    assert read_mission(mission("leom", *groups, kind="leom")).approximate is True


def test_null_stays_null_at_its_end():
    assert Range(1, None) + Range(2, 3) == Range(3, None)
    assert Range(None, None) + Range(2, 3) == Range(None, None)


def test_nothing_known_is_null_in_all_three():
    answer = read()
    assert (answer.value, answer.low, answer.high, answer.agreement) == (None, None, None, "none")
    assert (answer.derived, answer.parts, answer.parts_sum, answer.parts_gap) == (False, (), None, None)


def test_a_row_that_is_not_counted_never_counts():
    assert read(total(46, "2017-10-13"), total(99, "2017-10-14", counted=False)) == read(total(46, "2017-10-13"))


def test_a_row_of_a_later_day_is_not_read_yet():
    rows = [total(46, "2017-10-13"), total(99, "2017-10-14")]
    assert [read(*rows, on=date(2017, 10, day)).value for day in (12, 13, 14)] == [None, 46, 99]


@pytest.mark.parametrize("subject", ["elections/other", "missions/cis", "deployments/from-kz", "cis", "sources/a"])
def test_an_unknown_subject_is_a_lookup_error(subject):
    with pytest.raises(LookupError, match=subject):
        reconcile(election(), subject)


# ---- rule 1: the total on a date


def test_two_sources_with_one_value_are_adopted_both():
    answer = read(total(46, "2017-10-13"), total(46, "2017-10-13", source="akipress"))
    assert [(each.source, each.adopted) for each in answer.ladder[0].totals] == [("akipress", True), ("kabar", True)]
    assert (answer.value, answer.agreement) == (46, "agreed")


def test_a_total_repeated_on_a_later_date_is_adopted_again():
    answer = read(total(46, "2017-10-13", states=9), total(46, "2017-10-14", states=12))
    assert [each.adopted for step in answer.ladder for each in step.totals] == [True, True]
    assert answer.states == Range(12, 12)


def test_two_exact_values_keep_their_range_and_conflict():
    answer = read(total(46, "2017-10-13"), total(48, "2017-10-13", source="akipress"))
    assert (answer.value, ends(answer), answer.agreement) == (None, (46, 48), "conflict")
    assert [(each.adopted, each.differs_by) for each in answer.ladder[0].totals] == [(False, None), (False, None)]


def test_the_computed_value_decides_between_two():
    answer = read(
        total(40, "2017-10-12"),
        change(6, "2017-10-13"),
        total(46, "2017-10-13"),
        total(48, "2017-10-13", source="akipress"),
    )
    assert [(each.value, each.adopted, each.differs_by) for each in answer.ladder[1].totals] == [
        (48, False, 2),
        (46, True, 0),
    ]
    assert (answer.value, answer.agreement) == (46, "conflict")


def test_a_preferred_total_decides_though_the_other_is_exact():
    answer = read(total(46, "2017-10-13", preferred=True), total(48, "2017-10-13", source="akipress"))
    assert (answer.value, answer.agreement) == (46, "conflict")
    about = read(total(60, "2017-10-13", "about", preferred=True), total(48, "2017-10-13", source="akipress"))
    assert (about.value, about.approximate) == (60, True)


def test_a_preferred_row_without_a_figure_decides_nothing():
    rows = [total(None, "2017-10-13", "not_published", preferred=True), total(48, "2017-10-13", source="akipress")]
    assert read(*rows).value == 48


def test_exact_goes_before_about_and_about_before_bounds():
    exact, about, bound = (
        total(775, "2017-10-15"),
        total(800, "2017-10-15", "about", source="a"),
        total(700, "2017-10-15", "more_than", source="b"),
    )
    assert read(exact, about, bound).value == 775
    assert (read(about, bound).value, read(about, bound).approximate) == (800, True)
    assert read(exact, about, bound).agreement == read(about, bound).agreement == "agreed"
    assert [(each.value, each.adopted, each.differs_by) for each in read(exact, about, bound).ladder[0].totals] == [
        (800, False, 25),
        (700, False, -75),
        (775, True, 0),
    ]


def test_bounds_of_one_date_combine():
    answer = read(
        total(40, "2017-10-13", "at_least"),
        total(44, "2017-10-13", "more_than", source="a"),
        total(60, "2017-10-13", "at_most", source="b"),
        total(50, "2017-10-13", "at_most", source="c"),
    )
    assert (ends(answer), answer.agreement) == ((45, 50), "agreed")
    assert [(each.value, each.adopted) for each in answer.ladder[0].totals] == [
        (44, True),
        (60, False),
        (50, True),
        (40, False),
    ]


def test_bounds_that_exclude_each_other_conflict():
    answer = read(total(60, "2017-10-13", "at_least"), total(50, "2017-10-13", "at_most", source="a"))
    assert (ends(answer), answer.agreement) == ((0, None), "conflict")


@pytest.mark.parametrize(
    ("value", "qualifier", "now"),
    [
        (495, "more_than", (496, 496)),
        (496, "more_than", (497, None)),
        (496, "at_least", (496, 496)),
        (496, "at_most", (496, 496)),
        (495, "at_most", (0, 495)),
        (545, "about", (496, 496)),
        (546, "about", (546, 546)),
        (447, "about", (496, 496)),
        (446, "about", (446, 446)),
        (496, "not_published", (496, 496)),
    ],
)
def test_a_loose_total_that_the_running_figure_meets_changes_nothing(value, qualifier, now):
    answer = read(total(490, "2017-10-12"), change(6, "2017-10-13"), total(value, "2017-10-14", qualifier))
    assert (ends(answer), answer.agreement) == (now, "agreed")
    assert [each.value for each in answer.ladder[2].totals] == [value]


def test_one_about_that_changes_nothing_does_not_excuse_another():
    near, far = total(500, "2017-10-14", "about"), total(900, "2017-10-14", "about", source="akipress")
    answer = read(total(496, "2017-10-13"), near, far)
    assert (ends(answer), answer.agreement) == ((500, 900), "conflict")
    assert read(total(496, "2017-10-13"), near, replace(far, value=480)).agreement == "agreed"


def test_an_about_near_one_end_of_a_range_is_a_new_total():
    disputed = (total(40, "2017-10-13"), total(60, "2017-10-13", source="akipress"))
    assert ends(read(*disputed, total(42, "2017-10-14", "about"))) == (42, 42)


def test_a_bound_beside_an_exact_total_gives_nothing():
    answer = read(total(46, "2017-10-13"), total(46, "2017-10-13", "at_least", source="akipress"))
    assert [(each.source, each.adopted) for each in answer.ladder[0].totals] == [("akipress", False), ("kabar", True)]


def test_a_total_that_changes_nothing_leaves_the_ladder_standing():
    answer = read(total(490, "2017-10-12"), total(500, "2017-10-13", "about"), total(500, "2017-10-14"))
    assert column(answer, "reported") == [490, 500, 500]
    assert column(answer, "step") == [None, None, 10]
    assert [each.adopted for step in answer.ladder for each in step.totals] == [True, False, True]


# ---- rules 2 and 3: computed, change, before, gap, step


def test_computed_is_the_total_before_and_every_change_after_it():
    answer = read(
        total(40, "2017-10-10"),
        change(5, "2017-10-10"),
        change(2, "2017-10-11"),
        change(3, "2017-10-12"),
        total(46, "2017-10-12"),
    )
    assert column(answer, "computed") == [None, 42, 45]
    assert column(answer, "reported") == [40, None, 46]
    assert column(answer, "gap") == [None, None, 1]
    assert column(answer, "change") == [5, 2, 3]
    assert column(answer, "before") == [35, None, 43]
    assert column(answer, "step") == [None, None, 6]
    assert (answer.value, answer.agreement) == (46, "gap")


def test_computed_needs_an_adopted_total():
    answer = read(
        total(40, "2017-10-10"),
        total(46, "2017-10-11"),
        total(48, "2017-10-11", source="akipress"),
        change(3, "2017-10-12"),
        total(51, "2017-10-12"),
    )
    assert (column(answer, "computed"), column(answer, "step")) == ([None, None, None], [None, None, None])


@pytest.mark.parametrize("qualifier", ["about", "at_least", "more_than", "at_most"])
def test_computed_needs_exact_changes(qualifier):
    answer = read(total(40, "2017-10-10"), change(6, "2017-10-11", qualifier), total(50, "2017-10-12"))
    assert (column(answer, "computed"), answer.agreement) == ([None, None, None], "agreed")


def test_computed_needs_a_change():
    answer = read(total(40, "2017-10-10"), total(50, "2017-10-12"))
    assert (column(answer, "computed"), column(answer, "step")) == ([None, None], [None, 10])


def test_the_same_value_in_two_sources_is_one_change():
    rows = [total(40, "2017-10-10"), change(6, "2017-10-11"), change(6, "2017-10-11", "about", source="akipress")]
    assert (read(*rows).value, read(*rows).approximate) == (46, False)
    assert read(*rows, change(2, "2017-10-11", source="24kg")).value == 48
    assert read(*rows, change(6, "2017-10-12")).value == 52


def test_about_makes_no_gap_and_no_step():
    answer = read(total(40, "2017-10-10", "about"), change(6, "2017-10-11"), total(50, "2017-10-11"))
    assert (column(answer, "computed"), column(answer, "gap"), column(answer, "step")) == (
        [None, 46],
        [None, None],
        [None, None],
    )


def test_an_interval_is_a_step_before_the_exact_day_it_ends_on():
    interval = total(44, "2017-10-13", since="2017-10-01")
    answer = read(total(46, "2017-10-13"), interval)
    assert (column(answer, "reported"), column(answer, "step")) == ([44, 46], [None, 2])
    assert (answer.value, answer.agreement) == (46, "agreed")


def test_a_change_of_the_exact_day_comes_after_the_interval():
    interval = total(44, "2017-10-13", since="2017-10-01")
    assert read(interval, change(2, "2017-10-13")).value == 46
    assert read(total(44, "2017-10-13"), change(2, "2017-10-13", since="2017-10-01")).value == 44


def test_an_interval_of_one_day_is_that_day():
    answer = read(change(2, "2017-10-13", since="2017-10-13"), total(44, "2017-10-13"))
    assert (column(answer, "before"), column(answer, "as_of_from")) == ([42], [None])


# ---- rule 4: the value now


def test_changes_without_any_total_are_a_floor():
    answer = read(change(54, "2017-08-31"), change(7, "2017-09-01", "at_most"))
    assert (answer.value, ends(answer), answer.active, answer.agreement) == (None, (54, None), None, "agreed")


def test_the_value_is_the_range_kept_plus_the_changes_after_it():
    answer = read(total(46, "2017-10-13"), total(48, "2017-10-13", source="akipress"), change(2, "2017-10-14"))
    assert ends(answer) == (48, 50)


def test_active_leaves_out_those_withdrawn_after_the_last_total():
    rows = [
        total(100, "2017-10-01"),
        withdrawn(3, "2017-09-30"),
        withdrawn(2, "2017-10-01"),
        withdrawn(4, "2017-10-02"),
    ]
    answer = read(*rows)
    assert (answer.value, answer.withdrawn, answer.active) == (100, 9, 96)
    assert [read(*rows, on=date(2017, 10, 1)).active, read(*rows, on=date(2017, 9, 30)).withdrawn] == [100, 3]


def test_a_total_of_those_withdrawn_counts_from_zero():
    rows = [total(100, "2017-10-01"), withdrawn(3, "2017-09-30"), withdrawn(8, "2017-10-02", basis="total")]
    assert (read(*rows).withdrawn, read(*rows).active) == (8, 95)
    bound = withdrawn(2, "2017-09-29", "at_least", basis="total")
    assert read(bound, withdrawn(8, "2017-10-02", basis="total")).withdrawn == 8


def test_computed_leaves_out_those_withdrawn_since_the_total_it_starts_from():
    rows = [
        withdrawn(9, "2017-10-01"),
        total(100, "2017-10-01"),
        withdrawn(3, "2017-10-02"),
        change(10, "2017-10-03"),
        total(107, "2017-10-03"),
    ]
    assert (column(read(*rows), "computed"), read(*rows).agreement) == ([None, 107], "agreed")
    for qualifier in ("at_least", "about"):
        unsure = [*rows, withdrawn(1, "2017-10-03", qualifier)]
        assert column(read(*unsure), "computed") == [None, None]


def test_other_kinds_know_nothing_of_withdrawals():
    rows = [announced(100, "2017-10-01"), withdrawn(3, "2017-10-02")]
    more = [announced(2, "2017-10-03", basis="change"), announced(102, "2017-10-03")]
    answer = read(*rows, *more, kind="announced")
    assert (answer.withdrawn, answer.active, column(answer, "gap")) == (None, None, [None, 0])


def test_those_withdrawn_from_a_group_are_withdrawn_from_all():
    of_group = withdrawn(4, "2017-10-02", group="short_term")
    answer = read(total(100, "2017-10-01"), of_group)
    assert (answer.withdrawn, answer.active) == (4, 96)
    assert read(total(100, "2017-10-01"), of_group, withdrawn(1, "2017-10-02")).withdrawn == 1
    earlier = withdrawn(2, "2017-09-30", group="long_term")
    assert read(total(100, "2017-10-01"), earlier, of_group).active == 96
    later = withdrawn(5, "2017-10-03", group="core_team")
    assert read(total(100, "2017-10-02"), later, of_group).active == 95


def test_states_and_bodies_are_those_of_the_last_totals_date():
    answer = read(
        total(86, "2017-09-08", states=27, bodies=15),
        total(315, "2017-09-28", states=50),
        total(315, "2017-09-28", states=48, source="tass"),
        change(2, "2017-09-28", states=2),
        change(1, "2017-09-29", states=1),
    )
    assert (answer.states, answer.bodies) == (Range(48, 50), Range(None, None))
