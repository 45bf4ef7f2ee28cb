"""Cells of spreadsheets: text that no program may take for a formula.

A spreadsheet program computes what begins with = + - @, a tab or a carriage return. Such text gets a leading
apostrophe; so does text that is such already behind one or more apostrophes, so that taking one off always gives back
what was there. Other text that begins with an apostrophe stays as it is.
"""

from __future__ import annotations

import re

_WOULD_BE_COMPUTED = re.compile("'*[=+\\-@\\t\\r]")
_MADE_SAFE = re.compile("'+[=+\\-@\\t\\r]")


def safe_cell(value: object) -> object:
    """`value` as it may stand in a spreadsheet; only text is changed. `raw_cell(safe_cell(text)) == text`."""
    if isinstance(value, str) and _WOULD_BE_COMPUTED.match(value):
        return f"'{value}"
    return value


def raw_cell(text: str) -> str:
    """The text that `safe_cell` made safe, without the apostrophe that it added."""
    return text[1:] if _MADE_SAFE.match(text) else text
