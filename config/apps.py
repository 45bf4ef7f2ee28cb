"""The admin as the tracker uses it."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class TrackerAdminConfig(AdminConfig):
    """Django's admin, entered by the tracker's own sign-in."""

    default_site = "organizations.admin_site.TrackerAdminSite"
