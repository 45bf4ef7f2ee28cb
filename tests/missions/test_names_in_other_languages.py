"""A name that is not recorded in the page's language is marked with its own, wherever it stands in a page's text."""

import copy
import json
import pickle
from html.parser import HTMLParser

import pytest
from django.utils import translation

from lib.spoken import Spoken, filled, joined
from lib.templatetags.names import spoken
from tests.factories import (
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    InvitationFactory,
    MembershipFactory,
    MissionFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    SourceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]

ENGLISH, RUSSIAN = "Quokka", "Кенгуру"
PAGES = [
    "/",
    "/deployments/",
    "/deployments/party/",
    "/deployments/?organizer=council",
    "/deployments/?view=timeline",
    "/elections/vote/",
    "/missions/",
    "/missions/council-mission/",
    "/invitations/",
    "/organizations/",
    "/organizations/council/",
    "/organizations/commission/",
    "/matrix/?rows=sender",
    "/answer/?sender_country=KZ",
    "/answer/?sender_country=KZ&by=organizer",
    "/countries/KZ/",
    "/sources/gazette/",
    "/search/?q=council",
]


class Texts(HTMLParser):
    """Each text of a page's body with the language in which it stands. The filters' own choices are not read."""

    VOID = {"meta", "link", "input", "br", "img", "hr", "circle", "line", "rect", "path", "use"}
    UNREAD = {"title", "script", "style", "option", "form"}

    def __init__(self, markup):
        super().__init__()
        self.open, self.found = [], []
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            above = self.open[-1] if self.open else ("", "", True)
            self.open.append((tag, dict(attrs).get("lang", above[1]), above[2] and tag not in self.UNREAD))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.open and self.open[-1][2]:
            self.found.append((data.strip(), self.open[-1][1]))


@pytest.fixture(autouse=True)
def record(rebuild):
    """Organizations of two names in Latin letters and one in Cyrillic, none in Kazakh."""
    gazette = SourceFactory(code="gazette", title="Observers arrive")
    election = ElectionFactory(code="vote", country="KG", sources=[gazette])
    council = OrganizationFactory(code="council")
    above = OrganizationFactory(code="above")
    commission = OrganizationFactory(code="commission", country="KZ", kind="election_body", parent=above)
    host = OrganizationFactory(code="host", country="KG", kind="election_body")
    for organization in (council, above, commission):
        name = f"{ENGLISH} {organization.code}"
        OrganizationNameFactory(organization=organization, name=name, language="en", source=gazette)
    OrganizationNameFactory(organization=host, name=f"{RUSSIAN} host", language="ru", source=gazette)
    MembershipFactory(organization=council, member_country="", member_organization=commission, sources=[gazette])
    mission = MissionFactory(
        code="council-mission", election=election, organizer=council, starts_on="2030-05-20", sources=[gazette]
    )
    other = MissionFactory(code="other-mission", election=election, organizer=above, part_of=None, sources=[gazette])
    party = DeploymentFactory(
        code="party", election=election, sender=commission, sender_country="KZ", sources=[gazette]
    )
    ChannelFactory(deployment=party, mission=mission, source=gazette)
    ChannelFactory(deployment=party, mission=other, source=gazette)
    HeadCountFactory(deployment=party, kind="announced", value=46, source=gazette)
    HeadCountFactory(election=election, kind="accredited", value=86, source=gazette)
    HeadCountFactory(mission=mission, kind="accredited", value=40, source=gazette)
    for invitee in (council, commission):
        InvitationFactory(
            election=election,
            inviter=host,
            invitee=invitee,
            sent_on="2030-04-01",
            response="declined",
            sources=[gazette],
        )
    rebuild()


def languages_of(client, address, name):
    answer = client.get(address)
    assert answer.status_code == 200
    return {language for text, language in Texts(answer.content.decode()).found if name in text}


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["ru", "kk"])
def test_a_name_that_falls_back_to_english_says_so(client, address, language):
    assert languages_of(client, f"/{language}{address}", ENGLISH) <= {"en"}


def test_the_names_are_on_these_pages_at_all(client):
    silent = [address for address in PAGES if not languages_of(client, f"/kk{address}", ENGLISH)]
    assert silent == []


@pytest.mark.parametrize("address", ["/invitations/", "/missions/council-mission/", "/answer/?sender_country=KZ"])
def test_a_name_that_is_recorded_in_russian_alone_is_marked_on_other_pages(client, address):
    told = {language: languages_of(client, prefix + address, RUSSIAN) for language, prefix in PREFIXES.items()}
    assert told == {"en": {"ru"}, "ru": {"ru"}, "kk": {"ru"}}


PREFIXES = {"en": "", "ru": "/ru", "kk": "/kk"}


def test_a_name_in_the_language_of_the_page_is_not_marked(client):
    assert (
        'lang="en"'
        not in client.get("/deployments/party/").content.decode().partition("<main")[2].partition("</main")[0]
    )


def test_a_name_keeps_its_language_and_is_a_text_for_whatever_reads_it():
    name = Spoken(("Quokka", "en"))
    kept = [str(name), copy.deepcopy(name), pickle.loads(pickle.dumps(name))]  # noqa: S301 (its own)
    assert [(each, each.pieces) for each in kept] == [("Quokka", (("Quokka", "en"),))] * 3
    assert json.dumps({"name": name}) == '{"name": "Quokka"}'


def test_a_sentence_keeps_the_languages_of_the_names_in_it():
    names = joined(", ", [Spoken(("Quokka & Co", "en")), Spoken(("Кенгуру", "ru"))])
    sentence = filled("Шақырған %(who)s: %(day)s", who=names, day="1 <сәуір>")
    assert sentence == "Шақырған Quokka & Co, Кенгуру: 1 <сәуір>"
    with translation.override("ru"):
        assert spoken(sentence) == ('Шақырған <span lang="en">Quokka &amp; Co</span>, Кенгуру: 1 &lt;сәуір&gt;')


def test_an_organization_without_a_name_is_called_by_its_code_which_is_of_no_language():
    with translation.override("kk"):
        assert spoken(OrganizationFactory(code="nameless")) == "nameless"
