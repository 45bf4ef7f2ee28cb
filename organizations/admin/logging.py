"""What the admin writes into the log of changes, and how it shows it: Django's own history is neither kept nor read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models.deletion import Collector
from django.forms.models import _get_foreign_key  # the admin's own way from the rows below a record to it
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext

from lib.one_writer import wait_for_other_writers
from organizations.changes import Watched, log_change
from organizations.history import entries
from organizations.models import Change, ChangedRecord, Record, StaffRole, User
from organizations.models.changes import ACCOUNTS
from organizations.resting import NothingRests
from organizations.undo import tag_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model
    from django.http import HttpRequest, HttpResponse

    from organizations.resting import Resting

ON_A_PAGE = 50


class LoggedAdmin(admin.ModelAdmin):
    """One form that is saved is one entry of the log: the record and each row below it that was changed by it.

    Written in the transaction of the form, after everything else: where it cannot be written, nothing is stored.
    """

    door: ClassVar[str] = Change.Door.ADMIN
    resting: ClassVar[type[Resting]] = NothingRests

    # What is written

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        form.watched, form.resting = Watched(), self.resting()
        if change:
            # Nobody else changes the record between what it said before and what it says now.
            list(self.model._default_manager.select_for_update().filter(pk=obj.pk).values_list("pk"))
            form.watched.look_at(self.model, [obj.pk])
            for model, keys in self.rows_below(request, obj):
                form.watched.look_at(model, keys)
            # A record that moves elsewhere, or is public no more, changes what it leaves as well.
            form.resting.look_at(self.model._default_manager.filter(pk=obj.pk))
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        form.watched.made(self.model, [form.instance.pk])
        for model, keys in self.rows_below(request, form.instance):
            form.watched.made(model, keys)
        form.resting.look_at([form.instance, *rows_saved(formsets)])
        request.logged = self.log(request, form.watched, form.resting)  # type: ignore[attr-defined]  # for the message

    def rows_below(self, request: HttpRequest, obj: Any) -> Iterator[tuple[type[Model], list[int]]]:
        """The kinds and the keys of the rows that stand below the record in its form."""
        for inline in self.get_inline_instances(request, obj):
            if issubclass(inline.model, Record):
                column = _get_foreign_key(self.model, inline.model, fk_name=inline.fk_name).name
                rows = inline.model._default_manager.filter(**{column: obj.pk})
                yield inline.model, list(rows.order_by("pk").values_list("pk", flat=True))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        watched, resting = Watched(), self.resting()
        for model, keys in what_goes_with(obj):
            watched.look_at(model, keys)
        resting.look_at([obj])
        super().delete_model(request, obj)
        request.logged = self.log(request, watched, resting)  # type: ignore[attr-defined]

    def log(self, request: HttpRequest, watched: Watched, resting: Resting | None = None) -> Change | None:
        now, records = timezone.now(), watched.changes()
        return log_change(by=request.user, door=self.door, at=now, records=records, resting=resting)

    def message_user(
        self,
        request: HttpRequest,
        message: Any,
        level: int | str = messages.INFO,
        extra_tags: str = "",
        fail_silently: bool = False,  # noqa: FBT001, FBT002 (Django's)
    ) -> None:
        """What is told of a save bears the button that undoes it."""
        change = getattr(request, "logged", None)
        if level == messages.SUCCESS and change:
            extra_tags = tag_of(change)
        super().message_user(request, message, level, extra_tags, fail_silently)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """Django's own history would keep names of persons."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """Django's own history would keep names of persons."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:  # type: ignore[override]
        """Django's own history would keep names of persons."""

    # What is shown

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What became of the record, as far as the reader may see it, the latest first."""
        # Before the record is looked for: whoever may not read any must not learn which there are.
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        obj: Any = self.get_object(request, object_id)
        if obj is None or not self.has_view_or_change_permission(request, obj):
            raise Http404
        resource, code = (obj.resource(), obj.code) if isinstance(obj, Record) else (ACCOUNTS, str(obj.pk))
        rows = ChangedRecord.objects.visible_to(request.user).of(resource, code)
        page = Paginator(rows.with_all_shown(), ON_A_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("History of %(record)s") % {"record": obj},
            "entries": entries(page.object_list, request.user),
            "page": page,
            "object": obj,
            "opts": self.opts,
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)


class LoggedAccounts(LoggedAdmin):
    """The same for accounts, with the roles of each; of a password the log tells that it was changed, no more."""

    door = Change.Door.ACCOUNT

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """The page on which an administrator gives somebody a new password: saved and logged, or neither."""
        if request.method != "POST":
            return super().user_change_password(request, id, form_url)  # type: ignore[misc,no-any-return]
        with transaction.atomic():
            wait_for_other_writers()
            watched = Watched()
            if id.isdecimal():
                watched.look_at(User, [int(id)])
            answer: HttpResponse = super().user_change_password(request, id, form_url)  # type: ignore[misc]
            self.log(request, watched)
        return answer


def rows_saved(formsets: Any) -> list[Any]:
    """The rows below a record that were changed or added."""
    changed = [row for formset in formsets for row, _fields in formset.changed_objects]
    return [*changed, *(row for formset in formsets for row in formset.new_objects)]


def what_goes_with(obj: Model) -> Iterator[tuple[type[Model], list[int]]]:
    """The records that go when this one is deleted, and those that lose something by it, by kind and key."""
    collector = Collector(using="default", origin=obj)
    # Each row by itself: those that are deleted by one statement would not be told.
    collector.can_fast_delete = lambda *_args, **_kwargs: False  # type: ignore[method-assign]
    collector.collect([obj])
    for model, found in collector.data.items():
        rows: Any = found
        if issubclass(model, Record | User):
            yield model, [row.pk for row in rows]
        elif model is StaffRole:
            yield User, [row.user_id for row in rows]
        elif model._meta.auto_created:
            # A link between two records: the one whose column it is says something else without it.
            owner: Any = model._meta.auto_created
            yield owner, [getattr(row, link_to(owner, model)) for row in rows]


def link_to(owner: Any, through: Any) -> str:
    """The column by which a table of links points to the record whose column of several values it holds."""
    [name] = [one.m2m_field_name() for one in owner._meta.many_to_many if one.remote_field.through is through]
    return f"{name}_id"
