"""What a reader may not see leaves no trace: not in a page, a row, a count, a total, a choice, an order or an error.

The public rows are those of the filters' tests. Around them are put rows and columns that could leak, each of which
holds the word quokka; an anonymous visitor must not be able to tell.
"""

import re
from datetime import date
from urllib.parse import quote, urljoin

import pytest
from django.urls import reverse

from missions.dataset import RECORDS
from missions.models import Assignment, Deployment, Election, HeadCount, Mission
from observers.models import Observer
from organizations.models import Organization, Region, Source
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
    SourceFactory,
    StatementFactory,
    VotingDayFactory,
)
from tests.missions.test_filters import ASKED, EVERY, OBSERVERS, make_two_sides
from tests.missions.test_lists import (
    PAGES,
    PAGES_OF_RECORDS,
    RECONCILED,
    RESOURCES,
    api,
    body_of,
    csv_of_api,
    csv_of_page,
    page,
)

pytestmark = pytest.mark.django_db

PRIVATE = {
    "email": "quokka@example.org",
    "phone": "+7 quokka",
    "internal_note": "quokka note",
    "accreditation_number": "quokka-77",
}
HIDDEN = {
    "sources": "quokka-memo",
    "missions": "quokka-mission",
    "deployments": "quokka-party",
    "observers": "00000000-0000-4000-8000-0000000000aa",
}
SEARCHED = ["quokka", "Quokka Alliance", "quokka@example.org", "zebra", "yak"]


@pytest.fixture
def public_rows(public_access):
    """With what a public source says of a person who is public, which stays to be seen."""
    make_two_sides()
    gazette = Source.objects.get(code="zebra-gazette")
    StatementFactory(subject=f"observers/{OBSERVERS['zebra']}", field="nationality", value="UZ", source=gazette)


@pytest.fixture
def add_what_is_hidden(public_rows, rebuild, northland_commission):
    """Puts in all that could leak, without touching the day of change of what is public."""

    def add():
        memo = SourceFactory(
            code="quokka-memo", title="Quokka memo", publisher="Quokka", public=False, language="qq", excerpt="quokka"
        )
        add_hidden_names(memo)
        add_hidden_facts(memo)
        add_hidden_people(memo)
        fill_private_columns(northland_commission)
        cite_as_well(memo)
        rebuild()

    return add


def add_hidden_names(memo):
    """The latest name of each organization, which a page would print, and a spelling of a person who is public."""
    for place in Organization.objects.all():
        OrganizationNameFactory(
            organization=place, name="Quokka Alliance", short_name="QUOKKA", source=memo, valid_from=date(2010, 1, 1)
        )
    ObserverNameFactory(observer=Observer.objects.get(code=OBSERVERS["zebra"]), family_name="Quokka", source=memo)


def add_hidden_facts(memo):
    zebra, yak = Election.objects.get(code="zebra"), Election.objects.get(code="yak")
    party, mission = Deployment.objects.get(code="zebra-party"), Mission.objects.get(code="zebra-mission")
    sco = Organization.objects.get(code="sco")
    in_secret = {"sources": [memo]}
    MembershipFactory(organization=sco, member_country="AU", **in_secret)
    VotingDayFactory(election=zebra, starts_on=date(2017, 10, 22), source=memo)
    secret_mission = MissionFactory(
        code="quokka-mission", election=zebra, organizer=sco, kind="visitor", name="Quokka", **in_secret
    )
    MissionFactory(election=zebra, organizer=sco, part_of=mission, name="Quokka", **in_secret)
    secret_party = DeploymentFactory(
        code="quokka-party", election=zebra, sender_country="AU", remark="quokka", **in_secret
    )
    DeploymentFactory(election=zebra, part_of=party, sender_country="KZ", **in_secret)
    joint = Mission.objects.get(code="zebra-joint")
    for deployment, through in ((party, joint), (party, secret_mission), (secret_party, mission)):
        ChannelFactory(deployment=deployment, mission=through, source=memo, as_named="quokka", excerpt="quokka")
    for subject in ({"deployment": party}, {"mission": mission}, {"election": zebra}, {"election": yak}):
        for kind in ("announced", "accredited", "deployed"):
            HeadCountFactory(kind=kind, value=777, source=memo, excerpt="quokka", remark="quokka", **subject)
    for invitee in Organization.objects.filter(code__in=["cec-kz", "parliament-uz"]):
        InvitationFactory(
            election=zebra, invitee=invitee, inviter=sco, response="declined", remark="quokka", **in_secret
        )
    for subject in ("deployments/zebra-party", "missions/zebra-mission", "elections/zebra", "organizations/cis"):
        StatementFactory(subject=subject, field="status", value="quokka", source=memo)


