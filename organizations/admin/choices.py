"""The choices that boxes offer while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied

from organizations.admin.base import choices, relations
from organizations.policy import may_enter_data

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class VisibleChoices(AutocompleteJsonView):
    """Offers what the form takes: the records to which this user may point by this field, whoever keeps them."""

    def process_request(self, request: HttpRequest) -> Any:
        term, model_admin, source_field, to_field_name = super().process_request(request)
        model = source_field.model
        is_box = hasattr(model, "choices_of") and source_field.name in relations(model)
        # Accounts are never chosen in a box: their list is no list of records.
        if not is_box or not hasattr(model_admin, "brought_along"):
            raise PermissionDenied
        return term, model_admin, source_field, to_field_name

    def has_perm(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_enter_data(request.user)

    def get_queryset(self) -> QuerySet[Any]:
        rows = choices(self.admin_site, self.source_field, self.request)
        found: QuerySet[Any]
        found, _has_duplicates = self.model_admin.get_search_results(self.request, rows, self.term)
        ordering = self.model_admin.get_ordering(self.request)
        return found.order_by(*ordering) if ordering else found
