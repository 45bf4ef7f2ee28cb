"""The part of the published record that is about one election, for tests that would take too long with all of it."""

import csv
from functools import cache

from missions.dataset import RECORDS
from missions.models import (
    Assignment,
    Channel,
    Deployment,
    Election,
    HeadCount,
    Invitation,
    Mission,
    Statement,
    VotingDay,
)
from observers.models import ObserverName
from organizations.models import OrganizationName

# Whose rows are about the election: those that point to it, or to what is about it.
ABOUT = (Election, VotingDay, Mission, Invitation, Deployment, Channel, HeadCount, Assignment)
NAMES = {OrganizationName: "organization", ObserverName: "observer"}


@cache
def rows_of(model, published):
    path = published / f"{model.dataset_file}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [(number, row) for number, row in enumerate(csv.DictReader(file))]


def write_excerpt(published, election, folder, *, only=None):
    """Writes the rows about the election, and all that they point to, as dataset files into the folder.

    `only`: the names of the files that are written.
    """
    kept = {model: {} for model in RECORDS}
    for model in ABOUT:
        for number, row in rows_of(model, published):
            if row["code"] == election or any(row[name] in codes(kept, to) for name, to in pointers(model, ABOUT)):
                kept[model][number] = row
    subjects = {f"{model.resource()}/{code}" for model in ABOUT for code in codes(kept, model) if code}
    kept[Statement] = {n: row for n, row in rows_of(Statement, published) if row["subject"] in subjects}
    while keep_what_is_pointed_to(kept, published):
        pass
    for model, rows in kept.items():
        if rows and (only is None or model.dataset_file in only):
            write(folder / f"{model.dataset_file}.csv", [row for _number, row in sorted(rows.items())])


def keep_what_is_pointed_to(kept, published):
    """Keeps the records that kept rows point to, and the names of those; whether there was anything to keep."""
    wanted = {model: set() for model in RECORDS}
    for model, rows in kept.items():
        for row in rows.values():
            for name, to in pointers(model, RECORDS):
                wanted[to] |= set(row[name].split("; ")) - {""}
    before = sum(map(len, kept.values()))
    for model in RECORDS:
        named = codes(kept, dict(pointers(model, RECORDS))[NAMES[model]]) if model in NAMES else set()
        for number, row in rows_of(model, published):
            if row["code"] in wanted[model] or row.get(NAMES.get(model)) in named:
                kept[model][number] = row
    return sum(map(len, kept.values())) > before


def pointers(model, models):
    """The columns of a record that point to records of these kinds, with the kind."""
    related = ((name, model._meta.get_field(name).related_model) for name in model.columns)
    return [(name, to) for name, to in related if to in models]


def codes(kept, model):
    return {row["code"] for row in kept[model].values()}


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
