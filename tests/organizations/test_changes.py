"""The log of changes: what data entry writes into it, that it stays, and who reads what of it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from missions.models import Assignment, Mission, Statement
from observers.models import Observer
from organizations.admin.logging import what_goes_with
from organizations.changes import RecordChange, Watched, log_account, log_change
from organizations.models import Change, ChangedRecord, Organization, PersonalValue, Source, StaffRole, User
from tests.admin_pages import address_of, delete, fill_in
from tests.conftest import everything_stored
from tests.factories import (
    AssignmentFactory,
    ElectionFactory,
    MissionFactory,
    ObserverFactory,
    ObserverNameFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    SourceFactory,
    StaffRoleFactory,
    StatementFactory,
    UserFactory,
)
from tests.logged import log_without_personal_values, logged, personal, stop_the_log

AT = datetime(2030, 7, 1, 12, tzinfo=UTC)
CANARY = "Qanaryeva"


def entry(resource="sources", code="gazette", *, owner="", action="changed", by=None, door="admin", **fields):
    """One act of one record, as if it had been done."""
    before = {name: pair[0] for name, pair in fields.items()}
    after = {name: pair[1] for name, pair in fields.items()}
    record = RecordChange(resource, code, owner, action, before, after)
    return log_change(by=by, door=door, at=AT, records=[record])


# What data entry writes


def test_a_new_record_is_logged_with_all_that_it_says(admin_client):
    typed = {"title": "Observers arrive", "publisher": "RFE/RL", "published_on": "13.10.2017", "accessed_on": ""}
    fill_in(admin_client, address_of(Source, "add"), **typed)
    said = {
        "title": [None, "Observers arrive"],
        "publisher": [None, "RFE/RL"],
        "published_on": [None, "2017-10-13"],
        "public": [None, True],
    }
    assert logged() == [("admin", "admin", [("sources/rfe-rl-2017-10-13", "created", said)])]


def test_of_a_changed_record_the_columns_that_differ_are_logged(admin_client, northland_commission):
    source = SourceFactory(code="gazette", title="Observers arrive", published_on=date(2017, 10, 13))
    typed = {"title": "Observers leave", "published_on": "", "owner": northland_commission.pk}
    fill_in(admin_client, address_of(Source, "change", source), **typed)
    differ = {
        "title": ["Observers arrive", "Observers leave"],
        "published_on": ["2017-10-13", None],
        "owner": [None, "northland-commission"],
    }
    assert logged() == [("admin", "admin", [("sources/gazette", "changed", differ)])]
    assert ChangedRecord.objects.get().owner == "northland-commission"


def test_a_form_that_changes_nothing_leaves_no_trace(admin_client):
    organization = OrganizationFactory(code="council", name="Northland Council", sources=[SourceFactory()])
    fill_in(admin_client, address_of(Organization, "change", organization))
    assert logged() == []


def test_rows_below_a_record_are_part_of_the_same_act(admin_client):
    organization = OrganizationFactory(code="council", kind="ngo")
    kept = OrganizationNameFactory(organization=organization, name="Council", language="en", source=None)
    gone = OrganizationNameFactory(organization=organization, name="Совет", language="ru", source=None)
    typed = {
        "kind": "other",
        "names__0__short_name": "NC",
        "names__1__DELETE": "on",
        "names__2__name": "Кеңес",
        "names__2__language": "kk",
    }
    fill_in(admin_client, address_of(Organization, "change", organization), **typed)
    new = organization.names.get(language="kk")
    of_gone = {"organization": ["council", None], "language": ["ru", None], "name": ["Совет", None]}
    of_new = {"organization": [None, "council"], "language": [None, "kk"], "name": [None, "Кеңес"]}
    names = [
        (f"organization-names/{kept.code}", "changed", {"short_name": ["", "NC"]}),
        (f"organization-names/{gone.code}", "deleted", of_gone),
        (f"organization-names/{new.code}", "created", of_new),
    ]
    changed = ("organizations/council", "changed", {"kind": ["ngo", "other"]})
    assert logged() == [("admin", "admin", [*sorted(names), changed])]


def test_a_new_organization_is_logged_together_with_its_first_name(admin_client):
    fill_in(admin_client, address_of(Organization, "add"), kind="ngo", name="Council of the North", short_name="CN")
    [(_door, _by, [(name, *_rest), organization])] = logged()
    assert name.startswith("organization-names/")
    assert organization == ("organizations/cn", "created", {"kind": [None, "ngo"]})


def test_sources_that_are_cited_are_told_by_their_codes(admin_client):
    first, second = SourceFactory(code="paper-a"), SourceFactory(code="paper-b")
    mission = MissionFactory(code="joint", sources=[second])
    fill_in(admin_client, address_of(Mission, "change", mission), sources=[first.pk, second.pk])
    assert logged() == [
        ("admin", "admin", [("missions/joint", "changed", {"sources": [["paper-b"], ["paper-a", "paper-b"]]})])
    ]


def test_a_deleted_record_is_logged_with_all_that_it_said_and_with_its_parts(admin_client):
    organization = OrganizationFactory(code="council", kind="ngo", country="KZ")
    name = OrganizationNameFactory(organization=organization, name="Council", source=SourceFactory(code="gazette"))
    delete(admin_client, organization)
    of_name = {
        "organization": ["council", None],
        "language": ["en", None],
        "name": ["Council", None],
        "source": ["gazette", None],
    }
    assert logged() == [
        (
            "admin",
            "admin",
            [
                (f"organization-names/{name.code}", "deleted", of_name),
                ("organizations/council", "deleted", {"kind": ["ngo", None], "country": ["KZ", None]}),
            ],
        )
    ]


def test_a_record_that_loses_a_link_and_a_person_who_loses_a_role_by_a_deletion_are_told(db, northland_commission):
    person = StaffRoleFactory(organization=northland_commission).user
    gazette = SourceFactory(code="gazette")
    MissionFactory(code="joint", sources=[gazette])
    for gone, told in (
        (gazette, ("missions/joint", "changed", {"sources": [["gazette"], []]})),
        (
            northland_commission,
            (f"accounts/{person.pk}", "changed", {"roles": [["northland-commission: coordinator"], []]}),
        ),
    ):
        watched = Watched()
        for model, keys in what_goes_with(gone):
            watched.look_at(model, keys)
        gone.delete()
        log_change(by=None, door="admin", at=AT, records=watched.changes())
        assert told in logged()[-1][2]


def test_django_keeps_no_history_of_its_own(admin_client):
    source = SourceFactory()
    fill_in(admin_client, address_of(Source, "add"), title="Observers arrive", publisher="Gazette")
    fill_in(admin_client, address_of(Source, "change", source), title="Other")
    delete(admin_client, source)
    assert LogEntry.objects.count() == 0
    assert Change.objects.count() == 3


# Persons


def test_what_tells_of_a_person_stands_in_its_own_rows_alone(admin_client):
    person = ObserverFactory(family_name=CANARY, given_names="Robin")
    AssignmentFactory(observer=person, mission=MissionFactory(code="joint"), post="Clerk")
    spelling = ObserverNameFactory(observer=person, family_name="Канарейка")
    place = person.assignments.get()
    typed = {
        "given_names": f"Kim {CANARY}",
        "withheld": "on",
        "email": "",
        "names__0__family_name": CANARY,
        "assignments__0__post": f"Head of {CANARY}",
    }
    fill_in(admin_client, address_of(Observer, "change", person), **typed)
    [(_door, _by, records)] = logged()
    assert records == [
        (f"assignments/{place.code}", "changed", {"post": None}),
        (f"observer-names/{spelling.code}", "changed", {"family_name": None}),
        (f"observers/{person.code}", "changed", {"given_names": None, "withheld": [False, True]}),
    ]
    assert personal() == [
        (person.code, f"observer-names/{spelling.code}", "family_name", "Канарейка", CANARY),
        (person.code, f"observers/{person.code}", "given_names", "Robin", f"Kim {CANARY}"),
        (person.code, f"assignments/{place.code}", "post", "Clerk", f"Head of {CANARY}"),
    ]
    assert CANARY not in log_without_personal_values()


def test_what_a_source_says_of_a_person_is_personal_and_what_it_says_of_a_mission_is_not(admin_client):
    person = ObserverFactory()
    place = AssignmentFactory(observer=person, mission=MissionFactory(code="joint"))
    spelling = ObserverNameFactory(observer=person)
    subjects = [f"observers/{person.code}", f"assignments/{place.code}", f"observer-names/{spelling.code}"]
    for subject, column in zip(subjects, ("family_name", "post", "family_name"), strict=True):
        about = StatementFactory(subject=subject, field=column, value="One", excerpt="")
        fill_in(admin_client, address_of(Statement, "change", about), value=CANARY, excerpt=CANARY)
    about = StatementFactory(subject="missions/joint", field="name", value="One", code="of-the-mission")
    fill_in(admin_client, address_of(Statement, "change", about), value="Two")
    *of_person, (_door, _by, of_mission) = logged()
    assert [fields for _d, _b, [(_record, _action, fields)] in of_person] == 3 * [{"value": None, "excerpt": None}]
    assert of_mission == [("statements/of-the-mission", "changed", {"value": ["One", "Two"]})]
    assert [(row[0], *row[2:]) for row in personal()] == 3 * [(person.code, "excerpt", None, CANARY)] + 3 * [
        (person.code, "value", "One", CANARY)
    ]
    assert CANARY not in log_without_personal_values()


def test_a_place_that_goes_over_to_another_person_leaves_each_what_was_said_of_them(db):
    one, other = ObserverFactory(), ObserverFactory()
    place = AssignmentFactory(observer=one, mission=MissionFactory(), post="Clerk", code="place")
    watched = Watched()
    watched.look_at(Assignment, [place.pk])
    Assignment.objects.update(observer=other, post="Judge", area="Osh")
    log_change(by=None, door="admin", at=AT, records=watched.changes())
    assert personal() == [
        (other.code, "assignments/place", "area", None, "Osh"),
        (one.code, "assignments/place", "post", "Clerk", None),
        (other.code, "assignments/place", "post", None, "Judge"),
    ]


def test_what_is_told_of_nobody_who_is_known_is_not_kept(db):
    entry("statements", "lost", subject=["assignments/gone", "assignments/gone"], value=["One", CANARY])
    assert ChangedRecord.objects.get().fields == {"value": None}
    assert personal() == []


# Accounts


def test_an_account_is_logged_with_its_roles_and_without_its_password(admin_client, northland_commission):
    password = "typed-in-by-hand-2030"  # noqa: S105 (made up)
    fill_in(admin_client, address_of(User, "add"), username="clerk", password1=password, password2=password)
    clerk = User.objects.get(username="clerk")
    typed = {
        "is_data_protection": "on",
        "staff_roles__0__organization": northland_commission.pk,
        "staff_roles__0__role": "coordinator",
    }
    page = address_of(User, "change", clerk)
    fill_in(admin_client, page, **typed)
    fill_in(admin_client, page, staff_roles__0__role="viewer")
    fill_in(admin_client, page, staff_roles__0__DELETE="on")
    fill_in(admin_client, page)
    again = "typed-in-by-hand-2031"
    admin_client.post(f"{page.removesuffix('change/')}password/", {"password1": again, "password2": again})
    account = f"accounts/{clerk.pk}"
    coordinator, viewer = "northland-commission: coordinator", "northland-commission: viewer"
    assert logged() == [
        (
            "account",
            "admin",
            [(account, "created", {"username": [None, "clerk"], "is_active": [None, True]} | NO_DUTIES)],
        ),
        (
            "account",
            "admin",
            [(account, "changed", {"is_data_protection": [False, True], "roles": [[], [coordinator]]})],
        ),
        ("account", "admin", [(account, "changed", {"roles": [[coordinator], [viewer]]})]),
        ("account", "admin", [(account, "changed", {"roles": [[viewer], []]})]),
        ("account", "admin", [(account, "changed", {"password": ["", ""]})]),
    ]
    clerk.refresh_from_db()
    assert clerk.password not in log_without_personal_values()


NO_DUTIES = {name: [None, False] for name in ("is_superuser", "is_data_protection", "second_factor")}


def test_what_a_person_does_to_an_account_of_their_own_is_an_act_of_its_own(coordinator):
    log_account(user=coordinator, by=coordinator, at=AT, fields={"second_factor": (False, True)})
    log_account(user=coordinator, by=coordinator, at=AT, fields={"second_factor": (True, True)})
    changed = (f"accounts/{coordinator.pk}", "changed", {"second_factor": [False, True]})
    assert logged() == [("account", "coordinator", [changed])]


# The log stays


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE organizations_change SET door = 'merge'",
        "UPDATE organizations_changedrecord SET code = 'other'",
        "UPDATE organizations_personalvalue SET observer = 'other'",
        "DELETE FROM organizations_changedrecord",
        "DELETE FROM organizations_change",
    ],
)
def test_the_database_refuses_to_change_or_delete_what_was_logged(db, statement):
    entry("observers", "somebody", phone=["1", "2"])
    if "personalvalue" not in statement:
        PersonalValue.objects.all().delete()
    before = everything_stored()
    refused = pytest.raises(DatabaseError, match="The log of changes is never changed")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert everything_stored() == before


def test_values_that_tell_of_a_person_can_be_erased_and_the_act_stays(db):
    entry("observers", "somebody", phone=["1", "2"])
    assert PersonalValue.objects.filter(observer="somebody").delete()[0] == 1
    assert logged() == [("admin", None, [("observers/somebody", "changed", {"phone": None})])]


@pytest.mark.django_db(transaction=True)
def test_outside_the_transaction_of_the_change_nothing_is_logged():
    with pytest.raises(transaction.TransactionManagementError):
        entry(title=["One", "Two"])
    assert Change.objects.count() == 0


def test_what_cannot_be_logged_is_not_saved(admin_client):
    source = SourceFactory(title="Observers arrive")
    stop_the_log()
    for address, typed in (
        (address_of(Source, "change", source), {"title": "Observers leave"}),
        (address_of(Source, "add"), {"title": "Observers leave", "publisher": "Gazette"}),
        (address_of(User, "change", UserFactory()), {"is_data_protection": "on"}),
    ):
        before = everything_stored()
        with pytest.raises(DatabaseError):
            fill_in(admin_client, address, **typed)
        assert everything_stored() == before


def test_what_cannot_be_logged_is_not_deleted(admin_client):
    source = SourceFactory()
    stop_the_log()
    before = everything_stored()
    with pytest.raises(DatabaseError):
        delete(admin_client, source)
    assert everything_stored() == before


def test_a_password_that_cannot_be_logged_stays_the_old_one(admin_client):
    clerk = UserFactory()
    before = clerk.password
    stop_the_log()
    again = "typed-in-by-hand-2031"
    address = address_of(User, "change", clerk).removesuffix("change/")
    with pytest.raises(DatabaseError):
        admin_client.post(f"{address}password/", {"password1": again, "password2": again})
    clerk.refresh_from_db()
    assert clerk.password == before


# Who reads it


@pytest.fixture
def data_protection(db):
    return UserFactory(username="data-protection", is_staff=True, is_data_protection=True)


@pytest.fixture
def acts(northland_commission, southland_ministry, secretariat, coordinator):
    """One act of each kind: of records of two desks, a mission, reference data, an account, and what is gone."""
    SourceFactory(code="northland-paper", owner=northland_commission)
    SourceFactory(code="southland-paper", owner=southland_ministry)
    SourceFactory(code="paper-of-nobody")
    MissionFactory(code="mission-of-the-secretariat", organizer=secretariat, owner=secretariat)
    ElectionFactory(code="election")
    for code in ("northland-paper", "southland-paper", "paper-of-nobody"):
        entry("sources", code, title=["One", "Two"])
    entry("missions", "mission-of-the-secretariat", name=["One", "Two"])
    entry("elections", "election", name=["One", "Two"])
    entry("sources", "northland-paper-gone", action="deleted", owner="northland-commission", title=["One", None])
    entry("sources", "paper-of-nobody-gone", action="deleted", title=["One", None])
    log_account(user=coordinator, by=coordinator, at=AT, fields={"second_factor": (False, True)})
    return [*ChangedRecord.objects.order_by("pk").values_list("code", flat=True)]


def seen_by(user):
    return list(ChangedRecord.objects.visible_to(user).order_by("pk").values_list("code", flat=True))


def test_data_protection_reads_the_whole_log(acts, data_protection):
    assert seen_by(data_protection) == acts
    assert len(acts) == 8


def test_coordinators_read_of_what_they_may_change_and_of_what_was_deleted_there(
    acts, coordinator, outsider, organizer
):
    assert seen_by(coordinator) == ["northland-paper", "northland-paper-gone"]
    assert seen_by(outsider) == ["southland-paper"]
    assert seen_by(organizer) == ["mission-of-the-secretariat"]


def test_administrators_read_of_accounts_reference_data_and_what_no_organization_keeps(
    acts, administrator, coordinator
):
    assert seen_by(administrator) == ["paper-of-nobody", "election", "paper-of-nobody-gone", str(coordinator.pk)]


def test_nobody_else_reads_the_log(acts, viewer, deactivated, anonymous, public_access):
    for user in (viewer, deactivated, anonymous, UserFactory()):
        assert seen_by(user) == []


def test_a_role_that_is_taken_away_closes_the_log_at_once(acts, coordinator):
    StaffRole.objects.filter(user=coordinator).delete()
    assert seen_by(coordinator) == []


# The list


LOG = reverse("admin:organizations_changedrecord_changelist")


def listed(client, **asked):
    page = client.get(LOG, asked)
    return [row.code for row in page.context["cl"].result_list]


def test_the_list_shows_each_reader_their_part_the_latest_first(client, acts, coordinator, administrator):
    client.force_login(coordinator)
    assert listed(client) == ["northland-paper-gone", "northland-paper"]
    client.force_login(administrator)
    assert listed(client) == [str(coordinator.pk), "paper-of-nobody-gone", "election", "paper-of-nobody"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "election"}, ["election"]),
        ({"q": "northland-paper"}, []),
        ({"action": "deleted"}, ["paper-of-nobody-gone"]),
        ({"resource": "elections"}, ["election"]),
        ({"door": "admin", "resource": "sources"}, ["paper-of-nobody-gone", "paper-of-nobody"]),
        ({"year": "2030", "action": "deleted"}, ["paper-of-nobody-gone"]),
    ],
)
def test_the_list_is_searched_by_code_and_filtered(client, acts, administrator, asked, found):
    client.force_login(administrator)
    assert listed(client, **asked) == found


def test_the_list_is_filtered_by_who_and_by_act(client, acts, administrator, coordinator):
    client.force_login(administrator)
    act = Change.objects.get(door="account")
    assert listed(client, by=coordinator.pk) == [str(coordinator.pk)]
    assert listed(client, change=act.pk) == [str(coordinator.pk)]


def test_the_list_offers_nobody_whose_acts_the_reader_may_not_see(client, acts, organizer):
    client.force_login(organizer)
    assert "coordinator" not in client.get(LOG).content.decode()


def test_the_list_answers_no_questions_about_values(client, acts, administrator):
    client.force_login(administrator)
    for lookup in ("fields__icontains", "personal_values__after", "change__by__password__startswith"):
        assert client.get(LOG, {lookup: "x"}).status_code in {302, 400}


def test_nothing_is_added_changed_or_deleted_by_hand(client, acts, administrator):
    client.force_login(administrator)
    row = ChangedRecord.objects.first()
    for page, record in (("add", None), ("change", row), ("delete", row)):
        assert client.get(address_of(ChangedRecord, page, record)).status_code in {302, 403, 404}
    client.force_login(UserFactory(is_staff=True))
    assert client.get(LOG).status_code == 403


def test_the_list_asks_as_much_for_many_rows_as_for_few(client, acts, data_protection, django_assert_num_queries):
    for number in range(2):
        persons(number)
    client.force_login(data_protection)
    client.get(LOG)
    with connection.execute_wrapper(counted := Counted()):
        client.get(LOG)
    few = counted.number
    for number in range(2, 12):
        persons(number)
    with connection.execute_wrapper(counted := Counted()):
        client.get(LOG)
    assert counted.number == few


class Counted:
    def __init__(self):
        self.number = 0

    def __call__(self, execute, *asked):
        self.number += 1
        return execute(*asked)


def persons(number):
    """An act of a person, a place and a mission."""
    person = ObserverFactory(phone="1")
    mission = MissionFactory(code=f"mission-of-{number}")
    place = AssignmentFactory(observer=person, mission=mission)
    entry("observers", person.code, phone=["1", "2"], family_name=["One", "Two"])
    entry("assignments", place.code, observer=[person.code, person.code], post=["One", "Two"])
    entry("missions", mission.code, internal_note=["One", "Two"])
