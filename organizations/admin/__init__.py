"""Data entry for organizations, sources, regions and accounts."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from organizations.admin import accounts, changes, records

__all__ = ["accounts", "changes", "records"]

admin.site.site_header = _("Election observation mission tracker")
admin.site.site_title = _("Election observation mission tracker")
admin.site.index_title = _("Data entry")
