"""A real browser for tests that press buttons: Debian's Chromium, driven by playwright."""

from __future__ import annotations

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from missions.dataset import import_dataset
from organizations.models import User
from tests.browser.looking import ELECTION
from tests.conftest import NOW, PUBLISHED
from tests.excerpt import write_excerpt

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


@pytest.fixture
def record(transactional_db, public_access, tmp_path):
    """What the record that ships says of one election, stored for good: the browser asks from outside."""
    write_excerpt(PUBLISHED, ELECTION, tmp_path)
    import_dataset(tmp_path, now=NOW)


@pytest.fixture
def server(record):
    """A server begun where visitors read what is public: that of all tests was begun where they sign in first."""
    begun = LiveServer("localhost")
    begun._live_server_modified_settings.enable()
    yield begun
    begun._live_server_modified_settings.disable()
    begun.stop()


@pytest.fixture
def session(server, client):
    """What the browser of an administrator who has signed in to the server keeps."""
    client.force_login(User.objects.create_superuser("reader"))
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server.url}
