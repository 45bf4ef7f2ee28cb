import re
from datetime import date

import pytest
from django import forms
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lib.dates import DateOrSpanField, DateSpan, ForgivingDateField, format_span, lacks_only_the_year, parse_date

DAY = DateSpan(date(2017, 10, 15), date(2017, 10, 15))
MONTH = DateSpan(date(2017, 10, 1), date(2017, 10, 31))
YEAR = DateSpan(date(2017, 1, 1), date(2017, 12, 31))
WRITINGS = [
    *("{y}-{m}-{d}", "{d}.{m}.{y}", "{y}/{m}/{d}", "{y}-{m}-{d} 00:00:00", "{y}-{m}-{d}T00:00:00", "{d}.{m}.{y} г."),
    *("{d}/{m}/{y}", "{m}/{d}/{y}", "{d}-{m}-{y}", "{m}-{d}-{y}", "{y}.{m}.{d}", "{y}.{d}.{m}"),
    *("{d}-{name}-{y}", "«{d}» {name} {y} г.", "the {d}th of {name} {y}", "{name} {d}th, {y}"),
]
PIECES = ["2017", "15", "10", "01", "17", "-", "/", ".", " ", "T", "00:00", "г.", "Oct", "окт", "«", "»", "th", "the "]


@pytest.mark.parametrize(
    "text",
    [
        "2017-10-15",
        " 15.10.2017 ",
        "15/10/2017",
        "10/15/2017",
        "15 Oct 2017",
        "15 OCTOBER 2017",
        "Oct 15, 2017",
        "Oct. 15 2017",
        "15 октября 2017",
        "15 окт. 2017 г.",
        "15 қазан 2017",
        "2017 жылғы 15 қазан",
        "2017 ж. 15 ҚАЗАН",
        "15.10.2017 г.",
        "15.10.2017г.",
        "15.10.2017\u00a0ГОДА",
        "15.10.2017 ж.",
        "15 октября 2017г.",
        "15-10-2017",
        "10-15-2017",
        "2017/10/15",
        "2017.10.15",
        "2017.15.10",
        "15-Oct-2017",
        "15-окт-2017",
        "2017-Oct-15",
        "«15» октября 2017 г.",
        "« 15 » октября 2017 г.",
        '"15" октября 2017 года',
        "“15” октября 2017",
        "15th October 2017",
        "October 15th, 2017",
        "October the 15th, 2017",
        "The 15TH of October 2017",
    ],
)
def test_a_day_is_read(text):
    assert parse_date(text) == DAY


@pytest.mark.parametrize("ordinal", ["1st", "2nd", "3rd", "4th", "22nd", "31st"])
def test_a_day_may_be_an_english_ordinal(ordinal):
    day = date(2017, 10, int(ordinal[:-2]))
    assert parse_date(f"the {ordinal} of October 2017") == DateSpan(day, day)


@pytest.mark.parametrize(
    "text",
    [
        "2017-10-15 00:00:00",
        "2017-10-15T00:00:00",
        "2017-10-15 00:00",
        "15.10.2017 0:00:00",
        "15/10/2017 00:00",
        "15-10-2017 00:00:00",
        "2017/10/15 00:00:00",
    ],
)
def test_midnight_says_no_more_than_the_day(text):
    assert parse_date(text) == DAY


@pytest.mark.parametrize("text", ["2017-10", "10.2017", "Oct 2017", "October, 2017", "октябрь 2017 года", "Қазан 2017"])
def test_a_month_is_the_span_of_its_days(text):
    assert parse_date(text) == MONTH


@pytest.mark.parametrize("text", ["2017", "2017 г.", "2017 жыл"])
def test_a_year_is_the_span_of_its_days(text):
    assert parse_date(text) == YEAR


@pytest.mark.parametrize(
    "names",
    [
        "January February March April May June July August September October November December",
        "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec",
        "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
        "қаң ақп нау сәу мам мау шіл там қыр қаз қар жел",
    ],
)
def test_every_month_is_known_in_three_languages(names):
    assert [parse_date(f"{name} 2016").last.month for name in names.split()] == list(range(1, 13))


