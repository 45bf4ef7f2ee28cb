# ruff: noqa: DJ008  # models for tests alone, which nobody prints
"""Filter sets over two small tables: parties sent by senders, each with the names under which papers know it."""

import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import models
from django.http import QueryDict
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from rest_framework import generics, serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIRequestFactory

from lib.filters import (
    AnyOfChoices,
    AnyOfCodes,
    Chip,
    Day,
    FilterBackend,
    ModifiedAfter,
    Search,
    StrictFilterSet,
    Year,
    YesNo,
    chips,
    holding_words,
    narrowed,
)
from lib.keyset import KeysetPagination
from lib.text import fold


class Sender(models.Model):
    code = models.CharField(max_length=20, unique=True)
    is_public = models.BooleanField(default=True)

    class Meta:
        app_label = "lib_filters"
        ordering = ["code"]

    def __str__(self):
        return f"Sender {self.code.upper()}"


class PartyQuerySet(models.QuerySet):
    def search(self, text):
        return holding_words(self, text, "folded", "names__folded")

    def sourced(self):
        return self.filter(source__gt="")

    def unsourced(self):
        return self.filter(source="")

    def sent_by(self, senders):
        return self.filter(sender__in=senders)


class Party(models.Model):
    code = models.UUIDField()
    country = models.CharField(max_length=2)
    folded = models.CharField(max_length=50)
    day = models.DateField(null=True)
    source = models.CharField(max_length=20, blank=True)
    sender = models.ForeignKey(Sender, models.CASCADE, null=True)
    through = models.ManyToManyField(Sender, related_name="parties")
    modified_at = models.DateTimeField(default=datetime(2026, 1, 1, tzinfo=UTC))
    objects = PartyQuerySet.as_manager()

    class Meta:
        app_label = "lib_filters"


class Name(models.Model):
    party = models.ForeignKey(Party, models.CASCADE, related_name="names")
    folded = models.CharField(max_length=50)

    class Meta:
        app_label = "lib_filters"


def countries():
    return [(f"A{letter}", f"Country {letter}") for letter in "BCDEFGHIJKLMNOP"] + [("KZ", "Kazakhstan")]


class PartyFilters(StrictFilterSet):
    country = AnyOfChoices(choices=countries, label="Country")
    kind = AnyOfChoices("source", choices=[("paper", "Paper"), ("site", "Site")], label="Kind")
    sender = AnyOfCodes(queryset=lambda request: Sender.objects.filter(is_public=True), label="Sender")
    through = AnyOfCodes(queryset=Sender.objects.all(), label="Through")
    sent_by = AnyOfCodes(queryset=Sender.objects.all(), label="Sent by", verb="sent_by")
    year = Year("day", label="Year")
    name = AnyOfChoices("names__folded", choices=[("ana", "Ana"), ("bo", "Bo")], label="Name")
    date_after = Day("day", "gte", label="From")
    sourced = YesNo(yes="sourced", no="unsourced", label="With sources")
    q = Search(label="Search")
    modified_after = ModifiedAfter(label="Changed since")


MODELS = [Sender, Party, Name]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables")]

KEYS = {"a": UUID(int=0xA), "b": UUID(int=0xB), "c": UUID(int=0xC)}


@pytest.fixture(autouse=True)
def parties():
    cec, mfa, hidden = [Sender.objects.create(code=code) for code in ["cec", "mfa", "hidden"]]
    Sender.objects.filter(code="hidden").update(is_public=False)
    for key, country, day, source, sender, through, names in [
        ("a", "KZ", date(2017, 10, 15), "paper", cec, [cec, mfa], ["ana", "bo"]),
        ("b", "AB", date(2016, 12, 31), "", mfa, [mfa], ["bo"]),
        ("c", "AC", None, "site", hidden, [], []),
    ]:
        party = Party.objects.create(
            code=KEYS[key], country=country, folded=fold(country), day=day, source=source, sender=sender
        )
        party.through.set(through)
        for name in names:
            Name.objects.create(party=party, folded=name)


def filtered(query, queryset=None):
    return PartyFilters(QueryDict(query), Party.objects.all() if queryset is None else queryset)


