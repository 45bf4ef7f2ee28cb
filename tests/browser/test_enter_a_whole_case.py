"""The whole case of Kyrgyzstan 2017 goes into the record by the keyboard alone, and reads as the record that ships.

A clerk who has nothing but the roster of organizations takes one paper after the other, and those that say the same
together. What each says is read from the files of the record that ships, so that the test stays true to them.
"""

from __future__ import annotations

from collections import defaultdict

import pytest
from django.core.management import call_command
from django.urls import reverse

from lib.dates import DateSpan, parse_date
from missions.dataset import import_dataset
from missions.models import Election
from observers.models import Observer
from organizations.models import User
from tests.browser.keyboard import Keyboard
from tests.conftest import NOW, PUBLISHED, empty_every_table
from tests.excerpt import write_excerpt
from tests.missions.entry.conftest import rows_of, write_roster

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ELECTION = "kg-presidential-2017-10-15"
# Heaps of papers on the desk, in the order in which the clerk takes them. The last one is what the next form cites.
HEAPS = (
    ("rada-gov-ua-150251", "aravot-2017-10-15", "pace-2017-11-23"),
    ("osce-pa-2017-10-10", "trend-2017-10-09", "azayguliyev-3435"),
    ("european-parliament-2017", "eppgroup-2017-10-16", "odihr-2018-03-08"),
    ("24-kg-60226",),
    ("tass-2017-10-16", "kazinform-2017-09-29", "24-kg-2017-09-09"),
    ("24-kg-61505", "kabar-2017-08-31"),
    ("tass-2017-09-28", "argumenti-kg-28815", "24-kg-65386"),
    ("ipa-cis-2017-10-14", "ipa-cis-2017-10-15", "ipa-cis-2017-10-31"),
    ("rferl-2017-10-13", "times-of-central-asia-2017-10", "belarus-kz-40918"),
    ("sco-2017-10-16", "coalition-kg-2017-10-09", "gndem-first-transition"),
    ("kabar-2017-10-13",),
    ("unknown-kk-46-observers",),
    ("osce-bishkek-2017-11-28", "d-ep-mn-2016", "d-skupstina-2016-10-13"),
    ("1tv-ge-2017-10-15",),
)


def listed(cell):
    return [each for each in cell.split("; ") if each]


class Record:
    """The files of a folder: by file, the rows by code, or by number where codes are computed."""

    def __init__(self, folder):
        self.rows = {
            path.stem: {row["code"] or f"{path.stem} {number}": row for number, row in enumerate(rows_of(path))}
            for path in sorted(folder.glob("*.csv"))
        }

    def __getitem__(self, file):
        return self.rows[file]

    def of(self, file, papers):
        """The rows of a file that rest on any of the papers, with the numbers of those on which they do."""
        for code, row in self[file].items():
            cited = listed(row.get("sources") or row.get("source", ""))
            numbers = [number for number, paper in enumerate(papers) if paper in cited]
            if numbers:
                yield {**row, "code": code}, numbers


