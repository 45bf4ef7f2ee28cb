"""One election of the record that ships, read from its pages as a visitor reads it."""

import re

import pytest
from django.urls import reverse

from missions.models import Deployment
from organizations.models import Source
from tests.missions.test_lists import page
from tests.missions.test_pages import cells, read, section, words_of

pytestmark = pytest.mark.usefixtures("kyrgyzstan_2017", "db", "public_access")

ELECTION = "kg-presidential-2017-10-15"
PARTY = f"{ELECTION}-from-kz"


# Kazakhstan in Kyrgyzstan, 2017


THE_ROW = [
    "Kazakhstan → Kyrgyzstan Presidential election in Kyrgyzstan, 15 October 2017",
    "CIS, IPA CIS, ODIHR, OSCE, OSCE PA, Turkic Council, SCO, TURKPA split between missions not published",
    # The timeline, whose words are its name.
    "",
    "46 announced 2 named accredited, deployed: not checked yet",
    "Announced Sources name different missions 4 sources",
]


def test_kazakhstan_in_kyrgyzstan_is_one_row(client):
    markup = read(client, page("deployments", "?sender_country=KZ&host_country=KG"))
    assert cells(markup) == [THE_ROW]
    assert words_of(re.search('<p class="total">.*?</p>', markup, re.DOTALL)[0]) == "Announced: 46 in 1 deployment."
    link = "/invitations/?response=declined&amp;sender_country=KZ&amp;host_country=KG"
    sentence = "1 invitation to these senders was declined"
    assert re.search('<p class="declined">(.*?)</p>', markup)[1] == f'<a href="{link}">{sentence}</a>'
    assert words_of(re.search('<ul class="chips".*?</ul>', markup, re.DOTALL)[0]) == (
        "Remove this filter: Host country: Kyrgyzstan × Remove this filter: Sending state: Kazakhstan × Clear all"
    )


def test_through_the_missions_of_the_osce_its_share_is_unknown(client):
    markup = read(client, page("deployments", "?organizer=osce"))
    assert cells(markup) == [THE_ROW]
    assert words_of(re.search('<p class="total">.*?</p>', markup, re.DOTALL)[0]) == (
        "Announced: 0 to 44 in 1 deployment; the share of 1 in the chosen missions is unknown."
    )
    assert 'class="declined"' not in markup