def test_a_span_ends_with_the_month_in_leap_years_too():
    assert parse_date("Feb 2016").last == date(2016, 2, 29)
    assert parse_date("Feb 2017").last == date(2017, 2, 28)


def test_slashes_after_the_year_are_followed_by_the_month_and_the_day():
    assert parse_date("2017/01/02").first == date(2017, 1, 2)


@pytest.mark.parametrize(
    "text",
    ["01/02/2017", "12/12/2017", "01-02-2017", "2017.01.02", "01/02/2017 г.", "01-02-2017 00:00:00"],
)
def test_numbers_that_can_be_read_in_two_ways_are_refused(text):
    sentence = f"^“{re.escape(text)}” can be read in two ways: please write it as 2017-10-15[.]$"
    with pytest.raises(ValueError, match=sentence):
        parse_date(text)


@pytest.mark.parametrize(
    "text",
    ["15.10.17", "15/10/17", "15-10-17", "15-Oct-17", "15 Oct 17", "15.10.17 г.", "15 окт 17 г.", "Oct 15", "3rd Oct"],
)
def test_a_year_needs_four_digits(text):
    sentence = f"^“{re.escape(text)}” needs a year of four digits: please write it as 2017-10-15[.]$"
    with pytest.raises(ValueError, match=sentence):
        parse_date(text)


@pytest.mark.parametrize(
    "text",
    ["31 Feb 2017", "2017-02-29", "32.01.2017", "2017-13", "0000", "13/13/2017", "13-13-2017", "31-Feb-2017"],
)
def test_what_is_not_in_the_calendar_is_refused(text):
    with pytest.raises(ValueError, match=f"^“{re.escape(text)}” is not in the calendar[.]$"):
        parse_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "soon 15 Oct",
        "15",
        "15 17",
        "Ju 2017",
        "Oc 2017",
        "Oct Nov 2017",
        "15 2017",
        "2017 2018",
        "1 2 Oct 2017",
        "2017-10-15T10:00",
        "2017-10-15 10:00:00",
        "2017-10-15 00:00:01",
        "2017-10-15T00:00:00Z",
        "2017-10 00:00:00",
        "00:00:00",
        "15/10-2017",
        "15.10/2017",
        "13-15 Oct 2017",
        "13th-15th October 2017",
        "«13»-«15» октября 2017 г.",
        "«» октября 2017 г. 15.11",
        "Sept-Oct 2017",
        "Oct 2017 -",
        "15 Oct 2017 –",
        "> 2017",
        "Oct 2017 (?)",
        "15.10.2017 г. г.",
        "воскресенье, 15 октября 2017 г.",
        "١٥.١٠.٢٠١٧",
        "2017-10-14/2017-09-01",
    ],
)
def test_what_is_not_a_date_is_refused(text):
    with pytest.raises(ValueError, match=f"^“{re.escape(text)}” is not a date: please write it as 2017-10-15[.]$"):
        parse_date(text)


@given(st.dates(), st.dates())
def test_a_span_written_out_is_read_as_itself(one, other):
    span = DateSpan(min(one, other), max(one, other))

    assert parse_date(str(span)) == span


@given(st.dates(), st.sampled_from(WRITINGS))
def test_a_day_is_read_as_itself_or_refused_however_it_is_written(day, writing):
    numbers = {"y": f"{day.year:04}", "m": f"{day.month:02}", "d": f"{day.day:02}", "name": f"{day:%B}"}
    try:
        span = parse_date(writing.format(**numbers))
    except ValueError as refusal:
        assert str(refusal).endswith("” can be read in two ways: please write it as 2017-10-15.")  # noqa: PT017
        assert day.day <= 12
    else:
        assert span == DateSpan(day, day)


