"""Answers are sent compressed to whoever takes them so, where that makes them shorter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.middleware.gzip import GZipMiddleware

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

# Workbooks, zip files, images and PDFs are compressed already: they stay as they are, and their length is known.
TEXT = re.compile(r"text/|application/((problem\+)?json|x-ndjson|javascript|vnd\.oai\.openapi)")


class CompressionMiddleware(GZipMiddleware):
    """gzip for text of any kind, in a length that differs from answer to answer, so that it tells no secret (BREACH).

    What is sent while it is read goes on being sent so.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        is_text = TEXT.match(response.headers.get("Content-Type", ""))
        return super().process_response(request, response) if is_text else response
