# ruff: noqa: DJ008  # models for tests alone, which nobody prints
"""Pages of records that have blanks, equal values and texts in several scripts."""

import json
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.signing import Signer
from django.db import connection, models
from django.db.models import Count, F
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from rest_framework import generics, serializers
from rest_framework.test import APIRequestFactory

from lib.keyset import KeysetPagination, ordered


class Owner(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "lib_keyset"


class Record(models.Model):
    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=20, blank=True)
    alias = models.CharField(max_length=20, null=True, blank=True)
    day = models.DateField(null=True)
    number = models.IntegerField(null=True)
    rank = models.IntegerField(default=0)
    is_open = models.BooleanField(null=True)
    changed_at = models.DateTimeField(default=datetime(2026, 1, 1, tzinfo=UTC))
    owner = models.ForeignKey(Owner, models.CASCADE, null=True)

    class Meta:
        app_label = "lib_keyset"


MODELS = [Owner, Record]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables")]

ORDERING_FIELDS = {
    "code": "code",
    "title": "title",
    "alias": "alias",
    "day": "day",
    "number": "number",
    "rank": "rank",
    "is_open": "is_open",
    "changed_at": "changed_at",
    "owner": "owner__name",
    "doubled": "doubled",
}
ORDERINGS = [f"{sign}{name}" for name in ORDERING_FIELDS for sign in ["", "-"]]


class RecordSerializer(serializers.ModelSerializer):
    class Meta:
        model = Record
        fields = ["code"]


class RecordList(generics.ListAPIView):
    queryset = Record.objects.annotate(doubled=F("number") * 2)
    serializer_class = RecordSerializer
    pagination_class = KeysetPagination
    filter_backends = []
    permission_classes = []
    ordering_fields = ORDERING_FIELDS
    ordering = "-day"


def asked(query="", address=None):
    request = APIRequestFactory().get(address or f"/records/?{query}")
    return RecordList.as_view()(request).render()


def codes(response):
    assert response.status_code == 200, response.data
    return [row["code"] for row in response.data["results"]]


def walked(query, direction="next", start=None):
    """The codes of the pages from the first on, each page a list."""
    response = start or asked(query)
    pages = [codes(response)]
    while response.data[direction]:
        response = asked(address=response.data[direction])
        pages.append(codes(response))
        assert len(pages) <= Record.objects.count(), "the pages go round in a circle"
    return pages


def in_order(name):
    return [record.code for record in ordered(RecordList.queryset.all(), name, ORDERING_FIELDS)]


@pytest.fixture
def records():
    ana, bo = Owner.objects.create(name="ana"), Owner.objects.create(name="bo")
    texts = ["b", "", "B", "a", "ä", "я", "А", "a b", "a-b", "中", "𐍈", "", "b", "_", "aa", "0"]
    for place, text in enumerate(texts):
        Record.objects.create(
            code=f"r{place:02}" if place % 2 else f"R{place:02}",
            title=text,
            alias=None if place % 4 == 0 else text,
            day=None if place % 3 == 0 else date(2017, 10, 1 + place % 4),
            number=None if place % 5 == 0 else place % 4 - 2,
            rank=place % 3,
            is_open=[None, True, False][place % 3],
            changed_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=place // 2),
            owner=[None, ana, bo][place % 3],
        )


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("size", [1, 3, 16, 1000])
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_every_row_is_met_once_forwards_and_backwards(ordering, size):
    pages = walked(f"ordering={ordering}&page_size={size}")
    rows = [code for page in pages for code in page]

    assert rows == in_order(ordering)
    assert sorted(rows) == sorted(Record.objects.values_list("code", flat=True))
    assert [len(page) for page in pages[:-1]] == [size] * (len(pages) - 1)
    last = asked(f"ordering={ordering}&page_size={size}")
    for _page in pages[1:]:
        last = asked(address=last.data["next"])
    assert walked("", "previous", start=last) == pages[::-1]


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("ordering", ["day", "-title"])
def test_a_step_back_and_a_step_on_lead_to_the_same_page(ordering):
    second = asked(address=asked(f"ordering={ordering}&page_size=3").data["next"])
    first = asked(address=second.data["previous"])

    assert codes(first) == in_order(ordering)[:3]
    assert first.data["previous"] is None
    assert codes(asked(address=first.data["next"])) == codes(second) == in_order(ordering)[3:6]


def test_text_is_in_the_order_of_code_points_with_blanks_last():
    for place, title in enumerate(["b", "", "B", "ä", "a-b", "a b", "я", "a", "中", "𐍈", ""]):
        Record.objects.create(code=f"{place:02}", title=title)

    titles = Record.objects.in_bulk(field_name="code")
    assert [titles[code].title for code in in_order("title")] == [
        "B", "a", "a b", "a-b", "b", "ä", "я", "中", "𐍈", "", "",
    ]  # fmt: skip
    assert [titles[code].title for code in in_order("-title")] == [
        "𐍈", "中", "я", "ä", "b", "a-b", "a b", "a", "B", "", "",
    ]  # fmt: skip


