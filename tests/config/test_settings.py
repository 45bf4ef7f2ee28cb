"""The settings stop the start with a sentence where the environment is missing something or malformed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings as project

ADDRESS = "Write postgres://user:password@host:5432/name or sqlite:///path."
ALL_OF_OIDC = "Single sign-on takes all of OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME, or none of them."
NO_PROVIDER = "OIDC_ISSUER is no address of a provider. Write https://login.example.org."
OIDC = {
    "OIDC_ISSUER": "https://login.example.org/realm",
    "OIDC_CLIENT_ID": "tracker",
    "OIDC_CLIENT_SECRET": "a secret",
    "OIDC_NAME": "Ministry",
}
WITHOUT_KEY = "SECRET_KEY is missing. Set it to a long random text, or set DEBUG=on on your own machine."


def start(**environment):
    """Runs `manage.py check` with this environment and nothing else."""
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        check=False,
        cwd=project.BASE_DIR,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, WITHOUT_KEY),
        ({"SECRET_KEY": ""}, WITHOUT_KEY),
        ({"SECRET_KEY": "   "}, WITHOUT_KEY),
        ({"DEBUG": "maybe"}, "DEBUG is “maybe”. It must be one of: on, off."),
        ({"DEBUG": ""}, "DEBUG is “”. It must be one of: on, off."),
        ({"DEBUG": "on", "PUBLIC_ACCESS": "2"}, "PUBLIC_ACCESS is “2”. It must be one of: on, off."),
        ({"DEBUG": "on", "REQUIRE_MFA": "sometimes"}, "REQUIRE_MFA is “sometimes”. It must be one of: on, off."),
        (
            {"DEBUG": "on", "ALLOWED_HOSTS": "https://tracker.example"},
            (
                "ALLOWED_HOSTS holds “https://tracker.example”. "
                "Write host names without scheme or path, separated by commas."
            ),
        ),
        (
            {"DEBUG": "on", "ALLOWED_HOSTS": "tracker.example www.tracker.example"},
            (
                "ALLOWED_HOSTS holds “tracker.example www.tracker.example”. "
                "Write host names without scheme or path, separated by commas."
            ),
        ),
        ({"DEBUG": "on", "DATABASE_URL": ""}, "DATABASE_URL must begin with postgres:// or sqlite:///."),
        (
            {"DEBUG": "on", "DATABASE_URL": "mysql://localhost/tracker"},
            "DATABASE_URL must begin with postgres:// or sqlite:///.",
        ),
        (
            {"DEBUG": "on", "DATABASE_URL": "postgres://localhost:5432"},
            "DATABASE_URL names no database. Write postgres://user:password@host:5432/name.",
        ),
        (
            {"DEBUG": "on", "DATABASE_URL": "postgres://localhost:port/tracker"},
            f"DATABASE_URL is no address. {ADDRESS}",
        ),
        (
            {"DEBUG": "on", "DATABASE_URL": "postgres://localhost:99999/tracker"},
            f"DATABASE_URL is no address. {ADDRESS}",
        ),
        ({"DEBUG": "on", "DATABASE_URL": "postgres://[localhost/tracker"}, f"DATABASE_URL is no address. {ADDRESS}"),
        ({"DEBUG": "on", "DATABASE_URL": "sqlite://"}, "DATABASE_URL names no file. Write sqlite:///path."),
        ({"DEBUG": "on", "CACHE_URL": ""}, "CACHE_URL must begin with redis:// or rediss://."),
        ({"DEBUG": "on", "CACHE_URL": "memcache://localhost"}, "CACHE_URL must begin with redis:// or rediss://."),
        ({"DEBUG": "on", "CACHE_URL": "locmemcache://"}, "CACHE_URL must begin with redis:// or rediss://."),
        (
            {"DEBUG": "on", "TRUSTED_PROXIES": "-1"},
            "TRUSTED_PROXIES is “-1”. It must be a whole number, such as 0.",
        ),
        ({"DEBUG": "on", **OIDC, "OIDC_NAME": ""}, f"OIDC_NAME is missing. {ALL_OF_OIDC}"),
        ({"DEBUG": "on", "OIDC_NAME": "Ministry"}, f"OIDC_ISSUER is missing. {ALL_OF_OIDC}"),
        ({"DEBUG": "on", **OIDC, "OIDC_ISSUER": "login.example.org"}, NO_PROVIDER),
        ({"DEBUG": "on", **OIDC, "OIDC_ISSUER": "ftp://login.example.org"}, NO_PROVIDER),
        ({"SECRET_KEY": "a long random text", **OIDC, "OIDC_ISSUER": "http://login.example.org"}, NO_PROVIDER),
        (
            {"DEBUG": "on", "CACHE_URL": "redis://localhost:port/1"},
            "CACHE_URL is no address. Write redis://host:6379/0.",
        ),
        ({"DEBUG": "on", "CACHE_URL": "redis://[localhost/1"}, "CACHE_URL is no address. Write redis://host:6379/0."),
    ],
    ids=lambda given: " ".join(f"{name}={value}" for name, value in given.items()) if isinstance(given, dict) else "",
)
def test_what_is_malformed_or_missing_stops_the_start_with_a_sentence(environment, sentence):
    stopped = start(**environment)
    assert (stopped.returncode, stopped.stdout, stopped.stderr) == (1, "", f"Settings: {sentence}\n")


@pytest.mark.parametrize(
    "environment",
    [
        {"SECRET_KEY": "a long random text"},
        {"DEBUG": "on"},
        {"DEBUG": "TRUE", "PUBLIC_ACCESS": "yes", "REQUIRE_MFA": "0"},
        {"DEBUG": "on", "DATABASE_URL": "postgres://tracker:p%40ss@localhost:5432/tracker"},
        {"DEBUG": "on", "CACHE_URL": "redis://localhost:6379/1", "ALLOWED_HOSTS": "tracker.example, localhost"},
        {"SECRET_KEY": "a long random text", "TRUSTED_PROXIES": "1", **OIDC},
    ],
    ids=" ".join,
)
def test_what_is_well_formed_starts(environment):
    started = start(**environment)
    assert (started.returncode, started.stderr) == (0, "")
