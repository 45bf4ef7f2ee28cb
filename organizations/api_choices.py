"""Every choice in words, in the schema: what a value says, beyond its name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# What each of the values means that stand together: a schema knows its values, and not whose they are. The apps above
# add theirs.
MEANINGS: dict[frozenset[str], dict[str, str]] = {}


def explain(meanings: dict[str, str]) -> None:
    MEANINGS[frozenset(meanings)] = meanings


BLANK = "Nothing is entered, or nothing is known; of a day before today (`known_on`) also: it is not told."

explain({"yes": "The rows of which this is so.", "no": "The rows of which it is not."})
explain({"exact": "Counts all rows of the list, and answers the number as count."})
explain({"*": "Whichever version there is."})
explain({"en": "English.", "ru": "Russian.", "kk": "Kazakh."})
explain({"json": "JSON, as described here.", "csv": "A table in CSV: UTF-8, a comma between the cells, a header row."})
explain(
    {
        "json": "A page of the list in JSON, as described here.",
        "csv": "The whole filtered list as CSV: UTF-8, a comma between the cells, a header row.",
        "ndjson": "The whole filtered list, a JSON object on each line.",
        "xlsx": "The whole filtered list as a workbook of Excel.",
    }
)
explain(
    {
        "created": "There was no such record: it was made.",
        "changed": "The record says something else now.",
        "unchanged": "The record said this already: nothing was written.",
    }
)
# Kinds of organizations, and how one belongs to another.
explain(
    {
        "intergovernmental": "An organization of states, or a body of one: the CIS, the OSCE, ODIHR.",
        "parliamentary_assembly": "An assembly of members of several parliaments: the IPA CIS, PACE, TURKPA.",
        "election_body": "The body that runs a state's elections: a central election commission.",
        "election_body_association": "An association of election bodies: A-WEB.",
        "government": "A government or a ministry.",
        "parliament": "A parliament or one of its chambers.",
        "local_authority": "A body of a region, a city or a district: an akimat, a maslikhat.",
        "embassy": "An embassy or a consulate.",
        "ngo": "A non-governmental organization that works in several states.",
        "citizen_group": "A group of citizens that observes the elections of its own state.",
        "academic": "A university or an institute.",
        "other": "None of these.",
    }
)
explain(
    {
        "member": "A full member.",
        "observer": "An observer with the organization, which is no member.",
        "partner": "A partner of the organization, which is neither member nor observer.",
    }
)


def in_words(values: Iterable[Any]) -> str:
    """Each value with what it means, as a list; blank where nobody has said it."""
    texts = [json.dumps(value) if value in {"", None} else value for value in values]
    meanings = {'""': BLANK, "null": BLANK, **MEANINGS.get(frozenset(texts), {})}
    return "\n".join(f"* `{text}` - {meanings[text]}" for text in texts if text in meanings)


def explain_choices(result: dict[str, Any], **_of_the_generator: Any) -> dict[str, Any]:
    """Puts the words beside every choice: of a kind of value, of each field that has it, and of each parameter."""
    schemas = result["components"]["schemas"]
    words = {f"#/components/schemas/{name}": in_words(schema.get("enum", ())) for name, schema in schemas.items()}
    for name, schema in schemas.items():
        add(schema, words[f"#/components/schemas/{name}"])
        for field in schema.get("properties", {}).values():
            # A field that may be blank is of one of two kinds: its own, and the one of blanks.
            for kind in (*field.get("allOf", ()), *field.get("oneOf", ())):
                add(field, words.get(kind.get("$ref"), ""))
    for parameter in parameters_of(result):
        of_values = parameter["schema"].get("items", parameter["schema"])
        add(parameter, in_words(of_values.get("enum", ())))
    return result


def parameters_of(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for operations in result["paths"].values():
        for operation in operations.values():
            yield from operation.get("parameters", ())


def add(described: dict[str, Any], words: str) -> None:
    if words:
        text = described.get("description", "")
        # A list goes on from line to line; after a sentence stands a blank line.
        between = "" if not text else "\n" if text.rpartition("\n")[2].startswith("* ") else "\n\n"
        described["description"] = f"{text}{between}{words}"
