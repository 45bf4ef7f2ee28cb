"""What a file of a table says of itself before its first row: what it is, and how many rows follow."""

from __future__ import annotations

import logging
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.http import content_disposition_header

from lib.text import slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

log = logging.getLogger("django.request")

ROW_COUNT = "X-Row-Count"
LONGEST_BEGINNING = 120


class Rows(Protocol):
    """The rows of a table; how many they are is known before any of them is read."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Mapping[str, Any]]: ...


def file_name(what: str, filters: Mapping[str, Sequence[str]], day: date, ending: str) -> str:
    """What the file holds, by which filters, and of which day: `deployments-host-country-kg-2030-07-01.csv`.

    Letters, digits and hyphens of ASCII; of many filters the first, so that every disk takes the name.
    """
    said = chain([what], *([name, *values] for name, values in filters.items() if values))
    beginning = "-".join(slug(text) for text in said)[:LONGEST_BEGINNING].rstrip("-")
    return f"{beginning}-{day.isoformat()}.{ending}"


def headers(filename: str, rows: Rows) -> dict[str, str]:
    """The name of the download, and of how many rows it is: one with fewer was cut off on its way."""
    disposition = content_disposition_header(as_attachment=True, filename=filename) or ""
    return {"Content-Disposition": disposition, ROW_COUNT: str(len(rows))}


class CutOff(Exception):
    """A file could not be sent to its end."""


def cut_where_it_fails(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks; where one cannot be made, CutOff, at which the server cuts the connection instead of ending the file.

    The log is told here, for the server would write down the text of the failure, which may name a person.
    """
    try:
        yield from chunks
    except Exception:
        log.exception("A file was cut off while it was sent.")
        raise CutOff from None
