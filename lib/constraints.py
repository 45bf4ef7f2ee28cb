"""Constraints that SQLite and PostgreSQL both keep."""

from __future__ import annotations

from itertools import chain, combinations
from typing import TYPE_CHECKING

from django.db.models import BaseConstraint, Q, UniqueConstraint

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

LONGEST_NAME = 60


def unique_even_where_blank(
    *,
    name: str,
    fields: tuple[str, ...],
    nullable: tuple[str, ...],
    message: _StrOrPromise,
) -> list[BaseConstraint]:
    """Constraints under which no two rows agree in all `fields`, two NULLs counting as equal.

    `nullable` lists those of `fields` that may be NULL; at least one field must not be. The list
    holds one constraint per combination of them: `name` where all are filled, and
    `name_without_a_b` where `a` and `b` are NULL. Use it as `constraints = [*unique_even_where_blank(…)]`.
    A violation is reported by `message`. Raises ValueError when the fields or a name do not fit.
    """
    if not set(nullable) < set(fields):
        raise ValueError(f"{name}: nullable must be some, not all, of the fields")
    # SQLite ignores nulls_distinct=False, so that a plain constraint lets such duplicates in.
    return [
        _unique_where_blank(name, fields, nullable, blank, message)
        for blank in chain.from_iterable(combinations(nullable, size) for size in range(len(nullable) + 1))
    ]


def _unique_where_blank(
    name: str,
    fields: tuple[str, ...],
    nullable: tuple[str, ...],
    blank: tuple[str, ...],
    message: _StrOrPromise,
) -> UniqueConstraint:
    full_name = "_without_".join([name, "_".join(blank)]) if blank else name
    if len(full_name) > LONGEST_NAME:
        raise ValueError(f"{full_name} is longer than {LONGEST_NAME} characters: shorten {name}")
    condition = Q()
    for field in nullable:
        condition &= Q((f"{field}__isnull", field in blank))
    return UniqueConstraint(
        fields=[field for field in fields if field not in blank],
        condition=condition or None,
        name=full_name,
        violation_error_message=message,
    )
