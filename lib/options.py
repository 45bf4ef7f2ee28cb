"""What the API answers to OPTIONS."""

from __future__ import annotations

from typing import Any

from rest_framework.metadata import SimpleMetadata


class NameOfAddress(SimpleMetadata):
    """What an address is. What it takes is for the schema to say: each method of an address takes something else."""

    def determine_actions(self, request: Any, view: Any) -> dict[str, Any]:
        return {}
