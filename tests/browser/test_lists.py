"""Lists in a real browser: they change in place, the address is their state, and nobody is left without a word."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from missions.models import Election
from missions.readings import rebuild_readings
from organizations.models import User
from tests.factories import DeploymentFactory, ElectionFactory, SourceFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COMPLETED, ANNOUNCED = (f"[name=status][value={status}]" for status in ("completed", "announced"))
OPEN = "Deployments – Election observation mission tracker"
CHIPS = "[...document.querySelectorAll('.chip')].map((chip) => chip.lastChild.previousSibling.data.trim())"
FOCUSED = "document.activeElement.id || document.activeElement.innerText"
IN_SIGHT = "document.activeElement.getBoundingClientRect().top >= 0"
TOLD = """() => {
    window.told = [];
    const live = document.getElementById("live");
    new MutationObserver(() => window.told.push(live.textContent)).observe(live, { childList: true });
}"""
TOO_SMALL = """() => [...document.querySelectorAll("main a, main button, main input, main select, main summary")]
    .filter((each) => each.checkVisibility() && each.type !== "hidden" && !each.closest(".skip"))
    .map((each) => [each.innerText || each.name, each.getBoundingClientRect(), each])
    .filter(([, box, each]) => box.height && (box.height < 24 || box.width < 24)
        && !each.matches("input[type=checkbox], td a, .downloads a, .meta a"))
    .map(([words]) => words)"""


@pytest.fixture
def lists(live_server, client, open_browser):
    """Opens the browser of somebody who has signed in, and gives the address of the list of 60 deployments."""
    gazette = SourceFactory()
    for number in range(30):
        election = ElectionFactory(election_day=date(2001 + number % 20, 6, 2), country="KG" if number % 2 else "MN")
        for status in ("completed", "announced"):
            DeploymentFactory(election=election, sender_country="KZ", status=status, sources=[gazette])
    rebuild_readings(Election.objects.all())
    client.force_login(User.objects.create_superuser("reader"))
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    return Lists(open_browser, session, f"{live_server.url}{reverse('deployments')}")


class Lists:
    def __init__(self, open_browser, session, address):
        self.open_browser, self.session, self.address = open_browser, session, address

    def __enter__(self):
        self.browser = self.open_browser()
        page = self.browser.__enter__()
        page.context.add_cookies([self.session])
        return page

    def __exit__(self, *exception):
        self.browser.__exit__(*exception)


def settled(page):
    page.wait_for_selector("#results:not([aria-busy])")


def act(page, selector):
    page.click(selector)
    settled(page)


def state(page):
    """What the page shows of the list: how many, the first row, the chips, and what is ticked in the panel."""
    page.wait_for_selector("#results:not([aria-busy])")
    return (
        page.title(),
        page.inner_text("#results-heading"),
        page.locator("tbody tr").first.inner_text(),
        page.evaluate(CHIPS),
        page.is_checked(COMPLETED),
    )


def test_back_and_forward_show_what_the_address_says_and_so_does_a_new_browser(lists):
    with lists as page:
        complaints = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(lists.address)
        seen = [(page.url, state(page))]
        page.check(COMPLETED)
        for selector in ("text=Apply filters", "#by-election_day", ".pager a[rel=next]"):
            act(page, selector)
            seen.append((page.url, state(page)))
        assert [url.removeprefix(lists.address) for url, _state in seen] == [
            "",
            "?status=completed",
            "?status=completed&ordering=election_day",
            "?status=completed&ordering=election_day&page=2",
        ]
        assert [told[1] for _url, told in seen] == ["60 deployments", *["30 deployments"] * 3]
        assert len({told for _url, told in map(repr_of, seen)}) == 4
        page.click("tbody tr a >> nth=0")
        page.wait_for_selector("#observers")
        for url, told in reversed(seen):
            page.go_back()
            page.wait_for_url(url)
            page.wait_for_load_state("load")
            assert state(page) == told
        page.go_forward()
        page.wait_for_url(seen[1][0])
        page.wait_for_load_state("load")
        assert state(page) == seen[1][1]
        assert complaints == []
        fresh = page.context.browser.new_context()
        fresh.add_cookies([lists.session])
        pasted = fresh.new_page()
        pasted.goto(seen[3][0])
        assert state(pasted) == seen[3][1]


def repr_of(each):
    return each[0], repr(each[1])


def test_who_applies_the_filters_from_a_box_stays_in_it(lists):
    with lists as page:
        page.goto(lists.address)
        page.focus(COMPLETED)
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.wait_for_url("**/?status=completed")
        settled(page)
        page.locator(f"{COMPLETED}:focus").wait_for()
        assert page.is_checked(COMPLETED)


def test_each_act_moves_the_focus_where_one_goes_on_and_is_told_once(lists):
    with lists as page:
        page.goto(f"{lists.address}?status=completed&status=announced&host_country=KG")
        page.evaluate(TOLD)
        focused = []
        for selector in ("#head-status", ".pager a[rel=next]", ".chip >> nth=0", ".chip >> nth=1", ".chip >> nth=0"):
            act(page, selector)
            focused.append(page.evaluate(FOCUSED).replace("\n", " "))
        page.check(COMPLETED)
        act(page, "text=Apply filters")
        focused.append(page.evaluate(FOCUSED))
        assert focused == [
            "head-status",
            "results-heading",
            "Remove this filter: Status: Completed ×",
            "results-heading",
            "results-heading",
            # From a button below the rows that it found: the panel is longer than the window.
            "results-heading",
        ]
        assert [told.partition(" Filters")[0].partition(" Order")[0] for told in page.evaluate("window.told")] == [
            *["30 deployments."] * 2,
            "60 deployments.",
            "30 deployments.",
            "60 deployments.",
            "30 deployments.",
        ]
        # What is taken away above the rows is taken away in the panel too.
        assert page.is_checked(COMPLETED)
        assert not page.is_checked(ANNOUNCED)


def test_on_a_narrow_screen_the_panel_makes_way_and_everything_can_be_touched(lists):
    with lists as page:
        page.set_viewport_size({"width": 360, "height": 800})
        page.goto(lists.address)
        page.click("#filter-summary")
        page.check(COMPLETED)
        assert page.evaluate(TOO_SMALL) == []
        act(page, "text=Apply filters")
        assert not page.is_visible(COMPLETED)
        assert page.evaluate(FOCUSED) == "results-heading"
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_view_and_a_ready_made_list_take_the_place_of_the_rows_alone(lists):
    with lists as page:
        page.goto(lists.address)
        page.evaluate("window.same = true")
        for name, query in (("Timeline", "?view=timeline"), ("By year", "?view=years"), ("Coming", "?date_after=")):
            act(page, f"#views >> text={name}")
            assert page.url.removeprefix(lists.address).startswith(query)
            assert page.locator("#views [aria-current]").last.inner_text() == name
            assert (page.locator("header.top").count(), page.evaluate("window.same")) == (1, True)


def test_what_is_found_comes_into_sight(lists):
    """The button stands below the long panel; whoever presses it sees the rows, and not the room beside the panel."""
    with lists as page:
        page.goto(lists.address)
        page.check(COMPLETED)
        page.locator("text=Apply filters").scroll_into_view_if_needed()
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        page.focus("text=Apply filters")
        act(page, "text=Apply filters")
        assert page.evaluate(f"[{FOCUSED}, {IN_SIGHT}]") == ["results-heading", True]


def test_a_failure_keeps_the_rows_and_leads_to_a_second_try_and_a_refusal_to_its_page(lists):
    with lists as page:
        page.goto(lists.address)
        before = state(page)
        for answer in (lambda route: route.fulfill(status=500, body="no"), lambda route: route.abort()):
            page.route("**/deployments/?*", answer)
            act(page, "#by-election_day")
            page.wait_for_selector("#failed:visible")
            assert state(page) == before
            page.unroute_all()
        page.click("#failed a")
        page.wait_for_url("**/deployments/?ordering=election_day")
        assert state(page)[2] != before[2]
        page.fill("#id_q", "...")
        page.click("text=Apply filters")
        page.wait_for_selector("text=This address cannot be answered as it was asked")
        assert page.title().startswith("Error: ")


def test_without_javascript_it_all_works(lists):
    with lists as scripted:
        plain = scripted.context.browser.new_context(java_script_enabled=False)
        plain.add_cookies([lists.session])
        page = plain.new_page()
        page.goto(lists.address)
        page.check(COMPLETED)
        page.click("text=Apply filters")
        # What was left blank is no part of the address.
        assert page.url == f"{lists.address}?status=completed"
        page.click("#by-election_day")
        page.click(".pager a[rel=next]")
        assert page.url == f"{lists.address}?status=completed&ordering=election_day&page=2"
        page.click(".chip")
        assert page.url == f"{lists.address}?ordering=election_day"
        assert page.inner_text("#results-heading") == "60 deployments"
        page.click("#views >> text=Timeline")
        assert page.url == f"{lists.address}?ordering=election_day&view=timeline"
        assert page.locator("svg.when").count() == 25
