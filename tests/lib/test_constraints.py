# ruff: noqa: DJ008  # models for tests alone, which nobody prints
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from lib.constraints import unique_even_where_blank


class Place(models.Model):
    class Meta:
        app_label = "lib_constraints"


class Visit(models.Model):
    name = models.CharField(max_length=20)
    place = models.ForeignKey(Place, models.CASCADE, null=True, blank=True)
    day = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "lib_constraints"
        constraints = unique_even_where_blank(
            name="visit_once",
            fields=("name", "place", "day"),
            nullable=("place", "day"),
            message="This visit is recorded already.",
        )


MODELS = [Place, Visit]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables")]


@pytest.mark.parametrize("with_place", [True, False])
@pytest.mark.parametrize("day", ["2017-10-15", None])
def test_a_second_row_is_refused_whichever_fields_are_blank(with_place, day):
    place = Place.objects.create() if with_place else None
    Visit.objects.create(name="Ana", place=place, day=day)
    second = Visit(name="Ana", place=place, day=day)

    with pytest.raises(ValidationError) as refusal:
        second.full_clean()
    assert refusal.value.messages == ["This visit is recorded already."]
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


def test_rows_that_differ_in_what_is_blank_stand_side_by_side():
    place = Place.objects.create()

    for name, at, day in [
        ("Ana", place, "2017-10-15"),
        ("Ana", place, None),
        ("Ana", None, "2017-10-15"),
        ("Ana", None, None),
        ("Bo", None, None),
    ]:
        visit = Visit(name=name, place=at, day=day)
        visit.full_clean()
        visit.save()

    assert Visit.objects.count() == 5


def test_there_is_one_constraint_for_each_combination_of_blanks():
    assert [constraint.name for constraint in Visit._meta.constraints] == [
        "visit_once",
        "visit_once_without_place",
        "visit_once_without_day",
        "visit_once_without_place_day",
    ]


@pytest.mark.parametrize(
    ("name", "fields", "nullable", "sentence"),
    [
        ("once", ("day",), ("day",), "once: nullable must be some, not all, of the fields"),
        ("once", ("name",), ("day",), "once: nullable must be some, not all, of the fields"),
        (
            "x" * 49,
            ("name", "day"),
            ("day",),
            f"{'x' * 49}_without_day is longer than 60 characters: shorten {'x' * 49}",
        ),
    ],
)
def test_a_constraint_that_cannot_be_is_refused(name, fields, nullable, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        unique_even_where_blank(name=name, fields=fields, nullable=nullable, message="Already there.")