def add_hidden_people(memo):
    """Withheld, named only by an internal paper, in no mission; and a public person's place that is not public."""
    gazette, ada = Source.objects.get(code="zebra-gazette"), Observer.objects.get(code=OBSERVERS["zebra"])
    party, mission = Deployment.objects.get(code="zebra-party"), Mission.objects.get(code="zebra-mission")
    withheld = ObserverFactory(family_name="Quokka", given_names="Withheld", nationality="AU", withheld=True)
    internal = ObserverFactory(code=HIDDEN["observers"], family_name="Quokka", given_names="Internal")
    ObserverFactory(family_name="Quokka", given_names="Unassigned")
    records = []
    for person, source in ((withheld, gazette), (internal, memo)):
        spelling = ObserverNameFactory(observer=person, family_name="Quokka", source=source)
        place = AssignmentFactory(observer=person, mission=mission, deployment=party, post="quokka", sources=[source])
        records += [person, spelling, place]
    joint = Mission.objects.get(code="zebra-joint")
    records.append(AssignmentFactory(observer=ada, mission=joint, deployment=party, post="quokka", sources=[memo]))
    records.append(ada.names.get(family_name="Quokka"))
    # Of hidden persons, places and spellings a public source says something, of the public ones the internal paper.
    public = (f"observers/{ada.code}", "assignments/zebra-place", "observer-names/zebra-spelling")
    told = [(f"{record.resource()}/{record.code}", gazette) for record in records] + [(each, memo) for each in public]
    for subject, source in told:
        StatementFactory(subject=subject, field="family_name", value="quokka", source=source)


def fill_private_columns(owner):
    for model in RECORDS:
        columns = {name: PRIVATE[name] for name in model.private_columns}
        if hasattr(model, "owner"):
            columns["owner"] = owner
        if columns:
            model.objects.filter(code__in=EVERY[model.resource()]).update(**columns)


def cite_as_well(memo):
    for model in RECORDS:
        for row in model.objects.filter(code__in=EVERY[model.resource()]) if hasattr(model, "sources") else []:
            row.sources.add(memo)
    Region.objects.filter(source=None).update(source=memo)


def orderings(resource):
    return [f"?ordering={sign}{name}" for name in RESOURCES[resource].ordering_fields for sign in ("", "-")]


def refused(parameter):
    """Values that are refused whether or not there is such a hidden row."""
    return [f"?{parameter}={code}" for code in HIDDEN.values()]


def queries_of(resource):
    """Addresses of a list that would show what is hidden: searches, orders, every filter, and refusals."""
    searches = [f"?q={quote(text)}" for text in SEARCHED]
    filters = [f"?{parameter}={value}" for asked, parameter, value, _stays in ASKED if asked == resource]
    named = [name for name in ("mission", "deployment", "source", "observer", "part_of") if name in known(resource)]
    refusals = [query for parameter in named for query in refused(parameter)]
    return ["", *searches, *orderings(resource), *filters, *refusals]


def known(resource):
    return RESOURCES[resource].filterset_class.base_filters


def everything_that_the_api_answers():
    lists = [api(resource, query) for resource in RESOURCES for query in queries_of(resource)]
    more = ["?fields=email", "?fields=internal_note", "?count=exact&page_size=1", "?language=kk"]
    lists += [api(resource, query) for resource in RESOURCES for query in more]
    files = [csv_of_api(resource) for resource in RESOURCES]
    details = [reverse(f"api:{resource}-detail", args=[code]) for resource, codes in EVERY.items() for code in codes]
    hidden = [reverse(f"api:{resource}-detail", args=[code]) for resource, code in HIDDEN.items()]
    readings = [
        reverse(f"api:{resource}-reconciliation", args=[code]) + query
        for resource in RECONCILED
        for code in (*EVERY[resource], *([HIDDEN[resource]] if resource in HIDDEN else []))
        for query in ("", "?kind=announced", "?kind=deployed", "?format=csv")
    ]
    sums = [
        reverse("api:deployments-matrix") + query
        for query in ("", "?measure=named&columns=year", "?rows=sender&format=csv")
    ]
    sums.append(reverse("api:deployments-facets"))
    whole = [reverse("api:schema"), reverse("api:dataset")]
    return [*lists, *files, *details, *hidden, *readings, *sums, *whole]


