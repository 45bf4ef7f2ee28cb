"""The pages about the numbers and the columns: examples of the record, and every column as its model describes it."""

import re

import pytest
from django.urls import reverse

from missions.dataset import RECORDS
from missions.dataset.format import file_columns
from tests.factories import DeploymentFactory, HeadCountFactory, MissionFactory, SourceFactory
from tests.missions.test_one_party_over_three_missions import one_party
from tests.missions.test_pages import read, section, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]


def test_a_rule_has_an_example_of_the_record_in_the_words_of_every_count(client, rebuild):
    party = one_party()
    floor = MissionFactory(election=party.election, name="At least mission", sources=[SourceFactory()])
    HeadCountFactory(mission=floor, kind="announced", qualifier="at_least", value=170, source=floor.sources.get())
    rebuild()
    markup = read(client, reverse("method"))
    assert section(markup, "ranges").endswith(f"In the record: {floor} : at least 170 announced.")
    assert section(markup, "shares").endswith(f"In the record: {party} : 46 announced.")


def test_a_rule_that_applies_to_nothing_has_no_example(client, rebuild):
    DeploymentFactory(sources=[SourceFactory()])
    rebuild()
    assert "In the record:" not in read(client, reverse("method"))


def test_an_example_is_one_that_the_reader_sees(client, rebuild, viewer):
    memo = SourceFactory(public=False)
    hidden = MissionFactory(name="Hidden mission", sources=[memo])
    HeadCountFactory(mission=hidden, kind="announced", qualifier="at_least", value=170, source=memo)
    rebuild()
    assert "Hidden mission" not in read(client, reverse("method"))
    client.force_login(viewer)
    assert "Hidden mission" in section(read(client, reverse("method")), "ranges")


def test_the_dictionary_holds_every_column_with_its_meaning_and_choices(client):
    markup = read(client, reverse("data-dictionary"))
    told = 0
    for model in RECORDS:
        part = re.search(rf'<section id="{model.dataset_file}">(.*?)</section>', markup, re.DOTALL)[1]
        columns = re.findall('<th role="rowheader" scope="row"><code>([a-z_]+)</code>', part)
        assert columns == file_columns(model)
        words = words_of(part)
        for column in columns:
            field = model._meta.get_field(column)
            assert str(field.verbose_name).lower() in words.lower(), (model, column)
            assert words_of(str(field.help_text)) in words, (model, column)
            choices = [] if type(field).__name__ == "CountryField" else field.flatchoices
            assert [value for value, label in choices if value and f"{value} {label}" not in words] == []
            told += 1
    assert told > 130


def test_the_dictionary_says_what_leaves_by_no_door_but_the_admin(client):
    markup = read(client, reverse("data-dictionary"))
    kept = re.findall(r"<code>([a-z_]+)</code>(?:(?!</tr>).)*for its keepers alone", markup, re.DOTALL)
    expected = [column for model in RECORDS for column in model.columns if column in model.private_columns]
    assert kept == expected
    assert {"email", "phone", "accreditation_number", "internal_note"} == set(expected)


def test_both_are_linked_from_every_page(client):
    markup = read(client, reverse("home")).partition("<footer")[2]
    assert f'href="{reverse("method")}"' in markup
    assert f'href="{reverse("data-dictionary")}"' in markup
