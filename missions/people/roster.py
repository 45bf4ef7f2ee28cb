"""The persons whom a row may be about: those in the mission already, and all others whom the reader may see."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from missions.models import Assignment
from missions.people.names import same_letters
from observers.likeness import Roster
from observers.models import Observer, ObserverName
from organizations.policy import kept_by

if TYPE_CHECKING:
    from collections.abc import Iterable

    from missions.people.rows import PersonRow
    from missions.people.task import Task
    from organizations.policy import Reader


class PersonsInSight:
    """What is recorded of persons, as far as `user` may see it; everything for nobody in particular (None).

    `decided` are the codes of persons whom somebody has named for a row.
    """

    def __init__(self, task: Task, user: Reader | None, decided: Iterable[str]) -> None:
        self.task, self.user = task, user
        visible: Any = Observer.objects.all() if user is None else Observer.objects.visible_to(user)
        # Who was erased is nobody whom a row could be about.
        self.visible = visible.not_erased()
        in_place = Q(assignments__mission=task.mission)
        if task.deployment:
            in_place |= Q(assignments__deployment=task.deployment)
        near = Observer.objects.filter(in_place | Q(code__in=list(decided)))
        self.spellings: Any = ObserverName.objects.all() if user is None else ObserverName.objects.visible_to(user)
        rows = self.visible.filter(pk__in=near.values("pk"))
        self.persons: dict[int, Observer] = {person.pk: person for person in rows}
        self.by_code = {person.code: person for person in self.persons.values()}
        self.letters = {pk: {same_letters(one.family_name, one.given_names)} for pk, one in self.persons.items()}
        for pk, *name in self.spellings.filter(observer__in=near).values_list(
            "observer_id", "family_name", "given_names"
        ):
            if pk in self.letters:
                self.letters[pk].add(same_letters(*name))
        self.places = self.places_by_person()
        self.in_place_by_letters = self.letters_in_place()
        self.found_alike: dict[str, list[str]] = {}

    def rows_of_places(self) -> Any:
        """The places in this mission, and those of this party without a mission."""
        rule = Q(mission=self.task.mission)
        if self.task.deployment:
            rule |= Q(deployment=self.task.deployment, mission=None)
        return Assignment.objects.filter(rule)

    def places_by_person(self) -> dict[int, list[Assignment]]:
        """The places in this mission, and those of this party without a mission, by person."""
        found: dict[int, list[Assignment]] = {}
        places = self.rows_of_places().select_related("region", "deployment__election")
        for place in places.order_by("pk"):
            if place.mission_id:
                place.mission = self.task.mission
            if place.observer_id in self.persons:
                place.observer = self.persons[place.observer_id]
            found.setdefault(place.observer_id, []).append(place)
        return found

    def letters_in_place(self) -> dict[str, list[Observer]]:
        """The persons of this mission, and party where one is given, by each of their names."""
        found: dict[str, list[Observer]] = {}
        party = self.task.deployment
        for pk, places in self.places.items():
            is_there = any(
                place.mission and (party is None or place.deployment_id == party.pk) and place.pk in self.seen_places
                for place in places
            )
            if is_there and pk in self.persons:
                for letters in self.letters[pk]:
                    found.setdefault(letters, []).append(self.persons[pk])
        return found

    @property
    def assignable(self) -> Any:
        """The persons whom this reader may give a place."""
        return self.visible if self.user is None else Observer.objects.assignable_by(self.user)

    @cached_property
    def assignable_here(self) -> set[int]:
        return set(self.assignable.filter(pk__in=self.persons).values_list("pk", flat=True))

    @cached_property
    def kept(self) -> set[int]:
        """The persons whose own data this reader keeps: those of others are neither compared, shown nor changed."""
        if self.user is None:
            return set(self.persons)
        return set(Observer.objects.changeable_by(self.user).values_list("pk", flat=True))

    @cached_property
    def seen_places(self) -> set[int]:
        """The places in this mission that this reader sees."""
        rows = self.rows_of_places()
        return set((rows if self.user is None else rows.visible_to(self.user)).values_list("pk", flat=True))

    @cached_property
    def kept_places(self) -> set[int]:
        """The places in this mission that this reader keeps."""
        rows = self.rows_of_places()
        if self.user is not None:
            rows = rows.filter(kept_by(self.user))
        return set(rows.values_list("pk", flat=True))

    @cached_property
    def citing(self) -> set[int]:
        """The places that cite the source already."""
        rows = self.rows_of_places().filter(sources=self.task.source) if self.task.source else Assignment.objects.none()
        return set(rows.values_list("pk", flat=True))

    def recognized(self, row: PersonRow) -> list[Observer]:
        """The persons of this mission whose name is the same letter for letter, and whom nothing contradicts."""
        return [person for person in self.in_place_by_letters.get(row.letters, []) if not self.contradicts(row, person)]

    @cached_property
    def roster(self) -> Roster[str]:
        """Every person who may be given a place, under every spelling in sight, by code."""
        names: dict[str, list[str]] = {}
        own = self.assignable.order_by("family_name", "given_names", "code")
        for code, family_name, given_names in own.values_list("code", "family_name", "given_names"):
            names[code] = [f"{family_name} {given_names}"]
        others = self.spellings.values_list("observer__code", "family_name", "given_names").order_by("pk")
        for code, family_name, given_names in others:
            if code in names:
                names[code].append(f"{family_name} {given_names}")
        return Roster(names)

    def alike(self, row: PersonRow) -> list[str]:
        """The codes of all persons in sight who may be the one of the row, the likeliest first."""
        if row.letters not in self.found_alike:
            self.found_alike[row.letters] = self.roster.look_alikes(row.full_name)
        return self.found_alike[row.letters]

    def contradicts(self, row: PersonRow, person: Observer) -> bool:
        """Whether the row gives another nationality or e-mail than is recorded of the person."""
        nationality, email = row.values.get("nationality"), row.values.get("email", "").casefold()
        if nationality and person.nationality and nationality != person.nationality:
            return True
        knows_email = person.pk is None or person.pk in self.kept
        return bool(knows_email and email and person.email and email != person.email.casefold())
