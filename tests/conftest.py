"""The cast, the published record, and folders of CSV files: what tests of every part of the tracker begin with.

The environment is set here, before the settings are read: so pyproject.toml names no settings module for the tests.
"""

# ruff: noqa: E402 (the records are imported after the environment is set)

import os

os.environ.update(DEBUG="on", PUBLIC_ACCESS="off", DJANGO_SETTINGS_MODULE="config.settings")
# Tests ask more than anybody may in a minute; those of the limits set them.
os.environ.update(dict.fromkeys(("API_REQUESTS_OF_TOKEN", "API_REQUESTS_OF_ADDRESS"), "0"))

import django

django.setup()

import csv
import io
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import hypothesis
import pytest
from django.apps import apps
from django.conf import settings as project
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.utils import translation

from missions.dataset import DatasetRefused, import_dataset
from missions.models import Election
from missions.readings import rebuild_readings
from tests.days import Days
from tests.excerpt import write_excerpt
from tests.factories import OrganizationFactory, StaffRoleFactory, UserFactory

# Static files are served as they lie there: nothing has collected them.
project.WHITENOISE_AUTOREFRESH = True

# The same examples each time, however slow the machine: new ones are looked for by `make fuzz` and `make security`.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis.settings.register_profile("fuzz", max_examples=2_000, deadline=None)
hypothesis.settings.register_profile("security", max_examples=10_000, deadline=None)
hypothesis.settings.load_profile("repeatable")

PUBLISHED = Path(project.BASE_DIR) / "missions" / "published"
NOW = datetime(2030, 7, 1, 12, tzinfo=UTC)
LOGIN_REQUIRED = "django.contrib.auth.middleware.LoginRequiredMiddleware"

# Tests that commit are followed by emptying every table, which the log of changes and the feed refuse, as they should.
GUARDED = [import_module(f"organizations.migrations.{name}") for name in ("0004_changes_are_kept", "0008_feed")]


def empty_every_table(_test=None):
    """Takes the guards of the log away, empties all tables, and puts the guards back."""
    with connection.schema_editor(atomic=False) as editor:
        for migration in GUARDED:
            migration.lift(apps, editor)
    call_command("flush", verbosity=0, interactive=False)
    with connection.schema_editor(atomic=False) as editor:
        for migration in GUARDED:
            migration.guard(apps, editor)


TransactionTestCase._fixture_teardown = empty_every_table


@pytest.fixture(autouse=True)
def in_english():
    """A page leaves its language behind in the thread; a test begins in that of an address without a prefix."""
    yield
    translation.activate(project.LANGUAGE_CODE)


# The cast: two desks that send observers, the secretariat of a mission, and those who belong to none.


@pytest.fixture
def northland_commission(db):
    """The election commission whose desk most tests are about."""
    return OrganizationFactory(
        code="northland-commission", kind="election_body", country="KZ", name="Northland Commission"
    )


@pytest.fixture
def southland_ministry(db):
    """Another desk, which must not see what the first one keeps to itself."""
    return OrganizationFactory(code="southland-ministry", kind="government", country="UZ", name="Southland Ministry")


@pytest.fixture
def secretariat(db):
    """An organization that runs missions."""
    return OrganizationFactory(code="secretariat", name="Observation Secretariat")


@pytest.fixture
def coordinator(northland_commission):
    """Writes what the Northland Commission keeps."""
    return person("coordinator", northland_commission, "coordinator")


@pytest.fixture
def viewer(northland_commission):
    """Reads what the Northland Commission keeps."""
    return person("viewer", northland_commission, "viewer")


@pytest.fixture
def outsider(southland_ministry):
    """Writes what the Southland Ministry keeps, and nothing of the Northland Commission."""
    return person("outsider", southland_ministry, "coordinator")


@pytest.fixture
def organizer(secretariat):
    """Writes what belongs to the missions of the secretariat."""
    return person("organizer", secretariat, "coordinator")


