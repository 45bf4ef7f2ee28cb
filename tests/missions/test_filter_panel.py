"""The filter panel of the deployments: each choice with its rows, what is chosen to be unticked, names for codes."""

import html
import re

import pytest
from django.urls import reverse

from missions.models import Deployment
from organizations.models import Organization
from tests.factories import (
    DeploymentFactory,
    ElectionFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    SourceFactory,
)
from tests.missions.test_facets import two_parties
from tests.missions.test_lists import page, queries, whole_record
from tests.missions.test_pages import words_of

__all__ = ["two_parties"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


def panel(client, query=""):
    markup = client.get(page("deployments", query)).content.decode()
    return markup[markup.index('<form class="panel"') : markup.index("</form>")]


def boxes(client, query=""):
    """The checkboxes by parameter and value: their words, and whether they are ticked."""
    found = re.findall(
        r'<input type="checkbox" name="(\w+)" value="([\w-]+)"( checked)?>(.*?)</label>',
        panel(client, query),
    )
    return {
        (name, value): (" ".join(re.sub("<[^>]*>", "", words).split()), bool(ticked))
        for name, value, ticked, words in found
    }


def options(client, name, query=""):
    selects = re.findall(rf'<select name="{name}".*?</select>', panel(client, query))
    return [re.findall('<option value="([^"]*)">([^<]*)', each) for each in selects]


def test_a_choice_says_how_many_rows_it_has_and_one_without_rows_stays_and_says_none(two_parties, client):
    told = boxes(client)
    assert told["status", "completed"] == ("Completed 1", False)
    assert told["status", "planned"] == ("Planned none", False)
    assert options(client, "sender_country") == [[("", "Any"), ("KZ", "Kazakhstan (1)"), ("UZ", "Uzbekistan (1)")]]


def test_a_choice_heeds_all_filters_but_its_own_and_what_is_chosen_is_ticked(two_parties, client):
    query = "?sender_country=KZ&status=completed"
    assert boxes(client, query)["status", "completed"] == ("Completed 1", True)
    assert boxes(client, query)["status", "announced"] == ("Announced none", False)
    assert boxes(client, query)["sender_country", "KZ"] == ("Kazakhstan 1", True)
    assert options(client, "sender_country", query) == [[("", "—"), ("UZ", "Uzbekistan (none)")]]


def test_what_is_wanting_in_a_row_is_one_group_of_checkboxes_over_several_filters(two_parties, client):
    markup = panel(client)
    group = markup[markup.index("<legend>Data quality</legend>") :]
    group = group[: group.index("</fieldset>")]
    assert re.findall(r'name="(\w+)" value="(\w+)"', group) == [
        ("agreement", "conflict"),
        ("channels_agree", "no"),
        ("agreement", "gap"),
        ("agreement", "partial"),
        ("share", "unknown"),
        ("named", "no"),
        ("sourced", "no"),
    ]
    told = boxes(client, "?named=no&agreement=gap")
    assert told["named", "no"] == ("No names published none", True)
    assert told["share", "unknown"] == ("Split between missions not published none", False)
    assert boxes(client, "?named=no")["agreement", "agreed"] == ("Figures agree none", False)


def test_every_choice_of_the_grouped_filters_stands_in_one_of_the_two_groups(two_parties, client):
    names = ("agreement", "channels_agree", "share", "named", "sourced")
    assert {key for key in boxes(client) if key[0] in names} == {
        (name, str(value))
        for name in names
        for value, _label in client.get(page("deployments")).context["filterset"].filters[name].field.choices
        if value
    }


@pytest.fixture
def many_senders(two_parties):
    """So many bodies that they are typed and not chosen."""
    gazette = SourceFactory()
    election = ElectionFactory()
    for number in range(60):
        body = OrganizationFactory(code=f"body-{number}", country="KZ", name=f"Body “{number}” & Sons")
        DeploymentFactory(election=election, sender=body, sources=[gazette])


def test_of_a_long_list_the_names_with_most_rows_are_offered(many_senders, client):
    DeploymentFactory(
        election=ElectionFactory(), sender=Organization.objects.get(code="body-59"), sources=[SourceFactory()]
    )
    markup = panel(client)
    datalist = markup[markup.index('<datalist id="names-sender">') :]
    offered = re.findall("<option>([^<]*)", datalist[: datalist.index("</datalist>")])
    assert (len(offered), html.unescape(offered[0])) == (10, "Body “59” & Sons")


def test_what_is_chosen_of_a_long_list_is_a_box_to_be_unticked(many_senders, client):
    assert boxes(client, "?sender=body-3")["sender", "body-3"] == ("Body “3” &amp; Sons 1", True)


def test_a_name_that_is_typed_leads_to_the_address_with_its_code(many_senders, client):
    answer = client.get(page("deployments"), {"sender": ["body-1", "BODY 3 sons"], "q": " ", "year": ""})
    assert (answer.status_code, answer["Location"]) == (302, "/deployments/?sender=body-1&sender=body-3")
    assert client.get(page("deployments"), {"q": "", "page": ""})["Location"] == "/deployments/"


def test_an_organization_is_found_by_any_name_of_any_time_that_the_reader_sees(many_senders, client):
    body = Organization.objects.get(code="body-7")
    OrganizationNameFactory(organization=body, language="ru", name="Тело Семь", valid_until="2001-01-01")
    OrganizationNameFactory(organization=body, name="Secret Seven", source=SourceFactory(public=False))
    assert client.get(page("deployments"), {"sender": "тело семь"})["Location"] == "/deployments/?sender=body-7"
    assert client.get(page("deployments"), {"sender": "Secret Seven"}).status_code == 400


def test_a_name_of_two_and_a_name_of_none_are_refused_by_name(many_senders, client):
    for code in ("twin-one", "twin-two"):
        OrganizationFactory(code=code, name="Twin Body")
    for typed in ("Twin Body", "Nobody"):
        answer = client.get(page("deployments"), {"sender": typed})
        assert answer.status_code == 400
        assert f"“{typed}” is not one of the values of sender." in html.unescape(answer.content.decode())


@pytest.mark.parametrize(
    ("address", "typed", "code"),
    [
        ("missions", {"host_country": "kyrgyzstan"}, "host_country=KG"),
        ("missions", {"organizer": "Northland Union"}, "organizer=union"),
        ("invitations", {"invitee": "Ministry"}, "invitee=ministry"),
        ("organizations", {"country": "Kazakhstan", "q": ""}, "country=KZ"),
        ("answer", {"organizer": "Northland Assembly"}, "organizer=assembly"),
        ("matrix", {"sender": "embassy", "year": ""}, "sender=embassy"),
        ("calendar", {"host_country": "Mongolia"}, "host_country=MN"),
    ],
)
def test_every_page_with_filters_takes_names_for_codes(two_parties, client, address, typed, code):
    answer = client.get(reverse(address), typed)
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse(address)}?{code}")
    assert client.get(answer["Location"]).status_code == 200


