"""A press report goes into the record by the keyboard alone: from one box to the next, in one save."""

from __future__ import annotations

import csv

import pytest
from django.urls import reverse

from missions.dataset import import_dataset
from missions.models import Channel, Deployment, HeadCount, Invitation
from organizations.models import User
from tests.browser.keyboard import Keyboard
from tests.conftest import NOW, PUBLISHED
from tests.missions.entry.conftest import write_roster

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PARTY = "kg-presidential-2017-10-15-from-kz"
CITED = "times-of-central-asia-2017-10"


def published(model, **wanted):
    """The rows of the record that ships which have these values."""
    with (PUBLISHED / f"{model.dataset_file}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if wanted.items() <= row.items()]


COUNT = published(HeadCount, deployment=PARTY, source=CITED)[0]
CHANNELS = published(Channel, deployment=PARTY, source=CITED)
# With the phrases that the record that ships quotes of the report.
TEXT = "\n\n".join(
    [
        "ASTANA. At a meeting on October 13 an invitation was rejected.",
        f"However, the commission said {COUNT['excerpt']} {', '.join(row['excerpt'] for row in CHANNELS)}.",
    ]
)


class Clerk(Keyboard):
    def enter_paper(self):
        self.fill("sources-0-address", "https://gazette.example/will-not-send")
        self.fill("sources-0-title", "Commission will not send observer")
        self.fill("sources-0-publisher", "Example Gazette")
        self.fill("sources-0-language", "en")
        self.fill("sources-0-text", TEXT)

    def enter_election(self):
        self.choose("election-country", "KG")
        self.choose("election-kind", "presidential")
        self.fill("election-election_day", "15.10.2017")

    def enter_party(self):
        """The quote is chosen in the text, and the cursor is back in the line."""
        self.fill("parties-0-sender", "Kazakhstan")
        self.fill("parties-0-how_many", "46 officials")
        self.fill("parties-0-as_of", "13 October 2017")
        self.go_to("sources-0-text")
        self.select(TEXT, COUNT["excerpt"])
        self.press("Selection as quote of the line I was at")
        assert self.page.evaluate("document.activeElement.name") == "parties-0-excerpt"
        self.filled += 1

    def enter_missions(self):
        for number, row in enumerate(CHANNELS):
            if number:
                self.press("add:channels:0")
                self.page.wait_for_selector(f"[name='channels-{number}-as_named']:focus")
                self.page.keyboard.type(row["as_named"])
                self.filled += 1
            else:
                self.fill("channels-0-as_named", row["as_named"])
            if row["mission"].endswith("-ots"):
                self.fill(f"channels-{number}-organizer", "OTS")
            self.fill(f"channels-{number}-excerpt", row["excerpt"])

    def enter_invitation(self):
        self.fill("invitations-0-inviter", "CEC KG")
        self.fill("invitations-0-invitees", "CEC KZ")
        self.choose("invitations-0-response", "declined")
        self.fill("invitations-0-day", "2017-10-13")
        self.choose("invitations-0-reason", "political")


def told(record, *names):
    """What the record says, as the files of the record that ships write it."""
    return {name: str(getattr(record, name)) for name in names}


def test_a_report_is_entered_by_the_keyboard_alone(public_access, live_server, open_browser, tmp_path):
    write_roster(tmp_path)
    import_dataset(tmp_path, now=NOW)
    User.objects.create_superuser("clerk", None, "typed in by hand")
    with open_browser() as page:
        page.goto(f"{live_server.url}{reverse('entry')}")
        keys = Clerk(page)
        keys.fill("login", "clerk")
        keys.fill("password", "typed in by hand")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Record from a source").wait_for()
        keys.filled = 0
        keys.enter_paper()
        keys.enter_election()
        keys.enter_party()
        keys.enter_missions()
        keys.enter_invitation()
        keys.press("save")
        shown = page.locator(".messagelist .success").inner_text()
    assert shown.startswith("Stored: 1 source, 1 election, 1 deployment, ")
    assert keys.filled <= 25

    party = Deployment.objects.get()
    assert party.code == PARTY
    through = party.channels.values_list("mission__code", "as_named", "excerpt")
    assert set(through) == {(row["mission"], row["as_named"], row["excerpt"]) for row in CHANNELS}
    said = ("kind", "value", "qualifier", "as_of", "excerpt")
    assert told(party.head_counts.get(), *said) == {name: COUNT[name] for name in said}
    [shipped] = published(Invitation, election=party.election.code, invitee="cec-kz")
    said = ("response", "responded_on", "reason")
    answer = Invitation.objects.get(inviter__code=shipped["inviter"], invitee__code=shipped["invitee"])
    assert told(answer, *said) == {name: shipped[name] for name in said}


def test_what_is_typed_stays_where_the_session_has_ended(public_access, live_server, open_browser):
    User.objects.create_superuser("clerk", None, "typed in by hand")
    with open_browser() as page:
        page.goto(f"{live_server.url}{reverse('entry')}")
        page.get_by_label("Username").fill("clerk")
        page.get_by_label("Password").fill("typed in by hand")
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.fill("[name='names-0-post']", "Member of Parliament")
        page.context.clear_cookies()
        page.get_by_role("button", name="Another figure").click()
        page.locator("#entry-failed").wait_for()
        assert "What you typed is still here." in page.locator("#entry-failed").inner_text()
        assert page.input_value("[name='names-0-post']") == "Member of Parliament"


def test_a_line_that_is_added_takes_nothing_from_what_is_typed_meanwhile(public_access, live_server, open_browser):
    User.objects.create_superuser("clerk", None, "typed in by hand")
    with open_browser() as page:
        page.goto(f"{live_server.url}{reverse('entry')}")
        page.get_by_label("Username").fill("clerk")
        page.get_by_label("Password").fill("typed in by hand")
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.route("**/admin/entry/", lambda route: (page.wait_for_timeout(400), route.continue_()))
        page.get_by_role("button", name="Another figure").click()
        page.locator("[name='names-0-post']").press_sequentially("Member of Parliament of the Kingdom", delay=30)
        page.locator("[name='counts-1-number']").wait_for()
        assert page.input_value("[name='names-0-post']") == "Member of Parliament of the Kingdom"
        assert page.input_value("[name='counts-1-number']") == ""
        assert page.evaluate("document.activeElement.name") == "names-0-post"
        page.get_by_role("button", name="Another paper that says the same").click()
        page.locator("[name='counts-1-by']").nth(1).wait_for()
        assert page.locator("[name='counts-1-by']:checked").count() == 1
        assert page.input_value("[name='names-0-post']") == "Member of Parliament of the Kingdom"
