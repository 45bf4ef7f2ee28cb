"""The language of a page is the beginning of its address, and the links to the others keep the rest of it."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import translation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "language"),
    [("/missions/", "en"), ("/ru/missions/", "ru"), ("/kk/missions/", "kk"), ("/ru/account/login/", "ru")],
)
def test_a_page_is_in_the_language_of_its_address(client, public_access, address, language):
    page = client.get(address, headers={"Accept-Language": "fr, kk;q=0.5"}).content.decode()
    assert re.search('<html lang="([a-z]+)"', page).group(1) == language


@pytest.mark.parametrize("address", ["/en/missions/", "/ru-ru/missions/", "/fr/missions/", "/ru/api/v1/missions/"])
def test_there_are_no_other_addresses(client, public_access, address):
    assert client.get(address).status_code == 404


def test_an_address_without_its_last_stroke_leads_to_the_one_with_it(client, public_access):
    assert client.get("/ru")["Location"] == "/ru/"
    assert client.get("/kk/missions")["Location"] == "/kk/missions/"


def test_the_links_to_the_other_languages_keep_the_address_and_the_query(client, public_access):
    page = client.get("/ru/deployments/?host_country=KG&q=a%26b").content.decode()
    links = re.findall(r'<a href="([^"]+)" lang="(..)" hreflang="(..)"( aria-current="true")?>([^<]+)</a>', page)
    query = "?host_country=KG&amp;q=a%26b"
    assert links == [
        (f"/deployments/{query}", "en", "en", "", "English"),
        (f"/ru/deployments/{query}", "ru", "ru", ' aria-current="true"', "Русский"),
        (f"/kk/deployments/{query}", "kk", "kk", "", "Қазақша"),
    ]


def test_whatever_a_page_links_to_is_in_its_language(client, public_access):
    page = client.get("/kk/").content.decode()
    inside = re.findall(r'(?:href|action)="(/[^"]*)"(?! lang=)', page)
    apart = ("/static/", "/api/v1/", "/theme/")
    assert [address for address in inside if not address.startswith(("/kk/", *apart))] == []
    assert len(inside) >= 15


def test_a_link_to_another_language_never_leads_to_another_host(client, public_access):
    answer = client.get("/ru//elsewhere.example/")
    assert answer.status_code == 404
    links = re.findall(r'<a href="([^"]+)" lang=', answer.content.decode())
    assert links == ["/%2Felsewhere.example/", "/ru/%2Felsewhere.example/", "/kk/%2Felsewhere.example/"]


def test_who_is_not_signed_in_is_led_to_the_sign_in_of_that_language(client, members_only):
    assert client.get("/kk/missions/?year=2017")["Location"] == "/kk/account/login/?next=/kk/missions/%3Fyear%3D2017"


def test_the_api_has_one_address_for_all_languages(client, public_access):
    answer = client.get("/api/v1/missions/?nothing=1", headers={"Accept-Language": "ru"})
    assert answer.status_code == 400
    assert "is not a filter here" in answer.content.decode()


def test_addresses_of_another_language_have_its_prefix():
    with translation.override("kk"):
        assert reverse("election", args=["kg-presidential-2017-10-15"]) == "/kk/elections/kg-presidential-2017-10-15/"
        assert reverse("admin:index") == "/kk/admin/"
        assert reverse("api:missions-list") == "/api/v1/missions/"
