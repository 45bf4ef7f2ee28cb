"""What is typed of a paper becomes ordinary records; what is there already stays, and is told of before."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from missions.models import (
    Assignment,
    Channel,
    Deployment,
    Election,
    HeadCount,
    Invitation,
    Mission,
    Reading,
    Statement,
)
from observers.models import Observer, ObserverName
from organizations.models import Change, ChangedRecord, Source, SourceCopy
from tests.factories import (
    AssignmentFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    ObserverFactory,
    OrganizationFactory,
    SourceFactory,
)

PAPER = {"title": "Observers arrive", "publisher": "Northland Courier", "published_on": "2031-05-02"}


def typed_papers():
    """The sources in the record that were typed on the page: organizations and elections have theirs."""
    return Source.objects.filter(publisher=PAPER["publisher"])


@pytest.fixture
def election(db):
    return ElectionFactory(
        country="KG", kind="presidential", election_day="2031-05-09", name="Vote in Kyrgyzstan, 2031", sources=[]
    )


@pytest.fixture
def council(db):
    return OrganizationFactory(code="council", name="Council of Observers")


@pytest.fixture
def assembly(db):
    return OrganizationFactory(code="assembly", kind="parliamentary_assembly", name="Assembly of Observers")


@pytest.fixture
def page(desk, election):
    """A page on which a paper and the election are typed."""
    return desk().type("sources-0", **PAPER).type("election", election=election.code)


def test_a_party_through_two_missions_is_one_party_with_a_channel_for_each(page, council, assembly):
    page.type("parties-0", sender="Kazakhstan", how_many="more than 40")
    page.type("channels-0", as_named="Council of Observers").press("add:channels:0")
    page.type("channels-1", as_named="the parliamentarians", organizer="assembly", excerpt="with the parliamentarians")
    page.press("save")
    [party] = Deployment.objects.all()
    assert (party.code, party.sender_country) == (f"{party.election.code}-from-kz", "KZ")
    assert set(party.channels.values_list("mission__organizer__code", "as_named", "excerpt")) == {
        ("council", "Council of Observers", ""),
        ("assembly", "the parliamentarians", "with the parliamentarians"),
    }
    assert set(Mission.objects.values_list("organizer__code", "kind")) == {("council", "om"), ("assembly", "pa")}
    [count] = HeadCount.objects.all()
    assert (count.deployment, count.kind, count.value, count.qualifier) == (party, "announced", 40, "more_than")
    assert str(count.as_of) == "2031-05-02"
    assert {str(record.sources.get()) for record in (party, *Mission.objects.all())} == {str(typed_papers().get())}


def test_several_senders_of_one_line_send_a_party_each_through_the_same_missions(page, council):
    page.type("parties-0", sender="Kazakhstan; KZ; Kyrgyzstan;").type("channels-0", as_named="council")
    assert page.press("check").context["would"] == "1 source, 2 deployments, 1 mission and 2 channels"
    page.press("save")
    assert page.refusals() == {}
    [mission] = Mission.objects.all()
    assert set(Channel.objects.values_list("deployment__sender_country", "mission")) == {
        ("KZ", mission.pk),
        ("KG", mission.pk),
    }
    assert Deployment.objects.count() == 2


def test_one_number_of_several_senders_is_no_number_of_any(page, council):
    page.type("parties-0", sender="Kazakhstan; Kyrgyzstan", how_many="46").press("save")
    sentence = (
        "One number for several senders: write a line for each with its own number. A number that is given of them "
        "all together stands under “Figures”, of their mission, with the number of states behind “More”."
    )
    assert page.refusals() == {"parties-0-how_many": [sentence]}
    assert not Deployment.objects.exists()


def test_the_figures_are_read_anew_in_the_same_act(page):
    page.type("parties-0", sender="KZ", how_many="46").press("save")
    assert Reading.objects.get(deployment__isnull=False, kind="announced", audience="public").value == 46


@pytest.mark.parametrize("internal", [False, True])
def test_a_party_changes_with_the_public_figures_that_hang_on_it(page, election, internal):
    party = DeploymentFactory(election=election, sender_country="KZ", sender=None)
    Deployment.objects.update(modified_at="2020-01-01T00:00Z")
    if internal:
        page.type("sources-0", internal=True)
    page.type("counts-0", subject="from Kazakhstan", number="46").press("save")
    party.refresh_from_db()
    assert (HeadCount.objects.get().deployment, party.modified_at.year > 2020) == (party, not internal)


def test_one_letter_invites_several(page, council, assembly, northland_commission):
    page.type(
        "invitations-0", inviter="Northland Commission", invitees="council; Assembly of Observers", day="1 May 2031"
    )
    page.press("save")
    assert set(Invitation.objects.values_list("invitee__code", "response", "sent_on__day")) == {
        ("council", "none", 1),
        ("assembly", "none", 1),
    }


def test_the_day_of_an_answer_is_the_day_of_the_answer(page, council, northland_commission):
    page.type(
        "invitations-0",
        inviter="northland-commission",
        invitees="council",
        response="declined",
        day="2 May 2031",
        reason="political",
    ).press("save")
    [invitation] = Invitation.objects.all()
    assert (invitation.response, str(invitation.responded_on), invitation.sent_on) == ("declined", "2031-05-02", None)


def test_a_number_of_the_election_a_mission_and_a_party(page, council, election):
    page.type("parties-0", sender="Kazakhstan")
    page.type("counts-0", number="86", as_of="Apr 2031").press("add:counts")
    page.type("counts-1", subject="Council of Observers", number="some 20", group="long_term", kind="deployed")
    page.press("add:counts")
    page.type("counts-2", subject="from Kazakhstan", number="not published").press("save")
    assert page.refusals() == {}
    told = HeadCount.objects.values_list("election", "mission__organizer__code", "deployment__sender_country")
    assert set(told) == {(election.pk, None, None), (None, "council", None), (None, None, "KZ")}
    undated = HeadCount.objects.get(election=election)
    assert (str(undated.as_of_from), str(undated.as_of)) == ("2031-04-01", "2031-04-30")
    assert HeadCount.objects.get(deployment__isnull=False).qualifier == "not_published"


def test_a_person_of_the_roster_is_found_in_another_script_and_a_new_one_is_made(page, council):
    person = ObserverFactory(family_name="Testov", given_names="Ilias", owner=None)
    page.type("names-0", person="Тестов Ильяс", role="head", mission="council", post="Chair").press("add:names")
    page.type("names-1", person="Newman, Nora", role="expert", mission="council")
    page.press("save")
    assert page.refusals() == {}
    assert set(Assignment.objects.values_list("observer__family_name", "role", "post")) == {
        ("Testov", "head", "Chair"),
        ("Newman", "expert", ""),
    }
    assert Observer.objects.exclude(pk=person.pk).get().given_names == "Nora"


def test_the_spelling_of_a_paper_is_kept_beside_the_name_of_the_roster(page, council):
    person = ObserverFactory(family_name="Testov", given_names="Ilias", owner=None)
    page.type("sources-0", language="en")
    page.type("names-0", person="Testov, Ilias", role="head", mission="council", spelling="Testoff, Elias").press(
        "save"
    )
    assert page.refusals() == {}
    spelling = ObserverName.objects.get()
    assert (spelling.observer, spelling.family_name, spelling.given_names) == (person, "Testoff", "Elias")
    assert (spelling.language, spelling.source) == ("en", typed_papers().get())


def test_a_spelling_needs_a_comma_and_a_paper_that_says_its_language(page, council):
    ObserverFactory(family_name="Testov", given_names="Ilias", owner=None)
    page.type("names-0", person="Testov, Ilias", role="head", mission="council", spelling="Testoff Elias").press("save")
    assert page.refusals() == {"names-0-spelling": ["Write the family name, a comma, the given names."]}
    page.type("names-0", spelling="Testoff, Elias").press("save")
    assert page.refusals() == {"names-0-spelling": ["Say at the paper in which language it is."]}
    assert not ObserverName.objects.exists()


def test_a_person_whom_another_keeps_takes_no_spelling(desk, coordinator, election, council, southland_ministry):
    person = ObserverFactory(family_name="Testov", given_names="Ilias", owner=southland_ministry)
    AssignmentFactory(observer=person, mission=MissionFactory(), owner=southland_ministry, sources=[SourceFactory()])
    page = desk(coordinator).type("sources-0", **PAPER, language="en").type("election", election=election.code)
    page.type("names-0", person="Testov, Ilias", role="head", mission="council", spelling="Testoff, Elias")
    page.press("check")
    sentence = "Another organization keeps this person: the spelling is not kept. Ask that one."
    assert sentence in page.told("names-0")
    page.press("save")
    assert Assignment.objects.filter(observer=person).count() == 2
    assert not ObserverName.objects.exists()


def test_looking_stores_nothing_and_tells_what_would_be_stored(page, council):
    page.type("parties-0", sender="Kazakhstan", how_many="46").type("channels-0", as_named="council")
    response = page.press("check")
    assert response.status_code == 200
    assert page.told("channels-0") == ["New: the mission of Council of Observers (Observer mission)."]
    assert page.line("parties-0").told.ladder.figure == "46"
    assert not typed_papers().exists()
    assert [kind for kind in (Mission, Deployment, Channel, HeadCount, Change) if kind.objects.exists()] == []


SENDERS = ["Kazakhstan", "Kyrgyzstan", "Uzbekistan", "Tajikistan", "Armenia", "Belarus"]


@pytest.mark.parametrize("lines", [2, 6])
def test_looking_at_many_lines_reads_the_record_of_the_election_once(page, lines):
    for number, sender in enumerate(SENDERS[:lines]):
        if number:
            page.press("add:parties")
        page.type(f"parties-{number}", sender=sender, how_many="46")
    with CaptureQueriesContext(connection) as queries:
        page.press("check")
    read = [table for query in queries for table in re.findall('^SELECT .*? FROM "([a-z_]+)"', query["sql"])]
    # No line asks for places, channels and missions: only the ladders do, all at once, and what is offered.
    once = ("missions_assignment", "missions_channel")
    assert ([read.count(table) for table in once], read.count("missions_mission")) == ([1, 1], 2)
    # What is left is the price of storing a party and a head count by the ordinary rules.
    assert len(queries) <= 40 + 32 * lines
    assert {page.line(f"parties-{number}").told.ladder.figure for number in range(lines)} == {"46"}
    assert [page.told(f"parties-{number}") for number in range(lines)] == [[]] * lines


def test_all_or_nothing(page, council):
    page.type("parties-0", sender="Kazakhstan", how_many="46").type("channels-0", as_named="Council of Nobody")
    response = page.press("save")
    assert response.status_code == 400
    assert page.refusals() == {
        "channels-0-organizer": ["The words name no organization of the record: say here whose mission it is."]
    }
    assert (typed_papers().count(), Deployment.objects.count(), Change.objects.count()) == (0, 0, 0)


def test_what_is_refused_by_the_record_itself_is_said_at_the_box(page, council):
    page.type("missions-0") if "missions-0-organizer" in page.sent else page.press("add:missions")
    page.type("missions-0", organizer="council", starts_on="2031-05-09", ends_on="2031-05-01").press("save")
    assert page.refusals() == {"missions-0-ends_on": ["The end, 2031-05-01, is before the start, 2031-05-09."]}


def test_another_paper_says_the_same(page, council):
    page.press("add:sources")
    page.type("sources-1", title="They come", publisher="Southland Post", published_on="2031-05-03")
    page.type("parties-0", sender="Kazakhstan", how_many="46", by=["0", "1"])
    page.type("channels-0", as_named="council", by=["1"]).press("save")
    assert page.refusals() == {}
    assert set(HeadCount.objects.values_list("source__publisher", "value", "as_of__day")) == {
        ("Northland Courier", 46, 2),
        ("Southland Post", 46, 3),
    }
    assert Channel.objects.get().source.publisher == "Southland Post"


# The paper


@pytest.mark.parametrize(
    ("words", "code"),
    [
        *(("en", "en"), ("RU", "ru"), ("English", "en"), ("русский", "ru"), ("Kyrgyz", "ky"), ("Кыргызча", "ky")),
        *(("english ", "en"), ("английский", "en"), ("Қазақ", "kk"), ("kaz", "kaz"), ("", "")),
    ],
)
def test_a_language_is_written_by_its_code_or_its_name(desk, words, code):
    desk().type("sources-0", **PAPER, language=words).press("save")
    assert typed_papers().get().language == code


def test_what_is_no_language_is_refused(desk):
    page = desk().type("sources-0", **PAPER, language="Klingon")
    page.press("save")
    assert page.refusals() == {
        "sources-0-language": ["Give the language as two or three letters, for example en, ru or kk."]
    }


def test_the_language_of_a_source_in_the_record_is_the_same_by_its_name(desk):
    source = SourceFactory(url="https://gazette.example/1", language="ru")
    page = desk().type("sources-0", address=source.url, language="Russian")
    page.press("check")
    assert page.refusals() == {}


# The text of the paper


def test_the_pasted_text_is_kept_and_comes_back_with_the_source(page, client):
    text = "On 2 May, “46 observers”\nwere announced."
    page.type("sources-0", text=text.replace("\n", "\r\n")).type("parties-0", sender="Kazakhstan", how_many="46")
    page.press("save")
    [copy] = SourceCopy.objects.all()
    assert (copy.source, copy.text()) == (typed_papers().get(), text)
    assert page.line("sources-0")["text"].value() == text
    page.type("counts-0", number="40").press("save")
    assert page.refusals() == {}
    assert SourceCopy.objects.count() == 1


def test_a_quote_that_does_not_stand_in_the_text_is_told_and_stored_all_the_same(page):
    page.type("sources-0", text="On 2 May, 46 observers were announced.")
    page.type("parties-0", sender="Kazakhstan", how_many="46", excerpt="46 observers")
    page.type("counts-0", number="40", excerpt="40 observers").press("check")
    missing = "The quote does not stand in the text of paper 1: select it there."
    assert missing in page.told("counts-0")
    assert missing not in page.told("parties-0")
    page.press("save")
    assert HeadCount.objects.filter(excerpt="40 observers").count() == 1


def test_the_text_of_a_source_that_another_keeps_is_not_kept(desk, coordinator, southland_ministry):
    source = SourceFactory(url="https://gazette.example/1", owner=southland_ministry)
    page = desk(coordinator)
    page.type("sources-0", address=source.url, text="46 observers").press("check")
    assert "Its text is not kept: another organization keeps this source." in page.told("sources-0")
    assert SourceCopy.objects.count() == 0


# What is there already


def test_a_source_in_the_record_is_found_by_its_address_and_taken(desk, election):
    source = SourceFactory(url="https://gazette.example/1", publisher="Northland Gazette", title="Observers arrive")
    page = desk().type("sources-0", address="https://gazette.example/1").type("election", election="Kyrgyzstan 2031")
    page.type("parties-0", sender="Kazakhstan").press("check")
    assert page.refusals() == {}
    assert page.told("sources-0") == [f"In the record already: {source}."]
    page.press("save")
    assert list(Deployment.objects.get().sources.all()) == [source]
    assert Source.objects.count() == 1


@pytest.fixture
def cited(election, council):
    """A source that gives a figure of the election and of a part of a party; another gives a third one."""
    source = SourceFactory(code="one", title="One")
    whole = DeploymentFactory(election=election, sender_country="KZ", sender=None)
    part = DeploymentFactory(election=election, sender_country="KZ", sender=council, part_of=whole)
    HeadCountFactory(election=election, kind="accredited", value=86, as_of="2031-05-01", source=source)
    HeadCountFactory(deployment=part, kind="announced", value=10, as_of="2031-05-02", source=source)
    HeadCountFactory(
        deployment=whole, kind="announced", value=46, as_of="2031-05-03", source=SourceFactory(title="Two")
    )
    return source


@pytest.mark.parametrize("way", ["named in the address", "entered from"])
def test_a_page_that_begins_with_a_source_tells_what_this_one_says_already(desk, client, election, cited, way):
    asked = {"source": cited.code} if way == "named in the address" else {}
    page = desk(**asked)
    if way == "entered from":
        client.post(reverse("entering-from"), {"source": cited.code})
        page = desk()
    assert page.told("sources-0") == [f"In the record already: {cited}."]
    assert [(each.words, each.about, each.is_of_this_paper) for each in page.response.context["known"]] == [
        ("Accredited: 86, 1 May 2031", str(election), True),
        ("Announced: 10, 2 May 2031", str(Deployment.objects.exclude(part_of=None).get()), True),
    ]


def test_a_page_that_begins_with_a_source_and_an_election_tells_all_figures_of_this_election(desk, election, cited):
    HeadCountFactory(election=ElectionFactory(), value=7, source=cited)
    page = desk(source=cited.code, election=election.code)
    assert [(each.words, each.about, each.is_of_this_paper) for each in page.response.context["known"]] == [
        ("Accredited: 86, 1 May 2031", "all at the election", True),
        ("Announced: 10, 2 May 2031", "Council of Observers", True),
        ("Announced: 46, 3 May 2031", "Kazakhstan", False),
    ]


def test_a_page_that_begins_with_nothing_tells_nothing(desk, cited):
    page = desk()
    assert ({line.told for line in page.page.every_line()}, page.response.context["known"]) == ({None}, [])


def test_another_title_for_an_address_that_is_known_is_asked_about(desk):
    SourceFactory(url="https://gazette.example/1", title="Observers arrive")
    page = desk().type("sources-0", address="https://gazette.example/1", title="They leave", publisher="Gazette")
    page.press("save")
    assert set(page.refusals()) == {"sources-0-title", "sources-0-publisher"}
    page.type("sources-0", is_another=True).press("save")
    assert Source.objects.filter(url="https://gazette.example/1").count() == 2


def test_the_same_figure_by_another_source_stays_beside_and_is_told(page, election):
    party = DeploymentFactory(election=election, sender_country="KZ", sender=None)
    HeadCountFactory(
        deployment=party, kind="announced", value=46, as_of="2031-05-02", source=SourceFactory(title="One")
    )
    page.type("parties-0", sender="Kazakhstan", how_many="46").press("check")
    said = page.told("parties-0")
    assert f"In the record already: {party}." in said
    assert [sentence for sentence in said if sentence.startswith("Another source says the same: ")] != []
    page.press("save")
    assert (Deployment.objects.count(), HeadCount.objects.filter(value=46).count()) == (1, 2)


def test_a_figure_that_differs_is_told_and_stored_beside(page, election):
    HeadCountFactory(
        election=election, kind="accredited", value=86, as_of="2031-05-02", source=SourceFactory(title="One")
    )
    page.type("counts-0", number="90").press("check")
    assert [sentence for sentence in page.told("counts-0") if "86" in sentence and "90" in sentence] != []
    page.press("save")
    assert set(HeadCount.objects.values_list("value", flat=True)) == {86, 90}


def test_a_figure_in_the_record_is_said_by_this_paper_too_with_one_key(page, election):
    count = HeadCountFactory(election=election, kind="accredited", value=86, as_of="2031-04-30", qualifier="at_least")
    page.press("check")
    [known] = page.response.context["known"]
    page.press(f"same:{known.code}")
    line = page.line("counts-1")
    assert (line["number"].value(), line["kind"].value(), line["as_of"].value()) == (
        "at least 86",
        "accredited",
        "2031-04-30",
    )
    page.press("save")
    twin = HeadCount.objects.exclude(pk=count.pk).get()
    assert (twin.value, twin.qualifier, str(twin.as_of)) == (86, "at_least", "2031-04-30")
    assert twin.source.publisher == "Northland Courier"


def test_a_mission_in_the_record_is_filled_where_it_is_blank_and_otherwise_left(page, election, council):
    mission = MissionFactory(
        election=election,
        organizer=council,
        kind="om",
        status="announced",
        starts_on="2031-05-01",
        owner=None,
        sources=[SourceFactory(title="One")],
    )
    page.press("add:missions")
    page.type("missions-0", organizer="council", starts_on="2031-05-03", ends_on="2031-05-10", status="deployed")
    page.press("save")
    assert page.refusals() == {}
    mission.refresh_from_db()
    assert (str(mission.starts_on), str(mission.ends_on), mission.status) == ("2031-05-01", "2031-05-10", "deployed")
    [statement] = Statement.objects.all()
    assert (statement.subject, statement.field, statement.value) == (
        f"missions/{mission.code}",
        "starts_on",
        "2031-05-03",
    )
    assert mission.sources.count() == 2


def test_an_earlier_status_does_not_take_the_place_of_a_later_one(page, election, council):
    mission = MissionFactory(election=election, organizer=council, status="closed", owner=None)
    page.press("add:missions")
    page.type("missions-0", organizer="council", status="deployed").press("save")
    mission.refresh_from_db()
    assert mission.status == "closed"
    assert Statement.objects.get().value == "deployed"


def test_more_named_than_announced_and_too_late_are_told(page, election, council):
    Election.objects.filter(pk=election.pk).update(accreditation_closes_at="2031-05-01T18:00")
    party = DeploymentFactory(election=election, sender_country="KZ", sender=None, owner=None)
    for name in ("One", "Two"):
        AssignmentFactory(deployment=party, observer__family_name=name, observer__owner=None, owner=None)
    page.type("parties-0", sender="Kazakhstan", how_many="1").press("check")
    said = page.told("parties-0")
    assert "Accreditation closed on 2031-05-01T18:00: this is later." in said
    assert [sentence for sentence in said if "2" in sentence and "named" in sentence] != []


def test_saved_twice_it_is_there_once(page, council):
    page.type("parties-0", sender="Kazakhstan", how_many="46").type("channels-0", as_named="council")
    sent = dict(page.sent)
    page.press("save")
    source = typed_papers().get()
    page.sent = {**sent, "sources-0-address": source.code, "sources-0-title": "", "sources-0-publisher": ""}
    page.sent["sources-0-published_on"] = ""
    page.press("save")
    assert (Deployment.objects.count(), Channel.objects.count(), HeadCount.objects.count()) == (1, 1, 1)


# Who may


def test_a_coordinators_records_are_kept_by_the_coordinators_organization(desk, coordinator, election, council):
    page = desk(coordinator).type("sources-0", **PAPER).type("election", election=election.code)
    page.type("parties-0", sender="Kazakhstan", how_many="46").type("channels-0", as_named="council").press("save")
    assert page.refusals() == {}
    rows = [typed_papers().get(), *(model.objects.get() for model in (Mission, Deployment, Channel, HeadCount))]
    assert [row.owner.code for row in rows] == ["northland-commission"] * 5


def test_a_coordinator_makes_no_election(desk, coordinator):
    page = desk(coordinator)
    assert "election-country" not in page.sent
    page.type("sources-0", **PAPER).type("election", election="Nowhere 2031").press("save")
    assert page.refusals() == {
        "election-election": [
            "No election in the record is found by “Nowhere 2031”: its country and year, or its code, find it."
        ]
    }


def test_what_another_keeps_is_not_changed_but_said_beside(desk, coordinator, election, council, southland_ministry):
    mission = MissionFactory(election=election, organizer=council, ends_on=None, owner=southland_ministry)
    page = desk(coordinator).type("sources-0", **PAPER).type("election", election=election.code)
    page.press("add:missions")
    page.type("missions-0", organizer="council", ends_on="2031-05-10").press("save")
    mission.refresh_from_db()
    assert mission.ends_on is None
    assert (mission.owner, mission.sources.count()) == (southland_ministry, 0)
    assert Statement.objects.get().value == "2031-05-10"


def test_a_person_whom_the_reader_may_not_see_is_not_found(desk, coordinator, election, council, southland_ministry):
    ObserverFactory(family_name="Hiddenova", given_names="Greta", owner=southland_ministry)
    page = desk(coordinator).type("sources-0", **PAPER).type("election", election=election.code)
    page.type("names-0", person="Hiddenova Greta", role="expert", mission="council").press("save")
    assert page.refusals() == {
        "names-0-person": [
            "Nobody on the roster is called so. Somebody new: write the family name, a comma, the given names."
        ]
    }


@pytest.mark.parametrize("who", ["viewer", "anonymous"])
def test_who_enters_no_data_meets_no_page_of_entry(client, who, request):
    if who == "viewer":
        client.force_login(request.getfixturevalue("viewer"))
    assert client.get(reverse("entry")).status_code == (403 if who == "viewer" else 302)


# The log


def test_one_page_is_one_entry_of_the_log(page, council):
    page.type("parties-0", sender="Kazakhstan", how_many="46").type("channels-0", as_named="council").press("save")
    [change] = Change.objects.all()
    assert change.by.username == "administrator"
    logged = set(ChangedRecord.objects.values_list("resource", "action"))
    assert logged == {
        (resource, "created") for resource in ("sources", "missions", "deployments", "channels", "head-counts")
    }
