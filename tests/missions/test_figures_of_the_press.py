"""The real figures of 2015 to 2022, read whole."""

from dataclasses import replace
from datetime import date

from missions.reconciliation import Range, reconcile
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
)

APRIL_2015 = "kz-presidential-2015-04-26"
MISSIONS_2015 = {"cis": 410, "odihr": 293, "oic": 3, "sco": 10, "turkic-council": 15, "turkpa": 11}


def kazakhstan_2015():
    return election(
        change(48, "2015-03-28", source="caravan-2015-03-28"),
        total(83, "2015-03-28", source="caravan-2015-03-28"),
        total(858, "2015-04-20", source="ak-zhaiyk-2015-04-21", states=37, bodies=6),
        total(116, "2015-04-20", source="ak-zhaiyk-2015-04-21", group="states"),
        missions=[
            mission(f"{APRIL_2015}-{organizer}", total(value, "2015-04-20"), name=organizer)
            for organizer, value in MISSIONS_2015.items()
        ],
        deployments=[party("from-no", change(4, "2015-03-28")), party("from-at", change(3, "2015-03-28"))],
        code=APRIL_2015,
    )


def test_kazakhstan_2015_is_answered_word_for_word():
    assert reconcile(kazakhstan_2015(), f"elections/{APRIL_2015}", on=date(2015, 4, 26)).as_json() == {
        "subject": "elections/kz-presidential-2015-04-26",
        "kind": "accredited",
        "group": "all",
        "on": "2015-04-26",
        "value": 858,
        "low": 858,
        "high": 858,
        "approximate": False,
        "derived": False,
        "withdrawn": 0,
        "active": 858,
        "agreement": "agreed",
        "states": {"value": 37, "low": 37, "high": 37},
        "bodies": {"value": 6, "low": 6, "high": 6},
        "ladder": [
            {
                "as_of": "2015-03-28",
                "as_of_from": None,
                "reported": 83,
                "low": 83,
                "high": 83,
                "change": 48,
                "computed": None,
                "before": 35,
                "gap": None,
                "step": None,
                "totals": [
                    {
                        "value": 83,
                        "qualifier": "exact",
                        "source": "caravan-2015-03-28",
                        "adopted": True,
                        "differs_by": 0,
                    }
                ],
            },
            {
                "as_of": "2015-04-20",
                "as_of_from": None,
                "reported": 858,
                "low": 858,
                "high": 858,
                "change": None,
                "computed": None,
                "before": None,
                "gap": None,
                "step": 775,
                "totals": [
                    {
                        "value": 858,
                        "qualifier": "exact",
                        "source": "ak-zhaiyk-2015-04-21",
                        "adopted": True,
                        "differs_by": 0,
                    }
                ],
            },
        ],
        "parts": [
            {
                "subject": f"missions/kz-presidential-2015-04-26-{organizer}",
                "group": "all",
                "name": organizer,
                "value": value,
                "low": value,
                "high": value,
                "share_unknown": False,
            }
            for organizer, value in MISSIONS_2015.items()
        ]
        + [
            {
                "subject": "elections/kz-presidential-2015-04-26",
                "group": "states",
                "name": "States",
                "value": 116,
                "low": 116,
                "high": 116,
                "share_unknown": False,
            }
        ],
        "parts_sum": {"value": 858, "low": 858, "high": 858},
        "parts_gap": 0,
    }


def test_kazakhstan_2015_stood_at_83_until_the_last_list():
    answer = reconcile(kazakhstan_2015(), f"elections/{APRIL_2015}", on=date(2015, 4, 19))
    assert (answer.value, len(answer.ladder)) == (83, 1)


def test_kazakhstan_2021_counts_322_in_missions_and_76_from_states():
    sent = {
        "cis": 179,
        "csto-pa": 7,
        "eu": 2,
        "ipa-cis": 48,
        "odihr": 42,
        "oic": 4,
        "osce-pa": 9,
        "sco": 15,
        "turkic-council": 7,
        "turkpa": 9,
    }
    record = election(
        total(398, "2021-01-04"),
        total(76, "2021-01-04", group="states"),
        missions=[mission(code, total(value, "2021-01-04")) for code, value in sent.items()],
    )
    answer = reconcile(record, ELECTION)
    in_missions = reconcile(record, ELECTION, group="organizations").parts_sum
    assert (answer.value, answer.agreement, answer.parts_gap) == (398, "agreed", 0)
    assert (in_missions, parts(answer)[CODE]) == (Range(322, 322), 76)


