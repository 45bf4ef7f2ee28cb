"""The record that ships, held against what it was made of.

`accreditation_counts.csv` beside this file was written by hand from the collected accreditation counts: a line for each
number, with the row of the record that holds it, or with the reason in docs/record.md why no row does.
"""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Q

from missions.dataset import RECORDS
from missions.election_records import election_records, public_sight
from missions.models import Deployment, Election, HeadCount, Invitation, Mission, Statement
from missions.reconciliation import reconcile
from observers.models import Observer
from organizations.models import Membership, Organization, Region, Source
from tests.conftest import PUBLISHED

pytestmark = pytest.mark.usefixtures("published_record", "db")

KG_2017 = "kg-presidential-2017-10-15"
KZ_2015 = "kz-presidential-2015-04-26"
KZ_2021 = "kz-parliamentary-2021-01-10"
KZ_2022 = "kz-referendum-2022-06-05"
KZ_2024 = "kz-referendum-2024-10-06"
FILES = sorted(path.stem for path in PUBLISHED.glob("*.csv"))
# The codes that docs/record.md prints of rows which it says were left out, merged or renamed.
NOT_IN_THE_RECORD = {
    *("cec-hu", "cec-my", "cec-zw", "gov-bi", "pa-bsec"),
    *("az-parliamentary-2020-02-09-pa-bsec", "ba-local-2024-10-06-congress", "rs-local-2024-06-02-congress"),
}
NUMERIC_CODES = "10 11 15 19 23 27 31 33 35 39 43 47 55 59 61 62 63 71 75 79"


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def published(name):
    return read_csv(PUBLISHED / f"{name}.csv")


NUMBERS = read_csv(Path(__file__).parent / "accreditation_counts.csv")
TEXT = " ".join((settings.BASE_DIR / "docs" / "record.md").read_text(encoding="utf-8").split())


def answer(code, *, group="all"):
    """What the pure functions make of the accreditation of an election, as everybody may see it."""
    (record,) = election_records([Election.objects.get(code=code)], public_sight).values()
    return reconcile(record, f"elections/{code}", group=group)


def parts(read):
    return {part.subject.split("/")[1].removeprefix(f"{read.subject.split('/')[1]}-"): part.low for part in read.parts}


def ladder(read):
    return [(f"{step.as_of_from or ''}", f"{step.as_of}", step.reported) for step in read.ladder]


# The accreditation counts, number by number


def test_the_table_has_a_line_for_each_of_the_63_numbers():
    assert [int(line["line"]) for line in NUMBERS] == list(range(1, 64))
    assert [line["value"] for line in NUMBERS if line["reason"]] == ["168", "0"]


@pytest.mark.parametrize(
    "line", [line for line in NUMBERS if not line["reason"]], ids=lambda line: f"{line['line']}-{line['value']}"
)
def test_each_number_is_a_row_of_the_record_for_each_of_its_sources(line):
    rows = HeadCount.objects.filter(
        Q(election__code=line["subject"]) | Q(mission__code=line["subject"]) | Q(deployment__code=line["subject"]),
        kind=line["kind"],
        group=line["group"],
        basis=line["basis"],
        value=line["value"],
        qualifier=line["qualifier"],
        as_of_from=line["as_of_from"] or None,
        as_of=line["as_of"],
        counted=True,
    )
    assert line["subject"].startswith(line["election"])
    assert sorted(rows.values_list("source__code", flat=True)) == sorted(line["sources"].split("; "))


@pytest.mark.parametrize("line", [line for line in NUMBERS if line["reason"]], ids=lambda line: line["subject"])
def test_a_number_without_a_row_has_its_reason_in_the_document(line):
    of_election = HeadCount.objects.all().in_elections(Election.objects.filter(code=line["election"]))
    assert of_election.filter(value=line["value"]).count() == 0
    assert line["reason"] in TEXT


# What the pure functions make of them


def test_kazakhstan_2015_858_are_742_of_six_organizations_and_116_of_37_states():
    read = answer(KZ_2015)
    assert parts(read) == {"odihr": 293, "cis": 410, "sco": 10, "ots": 15, "turkpa": 11, "oic": 3, KZ_2015: 116}
    assert (read.value, read.parts_sum.value, read.parts_gap, read.agreement) == (858, 858, 0, "agreed")
    assert (read.states.value, read.bodies.value) == (37, 6)
    assert answer(KZ_2015, group="organizations").parts_sum.value == 742
    assert answer(KZ_2015, group="states").value == 116
    assert ladder(read) == [("", "2015-03-28", 83), ("", "2015-04-20", 858)]
    assert [(step.before, step.change, step.step) for step in read.ladder] == [(35, 48, None), (None, None, 775)]


