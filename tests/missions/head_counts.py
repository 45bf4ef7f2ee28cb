"""Builders of rows and records for the tests of the readings: each test says only what it is about."""

from dataclasses import replace
from datetime import date

from missions.reconciliation import Count, ElectionRecord, ObservationMission, Party, Reconciliation, reconcile

CODE = "kg-presidential-2017-10-15"
ELECTION = f"elections/{CODE}"


def total(value, as_of, qualifier="exact", **but):
    row = Count(
        kind="accredited",
        group="all",
        basis="total",
        value=value,
        qualifier=qualifier,
        as_of_from=None,
        as_of=date.fromisoformat(as_of),
        states=None,
        bodies=None,
        counted=True,
        preferred=False,
        source="kabar",
    )
    since = but.pop("since", None)
    return replace(row, as_of_from=since and date.fromisoformat(since), **but)


def change(value, as_of, qualifier="exact", **but):
    return total(value, as_of, qualifier, basis="change", **but)


def announced(value, as_of, qualifier="exact", **but):
    return total(value, as_of, qualifier, kind="announced", **but)


def deployed(value, as_of="2017-10-15", qualifier="exact", **but):
    return total(value, as_of, qualifier, kind="deployed", **but)


def withdrawn(value, as_of, qualifier="exact", **but):
    return total(value, as_of, qualifier, **{"kind": "withdrawn", "basis": "change", **but})


def mission(code, *counts, **but):
    return replace(ObservationMission(code, code.upper(), "om", "closed", None, counts, frozenset()), **but)


def party(code, *counts, through=(), **but):
    return replace(Party(code, code.upper(), "completed", None, frozenset(through), False, counts, {}), **but)


def election(*counts, missions=(), deployments=(), code=CODE):
    return ElectionRecord(code, code, counts, tuple(missions), tuple(deployments))


def read(*counts, **question) -> Reconciliation:
    return reconcile(election(*counts), ELECTION, **question)


def read_mission(a_mission, *others, deployments=(), **question) -> Reconciliation:
    record = election(missions=[a_mission, *others], deployments=deployments)
    return reconcile(record, f"missions/{a_mission.code}", **question)


def ends(answer):
    return answer.low, answer.high


def column(answer, field):
    return [getattr(step, field) for step in answer.ladder]


def parts(answer):
    return {part.subject.partition("/")[2]: part.value for part in answer.parts}
