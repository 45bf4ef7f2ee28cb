"""Asking that a person is erased, and confirming it: two persons, each on a page of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from lib.text import words
from missions.erasure import (
    ErasureRefused,
    ask_erasure,
    erase_person,
    may_ask,
    overwrite_what_was_erased,
    why_not_asked,
    why_not_confirmed,
    why_not_withdrawn,
    withdraw_erasure,
)
from missions.held import Held
from missions.held_as_json import everything_held, log_handing_over
from missions.merge_plan import in_words, said
from observers.models import Erasure, Observer
from organizations.admin.base import RecordAdmin
from organizations.admin.lists import ListAdmin
from organizations.policy import PERSONAL_FIELDS, is_data_protection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.urls import URLPattern

    from organizations.models import Record

ERASURES = "admin:observers_erasure_changelist"
PERSON = "admin:observers_observer_change"


def address_of_request(erasure: Erasure) -> str:
    return reverse("admin:observers_erasure_request", args=[erasure.pk])


class ReasonForm(forms.ModelForm):
    """Why somebody asks for it. It stays when the person is erased, so it does not name the person."""

    def __init__(self, *args: Any, person: Observer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["reason"].widget.attrs = {"rows": 3, "class": "vLargeTextField"}

    class Meta:
        model = Erasure
        fields = ("reason",)

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        found = set(words(reason))
        if any(found & set(words(name)) for name in Held(self.person).family_names()):
            raise forms.ValidationError(gettext("Leave the name out: the reason stays when the person is erased."))
        return reason


class ErasingPersons(RecordAdmin):
    """The part of the observers' admin that tells all that is held of a person, and asks that it is erased."""

    def get_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, Any, str]] = [
            ("<int:key>/erase/", self.ask_view, "observers_observer_erase"),
            ("<int:key>/held/", self.held_view, "observers_observer_held"),
        ]
        own = [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in pages]
        return [*own, *super().get_urls()]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is written any more about a person who was erased."""
        return super().has_change_permission(request, obj) and not (obj and obj.is_erased)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        person: Any = kwargs.get("obj")
        if person:
            asked = person.erasures.visible_to(request.user).first()
            context |= {
                "erasure": address_of_request(asked) if asked else "",
                "may_ask": not why_not_asked(person, request.user),
                "may_be_told": is_data_protection(request.user),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def person(self, request: HttpRequest, key: int) -> Observer:
        """Somebody whom the user may open here; anybody else does not exist."""
        person: Observer = get_object_or_404(self.get_queryset(request), pk=key)
        return person

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def ask_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """The form; by POST, the request that the person is erased."""
        person = self.person(request, key)
        if not may_ask(request.user, person):
            raise PermissionDenied
        if refusal := why_not_asked(person, request.user):
            return self.back(request, person, refusal)
        form = ReasonForm(request.POST if request.method == "POST" else None, person=person)
        if form.is_valid():
            by: Any = request.user
            try:
                erasure = ask_erasure(observer=person, by=by, reason=form.cleaned_data["reason"], now=timezone.now())
            except ErasureRefused as refused:
                return self.back(request, person, refused.sentence)
            messages.success(request, gettext("It is asked for. Somebody else, of data protection, confirms it."))
            return HttpResponseRedirect(address_of_request(erasure))
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Ask that a person is erased"),
            "opts": self.opts,
            "person": person,
            "form": form,
        }
        return TemplateResponse(request, "admin/observers/observer/erase.html", context)

    def back(self, request: HttpRequest, person: Observer, sentence: str) -> HttpResponse:
        messages.error(request, sentence)
        return HttpResponseRedirect(reverse(PERSON, args=[person.pk]))

    @method_decorator(require_GET)
    def held_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """All that is held of the person, for data protection to hand over."""
        if not is_data_protection(request.user):
            raise Http404
        person = self.person(request, key)
        with transaction.atomic():
            text = json.dumps(everything_held(person, asked=person.code), ensure_ascii=False, indent=2)
            log_handing_over(person, by=request.user, now=timezone.now())
        headers = {
            "Content-Disposition": f'attachment; filename="person-{person.code}.json"',
            "Cache-Control": "no-store",
        }
        return HttpResponse(f"{text}\n", content_type="application/json; charset=utf-8", headers=headers)


class Told(NamedTuple):
    """A record with what its personal columns say."""

    record: str
    columns: list[tuple[str, str]]


def told(record: Record) -> Told:
    """The personal columns of a record that say anything, in words."""
    values = [(capfirst(label_of(record, name)), said(record, name)) for name in PERSONAL_FIELDS[record.dataset_file]]
    return Told(in_words(record), [(label, value) for label, value in values if value])


def label_of(record: Record, name: str) -> str:
    return str(record._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


class FreeText(NamedTuple):
    """Where the name stands and stays. `address` leads to the record's page, where it has one."""

    record: str
    column: str
    address: str


