"""Rules 5 to 9: groups, parts, shares, what was called off, persons named, agreement."""

from dataclasses import replace
from datetime import date

import pytest

from missions.ladder import ZERO
from missions.reconciliation import Range, channel_share, channels_agree, named, reconcile
from tests.missions.head_counts import (
    CODE,
    ELECTION,
    announced,
    change,
    column,
    deployed,
    election,
    ends,
    mission,
    parts,
    party,
    read,
    read_mission,
    total,
    withdrawn,
)

# ---- rule 5: groups


def test_a_limited_mission_has_no_short_term_group():
    groups = (total(11, "2020-12-10", group="core_team"), total(24, "2020-12-10", group="long_term"))
    for kind in ("leom", "eam", "eet", "nam"):
        assert ends(read_mission(mission("odihr", *groups, kind=kind))) == (35, 35)
    assert ends(read_mission(mission("odihr", *groups, kind="eom"))) == (35, None)
    short = total(2, "2020-12-10", group="short_term")
    assert read_mission(mission("odihr", *groups, short, kind="leom")).value == 37


def test_groups_by_term_go_before_groups_by_sender():
    by_sender = [total(5, "2017-10-13", group=group) for group in ("organizations", "states", "election_bodies")]
    assert (read(*by_sender).value, read(*by_sender).derived) == (15, True)
    assert ends(read(*by_sender, total(9, "2017-10-13", group="long_term"))) == (9, None)
    assert ends(read(*by_sender[:2])) == (10, None)


def test_rows_for_all_win():
    answer = read(total(46, "2017-10-13"), total(9, "2017-10-14", group="long_term"))
    assert (answer.value, answer.derived) == (46, False)


def test_a_total_not_published_hides_no_group():
    answer = read(total(None, "2017-10-13", "not_published"), total(9, "2017-10-14", group="long_term"))
    assert (answer.low, answer.derived) == (9, True)
    assert column(answer, "totals")[0][0].qualifier == "not_published"


def test_citizen_observers_are_in_no_sum():
    coalition = mission("coalition", total(60, "2017-09-01"), kind="citizen")
    record = election(total(60, "2017-09-01", group="citizen"), missions=[coalition])
    assert reconcile(record, ELECTION).value is None
    citizen = reconcile(record, ELECTION, group="citizen")
    assert (citizen.value, citizen.parts_sum, parts(citizen)) == (60, Range(60, 60), {"coalition": 60})


def test_an_election_without_rows_is_the_sum_of_its_parts():
    record = election(
        missions=[mission("cis", total(20, "2017-10-01")), mission("sco")],
        deployments=[party("from-kz", total(5, "2017-10-02"))],
    )
    answer = reconcile(record, ELECTION)
    assert (ends(answer), answer.derived, answer.agreement) == ((25, None), True, "partial")
    assert (answer.withdrawn, answer.active) == (0, None)


def test_a_sum_adds_up_what_its_parts_withdrew():
    record = election(
        missions=[mission("cis", total(20, "2017-10-01"), withdrawn(2, "2017-10-02"))],
        deployments=[party("from-kz", total(5, "2017-10-02"), withdrawn(1, "2017-10-01"))],
    )
    answer = reconcile(record, ELECTION)
    assert (answer.value, answer.withdrawn, answer.active) == (25, 3, 23)
    own = replace(record, counts=(withdrawn(4, "2017-10-02"), withdrawn(3, "2017-10-03")))
    assert (reconcile(own, ELECTION).withdrawn, reconcile(own, ELECTION).active) == (7, 22)


def test_a_share_nobody_published_leaves_open_how_many_of_it_withdrew():
    through = {"through": ["ieom", "cis"], "named": {"cis": frozenset({"apekov"}), "ieom": frozenset({"other"})}}
    joint = mission("ieom", kind="ieom")
    split = party("from-kz", total(2, "2017-10-01"), **through)
    assert read_mission(joint, deployments=[split]).active == 1
    left = replace(split, counts=(*split.counts, withdrawn(1, "2017-10-02")))
    assert read_mission(joint, deployments=[left]).withdrawn is None


# ---- rule 6: parts

