"""The catalogues of the languages: what of the source is to be translated, found without any tool but Python.

A language is one file, locale/<code>/LC_MESSAGES/django.po, with all strings of the source and no other.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
PYTHON = ("config", "lib", "organizations", "observers", "missions")
# What marks a string, and which of its arguments are the string, its plural and its context.
MARKS = {
    "_": None,
    "_lazy": None,
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
WIDTH = 120


def sources() -> list[Path]:
    """The files that hold strings, in one order everywhere."""
    modules = [path for folder in PYTHON for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]
    return sorted([*modules, *(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})])


def strings_of_source() -> Catalog:
    """Every string of the source, with the files that it stands in."""
    found = Catalog(charset="utf-8")
    for path in sources():
        text = path.read_text()
        if path.suffix != ".py":
            # In brackets, because what stands between the strings keeps its indentation, which is no Python's.
            text = f"({templatize(text)})"
        messages = extract("python", io.BytesIO(text.encode()), MARKS, options={"encoding": "utf-8"})
        for _line, message, _comments, context in messages:
            flags = ["python-format"] if "%(" in str(message) else []
            found.add(message, None, [(str(path.relative_to(ROOT)), 0)], flags, context=context)
    return found


def file_of(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    with file_of(language).open("rb") as file:
        return read_po(file, locale=language)


def write(language: str, catalogue: Catalog) -> None:
    """The head of the file stays as it is: who translates writes it, once."""
    head = file_of(language).read_text().partition("\n\n")[0]
    body = io.BytesIO()
    write_po(
        body, catalogue, width=WIDTH, sort_output=True, omit_header=True, ignore_obsolete=True, include_lineno=False
    )
    file_of(language).write_text(f"{head}\n\n{body.getvalue().decode().lstrip()}")


def translated_languages() -> list[str]:
    """All but the language that the source is written in."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
