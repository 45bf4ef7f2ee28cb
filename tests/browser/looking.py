"""Looking at a page with a real browser: what the console says, what is not loaded, and what axe finds."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe

ELECTION = "kg-presidential-2017-10-15"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}
WIDTH = "document.documentElement.scrollWidth"


def violations(page):
    """What axe finds, one line for each rule and place."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def look_at(page, url):
    """Opens the page; answers what the console said and what was not loaded, before axe says anything itself."""
    complaints = []
    told = lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None  # noqa: E731
    failed = lambda request: complaints.append(f"not loaded: {request.url}")  # noqa: E731
    broken = lambda fault: complaints.append(f"a script broke: {fault}")  # noqa: E731
    heard = {"console": told, "requestfailed": failed, "pageerror": broken}
    for event, hear in heard.items():
        page.on(event, hear)
    page.goto(url, wait_until="load")
    assert page.url == url, "led elsewhere, such as to the sign-in"
    for event, hear in heard.items():
        page.remove_listener(event, hear)
    return complaints


def faults_of(browser, server, addresses):
    found = {}
    for address in addresses:
        complaints = look_at(browser, server.url + address)
        found[address] = [*complaints, *violations(browser)]
    return {address: faults for address, faults in found.items() if faults}
