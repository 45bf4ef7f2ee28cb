"""No edit is lost: a form is saved only onto what it was read from.

A form carries what its boxes said when it was opened. Where somebody else has changed that meanwhile nothing is stored,
and the page shows each such box as it was opened, as it is now and as it was typed. Nobody else writes between the
comparing and the saving.
"""

from __future__ import annotations

import hashlib
import json
from copy import copy
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core import signing
from django.db import transaction
from django.forms.formsets import all_valid
from django.http import QueryDict
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lib.one_writer import wait_for_other_writers
from organizations.admin.differences import CHOICE, MINE, Meanwhile, snapshot
from organizations.admin.logging import LoggedAdmin
from organizations.changes import told_stored
from organizations.models import ChangedRecord

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

    from organizations.admin.differences import Snapshot

# What the form was read from; and, on the page of two versions, what that page shows as the one of now.
VERSION = "_version"
SEEN = "_seen"
# The button that saves one's own version on top of the other.
MERGE = "_merge"
SALT = "organizations.admin.versions"


class CheckedAdmin(LoggedAdmin):
    """A form, its rows below and a deletion are carried out only on what the user has seen."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            wait_for_other_writers()
            answer = self.of_two_versions(request, object_id) if object_id else None
            return answer or super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj: Any = kwargs.get("obj")
        if obj and obj.pk:
            form = context["adminform"].form
            formsets = [rows.formset for rows in context["inline_admin_formsets"]]
            context["version"] = (
                request.POST.get(VERSION, "") if form.is_bound else self.sealed(snapshot(form, formsets), str(obj.pk))
            )
        return super().render_change_form(request, context, *args, **kwargs)

    def of_two_versions(self, request: HttpRequest, object_id: str) -> HttpResponse | None:
        """The page that shows both versions; None where the form may be saved as it was sent."""
        opened = self.unsealed(request.POST.get(VERSION, ""), unquote(object_id))
        obj = self.locked(request, object_id)
        if obj is None:
            return self.page_of_what_is_gone(request) if opened is not None else None
        if not self.has_change_permission(request, obj):
            return None
        reading = copy(request)
        reading.method = "GET"
        now = self.forms_of(reading, obj)
        said_now = snapshot(*now)
        if opened == said_now:
            return None
        # A second copy of the record: the first one stays as it is stored.
        typed = self.forms_of(request, self.get_object(request, unquote(object_id)))
        is_valid = all([typed[0].is_valid(), all_valid(typed[1])])
        meanwhile = Meanwhile(opened or {}, now, typed, request.user)
        if not meanwhile.changed or not (is_valid or meanwhile.gone):
            return None
        if MERGE in request.POST and self.unsealed(request.POST.get(SEEN, ""), str(obj.pk)) == said_now:
            data = request.POST.copy()
            meanwhile.merge_into(data, {name for name in data if name.startswith(CHOICE) and data[name] == MINE})
            data[VERSION] = self.sealed(said_now, str(obj.pk))
            request.POST = data  # type: ignore[assignment]
            return None
        return self.page_of_two_versions(request, obj, meanwhile, said_now)

    def locked(self, request: HttpRequest, object_id: str) -> Any:
        """The record as it is stored, which nobody else changes until this transaction ends."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return None
        list(self.model._default_manager.select_for_update().filter(pk=obj.pk).values_list("pk"))
        return self.get_object(request, unquote(object_id))

    def forms_of(self, request: HttpRequest, obj: Any) -> tuple[Any, list[Any]]:
        """The form of the record and the rows below it: as stored, or as sent."""
        fields = flatten_fieldsets(self.get_fieldsets(request, obj))
        form_class = self.get_form(request, obj, change=obj is not None, fields=fields)
        sent: dict[str, Any] = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
        form = form_class(**sent, instance=obj)
        formsets, _inlines = self._create_formsets(request, form.instance, change=obj is not None)  # type: ignore[attr-defined]
        return form, formsets

    def sealed(self, said: Snapshot, key: str) -> str:
        return signing.dumps(said, salt=f"{SALT} {self.opts.label_lower} {key}", compress=True)

    def unsealed(self, text: str, key: str) -> Snapshot | None:
        """What the form was read from; None where it does not say."""
        try:
            said: Snapshot = signing.loads(text, salt=f"{SALT} {self.opts.label_lower} {key}")
        except signing.BadSignature:
            return None
        return said

    # The pages

    def page_of_two_versions(
        self, request: HttpRequest, obj: Any, meanwhile: Meanwhile, said_now: Snapshot
    ) -> HttpResponse:
        context = {
            "title": _("Two versions: nothing is stored yet"),
            "sentence": who_and_when(request, meanwhile.changed),
            "original": obj,
            "parts": meanwhile.parts(),
            "conflicts": meanwhile.number_of_conflicts(),
            "seen": self.sealed(said_now, str(obj.pk)),
            "typed": [
                (name, value)
                for name, values in request.POST.lists()
                for value in values
                if name not in {"csrfmiddlewaretoken", MERGE, SEEN} and not name.startswith(CHOICE)
            ],
        }
        return self.page(request, context)

    def page_of_what_is_gone(self, request: HttpRequest) -> HttpResponse:
        """What was typed about a record that is gone, or not the user's any more, to be read off."""
        typed = self.forms_of(request, None)
        typed[0].is_valid()
        all_valid(typed[1])
        nothing: tuple[Any, list[Any]] = (None, [])
        context = {
            "title": _("Nothing is stored: the record is gone"),
            "sentence": _(
                "Somebody else deleted this record while you had it open, or you may not change it any more."
            ),
            "parts": Meanwhile({}, nothing, typed, request.user).parts(),
            "is_gone": True,
        }
        return self.page(request, context)

    def page(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        context |= {"opts": self.opts, "files": bool(request.FILES), "is_popup": "_popup" in request.POST}
        context |= self.admin_site.each_context(request)
        return TemplateResponse(request, "admin/two_versions.html", context, status=409)

    # Deleting

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        with transaction.atomic():
            is_sent = request.method == "POST"
            if is_sent:
                wait_for_other_writers()
            obj = self.locked(request, object_id) if is_sent else self.get_object(request, unquote(object_id))
            version = self.fingerprint(obj) if obj else ""
            if is_sent and obj and request.POST.get(VERSION) != version and self.has_delete_permission(request, obj):
                messages.error(request, who_and_when(request, [(obj.resource(), obj.code)]))
                messages.error(request, _("Nothing was deleted. Look at the record again first."))
                # As if the page were only now opened.
                request.method, request.POST = "GET", QueryDict()
            return super().delete_view(request, object_id, {**(extra_context or {}), "version": version})

    def fingerprint(self, obj: Any) -> str:
        """Tells one version of a record, with the parts that go with it, from any other."""
        told = told_stored(type(obj), [obj.pk])
        said = [one.values for one in told.values()]
        for name in getattr(self, "own_parts", ()):
            keys = getattr(obj, name).order_by("pk").values_list("pk", flat=True)
            parts = told_stored(getattr(obj, name).model, keys)
            said += [parts[key].values for key in keys]
        return fingerprint_of(said)


def fingerprint_of(said: list[Any]) -> str:
    """Tells what was said from anything else that is said, and not what it was."""
    secret = signing.Signer(salt=SALT)
    return secret.signature(hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest())


def who_and_when(request: HttpRequest, changed: Iterable[tuple[str, str]]) -> str:
    """Who changed these records last, given by kind and code, as far as the user may read it."""
    rows = ChangedRecord.objects.visible_to(request.user).select_related("change__by")
    last = max(
        (row for resource, code in changed if (row := rows.of(resource, code).order_by("-pk").first())),
        key=lambda row: row.pk,
        default=None,
    )
    if last is None:
        return _("Somebody else changed this record while you had it open.")
    told = {
        "who": last.change.by or _("whoever runs the server"),
        "when": date_format(last.change.at, "DATETIME_FORMAT"),
    }
    if last.change.by == request.user:
        return _("You changed this record elsewhere while you had it open here: %(when)s UTC.") % told
    return _("Somebody else changed this record while you had it open: %(who)s, %(when)s UTC.") % told