BILATERAL = (
    party("from-kz", total(5, "2017-10-02")),
    party("from-cec-kz", total(3, "2017-10-02"), sent_by_election_body=True),
    party("from-kz-deputies", total(2, "2017-10-02"), part_of="from-kz"),
    party("from-tr", total(9, "2017-10-02"), through=["cis"]),
)
MISSIONS = (
    mission("cis", total(20, "2017-10-01")),
    mission("ipa-cis", total(7, "2017-10-01"), part_of="cis"),
    mission("coalition", total(60, "2017-10-01"), kind="citizen"),
)


@pytest.mark.parametrize(
    ("own_rows", "group", "expected"),
    [
        ([], "organizations", {"cis": 20}),
        ([], "citizen", {"coalition": 60}),
        ([], "states", {"from-cec-kz": 3, "from-kz": 5}),
        ([], "election_bodies", {}),
        (["election_bodies"], "states", {"from-kz": 5}),
        (["election_bodies"], "election_bodies", {"from-cec-kz": 3}),
        ([], "all", {"cis": 20, "from-cec-kz": 3, "from-kz": 5}),
        (["states"], "all", {"cis": 20, CODE: 8}),
        (["election_bodies"], "all", {"cis": 20, "from-kz": 5, CODE: 8}),
        (["organizations"], "all", {"cis": 20, "from-cec-kz": 3, "from-kz": 5}),
        ([], "long_term", {}),
    ],
)
def test_the_parts_of_an_election_by_group(own_rows, group, expected):
    rows = [total(8, "2017-10-02", group=each) for each in own_rows]
    answer = reconcile(election(*rows, missions=MISSIONS, deployments=BILATERAL), ELECTION, group=group)
    assert parts(answer) == expected
    assert answer.parts_sum == (sum((Range(n, n) for n in expected.values()), ZERO) if expected else None)


def test_states_and_election_bodies_stand_as_one_part_each():
    rows = [total(5, "2017-10-02", group="states"), total(3, "2017-10-02", group="election_bodies")]
    answer = reconcile(election(*rows, missions=MISSIONS, deployments=BILATERAL), ELECTION)
    assert [(part.name, part.group, part.value) for part in answer.parts] == [
        ("CIS", "all", 20),
        ("States", "states", 5),
        ("Election bodies", "election_bodies", 3),
    ]


def test_parts_are_listed_by_code():
    record = election(missions=MISSIONS[::-1], deployments=BILATERAL[::-1])
    in_order = election(missions=MISSIONS, deployments=sorted(BILATERAL, key=lambda each: each.code))
    assert reconcile(record, ELECTION) == reconcile(in_order, ELECTION)


def test_the_parts_of_a_mission_and_of_a_deployment():
    record = election(missions=MISSIONS, deployments=BILATERAL)
    assert parts(reconcile(record, "missions/cis")) == {"ipa-cis": 7, "from-tr": 9}
    assert parts(reconcile(record, "deployments/from-kz")) == {"from-kz-deputies": 2}
    assert parts(reconcile(record, "missions/cis", group="long_term")) == {}


def test_a_nested_deployment_is_no_part_of_the_mission_it_serves_in():
    record = election(
        missions=[mission("cis")],
        deployments=[party("from-kz", through=["cis"]), party("deputies", through=["cis"], part_of="from-kz")],
    )
    assert parts(reconcile(record, "missions/cis")) == {"from-kz": None}


def test_a_part_of_something_that_the_reader_may_not_see_is_part_of_nothing():
    record = election(missions=[mission("ipa-cis", total(7, "2017-10-01"), part_of="hidden")])
    assert parts(reconcile(record, ELECTION)) == {"ipa-cis": 7}


def test_a_part_without_rows_leaves_high_null():
    record = election(total(30, "2017-10-01"), missions=[mission("cis", total(20, "2017-10-01")), mission("sco")])
    answer = reconcile(record, ELECTION)
    assert (answer.parts_sum, answer.parts_gap, answer.agreement) == (Range(20, None), None, "partial")


CHANNELS = ["cis", "osce", "turkic-council", "sco"]
FROM_KZ = party(
    "from-kz",
    announced(46, "2017-10-13"),
    through=CHANNELS,
    named={"sco": frozenset({"dyusembinov", "apekov"}), "": frozenset({"somebody"})},
)
SCO_2017 = election(missions=[mission(code) for code in CHANNELS], deployments=[FROM_KZ])


