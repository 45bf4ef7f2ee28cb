"""The rules of reading head counts once more, as plain and slow as they are written: a second opinion for the tests.

Written from the rules alone, without a look at the program's own reading. Rules are quoted in the docstrings.
"""

from datetime import date
from typing import NamedTuple

GROUP_NAMES = {"states": "States", "election_bodies": "Election bodies"}
GROUPS = ("all", "core_team", "long_term", "short_term", "organizations", "states", "election_bodies", "citizen")
OBSERVER_GROUPS = ("core_team", "long_term", "short_term")
SENDER_GROUPS = ("organizations", "states", "election_bodies")
WITHOUT_SHORT_TERM = ("leom", "eam", "eet", "nam")
MOST_EXACT_FIRST = ("exact", "about", "more_than", "at_least", "at_most")
CALLED_OFF = ("cancelled", "withdrawn")
BEFORE_ALL = (date.min, False, date.min)
END = (date.max, True, date.max)


class Figure(NamedTuple):
    low: int | None
    high: int | None
    about: bool = False


class Standing(NamedTuple):
    """A total that the next days start from."""

    day: tuple
    figure: Figure
    adopted: bool


class Rows(NamedTuple):
    """What the rows of one kind and group say together."""

    ladder: list
    figure: Figure
    last: Standing | None
    conflict: bool


NOTHING = Figure(None, None)
ZERO = Figure(0, 0)
BEGINNING = Standing(BEFORE_ALL, ZERO, adopted=True)


# Figures


def figure_of(row):
    """`exact n`: n to n. `about n`: n to n. `at_least n`: n to null. `more_than n`: n+1 to null. `at_most n`: 0 to
    n."""
    return {
        "exact": Figure(row.value, row.value),
        "about": Figure(row.value, row.value, about=True),
        "at_least": Figure(row.value, None),
        "more_than": Figure((row.value or 0) + 1, None),
        "at_most": Figure(0, row.value),
        "not_published": NOTHING,
    }[row.qualifier]


def one_value(figure):
    """`value` stands only where `low` = `high`; nothing known is null in all three."""
    return figure.low if figure.low == figure.high else None


def is_exact(figure):
    return one_value(figure) is not None and not figure.about


def plus(one, other):
    """Sums add the ends, and null stays null at its end."""
    low = None if one.low is None or other.low is None else one.low + other.low
    high = None if one.high is None or other.high is None else one.high + other.high
    return Figure(low, high, one.about or other.about)


def minus(one, other):
    low = None if one.low is None or other.high is None else one.low - other.high
    high = None if one.high is None or other.low is None else one.high - other.low
    return Figure(low, high, one.about or other.about)


def sum_of(figures):
    total = ZERO
    for figure in figures:
        total = plus(total, figure)
    return total


def sum_with_unknowns(figures):
    """An unknown one leaves `high` null; nothing known is null in all three."""
    if all(figure[:2] == (None, None) for figure in figures):
        return NOTHING
    return sum_of([figure._replace(low=figure.low or 0) for figure in figures])


def within(inner, outer):
    low = outer.low is None or (inner.low is not None and inner.low >= outer.low)
    high = outer.high is None or (inner.high is not None and inner.high <= outer.high)
    return low and high


def exceeds(one, other):
    return one.low is not None and other.high is not None and one.low > other.high


def envelope(figures):
    highs = [figure.high for figure in figures]
    return Figure(
        min(figure.low for figure in figures),
        None if None in highs else max(highs),
        any(figure.about for figure in figures),
    )


def printed(figure):
    return {"value": one_value(figure), "low": figure.low, "high": figure.high}


# Rules 1 to 4: rows of one kind and group


def day_of(row):
    """An interval is a step of its own, before an exact day of the same `as_of`."""
    if row.as_of_from in (None, row.as_of):
        return (row.as_of, True, row.as_of)
    return (row.as_of, False, row.as_of_from)


