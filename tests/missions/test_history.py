"""The log of changes behind every door above data entry: imports, spreadsheets, merges; and each record's history."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.urls import reverse

from missions.actions import merge_observers, not_put_back, undo_merge
from missions.dataset import import_dataset
from missions.models import Assignment
from observers.models import Observer
from organizations.changes import RecordChange, log_change
from organizations.models import Change, ChangedRecord, Source, User
from tests.admin_pages import address_of
from tests.conftest import NOW, everything_stored
from tests.factories import (
    AssignmentFactory,
    ElectionFactory,
    MissionFactory,
    ObserverFactory,
    ObserverNameFactory,
    OrganizationFactory,
    SourceFactory,
    StatementFactory,
    UserFactory,
)
from tests.logged import log_without_personal_values, logged, personal, stop_the_log
from tests.missions.people_door import Door
from tests.missions.people_sheets import csv_file, mission_of

AT = datetime(2030, 7, 1, 12, tzinfo=UTC)
CANARY = "Qanaryeva"
SOMEBODY = "5c2f3c3e-8c52-4a4c-9b29-07c6f9a1a111"


def sha256(content):
    return hashlib.sha256(content).hexdigest()


# Datasets


def test_an_import_is_one_act_with_the_hash_of_each_file_and_every_record_it_touched(dataset, coordinator):
    SourceFactory(code="gazette", title="Observers arrive", publisher="Gazette")
    SourceFactory(code="other", title="As before", publisher="Gazette")
    dataset.write(
        "sources",
        {"code": "gazette", "title": "Observers leave", "publisher": "Gazette"},
        {"code": "other", "title": "As before", "publisher": "Gazette"},
        {"code": "new", "title": "New", "publisher": "Gazette"},
    )
    dataset.write("organizations", {"code": "council", "kind": "ngo"})
    import_dataset(dataset.folder, now=AT, by=coordinator)
    assert logged() == [
        (
            "dataset",
            "coordinator",
            [
                ("organizations/council", "created", {}),
                ("sources/gazette", "changed", {"title": ["Observers arrive", "Observers leave"]}),
                ("sources/new", "created", {}),
            ],
        )
    ]
    files = {name: (dataset.folder / name).read_bytes() for name in ("sources.csv", "organizations.csv")}
    change = Change.objects.get()
    assert change.files == [{"name": name, "sha256": sha256(content)} for name, content in files.items()]
    assert change.at == AT


def test_an_import_by_the_command_is_an_act_of_whoever_runs_the_server(dataset):
    dataset.write("organizations", {"code": "council", "kind": "ngo"})
    call_command("import_dataset", dataset.folder, verbosity=0)
    assert logged() == [("dataset", None, [("organizations/council", "created", {})])]


def test_an_import_that_changes_nothing_is_no_act(dataset):
    dataset.write("organizations", {"code": "council", "kind": "ngo"}).read_in()
    dataset.read_in()
    assert Change.objects.count() == 1


def test_an_import_that_is_refused_is_no_act(dataset):
    dataset.write("organizations", {"code": "council", "kind": "ngo"}, {"code": "other", "kind": "none such"})
    assert len(dataset.problems()) == 1
    assert logged() == []


def test_an_import_tells_references_several_values_and_keepers_by_codes(dataset, northland_commission):
    one, other = SourceFactory(code="paper-a"), SourceFactory(code="paper-b")
    election = ElectionFactory(code="election", sources=[one, other])
    joint = MissionFactory(code="joint", election=election, owner=northland_commission, status="considered")
    MissionFactory(code="inner", election=election, organizer=joint.organizer, part_of=joint, status="considered")
    new = {"election": "election", "kind": "om", "organizer": joint.organizer.code, "status": "announced"}
    dataset.write("elections", {"code": "election", "country": "KG", "sources": "paper-b"})
    dataset.write(
        "missions",
        {"code": "inner", **new, "part_of": "", "owner": "northland-commission", "starts_on": "2030-05-01"},
        {"code": "joint", **new, "part_of": "", "owner": "", "starts_on": ""},
        {"code": "new", **new, "kind": "rom", "part_of": "inner", "owner": "northland-commission", "starts_on": ""},
    )
    dataset.read_in()
    [(_door, _by, records)] = logged()
    differ = {"status": ["considered", "announced"]}
    assert records == [
        ("elections/election", "changed", {"sources": [["paper-a", "paper-b"], ["paper-b"]]}),
        (
            "missions/inner",
            "changed",
            {
                "part_of": ["joint", None],
                "starts_on": [None, "2030-05-01"],
                "owner": ["", "northland-commission"],
                **differ,
            },
        ),
        ("missions/joint", "changed", {"owner": ["northland-commission", ""], **differ}),
        ("missions/new", "created", {}),
    ]
    owners = ChangedRecord.objects.filter(resource="missions").order_by("code").values_list("code", "owner")
    assert list(owners) == [("inner", "northland-commission"), ("joint", ""), ("new", "northland-commission")]


def test_a_source_whose_keeper_comes_in_the_same_import_is_logged_with_it(dataset):
    SourceFactory(code="gazette", title="Arrival", publisher="Gazette")
    row = {"title": "Arrival", "publisher": "Gazette", "owner": "council"}
    dataset.write("sources", {"code": "gazette", **row}, {"code": "new", **row})
    dataset.write("organizations", {"code": "council", "kind": "ngo"}).read_in()
    rows = ChangedRecord.objects.filter(resource="sources").order_by("code")
    assert [(row.code, row.action, row.owner, row.fields) for row in rows] == [
        ("gazette", "changed", "council", {"owner": ["", "council"]}),
        ("new", "created", "council", {}),
    ]


def test_what_an_import_changes_of_persons_stands_in_its_own_rows_alone(dataset, northland_commission):
    person = ObserverFactory(code=SOMEBODY, family_name="Before", owner=northland_commission)
    mission = MissionFactory(code="joint")
    place = AssignmentFactory(code="place", observer=person, mission=mission, post="Clerk")
    ObserverNameFactory(code="spelling", observer=person, family_name="Пример")
    StatementFactory(code="said", subject="assignments/place", field="post", value="One", source__code="gazette")
    dataset.write("observers", {"code": SOMEBODY, "family_name": CANARY, "withheld": "true"})
    dataset.write("observer_names", {"code": "spelling", "observer": SOMEBODY, "language": "ru", "family_name": CANARY})
    dataset.write(
        "assignments", {"code": "place", "observer": SOMEBODY, "mission": "joint", "role": place.role, "post": CANARY}
    )
    said = {"code": "said", "subject": "assignments/place", "field": "post", "value": CANARY, "source": "gazette"}
    dataset.write("statements", said).read_in()
    [(_door, _by, records)] = logged()
    assert records == [
        ("assignments/place", "changed", {"post": None}),
        ("observer-names/spelling", "changed", {"family_name": None}),
        (f"observers/{SOMEBODY}", "changed", {"family_name": None, "withheld": [False, True]}),
        ("statements/said", "changed", {"value": None}),
    ]
    assert personal() == [
        (SOMEBODY, f"observers/{SOMEBODY}", "family_name", "Before", CANARY),
        (SOMEBODY, "observer-names/spelling", "family_name", "Пример", CANARY),
        (SOMEBODY, "assignments/place", "post", "Clerk", CANARY),
        (SOMEBODY, "statements/said", "value", "One", CANARY),
    ]
    assert CANARY not in log_without_personal_values()
    owners = dict(ChangedRecord.objects.values_list("resource", "owner"))
    assert owners["observers"] == owners["observer-names"] == "northland-commission"


def test_an_import_that_cannot_be_logged_stores_nothing(dataset):
    dataset.write("organizations", {"code": "council", "kind": "ngo"})
    stop_the_log()
    before = everything_stored()
    with pytest.raises(DatabaseError):
        dataset.read_in()
    assert everything_stored() == before


def test_the_first_run_logs_the_account_that_it_creates(db):
    OrganizationFactory()
    call_command("first_run", verbosity=0)
    account = f"accounts/{User.objects.get().pk}"
    [(door, by, [(record, action, fields)])] = logged()
    assert (door, by, record, action) == ("account", None, account, "created")
    assert fields["username"] == [None, "admin"]
    assert "password" not in fields


# Spreadsheets of people


HEADER = ("Family name", "Given names", "E-mail", "Post")


@pytest.fixture
def mission(secretariat):
    return mission_of(secretariat, owner=secretariat)


@pytest.fixture
def sent(admin_client, mission):
    """A spreadsheet of a known person, who has another post now, and a new one, shown and not yet imported."""
    known = ObserverFactory(family_name="Gerasymov", given_names="Oleh", email="oleh@example.org")
    AssignmentFactory(observer=known, mission=mission, role="short_term", post="Clerk")
    content = csv_file(HEADER, ("Gerasymov", "Oleh", "oleh@example.org", CANARY), (CANARY, "Robin", "", ""))
    door = Door(admin_client, mission)
    door.send(content, name=f"{CANARY}.csv")
    door.content = content
    return door


def test_a_spreadsheet_is_one_act_with_its_hash_and_without_its_name(sent, mission):
    sent.confirm()
    known, new = Observer.objects.get(email="oleh@example.org"), Observer.objects.get(email="")
    places = {place.observer: place for place in Assignment.objects.all()}
    assert logged() == [
        (
            "spreadsheet",
            "admin",
            sorted(
                [
                    (f"assignments/{places[known].code}", "changed", {"post": None}),
                    (f"assignments/{places[new].code}", "created", {}),
                    (f"observers/{new.code}", "created", {}),
                ],
                key=lambda record: record[0],
            ),
        )
    ]
    assert Change.objects.get().files == [{"name": "", "sha256": sha256(sent.content)}]
    assert personal() == [(known.code, f"assignments/{places[known].code}", "post", "Clerk", CANARY)]
    assert CANARY not in log_without_personal_values()


def test_a_spreadsheet_that_changes_nothing_is_no_act(sent):
    sent.confirm()
    sent.send(sent.content)
    sent.confirm()
    assert Change.objects.count() == 1


def test_a_spreadsheet_that_cannot_be_logged_stores_nothing(sent):
    shown = sent.look()
    stop_the_log()
    before = everything_stored()
    sent.confirm(shown)
    assert everything_stored() == before


def test_a_spreadsheet_by_the_command_is_an_act_of_whoever_runs_the_server(tmp_path, mission):
    file = tmp_path / f"{CANARY}.csv"
    file.write_bytes(csv_file(HEADER, (CANARY, "Robin", "", "")))
    call_command("import_people", file, mission=mission.code, yes=True, verbosity=0)
    [(door, by, records)] = logged()
    assert (door, by, len(records)) == ("spreadsheet", None, 2)
    assert Change.objects.get().files == [{"name": "", "sha256": sha256(file.read_bytes())}]
    assert CANARY not in log_without_personal_values()


# Merges


@pytest.fixture
def two(db):
    """Two persons who are one, with a place each, one of them in common, and what a source says of the other's."""
    kept, merged = ObserverFactory(family_name="Example"), ObserverFactory(family_name=CANARY, phone="+1 555 0100")
    joint, other = MissionFactory(code="joint"), MissionFactory(code="other")
    AssignmentFactory(code="place-of-kept", observer=kept, mission=joint)
    AssignmentFactory(code="place-in-common", observer=merged, mission=joint, post="Clerk")
    AssignmentFactory(code="place-that-moves", observer=merged, mission=other, post="Judge")
    StatementFactory(code="said", subject="assignments/place-in-common", field="post", value=CANARY)
    return kept, merged


