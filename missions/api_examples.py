"""Answers of the record that ships, and what is sent to it, for the schema of the API: a file for each resource.

The tests ask for each of them again and send what is sent. Persons in them are made up: a real name would stay in the
schema after it was withheld or erased.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

# By resource: `read`, the answer of one record; `changed`, columns to be changed, and the `warnings` at that; `new`,
# what is sent and answered; the answers of its further addresses by their names.
EXAMPLES: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parent / "examples").glob("*.json"))
}
