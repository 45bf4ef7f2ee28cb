"""Accounts, and what each may do for which organization."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin

from organizations.models import StaffRole, User


class StaffRoleRows(admin.TabularInline):
    model = StaffRole
    fields = ("organization", "role")
    autocomplete_fields = ("organization",)
    extra = 0


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Accounts, and what each may do for which organization."""

    inlines = (StaffRoleRows,)
    actions = None
    show_full_result_count = False
