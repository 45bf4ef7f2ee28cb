"""The schema, as the programs that begin with it fetch it from a server."""

from __future__ import annotations

import requests

from tests.serving import HEADERS


def schema_of(server):
    """As JSON, which is read sooner than YAML."""
    headers = {**HEADERS, "Accept": "application/vnd.oai.openapi+json"}
    return requests.get(f"{server.address}/api/v1/schema/", headers=headers, timeout=60).content
