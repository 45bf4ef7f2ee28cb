"""The forms by which data is entered, looked at as the public pages are: axe, the console, what a box is called."""

from __future__ import annotations

import pytest
from django.urls import reverse

from missions.models import Deployment, Mission
from organizations.models import Source
from tests.admin_pages import address_of
from tests.browser.looking import ELECTION, WIDTH, faults_of, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PARTY = f"{ELECTION}-from-kz"


@pytest.fixture
def admin_pages(record):
    """Of each sort one: the first page, a list, forms to add and to change, a table to fill, a record from a source."""
    forms = {
        Deployment: Deployment.objects.get(code=PARTY),
        Mission: Mission.objects.filter(election__code=ELECTION).earliest("code"),
        Source: Source.objects.filter(deployments__code=PARTY).earliest("code"),
    }
    return [
        reverse("admin:index"),
        address_of(Deployment),
        *(address_of(model, "add") for model in forms),
        *(address_of(model, "change", each) for model, each in forms.items()),
        reverse("coverage", args=[ELECTION]),
        reverse("entry"),
    ]


def test_axe_finds_nothing_where_data_is_entered(server, open_browser, session, admin_pages):
    with open_browser() as page:
        page.context.add_cookies([session])
        assert faults_of(page, server, admin_pages) == {}
        page.emulate_media(color_scheme="dark")
        assert faults_of(page, server, [*admin_pages[:3], admin_pages[-1]]) == {}
    assert len(admin_pages) == 10


def test_no_page_where_data_is_entered_scrolls_sideways_at_320_pixels(server, open_browser, session, admin_pages):
    wide = []
    with open_browser() as page:
        page.context.add_cookies([session])
        page.set_viewport_size({"width": 320, "height": 900})
        for address in admin_pages:
            page.goto(server.url + address)
            wide += [address] if page.evaluate(WIDTH) > 320 else []
    assert wide == []


def test_a_box_that_completes_is_called_as_its_field_and_says_what_is_chosen(
    server, open_browser, session, admin_pages
):
    with open_browser() as page:
        page.context.add_cookies([session])
        page.goto(server.url + admin_pages[5])
        page.get_by_role("combobox", name="Election Presidential election in Kyrgyzstan, 15 October 2017").wait_for()
        page.get_by_role("combobox", name="Mission CIS Observer Mission").first.wait_for()
        page.get_by_role("searchbox", name="Sources").first.wait_for()
        page.get_by_role("combobox", name="Sending body", exact=True).press("Enter")
        page.get_by_role("searchbox", name="Sending body").wait_for()
        page.get_by_role("listbox", name="Sending body").wait_for()
        assert violations(page) == []
        # One that is drawn only now, in a row that is added.
        page.get_by_role("button", name="Add another Channel").press("Enter")
        page.get_by_role("combobox", name="Mission", exact=True).wait_for()
        assert violations(page) == []