class Clerk(Keyboard):
    """Types what the record says of the case, and remembers what is in it by now."""

    def __init__(self, page, address, record, known):
        super().__init__(page)
        self.address = address
        self.record = record
        # The codes of what is in the record, those of the roster from the beginning.
        self.known = set(known)
        self.saves = 0
        # How many lines of each kind stand on the page.
        self.lines = defaultdict(int)

    # What is done on every page

    def save(self, button):
        with self.page.expect_navigation():
            self.press(button)
        self.saves += 1
        assert self.page.locator(".messagelist .success").count() == 1, self.page.locator(
            "ul.errorlist, .errornote"
        ).all_inner_texts()

    def boxes(self, prefix, *, more=(), **typed):
        """Fills the boxes for which there is something to be typed; those of `more` stand behind it."""
        for name, value in typed.items():
            self.box(f"{prefix}-{name}", value)
        if any(value for _name, value in more):
            self.press("More")
            for name, value in more:
                self.box(f"{prefix}-{name}", value)

    def box(self, name, value):
        if value is True:
            self.tick(name)
        elif value and self.page.locator(f"[name='{name}']").evaluate("each => each.tagName") == "SELECT":
            self.choose(name, value)
        elif value:
            self.fill(name, value)

    def new_line(self, kind, *, begun):
        """The prefix of the next line of a kind, of which `begun` stand on a new page."""
        number = self.lines[kind]
        self.lines[kind] += 1
        if number >= begun:
            self.press(f"add:{kind}" if kind != "channels" else "add:channels:0")
            self.page.locator(f"#line-{kind}-{number}").wait_for()
        return f"{kind}-{number}"

    def by(self, prefix, numbers, papers):
        """Ticks the papers that say the line, where there are several."""
        for number in range(len(papers)) if len(papers) > 1 else ():
            self.tick(f"id_{prefix}-by_{number}", wanted=number in numbers)

    def is_new(self, code):
        """Whether nothing was typed of it so far; from now on something is."""
        if code in self.known:
            return False
        self.known.add(code)
        return True

    # A heap of papers

    def enter(self, papers):
        self.lines.clear()
        for number, code in enumerate(papers):
            self.enter_paper(self.new_line("sources", begun=1), self.record["sources"][code], number)
        self.enter_election()
        for row, numbers in self.record.of("missions", papers):
            self.enter_mission(row, numbers, papers)
        for row, numbers in self.record.of("deployments", papers):
            self.enter_party(row, numbers, papers)
        for row, numbers in self.record.of("invitations", papers):
            self.enter_invitation(row, numbers, papers)
        for row, numbers in self.record.of("head_counts", papers):
            self.enter_count(row, numbers, papers)
        for row, numbers in self.record.of("assignments", papers):
            self.enter_name(row, numbers, papers)
        self.save("save")

    def enter_paper(self, prefix, row, number):
        if self.is_new(row["code"]):
            names = ("title", "publisher", "published_on", "language")
            self.boxes(prefix, address=row["url"], **{name: row[name] for name in names})
        else:
            self.boxes(prefix, address=row["code"])

    def enter_election(self):
        row = self.record["elections"][ELECTION]
        if self.is_new(ELECTION):
            more = [(name, row[name]) for name in ("name", "office", "status")]
            boxes = {name: row[name] for name in ("country", "kind", "election_day")}
            self.boxes("election", **boxes, more=more)
        elif not self.page.input_value("[name='election-election']"):
            self.boxes("election", election=ELECTION)

    def enter_mission(self, row, numbers, papers):
        prefix = self.new_line("missions", begun=0)
        if not self.is_new(row["code"]):
            self.boxes(prefix, organizer=row["organizer"])
        else:
            above = self.organizer_of(row["part_of"])
            names = ("organizer", "kind", "name", "part_of", "starts_on", "ends_on", "status")
            more = [(name, row[name]) for name in ("co_organizers", "remark")]
            self.boxes(prefix, **{**{name: row[name] for name in names}, "part_of": above}, more=more)
        self.by(prefix, numbers, papers)

    def organizer_of(self, mission):
        return mission and self.record["missions"][mission]["organizer"]

    def enter_party(self, row, numbers, papers):
        prefix = self.new_line("parties", begun=1)
        more = [("remark", row["remark"])] if self.is_new(row["code"]) else []
        self.boxes(prefix, sender=row["sender_country"], more=more)
        self.by(prefix, numbers, papers)
        # Papers that name the same missions in the same words are one line.
        said = defaultdict(list)
        for channel, [number] in self.record.of("channels", papers):
            said[channel["mission"], channel["as_named"], channel["excerpt"]].append(number)
        for (mission, as_named, excerpt), by in said.items():
            line = self.new_line("channels", begun=1)
            self.boxes(line, as_named=as_named, organizer=self.organizer_of(mission), excerpt=excerpt)
            self.by(line, by, papers)

    def enter_invitation(self, row, numbers, papers):
        prefix = self.new_line("invitations", begun=1)
        self.boxes(prefix, inviter=row["inviter"], invitees=row["invitee"])
        if self.is_new(row["code"]):
            day = row["responded_on"]
            more = [(name, row[name]) for name in ("sent_on", "reason_text", "remark")]
            self.boxes(prefix, response=row["response"], day=day, reason=row["reason"], more=more)
        self.by(prefix, numbers, papers)

    def enter_count(self, row, numbers, papers):
        prefix = self.new_line("counts", begun=1)
        subject = self.organizer_of(row["mission"]) or (row["deployment"] and "from Kazakhstan")
        qualifier = "" if row["qualifier"] == "exact" else row["qualifier"].replace("_", " ")
        last = parse_date(row["as_of"]).first
        first = parse_date(row["as_of_from"]).first if row["as_of_from"] else last
        more = [(name, row[name]) for name in ("states", "bodies", "remark")]
        more.append(("not_counted", row["counted"] == "false"))
        typed = {name: row[name] for name in ("kind", "group", "basis")}
        number = f"{qualifier} {row['value']}".strip()
        as_of = str(DateSpan(first, last))
        self.boxes(prefix, subject=subject, number=number, **typed, as_of=as_of, excerpt=row["excerpt"], more=more)
        self.by(prefix, numbers, papers)

    def enter_name(self, row, numbers, papers):
        prefix = self.new_line("names", begun=1)
        person = self.record["observers"][row["observer"]]
        name = f"{person['family_name']}, {person['given_names']}"
        sender = row["deployment"] and "Kazakhstan"
        is_new = self.is_new(row["code"])
        boxes = {"person": name, "role": row["role"], "post": is_new and row["post"]}
        more = [("spelling", self.spelling(person, papers)), ("nationality", is_new and person["nationality"])]
        self.boxes(prefix, **boxes, mission=self.organizer_of(row["mission"]), sender=sender, more=more)
        self.by(prefix, numbers, papers)

    # Ordinary forms, for what the page of entry does not take

    def open_form(self, model, words):
        """Finds a record in its list, and opens its form."""
        opts = model._meta
        changelist = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        self.page.goto(f"{self.address}{changelist}?q={words}")
        with self.page.expect_navigation():
            self.press(self.page.locator("#result_list tbody th a").get_attribute("href"))

    def new_row(self, group):
        """The prefix of a new row below a record."""
        number = self.page.input_value(f"[name='{group}-TOTAL_FORMS']")
        self.press(self.page.locator(f"#{group}-group .add-row a").inner_text())
        self.page.locator(f"#{group}-{number}").wait_for()
        return f"{group}-{number}"

    def enter_rest_of_election(self):
        """Its voting day, which the paper on the desk says, and the other papers that speak of it."""
        row = self.record["elections"][ELECTION]
        self.open_form(Election, ELECTION)
        for code in listed(row["sources"]):
            if code != HEAPS[0][0]:
                self.complete("id_sources", self.record["sources"][code]["title"])
        [day] = self.record["voting_days"].values()
        row = self.new_row("voting_days")
        for name in ("round", "starts_on", "ends_on"):
            self.fill(f"{row}-{name}", day[name])
        self.save("_save")

    def enter_rest_of_names(self):
        """Spellings in papers on other elections."""
        for code, row in self.record["observer_names"].items():
            if self.is_new(code):
                person = self.record["observers"][row["observer"]]
                self.open_form(Observer, person["family_name"])
                prefix = self.new_row("names")
                for name in ("language", "family_name", "given_names"):
                    self.fill(f"{prefix}-{name}", row[name])
                self.complete(f"id_{prefix}-source", self.record["sources"][row["source"]]["title"])
                self.save("_save")

    def enter_statements(self):
        for row in self.record["statements"].values():
            self.page.goto(f"{self.address}{reverse('admin:missions_statement_add')}")
            for name in ("subject", "field", "value", "excerpt"):
                self.box(name, row[name])
            self.complete("id_source", self.record["sources"][row["source"]]["title"])
            self.save("_save")

    def spelling(self, person, papers):
        for row, _numbers in self.record.of("observer_names", papers):
            if row["observer"] == person["code"]:
                self.known.add(row["code"])
                return f"{row['family_name']}, {row['given_names']}"
        return ""


