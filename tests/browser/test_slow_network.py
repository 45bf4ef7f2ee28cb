"""While an answer is on its way the earlier rows stay, and it is said that they are being updated."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_rows_stay_until_the_new_ones_are_here(server, open_browser):
    held = []
    with open_browser() as page:
        page.goto(f"{server.url}/missions/")
        before = page.inner_text("#results tbody")
        page.route("**/missions/?q=*", lambda route: held.append(route))  # noqa: PLW0108 (a builtin has no place for what playwright notes)
        page.fill("#filters [name=q]", "turkic")
        page.keyboard.press("Enter")
        page.wait_for_selector("#results[aria-busy]")
        page.locator(".updating").wait_for()
        assert page.inner_text("#results tbody") == before
        held.pop().continue_()
        page.wait_for_selector("#results:not([aria-busy])")
        assert page.inner_text("#results tbody") != before
        assert not page.locator(".updating").is_visible()
