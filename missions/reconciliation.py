"""Reading the head counts of one election: sums, parts, shares and agreement (rules 5 to 9).

Pure functions over rows: no number is made up and none is hidden. `missions.ladder` reads the rows
of one subject; here they are put together. An *addend* is a part or a group that a sum adds. Where
the rules leave a case open, the docstring says what was chosen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property

from missions.ladder import (
    UNKNOWN,
    ZERO,
    Count,
    Day,
    Ladder,
    Range,
    Step,
    Total,
    difference,
    has_figure,
    read_ladder,
    share_of,
)

__all__ = [
    "Count",
    "ElectionRecord",
    "ObservationMission",
    "Part",
    "Party",
    "Range",
    "Reader",
    "Reconciliation",
    "Step",
    "Total",
    "channel_share",
    "channels_agree",
    "named",
    "reconcile",
]

ALL = "all"
ACCREDITED = "accredited"
DEPLOYED = "deployed"
STATES = "states"
ELECTION_BODIES = "election_bodies"

GROUPS_BY_TERM = ("core_team", "long_term", "short_term")
GROUPS_BY_SENDER = ("organizations", STATES, ELECTION_BODIES)
GROUP_NAMES = {STATES: "States", ELECTION_BODIES: "Election bodies"}
KINDS_WITHOUT_SHORT_TERM = {"leom", "eam", "eet", "nam"}
CALLED_OFF = {"cancelled", "withdrawn"}
# Who is named in a mission may have been neither asked for by the party nor trained, and has not been withdrawn.
KINDS_APART_FROM_NAMES = {"requested", "trained", "withdrawn"}

# From the worst to the best: the first that holds is the answer.
AGREEMENTS = ("conflict", "gap", "partial", "none", "agreed")


@dataclass(frozen=True, slots=True)
class Party:
    """A deployment. `missions`: the codes of all its channels, whichever source names them.

    `named`: the codes of the persons named by mission code, '' for those named in the party only.
    """

    code: str
    name: str
    status: str
    part_of: str | None
    missions: frozenset[str]
    sent_by_election_body: bool
    counts: tuple[Count, ...]
    named: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class ObservationMission:
    """A mission. `named`: the codes of the persons named in it."""

    code: str
    name: str
    kind: str
    status: str
    part_of: str | None
    counts: tuple[Count, ...]
    named: frozenset[str]


@dataclass(frozen=True, slots=True)
class ElectionRecord:
    """All that one reader may see of one election."""

    code: str
    name: str
    counts: tuple[Count, ...]
    missions: tuple[ObservationMission, ...]
    deployments: tuple[Party, ...]


Subject = ElectionRecord | ObservationMission | Party


# ---- what is answered


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a subject, with the figure that it adds to the sum."""

    subject: str
    group: str
    name: str
    value: int | None
    low: int | None
    high: int | None
    share_unknown: bool


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The answer for one subject, kind, group and date; the fields are those of the API."""

    subject: str
    kind: str
    group: str
    on: date | None
    value: int | None
    low: int | None
    high: int | None
    approximate: bool
    derived: bool
    withdrawn: int | None
    active: int | None
    agreement: str
    states: Range
    bodies: Range
    ladder: tuple[Step, ...]
    parts: tuple[Part, ...]
    parts_sum: Range | None
    parts_gap: int | None

    def as_json(self) -> dict[str, object]:
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def _plain(answer: object) -> object:
    match answer:
        case Range():
            return {"value": answer.value, "low": answer.low, "high": answer.high}
        case Step() | Part() | Total():
            return {field.name: _plain(getattr(answer, field.name)) for field in fields(answer)}
        case tuple():
            return [_plain(each) for each in answer]
        case date():
            return answer.isoformat()
        case _:
            return answer


# ---- rules 5 to 7


@dataclass(frozen=True, slots=True)
class Addend:
    """What a sum adds: a part or a group. `known` is False where it has no rows to go by."""

    subject: Subject
    group: str
    figure: Range
    known: bool
    share_unknown: bool = False


UNKNOWN_ADDEND = Range(0, None)


def sum_of(addends: Sequence[Addend]) -> Range:
    """The ends add up; an unknown addend leaves `high` open; nothing known stays unknown."""
    if not any(addend.figure.known for addend in addends):
        return UNKNOWN
    return sum((each.figure if each.figure.known else UNKNOWN_ADDEND for each in addends), ZERO)


@dataclass(frozen=True, slots=True)
class Reading:
    """One subject's figure in one group. `adds`: what a derived figure was added up from.

    `withdrawn`: all of them; `left`: those withdrawn after the last total.
    """

    figure: Range
    ladder: Ladder
    last_day: Day | None
    withdrawn: Range
    left: Range
    adds: tuple[Addend, ...] = ()


def path_of(subject: Subject) -> str:
    match subject:
        case ElectionRecord():
            return f"elections/{subject.code}"
        case ObservationMission():
            return f"missions/{subject.code}"
        case Party():
            return f"deployments/{subject.code}"


class Reader:
    """Reads one record for one kind up to one date, every subject and group at most once.

    Whoever asks for many subjects of a record keeps one reader; `reconcile` makes one for a single question.
    """

    def __init__(self, record: ElectionRecord, *, kind: str, on: date | None) -> None:
        self.record = record
        self.kind = kind
        self.on = on
        self._rows: dict[tuple[str, str], dict[str, list[Count]]] = {}
        self._readings: dict[tuple[str, str], Reading] = {}

    @cached_property
    def missions(self) -> dict[str, ObservationMission]:
        return {mission.code: mission for mission in sorted(self.record.missions, key=lambda each: each.code)}

    @cached_property
    def deployments(self) -> dict[str, Party]:
        return {party.code: party for party in sorted(self.record.deployments, key=lambda each: each.code)}

    @cached_property
    def parties_through(self) -> dict[str, list[Party]]:
        through: dict[str, list[Party]] = {}
        for party in self.deployments.values():
            for mission in party.missions:
                through.setdefault(mission, []).append(party)
        return through

    @cached_property
    def inside(self) -> dict[str, list[ObservationMission | Party]]:
        """What lies directly inside each mission or deployment, by its path."""
        inside: dict[str, list[ObservationMission | Party]] = {}
        for mission in self.missions.values():
            if self.is_nested(mission):
                inside.setdefault(f"missions/{mission.part_of}", []).append(mission)
        for party in self.deployments.values():
            if self.is_nested(party):
                inside.setdefault(f"deployments/{party.part_of}", []).append(party)
        return inside

    def is_nested(self, subject: ObservationMission | Party) -> bool:
        """What the reader may not see does not exist: a part of something hidden is part of nothing."""
        return subject.part_of in (self.missions if isinstance(subject, ObservationMission) else self.deployments)

    def rows(self, subject: Subject, group: str, kind: str | None = None) -> list[Count]:
        """The counted rows of a group dated up to the date. An interval counts from its last day."""
        return self._rows_by_group(subject, kind or self.kind).get(group, [])

    def _rows_by_group(self, subject: Subject, kind: str) -> dict[str, list[Count]]:
        key = (path_of(subject), kind)
        if key not in self._rows:
            by_group = self._rows.setdefault(key, {})
            for row in subject.counts:
                if row.kind == kind and row.counted and (self.on is None or row.as_of <= self.on):
                    by_group.setdefault(row.group, []).append(row)
        return self._rows[key]

    def find(self, path: str) -> Subject:
        resource, _, code = path.partition("/")
        found: Subject | None = None
        match resource:
            case "elections" if code == self.record.code:
                found = self.record
            case "missions":
                found = self.missions.get(code)
            case "deployments":
                found = self.deployments.get(code)
        if found is None:
            raise LookupError(f"no {path} in {self.record.code}")
        return found

    def answer(self, path: str, group: str) -> Reconciliation:
        """See `reconcile`."""
        asked = self.find(path)
        reading, parts = self.reading(asked, group), self.parts(asked, group)
        value, total = reading.figure, sum_of(parts)
        return Reconciliation(
            subject=path,
            kind=self.kind,
            group=group,
            on=self.on,
            value=value.value,
            low=value.low,
            high=value.high,
            approximate=value.approximate,
            derived=bool(reading.adds),
            withdrawn=reading.withdrawn.value if self.kind == ACCREDITED else None,
            active=difference(value.value, reading.left.value) if self.kind == ACCREDITED else None,
            agreement=self.agreement(asked, group),
            states=reading.ladder.states,
            bodies=reading.ladder.bodies,
            ladder=reading.ladder.steps,
            parts=tuple(part_of_answer(addend) for addend in parts),
            parts_sum=total if parts else None,
            parts_gap=difference(value.value, total.value),
        )

    # -- rules 4, 5 and 7: the figure of a subject

    def reading(self, subject: Subject, group: str) -> Reading:
        key = (path_of(subject), group)
        if key not in self._readings:
            self._readings[key] = self._read(subject, group)
        return self._readings[key]

    def _read(self, subject: Subject, group: str) -> Reading:
        """Rows win, then the groups, then rule 7's zero, then the parts.

        Open in the rules: rows that give no figure (`not_published`) do not stand in a sum's way.
        """
        own = self._read_rows(subject, group)
        if own.figure.known:
            return own
        if group == ALL and (groups := self.groups_that_add_up(subject, self.kind)):
            return self._derived(own, subject, [self._addend(subject, each) for each in groups])
        if self.counts_zero(subject):
            return replace(own, figure=ZERO)
        if group == ALL and (isinstance(subject, ElectionRecord) or _is_joint(subject)):
            return self._derived(own, subject, self.parts(subject, ALL))
        return own

    def _read_rows(self, subject: Subject, group: str) -> Reading:
        withdrawn = self.withdrawn(subject, group)
        ladder = read_ladder(self.rows(subject, group), withdrawn=withdrawn)
        return Reading(
            figure=ladder.figure,
            ladder=ladder,
            last_day=ladder.last_day,
            withdrawn=sum((each.figure for each in withdrawn), ZERO),
            left=ladder.left,
        )

    def withdrawn(self, subject: Subject, group: str) -> list[Ladder]:
        """Rule 4: those withdrawn, starting at 0; only `accredited` has them.

        Open in the rules: without rows for `all`, those of its groups are taken, as by rule 5.
        """
        if self.kind != ACCREDITED:
            return []
        groups = [group]
        if group == ALL and not has_figure(self.rows(subject, ALL, "withdrawn")):
            groups = self.groups_that_add_up(subject, "withdrawn")
        return [read_ladder(self.rows(subject, each, "withdrawn"), start=ZERO) for each in groups]

    def groups_that_add_up(self, subject: Subject, kind: str) -> list[str]:
        """Rule 5: the groups that make up `all`; empty where none of them has rows.

        Open in the rules: a short-term row of a mission kind that has no such group still counts.
        """
        for groups in (GROUPS_BY_TERM, GROUPS_BY_SENDER):
            present = [group for group in groups if has_figure(self.rows(subject, group, kind))]
            if present:
                limited = isinstance(subject, ObservationMission) and subject.kind in KINDS_WITHOUT_SHORT_TERM
                return [group for group in groups if group in present or not (limited and group == "short_term")]
        return []

    def _derived(self, own: Reading, subject: Subject, addends: Sequence[Addend]) -> Reading:
        """Rule 5: a sum in place of a total, less what its addends withdrew.

        Open in the rules: states and bodies stay unknown, for the same ones may send to several
        addends; those withdrawn published of the subject itself win, and have left since the latest total added.
        """
        total = sum_of(addends)
        if not total.known:
            return own
        readings = [self.reading(each.subject, each.group) for each in addends]
        last_day = max((each.last_day for each in readings if each.last_day is not None), default=None)
        if ladders := [ladder for ladder in self.withdrawn(subject, ALL) if ladder.moves]:
            withdrawn = own.withdrawn
            left = sum((ladder.moved(last_day) for ladder in ladders), ZERO)
        else:
            pairs = list(zip(addends, readings, strict=True))
            withdrawn = sum((_of_share(addend, each.withdrawn) for addend, each in pairs), ZERO)
            left = sum((_of_share(addend, each.left) for addend, each in pairs), ZERO)
        return replace(own, figure=total, last_day=last_day, withdrawn=withdrawn, left=left, adds=tuple(addends))

    def counts_zero(self, subject: Subject) -> bool:
        """Rule 7: what was cancelled or withdrawn counts 0 deployed, unless a row says otherwise."""
        return (
            self.kind == DEPLOYED
            and not isinstance(subject, ElectionRecord)
            and subject.status in CALLED_OFF
            and not any(has_figure(rows) for rows in self._rows_by_group(subject, DEPLOYED).values())
        )

    # -- rule 6: the parts of a subject

    def parts(self, subject: Subject, group: str) -> list[Addend]:
        """Rule 6. Missions, then deployments, then the election's own groups, each by code."""
        match subject:
            case ElectionRecord():
                return self.parts_of_election(group)
            case _ if group != ALL:
                return []
            case ObservationMission():
                return self._whole(self.inside.get(path_of(subject), [])) + self.parties_of(subject)
            case Party():
                return self._whole(self.inside.get(path_of(subject), []))

    def parts_of_election(self, group: str) -> list[Addend]:
        """Missions and bilateral deployments that are part of no other, by the group that counts them."""
        top = [mission for mission in self.missions.values() if not self.is_nested(mission)]
        bilateral = [party for party in self.deployments.values() if not party.missions and not self.is_nested(party)]
        counts_bodies = has_figure(self.rows(self.record, ELECTION_BODIES))
        of_bodies = [party for party in bilateral if counts_bodies and party.sent_by_election_body]
        of_states = [party for party in bilateral if not (counts_bodies and party.sent_by_election_body)]
        match group:
            case "organizations":
                return self._whole(mission for mission in top if mission.kind != "citizen")
            case "citizen":
                return self._whole(mission for mission in top if mission.kind == "citizen")
            case "states":
                return self._whole(of_states)
            case "election_bodies":
                return self._whole(of_bodies)
            case "all":
                addends = self.parts_of_election("organizations")
                if has_figure(self.rows(self.record, STATES)):
                    addends.append(self._addend(self.record, STATES))
                else:
                    addends += self._whole(of_states)
                if counts_bodies:
                    addends.append(self._addend(self.record, ELECTION_BODIES))
                return addends
            case _:
                return []

    def parties_of(self, mission: ObservationMission) -> list[Addend]:
        """The deployments through a mission: whole where it is their only one, else their share."""
        addends = []
        for party in self.parties_through.get(mission.code, []):
            whole = self.reading(party, ALL).figure
            if self.is_nested(party) or (not whole.known and party.status in CALLED_OFF):
                continue
            channels = self.channels_in_use(party)
            addends.append(
                Addend(
                    party,
                    ALL,
                    figure=self.share(party, frozenset({mission.code})),
                    known=whole.known,
                    share_unknown=len(channels) > 1 and mission.code in channels,
                )
            )
        return addends

    def _whole(self, subjects: Iterable[Subject]) -> list[Addend]:
        """Rule 7: for the kinds other than deployed, what was called off is no part without rows."""
        addends = [self._addend(subject, ALL) for subject in subjects]
        return [
            addend
            for addend in addends
            if addend.known or isinstance(addend.subject, ElectionRecord) or addend.subject.status not in CALLED_OFF
        ]

    def _addend(self, subject: Subject, group: str) -> Addend:
        reading = self.reading(subject, group)
        return Addend(subject, group, reading.figure, known=reading.figure.known)

    def channels_in_use(self, party: Party) -> frozenset[str]:
        """Rule 7: a mission that counts 0 deployed takes none of a party's share; the others take all.

        Open in the rules: where every one of several channels was called off, a figure of the party says otherwise.
        """
        called_off = {
            code for code in party.missions if code in self.missions and self.counts_zero(self.missions[code])
        }
        in_use = party.missions - called_off
        says_otherwise = len(party.missions) == 1 or self.reading(party, ALL).figure.known
        return party.missions if says_otherwise and not in_use else in_use

    def share(self, party: Party, missions: frozenset[str]) -> Range:
        """Rule 6: the share of a deployment in a set of missions.

        At least its persons named in the set; at most its value less those named only outside it,
        though never less than those named in it. Nothing known of the whole and nobody named: unknown.

        Open in the rules: of those requested, trained or withdrawn the persons named say nothing.
        """
        whole = self.reading(party, ALL).figure
        channels = self.channels_in_use(party)
        if self.counts_zero(party):
            return whole
        called_off = party.missions - channels
        named = {} if self.kind in KINDS_APART_FROM_NAMES else party.named
        places = {code: persons for code, persons in named.items() if code and code not in called_off}
        return share_of(whole, channels, places, missions)

    # -- rule 9

    def agreement(self, subject: Subject, group: str) -> str:
        """Rule 9: the first that holds; a derived value carries the agreement of what it adds.

        Open in the rules: where neither the value nor any part is known, nothing is partial; a group
        that a derived value lacks shows in its open `high`, not here.
        """
        reading, parts = self.reading(subject, group), self.parts(subject, group)
        value, total = reading.figure, sum_of(parts)
        found = {self.agreement(each.subject, each.group) for each in reading.adds if each.known}
        if reading.ladder.conflict:
            found.add("conflict")
        if any(step.gap for step in reading.ladder.steps) or _exceeds(total, value):
            found.add("gap")
        if _exceeds(value, total) or ((value.known or total.known) and not all(part.known for part in parts)):
            found.add("partial")
        found.add("agreed" if value.known else "none")
        return min(found, key=AGREEMENTS.index)


