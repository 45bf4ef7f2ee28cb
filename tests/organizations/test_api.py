"""Organizations, their names and members, regions and sources in the API."""

from datetime import date

import pytest
from django.urls import reverse

from tests.factories import (
    MembershipFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    RegionFactory,
    SourceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


def rows(client, resource, query=""):
    return client.get(reverse(f"api:{resource}-list") + query).json()["results"]


def codes(client, resource, query=""):
    return [row["code"] for row in rows(client, resource, query)]


@pytest.fixture
def council(db):
    """Called Old Council until 2021, New Council since; a memo has it as Secret Council from 2025."""
    made = OrganizationFactory(code="council")
    gazette, memo = SourceFactory(code="gazette"), SourceFactory(code="memo", public=False)
    for name, short, begins, ends, source in (
        ("Old Council", "OC", None, date(2021, 11, 11), gazette),
        ("New Council", "NC", date(2021, 11, 12), date(2024, 12, 31), gazette),
        ("Secret Council", "SC", date(2025, 1, 1), None, memo),
    ):
        OrganizationNameFactory(
            organization=made, name=name, short_name=short, valid_from=begins, valid_until=ends, source=source
        )
    OrganizationNameFactory(organization=made, language="kk", name="Кеңес", source=gazette)
    return made


def test_the_latest_public_name_is_the_name(client, council):
    [row] = rows(client, "organizations")
    assert (row["name"], row["short_name"]) == ("New Council", "NC")
    assert client.get("/organizations/council/").context["row"]["name"] == "New Council"


def test_members_see_the_name_of_the_internal_paper(client, council, viewer):
    client.force_login(viewer)
    assert client.get("/organizations/council/").context["row"]["name"] == "Secret Council"


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_name_is_in_the_language_asked_for_else_in_english(client, council, language):
    [row] = rows(client, "organizations", f"?language={language}")
    assert row["name"] == {"kk": "Кеңес"}.get(language, "New Council")


@pytest.mark.parametrize("words", ["old council", "NEW", "кенес", "oc council"])
def test_an_organization_is_found_by_each_public_name(client, council, words):
    OrganizationFactory(code="other", name="Other")
    assert codes(client, "organizations", f"?q={words}") == ["council"]
    assert {code for code in codes(client, "organization-names", f"?q={words}") if code.startswith("council")} != set()


@pytest.mark.parametrize("words", ["secret", "secret council", "SC"])
@pytest.mark.parametrize("resource", ["organizations", "organization-names", "memberships"])
def test_nobody_finds_it_by_the_name_of_an_internal_paper(client, council, resource, words):
    MembershipFactory(organization=council, member_country="KZ", sources=[SourceFactory()])
    assert codes(client, resource, f"?q={words}") == []


def test_members_find_it_by_that_name(client, council, viewer):
    client.force_login(viewer)
    found = client.get("/organizations/", {"q": "secret"}).context["rows"]
    assert [row["code"] for _record, row in found] == ["council"]


def test_the_names_that_a_public_source_gives_and_no_other(client, council):
    assert [row["name"] for row in rows(client, "organization-names", "?ordering=valid_from")] == [
        "New Council",
        "Old Council",
        "Кеңес",
    ]


def test_bodies_below_are_found_through_the_one_above(client, council):
    OrganizationFactory(code="assembly", parent=council)
    assert codes(client, "organizations", "?part_of=council") == ["assembly"]


def test_a_region_does_not_show_the_internal_paper_that_it_rests_on(client, council):
    for code in ("gazette", "memo"):
        RegionFactory(code=f"by-{code}", source=council.names.filter(source__code=code).first().source)
    assert {row["code"]: row["source"] for row in rows(client, "regions")} == {"by-gazette": "gazette", "by-memo": None}


def test_what_cites_a_public_and_an_internal_paper_shows_the_public_one(client, council):
    sources = [name.source for name in council.names.exclude(source__code="memo")[:1]]
    sources += [name.source for name in council.names.filter(source__code="memo")]
    council.sources.set(sources)
    MembershipFactory(code="membership", organization=council, member_country="KZ", sources=sources)
    for resource in ("organizations", "memberships"):
        assert [row["sources"] for row in rows(client, resource)] == [["gazette"]]


def test_the_languages_of_internal_papers_are_no_choice(client, viewer):
    SourceFactory(language="tr")
    SourceFactory(language="kk", public=False)
    address = reverse("api:sources-list")
    assert len(client.get(address, {"written_in": "tr"}).json()["results"]) == 1
    refused = client.get(address, {"written_in": "kk"})
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "written_in")
    assert 'value="kk"' not in client.get("/sources/").content.decode()
    client.force_login(viewer)
    assert 'value="kk"' in client.get("/sources/").content.decode()


def test_the_language_of_the_answer_is_not_that_of_the_source(client):
    SourceFactory(code="turkish", language="tr")
    SourceFactory(code="russian", language="ru")
    assert codes(client, "sources", "?language=ru") == ["russian", "turkish"]
    assert codes(client, "sources", "?language=ru&written_in=tr") == ["turkish"]