def found(query):
    filters = filtered(query)
    assert filters.problems == []
    letters = {code: letter for letter, code in KEYS.items()}
    return "".join(sorted(letters[party.code] for party in filters.qs))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "abc"),
        ("country=KZ", "a"),
        ("country=KZ&country=AB", "ab"),
        ("country=KZ&year=2016", ""),
        ("kind=paper&kind=site", "ac"),
        ("sender=cec", "a"),
        ("sender=cec&sender=mfa", "ab"),
        ("through=cec&through=mfa", "ab"),
        ("sent_by=hidden&sent_by=mfa", "bc"),
        ("year=2016", "b"),
        ("year=2016&year=2017", "ab"),
        ("name=ana&name=bo", "ab"),
        ("date_after=2017-01-01", "a"),
        ("date_after=1 января 2016", "ab"),
        ("sourced=yes", "ac"),
        ("sourced=no", "b"),
        ("q=kz", "a"),
        ("q=БО", "ab"),
        ("q=bo kz", "a"),
        ("q=ana bo", "a"),
        ("q=bo xx", ""),
        ("modified_after=2026-01-01", "abc"),
        ("modified_after=2026-01-01T00:00:01Z", ""),
        ("page=2&page_size=10&ordering=code&cursor=x&count=exact&format=csv&fields=code&language=ru", "abc"),
    ],
)
def test_rows_are_those_that_meet_every_filter(query, expected):
    assert found(query) == expected


@pytest.mark.parametrize(
    "query", ["year=&country=&sender=&q=&sourced=&date_after=&modified_after=", "q=%20%20", "year=&year="]
)
def test_a_blank_value_is_as_if_absent(query):
    assert found(query) == "abc"


def test_blanks_beside_a_value_are_as_if_absent():
    assert found("country=&country=KZ&country=") == "a"
    assert found("q=&q=kz") == "a"


def test_a_row_that_fits_twice_is_met_once():
    rows = filtered("through=cec&through=mfa&name=ana&name=bo&q=bo").qs

    assert sorted(party.country for party in rows) == ["AB", "KZ"]
    assert rows.aggregate(total=models.Count("pk")) == {"total": 2}


class NameFilters(StrictFilterSet):
    party = AnyOfCodes(queryset=Party.objects.all(), label="Party")


def test_codes_may_be_uuids_in_any_writing():
    rows = NameFilters(QueryDict(f"party={str(KEYS['a']).upper()}&party={KEYS['c'].hex}"), Name.objects.all()).qs

    assert sorted(name.folded for name in rows) == ["ana", "bo"]
    assert NameFilters(QueryDict("party=not-a-uuid"), Name.objects.all()).problems == [
        ("party", "“not-a-uuid” is not one of the values of party.")
    ]


def test_a_year_is_met_once_through_a_relation_to_many():
    class SenderFilters(StrictFilterSet):
        year = Year("parties__day", label="Year")

    mfa_parties = Party.objects.filter(through__code="mfa")
    mfa_parties.update(day=date(2017, 1, 1))

    rows = SenderFilters(QueryDict("year=2017"), Sender.objects.filter(code="mfa")).qs

    assert [sender.code for sender in rows] == ["mfa"]


def test_a_filter_in_one_table_needs_no_subquery():
    assert str(filtered("country=KZ").qs.query).count("SELECT") == 1


def test_narrowed_stays_within_the_rows_it_was_given():
    assert not narrowed(Party.objects.none(), models.Q(names__folded="bo"), "names__folded").exists()