def everything_that_pages_answer():
    lists = [page(resource, query) for resource in PAGES for query in queries_of(resource)]
    files = [csv_of_page(resource) for resource in PAGES]
    records = [reverse(name, args=[code]) for resource, name in PAGES_OF_RECORDS.items() for code in EVERY[resource]]
    hidden = [
        reverse(PAGES_OF_RECORDS[resource], args=[code])
        for resource, code in HIDDEN.items()
        if resource in PAGES_OF_RECORDS
    ]
    declined = page("deployments", "?sender_country=KZ&sender_country=UZ")
    matrix = [reverse("matrix"), reverse("matrix") + "?rows=election&measure=named"]
    answer = [f"{reverse('answer')}?sender_country=KZ&sender_country=UZ&by={by}" for by in ("sender", "organizer")]
    ladders = [reverse("election", args=[code]) + "?kind=announced&view=table" for code in EVERY["elections"]]
    return [
        *map(reverse, ("home", "about-the-record", "countries", "method", "data-dictionary")),
        *(reverse("country", args=[code]) for code in ("KZ", "UZ", "KG")),
        *(f"{reverse('calendar')}?{query}" for query in ("month=2030-06", "format=ics")),
        *(f"{reverse('search')}?q={words}" for words in ("Northland", "Robin", "Memo", "KZ")),
        *matrix,
        *answer,
        *ladders,
        *lists,
        *files,
        *records,
        *hidden,
        declined,
    ]


def answers(client, addresses):
    return {
        address: (response.status_code, body_of(response))
        for address in addresses
        for response in [client.get(address)]
    }


@pytest.mark.parametrize(
    ("asked", "number"),
    [(everything_that_the_api_answers(), 778), (everything_that_pages_answer(), 440)],
    ids=["api", "pages"],
)
def test_an_anonymous_visitor_cannot_tell_whether_anything_is_hidden(client, add_what_is_hidden, asked, number):
    before = answers(client, asked)
    add_what_is_hidden()
    after = answers(client, asked)
    assert [address for address in asked if after[address] != before[address]] == []
    assert len(asked) == number


def test_what_is_hidden_would_be_seen_if_it_were_public(client, add_what_is_hidden, rebuild):
    """The trap holds: with a public memo, each of the lists shows it."""
    add_what_is_hidden()
    Source.objects.update(public=True)
    Observer.objects.update(withheld=False)
    rebuild()
    shown = {resource for resource in RESOURCES if b"quokka" in client.get(api(resource)).content.lower()}
    assert shown == set(RESOURCES)


def test_what_a_public_source_says_of_a_public_person_is_seen(client, add_what_is_hidden):
    add_what_is_hidden()
    about = f"observers/{OBSERVERS['zebra']}"
    [row] = [row for row in client.get(api("statements")).json()["results"] if row["subject"] == about]
    assert (row["field"], row["value"]) == ("nationality", "UZ")


@pytest.mark.parametrize("reader", ["viewer", "outsider", "organizer", "administrator", "data_protection"])
def test_private_columns_are_on_no_page_and_in_no_file_for_anybody(client, request, add_what_is_hidden, reader):
    add_what_is_hidden()
    for model, name in ((Observer, "email"), (Observer, "phone"), (Assignment, "accreditation_number")):
        assert model.objects.exclude(**{name: ""}).exists()
    client.force_login(request.getfixturevalue(reader))
    asked = [
        *(page(resource) for resource in PAGES),
        *(csv_of_page(resource) for resource in PAGES),
        *(reverse(name, args=[code]) for resource, name in PAGES_OF_RECORDS.items() for code in EVERY[resource]),
        *(reverse(PAGES_OF_RECORDS[resource], args=[HIDDEN[resource]]) for resource in ("missions", "deployments")),
        *(api(resource) for resource in RESOURCES),
    ]
    found = answers(client, asked)
    assert [address for address, (_status, body) in found.items() if "quokka-memo" in body.decode()] != []
    told = [(address, value) for address in asked for value in PRIVATE.values() if value in found[address][1].decode()]
    assert told == []


def test_the_private_columns_are_these():
    assert {model.dataset_file: sorted(model.private_columns) for model in RECORDS if model.private_columns} == {
        "observers": ["email", "internal_note", "phone"],
        "assignments": ["accreditation_number", "internal_note"],
        "missions": ["internal_note"],
        "deployments": ["internal_note"],
    }


