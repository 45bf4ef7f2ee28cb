"""Every filter of every list, at every door: the rows that stay are those asked for, and the others go.

The rows are of two sides: Zebra, an election in Kyrgyzstan in 2017, and Yak, one in Mongolia in 2030. No filter below
keeps all of them.
"""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from missions.dataset import RECORDS
from missions.models import Election
from missions.readings import rebuild_readings
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
    StatementFactory,
    VotingDayFactory,
)
from tests.missions.test_lists import PAGES, RESOURCES, api, body_of, csv_of_api, csv_of_page, page

pytestmark = pytest.mark.usefixtures("two_sides", "db", "public_access")

ZEBRA = date(2017, 10, 15)
YAK = date(2030, 6, 2)
OBSERVERS = {"zebra": "00000000-0000-4000-8000-00000000000a", "yak": "00000000-0000-4000-8000-00000000000b"}
EVERY = {
    "sources": ["zebra-gazette", "yak-courier", "yak-herald"],
    "organizations": ["cec-kg", "cec-kz", "cis", "gov-kz", "ipa", "mfa-mn", "osce", "parliament-uz", "sco"],
    "organization-names": ["name-cis", "name-sco"],
    "memberships": ["zebra-membership", "yak-membership"],
    "regions": ["zebra-region", "yak-region"],
    "elections": ["zebra", "yak"],
    "voting-days": ["zebra-day", "yak-day"],
    "missions": ["zebra-mission", "zebra-joint", "yak-mission", "yak-other"],
    "invitations": ["zebra-invitation", "yak-invitation"],
    "deployments": ["zebra-party", "yak-party", "yak-direct"],
    "channels": ["zebra-channel", "yak-channel", "yak-channel-2"],
    "head-counts": ["zebra-count", "zebra-of-election", "zebra-of-mission", "yak-count", "yak-count-2"],
    "observers": [OBSERVERS["zebra"], OBSERVERS["yak"]],
    "observer-names": ["zebra-spelling", "yak-spelling"],
    "assignments": ["zebra-place", "yak-place"],
    "statements": ["zebra-statement", "yak-statement"],
}


