"""Regions as lists write them, found among the recorded ones of the host country."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from lib.text import fold
from missions.people.cells import CellReader
from missions.people.value_words import _REGIONS
from tests.factories import ElectionFactory, RegionFactory

pytestmark = pytest.mark.django_db

PUBLISHED = Path(__file__).parents[2] / "missions" / "published" / "regions.csv"


def published():
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def record():
    """The regions that ship with the project."""
    for row in published():
        days = {name: row[name] or None for name in ("valid_from", "valid_until")}
        RegionFactory(code=row["code"], iso=row["iso"], country=row["country"], name=row["name"], **days)


def region_at(country, day, text):
    """The code of the region, or the sentence that refuses it."""
    election = ElectionFactory(country=country, election_day=day)
    election.refresh_from_db()
    try:
        return CellReader(election).read("region", text).code
    except ValidationError as error:
        return error.messages[0]


KYRGYZSTAN = {
    "kg-b": ["Batken", "Баткенская область", "Баткен облусу", "Batken region"],
    "kg-c": ["Chüy", "Chuy", "Chui", "Chu oblast", "Чуй", "Чүй облусу", "Чуйская область", "чуйская обл.", "KG-C"],
    "kg-gb": ["Bishkek", "Bishkek Shaary", "Бишкек", "г. Бишкек", "город Бишкек", "Бишкек шаары", "Bishkek City"],
    "kg-go": ["Osh City", "City of Osh", "г. Ош", "г.Ош", "Ош шаары", "Osh Shaary", "kg-go"],
    "kg-j": ["Jalal-Abad", "Jalalabad", "Джалал-Абадская область", "Жалал-Абад", "Жалал-Абад облусу"],
    "kg-n": ["Naryn", "Нарынская область"],
    "kg-o": ["Osh oblast", "Osh region", "Ошская область", "Ошская", "Ош облусу", "KG-O"],
    "kg-t": ["Talas", "Таласская область"],
    "kg-y": ["Ysyk-Köl", "Issyk-Kul", "Issyk Kul oblast", "Иссык-Кульская область", "Ысык-Көл облусу", "Иссык-Куль"],
}
KAZAKHSTAN = {
    "kz-10": ["Abai", "Abay region", "область Абай", "Абай облысы", "Абайская область"],
    "kz-11": ["Акмолинская область", "Акмола", "Ақмола облысы", "Akmola region"],
    "kz-15": ["Актюбинская область", "Актобе", "Aktobe", "Ақтөбе облысы"],
    "kz-19": ["Алматинская область", "Алматинская", "Алматы облысы", "Almaty region", "Almaty oblysy"],
    "kz-23": ["Атырауская область", "Atyrau", "Атырау облысы"],
    "kz-27": ["Западно-Казахстанская область", "ЗКО", "West Kazakhstan", "Батыс Қазақстан облысы"],
    "kz-31": ["Жамбылская область", "Zhambyl", "Жамбыл облысы"],
    "kz-33": ["Жетысу", "область Жетысу", "Жетісу облысы", "Zhetysu"],
    "kz-35": ["Карагандинская область", "Караганда", "Karaganda", "Қарағанды облысы", "Karagandy"],
    "kz-39": ["Костанайская область", "Костанай", "Kostanay", "Қостанай облысы"],
    "kz-43": ["Кызылординская область", "Кызылорда", "Kyzylorda", "Қызылорда облысы"],
    "kz-47": ["Мангистауская область", "Мангистау", "Mangystau", "Маңғыстау облысы"],
    "kz-55": ["Павлодарская область", "Pavlodar"],
    "kz-59": ["Северо-Казахстанская область", "СКО", "North Kazakhstan", "Солтүстік Қазақстан облысы"],
    "kz-61": ["Туркестанская область", "Туркестан", "Turkestan", "Түркістан облысы"],
    "kz-62": ["Улытау", "область Улытау", "Ұлытау облысы", "Улытауская область"],
    "kz-63": ["Восточно-Казахстанская область", "ВКО", "East Kazakhstan region", "Шығыс Қазақстан облысы"],
    "kz-71": ["Astana", "Астана", "г. Астана", "Астана қаласы"],
    "kz-75": ["г. Алматы", "Алматы қаласы", "Almaty city", "Алма-Ата"],
    "kz-79": ["Шымкент", "г. Шымкент", "Shymkent", "Шымкент қ."],
}


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize(("country", "regions"), [("KG", KYRGYZSTAN), ("KZ", KAZAKHSTAN)])
def test_a_region_is_found_by_its_usual_names(country, regions):
    found = {text: region_at(country, date(2030, 6, 2), text) for texts in regions.values() for text in texts}

    assert found == {text: code for code, texts in regions.items() for text in texts}


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize(
    ("country", "texts", "codes"),
    [("KZ", ["Almaty", "Алматы"], "kz-19, kz-75"), ("KG", ["Osh", "Ош"], "kg-go, kg-o")],
)
def test_a_name_of_a_city_and_of_a_region_is_refused_without_a_word_that_says_which(country, texts, codes):
    name = {"KZ": "Kazakhstan", "KG": "Kyrgyzstan"}[country]

    assert [region_at(country, date(2030, 6, 2), text) for text in texts] == [
        f"“{text}” may be several regions of {name}: write one of {codes}." for text in texts
    ]


@pytest.mark.usefixtures("record")
def test_of_a_region_with_several_codes_the_one_of_election_day_is_meant():
    words = ("Акмолинская область", "Южно-Казахстанская область", "Туркестанская область", "Нур-Султан", "СКО")

    assert [region_at("KZ", date(2015, 4, 26), text) for text in words[:2]] == ["kz-akm", "kz-yuz"]
    assert [region_at("KZ", date(2019, 6, 9), text) for text in words[2:]] == [
        *("kz-yuz-turkestan", "kz-ast-nur-sultan", "kz-sev"),
    ]


@pytest.mark.usefixtures("record")
def test_the_words_for_regions_of_another_country_mean_nothing():
    assert region_at("KG", date(2030, 6, 2), "Карагандинская область") == (
        "“Карагандинская область” is no recorded region of Kyrgyzstan: write its ISO code or one of these names: "
        "Batken, Bishkek Shaary, Chüy, Jalal-Abad, Naryn, Osh, Osh Shaary, Talas, Ysyk-Köl."
    )


def test_a_refusal_names_no_more_than_twenty_regions_of_election_day_and_says_when_there_is_none():
    assert region_at("KG", date(2030, 6, 2), "Nowhere") == (
        "“Nowhere” is no recorded region of Kyrgyzstan: no region of it is recorded. Record it first."
    )
    for number in range(10, 31):
        RegionFactory(country="KG", name=f"100% Region {number}")
    RegionFactory(country="KG", name="Abolished", valid_until=date(2029, 1, 1))
    names = ", ".join(f"100% Region {number}" for number in range(10, 30))
    assert region_at("KG", date(2030, 6, 2), "Nowhere") == (
        f"“Nowhere” is no recorded region of Kyrgyzstan: write its ISO code or one of these names: {names} and 1 more."
    )


def test_words_that_say_what_a_region_is_are_no_name():
    RegionFactory(country="KG", name="Region")
    RegionFactory(country="KG", name="Osh")

    assert region_at("KG", date(2030, 6, 2), "Region") == "kg-region"
    assert region_at("KG", date(2030, 6, 2), "область").startswith("“область” is no recorded region of Kyrgyzstan")


def test_every_region_with_usual_names_is_one_that_ships():
    assert {code for codes in _REGIONS for code in codes.split()} <= {row["code"] for row in published()}


def test_a_usual_name_is_that_of_one_region():
    words = [fold(word) for listed in _REGIONS.values() for word in listed.split(",")]

    assert sorted(words) == sorted(set(words))
