"""Lists of the admin that are read: what is done with their rows has pages of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise


class ListAdmin(admin.ModelAdmin):
    """The list alone. A row's own form is open to nobody: it would show all columns, to be changed."""

    heading: StrOrPromise = ""
    list_display_links = None
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def is_open_to(self, user: Any) -> bool:
        """Whether the user may read the list: nobody, where a list does not say who."""
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """No question but the list itself: any lookup would answer questions about hidden values."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": self.heading, **(extra_context or {})})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.is_open_to(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and self.is_open_to(request.user)
