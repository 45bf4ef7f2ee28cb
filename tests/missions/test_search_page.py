"""The page of search: what it finds in every list, and that its numbers are those of the lists."""

import html
import re

import pytest
from django.urls import reverse

from tests.factories import (
    AssignmentFactory,
    DeploymentFactory,
    ElectionFactory,
    MissionFactory,
    ObserverFactory,
    ObserverNameFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    SourceFactory,
)
from tests.missions.test_pages import read, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


def ask(client, words):
    return read(client, f"{reverse('search')}?q={words}")


def found(markup):
    """The number that is told of each kind."""
    told = re.findall(r'<li><a href="#([\w-]+)">[^<]*<strong>(\d+)</strong>', markup)
    return {kind: int(number) for kind, number in told}


@pytest.fixture
def turkic():
    """An organization under two names, in two scripts, with a mission and a party through no mission."""
    source = SourceFactory()
    council = OrganizationFactory(code="ots")
    names = [
        ("en", "Organization of Turkic States", "OTS", "2021-11-12", None),
        ("en", "Cooperation Council of Turkic Speaking States", "Turkic Council", "2009-10-03", "2021-11-11"),
        ("ru", "Тюркский совет", "", None, None),
    ]
    for language, name, short, since, until in names:
        OrganizationNameFactory(
            organization=council,
            language=language,
            name=name,
            short_name=short,
            valid_from=since,
            valid_until=until,
            source=source,
        )
    election = ElectionFactory(country="KG", sources=[source])
    MissionFactory(election=election, organizer=council, sources=[source])
    DeploymentFactory(election=election, sender_country="KZ", sources=[source])
    return council


@pytest.mark.parametrize("words", ["OTS", "turkic speaking", "тюркский", "TÜRKIC"])
def test_an_organization_and_its_missions_are_found_by_any_name(client, turkic, words):
    told = found(ask(client, words))
    assert (told["organizations"], told["missions"]) == (1, 1)


def test_an_older_name_by_which_it_was_found_is_told(client, turkic):
    organizations = ask(client, "speaking").partition('id="organizations"')[2].partition("</section>")[0]
    assert words_of(f"<x {organizations}") == (
        "Organizations ( 1 ) Organization of Turkic States "
        "also: Cooperation Council of Turkic Speaking States (Turkic Council)"
    )


@pytest.mark.parametrize("words", ["Kazakhstan", "казахстан", "Қазақстан"])
def test_a_country_with_a_record_is_found_in_each_language(client, turkic, words):
    markup = ask(client, words)
    assert found(markup)["countries"] == 1
    assert f'href="{reverse("country", args=["KZ"])}">Kazakhstan' in markup
    assert "countries" not in found(ask(client, "Uruguay"))


def test_each_number_is_that_of_the_list_it_leads_to(client, turkic, viewer):
    ObserverNameFactory(
        observer=AssignmentFactory(deployment=DeploymentFactory(), sources=[SourceFactory()]).observer,
        family_name="Turkic",
    )
    client.force_login(viewer)
    markup = ask(client, "turkic")
    links = {
        html.unescape(href): int(number) for href, number in re.findall(r'\(<a href="([^"]*)">(\d+)</a>\)', markup)
    }
    counted = {href: client.get(href).context["page"].paginator.count for href in links}
    assert counted == links
    assert len(links) == 3


def test_persons_are_found_for_those_who_are_signed_in(client, viewer, northland_commission):
    kept = ObserverFactory(owner=northland_commission, family_name="Quokka")
    ObserverFactory(family_name="Quokka", given_names="Hidden")
    AssignmentFactory(
        observer=ObserverFactory(family_name="Quokka", given_names="Shown"),
        deployment=DeploymentFactory(),
        sources=[SourceFactory()],
    )
    assert "observers" not in found(ask(client, "quokka"))
    client.force_login(viewer)
    markup = ask(client, "quokka")
    assert found(markup)["observers"] == 2
    assert kept.get_absolute_url() in markup
    assert "Hidden Quokka" not in markup


def test_a_spelling_from_an_internal_paper_is_not_told(client, outsider, northland_commission):
    person = ObserverFactory(owner=northland_commission, family_name="Adams", given_names="Ada")
    AssignmentFactory(observer=person, deployment=DeploymentFactory(), sources=[SourceFactory()])
    ObserverNameFactory(observer=person, family_name="Secretname", source=SourceFactory(public=False))
    client.force_login(outsider)
    assert "observers" not in found(ask(client, "secretname"))
    assert "Secretname" not in ask(client, "adams")


def test_what_a_visitor_may_not_see_is_not_found(client, turkic):
    memo = SourceFactory(public=False, title="Turkic memo")
    MissionFactory(organizer=turkic, sources=[memo])
    told = found(ask(client, "turkic"))
    assert told["missions"] == 1
    assert "sources" not in told


def test_only_the_first_rows_are_shown_with_the_way_to_all(client, turkic):
    for _number in range(7):
        MissionFactory(organizer=turkic, sources=[SourceFactory()])
    markup = ask(client, "turkic")
    missions = markup.partition('id="missions"')[2].partition("</section>")[0]
    assert missions.count("<li>") == 5
    assert '<a href="/missions/?q=turkic">All 8' in missions


def test_nothing_found_is_said_and_nothing_asked_is_no_search(client, turkic):
    assert "Nothing is found for “zzz”." in ask(client, "zzz")
    assert found(ask(client, "")) == {}
    assert "Nothing is found" not in ask(client, "")


@pytest.mark.parametrize("query", ["q=...", "q=a&q=b", "words=turkic", "q=turkic&page=2"])
def test_what_it_cannot_be_asked_is_refused(client, turkic, query):
    answer = client.get(f"{reverse('search')}?{query}")
    assert answer.status_code == 400
    assert found(answer.content.decode()) == {}


@pytest.mark.parametrize("words", ["президентские Кыргызстан", "президент Киргизия", "president kyrgyzstan"])
def test_an_election_is_found_by_its_kind_in_every_language_with_all_that_belongs_to_it(client, words):
    source = SourceFactory()
    for kind, country in (("presidential", "KG"), ("presidential", "MN"), ("parliamentary", "KG")):
        election = ElectionFactory(name="Election", kind=kind, country=country, sources=[source])
        MissionFactory(election=election, sources=[source])
        DeploymentFactory(election=election, sources=[source])
    assert found(ask(client, words)) == {"elections": 1, "missions": 1, "deployments": 1}
