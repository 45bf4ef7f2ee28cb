"""Rules that refuse a record, each a function that answers the boxes at fault with one sentence.

A rule returns `{field: sentence}`, empty where the record is fine; `refuse` raises them together. Forms, serializers
and the bulk import all reach them through a model's `clean`, so that each door refuses with the same words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.db.models import Model
    from django_stubs_ext import StrOrPromise

    Refusal = dict[str, StrOrPromise]


def refuse(*found: Refusal) -> None:
    """Raises one ValidationError with every refusal found; the first sentence of a field stands."""
    errors: Refusal = {}
    for refusal in found:
        errors = {**refusal, **errors}
    if errors:
        raise ValidationError(dict(errors))


def end_before_start(record: Model, start_field: str, end_field: str) -> Refusal:
    """An end before its start is refused; either may be blank."""
    start, end = getattr(record, start_field), getattr(record, end_field)
    if start and end and end < start:
        return {end_field: _("The end, %(end)s, is before the start, %(start)s.") % {"end": end, "start": start}}
    return {}


def part_of_itself(record: Model, parent_field: str) -> Refusal:
    """A circle is refused: a record that is part of itself, directly or through others."""
    met = [record]
    above: Any = getattr(record, parent_field)
    while above is not None:
        if above in met:
            return {parent_field: _("This would make it a part of itself, directly or through others.")}
        met.append(above)
        above = getattr(above, parent_field)
    return {}
