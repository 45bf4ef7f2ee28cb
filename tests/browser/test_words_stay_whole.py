"""No word is broken inside, in any language: axe does not see an “Announce|d”."""

from __future__ import annotations

import pytest

from tests.browser.looking import ELECTION

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESSES = [
    "",
    "deployments/",
    "deployments/?view=timeline",
    "missions/",
    "invitations/",
    f"deployments/{ELECTION}-from-kz/",
    f"elections/{ELECTION}/",
    "matrix/",
    "answer/?sender_country=KZ",
]
# Letters of one word that stand on more than one line. An address on the page has no words.
BROKEN = """() => {
    const found = new Set();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode;
        const isShown = text.parentElement.checkVisibility({ visibilityProperty: true });
        if (!isShown || text.data.includes("://") || text.parentElement.closest(".vh, .skip, svg, select")) continue;
        for (const word of text.data.matchAll(/[\\p{L}\\d]+/gu)) {
            const range = new Range();
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
            if (lines.size > 1) found.add(word[0]);
        }
    }
    return [...found];
}"""


@pytest.mark.parametrize("language", ["", "ru/", "kk/"])
def test_no_word_of_a_page_is_broken(server, open_browser, language):
    found = {}
    with open_browser() as page:
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            for address in ADDRESSES:
                page.goto(f"{server.url}/{language}{address}")
                words = page.evaluate(BROKEN)
                found |= {(address, width): words} if words else {}
    assert found == {}
