"""The order of lists: total, the same on SQLite and PostgreSQL, blanks last.

Rows are ordered by one value, ascending or descending. Blanks (NULL or empty text) come last in both directions. Rows
with equal values, or with none, are in ascending order of their code. Text is compared by code points, so that both
databases agree; a list that should read well in a language orders by a folded column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import CharField, F, Func, Q, TextField, Value
from django.db.models.functions import NullIf
from django.utils.translation import gettext as _

from lib.paths import fields_along
from lib.text import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import QuerySet
    from django.db.models.expressions import OrderBy
    from django.db.models.sql.compiler import SQLCompiler


class ByCodePoint(Func):
    """Text compared by code points, as SQLite does anyway; usable in an index, which PostgreSQL then needs."""

    template = "%(expressions)s"
    arity = 1

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template='(%(expressions)s) COLLATE "C"', **context)


class Key(NamedTuple):
    """Where a row stands in an order: its value (None where blank) and its code; and which row it is."""

    value: Any
    code: Any
    pk: Any = None


def ordered(queryset: QuerySet[Any], ordering_name: str, ordering_fields: Mapping[str, str]) -> QuerySet[Any]:
    """`queryset` in the order of that name: a key of `ordering_fields`, with `-` before it for descending.

    `ordering_fields` maps names to ORM paths that lead to one value per row. Raises ValueError with one sentence for
    a name that is none of them.
    """
    return queryset.order_by(*Order(queryset, ordering_name, ordering_fields).terms())


class Order:
    """One order of the rows of a queryset; raises ValueError for a name that is not in `ordering_fields`."""

    def __init__(self, queryset: QuerySet[Any], name: str, ordering_fields: Mapping[str, str]) -> None:
        path = ordering_fields.get(name.removeprefix("-"))
        if path is None:
            sentence = _("“%(value)s” is not one of the values of ordering: %(names)s.")
            raise ValueError(sentence % {"value": shown(name), "names": ", ".join(ordering_fields)})
        self.name = name
        self.descending = name.startswith("-")
        self.field = _field_of(queryset, path)
        self.code_field = _field_of(queryset, "code")
        self.can_be_blank = _can_be_blank(queryset, path, self.field)
        self.value: Any = F(path)
        if _is_text(self.field):
            self.value = ByCodePoint(NullIf(path, Value("")) if self.can_be_blank else path)
        self.code: Any = ByCodePoint("code") if _is_text(self.code_field) else F("code")

    def terms(self, *, backwards: bool = False) -> list[OrderBy]:
        """What to order by, for `order_by`."""
        blanks: dict[str, Any] = {}
        if self.can_be_blank:
            blanks = {"nulls_first": True} if backwards else {"nulls_last": True}
        value = self.value.desc(**blanks) if self.descending != backwards else self.value.asc(**blanks)
        return [value, self.code.desc() if backwards else self.code.asc()]

    def keys(self, queryset: QuerySet[Any], *, start: Key | None, backwards: bool, limit: int) -> list[Key]:
        """The keys of the next `limit` rows beyond `start`, or from the beginning; `backwards`, nearest first."""
        rows = queryset.annotate(keyset_value=self.value, keyset_code=self.code)
        if start:
            rows = rows.filter(self._beyond(start, backwards=backwards))
        keys = rows.order_by(*self.terms(backwards=backwards)).values_list("keyset_value", "keyset_code", "pk")
        return [Key(*key) for key in keys[:limit]]

    def _beyond(self, start: Key, *, backwards: bool) -> Q:
        further_code = Q(keyset_code__lt=start.code) if backwards else Q(keyset_code__gt=start.code)
        if start.value is None:
            among_blanks = Q(keyset_value__isnull=True) & further_code
            return among_blanks | Q(keyset_value__isnull=False) if backwards else among_blanks
        beyond = "lt" if self.descending != backwards else "gt"
        further_value = Q((f"keyset_value__{beyond}", start.value))
        # The first half says nothing new, but an index can find the place by it.
        valued = Q((f"keyset_value__{beyond}e", start.value)) & (further_value | further_code)
        return valued | Q(keyset_value__isnull=True) if self.can_be_blank and not backwards else valued


def _field_of(queryset: QuerySet[Any], path: str) -> Any:
    return queryset.annotate(keyset_value=F(path)).query.annotations["keyset_value"].output_field


def _is_text(field: Any) -> bool:
    return isinstance(field, CharField | TextField)


def _can_be_blank(queryset: QuerySet[Any], path: str, field: Any) -> bool:
    along = fields_along(queryset.model, path)
    if len(along) < len(path.split("__")):
        # A computed value may be anything.
        return True
    # From the far end of a relation there may be no row.
    return any(step.null or step.auto_created for step in along) or (_is_text(field) and field.blank)
