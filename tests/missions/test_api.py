"""The doors of the API: rows, fields, formats, methods, and refusals that name what is wrong."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from missions.dataset import RECORDS
from missions.models import HeadCount
from organizations.models import ApiToken
from tests.api_client import ApiClient
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    InvitationFactory,
    MissionFactory,
    ObserverFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    SourceFactory,
    StatementFactory,
)
from tests.missions.test_filters import EVERY, make_two_sides
from tests.missions.test_lists import (
    PAGES,
    PAGES_OF_RECORDS,
    RESOURCES,
    api,
    body_of,
    csv_of_api,
    csv_of_page,
    name_of,
    page,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]

# The columns beside those of the dataset's files.
DISPLAY = {
    "sources": ["url"],
    "organizations": ["name", "short_name", "url"],
    "organization-names": [],
    "memberships": ["organization_name"],
    "regions": [],
    "elections": ["election_name", "host_country", "host_country_name", "readings", "url"],
    "voting-days": ["election_name", "host_country", "election_day"],
    "missions": [
        "mission_name",
        "organizer_name",
        "organizer_name_now",
        "election_name",
        "host_country",
        "election_day",
        "readings",
        "named",
        "url",
    ],
    "invitations": [
        "inviter_name",
        "inviter_name_now",
        "invitee_name",
        "invitee_name_now",
        "election_name",
        "host_country",
        "election_day",
        "url",
    ],
    "deployments": [
        "sender_name",
        "sender_name_now",
        "sender_country_name",
        "election_name",
        "host_country",
        "election_day",
        "missions",
        "organizers",
        "organizer_names",
        "organizer_names_now",
        "share",
        "channels_agree",
        "readings",
        "named",
        "url",
    ],
    "channels": ["election", "organizer", "organizer_name", "organizer_name_now"],
    "head-counts": [],
    "observers": [],
    "observer-names": [],
    "assignments": [
        "family_name",
        "given_names",
        "nationality",
        "organizer_name",
        "election_name",
        "host_country",
        "election_day",
    ],
    "statements": [],
}
ENDS = ("", "_low", "_high", "_agreement", "_approximate", "_derived")
READINGS = [f"{kind}{end}" for kind in ("announced", "accredited", "deployed") for end in ENDS]


@pytest.fixture
def rows(db):
    make_two_sides()


def columns_of(resource):
    model = RESOURCES[resource].model()
    columns = [name for name in model.columns if name not in model.private_columns]
    display = [name for shown in DISPLAY[resource] for name in (READINGS if shown == "readings" else [shown])]
    return list(dict.fromkeys(["code", *columns, *display, "modified_at"]))


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_row_is_flat_and_the_same_in_list_detail_and_file(client, rows, resource):
    listed = client.get(api(resource)).json()["results"]
    assert [list(row) for row in listed] == [columns_of(resource)] * len(EVERY[resource])
    assert {type(value) for row in listed for value in row.values()} <= {str, int, bool, list, type(None)}
    details = [client.get(reverse(f"api:{resource}-detail", args=[row["code"]])).json() for row in listed]
    # One record's own answer also holds what other sources say of it.
    assert [list(row) for row in details] == [[*columns_of(resource), "statements"]] * len(listed)
    assert [{name: row[name] for name in columns_of(resource)} for row in details] == listed
    text = body_of(client.get(csv_of_api(resource))).decode()
    in_file = list(csv.DictReader(io.StringIO(text)))
    assert [{name: cell(value) for name, value in row.items()} for row in listed] == in_file


def cell(value):
    if isinstance(value, list):
        return "; ".join(value)
    return (
        {None: "", True: "true", False: "false"}.get(value, str(value))
        if not isinstance(value, int) or isinstance(value, bool)
        else str(value)
    )


def test_there_is_an_address_for_each_resource_at_the_root(client):
    root = client.get("/api/v1/").json()
    resources = {model.resource(): f"http://testserver/api/v1/{model.resource()}/" for model in RECORDS}
    beside = {"dataset.zip": "dataset.zip", "changes": "changes/", "releases": "releases/"}
    assert root == resources | {name: f"http://testserver/api/v1/{path}" for name, path in beside.items()}


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_list_counts_its_rows_when_it_is_asked_to(client, rows, resource):
    assert "count" not in client.get(api(resource)).json()
    assert client.get(api(resource, "?count=exact&page_size=1")).json()["count"] == len(EVERY[resource])


# Which fields


def test_only_the_fields_asked_for_in_the_order_of_the_row(client, rows):
    address = "?fields=status,code&ordering=code"
    row = {"code": "yak-direct", "status": "announced"}
    assert client.get(api("deployments", address)).json()["results"][0] == row
    assert client.get(reverse("api:deployments-detail", args=["yak-direct"]) + "?fields=status,code").json() == row
    assert body_of(client.get(csv_of_api("deployments", address))).splitlines()[:2] == [
        b"code,status",
        b"yak-direct,announced",
    ]


def test_fields_may_be_given_in_pieces(client, rows):
    for query in ("?fields=code&fields=status", "?fields=code,,status,", "?fields= code , status "):
        assert client.get(api("deployments", query)).json()["results"][0].keys() == {"code", "status"}


@pytest.mark.parametrize(
    "door", [api, csv_of_api, lambda resource, query: reverse("api:deployments-detail", args=["yak-direct"]) + query]
)
def test_an_unknown_field_is_named(client, rows, door):
    answer = client.get(door("deployments", "?fields=code,stauts"))
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "fields")
    assert answer.json()["detail"].startswith("“stauts” is no field here. The fields: code, election, sender_country,")


# A file and pages


@pytest.mark.parametrize("query", ["?page_size=1", "?count=exact", "?page_size=1&count=exact"])
def test_a_file_holds_the_whole_list_whatever_the_size_of_a_page(client, rows, query):
    assert body_of(client.get(csv_of_api("deployments", query))) == body_of(client.get(csv_of_api("deployments")))


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("?page_size=x", "page_size"),
        ("?count=all", "count"),
        ("?cursor=x", "cursor"),
        ("?ordering=x", "ordering"),
        ("?ordering=code&ordering=status", "ordering"),
        ("?page=1", "page"),
        ("?sender=x", "sender"),
        ("?language=fr", "language"),
        ("?fields=x", "fields"),
    ],
)
def test_what_is_wrong_is_wrong_for_a_file_as_well(client, rows, query, parameter):
    for address in (api("deployments", query), csv_of_api("deployments", query)):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
        assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


def test_a_file_says_what_it_is(client, rows):
    for address, name in ((csv_of_api("head-counts"), "head-counts"), (csv_of_page("missions"), "missions")):
        answer = client.get(address)
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
        assert name_of(answer) == f"{name}-DAY.csv"


# Refusals


REFUSED = [
    ("sedner=KZ", "sedner", "“sedner” is not a filter here. Did you mean “sender”?"),
    ("sender_country=ZZ", "sender_country", "“ZZ” is not one of the values of sender_country."),
    ("sender=nobody", "sender", "“nobody” is not one of the values of sender."),
    ("mission=nothing", "mission", "“nothing” is not one of the values of mission."),
    ("year=17", "year", "“17” is not a year from 1900 to 2200: please write it as 2017."),
    ("status=sent", "status", "“sent” is not one of the values of status."),
    ("named=maybe", "named", "“maybe” is not one of the values of named."),
    ("named=yes&named=no", "named", "named can be given only once."),
    ("q=%00", "q", "q holds a character that cannot be read."),
    ("q=%FF", "q", "q holds a character that cannot be read."),
    ("q=...", "q", "“...” has no letter or digit to search for."),
    (f"q={'x' * 201}", "q", "q is longer than 200 characters."),
    (f"sender={'x' * 5000}", "sender", "sender is longer than 200 characters."),
    (f"{'x' * 100}=1", "x" * 100, f"“{'x' * 60}…” is not a filter here."),
    ("ordering=cost", "ordering", None),
    ("ordering=code&ordering=-code", "ordering", None),
    (f"ordering={'x' * 5000}", "ordering", None),
    ("ordering=%00", "ordering", None),
    ("format=pdf", "format", None),
    ("format=csv&format=csv", "format", None),
    ("page_size=0", "page_size", None),
    ("page_size=1001", "page_size", None),
]


@pytest.mark.parametrize(("query", "parameter", "sentence"), REFUSED)
def test_the_api_names_what_it_cannot_use(client, rows, query, parameter, sentence):
    answer = client.get(api("deployments", f"?{query}"))
    problem = answer.json()
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert (problem["status"], [error["parameter"] for error in problem["errors"]]) == (400, [parameter])
    assert problem["errors"][0]["message"] == (sentence or problem["detail"])
    assert len(problem["detail"]) < 700


OF_THE_API = ("cursor=x", "count=exact", "fields=code", "language=ru")


@pytest.mark.parametrize(
    ("query", "parameter", "sentence"),
    [
        *REFUSED,
        *(
            (query, query.partition("=")[0], f"“{query.partition('=')[0]}” is not a filter here.")
            for query in OF_THE_API
        ),
        ("page=0", "page", "“0” is not a page of this list: it has the pages 1 to 1."),
        ("page=999", "page", "“999” is not a page of this list: it has the pages 1 to 1."),
        ("page=-1", "page", None),
        ("page=x", "page", None),
        ("page=%C2%B2", "page", None),
        ("page=1&page=1", "page", None),
        (f"page={'9' * 5000}", "page", None),
        ("page_size=7", "page_size", "“7” is not one of the values of page_size: 25, 50, 100."),
    ],
)
def test_a_page_names_what_it_cannot_use_and_shows_no_row(client, rows, query, parameter, sentence):
    of_file = page("deployments", f"?{query}&format=csv")
    for address in (page("deployments", f"?{query}"), of_file):
        answer = client.get(address)
        problems = answer.context["problems"]
        assert (answer.status_code, [name for name, _sentence in problems]) == (400, [parameter])
        assert sentence in {None, problems[0][1]}
        html = answer.content.decode()
        shown = [text for text in ("yak-party/", "zebra-party/", f"<code>{parameter}</code>") if text in html]
        assert shown == [f"<code>{parameter}</code>"]


@pytest.mark.parametrize("resource", PAGES)
def test_every_page_refuses_a_misspelt_filter(client, rows, resource):
    answer = client.get(page(resource, "?yaer=2017"))
    assert (answer.status_code, answer.context["problems"]) == (
        400,
        [("yaer", "“yaer” is not a filter here. Did you mean “year”?")]
        if resource not in {"organizations", "observers"}
        else [("yaer", "“yaer” is not a filter here.")],
    )


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_resource_refuses_what_it_does_not_know(client, rows, resource):
    for address in (
        api(resource, "?yaer=2017"),
        reverse(f"api:{resource}-detail", args=[EVERY[resource][0]]) + "?yaer=2017",
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "yaer")


def test_all_that_is_wrong_is_named_at_once(client, rows):
    answer = client.get(api("deployments", "?yaer=2017&status=sent&year=x"))
    assert [error["parameter"] for error in answer.json()["errors"]] == ["year", "status", "yaer"]
    shown = client.get(page("deployments", "?yaer=2017&status=sent&page_size=7")).context["problems"]
    assert [name for name, _sentence in shown] == ["status", "yaer", "page_size"]


def test_bytes_that_a_browser_did_not_escape_are_understood(client, rows):
    raw = "q=казах".encode().decode("latin-1")
    found = client.get("/api/v1/deployments/", QUERY_STRING=raw).json()["results"]
    assert [row["code"] for row in found] == ["zebra-party"]
    assert client.get("/deployments/", QUERY_STRING=raw).context["page"].paginator.count == 1


def test_blank_parameters_are_as_if_absent(client, rows):
    blank = "?q=&year=&sender=&page_size=&ordering=&format=&cursor=&count=&fields=&language=&modified_after="
    assert client.get(api("deployments", blank)).json() == client.get(api("deployments")).json()
    on_page = client.get(
        page("deployments", "?q=&year=&sender=&page=&page_size=&ordering=&format=&named="), follow=True
    )
    assert on_page.redirect_chain == [(page("deployments"), 302)]
    assert (on_page.status_code, on_page.context["chips"]) == (200, [])


# Codes, methods, formats


@pytest.mark.parametrize("code", ["MISSING", "miss ing", "miss%00ing", "miss.ing", "%D0%B6", "x" * 500])
@pytest.mark.parametrize("resource", RESOURCES)
def test_what_is_no_code_is_not_found(client, resource, code):
    answer = client.get(api(resource) + f"{code}/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not found",
        "status": 404,
        "detail": "There is nothing here, or nothing that you may see.",
        "errors": [],
    }


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/nothing/",
        "/api/v1/deployments/a/b/",
        "/api/v1/Deployments/",
        "/api/v1/releases/x/dataset.zip",
        "/api/v1/releases/x%0Ay/dataset.zip",
        "/api/v1/x%0Ay/",
    ],
)
def test_an_address_of_no_resource_is_a_problem_document_too(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("address", ["deployments", "deployments/party?language=ru", "nothing/at/all"])
def test_who_reads_without_the_last_slash_is_sent_on_and_who_writes_is_told_to_put_it(client, administrator, address):
    path, question, language = address.partition("?")
    answer = client.get(f"/api/v1/{address}")
    assert (answer.status_code, answer["Location"]) == (301, f"/api/v1/{path}/{question}{language}")
    program = ApiClient(administrator)
    for write in (program.post, program.put, program.patch):
        refused = write(address, {})
        assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
        assert refused.json()["detail"] == "The addresses of the API end with a slash: put one behind this one."


@pytest.mark.parametrize("code", ["MISSING", "miss%20ing", "miss%00ing", "%D0%B6"])
@pytest.mark.parametrize("resource", PAGES)
def test_no_page_for_what_is_no_code(client, resource, code):
    assert client.get(page(resource) + f"{code}/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("resource", RESOURCES)
def test_nobody_writes_without_a_token(client, rows, resource, method):
    before, ask = HeadCount.objects.count(), getattr(client, method)
    for address in (api(resource), reverse(f"api:{resource}-detail", args=[EVERY[resource][0]])):
        refused = ask(address, {}, content_type="application/json")
        assert (refused.status_code, refused.headers["Content-Type"]) == (401, "application/problem+json")
    assert HeadCount.objects.count() == before


@pytest.mark.parametrize("resource", RESOURCES)
def test_what_an_address_cannot_do_is_refused_with_what_it_can(client, rows, administrator, resource):
    _token, text = ApiToken.objects.create(user=administrator, name="a program", scope="write")
    detail = reverse(f"api:{resource}-detail", args=[EVERY[resource][0]])
    for address, method, allowed in (
        (api(resource), "patch", "GET, POST, PUT, HEAD, OPTIONS"),
        (api(resource), "delete", "GET, POST, PUT, HEAD, OPTIONS"),
        (detail, "post", "GET, PUT, PATCH, HEAD, OPTIONS"),
        (detail, "delete", "GET, PUT, PATCH, HEAD, OPTIONS"),
        # Whatever is asked beside it: nothing else is wrong than the method.
        (api(resource, "?format=csv"), "delete", "GET, POST, PUT, HEAD, OPTIONS"),
        (f"{detail}?fields=code", "delete", "GET, PUT, PATCH, HEAD, OPTIONS"),
    ):
        ask = getattr(client, method)
        answer = ask(address, {}, content_type="application/json", headers={"Authorization": f"Bearer {text}"})
        assert (answer.status_code, answer.headers["Content-Type"]) == (405, "application/problem+json")
        assert answer.headers["Allow"] == allowed


@pytest.mark.parametrize("resource", RESOURCES)
def test_options_says_what_an_address_is_also_to_a_program_that_may_write(rows, coordinator, resource):
    program = ApiClient(coordinator)
    for path in (f"{resource}/", f"{resource}/{EVERY[resource][0]}/", f"{resource}/no-such-code/"):
        answer = program.send("OPTIONS", path)
        assert (answer.status_code, sorted(answer.json())) == (200, ["description", "name", "parses", "renders"])


@pytest.mark.parametrize("resource", RESOURCES)
def test_head_says_what_get_says_without_the_rows(client, rows, resource):
    for address in (api(resource), reverse(f"api:{resource}-detail", args=[EVERY[resource][0]])):
        head, full = client.head(address), client.get(address)
        assert (head.status_code, head.content, head.headers["Content-Type"]) == (
            200,
            b"",
            full.headers["Content-Type"],
        )
    assert client.head(api(resource, "?yaer=2017")).status_code == 400


@pytest.mark.parametrize("resource", RESOURCES)
def test_options_describe_the_resource(client, rows, resource):
    answer = client.options(api(resource))
    assert (answer.status_code, answer.json()["renders"]) == (200, ["application/json"])


@pytest.mark.parametrize("resource", PAGES)
def test_a_page_answers_head_and_takes_no_other_method(client, rows, resource):
    records = [reverse(PAGES_OF_RECORDS[resource], args=[EVERY[resource][0]])] if resource in PAGES_OF_RECORDS else []
    for address in (page(resource), *records):
        assert (client.head(address).status_code, client.post(address).status_code) == (200, 405)


def test_what_cannot_be_accepted_is_a_problem_document(client):
    answer = client.get(api("deployments"), headers={"accept": "application/xml"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (406, "application/problem+json")
    assert answer.json()["title"] == "Not available in this format"


# Counts multiplied by joins


@pytest.fixture
def many_of_one(rebuild):
    """One party of 46 through three missions, each named by two sources that count it; two persons, each twice."""
    sources = [SourceFactory(code=code) for code in ("gazette", "herald")]
    election = ElectionFactory(code="kg", country="KG", sources=sources)
    party = DeploymentFactory(code="party", election=election, sources=sources)
    missions = [
        MissionFactory(code=f"of-{code}", election=election, organizer=OrganizationFactory(code=code), sources=sources)
        for code in ("cis", "osce", "sco")
    ]
    people = [ObserverFactory() for _each in range(2)]
    for source in sources:
        HeadCountFactory(deployment=party, kind="announced", value=46, source=source)
        for mission in missions:
            ChannelFactory(deployment=party, mission=mission, source=source)
    for person in people:
        for mission in missions[:2]:
            AssignmentFactory(observer=person, mission=mission, deployment=party, sources=sources)
    InvitationFactory(
        election=election, invitee=OrganizationFactory(country="KZ"), response="declined", sources=sources
    )
    StatementFactory(subject="deployments/party", source=sources[0])
    rebuild()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "sender_country=KZ",
        "organizer=cis&organizer=osce&organizer=sco",
        "mission=of-cis&mission=of-osce&mission=of-sco",
        "mission_kind=om",
        "share=unknown",
        "named=yes&sourced=yes",
        "channels_agree=yes&agreement=agreed",
        "q=cis",
    ],
)
def test_a_party_through_three_missions_of_two_sources_is_one_row(client, many_of_one, query):
    [row] = client.get(api("deployments", f"?{query}")).json()["results"]
    assert (row["announced"], row["named"], row["sources"]) == (46, 2, ["gazette", "herald"])
    assert (row["missions"], row["share"]) == (["of-cis", "of-osce", "of-sco"], "unknown")
    assert client.get(api("deployments", f"?{query}&count=exact")).json()["count"] == 1
    [in_file] = csv.DictReader(io.StringIO(body_of(client.get(csv_of_page("deployments", f"?{query}"))).decode()))
    assert (in_file["announced"], in_file["named"], in_file["organizers"]) == ("46", "2", "cis; osce; sco")
    shown = client.get(page("deployments", f"?{query}"))
    html = shown.content.decode()
    assert (shown.context["page"].paginator.count, html.count("46 announced"), html.count("2 named")) == (1, 1, 1)
    assert "Announced: 46 in 1 deployment." in html


def test_persons_are_counted_once_in_each_mission(client, many_of_one):
    named = {row["code"]: row["named"] for row in client.get(api("missions")).json()["results"]}
    assert named == {"of-cis": 2, "of-osce": 2, "of-sco": 0}


# Words that must come back as they went in


WORDS = {
    "kazakh": "Әлия Ғұмырова-Қаңтарбаева Ұлы Өңір Һәм Ыстық",
    "apostrophes": 'O\'Brien-D’Arcy ‘Ö’ “quoted” "double" & Söhne',
    "arabic": "\u200fمحمد بن سلمان\u200e العربية",
    "hebrew": "דוד בן־גוריון",
    "formula-like": "=1+1",
    "line breaks": "one\ntwo",
    "emoji and combining": "é 👩‍👩‍👧 e\u0301",
}


@pytest.fixture
def words_everywhere(request, rebuild):
    text = WORDS[request.param]
    gazette = SourceFactory(code="gazette", title=text, publisher=text)
    body = OrganizationFactory(code="body", country="KZ")
    OrganizationNameFactory(organization=body, name=text, source=gazette)
    election = ElectionFactory(code="election", name=text, election_day=date(2017, 10, 15))
    mission = MissionFactory(code="mission", election=election, organizer=body, name=text, sources=[gazette])
    party = DeploymentFactory(code="party", election=election, sender=body, remark=text, sources=[gazette])
    ChannelFactory(code="channel", deployment=party, mission=mission, as_named=text, source=gazette)
    person = ObserverFactory(family_name=text, given_names="")
    AssignmentFactory(code="place", observer=person, mission=mission, deployment=party, post=text, sources=[gazette])
    rebuild()
    return text


COLUMNS = [
    ("sources", "title"),
    ("organizations", "name"),
    ("organization-names", "name"),
    ("elections", "name"),
    ("missions", "name"),
    ("deployments", "sender_name"),
    ("deployments", "remark"),
    ("deployments", "election_name"),
    ("channels", "as_named"),
    ("observers", "family_name"),
    ("assignments", "post"),
    ("assignments", "family_name"),
]


@pytest.mark.parametrize("words_everywhere", WORDS, indirect=True)
def test_words_come_back_unaltered_from_the_api_and_from_files(client, words_everywhere):
    for resource, column in COLUMNS:
        [row] = client.get(api(resource)).json()["results"]
        assert row[column] == words_everywhere, (resource, column)
        text = body_of(client.get(csv_of_api(resource))).decode()
        [in_file] = csv.DictReader(io.StringIO(text, newline=""))
        spreadsheet = f"'{words_everywhere}" if words_everywhere.startswith("=") else words_everywhere
        assert in_file[column] == spreadsheet, (resource, column)
