"""A copy of a source, handed over as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from organizations.models import SourceCopy

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_GET
def source_copy(request: HttpRequest, code: str, sha256: str) -> HttpResponse:
    """The file as it was stored, for whoever may open it. It may hold scripts: no browser shows it as our page."""
    copy = get_object_or_404(SourceCopy.objects.visible_to(request.user), source__code=code, sha256=sha256)
    headers = {
        "Content-Type": copy.media_type,
        "Content-Disposition": f'attachment; filename="{copy.name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HttpResponse(bytes(copy.content), headers=headers)
