"""The pages through which spreadsheets of people are sent, as somebody goes through them."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from missions.models import PeopleFile
from tests.conftest import everything_stored

SEND = "/admin/missions/assignment/people/"


class Door:
    """The pages for one mission. The file is the one that was sent last."""

    def __init__(self, client, mission):
        self.client, self.mission = client, mission

    def send(self, content, name="people.csv", **typed):
        sent = {"mission": self.mission.code, "role": "short_term", **typed}
        return self.client.post(SEND, {"file": SimpleUploadedFile(name, content), **sent}, follow=True)

    def address(self):
        return reverse("admin:missions_people_preview", args=[PeopleFile.objects.latest("pk").code])

    def sheet(self):
        return reverse("admin:missions_people_refused", args=[PeopleFile.objects.latest("pk").code])

    def look(self, **asked):
        return self.client.get(self.address(), asked)

    def press(self, button, **typed):
        return self.client.post(self.address(), {"do": button, **typed}, follow=True)

    def confirm(self, shown=None):
        """Presses Import on the page as it was shown."""
        plan = (shown or self.look()).context["preview"].plan
        return self.press("import", fingerprint=plan.fingerprint())


def record():
    """Everything stored, without the files that wait."""
    return {label: rows for label, rows in everything_stored().items() if label != "missions.PeopleFile"}


def totals(page):
    return page.context["preview"].totals


def text_of(page):
    """The page between its header and its end."""
    return page.content.decode().partition('id="content-start"')[2]
