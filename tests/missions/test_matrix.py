"""The matrix: each cell is a range, leads to exactly its rows, and never counts a party twice."""

import html
from datetime import date

import pytest
from django.urls import reverse

from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    ObserverFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    SourceFactory,
)
from tests.missions.test_lists import queries, whole_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]

MATRIX = "/api/v1/deployments/matrix/"
PAGE = reverse("matrix")
KYRGYZSTAN = "election=kg-presidential-2017-10-15"
ROWS, COLUMNS = ("sender_country", "sender", "host_country", "election"), ("organizer", "mission_kind", "year")
LAYOUTS = [f"rows={rows}&columns={columns}" for rows in ROWS for columns in COLUMNS]


@pytest.fixture
def ask(client):
    """The answer of the API to a question."""

    def of(query=""):
        response = client.get(f"{MATRIX}?{query}")
        assert response.status_code == 200, response.content
        return response.json()

    return of


@pytest.fixture
def gazette(db):
    return SourceFactory(code="gazette")


@pytest.fixture
def memo(db):
    return SourceFactory(code="memo", public=False)


@pytest.fixture
def election(db):
    return ElectionFactory(code="northland-2030")


@pytest.fixture
def mission(election, gazette):
    """Makes a mission of the organization with that code."""

    def make(code, **columns):
        organizer = OrganizationFactory(code=code, name=f"{code.capitalize()} of Northland", **columns.pop("body", {}))
        return MissionFactory(**{"election": election, "organizer": organizer, "sources": [gazette], **columns})

    return make


@pytest.fixture
def party(election, gazette, rebuild):
    """Makes a party through these missions, with a number announced: a value, or a qualifier and a value."""

    def make(*missions, announced=None, **columns):
        made = DeploymentFactory(**{"election": election, "sources": [gazette], **columns})
        for through in missions:
            ChannelFactory(deployment=made, mission=through, source=gazette)
        if announced is not None:
            qualifier, value = announced if isinstance(announced, tuple) else ("exact", announced)
            HeadCountFactory(deployment=made, kind="announced", qualifier=qualifier, value=value, source=gazette)
        rebuild()
        return made

    return make


def places(answer):
    return [
        *answer["cells"],
        *answer["direct"],
        *answer["row_totals"],
        *answer["column_totals"],
        answer["total"],
    ]


def ends(place):
    return place["low"], place["high"]


def by_column(cells):
    return {cell["column"]: ends(cell) for cell in cells}


# How a cell is added up


@pytest.mark.parametrize(
    ("announced", "figure"),
    [(10, (56, 56)), (("at_least", 10), (56, None)), (("at_most", 10), (46, 56)), (("about", 10), (56, 56))],
)
def test_how_exact_one_number_is_so_exact_are_its_cell_and_its_totals(party, mission, ask, announced, figure):
    council = mission("council")
    party(council, announced=46)
    party(council, announced=announced)
    answer = ask()
    assert {ends(place) for place in places(answer)} == {figure}
    assert {place["approximate"] for place in places(answer)} == {announced == ("about", 10)}


def test_a_party_without_a_number_leaves_the_cell_open_and_is_counted(party, mission, ask):
    council = mission("council")
    party(council, announced=46)
    party(council)
    party(council, status="cancelled")
    (cell,) = ask()["cells"]
    assert (ends(cell), cell["deployments"], cell["without_number"]) == ((46, None), 3, 1)


def test_where_nothing_is_known_both_ends_are_blank(party, mission, ask):
    party(mission("council"))
    (cell,) = ask()["cells"]
    assert (ends(cell), cell["value"], cell["without_number"]) == ((None, None), None, 1)


def test_a_part_of_a_party_is_a_row_and_is_never_added(party, mission, ask):
    council = mission("council")
    party(council, announced=10, part_of=party(council, announced=46))
    (cell,) = ask()["cells"]
    assert (ends(cell), cell["deployments"], cell["parts_not_added"]) == ((46, 46), 2, 1)


