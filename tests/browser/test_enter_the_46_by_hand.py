"""The case of the 46 observers from Kazakhstan, entered by hand through the admin, reads as the record that ships.

A clerk begins with an empty database and types what the published record says of the deployment: the sources, the
election with its voting day, the organizations with their names, the missions, the deployment with its channels and
head counts, and the two persons who are named. The values are read from the CSV files, so that the test stays true
to the record. Not entered is what the record says of other things: further head counts, invitations and persons.
"""

from __future__ import annotations

import csv

import pytest
from django.db.models import BooleanField, ForeignKey, ManyToManyField
from django.urls import reverse

from lib.text import slug
from missions.dataset import import_dataset
from missions.models import Assignment, Channel, Deployment, Election, HeadCount, Mission, VotingDay
from observers.models import Observer
from organizations.models import Organization, OrganizationName, Source, User
from tests.conftest import NOW, PUBLISHED, empty_every_table
from tests.excerpt import write_excerpt

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PARTY = "kg-presidential-2017-10-15-from-kz"
ENTERED = (
    Source,
    Election,
    VotingDay,
    Organization,
    OrganizationName,
    Mission,
    Deployment,
    Channel,
    HeadCount,
    Observer,
    Assignment,
)


def published(model, *, only=lambda row: True):
    """The rows of a file of the record that ships, as texts."""
    with (PUBLISHED / f"{model.dataset_file}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if only(row)]


def codes(cell):
    return [code for code in cell.split("; ") if code]


class Story:
    """What the record that ships says of the deployment, and of all that it points to."""

    def __init__(self):
        [self.deployment] = published(Deployment, only=lambda row: row["code"] == PARTY)
        [self.election] = published(Election, only=lambda row: row["code"] == self.deployment["election"])
        self.voting_days = published(VotingDay, only=lambda row: row["election"] == self.election["code"])
        self.channels = published(Channel, only=lambda row: row["deployment"] == PARTY)
        self.head_counts = published(HeadCount, only=lambda row: row["deployment"] == PARTY)
        self.assignments = published(Assignment, only=lambda row: row["deployment"] == PARTY)
        named = {row["observer"] for row in self.assignments}
        self.observers = published(Observer, only=lambda row: row["code"] in named)
        through = {row["mission"] for row in (*self.channels, *self.assignments)}
        # A clerk enters a mission before those inside it.
        missions = published(Mission, only=lambda row: row["code"] in through)
        self.missions = sorted(missions, key=lambda row: row["part_of"])
        self.organizations = self.bodies()
        bodies = {row["code"] for row in self.organizations}
        self.names = published(OrganizationName, only=lambda row: row["organization"] in bodies)
        self.sources = published(Source, only=lambda row: row["code"] in self.cited())

    def rows_of(self, resource):
        rows = getattr(self, {"organization-names": "names"}.get(resource, resource.replace("-", "_")), None)
        return rows or [self.deployment if resource == "deployments" else self.election]

    def bodies(self):
        """The organizers of the missions and those above them, each after the one that it is part of."""
        known = {row["code"]: row for row in published(Organization)}
        wanted = [code for row in self.missions for code in (row["organizer"], *codes(row["co_organizers"]))]
        found = {}
        for code in wanted:
            line = [known[code]]
            while line[0]["parent"]:
                line.insert(0, known[line[0]["parent"]])
            found |= {row["code"]: row for row in line}
        return list(found.values())

    def cited(self):
        one = [*self.voting_days, *self.channels, *self.head_counts, *self.names]
        many = [self.deployment, self.election, *self.missions, *self.organizations, *self.assignments]
        return {row["source"] for row in one} | {code for row in many for code in codes(row["sources"])}


class Clerk:
    """Somebody at the keyboard.

    `known` holds, by file and code of the published record, what is typed to find a record and what is then chosen.
    """

    def __init__(self, page, address):
        self.page, self.address = page, address
        self.known = {}

    # What a person does on any page

    def sign_in(self, name, password):
        self.page.goto(f"{self.address}{reverse('admin:index')}")
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("main").get_by_role("button", name="Sign in").click()
        self.page.get_by_role("heading", name="From the paper on your desk").wait_for()

    def begin(self, name):
        """Opens an empty form from the front page."""
        self.page.goto(f"{self.address}{reverse('admin:index')}")
        self.page.locator("#content summary").click()
        self.page.locator("#content ol").get_by_role("link", name=name, exact=True).click()

    def press(self, button):
        self.page.get_by_role("button", name=button, exact=True).last.click()
        saved = self.page.locator(".messagelist .success")
        refused = self.page.locator(".errornote")
        saved.or_(refused).first.wait_for()
        assert refused.count() == 0, self.page.locator("ul.errorlist").all_inner_texts()

    def choose(self, box, typed, shown):
        """Types into a box that completes, and chooses the line that says exactly `shown`."""
        self.page.locator(f"{box} + .select2").click()
        search = self.page.locator(".select2-container--open .select2-search__field").last
        search.fill(typed)
        self.page.get_by_role("option", name=shown, exact=True).click()

    def type_row(self, model, row, columns, prefix=""):
        """Fills the boxes of the columns as the row of the record has them."""
        for column in columns:
            box, value, field = f"#id_{prefix}{column}", row[column], model._meta.get_field(column)
            if isinstance(field, BooleanField):
                self.page.set_checked(box, value == "true")
            elif isinstance(field, ForeignKey | ManyToManyField):
                for code in codes(value):
                    self.choose(box, *self.known[field.related_model.dataset_file, code])
            elif field.choices:
                self.page.select_option(box, value)
            else:
                self.page.fill(box, value)

    def add_row(self, group, number):
        """Makes sure that a blank row of this number stands below the record."""
        if self.page.locator(f"#{group}-{number}").count() == 0:
            self.page.locator(f"#{group}-group .add-row a").click()
        self.page.locator(f"#{group}-{number}").wait_for()

    def remember(self, model, code, typed, shown):
        self.known[model.dataset_file, code] = (typed, shown)

    # The story, in its order

    def enter_sources(self, rows):
        self.begin("Source")
        for row in rows:
            self.type_row(Source, row, Source.columns)
            self.press("Save and add another")
            dated = f", {row['published_on']}" if row["published_on"] else ""
            self.remember(Source, row["code"], row["title"], f"{row['publisher']}{dated}: {row['title']}")
        # What follows names its sources itself.
        self.page.get_by_role("button", name="stop", exact=True).click()

    def enter_election(self, row, voting_days):
        self.begin("Election")
        self.type_row(Election, row, Election.columns)
        for number, day in enumerate(voting_days):
            self.add_row("voting_days", number)
            self.type_row(VotingDay, day, VotingDay.columns[1:], prefix=f"voting_days-{number}-")
        self.press("Save")
        self.remember(Election, row["code"], "Kyrgyzstan 2017", row["name"])

    def enter_organization(self, row, names):
        """The first name typed is the one that gives the code of the record; the others follow after saving."""
        first, *others = sorted(names, key=lambda name: slug(name["short_name"] or name["name"]) != row["code"])
        self.begin("Organization")
        for column in ("name", "short_name", "language"):
            self.page.fill(f"#id_{column}", first[column])
        self.choose("#id_name_source", *self.known["sources", first["source"]])
        self.type_row(Organization, row, Organization.columns)
        self.press("Save and continue editing")
        self.type_row(OrganizationName, first, ("valid_from", "valid_until"), prefix="names-0-")
        for number, name in enumerate(others, start=1):
            self.add_row("names", number)
            self.type_row(OrganizationName, name, OrganizationName.columns[1:], prefix=f"names-{number}-")
        self.press("Save")
        # Found by the oldest name, shown under the latest English one.
        english = [name for name in names if name["language"] == "en"]
        latest = max(english, key=lambda name: name["valid_from"])
        self.remember(Organization, row["code"], names[0]["name"], latest["name"])

    def enter_mission(self, row, organizer, election):
        self.begin("Mission")
        self.type_row(Mission, row, Mission.columns)
        self.press("Save")
        label = row["name"] or f"{organizer}: {Mission.Kind(row['kind']).label}"
        self.remember(Mission, row["code"], label, f"{label} – {election}")

    def enter_deployment(self, row, channels, head_counts):
        self.begin("Deployment")
        self.type_row(Deployment, row, Deployment.columns)
        for number, channel in enumerate(channels):
            self.add_row("channels", number)
            self.type_row(Channel, channel, Channel.columns[1:], prefix=f"channels-{number}-")
        for number, count in enumerate(head_counts):
            self.add_row("head_counts", number)
            self.page.locator(f"#head_counts-{number} summary").click()
            self.type_row(HeadCount, count, HeadCount.columns[3:], prefix=f"head_counts-{number}-")
        self.press("Save")
        self.remember(
            Deployment, row["code"], "Kazakhstan", f"Kazakhstan → {self.known['elections', row['election']][1]}"
        )

    def enter_observer(self, row, assignments):
        self.begin("Observer")
        self.page.locator("summary").first.click()
        self.type_row(Observer, row, Observer.columns)
        for number, place in enumerate(assignments):
            boxes = ("mission", "deployment", "role", "status", "post", "sources")
            assert not any(place[column] for column in Assignment.columns if column not in (*boxes, "observer"))
            self.add_row("assignments", number)
            self.type_row(Assignment, place, boxes, prefix=f"assignments-{number}-")
        self.press("Save")


def test_the_46_entered_by_hand_read_as_the_record_that_ships(
    public_access, live_server, open_browser, client, tmp_path
):
    story = Story()
    User.objects.create_superuser("clerk", None, "typed in by hand")
    with open_browser() as page:
        clerk = Clerk(page, live_server.url)
        clerk.sign_in("clerk", "typed in by hand")
        clerk.enter_sources(story.sources)
        clerk.enter_election(story.election, story.voting_days)
        for row in story.organizations:
            clerk.enter_organization(row, [name for name in story.names if name["organization"] == row["code"]])
        for row in story.missions:
            # On election day: before 2021 the Turkic Council was not yet the OTS.
            of_organizer = [name for name in story.names if name["organization"] == row["organizer"]]
            then = [name for name in of_organizer if name["language"] == "en"]
            organizer = then[0]["short_name"]
            clerk.enter_mission(row, organizer, story.election["name"])
        clerk.enter_deployment(story.deployment, story.channels, story.head_counts)
        for row in story.observers:
            clerk.enter_observer(row, [place for place in story.assignments if place["observer"] == row["code"]])
    by_hand, codes_by_hand = told_by_api(client), codes_by_meaning()

    empty_every_table()
    write_excerpt(PUBLISHED, story.election["code"], tmp_path)
    import_dataset(tmp_path, now=NOW)
    shipped, codes_as_shipped = told_by_api(client), codes_by_meaning()

    same = {code: codes_as_shipped[what] for what, code in codes_by_hand.items()}
    by_hand, shipped = translated(by_hand, same), translated(shipped, {})
    assert by_hand["deployments"] == shipped["deployments"]
    for resource, rows in by_hand.items():
        assert len(rows) == len(story.rows_of(resource))
        assert [row for row in rows if row not in shipped[resource]] == []
    [row] = by_hand["deployments"]
    assert (row["announced"], row["named"], row["share"], row["channels_agree"]) == (46, 2, "unknown", "no")


def told_by_api(client):
    """What the API says of deployments, and of the other records as far as it can be typed: the rest is computed."""
    told = {}
    for model in ENTERED:
        rows = client.get(f"/api/v1/{model.resource()}/", {"page_size": "1000"}).json()["results"]
        if model is not Deployment:
            rows = [{name: row[name] for name in model.columns if name in row} for row in rows]
        told[model.resource()] = rows
    return told


def codes_by_meaning():
    """The codes that the published record did not compute, by what the record says.

    A source whose page shows no date, and an organization without a short name, got theirs by hand; people at random.
    """
    found = {("source", source.title): source.code for source in Source.objects.all()}
    found |= {("organization", str(organization)): organization.code for organization in Organization.objects.all()}
    return found | {("person", str(observer)): observer.code for observer in Observer.objects.all()}


def translated(told, same):
    """The rows with the same code for the same source, organization and person, and without the moment of typing."""

    def in_other_words(value):
        if isinstance(value, list):
            return sorted(in_other_words(each) for each in value)
        return same.get(value, value)

    return {
        resource: [{name: in_other_words(row[name]) for name in row if name != "modified_at"} for row in rows]
        for resource, rows in told.items()
    }