def test_a_merge_is_one_act_of_all_that_was_kept_moved_and_taken_away(two, administrator):
    kept, merged = two
    merge_observers(kept=kept, merged=merged, by=administrator, now=AT)
    spelling = kept.names.get()
    [(door, by, records)] = logged()
    assert (door, by) == ("merge", "administrator")
    what = {record: (action, fields) for record, action, fields in records}
    assert what.pop(f"observers/{merged.code}")[0] == "deleted"
    assert what.pop(f"observers/{kept.code}") == ("changed", {"phone": None})
    assert what.pop("assignments/place-in-common")[0] == "deleted"
    assert what.pop("assignments/place-of-kept") == ("changed", {"post": None})
    assert what.pop("assignments/place-that-moves") == ("changed", {"observer": [merged.code, kept.code]})
    subjects = ["assignments/place-in-common", "assignments/place-of-kept"]
    assert what.pop("statements/said") == ("changed", {"subject": subjects})
    assert what.pop(f"observer-names/{spelling.code}")[0] == "created"
    assert what == {}
    assert (merged.code, f"observers/{merged.code}", "family_name", CANARY, None) in personal()
    assert (kept.code, f"observers/{kept.code}", "phone", None, "+1 555 0100") in personal()
    assert CANARY not in log_without_personal_values()


