"""A press report of October 2017 goes into the record in one save."""

import pytest

from missions.models import Election

pytestmark = pytest.mark.usefixtures("roster_of_organizations", "db")

PHRASE = "46 Kazakh officials will take part in observing the Kyrgyz elections"


def typed(desk):
    page = desk()
    page.type(
        "sources-0",
        address="https://timesca.example/kazakhstan-will-not-send",
        title="Kazakhstan’s Election Commission will not send observer to Kyrgyzstan election",
        publisher="The Times of Central Asia",
        published_on="13 October 2017",
    )
    page.type("election", country="KG", kind="presidential", election_day="15.10.2017")
    page.type("invitations-0", inviter="CEC KG", invitees="CEC KZ", response="declined", reason="political")
    page.type("parties-0", sender="Kazakhstan", how_many="46 officials", excerpt=PHRASE)
    page.type("channels-0", as_named="Commonwealth of Independent States (CIS)")
    page.press("add:channels:0")
    page.type("channels-1", as_named="Organization for Security and Cooperation in Europe (OSCE)")
    page.press("add:channels:0")
    page.type("channels-2", as_named="Cooperation Council of Turkic-Speaking Countries", organizer="OTS")
    return page


def test_it_is_stored_in_one_save(desk):
    page = typed(desk)
    response = page.press("save")
    assert page.refusals() == {}
    assert response.redirect_chain
    assert page.boxes_filled <= 25
    assert Election.objects.get().code == "kg-presidential-2017-10-15"
