"""`manage.py check_readings`, and that no door to the record leaves a stored reading stale."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from missions.actions import merge_observers, undo_merge
from missions.models import Deployment, HeadCount, Mission, Reading
from tests.admin_pages import address_of, delete, fill_in, told
from tests.conftest import NOW
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    ObserverFactory,
    SourceFactory,
)
from tests.missions.people_sheets import csv_file

# An election, a mission and a deployment, three kinds each, for everybody and for members.
OF_THE_PARTY = "Compared 18 readings: all are as they should be.\n"


@pytest.fixture
def gazette(db):
    return SourceFactory(code="gazette")


@pytest.fixture
def party(gazette, rebuild):
    """46 announced through one mission, read and stored."""
    election = ElectionFactory(code="kg-2030")
    mission = MissionFactory(code="the-mission", election=election, kind="ieom", sources=[gazette])
    party = DeploymentFactory(code="the-party", election=election, sources=[gazette])
    ChannelFactory(deployment=party, mission=mission, source=gazette)
    HeadCountFactory(deployment=party, kind="announced", value=46, as_of=date(2030, 6, 1), source=gazette)
    rebuild()
    return party


def check(*options):
    said = io.StringIO()
    call_command("check_readings", *options, stdout=said)
    return said.getvalue()


def complaints():
    """What the command says of each wrong reading, and how it ends."""
    said = io.StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("check_readings", stderr=said)
    return [*said.getvalue().splitlines(), str(refused.value)]


def test_readings_that_are_as_they_should_be_are_counted(party):
    assert check() == OF_THE_PARTY


def test_an_empty_record_has_nothing_to_compare(db):
    assert check() == "Compared 0 readings: all are as they should be.\n"


def test_a_stale_reading_is_named_with_both_values(party):
    party.readings.filter(kind="announced", audience="public").update(value=45, agreement="gap")
    stale = "deployments/the-party, announced, public: stored value 45, low 46, high 46, agreement gap"
    assert complaints() == [
        f"{stale}, should be value 46, low 46, high 46, agreement agreed",
        "Compared 18 readings: 1 wrong. To mend them, run check_readings --rebuild.",
    ]


@pytest.mark.parametrize("change", [{"approximate": True}, {"derived": True}, {"not_published": True}, {"low": 0}])
def test_every_figure_of_a_reading_is_compared(party, change):
    party.readings.filter(kind="announced", audience="public").update(**change)
    assert complaints()[-1].startswith("Compared 18 readings: 1 wrong.")


def test_a_missing_reading_is_named(party):
    party.readings.filter(kind="deployed", audience="members").delete()
    assert complaints() == [
        "deployments/the-party, deployed, members: stored nothing, should be agreement none",
        "Compared 18 readings: 1 wrong. To mend them, run check_readings --rebuild.",
    ]


def test_a_reading_that_is_left_over_is_named(party):
    Reading.objects.create(mission=Mission.objects.get(), kind="trained", audience="public", low=0, agreement="none")
    assert complaints() == [
        "missions/the-mission, trained, public: stored low 0, agreement none, should be nothing",
        "Compared 19 readings: 1 wrong. To mend them, run check_readings --rebuild.",
    ]


def test_rebuilding_mends_what_is_wrong(party):
    party.readings.filter(kind="announced").update(value=45)
    party.readings.filter(kind="deployed").delete()
    assert check("--rebuild") == "Compared 18 readings: 4 were wrong and are mended.\n"
    assert check("--rebuild") == OF_THE_PARTY


# Every door leaves nothing stale


def test_a_save_in_the_admin_leaves_nothing_stale(admin_client, party):
    count = HeadCount.objects.get()
    assert "success" in told(fill_in(admin_client, address_of(HeadCount, "change", count), value="45"))
    assert party.readings.get(kind="announced", audience="public").value == 45
    assert check() == OF_THE_PARTY


def test_a_row_below_a_record_leaves_nothing_stale(admin_client, party):
    page = fill_in(admin_client, address_of(Deployment, "change", party), head_counts__0__value="44")
    assert "success" in told(page)
    assert party.readings.get(kind="announced", audience="public").value == 44
    assert check() == OF_THE_PARTY


def test_a_deletion_leaves_nothing_stale(admin_client, party):
    delete(admin_client, HeadCount.objects.get())
    assert party.readings.get(kind="announced", audience="public").value is None
    assert check() == OF_THE_PARTY


def test_an_import_of_the_record_leaves_nothing_stale(party, dataset):
    row = {"deployment": "the-party", "kind": "announced", "value": "47", "as_of": "2030-06-02", "source": "gazette"}
    dataset.write("head_counts", row)
    dataset.write("elections", {"code": "uz-2030", "country": "UZ", "kind": "local", "election_day": "2030-01-01"})
    dataset.read_in()
    assert party.readings.get(kind="announced", audience="public").value == 47
    assert check() == "Compared 24 readings: all are as they should be.\n"


def test_an_import_of_people_leaves_nothing_stale(party, gazette, tmp_path):
    """Two of a party of 46 through two missions are named in one: at least two of it went through that one."""
    ChannelFactory(deployment=party, mission__code="other-mission", source=gazette)
    check("--rebuild")
    announced = Mission.objects.get(code="the-mission").readings.filter(kind="announced", audience="members")
    assert announced.get().low == 0
    file = tmp_path / "people.csv"
    file.write_bytes(csv_file(("Surname", "Given names"), ("Example", "Robin"), ("Sample", "Kim")))
    options = ("--mission", "the-mission", "--sender", "KZ", "--source", "gazette", "--yes")
    call_command("import_people", file, *options, stdout=io.StringIO())
    assert announced.get().low == 2
    assert check() == "Compared 21 readings: all are as they should be.\n"


def test_a_merge_and_its_undoing_leave_nothing_stale(party, gazette, administrator):
    kept, merged = ObserverFactory(), ObserverFactory()
    mission = Mission.objects.get()
    for person in (kept, merged):
        AssignmentFactory(observer=person, deployment=party, mission=mission, sources=[gazette])
    check("--rebuild")
    done = merge_observers(kept=kept, merged=merged, by=administrator, now=NOW)
    assert check() == OF_THE_PARTY
    undo_merge(merge=done, by=administrator, now=NOW)
    assert check() == OF_THE_PARTY