@pytest.mark.parametrize("name", sorted(PRIVATE))
@pytest.mark.parametrize("resource", ["observers", "assignments", "missions", "deployments"])
def test_a_private_column_is_no_field_no_filter_and_no_ordering(client, public_rows, resource, name):
    for query in (f"?fields={name}", f"?{name}=x", f"?ordering={name}"):
        assert client.get(api(resource, query)).status_code == 400
        assert client.get(csv_of_api(resource, query)).status_code == 400


# A public row that points to something hidden


@pytest.fixture
def hidden_mission(public_access, rebuild):
    """A mission of an internal paper, to which public rows point."""
    memo, gazette = SourceFactory(code="memo", public=False), SourceFactory(code="gazette", title="Gazette")
    election = ElectionFactory(code="kg")
    organizer = OrganizationFactory(code="cis", name="Commonwealth")
    mission = MissionFactory(
        code="kg-cis",
        election=election,
        organizer=organizer,
        kind="visitor",
        status="suspended",
        status_reason="visas",
        starts_on=date(2030, 5, 5),
        remark="quokka",
        sources=[memo],
    )
    whole = DeploymentFactory(code="kg-whole", election=election, sender_country="UZ", remark="quokka", sources=[memo])
    party = DeploymentFactory(code="kg-party", election=election, part_of=whole, sources=[gazette])
    ChannelFactory(deployment=party, mission=mission, source=gazette)
    HeadCountFactory(mission=mission, value=12, source=gazette)
    HeadCountFactory(deployment=whole, value=13, source=gazette)
    ChannelFactory(deployment=whole, mission=mission, source=gazette)
    MissionFactory(code="kg-part", election=election, part_of=mission, sources=[gazette])
    AssignmentFactory(mission=mission, deployment=party, sources=[gazette])
    rebuild()
    return mission


POINTING = ["/deployments/kg-party/", "/missions/kg-part/", "/sources/gazette/", "/deployments/", "/missions/"]


@pytest.mark.parametrize("address", [*POINTING, "/elections/kg/", "/organizations/cis/"])
def test_a_page_names_what_is_hidden_without_a_link_and_without_its_facts(client, hidden_mission, address):
    html = client.get(address).content.decode()
    found = [secret for secret in ("quokka", "kg-cis/", "kg-whole/", "Visas", "5 May 2030") if secret in html]
    rows_and_facts = html.partition('id="results"')[2] or html.partition("<h1>")[2]
    assert (found, "Election visitor programme" in rows_and_facts) == ([], False)


def test_the_page_of_the_party_says_through_whose_mission(client, hidden_mission):
    html = client.get("/deployments/kg-party/").content.decode()
    assert '<th role="rowheader" scope="row">Commonwealth</th>' in html
    assert "a larger party" in html


def links_of(client, address):
    """Where the links of a page lead: within a list the way to its rows begins at the list."""
    found = re.findall(r'href="([^"#?]+)', client.get(address).content.decode())
    return {urljoin(address, href) for href in found}


def test_members_get_the_links(client, hidden_mission, viewer):
    client.force_login(viewer)
    links = {
        address: sorted(
            code for code in ("missions/kg-cis", "deployments/kg-whole") if f"/{code}/" in links_of(client, address)
        )
        for address in POINTING
    }
    assert links == {
        "/deployments/kg-party/": ["deployments/kg-whole", "missions/kg-cis"],
        "/missions/kg-part/": ["missions/kg-cis"],
        "/sources/gazette/": ["deployments/kg-whole", "missions/kg-cis"],
        "/deployments/": ["deployments/kg-whole"],
        "/missions/": ["missions/kg-cis"],
    }


def test_the_api_gives_the_identity_of_what_is_hidden_and_no_more(client, hidden_mission):
    row = client.get("/api/v1/deployments/kg-party/").json()
    assert {name: row[name] for name in ("part_of", "missions", "organizers", "organizer_names", "share")} == {
        "part_of": "kg-whole",
        "missions": ["kg-cis"],
        "organizers": ["cis"],
        "organizer_names": ["Commonwealth"],
        "share": "whole",
    }
    told = [client.get(api(resource)).content.decode() for resource in RESOURCES]
    assert [text for text in told if "quokka" in text or "suspended" in text or '"visitor"' in text] == []


