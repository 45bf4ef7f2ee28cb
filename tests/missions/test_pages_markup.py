"""Every page that a visitor of the published record can reach: it answers, is well made, and its numbers are right."""

import re
from collections import Counter
from functools import cached_property
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from missions.models import Deployment, Election, Invitation, Mission
from organizations.models import Organization, Source
from tests.missions.test_lists import PAGES, body_of, page

pytestmark = pytest.mark.usefixtures("kyrgyzstan_2017", "db", "public_access")

START = ["/", "/deployments/?sender_country=KZ&host_country=KG", "/deployments/?organizer=osce", "/missions/?kind=nam"]
CONTROLS = {"input", "select", "textarea"}
EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """What the checks need to know of a page."""

    def __init__(self, markup):
        super().__init__()
        self.elements, self.links, self.open, self.texts = [], [], [], Counter()
        self.problems, self.within_labels = [], []
        self.feed(markup)
        self.close()
        self.problems += [f"<{tag}> is not closed" for tag, _attributes, _text in self.open]

    def handle_starttag(self, tag, attributes):
        element = (tag, dict(attributes), [])
        if tag == "option":
            self.end_option()
        self.elements.append(element)
        if any(outer == "label" for outer, _attributes, _text in self.open):
            self.within_labels.append(element[1])
        if tag not in EMPTY:
            self.open.append(element)

    def end_option(self):
        """An option ends where the next begins, or its list ends."""
        if self.open and self.open[-1][0] == "option":
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in {"select", "datalist"}:
            self.end_option()
        closed = self.open.pop() if self.open else ("nothing", {}, [])
        if closed[0] != tag:
            self.problems.append(f"</{tag}> closes <{closed[0]}>")
        if tag == "a":
            self.links.append(
                (closed[1].get("href", ""), closed[1].get("class", ""), " ".join("".join(closed[2]).split()))
            )

    def handle_data(self, data):
        for _tag, _attributes, text in self.open:
            text.append(data)

    def all(self, tag):
        return [(attributes, "".join(text).strip()) for name, attributes, text in self.elements if name == tag]

    @cached_property
    def ids(self):
        return Counter(attributes["id"] for _tag, attributes, _text in self.elements if "id" in attributes)


def faults(page):
    """What is wrong with the making of a page, in words."""
    found = [*page.problems]
    found += [f"{len(page.all('h1'))} h1"] if [bool(text) for _a, text in page.all("h1")] != [True] else []
    found += ["no title"] if [bool(text) for _a, text in page.all("title")] != [True] else []
    found += [f"id {name} twice" for name, times in page.ids.items() if times > 1]
    found += ["no language"] if not dict(page.all("html")[0][0]).get("lang") else []
    for tag, attributes, text in page.elements:
        found += [f"style of {tag}"] if tag == "style" or "style" in attributes else []
        found += [f"script in {tag}"] if tag == "script" and "".join(text).strip() else []
        found += [f"{name} of {tag}" for name in attributes if name.startswith("on")]
        found += [f"no text for {tag}"] if tag == "img" and "alt" not in attributes else []
        found += ["th without scope"] if tag == "th" and "scope" not in attributes else []
        for name in ("aria-labelledby", "aria-describedby", "for"):
            found += (
                [f"{name} of {tag} leads nowhere"] if set(attributes.get(name, "").split()) - page.ids.keys() else []
            )
    found += [f"nothing says what {attributes.get('name')} is" for attributes in unlabelled(page)]
    found += [f"a link without words to {href}" for href, _class, text in page.links if not text]
    found += [f"no {href} here" for href, *_ in page.links if href.startswith("#") and href[1:] not in page.ids]
    if page.links[0][:2] != ("#main", "skip") or "main" not in page.ids:
        found.append("the first link does not skip to the content")
    levels = [int(tag[1]) for tag, *_ in page.elements if re.fullmatch("h[1-6]", tag)]
    found += ["a level of headings is left out"] if any(two - one > 1 for one, two in pairwise(levels)) else []
    return found


def unlabelled(page):
    labelled = {attributes.get("for") for attributes, text in page.all("label") if text}
    return [
        attributes
        for tag, attributes, _text in page.elements
        if tag in CONTROLS
        and attributes.get("type") != "hidden"
        and attributes.get("id") not in labelled
        and not attributes.get("aria-label")
        and not any(within is attributes for within in page.within_labels)
    ]


def led_to(address, href):
    """Where a link on the page leads; addresses of other hosts stay whole."""
    # urljoin keeps the old query for "?", which a browser does not.
    base = urlsplit(address).path if href == "?" else f"http://testserver{address}"
    return urljoin(base, href.removesuffix("?")).removeprefix("http://testserver")


def is_ours(target):
    """Pages in other languages have tests of their own."""
    return target.startswith("/") and not target.startswith(("/admin/", "/static/", "/ru/", "/kk/"))


# What an address says of how its rows are shown, and not of which they are.
OF_SHOWING = {"ordering", "page_size", "view", "columns", "xlsx", "ndjson"}


def leads_on(address):
    """How rows are shown is tried on lists without filters, where it leads no further.

    Matrices under filters, answers to more than one question and months of filtered calendars lead to lists that others
    lead to as well; their numbers are looked at in tests/missions/test_numbers_of_the_whole_record.py.
    """
    asked = parse_qsl(urlsplit(address).query)
    names = {name for name, _value in asked} | {value for name, value in asked if name == "format"}
    if address.startswith("/matrix/"):
        return len(asked) < 2 or names <= {"rows", "columns", "measure", "format", "csv"}
    if address.startswith(("/answer/", "/calendar/")):
        return len(asked) < 2
    return len(asked) < 2 or not names & OF_SHOWING


