"""Persons on the roster who may be one person twice: pairs whose names are alike, for somebody to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from observers.likeness import Roster
from observers.models import Merge, Observer, ObserverName

if TYPE_CHECKING:
    from organizations.policy import Reader


class Pair(NamedTuple):
    """Two persons, by their codes and their names."""

    kept: str
    merged: str
    name: str
    other_name: str

    def __str__(self) -> str:
        return f"{self.name} · {self.other_name}"


def pairs_alike(user: Reader) -> list[Pair]:
    """Pairs among the persons whom the user may merge, each pair once, by the name of the first.

    Left out are persons of two nationalities, and two of whom somebody has undone the merge: they are two.
    """
    rows: Any = Observer.objects.changeable_by(user).not_erased().filter(erasures=None)
    persons = {person.code: person for person in rows.order_by("family_name", "given_names", "code")}
    names = {code: [f"{person.family_name} {person.given_names}"] for code, person in persons.items()}
    spellings = ObserverName.objects.visible_to(user).filter(observer__in=rows.order_by().values("pk"))
    columns = ("observer__code", "family_name", "given_names")
    for code, family_name, given_names in spellings.order_by("pk").values_list(*columns):
        names[code].append(f"{family_name} {given_names}")
    undone = Merge.objects.exclude(undone_at=None)
    met = {frozenset(pair) for pair in undone.values_list("kept__code", "merged_code")}
    roster = Roster(names)
    found = []
    for code, person in persons.items():
        for other in dict.fromkeys(each for name in names[code] for each in roster.look_alikes(name)):
            pair = frozenset((code, other))
            countries = {str(persons[each].nationality) for each in pair} - {""}
            if other != code and pair not in met and len(countries) < 2:
                found.append(Pair(code, other, person.full_name, persons[other].full_name))
            met.add(pair)
    return found