def test_undoing_a_merge_is_another_act_and_looking_at_it_is_none(two, administrator):
    kept, merged = two
    merge = merge_observers(kept=kept, merged=merged, by=administrator, now=AT)
    spelling = kept.names.get()
    not_put_back(merge=merge, by=administrator, now=NOW)
    assert Change.objects.count() == 1
    undo_merge(merge=merge, by=administrator, now=NOW)
    _merge, (door, by, records) = logged()
    assert (door, by) == ("merge", "administrator")
    what = {record: (action, fields) for record, action, fields in records}
    assert {record: action for record, (action, _fields) in what.items()} == {
        f"observers/{merged.code}": "created",
        f"observers/{kept.code}": "changed",
        "assignments/place-in-common": "created",
        "assignments/place-of-kept": "changed",
        "assignments/place-that-moves": "changed",
        "statements/said": "changed",
        f"observer-names/{spelling.code}": "deleted",
    }
    assert what["assignments/place-that-moves"][1] == {"observer": [kept.code, merged.code]}


def test_a_merge_that_cannot_be_logged_is_not_made(two, administrator):
    kept, merged = two
    stop_the_log()
    before = everything_stored()
    with pytest.raises(DatabaseError):
        merge_observers(kept=kept, merged=merged, by=administrator, now=AT)
    assert everything_stored() == before


