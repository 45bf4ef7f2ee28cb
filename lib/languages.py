"""The language of a page stands at the beginning of its address: /ru/…, /kk/…; the first of LANGUAGES has no prefix.

Neither a cookie nor what the browser would like has a say: one address is one page, for whomever it is sent to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import get_script_prefix
from django.utils import translation
from django.utils.encoding import iri_to_uri
from django.utils.http import escape_leading_slashes

from lib.filters import said_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

_PREFIX = re.compile(f"/({'|'.join(code for code, _name in settings.LANGUAGES)})(?=/|$)")


class LanguageMiddleware:
    """Answers in the language of the address; the REST API, whose addresses have none, in English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = _PREFIX.match(request.path_info)
        # Not only within this call: what is streamed is written after it.
        translation.activate(found.group(1) if found else settings.LANGUAGE_CODE)
        return self.get_response(request)


def address_in(language: str, request: HttpRequest) -> str:
    """The address that was asked for, with its query, in that language."""
    path = iri_to_uri(_PREFIX.sub("", request.path_info, count=1) or "/")
    query = said_once(request.GET).urlencode()
    # Behind the prefix stands what the reader typed: //elsewhere.example would lead to another host.
    address = f"{escape_leading_slashes(path)}{query and '?'}{query}"
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    return f"{get_script_prefix().removesuffix('/')}{prefix}{address}"
