"""The record that ships: it imports without a problem, and says what the published sources say."""

from __future__ import annotations

import csv

import pytest
from django.db import transaction

from missions.dataset import RECORDS, import_dataset
from missions.models import Assignment, Channel, Deployment, Election, HeadCount, Invitation, Mission, Reading
from observers.models import Observer
from organizations.models import Organization, OrganizationName
from tests.conftest import NOW, PUBLISHED, everything_stored

pytestmark = pytest.mark.usefixtures("published_record", "db")

ELECTION = "kg-presidential-2017-10-15"
PARTY = f"{ELECTION}-from-kz"
NAMES = [model.dataset_file for model in RECORDS]
# The accreditation and the counts of the missions, copied by hand from the collection that the record was made of:
# subject (blank: the election), kind, group, basis, qualifier, value, the last possible day.
FIGURES = [
    ("", "accredited", "all", "change", "exact", 54, "2017-08-31"),
    ("", "accredited", "all", "total", "exact", 61, "2017-08-31"),
    ("", "accredited", "all", "total", "exact", 86, "2017-09-08"),
    ("", "accredited", "all", "total", "exact", 315, "2017-09-28"),
    ("", "accredited", "all", "total", "exact", 496, "2017-10-14"),
    ("", "accredited", "all", "total", "more_than", 700, "2017-10-14"),
    ("", "accredited", "all", "total", "about", 775, "2017-10-15"),
    ("odihr", "deployed", "all", "total", "exact", 298, "2017-10-15"),
    ("osce-pa", "deployed", "all", "total", "exact", 37, "2017-10-15"),
    ("pace", "deployed", "all", "total", "exact", 23, "2017-10-15"),
    ("ep", "deployed", "all", "total", "exact", 11, "2017-10-15"),
    ("odihr", "deployed", "core_team", "total", "exact", 17, "2017-10-15"),
    ("odihr", "deployed", "long_term", "total", "exact", 26, "2017-10-15"),
    ("osce-pa", "announced", "all", "total", "exact", 40, "2017-10-10"),
    ("pace", "announced", "all", "total", "exact", 17, "2017-10-09"),
    ("cis", "announced", "all", "total", "more_than", 170, "2017-09-29"),
    ("cis", "deployed", "long_term", "total", "exact", 20, "2017-10-16"),
    ("cis", "deployed", "short_term", "total", "exact", 192, "2017-10-16"),
    ("from-kz", "announced", "all", "total", "exact", 46, "2017-10-13"),
    ("coalition-kg", "deployed", "long_term", "total", "exact", 60, "2017-09-01"),
]
THREE = {"cis", "osce", "ots"}
SEVEN = {"cis", "odihr", "sco", "ots", "ipa-cis", "osce-pa", "turkpa"}


def rows_of(name):
    with (PUBLISHED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = {name: len(rows_of(name)) for name in NAMES}


def test_it_imports_without_a_problem(published_record):
    assert {file: (tally.new, tally.changed, tally.as_before) for file, tally in published_record.items()} == {
        f"{name}.csv": (rows, 0, 0) for name, rows in ROWS.items()
    }


def test_its_files_are_the_files_of_the_dataset():
    assert {path.name for path in PUBLISHED.glob("*")} == {f"{name}.csv" for name in NAMES}


def test_the_second_import_changes_nothing():
    before = everything_stored()
    tallies = import_dataset(PUBLISHED, now=NOW.replace(year=2031))
    assert {file: (tally.new, tally.changed, tally.as_before) for file, tally in tallies.items()} == {
        f"{name}.csv": (0, 0, rows) for name, rows in ROWS.items()
    }
    assert everything_stored() == before


def test_its_readings_are_up_to_date(rebuild):
    columns = ("election__code", "mission__code", "deployment__code", "kind", "audience", "value", "low", "high")
    stored = sorted(map(str, Reading.objects.values_list(*columns, "agreement")))
    rebuild()
    assert stored == sorted(map(str, Reading.objects.values_list(*columns, "agreement")))
    # three kinds, two audiences
    subjects = sum(ROWS[name] for name in ("elections", "missions", "deployments"))
    assert len(stored) == subjects * 3 * 2


# The figures


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: " ".join(map(str, figure)))
def test_each_published_figure_is_recorded(figure):
    subject, kind, group, basis, qualifier, value, day = figure
    code = f"{ELECTION}-{subject}" if subject else ELECTION
    recorded = HeadCount.objects.filter(
        kind=kind, group=group, basis=basis, qualifier=qualifier, value=value, as_of=day, counted=True
    )
    assert code in {count.subject.code for count in recorded}


def test_a_figure_that_two_sources_print_stands_twice():
    batches = HeadCount.objects.filter(election__code=ELECTION, basis="change").values_list("value", "source__code")
    assert sorted(batches) == [(54, "24-kg-61505"), (54, "kabar-2017-08-31")]


