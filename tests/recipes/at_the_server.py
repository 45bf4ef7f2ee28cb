"""What is done at the server on which the recipes run: `python -m tests.recipes.at_the_server WHAT`, with DATABASE_URL.

`record`: the record that ships is read in, with a party from Namibia, whose code programs take for a blank; a desk
gets a token, which is printed. `acts`: a record is made, others are changed, hidden and deleted.
"""

from __future__ import annotations

import json
import sys

import tests.conftest  # noqa: F401 (sets the environment, and Django up)

# isort: split
from django.core.management import call_command
from django.test import Client
from django.test.utils import override_settings, setup_test_environment

from missions.models import HeadCount, Invitation
from organizations.models import ApiToken, Organization, User
from tests.admin_pages import delete
from tests.api_client import ApiClient
from tests.conftest import PUBLISHED, person
from tests.factories import UserFactory

KYRGYZSTAN = "kg-presidential-2017-10-15"
PARTY = f"{KYRGYZSTAN}-from-kz"


def record():
    call_command("migrate", verbosity=0)
    call_command("import_dataset", PUBLISHED, verbosity=0, stdout=sys.stderr)
    clerk = UserFactory(username="clerk", is_staff=True, is_superuser=True)
    namibia = {"election": KYRGYZSTAN, "sender_country": "NA", "sources": ["rferl-2017-10-13"]}
    assert ApiClient(clerk).post("deployments/", namibia).status_code == 201
    desk = person("desk", Organization.objects.get(code="cec-uz"), "coordinator")
    _stored, token = ApiToken.objects.create(user=desk, scope="write", name="A program")
    sys.stdout.write(json.dumps({"desk": token}))


def acts():
    clerk = User.objects.get(username="clerk")
    program, browser = ApiClient(clerk), Client()
    browser.force_login(clerk)
    paper = {"code": "gazette", "title": "Observers arrive", "publisher": "Gazette", "public": True}
    done = [
        program.post("sources/", paper),
        program.change(f"missions/{KYRGYZSTAN}-sco/", {"ends_on": "2017-10-17", "sources": ["gazette"]}),
        # Visitors see no count that rests on it.
        program.change("sources/kazinform-2017-09-29/", {"public": False}),
        delete(browser, Invitation.objects.get(code=f"{KYRGYZSTAN}-cec-kg-invites-aweb")),
        delete(browser, HeadCount.objects.get(code=f"{PARTY}-announced-all-total-2017-10-13-kabar-2017-10-13")),
    ]
    assert [answer.status_code for answer in done] == [201, 200, 200, 302, 302]


if __name__ == "__main__":
    setup_test_environment(debug=False)
    with override_settings(REQUIRE_MFA=False):
        {"record": record, "acts": acts}[sys.argv[1]]()
