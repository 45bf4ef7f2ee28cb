"""Persons among whom somebody has to choose, told apart: nationality, other spellings, missions and posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from missions.models import Assignment
from missions.people.plan import person_of_row
from observers.models import Observer, ObserverName
from organizations.countries import country_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from missions.people.plan import Plan, RowPlan
    from missions.people.rows import PersonRow
    from organizations.policy import Reader


class Suggestion(NamedTuple):
    """A person as one line tells: the decision for that person, the name, and what is known beside it."""

    decision: str
    name: str
    details: str

    def __str__(self) -> str:
        return f"{self.name} ({self.details})" if self.details else self.name


def suggestions_for(asked: Iterable[RowPlan], plan: Plan, *, user: Reader | None) -> dict[str, Suggestion]:
    """The persons suggested for the rows `asked`, by the decision for each.

    Recorded ones as far as `user` may see them; None is for the command, which sees all.
    """
    wanted = {decision for row in asked for decision in row.suggested}
    told = recorded_persons(wanted, user)
    for row in plan.rows:
        decision = person_of_row(row.row.number)
        if decision in wanted:
            told[decision] = Suggestion(decision, name_of_row(row.row), details_of_row(row.row))
    return told


def recorded_persons(codes: set[str], user: Reader | None) -> dict[str, Suggestion]:

    def seen(model: Any) -> Any:
        return model.objects.all() if user is None else model.objects.visible_to(user)

    places = seen(Assignment).select_related("mission__election", "mission__organizer", "deployment__election")
    rows = (
        seen(Observer)
        .filter(code__in=codes)
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


def name_of_row(row: PersonRow) -> str:
    return _("row %(number)s: %(name)s") % {"number": row.number, "name": row.full_name}


def details_of_row(row: PersonRow) -> str:
    """What a row says of its person."""
    values = row.values
    role = Assignment.Role(values["role"]).label if "role" in values else ""
    told = [
        country_name(values.get("nationality", "")),
        role,
        *(values.get(name) for name in ("post", "employer", "email")),
    ]
    return "; ".join(str(value) for value in told if value)