def test_the_deployment_with_its_channels_in_the_words_of_each_source(client):
    markup = read(client, reverse("deployment", args=[PARTY]))
    assert (
        words_of(re.search("<h1>.*?</h1>", markup)[0])
        == "Kazakhstan → Presidential election in Kyrgyzstan, 15 October 2017"
    )
    lead = words_of(re.search('<p class="lead">.*?</p>', markup, re.DOTALL)[0])
    assert lead == "46 announced, 2 named, split between missions not published"
    channels = section(markup, "channels")
    assert "The sources name different missions. All that they say is kept." in channels
    told = [
        [words_of(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall(
            r"<tr[^>]*>(.*?)</tr>", markup.partition('id="channels"')[2].partition("<tbody")[2], re.DOTALL
        )
    ]
    named = {row[0]: (row[2], row[3]) for row in told}
    assert named == {
        "CIS": ("nobody", "0 to 44 of 46"),
        "IPA CIS": ("nobody", "0 to 44 of 46"),
        "ODIHR": ("nobody", "0 to 44 of 46"),
        "OSCE": ("nobody", "0 to 44 of 46"),
        "OSCE PA": ("nobody", "0 to 44 of 46"),
        "Turkic Council (now OTS)": ("nobody", "0 to 44 of 46"),
        "SCO": ("2", "at least 2 of 46"),
        "TURKPA": ("nobody", "0 to 44 of 46"),
    }
    words = {channel.as_named for channel in Deployment.objects.get(code=PARTY).channels.all()}
    assert [word for word in words if word not in channels] == []
    assert len(words) == 17


def test_the_deployment_with_its_counts_persons_and_sources(client):
    markup = read(client, reverse("deployment", args=[PARTY]))
    counts = cells(re.search('<section id="observers">(.*?)</section>', markup, re.DOTALL)[0])
    assert [row[:6] for row in counts] == [["Announced", "All", "13 October 2017", "46", "", ""]] * 4
    assert section(markup, "named") == (
        "Named observers Yermek Apekov , Chief Inspector of the Almaty Region’s Akim – Short-term observer, SCO [5] "
        "Sultan Dyusembinov , Secretary of the Almaty Region’s Maslikhat – Short-term observer, SCO [5]"
    )
    references = section(markup, "sources")
    assert len(re.findall('<li id="source-', markup)) == 5
    cited = Source.objects.filter(code__in=re.findall('href="/sources/([^/]+)/"', markup.partition('id="sources"')[2]))
    assert [source for source in cited if source.title not in references or source.publisher not in references] == []
    assert len(cited) == 5
    assert '<dt>Status</dt><dd><span class="tag announced">Announced</span></dd>' in markup


def test_the_declined_invitation_with_its_reason_and_source(client):
    found = client.get(page("invitations", "?response=declined")).context["rows"]
    [(invitation, _row)] = found
    markup = read(client, invitation.get_absolute_url())
    assert words_of(markup.partition("<dl")[2].partition("</dl>")[0]).endswith(
        "Answer Declined 13 October 2017 Reason Political: Refused to observe “as an independent subject of "
        "observation”, after the statements of the President of Kyrgyzstan about Kazakhstan. "
        f"Remark {invitation.remark}"
    )
    assert markup.count('<li id="source-') == invitation.sources.count() > 0


@pytest.mark.parametrize(
    "resource", ["deployments", "missions", "elections", "invitations", "organizations", "sources"]
)
def test_each_list_shows_every_row(client, kyrgyzstan_2017, resource):
    rows = kyrgyzstan_2017[f"{resource}.csv"].new
    markup = read(client, page(resource, "?page_size=100"))
    assert len(cells(markup)) == rows
    assert f"1 to {rows} of {rows}" in markup


def test_the_names_of_2017_stand_beside_those_of_today(client):
    markup = read(client, reverse("mission", args=["kg-presidential-2017-10-15-ots"]))
    assert "Turkic Council" in words_of(re.search("<h1>.*?</h1>", markup)[0])
    assert "(now OTS)" in words_of(markup)
    assert cells(read(client, page("deployments", "?q=Organization of Turkic States"))) == [THE_ROW]


@pytest.mark.parametrize("words", ["казах", "Қазақстан", "KAZAKHSTAN", "kyrgyz 2017", "Кыргыз", "odihr", "cis osce"])
def test_the_deployment_is_found_in_every_script(client, words):
    assert cells(read(client, page("deployments", f"?q={words}"))) == [THE_ROW]


def test_the_ladder_of_the_election_shows_every_count(client):
    markup = read(client, reverse("election", args=["kg-presidential-2017-10-15"]))
    counts = cells(markup.partition('id="counts"')[2].partition("</section>")[0])
    numbers = [cell for row in counts for cell in row[3:6]]
    assert [number for number in numbers if number and not number.isdigit()] == [
        "+54",
        "+54",
        "more than 700",
        "about 775",
        "more than 1,000",
        "more than 700",
    ]


def test_what_another_source_says_stands_beside_the_fact(client):
    markup = read(client, reverse("election", args=["kg-presidential-2017-10-15"]))
    assert "<dt>Kind</dt><dd>Presidential election" in markup
    assert "Kind Presidential election: President another source says Parliamentary election [12]" in words_of(markup)


def test_the_answer_to_whom_kazakhstan_sent_in_2017(client):
    markup = read(client, f"{reverse('answer')}?sender_country=KZ&year=2017")
    short = re.search('<section id="in-short">.*?</section>', markup, re.DOTALL)[0]
    assert [words_of(line) for line in re.findall("<li>.*?</li>", short, re.DOTALL)] == [
        "Announced: 46 in 1 deployment.",
        "Accredited: no number known; 1 publishes no number (not checked yet: 1).",
        "Deployed: no number known; 1 publishes no number (not checked yet: 1).",
        "Named: 2 in 1 deployment.",
        "1 invitation to these senders was declined .",
    ]
    through = section(markup, "through-whom")
    assert "SCO Shanghai Cooperation Organisation 1 2 to 46" in through
    assert "ODIHR OSCE Office for Democratic Institutions and Human Rights 1 0 to 44" in through
    assert section(markup, "declined").startswith(
        "Invitations declined Central Election Commission of Kazakhstan : "
        "Presidential election in Kyrgyzstan, 15 October 2017 . "
        "Invited by Central Commission for Elections and Referenda of Kyrgyzstan. "
        "Declined on 13 October 2017. Reason: Political."
    )
    assert "46 announced [1] [2] [3] [4]" in section(markup, "parties")