def test_kazakhstan_2015_the_batch_of_48_is_18_of_nine_states_and_30_of_odihr():
    batch = HeadCount.objects.filter(basis="change", as_of="2015-03-28", source__code="caravan-2015-03-28")
    of_states = batch.filter(deployment__election__code=KZ_2015).values_list("deployment__sender_country", "value")
    assert dict(of_states) == {"NO": 4, "AT": 3, "RS": 3, "BG": 2, "LT": 2, "GB": 1, "HU": 1, "LV": 1, "SK": 1}
    assert batch.get(mission__code=f"{KZ_2015}-odihr").value == 48 - sum(value for _state, value in of_states)


def test_kazakhstan_2021_398_are_322_of_ten_organizations_and_76_of_31_states():
    read = answer(KZ_2021)
    of_the_cis_and_the_osce = {"cis": 179, "ipa-cis": 48, "odihr": 42, "osce-pa": 9}
    of_others = {"sco": 15, "turkpa": 9, "ots": 7, "csto-pa": 7, "oic": 4, "eu": 2}
    assert parts(read) == of_the_cis_and_the_osce | of_others | {KZ_2021: 76}
    assert (read.value, read.parts_sum.value, read.parts_gap, read.agreement) == (398, 398, 0, "agreed")
    assert (read.states.value, read.bodies.value) == (31, 10)
    organizations = answer(KZ_2021, group="organizations")
    assert (organizations.value, organizations.parts_sum.value) == (322, 322)
    assert answer(KZ_2021, group="states").value == 76
    assert ladder(read) == [("", "2020-12-22", 276), ("", "2021-01-04", 398)]
    assert [(step.before, step.change) for step in read.ladder] == [(86, 190), (None, None)]


def test_kazakhstan_2022_grows_from_39_over_105_to_272():
    read = answer(KZ_2022)
    assert ladder(read) == [("", "2022-05-18", 39), ("", "2022-05-25", 105), ("", "2022-05-30", 272)]
    assert [(step.before, step.step) for step in read.ladder] == [(0, None), (None, 66), (None, 167)]
    assert (read.value, read.agreement) == (272, "agreed")
    assert parts(read) == {"cis": 43, "ipa-cis": 17, "odihr": 10, "ots": 5, KZ_2022: 11}


def test_kazakhstan_2024_177_of_30_states_and_four_organizations_and_odihr_declined():
    read = answer(KZ_2024)
    assert (read.value, read.states.value, read.bodies.value) == (177, 30, 4)
    missions = Mission.objects.filter(election__code=KZ_2024).values_list("organizer__code", flat=True)
    assert sorted(missions) == ["cica", "cis", "ots", "sco"]
    declined = Invitation.objects.get(election__code=KZ_2024, invitee__code="odihr")
    assert (declined.response, f"{declined.responded_on}", declined.reason) == ("declined", "2024-09-17", "other")


def test_kyrgyzstan_2017_grows_from_61_to_about_775():
    read = answer(KG_2017)
    assert ladder(read) == [
        ("", "2017-08-31", 61),
        ("", "2017-09-08", 86),
        ("", "2017-09-28", 315),
        ("2017-09-29", "2017-10-14", 496),
        ("2017-09-30", "2017-10-14", None),
        ("", "2017-10-15", 775),
    ]
    assert (read.ladder[0].before, read.ladder[0].change, read.ladder[4].low) == (7, 54, 701)
    assert (read.value, read.approximate) == (775, True)


def test_kyrgyzstan_2017_more_than_700_domestic_observers_were_trained():
    trained = HeadCount.objects.get(election__code=KG_2017, kind="trained")
    assert (trained.value, trained.qualifier, trained.group) == (700, "more_than", "citizen")


# What the sources say beside the numbers


def test_who_invites_is_of_the_host_country():
    hosts = Invitation.objects.values_list("election__country", "inviter__country", "inviter__kind")
    assert [row for row in hosts if row[0] != row[1]] == []
    assert {kind for _host, _country, kind in hosts} == {"government", "election_body", "parliament"}


def test_what_was_called_off_says_why():
    parties = Deployment.objects.filter(status__in=["cancelled", "withdrawn"])
    missions = Mission.objects.filter(status__in=["cancelled", "suspended"])
    assert (parties.filter(status_reason="").count(), missions.filter(status_reason="").count()) == (0, 0)
    assert (parties.count(), missions.count()) == (14, 30)


def test_an_election_of_akims_has_the_voting_days_of_its_14_regions():
    days = Election.objects.get(code="kz-local-2013-08-05").voting_days.all()
    told = {day.region.iso.removeprefix("KZ-"): (day.starts_on.day, day.ends_on.day) for day in days}
    on_the_seventh = dict.fromkeys(("AKT", "ALM", "KUS", "KZY", "MAN", "PAV", "SEV"), (7, 7))
    earlier = {"YUZ": (5, 5), "ATY": (6, 6)}
    later = {"VOS": (7, 8), "ZAP": (7, 9), "AKM": (8, 8), "KAR": (8, 8), "ZHA": (9, 9)}
    assert told == earlier | on_the_seventh | later


