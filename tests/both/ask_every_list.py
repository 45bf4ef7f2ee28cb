"""A program: reads two datasets into an empty database and prints what each list answers to all that it can be asked.

`python -m tests.both.ask_every_list AWKWARD PUBLISHED`, with DATABASE_URL and PUBLIC_ACCESS=on, prints JSON: `answers`
as kind, question and answer; `by_the_rule` are the orders of the whole lists, worked out in Python from unordered rows.
"""

# ruff: noqa: E402 (the records are imported after Django is set up)

import sys

import django

django.setup()

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from config.api import router
from lib.ordering import ordered
from missions.dataset import import_dataset
from organizations.models import User
from tests.both.questions import BAD_CODES, SEARCHES, questions

LISTS = {resource: viewset for resource, viewset, _basename in router.registry}
VISITOR = AnonymousUser()


class Reader:
    """Somebody who asks at an address: nobody in particular, or a member."""

    def __init__(self, user=VISITOR):
        self.client = Client(SERVER_NAME="localhost")
        if user is not VISITOR:
            self.client.force_login(user)

    def answer(self, address):
        """Status and body."""
        answer = self.client.get(address)
        return [answer.status_code, answer.getvalue().decode()]

    def codes_of_all_pages(self, address):
        codes = []
        while address:
            body = self.client.get(address).json()
            codes += [row["code"] for row in body["results"]]
            address = body["next"]
        return codes


def orderings(viewset):
    return [sign + name for name in viewset.ordering_fields for sign in ("", "-")]


def ask_the_api():
    """Each list page by page in each order, each filter and search, and what must be refused."""
    visitor = Reader()
    for resource, viewset in LISTS.items():
        address = reverse(f"api:{resource}-list")
        for ordering in orderings(viewset):
            query = f"{address}?ordering={ordering}"
            yield "pages", query, visitor.codes_of_all_pages(f"{query}&fields=code&page_size=40")
        for kind, query in questions(viewset):
            found = "" if kind == "refusal" else "&fields=code&page_size=1000&count=exact"
            yield kind, f"{address}?{query}", visitor.answer(f"{address}?{query}{found}")
        for code in BAD_CODES:
            yield "refusal", f"{address}{code}/", visitor.answer(f"{address}{code}/")


def ask_for_whole_lists(member):
    """Each list as a file; its codes in each order, and found by each text: a visitor's and a member's."""
    for resource, viewset in LISTS.items():
        address = reverse(f"api:{resource}-list") + "?format=csv"
        yield "rows", address, Reader().answer(address)
        for user in (VISITOR, member):
            for ordering in orderings(viewset):
                rows = ordered(viewset.rows(user), ordering, viewset.ordering_fields)
                yield "ordering", whole(resource, ordering, user), codes_of(rows)
            for text in SEARCHES:
                found = viewset.rows(user).search(text, user).order_by("pk")
                yield "whole search", whole(resource, text, user), sorted(codes_of(found))


def whole(resource, asked, user):
    return f"{resource} {asked} {user}"


def codes_of(rows):
    return [str(code) for code in rows.values_list("code", flat=True)]


def orders_by_the_rule(member):
    """What lib.ordering promises: by the value, text by code points, blanks last, then by code."""
    return {
        whole(resource, ordering, user): in_order(viewset, ordering, user)
        for resource, viewset in LISTS.items()
        for ordering in orderings(viewset)
        for user in (VISITOR, member)
    }


def in_order(viewset, ordering, user):
    path = viewset.ordering_fields[ordering.removeprefix("-")]
    rows = viewset.rows(user).order_by().values_list("code", path)
    pairs = sorted(((str(code), value) for code, value in rows), key=lambda pair: pair[0])
    valued = [pair for pair in pairs if pair[1] not in {None, ""}]
    valued.sort(key=lambda pair: pair[1], reverse=ordering.startswith("-"))
    return [code for code, _value in [*valued, *(pair for pair in pairs if pair[1] in {None, ""})]]


def main(awkward, published):
    # Every refusal would be logged; errors still are.
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    member = User.objects.create_user("member")
    import_dataset(Path(awkward), now=datetime(2026, 1, 1, 12, tzinfo=UTC))
    answers = list(ask_the_api())
    import_dataset(Path(published), now=datetime(2026, 1, 2, 12, tzinfo=UTC))
    answers += ask_for_whole_lists(member)
    json.dump({"answers": answers, "by_the_rule": orders_by_the_rule(member)}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