def rows_of(subject, kind, group, on):
    """The rows dated up to D and `counted` true."""
    rows = [row for row in subject.counts if row.kind == kind and row.group == group and row.counted]
    return [row for row in rows if on is None or row.as_of <= on]


def has_rows(subject, kind, group, on):
    """`not_published` is no figure: left open by the rules, such a row alone hides neither groups nor parts."""
    return any(row.qualifier != "not_published" for row in rows_of(subject, kind, group, on))


def totals_on(rows, day):
    totals = [row for row in rows if row.basis == "total" and day_of(row) == day]
    return sorted(totals, key=lambda row: (row.source, row.qualifier, row.value or 0))


def changes_on(rows, day):
    """The same value in two sources on one date is one change; left open by the rules: the most exact of them."""
    changes = [row for row in rows if row.basis == "change" and day_of(row) == day]
    changes = [row for row in changes if row.qualifier != "not_published"]
    changes.sort(key=lambda row: MOST_EXACT_FIRST.index(row.qualifier))
    once = {}
    for row in changes:
        once.setdefault(row.value, figure_of(row))
    return list(once.values())


def changes_between(rows, after, until):
    days = sorted({day_of(row) for row in rows})
    return [change for day in days if after < day <= until for change in changes_on(rows, day)]


def withdrawn_between(leaving, after, until):
    """Those withdrawn after one day and up to another, starting at 0."""
    return sum_of([withdrawn_of_rows(rows, after, until) for rows in leaving])


def withdrawn_of_rows(rows, after, until):
    before = read_rows([row for row in rows if day_of(row) <= after], start=BEGINNING)
    now = read_rows([row for row in rows if day_of(row) <= until], start=BEGINNING)
    if now.last.day > after:
        return minus(now.figure, before.figure)
    return sum_of(changes_between(rows, after, until))


def looked_at(totals):
    """Look at the `preferred` totals of the date, if any, else at all; among these at the exact ones, else `about`,
    else the bounds."""
    figures = [row for row in totals if row.qualifier != "not_published"]
    preferred = [row for row in figures if row.preferred] or figures
    exact = [row for row in preferred if row.qualifier == "exact"]
    about = [row for row in preferred if row.qualifier == "about"]
    return exact or about or preferred


def said_on(rows, computed):
    """What the looked at totals of a date say, and whether that is adopted: If they give one value it is adopted;
    else, if `computed` is one of the values, that; else nothing is adopted and the date keeps their range. Bounds of
    one date combine (highest low to lowest high)."""
    figures = [figure_of(row) for row in rows]
    if rows[0].qualifier in ("exact", "about"):
        if len(set(figures)) == 1:
            return figures[0], True
        for figure in figures:
            if figure.low == computed:
                return figure, True
        return envelope(figures), False
    highs = [figure.high for figure in figures if figure.high is not None]
    both = Figure(max(figure.low for figure in figures), min(highs, default=None))
    if both.high is not None and both.low > both.high:
        return envelope(figures), False
    return both, True


def is_near(value, figure):
    """Within 10 % of it; left open by the rules: of a range, within 10 % of both its ends."""
    return None not in figure[:2] and all(abs(value - end) * 10 <= end for end in figure[:2])


def changes_nothing(rows, said, running):
    """Bounds that the running figure already meets, and an `about` within 10 % of it, change nothing."""
    if running == NOTHING:
        return False
    if rows[0].qualifier == "about":
        return is_near(said.low, running) and is_near(said.high, running)
    return rows[0].qualifier != "exact" and within(running, said)


def computed_on(rows, leaving, last, day):
    """The total before it plus every change after that total's date up to and including this one. Null unless that
    total was adopted, there is such a change, and all of them are exact."""
    if last is None or not last.adopted or one_value(last.figure) is None:
        return NOTHING
    changes = changes_between(rows, last.day, day)
    left = withdrawn_between(leaving, last.day, day)
    if not changes or not all(is_exact(change) for change in changes) or not is_exact(left):
        return NOTHING
    return minus(sum_of([last.figure, *changes]), left)