@pytest.mark.parametrize(
    ("day", "codes", "renamed"),
    [
        (
            "2016-03-25",
            "AKM AKT ALA ALM AST ATY KAR KUS KZY MAN PAV SEV VOS YUZ ZAP ZHA",
            {"KZ-AST": "Astana", "KZ-YUZ": "Ongtüstik Qazaqstan oblysy"},
        ),
        (
            "2021-08-27",
            "AKM AKT ALA ALM AST ATY KAR KUS KZY MAN PAV SEV SHY VOS YUZ ZAP ZHA",
            {"KZ-AST": "Nur-Sultan", "KZ-YUZ": "Turkestankaya oblast'"},
        ),
        ("2023-12-18", NUMERIC_CODES, {"KZ-71": "Astana", "KZ-61": "Türkistan oblysy"}),
        ("2025-10-13", NUMERIC_CODES, {"KZ-71": "Astana", "KZ-61": "Türkistan oblysy"}),
    ],
)
def test_the_regions_of_kazakhstan_are_those_of_the_list_of_the_day(day, codes, renamed):
    regions = Region.objects.existing_on(date.fromisoformat(day)).filter(country="KZ").order_by("iso")
    assert " ".join(region.iso.removeprefix("KZ-") for region in regions) == codes
    assert {region.iso: region.name for region in regions if region.iso in renamed} == renamed


def test_the_regions_of_kyrgyzstan_have_one_code_and_name_each():
    regions = Region.objects.filter(country="KG", valid_from=None, valid_until=None).order_by("iso")
    assert " ".join(region.iso.removeprefix("KG-") for region in regions) == "B C GB GO J N O T Y"
    assert Region.objects.filter(country="KG").count() == 9


def test_the_turkic_council_becomes_the_organization_of_turkic_states_on_a_day():
    ots = Organization.objects.get(code="ots")
    assert ots.name_on(date(2021, 11, 11)) == "Cooperation Council of Turkic Speaking States (Turkic Council)"
    assert ots.name_on(date(2021, 11, 12)) == "Organization of Turkic States"


def test_no_source_dates_the_new_name_of_turkpa_so_it_stands_as_a_statement():
    turkpa = Organization.objects.get(code="turkpa")
    told = Statement.objects.filter(subject="organization-names/turkpa-en-24-kg-60226", field="name")
    assert turkpa.name_on(date(2026, 1, 1)) == "Parliamentary Assembly of Turkic-speaking countries"
    assert told.filter(value="Parliamentary Assembly of Turkic States").count() == 2


def test_apcea_has_the_members_that_its_source_names():
    members = Membership.objects.filter(organization__code="apcea").values_list("member_organization__code", "standing")
    assert sorted(members) == [(f"cec-{state}", "member") for state in ("az", "kg", "kz", "tr", "uz")]


# Every row


@pytest.mark.parametrize("name", [name for name in FILES if name not in {"sources", "observers"}])
def test_every_row_cites_a_source(name):
    assert [row for row in published(name) if not (row.get("source") or row.get("sources"))] == []


def test_every_person_has_a_place_that_cites_a_source():
    assert Observer.objects.filter(assignments__sources=None).count() == 0


def test_every_source_is_cited():
    rows = [row for name in FILES for row in published(name)]
    cited = {code for row in rows for code in f"{row.get('source', '')}; {row.get('sources', '')}".split("; ")}
    assert set(Source.objects.values_list("code", flat=True)) == cited - {""}


@pytest.mark.parametrize("name", [name for name in FILES if "excerpt" in published(name)[0]])
def test_an_excerpt_has_twelve_words_at_most(name):
    excerpts = [row["excerpt"] for row in published(name)]
    assert [excerpt for excerpt in excerpts if len(re.findall(r"[\w’'/-]+", excerpt)) > 12] == []


# The document


def test_the_document_counts_the_rows():
    elections, missions, counts, parties, invitations, persons, sources = (
        f"{model.objects.count():,}"
        for model in (Election, Mission, HeadCount, Deployment, Invitation, Observer, Source)
    )
    assert (
        f"observers of {elections} elections: {missions} missions, {counts} head counts, {parties} deployments, "
        f"{invitations} invitations and {persons} persons, each with its sources, of which there are {sources}."
    ) in TEXT


def test_every_code_that_the_document_prints_is_in_the_record():
    codes = {code for model in RECORDS for code in model.objects.values_list("code", flat=True)}
    words = {
        *("missions/published/", "sources.csv"),
        *(model.dataset_file for model in RECORDS),
        *(column for model in RECORDS for column in model.columns),
        *(f"{value}" for model in RECORDS for field in model._meta.fields for value, _label in field.choices or ()),
    }
    printed = set(re.findall(r"`([^`]+)`", TEXT))
    unknown = printed - codes - words
    endings = {code for code in unknown if code.startswith("…-") and any(known.endswith(code[1:]) for known in codes)}
    assert unknown - endings == NOT_IN_THE_RECORD
