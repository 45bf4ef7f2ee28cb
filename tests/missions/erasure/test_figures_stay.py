"""Whoever was counted still is: erasing a person changes no figure, for nobody who reads."""

from __future__ import annotations

import pytest

from missions.models import Election, Reading
from missions.readings import rebuild_readings
from observers.models import Observer
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    HeadCountFactory,
    MissionFactory,
    ObserverFactory,
    SourceFactory,
)
from tests.missions.erasure.conftest import ask, confirm

FIGURES = [
    "missions/northland-mission/reconciliation/?kind=announced",
    "deployments/northland-party/reconciliation/?kind=announced",
    "elections/northland-2030/reconciliation/?kind=announced",
    "missions/?fields=code,announced,named",
    "deployments/?fields=code,announced,announced_agreement,named",
    "deployments/?named=yes&fields=code",
    "deployments/facets/?election=northland-2030",
    "deployments/matrix/?rows=sender_country&columns=organizer&measure=named",
    "assignments/?count=exact&fields=code,mission,deployment,role,status",
    "observers/?count=exact&fields=code",
]


@pytest.fixture
def person(northland_commission):
    """One of two who are named in a party of 46, in public."""
    gazette = SourceFactory(code="gazette")
    mission = MissionFactory(
        code="northland-mission", election__code="northland-2030", sources=[gazette], organizer__name="Council"
    )
    party = DeploymentFactory(code="northland-party", election=mission.election, sources=[gazette])
    ChannelFactory(deployment=party, mission=mission, source=gazette)
    HeadCountFactory(deployment=party, kind="announced", value=46, source=gazette)
    HeadCountFactory(mission=mission, kind="announced", value=46, source=gazette)
    persons = [ObserverFactory(owner=northland_commission, nationality="KZ", gender="female") for _ in range(2)]
    for person in persons:
        AssignmentFactory(
            observer=person, owner=northland_commission, mission=mission, deployment=party, sources=[gazette]
        )
    rebuild_readings(Election.objects.all())
    return persons[0]


@pytest.mark.parametrize("reader", ["anonymous", "outsider", "viewer", "coordinator", "data_protection"])
@pytest.mark.usefixtures("public_access")
def test_every_figure_reads_the_same_before_and_after(client, person, coordinator, reader, request):
    user = request.getfixturevalue(reader)
    if reader != "anonymous":
        client.force_login(user)
    before = {asked: client.get(f"/api/v1/{asked}").json() for asked in FIGURES}
    confirm(ask(person, coordinator), request.getfixturevalue("other_data_protection"))
    assert {asked: client.get(f"/api/v1/{asked}").json() for asked in FIGURES} == before
    # They are figures of somebody: two persons are named, of 46.
    assert before["missions/?fields=code,announced,named"]["results"] == [
        {"code": "northland-mission", "announced": 46, "named": 2}
    ]
    assert before["observers/?count=exact&fields=code"]["count"] == 2


def test_stored_readings_are_as_they_would_be_computed(person, coordinator, data_protection):
    names = [field.name for field in Reading._meta.fields if field.name != "id"]
    before = sorted(Reading.objects.values_list(*names), key=repr)
    confirm(ask(person, coordinator), data_protection)
    assert sorted(Reading.objects.values_list(*names), key=repr) == before
    rebuild_readings(Election.objects.all())
    assert sorted(Reading.objects.values_list(*names), key=repr) == before


def test_pages_and_api_say_erased_where_the_name_stood(client, public_access, person, coordinator, data_protection):
    name = str(person)
    confirm(ask(person, coordinator), data_protection)
    addresses = [f"/observers/{person.code}/", "/missions/northland-mission/", f"/api/v1/observers/{person.code}/"]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        assert name not in answer.content.decode()
        assert "(erased)" in answer.content.decode()
    row = client.get(f"/api/v1/observers/{person.code}/").json()
    assert (row["family_name"], row["given_names"], row["nationality"], row["gender"]) == ("(erased)", "", "", "")


def test_who_asks_what_has_changed_is_told_of_the_person_and_of_the_places(
    client, public_access, person, coordinator, data_protection
):
    confirm(ask(person, coordinator), data_protection)
    changed = {"modified_after": "2030-07-03T00:00:00Z", "fields": "code"}
    for resource, codes in (
        ("observers", [person.code]),
        ("assignments", [person.assignments.get().code]),
        ("missions", ["northland-mission"]),
    ):
        assert [row["code"] for row in client.get(f"/api/v1/{resource}/", changed).json()["results"]] == codes
    assert Observer.objects.get(pk=person.pk).is_erased
