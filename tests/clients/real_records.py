"""Hooks of schemathesis. What it makes up of the schema alone is seldom stored, so most writes begin with a real row.

Some columns of a real row are replaced by what was made up; columns that point to other records, by what another real
row points to. Of every five requests one stays as it was made up, and so do all that are meant to be refused.
"""

from __future__ import annotations

import json
from functools import cache
from random import Random
from urllib.parse import urljoin

import requests
import schemathesis

from tests.serving import HEADERS

# What a program says of a row and what is no column.
BESIDE = {"code", "owner", "modified_at"}


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    # The same request is changed in the same way each time.
    chance = Random(json.dumps([case.method, case.path, str(case.path_parameters), str(case.body)]))  # noqa: S311
    resource = case.path.split("/")[3]
    if chance.random() < 0.2 or "code" not in (columns := columns_of(case.operation.schema.raw_schema, resource)):
        return
    real = rows(case.operation.base_url, resource)
    if "code" in case.path_parameters:
        case.path_parameters["code"] = chance.choice(real)["code"]
        if case.method != "GET":
            case.headers.pop("If-None-Match", None)
            case.headers["If-Match"] = "*"
    if isinstance(case.body, dict):
        case.body = mixed(case.body, real, columns, chance, is_whole=case.method != "PATCH")
    elif isinstance(case.body, list):
        case.body = [mixed(row, real, columns, chance, is_whole=True) for row in case.body]


@cache
def rows(address, resource):
    """Rows of the resource as any visitor reads them."""
    answer = requests.get(urljoin(address, f"/api/v1/{resource}/?page_size=200"), headers=HEADERS, timeout=60)
    return answer.json()["results"]


def columns_of(schema, resource):
    """What a program may send of a row of this resource, and the schema of each; nothing where none is written."""
    operation = schema["paths"].get(f"/api/v1/{resource}/", {}).get("post")
    if operation is None:
        return {}
    name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return schema["components"]["schemas"][name]["properties"]


def mixed(made_up, real, columns, chance, *, is_whole):
    """A row of which some is real and some is made up."""
    base, other = chance.choice(real), chance.choice(real)
    row = {name: base[name] for name in columns if name not in BESIDE} if is_whole else {}
    own = [name for name in made_up if name in columns and name not in BESIDE]
    for name in chance.sample(own, min(len(own), chance.randint(0 if is_whole else 1, 2))):
        row[name] = other[name] if is_code(columns[name]) else made_up[name]
    return row


def is_code(column):
    return "pattern" in column or "pattern" in column.get("items", {})
