"""The code of a person who was merged, and who sees what of the person kept."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import AnonymousUser

from observers.models import Observer
from tests.factories import (
    AssignmentFactory,
    MissionFactory,
    StaffRoleFactory,
)
from tests.missions.merge.conftest import undo


@pytest.fixture
def named(kept, mission, gazette):
    return AssignmentFactory(observer=kept, mission=mission, sources=[gazette])


TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


def answers(client, user, *codes):
    client.logout()
    if not user.is_anonymous:
        client.force_login(user)
    return [client.get(f"/observers/{code}/") for code in codes]


@pytest.mark.usefixtures("public_access", "named")
def test_the_old_code_leads_to_the_kept_person_for_everybody_who_may_see_them(client, kept, merge, anonymous):
    done = merge()
    for user in (anonymous, done.by):
        [answer] = answers(client, user, done.merged_code)
        # 302 and not 301: a browser would go on after the merge is undone.
        assert (answer.status_code, answer["Location"]) == (302, f"/observers/{kept.code}/")
        assert client.get(answer["Location"]).status_code == 200


@pytest.mark.usefixtures("public_access", "named")
def test_the_old_code_of_a_hidden_person_answers_as_an_unknown_one(client, kept, merge, outsider, viewer):
    unknown = "00000000-0000-4000-8000-000000000000"
    owner = viewer.staff_roles.get().organization
    Observer.objects.filter(pk=kept.pk).update(withheld=True, owner=owner)
    code = merge().merged_code
    for user in (AnonymousUser(), outsider):
        old, other = answers(client, user, code, unknown)
        assert (old.status_code, other.status_code) == (404, 404)
        old, other = (TOKEN.sub(b"", answer.content) for answer in (old, other))
        assert old.replace(code.encode(), b"") == other.replace(unknown.encode(), b"")
    assert [answer.status_code for answer in answers(client, viewer, code, unknown)] == [302, 404]


@pytest.mark.usefixtures("public_access", "named")
def test_the_old_code_is_a_person_again_after_undoing(client, kept, merge, anonymous, keeper):
    done = merge()
    code = done.merged_code
    undo(done)
    assert [answer.status_code for answer in answers(client, anonymous, code, kept.code)] == [404, 200]
    assert [answer.status_code for answer in answers(client, keeper, code)] == [200]


@pytest.mark.usefixtures("public_access", "named")
def test_the_old_code_is_unknown_to_the_api(client, kept, merged, merge):
    code = merged.code
    merge()
    assert client.get(f"/api/v1/observers/{code}/").status_code == 404
    assert client.get(f"/api/v1/observers/{kept.code}/").status_code == 200


@pytest.mark.usefixtures("public_access", "named")
def test_the_spelling_without_a_source_is_shown_to_keepers_alone(client, kept, merge, viewer, mission):
    Observer.objects.filter(pk=kept.pk).update(owner=viewer.staff_roles.get().organization)
    merge()
    for address in (f"/observers/{kept.code}/", mission.get_absolute_url()):
        client.logout()
        assert "Робин" not in client.get(address).content.decode()
        client.force_login(viewer)
        assert "Робин" in client.get(address).content.decode()


def test_a_coordinator_of_the_organizer_still_sees_the_person_after_a_merge(kept, merged, secretariat, merge):
    organizer = StaffRoleFactory(organization=secretariat).user
    AssignmentFactory(observer=merged, mission=MissionFactory(organizer=secretariat))
    assert list(Observer.objects.visible_to(organizer)) == [merged]
    merge()
    assert list(Observer.objects.visible_to(organizer)) == [kept]