UNKNOWN = "is not one of the values of"


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("yaer=2017", ("yaer", "“yaer” is not a filter here. Did you mean “year”?")),
        ("yaer=", ("yaer", "“yaer” is not a filter here. Did you mean “year”?")),
        ("pagesize=5", ("pagesize", "“pagesize” is not a filter here. Did you mean “page_size”?")),
        ("zzz=1", ("zzz", "“zzz” is not a filter here.")),
        ("country__in=KZ", ("country__in", "“country__in” is not a filter here. Did you mean “country”?")),
        ("country=XX", ("country", f"“XX” {UNKNOWN} country.")),
        ("country=KZ&country=100%25", ("country", f"“100%” {UNKNOWN} country.")),
        ("sender=nobody", ("sender", f"“nobody” {UNKNOWN} sender.")),
        ("sender=hidden", ("sender", f"“hidden” {UNKNOWN} sender.")),
        ("sender=cec&sender=CEC", ("sender", f"“CEC” {UNKNOWN} sender.")),
        ("sourced=1", ("sourced", f"“1” {UNKNOWN} sourced.")),
        ("year=17", ("year", "“17” is not a year from 1900 to 2200: please write it as 2017.")),
        ("year=1899", ("year", "“1899” is not a year from 1900 to 2200: please write it as 2017.")),
        ("year=2201", ("year", "“2201” is not a year from 1900 to 2200: please write it as 2017.")),
        ("year=٢٠١٧", ("year", "“٢٠١٧” is not a year from 1900 to 2200: please write it as 2017.")),
        (
            "date_after=2017",
            ("date_after", "“2017” names a year: this box needs a day, for example 2017-10-15."),
        ),
        (
            "modified_after=yesterday",
            (
                "modified_after",
                "“yesterday” is not a time: please write it as 2017-10-15 or 2017-10-15T18:30:00Z.",
            ),
        ),
        (
            "modified_after=0001-01-01T00:00:00%2B14:00",
            (
                "modified_after",
                "“0001-01-01T00:00:00+14:00” is not a time: please write it as 2017-10-15 or 2017-10-15T18:30:00Z.",
            ),
        ),
        ("q=a&q=b", ("q", "q can be given only once.")),
        ("sourced=yes&sourced=no", ("sourced", "sourced can be given only once.")),
        ("q=%3F%21", ("q", "“?!” has no letter or digit to search for.")),
        ("q=a%00b", ("q", "q holds a character that cannot be read.")),
        ("q=%ff%fe", ("q", "q holds a character that cannot be read.")),
        ("sender=%00", ("sender", "sender holds a character that cannot be read.")),
        ("country=%ed%a0%80", ("country", "country holds a character that cannot be read.")),
        pytest.param(f"sender={'x' * 10_000}", ("sender", "sender is longer than 200 characters."), id="long-value"),
        pytest.param(f"{'x' * 10_000}=1", ("x" * 10_000, f"“{'x' * 60}…” is not a filter here."), id="long-name"),
        ("%00=1", ("\0", "“�” is not a filter here.")),
    ],
)
def test_what_cannot_be_used_is_an_error_and_gives_no_rows(query, problem):
    filters = filtered(query)

    assert filters.problems == [problem]
    assert not filters.is_valid()
    assert list(filters.qs) == []


def test_every_problem_is_told_at_once():
    assert [parameter for parameter, _message in filtered("yaer=1&year=17&country=XX&q=a").problems] == [
        "country",
        "year",
        "yaer",
    ]


def test_a_lone_surrogate_is_an_error():
    query = QueryDict(mutable=True)
    query["q"] = "a\ud800"

    assert PartyFilters(query, Party.objects.all()).problems == [("q", "q holds a character that cannot be read.")]


def test_an_unbound_set_gives_all_rows():
    filters = PartyFilters(None, Party.objects.all())

    assert filters.problems == []
    assert filters.qs.count() == 3


def test_a_set_may_name_its_own_other_parameters():
    class ViewedFilters(PartyFilters):
        other_parameters = frozenset({"view"})

    assert ViewedFilters(QueryDict("view=table"), Party.objects.all()).problems == []
    assert [name for name, _message in ViewedFilters(QueryDict("page=2"), Party.objects.all()).problems] == ["page"]


class TestAnyQuery(TestCase):
    @settings(max_examples=200, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from([*PartyFilters.base_filters, "page", "other"]) | st.text(max_size=5),
                st.sampled_from(["KZ", "cec", "2017", "yes", "-1", "1e9", "9" * 30, "0000-00-00"]) | st.text(),
            ),
            max_size=6,
        )
    )
    def test_gives_rows_or_problems_and_never_fails(self, pairs):
        query = QueryDict(mutable=True)
        for name, value in pairs:
            query.appendlist(name, value)
        filters = PartyFilters(query, Party.objects.all())

        rows = list(filters.qs)

        assert rows == [] or filters.problems == []
        chips(filters, query)
        str(filters.form)


# The widget


def inputs(query, name):
    return str(filtered(query).form[name])


def test_few_choices_are_checkboxes():
    html = inputs("kind=site", "kind")

    assert html.count('type="checkbox"') == 2
    assert html.count("checked") == 1
    assert "aria-label" not in html


@pytest.mark.parametrize(("number", "kind_of_box"), [(12, 'type="checkbox"'), (13, "<select")])
def test_thirteen_choices_are_many(number, kind_of_box):
    Sender.objects.bulk_create([Sender(code=f"s{place}") for place in range(number - 2)])

    assert Sender.objects.filter(is_public=True).count() == number
    assert kind_of_box in inputs("", "sender")


def test_many_choices_are_a_select_for_each_chosen_value_and_a_blank_one():
    html = inputs("country=KZ&country=AB", "country")

    assert html.count("<select") == html.count('name="country"') == 3
    assert html.count("selected") == 3
    assert '<option value="KZ" selected>' in html
    assert [f'id="id_country_{number}"' in html for number in [1, 2, 3, 4]] == [True, True, True, False]
    assert 'aria-label="Country: value 2"' in html
    assert 'aria-label="Country: another value"' in html


