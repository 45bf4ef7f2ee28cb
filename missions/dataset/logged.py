"""What an import writes into the log of changes: one act with the hashes of the files, and each record it touched.

What a new record says stands in the file, so that it is not written a second time.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from organizations.changes import CHANGED, CREATED, RecordChange, as_json
from organizations.models import Organization

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from missions.dataset.known import KnownRecords
    from missions.dataset.reading import Row
    from organizations.models import Record

    # The keys that stored records were linked to, by column of several values and by key of the record.
    Links = Mapping[str, Mapping[int, set[int]]]

# Columns that tell whose a personal value is, in what was changed as well as in what was not.
TELLING_WHO = ("observer", "subject")


def hashes(paths: Iterable[Path]) -> list[dict[str, str]]:
    """The name and the SHA-256 of each of these files that can be read; without the others nothing is imported."""
    found = []
    for path in paths:
        try:
            with path.open("rb") as file:
                found.append({"name": path.name, "sha256": hashlib.file_digest(file, "sha256").hexdigest()})
        except OSError:
            continue
    return found


class FileLog:
    """What the rows of one file changed."""

    def __init__(self, model: type[Record], known: KnownRecords, *, owner_code: str) -> None:
        self.model, self.known, self.owner_code = model, known, owner_code
        organizations = known[Organization].by_code.values() if model.kept_through else ()
        self.keepers = {organization.pk: organization.code for organization in organizations}
        # The way from a record to the key of its keeper; a kind of record that nobody keeps has none.
        *self.way, self.keeper_key = f"{model.kept_through}_id".split("__")
        self.resource = model.resource()

    def changes(self, rows: Iterable[Row], links: Links) -> Iterator[RecordChange]:
        """What rows that were just stored changed: each is new, or changed a record that was there."""
        for row in rows:
            if row.is_new:
                yield RecordChange(self.resource, row.record.code, self.keeper(row), CREATED)
            else:
                before, after = self.before_and_after(row, links)
                yield RecordChange(self.resource, row.record.code, self.keeper(row), CHANGED, before, after)

    def keeper(self, row: Row) -> str:
        """The code of the organization that keeps the record."""
        if "owner" in row.changed:
            # It comes after the source that it keeps.
            return row.cells.get("owner", "").strip() or self.owner_code
        holder: Any = row.record
        for name in self.way:
            holder = getattr(holder, name)
        key: int | None = getattr(holder, self.keeper_key, None)
        return self.keepers.get(key, "") if key else ""

    def before_and_after(self, row: Row, links: Links) -> tuple[dict[str, Any], dict[str, Any]]:
        """The columns of a stored record that the row changed, and those that tell whose they are."""
        before, after = {}, {}
        for name, was in row.before.items():
            now = getattr(row.record, name)
            if name == "owner_id":
                before["owner"], after["owner"] = self.keepers.get(was, ""), self.keeper(row)
            elif was != now or name in TELLING_WHO:
                before[name], after[name] = as_json(was), as_json(now)
        for name in row.changed & links.keys():
            others: Any = self.known[self.model._meta.get_field(name).related_model].by_pk  # type: ignore[index]
            before[name] = sorted(others[key].code for key in links[name].get(row.record.pk, ()))
            after[name] = as_json(row.values[name])
        return before, after
