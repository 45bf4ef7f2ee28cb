"""The documentation of the API works in a browser that reaches the tracker alone, without a script within the page."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from missions.api_examples import EXAMPLES
from tests.missions.test_lists import RESOURCES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_docs_show_every_address_and_an_example_without_any_other_host(server, open_browser):
    asked, said = set(), []
    with open_browser() as page:
        page.on("request", lambda request: asked.add(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(server.url + reverse("api:docs"))
        page.wait_for_selector("#operations-deployments-deployments_retrieve")
        groups = [each.strip() for each in page.locator(".opblock-tag > a").all_inner_texts()]
        page.click("#operations-deployments-deployments_retrieve .opblock-summary-control")
        shown = page.locator("#operations-deployments-deployments_retrieve .responses-table .example").first
        shown.wait_for()
        example = json.loads(shown.inner_text())
        page.click("#operations-head-counts-head_counts_list .opblock-summary-control")
        parameter = page.locator("#operations-head-counts-head_counts_list tr[data-param-name=qualifier]")
        parameter.wait_for()
        words = parameter.inner_text()
    assert example == EXAMPLES["deployments"]["read"]
    assert "at_least - The source says “at least” or “no fewer than” this number: there may be more." in words
    assert groups == sorted([*RESOURCES, "changes", "dataset.zip", "releases"])
    assert [url for url in asked if not url.startswith((f"{server.url}/", "data:"))] == []
    assert said == []
