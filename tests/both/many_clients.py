"""Twenty programs change one record at the same time, fifty times each, over HTTP. Prints what became of each change.

Each reads the record, then changes it onto the version that it has read; what is refused is not tried again.
"""

from __future__ import annotations

import json
import sys
from threading import Barrier, Thread

import requests

from tests.serving import HEADERS

CLIENTS = 20
EDITS = 50


class Client(Thread):
    def __init__(self, number, address, token, together):
        super().__init__()
        self.number, self.address, self.together = number, address, together
        self.session = requests.Session()
        self.session.headers.update({**HEADERS, "Authorization": f"Bearer {token}"})
        self.told = []

    def run(self):
        self.together.wait(timeout=60)
        for edit in range(EDITS):
            read = self.session.get(self.address, timeout=120)
            remark = f"{self.number} {edit}"
            answer = self.session.patch(
                self.address, json={"remark": remark}, headers={"If-Match": read.headers["ETag"]}, timeout=120
            )
            self.told.append((answer.status_code, read.json()["remark"], remark))


def main(address, token):
    together = Barrier(CLIENTS)
    clients = [Client(number, address, token, together) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    json.dump([told for client in clients for told in client.told], sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
