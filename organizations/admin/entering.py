"""The page on which somebody says from which source they are entering, or that they have stopped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lib.way_back import way_back
from organizations.entering import enter_from, entering_from, may_enter, stop_entering
from organizations.models import Source
from organizations.models.records import code_format

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def entering(request: HttpRequest) -> HttpResponse:
    """Finds a source by words; by POST, begins to enter from the source of that code, or without one stops."""
    if not may_enter(request.user):
        raise PermissionDenied
    if request.method == "POST":
        return change(request)
    words = request.GET.get("q", "").strip()
    sources = Source.objects.visible_to(request.user)
    # Without words: those last worked on.
    found = sources.search(words, request.user) if words else sources.order_by("-modified_at", "code")
    context = {
        **admin.site.each_context(request),
        "title": _("Enter from which source?"),
        "words": words,
        "found": found[:SHOWN],
        "number": found.count() if words else None,
        "next": way_back(request, request.GET.get("next", ""), otherwise=reverse("admin:index")),
    }
    return TemplateResponse(request, "admin/entering/choose.html", context)


def change(request: HttpRequest) -> HttpResponse:
    code = request.POST.get("source", "")
    if code:
        # PostgreSQL refuses even to look for some of what is no code.
        is_code = re.match(code_format.regex, code)
        source = Source.objects.visible_to(request.user).filter(code=code).first() if is_code else None
        if source is None:
            raise Http404
        enter_from(request, source)
    elif entering_from(request):
        stop_entering(request)
        messages.success(request, _("New records take no source of themselves any more."))
    return HttpResponseRedirect(way_back(request, request.POST.get("next", ""), otherwise=reverse("admin:index")))