@given(st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_is_a_span_or_a_sentence(text):
    try:
        span = parse_date(text)
    except ValueError as refusal:
        assert str(refusal).endswith(("2017-10-15.", "is not in the calendar."))  # noqa: PT017
    else:
        assert span.first <= span.last


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (None, date(2017, 10, 15), "15 October 2017"),
        (*DAY, "15 October 2017"),
        (*MONTH, "October 2017"),
        (*YEAR, "2017"),
        (date(2017, 9, 1), date(2017, 10, 14), "undated, by 14 October 2017"),
        (date(2016, 1, 1), date(2017, 12, 31), "undated, by 31 December 2017"),
    ],
)
def test_a_span_is_shown_in_words(first, last, words):
    assert format_span(first, last) == words


def test_a_day_is_shown_in_russian_grammar():
    with translation.override("ru"):
        assert format_span(*DAY) == "15 октября 2017"
        assert format_span(*MONTH) == "октябрь 2017"


def test_a_day_is_shown_in_kazakh_with_the_year_first():
    with translation.override("kk"):
        assert format_span(*DAY) == "2017 жылғы 15 қазан"
        assert format_span(*MONTH) == "2017 жылғы қазан"


class DayForm(forms.Form):
    day = ForgivingDateField(required=False)


class SpanForm(forms.Form):
    span = DateOrSpanField(required=False)


def test_a_box_for_a_day_takes_any_writing_of_it():
    form = DayForm({"day": "15 октября 2017"})

    assert form.is_valid()
    assert form.cleaned_data == {"day": date(2017, 10, 15)}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Oct 2017", "“Oct 2017” names a month: this box needs a day, for example 2017-10-15."),
        ("2017", "“2017” names a year: this box needs a day, for example 2017-10-15."),
        (
            "2017-10-01/2017-10-14",
            "“2017-10-01/2017-10-14” names several days: this box needs one, for example 2017-10-15.",
        ),
        ("01/02/2017", "“01/02/2017” can be read in two ways: please write it as 2017-10-15."),
        ("100%", "“100%” is not a date: please write it as 2017-10-15."),
    ],
)
def test_a_box_for_a_day_says_what_it_needs(text, sentence):
    assert DayForm({"day": text}).errors == {"day": [sentence]}


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_a_box_for_a_day_shows_it_in_iso_whatever_the_language(language):
    with translation.override(language):
        assert 'value="2017-10-15"' in str(DayForm(initial={"day": date(2017, 10, 15)})["day"])


def test_a_box_for_a_span_takes_days_months_and_years():
    cleaned = [SpanForm({"span": text}) for text in ["15.10.2017", "Oct 2017", "2017", ""]]

    assert [form.is_valid() and form.cleaned_data["span"] for form in cleaned] == [DAY, MONTH, YEAR, None]
    assert SpanForm({"span": "soon"}).errors == {"span": ["“soon” is not a date: please write it as 2017-10-15."]}


@pytest.mark.parametrize("span", [DAY, MONTH, YEAR, DateSpan(date(2017, 9, 1), date(2017, 10, 14))])
def test_a_box_for_a_span_reads_back_what_it_shows(span):
    shown = re.search('value="(.*?)"', str(SpanForm(initial={"span": span})["span"]))

    form = SpanForm({"span": shown[1]}, initial={"span": span})
    assert form.is_valid()
    assert form.cleaned_data == {"span": span}
    assert not form.has_changed()


@pytest.mark.parametrize("form", [DayForm({"day": ""}), DayForm({"day": "  "}), SpanForm({"span": " "})])
def test_a_blank_box_is_none(form):
    assert form.is_valid()
    assert list(form.cleaned_data.values()) == [None]


@pytest.mark.parametrize("text", ["12 April", " April 12 ", "the 12th of April", "12 апреля", "12 сәуір", "31 Feb"])
def test_a_day_and_a_month_lack_only_the_year(text):
    assert lacks_only_the_year(text)


@pytest.mark.parametrize(
    "text", ["", "April", "12", "12.04", "12 April 17", "12 April 2017", "12-13 April", "12 Aprils"]
)
def test_anything_else_lacks_more_or_nothing(text):
    assert not lacks_only_the_year(text)