@pytest.mark.parametrize("resource", ["deployments", "assignments"])
def test_the_kind_of_a_hidden_mission_cannot_be_asked_for(client, hidden_mission, resource):
    rows = client.get(api(resource, "?mission_kind=visitor")).json()["results"]
    assert rows == []
    assert len(client.get(api(resource, "?organizer=cis")).json()["results"]) == 1


# What is hidden and what is missing


@pytest.mark.parametrize(("resource", "hidden"), HIDDEN.items())
def test_what_is_hidden_answers_as_what_is_missing(client, add_what_is_hidden, resource, hidden):
    add_what_is_hidden()
    assert RESOURCES[resource].model().objects.filter(code=hidden).exists()
    # As long as the other: a page that answers 404 links to itself in other languages.
    missing = hidden[:-1] + ("0" if hidden[-1] != "0" else "1")
    addresses = [lambda code: reverse(f"api:{resource}-detail", args=[code])]
    if resource in PAGES_OF_RECORDS:
        addresses.append(lambda code: reverse(PAGES_OF_RECORDS[resource], args=[code]))
    for address in addresses:
        found, not_found = client.get(address(hidden)), client.get(address(missing))
        assert (found.status_code, not_found.status_code) == (404, 404)
        assert found.content.replace(hidden.encode(), b"") == not_found.content.replace(missing.encode(), b"")
        assert found.headers.items() == not_found.headers.items()


# Where nothing is open to the public


@pytest.fixture
def closed_doors(public_rows, members_only):
    """The public rows are there, but PUBLIC_ACCESS is off."""


def every_page():
    return [
        reverse("home"),
        *(page(resource) for resource in PAGES),
        *(csv_of_page(resource) for resource in PAGES),
        *(reverse(name, args=[EVERY[resource][0]]) for resource, name in PAGES_OF_RECORDS.items()),
        reverse("deployment", args=["missing"]),
        page("deployments", "?misspelt=1"),
    ]


def every_address_of_the_api():
    return [
        *(api(resource) for resource in RESOURCES),
        *(csv_of_api(resource) for resource in RESOURCES),
        *(reverse(f"api:{resource}-detail", args=[codes[0]]) for resource, codes in EVERY.items()),
        reverse("api:deployments-detail", args=["missing"]),
        api("deployments", "?misspelt=1"),
        reverse("api:api-root"),
        reverse("api:schema"),
        reverse("api:docs"),
    ]


def test_pages_send_an_anonymous_visitor_to_sign_in(client, closed_doors):
    asked = every_page()
    sent = {address: client.get(address) for address in asked}
    assert {address: (answer.status_code, answer.headers["Location"]) for address, answer in sent.items()} == {
        address: (302, f"/account/login/?next={quote(address)}") for address in asked
    }
    assert len(asked) == 26


def test_pages_are_open_to_members(client, closed_doors, viewer):
    client.force_login(viewer)
    statuses = {address: client.get(address).status_code for address in every_page()[:-2]}
    assert set(statuses.values()) == {200}
    assert len(statuses) == 24


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_the_api_refuses_an_anonymous_visitor_with_a_problem_document(client, closed_doors, deactivated, method):
    asked = every_address_of_the_api()
    assert len(asked) == 53
    for is_closed_account in (False, True):
        if is_closed_account:
            client.force_login(deactivated)
        for address in asked:
            answer = getattr(client, method)(address)
            assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json"), address
            assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_api_is_open_to_members(client, closed_doors, viewer):
    client.force_login(viewer)
    asked = every_address_of_the_api()
    statuses = {address: client.get(address).status_code for address in asked}
    refused = {reverse("api:deployments-detail", args=["missing"]): 404, api("deployments", "?misspelt=1"): 400}
    assert statuses == {**dict.fromkeys(asked, 200), **refused}


def test_with_public_access_the_same_addresses_answer(client, public_rows):
    asked = [*every_page(), *every_address_of_the_api()]
    missing = [address for address in asked if "missing" in address or "misspelt" in address]
    assert {address for address in asked if client.get(address).status_code != 200} == set(missing)
    assert len(missing) == 4


def test_an_account_that_was_closed_reads_as_an_anonymous_visitor(client, add_what_is_hidden, deactivated):
    add_what_is_hidden()
    client.force_login(deactivated)
    assert client.get(reverse("mission", args=["quokka-mission"])).status_code == 404
    assert HeadCount.objects.filter(value=777).exists()
    assert b"777" not in client.get(reverse("deployment", args=["zebra-party"])).content
