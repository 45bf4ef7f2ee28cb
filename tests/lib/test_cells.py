import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.cells import raw_cell, safe_cell

TEXT = st.text() | st.text(alphabet="'=+-@\t\r\na")


@pytest.mark.parametrize("text", ["=1+1", "+7 701", "-5", "@SUM", "\tx", "\rx"])
def test_text_that_would_be_computed_gets_an_apostrophe(text):
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "46", "a=b", "'quoted'", "''", "O'Brien", "\n=1", " =1"])
def test_other_text_stays_as_it_is(text):
    assert safe_cell(text) == text
    assert raw_cell(text) == text


@pytest.mark.parametrize("value", [-5, -0.5, None, True])
def test_what_is_not_text_stays_as_it_is(value):
    assert safe_cell(value) is value


def test_text_that_was_safe_already_comes_back_with_its_own_apostrophe():
    assert safe_cell("'=1") == "''=1"
    assert raw_cell("''=1") == "'=1"


@given(TEXT)
def test_what_was_made_safe_comes_back_unchanged(text):
    assert raw_cell(safe_cell(text)) == text


@given(TEXT)
def test_no_safe_cell_begins_with_what_would_be_computed(text):
    assert not safe_cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))
