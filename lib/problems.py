"""Errors of the API as RFC 9457 problem documents, in users' words."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from lib.busy import ASK_AGAIN_AFTER, is_busy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrOrPromise
    from rest_framework.response import Response

CONTENT_TYPE = "application/problem+json"

TITLES: dict[int, _StrOrPromise] = {
    400: _("The request cannot be answered as it was asked"),
    401: _("Please sign in"),
    403: _("This is not allowed"),
    404: _("Not found"),
    405: _("This cannot be done here"),
    406: _("Not available in this format"),
    409: _("This cannot be done as things stand"),
    410: _("No longer here"),
    412: _("Changed meanwhile"),
    413: _("Too large"),
    415: _("Not readable in this format"),
    422: _("The same key was used for something else"),
    428: _("Say which version you have read"),
    429: _("Too many requests"),
    503: _("Busy"),
}
DETAILS: dict[int, _StrOrPromise] = {
    401: _("This is for people who have signed in, and for programs that send a token."),
    403: _("You may not do this."),
    404: _("There is nothing here, or nothing that you may see."),
    405: _("This method is not for this address: the header Allow names those that are."),
    415: _("Send JSON, with the header Content-Type: application/json."),
}
# Of these what the library or the raising code says is never told.
OURS = {404, 405, 415}
SEVERAL_ERRORS = _("Several things are wrong with the request: see errors.")


class Busy(exceptions.APIException):
    status_code = 503
    default_detail = _("The database is busy, or the question takes too long: ask again, or ask for less.")
    wait = ASK_AGAIN_AFTER


class WrongParameter(exceptions.ValidationError):
    """What is wrong in the address of a request that has a body as well."""


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an APIException, Http404 or PermissionDenied, and to a busy database; None, a 500, to any other.

    The body holds type, title, status, detail and errors. `errors` lists {"parameter": name, "message": …} for what
    was wrong in the address, {"pointer": "#/field", "message": …} for what was wrong in the body ("#" is all of it);
    it is empty for errors that are not about one value. An error of another status brings such errors as `found`, a
    ValidationError, and what belongs into the head of the answer as `headers`. What is missing and what is hidden read
    the same.
    """
    if is_busy(error):
        error = Busy()
    response = exception_handler(error, context)
    if response is None:
        return None
    request = context.get("request")
    errors: list[dict[str, str]] = []
    found = error if isinstance(error, exceptions.ValidationError) else getattr(error, "found", None)
    if found is not None:
        is_read = request is None or request.method in {"GET", "HEAD", "OPTIONS"}
        in_address = is_read or isinstance(error, WrongParameter)
        errors = list(_in_parameters(found.detail) if in_address else _in_body(found.detail, "#"))
    response.data = {
        "type": "about:blank",
        "title": TITLES.get(response.status_code, HTTPStatus(response.status_code).phrase),
        "status": response.status_code,
        "detail": _detail(error, response.status_code, errors),
        "errors": errors,
    }
    response.content_type = CONTENT_TYPE
    for name, value in getattr(error, "headers", {}).items():
        response[name] = value
    if request is not None:
        # Where CSV was asked for, the error would otherwise be printed as a table.
        request.accepted_renderer, request.accepted_media_type = JSONRenderer(), CONTENT_TYPE
    return response


def _detail(error: Exception, status: int, errors: list[dict[str, str]]) -> _StrOrPromise:
    if errors:
        return errors[0]["message"] if len(errors) == 1 else SEVERAL_ERRORS
    if isinstance(error, exceptions.Throttled):
        return _("Too many requests: ask again in %(seconds)s seconds.") % {"seconds": getattr(error, "wait", 1)}
    own_words = getattr(error, "detail", "")
    is_default = own_words == getattr(error, "default_detail", own_words)
    # A 404 never uses its own words: they could tell the hidden from the missing.
    if status in DETAILS and (is_default or status in OURS):
        return DETAILS[status]
    return str(own_words)


def _in_parameters(detail: Any) -> Iterator[dict[str, str]]:
    if not isinstance(detail, dict):
        yield from ({"message": str(message)} for message in detail)
        return
    for name, messages in detail.items():
        about = {} if name == api_settings.NON_FIELD_ERRORS_KEY else {"parameter": str(name)}
        yield from ({**about, "message": str(message)} for message in _listed(messages))


def _in_body(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    """The errors of a body at `pointer`: a sentence, a list of sentences or of rows' errors, or fields and theirs."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            is_whole = name == api_settings.NON_FIELD_ERRORS_KEY
            yield from _in_body(inner, pointer if is_whole else f"{pointer}/{escaped(name)}")
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            # Among dictionaries the place is that of a row; sentences have none.
            yield from _in_body(inner, f"{pointer}/{place}" if isinstance(inner, dict) else pointer)
    else:
        yield {"pointer": pointer, "message": str(detail)}


def _listed(messages: Any) -> list[Any]:
    return messages if isinstance(messages, list) else [messages]


def escaped(name: Any) -> str:
    """A name as a JSON pointer writes it."""
    return str(name).replace("~", "~0").replace("/", "~1")