def test_the_accreditation_grows_from_61_to_775_and_the_undated_pages_stand_between():
    steps = HeadCount.objects.filter(election__code=ELECTION, kind="accredited", basis="total").order_by(
        "as_of", "value"
    )
    told = [(str(step.as_of_from or ""), str(step.as_of), step.value) for step in steps]
    assert told == [
        ("", "2017-08-31", 61),
        ("", "2017-08-31", 61),
        ("", "2017-09-08", 86),
        ("", "2017-09-28", 315),
        ("2017-09-29", "2017-10-14", 496),
        ("2017-09-30", "2017-10-14", 700),
        ("", "2017-10-15", 775),
    ]


# The 46


def test_the_46_are_one_deployment_without_a_sending_body():
    party = Deployment.objects.get(election__code=ELECTION)
    assert (party.code, str(party.sender_country), party.sender, party.part_of) == (PARTY, "KZ", None, None)
    assert sorted(party.head_counts.values_list("value", "source__code")) == [
        (46, "kabar-2017-10-13"),
        (46, "rferl-2017-10-13"),
        (46, "times-of-central-asia-2017-10"),
        (46, "unknown-kk-46-observers"),
    ]


def test_the_channels_of_the_46_stand_in_both_readings():
    told: dict[str, set[str]] = {}
    channels = Channel.objects.filter(deployment__code=PARTY)
    for source, mission in channels.values_list("source__code", "mission__code"):
        told.setdefault(source, set()).add(mission.removeprefix(f"{ELECTION}-"))
    assert told == {
        "rferl-2017-10-13": THREE,
        "times-of-central-asia-2017-10": THREE,
        "unknown-kk-46-observers": SEVEN,
        "kabar-2017-10-13": SEVEN,
    }
    assert channels.filter(counted=False).count() == 0


def test_the_46_are_read_as_46():
    for audience in ("public", "members"):
        reading = Reading.objects.get(deployment__code=PARTY, kind="announced", audience=audience)
        assert (reading.value, reading.low, reading.high) == (46, 46, 46)


# Missions, invitations, people


def test_the_joint_observation_has_its_four_missions_inside():
    joint = Mission.objects.get(code=f"{ELECTION}-osce")
    inside = sorted(mission.code.removeprefix(f"{ELECTION}-") for mission in joint.parts.all())
    assert inside == ["ep", "odihr", "osce-pa", "pace"]
    assert sorted(joint.co_organizers.values_list("code", flat=True)) == ["ep", "odihr", "osce-pa", "pace"]
    assert Mission.objects.filter(election__code=ELECTION).exclude(part_of=None).count() == 5


def test_fourteen_invitations_and_the_one_that_was_declined():
    invitations = Invitation.objects.filter(election__code=ELECTION)
    assert sorted(invitations.exclude(response="declined").values_list("invitee__code", flat=True)) == [
        *("aaea", "aceeeo", "aweb", "cis", "ep", "ipa-cis", "nato-pa"),
        *("odihr", "oic", "ots", "pace", "sco", "turkpa", "venice-commission"),
    ]
    declined = invitations.get(response="declined")
    assert (declined.inviter.code, declined.invitee.code) == ("cec-kg", "cec-kz")
    assert (str(declined.responded_on), declined.reason) == ("2017-10-13", "political")
    assert sorted(declined.sources.values_list("code", flat=True)) == [
        "24-kg-60226",
        "belarus-kz-40918",
        "rferl-2017-10-13",
        "times-of-central-asia-2017-10",
    ]
    assert declined.warnings() == []


def test_whoever_is_named_is_named_by_a_public_source():
    assert Observer.objects.count() == Observer.objects.all().public().count() == ROWS["observers"]
    assert Assignment.objects.count() == Assignment.objects.all().public().count() == ROWS["assignments"]


def test_nothing_is_said_about_people_beside_name_post_and_place():
    kept_blank = ("gender", "email", "phone", "internal_note")
    assert [row for row in rows_of("observers") if any(row[column] for column in kept_blank)] == []
    kept_blank = ("accreditation_number", "internal_note")
    assert [row for row in rows_of("assignments") if any(row[column] for column in kept_blank)] == []


def test_the_turkic_council_has_its_name_of_2017_and_says_what_it_is_called_now():
    election, ots = Election.objects.get(code=ELECTION), Organization.objects.get(code="ots")
    assert ots.name_on(election.election_day) == "Cooperation Council of Turkic Speaking States (Turkic Council)"
    assert ots.current_name() == "Organization of Turkic States"
    assert [found.code for found in Organization.objects.search("Organization of Turkic States")] == ["ots"]
    found = Deployment.objects.filter(election__code=ELECTION).search("Organization of Turkic States")
    assert [party.code for party in found] == [PARTY]


def test_every_organization_has_a_name():
    named = set(OrganizationName.objects.values_list("organization__code", flat=True))
    assert named == set(Organization.objects.values_list("code", flat=True))


def test_nobody_keeps_it_but_the_administrators():
    owned = [model for model in RECORDS if hasattr(model, "owner")]
    assert [model for model in owned if model.objects.exclude(owner=None).exists()] == []
    assert len(owned) == 9


def test_it_is_left_alone_by_the_other_tests_of_this_module():
    with transaction.atomic():
        Election.objects.all().update(name="changed")
        transaction.set_rollback(True)
    assert Election.objects.get(code=ELECTION).name == "Presidential election in Kyrgyzstan, 15 October 2017"
