"""What somebody who had never seen the page of entry stumbled over, and what the page says now."""

import pytest

from missions.models import Deployment, HeadCount, Mission, Statement
from organizations.countries import country_called
from organizations.models import Source
from tests.factories import ElectionFactory, MissionFactory, OrganizationFactory, SourceFactory

PAPER = {"title": "Observers arrive", "publisher": "Northland Courier", "published_on": "2031-05-02"}


@pytest.fixture
def election(db):
    return ElectionFactory(country="KG", kind="presidential", election_day="2031-05-09", sources=[])


@pytest.fixture
def council(db):
    return OrganizationFactory(code="council", name="Council of Observers")


@pytest.fixture
def page(desk, election):
    return desk().type("sources-0", **PAPER).type("election", election=election.code)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        *(("USA", "US"), ("the United States", "US"), ("UK", "GB"), ("Great Britain", "GB"), ("the Netherlands", "NL")),
        *(("Czech Republic", "CZ"), ("Turkey", "TR"), ("Republic of Moldova", "MD"), ("Russian Federation", "RU")),
        *(("Republic of Korea", "KR"), ("Kyrgyz Republic", "KG"), ("Ivory Coast", "CI"), ("Казахстан", "KZ")),
        *(("kz", "KZ"), ("Nowhere", ""), ("the", ""), ("", "")),
    ],
)
def test_states_are_known_by_what_papers_call_them(words, code):
    assert country_called(words) == code


def test_what_another_keeps_and_the_paper_only_names_is_not_said_to_be_stored(
    desk, coordinator, election, council, southland_ministry
):
    MissionFactory(election=election, organizer=council, owner=southland_ministry)
    source = SourceFactory(url="https://courier.example/1")
    page = desk(coordinator).type("sources-0", address=source.url).type("election", election=election.code)
    page.press("add:missions")
    page.type("missions-0", organizer="council").press("check")
    refusal = "Another organization keeps it: your paper is not added to it. Ask that one, or an administrator."
    assert refusal in page.told("missions-0")
    response = page.press("save")
    assert [str(each) for each in response.context["messages"]] == [
        "Nothing was stored: the record says all of this already."
    ]


def test_a_second_value_of_one_paper_is_told_and_not_dropped_in_silence(page, election, council):
    mission = MissionFactory(election=election, organizer=council, starts_on="2031-05-01", owner=None)
    page.press("add:missions")
    page.type("missions-0", organizer="council", starts_on="2031-05-02").press("save")
    page.press("add:missions")
    page.type("missions-0", organizer="council", starts_on="2031-05-03").press("check")
    says = "on site from: this paper says “2031-05-02” in the record already: change that first."
    assert says in page.told("missions-0")
    assert [each.value for each in Statement.objects.filter(subject=f"missions/{mission.code}")] == ["2031-05-02"]


def test_the_same_number_of_the_same_paper_on_another_day_is_asked_about(page):
    page.type("counts-0", number="86", as_of="2031-05-01").press("save")
    count = HeadCount.objects.get()
    page.type("counts-0", number="86", as_of="2031-05-02").press("check")
    sentence = f"This paper gives this number already, of another day: {count}. Is it the same figure?"
    assert sentence in page.told("counts-0")
    [known] = page.response.context["known"]
    assert known.is_of_this_paper
    assert f'value="same:{count.code}"' not in page.response.content.decode()


@pytest.mark.parametrize(
    ("done", "status"), [("announced", "announced"), ("accredited", "announced"), ("deployed", "deployed")]
)
def test_a_party_and_its_mission_have_the_status_of_what_was_done(page, council, done, status):
    page.type("parties-0", sender="Kazakhstan", how_many="46", kind=done).type("channels-0", as_named="council")
    page.press("save")
    assert (Deployment.objects.get().status, Mission.objects.get().status) == (status, status)


def test_that_a_paper_has_no_day_is_said_once(desk, election):
    page = desk().type("sources-0", title="They come", publisher="Courier").type("election", election=election.code)
    page.type("counts-0", number="86").press("add:counts")
    page.type("counts-1", number="40", group="long_term").press("save")
    assert page.refusals() == {
        "counts-0-as_of": ["The paper has no day: say here as of when the number stood, or the day of the paper above."]
    }
    page.type("sources-0", published_on="2031-05-02").press("save")
    assert set(HeadCount.objects.values_list("value", "as_of__day")) == {(86, 2), (40, 2)}


def test_what_the_record_lacks_of_a_source_is_filled(desk, election):
    source = SourceFactory(url="https://courier.example/1", published_on=None, language="", owner=None)
    desk().type("sources-0", address=source.url, published_on="2 May 2031", language="en").press("save")
    source.refresh_from_db()
    assert (str(source.published_on), source.language) == ("2031-05-02", "en")


def test_what_another_left_blank_of_a_source_is_asked_of_that_one(desk, coordinator, southland_ministry):
    source = SourceFactory(url="https://courier.example/1", published_on=None, owner=southland_ministry)
    page = desk(coordinator)
    page.type("sources-0", address=source.url, published_on="2 May 2031").press("save")
    assert page.refusals() == {
        "sources-0-published_on": ["Another organization keeps this source, and left this blank: ask it to fill it."]
    }


def test_two_papers_with_one_address_are_one(page):
    page.type("sources-0", address="https://courier.example/1").press("add:sources")
    page.type("sources-1", address="https://courier.example/1").press("save")
    assert page.refusals() == {"sources-1-address": ["Paper 1 has this address: it is the same source."]}


def test_more_lines_than_a_page_takes_are_told(page):
    page.sent["counts-TOTAL_FORMS"] = "61"
    page.type("counts-0", number="86")
    response = page.press("save")
    assert "More than 60 lines of one kind" in response.content.decode()
    assert not HeadCount.objects.exists()


def test_words_that_name_nobody_lead_to_the_box_beside_them(page):
    page.type("parties-0", sender="Kazakhstan").type("channels-0", as_named="African observers").press("check")
    assert page.refusals() == {
        "channels-0-organizer": ["The words name no organization of the record: say here whose mission it is."]
    }


def test_a_mission_whose_own_line_is_wrong_is_not_made_otherwise_in_place(page, council):
    page.press("add:missions")
    page.type("missions-0", organizer="council", kind="eom", starts_on="no day")
    page.type("counts-0", subject="council", number="40").press("check")
    assert page.told("counts-0") == []


def test_looking_says_what_would_be_new(page, council):
    page.type("parties-0", sender="Kazakhstan", how_many="46").type("channels-0", as_named="council")
    response = page.press("check")
    assert response.context["would"] == "1 source, 1 deployment, 1 head count, 1 mission and 1 channel"


def test_the_message_leads_to_the_election(page, election):
    response = page.type("counts-0", number="86").press("save")
    [message] = response.context["messages"]
    assert f'<a href="{election.get_absolute_url()}">' in str(message)
    assert Source.objects.filter(title=PAPER["title"]).count() == 1
