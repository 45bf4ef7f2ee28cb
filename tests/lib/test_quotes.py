"""Whether a phrase stands in a document, and what a page says without its tags."""

from __future__ import annotations

import pytest

from lib.media_types import decoded, media_type_of
from lib.quotes import GAP_AT_MOST, located, text_of_page

PAGE = "The Commission said: “Forty-six\u00a0observers\nwill leave – for Southland – on Friday”. Others follow."


@pytest.mark.parametrize(
    "excerpt",
    [
        "Forty-six observers will leave",
        '"Forty-six  observers',
        "«Forty‑six observers",
        "leave - for Southland — on Friday",
        "leave -- for Southland",
        "Forty-six observers … on Friday",
        "… will leave – for Southland …",
        "“will leave – for Southland”",
        "Forty-six […] on Friday",
        "Forty-six ... Others follow",
    ],
)
def test_spaces_quotes_and_dashes_count_by_their_kind_and_dots_stand_for_a_gap(excerpt):
    start, end = located(excerpt, PAGE)
    assert PAGE[start:end].split(maxsplit=1)[0].strip("“") in {"Forty-six", "leave", "will"}


@pytest.mark.parametrize(
    "excerpt",
    [
        "Forty-seven observers",
        "Fortysix observers",
        "forty-six observers",
        "on Friday … Forty-six observers",
        "observers . leave",
        "",
        "…",
        " ",
    ],
)
def test_what_does_not_stand_there_is_not_found(excerpt):
    assert located(excerpt, PAGE) is None


def test_the_place_is_that_of_the_words():
    start, end = located("observers … for Southland", PAGE)
    assert PAGE[start:end] == "observers\nwill leave – for Southland"


def test_a_gap_is_as_short_as_it_can_be_and_no_longer_than_a_paragraph():
    near = "46 were sent. 46 were named" + " " * 40 + "yesterday."
    assert located("46 … yesterday", near) == (14, len(near) - 1)
    assert located("46 … yesterday", "46" + "." * GAP_AT_MOST + "yesterday") == (0, GAP_AT_MOST + 11)
    assert located("46 … yesterday", "46" + "." * (GAP_AT_MOST + 1) + "yesterday") is None


def test_a_letter_with_its_mark_is_found_however_it_was_stored():
    apart = "Кыргызский наблюдатель".replace("й", "и\u0306")
    assert located(apart, text_of_page("<p>Кыргызский наблюдатель")) == (0, 22)


# Pages


def test_the_words_of_a_page_are_those_that_a_reader_sees():
    page = (
        "<!doctype html><title>T</title><style>p { color: red }</style><script>if (a < b) { 'x' }</script>"
        "<!-- not <b>seen</b> --><p class='a'>For&shy;ty&nbsp;<b>six</b> ob<i>serv</i>ers\nleave<br>3 < 4 &amp; 5</P>"
        "<div>end</div><SCRIPT>again</SCRIPT>."
    )
    assert text_of_page(page) == "T\nForty six observers leave\n3 < 4 & 5\nend\n."


@pytest.mark.parametrize("unclosed", ["<script>hidden", "<!-- hidden", "<p hidden", "<style>hidden"])
def test_what_never_ends_is_not_read(unclosed):
    assert text_of_page(f"<p>seen{unclosed}") == "seen"


# Types


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\0", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\0\0\0WAVEfmt ", ""),
        (b"  <!DOCTYPE HTML><p>", "text/html"),
        (b"\xef\xbb\xbf<html lang=en>", "text/html"),
        (b"<?xml version='1.0'?><!-- a --> <!-- b --><html>", "text/html"),
        ("<html><meta charset=windows-1251>Наблюдатели".encode("windows-1251"), "text/html"),
        ("Наблюдатели".encode(), "text/plain"),
        (b"<p>a part of a page", "text/plain"),
        (b"<!---->" * 5_000 + b"x", "text/plain"),
        ("Наблюдатели".encode("windows-1251"), ""),
        (b"PK\x03\x04\0\0", ""),
        (b"GIF89a\x01\x02\xff", ""),
        (b"text\0", ""),
        (b" \n", ""),
        (b"", ""),
    ],
)
def test_a_file_is_what_its_bytes_say(content, media_type):
    assert media_type_of(content) == media_type


def test_a_page_is_read_in_the_letters_that_it_names_and_in_none_that_are_a_trick():
    assert decoded("<meta charset='KOI8-R'>Наблюдатели".encode("koi8-r")).endswith("Наблюдатели")
    assert decoded(b"<meta charset=utf-7>+AGE-") == "<meta charset=utf-7>+AGE-"
    with pytest.raises(ValueError, match="iso-8859-99"):
        decoded(b"<meta charset=iso-8859-99>")