@pytest.fixture(scope="module")
def visited(kyrgyzstan_2017, django_db_blocker):
    """All that links lead to, beginning with START: the pages by their addresses, and what is not HTML."""
    open_to_all = [name for name in settings.MIDDLEWARE if not name.endswith("LoginRequiredMiddleware")]
    client, waiting, pages, others = Client(), [*START], {}, {}
    with django_db_blocker.unblock(), override_settings(PUBLIC_ACCESS=True, MIDDLEWARE=open_to_all):
        while waiting:
            address = waiting.pop()
            if address in pages or address in others:
                continue
            answer = client.get(address)
            if not answer.headers.get("Content-Type", "").startswith("text/html") or address.startswith("/api/"):
                others[address] = (answer.status_code, body_of(answer))
                continue
            parsed = Page(answer.content.decode())
            pages[address] = (answer.status_code, parsed)
            targets = {led_to(address, href).partition("#")[0] for href, *_ in parsed.links}
            waiting += sorted(target for target in targets if is_ours(target) and leads_on(target))
    return pages, others


def test_every_link_leads_to_an_answer(visited):
    pages, others = visited
    assert [address for address, (status, _page) in pages.items() if status != 200] == []
    assert [address for address, (status, _body) in others.items() if status != 200] == []
    assert (len(pages) > 200, len(others) > 200) == (True, True)


def test_every_page_of_the_record_is_reached(visited):
    pages, others = visited
    for kind, name in (
        (Deployment, "deployment"),
        (Mission, "mission"),
        (Election, "election"),
        (Invitation, "invitation"),
        (Organization, "organization"),
    ):
        reached = {address for address in pages if re.fullmatch(rf"/{name}s/[^/?]+/", address)}
        assert reached == {reverse(name, args=[code]) for code in kind.objects.values_list("code", flat=True)}
    # Sources of a second page are reached through what rests on them.
    assert {address for address in pages if re.fullmatch("/sources/[^/?]+/", address)} == {
        source.get_absolute_url() for source in Source.objects.all()
    }
    assert {page(resource) for resource in PAGES} <= pages.keys()
    assert reverse("api:docs") in others


def test_every_page_is_well_made(visited):
    pages, _others = visited
    found = {address: faults(parsed) for address, (_status, parsed) in pages.items()}
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/deployments/?yaer=2017&status=sent", 400),
        ("/deployments/missing/", 404),
        ("/nothing/", 404),
        ("/sources/?q=...", 400),
    ],
)
def test_a_page_that_refuses_is_well_made_too(client, address, status):
    answer = client.get(address)
    assert answer.status_code == status
    assert faults(Page(answer.content.decode())) == []


def test_a_part_of_a_page_that_a_link_leads_to_is_there(visited):
    pages, _others = visited
    led = {
        led_to(address, href).partition("#")[::2]
        for address, (_status, parsed) in pages.items()
        for href, *_ in parsed.links
        if "#" in href
    }
    checked = [(address, fragment) for address, fragment in sorted(led) if address in pages]
    assert [(address, fragment) for address, fragment in checked if fragment not in pages[address][1].ids] == []
    assert len(checked) > 200


def numbers_with_lists(pages):
    """Links whose words hold one number and that lead to a list or a file of it, with the number."""
    for address, (_status, parsed) in pages.items():
        for href, class_, text in parsed.links:
            target = led_to(address, href)
            names = {name for name, _value in parse_qsl(urlsplit(target).query)}
            path = urlsplit(target).path
            found = re.findall(r"\d[\d,]*", text)
            is_list = path.strip("/") in PAGES or re.fullmatch("/api/v1/[a-z-]+/", path)
            # A figure of the matrix counts observers, not rows; its own tests follow it.
            of_rows = "chip" not in class_ and "figure" not in class_ and not re.search("format=(xlsx|ndjson)", target)
            if is_list and len(found) == 1 and of_rows and not names & {"page", "page_size", "ordering"}:
                yield target, int(found[0].replace(",", ""))


def test_every_number_that_leads_to_a_list_is_the_number_of_its_rows(client, visited):
    pages, others = visited
    told = set(numbers_with_lists(pages))
    counted = {target: rows_behind(client, target, others) for target, _number in told}
    assert {(target, number) for target, number in told if counted[target] != number} == set()
    assert len(told) > 100


def rows_behind(client, target, others):
    if "format=csv" in target:
        _status, body = others[target]
        return len(re.findall(rb"\r\n(?!$)", re.sub(rb'"[^"]*"', b"", body)))
    answer = client.get(target)
    if target.startswith("/api/"):
        return len(answer.json()["results"])
    return answer.context["page"].paginator.count


def test_nothing_is_loaded_from_elsewhere(visited):
    pages, _others = visited
    loaded = {
        attributes.get("src") or attributes.get("href")
        for _status, parsed in pages.values()
        for tag, attributes, _text in parsed.elements
        if tag in {"script", "img", "link", "iframe", "source"}
    }
    assert {address for address in loaded if not address.startswith("/static/")} == set()
    assert len(loaded) == 4
