"""Of each kind of record some that one actor has and another has not: who reads them, opens them, deletes them.

By hand from docs/access.md. What an actor may not have is compared with what there is not.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.security.actors import ACTORS
from tests.security.expectations import (
    EVERYBODY,
    MEMBERS,
    READS_CONTACT,
    READS_NUMBER_OF_TAKEN,
    SEES_INTERNAL_SPELLING,
    SEES_PERSON,
    SEES_TAKEN,
)

NOBODY: frozenset[str] = frozenset()


class Thing(NamedTuple):
    """A record: who reads it on pages and by the API, who opens it in the admin, and who of these deletes it."""

    record: Any
    read_by: frozenset[str]
    opened_by: frozenset[str] = NOBODY
    deleted_by: frozenset[str] = NOBODY


def thing(record, read_by, opened_by=(), deleted_by=()):
    return Thing(record, frozenset(read_by), frozenset(opened_by), frozenset(deleted_by))


A, B, M, N, O = {"coordinator A"}, {"coordinator B"}, {"organizer M"}, {"organizer N"}, {"administrator"}  # noqa: E741


def things(world):
    """By resource."""
    made, open_, paper = world.made, world.made.open, world.made.paper
    of_members = lambda record, *who: thing(record, MEMBERS, *who)  # noqa: E731
    of_all = lambda record, *who: thing(record, EVERYBODY, *who)  # noqa: E731
    found = {
        "sources": [of_members(made.memo, A, A), of_all(made.herald, B, B), of_all(made.gazette, O, O)],
        "organizations": [of_all(made.a, O, O)],
        "organization-names": [of_all(open_.name), of_members(paper.name)],
        "memberships": [of_all(open_.membership, O, O), of_members(paper.membership, O, O)],
        "regions": [of_all(paper.region, O, O)],
        "elections": [of_all(made.election, O, O)],
        "voting-days": [of_all(open_.voting_day), of_members(paper.voting_day)],
        # The organizer changes a mission, its keeper deletes it.
        "missions": [
            of_all(made.mission_m, M, M),
            of_members(made.mission_a, A | M, A),
            of_members(made.mission_b, B | N, B),
            of_all(made.mission_o, O | B, O),
        ],
        "invitations": [of_all(open_.invitation, A | M, A), of_members(paper.invitation, B | N, B)],
        "deployments": [
            of_all(made.deployment_a, A, A),
            of_members(made.deployment_b, B, B),
            of_all(made.deployment_o, O, O),
        ],
        "channels": [of_all(open_.channel, A, A), of_members(paper.channel, B, B)],
        "head-counts": [
            of_all(open_.head_count, A, A),
            of_members(paper.head_count, B, B),
        ],
        "statements": [of_all(open_.statement, A, A), of_members(paper.statement, B, B)],
        "observers": [],
        "observer-names": [],
        "assignments": [],
    }
    for about, person in world.persons.items():
        found["observers"].append(thing(person, SEES_PERSON[about], READS_CONTACT[about]))
        spellings = {name.source.code: name for name in person.names.all() if name.source}
        found["observer-names"].append(thing(spellings["herald"], SEES_PERSON[about]))
        found["observer-names"].append(thing(spellings["memo"], SEES_INTERNAL_SPELLING[about]))
        places = world.places.get(about, {})
        if "place" in places:
            keeper = {"a": A, "b": B, "o": O}[about[0]]
            found["assignments"].append(thing(places["place"], SEES_PERSON[about], READS_CONTACT[about], keeper))
        if "taken" in places:
            readers = READS_NUMBER_OF_TAKEN[about]
            found["assignments"].append(
                thing(places["taken"], SEES_TAKEN[about], readers, readers - {"data protection"})
            )
    return found


def reader_of(actor, door):
    """As whom somebody reads by this door: a token opens the API alone, a session that has ended nothing."""
    if actor == "deactivated" or (actor.startswith("token") and door != "api"):
        return "anonymous"
    return "coordinator A" if actor.startswith("token") else actor


def may(actor, people, door):
    return reader_of(actor, door) in people


def missing_like(record):
    """A code like this record's, and a key, of which there is none."""
    is_uuid = record._meta.model_name in {"observer", "observername"}
    return "00000000-0000-4000-8000-000000000000" if is_uuid else f"x{record.code[1:]}", 10**9


assert len(ACTORS) == 13
