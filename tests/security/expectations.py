"""Which canaries each actor may meet, and by which door. Written by hand from docs/access.md; no rule of the code is
asked here.

Doors: `page`, `api` and `file` (what a program can ask as well), and `admin`.
"""

from __future__ import annotations

from tests.security.actors import ACTORS

EVERYBODY = frozenset({*ACTORS})
MEMBERS = EVERYBODY - {"anonymous", "deactivated", "token read", "token write", "token expired"}
A, A_WRITES = {"viewer A", "coordinator A"}, {"coordinator A"}
B, B_WRITES = {"coordinator B"}, {"coordinator B"}
M, N = {"organizer M"}, {"organizer N"}
DATA_PROTECTION, ADMINISTRATOR = {"data protection"}, {"administrator"}
NOBODY: frozenset[str] = frozenset()

# Who sees the person: name, nationality, gender, languages. "Publicly named" is for everybody.
SEES_PERSON = {
    ("a", "open"): EVERYBODY,
    ("a", "guest"): EVERYBODY,
    ("a", "paper"): A | M | DATA_PROTECTION,
    ("a", "withheld"): A | M | DATA_PROTECTION,
    ("a", "hushed"): A | N | DATA_PROTECTION,
    ("a", "roster"): A | DATA_PROTECTION,
    ("a", "lent"): A | DATA_PROTECTION,
    ("a", "kept"): A | DATA_PROTECTION,
    ("b", "open"): EVERYBODY,
    ("b", "guest"): EVERYBODY,
    ("b", "paper"): B | N | DATA_PROTECTION,
    ("b", "withheld"): B | N | DATA_PROTECTION,
    ("b", "hushed"): B | M | DATA_PROTECTION,
    ("b", "roster"): B | DATA_PROTECTION,
    ("b", "lent"): B | DATA_PROTECTION,
    ("b", "kept"): B | DATA_PROTECTION,
    ("o", "paper"): M | DATA_PROTECTION | ADMINISTRATOR,
}
# Who reads e-mail, phone and notes: of the keeper's coordinators, of the organizer to whom the keeper sent the person.
READS_CONTACT = {
    ("a", "open"): A_WRITES | M | DATA_PROTECTION,
    ("a", "guest"): A_WRITES | M | DATA_PROTECTION,
    ("a", "paper"): A_WRITES | M | DATA_PROTECTION,
    ("a", "withheld"): A_WRITES | M | DATA_PROTECTION,
    ("a", "hushed"): A_WRITES | N | DATA_PROTECTION,
    ("a", "roster"): A_WRITES | DATA_PROTECTION,
    ("a", "lent"): A_WRITES | DATA_PROTECTION,
    ("a", "kept"): A_WRITES | DATA_PROTECTION,
    ("b", "open"): B | N | DATA_PROTECTION,
    ("b", "guest"): B | N | DATA_PROTECTION,
    ("b", "paper"): B | N | DATA_PROTECTION,
    ("b", "withheld"): B | N | DATA_PROTECTION,
    ("b", "hushed"): B | M | DATA_PROTECTION,
    ("b", "roster"): B | DATA_PROTECTION,
    ("b", "lent"): B | DATA_PROTECTION,
    ("b", "kept"): B | DATA_PROTECTION,
    ("o", "paper"): M | DATA_PROTECTION | ADMINISTRATOR,
}
# A spelling from an internal paper is not public, also not of somebody who is.
SEES_INTERNAL_SPELLING = {
    **SEES_PERSON,
    ("a", "open"): A | M | DATA_PROTECTION,
    ("a", "guest"): A | M | DATA_PROTECTION,
}
SEES_INTERNAL_SPELLING |= {("b", "open"): B | N | DATA_PROTECTION, ("b", "guest"): B | N | DATA_PROTECTION}
# A place that an organizer made for a guest; and one for somebody whom that organizer does not see.
SEES_TAKEN = {
    ("a", "guest"): A | N | DATA_PROTECTION,
    ("b", "guest"): B | M | DATA_PROTECTION,
    ("a", "lent"): A | DATA_PROTECTION,
    ("b", "lent"): B | DATA_PROTECTION,
}
# Numbers and notes of a place are its own keeper's, and the organizer's.
READS_NUMBER_OF_TAKEN = {
    ("a", "guest"): N | DATA_PROTECTION,
    ("b", "guest"): M | DATA_PROTECTION,
    ("a", "lent"): DATA_PROTECTION,
    ("b", "lent"): DATA_PROTECTION,
}
# Copies of sources are opened by those who enter data or answer for it.
OPENS_COPIES = frozenset(MEMBERS - {"viewer A", "without a role"})
READS_MISSION_NOTE = {"a": A_WRITES | M, "b": B | N, "m": M, "n": N, "o": ADMINISTRATOR | B}
READS_DEPLOYMENT_NOTE = {"a": A_WRITES, "b": B, "o": ADMINISTRATOR}

