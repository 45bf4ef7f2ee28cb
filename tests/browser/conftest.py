"""A real browser for tests that press buttons: Debian's Chromium, driven by playwright."""

from __future__ import annotations

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture
def chromium():
    """The path of Chromium. Without one the test is skipped, or fails where REQUIRE_BROWSER is set."""
    path = shutil.which("chromium")
    if path is None:
        missing = "No Chromium was found on this machine (Debian: apt-get install chromium)."
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(missing)
        pytest.skip(f"{missing} The pages are tested without it; what is typed and clicked needs one.")
    return path


@pytest.fixture
def open_browser(chromium):
    """Opens a page in a new browser: `with open_browser() as page`.

    The records are not to be touched from the test inside: playwright's loop runs in its thread.
    """
    return lambda: Browser(chromium)


class Browser:
    def __init__(self, path):
        self.path = path

    def __enter__(self):
        self.playwright = sync_playwright().start()
        self.browser = self.playwright.chromium.launch(executable_path=self.path, args=ARGUMENTS)
        page = self.browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
        page.set_default_timeout(15_000)
        return page

    def __exit__(self, *_exception):
        self.browser.close()
        self.playwright.stop()
