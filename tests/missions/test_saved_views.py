"""Saved lists: a query under a name, one's own or shared with one's organization, and nobody else's."""

import html
import re

import pytest
from django.urls import reverse

from organizations.models import SavedView, StaffRole
from tests.factories import MissionFactory, SourceFactory, UserFactory
from tests.missions.test_lists import page, queries

pytestmark = pytest.mark.usefixtures("public_access")

QUERY = "sender_country=KZ&agreement=conflict&columns=named&view=timeline"
SAVED = "/saved/"


def saved(user, *, shared_with=None, name="Kazakhstan 2017", query=QUERY):
    return SavedView.objects.create(user=user, name=name, query=query, organization=shared_with)


def but_for_tokens(answer):
    return re.sub('csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())


def test_a_list_is_saved_under_a_name_without_its_place(client, viewer):
    client.force_login(viewer)
    answer = client.post(SAVED, {"name": "Kazakhstan 2017", "query": f"{QUERY}&page=2"})
    view = SavedView.objects.get()
    assert (answer.status_code, view.user, view.name, view.query, view.organization) == (
        302,
        viewer,
        "Kazakhstan 2017",
        QUERY,
        None,
    )
    assert client.get(view.get_absolute_url())["Location"] == f"/deployments/?{QUERY}"
    assert client.get(f"/deployments/?{QUERY}").status_code == 200


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"name": "", "query": QUERY}, "This field is required."),
        ({"name": "Typo", "query": "yaer=2017"}, "This is no address of the list."),
        ({"name": "Long", "query": "q=" + "x" * 190 + "&sender=" * 600}, "This is no address of the list."),
    ],
)
def test_what_is_no_list_is_not_saved(client, viewer, sent, sentence):
    client.force_login(viewer)
    answer = client.post(SAVED, sent)
    assert (answer.status_code, sentence in html.unescape(answer.content.decode())) == (400, True)
    assert SavedView.objects.count() == 0


def test_nobody_saves_more_lists_than_can_be_looked_through(client, viewer):
    SavedView.objects.bulk_create(SavedView(user=viewer, name=str(number), slug=str(number)) for number in range(100))
    client.force_login(viewer)
    answer = client.post(SAVED, {"name": "One more", "query": ""})
    assert (answer.status_code, SavedView.objects.count()) == (400, 100)


def test_a_private_list_is_there_for_nobody_else(client, viewer, coordinator, outsider, administrator):
    view = saved(viewer)
    for user in (coordinator, outsider, administrator):
        client.force_login(user)
        missing, hidden = client.get("/saved/no-such-list/"), client.get(view.get_absolute_url())
        told = but_for_tokens(hidden).replace(view.slug, "no-such-list")
        assert (hidden.status_code, told) == (404, but_for_tokens(missing))
        assert client.post(view.get_absolute_url(), {"delete": "1"}).status_code == 404
        assert view.name not in client.get(SAVED).content.decode()
        assert view.name not in client.get(page("deployments")).content.decode()
    assert SavedView.objects.get().name == view.name


def test_a_shared_list_is_opened_by_whoever_has_a_role_there_and_changed_by_nobody_else(
    client, viewer, coordinator, outsider, northland_commission
):
    view = saved(viewer, shared_with=northland_commission)
    client.force_login(coordinator)
    assert client.get(view.get_absolute_url())["Location"] == f"/deployments/?{QUERY}"
    assert view.name in client.get(SAVED).content.decode()
    assert view.name in client.get(page("deployments")).content.decode()
    for sent in ({"delete": "1"}, {"name": "Mine"}):
        assert client.post(view.get_absolute_url(), sent).status_code == 404
    client.force_login(outsider)
    assert client.get(view.get_absolute_url()).status_code == 404
    # A role that is taken away is gone at once.
    StaffRole.objects.filter(user=coordinator).delete()
    client.force_login(coordinator)
    assert client.get(view.get_absolute_url()).status_code == 404
    assert SavedView.objects.get().name == "Kazakhstan 2017"


def test_ones_own_list_is_renamed_shared_and_deleted(client, viewer, northland_commission):
    view = saved(viewer)
    client.force_login(viewer)
    client.post(view.get_absolute_url(), {"name": "Kazakhstan", "organization": northland_commission.pk})
    view.refresh_from_db()
    assert (view.name, view.organization, view.query) == ("Kazakhstan", northland_commission, QUERY)
    client.post(view.get_absolute_url(), {"delete": "1"})
    assert SavedView.objects.count() == 0


def test_a_list_is_shared_with_no_organization_but_ones_own(client, viewer, southland_ministry):
    view = saved(viewer)
    client.force_login(viewer)
    answer = client.post(view.get_absolute_url(), {"name": "Theirs", "organization": southland_ministry.pk})
    view.refresh_from_db()
    assert (answer.status_code, view.name, view.organization) == (400, "Kazakhstan 2017", None)


def test_a_shared_list_shows_its_reader_no_more_than_the_reader_sees(client, viewer, coordinator, northland_commission):
    hidden = MissionFactory(code="hidden-mission", sources=[SourceFactory(public=False)])
    view = saved(viewer, shared_with=northland_commission, query=f"mission={hidden.code}")
    client.force_login(coordinator)
    assert client.get(view.get_absolute_url(), follow=True).status_code == 200
    client.logout()
    assert client.get(f"/deployments/?{view.query}").status_code == 400


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_not_signed_in_saves_and_opens_nothing(client, viewer, method):
    view = saved(viewer)
    for address in (SAVED, view.get_absolute_url()):
        answer = getattr(client, method)(address)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reverse("account_login"))
    assert "Save this list" not in client.get(page("deployments")).content.decode()


def test_who_has_left_opens_nothing(client, deactivated):
    view = saved(deactivated)
    client.force_login(deactivated)
    assert client.get(view.get_absolute_url()).status_code == 302


@pytest.mark.django_db
def test_many_saved_lists_take_no_more_queries(client, viewer, northland_commission):
    client.force_login(viewer)
    saved(viewer)
    saved(UserFactory(), shared_with=northland_commission)
    few = queries(client, [SAVED, page("deployments")])
    for number in range(10):
        saved(viewer, name=f"Own {number}")
        saved(UserFactory(), shared_with=northland_commission, name=f"Shared {number}")
    many = queries(client, [SAVED, page("deployments")])
    assert many[page("deployments")] == few[page("deployments")] < 16
    assert many[SAVED] == few[SAVED]
