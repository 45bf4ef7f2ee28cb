"""The button beside a message that undoes what was just saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from missions.undo import undo_entry
from organizations.models.changes import record_kinds
from organizations.undo import UndoRefused, act_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from organizations.models import Change


@require_POST
def undo_act(request: HttpRequest) -> HttpResponse:
    """Undoes the act, or says why not; leads to where the record is, or the list in which it was."""
    change, by = act_of(request.POST.get("act", "")), request.user
    # Of another's act not even that there is one.
    if change is None or change.by_id != by.pk:
        messages.error(request, _("There is nothing to undo: the button is of yesterday or of another account."))
        return HttpResponseRedirect(reverse("admin:index"))
    try:
        undo_entry(change, by=by, now=timezone.now())  # type: ignore[arg-type]  # signed in, as the admin asks
    except UndoRefused as refused:
        for sentence in (_("Nothing was undone."), *refused.sentences):
            messages.error(request, sentence)
    else:
        messages.success(request, _("Undone: everything says what it said before."))
    return HttpResponseRedirect(place_of(change, request))


def place_of(change: Change, request: HttpRequest) -> str:
    """The form of the first record of the act that has one in the admin, else the list of such records."""
    lists = []
    for row in change.records.order_by("pk"):
        model: Any = record_kinds().get(row.resource)
        if model in admin.site._registry:  # noqa: SLF001 (Django offers no other way)
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            record = model.objects.private_to(request.user).filter(code=row.code).first()
            if record:
                return reverse(f"{name}_change", args=[record.pk])
            lists.append(reverse(f"{name}_changelist"))
    return lists[0] if lists else reverse("admin:index")