def test_undoing_that_cannot_be_logged_is_not_done(two, administrator):
    kept, merged = two
    merge = merge_observers(kept=kept, merged=merged, by=administrator, now=AT)
    stop_the_log()
    before = everything_stored()
    with pytest.raises(DatabaseError):
        undo_merge(merge=merge, by=administrator, now=NOW)
    assert everything_stored() == before


# The history of a record


@pytest.fixture
def paper(northland_commission):
    """A paper of the Northland Commission that was corrected once."""
    paper = SourceFactory(code="northland-paper", owner=northland_commission, title="Observers leave")
    act("sources", paper.code, title=["Observers arrive", "Observers leave"], language=["", "ru"])
    return paper


def act(resource, code, *, action="changed", by=None, **fields):
    before, after = ({name: pair[side] for name, pair in fields.items()} for side in (0, 1))
    record = RecordChange(resource, code, "", action, before, after)
    return log_change(by=by, door="admin", at=AT, records=[record])


def history_in_the_admin(client, record):
    return client.get(address_of(type(record), "history", record))


def told(page, name="entries"):
    """The columns of each act on the page: label, before and after, or what stands instead."""
    return [
        [(one.label, one.instead) if one.instead else (one.label, one.before, one.after) for one in entry.columns]
        for entry in page.context[name]
    ]


def test_the_history_of_a_record_says_who_when_by_which_door_and_what(client, paper, coordinator):
    act("sources", paper.code, by=coordinator, public=[True, False])
    client.force_login(coordinator)
    page = history_in_the_admin(client, paper)
    assert told(page) == [
        [("Public", "yes", "no")],
        [("Title", "Observers arrive", "Observers leave"), ("Language", "", "ru")],
    ]
    first, last = page.context["entries"]
    assert (first.by, last.by) == ("coordinator", "whoever runs the server")
    assert (last.at, last.door, last.action) == (AT, "Data entry", "Changed")
    text = page.content.decode()
    assert "2030-07-01 12:00" in text
    assert "Observers arrive → Observers leave" in text


def test_values_stand_in_the_words_of_the_forms(client, admin_client):
    mission = MissionFactory(code="joint")
    act("missions", "joint", status=["announced", "deployed"], sources=[[], ["a", "b"]], starts_on=[None, "2030-05-01"])
    act("missions", "joint", given_up=["One", "Two"])
    assert told(history_in_the_admin(admin_client, mission)) == [
        [("Given up", "One", "Two")],
        [("On site from", "", "2030-05-01"), ("Status", "Announced", "Deployed"), ("Sources", "", "a; b")],
    ]


def test_an_import_stands_in_the_history_of_each_record_that_it_touched(dataset, admin_client):
    dataset.write("organizations", {"code": "council", "kind": "ngo"}, {"code": "assembly", "kind": "ngo"}).read_in()
    hashed = sha256((dataset.folder / "organizations.csv").read_bytes())
    for code in ("council", "assembly"):
        page = admin_client.get(reverse("organization", args=[code]))
        [entry] = page.context["history"]
        assert (entry.action, entry.files) == ("Created", [f"organizations.csv SHA-256 {hashed}"])
        assert hashed in page.content.decode()


@pytest.fixture
def others(viewer, outsider, deactivated):
    """Those who read the paper and do not keep it; None: somebody who is not signed in."""
    return [None, viewer, outsider, deactivated, UserFactory()]


def test_the_page_of_a_record_shows_its_history_to_those_alone_who_may_change_it(
    client, paper, coordinator, others, public_access
):
    address = paper.get_absolute_url()
    client.force_login(coordinator)
    page = client.get(address)
    assert told(page, "history") == [[("Title", "Observers arrive", "Observers leave"), ("Language", "", "ru")]]
    assert 'id="history"' in page.content.decode()
    client.logout()
    for user in others:
        if user:
            client.force_login(user)
        page = client.get(address)
        assert page.context["history"] == []
        assert "Observers arrive" not in page.content.decode()
        assert 'id="history"' not in page.content.decode()