def test_a_party_wholly_inside_a_column_counts_whole_in_it(party, mission, ask):
    council = mission("council")
    assembly = mission("assembly", body={"parent": council.organizer})
    party(council, assembly, announced=46)
    answer = ask()
    assert by_column(answer["cells"]) == {"council": (46, 46), "assembly": (0, 46)}
    assert [cell["shares_unknown"] for cell in answer["cells"] if cell["column"] == "council"] == [0]


def test_where_all_persons_are_named_the_shares_are_known(party, mission, ask, gazette):
    council, union = mission("council"), mission("union")
    made = party(council, union, announced=2)
    for _person in range(2):
        AssignmentFactory(deployment=made, mission=union, sources=[gazette])
    answer = ask()
    assert by_column(answer["cells"]) == {"council": (0, 0), "union": (2, 2)}
    assert {cell["shares_unknown"] for cell in answer["cells"]} == {0}


def test_a_channel_that_is_not_counted_is_none(party, mission, ask, gazette):
    made = party(mission("council"), announced=46)
    ChannelFactory(deployment=made, mission=mission("union"), source=gazette, counted=False)
    assert by_column(ask()["cells"]) == {"council": (46, 46)}


def test_totals_are_not_added_up_from_cells_that_overlap(party, mission, ask):
    council, union = mission("council"), mission("union")
    party(council, union, announced=46)
    party(council, announced=10)
    party(announced=5)
    answer = ask()
    assert by_column(answer["cells"]) == {"council": (10, 56), "union": (0, 46)}
    assert [ends(place) for place in (*answer["direct"], answer["total"])] == [(5, 5), (5, 5), (61, 61)]


def test_those_for_whom_no_source_names_a_mission_are_apart_and_lead_to_their_rows(party, mission, ask, client):
    party(mission("council"), announced=10)
    party(announced=5)
    party(announced=4, sender_country="UZ")
    answer = ask()
    assert [(place["row"], *ends(place), place["deployments"]) for place in answer["direct"]] == [
        ("KZ", 5, 5, 1),
        ("UZ", 4, 4, 1),
        (None, 9, 9, 2),
    ]
    assert answer["direct"][0]["query"] == "sender_country=KZ&share=bilateral"
    assert ask("columns=year")["direct"] == []


def test_a_column_over_several_missions_of_many_elections_takes_each_party_once(party, mission, ask, gazette):
    council = mission("council")
    later = ElectionFactory(code="northland-2031", election_day=date(2031, 6, 2))
    again = MissionFactory(election=later, organizer=council.organizer, sources=[gazette])
    party(council, announced=46)
    party(again, announced=10, election=later)
    assert by_column(ask()["cells"]) == {"council": (56, 56)}
    assert by_column(ask("columns=year")["cells"]) == {"2030": (46, 46), "2031": (10, 10)}
    assert [(cell["row"], cell["high"]) for cell in ask("rows=election")["cells"]] == [
        ("northland-2031", 10),
        ("northland-2030", 46),
    ]


@pytest.mark.parametrize("measure", ["announced", "accredited", "deployed"])
def test_each_kind_of_count_is_read_by_itself(party, mission, ask, rebuild, measure):
    made = party(mission("council"))
    for kind, value in (("announced", 46), ("accredited", 40), ("deployed", 37)):
        HeadCountFactory(deployment=made, kind=kind, value=value)
    rebuild()
    values = {"announced": 46, "accredited": 40, "deployed": 37}
    assert {place["value"] for place in places(ask(f"measure={measure}"))} == {values[measure]}


def test_a_person_named_in_no_mission_may_be_in_any(party, mission, ask, gazette):
    council, union = mission("council"), mission("union")
    made = party(council, union)
    person = ObserverFactory()
    AssignmentFactory(deployment=made, mission=union, observer=person, sources=[gazette])
    AssignmentFactory(deployment=made, observer=person, role="expert", sources=[gazette])
    AssignmentFactory(deployment=made, sources=[gazette])
    answer = ask("measure=named")
    assert by_column(answer["cells"]) == {"council": (0, 1), "union": (1, 2)}
    assert (ends(answer["total"]), answer["total"]["shares_unknown"]) == ((2, 2), 0)


