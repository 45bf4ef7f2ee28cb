"""The rows of a whole list, for a file of it: how many they are is known before the first of them is read."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from django.utils import translation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from organizations.api import RecordSerializer

KEYS_AT_A_TIME = 10_000
ROWS_AT_A_TIME = 500


class WholeList:
    """The rows of a list in its order, in the language in which they were asked for.

    Only their keys are read at once, of eight bytes each; the rows follow some hundreds at a time, by a query for
    each time. So whoever reads slowly keeps no transaction and no cursor open. A row that is gone, hidden or none of
    the list any more when its turn comes is left out.
    """

    def __init__(self, queryset: QuerySet[Any], serializer: RecordSerializer) -> None:
        keys = queryset.prefetch_related(None).values_list("pk", flat=True)
        self.keys = array("q", keys.iterator(chunk_size=KEYS_AT_A_TIME))
        self.queryset, self.serializer = queryset.order_by(), serializer
        self.language = translation.get_language()

    def __len__(self) -> int:
        return len(self.keys)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for start in range(0, len(self.keys), ROWS_AT_A_TIME):
            yield from self.rows(self.keys[start : start + ROWS_AT_A_TIME])

    def rows(self, keys: array[int]) -> list[dict[str, Any]]:
        # A file is written after the answer has begun, when its language is no longer the active one.
        with translation.override(self.language):
            found = self.queryset.in_bulk(keys)
            return [self.serializer.to_representation(found[key]) for key in keys if key in found]
