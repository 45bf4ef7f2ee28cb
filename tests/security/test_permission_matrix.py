"""Every route as every actor: what is theirs, what is another's, and what there is not.

What is another's answers exactly as what there is not.
"""

from __future__ import annotations

import pytest
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from tests.security import table
from tests.security.actors import ACTORS, CLERKS
from tests.security.crawl import alike
from tests.security.objects import may, missing_like, things
from tests.security.routes import admin_names, walk

# The table is whole


def test_every_route_has_a_row_and_every_row_a_route():
    names = {name for name, _pattern in walk()}
    assert names == table.every_name()
    assert len(names) >= 160


def test_every_registered_admin_has_a_row():
    assert admin_names() == sorted(table.KINDS_IN_THE_ADMIN)
    assert len(admin_names()) >= 16


def test_every_operation_of_the_api_has_a_row():
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    told = {(path, method) for path, methods in paths.items() for method in methods}
    rows = {(f"/api/v1/{resource}/", method) for resource in table.RESOURCES for method in ("get", "post", "put")}
    methods = ("get", "put", "patch")
    rows |= {(f"/api/v1/{resource}/{{code}}/", method) for resource in table.RESOURCES for method in methods}
    rows |= {(f"/api/v1/{resource}/{{code}}/reconciliation/", "get") for resource in table.RECONCILED}
    rows |= {("/api/v1/deployments/facets/", "get"), ("/api/v1/deployments/matrix/", "get")}
    releases = ("releases/", "releases/{number}/", "releases/{number}/dataset.zip")
    assert told == rows | {(f"/api/v1/{path}", "get") for path in ("dataset.zip", "changes/", *releases)}
    assert len(told) == 106


# Routes without an object


def test_each_actor_is_answered_as_the_table_says(crawl):
    wrong, cells = [], 0
    for name, row in table.plain_rows():
        for actor in asking(name):
            visit = crawl.ask(actor, reverse(name))
            cells += 1
            if visit.status != row[actor]:
                wrong.append(f"{visit}, not {row[actor]}")
    assert wrong == []
    assert crawl.leaks == {}
    assert crawl.faults == []
    assert cells >= 900


def asking(name):
    """Everybody, but for what is the same for some and long in the making."""
    if name == "api:schema":
        return ("anonymous", "token expired")
    # Two who write as two others do; the lists of all four are in tests/security/test_canaries.py.
    twins = {"coordinator B", "organizer N"} if name.endswith(("_changelist", "_add")) else set()
    return [actor for actor in ACTORS if actor not in twins]


def test_where_nothing_is_public_a_visitor_gets_nothing(crawl, closed):
    open_to_all = {"account_login", "account_inactive", "revoke-token", "theme"}
    wrong, asked = [], 0
    for name, _row in table.plain_rows():
        visit = crawl.ask("anonymous", reverse(name))
        asked += 1
        expected = 401 if name.startswith("api:") else 302
        if name not in open_to_all and visit.status != expected:
            wrong.append(str(visit))
    assert wrong == []
    assert asked >= 80


# What is theirs, what is another's, what there is not


def test_each_record_is_read_by_whom_the_table_says_and_else_answers_as_missing(crawl, world):
    """On pages and by the API, with every actor."""
    wrong, seen = [], {"own": 0, "foreign": 0}
    for resource, found in things(world).items():
        routes = [f"api:{resource}-detail", *(page for page, of in table.PAGES.items() if of == resource)]
        routes += [f"api:{resource}-reconciliation"] if resource in table.RECONCILED else []
        for name in routes:
            for actor in ACTORS:
                for each in one_of_each_answer(found, actor, name):
                    is_own, told = answered(crawl, actor, name, each)
                    seen["own" if is_own else "foreign"] += 1
                    wrong += told
    assert wrong == []
    assert (crawl.leaks, crawl.faults) == ({}, [])
    assert seen["own"] >= 250
    assert seen["foreign"] >= 200


def test_a_copy_of_a_source_is_opened_by_who_enters_data_and_else_is_not_there(crawl, world):
    for copy in (world.made.copy_open, world.made.copy_paper):
        missing = reverse("source-copy", args=[copy.source.code, "0" * 64])
        answers = {actor: crawl.ask(actor, copy.get_absolute_url()) for actor in ACTORS}
        assert {actor for actor, visit in answers.items() if visit.status == 200} == table.OPENS_COPIES
        for actor in set(ACTORS) - table.OPENS_COPIES:
            assert alike(answers[actor], copy.sha256) == alike(crawl.ask(actor, missing), "0" * 64), actor
            assert answers[actor].status == 404
        assert len(set(ACTORS) - table.OPENS_COPIES) >= 6
    assert (crawl.leaks, crawl.faults) == ({}, [])
    assert len(crawl.met["coordinator B", "page"] & world.of_part("copy", "paper", "copy")) == 1


def one_of_each_answer(found, actor, name):
    """Of the records that the actor reads, one; of those that the actor does not read all persons and places, else one.

    Whoever is answered like another is asked for one of each.
    """
    door = "api" if name.startswith("api:") else "page"
    own = [each for each in found if may(actor, each.read_by, door)]
    foreign = [each for each in found if each not in own]
    is_thorough = name in {"api:observers-detail", "api:assignments-detail"} and actor not in ALIKE
    return [*own[:1], *(foreign if is_thorough else foreign[:1])]


# They read as somebody else does: a visitor, coordinator A.
ALIKE = {"deactivated", "without a role", "token read", "token write", "token expired"}


