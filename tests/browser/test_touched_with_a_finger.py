"""On a phone a finger meets what it means: targets of 24 pixels, or smaller ones with room around them."""

from __future__ import annotations

import pytest

from tests.browser.every_page import every_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# WCAG 2.5.8: a smaller target needs a circle of 24 pixels around its middle that meets no other target, nor the circle
# of another small one; a link in a sentence is as high as its line. A box that is ticked is touched by its label too.
TOO_SMALL = """() => {
    const around = "p, li, td, th, dd, dt, q, caption, figcaption, blockquote, div, body";
    function isInSentence(each) {
        const words = document.createTreeWalker(each.closest(around), NodeFilter.SHOW_TEXT);
        while (words.nextNode()) {
            const isOther = words.currentNode.parentElement.closest("a, button, .vh, [hidden]");
            if (!isOther && /[\\p{L}\\d]/u.test(words.currentNode.data)) return true;
        }
        return false;
    }
    const touched = (each) => (each.matches("[type=checkbox], [type=radio]") && each.labels[0]) || each;
    const isSmall = (box) => box.width < 23.5 || box.height < 23.5;
    const middle = (box) => [box.left + box.width / 2, box.top + box.height / 2];
    function room(box, other) {
        const [x, y] = middle(box);
        if (isSmall(other)) return Math.hypot(x - middle(other)[0], y - middle(other)[1]) / 2;
        return Math.hypot(Math.max(other.left - x, 0, x - other.right), Math.max(other.top - y, 0, y - other.bottom));
    }
    const targets = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
        .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.matches("[type=hidden], .skip"))
        .map((each) => [each, [...touched(each).getClientRects()].filter((box) => box.width && box.height)]);
    const meets = (each, box) => targets.some(([other, boxes]) =>
        !other.contains(each) && !each.contains(other) && boxes.some((around) => room(box, around) < 11.5));
    const isLoose = (each) => getComputedStyle(each).display !== "inline" || !isInSentence(each);
    return targets.flatMap(([each, boxes]) => {
        const small = boxes.filter((box) => isSmall(box) && meets(each, box));
        const size = small.map((box) => `${Math.round(box.width)} x ${Math.round(box.height)}`);
        return small.length && isLoose(each) ? [`${each.innerText || each.name}: ${size}`] : [];
    });
}"""

CROWD = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { font-size: 8px !important; line-height: 1 !important; margin: 0 !important;'
        + 'gap: 0 !important; min-height: 0 !important; padding: 0 !important }');
    document.adoptedStyleSheets = [sheet];
}"""


def test_every_target_of_every_page_is_met(server, open_browser, client):
    addresses = [*every_page(client).values(), "/deployments/?view=timeline", "/deployments/?view=years", "/nothing/"]
    found = {}
    with open_browser() as page:
        page.set_viewport_size({"width": 360, "height": 800})
        for address in addresses:
            page.goto(server.url + address)
            small = page.evaluate(TOO_SMALL)
            found |= {address: small} if small else {}
        page.goto(f"{server.url}/deployments/")
        # The rule is one that can be broken.
        page.evaluate(CROWD)
        assert page.evaluate(TOO_SMALL) != []
    assert found == {}
    assert len(addresses) >= 19
