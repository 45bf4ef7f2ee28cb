"""Whose sight of the record a set of files holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from missions.dataset.format import RECORDS
from organizations.policy import is_member

if TYPE_CHECKING:
    from collections.abc import Callable

    from organizations.models import Record
    from organizations.policy import Reader


@dataclass(frozen=True, slots=True)
class Sight:
    """`seen` gives of all rows of a kind those that are seen, and `told` says in the files whose sight it is.

    `is_whole`: with the private columns and the keeper of each record.
    """

    told: str
    seen: Callable[[Any], Any]
    kinds: tuple[type[Record], ...] = RECORDS
    is_whole: bool = False

    def rows(self, model: Any) -> Any:
        """The rows of a kind that are seen."""
        return self.seen(model.objects.all())


WHOLE = Sight(
    "These files hold the whole record, also what is not public: internal papers, persons, addresses and notes. Keep "
    "them to those who may read all of it. The licence is for what is public.",
    seen=lambda rows: rows,
    is_whole=True,
)
PUBLIC = Sight("These files hold what everybody may see.", seen=lambda rows: rows.public())
FACTS = Sight(
    "These files hold what everybody may see, without persons: neither their names nor their places.",
    seen=PUBLIC.seen,
    kinds=tuple(model for model in RECORDS if not model.is_personal),
)
OF_A_MEMBER = (
    "These files hold the record as a member sees it: also what rests on internal papers, and of persons those whom "
    "the member who asked may see. Keep them to those who may see the same. The licence is for what is public."
)


def sight_of(user: Reader) -> Sight:
    """What this reader may see. The files do not tell who it is."""
    return Sight(OF_A_MEMBER if is_member(user) else PUBLIC.told, seen=lambda rows: rows.visible_to(user))