def test_kazakhstan_2022_grew_from_39_to_272():
    answer = read(change(39, "2022-05-18"), total(105, "2022-05-25"), total(272, "2022-06-05"))
    assert column(answer, "reported") == [None, 105, 272]
    assert column(answer, "change") == [39, None, None]
    assert column(answer, "step") == [None, None, 167]
    assert (answer.value, answer.agreement) == (272, "agreed")


KYRGYZSTAN_2017 = (
    change(54, "2017-08-31"),
    total(61, "2017-08-31"),
    total(86, "2017-09-08", bodies=15, states=27),
    total(315, "2017-09-28", bodies=37, states=50),
    total(496, "2017-10-14", since="2017-09-29", bodies=46, states=52),
    total(700, "2017-10-14", "more_than", since="2017-10-05", bodies=56, states=58),
    total(775, "2017-10-15"),
)


def test_kyrgyzstan_2017_climbs_from_61_to_775():
    answer = read(*KYRGYZSTAN_2017)
    assert column(answer, "reported") == [61, 86, 315, 496, None, 775]
    assert column(answer, "before") == [7, None, None, None, None, None]
    assert column(answer, "step") == [None, 25, 229, 181, None, None]
    assert column(answer, "as_of_from") == [None, None, None, date(2017, 9, 29), date(2017, 10, 5), None]
    assert (answer.value, answer.agreement, answer.states) == (775, "agreed", Range(None, None))


def test_kyrgyzstan_2017_was_more_than_700_the_day_before():
    answer = read(*KYRGYZSTAN_2017, on=date(2017, 10, 14))
    assert (answer.value, ends(answer), answer.agreement) == (None, (701, None), "agreed")
    assert (answer.states, answer.bodies) == (Range(58, 58), Range(56, 56))


def test_an_interval_is_not_known_before_its_last_day():
    assert read(*KYRGYZSTAN_2017, on=date(2017, 10, 13)).value == 315


JOINT = mission("ieom", deployed(369), kind="ieom")
INSIDE_JOINT = (
    mission("odihr", deployed(298), kind="eom", part_of="ieom"),
    mission("osce-pa", announced(40, "2017-10-10"), deployed(37), kind="pa", part_of="ieom"),
    mission("pace", announced(17, "2017-10-09"), deployed(23), kind="pa", part_of="ieom"),
    mission("ep", deployed(11), kind="pa", part_of="ieom"),
)


def test_the_joint_observation_of_2017_adds_up():
    answer = read_mission(JOINT, *INSIDE_JOINT, kind="deployed")
    assert parts(answer) == {"ep": 11, "odihr": 298, "osce-pa": 37, "pace": 23}
    assert (answer.value, answer.parts_sum, answer.parts_gap, answer.agreement) == (369, Range(369, 369), 0, "agreed")


def test_a_joint_observation_without_a_figure_is_the_sum_of_its_missions():
    answer = read_mission(replace(JOINT, counts=()), *INSIDE_JOINT, kind="deployed")
    assert (answer.value, answer.derived, answer.agreement) == (369, True, "agreed")


def test_a_mission_of_another_kind_is_not_the_sum_of_its_parts():
    answer = read_mission(replace(JOINT, counts=(), kind="om"), *INSIDE_JOINT, kind="deployed")
    assert (answer.value, answer.derived, answer.agreement) == (None, False, "none")


def test_announced_and_deployed_are_two_figures():
    osce_pa = INSIDE_JOINT[1]
    assert read_mission(osce_pa, kind="announced").value == 40
    assert read_mission(osce_pa, kind="deployed").value == 37


def test_pace_was_authorized_announced_and_deployed_in_three_sizes():
    pace = mission("pace", total(20, "2017-06-30", kind="authorized"), *INSIDE_JOINT[2].counts)
    kinds = ("authorized", "announced", "deployed", "accredited")
    assert [read_mission(pace, kind=kind).value for kind in kinds] == [20, 17, 23, None]


CIS_2017 = mission(
    "cis",
    announced(170, "2017-09-29", "more_than"),
    deployed(20, "2017-10-16", group="long_term"),
    deployed(192, "2017-10-16", group="short_term"),
)


def test_cis_2017_announced_more_than_170():
    answer = read_mission(CIS_2017, kind="announced")
    assert (answer.value, ends(answer), answer.agreement) == (None, (171, None), "agreed")


def test_cis_2017_deployed_20_and_192_and_a_core_team_nobody_published():
    answer = read_mission(CIS_2017, kind="deployed")
    assert (answer.value, ends(answer), answer.derived, answer.ladder) == (None, (212, None), True, ())
    assert answer.agreement == "agreed"