def answered(crawl, actor, name, each):
    """Whether the record is the actor's to read, and what is wrong with the answer."""
    is_api = name.startswith("api:")
    is_own = may(actor, each.read_by, "api" if is_api else "page")
    code, (absent, _key) = each.record.code, missing_like(each.record)
    visit = crawl.ask(actor, reverse(name, args=[code]))
    if is_api and actor == "token expired":
        return False, [] if visit.status == 401 else [str(visit)]
    if is_own:
        return True, [] if visit.status == 200 else [str(visit)]
    missing = crawl.ask_once(actor, reverse(name, args=[absent]))
    same = alike(visit, code) == alike(missing, absent)
    return False, [] if same and visit.status == 404 else [f"{visit}, {missing}"]


def test_the_admin_opens_each_record_to_whom_the_table_says_and_else_answers_as_missing(crawl, world):
    wrong, seen = [], {"own": 0, "foreign": 0}
    in_the_admin = {resource: found for resource, found in things(world).items() if has_pages(found)}
    for found in in_the_admin.values():
        for each in found:
            kind = kind_of(each)
            for actor in CLERKS:
                opens, deletes = actor in each.opened_by, actor in each.deleted_by
                if opens and each is not next(other for other in found if actor in other.opened_by):
                    # The others are opened in tests/security/test_canaries.py.
                    continue
                seen["own" if opens else "foreign"] += 1
                for page in table.PAGES_OF_A_RECORD if opens or each in found[:2] else ("change",):
                    expected = 200 if opens and (page != "delete" or deletes) else 403 if opens else None
                    wrong += opened(crawl, actor, f"admin:{kind}_{page}", each.record, expected)
    assert wrong == []
    assert (crawl.leaks, crawl.faults) == ({}, [])
    # All that is another's, and of what is an actor's own one of each kind.
    pairs = [(actor, each) for found in in_the_admin.values() for each in found for actor in CLERKS]
    kinds_of_own = {(actor, kind_of(each)) for actor, each in pairs if actor in each.opened_by}
    assert seen == {
        "own": len(kinds_of_own),
        "foreign": sum(actor not in each.opened_by for actor, each in pairs),
    }
    assert seen["own"] >= 30
    assert seen["foreign"] >= 200
    assert set(in_the_admin) == set(table.RESOURCES) - {"organization-names", "observer-names", "voting-days"}


def kind_of(each):
    return each.record._meta.label_lower.replace(".", "_")


def has_pages(found):
    return kind_of(found[0]) in table.KINDS_IN_THE_ADMIN


def opened(crawl, actor, name, record, expected, method="GET"):
    """What is wrong with the answer: it should have that status; None: be as of a record that there is not."""
    ask, ask_once = (crawl.ask, crawl.ask_once) if method == "GET" else (crawl.ask_in_vain, crawl.ask_in_vain)
    visit = ask(actor, reverse(name, args=[record.pk]), method)
    if expected:
        return [] if visit.status == expected else [f"{visit}, not {expected}"]
    _code, key = missing_like(record)
    missing = ask_once(actor, reverse(name, args=[key]), method)
    words = lambda pk: (f"/{pk}/", f"“{pk}”")  # noqa: E731
    same = alike(visit, *words(record.pk)) == alike(missing, *words(key))
    return [] if same and visit.status in {302, 403, 404} else [f"{visit}, {missing}"]


def test_what_is_sent_to_anothers_record_is_answered_as_if_there_were_none(crawl, world):
    """Each kind, sent as forms and as programs send."""
    wrong, asked = [], 0
    for found in things(world).values():
        for actor in ("coordinator A", "coordinator B", "organizer N", "administrator"):
            each = next((each for each in found if actor not in each.opened_by and each.opened_by), None)
            if each is None or not has_pages(found):
                continue
            for page in ("change", "delete"):
                asked += 1
                wrong += opened(crawl, actor, f"admin:{kind_of(each)}_{page}", each.record, None, "POST")
    assert wrong == []
    assert (crawl.leaks, crawl.faults) == ({}, [])
    assert asked >= 60


# What a token that may write is told of a request that says nothing: never that anything was done.
IN_VAIN = {"POST": {403, 405, 415}, "PUT": {400, 403, 415, 428}, "PATCH": {400, 405}, "DELETE": {405}}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_api_changes_nothing_but_by_a_token_that_may_write(crawl, world, method):
    """A session may not write there, nor a token for reading."""
    expected = {"anonymous": {401}, "token expired": {401}, "token write": IN_VAIN[method]}
    wrong, asked = [], 0
    for resource, found in things(world).items():
        absent, _key = missing_like(found[0].record)
        for code in ("", f"{found[0].record.code}/", f"{absent}/"):
            for actor in ("anonymous", "coordinator A", "administrator", "token read", "token write", "token expired"):
                visit = crawl.ask_in_vain(actor, f"/api/v1/{resource}/{code}", method)
                asked += 1
                if visit.status not in expected.get(actor, {403}):
                    wrong.append(str(visit))
    assert wrong == []
    assert (crawl.leaks, crawl.faults) == ({}, [])
    assert asked == 16 * 3 * 6


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"])
def test_no_other_method_opens_more_than_get(crawl, method):
    """For somebody outside and somebody without a role: what GET refuses, and never a fault."""
    wrong, asked = [], 0
    for name, row in table.plain_rows():
        for actor in ("anonymous", "without a role"):
            if name == "api:schema" and method == "HEAD":
                continue
            visit = crawl.ask_in_vain(actor, reverse(name), method)
            asked += 1
            refused = row[actor] in {302, 401, 403, 404}
            # OPTIONS says which methods there are, and nothing else.
            if refused and visit.status == 200 and method != "OPTIONS":
                wrong.append(str(visit))
    assert wrong == []
    assert (crawl.leaks, crawl.faults) == ({}, [])
    assert asked >= 160
