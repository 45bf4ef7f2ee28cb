"""Batches that are not exact, and totals of one day that leave nothing known: the chart and the table say the same."""

import pytest
from django.template import engines
from django.urls import reverse

from missions.ladder_chart import chart, rungs
from missions.reconciliation import Range, reconcile
from missions.templatetags.figures import added, in_words, label_of
from tests.factories import ElectionFactory, HeadCountFactory, SourceFactory
from tests.missions.head_counts import ELECTION, change, election, total
from tests.missions.test_ladder_pages import ladder, notes, points
from tests.missions.test_pages import read, section

AT_LEAST_FIVE = change(5, "2017-09-05", "at_least")
CONTRADICTION = (total(90, "2017-09-08", "at_least"), total(80, "2017-09-08", "at_most", source="tass"))


def climb(*counts):
    return rungs(counts, reconcile(election(*counts), ELECTION).ladder)


def draw(*counts):
    steps = climb(*counts)
    return chart(steps, [label_of(step) for step in steps], ["" for _step in steps])


# Batches


@pytest.mark.parametrize(
    ("batches", "in_the_chart", "in_the_table"),
    [
        ([change(39, "2017-09-05")], "+39", "+39"),
        ([change(0, "2017-09-05")], "+0", "+0"),
        ([AT_LEAST_FIVE], "+≥ 5", "+at least 5"),
        ([change(5, "2017-09-05", "more_than")], "+≥ 6", "+at least 6"),
        ([change(5, "2017-09-05", "at_most")], "+≤ 5", "+up to 5"),
        ([change(40, "2017-09-05", "about")], "+about 40", "+about 40"),
        ([AT_LEAST_FIVE, change(30, "2017-09-05", source="tass")], "+≥ 35", "+at least 35"),
        ([change(None, "2017-09-05", "not_published")], "not published", ""),
    ],
)
def test_the_batches_of_a_day_without_a_total_are_printed_with_a_plus(batches, in_the_chart, in_the_table):
    (step,) = climb(*batches)
    assert (label_of(step), added(step.change)) == (in_the_chart, in_the_table)


def test_a_batch_that_is_not_exact_is_marked_and_explained_as_a_batch():
    picture = draw(total(61, "2017-08-31"), AT_LEAST_FIVE)
    assert [point.shape for point in picture.points] == ["total", "batch"]
    assert picture.marks == {"total", "batch", "floor"}


def test_a_batch_beside_a_total_leaves_the_label_to_the_total():
    (step,) = climb(AT_LEAST_FIVE, total(61, "2017-09-05"))
    assert (label_of(step), added(step.change)) == ("61", "+at least 5")


def test_a_batch_beside_a_total_that_is_not_published_is_what_is_known_of_the_day():
    picture = draw(AT_LEAST_FIVE, total(None, "2017-09-05", "not_published"))
    assert [(point.label, point.shape) for point in picture.points] == [("+≥ 5", "batch")]


# Bounds that exclude each other


def test_bounds_that_exclude_each_other_leave_nothing_known_in_chart_and_table():
    (step,) = climb(*CONTRADICTION)
    assert (label_of(step), in_words(step.figure), step.figure) == ("not known", "not known", Range(0, None))
    picture = draw(*CONTRADICTION)
    assert [point.shape for point in picture.points] == ["disputed"]
    assert picture.marks == {"disputed"}


def test_the_line_does_not_fall_to_nothing_where_nothing_is_known():
    counts = total(61, "2017-08-31"), *CONTRADICTION
    picture = draw(*counts)
    before, unknown = picture.points
    assert (unknown.y, unknown.reach) == (before.y, 0)
    assert [(line.y1, line.y2, line.reported) for line in picture.lines] == [(before.y, before.y, True)]


# On the page


@pytest.fixture
def northland(db):
    return ElectionFactory(code="northland-2030")


def counted(northland, value, as_of, **but):
    return HeadCountFactory(election=northland, value=value, as_of=as_of, **but)


@pytest.mark.usefixtures("public_access")
def test_the_chart_of_a_page_prints_the_batch_with_its_legend(client, northland):
    counted(northland, 60, "2030-05-01")
    counted(northland, 5, "2030-05-08", basis="change", qualifier="at_least")
    markup = read(client, reverse("election", args=["northland-2030"]))
    assert points(markup) == [("step-1", "60"), ("step-2", "+≥ 5")]
    assert "batch without a total" in section(markup, "accreditation")
    assert "looked for, not published" not in section(markup, "accreditation")


@pytest.mark.usefixtures("public_access")
def test_the_page_says_of_a_contradiction_that_sources_disagree_and_nothing_is_known(client, northland):
    counted(northland, 60, "2030-05-01")
    counted(northland, 90, "2030-05-08", qualifier="at_least", source=SourceFactory(code="gazette"))
    counted(northland, 80, "2030-05-08", qualifier="at_most", source=SourceFactory(code="herald"))
    markup = read(client, reverse("election", args=["northland-2030"]))
    assert points(markup) == [("step-1", "60"), ("step-2", "not known")]
    assert ladder(markup)[1][:2] == ["8 May 2030", "not known"]
    assert "sources disagree: up to 80 or at least 90" in notes(markup)
    assert "≥ 0" not in markup


def test_the_table_has_a_filter_for_the_batches_of_a_step():
    (step,) = climb(AT_LEAST_FIVE)
    template = engines["django"].from_string("{% load figures %}{{ rung.change|added }}")
    assert template.render({"rung": step}) == "+at least 5"
