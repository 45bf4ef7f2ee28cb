"""The roster of organizations in an otherwise empty record, and a desk at which a page of entry is typed."""

import csv

import pytest
from django.db import transaction
from django.urls import reverse

from missions.dataset import import_dataset
from tests.admin_pages import typed_in
from tests.conftest import NOW, PUBLISHED
from tests.excerpt import write_excerpt

OF_THE_ROSTER = {"organizations", "organization_names", "memberships", "sources"}


@pytest.fixture(scope="module")
def roster_of_organizations(django_db_setup, django_db_blocker, tmp_path_factory):
    """The organizations of the Kyrgyzstan case under all their names, and the sources that these cite."""
    folder = tmp_path_factory.mktemp("roster")
    write_roster(folder)
    with django_db_blocker.unblock(), transaction.atomic():
        yield import_dataset(folder, now=NOW)
        transaction.set_rollback(True)


def write_roster(folder):
    """Writes the organizations that the record of the case points to, and no source but those of their names."""
    write_excerpt(PUBLISHED, "kg-presidential-2017-10-15", folder, only=OF_THE_ROSTER)
    cited = set()
    for name in OF_THE_ROSTER - {"sources"}:
        path = folder / f"{name}.csv"
        for row in rows_of(path) if path.exists() else ():
            cited |= {code for column in ("source", "sources") for code in row.get(column, "").split("; ")}
    rows = [row for row in rows_of(folder / "sources.csv") if row["code"] in cited]
    with (folder / "sources.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Desk:
    """A page of entry in front of somebody: lines are named by kind and number, as `parties-0`."""

    def __init__(self, client, **asked):
        self.client = client
        self.response = client.get(reverse("entry"), asked)
        self.boxes_filled = 0
        self.sent = sent_by(self.page)

    @property
    def page(self):
        return self.response.context["page"]

    def type(self, line, **boxes):
        for name, value in boxes.items():
            assert f"{line}-{name}" in self.sent or value is True or f"{line}-{name}" in self.names(), (line, name)
            self.sent[f"{line}-{name}"] = "on" if value is True else value
            self.boxes_filled += 1
        return self

    def names(self):
        return {box.html_name for line in every_line(self.page) for box in line}

    def press(self, act):
        self.response = self.client.post(reverse("entry"), {**self.sent, "do": act}, follow=True)
        self.sent = sent_by(self.page) if self.response.context else {}
        return self.response

    def line(self, prefix):
        return next(line for line in every_line(self.page) if line.prefix == prefix)

    def told(self, prefix):
        """The sentences beside a line, with those of the ladder."""
        told = self.line(prefix).told
        beside = told.ladder
        return [*told.sentences, *(beside.problems if beside else []), *(beside.notes if beside else [])]

    def refusals(self):
        return {
            f"{line.prefix}-{name}": list(sentences)
            for line in every_line(self.page)
            for name, sentences in line.errors.items()
        }


def every_line(page):
    return [page.election, *(line for lines in page.lines.values() for line in lines.forms)]


def sent_by(page):
    sent = dict(typed_in(page.keeper))
    for lines in page.lines.values():
        sent |= typed_in(lines.management_form)
    for line in every_line(page):
        sent |= typed_in(line)
    return sent


@pytest.fixture
def desk(client, administrator):
    def sit_down(user=administrator, **asked):
        client.force_login(user)
        return Desk(client, **asked)

    return sit_down