def test_the_page_of_a_record_shows_the_last_twenty_acts_and_leads_to_all(client, paper, coordinator):
    for number in range(25):
        act("sources", paper.code, title=[f"Title {number}", f"Title {number + 1}"])
    client.force_login(coordinator)
    page = client.get(paper.get_absolute_url())
    shown = told(page, "history")
    assert (len(shown), shown[0]) == (20, [("Title", "Title 24", "Title 25")])
    whole = client.get("/admin/organizations/changedrecord/?resource=sources&q=northland-paper")
    assert "/admin/organizations/changedrecord/?resource=sources&amp;q=northland-paper" in page.content.decode()
    assert len(whole.context["cl"].result_list) == 26


def test_the_history_of_what_one_may_not_open_is_not_there(client, paper, outsider):
    client.force_login(outsider)
    assert history_in_the_admin(client, paper).status_code == 404


def test_a_long_history_comes_in_pages(client, paper, coordinator):
    for number in range(60):
        act("sources", paper.code, title=[f"Title {number}", f"Title {number + 1}"])
    client.force_login(coordinator)
    address = address_of(Source, "history", paper)
    assert [len(client.get(address, {"p": number}).context["entries"]) for number in (1, 2)] == [50, 11]


@pytest.fixture
def person(northland_commission, secretariat):
    """A person of the Northland Commission in a mission of the secretariat, of whom much was corrected."""
    person = ObserverFactory(owner=northland_commission)
    mission = MissionFactory(organizer=secretariat, owner=secretariat)
    place = AssignmentFactory(observer=person, mission=mission, owner=northland_commission, code="place")
    whose = [person.code, person.code]
    act("observers", person.code, family_name=["One", "Two"], phone=["+1", "+2"])
    act("assignments", place.code, observer=whose, post=["Clerk", "Judge"], accreditation_number=["A-1", "A-2"])
    return person


OPEN = [[("Family name", "One", "Two"), ("Phone", "+1", "+2")]]


def listed(client, code):
    """The columns of each act of one record in the list of the log."""
    rows = client.get("/admin/organizations/changedrecord/", {"q": code}).context["cl"].result_list
    return [
        [(one.label, one.instead) if one.instead else (one.label, one.before, one.after) for one in row.entry.columns]
        for row in rows
    ]


def test_keeper_organizer_and_data_protection_read_what_was_said_of_a_place(client, person, coordinator, organizer):
    number = ("Accreditation number", "A-1", "A-2")
    for user in (coordinator, organizer, UserFactory(is_staff=True, is_data_protection=True)):
        client.force_login(user)
        assert listed(client, "place") == [[("Post held then", "Clerk", "Judge"), number]]


def test_keeper_and_data_protection_read_what_was_said_of_a_person(client, person, coordinator, organizer):
    for user in (coordinator, UserFactory(is_staff=True, is_data_protection=True)):
        client.force_login(user)
        assert listed(client, person.code) == OPEN
    # The organizer may read the contacts of now, but does not keep the person.
    client.force_login(organizer)
    assert listed(client, person.code) == []


def test_of_a_deleted_place_only_what_is_seen_of_the_person_is_told(client, person, coordinator):
    place = person.assignments.get()
    before = {"observer": person.code, "post": "Judge", "accreditation_number": "A-2"}
    place.delete()
    record = RecordChange("assignments", "place", "northland-commission", "deleted", before)
    log_change(by=None, door="admin", at=AT, records=[record])
    client.force_login(coordinator)
    observer = ("Observer", person.code, "")
    assert listed(client, "place") == [
        [observer, ("Post held then", "Judge", ""), ("Accreditation number", "not shown")]
    ]
    Observer.objects.update(owner=None)
    assert listed(client, "place") == [
        [observer, ("Post held then", "not shown"), ("Accreditation number", "not shown")]
    ]


def test_a_note_of_a_mission_is_read_in_the_log_by_those_who_read_it_in_the_record(client, secretariat, organizer):
    mission = MissionFactory(organizer=secretariat, owner=secretariat, code="joint")
    act("missions", "joint", internal_note=["One", CANARY])
    client.force_login(organizer)
    assert listed(client, "joint") == [[("Internal note", "One", CANARY)]]
    client.force_login(UserFactory(is_staff=True, is_data_protection=True))
    assert listed(client, "joint") == [[("Internal note", "not shown")]]
    assert CANARY not in client.get(mission.get_absolute_url()).content.decode()


def test_what_was_erased_is_said_to_be(client, person, coordinator):
    for row in ChangedRecord.objects.filter(resource="observers"):
        row.personal_values.all().delete()
    client.force_login(coordinator)
    assert told(history_in_the_admin(client, person)) == [[("Family name", "erased"), ("Phone", "erased")]]
