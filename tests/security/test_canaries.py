"""No canary is met by whom docs/access.md does not let meet it, whatever the page, file, question or fault.

Those that it lets are found, else nothing would have been looked at.
"""

from __future__ import annotations

import logging
from urllib.parse import quote

import pytest
from django.core import mail
from django.urls import reverse

from missions import api as missions_api
from missions.views.records import ObserverPage
from observers import api as observers_api
from organizations import api as organizations_api
from tests.security import table
from tests.security import world as worlds
from tests.security.actors import CLERKS
from tests.security.crawl import FOLDED, alike
from tests.security.expectations import SEES_PERSON, allowed
from tests.security.objects import may

# One for each way of reading; the others are answered like one of them (tests/security/test_permission_matrix.py).
READERS = (
    "anonymous",
    "viewer A",
    "coordinator A",
    "coordinator B",
    "organizer M",
    "organizer N",
    "data protection",
    "administrator",
)
VIEWSETS = {
    viewset.model().resource(): viewset
    for viewset in (*organizations_api.VIEWSETS, *observers_api.VIEWSETS, *missions_api.VIEWSETS)
}
OF_PEOPLE = ("observers", "observer-names", "assignments", "statements")


def test_no_personal_field_and_no_internal_note_is_blank(world):
    checked, blank = worlds.blank_private_fields(world)
    assert blank == []
    assert checked >= 330
    assert len(world.told) >= 400


# Lists, with all that they can be asked


def addresses_of_lists():
    """Each list in each format, order and, where it tells of people, filter."""
    for resource in VIEWSETS:
        path = f"/api/v1/{resource}/"
        yield f"{path}?page_size=1000&count=exact"
        yield f"{path}?format=csv"
    for resource in table.RECONCILED:
        yield f"/{resource}/?format=csv"
    for page in ("invitations", "organizations", "sources"):
        yield f"/{page}/?format=csv"
    yield "/deployments/?named=yes"
    yield "/api/v1/deployments/?named=no&page_size=1000"
    for measure in ("named", "announced"):
        yield f"/api/v1/deployments/matrix/?measure={measure}"
        yield f"/matrix/?measure={measure}"
    yield "/api/v1/deployments/matrix/?measure=named&format=csv"
    yield "/api/v1/deployments/facets/"
    yield "/api/v1/dataset.zip"
    yield "/api/v1/changes/?page_size=1000"
    yield "/"
    yield "/about-the-record/"


def test_lists_and_files_hold_what_is_allowed(crawl):
    for actor in READERS:
        for address in addresses_of_lists():
            crawl.ask(actor, address)
    assert (crawl.leaks, crawl.faults) == ({}, [])
    assert crawl.visits >= 350
    for actor in READERS:
        by_rows = {canary for canary in allowed(crawl.world.told, actor, "api") if is_of_a_row(crawl.world, canary)}
        assert sorted(by_rows - crawl.met[actor, "api"]) == [], actor


def is_of_a_row(world, canary):
    """Whether the API's rows tell it: what the log or an account tells stands elsewhere, a merged name in spellings."""
    _keeper, who, part = world.told[canary]
    if who == "merged":
        return part in {"spelling", "internal spelling", "told"}
    return part in {"name", "spelling", "internal spelling", "told", "place", "taken", "fact"}


def test_every_filter_and_order_of_every_list_answers_with_what_is_allowed(crawl):
    """As a desk to which most of it is foreign; of people, as a visitor as well."""
    asked = 0
    for resource, viewset in VIEWSETS.items():
        filterset = viewset.filterset_class
        for name, each in filterset.base_filters.items():
            choices = each.extra.get("choices", ())
            values = [value for value, _label in (choices() if callable(choices) else choices)]
            value = SOME.get(name) or (values[0] if values else "")
            for actor in ("anonymous", "coordinator B") if resource in OF_PEOPLE and value else ("coordinator B",):
                asked += 1
                visit = crawl.ask(actor, f"/api/v1/{resource}/?page_size=1000&{name}={value}")
                assert visit.status == 200, visit
        for name in viewset.ordering_fields:
            asked += 1
            actor = "coordinator B" if resource in OF_PEOPLE else "anonymous"
            assert crawl.ask(actor, f"/api/v1/{resource}/?ordering=-{name}").status == 200
    assert (crawl.leaks, crawl.faults) == ({}, [])
    assert asked >= 200


# A value of filters that know no choices by themselves, or others than there are.
SOME = {
    "year": "2030",
    "q": "office",
    "modified_after": "2020-01-01",
    "written_in": "",
    "named": "yes",
    "sourced": "yes",
    "channels_agree": "yes",
    "election": "kg-2030",
    "mission": "mission-m",
    "deployment": "deployment-a",
    "organizer": "office-m",
    "source": "gazette",
    "on": "2030-06-02",
    "date_after": "2030-01-01",
    "date_before": "2030-12-31",
}


# Pages of records


