"""What the two databases of non-interference are made of, and who sees each piece: docs/access.md, by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from missions.models import Assignment, Deployment, Election, Mission, PeopleFile, RememberedColumn
from missions.readings import rebuild_readings
from observers.models import Erasure, Merge, Observer
from organizations.models import Change, ChangedRecord, PersonalValue
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    HeadCountFactory,
    InvitationFactory,
    MembershipFactory,
    MissionFactory,
    ObserverFactory,
    ObserverNameFactory,
    OrganizationNameFactory,
    SourceFactory,
    StaffRoleFactory,
    StatementFactory,
    UserFactory,
    VotingDayFactory,
)
from tests.security.seen_by_all import (
    ACTORS,
    BEFORE,
    KEEPERS,
    MERGED_INTO_C,
    SHOWN,
    WORD,
    Cast,
    snapshot,
    uuid_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Piece:
    """Rows or columns that some see and others do not."""

    seen_by: frozenset[str]
    make: Callable[[Cast], None]


PIECES: dict[str, Piece] = {}
MEMBERS = tuple(name for name in ACTORS if name != "visitor")
A, B = ("viewer_a", "coordinator_a"), ("coordinator_b", "token_b")


def piece(name: str, *seen_by: str, **given: Any) -> Callable[[Any], Any]:
    def keep(make: Any) -> Any:
        PIECES[name] = Piece(frozenset(seen_by), lambda cast: make(cast, **given))
        return make

    return keep


@piece("internal papers", *MEMBERS)
def internal_papers(cast: Cast) -> None:
    """Stands first: what the others add may cite the memo."""
    cast.add(SourceFactory, "memo", title=f"{WORD} memo", publisher=WORD, public=False, excerpt=WORD, language="qq")
    memo, kg = cast["memo"], cast["kg"]
    in_secret = {"sources": [memo]}
    for code in ("council", "northland-commission"):
        OrganizationNameFactory(
            organization=cast[code], name=f"{WORD} alliance", short_name=WORD, source=memo, valid_from=date(2010, 1, 1)
        )
    MembershipFactory(organization=cast["council"], member_country="AU", **in_secret)
    VotingDayFactory(election=kg, starts_on=date(2030, 6, 9), source=memo)
    cast.add(
        MissionFactory, "kg-hidden", election=kg, organizer=cast["council"], kind="visitor", name=WORD, **in_secret
    )
    cast.add(DeploymentFactory, "kg-from-au", election=kg, sender_country="AU", remark=WORD, **in_secret)
    DeploymentFactory(election=kg, part_of=cast["kg-from-a"], sender_country="KZ", remark=WORD, **in_secret)
    for party, mission in (("kg-from-b", "kg-hidden"), ("kg-from-au", "kg-council"), ("kg-from-b", "kg-secretariat")):
        ChannelFactory(deployment=cast[party], mission=cast[mission], source=memo, as_named=WORD, excerpt=WORD)
    for subject in ({"deployment": cast["kg-from-a"]}, {"mission": cast["kg-council"]}, {"election": cast["mn"]}):
        for kind in ("announced", "accredited"):
            HeadCountFactory(kind=kind, value=777, source=memo, excerpt=WORD, remark=WORD, **subject)
    InvitationFactory(
        election=kg, inviter=cast["council"], invitee=cast["host"], response="declined", remark=WORD, **in_secret
    )
    StatementFactory(subject="deployments/kg-from-a", field="status", value=WORD, source=memo)
    for code in ("kg-council", "kg-from-a", "invitation"):
        cast[code].sources.add(memo)
    rebuild_readings(Election.objects.all())


def person(number: int, **columns: Any) -> Any:
    return ObserverFactory(
        code=uuid_of(number),
        family_name=WORD,
        given_names="Robin",
        nationality="AU",
        gender="female",
        email=f"{WORD}@example.org",
        phone=f"+7 {WORD}",
        languages="en; qq",
        internal_note=WORD,
        **columns,
    )


PERSONS = {
    # Name: (number, keeper, mission, party, keeper of the place, source, withheld); then who sees the person.
    "kept by A, without a place": ((10, "a", None, None, None, "memo", False), (*A, "data_protection")),
    "kept by A, withheld": ((11, "a", "kg-council", "kg-from-a", "a", "gazette", True), (*A, "data_protection")),
    "kept by A, in the mission of M": (
        (12, "a", "kg-secretariat", None, "a", "memo", False),
        (*A, "organizer_m", "data_protection"),
    ),
    "kept by A, in the mission of M by C": (
        (13, "a", "kg-secretariat", None, "c", "memo", False),
        (*A, "data_protection"),
    ),
    "kept by B, of an internal paper": (
        (14, "b", "kg-council", "kg-from-b", "b", "memo", False),
        (*B, "data_protection"),
    ),
    "kept by B, withheld": ((15, "b", "mn-council", None, "b", "gazette", True), (*B, "data_protection")),
    "kept by C, of an internal paper": ((16, "c", "kg-council", "kg-from-a", "c", "memo", False), ("data_protection",)),
    "kept by C, with places kept by A": ((17, "c", "kg-council", None, "a", "memo", False), ("data_protection",)),
    "kept by C, with places kept by B": ((18, "c", "mn-secretariat", None, "b", "memo", False), ("data_protection",)),
    "kept by nobody": (
        (19, "nobody", "mn-council", None, "nobody", "memo", False),
        ("administrator", "data_protection"),
    ),
    "kept by nobody, withheld, in the mission of M": (
        (20, "nobody", "kg-secretariat", None, "nobody", "gazette", True),
        ("administrator", "organizer_m", "data_protection"),
    ),
}
HIDDEN_PERSONS = [uuid_of(given[0]) for given, _seen_by in PERSONS.values()]


def hidden_person(cast: Cast, given: Any) -> None:
    """A person with all that hangs on one: spelling, place, statements, a merge, an erasure asked for, the log."""
    number, keeper, mission, party, keeper_of_place, source, withheld = given
    code = uuid_of(number)
    observer = person(number, owner=cast.keeper(keeper), withheld=withheld)
    spelling = ObserverNameFactory(
        code=uuid_of(number + 100), language="kk", observer=observer, family_name=WORD, source=cast["gazette"]
    )
    told = [f"observers/{code}", f"observer-names/{spelling.code}"]
    if mission:
        place = AssignmentFactory(
            observer=observer,
            mission=cast[mission],
            deployment=party and cast[party],
            owner=cast.keeper(keeper_of_place),
            post=WORD,
            employer=WORD,
            area=WORD,
            status="confirmed",
            region=cast["region-kg"],
            accreditation_number=WORD,
            internal_note=WORD,
            sources=[cast[source]],
        )
        told.append(f"assignments/{place.code}")
    for subject in told:
        StatementFactory(
            code=f"statement-{subject.replace('/', '-')}",
            subject=subject,
            field="status" if "assign" in subject else "family_name",
            value=WORD,
            source=cast["gazette"],
            owner=cast.keeper("b"),
        )
    Merge.objects.create(kept=observer, merged_code=uuid_of(number + 200), at=BEFORE, snapshot=snapshot(WORD))
    Erasure.objects.create(observer=observer, asked_by=cast["stranger"], asked_at=BEFORE, reason=WORD)


for name, (given, seen_by) in PERSONS.items():
    piece(f"person {name}", *seen_by, given=given)(hidden_person)


# Of persons whom everybody sees


@piece("spelling of the person of A", *A, "organizer_m", "data_protection")
def spelling_of_a(cast: Cast) -> None:
    ObserverNameFactory(
        code=uuid_of(301), language="kk", observer=cast[SHOWN["a"]], family_name=WORD, source=cast["memo"]
    )


@piece("spelling of the person of C", "data_protection")
def spelling_of_c(cast: Cast) -> None:
    ObserverNameFactory(
        code=uuid_of(302), language="kk", observer=cast[SHOWN["c"]], family_name=WORD, source=cast["memo"]
    )
    StatementFactory(subject=f"observer-names/{uuid_of(302)}", field="family_name", value=WORD, source=cast["gazette"])


@piece("spelling of the person of nobody", "administrator", "data_protection")
def spelling_of_nobody(cast: Cast) -> None:
    ObserverNameFactory(code=uuid_of(303), language="kk", observer=cast[SHOWN["nobody"]], family_name=WORD, source=None)


HIDDEN_PLACES = {
    # Name: (code, person, mission, party, keeper of the place, role); then who sees the place.
    "place of the person of A": (
        ("a", "mn-council", "mn-from-uz", "a", "head"),
        (*A, "data_protection"),
    ),
    "place of the person of C": (
        ("c", "mn-council", None, "c", "short_term"),
        ("data_protection",),
    ),
    "place of another person of C, by A": (
        ("c2", "kg-secretariat", None, "a", "short_term"),
        (*A, "organizer_m", "data_protection"),
    ),
    "place of the person of nobody": (
        ("nobody", "kg-council", "kg-from-b", "nobody", "expert"),
        ("administrator", "data_protection"),
    ),
}


def hidden_place(cast: Cast, given: Any) -> None:
    key, mission, party, keeper, role = given
    place = AssignmentFactory(
        observer=cast[SHOWN[key]],
        mission=cast[mission],
        deployment=party and cast[party],
        owner=cast.keeper(keeper),
        role=role,
        status="confirmed",
        post=WORD,
        employer=WORD,
        area=WORD,
        region=cast["region-mn"],
        sources=[cast["memo"]],
    )
    StatementFactory(subject=f"assignments/{place.code}", field="post", value=WORD, source=cast["gazette"])


for name, (given, seen_by) in HIDDEN_PLACES.items():
    piece(name, *seen_by, given=given)(hidden_place)


CONTACTS = {
    "a": ("coordinator_a", "organizer_m", "data_protection"),
    "b": (*B, "data_protection"),
    "c": ("data_protection",),
    "nobody": ("administrator", "data_protection"),
}


def contacts(cast: Cast, key: str) -> None:
    Observer.objects.filter(code=SHOWN[key]).update(email=f"{WORD}@example.org", phone=f"+7 {WORD}", internal_note=WORD)


for key, seen_by in CONTACTS.items():
    piece(f"contacts of the person of {key}", *seen_by, key=key)(contacts)


COLUMNS_FILLED = {
    "number of the place of the person of A": (Assignment, "place-a", ("coordinator_a", "data_protection")),
    "number of the place of the person of B": (Assignment, "place-b", (*B, "data_protection")),
    "number of the place of the person of C": (Assignment, "place-c", ("data_protection",)),
    "number of the place of A with M": (Assignment, "place-a-m", ("coordinator_a", "organizer_m", "data_protection")),
    "number of the place of nobody": (Assignment, "place-nobody", ("administrator", "data_protection")),
    "note of the mission of M": (Mission, "kg-secretariat", ("organizer_m", "administrator")),
    "note of the mission kept by B": (Mission, "kg-council", B),
    "note of the mission of M kept by A": (Mission, "mn-secretariat", ("coordinator_a", "organizer_m")),
    "note of the mission of nobody": (Mission, "mn-council", ("administrator",)),
    "note of the party of A": (Deployment, "kg-from-a", ("coordinator_a",)),
    "note of the party of B": (Deployment, "kg-from-b", B),
    "note of the party of nobody": (Deployment, "mn-from-uz", ("administrator",)),
}


def columns_filled(_cast: Cast, model: Any, code: str) -> None:
    columns = {"internal_note": WORD, **({"accreditation_number": WORD} if model is Assignment else {})}
    model.objects.filter(code=code).update(**columns)


for name, (model, code, seen_by) in COLUMNS_FILLED.items():
    piece(name, *seen_by, model=model, code=code)(columns_filled)


# What was done


@piece("what a merge keeps for undoing", "data_protection")
def what_a_merge_keeps(cast: Cast) -> None:
    Merge.objects.filter(merged_code=MERGED_INTO_C).update(snapshot=snapshot(WORD))


LOGGED = {
    # Name: (resource, code, keeper, what was done); then who sees the row of the log.
    "person of A": ("observers", SHOWN["a"], "a", "changed", ("coordinator_a", "data_protection")),
    "person of B": ("observers", SHOWN["b"], "b", "changed", (*B, "data_protection")),
    "person of C": ("observers", SHOWN["c"], "c", "changed", ("data_protection",)),
    "person of nobody": ("observers", SHOWN["nobody"], "nobody", "changed", ("administrator", "data_protection")),
    "place of A with M": (
        "assignments",
        "place-a-m",
        "a",
        "changed",
        ("coordinator_a", "organizer_m", "data_protection"),
    ),
    "mission kept by B": ("missions", "kg-council", "b", "changed", (*B, "data_protection")),
    "person of C that is gone": ("observers", uuid_of(400), "c", "deleted", ("data_protection",)),
    "election": ("elections", "kg", "nobody", "changed", ("administrator", "data_protection")),
    "account": ("accounts", "1", "nobody", "changed", ("administrator", "data_protection")),
}


def logged(cast: Cast, row: Any, year: int) -> None:
    """Each in a year of its own, so that the years that are offered could tell."""
    resource, code, keeper, action, _seen_by = row
    change = Change.objects.create(
        at=datetime(year, 3, 3, 12, tzinfo=UTC),
        by=cast["stranger"],
        door=Change.Door.SPREADSHEET,
        files=[{"name": WORD, "sha256": "0"}],
    )
    columns = {"observers": "family_name", "assignments": "accreditation_number"}
    is_personal = resource in columns
    record = ChangedRecord.objects.create(
        change=change,
        resource=resource,
        code=code,
        action=action,
        owner=KEEPERS[keeper] or "",
        fields={columns[resource]: None} if is_personal else {"name": ["", WORD]},
    )
    if is_personal:
        told_of = SHOWN["a"] if resource == "assignments" else code
        PersonalValue.objects.create(record=record, observer=told_of, column=columns[resource], before="", after=WORD)


for year, (name, row) in enumerate(LOGGED.items(), 2010):
    piece(f"log of the {name}", *row[-1], row=row, year=year)(logged)


@piece("erasure of the person of C asked for", "data_protection")
def erasure_asked_for(cast: Cast) -> None:
    Erasure.objects.create(observer=cast[SHOWN["c"]], asked_by=cast["stranger"], asked_at=BEFORE, reason=WORD)


# What belongs to others


@piece("list that a stranger has sent")
def list_of_a_stranger(cast: Cast) -> None:
    for imported_at in (None, BEFORE):
        PeopleFile.objects.create(
            code=uuid_of(500 if imported_at else 501),
            user=cast["stranger"],
            sent_at=BEFORE,
            imported_at=imported_at,
            name=f"{WORD}.csv",
            content=f"name\n{WORD}\n".encode(),
            mission=cast["kg-council"],
            owner=cast.keeper("c"),
            role="expert",
        )
    RememberedColumn.objects.create(owner=cast.keeper("c"), header=WORD, field="full_name")
    RememberedColumn.objects.create(owner=cast.keeper("c"), header="who", field="full_name")


@piece("columns that A remembers", *A)
def columns_that_a_remembers(cast: Cast) -> None:
    RememberedColumn.objects.create(owner=cast.keeper("a"), header="who", field="full_name")


@piece("account", "administrator")
def account(cast: Cast) -> None:
    user = UserFactory(username=WORD, first_name=WORD, last_name=WORD, email=f"{WORD}@example.org")
    StaffRoleFactory(user=user, organization=cast["southland-ministry"], role="coordinator")
    StaffRoleFactory(user=cast["stranger"], organization=cast["northland-commission"], role="viewer")
