"""Names of one person in several scripts and spellings, and names of several persons that look much the same."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observers.likeness import Roster, likeness

ONE_PERSON = [
    ("Oleh Herasymov", "Oleg Gerasymov"),
    ("Oleh Herasymov", "Герасимов Олег"),
    ("Gerasymov O.", "Олег Герасимов"),
    ("Жумабаев Ерлан", "Yerlan Zhumabayev"),
    ("Jumabaev Erlan", "Ерлан Жумабаев"),
    ("Шайхутдинов Ренат", "Renat Shaikhutdinov"),
    ("Шайхутдинов Ренат", "Shaykhutdinov Renat"),
    ("Shaihutdinov R.", "Шайхутдинов Ренат"),
    ("Әнуар Дүйсембинов", "Dyusembinov A."),
    ("Дүйсенбинов Әнуар", "Anuar Dyusembinov"),
    ("Сәрсенбаев Нұрлан", "Nurlan Sarsenbayev"),
    ("Sarsembaev Nurlan", "Сәрсенбаев Нұрлан"),
    ("Цай Анна", "Anna Tsay"),
    ("Цай Анна", "TSAI Anna"),
    ("Кличко Тарас", "Klychko Taras"),
    ("Кличко Тарас", "Taras Klitschko"),
    ("Чан Ли", "Chan Li"),
    ("Петров Иван", "Petroff Ivan"),
    ("Петров Иван", "Iwan Petrow"),
    ("Нұрлан Серікұлы Ахметов", "Akhmetov Nurlan Serikovich"),
    ("Ахметов Нұрлан Серік ұлы", "Akhmetov Nurlan Serikuly"),
    ("Akhmetov Nurlan", "Ахметов Нурлан Серикович"),
    ("Соловьёв Пётр", "Solovyov Petr"),
    ("Соловьев Петр", "Solovyev Pyotr"),
    ("Сергей Хрущёв", "Sergey Khrushchev"),
    ("Сергій Бондар", "Sergei Bondar"),
    ("Serhiy Bondar", "Сергей Бондарь"),
    ("Алексей Коваль", "Oleksiy Koval"),
    ("Олександр Мельник", "Aleksandr Melnik"),
    ("Александр Мельник", "Alexander Melnyk"),
    ("Евгений Зуев", "Yevhenii Zuyev"),
    ("Касым-Жомарт Омаров", "Qasym-Jomart Omarov"),
    ("Қасым-Жомарт Омаров", "Kassym-Jomart Omarov"),
    ("Мухамеджанов Тимур", "Mukhametzhanov Timur"),
    ("Болат Төлегенов", "Bulat Tulegenov"),
    ("Абдрахманов Марат", "Abdirakhmanov Marat"),
    ("Юлия Ким", "Yuliya Kim"),
    ("Ким Ю.", "Yuliya Kim"),
    ("Айгүл Қасымова", "Aigul Kasymova"),
    ("Аширбеков Д.", "Ashirbekov Daniyar"),
    ("Müller Hans", "Mueller Hans"),
    ("Шмидт Ганс", "Hans Schmidt"),
    ("Владимир Ткач", "Volodymyr Tkach"),
    ("Ильин Андрей", "Ilyin Andrii"),
    ("Жанна Сергеевна Жукова", "Zhukova Zhanna"),
    ("Джаксыбеков Адильбек", "Jaksybekov Adilbek"),
    ("Алиев Ильхам", "Aliyev Ilham"),
    ("Əliyev Kamran", "Алиев Камран"),
    ("Uulu Bakyt", "Uulu Bakyt"),
    ("Айжан Нурлан кызы", "Aizhan Nurlankyzy"),
    ("Иванов И. И.", "Ivan Ivanovich Ivanov"),
    ("Иванов И.И.", "I. I. Ivanov"),
    ("Айгүл Нұрланқызы Омарова", "Omarova Aigul Nurlanovna"),
    ("Карл Коваль", "Carl Koval"),
    ("Сергей Бондарь", "Sergej Bondar"),
    ("Асель Оспанова", "Assel Ospanova"),
]
SEVERAL_PERSONS = [
    ("Ivanov Ivan", "Ivanov Petr"),
    ("Ivanov Ivan Petrovich", "Ivanov Petr Ivanovich"),
    ("Ivanov Ivan Petrovich", "Ivanov Ivan Sergeevich"),
    ("Иванов Александр", "Ivanova Alexandra"),
    ("Ivanov A.", "Ivanova A."),
    ("Petrov Ivan", "Petrenko Ivan"),
    ("Kim Anna", "Kin Anna"),
    ("Kim Anna", "Kim Alina"),
    ("Karimov Marat", "Kasimov Marat"),
    ("Karimov Marat", "Karimov Murat"),
    ("Aliyev Timur", "Valiyev Timur"),
    ("Akhmetov Nurlan", "Akhmedov Nurlan"),
    ("Nurlan Omarov", "Nurlana Omarova"),
    ("Tsai Anna", "Tsoi Anna"),
    ("Ivanov", "Ivanov Ivan"),
    ("Chan Li", "Chang Li"),
    ("Zhanar Kim", "Zhanat Kim"),
    ("Аида Ким", "Аина Ким"),
    ("Яна Ким", "Анна Ким"),
    ("Жанна Ким", "Яна Ким"),
    ("Petrovsky Ivan", "Petrovskaya Ivanna"),
    ("Petrov I.", "Petrov Anna"),
    ("Kovalchuk Oleg", "Kovalchik Oleg"),
    ("Kovalenko Oleg", "Kovalev Oleg"),
    ("Isaev Marat", "Saev Marat"),
    ("Alina Kim", "Elina Kim"),
    ("Dyusembinov A.", "Дүйсембинов Болат"),
    ("Asanov Bolat", "Hasanov Bolat"),
    ("Lee Anna", "Lim Anna"),
    ("Шахов Иван", "Чахов Иван"),
    ("Жуков Иван", "Шуков Иван"),
    ("Smith John", "Smith Joan"),
    ("Sarsenbaev Nurlan", "Sarsenov Nurlan"),
    ("Nurlan Serikuly Akhmetov", "Nurlan Berikuly Akhmetov"),
    ("Akhmetova Nurlan qyzy", "Akhmetov Nurlanuly"),
    ("Zhukov Georgy", "Zhukov Grigory"),
    ("Sergey Bondar", "Sergey Bondarenko"),
    ("Mikhail Popov", "Mikhail Popovich"),
    ("Anna K.", "Anna M."),
    ("Dmitry Orlov", "Dmitry Orel"),
    ("Daniyar Ospanov", "Dinara Ospanova"),
    ("Ермек Оспанов", "Ерлан Оспанов"),
    ("Asel Kim", "Aset Kim"),
    ("Asenova Dana", "Esenova Dana"),
    ("Lena Kim", "Lina Kim"),
    ("Karimov Timur", "Keremov Timur"),
    ("Mark Kim", "Marko Kim"),
]

NAMES = st.sampled_from([name for pair in ONE_PERSON + SEVERAL_PERSONS for name in pair])


def test_the_tables_have_as_many_pairs_as_they_should():
    assert len(ONE_PERSON) == 56
    assert len(SEVERAL_PERSONS) == 47


@pytest.mark.parametrize(("one", "other"), ONE_PERSON)
def test_spellings_of_one_name_are_alike(one, other):
    assert likeness(one, other) > 0


@pytest.mark.parametrize(("one", "other"), SEVERAL_PERSONS)
def test_names_of_several_persons_are_not_alike(one, other):
    assert likeness(one, other) == 0


def test_a_transcription_without_a_doubt_is_as_like_as_the_same_name():
    assert likeness("Герасимов Олег", "Oleh Herasymov") == likeness("Oleh Herasymov", "Oleh Herasymov") == 1


@given(NAMES | st.text(), NAMES | st.text())
def test_likeness_is_the_same_both_ways_and_between_0_and_1(one, other):
    assert 0 <= likeness(one, other) == likeness(other, one) <= 1


def has_no_patronymic_of_two_words(name):
    """Serik uly is one word, in that order."""
    return not re.search(r"\b(?:ұлы|кызы|qyzy|uulu)\b", name, re.IGNORECASE)


@given(NAMES.filter(has_no_patronymic_of_two_words), NAMES, st.randoms())
def test_the_order_of_the_words_says_nothing(one, other, chance: random.Random):
    words = one.split()
    chance.shuffle(words)

    assert likeness(" ".join(words), other) == likeness(one, other)


@pytest.mark.parametrize("name", ["", " ", "...", "A. B.", "Ivanov " * 20])
def test_what_is_no_full_name_is_like_nothing(name):
    assert likeness(name, name) == 0
    assert Roster({1: [name]}).look_alikes(name) == []


def test_a_single_word_is_like_the_same_word_alone():
    assert likeness("Герасимов", "Herasymov") == 1
    assert likeness("Герасимов", "Oleh Herasymov") == 0


def test_those_on_the_roster_are_found_under_any_of_their_spellings_the_likest_first():
    roster = Roster(
        {
            "initial": ["Herasymov O."],
            "other": ["Herasymov Ivan"],
            "spelt twice": ["Somebody Else", "Gerasymov Oleg"],
            "vowel": ["Oleh Herasimow", "Oleg Garasimov"],
            "same": ["Герасимов Олег"],
        }
    )

    assert roster.look_alikes("Oleh Herasymov") == ["spelt twice", "vowel", "same", "initial"]
    assert roster.look_alikes("Oleh Garasymov") == ["vowel", "spelt twice", "same", "initial"]
    assert roster.look_alikes("Nobody Northland") == []


def test_those_equally_like_come_in_the_order_of_the_roster():
    roster = Roster({3: ["Kim Anna"], 1: ["Anna Kim"], 2: ["Ким Анна"]})

    assert roster.look_alikes("Kim Anna") == [3, 1, 2]


@given(NAMES, st.lists(NAMES, max_size=20))
def test_the_roster_finds_exactly_those_who_are_alike(name, names):
    roster = Roster({place: [spelling] for place, spelling in enumerate(names)})

    assert sorted(roster.look_alikes(name)) == [place for place, other in enumerate(names) if likeness(name, other)]
