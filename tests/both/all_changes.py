"""Prints what the log tells of the remark of the party: before and after each change, in their order."""

from __future__ import annotations

import json
import sys

import tests.conftest  # noqa: F401 (sets the environment, and Django up)

# isort: split
from organizations.models import PersonalValue

if __name__ == "__main__":
    values = PersonalValue.objects.filter(column="remark", record__resource="deployments").order_by("pk")
    json.dump([[value.before, value.after] for value in values], sys.stdout)
