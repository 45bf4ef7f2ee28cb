"""What the log of the server says of a request that failed: where, and never with what values."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType

    Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutValues(logging.Formatter):
    """The lines of code that led to the failure and its kind; its text may name a person, and is left out."""

    def formatException(self, ei: Failure) -> str:  # noqa: N802 (the name of the standard library)
        kind, error, _lines = ei
        if kind is None or error is None:
            return ""
        told: Any = traceback.extract_tb(error.__traceback__)
        return "".join([*told.format(), kind.__name__])
