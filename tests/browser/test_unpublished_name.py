"""Whom only an internal paper names is met by a signed-out browser nowhere, whatever it asks for."""

from __future__ import annotations

import pytest
from django.urls import reverse

from missions.models import Deployment, Election, Mission
from missions.readings import rebuild_readings
from tests.browser.looking import ELECTION
from tests.factories import AssignmentFactory, SourceFactory
from tests.missions.test_lists import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME, POST = "Zhuldyzbekov", "Keeper of the seals of Northland"
# Beginnings only: a page repeats what it was asked.
ASKED = ("zhuldyz", "Жулдыз", "seals")


@pytest.fixture
def named_in_a_paper(record):
    """An observer of the 46 whom an internal paper places in the mission of the SCO."""
    place = AssignmentFactory(
        deployment=Deployment.objects.get(code=f"{ELECTION}-from-kz"),
        mission=Mission.objects.get(code=f"{ELECTION}-sco"),
        observer__family_name=NAME,
        post=POST,
        sources=[SourceFactory(title=f"Letter about {NAME}", public=False)],
    )
    rebuild_readings(Election.objects.all())
    return place


def told(text):
    return NAME.casefold() in text.casefold() or POST in text


def test_an_unpublished_name_stands_on_no_page_and_in_no_file(server, open_browser, named_in_a_paper, session):
    pages = [
        *(f"{reverse(name)}?q={words}" for name in ("search", "assignments", "deployments") for words in ASKED),
        named_in_a_paper.deployment.get_absolute_url(),
        named_in_a_paper.mission.get_absolute_url(),
    ]
    hidden = [
        named_in_a_paper.observer.get_absolute_url(),
        named_in_a_paper.sources.get().get_absolute_url(),
        reverse("api:assignments-detail", args=[named_in_a_paper.code]),
    ]
    rest = [
        *map(reverse, ("home", *PAGES, "matrix", "calendar", "countries", "about-the-record")),
        *(f"{reverse(name)}?format={kind}" for name in ("assignments", "deployments") for kind in ("csv", "ndjson")),
        *(f"{reverse(f'api:{name}-list')}?page_size=1000" for name in ("assignments", "observers", "sources")),
        *(f"{reverse('api:assignments-list')}?q={words}" for words in ASKED),
        reverse("api:deployments-facets"),
        f"{reverse('admin:autocomplete')}?app_label=missions&model_name=assignment&field_name=observer&term=zhuldyz",
    ]
    with open_browser() as page:
        found = []
        for address in pages:
            page.goto(server.url + address)
            found += [address] if told(page.title() + page.content()) else []
        for address in [*hidden, *rest]:
            answer = page.request.get(server.url + address)
            found += [address] if told(answer.text()) else []
        statuses = {page.request.get(server.url + address).status for address in hidden}
        assert (found, statuses) == ([], {404})
        # What the answers would tell if they told it.
        page.context.add_cookies([session])
        page.goto(f"{server.url}{reverse('search')}?q={ASKED[0]}")
        assert told(page.content())
        assert told(page.request.get(f"{server.url}{reverse('assignments')}?format=csv").text())
    assert (len(pages), len(hidden)) == (11, 3)
    assert len(rest) == 25
