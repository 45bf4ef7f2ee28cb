"""The table of what is refused: at which column, in which words, and whether the database refuses it too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import models

from missions.models import (
    Assignment,
    Channel,
    Deployment,
    Election,
    HeadCount,
    Invitation,
    Mission,
    Statement,
    VotingDay,
)
from observers.models import Observer, ObserverName
from organizations.models import Membership, Organization, OrganizationName, Region, Source
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    HeadCountFactory,
)

ROBIN = "0c7f2a4e-5f0b-4c58-9d3a-0f4d8a1b2c3d"


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """What is refused: a row of a file, the column at fault and the sentence."""

    of: type[models.Model]
    what: str
    cells: dict[str, str]
    column: str
    sentence: str
    # The words of the import where they differ from those of the form, because it knows more or less than a form does.
    in_import: str = ""
    # The words of the API where a form shows what the sentence speaks of.
    in_api: str = ""
    # Whether the database refuses the record as well, when it comes past every validation.
    in_database: bool = False
    # Whether the same row is there before.
    is_second: bool = False
    also: Callable[[], object] = field(default=lambda: None)

    def __str__(self) -> str:
        return f"{self.of._meta.verbose_name}: {self.what}"


MISSION = {"election": "first", "organizer": "secretariat", "kind": "om"}
DEPLOYMENT = {"election": "first", "sender_country": "KZ"}
COUNT = {"kind": "accredited", "value": "10", "as_of": "2030-06-01", "source": "gazette"}
COUNT_OF_ELECTION = {"election": "first", **COUNT}
PLACE = {"observer": ROBIN, "mission": "joint", "role": "short_term"}
INVITATION = {"election": "first", "inviter": "commission", "invitee": "secretariat"}
MEMBERSHIP = {"organization": "secretariat", "member_country": "KZ", "standing": "member"}
VOTING_DAY = {"election": "first", "round": "1", "starts_on": "2030-06-02"}
NAME = {"organization": "secretariat", "language": "en", "name": "Another Name"}
CHANNEL = {"deployment": "party", "mission": "joint", "source": "gazette"}
SPELLING = {"observer": ROBIN, "language": "ru", "family_name": "Пример", "given_names": "Робин"}
STATEMENT = {"subject": "missions/joint", "field": "name", "value": "United", "source": "gazette"}

REQUIRED = "This field is required."
CIRCLE = "This would make it a part of itself, directly or through others."
ONE_SUBJECT = "A count is of one election, one mission or one deployment: give exactly one."
ELECTION_STAYS = "Channels, assignments, counts or parts hang on this record: its election stays."


def end_before_start(of, cells, start, end):
    return Refusal(
        of=of,
        what=f"{end} before {start}",
        cells={**cells, start: "2030-05-02", end: "2030-05-01"},
        column=end,
        sentence="The end, 2030-05-01, is before the start, 2030-05-02.",
        in_database=True,
    )


def circle(of, code, parent, cells, *, column="part_of"):
    return Refusal(
        of=of,
        what=f"{code} part of {parent}",
        cells={"code": code, **cells, column: parent},
        column=column,
        sentence=CIRCLE,
    )


def moved(of, code, cells, what, also=lambda: None):
    return Refusal(
        of=of,
        what=f"moved to another election with {what}",
        cells={"code": code, **cells, "election": "second"},
        column="election",
        sentence=ELECTION_STAYS,
        also=also,
    )


def missing(of, cells, column):
    given = {name: cell for name, cell in cells.items() if name != column}
    return Refusal(of=of, what=f"without {column}", cells={**given, column: ""}, column=column, sentence=REQUIRED)


def unknown_choice(of, cells, column, cell, *, choices):
    return Refusal(
        of=of,
        what=f"unknown {column}",
        cells={**cells, column: cell},
        column=column,
        sentence=f"Select a valid choice. {cell} is not one of the available choices.",
        in_import=f"{column}: “{cell}” is not one of the choices: {choices}.",
        in_api=f"Select a valid choice. {cell} is not one of the available choices. The choices: {choices}.",
    )


def second(of, cells, what, sentence):
    return Refusal(
        of=of,
        what=f"a second one, {what}",
        cells=cells,
        column="__all__",
        sentence=sentence,
        in_import="code: Line 2 is about the same record.",
        in_database=True,
        is_second=True,
    )


def mission(code):
    return Mission.objects.get(code=code)


def deployment(code):
    return Deployment.objects.get(code=code)


REFUSALS = [
    # An end before a start
    end_before_start(
        Organization, {"code": "assembly", "kind": "parliamentary_assembly"}, "founded_on", "dissolved_on"
    ),
    end_before_start(OrganizationName, {**NAME, "language": "ru"}, "valid_from", "valid_until"),
    end_before_start(Membership, MEMBERSHIP, "since", "until"),
    end_before_start(Region, {"country": "KZ", "name": "South"}, "valid_from", "valid_until"),
    end_before_start(VotingDay, VOTING_DAY, "starts_on", "ends_on"),
    end_before_start(Mission, {**MISSION, "organizer": "bureau"}, "starts_on", "ends_on"),
    end_before_start(Deployment, DEPLOYMENT, "starts_on", "ends_on"),
    end_before_start(HeadCount, COUNT_OF_ELECTION, "as_of_from", "as_of"),
    end_before_start(Assignment, PLACE, "starts_on", "ends_on"),
    # A part of itself, directly or through others
    circle(Mission, "joint", "joint", MISSION),
    circle(Mission, "joint", "inside", MISSION),
    circle(Mission, "joint", "deep-inside", MISSION),
    circle(Deployment, "party", "party", DEPLOYMENT),
    circle(Deployment, "party", "deputies", DEPLOYMENT),
    circle(Deployment, "party", "two-deputies", DEPLOYMENT),
    circle(Organization, "secretariat", "secretariat", {"kind": "other"}, column="parent"),
    circle(Organization, "secretariat", "assembly", {"kind": "other"}, column="parent"),
    circle(Organization, "secretariat", "bureau", {"kind": "other"}, column="parent"),
    circle(Region, "north", "north", {"country": "KZ", "name": "North"}),
    circle(Region, "north", "town", {"country": "KZ", "name": "North"}),
    circle(Region, "north", "quarter", {"country": "KZ", "name": "North"}),
    # Of another election
    Refusal(
        of=Mission,
        what="part of a mission of another election",
        cells={**MISSION, "organizer": "bureau", "part_of": "elsewhere"},
        column="part_of",
        sentence="“Elsewhere – Second vote” belongs to another election.",
    ),
    Refusal(
        of=Deployment,
        what="part of a deployment of another election",
        cells={**DEPLOYMENT, "part_of": "party-elsewhere"},
        column="part_of",
        sentence="“Kazakhstan → Second vote” belongs to another election.",
    ),
    Refusal(
        of=Channel,
        what="through a mission of another election",
        cells={**CHANNEL, "mission": "elsewhere"},
        column="mission",
        sentence="“Elsewhere – Second vote” belongs to another election.",
    ),
    Refusal(
        of=Assignment,
        what="in a mission and a deployment of two elections",
        cells={**PLACE, "mission": "elsewhere", "deployment": "party"},
        column="mission",
        sentence="“Elsewhere – Second vote” belongs to another election.",
    ),
    # Head counts
    Refusal(of=HeadCount, what="of nothing", cells=COUNT, column="election", sentence=ONE_SUBJECT, in_database=True),
    Refusal(
        of=HeadCount,
        what="of an election and a mission",
        cells={**COUNT_OF_ELECTION, "mission": "joint"},
        column="mission",
        sentence=ONE_SUBJECT,
        in_database=True,
    ),
    Refusal(
        of=HeadCount,
        what="of a mission and a deployment",
        cells={**COUNT, "mission": "joint", "deployment": "party"},
        column="deployment",
        sentence=ONE_SUBJECT,
        in_database=True,
    ),
    *(
        Refusal(
            of=HeadCount,
            what=f"negative {column}",
            cells={**COUNT_OF_ELECTION, column: "-1"},
            column=column,
            sentence="Give a number of 0 or more.",
            in_database=True,
        )
        for column in ("value", "states", "bodies")
    ),
    *(
        Refusal(
            of=HeadCount,
            what=f"{column} beyond belief",
            cells={**COUNT_OF_ELECTION, column: "10000001"},
            column=column,
            sentence="Give a number of 10000000 at most.",
        )
        for column in ("value", "states", "bodies")
    ),
    Refusal(
        of=HeadCount,
        what="without a number",
        cells={**COUNT_OF_ELECTION, "value": ""},
        column="value",
        sentence="Give the number, or say that none was published.",
        in_database=True,
    ),
    Refusal(
        of=HeadCount,
        what="not published, with a number",
        cells={**COUNT_OF_ELECTION, "qualifier": "not_published"},
        column="value",
        sentence="A count that was not published has no number.",
        in_database=True,
    ),
    # Names of organizations
    Refusal(
        of=OrganizationName,
        what="two names at one time, both open at an end",
        cells={**NAME, "valid_from": "2029-12-31"},
        column="valid_from",
        sentence="“Observation Secretariat” is in force at the same time. Give the day on which one name ended.",
    ),
    Refusal(
        of=OrganizationName,
        what="two names of which no day is known",
        cells={**NAME, "organization": "assembly", "source": "gazette"},
        column="valid_from",
        sentence="“Assembly” is in force at the same time. Give the day on which one name ended.",
    ),
    # Changing the election of what something hangs on
    moved(Mission, "joint", MISSION, "a part"),
    moved(
        Mission,
        "alone",
        MISSION,
        "a channel",
        lambda: ChannelFactory(mission=mission("alone"), deployment=deployment("party")),
    ),
    moved(Mission, "alone", MISSION, "an assignment", lambda: AssignmentFactory(mission=mission("alone"))),
    moved(Mission, "alone", MISSION, "a head count", lambda: HeadCountFactory(mission=mission("alone"))),
    moved(Deployment, "party", DEPLOYMENT, "a part"),
    moved(
        Deployment,
        "lone-party",
        DEPLOYMENT,
        "a channel",
        lambda: ChannelFactory(deployment=deployment("lone-party"), mission=mission("alone")),
    ),
    moved(
        Deployment,
        "lone-party",
        DEPLOYMENT,
        "an assignment",
        lambda: AssignmentFactory(deployment=deployment("lone-party")),
    ),
    moved(
        Deployment,
        "lone-party",
        DEPLOYMENT,
        "a head count",
        lambda: HeadCountFactory(deployment=deployment("lone-party")),
    ),
    # Who sends, who belongs, who invites, where somebody is
    Refusal(
        of=Deployment,
        what="without a sender",
        cells={"code": "sent-by-nobody", "election": "first"},
        column="sender_country",
        sentence="Give the sending state, the sending body, or both.",
        in_database=True,
    ),
    Refusal(
        of=Deployment,
        what="by a body of another state",
        cells={"election": "first", "sender_country": "KG", "sender": "commission"},
        column="sender",
        sentence="“Northland Commission” is not a body of Kyrgyzstan.",
    ),
    Refusal(
        of=Deployment,
        what="by a body of no state",
        cells={"election": "first", "sender_country": "KG", "sender": "assembly"},
        column="sender",
        sentence="“Assembly” is not a body of Kyrgyzstan.",
    ),
    Refusal(
        of=Membership,
        what="without a member",
        cells={"organization": "secretariat", "standing": "member"},
        column="member_country",
        sentence="Give either a member state or a member organization.",
        in_database=True,
    ),
    Refusal(
        of=Membership,
        what="with two members",
        cells={**MEMBERSHIP, "member_organization": "commission"},
        column="member_country",
        sentence="Give either a member state or a member organization.",
        in_database=True,
    ),
    Refusal(
        of=Membership,
        what="in itself",
        cells={"organization": "secretariat", "member_organization": "secretariat", "standing": "member"},
        column="member_organization",
        sentence="An organization is no member of itself.",
    ),
    Refusal(
        of=Invitation,
        what="of itself",
        cells={**INVITATION, "invitee": "commission"},
        column="invitee",
        sentence="An organization does not invite itself.",
        in_database=True,
    ),
    Refusal(
        of=Assignment,
        what="nowhere",
        cells={"observer": ROBIN, "role": "short_term"},
        column="mission",
        sentence="Give the mission, the deployment, or both.",
        in_database=True,
    ),
    # Regions, rounds and statements
    Refusal(
        of=Region,
        what="with the code of another country",
        cells={"country": "KZ", "name": "South", "iso": "KG-B"},
        column="iso",
        sentence="The code does not begin with the country's, KZ.",
    ),
    Refusal(
        of=VotingDay,
        what="in round 0",
        cells={**VOTING_DAY, "round": "0"},
        column="round",
        sentence="Rounds are counted from 1.",
    ),
    Refusal(
        of=Statement,
        what="about no kind of record",
        cells={**STATEMENT, "subject": "pictures/joint"},
        column="subject",
        sentence="Write the kind and the code, for example missions/kg-presidential-2017-10-15-cis.",
    ),
    Refusal(
        of=Statement,
        what="about an unknown record",
        cells={**STATEMENT, "subject": "missions/nowhere"},
        column="subject",
        sentence="There is no record “missions/nowhere”.",
    ),
    Refusal(
        of=Statement,
        what="about an unknown field",
        cells={**STATEMENT, "field": "weather"},
        column="field",
        sentence="“weather” is not a column of missions.",
    ),
    # What has to be given
    missing(Source, {"code": "gazette", "publisher": "Northland Gazette"}, "title"),
    missing(Organization, {"code": "assembly"}, "kind"),
    missing(OrganizationName, NAME, "organization"),
    missing(OrganizationName, {**NAME, "language": "ru"}, "name"),
    missing(Membership, MEMBERSHIP, "organization"),
    missing(Region, {"code": "north", "country": "KZ"}, "name"),
    missing(Election, {"code": "first", "country": "KG", "kind": "local"}, "election_day"),
    missing(VotingDay, VOTING_DAY, "election"),
    missing(VotingDay, VOTING_DAY, "starts_on"),
    missing(Mission, MISSION, "election"),
    missing(Mission, MISSION, "organizer"),
    missing(Mission, {**MISSION, "organizer": "bureau"}, "kind"),
    missing(Invitation, INVITATION, "invitee"),
    missing(Deployment, DEPLOYMENT, "election"),
    missing(Channel, CHANNEL, "mission"),
    missing(Channel, CHANNEL, "source"),
    missing(HeadCount, COUNT_OF_ELECTION, "kind"),
    missing(HeadCount, COUNT_OF_ELECTION, "as_of"),
    missing(HeadCount, COUNT_OF_ELECTION, "source"),
    missing(Observer, {"code": ROBIN}, "family_name"),
    missing(ObserverName, SPELLING, "observer"),
    missing(Assignment, PLACE, "observer"),
    missing(Assignment, PLACE, "role"),
    missing(Statement, STATEMENT, "value"),
    # What is no choice
    unknown_choice(
        Mission,
        {**MISSION, "organizer": "bureau"},
        "kind",
        "picnic",
        choices="nam, eom, leom, eam, eet, seam, rom, ieom, exm, fum, pa, om, visitor, citizen, ingo",
    ),
    unknown_choice(Invitation, INVITATION, "response", "perhaps", choices="none, accepted, declined, withdrawn"),
    unknown_choice(
        Deployment,
        {"election": "first", "sender": "commission"},
        "sender_country",
        "XX",
        choices="two capital letters of ISO 3166-1",
    ),
    unknown_choice(
        HeadCount,
        COUNT_OF_ELECTION,
        "qualifier",
        "roughly",
        choices="exact, at_least, more_than, about, at_most, not_published",
    ),
    unknown_choice(Membership, MEMBERSHIP, "standing", "friend", choices="member, observer, partner"),
    # The same thing twice
    second(
        OrganizationName,
        {**NAME, "language": "ru", "valid_from": "2030-01-01", "source": "gazette"},
        "with day and source",
        "This source gives the organization a name from that day in that language already.",
    ),
    second(
        OrganizationName,
        {**NAME, "language": "ru"},
        "without day and source",
        "This source gives the organization a name from that day in that language already.",
    ),
    second(Membership, {**MEMBERSHIP, "since": "2020-01-01"}, "since a day", "This membership is recorded already."),
    second(Membership, MEMBERSHIP, "since nobody knows when", "This membership is recorded already."),
    second(
        Membership,
        {"organization": "secretariat", "member_organization": "commission", "standing": "member"},
        "of an organization",
        "This membership is recorded already.",
    ),
    second(VotingDay, {**VOTING_DAY, "region": "north"}, "of a region", "This voting day is recorded already."),
    second(VotingDay, VOTING_DAY, "of the whole country", "This voting day is recorded already."),
    second(Invitation, INVITATION, "of the same", "This invitation is recorded already: change that one."),
    second(Channel, CHANNEL, "told by one source", "This source names this mission for the deployment already."),
    second(HeadCount, COUNT_OF_ELECTION, "of an election", "This source gives this count for that day already."),
    second(
        HeadCount,
        {**COUNT, "mission": "joint", "as_of_from": "2030-05-01"},
        "of a mission, undated",
        "This source gives this count for that day already.",
    ),
    second(
        HeadCount,
        {**COUNT, "deployment": "party"},
        "of a deployment",
        "This source gives this count for that day already.",
    ),
    second(ObserverName, SPELLING, "spelt so", "This spelling is recorded already."),
    second(Assignment, PLACE, "in a mission", "This person has this role there already."),
    second(
        Assignment,
        {"observer": ROBIN, "deployment": "party", "role": "short_term"},
        "in a deployment",
        "This person has this role there already.",
    ),
    second(Assignment, {**PLACE, "deployment": "party"}, "in both", "This person has this role there already."),
    second(Statement, STATEMENT, "of one source", "This source has a statement about this field already."),
]