def share(*missions, record=SCO_2017, kind="announced"):
    return channel_share(record, "from-kz", frozenset(missions), kind=kind, on=None)


def test_the_46_are_shared_out_by_nobody():
    assert [share(code) for code in CHANNELS] == [Range(0, 44), Range(0, 44), Range(0, 44), Range(2, 46)]
    assert [share("cis", "osce"), share("cis", "sco")] == [Range(0, 44), Range(2, 46)]
    assert [share(*CHANNELS), share(*CHANNELS, "eu"), share("eu")] == [Range(46, 46), Range(46, 46), ZERO]


def test_a_share_widens_the_sum_of_each_mission():
    own = party("from-tr", announced(5, "2017-10-13"), through=["sco"])
    record = replace(SCO_2017, deployments=(FROM_KZ, own))
    answer = reconcile(record, "missions/sco", kind="announced")
    assert [(part.low, part.high, part.share_unknown) for part in answer.parts] == [(2, 46, True), (5, 5, False)]
    assert (answer.parts_sum, answer.value) == (Range(7, 51), None)


def test_the_46_are_no_part_of_the_election():
    assert parts(reconcile(SCO_2017, ELECTION, kind="announced")) == dict.fromkeys(sorted(CHANNELS))


def test_a_person_named_in_two_missions_narrows_neither():
    twice = {"sco": frozenset({"apekov"}), "cis": frozenset({"apekov", "other"})}
    record = replace(SCO_2017, deployments=(replace(FROM_KZ, named=twice),))
    assert [share("sco", record=record), share("cis", record=record)] == [Range(1, 45), Range(2, 46)]


def test_a_share_is_never_less_than_those_named():
    small = replace(FROM_KZ, counts=(announced(1, "2017-10-13"),))
    record = replace(SCO_2017, deployments=(small,))
    assert [share("sco", record=record), share("cis", record=record)] == [Range(2, 2), ZERO]


def test_a_share_of_an_unknown_number_is_open_and_unknown_where_nobody_is_named():
    record = replace(SCO_2017, deployments=(replace(FROM_KZ, counts=()),))
    assert [share("sco", record=record), share("cis", record=record)] == [Range(2, None), Range(None, None)]


def test_a_mission_with_a_deployment_of_unknown_number_is_partial():
    record = election(missions=[mission("sco", announced(9, "2017-10-13"))], deployments=[replace(FROM_KZ, counts=())])
    assert reconcile(record, "missions/sco", kind="announced").agreement == "partial"


def test_persons_named_where_no_source_sends_them_are_there_all_the_same():
    astray = replace(FROM_KZ, named={"eu": frozenset({"other"})})
    assert share("eu", record=election(deployments=[astray])) == Range(1, 46)


def test_a_share_of_an_unknown_deployment_is_a_lookup_error():
    with pytest.raises(LookupError, match="deployments/from-tr"):
        channel_share(SCO_2017, "from-tr", frozenset(), kind="announced", on=None)


def test_a_deployment_without_channels_has_no_share_in_any_mission():
    assert share("cis", record=election(deployments=[party("from-kz", announced(46, "2017-10-13"))])) == ZERO


# ---- rule 7: cancelled and withdrawn


def test_a_cancelled_mission_counts_0_deployed_unless_a_row_says_otherwise():
    cancelled = mission("cis", announced(9, "2017-10-01"), status="cancelled")
    assert (read_mission(cancelled, kind="deployed").value, read_mission(mission("cis"), kind="deployed").value) == (
        0,
        None,
    )
    advance_team = replace(cancelled, counts=(deployed(2, group="long_term"),))
    assert ends(read_mission(advance_team, kind="deployed")) == (2, None)
    assert read_mission(cancelled, kind="announced").value == 9


def test_a_withdrawn_deployment_counts_0_in_each_of_its_missions():
    record = replace(SCO_2017, deployments=(replace(FROM_KZ, status="withdrawn"),))
    assert [share(code, record=record, kind="deployed") for code in CHANNELS] == [ZERO] * 4
    assert share("cis", record=record) == Range(0, 44)


