"""Every route as every actor: what is theirs, what is another's, and what there is not.

What is another's answers exactly as what there is not.
"""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from tests.security import table
from tests.security.actors import ACTORS, CLERKS
from tests.security.objects import may, missing_like, things
from tests.security.routes import admin_names, walk

SAFE = {"GET", "HEAD", "OPTIONS"}


def path_of(name):
    return reverse(name)


# The table is whole


def test_every_route_has_a_row_and_every_row_a_route():
    names = {name for name, _pattern in walk()}
    assert names == table.every_name()
    assert len(names) >= 160


def test_every_registered_admin_has_a_row():
    assert admin_names() == sorted(table.KINDS_IN_THE_ADMIN)
    assert len(admin_names()) >= 16


def test_every_operation_of_the_api_reads_and_has_a_row():
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    told = {(path, method) for path, methods in paths.items() for method in methods}
    rows = {(f"/api/v1/{resource}/", "get") for resource in table.RESOURCES}
    rows |= {(f"/api/v1/{resource}/{{code}}/", "get") for resource in table.RESOURCES}
    rows |= {(f"/api/v1/{resource}/{{code}}/reconciliation/", "get") for resource in table.RECONCILED}
    rows |= {("/api/v1/deployments/facets/", "get"), ("/api/v1/deployments/matrix/", "get")}
    assert told == rows | {("/api/v1/dataset.zip", "get")}
    assert len(told) == 38


# Routes without an object


def test_each_actor_is_answered_as_the_table_says(crawl):
    wrong, cells = [], 0
    for name, row in table.plain_rows():
        # The same for everybody, and long in the making.
        actors = ("anonymous", "token expired") if name == "api:schema" else ACTORS
        for actor in actors:
            visit = crawl.ask(actor, reverse(name))
            cells += 1
            if visit.status != row[actor]:
                wrong.append(f"{visit}, not {row[actor]}")
    assert wrong == []
    assert crawl.leaks == {}
    assert crawl.faults == []
    assert cells >= 1000


def test_where_nothing_is_public_a_visitor_gets_nothing(crawl, members_only):
    open_to_all = {"account_login", "account_inactive", "revoke-token"}
    wrong, asked = [], 0
    for name, _row in table.plain_rows():
        visit = crawl.ask("anonymous", reverse(name))
        asked += 1
        expected = 401 if name.startswith("api:") else 302
        if name not in open_to_all and visit.status != expected:
            wrong.append(str(visit))
    assert wrong == []
    assert asked >= 80