def test_without_a_chosen_value_there_is_one_blank_select():
    html = inputs("", "country")

    assert html.count("<select") == 1
    assert '<option value="" selected>Any</option>' in html


def test_a_refused_value_stays_visible():
    assert '<option value="XX" selected>XX</option>' in inputs("country=XX", "country")
    assert 'value="XX"' in inputs("kind=XX", "kind")


def test_years_are_text_boxes():
    html = inputs("year=2016&year=2017", "year")

    assert html.count('<input type="text"') == 3
    assert 'value="2017"' in html


def test_too_many_rows_to_list_are_text_boxes():
    Sender.objects.bulk_create([Sender(code=f"s{number}") for number in range(501)])

    assert inputs("sender=s7", "sender").count('<input type="text"') == 2


def test_a_group_of_boxes_has_a_legend_and_no_inline_style():
    html = filtered("").form["country"].as_field_group()

    assert "<fieldset" in html
    assert "<legend>Country:</legend>" in html
    assert "style=" not in html


# Chips


def test_there_is_a_chip_for_each_chosen_value_with_its_label():
    query = "country=KZ&country=AB&sender=cec&year=2017&sourced=yes&q=бо&page=3&cursor=x&page_size=5&kind="
    found_chips = chips(filtered(query), QueryDict(query))

    assert [(chip.label, chip.value_label) for chip in found_chips] == [
        ("Country", "Kazakhstan"),
        ("Country", "Country B"),
        ("Sender", "Sender CEC"),
        ("Year", "2017"),
        ("With sources", "Yes"),
        ("Search", "бо"),
    ]


def test_a_chip_takes_away_its_value_and_the_place_in_the_list():
    query = "country=KZ&country=AB&page=3&cursor=x&page_size=5&kind="

    assert chips(filtered(query), QueryDict(query))[0] == Chip(
        parameter="country",
        value="KZ",
        label="Country",
        value_label="Kazakhstan",
        remove_query="country=AB&page_size=5",
    )


def test_the_last_chip_leaves_no_query():
    assert chips(filtered("year=2017"), QueryDict("year=2017"))[0].remove_query == ""


def test_a_refused_value_has_a_chip_too():
    assert chips(filtered("sender=nobody"), QueryDict("sender=nobody"))[0].value_label == "nobody"


# The API


class PartySerializer(serializers.ModelSerializer):
    class Meta:
        model = Party
        fields = ["country"]


class PartyList(generics.ListAPIView):
    queryset = Party.objects.all()
    serializer_class = PartySerializer
    filter_backends = [FilterBackend]
    filterset_class = PartyFilters
    pagination_class = KeysetPagination
    ordering_fields = {"country": "country"}
    ordering = "country"
    permission_classes = []


def asked(query):
    return PartyList.as_view()(APIRequestFactory().get(f"/parties/?{query}")).render()


def test_the_api_gives_the_same_rows():
    assert [row["country"] for row in asked("country=KZ&country=AB").data["results"]] == ["AB", "KZ"]


def test_the_api_answers_400_with_the_same_sentences():
    response = asked("yaer=2017&country=100%25")

    assert response.status_code == 400
    assert response.data["errors"] == [
        {"parameter": "country", "message": f"“100%” {UNKNOWN} country."},
        {"parameter": "yaer", "message": "“yaer” is not a filter here. Did you mean “year”?"},
    ]


def test_the_schema_documents_every_filter_without_warnings(capsys):
    patterns = [path("parties/", PartyList.as_view())]
    schema = SchemaGenerator(patterns=patterns).get_schema(request=None, public=True)

    parameters = {each["name"]: each for each in schema["paths"]["/parties/"]["get"]["parameters"]}
    assert set(PartyFilters.base_filters) <= set(parameters)
    assert parameters["kind"]["schema"] == {"type": "array", "items": {"type": "string", "enum": ["paper", "site"]}}
    assert parameters["sender"]["schema"] == {"type": "array", "items": {"type": "string"}}
    assert parameters["sourced"]["schema"] == {"type": "string", "enum": ["no", "yes"]}
    assert parameters["year"]["schema"]["items"] == {"type": "integer", "minimum": 1900, "maximum": 2200}
    assert [name for name, each in parameters.items() if not each.get("description")] == []
    assert json.loads(JSONRenderer().render(schema)) is not None
    assert capsys.readouterr().err == ""


def test_filters_cost_one_query_each_at_most(django_assert_num_queries):
    with django_assert_num_queries(2):
        list(filtered("sender=cec&sender=mfa&country=KZ&year=2017").qs)
