"""Every string of the source is in each language, with what is put into it, and the compiled files say the same."""

from __future__ import annotations

import re
import shutil

import pytest
from django.core.management import call_command
from django.utils import translation

from lib.catalogues import file_of, read, strings_of_source, translated_languages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")

pytestmark = pytest.mark.parametrize("language", translated_languages())


def texts(message):
    """What the source says and what the catalogue says, each with all its plurals."""
    return [list(each) if isinstance(each, tuple | list) else [each] for each in (message.id, message.string)]


def messages(language):
    return [message for message in read(language) if message.id]


def test_a_catalogue_holds_every_string_of_the_source_and_no_other(language):
    """Else: make catalogues."""
    of_source = {(message.context, message.id) for message in strings_of_source() if message.id}
    assert {(message.context, message.id) for message in messages(language)} == of_source
    assert len(of_source) > 1500


def test_every_string_is_translated_and_none_is_a_guess(language):
    """Else: fill in the msgstr in locale/<language>/LC_MESSAGES/django.po."""
    untranslated = [message.id for message in messages(language) if not all(texts(message)[1])]
    assert untranslated == []
    assert [message.id for message in messages(language) if message.fuzzy] == []


def test_what_is_put_into_a_string_is_put_into_its_translation(language):
    """A singular may leave its number out, as in “one row”; its plural shows what there is to put in."""
    differing = []
    for message in messages(language):
        said, translated = texts(message)
        wanted = set(PLACEHOLDER.findall(said[-1]))
        differing += [text for text in translated if text and set(PLACEHOLDER.findall(text)) != wanted]
    assert differing == []


def test_a_string_begins_and_ends_as_in_the_source(language):
    edges = lambda text: (text[:1].isspace(), text[-1:].isspace(), text[:1] == ",", text[-1:] == ":")  # noqa: E731
    differing = [
        message.id
        for message in messages(language)
        for said, translated in [texts(message)]
        if any(edges(text) != edges(said[0]) for text in translated if text)
    ]
    assert differing == []


def test_the_compiled_catalogue_is_that_of_the_source(language):
    """Else: make setup."""
    with translation.override(language):
        for message in messages(language):
            if isinstance(message.id, str) and message.string:
                said = translation.pgettext(message.context, message.id) if message.context else None
                assert (said or translation.gettext(message.id)) == message.string


def test_a_catalogue_is_brought_up_to_the_source_without_guesses(language, settings, tmp_path, capsys):
    for each in translated_languages():
        shutil.copytree(file_of(each).parent, tmp_path / each / "LC_MESSAGES")
    settings.LOCALE_PATHS = [tmp_path]
    before = file_of(language).read_text()
    assert 'msgid "Skip to content"' in before
    file_of(language).write_text(before.replace('msgid "Skip to content"', 'msgid "Skip to what is gone"'))
    call_command("update_catalogues")
    after = file_of(language).read_text()
    assert "what is gone" not in after
    assert 'msgid "Skip to content"\nmsgstr ""\n' in after
    assert f"{language}: {len(messages(language))} strings, " in capsys.readouterr().out
    assert after.partition("\n\n")[0] == before.partition("\n\n")[0]