EVERY_DOOR = frozenset({"page", "api", "file", "admin"})
ADMIN = frozenset({"admin"})


def who_may_meet(keeper: str, who: str, part: str) -> tuple[frozenset[str], frozenset[str]]:  # noqa: PLR0911
    """Who may meet what is told of a person or a record, and by which doors."""
    match part:
        case "name" | "spelling" | "told" | "place" if who != "merged":
            return frozenset(SEES_PERSON[keeper, who]), EVERY_DOOR
        case "internal spelling" if who != "merged":
            return frozenset(SEES_INTERNAL_SPELLING[keeper, who]), EVERY_DOOR
        case "taken":
            return frozenset(SEES_TAKEN[keeper, who]), EVERY_DOOR
        case "contact" | "number of place" if who != "merged":
            return frozenset(READS_CONTACT[keeper, who]), ADMIN
        case "number of taken":
            return frozenset(READS_NUMBER_OF_TAKEN[keeper, who]), ADMIN
        case "note":
            notes = READS_MISSION_NOTE if who == "mission" else READS_DEPLOYMENT_NOTE
            return frozenset(notes[keeper]), ADMIN
        case _:
            return who_may_meet_what_was(keeper, who, part)


# The log of changes is read by who may change the record now, and by data protection.
CHANGES_PERSON = {"a": A_WRITES, "b": B, "o": ADMINISTRATOR}
CHANGES_PLACE = {"a": A_WRITES | M, "b": B | N, "o": ADMINISTRATOR | M}


def who_may_meet_what_was(  # noqa: C901, PLR0911 (a table)
    keeper: str, who: str, part: str
) -> tuple[frozenset[str], frozenset[str]]:
    """The same of what the log keeps, of what a merge has taken away, and of what is no record."""
    match part:
        case "former name":
            return frozenset(CHANGES_PERSON[keeper] | DATA_PROTECTION), EVERY_DOOR
        case "former contact":
            return frozenset(CHANGES_PERSON[keeper] | DATA_PROTECTION), ADMIN
        case "former place":
            return frozenset(CHANGES_PLACE[keeper] | DATA_PROTECTION), EVERY_DOOR
        case "former number":
            return frozenset(CHANGES_PLACE[keeper] | DATA_PROTECTION), ADMIN
        case "former note":
            # Data protection reads the log, but no notes on facts.
            notes = READS_MISSION_NOTE if who == "mission" else READS_DEPLOYMENT_NOTE
            return frozenset(notes[keeper]), ADMIN
        case "name" | "spelling" | "internal spelling" | "told":
            # Of the person who was merged: what went over to the one who stands.
            return frozenset(SEES_PERSON[keeper, "kept"]), EVERY_DOOR
        case "contact":
            # It lies in the snapshot, for undoing; data protection reads it in the log.
            return frozenset(DATA_PROTECTION), ADMIN
        case "file":
            return frozenset({"a": A_WRITES, "b": B}[keeper]), ADMIN
        case "erasure":
            return frozenset({"a": A_WRITES, "b": B}[keeper] | DATA_PROTECTION), ADMIN
        case "copy":
            return OPENS_COPIES, EVERY_DOOR
        case "fact":
            return (EVERYBODY if who == "open" else frozenset(MEMBERS)), EVERY_DOOR
    holder = part.removeprefix("account of ")
    return frozenset(ADMINISTRATOR | {holder}), EVERY_DOOR


def allowed(told: dict[str, tuple[str, str, str]], actor: str, door: str) -> frozenset[str]:
    """The canaries that the actor may meet by this door. A token opens the API alone, as its user's."""
    if actor == "token expired" and door == "api":
        return NOBODY
    reader = actor
    if actor.startswith("token"):
        reader = "coordinator A" if door == "api" else "anonymous"
    if actor == "deactivated":
        reader = "anonymous"
    met = set()
    for canary, about in told.items():
        readers, doors = who_may_meet(*about)
        if reader in readers and door in doors:
            met.add(canary)
    return frozenset(met)