def test_a_person_of_a_party_wholly_inside_a_column_is_in_it(party, mission, ask, gazette):
    council = mission("council")
    AssignmentFactory(
        deployment=party(council, mission("assembly", body={"parent": council.organizer})), sources=[gazette]
    )
    assert by_column(ask("measure=named")["cells"]) == {"council": (1, 1), "assembly": (0, 1)}


def test_who_was_replaced_is_not_counted_as_named(party, mission, ask, gazette):
    council = mission("council")
    AssignmentFactory(deployment=party(council), mission=council, status="replaced", sources=[gazette])
    assert {ends(place) for place in places(ask("measure=named"))} == {(0, 0)}


def test_a_person_named_in_two_parties_is_one_person(party, mission, ask, gazette):
    council, person = mission("council"), ObserverFactory()
    for _each in range(2):
        AssignmentFactory(deployment=party(council), mission=council, observer=person, sources=[gazette])
    assert {place["value"] for place in places(ask("measure=named"))} == {1}


# Which rows and columns there are


def test_a_row_of_a_body_holds_the_bodies_below_it_and_those_without_a_body_are_said(party, mission, ask):
    above = OrganizationFactory(code="ministry", country="KZ", name="Ministry of Northland")
    below = OrganizationFactory(code="embassy", country="KZ", parent=above, name="Embassy of Northland")
    council = mission("council")
    party(council, announced=3, sender=below)
    party(council, announced=4, sender=above)
    party(council, announced=5)
    answer = ask("rows=sender")
    assert [(row["code"], row["name"]) for row in answer["rows"]] == [
        ("embassy", "Embassy of Northland"),
        ("ministry", "Ministry of Northland"),
    ]
    assert [ends(cell) for cell in answer["cells"]] == [(3, 3), (7, 7)]
    assert (answer["without_row"], ends(answer["total"])) == (1, (12, 12))
    assert [row["code"] for row in ask("rows=sender&sender=embassy")["rows"]] == ["embassy"]


def test_chosen_organizers_are_the_only_columns_with_those_below_them(party, mission, ask):
    council, union = mission("council"), mission("union")
    assembly = mission("assembly", body={"parent": council.organizer})
    party(assembly, union, announced=46)
    assert {column["code"] for column in ask()["columns"]} == {"council", "assembly", "union"}
    assert {column["code"] for column in ask("organizer=council")["columns"]} == {"council", "assembly"}
    assert {column["code"] for column in ask("organizer=assembly")["columns"]} == {"assembly"}
    answer = ask("organizer=assembly&organizer=union")
    assert by_column(answer["cells"]) == {"assembly": (0, 46), "union": (0, 46)}
    assert ends(answer["total"]) == (46, 46)


def test_columns_of_the_most_rows_stand_first_and_years_in_their_order(party, mission, ask, gazette):
    council, union = mission("council"), mission("union")
    party(union)
    party(union, council)
    earlier = ElectionFactory(code="northland-2017", election_day=date(2017, 10, 15))
    party(election=earlier)
    assert [column["code"] for column in ask()["columns"]] == ["union", "council"]
    assert [column["name"] for column in ask("columns=year")["columns"]] == ["2017", "2030"]


def test_an_organization_that_was_renamed_between_its_rows_has_the_name_of_today(party, mission, ask, gazette):
    council = mission("council")
    council.organizer.names.all().delete()
    for name, since, until in (("Old Council", None, date(2030, 12, 31)), ("New Council", date(2031, 1, 1), None)):
        OrganizationNameFactory(
            organization=council.organizer, name=name, valid_from=since, valid_until=until, source=gazette
        )
    party(council)
    assert [column["name"] for column in ask()["columns"]] == ["Old Council"]
    later = ElectionFactory(election_day=date(2031, 6, 2))
    party(MissionFactory(election=later, organizer=council.organizer, sources=[gazette]), election=later)
    assert [column["name"] for column in ask()["columns"]] == ["New Council"]


# What readers may not see


