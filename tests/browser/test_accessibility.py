"""What a page must be for everybody, looked at in a real browser: axe, the console, narrow screens, targets, paper.

axe sees neither the order of focus nor a wrong number: what it finds must be nothing, and that is not all.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from missions.dataset import import_dataset
from organizations.models import User
from tests.browser.every_page import every_page
from tests.conftest import NOW, PUBLISHED
from tests.excerpt import write_excerpt

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}
ELECTION = "kg-presidential-2017-10-15"
# Of five sorts: the way in, a list, a record with figures, a chart, a wide table.
FIVE = ["", "deployments/", f"deployments/{ELECTION}-from-kz/", f"elections/{ELECTION}/", "matrix/"]


@pytest.fixture
def record(transactional_db, public_access, tmp_path):
    """What the record that ships says of one election, stored for good: the browser asks from outside."""
    write_excerpt(PUBLISHED, ELECTION, tmp_path)
    import_dataset(tmp_path, now=NOW)


@pytest.fixture
def administrator_session(client, live_server):
    client.force_login(User.objects.create_superuser("clerk"))
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}


def violations(page):
    """What axe finds, one line for each rule and place."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def look_at(page, url):
    """Opens the page; answers what the console said and what was not loaded, before axe says anything itself."""
    complaints = []
    told = lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None  # noqa: E731
    failed = lambda request: complaints.append(f"not loaded: {request.url}")  # noqa: E731
    page.on("console", told)
    page.on("requestfailed", failed)
    page.goto(url, wait_until="load")
    page.remove_listener("console", told)
    page.remove_listener("requestfailed", failed)
    return complaints


def faults_of(browser, live_server, addresses):
    found = {}
    for address in addresses:
        complaints = look_at(browser, live_server.url + address)
        found[address] = [*complaints, *violations(browser)]
    return {address: faults for address, faults in found.items() if faults}


def test_axe_finds_nothing_on_any_public_page(live_server, open_browser, record, client):
    addresses = every_page(client).values()
    with open_browser() as page:
        assert faults_of(page, live_server, addresses) == {}
    assert len(addresses) >= 16


def test_axe_finds_nothing_on_any_page_of_who_is_signed_in(
    live_server, open_browser, record, client, administrator_session
):
    addresses = every_page(client).values()
    with open_browser() as page:
        page.context.add_cookies([administrator_session])
        assert faults_of(page, live_server, addresses) == {}
    assert len(addresses) >= 90
