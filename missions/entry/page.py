"""A page of entry as it is typed: its sources, its election, and the lines of each kind."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.forms import formset_factory
from django.http import QueryDict

from missions.entry.facts import ChannelLine, CountLine, InvitationLine, MissionLine, NameLine, PartyLine
from missions.entry.lines import ElectionLine, KeeperLine, Line, SourceLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from missions.entry.finding import Finding

# The kinds of line, and how many a new page begins with. The sources come first: the others are of these.
KINDS: dict[str, tuple[type[Line], int]] = {
    "sources": (SourceLine, 1),
    "parties": (PartyLine, 1),
    "channels": (ChannelLine, 1),
    "invitations": (InvitationLine, 1),
    "missions": (MissionLine, 0),
    "counts": (CountLine, 1),
    "names": (NameLine, 1),
}
LINES_AT_MOST = 60


class EntryPage:
    """What is typed on a page, or a new page that begins with `initial` (the boxes of `sources` and of `election`)."""

    def __init__(
        self, finding: Finding, typed: QueryDict | None = None, *, initial: Mapping[str, dict[str, Any]] | None = None
    ) -> None:
        self.finding = finding
        self.is_typed = typed is not None
        given: dict[str, Any] = dict(initial or {})
        self.keeper = KeeperLine(typed, prefix="keeper", finding=finding)
        self.lines: dict[str, Any] = {}
        for kind, (line, at_first) in KINDS.items():
            begun = [given[kind]] if kind in given else []
            of_kind: Any = formset_factory(line, extra=at_first - len(begun), max_num=LINES_AT_MOST, validate_max=True)
            shared = {"finding": finding, "papers": self.lines["sources"].forms if self.lines else ()}
            self.lines[kind] = of_kind(typed, prefix=kind, initial=begun or None, form_kwargs=shared)
        self.election = ElectionLine(
            typed,
            prefix="election",
            initial=given.get("election"),
            empty_permitted=True,
            use_required_attribute=False,
            **shared,
        )

    def __iter__(self) -> Iterator[Line]:
        """Every line in which something is typed, that of the election included."""
        for kind in KINDS:
            yield from self.filled(kind)
        if not self.election.is_blank():
            yield self.election

    def every_line(self) -> Iterator[Line]:
        """Blank ones included."""
        yield self.election
        for lines in self.lines.values():
            yield from lines.forms

    def filled(self, kind: str) -> list[Any]:
        """The lines of a kind in which something is typed, in their order."""
        return [line for line in self.lines[kind].forms if not line.is_blank()]

    def good(self, kind: str) -> list[Any]:
        """Of these the ones with which nothing is wrong so far."""
        return [line for line in self.filled(kind) if line.is_valid()]

    def bad(self, kind: str) -> list[Any]:
        """Of these the ones with which something is wrong."""
        return [line for line in self.filled(kind) if not line.is_valid()]

    @cached_property
    def is_readable(self) -> bool:
        """Whether the numbers of lines that were sent make a page."""
        return all(formset.management_form.is_valid() for formset in self.lines.values())

    def is_in_order(self) -> bool:
        """Whether nothing is wrong with any line."""
        return (
            self.is_readable
            and self.keeper.is_valid()
            and not self.kinds_with_too_many()
            and not any(line.errors for line in self)
        )

    def kinds_with_too_many(self) -> list[str]:
        """The kinds of which there are more lines than one page takes."""
        return [kind for kind, lines in self.lines.items() if lines.non_form_errors()]

    def channels_of(self, party: int) -> list[Any]:
        """The lines of the missions of a party, by the number of the party's line."""
        return [line for line in self.lines["channels"].forms if party_of(line) == party]

    @property
    def parties(self) -> list[tuple[int, Any, list[Any]]]:
        """Each party's number, line, and the lines of the missions that it goes through."""
        forms = self.lines["parties"].forms
        return [(number, line, self.channels_of(number)) for number, line in enumerate(forms)]


def party_of(channel: Any) -> int:
    """The number of the party to whose line a channel's belongs; the first where none is said."""
    return as_number(channel["party"].value())


def with_another_line(typed: QueryDict, kind: str, said: Mapping[str, Any] | None = None) -> QueryDict:
    """What is typed, and one more line of the kind, which begins as a new one does; or with what is `said`."""
    line, _at_first = KINDS[kind]
    data = typed.copy()
    total = f"{kind}-TOTAL_FORMS"
    number = as_number(data.get(total))
    begins = {"by": "0", **{name: box.initial for name, box in line.base_fields.items() if box.initial}}
    for name, value in {**begins, **(said or {})}.items():
        data[f"{kind}-{number}-{name}"] = value
    data[total] = str(number + 1)
    return data


def as_number(text: Any) -> int:
    """A number of lines as it was sent; 0 where it is none."""
    return int(text) if str(text).isascii() and str(text).isdecimal() else 0