@pytest.mark.parametrize("measure", ["announced", "named", "deployments"])
def test_what_is_hidden_changes_nothing_for_anonymous_readers(client, party, mission, memo, measure):
    council, union = mission("council"), mission("union")
    made = party(council, union, announced=46)
    AssignmentFactory(deployment=made, mission=union, sources=[SourceFactory()])
    league = OrganizationFactory(code="league")
    addresses = [f"{door}?{layout}&measure={measure}" for door in (MATRIX, PAGE) for layout in LAYOUTS]
    before = [client.get(address).content for address in addresses]
    hidden = MissionFactory(election=made.election, organizer=league, kind="eom", sources=[memo])
    ChannelFactory(deployment=made, mission=hidden, source=memo)
    HeadCountFactory(deployment=made, kind="announced", value=99, source=memo)
    AssignmentFactory(deployment=made, mission=council, sources=[memo])
    AssignmentFactory(
        deployment=made, mission=council, sources=[SourceFactory()], observer=ObserverFactory(withheld=True)
    )
    party(hidden, announced=7, sources=[memo], sender_country="UZ")
    OrganizationNameFactory(organization=council.organizer, name="Secret Council", source=memo)
    assert [client.get(address).content for address in addresses] == before


def test_a_member_sees_on_the_page_what_anonymous_readers_do_not(client, party, mission, memo, viewer):
    hidden = mission("hidden", sources=[memo])
    party(hidden, announced=7, sources=[memo], sender_country="UZ")
    assert "Uzbekistan</th>" not in client.get(PAGE).content.decode()
    client.force_login(viewer)
    assert "Uzbekistan</th>" in client.get(PAGE).content.decode()


def test_of_a_hidden_mission_that_a_public_row_names_the_organizer_is_a_column_and_the_kind_is_not(
    party, mission, memo, ask
):
    party(mission("council", sources=[memo], kind="om"), announced=46)
    assert by_column(ask()["cells"]) == {"council": (46, 46)}
    assert ask("columns=mission_kind")["columns"] == []


# At the doors


@pytest.mark.parametrize(
    ("query", "parameter", "sentence"),
    [
        ("rows=organizer", "rows", "“organizer” is not one of the values of rows."),
        ("columns=sender", "columns", "“sender” is not one of the values of columns."),
        ("measure=invited", "measure", "“invited” is not one of the values of measure."),
        ("rows=sender&rows=election", "rows", "rows can be given only once."),
        ("year=soon", "year", "“soon” is not a year from 1900 to 2200: please write it as 2017."),
        ("yaer=2017", "yaer", "“yaer” is not a filter here. Did you mean “year”?"),
        ("organizer=nobody", "organizer", "“nobody” is not one of the values of organizer."),
    ],
)
def test_what_the_address_may_not_hold_is_refused_by_name_at_both_doors(client, query, parameter, sentence):
    answer = client.get(f"{MATRIX}?{query}")
    assert (answer.status_code, answer.json()["errors"]) == (400, [{"parameter": parameter, "message": sentence}])
    refused = client.get(f"{PAGE}?{query}")
    assert (refused.status_code, refused.context["problems"]) == (400, [(parameter, sentence)])
    assert f"<code>{parameter}</code>: {sentence}" in html.unescape(refused.content.decode())


@pytest.mark.parametrize("query", ["page=1", "page_size=5", "ordering=code", "cursor=x", "count=exact", "fields=row"])
def test_a_matrix_has_no_pages_orders_or_fields(client, query):
    assert [client.get(f"{door}?{query}").status_code for door in (MATRIX, PAGE)] == [400, 400]


@pytest.mark.parametrize(("query", "status"), [("format=xml", 400), ("language=de", 400), ("rows=&year=", 200)])
def test_format_and_language_are_those_of_the_api_and_blanks_are_as_if_absent(client, query, status):
    assert client.get(f"{MATRIX}?{query}").status_code == status


def test_the_number_of_queries_is_the_same_for_few_rows_and_for_many(client, rebuild, secretariat):
    addresses = [
        *(f"{MATRIX}?{layout}" for layout in LAYOUTS),
        f"{MATRIX}?measure=named",
        f"{MATRIX}?organizer={secretariat.code}&sender_country=KZ",
        PAGE,
    ]
    whole_record("first", organizer=secretariat)
    rebuild()
    for_few = queries(client, addresses)
    for number in range(10):
        whole_record(number, organizer=secretariat)
    rebuild()
    assert queries(client, addresses) == for_few
    assert max(for_few.values()) <= 31
