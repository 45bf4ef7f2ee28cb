"""Releases of the record, when a person is erased whose name stands in their texts."""

from __future__ import annotations

import pytest

from missions.held import Held
from missions.models import Release
from missions.releases import ReleaseRefused, make_release
from observers.models import Observer
from organizations.models import Source
from tests.factories import AssignmentFactory, MissionFactory, ObserverFactory, SourceFactory
from tests.missions.erasure.conftest import ASKED, CONFIRMED, ask, confirm

pytestmark = pytest.mark.usefixtures("public_access")


@pytest.fixture
def person(northland_commission):
    return ObserverFactory(owner=northland_commission, family_name="Exampleov", given_names="Robin")


def releases_of_two_texts(person):
    """The first names nobody, the second the person, the third somebody else; the person is public all the while."""
    source = SourceFactory(code="exampleov-of-a-code", title="Observers arrive")
    AssignmentFactory(observer=person, mission=MissionFactory(sources=[source]), sources=[source])
    for title in ("Observers arrive", "Headed by EXAMPLEOVA", "Headed by Preexampleov"):
        Source.objects.filter(pk=source.pk).update(title=title)
        make_release(now=ASKED)


def test_files_with_the_name_go_and_their_entries_stay_and_say_so(person, coordinator, data_protection):
    releases_of_two_texts(person)
    before = list(Release.objects.order_by("number").values("number", "sha256", "size", "rows", "changes", "summary"))
    confirm(ask(person, coordinator), data_protection)
    after = Release.objects.order_by("number")
    assert list(after.values("number", "sha256", "size", "rows", "changes", "summary")) == before
    assert [(release.content is None, release.withdrawn_at) for release in after] == [
        (False, None),
        (True, CONFIRMED),
        (False, None),
    ]


def test_who_is_erased_already_takes_no_release_along(person, coordinator, data_protection):
    confirm(ask(person, coordinator), data_protection)
    person = Observer.objects.get(pk=person.pk)
    releases_of_two_texts(person)
    assert Held(person).releases() == []


def test_what_was_withdrawn_is_not_released_again_as_long_as_nobody_takes_the_name_out(
    person, coordinator, data_protection
):
    SourceFactory(title="Headed by Exampleov")
    make_release(now=ASKED)
    confirm(ask(person, coordinator), data_protection)
    with pytest.raises(ReleaseRefused, match="Take it out of the record first"):
        make_release(now=CONFIRMED)
    assert Release.objects.with_file().count() == 0