def test_a_cancelled_mission_takes_no_share_of_those_deployed():
    record = election(
        missions=[mission("cis"), mission("sco", status="cancelled")],
        deployments=[party("from-kz", deployed(46), announced(46, "2017-10-13"), through=["cis", "sco"])],
    )
    assert [share("sco", record=record, kind="deployed"), share("cis", record=record, kind="deployed")] == [
        ZERO,
        Range(46, 46),
    ]
    assert [share("sco", record=record), share("cis", record=record)] == [Range(0, 46), Range(0, 46)]
    under_sco = reconcile(record, "missions/sco", kind="deployed").parts
    assert [(part.value, part.share_unknown) for part in under_sco] == [(0, False)]
    all_off = replace(record, missions=tuple(replace(each, status="cancelled") for each in record.missions))
    assert share("sco", record=all_off, kind="deployed") == Range(0, 46)


def test_persons_named_in_a_cancelled_mission_may_be_deployed_in_the_others():
    record = election(
        missions=[mission("cis"), mission("osce"), mission("sco", status="cancelled")],
        deployments=[replace(FROM_KZ, counts=(deployed(46),), missions=frozenset({"cis", "osce", "sco"}))],
    )
    assert share("cis", record=record, kind="deployed") == Range(0, 46)


def test_what_was_called_off_is_no_part_of_other_kinds_without_rows():
    record = election(
        missions=[mission("cis", status="cancelled"), mission("sco", announced(9, "2017-10-01"), status="cancelled")],
        deployments=[
            party("from-kz", status="withdrawn"),
            party("from-tr", through=["sco", "cis"], status="cancelled"),
        ],
    )
    assert parts(reconcile(record, ELECTION, kind="announced")) == {"sco": 9}
    assert parts(reconcile(record, ELECTION, kind="deployed")) == {"cis": 0, "sco": 0, "from-kz": 0}
    assert parts(reconcile(record, "missions/sco", kind="announced")) == {}


# ---- rule 8: named


def test_named_are_distinct_persons_and_never_head_counts():
    cis = mission("cis", announced(10, "2017-10-01"), named=frozenset({"lebedev"}))
    record = replace(SCO_2017, missions=(cis, *SCO_2017.missions[1:]))
    both = replace(record, deployments=(replace(FROM_KZ, named={**FROM_KZ.named, "cis": frozenset({"apekov"})}),))
    assert named(both, "missions/cis") == {"lebedev", "apekov"}
    assert named(both, "missions/osce") == frozenset()
    assert named(both, "deployments/from-kz") == {"dyusembinov", "apekov", "somebody"}
    assert named(both, ELECTION) == {"lebedev", "dyusembinov", "apekov", "somebody"}
    assert reconcile(both, "deployments/from-kz", kind="announced").value == 46


# ---- rule 9: agreement


def test_a_conflict_of_october_still_shows_in_november():
    rows = [total(46, "2017-10-13"), total(48, "2017-10-13", source="akipress"), total(50, "2017-11-01")]
    assert (read(*rows).value, read(*rows).agreement) == (50, "conflict")
    assert read(*rows, on=date(2017, 10, 12)).agreement == "none"


@pytest.mark.parametrize(
    ("value", "qualifier", "agreement"),
    [
        (47, "exact", "conflict"),
        (46, "exact", "agreed"),
        (46, "more_than", "conflict"),
        (46, "at_least", "agreed"),
        (45, "at_most", "conflict"),
        (46, "at_most", "agreed"),
        (99, "about", "agreed"),
        (None, "not_published", "agreed"),
    ],
)
def test_a_total_that_cannot_be_true_beside_the_adopted_one_is_a_conflict(value, qualifier, agreement):
    rows = [total(46, "2017-10-13", preferred=True), total(value, "2017-10-13", qualifier, source="akipress")]
    assert (read(*rows).agreement, read(*rows).value) == (agreement, 46)


def test_what_lies_within_10_percent_of_an_adopted_about_can_be_true_too():
    about = total(500, "2017-10-13", "about", preferred=True)
    assert read(about, total(550, "2017-10-13", source="a")).agreement == "agreed"
    assert read(about, total(551, "2017-10-13", source="a")).agreement == "conflict"
    assert read(about, total(551, "2017-10-13", "at_least", source="a")).agreement == "conflict"


def with_parts(value, *sent, extra=()):
    return election(
        total(value, "2017-10-13"),
        *extra,
        missions=[mission(f"m{place}", total(size, "2017-10-13")) for place, size in enumerate(sent)],
    )


