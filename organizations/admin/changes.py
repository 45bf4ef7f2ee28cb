"""The log of changes as a list: read, searched by code, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organizations.admin.lists import ListAdmin
from organizations.history import entries, kind_in_words
from organizations.models import Change, ChangedRecord, User
from organizations.models.changes import ACCOUNTS, record_kinds
from organizations.policy import may_enter_data

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class LogFilter(admin.SimpleListFilter):
    """A filter of the log; what it was not offered it does not ask for."""

    path = ""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        offered = {str(value) for value, _label in self.lookup_choices}
        return queryset.filter(**{self.path: self.value()}) if self.value() in offered else queryset


class DoorFilter(LogFilter):
    title = _("door")
    parameter_name = "door"
    path = "change__door"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Change.Door.choices)


class ActionFilter(LogFilter):
    title = _("what was done")
    parameter_name = "action"
    path = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(ChangedRecord.Action.choices)


class KindFilter(LogFilter):
    title = _("kind of record")
    parameter_name = "resource"
    path = "resource"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        kinds: dict[str, Any] = {ACCOUNTS: None, **record_kinds()}
        return sorted(
            ((resource, kind_in_words(model, resource)) for resource, model in kinds.items()), key=lambda kind: kind[1]
        )


class WhoFilter(LogFilter):
    """Those of whom the reader sees an act."""

    title = _("who")
    parameter_name = "by"
    path = "change__by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        seen = ChangedRecord.objects.visible_to(request.user).filter(change__by=OuterRef("pk"))
        people = User.objects.filter(Exists(seen)).order_by("username")
        return [(str(pk), name) for pk, name in people.values_list("pk", "username")]


class YearFilter(LogFilter):
    """Those in which the reader sees an act."""

    title = _("year")
    parameter_name = "year"
    path = "change__at__year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        seen = ChangedRecord.objects.visible_to(request.user).filter(change=OuterRef("pk"))
        years = Change.objects.filter(Exists(seen)).order_by().datetimes("at", "year", order="DESC")
        return [(str(moment.year), str(moment.year)) for moment in years]


class ActFilter(LogFilter):
    """One act, where the address names it: all that one import or one form has touched."""

    title = _("act")
    parameter_name = "change"
    path = "change"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        asked = request.GET.get(self.parameter_name, "")
        # No more digits than a key has.
        return [(asked, gettext("this one"))] if asked.isdecimal() and len(asked) < 19 else []


class LogPage(ChangeList):
    """A page of the list, put in words for its reader all at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        for row, entry in zip(rows, entries(rows, request.user), strict=True):
            row.entry = entry
        self.result_list = rows


@admin.register(ChangedRecord)
class ChangedRecordAdmin(ListAdmin):
    """What was changed, when, by whom and by which door: each reader's part of the log."""

    heading = _("The log of changes")
    list_display = ("at", "by", "door", "kind", "record", "done", "columns", "files")
    list_filter = (DoorFilter, ActionFilter, KindFilter, WhoFilter, YearFilter, ActFilter)
    # Django asks for search fields before it shows a search box; `get_search_results` does the work.
    search_fields = ("code",)
    search_help_text = _("The whole code of a record.")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChangedRecord]:
        return ChangedRecord.objects.visible_to(request.user).with_all_shown()

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[QuerySet[Any], bool]:
        return queryset.filter(code=search_term.strip()) if search_term.strip() else queryset, False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the list's own filters send."""
        return lookup in {each.parameter_name for each in self.list_filter}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LogPage

    def is_open_to(self, user: Any) -> bool:
        return may_enter_data(user)

    # What the list shows

    @admin.display(description=_("when (UTC)"))
    def at(self, row: Any) -> str:
        return f"{row.entry.at:%Y-%m-%d %H:%M}"

    @admin.display(description=_("who"))
    def by(self, row: Any) -> str:
        return str(row.entry.by)

    @admin.display(description=_("door"))
    def door(self, row: Any) -> str:
        """Leads to all that the act has touched."""
        address = f"{reverse('admin:organizations_changedrecord_changelist')}?change={row.entry.change}"
        return format_html('<a href="{}">{}</a>', address, row.entry.door)

    @admin.display(description=_("kind of record"))
    def kind(self, row: Any) -> str:
        return str(row.entry.kind)

    @admin.display(description=_("record"))
    def record(self, row: Any) -> str:
        """Leads to all that became of the record."""
        return format_html('<a href="{}">{}</a>', address_of_record(row.resource, row.code), row.code)

    @admin.display(description=_("what was done"))
    def done(self, row: Any) -> str:
        return str(row.entry.action)

    @admin.display(description=_("what was before → what is now"))
    def columns(self, row: Any) -> str:
        lines = [(one.label, one.instead or f"{one.before or '–'} → {one.after or '–'}") for one in row.entry.columns]
        return format_html_join("", '<div class="changed-column">{}: {}</div>', lines)

    @admin.display(description=_("files"))
    def files(self, row: Any) -> str:
        return format_html_join("", '<div class="file-hash">{}</div>', [[file] for file in row.entry.files])


def address_of_record(resource: str, code: str) -> str:
    """The part of the log that is about one record."""
    return f"{reverse('admin:organizations_changedrecord_changelist')}?resource={resource}&q={code}"
