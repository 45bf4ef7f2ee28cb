"""What holds for rows nobody thinks of."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from missions.ladder import difference
from missions.reconciliation import Count, reconcile
from tests.missions.head_counts import ELECTION, column, election, ends, mission, party, read, total

KINDS = ("announced", "deployed", "accredited")
rows = st.builds(
    Count,
    kind=st.sampled_from((*KINDS, "withdrawn")),
    group=st.sampled_from(("all", "core_team", "long_term", "short_term", "organizations", "states", "citizen")),
    basis=st.sampled_from(("total", "change")),
    value=st.integers(0, 60),
    qualifier=st.sampled_from(
        ("exact", "exact", "exact", "about", "at_least", "more_than", "at_most", "not_published")
    ),
    as_of_from=st.none() | st.just(date(2017, 9, 30)),
    as_of=st.integers(0, 6).map(lambda day: date(2017, 10, 1) + timedelta(day)),
    states=st.none() | st.integers(0, 9),
    bodies=st.none(),
    counted=st.booleans(),
    preferred=st.booleans(),
    source=st.sampled_from("abc"),
)
counts = st.lists(
    rows, max_size=14, unique_by=lambda row: (row.kind, row.group, row.basis, row.as_of_from, row.as_of, row.source)
).map(tuple)
own_counts = counts.map(lambda found: tuple(replace(row, kind="accredited", group="all") for row in found))
records = st.builds(
    lambda own, cis, ipa, several, bilateral, status: election(
        *own,
        missions=[
            mission("cis", *cis, kind="ieom"),
            mission("ipa", *ipa, part_of="cis", status=status),
            mission("a", *own),
        ],
        deployments=[
            party("several", *several, through=["cis", "ipa"], named={"ipa": frozenset({"p"})}),
            party("bilateral", *bilateral, status=status),
            party("deputies", *several, part_of="bilateral"),
            party("another", *own),
        ],
    ),
    *[counts] * 5,
    st.sampled_from(("closed", "cancelled")),
)
SUBJECTS = (ELECTION, "missions/cis", "missions/ipa", "deployments/several", "deployments/bilateral")
questions = st.fixed_dictionaries({"subject": st.sampled_from(SUBJECTS), "kind": st.sampled_from(KINDS)})


@settings(deadline=None)
@given(own_counts, rows)
def test_rows_of_another_kind_or_group_change_nothing(own, other):
    known = (*own, total(5, "2017-10-01", source="d"))
    for stranger in (replace(other, kind="announced"), replace(other, kind="accredited", group="long_term")):
        assert read(*known, stranger) == read(*known)


@settings(deadline=None)
@given(records, questions, st.integers(0, 13))
def test_the_order_of_rows_changes_nothing(record, question, place):
    def shuffled(things):
        return (*things[place:], *reversed(things[:place]))

    other = replace(
        record,
        counts=shuffled(record.counts),
        missions=shuffled([replace(each, counts=shuffled(each.counts)) for each in record.missions]),
        deployments=shuffled([replace(each, counts=shuffled(each.counts)) for each in record.deployments]),
    )
    assert reconcile(other, **question) == reconcile(record, **question)


@settings(deadline=None)
@given(records, questions)
def test_low_is_at_most_value_and_value_at_most_high(record, question):
    answer = reconcile(record, **question)
    figures = [(part.low, part.value, part.high) for part in answer.parts]
    figures += [(step.low, step.reported, step.high) for step in answer.ladder]
    figures += [(each.low, each.value, each.high) for each in (answer.states, answer.parts_sum) if each]
    for low, value, high in [(answer.low, answer.value, answer.high), *figures]:
        stated = [end for end in (low, value, high) if end is not None]
        assert stated == sorted(stated)
        assert value == (low if low == high else None)


@settings(deadline=None)
@given(own_counts)
def test_the_ladder_adds_up(own):
    adopted = None
    for step in read(*own).ladder:
        if step.gap is not None:
            assert difference(step.reported, step.computed) == step.gap
        if step.step is not None:
            assert difference(step.reported, adopted) == step.step
        if step.before is not None:
            assert difference(step.reported, step.change) == step.before
        if any(each.adopted for each in step.totals):
            adopted = step.reported


@settings(deadline=None)
@given(records, questions)
def test_parts_never_exceed_a_value_without_saying_so(record, question):
    answer = reconcile(record, **question)
    least, most = answer.parts_sum.low if answer.parts_sum else None, answer.high
    if least is not None and most is not None and least > most:
        assert answer.agreement in {"conflict", "gap"}


@settings(deadline=None)
@given(st.integers(0, 60), st.lists(st.integers(0, 60), min_size=1, max_size=4))
def test_exact_parts_exceed_an_exact_value_where_their_sum_is_greater(value, of_parts):
    missions = [mission(f"m{n}", total(each, "2017-10-01")) for n, each in enumerate(of_parts)]
    answer = reconcile(election(total(value, "2017-10-01"), missions=missions), ELECTION)
    whole = sum(of_parts)
    assert answer.agreement == ("gap" if whole > value else "partial" if whole < value else "agreed")
    assert answer.parts_gap == value - whole


@settings(deadline=None)
@given(records, questions, rows)
def test_counted_false_never_counts(record, question, row):
    more = replace(record, counts=(*record.counts, replace(row, counted=False)))
    assert reconcile(more, **question) == reconcile(record, **question)


@settings(deadline=None)
@given(own_counts)
def test_a_second_source_with_the_same_figure_never_changes_a_value(own):
    answer, doubled = read(*own), read(*own, *(replace(row, source=f"{row.source}2") for row in own))
    assert (doubled.value, ends(doubled), doubled.agreement) == (answer.value, ends(answer), answer.agreement)
    for field in ("reported", "low", "high", "change", "computed", "before", "gap", "step"):
        assert column(doubled, field) == column(answer, field)


@settings(deadline=None)
@given(records, st.sampled_from(KINDS), counts)
def test_nothing_nested_ever_adds_twice(record, kind, nested):
    more = replace(
        record,
        missions=(*record.missions, mission("nested", *nested, part_of="ipa")),
        deployments=(*record.deployments, party("nested", *nested, part_of="several", through=["cis"])),
    )
    for subject in (ELECTION, "missions/cis", "deployments/bilateral"):
        answer, before = reconcile(more, subject, kind=kind), reconcile(record, subject, kind=kind)
        assert (ends(answer), answer.parts, answer.parts_sum) == (ends(before), before.parts, before.parts_sum)
