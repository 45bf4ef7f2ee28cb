"""Sending a spreadsheet of people, seeing what it would do, deciding, and importing it."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from lib.one_writer import wait_for_other_writers
from lib.spreadsheets import read_spreadsheet
from missions.admin.people_forms import PeopleFileForm
from missions.admin.people_preview import preview_of
from missions.models import Assignment, PeopleFile
from missions.people.fields import Field
from missions.people.layout import lay_out
from missions.people.plan import ANOTHER_PERSON, Outcome, Plan, plan_import
from missions.people.refused import refused_sheet
from missions.people.storing import remembered_columns, store
from missions.people.task import Task
from organizations.changes import NotLogged

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest
    from django.urls import URLPattern

KEPT_FOR = timedelta(days=1)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def urls() -> list[URLPattern]:
    """The pages, for the admin of assignments, below whose address they stand."""
    pages: list[tuple[str, Any, str]] = [
        ("people/", send, "missions_people_send"),
        ("people/<uuid:key>/", preview, "missions_people_preview"),
        ("people/<uuid:key>/refused.xlsx", refused, "missions_people_refused"),
    ]
    return [path(route, admin.site.admin_view(view), name=name) for route, view, name in pages]


def check_permission(request: HttpRequest) -> None:
    if not Assignment.may_be_added_by(request.user):
        raise PermissionDenied


def page(request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
    return TemplateResponse(
        request, f"admin/missions/people/{template}", {**admin.site.each_context(request), "title": title, **context}
    )


def plan_of(file: PeopleFile, user: Any) -> Plan:
    """What the file would do now: read anew, for the record may have changed since."""
    task = Task(file.mission, file.deployment, file.source, file.owner, file.role)
    chosen = {int(index): field for index, field in file.columns.items()}
    layout = lay_out(
        read_spreadsheet(file.name, bytes(file.content)), remembered=remembered_columns(file.owner), chosen=chosen
    )
    decisions = {int(row): decision for row, decision in file.decisions.items()}
    return plan_import(layout, task, user=user, decisions=decisions)


def own_file(request: HttpRequest, key: UUID) -> PeopleFile | None:
    """The reader's own file. Anybody else's is not found."""
    files: Any = PeopleFile.objects.visible_to(request.user).select_related(
        "mission__election", "mission__organizer", "deployment__election", "deployment__sender", "source", "owner"
    )
    # What names are made of, or each row that names the party would look for it again.
    files = files.prefetch_related("mission__organizer__names", "deployment__sender__names", "owner__names")
    file: PeopleFile | None = files.filter(code=key).first()
    return file


def gone(request: HttpRequest) -> HttpResponse:
    """The answer where there is no such file: the same for one that is done with as for somebody else's."""
    messages.warning(request, _("This file was imported or cancelled already."))
    return HttpResponseRedirect(reverse("admin:missions_people_send"))


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """The form; by POST, keeps the file and leads to its preview. Files of more than a day ago are deleted."""
    check_permission(request)
    user: Any = request.user
    if request.method == "POST":
        now = timezone.now()
        PeopleFile.objects.untouched_since(now - KEPT_FOR).delete()
        form = PeopleFileForm(request.POST, request.FILES, user=user)
        if form.is_valid():
            given = form.cleaned_data
            file = PeopleFile.objects.create(
                user=user,
                sent_at=now,
                name=given["file"].name,
                content=form.content,
                deployment=form.deployment,
                **{name: given[name] for name in ("mission", "source", "owner", "role")},
            )
            return HttpResponseRedirect(reverse("admin:missions_people_preview", args=[file.code]))
    else:
        asked = {name: request.GET[name] for name in ("mission", "sender", "source", "owner") if name in request.GET}
        form = PeopleFileForm(initial=asked, user=user)
    files = PeopleFile.objects.visible_to(user).defer("content")
    lists = {"waiting": files.waiting(), "imported": files.imported()}
    return page(request, "send.html", _("People from a spreadsheet"), form=form, **lists)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, key: UUID) -> HttpResponse:
    """What the file would do. By POST: chooses columns, decides who is who, cancels or imports."""
    check_permission(request)
    file = own_file(request, key)
    if file is None or file.imported_at:
        return gone(request)
    if request.method != "POST":
        shown = preview_of(plan_of(file, request.user), request.user, request.GET.get("page"))
        return page(request, "preview.html", _("What this spreadsheet would do"), file=file, preview=shown)
    here = HttpResponseRedirect(reverse("admin:missions_people_preview", args=[key]))
    back = HttpResponseRedirect(f"{reverse('admin:missions_people_send')}?mission={file.mission.code}")
    match request.POST.get("do"):
        case "columns":
            choose_columns(file, request)
        case "decide":
            decide(file, request)
        case "cancel":
            file.delete()
            messages.success(request, _("The file was deleted. Nothing was changed."))
            return back
        case "import" if confirm(request, key):
            return back
    return here


