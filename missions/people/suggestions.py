"""Persons among whom somebody has to choose, told apart: nationality, other spellings, missions and posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Prefetch

from missions.models import Assignment
from observers.models import Observer, ObserverName
from organizations.countries import country_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organizations.models.records import Reader


class Suggestion(NamedTuple):
    """A person as one line tells: the name, and what is known beside it."""

    code: str
    name: str
    details: str

    def __str__(self) -> str:
        return f"{self.name} ({self.details})" if self.details else self.name


def suggestions_for(codes: Iterable[str], *, user: Reader | None) -> dict[str, Suggestion]:
    """The persons with these codes, as far as `user` may see them; None is for the command, which sees all."""

    def seen(model: Any) -> Any:
        return model.objects.all() if user is None else model.objects.visible_to(user)

    places = seen(Assignment).select_related("mission__election", "mission__organizer", "deployment__election")
    rows = (
        seen(Observer)
        .filter(code__in=set(codes))
        .prefetch_related(
            Prefetch("names", seen(ObserverName)),
            Prefetch("assignments", places.prefetch_related("mission__organizer__names", "deployment__sender__names")),
        )
    )
    return {person.code: Suggestion(person.code, person.full_name, details_of(person)) for person in rows}


def details_of(person: Observer) -> str:
    told = [country_name(str(person.nationality))]
    told += sorted({str(name) for name in person.names.all()} - {person.full_name})
    for place in person.assignments.all():
        where = place.mission or place.deployment
        told.append(" – ".join(filter(None, [str(where), place.get_role_display(), place.post])))
    return "; ".join(filter(None, told))