@pytest.fixture
def administrator(db):

    return UserFactory(username="administrator", is_staff=True, is_superuser=True)


@pytest.fixture
def deactivated(northland_commission):
    """Somebody who has left the Northland Commission."""
    left = person("deactivated", northland_commission, "coordinator")
    left.is_active = False
    left.save()
    return left


@pytest.fixture
def anonymous():
    return AnonymousUser()


def person(username, organization, role):

    return StaffRoleFactory(user__username=username, user__is_staff=True, organization=organization, role=role).user


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """What takes longest begins first, so that at the end no core waits for another."""
    items.sort(key=lambda item: item.path.parent.name not in {"clients", "security"})


# Who may read without signing in


@pytest.fixture
def public_access(settings):
    """Anonymous visitors read what is public."""
    settings.PUBLIC_ACCESS = True
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != LOGIN_REQUIRED]


@pytest.fixture
def members_only(settings):
    """Anonymous visitors read nothing."""
    settings.PUBLIC_ACCESS = False
    settings.MIDDLEWARE = [*(name for name in settings.MIDDLEWARE if name != LOGIN_REQUIRED), LOGIN_REQUIRED]


# The record


@pytest.fixture(scope="module")
def published_record(django_db_setup, django_db_blocker):
    """The record that ships, imported once for all tests of a module that ask for it. Each of them also needs `db`."""

    with django_db_blocker.unblock(), transaction.atomic():
        tallies = import_dataset(PUBLISHED, now=NOW)
        yield tallies
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def kyrgyzstan_2017(django_db_setup, django_db_blocker, tmp_path_factory):
    """What the record that ships says of one election, for tests that would take too long with all of it."""
    folder = tmp_path_factory.mktemp("kyrgyzstan_2017")
    write_excerpt(PUBLISHED, "kg-presidential-2017-10-15", folder)
    with django_db_blocker.unblock(), transaction.atomic():
        yield import_dataset(folder, now=NOW)
        transaction.set_rollback(True)


@pytest.fixture
def rebuild(db):
    """Rebuilds the stored readings after records were made past the doors that do so."""
    return lambda: rebuild_readings(Election.objects.all())


@pytest.fixture
def days(client, monkeypatch):
    return Days(client, monkeypatch)


@pytest.fixture
def dataset(db, tmp_path):
    """A folder for CSV files, and the doors through which it is read in."""
    folder = tmp_path / "dataset"
    folder.mkdir()
    return Dataset(folder)


class Dataset:
    """A folder of CSV files in the dataset format."""

    def __init__(self, folder):
        self.folder = folder

    def write(self, name, *rows):
        """Writes rows, given by column; the columns are those of all rows together."""
        columns = list(dict.fromkeys(column for row in rows for column in row))
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return self.put(name, text.getvalue())

    def put(self, name, content):
        """Writes a file as it stands, text or bytes."""
        raw = content.encode() if isinstance(content, str) else content
        (self.folder / f"{name}.csv").write_bytes(raw)
        return self

    def clear(self):
        for path in self.folder.iterdir():
            path.unlink()
        return self

    def read_in(self, *, now=NOW, owner=""):
        """Imports the folder and answers `{file: (new, changed, as before)}`."""

        tallies = import_dataset(self.folder, now=now, owner=owner)
        return {file: (tally.new, tally.changed, tally.as_before) for file, tally in tallies.items()}

    def problems(self, *, owner=""):
        """What the import says is wrong, line by line, after making sure that it changed nothing."""

        before = everything_stored()
        with pytest.raises(DatasetRefused) as refused:
            import_dataset(self.folder, now=NOW, owner=owner)
        assert everything_stored() == before
        return [str(problem) for problem in refused.value.problems]


def everything_stored():
    """Every row of every table of ours, with the links between records."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for label in ("organizations", "observers", "missions")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    }