def running_on(rows, last, day):
    """The last total plus the changes after it. Changes without any total are a floor: `low` only."""
    if last is not None:
        return sum_of([last.figure, *changes_between(rows, last.day, day)])
    changes = changes_between(rows, BEFORE_ALL, day)
    return sum_of(changes)._replace(high=None) if changes else NOTHING


def contradicts(row, said):
    """A total that cannot be true beside the adopted one: another exact value, a bound that excludes it; never an
    `about`. Left open by the rules: beside an adopted `about` all within 10 % of it can be true."""
    if row.qualifier in ("about", "not_published"):
        return False
    figure = figure_of(row)
    if said.about and any(is_near(end, said) for end in figure[:2] if end is not None):
        return False
    return exceeds(figure, said) or exceeds(said, figure)


def read_rows(rows, leaving=(), start=None):
    """Rules 1 to 4: one step for each date with a row, oldest first."""
    last, conflict, ladder = start, False, []
    for day in sorted({day_of(row) for row in rows}):
        totals = totals_on(rows, day)
        chosen = looked_at(totals)
        computed = computed_on(rows, leaving, last, day)
        said, adopted = said_on(chosen, one_value(computed)) if chosen else (NOTHING, False)
        quiet = adopted and changes_nothing(chosen, said, running_on(rows, last, day))
        conflict = conflict or (bool(chosen) and not adopted) or any(contradicts(row, said) for row in totals)
        adopted_from = chosen if adopted and not quiet else []
        ladder.append(step_of(day, rows, last, said, computed=computed, adopted_from=adopted_from))
        if chosen and not quiet:
            last = Standing(day, said, adopted)
    return Rows(ladder, running_on(rows, last, END), last, conflict)


def step_of(day, rows, last, said, *, computed, adopted_from):
    """`change` is the sum of the date's own changes and `before` is `reported` minus `change`; both null without a
    change on that date. `gap`: `reported` minus `computed`, where both are exact; else null. `step` is `reported`
    minus the adopted total before it, where both are exact."""
    changes = changes_on(rows, day)
    change = one_value(sum_of(changes)) if changes else None
    reported = one_value(said)
    steps_from = last is not None and last.adopted and is_exact(last.figure) and is_exact(said)
    return {
        "as_of": day[0].isoformat(),
        "as_of_from": None if day[1] else day[2].isoformat(),
        "reported": reported,
        "low": said.low,
        "high": said.high,
        "change": change,
        "computed": one_value(computed),
        "before": None if change is None or reported is None else reported - change,
        "gap": reported - computed.low if is_exact(said) and is_exact(computed) else None,
        "step": reported - last.figure.low if steps_from else None,
        "totals": [total_of(row, said, adopted_from) for row in totals_on(rows, day)],
    }


def total_of(row, said, adopted_from):
    """`adopted` is true of each row that gives what was adopted, `differs_by` is its value minus `reported`. Left
    open by the rules: of bounds, only those looked at give it, and of these the highest low and the lowest high."""
    figure, reported = figure_of(row), one_value(said)
    gives = figure[:2] == said[:2]
    if row.qualifier in ("at_least", "more_than"):
        gives = row in adopted_from and figure.low == said.low
    if row.qualifier == "at_most":
        gives = row in adopted_from and figure.high == said.high
    return {
        "value": row.value,
        "qualifier": row.qualifier,
        "source": row.source,
        "adopted": bool(adopted_from) and gives,
        "differs_by": None if reported is None or row.value is None else row.value - reported,
    }


def range_said(rows, last, field):
    """`states` and `bodies` are the range of what the totals of the last total's date say."""
    totals = [] if last is None else totals_on(rows, last.day)
    said = [getattr(row, field) for row in totals if getattr(row, field) is not None]
    return Figure(min(said), max(said)) if said else NOTHING


# Rules 5 to 7: groups, parts and what is called off


class Part(NamedTuple):
    path: str
    group: str
    name: str
    figure: Figure
    known: bool
    share_unknown: bool = False


