"""The description that goes with the files: a Frictionless Tabular Data Package (specs.frictionlessdata.io, version 1).

What it says of a column is what the record's own field says. Nothing in it tells of the day of the export.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.utils import translation
from django_countries.fields import CountryField

from missions.dataset.format import SEPARATOR, file_columns, is_many

if TYPE_CHECKING:
    from missions.dataset.sight import Sight
    from organizations.models import Record

PACKAGE_FILE = "datapackage.json"
TITLE = "Record of election observation missions"
DESCRIPTION = (
    "Who was sent to observe which election, by whom, through which mission, and what the published record says about "
    "it. Every fact cites its sources, and facts that disagree stand side by side."
)
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
CODE = "[a-z0-9]+(-[a-z0-9]+)*"
COUNTRY = "[A-Z]{2}"


def package_text(kinds: list[type[Record]], *, publishers: list[str], sight: Sight) -> str:
    """The content of datapackage.json for files of these kinds of record, whose sources are of these publishers."""
    # In one language whoever asks.
    with translation.override("en"):
        package = {
            "profile": "tabular-data-package",
            "name": "election-observation-record",
            "title": TITLE,
            "description": f"{DESCRIPTION} {sight.told}",
            "licenses": [LICENCE],
            "sources": [{"title": publisher} for publisher in publishers],
            "resources": [resource(model, kinds, is_whole=sight.is_whole) for model in kinds],
        }
        return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def resource(model: type[Record], kinds: list[type[Record]], *, is_whole: bool) -> dict[str, Any]:
    columns = file_columns(model, is_whole=is_whole)
    return {
        "profile": "tabular-data-resource",
        "name": model.dataset_file,
        "path": f"{model.dataset_file}.csv",
        "title": str(model._meta.verbose_name_plural),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": {
            "fields": [described(model, column) for column in columns],
            "missingValues": [""],
            "primaryKey": ["code"],
            "foreignKeys": [
                foreign_key(model, column, others)
                for column in columns
                if (others := pointed_at(model, column)) in kinds and not is_many(model, column)
            ],
        },
    }


def pointed_at(model: type[Record], column: str) -> Any:
    """The kind of record whose codes stand in the column; None where other values stand there."""
    return model._meta.get_field(column).related_model


def foreign_key(model: type[Record], column: str, others: type[Record]) -> dict[str, Any]:
    # A blank name is the resource itself.
    name = "" if others is model else others.dataset_file
    return {"fields": [column], "reference": {"resource": name, "fields": ["code"]}}


def described(model: type[Record], column: str) -> dict[str, Any]:
    """A column: its type, what it is called and means, and what may stand in it."""
    model_field: Any = model._meta.get_field(column)
    found = {
        "name": column,
        "type": type_of(model_field),
        "title": str(model_field.verbose_name),
        "description": description(model_field),
        "constraints": constraints(model_field),
    }
    return {key: value for key, value in found.items() if value}


def type_of(model_field: Any) -> str:
    if isinstance(model_field, models.BooleanField):
        return "boolean"
    if isinstance(model_field, models.DateField):
        return "date"
    return "integer" if isinstance(model_field, models.IntegerField) else "string"


def description(model_field: Any) -> str:
    sentences = [str(model_field.help_text)]
    if others := model_field.related_model:
        if model_field.many_to_many:
            sentences.append(
                f"Codes of {others._meta.verbose_name_plural}, with “{SEPARATOR}” between them: "
                "as there may be several, they are no foreign key."
            )
        else:
            sentences.append(f"A code of {others._meta.verbose_name_plural}.")
    return " ".join(filter(None, sentences))


def constraints(model_field: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "required": not (model_field.blank or model_field.has_default()),
        "unique": model_field.unique,
        "pattern": pattern(model_field),
    }
    if isinstance(model_field, models.CharField) and not isinstance(model_field, CountryField):
        found["maxLength"] = model_field.max_length
        found["enum"] = [value for value, _label in model_field.flatchoices if value]
    found = {key: value for key, value in found.items() if value}
    # Every number of the record counts something.
    return found | ({"minimum": 0} if type_of(model_field) == "integer" else {})


def pattern(model_field: Any) -> str:
    """What the whole of a cell must match; blank where anything may stand."""
    if model_field.related_model:
        return f"{CODE}({SEPARATOR}{CODE})*" if model_field.many_to_many else CODE
    if isinstance(model_field, CountryField):
        return COUNTRY
    for validator in model_field.validators:
        if isinstance(validator, RegexValidator) and not isinstance(validator, URLValidator):
            # The regular expression is compiled when it is first used, of which the stubs know nothing.
            compiled: Any = validator.regex
            return re.sub(r"^\^|\\Z$", "", compiled.pattern)
    return ""
