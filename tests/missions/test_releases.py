"""Numbered releases of the public record: what they hold, what they say has changed, and how they are withdrawn."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import UTC, datetime
from io import BytesIO, StringIO

import frictionless
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from missions.api_examples import EXAMPLES
from missions.dataset import RECORDS, import_dataset
from missions.models import Mission, Release
from missions.models.releases import ReleasedFiles
from missions.releases import ReleaseRefused, make_release
from observers.models import Observer
from organizations.models import Change, Source
from tests.conftest import NOW
from tests.factories import (
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    ObserverFactory,
    OrganizationFactory,
    SourceFactory,
    StatementFactory,
)
from tests.missions.test_export_dataset import empty_the_record
from tests.missions.test_export_dataset_public import canaries, hidden  # noqa: F401 (fixtures)
from tests.missions.test_lists import whole_record

pytestmark = pytest.mark.django_db
LATER = datetime(2030, 8, 1, 12, tzinfo=UTC)
PERSONAL = {"observers.csv", "observer_names.csv", "assignments.csv"}


@pytest.fixture
def record(public_access, db):
    return whole_record("a")


def contents(release):
    with zipfile.ZipFile(BytesIO(bytes(release.content))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def file_address(release):
    return reverse("api:release-file", args=[release.number])


# What it holds


def test_a_release_holds_the_public_facts_and_no_persons(record):
    person = Observer.objects.first()
    StatementFactory(subject=f"observers/{person.code}", field="gender", source=record.source)
    release = make_release(now=NOW)
    held = contents(release)
    assert held.keys() == {f"{model.dataset_file}.csv" for model in RECORDS} - PERSONAL | {"datapackage.json"}
    everything = b"".join(held.values())
    for name in ("Examplea", "Spellinga", "Robin", "observers/"):
        assert name.encode() not in everything, name
    assert [code for code in Observer.objects.values_list("code", flat=True) if code.encode() in everything] == []
    assert (release.number, release.released_at, release.since, release.changes, release.summary) == (
        1,
        NOW,
        None,
        {},
        "",
    )
    assert release.rows == {name: content.count(b"\n") - 1 for name, content in held.items() if name.endswith(".csv")}
    assert release.size == len(release.content)
    assert release.sha256 == hashlib.sha256(release.content).hexdigest()


def test_nothing_that_is_not_public_is_in_it(canaries, public_access):  # noqa: F811
    assert canaries.in_files(contents(make_release(now=NOW))) == set()


def test_a_mission_to_which_persons_alone_point_is_not_in_it(record):
    memo = SourceFactory(public=False)
    unknown = MissionFactory(code="unknown", election=record.election, organizer=record.organizer, sources=[memo])
    place = record.person.assignments.get()
    place.mission, place.deployment = unknown, None
    place.save()
    place.sources.set([record.source])
    assert b"unknown" not in b"".join(contents(make_release(now=NOW)).values())


def test_programs_that_check_data_packages_take_it_as_it_is(record, tmp_path):
    (tmp_path / "release.zip").write_bytes(make_release(now=NOW).content)
    report = frictionless.Package(str(tmp_path / "release.zip")).validate()
    assert (report.valid, report.stats["tasks"]) == (True, 13)


def test_whoever_reads_it_in_and_makes_it_again_gets_the_same_hash(record, tmp_path):
    release = make_release(now=NOW)
    for name, content in contents(release).items():
        (tmp_path / name).write_bytes(content)
    Release.objects.all().delete()
    empty_the_record()
    import_dataset(tmp_path, now=NOW)
    assert make_release(now=LATER).sha256 == release.sha256


def test_its_bytes_do_not_depend_on_how_a_library_compresses(record):
    with zipfile.ZipFile(BytesIO(make_release(now=NOW).content)) as archive:
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}


def test_a_release_is_no_change_of_a_record(record):
    make_release(now=NOW)
    assert not Change.objects.exists()


# What changed


def test_a_release_says_what_was_added_changed_and_removed_since_the_last(record):
    make_release(now=NOW)
    SourceFactory(code="new-paper")
    SourceFactory(code="memo", public=False)
    Mission.objects.filter(pk=record.mission.pk).update(remark="Said later", status="closed", internal_note="Private")
    gone = record.election.head_counts.order_by("code").first()
    gone.delete()
    release = make_release(now=LATER)
    assert (release.number, release.since) == (2, 1)
    assert release.changes == {
        "head_counts.csv": {"added": [], "changed": {}, "removed": [gone.code]},
        "missions.csv": {"added": [], "changed": {record.mission.code: ["status", "remark"]}, "removed": []},
        "sources.csv": {"added": ["new-paper"], "changed": {}, "removed": []},
    }
    assert release.summary == "head_counts.csv: 1 removed; missions.csv: 1 changed; sources.csv: 1 added"


def test_a_file_that_comes_or_goes_is_told_as_its_rows(public_access):
    SourceFactory(code="paper")
    make_release(now=NOW)
    ElectionFactory(code="northland")
    Source.objects.all().delete()
    assert make_release(now=LATER).changes == {
        "elections.csv": {"added": ["northland"], "changed": {}, "removed": []},
        "sources.csv": {"added": [], "changed": {}, "removed": ["paper"]},
    }


def test_after_a_release_that_was_withdrawn_the_one_before_is_compared(record):
    make_release(now=NOW)
    SourceFactory(code="second")
    make_release(now=NOW)
    Release.objects.filter(number=2).withdraw(now=NOW)
    SourceFactory(code="third")
    release = make_release(now=LATER)
    assert (release.number, release.since) == (3, 1)
    assert release.changes["sources.csv"]["added"] == ["second", "third"]
    Release.objects.all().withdraw(now=LATER)
    SourceFactory(code="fourth")
    release = make_release(now=LATER)
    assert (release.number, release.since, release.changes) == (4, None, {})


# Refusals


def refusal():
    before = Release.objects.count()
    with pytest.raises(ReleaseRefused) as refused:
        make_release(now=LATER)
    assert Release.objects.count() == before
    return str(refused.value)


def test_nothing_is_released_where_nothing_changed_or_what_changed_is_not_public(record):
    make_release(now=NOW)
    ObserverFactory()
    SourceFactory(public=False)
    Source.objects.first().save()
    assert refusal() == "Nothing was released: nothing has changed since release 1."
    Release.objects.all().withdraw(now=NOW)
    assert refusal() == (
        "Nothing was released: nothing has changed since release 1, which was withdrawn because the name of an erased "
        "person stands in its texts. Take it out of the record first."
    )


def test_nothing_is_released_of_a_record_that_is_empty_or_not_public(public_access, settings):
    SourceFactory(public=False)
    assert refusal() == "Nothing was released: the record holds no row that is public."
    SourceFactory()
    settings.PUBLIC_ACCESS = False
    assert refusal() == "Nothing was released: PUBLIC_ACCESS is off, so the record is not public."


def test_a_release_is_never_changed(record):
    release = make_release(now=NOW)
    with pytest.raises(TypeError, match="never changed"):
        release.save()


# The command


def told():
    out = StringIO()
    call_command("release_dataset", stdout=out)
    return out.getvalue().splitlines()


def test_the_command_tells_number_hash_size_what_changed_and_how_to_cite_it(record):
    first = told()
    release = Release.objects.get()
    assert first[0] == f"Release 1: {release.size:,} bytes, {sum(release.rows.values()):,} rows"
    assert first[1] == f"SHA-256: {release.sha256}"
    assert first[2].startswith("Cite it: Record of election observation missions, release 1, ")
    assert first[2].endswith(f", /api/v1/releases/1/dataset.zip (SHA-256 {release.sha256})")
    assert len(first) == 3
    SourceFactory()
    assert told()[2] == "Since release 1: sources.csv: 1 added"
    with pytest.raises(CommandError, match="nothing has changed since release 2"):
        told()


# The API


@pytest.fixture
def small_record(public_access):
    """What the example in the schema is of: one election, whose count is corrected."""
    gazette = SourceFactory(code="gazette-2030-05-20", title="Observers arrive", publisher="Northland Gazette")
    secretariat = OrganizationFactory(code="secretariat", kind="other", sources=[gazette])
    election = ElectionFactory(code="northland-2030", sources=[gazette])
    mission = MissionFactory(code="northland-2030-secretariat", election=election, organizer=secretariat)
    mission.sources.set([gazette])
    count = HeadCountFactory(code="northland-2030-accredited", election=election, source=gazette, value=46)
    make_release(now=NOW)
    count.value = 48
    count.save()
    return make_release(now=LATER)


def test_the_example_of_the_schema_is_a_real_answer_but_for_hash_and_size(client, small_record, settings):
    settings.ALLOWED_HOSTS = ["tracker.example"]
    answer = client.get("/api/v1/releases/2/", headers={"host": "tracker.example"}, secure=True)
    example = EXAMPLES["releases"]["read"]
    text = answer.content.decode().replace(small_record.sha256, example["sha256"])
    assert json.loads(text) | {"size": example["size"]} == example


def test_the_list_tells_the_newest_first_without_the_lists_of_changes(client, small_record, django_assert_num_queries):
    with django_assert_num_queries(1):
        results = client.get("/api/v1/releases/").json()["results"]
    of_second = client.get("/api/v1/releases/2/").json()
    of_second.pop("changes")
    assert [each["number"] for each in results] == [2, 1]
    assert results[0] == of_second
    assert results[1]["since"] is None
    assert client.get("/api/v1/").json()["releases"] == "http://testserver/api/v1/releases/"


def test_the_file_is_given_whole_with_its_hash_as_strong_etag(client, small_record):
    address = file_address(small_record)
    answer = client.get(address, headers={"accept-encoding": "gzip"})
    assert hashlib.sha256(answer.content).hexdigest() == small_record.sha256
    names = ("Content-Type", "Content-Length", "ETag", "Cache-Control", "Content-Disposition")
    assert tuple(answer[name] for name in names) == (
        "application/zip",
        str(small_record.size),
        f'"{small_record.sha256}"',
        "no-cache",
        'attachment; filename="election-observation-record-release-2.zip"',
    )
    again = client.get(address, headers={"if-none-match": f'"{small_record.sha256}"'})
    assert (again.status_code, again.content) == (304, b"")


def test_a_release_that_was_withdrawn_says_so_and_gives_nothing(client, small_record):
    Release.objects.filter(number=2).withdraw(now=LATER)
    answer = client.get(file_address(small_record), headers={"if-none-match": f'"{small_record.sha256}"'})
    assert (answer.status_code, answer["Content-Type"]) == (410, "application/problem+json")
    assert answer.json() == {
        "type": "about:blank",
        "title": "No longer here",
        "status": 410,
        "detail": "Release 2 was withdrawn: its file is given to nobody any more.",
        "errors": [],
    }
    results = client.get("/api/v1/releases/").json()["results"]
    assert [each["withdrawn_at"] for each in results] == ["2030-08-01T12:00:00Z", None]
    assert results[0]["sha256"] == small_record.sha256


@pytest.mark.parametrize("address", ["/api/v1/releases/", "/api/v1/releases/2/", "/api/v1/releases/2/dataset.zip"])
def test_releases_are_for_those_who_may_see_the_record(client, small_record, viewer, settings, address):
    assert client.get(address).status_code == 200
    assert client.get(f"{address}?format=json").json()["errors"] == [
        {"parameter": "format", "message": "“format” is not a parameter here."}
    ]
    settings.PUBLIC_ACCESS = False
    assert client.get(address).status_code == 401
    client.force_login(viewer)
    answer = client.get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")


@pytest.mark.parametrize("number", [3, 0, 10**30])
def test_a_number_that_no_release_has_is_not_found(client, small_record, number):
    for address in (f"/api/v1/releases/{number}/", f"/api/v1/releases/{number}/dataset.zip"):
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


# The page


def test_the_page_of_the_method_lists_releases_where_there_is_one(client, record):
    assert "Releases" not in client.get(reverse("method")).content.decode()
    release = make_release(now=NOW)
    markup = client.get(reverse("method")).content.decode()
    citation = release.citation("http://testserver/api/v1/releases/1/dataset.zip")
    assert citation == (
        "Record of election observation missions, release 1, 1 July 2030, "
        f"http://testserver/api/v1/releases/1/dataset.zip (SHA-256 {release.sha256})"
    )
    assert f'<dt><a href="/api/v1/releases/1/dataset.zip">Release 1</a></dt><dd>{citation}</dd>' in markup
    Release.objects.all().withdraw(now=NOW)
    markup = client.get(reverse("method")).content.decode()
    assert f"<dt>Release 1</dt><dd>of 1 July 2030, SHA-256 {release.sha256}. It was withdrawn" in markup


def test_the_tables_of_a_release_are_read_by_name(record):
    files = ReleasedFiles(bytes(make_release(now=NOW).content))
    assert [row["code"] for row in files.table("elections.csv")] == ["election-a"]
    assert list(files.table("observers.csv")) == []