def test_blanks_come_last_in_both_directions_and_equal_values_in_ascending_order_of_code():
    for code, day in [("d", None), ("c", "2017-10-15"), ("b", "2017-10-15"), ("a", None), ("e", "2016-01-01")]:
        Record.objects.create(code=code, day=day)

    assert in_order("day") == ["e", "b", "c", "a", "d"]
    assert in_order("-day") == ["b", "c", "e", "a", "d"]


def test_null_and_empty_text_are_the_same_blank():
    for code, alias in [("c", None), ("b", ""), ("a", None), ("d", "x")]:
        Record.objects.create(code=code, alias=alias)

    assert in_order("alias") == ["d", "a", "b", "c"]
    assert walked("ordering=-alias&page_size=1") == [["d"], ["a"], ["b"], ["c"]]


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("ordering", ["title", "-title", "day", "-day"])
def test_rows_added_between_the_pages_neither_repeat_nor_hide_the_others(ordering):
    before = in_order(ordering)
    response, met = asked(f"ordering={ordering}&page_size=2"), []
    while response:
        met += codes(response)
        number = len(met)
        Record.objects.create(code=f"new{number}", title="ab"[number % 2], day=date(2017, 10, 1 + number % 4))
        Record.objects.create(code=f"nil{number}")
        response = response.data["next"] and asked(address=response.data["next"])

    assert [code for code in met if code[:3] not in {"new", "nil"}] == before
    assert len(met) == len(set(met))


def test_the_row_where_a_page_ended_may_be_deleted():
    for code in "abcdef":
        Record.objects.create(code=code)
    first = asked("ordering=code&page_size=2")
    Record.objects.filter(code__in="ab").delete()

    second = asked(address=first.data["next"])

    assert codes(second) == ["c", "d"]
    assert codes(asked(address=second.data["previous"])) == []


def test_a_page_whose_rows_are_gone_leads_back_to_the_first_page():
    for code in "abcd":
        Record.objects.create(code=code)
    first = asked("ordering=code&page_size=2&count=exact")
    second = asked(address=first.data["next"])
    Record.objects.filter(code__in="cd").delete()

    empty = asked(address=first.data["next"])
    assert (codes(empty), empty.data["next"]) == ([], None)
    assert codes(asked(address=empty.data["previous"])) == ["a", "b"]
    Record.objects.filter(code__in="ab").delete()
    empty = asked(address=second.data["previous"])
    assert (codes(empty), empty.data["previous"]) == ([], None)
    assert codes(asked(address=empty.data["next"])) == []


class TestAnyRecords(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(st.tuples(st.sampled_from(["", "a", "A", "é", "я"]), st.none() | st.integers(-2, 2)), max_size=8),
        st.sampled_from(["title", "-title", "number", "-number", "doubled", "-doubled"]),
        st.integers(1, 4),
    )
    def test_are_met_once_each(self, rows, ordering, size):
        Record.objects.bulk_create(
            Record(code=f"{place:02}", title=title, number=number) for place, (title, number) in enumerate(rows)
        )
        pages = walked(f"ordering={ordering}&page_size={size}")

        assert [code for page in pages for code in page] == in_order(ordering)


def test_an_answer_holds_next_previous_and_results():
    Record.objects.create(code="a")

    assert dict(asked().data) == {"next": None, "previous": None, "results": [{"code": "a"}]}


@pytest.mark.usefixtures("records")
def test_an_exact_count_is_given_on_request():
    first = asked("count=exact&page_size=5")
    second = asked(address=first.data["next"])

    assert [first.data["count"], second.data["count"]] == [16, 16]


@pytest.mark.usefixtures("records")
def test_links_are_full_addresses_that_keep_the_other_parameters():
    address = urlsplit(asked("ordering=code&page_size=5&year=2017&year=2016").data["next"])
    query = parse_qs(address.query)

    assert (address.scheme, address.netloc, address.path) == ("http", "testserver", "/records/")
    assert query.pop("cursor")[0].replace("-", "").replace("_", "").replace(".", "").isalnum()
    assert query == {"ordering": ["code"], "page_size": ["5"], "year": ["2017", "2016"]}


@pytest.mark.usefixtures("records")
def test_a_page_is_fifty_rows_in_the_order_of_the_view_unless_asked_otherwise():
    Record.objects.bulk_create(Record(code=f"x{number}") for number in range(60))

    assert codes(asked()) == in_order("-day")[:50]
    assert codes(asked("ordering=&page_size=&count=&cursor=")) == in_order("-day")[:50]


def test_a_cursor_holds_its_value_exactly():
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    for place in range(4):
        Record.objects.create(code=str(place), changed_at=moment + timedelta(microseconds=place))

    assert walked("ordering=-changed_at&page_size=1") == [["3"], ["2"], ["1"], ["0"]]