def choose_columns(file: PeopleFile, request: HttpRequest) -> None:
    """Keeps what was chosen for each column; what the header says by itself is no choice."""
    remembered = remembered_columns(file.owner)
    layout = lay_out(read_spreadsheet(file.name, bytes(file.content)), remembered=remembered)
    fields = {column.index: request.POST.get(f"column-{column.index}") for column in layout.columns}
    chosen = {index: field for index, field in fields.items() if field in Field.values}
    file.columns = {column.index: chosen[column.index] for column in layout.columns if column.index in chosen}
    file.save(update_fields=["columns"])


def decide(file: PeopleFile, request: HttpRequest) -> None:
    """Keeps what was decided about rows that may be about somebody who is recorded already."""
    plan = plan_of(file, request.user)
    for row in plan.rows:
        decision = request.POST.get(f"row-{row.row.number}", "")
        if decision in {ANOTHER_PERSON, *row.suggested}:
            file.decisions[str(row.row.number)] = decision
    file.save(update_fields=["decisions"])


def confirm(request: HttpRequest, key: UUID) -> bool:
    """Imports what was shown, and deletes the file. Where it would do something else by now, nothing is stored."""
    now = timezone.now()
    try:
        with transaction.atomic():
            # Two clicks are one import: the second waits here, and finds no file that waits. Two files for one mission
            # are imported one after the other: each knows what the other stored.
            wait_for_other_writers()
            waiting = PeopleFile.objects.visible_to(request.user).waiting().filter(code=key).exists()
            file = own_file(request, key) if waiting else None
            if file is None:
                return False
            plan = plan_of(file, request.user)
            if plan.fingerprint() != request.POST.get("fingerprint"):
                messages.warning(
                    request,
                    _("The record has changed since this was shown. Nothing was stored: look again, then import."),
                )
                return False
            if not plan.can_be_stored:
                messages.error(request, _("Nothing was stored: decide first what is asked below."))
                return False
            by: Any = request.user
            store(plan, now=now, by=by, sha256=hashlib.sha256(bytes(file.content)).hexdigest())
            keep_refused_rows(file, plan, now=now)
    except NotLogged:
        messages.error(
            request,
            _("Nothing was stored, because the change could not be logged: tell whoever runs the server."),
        )
        return False
    except IntegrityError:
        messages.error(request, _("Somebody changed the same records at this moment. Nothing was stored: try again."))
        return False
    counts = plan.totals()
    new, changed = counts[Outcome.CREATED], counts[Outcome.CHANGED]
    sentence = ngettext("Imported: %(new)s new place", "Imported: %(new)s new places", new) % {"new": new}
    messages.success(request, _("%(new)s, %(changed)s changed.") % {"new": sentence, "changed": changed})
    if counts[Outcome.REFUSED]:
        sentence = ngettext("%(count)s row was refused.", "%(count)s rows were refused.", counts[Outcome.REFUSED])
        sheet = reverse("admin:missions_people_refused", args=[key])
        link = format_html('<a href="{}">{}</a>', sheet, _("Download the refused rows (XLSX)"))
        messages.warning(request, format_html("{} {}", sentence % {"count": counts[Outcome.REFUSED]}, link))
    return True


def keep_refused_rows(file: PeopleFile, plan: Plan, *, now: datetime) -> None:
    """Of an imported file nothing is needed any more but its refused rows."""
    if not plan.with_outcome(Outcome.REFUSED):
        file.delete()
        return
    file.content, file.columns, file.decisions, file.imported_at = refused_sheet(plan), {}, {}, now
    file.save(update_fields=["content", "columns", "decisions", "imported_at"])


@require_GET
def refused(request: HttpRequest, key: UUID) -> HttpResponse:
    """The refused rows as a workbook, to be mended and sent again."""
    check_permission(request)
    file = own_file(request, key)
    if file is None:
        return gone(request)
    return HttpResponse(
        bytes(file.content) if file.imported_at else refused_sheet(plan_of(file, request.user)),
        headers={"Content-Type": XLSX, "Content-Disposition": 'attachment; filename="refused-rows.xlsx"'},
    )
