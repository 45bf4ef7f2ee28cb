"""Paths of the ORM, such as `election__country`, followed through the models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist

if TYPE_CHECKING:
    from django.db.models import Model, Q, QuerySet


def fields_along(model: type[Model], path: str) -> list[Any]:
    """The model fields that `path` passes, in order, as far as its parts are fields."""
    fields: list[Any] = []
    at: Any = model
    for part in path.split("__"):
        try:
            fields.append(at._meta.get_field(part))  # Django documents _meta
        except (FieldDoesNotExist, AttributeError):
            # An annotation, a lookup such as year, or a part after the last relation.
            break
        at = fields[-1].related_model
    return fields


def narrowed(queryset: QuerySet[Any], condition: Q, *paths: str) -> QuerySet[Any]:
    """The rows of `queryset` that meet `condition`, which is about `paths`, each row once."""
    crossed = [field for path in paths for field in fields_along(queryset.model, path)]
    if not any(field.one_to_many or field.many_to_many for field in crossed):
        return queryset.filter(condition)
    # Joined, a row would be met once for each row that fits it, and sums over the rows would be wrong.
    all_rows = queryset.model._base_manager  # Django documents it
    return queryset.filter(pk__in=all_rows.filter(condition).values("pk"))
