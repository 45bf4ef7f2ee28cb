"""Two editors at once on one mission and on one source, fifty edits by each. Prints what became of them as JSON.

Both open the same form, and both send it at the same moment. Whoever is shown the other's version saves theirs on top.
"""

from __future__ import annotations

import json
import sys
from threading import Barrier, Thread

import tests.conftest  # noqa: F401 (sets the environment, and Django up)

# isort: split
from html.parser import HTMLParser

from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.test.utils import setup_test_environment

from missions.models import Mission
from organizations.models import ChangedRecord, Source
from tests.admin_pages import address_of
from tests.conftest import person
from tests.factories import MissionFactory, OrganizationFactory, SourceFactory

EDITS = 50
COLUMNS = {"missions": "remark", "sources": "excerpt"}


class SentForm(HTMLParser):
    """What a browser would send for the form that knows what it was read from.

    The pages are read and not their templates' contexts: those of two threads would be taken for each other's.
    """

    def __init__(self, page):
        super().__init__()
        self.forms, self.area, self.select = [], None, None
        self.feed(page.content.decode())
        [self.sent] = [form for form in self.forms if "_version" in form]

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "form":
            self.forms.append({})
        elif tag == "select":
            self.select = said.get("name")
        elif tag == "option" and "selected" in said and self.select:
            self.forms[-1].setdefault(self.select, []).append(said.get("value", ""))
        elif tag == "textarea":
            self.area = said["name"]
            self.forms[-1][self.area] = ""
        elif tag == "input" and "name" in said and self.forms:
            is_off = said.get("type") in {"checkbox", "radio"} and "checked" not in said
            if not is_off and said.get("type") != "submit":
                self.forms[-1][said["name"]] = said.get("value", "")

    def handle_data(self, data):
        if self.area:
            # A browser leaves out the line break right after the tag.
            self.forms[-1][self.area] += data.removeprefix("\n")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = None
        elif tag == "select":
            self.select = None


class Editor(Thread):
    def __init__(self, user, records, together):
        super().__init__()
        self.client, self.name, self.records, self.together = Client(), user.username, records, together
        self.client.force_login(user)
        self.told = []

    def run(self):
        try:
            for number in range(EDITS):
                self.edit(self.records[number % len(self.records)], f"{self.name} {number}")
        finally:
            connections.close_all()

    def edit(self, record, text):
        column = COLUMNS[record.resource()]
        address = address_of(type(record), "change", record)
        sent = SentForm(self.client.get(address)).sent | {column: text}
        self.together.wait(timeout=60)
        answer = self.client.post(address, sent)
        self.told.append((answer.status_code, text in answer.content.decode()))
        if answer.status_code == 409:
            again = SentForm(answer).sent | {"_merge": "1", f"keep--{record.pk}-{column}": "mine"}
            self.told.append((self.client.post(address, again).status_code, False))
        # Neither opens the next form before the other has saved this one.
        self.together.wait(timeout=60)


def main():
    setup_test_environment()
    call_command("migrate", verbosity=0)
    desk = OrganizationFactory(name="Northland Commission")
    paper = SourceFactory(owner=desk, excerpt="")
    mission = MissionFactory(owner=desk, remark="")
    together = Barrier(2)
    editors = [Editor(person(name, desk, "coordinator"), [mission, paper], together) for name in ("one", "other")]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    logged = {
        resource: [
            [row.change.by.username, values.before, values.after]
            for row in ChangedRecord.objects.filter(resource=resource).order_by("pk").select_related("change__by")
            for values in row.personal_values.filter(column=column)
        ]
        for resource, column in COLUMNS.items()
    }
    json.dump(
        {
            "told": [editor.told for editor in editors],
            "logged": logged,
            "stored": {"missions": Mission.objects.get().remark, "sources": Source.objects.get(pk=paper.pk).excerpt},
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