def test_pages_of_records_hold_what_is_allowed(crawl, world):
    made = world.made
    addresses = [reverse("observer", args=[person.code]) for person in world.persons.values()]
    addresses += [reverse("mission", args=[code]) for code in ("mission-m", "mission-n", "mission-a", "mission-b")]
    addresses += [reverse("deployment", args=[f"deployment-{letter}"]) for letter in "abo"]
    addresses += [reverse("source", args=[code]) for code in ("gazette", "memo", "herald")]
    addresses += [reverse("observer", args=[made.merged_code]), reverse("election", args=["kg-2030"])]
    addresses += [reverse("organization", args=[f"office-{letter}"]) for letter in "am"]
    addresses += [made.open.invitation.get_absolute_url(), made.paper.invitation.get_absolute_url()]
    for actor in READERS:
        for address in addresses:
            crawl.ask(actor, address)
    assert (crawl.leaks, crawl.faults) == ({}, [])
    assert crawl.visits == len(READERS) * len(addresses) >= 260
    assert {name for keeper, who in SEES_PERSON for name in world.of_part(keeper, who, "name") if "family" in name} <= (
        crawl.met["data protection", "page"]
    )


# The admin


def test_the_admin_holds_what_is_allowed(crawl, world):
    made = world.made
    lists = [reverse(f"admin:{kind}_changelist") for kind in table.KINDS_IN_THE_ADMIN]
    pages = [
        *(reverse("admin:observers_observer_change", args=[person.pk]) for person in world.persons.values()),
        *(
            reverse("admin:missions_assignment_change", args=[place.pk])
            for places in world.places.values()
            for place in places.values()
        ),
        *(reverse("admin:observers_observer_history", args=[world.persons[keeper, "paper"].pk]) for keeper in "abo"),
        *(
            reverse("admin:missions_assignment_history", args=[world.places[keeper, "paper"]["place"].pk])
            for keeper in "abo"
        ),
        *(reverse("admin:missions_mission_change", args=[getattr(made, f"mission_{one}").pk]) for one in "abmno"),
        *(reverse("admin:missions_mission_history", args=[getattr(made, f"mission_{one}").pk]) for one in "abo"),
        *(reverse("admin:missions_deployment_change", args=[getattr(made, f"deployment_{one}").pk]) for one in "abo"),
        *(reverse("admin:missions_deployment_history", args=[getattr(made, f"deployment_{one}").pk]) for one in "abo"),
        *(reverse("admin:organizations_user_change", args=[user.pk]) for user in world.users.values()),
        *(reverse("admin:missions_people_preview", args=[getattr(made, f"file_{one}").code]) for one in "ab"),
        *(reverse("admin:missions_people_refused", args=[getattr(made, f"file_{one}").code]) for one in "ab"),
        *(reverse("admin:observers_erasure_request", args=[getattr(made, f"erasure_{one}").pk]) for one in "ab"),
        reverse("admin:observers_merge_undo", args=[made.merge.pk]),
        reverse("admin:missions_people_send"),
        reverse("to-check"),
        *(f"{reverse('to-check')}?show={key}" for key in ("source-assignment", "named-mission", "names", "alike")),
        reverse("admin:index"),
        reverse("coverage", args=["kg-2030"]),
    ]
    log = reverse("admin:organizations_changedrecord_changelist")
    asked = [f"{log}?door=merge", f"{log}?resource=observers", f"{log}?by={world.users['coordinator A'].pk}"]
    pairs = (("kept", "roster"), ("paper", "open"))
    for one, other in pairs:
        codes = [world.persons["a", who].code for who in (one, other)]
        asked.append(f"{reverse('admin:observers_observer_merge')}?kept={codes[0]}&merged={codes[1]}")
    for actor in CLERKS:
        for address in (*lists, *pages, *asked):
            crawl.ask(actor, address)
    assert (crawl.leaks, crawl.faults) == ({}, [])
    assert crawl.visits >= 500
    for actor in CLERKS:
        expected = {canary for canary in allowed(world.told, actor, "admin") if is_in_a_form(world, canary)}
        assert sorted(expected - crawl.met[actor, "admin"]) == [], actor


def is_in_a_form(world, canary):
    """Whether the pages above tell it: all that is for the admin alone, and what was, in the log."""
    _keeper, who, part = world.told[canary]
    if part == "contact" and who == "merged":
        return True
    return part in {
        "contact",
        "number of place",
        "number of taken",
        "note",
        "former name",
        "former contact",
        "former place",
        "former number",
        "former note",
        "file",
        "erasure",
    }


def test_data_protection_is_told_all_that_is_held_of_one_person_and_nobody_else_is(crawl, world):
    for about, person in world.persons.items():
        for actor in CLERKS:
            # The text that search reads is held as well, in letters of its own.
            visit = crawl.ask(actor, reverse("admin:observers_observer_held", args=[person.pk]), asked=[FOLDED])
            assert (visit.status == 200) == (actor == "data protection"), visit
            if actor == "data protection":
                others = {other for other in world.persons if other != about}
                of_others = {c for other in others for part in ("name", "contact") for c in world.of_part(*other, part)}
                assert crawl.canaries_in(visit.text) & of_others == set(), visit
    assert (crawl.leaks, crawl.faults) == ({}, [])
    assert crawl.visits == len(world.persons) * len(CLERKS) >= 100


