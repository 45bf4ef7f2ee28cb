"""Brings the catalogues of all languages up to the strings of the source."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from lib.catalogues import read, strings_of_source, translated_languages, write


class Command(BaseCommand):
    help = (
        "Adds what the source says and a catalogue does not hold yet, untranslated, and takes out what the source "
        "says no more. Nothing is guessed from strings that are like each other."
    )

    def handle(self, **_options: Any) -> None:
        found = strings_of_source()
        for language in translated_languages():
            catalogue = read(language)
            catalogue.update(found, no_fuzzy_matching=True)
            write(language, catalogue)
            missing = [message for message in catalogue if message.id and not all_of(message.string)]
            self.stdout.write(f"{language}: {len(catalogue)} strings, {len(missing)} to translate")


def all_of(string: Any) -> bool:
    """Whether a translation, or each of its plurals, says something."""
    return all(string) if isinstance(string, tuple | list) else bool(string)
