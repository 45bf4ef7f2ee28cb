"""Typing a head count as a press release writes it: the script fills the boxes, and the ladder follows."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from organizations.models import User
from tests.factories import DeploymentFactory, HeadCountFactory, SourceFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def clerk(live_server, client, open_browser):
    """Opens a page of the admin as somebody who has signed in."""
    client.force_login(User.objects.create_superuser("clerk"))
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}

    def at(browser, address):
        browser.context.add_cookies([session])
        browser.goto(f"{live_server.url}{address}")
        return browser

    return at


@pytest.fixture
def count(db):
    source = SourceFactory(title="Observers arrive", publisher="Northland Gazette")
    party = DeploymentFactory(code="the-party")
    return HeadCountFactory(deployment=party, kind="announced", value=46, as_of=date(2030, 6, 1), source=source)


def test_words_fill_two_boxes_and_the_ladder_tells_the_conflict(clerk, open_browser, count):
    address = f"{reverse('admin:missions_headcount_add')}?deployment=the-party&kind=announced&as_of=2030-06-01"
    with open_browser() as browser:
        page = clerk(browser, address)
        problems = page.locator(".ladder-problems li")
        assert problems.count() == 0
        page.fill("#id_value", "more than 700")
        page.press("#id_value", "Tab")
        problems.wait_for()
        assert (page.input_value("#id_value"), page.input_value("#id_qualifier")) == ("700", "more_than")
        told = "1 June 2030: sources disagree: 46 (Northland Gazette: Observers arrive) · more than 700 (this figure)."
        assert problems.all_inner_texts() == [told]
        assert told in page.locator("#ladder-said").inner_text()
        assert page.locator(".ladder-failed").is_hidden()


def test_words_against_what_was_chosen_stay_for_the_form_to_refuse(clerk, open_browser, count):
    with open_browser() as browser:
        page = clerk(browser, reverse("admin:missions_headcount_add"))
        page.select_option("#id_qualifier", "about")
        page.fill("#id_value", "more than 700")
        with page.expect_response("**/headcount/ladder/"):
            page.press("#id_value", "Tab")
        assert (page.input_value("#id_value"), page.input_value("#id_qualifier")) == ("more than 700", "about")


def test_for_another_source_the_cursor_waits_in_the_source(clerk, open_browser, count):
    with open_browser() as browser:
        page = clerk(browser, reverse("admin:missions_headcount_change", args=[count.pk]))
        page.locator(".object-tools").get_by_role("link", name="Another source says the same").click()
        page.wait_for_load_state("load")
        page.wait_for_function("document.activeElement.closest('.field-source')")
        assert (page.input_value("#id_value"), page.input_value("#id_source")) == ("46", "")
