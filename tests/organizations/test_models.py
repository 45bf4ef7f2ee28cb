"""Organizations and their names through time, regions, sources, and the codes that all records have."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from lib.refusals import refuse
from lib.text import fold
from missions.dataset import RECORDS
from organizations.countries import countries_with, country_choices, country_name
from organizations.models import Membership, Organization, OrganizationName, RecordQuerySet, Region, Source, StaffRole
from organizations.models.records import code_from, free_code
from tests.factories import (
    MembershipFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    RegionFactory,
    SourceFactory,
    StaffRoleFactory,
    UserFactory,
)

# Codes


def test_a_code_is_made_of_its_parts_in_lower_case_ascii():
    assert code_from("KG", "presidential", date(2017, 10, 15)) == "kg-presidential-2017-10-15"
    assert code_from("Ақ Жайық", "", None, 7) == "ak-zhaiyk-7"


def test_a_code_that_is_taken_gets_a_number():
    assert free_code("a", set()) == "a"
    assert free_code("a", {"a", "a-2"}) == "a-3"


def test_a_long_code_is_cut_and_still_gets_its_number():
    assert free_code("x" * 300, set()) == "x" * 200
    assert free_code("x" * 300, {"x" * 200}) == "x" * 192 + "-2"


def test_a_source_is_called_by_its_publisher_and_day(db):
    first = Source.objects.create(title="A", publisher="RFE/RL", published_on=date(2017, 10, 13))
    second = Source.objects.create(title="B", publisher="RFE/RL", published_on=date(2017, 10, 13))
    undated = Source.objects.create(title="C", publisher="RFE/RL")
    assert (first.code, second.code, undated.code) == ("rfe-rl-2017-10-13", "rfe-rl-2017-10-13-2", "rfe-rl")


def test_a_code_stays_when_what_it_was_made_of_changes(db):
    source = Source.objects.create(title="A", publisher="Gazette", published_on=date(2017, 10, 13))
    source.published_on = date(2017, 10, 14)
    source.save()
    assert Source.objects.get().code == "gazette-2017-10-13"


@pytest.mark.parametrize("code", ["A", "a_b", "-a", "a-", "a--b", "ä", "a b", "a\n"])
def test_a_code_holds_lower_case_letters_digits_and_single_hyphens(code):
    source = Source(code=code, title="A", publisher="B")
    with pytest.raises(ValidationError) as refused:
        source.clean_fields()
    assert list(refused.value.message_dict) == ["code"]


def test_two_records_of_a_kind_never_share_a_code(db):
    SourceFactory(code="gazette")
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.bulk_create([Source(code="gazette", title="A", publisher="B")])


@pytest.mark.parametrize(
    ("kind", "country", "name", "code"),
    [
        ("election_body", "KZ", "Central Election Commission", "cec-kz"),
        ("parliament", "KZ", "Mazhilis", "parliament-kz"),
        ("election_body", "", "ODIHR", "odihr"),
        ("ngo", "KZ", "Erkindik Qanaty", "erkindik-qanaty"),
    ],
)
def test_an_organization_is_called_by_its_office_in_a_state_or_by_its_name(kind, country, name, code):
    assert Organization(kind=kind, country=country).code_for_name(name) == code


def test_every_kind_of_record_has_its_own_file_and_address():
    assert [model.resource() for model in RECORDS] == [
        *("sources", "organizations", "organization-names", "memberships", "regions", "elections", "voting-days"),
        *("missions", "invitations", "deployments", "channels", "head-counts", "observers", "observer-names"),
        *("assignments", "statements"),
    ]


def test_every_column_is_a_field_and_every_natural_key_is_made_of_columns():
    fields = {model: {field.name for field in model._meta.get_fields()} for model in RECORDS}
    assert [(model, column) for model in RECORDS for column in model.columns if column not in fields[model]] == []
    known = {model: {"code", *model.columns} for model in RECORDS}
    assert [model for model in RECORDS if not set(model.natural_key_columns) <= known[model]] == []
    assert sum(len(model.columns) for model in RECORDS) == 144


# Names through time


@pytest.fixture
def council(db):
    """An organization that changed its name on 12 November 2021."""
    council = OrganizationFactory(code="council")
    for columns in (
        {"name": "Old Council", "short_name": "OC", "valid_until": date(2021, 11, 11)},
        {"name": "New Organization", "valid_from": date(2021, 11, 12)},
        {"name": "Старый совет", "language": "ru", "valid_until": date(2021, 11, 11)},
    ):
        OrganizationNameFactory(organization=council, **columns)
    return council


@pytest.mark.parametrize(
    ("day", "language", "name"),
    [
        (date(2017, 10, 15), "en", "Old Council"),
        (date(2021, 11, 11), "en", "Old Council"),
        (date(2021, 11, 12), "en", "New Organization"),
        (None, "en", "New Organization"),
        (date(2017, 10, 15), "ru", "Старый совет"),
        (date(2030, 1, 1), "ru", "New Organization"),
        (date(2017, 10, 15), "kk", "Old Council"),
    ],
)
def test_an_organization_has_the_name_of_the_day_in_the_language_else_in_english(day, language, name, council):
    assert council.name_on(day, language) == name


def test_an_organization_without_an_english_name_has_any(db):
    council = OrganizationFactory()
    OrganizationNameFactory(organization=council, language="kk", name="Кеңес")
    assert council.name_on(date(2030, 1, 1)) == "Кеңес"


def test_an_organization_outside_all_its_names_has_the_nearest_that_is_known(db):
    council = OrganizationFactory()
    OrganizationNameFactory(organization=council, name="Council", valid_from=date(2009, 10, 3))
    assert council.name_on(date(2000, 1, 1)) == "Council"


def test_an_organization_without_a_name_is_called_by_its_code(db):
    council = OrganizationFactory(code="council")
    assert (str(council), council.short_name_now(), council.name_on(date(2030, 1, 1))) == ("council",) * 3


def test_the_short_name_is_the_full_one_where_none_is_recorded(council):
    assert council.short_name_on(date(2017, 10, 15)) == "OC"
    assert council.short_name_now() == "New Organization"
    assert council.current_name() == str(council) == "New Organization"


@pytest.mark.parametrize(
    ("from_here", "until_here", "overlap"),
    [
        (None, None, True),
        (date(2022, 1, 1), None, False),
        (date(2021, 12, 31), None, True),
        (None, date(2020, 12, 31), False),
        (None, date(2021, 1, 1), True),
        (date(2021, 5, 1), date(2021, 6, 1), True),
    ],
)
def test_two_names_overlap_where_both_are_in_force_on_some_day(from_here, until_here, overlap):
    year = OrganizationName(valid_from=date(2021, 1, 1), valid_until=date(2021, 12, 31))
    other = OrganizationName(valid_from=from_here, valid_until=until_here)
    assert (year.overlaps(other), other.overlaps(year)) == (overlap, overlap)


def test_one_name_in_two_sources_is_no_overlap(council):
    again = OrganizationName(
        organization=council, language="en", name="New Organization", source=SourceFactory(), valid_from=None
    )
    with pytest.raises(ValidationError):
        again.clean()
    again.valid_from = date(2021, 11, 12)
    again.clean()


def test_search_finds_an_organization_by_any_of_its_names_in_any_script(council):
    for typed in ("old council", "NEW ORGANIZATION", "старый", "staryi sovet", "council"):
        assert [found.code for found in Organization.objects.search(typed)] == ["council"]
    assert list(Organization.objects.search("old parliament")) == []


def test_a_changed_name_is_found_and_the_mistyped_one_is_not(council):
    name = council.names.get(name="New Organization")
    name.name = "Union"
    name.save()
    assert [found.code for found in Organization.objects.search("union")] == ["council"]
    assert list(Organization.objects.search("new organization")) == []


def test_kazakh_letters_are_found_from_their_russian_neighbours_and_from_latin(db):
    OrganizationFactory(code="kazakh", name="Қазақ қоғамы")
    for typed in ("казах", "Қазақ", "kazakh", "КОГАМЫ", "qogamy"):
        assert [found.code for found in Organization.objects.search(typed)] == ["kazakh"]


# Organizations below others


def test_an_organization_brings_those_below_it_and_no_others(db):
    osce = OrganizationFactory(code="osce")
    odihr = OrganizationFactory(code="odihr", parent=osce)
    OrganizationFactory(code="unit", parent=odihr)
    OrganizationFactory(code="cis")
    assert sorted(found.code for found in Organization.objects.all().with_those_below([osce])) == [
        *("odihr", "osce", "unit")
    ]
    assert [found.code for found in Organization.objects.all().with_those_below([])] == []


def test_names_come_along_in_one_more_query(council, django_assert_num_queries):
    OrganizationFactory(name="Another")
    with django_assert_num_queries(2):
        assert sorted(map(str, Organization.objects.all().with_names())) == ["Another", "New Organization"]


def test_a_membership_reads_as_who_and_where(council):
    assert str(MembershipFactory(organization=council)) == "Kazakhstan – New Organization"
    assembly = OrganizationFactory(code="assembly")
    other = MembershipFactory(organization=council, member_country="", member_organization=assembly)
    assert str(other) == "assembly – New Organization"
    assert sorted(Membership.objects.values_list("code", flat=True)) == [
        "council-member-assembly",
        "council-member-kz",
    ]


def test_a_person_has_one_role_in_an_organization(db):
    role = StaffRoleFactory(user__username="robin", organization__code="council")
    assert str(role) == "robin: Coordinator: writes what the organization keeps (council)"
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffRole.objects.create(user=role.user, organization=role.organization, role="viewer")


# Regions


def test_a_region_is_called_by_its_iso_code_or_by_country_and_name(db):
    assert RegionFactory(iso="KZ-AKM", name="Aqmola").code == "kz-akm"
    assert RegionFactory(name="Көкшетау").code == "kz-kokshetau"


def test_a_region_exists_between_its_dates_and_blank_ends_are_open(db):
    abai = RegionFactory(name="Abai", valid_from=date(2022, 6, 8))
    south = RegionFactory(name="South", valid_until=date(2018, 6, 18))
    always = RegionFactory(name="Always")
    for day, there in (
        (date(2018, 6, 18), [always, south]),
        (date(2018, 6, 19), [always]),
        (date(2022, 6, 7), [always]),
        (date(2022, 6, 8), [abai, always]),
    ):
        assert list(Region.objects.all().existing_on(day)) == there
        assert [region for region in Region.objects.all() if region.existed_on(day)] == there


def test_a_region_reads_with_its_code_and_is_found_by_it(db):
    region = RegionFactory(iso="KZ-10", name="Абай облысы")
    assert str(region) == "Абай облысы (KZ-10)"
    for typed in ("абай", "abai", "kz 10"):
        assert list(Region.objects.search(typed)) == [region]


# Sources and countries


def test_a_source_reads_as_publisher_day_and_title():
    assert str(Source(publisher="RFE/RL", published_on=date(2017, 10, 13), title="Kazakhstan steers clear")) == (
        "RFE/RL, 2017-10-13: Kazakhstan steers clear"
    )
    assert str(Source(publisher="24.kg", title="First observers")) == "24.kg: First observers"


def test_countries_are_named_in_the_readers_language_and_an_unknown_code_stands_for_itself():
    assert (country_name("KZ"), country_name("XK"), country_name("ZZ"), country_name("")) == (
        *("Kazakhstan", "Kosovo", "ZZ", ""),
    )
    with translation.override("ru"):
        assert country_name("KZ") == "Казахстан"
    assert ("XK", "Kosovo") in country_choices()
    assert len(country_choices()) == 250


def test_a_country_is_found_by_its_name_in_any_language():
    assert [countries_with(fold(typed)) for typed in ("Kazakhstan", "ҚАЗАҚСТАН", "кыргызстан", "Atlantis")] == [
        *(["KZ"], ["KZ"], ["KG"], []),
    ]


# Refusals


def test_all_refusals_are_raised_together_and_the_first_of_a_field_stands():
    with pytest.raises(ValidationError) as refused:
        refuse({}, {"a": "first"}, {"a": "second", "b": "third"})
    assert refused.value.message_dict == {"a": ["first"], "b": ["third"]}


def test_nothing_is_raised_where_nothing_is_refused():
    assert refuse({}, {}) is None


def test_a_kind_of_record_that_does_not_say_what_makes_it_public_is_not(db, settings):
    settings.PUBLIC_ACCESS = True
    SourceFactory()
    assert list(RecordQuerySet(Source).visible_to(AnonymousUser())) == []
    assert RecordQuerySet(Source).visible_to(UserFactory()).count() == 1
