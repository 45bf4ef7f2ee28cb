"""The language of the API: that of its parameter, whatever the browser prefers."""

import pytest
from django.urls import reverse
from django.utils import translation

from tests.factories import (
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    MissionFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    SourceFactory,
)
from tests.missions.test_lists import api, body_of, csv_of_api, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


@pytest.fixture
def heeds_the_browser(settings):
    """Elsewhere on the site the browser's language may count."""
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.locale.LocaleMiddleware"]
    # That middleware leaves its language to the next request, which is another test's.
    with translation.override("en"):
        yield


@pytest.fixture
def named_in_languages(rebuild):
    """A body with names in three languages, and one without any."""
    gazette = SourceFactory()
    body = OrganizationFactory(code="cec-kz", country="KZ", kind="election_body")
    for language, name in (("en", "Commission"), ("ru", "Комиссия"), ("kk", "Комиссиясы")):
        OrganizationNameFactory(organization=body, language=language, name=name)
    nameless = OrganizationFactory(code="nameless")
    election = ElectionFactory(code="kg", country="KG")
    DeploymentFactory(code="party", election=election, sender=body, sources=[gazette])
    ChannelFactory(
        deployment=DeploymentFactory(
            code="through-nameless", election=election, sender=nameless, sender_country="", sources=[gazette]
        ),
        mission=MissionFactory(code="of-nameless", election=election, organizer=nameless, sources=[gazette]),
        source=gazette,
    )
    rebuild()


@pytest.mark.parametrize(
    ("query", "sender"),
    [
        ("", "Commission"),
        ("?language=en", "Commission"),
        ("?language=ru", "Комиссия"),
        ("?language=kk", "Комиссиясы"),
        ("?language=", "Commission"),
    ],
)
@pytest.mark.usefixtures("heeds_the_browser")
@pytest.mark.parametrize("preferred", [None, "ru", "kk;q=0.9, ru;q=0.8"])
def test_only_the_parameter_changes_the_language(client, named_in_languages, query, sender, preferred):
    headers = {"accept-language": preferred} if preferred else {}
    country = {"?language=ru": "Казахстан", "?language=kk": "Қазақстан"}.get(query, "Kazakhstan")
    row = client.get(reverse("api:deployments-detail", args=["party"]) + query, headers=headers).json()
    assert (row["sender_name"], row["sender_name_now"], row["sender_country_name"]) == (sender, sender, country)
    in_file = body_of(client.get(csv_of_api("deployments", query or "?"), headers=headers)).decode()
    assert f",{sender},{sender},{country}," in in_file


@pytest.mark.parametrize("address", [api, csv_of_api])
def test_the_language_asked_for_is_not_left_to_the_next_visitor(client, named_in_languages, address):
    body_of(client.get(address("deployments", "?language=ru")))
    assert translation.get_language() == "en"


@pytest.mark.usefixtures("heeds_the_browser")
@pytest.mark.parametrize(
    ("query", "accepted", "status"),
    [("?year=x", "*/*", 400), ("?language=fr", "*/*", 400), ("?page_size=0", "*/*", 400), ("", "text/xml", 406)],
)
def test_refusals_are_in_one_language(client, query, accepted, status):
    plain = client.get(api("deployments", query), headers={"accept": accepted})
    preferred = client.get(api("deployments", query), headers={"accept": accepted, "accept-language": "ru"})
    assert (plain.status_code, preferred.content) == (status, plain.content)


def test_what_has_no_name_is_called_by_its_code(client, named_in_languages):
    row = client.get(reverse("api:deployments-detail", args=["through-nameless"])).json()
    assert [row[name] for name in ("sender_name", "sender_country_name", "organizer_names")] == [
        "nameless",
        "",
        ["nameless"],
    ]
    assert client.get(reverse("api:organizations-detail", args=["nameless"])).json()["name"] == "nameless"
    for address in (
        page("deployments"),
        page("missions"),
        page("organizations"),
        reverse("organization", args=["nameless"]),
    ):
        assert b"nameless" in client.get(address).content