class Reading(NamedTuple):
    """`known` is false where there is nothing to go by; `adds` holds the addends of a derived figure."""

    figure: Figure
    rows: Rows
    known: bool
    derived: bool = False
    adds: tuple = ()


def find(record, path):
    kind, _, code = path.partition("/")
    places = {"elections": [record], "missions": record.missions, "deployments": record.deployments}
    return next(subject for subject in places[kind] if subject.code == code)


def is_called_off(record, path):
    return getattr(find(record, path), "status", "") in CALLED_OFF


def counts_none_deployed(record, path, kind, on):
    """Left open by the rules: a row for any group says otherwise."""
    if kind != "deployed" or not is_called_off(record, path):
        return False
    return not any(has_rows(find(record, path), "deployed", group, on) for group in GROUPS)


def adds_its_parts(record, path):
    """For an election or a mission of kind `ieom`, of its parts."""
    return path.startswith("elections/") or getattr(find(record, path), "kind", "") == "ieom"


def groups_added(subject, kind, on):
    """Without rows for `all`, `all` is the sum of `core_team + long_term + short_term` if any of them has rows, else
    of `organizations + states + election_bodies`. Missions of kind `leom eam eet nam` have no short-term group."""
    for groups in (OBSERVER_GROUPS, SENDER_GROUPS):
        if any(has_rows(subject, kind, group, on) for group in groups):
            no_short = getattr(subject, "kind", "") in WITHOUT_SHORT_TERM
            no_short = no_short and not has_rows(subject, kind, "short_term", on)
            return [group for group in groups if not (group == "short_term" and no_short)]
    return []


def leaving_rows(subject, kind, group, on):
    """The rows of kind `withdrawn` that belong to `accredited`: those of the group, for `all` else those of its
    groups."""
    if kind != "accredited":
        return []
    if group == "all" and not has_rows(subject, "withdrawn", "all", on):
        return [rows_of(subject, "withdrawn", each, on) for each in groups_added(subject, "withdrawn", on)]
    return [rows_of(subject, "withdrawn", group, on)]


def reading_of(record, path, kind, group, on):
    """Rows for `all` win; else `all` is added up from groups, else, for an election or a mission of kind `ieom`,
    from its parts. One that is called off counts 0 deployed, unless a row says otherwise. Left open by the rules: a
    sum of which nothing is known is not derived."""
    subject = find(record, path)
    rows = read_rows(rows_of(subject, kind, group, on), leaving_rows(subject, kind, group, on))
    if has_rows(subject, kind, group, on):
        return Reading(rows.figure, rows, known=True)
    adds = []
    if group == "all":
        adds = [group_part(record, path, kind, each, on) for each in groups_added(subject, kind, on)]
    if counts_none_deployed(record, path, kind, on):
        return Reading(ZERO, rows, known=True)
    if not adds and group == "all" and adds_its_parts(record, path):
        adds = parts_of(record, path, kind, "all", on)
    added = sum_of_parts(adds)
    if added == NOTHING:
        return Reading(NOTHING, rows, known=False)
    return Reading(added, rows, known=True, derived=True, adds=tuple(adds))


def sum_of_parts(parts):
    """A part without rows is unknown and leaves `high` null. Left open by the rules: where no part is known, so is
    no `low`."""
    return sum_with_unknowns([part.figure for part in parts])


def group_part(record, path, kind, group, on):
    reading = reading_of(record, path, kind, group, on)
    return Part(path, group, GROUP_NAMES.get(group, ""), reading.figure, reading.known)


def parts_of(record, path, kind, group, on):
    """Parts are read with group `all`, same kind and date. Other groups have no parts."""
    if path.startswith("elections/"):
        return parts_of_election(record, path, kind, group, on)
    if group != "all":
        return []
    if path.startswith("missions/"):
        return parts_of_mission(record, path, kind, on)
    inside = [party.code for party in record.deployments if party.part_of == find(record, path).code]
    return subject_parts(record, [f"deployments/{code}" for code in sorted(inside)], kind, on)