def free_texts(held: Held) -> Iterator[FreeText]:
    """The records are named by kind and code: what they say may be for their keepers alone."""
    for record, column in held.texts():
        address = record.get_absolute_url() if hasattr(record, "get_absolute_url") else ""
        kind = capfirst(str(record._meta.verbose_name))
        yield FreeText(f"{kind} {record.code}", label_of(record, column), address)


@admin.register(Erasure)
class ErasureAdmin(ListAdmin):
    """Who was or is to be erased: asked by whom and when, confirmed by whom and when."""

    heading = _("Erasures of persons")
    list_display = ("person", "asked_at", "asked_by", "confirmed_at", "confirmed_by", "state")
    list_select_related = ("observer", "asked_by", "confirmed_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Erasure]:
        erasures: Any = super().get_queryset(request)
        seen: QuerySet[Erasure] = erasures.visible_to(request.user)
        return seen

    @admin.display(description=_("person"))
    def person(self, erasure: Erasure) -> str:
        address = reverse(PERSON, args=[erasure.observer_id])
        return format_html('<a href="{}">{}</a> ({})', address, erasure.observer, erasure.observer.code)

    @admin.display(description="")
    def state(self, erasure: Erasure) -> str:
        words = _("Erased") if erasure.confirmed_at else _("Waits for somebody to confirm it")
        return format_html('<a href="{}">{}</a>', address_of_request(erasure), words)

    def is_open_to(self, user: Any) -> bool:
        return bool(Observer.is_open_to(user))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.request_view)
        return [path("<int:key>/", view, name="observers_erasure_request"), *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def request_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """What was asked, and what erasing would take away; by POST, confirms or withdraws it."""
        erasure = get_object_or_404(self.get_queryset(request).select_related("observer", "asked_by"), pk=key)
        act = request.POST.get("do")
        if act not in {"confirm", "withdraw"}:
            return self.request_page(request, erasure)
        by: Any = request.user
        try:
            if act == "withdraw":
                withdraw_erasure(erasure=erasure, by=by, now=timezone.now())
                messages.success(request, gettext("The request is withdrawn. Nothing was erased."))
                return HttpResponseRedirect(reverse(PERSON, args=[erasure.observer_id]))
            left_to_do = self.erase(erasure, by)
        except ErasureRefused as refused:
            return self.request_page(request, erasure, refusal=refused.sentence)
        if not request.session.exists(str(request.session.session_key)):
            # A value of the person stood in it, and it was deleted with that.
            request.session.flush()
        if left_to_do:
            messages.warning(request, left_to_do)
        else:
            messages.success(request, gettext("The person is erased."))
        return HttpResponseRedirect(address_of_request(erasure))

    def erase(self, erasure: Erasure, by: Any) -> str:
        """Erases the person, and answers what is left to do."""
        left_to_do: list[str] = []
        with transaction.atomic():
            erase_person(erasure=erasure, by=by, now=timezone.now())
            transaction.on_commit(lambda: left_to_do.append(overwrite_what_was_erased()))
        return "".join(left_to_do)

    def request_page(self, request: HttpRequest, erasure: Erasure, refusal: str = "") -> HttpResponse:
        """The page; what is held stands there for data protection, who sees all of it anyway."""
        user = request.user
        refusals = {"confirm": why_not_confirmed(erasure, user), "withdraw": why_not_withdrawn(erasure, user)}
        held = Held(erasure.observer)
        is_shown = is_data_protection(user) and not erasure.confirmed_at
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Erase a person"),
            "opts": self.opts,
            "erasure": erasure,
            "refusal": refusal,
            "why_not": refusals,
            "held": self.what_goes(held) if is_shown else None,
        }
        return TemplateResponse(
            request, "admin/observers/erasure/request.html", context, status=403 if refusal else 200
        )

    def what_goes(self, held: Held) -> dict[str, Any]:
        return {
            "person": told(held.person),
            "names": held.names,
            "places": [told(place) for place in held.places],
            "statements": held.statements,
            "merges": [merge for merge in held.merges if merge.snapshot],
            "logged": len(held.logged) + held.logged_with_others().count(),
            "files": held.people_files(),
            "copies": held.copies(),
            "copies_to_look_at": held.copies_to_look_at(),
            "releases": held.releases(),
            "saved_views": held.saved_views(),
            "sessions": len(held.sessions()),
            "texts": list(free_texts(held)),
            "acts": held.acts_with_the_name(),
        }