# Asking for what is hidden


def test_a_search_for_what_is_hidden_is_answered_like_one_for_nothing(crawl, world):
    """By name and spelling, by contact and note: of what the reader may not see nothing is found by any of them."""
    nothing = "nobodyiscalledso"
    wrong, asked = [], 0
    lists = ["/api/v1/observers/?q=", "/api/v1/assignments/?q="]
    for actor in READERS:
        of_clerks = [f"{reverse('admin:observers_observer_changelist')}?q=", AUTOCOMPLETE] if actor in CLERKS else []
        for path in [*lists, *of_clerks]:
            reference = alike(crawl.ask(actor, path + nothing, asked=[nothing]), nothing)
            for canary in words_to_search(actor):
                asked += 1
                visit = crawl.ask(actor, path + canary, asked=[canary])
                if alike(visit, canary) != reference:
                    wrong.append(str(visit))
    assert wrong == []
    assert (crawl.leaks, crawl.faults) == ({}, [])
    assert asked >= 350


AUTOCOMPLETE = "/admin/autocomplete/?app_label=missions&model_name=assignment&field_name=observer&term="


def words_to_search(actor):
    """Names of persons whom the actor may not see; contacts and notes of persons of all kinds."""
    for (keeper, who), readers in SEES_PERSON.items():
        if not may(actor, readers, "page"):
            yield f"{keeper}{who}familyname"
            yield f"{keeper}{who}spellingfamily"
    for keeper, who in (("a", "open"), ("b", "paper")):
        yield f"{keeper}{who}email"
        yield f"{keeper}{who}placenumber"
    if actor == "anonymous":
        yield "aopeninternalspellingfamily"


def test_a_hidden_person_is_no_value_of_a_filter(crawl, world):
    """Not by the code, and not by the nationality, which nobody else has."""
    absent = "00000000-0000-4000-8000-000000000000"
    wrong, asked = [], 0
    for actor in READERS:
        for about, person in world.persons.items():
            if may(actor, SEES_PERSON[about], "page"):
                continue
            country = str(person.nationality)
            for path, hidden, nothing in (
                ("/api/v1/assignments/?observer=", person.code, absent),
                ("/api/v1/observers/?nationality=", country, "AQ"),
            ):
                visit, missing = crawl.ask(actor, path + hidden, asked=[country]), crawl.ask_once(actor, path + nothing)
                asked += 1
                if alike(visit, hidden) != alike(missing, nothing):
                    wrong.append(str(visit))
    assert wrong == []
    assert (crawl.leaks, crawl.faults) == ({}, [])
    assert asked >= 120


# Faults, logs and mails


@pytest.fixture
def logged():
    """All that is logged, of every level, with the words of exceptions."""
    records = []

    class Keep(logging.Handler):
        def emit(self, record):
            # Of DEBUG alone: which variable of a template is not there, with what was asked. No server logs that.
            if record.name != "django.template":
                records.append(logging.Formatter().format(record))

    keep, loggers = Keep(logging.DEBUG), [logging.getLogger(name) for name in ("", "django", "knox", "allauth")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    loggers[0].addHandler(keep)
    yield records
    loggers[0].removeHandler(keep)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def test_faults_logs_and_mails_tell_nothing(crawl, world, logged, monkeypatch):
    person = world.persons["a", "paper"]
    email = quote(person.email)
    addresses = [
        "/missions/nothing/",
        f"/observers/{person.code}/",
        f"/deployments/?nothing={email}",
        f"/api/v1/observers/?nothing={email}",
        f"/api/v1/observers/?ordering={email}",
        f"/api/v1/observers/?q={email}",
        "/api/v1/nothing/",
        f"/admin/observers/observer/?email__startswith={email}",
        f"/admin/observers/observer/{person.pk}/change/",
        f"/admin/observers/observer/{person.pk}/nothing/",
        "/account/tokens/revoke/",
    ]
    for actor in crawl.clients:
        for address in addresses:
            crawl.ask(actor, address, asked=[person.email.partition("@")[0]])

    def fail(self, record):
        raise RuntimeError("something is broken")

    monkeypatch.setattr(ObserverPage, "extra_context", fail)
    assert crawl.faults == []
    for actor in ("coordinator A", "data protection"):
        assert crawl.ask(actor, f"/observers/{person.code}/").status == 500
    assert crawl.leaks == {}
    assert crawl.visits == 13 * len(addresses) + 2
    assert mail.outbox == []
    found = {canary for text in logged for canary in crawl.canaries_in(text)}
    assert found == set()
    assert len(logged) >= 100
