"""Persons on the roster who may be one person twice: pairs whose names are alike, for somebody to decide."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from observers.likeness import Roster
from observers.models import Merge, Observer, ObserverName

if TYPE_CHECKING:
    from organizations.policy import Reader

A_DAY = 24 * 60 * 60


class Pair(NamedTuple):
    """Two persons, by their codes and their names."""

    kept: str
    merged: str
    name: str
    other_name: str

    def __str__(self) -> str:
        return f"{self.name} · {self.other_name}"


class Known(NamedTuple):
    """What of a person is compared."""

    nationality: str
    spellings: list[str]


def pairs_alike(user: Reader) -> list[Pair]:
    """Pairs among the persons whom the user may merge, each pair once, by the name of the first.

    Left out are persons of two nationalities, and two of whom somebody has undone the merge: they are two.
    """
    rows: Any = Observer.objects.changeable_by(user).not_erased().filter(erasures=None)
    persons = persons_of(rows, user)
    undone = Merge.objects.exclude(undone_at=None).order_by("pk")
    pairs = undone.values_list("kept__code", "merged_code")
    told_apart = [list(pair) for pair in pairs if all(code in persons for code in pair)]
    # Comparing thousands of names takes seconds: it is done anew only where these are others than the last time.
    key, now = f"alike-{user.pk}", fingerprint([persons, told_apart])
    kept = cache.get(key)
    if kept is None or kept["of"] != now:
        kept = {"of": now, "pairs": codes_alike(persons, told_apart)}
        cache.set(key, kept, A_DAY)
    named = rows.filter(code__in={code for pair in kept["pairs"] for code in pair})
    names = {person.code: person.full_name for person in named}
    return [Pair(one, other, names[one], names[other]) for one, other in kept["pairs"]]


def persons_of(rows: Any, user: Reader) -> dict[str, Known]:
    """The persons by their codes, with every spelling that the user sees."""
    told = rows.order_by("family_name", "given_names", "code")
    found = {
        code: Known(str(nationality), [f"{family_name} {given_names}"])
        for code, nationality, family_name, given_names in told.values_list(
            "code", "nationality", "family_name", "given_names"
        )
    }
    names = ObserverName.objects.visible_to(user).filter(observer__in=rows.order_by().values("pk")).order_by("pk")
    for code, family_name, given_names in names.values_list("observer__code", "family_name", "given_names"):
        found[code].spellings.append(f"{family_name} {given_names}")
    return found


def fingerprint(compared: Any) -> str:
    """Tells apart what is compared, and gives nothing of it away: no name is kept in the cache."""
    return salted_hmac(__name__, json.dumps(compared), algorithm="sha256").hexdigest()


def codes_alike(persons: dict[str, Known], told_apart: list[list[str]]) -> list[tuple[str, str]]:
    met = {frozenset(pair) for pair in told_apart}
    roster = Roster({code: person.spellings for code, person in persons.items()})
    found = []
    for code, person in persons.items():
        for other in dict.fromkeys(each for name in person.spellings for each in roster.look_alikes(name)):
            pair = frozenset((code, other))
            countries = {persons[each].nationality for each in pair} - {""}
            if other != code and pair not in met and len(countries) < 2:
                found.append((code, other))
            met.add(pair)
    return found