@pytest.fixture(scope="module")
def two_sides(django_db_setup, django_db_blocker):
    """The rows, made once for all tests here; what one of them adds is taken away after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_two_sides()
        yield
        transaction.set_rollback(True)


def make_two_sides():
    gazette = SourceFactory(code="zebra-gazette", title="Zebras arrive", language="ru", published_on=ZEBRA)
    herald = SourceFactory(code="yak-herald", language="en", published_on=YAK)
    courier = SourceFactory(code="yak-courier", language="en", published_on=YAK)
    zebra_facts, yak_facts = {"sources": [gazette]}, {"sources": [herald]}

    cis = OrganizationFactory(code="cis", **zebra_facts)
    ipa = OrganizationFactory(code="ipa", kind="parliamentary_assembly", parent=cis)
    sco = OrganizationFactory(code="sco")
    osce = OrganizationFactory(code="osce")
    gov_kz = OrganizationFactory(code="gov-kz", kind="government", country="KZ")
    cec_kz = OrganizationFactory(code="cec-kz", kind="election_body", country="KZ", parent=gov_kz)
    parliament_uz = OrganizationFactory(code="parliament-uz", kind="parliament", country="UZ")
    cec_kg = OrganizationFactory(code="cec-kg", kind="election_body", country="KG")
    mfa_mn = OrganizationFactory(code="mfa-mn", kind="government", country="MN")
    OrganizationNameFactory(code="name-cis", organization=cis, name="Zebra Commonwealth", source=gazette)
    OrganizationNameFactory(code="name-sco", organization=sco, name="Yak Union", source=herald)
    MembershipFactory(code="zebra-membership", organization=cis, member_country="KZ", **zebra_facts)
    MembershipFactory(
        code="yak-membership",
        organization=sco,
        member_country="",
        member_organization=parliament_uz,
        standing="observer",
        **yak_facts,
    )
    region = RegionFactory(code="zebra-region", country="KG", name="Zebra Region", source=gazette)
    other_region = RegionFactory(code="yak-region", country="MN", name="Yak Region")

    zebra = ElectionFactory(
        code="zebra",
        name="Zebra vote",
        country="KG",
        kind="presidential",
        status="held",
        election_day=ZEBRA,
        **zebra_facts,
    )
    yak = ElectionFactory(
        code="yak", name="Yak vote", country="MN", kind="parliamentary", status="called", election_day=YAK
    )
    VotingDayFactory(code="zebra-day", election=zebra, region=region, starts_on=ZEBRA, source=gazette)
    VotingDayFactory(code="yak-day", election=yak, region=other_region, starts_on=YAK, source=herald)
    joint = MissionFactory(code="zebra-joint", election=zebra, organizer=osce, kind="ieom", **zebra_facts)
    mission = MissionFactory(
        code="zebra-mission", election=zebra, organizer=ipa, kind="pa", status="closed", part_of=joint, **zebra_facts
    )
    other_mission = MissionFactory(code="yak-mission", election=yak, organizer=sco, kind="om", **yak_facts)
    another_mission = MissionFactory(code="yak-other", election=yak, organizer=osce, kind="om", **yak_facts)
    InvitationFactory(
        code="zebra-invitation",
        election=zebra,
        inviter=cec_kg,
        invitee=cec_kz,
        response="declined",
        reason="political",
        **zebra_facts,
    )
    InvitationFactory(
        code="yak-invitation", election=yak, inviter=mfa_mn, invitee=sco, response="accepted", **yak_facts
    )

    party = DeploymentFactory(
        code="zebra-party", election=zebra, sender_country="KZ", sender=cec_kz, status="completed", **zebra_facts
    )
    other_party = DeploymentFactory(
        code="yak-party", election=yak, sender_country="UZ", sender=parliament_uz, status="planned", **yak_facts
    )
    DeploymentFactory(code="yak-direct", election=yak, sender_country="TR", status="announced", **yak_facts)
    ChannelFactory(code="zebra-channel", deployment=party, mission=mission, source=gazette)
    ChannelFactory(code="yak-channel", deployment=other_party, mission=other_mission, source=herald)
    ChannelFactory(code="yak-channel-2", deployment=other_party, mission=another_mission, source=courier)
    HeadCountFactory(code="zebra-count", deployment=party, kind="announced", value=46, source=gazette)
    HeadCountFactory(
        code="zebra-of-election", election=zebra, basis="change", group="organizations", value=54, source=gazette
    )
    HeadCountFactory(code="zebra-of-mission", mission=mission, qualifier="at_least", value=170, source=gazette)
    # Two sources that name different missions and numbers.
    for code, source, value in (("yak-count", herald, 10), ("yak-count-2", courier, 12)):
        HeadCountFactory(code=code, deployment=other_party, kind="announced", value=value, source=source)

    person = ObserverFactory(
        code=OBSERVERS["zebra"], family_name="Zebra", given_names="Ada", nationality="KZ", gender="female"
    )
    other_person = ObserverFactory(
        code=OBSERVERS["yak"], family_name="Yak", given_names="Bo", nationality="UZ", gender="male"
    )
    ObserverNameFactory(code="zebra-spelling", observer=person, source=gazette)
    ObserverNameFactory(code="yak-spelling", observer=other_person, source=herald)
    AssignmentFactory(
        code="zebra-place",
        observer=person,
        mission=mission,
        deployment=party,
        role="head",
        status="confirmed",
        region=region,
        starts_on=date(2017, 10, 10),
        ends_on=ZEBRA,
        **zebra_facts,
    )
    AssignmentFactory(
        code="yak-place",
        observer=other_person,
        mission=other_mission,
        deployment=other_party,
        role="expert",
        status="nominated",
        region=other_region,
        starts_on=YAK,
        **yak_facts,
    )
    StatementFactory(code="zebra-statement", subject="deployments/zebra-party", field="status", source=gazette)
    StatementFactory(code="yak-statement", subject="deployments/yak-party", field="status", source=herald)

    rebuild_readings(Election.objects.all())
    for model in RECORDS:
        model.objects.update(modified_at=datetime(2031, 1, 1, tzinfo=UTC))
        model.objects.filter(code__in=OF_ZEBRA).update(modified_at=datetime(2032, 1, 1, tzinfo=UTC))


OF_ZEBRA = [
    *(code for codes in EVERY.values() for code in codes if code.startswith("zebra")),
    *("cis", "ipa", "cec-kz", "gov-kz", "cec-kg", "name-cis", OBSERVERS["zebra"]),
]

OF_ANY_ELECTION = {
    "election": {"zebra": "zebra"},
    "host_country": {"KG": "zebra"},
    "year": {"2017": "zebra"},
    "source": {"zebra-gazette": "zebra"},
}
OF_ANY_DEPLOYMENT = {
    "sender_country": {"KZ": "zebra"},
    "sender": {"cec-kz": "zebra", "gov-kz": "zebra"},
    "sender_kind": {"election_body": "zebra", "parliament": "yak"},
    "status": {"completed": "zebra", "planned": "yak"},
    "election_kind": {"presidential": "zebra"},
    "date_after": {"2017-10-16": "yak"},
    "date_before": {"2017-10-15": "zebra"},
    "organizer": {"ipa": "zebra", "cis": "zebra", "sco": "yak"},
    "mission": {"zebra-mission": "zebra", "yak-mission": "yak"},
    "mission_kind": {"pa": "zebra", "om": "yak"},
    "share": {"whole": "zebra", "unknown": "yak"},
    "agreement": {"agreed": "zebra", "conflict": "yak"},
    "channels_agree": {"no": "yak"},
    "named": {"yes": "zebra"},
    # All that an anonymous visitor sees has a source: what must go are all rows.
    "sourced": {"no": ""},
}
# For each filter its values, and what stays for each: the codes, or the side whose rows stay.
FILTERS = {
    "sources": {"written_in": {"ru": "zebra", "en": "yak"}, "year": {"2017": "zebra", "2030": "yak"}},
    "organizations": {
        "kind": {"parliamentary_assembly": ["ipa"], "parliament": ["parliament-uz"]},
        "country": {"KZ": ["cec-kz", "gov-kz"], "MN": ["mfa-mn"]},
        "part_of": {"cis": ["ipa"]},
        "source": {"zebra-gazette": ["cis"]},
        "q": {"zebra": ["cis"]},
    },
    "organization-names": {
        "organization": {"cis": ["name-cis"]},
        "source": {"zebra-gazette": ["name-cis"]},
        "q": {"zebra": ["name-cis"]},
    },
    "memberships": {
        "organization": {"cis": "zebra"},
        "member_country": {"KZ": "zebra"},
        "member_organization": {"parliament-uz": "yak"},
        "standing": {"member": "zebra", "observer": "yak"},
        "source": {"zebra-gazette": "zebra", "yak-herald": "yak"},
    },
    "regions": {"country": {"KG": "zebra", "MN": "yak"}, "source": {"zebra-gazette": "zebra"}},
    "elections": {
        "host_country": {"KG": "zebra", "MN": "yak"},
        "kind": {"presidential": "zebra", "parliamentary": "yak"},
        "status": {"held": "zebra", "called": "yak"},
        "year": {"2017": "zebra", "2030": "yak"},
        "date_after": {"2017-10-16": "yak"},
        "date_before": {"2017-10-15": "zebra"},
        "source": {"zebra-gazette": "zebra"},
    },
    "voting-days": {**OF_ANY_ELECTION, "region": {"zebra-region": "zebra"}},
    "missions": {
        **OF_ANY_ELECTION,
        "organizer": {"ipa": ["zebra-mission"], "cis": ["zebra-mission"], "osce": ["yak-other", "zebra-joint"]},
        "kind": {"pa": ["zebra-mission"], "om": "yak"},
        "status": {"closed": ["zebra-mission"]},
        "part_of": {"zebra-joint": ["zebra-mission"]},
    },
    "invitations": {
        **OF_ANY_ELECTION,
        "inviter": {"cec-kg": "zebra"},
        "invitee": {"cec-kz": "zebra", "sco": "yak"},
        "response": {"declined": "zebra", "accepted": "yak"},
        "reason": {"political": "zebra"},
        "sender_country": {"KZ": "zebra"},
        "sender": {"cec-kz": "zebra", "gov-kz": "zebra", "sco": "yak"},
        "election_kind": {"presidential": "zebra", "parliamentary": "yak"},
        "date_after": {"2017-10-16": "yak"},
        "date_before": {"2017-10-15": "zebra"},
    },
    "deployments": {
        **OF_ANY_ELECTION,
        **OF_ANY_DEPLOYMENT,
        "status": {"completed": "zebra", "planned": ["yak-party"], "announced": ["yak-direct"]},
        "sender_kind": {"election_body": "zebra", "parliament": ["yak-party"]},
        "organizer": {"ipa": "zebra", "cis": "zebra", "sco": ["yak-party"], "osce": ["yak-party"]},
        "mission": {"zebra-mission": "zebra", "yak-other": ["yak-party"]},
        "mission_kind": {"pa": "zebra", "om": ["yak-party"]},
        "share": {"whole": "zebra", "unknown": ["yak-party"], "bilateral": ["yak-direct"]},
        "agreement": {"agreed": "zebra", "conflict": ["yak-party"], "none": ["yak-direct"]},
        "channels_agree": {"no": ["yak-party"], "yes": ["yak-direct", "zebra-party"]},
        "named": {"yes": "zebra", "no": "yak"},
    },
    "channels": {
        "election": {"zebra": "zebra"},
        "deployment": {"zebra-party": "zebra"},
        "mission": {"zebra-mission": "zebra", "yak-other": ["yak-channel-2"]},
        "source": {"zebra-gazette": "zebra"},
    },
    "head-counts": {
        "in_election": {"zebra": "zebra"},
        "election": {"zebra": ["zebra-of-election"]},
        "mission": {"zebra-mission": ["zebra-of-mission"]},
        "deployment": {"zebra-party": ["zebra-count"]},
        "kind": {"accredited": ["zebra-of-election", "zebra-of-mission"]},
        "group": {"organizations": ["zebra-of-election"]},
        "basis": {"change": ["zebra-of-election"]},
        "qualifier": {"at_least": ["zebra-of-mission"]},
        "source": {"zebra-gazette": "zebra", "yak-courier": ["yak-count-2"]},
    },
    "observers": {
        "nationality": {"KZ": [OBSERVERS["zebra"]]},
        "gender": {"female": [OBSERVERS["zebra"]]},
        "q": {"zebra": [OBSERVERS["zebra"]]},
    },
    "observer-names": {"observer": {OBSERVERS["zebra"]: "zebra"}, "source": {"yak-herald": "yak"}},
    "assignments": {
        **OF_ANY_ELECTION,
        **OF_ANY_DEPLOYMENT,
        "observer": {OBSERVERS["zebra"]: "zebra"},
        "deployment": {"zebra-party": "zebra", "yak-party": "yak"},
        "nationality": {"KZ": "zebra"},
        "role": {"head": "zebra", "expert": "yak"},
        "assignment_status": {"confirmed": "zebra", "nominated": "yak"},
        "region": {"zebra-region": "zebra"},
        "on": {"2017-10-12": "zebra", "2017-10-15": "zebra", "2030-06-02": "yak"},
        "channels_agree": {"no": "yak", "yes": "zebra"},
        "named": {"yes": "zebra", "no": "yak"},
    },
    "statements": {"source": {"zebra-gazette": "zebra"}},
}
IN_EVERY_LIST = {"q": {"zebra": "zebra"}, "modified_after": {"2031-06-01": OF_ZEBRA}}
TABLE = {resource: {**IN_EVERY_LIST, **filters} for resource, filters in FILTERS.items()}
ASKED = [
    (resource, parameter, value, stays)
    for resource, filters in TABLE.items()
    for parameter, values in filters.items()
    for value, stays in values.items()
]
LISTS_WITH_PAGES = [asked for asked in ASKED if asked[0] in PAGES]


def rows_that_stay(resource, stays):
    if isinstance(stays, str):
        return sorted(code for code in EVERY[resource] if stays and code.startswith(stays))
    return sorted(set(stays) & set(EVERY[resource]))


def codes_of_page(client, address):
    return sorted(row["code"] for _record, row in client.get(address).context.get("rows", []))


def codes_of_csv(client, address):
    text = body_of(client.get(address)).decode()
    return sorted(row["code"] for row in csv.DictReader(io.StringIO(text)))


def codes_of_api(client, address):
    return sorted(row["code"] for row in client.get(address).json()["results"])


def test_without_a_filter_every_row_stays(client):
    assert {resource: codes_of_api(client, api(resource)) for resource in RESOURCES} == {
        resource: sorted(codes) for resource, codes in EVERY.items()
    }


def test_no_filter_of_the_table_keeps_every_row():
    kept = [rows_that_stay(resource, stays) for resource, _parameter, _value, stays in ASKED]
    assert all(set(codes) < set(EVERY[resource]) for (resource, *_), codes in zip(ASKED, kept, strict=True))
    nothing_stays = {
        (resource, parameter) for (resource, parameter, *_), codes in zip(ASKED, kept, strict=True) if not codes
    }
    assert nothing_stays == {("deployments", "sourced"), ("assignments", "sourced")}


def test_every_filter_of_every_list_is_in_the_table():
    filters = {
        (resource, parameter)
        for resource, viewset in RESOURCES.items()
        for parameter in viewset.filterset_class.base_filters
    }
    assert {(resource, parameter) for resource, parameter, *_ in ASKED} == filters
    assert (len(filters), len(ASKED), len(LISTS_WITH_PAGES)) == (143, 195, 144)


@pytest.mark.parametrize(("resource", "parameter", "value", "stays"), ASKED)
def test_a_filter_of_the_api(client, resource, parameter, value, stays):
    expected = rows_that_stay(resource, stays)
    assert codes_of_api(client, api(resource, f"?{parameter}={value}")) == expected
    assert codes_of_csv(client, csv_of_api(resource, f"?{parameter}={value}")) == expected


@pytest.mark.parametrize(("resource", "parameter", "value", "stays"), LISTS_WITH_PAGES)
def test_a_filter_of_a_page(client, resource, parameter, value, stays):
    expected = rows_that_stay(resource, stays)
    assert codes_of_page(client, page(resource, f"?{parameter}={value}")) == expected
    assert codes_of_csv(client, csv_of_page(resource, f"?{parameter}={value}")) == expected


@pytest.mark.parametrize("resource", ["deployments", "assignments"])
def test_what_has_no_source_is_found_by_members(rf, viewer, northland_commission, resource):
    party = DeploymentFactory(code="without-source")
    AssignmentFactory(code="without-source", observer=ObserverFactory(owner=northland_commission), deployment=party)
    for answer, found in (("no", ["without-source"]), ("yes", EVERY[resource])):
        request = rf.get("/", {"sourced": answer})
        request.user = viewer
        viewset = RESOURCES[resource]
        rows = viewset.filterset_class(request.GET, viewset.rows(viewer), request=request).qs
        assert sorted(rows.values_list("code", flat=True)) == sorted(found)


@pytest.mark.parametrize("resource", [name for name in FILTERS if name not in {"sources", "observers"}])
def test_every_list_whose_rows_cite_sources_is_asked_by_source(client, resource):
    """In the words of the rows themselves, whatever the column of the sources is called."""
    rows = client.get(api(resource, "?source=zebra-gazette")).json()["results"]
    cited = [row["sources"] if "sources" in row else [row["source"]] for row in rows]
    assert {("zebra-gazette" in codes) for codes in cited} == {True}


@pytest.mark.parametrize("resource", ["elections", "missions", "deployments", "regions"])
def test_a_source_that_is_hidden_cannot_be_asked_for(client, resource):
    memo = SourceFactory(code="memo", public=False)
    answers = []
    for code in (memo.code, "nemo"):
        found = client.get(api(resource, f"?source={code}"))
        answers.append((found.status_code, found.content.decode().replace(code, "…")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 400


def test_several_values_of_one_filter_are_alternatives_and_several_filters_hold_together(client):
    either = api("deployments", "?sender_country=KZ&sender_country=TR")
    assert codes_of_api(client, either) == ["yak-direct", "zebra-party"]
    assert codes_of_api(client, f"{either}&host_country=MN") == ["yak-direct"]


def test_organizer_kind_and_mission_are_asked_of_one_mission(client):
    """The party goes through an observer mission of the OSCE, and the OSCE runs a joint one elsewhere."""
    through = "?organizer=osce&mission_kind="
    for door, address in ((codes_of_page, page), (codes_of_api, api), (codes_of_csv, csv_of_page)):
        assert door(client, address("deployments", f"{through}om")) == ["yak-party"]
        assert door(client, address("deployments", f"{through}ieom")) == []
        assert door(client, address("deployments", "?organizer=sco&mission=yak-other")) == []


def test_a_channel_that_does_not_count_is_no_way_to_a_party(client):
    mission = RESOURCES["missions"].model().objects.get(code="zebra-joint")
    party = RESOURCES["deployments"].model().objects.get(code="zebra-party")
    ChannelFactory(deployment=party, mission=mission, counted=False)
    assert codes_of_api(client, api("deployments", "?organizer=osce")) == ["yak-party"]
    assert codes_of_api(client, api("deployments", "?share=whole")) == ["zebra-party"]
    assert client.get(api("deployments", "?q=zebra")).json()["results"][0]["missions"] == ["zebra-mission"]
