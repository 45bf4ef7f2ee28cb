"""A day without its year is of the year of the paper, and the page says so; nothing is guessed in silence."""

import pytest

from missions.models import Election, HeadCount, Invitation
from tests.factories import ElectionFactory, OrganizationFactory, SourceFactory

PAPER = {"title": "Observers arrive", "publisher": "Northland Courier"}
NO_YEAR = "“12 April” has no year: add it here, or the day of the paper above."


@pytest.fixture
def election(db):
    return ElectionFactory(country="KG", kind="presidential", election_day="2031-05-09", sources=[])


@pytest.fixture
def page(desk, election):
    return desk().type("sources-0", **PAPER).type("election", election=election.code)


@pytest.mark.parametrize("words", ["12 April", "April 12", "the 12th of April", "12 апреля", "12 сәуір"])
@pytest.mark.parametrize("recorded", [False, True])
def test_it_is_read_in_the_year_of_the_paper_and_told_before_and_after(page, words, recorded):
    if recorded:
        source = SourceFactory(url="https://courier.example/1", published_on="2031-05-02")
        page.type("sources-0", address=source.url, title="", publisher="")
    else:
        page.type("sources-0", published_on="2 May 2031")
    said = f"“{words}”: read as 12 April 2031, the year of the paper."
    page.type("counts-0", number="86", as_of=words).press("check")
    assert page.told("counts-0")[0] == said
    response = page.press("save")
    assert said in [str(message) for message in response.context["messages"]]
    assert str(HeadCount.objects.get().as_of) == "2031-04-12"


def test_a_box_for_one_day_reads_it_too(page, northland_commission):
    OrganizationFactory(code="council", name="Council of Observers")
    page.type("sources-0", published_on="2031-05-02")
    page.type("invitations-0", inviter="northland-commission", invitees="council", day="12 April").press("save")
    assert str(Invitation.objects.get().sent_on) == "2031-04-12"


def test_the_day_of_a_new_election_too(desk):
    page = desk().type("sources-0", **PAPER, published_on="2031-05-02")
    page.type("election", country="KG", kind="presidential", election_day="9 May").press("check")
    assert page.told("election") == ["“9 May”: read as 9 May 2031, the year of the paper."]
    page.press("save")
    assert str(Election.objects.get().election_day) == "2031-05-09"


def test_the_year_is_asked_for_where_the_paper_has_no_day(page):
    page.type("counts-0", number="86", as_of="12 April").press("save")
    assert page.refusals() == {"counts-0-as_of": [NO_YEAR]}
    assert not HeadCount.objects.exists()


def test_the_year_is_asked_for_where_the_papers_of_the_line_are_of_two_years(page):
    page.type("sources-0", published_on="2031-05-02").press("add:sources")
    page.type("sources-1", title="They came", publisher="Courier", published_on="2032-01-05")
    page.type("counts-0", number="86", as_of="12 April", by=["0", "1"]).press("save")
    assert page.refusals() == {
        "counts-0-as_of": ["“12 April” has no year, and the papers of this line are not all of one year: add it here."]
    }
    page.type("counts-0", by=["1"]).press("save")
    assert str(HeadCount.objects.get().as_of) == "2032-04-12"


def test_the_paper_has_no_other_paper_to_take_its_year_from(page):
    page.type("sources-0", published_on="12 April").press("save")
    assert page.refusals() == {
        "sources-0-published_on": ["“12 April” needs a year of four digits: please write it as 2017-10-15."]
    }


def test_a_page_without_any_paper_has_no_year(page):
    page.sent["sources-TOTAL_FORMS"] = "0"
    page.type("counts-0", number="86", as_of="12 April").press("save")
    assert page.refusals()["counts-0-as_of"] == [NO_YEAR]


def test_a_day_that_is_not_in_that_year_is_refused(page):
    page.type("sources-0", published_on="2031-05-02").type("counts-0", number="86", as_of="29 February").press("save")
    assert page.refusals() == {"counts-0-as_of": ["“29 February 2031” is not in the calendar."]}
