"""Who may do what: the one place that every door asks.

Roles are read from the database with each question, so that one that is taken away is gone on the next request. What a
reader sees, may change, and may read of private columns is answered by `visible_to`, `changeable_by` and `private_to`
of each kind of record, which are made of the rules here. The table of all of it: docs/access.md.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

    Reader = AbstractBaseUser | AnonymousUser

VIEWER = "viewer"
COORDINATOR = "coordinator"


# Roles


def is_member(user: Reader) -> bool:
    """Whether this is somebody with an account that is in use: members read all facts."""
    return bool(user.is_authenticated and user.is_active)


def is_administrator(user: Reader) -> bool:
    """Administrators keep reference data, accounts, and the records that no organization keeps."""
    return is_member(user) and bool(getattr(user, "is_superuser", False))


def is_data_protection(user: Reader) -> bool:
    """Data protection sees all persons, tells them what is held about them, and confirms that it is erased."""
    return is_member(user) and bool(getattr(user, "is_data_protection", False))


def is_coordinator(user: Reader) -> bool:
    """Coordinators write what their organizations keep."""
    return is_member(user) and coordinated_by(user).exists()


def may_enter_data(user: Reader) -> bool:
    """Whose work is in the admin, and who therefore signs in with a second factor: every role but the viewer's."""
    return is_administrator(user) or is_data_protection(user) or is_coordinator(user)


# Ownership


def organizations_of(user: Reader) -> Any:
    """The keys of the organizations for which the reader has any role, to be used within a query."""
    return roles_of(user).values("organization")


def coordinated_by(user: Reader) -> Any:
    """The keys of the organizations for which the reader writes, to be used within a query."""
    return roles_of(user).filter(role=COORDINATOR).values("organization")


def roles_of(user: Any) -> Any:
    return user.staff_roles.order_by()


def kept_by(user: Reader, owner: str = "owner") -> Q:
    """The rows that the user's organizations keep and the user may write; without a keeper, administrators'.

    `owner` is the path from the row to the organization that keeps it.
    """
    if not is_member(user):
        return NOTHING
    kept = Q(**{f"{owner}__in": coordinated_by(user)})
    return kept | Q(**{f"{owner}__isnull": True}) if is_administrator(user) else kept


def kept_for(user: Reader, owner: str = "owner") -> Q:
    """The rows that the user's organizations keep, whatever the user's role there; without a keeper, administrators'.

    `owner` is the path from the row to the organization that keeps it.
    """
    if not is_member(user):
        return NOTHING
    kept = Q(**{f"{owner}__in": organizations_of(user)})
    return kept | Q(**{f"{owner}__isnull": True}) if is_administrator(user) else kept


NOTHING = Q(pk__in=[])


# Who sees a record, in words that can be stored. Each record's `audiences` are the other side of its `visible_to`.

VISITORS = "visitors"
MEMBERS = "members"
ADMINISTRATORS = "administrators"
DATA_PROTECTION = "data-protection"
# What stands between two words of which a reader must have both.
BOTH = "+"
NOBODY: frozenset[str] = frozenset()


def people_of(organization: int | None) -> str:
    """The word for the people of the organization with this key; without one, the administrators."""
    return ADMINISTRATORS if organization is None else f"organization-{organization}"


def words_of(user: Reader) -> frozenset[str]:
    """The words that are true of the reader now."""
    if not is_member(user):
        return frozenset({VISITORS}) if settings.PUBLIC_ACCESS else NOBODY
    words = {MEMBERS, *(people_of(key) for key in organizations_of(user).values_list("organization", flat=True))}
    words |= {ADMINISTRATORS} if is_administrator(user) else set()
    words |= {DATA_PROTECTION} if is_data_protection(user) else set()
    return frozenset(words)


def is_among(words: frozenset[str], audience: frozenset[str]) -> bool:
    """Whether somebody of whom these words are true is among those who see a record."""
    return any(words.issuperset(word.split(BOTH)) for word in audience)


# Personal fields


class PersonalFieldReader(StrEnum):
    """Who reads a personal field of a person whom they see at all."""

    WHOEVER_SEES_THE_PERSON = "seen"
    KEEPER_AND_ORGANIZER = "kept"


SEEN = PersonalFieldReader.WHOEVER_SEES_THE_PERSON
KEPT = PersonalFieldReader.KEEPER_AND_ORGANIZER

# Every field that tells of a person, by dataset file. Who sees a person at all: `Observer.objects.visible_to`. Fields
# that only KEPT readers read leave by no door but the admin. Erasing a person empties each of these fields.
PERSONAL_FIELDS: Mapping[str, Mapping[str, PersonalFieldReader]] = {
    "observers": {
        "family_name": SEEN,
        "given_names": SEEN,
        "nationality": SEEN,
        "gender": SEEN,
        "languages": SEEN,
        "email": KEPT,
        "phone": KEPT,
        "internal_note": KEPT,
    },
    "observer_names": {"language": SEEN, "family_name": SEEN, "given_names": SEEN},
    "assignments": {
        "area": SEEN,
        "post": SEEN,
        "employer": SEEN,
        "accreditation_number": KEPT,
        "internal_note": KEPT,
    },
}
# Notes about facts, not persons, that only the organization that keeps the record reads, and a mission's organizer.
INTERNAL_NOTES: Mapping[str, frozenset[str]] = {
    "missions": frozenset({"internal_note"}),
    "deployments": frozenset({"internal_note"}),
}


def private_columns(dataset_file: str) -> frozenset[str]:
    """The columns of a kind of record that leave by no door but the admin."""
    personal = PERSONAL_FIELDS.get(dataset_file, {})
    kept = {name for name, reader in personal.items() if reader == KEPT}
    return frozenset(kept) | INTERNAL_NOTES.get(dataset_file, frozenset())
