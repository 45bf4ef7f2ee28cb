"""Asking a question as an actor would, and the answer without what differs each time by chance."""

from __future__ import annotations

import html
import json
import re
import zlib
from typing import Any

from django.contrib.messages.storage.cookie import CookieStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import b64_decode
from django.db import transaction
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from tests.missions.test_lists import body_of
from tests.security.questions import SEND, Question, model_of
from tests.security.two_databases import same_keys_for_new_rows

TOLD_BY_HEADERS = (
    "Content-Type",
    "Content-Length",
    "Content-Disposition",
    "Location",
    "Link",
    "Allow",
    "ETag",
    "Retry-After",
)
# Drawn anew for each page or record, and of no meaning.
BY_CHANCE = re.compile(
    rb'name="csrfmiddlewaretoken" value="\w+"|"csrfToken": "\w+"'
    # When a value was signed, and the signature.
    rb"|:1[0-9A-Za-z]{5}:[A-Za-z0-9_-]{43}"
    # The code of a new person or list; those of the pieces begin with noughts.
    rb"|(?!00000000)[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
)
MODELS = {"new person": "observers", "new place": "assignments", "new statement": "statements"}


# What a form of the admin was opened with, packed and signed.
SEALED = re.compile(rb'name="_version" value="(\.?)([\w-]+)')


def unsealed(found: re.Match[bytes]) -> bytes:
    """The same as everybody can unpack it."""
    packed = b64_decode(found[2])
    return b"_version " + (zlib.decompress(packed) if found[1] else packed)


VERSION = re.compile(r'name="_version" value="([^"]+)"')


def version_at(client: Client, address: str) -> dict[str, str]:
    """What a form of the admin says that it was opened with: without it nothing is overwritten."""
    if not address.endswith("/change/"):
        return {}
    found = VERSION.search(client.get(address).content.decode())
    return {"_version": html.unescape(found[1])} if found else {}


class QuietClient(Client):
    """A client that keeps no templates and contexts, which takes as long as many an answer itself."""

    def request(self, **request: Any) -> Any:
        response: Any = self.handler(self._base_environ(**request))
        if response.status_code >= 500:
            raise RuntimeError(request["PATH_INFO"])
        self.cookies.update(response.cookies)
        return response


class Asker:
    """An actor's client. Whatever a question changes is undone."""

    def __init__(self, world: Any, actor: str) -> None:
        self.world, self.actor = world, actor

    def client(self) -> QuietClient:
        headers = {"Authorization": f"Bearer {self.world.token}"} if self.actor == "token_b" else None
        client = QuietClient(headers=headers)
        if self.actor in self.world.cookies and self.actor != "token_b":
            client.cookies["sessionid"] = self.world.cookies[self.actor]
        return client

    def answer(self, question: Question) -> list[Any]:
        with transaction.atomic():
            if question.sent is not None:
                same_keys_for_new_rows()
            found = list(self.answers(question))
            transaction.set_rollback(True)
        return found

    def answers(self, question: Question) -> Any:
        client = self.client()
        if question.sent is None:
            response = client.get(question.address)
            yield self.told(response)
            if question.then == "next":
                yield from self.next_pages(client, response)
        elif question.door == "spreadsheet":
            yield from self.sent_list(client, question)
        else:
            yield from self.sent_form(client, question)

    def next_pages(self, client: QuietClient, response: Any) -> Any:
        for _page in range(2):
            is_page = response.headers["Content-Type"] == "application/json"
            address = json.loads(response.content).get("next") if is_page else None
            if not address:
                return
            response = client.get(address)
            yield self.told(response)

    def sent_list(self, client: QuietClient, question: Question) -> Any:
        content = question.sent["file"].encode()
        sent = {**question.sent, "file": SimpleUploadedFile("people.csv", content)}
        response = client.post(question.address, sent)
        yield self.told(response)
        if response.status_code != 302 or "/people/" not in response.headers["Location"]:
            return
        address = response.headers["Location"]
        page = client.get(address)
        yield self.told(page)
        text = page.content.decode()
        if question.then == "decide":
            # For each row the first of the persons suggested.
            typed = dict(reversed(re.findall(r'name="(row-\d+)" value="([^"]+)"', text)))
            yield self.told(client.post(address, {"do": "decide", **typed}))
            yield self.told(client.get(address))
        elif question.then == "import":
            fingerprint = "".join(re.findall(r'name="fingerprint" value="(\w+)"', text))
            yield self.told(client.post(address, {"do": "import", "fingerprint": fingerprint}))
            yield self.told(client.get(reverse(SEND)))

    def sent_form(self, client: QuietClient, question: Question) -> Any:
        model = model_of(MODELS[question.door]) if question.then == "record" else None
        before = set(model.objects.values_list("pk", flat=True)) if model else set()
        yield self.told(client.post(question.address, {**question.sent, **version_at(client, question.address)}))
        for key in sorted(set(model.objects.values_list("pk", flat=True)) - before) if model else ():
            address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_change", args=[key])
            yield self.told(client.get(address))

    def told(self, response: Any) -> tuple[Any, ...]:
        """Status, what the headers and the cookies of messages tell, and the body."""
        headers = {name: response.headers.get(name, "") for name in TOLD_BY_HEADERS}
        body = body_of(response)
        if SEALED.search(body):
            # As long as chance would have it.
            del headers["Content-Length"]
            body = SEALED.sub(unsealed, body)
        cookies = {
            name: each.value for name, each in response.cookies.items() if name not in {"sessionid", "csrftoken"}
        }
        if messages := cookies.pop("messages", ""):
            said = CookieStorage(HttpRequest())._decode(messages) or []
            cookies["messages"] = repr([(each.level, str(each)) for each in said])
        told = {name: BY_CHANCE.sub(b"", value.encode()) for name, value in {**headers, **cookies}.items()}
        return response.status_code, told, BY_CHANCE.sub(b"", body)
