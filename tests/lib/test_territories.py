"""Countries by name in each language, in the order of its alphabet."""

from __future__ import annotations

import pytest
from django.utils import translation

from lib.territories import alphabetical
from organizations.countries import country_called, country_choices, country_name


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Kazakhstan", "Kosovo", "Democratic Republic of the Congo", "Congo", "Russia"]),
        ("ru", ["Казахстан", "Косово", "Конго (Демократическая Республика)", "Конго", "Россия"]),
        ("kk", ["Қазақстан", "Косово", "Конго Демократиялық Республикасы", "Конго", "Ресей"]),
    ],
)
def test_a_country_is_named_in_the_readers_language(language, names):
    with translation.override(language):
        assert [country_name(code) for code in ("KZ", "XK", "CD", "CG", "RU")] == names


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_all_countries_are_there_in_the_order_of_the_alphabet_under_names_of_their_own(language):
    with translation.override(language):
        choices = country_choices()
    names = [name for _code, name in choices]
    assert names == sorted(names, key=alphabetical)
    assert len(set(names)) == len(names) == 250
    if language != "en":
        assert [name for name in names if name.isascii()] == []


def test_letters_of_kazakh_and_russian_stand_where_their_alphabets_have_them():
    names = ["Япония", "Қытай", "Катар", "Ұлыбритания", "Украина", "Әзербайжан", "Аргентина", "Åland", "Brazil"]
    in_order = ["Åland", "Brazil", "Аргентина", "Әзербайжан", "Катар", "Қытай", "Украина", "Ұлыбритания", "Япония"]
    assert sorted(names, key=alphabetical) == in_order


@pytest.mark.parametrize(
    ("said", "code"), [("Конго", "CG"), ("Қырғызстан", "KG"), ("Америка Құрама Штаттары", "US"), ("Ресей", "RU")]
)
def test_a_country_is_found_by_its_name_in_any_language(said, code):
    assert country_called(said) == code
