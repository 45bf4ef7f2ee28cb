import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lib.counts_in_words import read_count

UNDERSTOOD = {
    "": ["46", " 46 ", "46 officials", "46 international observers", "46.", "46 наблюдателей", "46 человек", "46 адам"],
    "exact": ["exactly 46", "a total of 46 observers", "ровно 46", "дәл 46"],
    "more_than": [
        *("more than 46", "MORE  THAN 46", "over 46", "in excess of 46", "> 46", ">46"),
        *("более 46", "Более 46 наблюдателей", "свыше 46", "более, чем 46", "46-дан астам", "46 астам адам"),
        *("46-дан көп", "46‑дан артық байқаушы"),
    ],
    "at_least": [
        *("at least 46", "no fewer than 46", "not less than 46", "≥ 46", ">= 46", "46+", "46 or more", "minimum 46"),
        *("не менее 46", "не меньше 46 человек", "как минимум 46", "46 и более", "кемінде 46", "46-дан кем емес"),
    ],
    "about": [
        *("about 46", "some 46 observers", "around 46", "almost 46", "approx. 46", "~46", "≈ 46", "c. 46", "46 or so"),
        *("около 46", "порядка 46", "примерно 46", "почти 46", "шамамен 46", "46-ға жуық", "46-дай адам"),
    ],
    "at_most": [
        *("up to 46", "at most 46", "no more than 46", "not more than 46 people", "≤ 46", "<= 46"),
        *("до 46", "не более 46", "максимум 46", "ең көбі 46", "46-ға дейін", "46-дан көп емес", "46-дан аспайды"),
    ],
}
PIECES = [
    "46",
    "12",
    "1,204",
    "+",
    "-",
    "about",
    "more than",
    "не менее",
    "астам",
    "officials",
    " ",
    "from",
    "²",
    ">",
    ".",
]


@pytest.mark.parametrize(
    ("text", "qualifier"), [(text, qualifier) for qualifier, texts in UNDERSTOOD.items() for text in texts]
)
def test_a_number_is_read_with_the_words_that_say_how_exact_it_is(text, qualifier):
    assert read_count(text) == (qualifier, 46)


@pytest.mark.parametrize(
    "text",
    [
        *("not published", "Not  published.", "не опубликовано", "Не опубликовано", "жарияланбаған", "Жарияланбаған."),
        " not published ",
    ],
)
def test_a_number_that_was_not_published_is_read_as_none(text):
    assert read_count(text) == ("not_published", None)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("1204", 1204),
        ("1,204", 1204),
        ("1 204", 1204),
        ("1\u00a0204 наблюдателя", 1204),
        ("1\u202f204", 1204),
        ("1,204,500", 1204500),
        ("46 170", 46170),
    ],
)
def test_thousands_may_be_set_apart(text, number):
    assert read_count(text) == ("", number)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        *(("seven", ("", 7)), ("Forty-six officials", ("", 46)), ("forty six observers", ("", 46)), ("zero", ("", 0))),
        *(("more than seven hundred", ("more_than", 700)), ("one hundred and more", ("at_least", 100))),
        *(("one hundred and twenty observers", ("", 120)), ("nineteen hundredths", None), ("twelve hundred", None)),
        *(("two thousand", ("", 2000)), ("one thousand, two hundred and four", ("", 1204))),
        ("nine hundred ninety-nine thousand nine hundred and ninety-nine", ("", 999_999)),
        *(("two dozen", None), ("a hundred", None), ("hundreds", None), ("7 hundred", None), ("7 thousand", None)),
        *(("thirty thousand thousand", None), ("twenty-odd", None), ("no one", None), ("someone", None)),
        *(("forty-sixth", None), ("one of the observers", None), ("twenty twelve", None), ("six or seven", None)),
        *(("46 of two", None), ("one million", None)),
        *(("семь", ("", 7)), ("Двадцать наблюдателей", ("", 20)), ("не менее трёх", ("at_least", 3))),
        *(("более десяти", ("more_than", 10)), ("двадцать пять", None), ("сто двадцать", None), ("семьдесят", None)),
        *(("жеті адам", ("", 7)), ("он алты байқаушы", ("", 16)), ("кемінде он", ("at_least", 10))),
        *(("жиырма бес", None), ("отыз бес", None)),
    ],
)
def test_a_number_may_be_written_in_words_that_leave_no_doubt(text, count):
    if count is None:
        assert refusal(text).startswith(f"“{text}” ")
    else:
        assert read_count(text) == count


@given(st.integers(0, 999_999))
def test_every_english_number_below_a_million_is_read(number):
    assert read_count(in_english(number)) == ("", number)


def in_english(number):
    """As it is written in words, put together here from the other end than in the code."""
    if number >= 1000:
        rest = f" {in_english(number % 1000)}" if number % 1000 else ""
        return f"{in_english(number // 1000)} thousand{rest}"
    if number >= 100:
        rest = f" and {in_english(number % 100)}" if number % 100 else ""
        return f"{in_english(number // 100)} hundred{rest}"
    if number >= 20:
        tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"][number // 10 - 2]
        return f"{tens}-{in_english(number % 10)}" if number % 10 else tens
    below_ten = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    teens = ["ten", "eleven", "twelve", *("thir", "four", "fif", "six", "seven", "eigh", "nine")]
    return [*below_ten, *teens[:3], *(f"{start}teen" for start in teens[3:])][number]


@pytest.mark.parametrize(
    "text", ["40-50", "40–50", "40 to 50", "46 from 12 states", "от 40 до 50", "1.204", "1,20", "1,204 567", "46 [1]"]
)
def test_two_numbers_are_refused(text):
    assert refusal(text) == f"“{text}” holds more than one number: write one, for example “more than 700”."


@pytest.mark.parametrize("text", ["", "many", "dozens", "several dozen", "²"])
def test_words_without_a_number_are_refused(text):
    assert refusal(text) == f"“{text}” holds no number: write it in digits, for example “more than 700”."


@pytest.mark.parametrize(
    "text",
    [
        *("46 states", "46 %", "46 thousand", "46 тыс.", "46 мың", "about 46 million", "No. 46", "№ 46", "46²", "-46"),
        *("another 46", "46 more", "ещё 46", "тағы 46", "fewer than 46", "less than 46", "менее 46", "< 46"),
        *(
            "about 46+",
            "more than about 46",
            "46 long-term observers",
            "46 of them",
            "$46",
            "46½",
            "not 46",
            "46-дан",
            "46-дан адам",
            "46 not published",
            "not published 46",
        ),
    ],
)
def test_what_is_not_understood_to_the_last_word_is_refused(text):
    sentence = (
        "“%s” is not understood: write the number alone, or for example “more than 700”, “about 400”, “up to 50”."
    )
    assert refusal(text) == sentence % text


def test_a_number_of_many_digits_is_refused():
    assert refusal("9" * 5000).endswith("…” is too long for a number of observers.")


def refusal(text):
    with translation.override("en"), pytest.raises(ValueError, match="“") as refused:
        read_count(text)
    return str(refused.value)


@given(st.lists(st.sampled_from(PIECES), max_size=5))
def test_whatever_is_typed_is_read_as_one_of_its_numbers_or_refused_in_a_sentence(pieces):
    text = " ".join(pieces)
    try:
        _qualifier, number = read_count(text)
    except ValueError as error:
        told = str(error)
    else:
        told = f"“{number}"
        assert str(number) in text.replace(",", "").replace(" ", "")
    assert told.startswith("“")