def test_what_is_typed_and_is_nothing_stays_in_the_panel_to_be_unticked(two_parties, client):
    markup = client.get(reverse("missions"), {"organizer": "Nobody"})
    assert markup.status_code == 400
    assert '<input type="checkbox" name="organizer" value="Nobody" checked> Nobody' in markup.content.decode()


def test_a_blank_of_an_unknown_name_is_still_refused(client):
    assert client.get(page("deployments"), {"yaer": ""}).status_code == 400


def test_a_long_list_takes_no_more_queries_than_fifteen_and_its_page_no_more_than_sixty_thousand_bytes(client, rebuild):
    whole_record("first")
    rebuild()
    few = queries(client, [page("deployments")])
    for number in range(40):
        whole_record(number)
    rebuild()
    assert queries(client, [page("deployments")]) == few
    assert max(few.values()) < 16
    assert Deployment.objects.count() == 41
    assert len(client.get(page("deployments")).content) < 60_000


def test_a_chip_says_what_its_box_says(client):
    markup = client.get(page("deployments", "?channels_agree=no&named=no&sourced=yes")).content.decode()
    chips = re.findall(r'<a class="chip".*?</a>', markup, re.DOTALL)
    assert [words_of(chip) for chip in chips] == [
        "Remove this filter: Data quality: Sources name different missions ×",
        "Remove this filter: Data quality: No names published ×",
        "Remove this filter: What is known: Has a source ×",
    ]
