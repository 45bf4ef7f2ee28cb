"""Entity tags of answers in JSON, and the preconditions that clients send with them (RFC 9110, section 13).

The tag of one record is in two parts, `"version.answer"`: the version tells what its columns say, as the reader sees
them, and the answer all that was sent, display columns and language included. A copy is up to date while the whole tag
stands (If-None-Match); a change is made while the version does (If-Match), whatever the language or fields of the
answer that the tag came with.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from rest_framework.renderers import JSONRenderer

# A proxy that compresses an answer makes its tag a weak one, and may put what it compressed by behind it.
TAG = re.compile(r'(?:W/)?"([0-9a-f]{20})(?:\.[0-9a-f]{20})?(?:[-;][a-z]+)?"')


def digest(said: Any) -> str:
    return hashlib.sha256(JSONRenderer().render(said)).hexdigest()[:20]


def tag(said: Any, *, version: str = "") -> str:
    """The tag of an answer; `version` is that of the record which it tells of."""
    return f'"{version}.{digest(said)}"' if version else f'"{digest(said)}"'


def versions(header: str) -> frozenset[str]:
    """The versions that a client names in If-Match; none where it names no tag of ours."""
    return frozenset(found[1] for found in map(TAG.fullmatch, map(str.strip, header.split(","))) if found)