def parts_of_election(record, path, kind, group, on):
    """`organizations`: its missions that are part of no other (those of kind `citizen` are its `citizen` parts
    instead); `states`: its deployments without channels that are part of no other, except that those sent by an
    election body are its `election_bodies` parts where it has rows for that group; `all`: all of these except
    `citizen`, where its own row for `states` or `election_bodies` stands as one part for the deployments that it
    counts."""
    top = [mission for mission in record.missions if mission.part_of is None]
    organizations = sorted(f"missions/{mission.code}" for mission in top if mission.kind != "citizen")
    citizen = sorted(f"missions/{mission.code}" for mission in top if mission.kind == "citizen")
    direct = [party for party in record.deployments if party.part_of is None and not party.missions]
    has_states = has_rows(record, kind, "states", on)
    has_bodies = has_rows(record, kind, "election_bodies", on)
    sent_by_bodies = [party for party in direct if has_bodies and party.sent_by_election_body]
    states = sorted(f"deployments/{party.code}" for party in direct if party not in sent_by_bodies)
    bodies = sorted(f"deployments/{party.code}" for party in sent_by_bodies)
    if group != "all":
        paths = {"organizations": organizations, "citizen": citizen, "states": states, "election_bodies": bodies}
        return subject_parts(record, paths.get(group, []), kind, on)
    parts = subject_parts(record, organizations if has_states else organizations + states, kind, on)
    if has_states:
        parts.append(group_part(record, path, kind, "states", on))
    if has_bodies:
        parts.append(group_part(record, path, kind, "election_bodies", on))
    return parts


def parts_of_mission(record, path, kind, on):
    """A mission's parts are the missions directly inside it and the deployments whose only mission it is. A
    deployment over several missions is listed under each. A nested one is never added to sums."""
    code = find(record, path).code
    inside = sorted(f"missions/{mission.code}" for mission in record.missions if mission.part_of == code)
    parts = subject_parts(record, inside, kind, on)
    for party in sorted(record.deployments, key=lambda party: party.code):
        if party.part_of is None and code in party.missions:
            parts += [
                share_of(record, party, code, part, kind=kind, on=on)
                for part in subject_parts(record, [f"deployments/{party.code}"], kind, on)
            ]
    return parts


def subject_parts(record, paths, kind, on):
    """One that is called off is, for the other kinds than `deployed` and without rows, no part. Left open by the
    rules: the rows of its groups and parts are rows too."""
    parts = []
    for path in paths:
        reading = reading_of(record, path, kind, "all", on)
        if reading.known or not is_called_off(record, path):
            parts.append(Part(path, "all", find(record, path).name, reading.figure, reading.known))
    return parts


def share_of(record, party, code, whole, *, kind, on):
    """`low` = the persons it has named in that mission, `high` = its value minus those named in the others. One of
    several channels that is called off counts 0 deployed, unless a row says otherwise. Left open by the rules: who
    is named here and elsewhere is not taken off; the named are at least as many as the share; a row of the party
    says otherwise where all its missions are called off; a share of nothing known is nothing known; of those
    requested, trained or withdrawn the named say nothing."""
    missions = {each for each in party.missions if not counts_none_deployed(record, f"missions/{each}", kind, on)}
    if not missions and whole.known:
        missions = party.missions
    if party.missions != {code} and code not in missions:
        return whole._replace(figure=ZERO)
    others = missions - {code}
    if not others:
        return whole
    if counts_none_deployed(record, whole.path, kind, on):
        return whole._replace(share_unknown=True)
    named = {} if kind in ("requested", "trained", "withdrawn") else party.named
    here = named.get(code, frozenset())
    elsewhere = set().union(*[named.get(each, frozenset()) for each in others]) - here
    high = None if whole.figure.high is None else max(whole.figure.high - len(elsewhere), len(here))
    low = len(here) if whole.known or here else None
    return whole._replace(figure=Figure(low, high, whole.figure.about), share_unknown=True)


# Rules 4 and 5 for those withdrawn


