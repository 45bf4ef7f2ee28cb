"""The settings, read strictly from the environment: a missing or malformed value stops the start with a sentence."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn
from urllib.parse import SplitResult, urlsplit

import environ
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
YES = {"1", "on", "true", "yes"}
NO = {"0", "off", "false", "no"}


def stop(sentence: str) -> NoReturn:
    """Ends the start with one sentence instead of a stack trace."""
    sys.exit(f"Settings: {sentence}")


def switch(name: str, *, default: bool) -> bool:
    """An environment variable that is on or off."""
    value = env.str(name, default="on" if default else "off").strip().lower()
    if value not in YES | NO:
        stop(f"{name} is “{value}”. It must be one of: on, off.")
    return value in YES


def address(name: str, *, default: str, example: str) -> tuple[str, SplitResult]:
    """An environment variable that holds an address, whole and in its parts."""
    url = env.str(name, default=default)
    try:
        parts = urlsplit(url)
        _port = parts.port  # a port that is no number shows only when it is read
    except ValueError:
        stop(f"{name} is no address. Write {example}.")
    return url, parts


env = environ.Env()

DEBUG = switch("DEBUG", default=False)
PUBLIC_ACCESS = switch("PUBLIC_ACCESS", default=False)
REQUIRE_MFA = switch("REQUIRE_MFA", default=not DEBUG)

SECRET_KEY = env.str("SECRET_KEY", default="not-a-secret-key-used-only-with-debug-on" if DEBUG else "")
if not SECRET_KEY.strip():
    stop("SECRET_KEY is missing. Set it to a long random text, or set DEBUG=on on your own machine.")

ALLOWED_HOSTS = [host.strip() for host in env.str("ALLOWED_HOSTS", default="").split(",") if host.strip()]
for host in ALLOWED_HOSTS:
    if "/" in host or " " in host:
        stop(f"ALLOWED_HOSTS holds “{host}”. Write host names without scheme or path, separated by commas.")

# SQLite stands for one machine and a handful of editors: readers never wait for a writer (WAL), and a writer takes its
# lock at once instead of failing half-way (IMMEDIATE).
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
    ),
}


def database() -> dict[str, object]:
    """The database of DATABASE_URL: postgres://user:password@host:port/name or sqlite:///path."""
    example = "postgres://user:password@host:5432/name or sqlite:///path"
    url, parts = address("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}", example=example)
    if parts.scheme not in {"postgres", "postgresql", "sqlite"}:
        stop("DATABASE_URL must begin with postgres:// or sqlite:///.")
    chosen: dict[str, object] = environ.Env.db_url_config(url)
    if chosen["ENGINE"] == "django.db.backends.sqlite3":
        if not parts.path:
            stop("DATABASE_URL names no file. Write sqlite:///path.")
        return {**chosen, "OPTIONS": SQLITE_OPTIONS}
    if not chosen["NAME"]:
        stop("DATABASE_URL names no database. Write postgres://user:password@host:5432/name.")
    return {**chosen, "OPTIONS": {"pool": {"min_size": 1, "max_size": 8}}}


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def cache() -> dict[str, object]:
    """The cache of CACHE_URL: redis://host:port/number, or the memory of each process where none is given."""
    url, parts = address("CACHE_URL", default="locmemcache://", example="redis://host:6379/0")
    if parts.scheme not in {"redis", "rediss", "locmemcache"}:
        stop("CACHE_URL must begin with redis:// or rediss://.")
    return dict(environ.Env.cache_url_config(url))


CACHES = {"default": cache()}

INSTALLED_APPS = [
    "missions",
    "observers",
    "organizations",
    "lib",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_countries",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
if not PUBLIC_ACCESS:
    MIDDLEWARE.append("django.contrib.auth.middleware.LoginRequiredMiddleware")

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

AUTH_USER_MODEL = "organizations.User"
LOGIN_URL = "admin:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian")), ("kk", _("Kazakh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = True

COUNTRIES_OVERRIDE = {"XK": _("Kosovo")}

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["organizations.api_access.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["organizations.api_access.ApiAccess"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["lib.filters.FilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "lib.keyset.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    # The viewsets read `format` themselves: an unknown one is a 400, not a 404.
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "lib.problems.problem_response",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
KNOX_TOKEN_MODEL = "organizations.ApiToken"  # noqa: S105 (the name of a model)
SPECTACULAR_SETTINGS = {
    "TITLE": "Election observation mission tracker",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["organizations.api_access.ApiAccess"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "Reason": "missions.models.reasons.Reason",
        "Agreement": "missions.models.figures.Reading.Agreement",
        "HeadCountKindEnum": "missions.models.figures.HeadCount.Kind",
        "AssignmentStatusEnum": "missions.models.assignments.Assignment.Status",
        "DeploymentStatusEnum": "missions.models.deployments.Deployment.Status",
        "ElectionStatusEnum": "missions.models.elections.Election.Status",
        "MissionStatusEnum": "missions.models.missions.Mission.Status",
        "ElectionKindEnum": "missions.models.elections.Election.Kind",
        "MissionKindEnum": "missions.models.missions.Mission.Kind",
        "OrganizationKindEnum": "organizations.models.organizations.Organization.Kind",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
if not DEBUG:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
