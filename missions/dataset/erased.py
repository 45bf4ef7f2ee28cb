"""Persons who were erased: what an export says of them is read in, what told of them is not brought back."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from missions.models import Assignment, Statement
from missions.models.figures import subjects_erased
from observers.models import ERASED_NAME, Erasure, Observer, ObserverName
from organizations.policy import PERSONAL_FIELDS

if TYPE_CHECKING:
    from missions.dataset.reading import Row
    from organizations.models import Record


class ErasedPersons:
    """Knows, during an import, who was erased, and refuses rows that would tell of them again."""

    @cached_property
    def days(self) -> dict[str, str]:
        """When the persons were erased, by code; blank where they came in erased already."""
        confirmed = Erasure.objects.confirmed().values_list("observer__code", "confirmed_at")
        days = {code: moment.date().isoformat() for code, moment in confirmed if moment}
        return {code: days.get(code, "") for code in Observer.objects.erased().values_list("code", flat=True)}

    @cached_property
    def subjects(self) -> set[str]:
        return subjects_erased()

    def check(self, row: Row) -> None:
        """Refuses the row, at the column at fault, if it would bring anything back."""
        record = row.record
        match record:
            case Observer():
                self.check_person(row)
            case ObserverName() if self.person_of(record) in self.days:
                row.refuse("observer", self.sentence(record.observer.code))
            case Assignment() if self.person_of(record) in self.days and (told := told_of(record)):
                row.refuse(told[0], self.sentence(record.observer.code))
            case Statement() if record.subject in self.subjects:
                row.refuse("subject", "This person was erased: leave the row out.")

    def check_person(self, row: Row) -> None:
        """Only who was erased is called so; a person who is in the record is erased there, and by no import."""
        person = row.record
        is_erased = person.code in self.days
        person.may_be_called_erased = is_erased or row.is_new
        if is_erased and (told := told_of(person)):
            row.refuse(told[0], self.sentence(person.code))

    def person_of(self, record: ObserverName | Assignment) -> str:
        person = getattr(record, "observer", None)
        return person.code if person else ""

    def sentence(self, code: str) -> str:
        when = f" on {self.days[code]}" if self.days[code] else ""
        return f"This person was erased{when}: leave the row out."


def told_of(record: Record) -> list[str]:
    """The personal columns in which the record says anything."""
    return [name for name in PERSONAL_FIELDS[record.dataset_file] if getattr(record, name) not in {"", ERASED_NAME}]
