"""The property itself, as something that can be called: by its tests, and by those that break a rule on purpose."""

from __future__ import annotations

from collections import Counter
from typing import Any

import hypothesis
from django.utils import timezone
from hypothesis import strategies as st

from tests.security.answers import Asker
from tests.security.questions import FILLED_IN, Drawn, Question, shares_of
from tests.security.seen_by_all import WRITES_FOR
from tests.security.two_databases import World, hidden_from

# Of each actor in CI; by `make security` 10,000.
EXAMPLES = 200

A_DOUBLE_PLACE = "a place that the person already has"
NOT_HIDDEN = (
    ("delete", b"that you may not see", "a record on which something hidden hangs"),
    ("new place", b"This person has this role there already.", A_DOUBLE_PLACE),
    ("entry", b"This person has this role there already.", A_DOUBLE_PLACE),
    ("spreadsheet", b"This person has this role there already, in a record that another", A_DOUBLE_PLACE),
    ("changed mission", b"Other organizations have people in this mission", "the organizer of a mission with people"),
    ("changed mission", b"Channels, assignments, counts or parts hang on", "the election of a mission with people"),
)


class Property:
    """Two databases that differ only in what the actor may not see answer alike."""

    def __init__(self, world: World, actor: str) -> None:
        self.world, self.actor = world, actor
        self.asker = Asker(world, actor)
        self.drawn = Drawn(world.codes, world.keys, WRITES_FOR.get(actor, ""))
        # How many questions were compared, by door, and how many were left out, by what cannot be hidden.
        self.compared: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()

    def hidden(self) -> Any:
        """The pieces of the second database, and the word that they are filled with."""
        names = hidden_from(self.actor)
        # What cites the memo stands on the papers.
        optional = [name for name in names if name != "internal papers"]
        left_out = st.lists(st.sampled_from(optional), max_size=3, unique=True)
        return st.tuples(
            left_out.map(lambda out: [name for name in names if name not in out]), st.sampled_from(FILLED_IN)
        )

    def compare(self, door: str, question: Question, hidden: list[str], word: str) -> None:
        first = self.asker.answer(question)
        with self.world.with_hidden(hidden, word):
            second = self.asker.answer(question)
        if reason := self.why_not_hidden(question, first, second):
            self.left_out[reason] += 1
            return
        self.compared[door] += 1
        if first != second:
            told = where_they_differ(first, second)
            raise AssertionError(f"{self.actor} can tell that something is hidden, by {question}: {told}")

    def why_not_hidden(self, question: Question, first: list[Any], second: list[Any]) -> str:
        """What cannot be hidden, and integrity kept: a refusal that the first database does not give."""
        for door, said, reason in NOT_HIDDEN:
            if question.door == door and any(said in body for *_told, body in second):
                return "" if any(said in body for *_told, body in first) else reason
        return ""

    def check(self, door: str = "") -> None:
        """Raises AssertionError at the first question whose answers differ. `door`: all questions at that one."""
        most = max(EXAMPLES, hypothesis.settings.default.max_examples)
        shares = {door: EXAMPLES} if door else shares_of(self.actor)
        original = timezone.now
        timezone.now = lambda: self.world.now
        try:
            with self.world.as_seen_by(self.actor):
                for each, share in shares.items():
                    self.check_door(each, share * most // EXAMPLES)
        finally:
            timezone.now = original

    def check_door(self, door: str, examples: int) -> None:
        @repeatable(f"{self.actor} {door}")
        @hypothesis.settings(
            max_examples=examples,
            phases=[hypothesis.Phase.generate],
            report_multiple_bugs=False,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(self.drawn.at_door(door), self.hidden())
        def answers_are_the_same(question: Question, hidden: tuple[list[str], str]) -> None:
            self.compare(door, question, *hidden)

        answers_are_the_same()


def repeatable(asked: str) -> Any:
    """The same questions each time where the profile says so, and others for each actor and door."""
    return hypothesis.seed(asked) if hypothesis.settings.default.derandomize else lambda test: test


def where_they_differ(first: list[Any], second: list[Any]) -> str:
    """The first piece that two answers do not share, with what stands around it."""
    for (status, told, body), (other_status, other_told, other_body) in zip(first, second, strict=False):
        if (status, told, body) == (other_status, other_told, other_body):
            continue
        at = next(
            (n for n, (a, b) in enumerate(zip(body, other_body, strict=False)) if a != b),
            min(len(body), len(other_body)),
        )
        around = [text[max(at - 80, 0) : at + 160].decode(errors="replace") for text in (body, other_body)]
        headers = {name: (told[name], other_told.get(name)) for name in told if told[name] != other_told.get(name)}
        return f"{status} and {other_status}; {headers}; {around[0]!r} and {around[1]!r}"
    return f"{len(first)} and {len(second)} answers"