def signed(*parts):
    return Signer(salt="lib.keyset", sep=".").sign_object(parts)


NO_CURSOR = "This is not a cursor of this list: please begin again without one."
SIZES = "is not a page size: please give a number from 1 to 1000."


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("cursor=junk", {"parameter": "cursor", "message": NO_CURSOR}),
        ("cursor=%00%ff", {"parameter": "cursor", "message": NO_CURSOR}),
        ("cursor=..", {"parameter": "cursor", "message": NO_CURSOR}),
        (f"cursor={signed('-day', False, 'no date', 'a')}", {"parameter": "cursor", "message": NO_CURSOR}),
        (f"cursor={signed('-day', False)}", {"parameter": "cursor", "message": NO_CURSOR}),
        (
            f"cursor={signed('code', False, 'a', 'a')}&ordering=title",
            {
                "parameter": "cursor",
                "message": "This cursor belongs to another ordering: please begin again without one.",
            },
        ),
        ("page_size=0", {"parameter": "page_size", "message": f"“0” {SIZES}"}),
        ("page_size=1001", {"parameter": "page_size", "message": f"“1001” {SIZES}"}),
        ("page_size=-5", {"parameter": "page_size", "message": f"“-5” {SIZES}"}),
        ("page_size=ten", {"parameter": "page_size", "message": f"“ten” {SIZES}"}),
        ("page_size=%d9%a1", {"parameter": "page_size", "message": f"“١” {SIZES}"}),
        ("count=all", {"parameter": "count", "message": "“all” is not one of the values of count: exact."}),
        (
            "ordering=id",
            {
                "parameter": "ordering",
                "message": f"“id” is not one of the values of ordering: {', '.join(ORDERING_FIELDS)}.",
            },
        ),
        ("ordering=code&ordering=day", {"parameter": "ordering", "message": "ordering can be given only once."}),
        ("page_size=5&page_size=6", {"parameter": "page_size", "message": "page_size can be given only once."}),
    ],
)
def test_what_cannot_be_used_is_a_400_that_names_it(query, error):
    response = asked(query)

    assert response.status_code == 400
    assert json.loads(response.content)["errors"] == [error]


@pytest.mark.parametrize("ordering", ["--code", "-", "owner__name", "code,day", "?", "pk"])
def test_an_ordering_is_one_of_the_names_of_the_view(ordering):
    with pytest.raises(ValueError, match="is not one of the values of ordering"):
        ordered(Record.objects.all(), ordering, ORDERING_FIELDS)


@pytest.mark.usefixtures("records")
def test_a_page_costs_two_queries_however_many_rows(django_assert_num_queries):
    for size in [1, 3]:
        with django_assert_num_queries(2):
            codes(asked(f"page_size={size}"))


@pytest.mark.usefixtures("records")
def test_joins_and_computed_columns_are_left_out_of_the_search_for_the_place(django_assert_num_queries):
    paginator, request = KeysetPagination(), generics.GenericAPIView().initialize_request(APIRequestFactory().get("/"))
    rows = Record.objects.select_related("owner").annotate(owners=Count("owner"))
    with django_assert_num_queries(2) as queries:
        page = paginator.paginate_queryset(rows, request, RecordList())

    assert len(page) == 16
    assert "lib_keyset_owner" not in queries[0]["sql"]
    assert "lib_keyset_owner" in queries[1]["sql"]


def test_text_is_compared_alike_on_both_databases():
    sql = str(ordered(Record.objects.all(), "title", ORDERING_FIELDS).query)

    assert ('COLLATE "C"' in sql) == (connection.vendor == "postgresql")


def test_a_column_that_is_never_blank_is_ordered_as_an_index_is():
    sql = str(ordered(Record.objects.all(), "-rank", ORDERING_FIELDS).query)

    assert "NULLS" not in sql


def test_the_schema_documents_the_parameters_and_the_answer():
    view = RecordList()
    parameters = {each["name"]: each["schema"] for each in KeysetPagination().get_schema_operation_parameters(view)}
    answer = KeysetPagination().get_paginated_response_schema({"type": "array"})

    assert list(parameters) == ["cursor", "page_size", "ordering", "count"]
    assert parameters["ordering"]["enum"][:2] == ["code", "title"]
    assert "-code" in parameters["ordering"]["enum"]
    assert list(answer["properties"]) == ["next", "previous", "count", "results"]
    assert answer["properties"]["results"] == {"type": "array"}


def test_the_schema_is_complete_and_without_warnings(capsys):
    schema = SchemaGenerator(patterns=[path("records/", RecordList.as_view())]).get_schema(request=None, public=True)

    names = [each["name"] for each in schema["paths"]["/records/"]["get"]["parameters"]]
    assert names == ["count", "cursor", "ordering", "page_size"]
    assert capsys.readouterr().err == ""
