"""Pages by keyset: each begins after the last row of the one before, whatever was inserted meanwhile."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from lib.ordering import Key, Order, ordered
from lib.text import shown

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

__all__ = ["KeysetPagination", "asked_page_size", "ordered", "single_value"]

DEFAULT_PAGE_SIZE = 50
LARGEST_PAGE_SIZE = 1000


class KeysetPagination(BasePagination):
    """Answers {"next", "previous", "results"}, the first two being full addresses or null.

    The view names its `ordering_fields` (API name to ORM path) and its default `ordering`; `lib.ordering` states the
    order. Read are `page_size` (1 to 1000, default 50), `ordering` (one name, `-` before it for descending),
    `count=exact` (adds "count") and `cursor`, which comes from "next" or "previous" and holds for one ordering; other
    values are a 400. Every row is met exactly once, forwards and backwards, also where rows are added between the
    pages. A page whose rows were all deleted since its address was given leads back to the first page.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.address = request.build_absolute_uri()
        size = asked_page_size(request)
        self.count = queryset.count() if _wants_count(request) else None
        try:
            order = Order(queryset, single_value(request, "ordering") or view.ordering, view.ordering_fields)
        except ValueError as error:
            raise exceptions.ValidationError({"ordering": [str(error)]}) from None
        start, backwards = _read_cursor(single_value(request, "cursor"), order)

        keys = order.keys(queryset, start=start, backwards=backwards, limit=size + 1)
        has_more, keys = len(keys) > size, keys[:size]
        if backwards:
            keys.reverse()
        has_next = has_more or backwards
        has_previous = has_more if backwards else start is not None
        self.next = self._link(order, keys[-1:], backwards=False) if has_next else None
        self.previous = self._link(order, keys[:1], backwards=True) if has_previous else None
        # Which rows is found on few columns; joins and computed columns are then for these rows alone.
        return list(queryset.filter(pk__in=[key.pk for key in keys]).order_by(*order.terms()))

    def get_paginated_response(self, data: Any) -> Response:
        count = {} if self.count is None else {"count": self.count}
        return Response({"next": self.next, "previous": self.previous, **count, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": address,
                "previous": address,
                "count": {"type": "integer", "description": "All rows of the list; only with count=exact."},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        names = list(getattr(view, "ordering_fields", {}))
        orderings = {"type": "string", "enum": [*names, *(f"-{name}" for name in names)]}
        in_words = [f"* `{name}` - By {name.replace('_', ' ')}, ascending." for name in names]
        in_words += [f"* `-{name}` - By {name.replace('_', ' ')}, descending." for name in names]
        page_size = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE_SIZE, "default": DEFAULT_PAGE_SIZE}
        parameters = {
            "cursor": ({"type": "string"}, "Where the page begins, as given in next or previous."),
            "page_size": (page_size, "Rows on a page."),
            "ordering": (orderings, "\n".join(["The order of the rows. Blanks come last.", "", *in_words])),
            "count": ({"type": "string", "enum": ["exact"]}, "Adds the number of all rows of the list."),
        }
        return [
            {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
            for name, (schema, description) in parameters.items()
        ]

    def _link(self, order: Order, keys: list[Key], *, backwards: bool) -> str:
        """The address of the page beyond the one key given; without a key, of the first page."""
        if not keys:
            return remove_query_param(self.address, "cursor")
        return replace_query_param(self.address, "cursor", _written_cursor(order, keys[0], backwards=backwards))


def _signer() -> Signer:
    # Signed, because a cursor made by hand could hold values that a database refuses with an error.
    return Signer(salt="lib.keyset", sep=".")


def _written_cursor(order: Order, key: Key, *, backwards: bool) -> str:
    # As text, because JSON numbers and Django's JSON dates would cut the value short.
    value = None if key.value is None else str(key.value)
    return _signer().sign_object([order.name, backwards, value, str(key.code)])


def _read_cursor(cursor: str | None, order: Order) -> tuple[Key | None, bool]:
    """The key to go on from, and whether backwards; no key without a cursor."""
    if cursor is None:
        return None, False
    try:
        name, backwards, value, code = _signer().unsign_object(cursor)
        value = None if value is None else order.field.to_python(value)
        key = Key(value, order.code_field.to_python(code))
    except (BadSignature, ValueError, ValidationError):
        message = _("This is not a cursor of this list: please begin again without one.")
        raise exceptions.ValidationError({"cursor": [message]}) from None
    if name != order.name:
        message = _("This cursor belongs to another ordering: please begin again without one.")
        raise exceptions.ValidationError({"cursor": [message]})
    return key, backwards


def asked_page_size(request: Request) -> int:
    """How many rows a page is to have. Raises ValidationError for what is no such number."""
    text = single_value(request, "page_size") or str(DEFAULT_PAGE_SIZE)
    if not re.fullmatch("[0-9]{1,4}", text) or not 1 <= int(text) <= LARGEST_PAGE_SIZE:
        message = _("“%(value)s” is not a page size: please give a number from 1 to 1000.") % {"value": shown(text)}
        raise exceptions.ValidationError({"page_size": [message]})
    return int(text)


def _wants_count(request: Request) -> bool:
    text = single_value(request, "count")
    if text not in {None, "exact"}:
        message = _("“%(value)s” is not one of the values of count: exact.") % {"value": shown(text or "")}
        raise exceptions.ValidationError({"count": [message]})
    return text == "exact"


def single_value(request: Request, parameter: str) -> str | None:
    """The one value of that parameter, None where it is absent or blank. Raises ValidationError for several."""
    values = [value.strip() for value in request.query_params.getlist(parameter) if value.strip()]
    if len(values) > 1:
        message = _("%(parameter)s can be given only once.") % {"parameter": parameter}
        raise exceptions.ValidationError({parameter: [message]})
    return values[0] if values else None
