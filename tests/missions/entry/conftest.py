"""The roster of organizations in an otherwise empty record, and a desk at which a page of entry is typed."""

import csv

import pytest
from django.db import transaction

from missions.dataset import import_dataset
from tests.conftest import NOW, PUBLISHED
from tests.excerpt import write_excerpt
from tests.missions.entry.at_the_desk import Desk

OF_THE_ROSTER = {"organizations", "organization_names", "memberships", "sources"}


@pytest.fixture(scope="module")
def roster_of_organizations(django_db_setup, django_db_blocker, tmp_path_factory):
    """The organizations of the Kyrgyzstan case under all their names, and the sources that these cite."""
    folder = tmp_path_factory.mktemp("roster")
    write_roster(folder)
    with django_db_blocker.unblock(), transaction.atomic():
        yield import_dataset(folder, now=NOW)
        transaction.set_rollback(True)


def write_roster(folder):
    """Writes the organizations that the record of the case points to, and no source but those of their names."""
    write_excerpt(PUBLISHED, "kg-presidential-2017-10-15", folder, only=OF_THE_ROSTER)
    cited = set()
    for name in OF_THE_ROSTER - {"sources"}:
        path = folder / f"{name}.csv"
        for row in rows_of(path) if path.exists() else ():
            cited |= {code for column in ("source", "sources") for code in row.get(column, "").split("; ")}
    rows = [row for row in rows_of(folder / "sources.csv") if row["code"] in cited]
    with (folder / "sources.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def desk(client, administrator):
    def sit_down(user=administrator, **asked):
        client.force_login(user)
        return Desk(client, **asked)

    return sit_down
