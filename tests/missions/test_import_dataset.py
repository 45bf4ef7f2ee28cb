"""The import of a dataset: what it stores, what it leaves alone, and that it is all or nothing."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command

from missions.dataset import RECORDS
from missions.dataset.importing import FileImport
from missions.models import Channel, Deployment, HeadCount, Mission, Reading, Statement
from observers.models import Observer
from organizations.models import Membership, Organization, Region, Source
from tests.conftest import NOW, everything_stored
from tests.factories import (
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    OrganizationFactory,
    SourceFactory,
)

LATER = datetime(2030, 8, 1, tzinfo=UTC)
ROBIN = "0c7f2a4e-5f0b-4c58-9d3a-0f4d8a1b2c3d"
# A record with a row in every file, those that point to their own kind in the wrong order.
WHOLE = {
    "sources": [{"code": "gazette", "title": "Observers arrive", "publisher": "Northland Gazette"}],
    "organizations": [
        {"code": "bureau", "kind": "other", "parent": "secretariat"},
        {"code": "secretariat", "kind": "intergovernmental", "sources": "gazette"},
        {"code": "commission", "kind": "election_body", "country": "KZ"},
    ],
    "organization_names": [{"organization": "secretariat", "language": "en", "name": "Observation Secretariat"}],
    "memberships": [{"organization": "secretariat", "member_country": "KZ", "sources": "gazette"}],
    "regions": [
        {"code": "town", "country": "KG", "name": "Town", "part_of": "north"},
        {"code": "north", "country": "KG", "name": "North"},
    ],
    "elections": [{"country": "KG", "kind": "presidential", "election_day": "2030-06-02"}],
    "voting_days": [{"election": "kg-presidential-2030-06-02", "region": "town", "starts_on": "2030-06-02"}],
    "missions": [
        {
            "election": "kg-presidential-2030-06-02",
            "organizer": "bureau",
            "kind": "om",
            "part_of": "kg-presidential-2030-06-02-secretariat",
        },
        {
            "election": "kg-presidential-2030-06-02",
            "organizer": "secretariat",
            "co_organizers": "bureau; commission",
            "kind": "ieom",
        },
    ],
    "invitations": [
        {"election": "kg-presidential-2030-06-02", "inviter": "commission", "invitee": "secretariat"},
    ],
    "deployments": [
        {
            "code": "deputies",
            "election": "kg-presidential-2030-06-02",
            "sender_country": "KZ",
            "part_of": "kg-presidential-2030-06-02-from-kz",
        },
        {"code": "", "election": "kg-presidential-2030-06-02", "sender_country": "KZ", "sources": "gazette"},
    ],
    "channels": [
        {
            "deployment": "kg-presidential-2030-06-02-from-kz",
            "mission": "kg-presidential-2030-06-02-secretariat",
            "source": "gazette",
        }
    ],
    "head_counts": [
        {
            "deployment": "kg-presidential-2030-06-02-from-kz",
            "kind": "announced",
            "value": "46",
            "as_of": "2030-06-01",
            "source": "gazette",
        }
    ],
    "observers": [{"code": ROBIN, "family_name": "Example", "given_names": "Robin"}],
    "observer_names": [{"observer": ROBIN, "language": "ru", "family_name": "Пример"}],
    "assignments": [
        {
            "observer": ROBIN,
            "mission": "kg-presidential-2030-06-02-secretariat",
            "role": "short_term",
            "sources": "gazette",
        }
    ],
    "statements": [
        {
            "subject": "missions/kg-presidential-2030-06-02-secretariat",
            "field": "name",
            "value": "United Watch",
            "source": "gazette",
        }
    ],
}


@pytest.fixture
def whole(dataset):
    for name, rows in WHOLE.items():
        dataset.write(name, *rows)
    return dataset


# What is stored


def test_a_dataset_with_a_row_in_every_file_is_stored_whole(whole):
    assert whole.read_in() == {f"{name}.csv": (len(rows), 0, 0) for name, rows in WHOLE.items()}
    assert list(WHOLE) == [model.dataset_file for model in RECORDS]


def test_everything_new_is_of_the_time_of_the_import(whole):
    whole.read_in()
    times = {time for model in RECORDS for time in model.objects.values_list("modified_at", flat=True)}
    assert times == {NOW}


def test_blank_codes_are_computed(whole):
    whole.read_in()
    assert list(Mission.objects.order_by("code").values_list("code", flat=True)) == [
        "kg-presidential-2030-06-02-bureau",
        "kg-presidential-2030-06-02-secretariat",
    ]
    assert [row.code for row in (*Channel.objects.all(), *HeadCount.objects.all(), *Statement.objects.all())] == [
        "kg-presidential-2030-06-02-from-kz-via-secretariat-gazette",
        "kg-presidential-2030-06-02-from-kz-announced-all-total-2030-06-01-gazette",
        "missions-kg-presidential-2030-06-02-secretariat-name-gazette",
    ]


def test_parents_and_wholes_may_stand_in_later_rows(whole):
    whole.read_in()
    assert Organization.objects.get(code="bureau").parent.code == "secretariat"
    assert Region.objects.get(code="town").part_of.code == "north"
    assert Mission.objects.get(organizer__code="bureau").part_of.organizer.code == "secretariat"
    assert Deployment.objects.get(code="deputies").part_of.code == "kg-presidential-2030-06-02-from-kz"


def test_several_values_of_a_cell_are_stored(whole):
    whole.read_in()
    joint = Mission.objects.get(organizer__code="secretariat")
    assert sorted(joint.co_organizers.values_list("code", flat=True)) == ["bureau", "commission"]


def test_search_finds_what_an_import_brought(whole):
    whole.read_in()
    assert [found.code for found in Organization.objects.search("OBSERVATION sécretariat")] == ["secretariat"]
    assert [found.code for found in Observer.objects.search("primer")] == [ROBIN]
    assert [found.code for found in Mission.objects.search("observation secretariat")] == [
        "kg-presidential-2030-06-02-secretariat"
    ]


def test_an_import_leaves_the_readings_as_they_should_be(whole, rebuild):
    whole.read_in()
    after_import = stored_readings()
    party = [figures for code, *figures in after_import if code == "kg-presidential-2030-06-02-from-kz"]
    assert party == [
        ["accredited", "members", "None", "None", "None", "none"],
        ["accredited", "public", "None", "None", "None", "none"],
        ["announced", "members", "46", "46", "46", "partial"],
        ["announced", "public", "46", "46", "46", "agreed"],
        ["deployed", "members", "None", "None", "None", "none"],
        ["deployed", "public", "None", "None", "None", "none"],
    ]
    rebuild()
    assert after_import == stored_readings()


def stored_readings():
    """The stored readings as plain figures."""
    return sorted(
        (
            (reading.deployment or reading.mission or reading.election).code,
            *(reading.kind, reading.audience),
            *map(str, (reading.value, reading.low, reading.high, reading.agreement)),
        )
        for reading in Reading.objects.all()
    )


def test_booleans_are_true_false_or_left_to_the_default(dataset):
    election, source = ElectionFactory(code="first"), SourceFactory(code="gazette")
    count = {"election": election.code, "kind": "accredited", "value": "5", "source": source.code}
    dataset.write(
        "head_counts",
        {**count, "as_of": "2030-06-01", "counted": "false", "preferred": "true"},
        {**count, "as_of": "2030-06-02", "counted": "", "preferred": ""},
        {**count, "as_of": "2030-06-03", "counted": "true", "preferred": "false"},
    )
    dataset.read_in()
    stored = HeadCount.objects.order_by("as_of").values_list("counted", "preferred")
    assert list(stored) == [(False, True), (True, False), (True, False)]


def test_dates_and_numbers_are_stored_as_written(dataset):
    ElectionFactory(code="first")
    SourceFactory(code="gazette")
    dataset.write(
        "head_counts",
        {
            "election": "first",
            "kind": "deployed",
            "value": "0",
            "as_of_from": "2028-02-29",
            "as_of": "2030-06-01",
            "states": "3",
            "source": "gazette",
        },
    )
    dataset.read_in()
    stored = HeadCount.objects.get()
    assert (stored.value, stored.states, stored.bodies) == (0, 3, None)
    assert (stored.as_of_from, stored.as_of) == (date(2028, 2, 29), date(2030, 6, 1))


@pytest.mark.parametrize(
    "name",
    [
        "Әлия Қожахметқызы Өміртай",
        "O'Brien",
        "O’Brien",
        "'Abd al-Rahman",
        "=SUM(A1:A9)",
        "-Smith",
        "عبد الرحمن",
        "\u200fשלום\u200e",
        "Ўткир Ғаниев",
        'Robin "the Example"',
        "Semi; colon, comma",
        "First line\nsecond line",
        "First line\r\nsecond line",
        " kept spaces ",
        "é and é",
        "नमस्ते 🗳",
    ],
)
def test_names_come_back_unaltered(name, dataset):
    dataset.write("observers", {"code": ROBIN, "family_name": name, "given_names": name})
    dataset.write("sources", {"code": "gazette", "title": name, "publisher": name, "excerpt": name})
    dataset.read_in()
    stored = Observer.objects.get()
    assert (stored.family_name, stored.given_names) == (name, name)
    assert list(Source.objects.values_list("title", "publisher", "excerpt")) == [(name, name, name)]
    assert dataset.read_in() == {"sources.csv": (0, 0, 1), "observers.csv": (0, 0, 1)}


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffcode,title,publisher\ngazette,Observers arrive,Northland Gazette\n",
        "code,title,publisher\r\ngazette,Observers arrive,Northland Gazette\r\n",
        "code,title,publisher\rgazette,Observers arrive,Northland Gazette\r",
        "code,title,publisher\ngazette,Observers arrive,Northland Gazette",
        "publisher,code,title\n\nNorthland Gazette,gazette,Observers arrive\n\n",
        '"code","title","publisher"\n"gazette","Observers arrive","Northland Gazette"\n',
    ],
    ids=["byte order mark", "CRLF", "CR", "no last line end", "blank lines, other order", "all quoted"],
)
def test_files_of_every_spreadsheet_program_are_read(content, dataset):
    dataset.put("sources", content)
    assert dataset.read_in() == {"sources.csv": (1, 0, 0)}
    stored = Source.objects.get()
    assert (stored.code, stored.title, stored.publisher) == ("gazette", "Observers arrive", "Northland Gazette")


# The second time, and changes


def test_the_second_import_changes_nothing(whole):
    whole.read_in()
    before = everything_stored()
    assert whole.read_in(now=LATER) == {f"{name}.csv": (0, 0, len(rows)) for name, rows in WHOLE.items()}
    after = everything_stored()
    # Readings are rebuilt only for elections that were written to: not even their keys are new.
    assert after == before


def test_shuffled_rows_are_the_same_rows(whole):
    whole.read_in()
    before = everything_stored()
    for name, rows in WHOLE.items():
        columns = sorted({column for row in rows for column in row}, reverse=True)
        whole.write(name, *({column: row.get(column, "") for column in columns} for row in reversed(rows)))
    whole.read_in(now=LATER)
    assert everything_stored() == before


def test_a_row_with_a_code_changes_that_record_and_no_other(whole):
    whole.read_in()
    whole.clear().write("sources", {"code": "gazette", "title": "Observers have left"})
    SourceFactory(code="herald", title="Untouched")
    assert whole.read_in(now=LATER) == {"sources.csv": (0, 1, 0)}
    changed = Source.objects.get(code="gazette")
    assert (changed.title, changed.publisher, changed.modified_at) == (
        "Observers have left",
        "Northland Gazette",
        LATER,
    )
    assert Source.objects.get(code="herald").title == "Untouched"


def test_a_row_without_a_code_changes_the_record_with_its_natural_key(whole):
    whole.read_in()
    (count,) = WHOLE["head_counts"]
    whole.clear().write("head_counts", {**count, "value": "47"})
    assert whole.read_in(now=LATER) == {"head_counts.csv": (0, 1, 0)}
    assert [(row.value, row.modified_at) for row in HeadCount.objects.all()] == [(47, LATER)]


def test_columns_that_a_file_leaves_out_stay_as_they_are(dataset):
    election = ElectionFactory()
    first = HeadCountFactory(election=election, as_of=date(2030, 5, 1), remark="kept", states=4)
    second = HeadCountFactory(election=election, as_of=date(2030, 5, 2), source=first.source)
    dataset.write("head_counts", {"code": first.code, "value": "11"}, {"code": second.code, "value": "12"})
    assert dataset.read_in() == {"head_counts.csv": (0, 2, 0)}
    assert list(HeadCount.objects.order_by("as_of").values_list("value", "remark", "states")) == [
        (11, "kept", 4),
        (12, "", None),
    ]


def test_a_blank_cell_empties_what_may_be_blank(dataset):
    first = HeadCountFactory(election=ElectionFactory(), remark="to go", states=4)
    dataset.write("head_counts", {"code": first.code, "remark": "", "states": ""})
    dataset.read_in()
    assert HeadCount.objects.values_list("remark", "states").get() == ("", None)


def test_values_of_a_cell_are_taken_away_again(dataset):
    gazette, herald = SourceFactory(code="gazette"), SourceFactory(code="herald")
    MissionFactory(code="joint", sources=[gazette, herald])
    dataset.write("missions", {"code": "joint", "sources": "herald"})
    assert dataset.read_in(now=LATER) == {"missions.csv": (0, 1, 0)}
    joint = Mission.objects.get()
    assert [source.code for source in joint.sources.all()] == ["herald"]
    assert joint.modified_at == LATER


def test_the_order_of_several_values_is_no_change(dataset):
    MissionFactory(code="joint", sources=[SourceFactory(code="gazette"), SourceFactory(code="herald")])
    dataset.write("missions", {"code": "joint", "sources": "herald; gazette;gazette"})
    assert dataset.read_in() == {"missions.csv": (0, 0, 1)}


def test_a_stored_record_may_become_part_of_one_that_the_file_brings(dataset):
    alone = MissionFactory(code="alone", election=ElectionFactory(code="first"), organizer__code="bureau")
    OrganizationFactory(code="secretariat")
    dataset.write(
        "missions",
        {"code": "alone", "election": "first", "organizer": "bureau", "kind": "om", "part_of": "joint"},
        {"code": "joint", "election": "first", "organizer": "secretariat", "kind": "ieom"},
    )
    dataset.read_in()
    alone.refresh_from_db()
    assert alone.part_of.code == "joint"


def test_a_mission_that_changes_its_election_changes_the_readings_of_both(dataset, rebuild):
    left, joined = ElectionFactory(code="left"), ElectionFactory(code="joined")
    MissionFactory(code="moving", election=left)
    HeadCountFactory(election=left)
    rebuild()
    assert Reading.objects.get(election=left, kind="accredited", audience="members").agreement == "partial"
    dataset.write("missions", {"code": "moving", "election": joined.code})
    dataset.read_in()
    after_import = stored_readings()
    assert Reading.objects.get(election=left, kind="accredited", audience="members").agreement == "agreed"
    rebuild()
    assert after_import == stored_readings()


def test_a_source_that_is_made_internal_takes_its_figures_from_the_public_readings(dataset, rebuild):
    HeadCountFactory(election=ElectionFactory(), value=7, source__code="gazette")
    rebuild()
    dataset.write("sources", {"code": "gazette", "public": "false"})
    dataset.read_in()
    accredited = Reading.objects.filter(kind="accredited").order_by("audience").values_list("audience", "value")
    assert list(accredited) == [("members", 7), ("public", None)]


# Who keeps what is new; see also test_import_dataset_owner.py


def test_the_owner_may_come_with_the_same_dataset(whole):
    whole.read_in(owner="commission")
    assert [record.owner.code for record in (Source.objects.get(), HeadCount.objects.get())] == ["commission"] * 2


def test_without_an_owner_the_administrators_keep_what_is_new(whole):
    whole.read_in()
    assert [record.owner for record in (Source.objects.get(), HeadCount.objects.get())] == [None, None]


def test_an_unknown_owner_is_refused(whole):
    assert whole.problems(owner="nobody") == ["--owner:1: There is no organization with the code “nobody”."]


# All or nothing


@pytest.mark.parametrize("stage", ["store", "put", "link", "fold_names_again"])
def test_an_import_that_fails_half_way_leaves_nothing(stage, whole, monkeypatch):
    SourceFactory(code="herald")
    before = everything_stored()
    calls = []
    work = getattr(FileImport, stage)

    def fails_late(file, *given):
        work(file, *given)
        calls.append(stage)
        if stage == "fold_names_again" or len(calls) == 5:
            raise ConnectionError("the line is cut")

    monkeypatch.setattr(FileImport, stage, fails_late)
    with pytest.raises(ConnectionError):
        whole.read_in()
    assert calls
    assert everything_stored() == before


def test_a_failing_reading_leaves_nothing(whole, monkeypatch):
    before = everything_stored()
    monkeypatch.setattr("missions.resting.rebuild_readings", lambda elections: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        whole.read_in()
    assert everything_stored() == before


def test_what_the_database_refuses_after_all_is_told_without_a_trace(whole, monkeypatch):
    def broken_check(file, row):
        """Lets everything through."""

    monkeypatch.setattr(FileImport, "check", broken_check)
    (count,) = WHOLE["head_counts"]
    whole.write("head_counts", {**count, "as_of_from": "2030-06-02"})
    before = everything_stored()
    with pytest.raises(CommandError, match=r"^Nothing was changed: the database did not store it "):
        call_command("import_dataset", whole.folder)
    assert everything_stored() == before


KILLED = """
import os, signal
import django
django.setup()
from django.core.management import call_command
import missions.resting
missions.resting.rebuild_readings = lambda elections: os.kill(os.getpid(), signal.SIGKILL)
call_command("import_dataset", {folder!r})
"""


def test_an_import_that_is_killed_before_its_end_leaves_nothing(whole, tmp_path):
    file = tmp_path / "killed.sqlite3"
    assert python(file, "manage.py", "migrate", "-v0").returncode == 0
    assert python(file, "-c", KILLED.format(folder=str(whole.folder))).returncode == -signal.SIGKILL
    with sqlite3.connect(file) as connection:
        tables = [model._meta.db_table for model in RECORDS]
        counts = [connection.execute(f"SELECT count(*) FROM {name}").fetchone() for name in tables]  # noqa: S608
    assert counts == [(0,)] * 16
    again = python(file, "manage.py", "import_dataset", str(whole.folder))
    assert again.stdout.splitlines()[0] == "sources.csv: 1 new, 0 changed, 0 as before"


def python(database, *arguments):
    """Runs Python in the project with a database of its own."""
    return subprocess.run(  # noqa: S603 (our own programs)
        [sys.executable, *arguments],
        check=False,
        cwd=project.BASE_DIR,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{database}"},
        capture_output=True,
        text=True,
        timeout=120,
    )


# The command


def test_the_command_tells_what_became_of_each_file(whole):
    out = StringIO()
    call_command("import_dataset", whole.folder, stdout=out)
    assert out.getvalue().splitlines() == [
        f"{name}.csv: {len(rows)} new, 0 changed, 0 as before" for name, rows in WHOLE.items()
    ]


def test_the_command_takes_an_owner(whole):
    call_command("import_dataset", whole.folder, owner="commission", stdout=StringIO())
    assert Source.objects.get().owner.code == "commission"


def test_the_command_lists_the_problems_and_ends_with_exit_status_1(dataset):
    dataset.write("sources", {"code": "a", "title": "A"}, {"code": "b", "title": "B"})
    err = StringIO()
    with pytest.raises(CommandError) as ended:
        call_command("import_dataset", dataset.folder, stderr=err)
    assert err.getvalue().splitlines() == [
        "sources.csv:2: publisher: This field is required.",
        "sources.csv:3: publisher: This field is required.",
    ]
    assert (str(ended.value), ended.value.returncode) == ("Nothing was changed: 2 problems.", 1)


def test_one_problem_is_one_problem(dataset):
    dataset.put("sources", "")
    with pytest.raises(CommandError, match=r"^Nothing was changed: 1 problem\.$"):
        call_command("import_dataset", dataset.folder, stderr=StringIO())


def test_a_folder_that_does_not_exist_is_told(db, tmp_path):
    with pytest.raises(CommandError, match=r"nowhere is no folder\.$"):
        call_command("import_dataset", tmp_path / "nowhere")


class Terminal(StringIO):
    def isatty(self):
        return True


def test_a_progress_bar_shows_where_a_terminal_watches(whole, monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    call_command("import_dataset", whole.folder, stdout=StringIO())
    assert [name for name in WHOLE if f"{name}.csv:   0%" in terminal.getvalue()] == list(WHOLE)


def test_no_progress_bar_is_written_into_a_log(whole, monkeypatch):
    log = StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    call_command("import_dataset", whole.folder, stdout=StringIO())
    assert log.getvalue() == ""


# One record at a time


def test_memberships_are_kept_per_member_and_day(dataset):
    OrganizationFactory(code="secretariat")
    membership = {"organization": "secretariat", "standing": "member"}
    dataset.write(
        "memberships",
        {**membership, "member_country": "KZ"},
        {**membership, "member_country": "KZ", "since": "2020-01-01"},
        {**membership, "member_country": "KG"},
        {**membership, "member_country": "KZ", "standing": "observer"},
    )
    assert dataset.read_in() == {"memberships.csv": (4, 0, 0)}
    assert dataset.read_in() == {"memberships.csv": (0, 0, 4)}
    assert Membership.objects.count() == 4


def test_a_channel_and_a_count_of_a_stored_deployment_are_added(dataset):
    party = DeploymentFactory(code="party", election=ElectionFactory(code="first"))
    ChannelFactory(deployment=party, source__code="gazette")
    MissionFactory(code="joint", election=party.election)
    dataset.write("channels", {"deployment": "party", "mission": "joint", "source": "gazette"})
    assert dataset.read_in() == {"channels.csv": (1, 0, 0)}
    assert party.channels.count() == 2
