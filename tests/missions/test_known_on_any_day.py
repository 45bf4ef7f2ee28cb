"""Whatever is done to the record, `?known_on=` says of each day what the API said on that day.

To somebody who keeps everything and so may read all of the log.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import hypothesis
import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from hypothesis import strategies as st

from missions.models import (
    Assignment,
    Channel,
    Deployment,
    Election,
    HeadCount,
    Invitation,
    Mission,
    Statement,
    VotingDay,
)
from observers.models import Observer, ObserverName
from organizations.models import Membership, Organization, OrganizationName, Region, Source
from tests.days import LATER
from tests.factories import ElectionFactory, MissionFactory, OrganizationFactory, SourceFactory
from tests.missions.test_lists import RESOURCES, whole_record

FIRST = date(2030, 7, 1)
DELETED = "deleted"
# What is done to records of each kind: columns with the values that they are given; records by their codes.
ACTS = {
    Source: {"title": ["One", "Two"], "published_on": [None, date(2030, 5, 1)], "public": [False, True]},
    Organization: {"kind": ["ngo", "election_body"], "sources": [[], ["gazette"], ["gazette", "memo"]]},
    OrganizationName: {"short_name": ["", "NC"], "valid_until": [None, date(2030, 5, 1)], "source": ["gazette", None]},
    Membership: {"standing": ["observer", "partner"], "since": [None, date(1992, 5, 15)]},
    Region: {"name": ["One", "Two"], "valid_from": [None, date(1992, 5, 15)], "source": [None, "memo"]},
    Election: {"name": ["", "Vote"], "status": ["held", "called"], "election_day": [date(2030, 6, 9)]},
    VotingDay: {"round": [1, 2], "region": [None, "region-north"]},
    Mission: {
        "part_of": [None, "first"],
        "status": ["cancelled", "deployed"],
        "co_organizers": [[], ["body", "host"]],
        "kind": ["ieom", "om"],
        "election": ["election-north", "election-south"],
    },
    Invitation: {"response": ["accepted", "declined"], "reason_text": ["", "Funds"]},
    Deployment: {"sender": [None, "body"], "status": ["cancelled", "deployed"], "remark": ["", "Corrected"]},
    Channel: {"mission": ["first", "second"], "counted": [False, True], "as_named": ["", "the mission"]},
    HeadCount: {"value": [0, 7, 46], "qualifier": ["at_least", "exact"], "source": ["gazette", "memo"]},
    Observer: {"family_name": ["Example", "Sample"], "withheld": [True, False], "nationality": ["", "KZ"]},
    ObserverName: {"given_names": ["", "Робин"], "source": ["gazette", "memo"]},
    Assignment: {"status": ["", "withdrawn"], "mission": ["first", "second"], "post": ["", "Clerk"]},
    Statement: {"value": ["One", "Two"], "field": ["name", "status"], "source": ["gazette", "memo"]},
}
# What a reading is made of; the more there is of it, the more often.
FIGURES = [HeadCount, HeadCount, Channel, Channel, Mission, Deployment, Assignment, Organization]


def acts_on(model):
    columns = [st.tuples(st.just(name), st.sampled_from(given)) for name, given in ACTS[model].items()]
    return st.tuples(st.just(model), st.integers(0, 1), st.one_of(*columns, st.just((DELETED, None))))


def acts_on_some(models):
    return st.lists(st.sampled_from(models).flatmap(acts_on), min_size=3, max_size=5)


@pytest.fixture
def whole(db):
    """Rows of every kind, which the administrators keep."""
    for code in ("body", "host"):
        OrganizationFactory(code=code, country="KZ")
    sources = [SourceFactory(code="gazette"), SourceFactory(code="memo", public=False)]
    record = whole_record("north", sources=sources)
    ElectionFactory(code="election-south")
    first = MissionFactory(code="first", election=record.election, sources=sources[1:])
    MissionFactory(code="second", election=record.election, sources=sources[:1], part_of=first)
    return record


def do(days, model, number, column, value):
    """Does one of the acts to one of the records; answers what was done, blank where the database refuses it."""
    records = list(model.objects.order_by("pk"))
    if not records:
        return ""
    record = records[number % len(records)]
    try:
        if column == DELETED:
            days.delete(record)
        elif value != record.code:
            days.change(record, **{column: with_records(model._meta.get_field(column), value)})
    except (IntegrityError, ProtectedError):
        return ""
    return column


def with_records(field, value):
    if field.many_to_many:
        return list(field.related_model.objects.filter(code__in=value))
    return field.related_model.objects.filter(code=value).first() if field.is_relation else value


# Of what the API says what it says with a day as well.


def columns_of(answer, path):
    columns = {"code", *RESOURCES[path.partition("/")[0]].model().columns}
    return {name: value for name, value in answer.items() if name in columns}


def figures_of(answer, _path):
    parts = [{name: value for name, value in part.items() if name != "name"} for part in answer["parts"]]
    figures = {name: value for name, value in answer.items() if name not in {"known_on", "not_told"}}
    return {**figures, "parts": parts}


def on_each_day(days, administrator, done, paths, told):
    """Does one act a day; answers each path and day with what the API told at its end, and what was done."""
    found, did = {}, Counter()
    for number, act in enumerate([None, *done]):
        day = (FIRST + timedelta(days=number)).isoformat()
        days.sign_in(administrator, day)
        if act:
            model, which, (column, value) = act
            did[do(days, model, which, column, value)] += 1
        for path in paths:
            answer = days.client.get(f"/api/v1/{path}/")
            found[path, day] = told(answer.json(), path) if answer.status_code == 200 else None
    return found, did


def check(days, administrator, given, paths_of, told, examples):
    """Raises AssertionError where a day is told otherwise than it was; answers what was done, by column.

    `paths_of`: what is asked, for what is done.
    """
    did = Counter()
    asked = examples * max(1, hypothesis.settings.default.max_examples // 100)

    @hypothesis.settings(
        max_examples=asked,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(given)
    def says_what_it_said(done):
        paths = paths_of(done)
        with transaction.atomic():
            found, done_here = on_each_day(days, administrator, done, paths, told)
            days.sign_in(administrator, LATER)
            gone = {path for path in paths if days.client.get(f"/api/v1/{path}/").status_code == 404}
            for (path, day), then in found.items():
                answer = days.known(path, day)
                assert (path, day, answer and told(answer, path)) == (path, day, None if path in gone else then)
                assert not answer or not answer["not_told"]
            did.update(done_here)
            transaction.set_rollback(True)

    says_what_it_said()
    return did


def first_of(model):
    return [f"{model.resource()}/{record.code}" for record in model.objects.order_by("pk")[:2]]


@pytest.mark.usefixtures("whole")
def test_each_record_says_of_each_day_what_it_said_on_it(days, administrator):
    paths = {model: first_of(model) for model in ACTS}

    def paths_of(done):
        return [path for model in {model for model, *_what in done} for path in paths[model]]

    did = check(days, administrator, acts_on_some(list(ACTS)), paths_of, columns_of, 12)
    assert (did[DELETED] > 2, did.total() - did[""] > 24) == (True, True)


@pytest.mark.usefixtures("whole")
def test_each_reading_says_of_each_day_what_it_said_on_it(days, administrator):
    paths = [f"{first_of(model)[0]}/reconciliation" for model in (Election, Mission, Deployment)]
    did = check(days, administrator, acts_on_some(FIGURES), lambda _done: paths, figures_of, 12)
    assert (did[DELETED] > 2, did.total() - did[""] > 24) == (True, True)
