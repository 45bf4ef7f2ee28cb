"""Two organizations that send and two that organize: each text that not everybody reads is a canary, found once only.

`canary-a-paper-phone` is the phone number of the person of organization A whom only an internal paper names. Whatever
finds it in an answer knows whose it is. Who may meet which: `tests/security/expectations.py`, written by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from string import ascii_lowercase
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from missions.actions import merge_observers
from missions.models import Election, PeopleFile
from missions.readings import rebuild_readings
from observers.models import Erasure, Merge
from organizations.changes import Watched, log_change
from organizations.models import Change, SourceCopy
from organizations.policy import INTERNAL_NOTES, PERSONAL_FIELDS
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    InvitationFactory,
    MembershipFactory,
    MissionFactory,
    ObserverFactory,
    ObserverNameFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    RegionFactory,
    SourceFactory,
    StaffRoleFactory,
    StatementFactory,
    UserFactory,
    VotingDayFactory,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2030, 7, 1, 12, tzinfo=UTC)
# Two letters hold no word: a nationality is known by a country that nobody else has.
COUNTRIES = (
    *("AS", "AI", "AW", "BM", "BV", "KY", "CX", "FO", "GI", "GL", "GU", "GG", "IM", "MO", "MS", "NC", "NU"),
    *("NF", "PN", "TK", "BL", "PM", "MF", "SJ", "WF", "YT", "RE", "MQ", "GP", "GF", "FK", "CK"),
)
# Languages for local use of ISO 639-2: in none of our texts.
LANGUAGES = tuple(f"qa{letter}" for letter in ascii_lowercase)
# The gender has room for three letters after "canary-".
GENDERS = tuple(f"canary-{first}{second}g" for first in "bcd" for second in ascii_lowercase)

# Persons, by what is known of them.
WHO = ("open", "paper", "withheld", "hushed", "roster", "lent", "guest", "kept")


@dataclass
class World:
    """Everything that was made, by name; and of each canary what it tells: (keeper, person or record, part)."""

    told: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    persons: dict[tuple[str, str], Any] = field(default_factory=dict)
    places: dict[tuple[str, str], Any] = field(default_factory=dict)
    users: dict[str, Any] = field(default_factory=dict)
    made: SimpleNamespace = field(default_factory=SimpleNamespace)
    countries: Iterator[str] = field(default_factory=lambda: iter(COUNTRIES))
    languages: Iterator[str] = field(default_factory=lambda: iter(LANGUAGES))
    genders: Iterator[str] = field(default_factory=lambda: iter(GENDERS))

    def canary(self, keeper, who, part, *words):
        """A text of which each of those that it is made of stands in others as well, the last one nowhere else."""
        text = "-".join((keeper, who, *words)).replace("_", "-")
        return self.note(f"canary-{text}-{text.replace('-', '')}", (keeper, who, part))

    def note(self, canary, about):
        assert canary not in self.told, canary
        self.told[canary] = about
        return canary

    def of_part(self, *about):
        return {canary for canary, told in self.told.items() if told == about}


def build():
    """The world. Everything is stored past the forms, as an import would."""
    world = World()
    make_organizations(world)
    make_facts(world)
    for keeper in ("a", "b"):
        make_persons(world, keeper)
    make_persons_of_nobody(world)
    make_users(world)
    make_changes(world)
    make_a_merge(world)
    make_files(world)
    make_copies(world)
    rebuild_readings(Election.objects.all())
    return world


def make_organizations(world):
    made = world.made
    made.gazette = SourceFactory(code="gazette", public=True)
    for letter, kind, country in (
        ("a", "election_body", "KZ"),
        ("b", "government", "UZ"),
        ("m", "intergovernmental", ""),
        ("n", "intergovernmental", ""),
    ):
        name = f"Office {letter.upper()}"
        organization = OrganizationFactory(code=f"office-{letter}", kind=kind, country=country)
        OrganizationNameFactory(organization=organization, name=name, source=made.gazette)
        setattr(made, letter, organization)
    made.nobody = None


def make_facts(world):
    """Facts of a public source, and the same kinds of facts of an internal paper of A."""
    made = world.made
    made.memo = SourceFactory(
        code="memo",
        public=False,
        owner=made.a,
        title=world.canary("fact", "paper", "fact", "title"),
        excerpt=world.canary("fact", "paper", "fact", "source", "excerpt"),
    )
    made.herald = SourceFactory(code="herald", owner=made.b, title=world.canary("fact", "open", "fact", "title"))
    made.election = ElectionFactory(code="kg-2030", country="KG", sources=[made.gazette])
    made.mission_m = mission(world, "m", "mission-m", made.gazette, organizer=made.m, owner=made.m)
    made.mission_n = mission(world, "n", "mission-n", made.gazette, organizer=made.n, owner=made.n)
    # Entered by a desk that sends, organized by another.
    made.mission_a = mission(world, "a", "mission-a", made.memo, organizer=made.m, owner=made.a)
    made.mission_b = mission(world, "b", "mission-b", made.memo, organizer=made.n, owner=made.b)
    made.mission_o = mission(world, "o", "mission-o", made.gazette, organizer=made.b, owner=None)
    made.deployment_a = deployment(world, "a", made.herald, sender_country="KZ", sender=made.a, owner=made.a)
    made.deployment_b = deployment(world, "b", made.memo, sender_country="UZ", owner=made.b)
    made.deployment_o = deployment(world, "o", made.herald, sender_country="TJ", owner=None)
    for state, source, mission_of, party, keeper in (
        ("open", made.herald, made.mission_m, made.deployment_a, made.a),
        ("paper", made.memo, made.mission_n, made.deployment_b, made.b),
    ):
        fact = lambda *words, state=state: world.canary("fact", state, "fact", *words)  # noqa: E731
        head_count = HeadCountFactory(
            deployment=party, source=source, owner=keeper, excerpt=fact("count", "excerpt"), remark=fact("count")
        )
        channel = ChannelFactory(
            deployment=party, mission=mission_of, source=source, owner=keeper, as_named=fact("channel")
        )
        invitation = InvitationFactory(
            election=made.election,
            inviter=made.b if state == "open" else made.a,
            invitee=made.m if state == "open" else made.n,
            owner=keeper,
            reason_text=fact("invitation"),
            sources=[source],
        )
        statement = StatementFactory(
            subject="elections/kg-2030", field="office", source=source, owner=keeper, value=fact("statement")
        )
        name = OrganizationNameFactory(organization=made.a, source=source, language="ru", name=fact("name"))
        day = VotingDayFactory(election=made.election, source=source, round=1 if state == "open" else 2)
        region = RegionFactory(code=f"region-{state}", source=source)
        membership = MembershipFactory(
            organization=made.m, member_country="KZ" if state == "open" else "UZ", sources=[source]
        )
        setattr(
            made,
            state,
            SimpleNamespace(
                head_count=head_count,
                channel=channel,
                invitation=invitation,
                statement=statement,
                name=name,
                voting_day=day,
                region=region,
                membership=membership,
                source=source,
            ),
        )


def mission(world, keeper, code, source, **columns):
    state = "open" if source.public else "paper"
    return MissionFactory(
        code=code,
        election=world.made.election,
        remark=world.canary("fact", state, "fact", code),
        internal_note=world.canary(keeper, "mission", "note", "note"),
        sources=[source],
        **columns,
    )


def deployment(world, keeper, source, **columns):
    state = "open" if source.public else "paper"
    return DeploymentFactory(
        code=f"deployment-{keeper}",
        election=world.made.election,
        remark=world.canary("fact", state, "fact", "deployment", keeper),
        internal_note=world.canary(keeper, "deployment", "note", "note"),
        sources=[source],
        **columns,
    )


# Persons


def make_persons(world, keeper):
    """Of each kind one person, kept by A or by B. A sends to M, B to N; the hushed ones the other way round."""
    made = world.made
    owner = getattr(made, keeper)
    usual, other = (made.mission_m, made.mission_n) if keeper == "a" else (made.mission_n, made.mission_m)
    party = getattr(made, f"deployment_{keeper}")
    assign = lambda who, source, **place: assignment(world, keeper, who, owner=owner, sources=[source], **place)  # noqa: E731
    for who in WHO:
        observer(world, keeper, who, owner=owner, withheld=who in {"withheld", "hushed"})
    assign("open", made.gazette, mission=usual)
    assign("paper", made.memo, mission=usual, deployment=party)
    assign("withheld", made.gazette, mission=usual)
    assign("hushed", made.memo, mission=other)
    # Their own keeper sends them without a mission; into the mission an organizer has put them who may not see them.
    assign("lent", made.memo, deployment=party)
    assignment(
        world, keeper, "lent", part="taken", owner=usual.organizer, sources=[made.memo], mission=usual, role="expert"
    )
    # Publicly named in one mission; the organizer of another has taken them as well.
    assign("guest", made.gazette, mission=usual)
    assignment(
        world, keeper, "guest", part="taken", owner=other.organizer, sources=[made.memo], mission=other, role="expert"
    )
    # What somebody else has written down of a person whom they may not see any more.
    stranger = made.b if keeper == "a" else made.a
    StatementFactory(
        subject=f"observers/{world.persons[keeper, 'withheld'].code}",
        field="family_name",
        source=made.herald,
        owner=stranger,
        value=world.canary(keeper, "withheld", "told", "told", "by", "stranger"),
    )


def make_persons_of_nobody(world):
    """Kept by the administrators, and sent to M."""
    observer(world, "o", "paper", owner=None)
    assignment(world, "o", "paper", owner=None, sources=[world.made.memo], mission=world.made.mission_m)


def observer(world, keeper, who, **columns):
    """A person with a spelling of a public source and one of an internal paper, and what a source says otherwise."""
    made = world.made
    if who != "merged":
        # Two who differ in these, or of whom one source says two things, are not merged.
        columns["nationality"] = world.note(next(world.countries), (keeper, who, "name"))
        columns["gender"] = world.note(next(world.genders), (keeper, who, "name"))
    person = ObserverFactory(
        **columns,
        **{name: world.canary(keeper, who, "name", name) for name in ("family_name", "given_names", "languages")},
        email=f"{world.canary(keeper, who, 'contact', 'email')}@example.org",
        phone=world.canary(keeper, who, "contact", "phone"),
        internal_note=world.canary(keeper, who, "contact", "note"),
    )
    world.persons[keeper, who] = person
    for part, source in (("spelling", made.herald), ("internal spelling", made.memo)):
        words = part.replace(" ", "-")
        ObserverNameFactory(
            observer=person,
            source=source,
            language=world.note(next(world.languages), (keeper, who, part)) if part == "spelling" else "kk",
            family_name=world.canary(keeper, who, part, words, "family"),
            given_names=world.canary(keeper, who, part, words, "given"),
        )
    StatementFactory(
        subject=f"observers/{person.code}",
        field="given_names" if who == "merged" else "family_name",
        source=made.gazette,
        owner=columns["owner"],
        value=world.canary(keeper, who, "told", "told"),
        excerpt=world.canary(keeper, who, "told", "told", "excerpt"),
    )
    return person


def assignment(world, keeper, who, part="place", **columns):
    """A place; a source says something else of the post."""
    place = AssignmentFactory(
        observer=world.persons[keeper, who],
        **{name: world.canary(keeper, who, part, part, name) for name in ("area", "post", "employer")},
        accreditation_number=world.canary(keeper, who, f"number of {part}", part, "number"),
        internal_note=world.canary(keeper, who, f"number of {part}", part, "note"),
        **columns,
    )
    world.places.setdefault((keeper, who), {})[part] = place
    StatementFactory(
        subject=f"assignments/{place.code}",
        field="post",
        source=world.made.gazette,
        owner=columns["owner"],
        value=world.canary(keeper, who, part, part, "told"),
    )
    return place


# What people do


def make_users(world):
    """The accounts. What an account says of its holder is read by administrators and by the holder."""
    made = world.made
    for name, organization, role in (
        ("viewer A", made.a, "viewer"),
        ("coordinator A", made.a, "coordinator"),
        ("coordinator B", made.b, "coordinator"),
        ("organizer M", made.m, "coordinator"),
        ("organizer N", made.n, "coordinator"),
        ("deactivated", made.a, "coordinator"),
        ("data protection", None, ""),
        ("administrator", None, ""),
        ("without a role", None, ""),
    ):
        words = name.lower().replace(" ", "-")
        user = UserFactory(
            username=words,
            is_active=name != "deactivated",
            is_superuser=name == "administrator",
            is_data_protection=name == "data protection",
            **{
                column: world.canary("account", words, f"account of {name}", column)
                for column in ("first_name", "last_name")
            },
            email=f"{world.canary('account', words, f'account of {name}', 'email')}@example.org",
        )
        if organization:
            StaffRoleFactory(user=user, organization=organization, role=role)
        world.users[name] = user


def make_changes(world):
    """The log holds what records said before."""
    for keeper, by in (("a", "coordinator A"), ("b", "coordinator B"), ("o", "administrator")):
        who = "paper"
        person, place = world.persons[keeper, who], world.places[keeper, who]["place"]
        change(world, by, person, family_name=(keeper, who, "former name"), email=(keeper, who, "former contact"))
        change(
            world,
            by,
            place,
            area=(keeper, who, "former place"),
            accreditation_number=(keeper, who, "former number"),
        )
        change(world, by, getattr(world.made, f"mission_{keeper}"), internal_note=(keeper, "mission", "former note"))
        change(
            world, by, getattr(world.made, f"deployment_{keeper}"), internal_note=(keeper, "deployment", "former note")
        )


def change(world, by, record, **former):
    """Gives the record for a moment what it is to have said formerly, and puts back what it says, logged."""
    model = type(record)
    says = {name: getattr(record, name) for name in former}
    said = {name: world.canary(*about, "former", name) for name, about in former.items()}
    model.objects.filter(pk=record.pk).update(**said)
    watched = Watched()
    watched.look_at(model, [record.pk])
    model.objects.filter(pk=record.pk).update(**says)
    log_change(by=world.users[by], door=Change.Door.ADMIN, at=NOW, records=watched.changes())


def make_a_merge(world):
    """Two records of a person of A were made one; what the other said is in the snapshot and in the log."""
    kept, by = world.persons["a", "kept"], world.users["coordinator A"]
    merged = observer(world, "a", "merged", owner=world.made.a)
    del world.persons["a", "merged"]
    world.made.merged_code = merged.code
    world.made.merge = merge_observers(kept=kept, merged=merged, by=by, now=NOW)
    assert Merge.objects.count() == 1


def make_files(world):
    """A list of people that waits, one that is imported but for its refused rows, and somebody's wish to be erased."""
    for keeper, by in (("a", "coordinator A"), ("b", "coordinator B")):
        header, row = "family name,given names,e-mail", world.canary(keeper, "file", "file", "family")
        file = PeopleFile.objects.create(
            user=world.users[by],
            sent_at=NOW,
            name=f"{world.canary(keeper, 'file', 'file', 'name')}.csv",
            content=f"{header}\n{row},{world.canary(keeper, 'file', 'file', 'given')},x@example.org\n".encode(),
            mission=world.made.mission_m,
            source=world.made.memo,
            owner=getattr(world.made, keeper),
            role="short_term",
        )
        setattr(world.made, f"file_{keeper}", file)
    for keeper, by in (("a", "coordinator A"), ("b", "coordinator B")):
        erasure = Erasure.objects.create(
            observer=world.persons[keeper, "roster"],
            asked_by=world.users[by],
            asked_at=NOW,
            reason=world.canary(keeper, "roster", "erasure", "reason"),
        )
        setattr(world.made, f"erasure_{keeper}", erasure)


