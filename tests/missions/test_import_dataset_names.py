"""The import of names of organizations: through time, twice, and from one organization to another."""

from datetime import UTC, date, datetime

from organizations.models import Organization, OrganizationName
from tests.conftest import everything_stored
from tests.factories import OrganizationFactory, OrganizationNameFactory

LATER = datetime(2030, 8, 1, tzinfo=UTC)


def test_a_name_that_ends_on_a_day_is_followed_by_the_next(dataset):
    OrganizationFactory(code="secretariat")
    name = {"organization": "secretariat", "language": "en"}
    dataset.write(
        "organization_names",
        {**name, "name": "Old Name", "valid_until": "2021-11-11"},
        {**name, "name": "New Name", "valid_from": "2021-11-12"},
    )
    dataset.read_in()
    assert OrganizationName.objects.count() == 2
    assert Organization.objects.get().name_on(date(2021, 11, 11)) == "Old Name"
    assert Organization.objects.get().name_on(date(2021, 11, 12)) == "New Name"


def test_a_second_import_of_many_names_leaves_the_search_text_as_it_is(dataset):
    OrganizationFactory(code="secretariat")
    name = {"organization": "secretariat", "language": "en"}
    dataset.write(
        "organization_names",
        {**name, "name": "New Name", "valid_from": "2021-11-12"},
        {**name, "name": "Old Name", "valid_until": "2021-11-11"},
        {**name, "language": "ru", "name": "Имя"},
    )
    dataset.read_in()
    before = everything_stored()
    dataset.read_in(now=LATER)
    assert everything_stored() == before
    Organization.objects.all().rebuild_search_text()
    assert everything_stored() == before


def test_a_name_that_moves_to_another_organization_is_found_there_alone(dataset):
    OrganizationNameFactory(code="a-name", organization=OrganizationFactory(code="left"), name="Wanderer")
    OrganizationFactory(code="joined")
    dataset.write("organization_names", {"code": "a-name", "organization": "joined"})
    dataset.read_in()
    assert [found.code for found in Organization.objects.search("wanderer")] == ["joined"]