def withdrawn_of(record, path, group, on):
    """`withdrawn`: all of them, starting at 0. Left open by the rules: its own rows win, as in every sum; else those
    of what was added up."""
    own = leaving_rows(find(record, path), "accredited", group, on)
    if any(own):
        return withdrawn_between(own, BEFORE_ALL, END)
    adds = reading_of(record, path, "accredited", group, on).adds
    return sum_of([of_a_share(part, withdrawn_of(record, part.path, part.group, on)) for part in adds])


def of_a_share(part, figure):
    """Left open by the rules: of an unknown share, none to all of those withdrawn."""
    return figure._replace(low=0) if part.share_unknown else figure


def left_of(record, path, group, on):
    """Those withdrawn after the last total's date; of a derived value, the last of the totals that it adds."""
    reading = reading_of(record, path, "accredited", group, on)
    own = leaving_rows(find(record, path), "accredited", group, on)
    if any(own):
        return withdrawn_between(own, last_day_of(record, path, group, on), END)
    return sum_of([of_a_share(part, left_of(record, part.path, part.group, on)) for part in reading.adds])


def last_day_of(record, path, group, on):
    reading = reading_of(record, path, "accredited", group, on)
    if reading.rows.last is not None:
        return reading.rows.last.day
    return max((last_day_of(record, part.path, part.group, on) for part in reading.adds), default=BEFORE_ALL)


# Rule 9 and the answer


def agreement_of(record, path, kind, group, on):
    """The first that holds: `conflict`, `gap` (a ladder gap other than 0, or parts whose sum exceeds the value),
    `partial` (parts that fall short of the value, or of which one is unknown), `none` (nothing known), `agreed`. A
    derived value carries the agreement of what it adds. Left open by the rules: parts of which none is known are not
    `partial` beside a value that is not known either, and a group without rows adds no agreement."""
    reading = reading_of(record, path, kind, group, on)
    parts = parts_of(record, path, kind, group, on)
    added = sum_of_parts(parts)
    found = {agreement_of(record, part.path, kind, part.group, on) for part in reading.adds}
    if reading.rows.conflict or "conflict" in found:
        return "conflict"
    gaps = any(step["gap"] for step in reading.rows.ladder)
    if gaps or exceeds(added, reading.figure) or "gap" in found:
        return "gap"
    some_known = reading.figure != NOTHING or added != NOTHING
    unknown = some_known and not all(part.known for part in parts)
    if unknown or (parts and exceeds(reading.figure, added)) or "partial" in found:
        return "partial"
    return "none" if reading.figure[:2] == NOTHING[:2] else "agreed"


def naive_reading(record, subject, kind="accredited", group="all", on=None):
    reading = reading_of(record, subject, kind, group, on)
    parts = parts_of(record, subject, kind, group, on)
    added = sum_of_parts(parts)
    value = one_value(reading.figure)
    withdrawn = active = None
    if kind == "accredited":
        withdrawn = one_value(withdrawn_of(record, subject, group, on))
        active = one_value(minus(reading.figure, left_of(record, subject, group, on)))
    own = rows_of(find(record, subject), kind, group, on)
    return {
        "subject": subject,
        "kind": kind,
        "group": group,
        "on": on and on.isoformat(),
        **printed(reading.figure),
        "approximate": reading.figure.about,
        "derived": reading.derived,
        "withdrawn": withdrawn,
        "active": active,
        "agreement": agreement_of(record, subject, kind, group, on),
        "states": printed(range_said(own, reading.rows.last, "states")),
        "bodies": printed(range_said(own, reading.rows.last, "bodies")),
        "ladder": reading.rows.ladder,
        "parts": [
            {
                "subject": part.path,
                "group": part.group,
                "name": part.name,
                **printed(part.figure),
                "share_unknown": part.share_unknown,
            }
            for part in parts
        ],
        "parts_sum": printed(added) if parts else None,
        "parts_gap": None if value is None or one_value(added) is None or not parts else value - added.low,
    }
