"""Entering sources, organizations, members, regions and accounts in the admin."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.models import Membership, Organization, OrganizationName, Region, Source, StaffRole, User
from tests.admin_pages import address_of, delete, fill_in, refusals, told
from tests.factories import (
    MissionFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    RegionFactory,
    SourceFactory,
    UserFactory,
)

ADD_SOURCE = address_of(Source, "add")
ADD_ORGANIZATION = address_of(Organization, "add")


# Sources


def test_a_source_asks_for_its_address_first(admin_client):
    form = admin_client.get(ADD_SOURCE).context["adminform"]
    assert next(iter(form.fieldsets))[1]["fields"][0] == "url"


def test_a_source_is_read_today_unless_somebody_types_another_day(admin_client):
    form = admin_client.get(ADD_SOURCE).context["adminform"].form
    assert form["accessed_on"].value() == timezone.localdate()


def test_the_code_of_a_source_is_made_of_publisher_and_day(admin_client, db):
    fill_in(admin_client, ADD_SOURCE, title="Observers arrive", publisher="RFE/RL", published_on="13.10.2017")
    assert Source.objects.get().code == "rfe-rl-2017-10-13"


def test_a_second_source_with_the_same_address_is_told_and_not_refused(admin_client):
    first = SourceFactory(url="https://example.org/news/1")
    page = fill_in(admin_client, ADD_SOURCE, title="Again", publisher="Other Gazette", url="https://example.org/news/1")
    assert told(page)["warning"] == [f"Another source has the same address: {first}. Is it the same document?"]
    assert Source.objects.count() == 2


def test_sources_without_an_address_are_not_taken_for_the_same(admin_client):
    SourceFactory()
    page = fill_in(admin_client, ADD_SOURCE, title="On paper", publisher="Other Gazette")
    assert "warning" not in told(page)


# Organizations and their names


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"name": "Organization for Security and Co-operation in Europe", "short_name": "OSCE"}, "osce"),
        ({"name": "Turkic Council"}, "turkic-council"),
        ({"name": "Central Election Commission", "kind": "election_body", "country": "KZ"}, "cec-kz"),
        ({"name": "Mazhilis", "kind": "parliament", "country": "KZ"}, "parliament-kz"),
    ],
)
def test_the_code_of_an_organization_is_made_of_its_first_name(admin_client, typed, code):
    fill_in(admin_client, ADD_ORGANIZATION, **{"kind": "intergovernmental", **typed})
    assert Organization.objects.get().code == code


def test_the_code_of_a_second_organization_of_one_name_gets_a_number(admin_client):
    OrganizationFactory(code="osce")
    fill_in(admin_client, ADD_ORGANIZATION, kind="ngo", name="Ordinary Sports Club", short_name="OSCE")
    assert Organization.objects.exclude(code="osce").get().code == "osce-2"


def test_a_new_organization_comes_with_its_first_name(admin_client):
    source = SourceFactory()
    address = f"{ADD_ORGANIZATION}?source={source.code}"
    fill_in(admin_client, address, kind="intergovernmental", name="Council of the North", short_name="CN")
    name = OrganizationName.objects.get()
    assert (name.name, name.short_name, name.language, name.source) == ("Council of the North", "CN", "en", source)
    assert name.organization.code == "cn"
    assert list(name.organization.sources.all()) == [source]


def test_an_organization_without_a_name_is_refused_at_the_name(admin_client):
    page = fill_in(admin_client, ADD_ORGANIZATION, kind="ngo")
    assert refusals(page) == {"name": ["This field is required."]}


@pytest.fixture
def turkic(db):
    """An organization that was renamed, with names in two scripts."""
    organization = OrganizationFactory(code="ots")
    until, since = date(2021, 11, 11), date(2021, 11, 12)
    OrganizationNameFactory(organization=organization, name="Turkic Council", valid_until=until)
    OrganizationNameFactory(organization=organization, name="Organization of Turkic States", valid_from=since)
    OrganizationNameFactory(organization=organization, name="Тюркский совет", language="ru", valid_until=until)
    return organization


@pytest.mark.parametrize("typed", ["Тюркский совет", "turkic council", "COUNCIL turk", "түрк states", "ots"])
def test_an_organization_is_found_by_any_dated_name_in_any_script(admin_client, turkic, typed):
    OrganizationFactory(name="Northland Council")
    asked = {"app_label": "missions", "model_name": "mission", "field_name": "organizer", "term": typed}
    found = admin_client.get(reverse("admin:autocomplete"), asked).json()["results"]
    assert [each["id"] for each in found] == [str(turkic.pk)]
    listed = admin_client.get(address_of(Organization), {"q": typed}).context["cl"].result_list
    assert list(listed) == [turkic]


def test_a_kazakh_body_is_found_by_the_beginning_of_the_word_in_cyrillic(admin_client):
    body = OrganizationFactory(name="Central Election Commission of Kazakhstan")
    OrganizationFactory(name="Central Election Commission of Northland")
    assert list(admin_client.get(address_of(Organization), {"q": "казах"}).context["cl"].result_list) == [body]


def test_a_name_added_later_is_found_at_once(admin_client):
    body = OrganizationFactory(name="Northland Council")
    change = address_of(Organization, "change", body)
    fill_in(admin_client, change, names__1__name="Совет Севера", names__1__language="ru")
    assert list(Organization.objects.all().search("совет севера")) == [body]


def test_a_name_that_follows_another_is_entered_together_with_the_end_of_the_first(admin_client):
    body = OrganizationFactory(name="Turkic Council")
    typed = {
        "names__0__valid_until": "11.11.2021",
        "names__1__name": "Organization of Turkic States",
        "names__1__language": "en",
        "names__1__valid_from": "12 Nov 2021",
    }
    page = fill_in(admin_client, address_of(Organization, "change", body), **typed)
    assert "success" in told(page)
    assert body.name_on(date(2017, 10, 15)) == "Turkic Council"
    assert body.name_on(date(2022, 1, 1)) == "Organization of Turkic States"


def test_two_names_in_force_at_the_same_time_are_refused_at_the_date_of_the_second(admin_client):
    body = OrganizationFactory(name="Turkic Council")
    typed = {"names__1__name": "Organization of Turkic States", "names__1__language": "en"}
    page = fill_in(admin_client, address_of(Organization, "change", body), **typed)
    sentence = "“Turkic Council” is in force at the same time. Give the day on which one name ended."
    assert refusals(page) == {"names-1-valid_from": [sentence]}
    assert page.content.decode().count(sentence) == 1


def test_a_row_that_says_the_same_as_one_above_it_is_refused(admin_client):
    body = OrganizationFactory()
    row = {"name": "Northland Council", "language": "en"}
    typed = {f"names__{number}__{box}": value for number in (0, 1) for box, value in row.items()}
    page = fill_in(admin_client, address_of(Organization, "change", body), **typed)
    assert refusals(page) == {"names-1-__all__": ["This row says the same as one above it."]}
    assert page.content.decode().count("This row says the same as one above it.") == 1


def test_an_organization_on_which_nothing_hangs_is_deleted_with_its_names(admin_client):
    body = OrganizationFactory(name="Northland Council")
    delete(admin_client, body)
    assert not Organization.objects.exists()


@pytest.mark.parametrize("hanging", ["mission", "member"])
def test_an_organization_on_which_something_hangs_stays(admin_client, hanging):
    body = OrganizationFactory(name="Northland Council")
    if hanging == "mission":
        MissionFactory(organizer=body)
    else:
        Membership.objects.create(organization=body, member_country="KZ")
    page = delete(admin_client, body)
    assert "would require deleting the following protected related objects" in page.content.decode()
    assert Organization.objects.filter(pk=body.pk).exists()


# Members and regions


def test_a_membership_without_a_member_is_refused_at_the_member(admin_client):
    club = OrganizationFactory()
    page = fill_in(admin_client, address_of(Membership, "add"), organization=club.pk)
    sentence = "Give either a member state or a member organization."
    assert refusals(page) == {"member_country": [sentence]}
    assert page.content.decode().count(sentence) == 1


def test_members_are_entered_below_the_organization(admin_client):
    club = OrganizationFactory(name="Northland Council")
    typed = {"memberships__0__member_country": "KZ", "memberships__0__since": "3 Oct 2009"}
    fill_in(admin_client, address_of(Organization, "change", club), **typed)
    assert Membership.objects.get().since == date(2009, 10, 3)


def test_a_region_of_another_country_is_refused_at_its_code(admin_client):
    page = fill_in(admin_client, address_of(Region, "add"), country="KG", name="Akmola", iso="KZ-AKM")
    assert list(refusals(page)) == ["iso"]


def test_regions_are_listed_by_country(admin_client):
    here, elsewhere = RegionFactory(country="KZ"), RegionFactory(country="KG")
    page = admin_client.get(address_of(Region), {"country": "KG"})
    assert list(page.context["cl"].result_list) == [elsewhere]
    assert here not in page.context["cl"].result_list


# Dates


@pytest.mark.parametrize("typed", ["2017-10-15", "15.10.2017", "15/10/2017", "15 Oct 2017", "15 октября 2017"])
def test_a_day_is_typed_as_people_write_it(admin_client, typed):
    source = SourceFactory()
    fill_in(admin_client, address_of(Source, "change", source), published_on=typed)
    source.refresh_from_db()
    assert source.published_on == date(2017, 10, 15)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Oct 2017", "“Oct 2017” names a month: this box needs a day, for example 2017-10-15."),
        ("2017", "“2017” names a year: this box needs a day, for example 2017-10-15."),
        ("01/02/2017", "“01/02/2017” can be read in two ways: please write it as 2017-10-15."),
    ],
)
def test_what_is_no_day_is_refused_at_its_box_with_a_sentence(admin_client, typed, sentence):
    page = fill_in(admin_client, address_of(Source, "change", SourceFactory()), published_on=typed)
    assert refusals(page) == {"published_on": [sentence]}
    assert page.content.decode().count(sentence) == 1


def test_a_date_box_is_plain_text_with_an_example_in_it(admin_client):
    box = admin_client.get(ADD_SOURCE).context["adminform"].form["published_on"]
    assert 'type="text"' in str(box)
    assert 'placeholder="2017-10-15"' in str(box)


# Accounts


def test_an_account_gets_its_roles_on_its_own_page(admin_client):
    user, body = UserFactory(), OrganizationFactory()
    typed = {"staff_roles__0__organization": body.pk, "staff_roles__0__role": "viewer"}
    fill_in(admin_client, address_of(User, "change", user), **typed)
    role = StaffRole.objects.get()
    assert (role.user, role.organization, role.role) == (user, body, "viewer")
