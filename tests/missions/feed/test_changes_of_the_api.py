"""`/api/v1/changes/`: where one begins, how one goes on, what is told of each act, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from missions.erasure import ask_erasure, erase_person
from missions.models import Mission
from observers.models import ObserverName
from organizations.changes import NotLogged, Watched, log_change
from organizations.models import FeedEntry, Source, ToldRecord
from tests.admin_pages import address_of, fill_in
from tests.factories import (
    AssignmentFactory,
    MissionFactory,
    ObserverFactory,
    ObserverNameFactory,
    SourceFactory,
    StaffRoleFactory,
    UserFactory,
)
from tests.missions.feed.copies import FEED, VIEWSETS, begin_the_feed, key_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]

AT = datetime(2030, 7, 1, 12, tzinfo=UTC)
NOTHING = (False, [])


@pytest.fixture
def gazette(db):
    return SourceFactory(code="gazette")


@pytest.fixture
def mission(gazette, secretariat):
    made = MissionFactory(code="mission", organizer=secretariat, sources=[gazette])
    begin_the_feed()
    return made


def act(record, *, at=AT, is_deleted=False, **values):
    """As a form does it, with an entry in the log."""
    with transaction.atomic():
        watched = Watched()
        watched.look_at(type(record), [record.pk])
        for name, value in values.items():
            setattr(record, name, value)
        record.delete() if is_deleted else record.save()
        log_change(by=None, door="admin", at=at, records=watched.changes())


def make(factory, *, at=AT, **given):
    with transaction.atomic():
        record = factory(**given)
        watched = Watched()
        watched.made(type(record), [record.pk])
        log_change(by=None, door="admin", at=at, records=watched.changes())
    return record


def ask(client, query=""):
    answer = client.get(query if query.startswith("http") else FEED + query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def told(client, query=""):
    return [(key_of(entry), entry["action"]) for entry in ask(client, query)["results"]]


def problem(client, query):
    answer = client.get(query if query.startswith("http") else FEED + query)
    return answer.status_code, answer.json()["detail"]


# What an entry says


def test_an_entry_says_when_what_and_where_it_is_read(client, mission):
    act(mission, status="closed", internal_note="For us")
    assert ask(client)["results"] == [
        {
            "at": "2030-07-01T12:00:00Z",
            "resource": "missions",
            "code": "mission",
            "action": "changed",
            "fields": ["status"],
            "reason": "",
            "url": "http://testserver/api/v1/missions/mission/",
        }
    ]
    assert client.get(ask(client)["results"][0]["url"]).json()["status"] == "closed"


def test_what_only_a_private_column_says_is_not_told(client, mission, organizer):
    act(mission, internal_note="For us")
    assert told(client) == []
    client.force_login(organizer)
    assert told(client) == []


def test_a_tombstone_says_why_in_words_and_has_no_address(client, gazette, mission):
    act(gazette, public=False)
    [first, second] = ask(client)["results"]
    assert {key_of(first), key_of(second)} == {("missions", "mission"), ("sources", "gazette")}
    for entry in (first, second):
        assert (entry["action"], entry["fields"], entry["url"]) == ("hidden", [], None)
        assert entry["reason"] == "This record may not be seen any more."
        assert client.get(reverse(f"api:{entry['resource']}-detail", args=[entry["code"]])).status_code == 404
    [entry] = ask(client, "?resource=sources&language=ru")["results"]
    assert key_of(entry) == ("sources", "gazette")


def test_what_is_public_again_was_created_for_those_who_did_not_see_it(client, gazette, mission, viewer):
    act(gazette, public=False)
    place = ask(client, "?since=now")["next"]
    act(gazette, public=True)
    assert sorted(told(client, place)) == [(("missions", "mission"), "created"), (("sources", "gazette"), "created")]
    client.force_login(viewer)
    # For members nothing but the column itself is another.
    assert told(client) == [(("sources", "gazette"), "changed"), (("sources", "gazette"), "changed")]


def test_what_is_deleted_is_told_to_those_who_saw_it(client, mission, viewer):
    hidden = make(MissionFactory, election=mission.election, organizer=mission.organizer)
    act(mission, is_deleted=True)
    act(hidden, is_deleted=True)
    assert told(client) == [(("missions", "mission"), "deleted")]
    assert ask(client)["results"][0]["reason"] == "This record was deleted."
    client.force_login(viewer)
    codes = [("missions", hidden.code), ("missions", "mission"), ("missions", hidden.code)]
    assert told(client) == list(zip(codes, ["created", "deleted", "deleted"], strict=True))


def test_of_an_erased_person_all_that_told_of_it_is_to_be_dropped(client, gazette, mission, coordinator):
    keeper = coordinator.staff_roles.get().organization
    person = ObserverFactory(owner=keeper, family_name="Example")
    name = ObserverNameFactory(observer=person, source=gazette)
    place = AssignmentFactory(observer=person, mission=mission, sources=[gazette], owner=keeper, post="Member")
    begin_the_feed()
    asked = ask_erasure(observer=person, by=coordinator, reason="Letter", now=AT)
    erase_person(erasure=asked, by=UserFactory(is_data_protection=True), now=AT)
    entries = {key_of(entry): entry for entry in ask(client)["results"]}
    assert {entry["action"] for entry in entries.values()} == {"erased"}
    assert {key: (entry["fields"], entry["url"]) for key, entry in entries.items()} == {
        ("observers", person.code): (
            ["family_name", "gender", "given_names", "languages", "nationality"],
            f"http://testserver/api/v1/observers/{person.code}/",
        ),
        ("observer-names", name.code): ([], None),
        ("assignments", place.code): (
            ["area", "employer", "post"],
            f"http://testserver/api/v1/assignments/{place.code}/",
        ),
    }
    assert {entry["reason"] for entry in entries.values()} == {
        "This told of a person who was erased: drop all that you hold of it."
    }
    assert not ObserverName.objects.exists()
    assert client.get(entries["observers", person.code]["url"]).json()["family_name"] == "(erased)"


def test_visitors_are_not_told_that_an_internal_paper_was_added(client, mission, viewer):
    paper = SourceFactory(public=False)
    begin_the_feed()
    with transaction.atomic():
        watched = Watched()
        watched.look_at(Mission, [mission.pk])
        mission.sources.add(paper)
        log_change(by=None, door="admin", at=AT, records=watched.changes())
    assert told(client) == []
    client.force_login(viewer)
    assert [entry["fields"] for entry in ask(client)["results"]] == [["sources"]]


# Beginning and going on


def test_now_tells_nothing_and_from_there_all_that_comes_later(client, mission):
    act(mission, status="deployed")
    answer = ask(client, "?since=now")
    assert (answer["more"], answer["results"]) == NOTHING
    act(mission, status="closed")
    assert told(client, answer["next"]) == [(("missions", "mission"), "changed")]


def test_pages_follow_each_other_and_the_last_one_leads_on(client, mission):
    for number in range(5):
        act(mission, remark=f"Remark {number}", at=AT + timedelta(hours=number))
    found, address = [], f"{FEED}?page_size=2"
    for expected in (True, True, False):
        answer = client.get(address).json()
        found += [entry["at"] for entry in answer["results"]]
        assert answer["more"] is expected
        address = answer["next"]
    assert found == [f"2030-07-01T{12 + number}:00:00Z" for number in range(5)]
    assert (ask(client, address)["more"], ask(client, address)["results"]) == NOTHING
    act(mission, remark="Remark 5")
    assert len(ask(client, address)["results"]) == 1


def test_a_day_or_a_moment_is_where_one_begins(client, mission):
    for number in range(3):
        act(mission, remark=f"Remark {number}", at=AT + timedelta(days=number))
    expected = {"2030-07-01": 3, "2030-07-02": 2, "2030-07-02T12:00:00Z": 2, "2030-07-02T12:00:01": 1, "2031-01-01": 0}
    assert {since: len(told(client, f"?since={since}")) for since in expected} == expected


def test_only_the_kinds_that_are_asked_for_are_told(client, gazette, mission):
    act(gazette, title="Observers leave")
    act(mission, status="closed")
    assert told(client, "?resource=missions") == [(("missions", "mission"), "changed")]
    assert len(told(client, "?resource=missions&resource=sources")) == 2
    follow = ask(client, "?resource=missions&since=now")["next"]
    act(gazette, title="Observers arrive")
    assert told(client, follow) == []


def test_nothing_tells_how_much_there_is_that_one_does_not_see(client, mission):
    def length():
        return len(ask(client)["next"])

    before = length()
    for _number in range(12):
        make(SourceFactory, public=False)
    assert FeedEntry.objects.count() == 12
    assert length() == before
    assert ask(client)["results"] == []
    # Nor can two places be compared.
    assert len({ask(client)["next"] for _number in range(3)}) == 3


# What is refused


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?since=yesterday", "“yesterday” is not a day, a moment, “now”, or what next gave."),
        ("?since=2030-13-01", "“2030-13-01” is not a day, a moment, “now”, or what next gave."),
        ("?since=gAAAAABqk0", "“gAAAAABqk0” is not a day, a moment, “now”, or what next gave."),
        ("?since=1&since=2", "since can be given only once."),
        ("?page_size=0", "“0” is not a page size: please give a number from 1 to 1000."),
        ("?page_size=1001", "“1001” is not a page size: please give a number from 1 to 1000."),
        ("?cursor=x", "“cursor” is not a parameter here."),
        ("?q=x", "“q” is not a parameter here."),
    ],
)
def test_what_cannot_be_used_is_named(client, db, query, sentence):
    assert problem(client, query) == (400, sentence)


def test_an_unknown_kind_and_an_unknown_language_are_named_with_those_that_there_are(client, db):
    status, sentence = problem(client, "?resource=mission")
    assert status == 400
    assert sentence.startswith("“mission” is not one of the values of resource: assignments, channels, deployments,")
    assert problem(client, "?language=de") == (400, "“de” is not one of the values of language: en, ru, kk.")


def test_where_nothing_is_public_visitors_are_refused(client, mission, settings):
    place = ask(client, "?since=now")["next"]
    settings.PUBLIC_ACCESS = False
    assert {client.get(address).status_code for address in (FEED, place)} == {401}


CHANGED = "What you may see has changed: read the lists again, then follow from now."


def test_whose_roles_have_changed_begins_again(client, mission, viewer, southland_ministry):
    client.force_login(viewer)
    place = ask(client, "?since=now")["next"]
    role = StaffRoleFactory(user=viewer, organization=southland_ministry, role="viewer")
    assert problem(client, place) == (410, CHANGED)
    role.delete()
    assert told(client, place) == []
    viewer.is_superuser = True
    viewer.save()
    assert problem(client, place) == (410, CHANGED)


def test_a_place_holds_for_whoever_sees_the_same(client, mission, viewer, coordinator, outsider):
    client.force_login(viewer)
    place = ask(client, "?since=now")["next"]
    client.force_login(coordinator)
    assert told(client, place) == []
    client.force_login(outsider)
    assert problem(client, place) == (410, CHANGED)
    client.logout()
    assert problem(client, place) == (410, CHANGED)


def test_a_place_of_a_feed_that_is_gone_is_known_no_more(client, mission):
    with transaction.atomic():
        act(mission, status="closed", at=AT)
        place = ask(client)["next"]
        # As if the database were restored from a copy, after which somebody else did something else.
        transaction.set_rollback(True)
    mission.refresh_from_db()
    act(mission, status="suspended", at=AT + timedelta(hours=1))
    sentence = "This place is not known any more: read the lists again, then follow from now."
    assert problem(client, place) == (410, sentence)


# What holds it up


@pytest.mark.parametrize("reader", ["anonymous", "viewer"])
def test_a_page_takes_as_many_queries_whatever_its_length(client, mission, request, reader):
    user = request.getfixturevalue(reader)
    if user.is_authenticated:
        client.force_login(user)
    # A session is stored with the first request.
    ask(client)
    counts = []
    for _round in range(2):
        for _number in range(10):
            act(mission, remark=f"Remark {FeedEntry.objects.count()}")
            make(SourceFactory)
        with CaptureQueriesContext(connection) as queries:
            found = ask(client, "?page_size=1000")["results"]
        counts.append((len(found), len(queries)))
    assert [length for length, _queries in counts] == [20, 40]
    assert counts[0][1] == counts[1][1] <= 6


@pytest.mark.parametrize("statement", ["UPDATE {} SET code = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_told(mission, statement):
    act(mission, status="closed")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(FeedEntry._meta.db_table))
    assert FeedEntry.objects.get().code == "mission"


def test_what_cannot_be_told_is_not_done(client, mission, administrator):
    client.force_login(administrator)
    with connection.cursor() as cursor:
        refuse = (
            "FOR EACH ROW EXECUTE FUNCTION organizations_feed_is_kept()"
            if connection.vendor == "postgresql"
            else "BEGIN SELECT RAISE(ABORT, 'The feed is full.'); END"
        )
        cursor.execute(f"CREATE TRIGGER feed_is_full BEFORE INSERT ON organizations_feedentry {refuse}")
    with pytest.raises(NotLogged):
        fill_in(client, address_of(Mission, "change", mission), remark="New")
    mission.refresh_from_db()
    assert mission.remark == ""


# Databases that are older than the feed


def test_the_migration_tells_what_is_seen_now_as_the_acts_will(record):
    rows = ToldRecord.objects.values_list("resource", "code", "audience__words")
    stored = {(resource, code): words for resource, code, words in rows}
    assert stored == {
        (model.resource(), code): " ".join(sorted(words))
        for model in (viewset.model() for viewset in VIEWSETS)
        for code, words in model.objects.all().audiences({}).items()
        if words
    }
    assert len(stored) >= 60
    assert any("+" in words for words in stored.values())


def test_what_was_made_past_every_door_is_told_as_new_by_the_first_act_on_it(client, gazette):
    act(Source.objects.get(), title="Observers leave")
    assert told(client) == [(("sources", "gazette"), "created")]
