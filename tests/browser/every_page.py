"""The pages that a browser is to see: every address that the resolver knows and that answers with HTML."""

from __future__ import annotations

import re

from django.apps import apps
from django.urls import NoReverseMatch, reverse

from missions.dataset import RECORDS
from tests.security import table
from tests.security.routes import walk

RECORDS_BY_RESOURCE = {model.resource(): model for model in RECORDS}
# Addresses with an object, whose pages are like others that are here, or are no pages.
LEFT_OUT = table.WITH_TESTS_OF_THEIR_OWN - {"coverage"}
WITH_ANOTHER_KEY = {"coverage": "elections"}


def every_page(client):
    """The name and the address of each route that answers the client with a page; of a kind of record, of one."""
    names = [name for name, _pattern in walk() if not (name.startswith("api:") or name in LEFT_OUT)]
    # All before the first is asked for: an answer leaves its own language behind.
    addresses = {name: example_of(name) for name in names if not re.search(r"[<^]", name)}
    found = {}
    for name, address in addresses.items():
        answer = client.get(address) if address else None
        if answer and answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            found[name] = address
    return found


def example_of(name):
    """The address of a route; with an object, of the first there is, or None."""
    try:
        return reverse(name)
    except NoReverseMatch:
        record = example_for(name)
        return record and reverse(name, args=[record.pk if name.startswith("admin:") else record.code])


def example_for(name):
    resource = table.PAGES.get(name) or WITH_ANOTHER_KEY.get(name)
    if resource:
        return RECORDS_BY_RESOURCE[resource].objects.order_by("code").first()
    app, model, _page = name.removeprefix("admin:").split("_", 2)
    return apps.get_model(app, model)._default_manager.first()