def make_copies(world):
    """A copy of a public source and one of an internal paper, each with a phrase that stands nowhere else."""
    by = world.users["coordinator A"]
    for name, source in (("open", world.made.gazette), ("paper", world.made.memo)):
        content = f"Copied: {world.canary('copy', name, 'copy', 'text')}".encode()
        copy, _is_new = SourceCopy.objects.store(source=source, content=content, by=by, now=NOW)
        setattr(world.made, f"copy_{name}", copy)


def blank_private_fields(world):
    """The personal fields and internal notes of both organizations' records that say nothing: there should be none."""
    rows = {
        "observers": list(world.persons.values()),
        "observer_names": [name for person in world.persons.values() for name in person.names.all()],
        "assignments": [place for places in world.places.values() for place in places.values()],
        "missions": [getattr(world.made, f"mission_{letter}") for letter in "abmno"],
        "deployments": [getattr(world.made, f"deployment_{letter}") for letter in "abo"],
    }
    fields = {**PERSONAL_FIELDS, **{name: INTERNAL_NOTES[name] for name in INTERNAL_NOTES}}
    assert fields.keys() == rows.keys()
    checked, blank = 0, []
    for file, records in rows.items():
        for record in records:
            for name in fields[file]:
                checked += 1
                if not getattr(record, name):
                    blank.append((file, record.code, name))
    return checked, blank
