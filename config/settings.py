"""The settings, read strictly from the environment: a missing or malformed value stops the start with a sentence."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn
from urllib.parse import SplitResult, urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from lib.territories import country_names

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


def whole_number(name: str, *, default: int) -> int:
    """An environment variable that counts something."""
    value = env.str(name, default=str(default)).strip()
    if not (value.isascii() and value.isdigit()):
        stop(f"{name} is “{value}”. It must be a whole number, such as {default}.")
    return int(value)


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
    # A page that takes longer is given up, so that it does not keep others from theirs; commands may take their time.
    seconds = whole_number("STATEMENT_TIMEOUT", default=0)
    # Compiling what asks who sees a person takes seconds, answering it as it is a tenth of that.
    of_session = f"-c statement_timeout={seconds}s -c jit=off"
    return {**chosen, "OPTIONS": {"pool": {"min_size": 1, "max_size": 8}, "options": of_session}}


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# Wrong passwords are counted in the cache, so all processes share one: by default a table of the database (migration
# organizations.0003). Its size is far above what the counters of one attack fill: a full cache would forget them.
DATABASE_CACHE: dict[str, object] = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "cache",
    "OPTIONS": {"MAX_ENTRIES": 100_000},
}


def cache() -> dict[str, object]:
    """The cache of CACHE_URL: redis://host:port/number, or a table of the database where none is given."""
    if "CACHE_URL" not in os.environ:
        return DATABASE_CACHE
    url, parts = address("CACHE_URL", default="", example="redis://host:6379/0")
    if parts.scheme not in {"redis", "rediss"}:
        stop("CACHE_URL must begin with redis:// or rediss://.")
    return dict(environ.Env.cache_url_config(url))


# Requests to the API are counted in the same, but where that is a table of SQLite: reading would wait for writers. They
# are counted by each process then.
IN_THIS_PROCESS = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "requests"}
IS_SQLITE_TABLE = "CACHE_URL" not in os.environ and "sqlite" in str(DATABASES["default"]["ENGINE"])
CACHES = {"default": cache(), "requests": IN_THIS_PROCESS if IS_SQLITE_TABLE else cache()}

INSTALLED_APPS = [
    "missions",
    "observers",
    "organizations",
    "lib",
    "config.apps.TrackerAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_countries",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lib.compression.CompressionMiddleware",
    "lib.languages.LanguageMiddleware",
    "lib.busy.BusyMiddleware",
    "organizations.middleware.ReadableMiddleware",
    "organizations.api_limits.AllowanceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "organizations.middleware.NoStoreMiddleware",
    "organizations.middleware.SessionEndMiddleware",
    "organizations.middleware.KeptFormMiddleware",
    "organizations.middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
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

# A failure is told on standard error: with DEBUG by Django, else without its values. Nobody is mailed.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"in production": {"()": "django.utils.log.RequireDebugFalse"}},
    "formatters": {"failure": {"()": "config.failures.WithoutValues", "format": "{asctime} {message}", "style": "{"}},
    "handlers": {
        "failures": {
            "class": "logging.StreamHandler",
            "formatter": "failure",
            "filters": ["in production"],
            "level": "ERROR",
        }
    },
    "loggers": {"django.request": {"handlers": ["failures"]}},
}

AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
CSRF_FAILURE_VIEW = "organizations.kept_forms.csrf_failure"
# The first makes new digests; the others read old ones, which are made anew at the next sign-in.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# A session ends when nobody has used it for two hours, and twelve hours after signing in (SessionEndMiddleware).
SESSION_COOKIE_AGE = 2 * 60 * 60
SESSION_ENDS_AFTER = 12 * 60 * 60

# Sign-in. Accounts are made by administrators alone, and nothing sends mail.
ACCOUNT_ADAPTER = "organizations.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "organizations.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Election observation mission tracker"


# Behind how many proxies of one's own the tracker stands: of X-Forwarded-For only so many entries are believed.
ALLAUTH_TRUSTED_PROXY_COUNT = whole_number("TRUSTED_PROXIES", default=0)

SOCIALACCOUNT_ADAPTER = "organizations.sign_in.SingleSignOnAdapter"
# A link, and no form: browsers apply form-action of the Content-Security-Policy to where a form leads in the end.
SOCIALACCOUNT_LOGIN_ON_GET = True


