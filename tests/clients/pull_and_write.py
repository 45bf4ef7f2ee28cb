"""What a program does with a client made of the schema: pulls all deployments, writes one, changes it. Prints all that.

`tracker_client` is that client, made by the test that runs this program.
"""

from __future__ import annotations

import json
import sys
from urllib.parse import parse_qs, urlsplit

from tracker_client import AuthenticatedClient
from tracker_client.api.deployments import (
    deployments_create,
    deployments_list,
    deployments_partial_update,
    deployments_retrieve,
)
from tracker_client.models import DeploymentRequest, PatchedDeploymentRequest

from tests.serving import HEADERS


def main(address, viewer, coordinator):
    reading = AuthenticatedClient(base_url=address, token=viewer, headers=HEADERS, timeout=60)
    writing = AuthenticatedClient(base_url=address, token=coordinator, headers=HEADERS, timeout=60)
    pulled = list(pull(reading))
    new = DeploymentRequest(election=pulled[0].election, sender_country="IS", sources=pulled[0].sources, remark="Sent")
    made = deployments_create.sync_detailed(client=writing, body=new)
    code = made.parsed.code
    told = [(made.status_code, deployments_retrieve.sync(code, client=reading).remark)]
    for remark in ("Read again", "Too late"):
        changed = deployments_partial_update.sync_detailed(
            code, client=writing, body=PatchedDeploymentRequest(remark=remark), if_match=made.headers["ETag"]
        )
        told.append((changed.status_code, deployments_retrieve.sync(code, client=reading).remark))
    json.dump({"pulled": [row.code for row in pulled], "told": told}, sys.stdout)


def pull(client):
    """Every deployment, page by page."""
    cursor = {}
    while True:
        page = deployments_list.sync(client=client, page_size=100, **cursor)
        yield from page.results
        if page.next_ is None:
            return
        cursor = {"cursor": parse_qs(urlsplit(page.next_).query)["cursor"][0]}


if __name__ == "__main__":
    main(*sys.argv[1:])
