"""The colours of the pages: light, dark, or as the reader's system has them."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.django_db


def theme_of(page):
    return re.search("<html[^>]*>", page.content.decode()).group()


def pressed(page):
    return re.findall(r'value="([a-z]+)" aria-pressed="true"', page.content.decode())


def choose(client, theme, back="/missions/?year=2017"):
    return client.post("/theme/", {"theme": theme, "next": back})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_choice_is_written_into_every_page(client, public_access, theme):
    answer = choose(client, theme)
    assert (answer.status_code, answer["Location"]) == (302, "/missions/?year=2017")
    for address in ("/missions/", "/ru/", "/nothing/"):
        page = client.get(address)
        assert f'data-theme="{theme}"' in theme_of(page)
        assert pressed(page) == [theme]


def test_the_system_decides_until_one_chooses_and_after_choosing_it_again(client, public_access):
    first = client.get("/")
    choose(client, "dark")
    choose(client, "system")
    again = client.get("/")
    assert "data-theme" not in theme_of(first) + theme_of(again)
    assert pressed(first) == pressed(again) == ["system"]


def test_the_cookie_is_read_by_nobody_else(client):
    cookie = choose(client, "dark").cookies["theme"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


def test_whatever_else_the_cookie_holds_is_no_theme(client, public_access):
    client.cookies["theme"] = '"><script>'
    assert theme_of(client.get("/")) == '<html lang="en">'


@pytest.mark.parametrize("theme", ["", "blue", "dark\0"])
def test_there_are_no_other_themes(client, theme):
    answer = choose(client, theme)
    assert (answer.status_code, answer.cookies) == (400, {})


@pytest.mark.parametrize("back", ["//elsewhere.example/", "https://elsewhere.example/", "javascript:alert(1)", ""])
def test_it_leads_to_no_other_host(client, back):
    assert choose(client, "dark", back)["Location"] == "/"


def test_who_only_reads_is_given_no_cookie(client, public_access):
    assert client.get("/missions/").cookies == {}


def test_it_can_be_chosen_before_signing_in(client, members_only):
    assert choose(client, "dark", "/account/login/")["Location"] == "/account/login/"
    assert 'data-theme="dark"' in theme_of(client.get("/account/login/"))
