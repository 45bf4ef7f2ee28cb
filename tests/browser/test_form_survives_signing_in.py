"""A long form survives signing in again in another tab, in a real browser and under the real policy for scripts."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from organizations.models import Source, User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "forty-six observers of 2017"  # noqa: S105 (of the tests alone)


def test_what_was_typed_is_saved_after_signing_in_in_another_tab(live_server, open_browser):
    User.objects.create_superuser("clerk", password=PASSWORD)
    with open_browser() as page:
        complaints = []
        page.on("console", lambda message: complaints.append(message.text) if "Policy" in message.text else None)
        page.goto(f"{live_server.url}{reverse('admin:organizations_source_add')}")
        sign_in(page)
        page.fill("#id_title", "Observers “arrive” & stay")
        page.fill("#id_publisher", "Northland Gazette")
        # The session has ended meanwhile.
        session = next(each for each in page.context.cookies() if each["name"] == "sessionid")
        page.context.clear_cookies(name="sessionid")
        page.click("[name=_save] >> nth=-1")
        page.wait_for_selector("text=You are signed out.")
        with page.context.expect_page() as opened:
            page.click("text=Sign in in another tab")
        sign_in(opened.value)
        opened.value.wait_for_url("**/account/")
        page.click("main button:has-text('Save')")
        page.wait_for_url("**/admin/organizations/source/")
    assert complaints == []
    saved = Source.objects.get()
    assert (saved.title, saved.publisher) == ("Observers “arrive” & stay", "Northland Gazette")
    assert Session.objects.exclude(pk=session["value"]).count() == 1


def sign_in(page):
    page.fill("[name=login]", "clerk")
    page.fill("[name=password]", PASSWORD)
    page.click("main button:has-text('Sign in')")
