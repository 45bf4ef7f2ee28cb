"""Without scripts one signs in, reads the ladder with its file, and enters a source; lists: see `test_lists.py`."""

from __future__ import annotations

import pytest
from django.urls import reverse

from organizations.models import Source, User
from tests.admin_pages import address_of
from tests.browser.looking import ELECTION

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_without_scripts_one_signs_in_reads_a_ladder_and_saves_a_source(server, open_browser):
    User.objects.create_superuser("clerk", None, "typed in by hand")
    with open_browser() as scripted:
        page = scripted.context.browser.new_context(java_script_enabled=False).new_page()
        page.goto(server.url + reverse("account_login"))
        page.fill("[name=login]", "clerk")
        page.fill("[name=password]", "typed in by hand")
        page.click("main button")
        page.goto(f"{server.url}/elections/{ELECTION}/")
        assert page.locator("#ladder-table tbody tr").count() == 6
        with page.expect_download() as download:
            page.click("text=This ladder as CSV")
        assert download.value.suggested_filename.endswith(".csv")
        page.goto(server.url + address_of(Source, "add"))
        page.fill("[name=title]", "Observers arrive in Northland")
        page.fill("[name=publisher]", "Northland Gazette")
        page.click("[name=_save]")
        assert page.locator(".messagelist .success").count() == 1
    assert Source.objects.filter(title="Observers arrive in Northland").count() == 1