def part_of_answer(addend: Addend) -> Part:
    is_group = isinstance(addend.subject, ElectionRecord)
    return Part(
        subject=path_of(addend.subject),
        group=addend.group,
        name=GROUP_NAMES[addend.group] if is_group else addend.subject.name,
        value=addend.figure.value,
        low=addend.figure.low,
        high=addend.figure.high,
        share_unknown=addend.share_unknown,
    )


def _of_share(addend: Addend, of_whole: Range) -> Range:
    return Range(0, of_whole.high) if addend.share_unknown else of_whole


def _exceeds(one: Range, other: Range) -> bool:
    return one.low is not None and other.high is not None and one.low > other.high


def _is_joint(subject: Subject) -> bool:
    return isinstance(subject, ObservationMission) and subject.kind == "ieom"


# ---- the questions


def reconcile(
    record: ElectionRecord, subject: str, *, kind: str = ACCREDITED, group: str = ALL, on: date | None = None
) -> Reconciliation:
    """What the head counts of one subject say, by rules 1 to 9.

    `subject`: `elections/<code>`, `missions/<code>` or `deployments/<code>`; LookupError where the
    record has no such subject. `on`: only rows dated up to that day.
    """
    return Reader(record, kind=kind, on=on).answer(subject, group)


def channel_share(
    record: ElectionRecord, deployment_code: str, missions: frozenset[str], *, kind: str, on: date | None
) -> Range:
    """Rule 6: a deployment's share in a set of missions (a matrix column); LookupError if unknown.

    Open in the rules: 0 where none of its channels is in the set and nobody of it is named there.
    """
    reader = Reader(record, kind=kind, on=on)
    for party in record.deployments:
        if party.code == deployment_code:
            return reader.share(party, missions)
    raise LookupError(f"no deployments/{deployment_code} in {record.code}")


def named(record: ElectionRecord, subject: str) -> frozenset[str]:
    """Rule 8: the distinct persons named in a subject; never added to a head count.

    The record holds only persons whom the reader may see and whose status counts.
    """
    match Reader(record, kind="", on=None).find(subject):
        case ObservationMission() as mission:
            through = (party.named.get(mission.code, frozenset()) for party in record.deployments)
            return mission.named.union(*through)
        case Party() as party:
            return frozenset[str]().union(*party.named.values())
        case ElectionRecord():
            in_missions = (mission.named for mission in record.missions)
            in_parties = (persons for party in record.deployments for persons in party.named.values())
            return frozenset[str]().union(*in_missions, *in_parties)


def channels_agree(missions_by_source: Mapping[str, frozenset[str]], counting_sources: frozenset[str]) -> bool:
    """Rule 9: False where two sources that also publish a head count of a deployment name different
    missions; `missions_by_source` holds its channels, `counting_sources` the sources of its counts."""
    return len({missions for source, missions in missions_by_source.items() if source in counting_sources}) <= 1
