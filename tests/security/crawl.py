"""Asking as somebody, and finding the canaries in whatever comes back."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from functools import cache
from html import unescape

from django.db import transaction
from django.utils.translation import override
from django_countries import countries

from lib.text import fold
from tests.security.expectations import allowed

CANARY = re.compile(r"canary(?:-[a-z]+)+")
# The text that search reads holds all that is hidden, in letters of its own: it is printed nowhere.
FOLDED = f"{fold('canary')} "
LANGUAGE = re.compile(r"(?<![\w+/=-])qa[a-z](?![\w+/=-])")
NATIONALITY = re.compile(r"""nationality["']?\s*[:=]\s*["']?([A-Z]{2})\b""")
CHOICES = re.compile(r"<option(?! value=\"..\" selected)[^>]*>[^<]*(?:</option>)?")


@dataclass(frozen=True)
class Visit:
    """One answer: `text` is its status line, headers, cookies and body; of a file, all that is in it."""

    actor: str
    method: str
    address: str
    status: int
    headers: dict[str, str]
    text: str

    def __str__(self):
        return f"{self.actor}: {self.method} {self.address} → {self.status}"


@cache
def country_names():
    with override("en"):
        return {code: countries.name(code) for code, _name in countries}


class Crawl:
    """Every answer is looked through: what is found and not allowed is a leak, with the first address of each."""

    def __init__(self, world, clients):
        self.world, self.clients = world, clients
        self.visits = 0
        self.leaks: dict[tuple[str, str, str], str] = {}
        self.faults: list[str] = []
        self.met: dict[tuple[str, str], set[str]] = {}
        self.countries = {code: country_names()[code] for code in world.told if len(code) == 2}
        self.allowed = cache(lambda actor, door: allowed(world.told, actor, door))
        # Of what there is not: many records are compared with the same answer.
        self.ask_once = cache(self.ask)

    def ask(self, actor, address, method="GET", asked=(), **options):
        """What the actor is answered. `asked`: words of the address itself, which are no find."""
        client = self.clients[actor]
        response = getattr(client, method.lower())(address, **options)
        # A message is told at once, and not again on a later page.
        client.cookies.pop("messages", None)
        visit = Visit(actor, method, address, response.status_code, headers_of(response), text_of(response))
        self.look_through(visit, door_of(address), asked)
        return visit

    def ask_in_vain(self, actor, address, method="POST", **options):
        """The same, and afterwards all is as before: what was signed out is signed in."""
        client = self.clients[actor]
        cookies = client.cookies.copy()
        with transaction.atomic():
            visit = self.ask(actor, address, method, **options)
            transaction.set_rollback(True)
        client.cookies = cookies
        return visit

    def look_through(self, visit, door, asked=()):
        self.visits += 1
        if visit.status >= 500:
            self.faults.append(str(visit))
        found = self.canaries_in(visit.text, asked)
        may = self.allowed(visit.actor, door)
        self.met.setdefault((visit.actor, door), set()).update(found & may)
        for canary in found - may:
            self.leaks.setdefault((visit.actor, door, canary), str(visit))

    def canaries_in(self, text, asked=()):
        """Whatever is spelt like a canary and is none counts as one, too: it is one with something glued to it."""
        for word in asked:
            text = text.replace(word, "")
        found = set(CANARY.findall(text)) | {code for code in LANGUAGE.findall(text) if code in self.world.told}
        found |= {code for code in NATIONALITY.findall(text) if code in self.countries}
        if any(name in text for name in self.countries.values()):
            said = CHOICES.sub("", text)
            # Whole words: a token of random letters may hold the four of Niue.
            found |= {code for code, name in self.countries.items() if re.search(rf"\b{re.escape(name)}\b", said)}
        return found | ({FOLDED} if FOLDED in text else set())


def door_of(address):
    path = address.partition("?")[0]
    if path.startswith("/api/"):
        return "api"
    return "admin" if path.startswith("/admin/") else "page"


def headers_of(response):
    return {name.lower(): value for name, value in response.items()}


def text_of(response):
    content = response.getvalue() if response.streaming else response.content
    cookies = [str(cookie) for name, cookie in response.cookies.items() if name != "messages"]
    headers = [f"{name}: {value}" for name, value in response.items()]
    return "\n".join([*headers, *cookies, *messages_of(response), unescape(contents(content))])


def messages_of(response):
    """What the next page will tell."""
    storage = getattr(response.wsgi_request, "_messages", None)
    return [str(message) for message in getattr(storage, "_queued_messages", ())]


# What differs from one answer to the next whatever is asked.
OF_THE_MOMENT = re.compile(
    r"""csrftoken=\w+|csrfmiddlewaretoken" value="\w+|nonce-[\w+/=-]+|nonce="[^"]+|(?i:expires)(?:=|: )[^;\n]+"""
    r"""|Set-Cookie: sessionid=[^\n]+\n"""
)


def alike(visit, *asked):
    """The answer, with the words of the question replaced, and what differs from one answer to the next left out."""
    text = OF_THE_MOMENT.sub("", visit.text)
    for word in asked:
        text = text.replace(word, "WHAT WAS ASKED")
    return visit.status, re.sub(r"Content-Length: \d+", "", text)


def contents(content):
    """The text of the body; of a file of files (zip, xlsx) that of all of them."""
    if not content.startswith(b"PK\x03\x04"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        return "\n".join(f"{name}\n{files.read(name).decode(errors='replace')}" for name in files.namelist())