@pytest.mark.parametrize(
    ("value", "agreement"), [(858, "agreed"), (857, "gap"), (859, "partial")], ids=["equal", "exceeding", "short"]
)
def test_parts_agree_exceed_or_fall_short(value, agreement):
    answer = reconcile(with_parts(value, 742, 116), ELECTION)
    assert (answer.agreement, answer.parts_gap) == (agreement, value - 858)


def test_the_first_that_holds_is_the_agreement():
    ladder_gap = (total(10, "2017-10-01"), change(1, "2017-10-13"))
    conflict = (total(99, "2017-10-13", source="akipress", preferred=True),)
    assert reconcile(with_parts(20, 15), ELECTION).agreement == "partial"
    assert reconcile(with_parts(20, 15, extra=ladder_gap), ELECTION).agreement == "gap"
    assert reconcile(with_parts(20, 15, extra=ladder_gap + conflict), ELECTION).agreement == "conflict"


def test_a_derived_value_carries_the_agreement_of_what_it_adds():
    disputed = mission("sco", total(46, "2017-10-13"), total(48, "2017-10-13", source="akipress"))
    record = election(missions=[disputed, mission("cis", total(20, "2017-10-13"))])
    assert reconcile(record, ELECTION).agreement == "conflict"
    assert reconcile(replace(record, counts=(total(67, "2017-10-13"),)), ELECTION).agreement == "agreed"
    of_groups = [replace(row, group="long_term") for row in disputed.counts]
    assert read(*of_groups).agreement == "conflict"


def test_nothing_known_of_any_part_is_none_and_not_partial():
    assert reconcile(election(missions=[mission("cis")]), ELECTION).agreement == "none"
    bare = election(total(5, "2017-10-13"), missions=[mission("cis")])
    assert reconcile(bare, ELECTION).agreement == "partial"


def test_channels_disagree_where_two_counting_sources_name_different_missions():
    channels = {"rferl": frozenset({"cis", "osce"}), "kazinform": frozenset(CHANNELS), "kabar": frozenset({"cis"})}
    assert channels_agree(channels, frozenset({"rferl", "kazinform"})) is False
    assert channels_agree(channels, frozenset({"rferl"})) is True
    assert channels_agree({**channels, "tass": frozenset({"cis", "osce"})}, frozenset({"rferl", "tass"})) is True


# Found by the naive reading of tests/missions/naive_reading.py


def test_groups_that_an_election_withdrew_leave_a_value_added_up_from_its_missions():
    own = withdrawn(5, "2017-10-05", group="long_term")
    answer = reconcile(election(own, missions=[mission("a", total(7, "2017-10-01"))]), ELECTION)
    assert (answer.value, answer.withdrawn, answer.active) == (7, 5, 2)


def test_an_exact_total_of_those_withdrawn_settles_the_inexact_ones_before_it():
    leaving = withdrawn(2, "2017-10-03", "at_least"), withdrawn(3, "2017-10-04", basis="total")
    answer = read(total(10, "2017-10-01"), *leaving)
    assert (answer.value, answer.withdrawn, answer.active) == (10, 3, 7)


def test_a_party_counts_0_deployed_where_each_of_its_several_missions_was_called_off():
    missions = [mission("a", status="cancelled"), mission("b", status="cancelled")]
    record = election(missions=missions, deployments=[party("d", through=["a", "b"])])
    (part,) = reconcile(record, "missions/a", kind="deployed").parts
    assert (part.value, part.share_unknown) == (0, False)


def test_a_figure_of_the_party_says_otherwise():
    missions = [mission("a", status="cancelled"), mission("b", status="cancelled")]
    record = election(missions=missions, deployments=[party("d", deployed(46), through=["a", "b"])])
    (part,) = reconcile(record, "missions/a", kind="deployed").parts
    assert (part.low, part.high, part.share_unknown) == (0, 46, True)


def test_the_named_are_none_of_those_requested_trained_or_withdrawn():
    several = party("d", through=["a", "b"], named={"a": frozenset({"p", "q"})})
    record = election(missions=[mission("a"), mission("b")], deployments=[several])
    shares = {kind: ends(reconcile(record, "missions/a", kind=kind).parts[0]) for kind in ("announced", "withdrawn")}
    assert shares == {"announced": (2, None), "withdrawn": (None, None)}
