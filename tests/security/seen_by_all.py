"""What everybody sees, in both databases of non-interference, and the accounts of those who ask."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps

from missions.models import Election
from missions.readings import rebuild_readings
from observers.models import Merge
from organizations.models import Record
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

ACTORS = (
    "visitor",
    "member",
    "viewer_a",
    "coordinator_a",
    "coordinator_b",
    "organizer_m",
    "data_protection",
    "administrator",
    "token_b",
)
# The word in every text of a piece; in the second database another may stand for it.
WORD = "quokka"
BEFORE = datetime(2030, 7, 1, 12, tzinfo=UTC)

# Who keeps and who organizes. Nobody signs in for the Westland Office.
WRITES_FOR = {
    "coordinator_a": "northland-commission",
    "coordinator_b": "southland-ministry",
    "organizer_m": "secretariat",
}
KEEPERS = {"a": "northland-commission", "b": "southland-ministry", "c": "westland-office", "nobody": None}


def uuid_of(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


# The persons whom everybody sees, by their keeper, and a second one of the Westland Office.
SHOWN = {"a": uuid_of(1), "b": uuid_of(2), "c": uuid_of(3), "nobody": uuid_of(4), "c2": uuid_of(5)}
FAMILY_NAMES = {"a": "Adams", "b": "Bekova", "c": "Castro", "nobody": "Nemo", "c2": "Cruz"}
MERGED_INTO_C = uuid_of(90)


class Cast:
    """The records that everybody sees, by code; and the accounts of those who come in."""

    def __init__(self) -> None:
        self.rows: dict[str, Any] = {}
        self.users: dict[str, Any] = {}

    def __getitem__(self, code: str) -> Any:
        return self.rows[code]

    def add(self, factory: Any, code: str, **columns: Any) -> Any:
        self.rows[code] = factory(code=code, **columns)
        return self.rows[code]

    def keeper(self, key: str) -> Any:
        code = KEEPERS[key]
        return self.rows[code] if code else None

    def changed(self, at: datetime) -> None:
        """Sets the moment of the last change of all rows that were made or changed since it was set last."""
        for model in apps.get_models():
            if issubclass(model, Record):
                model.objects.filter(modified_at__lt=datetime(2031, 1, 1, tzinfo=UTC)).update(modified_at=at)


def everything_seen_by_all() -> Cast:
    cast = Cast()
    add_bodies(cast)
    add_elections(cast)
    add_facts(cast)
    add_persons(cast)
    add_accounts(cast)
    Merge.objects.create(kept=cast[SHOWN["c"]], merged_code=MERGED_INTO_C, at=BEFORE, snapshot=snapshot("Casto"))
    rebuild_readings(Election.objects.all())
    return cast


def snapshot(name: str) -> dict[str, Any]:
    return {"person": {"removed": {"fields": {"given_names": "Robin", "family_name": name}}}}


def add_bodies(cast: Cast) -> None:
    gazette = cast.add(SourceFactory, "gazette", title="Observers arrive", published_on=date(2030, 6, 1), language="en")
    cast.add(SourceFactory, "herald", title="Вести", publisher="Herald", language="ru", owner=None)
    bodies = {
        "northland-commission": ("Northland Commission", "election_body", "KZ"),
        "southland-ministry": ("Southland Ministry", "government", "UZ"),
        "westland-office": ("Westland Office", "government", "TR"),
        "secretariat": ("Observation Secretariat", "intergovernmental", ""),
        "council": ("Northland Council", "intergovernmental", ""),
        "host": ("Host Commission", "election_body", "KG"),
    }
    for code, (name, kind, country) in bodies.items():
        body = cast.add(OrganizationFactory, code, kind=kind, country=country)
        OrganizationNameFactory(organization=body, name=name, source=gazette)
    cast["gazette"].owner = cast["southland-ministry"]
    cast["gazette"].save()
    cast.add(MembershipFactory, "membership", organization=cast["council"], sources=[gazette])
    cast.add(RegionFactory, "region-kg", country="KG", name="Naryn", source=gazette)
    cast.add(RegionFactory, "region-mn", country="MN", name="Khovd", source=gazette)


def add_elections(cast: Cast) -> None:
    sources = [cast["gazette"]]
    cast.add(ElectionFactory, "kg", country="KG", election_day=date(2030, 6, 2), sources=sources)
    cast.add(ElectionFactory, "mn", country="MN", kind="parliamentary", election_day=date(2028, 5, 5), sources=sources)
    cast.add(VotingDayFactory, "kg-day", election=cast["kg"], source=cast["gazette"], region=cast["region-kg"])
    missions = {
        "kg-secretariat": ("kg", "secretariat", "nobody", "om"),
        "kg-council": ("kg", "council", "b", "pa"),
        "mn-secretariat": ("mn", "secretariat", "a", "eom"),
        "mn-council": ("mn", "council", "nobody", "om"),
    }
    for code, (election, organizer, keeper, kind) in missions.items():
        cast.add(
            MissionFactory,
            code,
            election=cast[election],
            organizer=cast[organizer],
            owner=cast.keeper(keeper),
            kind=kind,
            sources=sources,
        )
    parties = {
        "kg-from-a": ("kg", "northland-commission", "KZ", "a"),
        "kg-from-b": ("kg", "southland-ministry", "UZ", "b"),
        "mn-from-uz": ("mn", None, "UZ", "nobody"),
    }
    for code, (election, sender, country, keeper) in parties.items():
        cast.add(
            DeploymentFactory,
            code,
            election=cast[election],
            sender=sender and cast[sender],
            sender_country=country,
            owner=cast.keeper(keeper),
            sources=sources,
        )


def add_facts(cast: Cast) -> None:
    gazette, herald = cast["gazette"], cast["herald"]
    channels = [("kg-from-a", "kg-council"), ("kg-from-a", "kg-secretariat"), ("kg-from-b", "kg-council")]
    for party, mission in channels:
        deployment = cast[party]
        cast.add(
            ChannelFactory,
            f"{party}-via-{mission}",
            deployment=deployment,
            mission=cast[mission],
            source=gazette,
            owner=deployment.owner,
        )
    b = cast.keeper("b")
    counts = [
        ("count-1", {"deployment": cast["kg-from-a"], "value": 5, "kind": "announced", "source": gazette}),
        ("count-2", {"deployment": cast["kg-from-a"], "value": 6, "kind": "announced", "source": herald}),
        ("count-3", {"deployment": cast["kg-from-b"], "value": 1, "kind": "announced", "source": gazette, "owner": b}),
        ("count-4", {"mission": cast["kg-council"], "value": 2, "kind": "announced", "source": gazette, "owner": b}),
        ("count-5", {"mission": cast["kg-secretariat"], "value": 3, "kind": "accredited", "source": gazette}),
        ("count-6", {"election": cast["kg"], "value": 170, "qualifier": "at_least", "source": gazette}),
    ]
    for code, columns in counts:
        cast.add(HeadCountFactory, code, **columns)
    cast.add(
        InvitationFactory,
        "invitation",
        election=cast["kg"],
        inviter=cast["host"],
        invitee=cast["council"],
        owner=b,
        sources=[gazette],
    )
    cast.add(StatementFactory, "statement-1", subject="missions/kg-council", source=herald, owner=b)
    cast.add(StatementFactory, "statement-2", subject=f"observers/{SHOWN['a']}", field="family_name", source=gazette)


def add_persons(cast: Cast) -> None:
    """All in the mission of the council, by their keeper; two also in that of the secretariat."""
    for key, code in SHOWN.items():
        keeper = cast.keeper(key[:1] if key == "c2" else key)
        person = cast.add(
            ObserverFactory, code, family_name=FAMILY_NAMES[key], given_names="Robin", nationality="KZ", owner=keeper
        )
        mission = cast["mn-council" if key == "nobody" else "kg-council"]
        party = cast["kg-from-a"] if key == "a" else None
        cast.add(
            AssignmentFactory,
            f"place-{key}",
            observer=person,
            mission=mission,
            deployment=party,
            owner=keeper,
            sources=[cast["gazette"]],
        )
    source = cast["gazette"]
    cast.add(ObserverNameFactory, "spelling-a", observer=cast[SHOWN["a"]], family_name="Адамс", source=source)
    # By the keeper, and by somebody else: the first opens the contacts to the organizer, the second opens nothing.
    for key, keeper in (("a", "a"), ("b", "a")):
        cast.add(
            AssignmentFactory,
            f"place-{key}-m",
            observer=cast[SHOWN[key]],
            mission=cast["kg-secretariat"],
            owner=cast.keeper(keeper),
            role="expert",
            sources=[source],
        )


def add_accounts(cast: Cast) -> None:
    roles = {
        "viewer_a": ("northland-commission", "viewer"),
        "coordinator_a": ("northland-commission", "coordinator"),
        "coordinator_b": ("southland-ministry", "coordinator"),
        "organizer_m": ("secretariat", "coordinator"),
    }
    for name, (organization, role) in roles.items():
        cast.users[name] = StaffRoleFactory(user__username=name, organization=cast[organization], role=role).user
    cast.users["member"] = UserFactory(username="member")
    cast.users["data_protection"] = UserFactory(username="data_protection", is_data_protection=True)
    cast.users["administrator"] = UserFactory(username="administrator", is_superuser=True)
    cast.users["token_b"] = cast.users["coordinator_b"]
    cast.rows["stranger"] = UserFactory(username="stranger")