def single_sign_on() -> dict[str, str]:
    """The OpenID Connect provider of OIDC_…: all that it takes, or nothing."""
    names = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME")
    given = {name: env.str(name, default="").strip() for name in names}
    if not any(given.values()):
        return {}
    for name, value in given.items():
        if not value:
            stop(f"{name} is missing. Single sign-on takes all of {', '.join(names)}, or none of them.")
    issuer, parts = address("OIDC_ISSUER", default="", example="https://login.example.org")
    # Without TLS anybody on the way could say who signs in.
    schemes = {"https", "http"} if DEBUG else {"https"}
    if parts.scheme not in schemes or not parts.hostname or parts.query or parts.fragment:
        stop("OIDC_ISSUER is no address of a provider. Write https://login.example.org.")
    if len(issuer) > 200:
        stop("OIDC_ISSUER is longer than 200 characters.")
    return given


def oidc_provider(given: dict[str, str]) -> dict[str, object]:
    """What the sign-in library is told of the provider. Links to accounts are stored under the issuer's address."""
    app = {
        "provider_id": given["OIDC_ISSUER"],
        "name": given["OIDC_NAME"],
        "client_id": given["OIDC_CLIENT_ID"],
        "secret": given["OIDC_CLIENT_SECRET"],
        "settings": {"server_url": given["OIDC_ISSUER"]},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


OIDC = single_sign_on()
SOCIALACCOUNT_PROVIDERS = oidc_provider(OIDC) if OIDC else {}

LANGUAGE_CODE = "en"
# Each by its own name, as the links to it say it.
LANGUAGES = [("en", "English"), ("ru", "Русский"), ("kk", "Қазақша")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = True

COUNTRIES_OVERRIDE = {**country_names(), "XK": _("Kosovo")}

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
    # The first one also says how to sign in where nobody is: 401, `WWW-Authenticate: Bearer`.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "organizations.api_access.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["organizations.api_access.ApiAccess"],
    "DEFAULT_THROTTLE_CLASSES": ["organizations.api_limits.RequestsAMinute"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["lib.json_body.StrictJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["lib.filters.FilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "lib.keyset.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "organizations.api_schema.RecordSchema",
    "DEFAULT_METADATA_CLASS": "lib.options.NameOfAddress",
    # The viewsets read `format` themselves: an unknown one is a 400, not a 404.
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "lib.problems.problem_response",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
# How many requests a minute the API answers; 0: any number.
API_REQUESTS_OF_TOKEN = whole_number("API_REQUESTS_OF_TOKEN", default=1200)
API_REQUESTS_OF_ADDRESS = whole_number("API_REQUESTS_OF_ADDRESS", default=300)
# Secret scanners find tokens by the prefix. Who makes a token says for how long; see organizations.account_forms.
REST_KNOX = {"TOKEN_PREFIX": "eomt_", "AUTH_HEADER_PREFIX": "Bearer"}
# Ours stands for the library's own, whose migrations would make a table that nobody uses.
MIGRATION_MODULES = {"knox": None}
KNOX_TOKEN_MODEL = "organizations.ApiToken"  # noqa: S105 (the name of a model)
SPECTACULAR_SETTINGS = {
    "TITLE": "Election observation mission tracker",
    "DESCRIPTION": (
        "Who was sent to observe which election, by whom, through which mission, and what the published record says "
        "about it. A resource for each file of the dataset: rows are flat, relations are codes, days are ISO 8601. "
        "What needs more words (versions, sending again, following the changes, limits) stands in docs/api.md of the "
        "project. Under /api/v1/ nothing that is there is taken away or given another meaning; new addresses, "
        "optional parameters, fields and choices may come at any time."
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["organizations.api_access.ApiAccess"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # What is computed is answered and not written.
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "organizations.api_choices.explain_choices",
    ],
    # The hook above says what choices mean.
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
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

# Nothing but what the tracker itself serves: no other host, no script or style within a page.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "gamepad",
        "geolocation",
        "gyroscope",
        "hid",
        "idle-detection",
        "local-fonts",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "picture-in-picture",
        "publickey-credentials-create",
        "publickey-credentials-get",
        "screen-wake-lock",
        "serial",
        "storage-access",
        "usb",
        "window-management",
        "xr-spatial-tracking",
    )
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