def test_the_whole_case_entered_by_the_keyboard_reads_as_the_record_that_ships(
    public_access, live_server, open_browser, tmp_path
):
    for name in ("shipped", "roster", "by hand"):
        (tmp_path / name).mkdir()
    write_excerpt(PUBLISHED, ELECTION, tmp_path / "shipped")
    write_roster(tmp_path / "roster")
    record, roster = Record(tmp_path / "shipped"), Record(tmp_path / "roster")
    import_dataset(tmp_path / "roster", now=NOW)
    User.objects.create_superuser("clerk", None, "typed in by hand")
    with open_browser() as page:
        clerk = Clerk(page, live_server.url, record, roster["sources"])
        # Looking at forty lines takes its time on a busy machine.
        page.set_default_timeout(90_000)
        page.goto(f"{live_server.url}{reverse('entry')}")
        clerk.fill("login", "clerk")
        clerk.fill("password", "typed in by hand")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Record from a source").wait_for()
        for papers in HEAPS:
            clerk.enter(papers)
        clerk.enter_rest_of_election()
        clerk.enter_rest_of_names()
        clerk.enter_statements()
    assert clerk.saves == 18
    call_command("export_dataset", tmp_path / "by hand", verbosity=0)
    by_hand = as_told(Record(tmp_path / "by hand"))

    empty_every_table()
    import_dataset(tmp_path / "shipped", now=NOW)
    call_command("export_dataset", tmp_path / "shipped", verbosity=0)
    shipped = as_told(Record(tmp_path / "shipped"))
    assert by_hand.keys() == shipped.keys()
    for file, rows in shipped.items():
        assert by_hand[file] == rows, file


# What computing or the moment of typing decides, and no paper says.
NOT_TOLD = {"code", "accessed_on"}


def as_told(record):
    """What the record says, as the sorted rows of each file: papers called by their titles, people by their names."""
    titles = {code: f"{row['publisher']}: {row['title']}" for code, row in record["sources"].items()}
    names = {code: f"{row['family_name']} {row['given_names']}" for code, row in record["observers"].items()}

    def told(name, value):
        if name in {"source", "sources"}:
            return sorted(titles[code] for code in listed(value))
        return names[value] if name == "observer" else value

    return {
        file: sorted([(name, told(name, value)) for name, value in row.items() if name not in NOT_TOLD] for row in rows)
        for file, rows in ((file, rows.values()) for file, rows in record.rows.items())
    }
