"""What review forgets: filters for all fields, tests for all commands, an audience for every route, explicit fields.

Each check says how many things it checked, so that none of them can run empty.
"""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import get_resolver, reverse

from missions.dataset import RECORDS
from missions.releases import make_release
from tests.conftest import NOW
from tests.missions.test_filters import EVERY, TABLE, make_two_sides
from tests.missions.test_lists import PAGES, PAGES_OF_RECORDS, RECONCILED, RESOURCES

OURS = ("config", "lib", "organizations", "observers", "missions")
ROOT = Path(settings.BASE_DIR)


def modules():
    """Our own modules, without migrations."""
    return [path for app in OURS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]


# Figures


def test_figures_are_rebuilt_only_where_copies_of_the_record_are_told():
    named = {path.name for path in modules() if "rebuild_readings(" in path.read_text(encoding="utf-8")}
    assert named == {"readings.py", "resting.py"}


# Filters


# Fields that no list is filtered by, and why.
CODE = "a code is an address of its own"
TEXT = "words, which q searches where they name something"
PRIVATE = "nobody but its keepers may ask for it"
DETAIL = "a detail of the row, by which nobody has asked to choose"
EVERYWHERE = {
    "code": CODE,
    "search_text": "what q searches",
    "owner": PRIVATE,
    "internal_note": PRIVATE,
    "remark": TEXT,
    "excerpt": TEXT,
    "name": TEXT,
    "sources": "each record shows its own; a source's page shows what rests on it",
    "starts_on": DETAIL,
    "ends_on": DETAIL,
    "valid_from": DETAIL,
    "valid_until": DETAIL,
    "status_reason": DETAIL,
    "family_name": TEXT,
    "given_names": TEXT,
}
WITHOUT_FILTER = {
    "sources": dict.fromkeys(("title", "publisher"), TEXT)
    | dict.fromkeys(("url", "archive_url", "accessed_on"), DETAIL)
    | {"public": "a reader sees public sources, or all"},
    "organizations": dict.fromkeys(("founded_on", "dissolved_on", "website"), DETAIL),
    "organization-names": {"short_name": TEXT, "language": DETAIL},
    "memberships": {"since": DETAIL, "until": DETAIL},
    "regions": {"iso": TEXT, "part_of": DETAIL},
    "observers": {"email": PRIVATE, "phone": PRIVATE, "withheld": PRIVATE, "languages": DETAIL},
    "observer-names": {"language": DETAIL},
    "elections": {"office": TEXT, "accreditation_closes_at": DETAIL},
    "voting-days": {"round": DETAIL},
    "missions": {"co_organizers": DETAIL, "status_on": DETAIL},
    "invitations": {"sent_on": DETAIL, "responded_on": DETAIL, "reason_text": TEXT},
    "deployments": {"part_of": DETAIL, "missions": "mission asks for them"},
    "channels": {"as_named": TEXT, "counted": DETAIL},
    "head-counts": dict.fromkeys(("value", "as_of_from", "as_of", "states", "bodies", "counted", "preferred"), DETAIL),
    "assignments": dict.fromkeys(("area", "post", "employer"), TEXT) | {"accreditation_number": PRIVATE},
    "statements": {"subject": TEXT, "field": DETAIL, "value": TEXT},
}


def fields_of(model):
    return {field.name for field in model._meta.get_fields() if not field.auto_created}


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_field_has_a_filter_or_a_reason_to_have_none(resource):
    viewset = RESOURCES[resource]
    filters = viewset.filterset_class.base_filters
    asked = set(filters) | {filter_.field_name.partition("__")[0] for filter_ in filters.values() if filter_.field_name}
    fields = fields_of(viewset.model())
    assert fields - asked == fields & (EVERYWHERE.keys() | WITHOUT_FILTER[resource].keys()) - asked
    assert WITHOUT_FILTER[resource].keys() <= fields - asked


def test_the_fields_of_every_kind_of_record_were_looked_at():
    assert WITHOUT_FILTER.keys() == {model.resource() for model in RECORDS} == TABLE.keys()
    assert sum(len(fields_of(model)) for model in RECORDS) == 192


# Commands


def test_every_command_is_called_by_a_test():
    commands = {path.stem for app in OURS for path in (ROOT / app).glob("management/commands/[a-z]*.py")}
    called = set()
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "call_command":
                called |= {argument.value for argument in node.args[:1] if isinstance(argument, ast.Constant)}
    assert commands - called == set()
    assert commands == {
        "changepassword",
        "check_links",
        "check_readings",
        "count_record",
        "createsuperuser",
        "export_dataset",
        "export_person",
        "first_run",
        "import_dataset",
        "import_people",
        "release_dataset",
        "update_catalogues",
    }


# Routes


EVERYBODY, READERS, SIGNED_IN, MEMBERS_OF_STAFF = "everybody", "readers", "signed in", "staff"
# Who may see what is behind each route: readers are all where PUBLIC_ACCESS is on, else members; staff enter data.
AUDIENCES = {
    "home": READERS,
    "about-the-record": READERS,
    **dict.fromkeys(PAGES, READERS),
    **dict.fromkeys(PAGES_OF_RECORDS.values(), READERS),
    "matrix": READERS,
    **dict.fromkeys(("answer", "search", "countries", "country", "calendar"), READERS),
    **dict.fromkeys(("method", "data-dictionary"), READERS),
    "api:api-root": READERS,
    **dict.fromkeys(("api:changes", "api:dataset", "api:releases", "api:release", "api:release-file"), READERS),
    "api:schema": READERS,
    "api:docs": READERS,
    **{f"api:{resource}-{door}": READERS for resource in RESOURCES for door in ("list", "detail")},
    **{f"api:{resource}-reconciliation": READERS for resource in RECONCILED},
    "api:deployments-facets": READERS,
    "api:deployments-matrix": READERS,
    # Copies are somebody else's documents.
    "source-copy": MEMBERS_OF_STAFF,
    **dict.fromkeys(("admin:login", "account_login", "account_logout", "account_inactive"), EVERYBODY),
    "theme": EVERYBODY,
    # Only between the password and what comes after it.
    "mfa_authenticate": EVERYBODY,
    **dict.fromkeys(("account", "account_reauthenticate", "account_change_password", "mfa_index"), SIGNED_IN),
    **dict.fromkeys(("mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp"), SIGNED_IN),
    **dict.fromkeys(("mfa_view_recovery_codes", "mfa_generate_recovery_codes"), SIGNED_IN),
    **dict.fromkeys(("mfa_download_recovery_codes", "new-token", "revoke-token"), SIGNED_IN),
    **dict.fromkeys(("saved-views", "saved-view"), SIGNED_IN),
}


# What is found by something else than the code of a record.
WITHOUT_A_CODE = {"country": "KZ", "api:release": 1, "api:release-file": 1}


def routes(patterns, prefix="", namespace=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            inside = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, route, inside)
        else:
            yield namespace + (pattern.name or ""), route


def every_route():
    return [
        (name, route, AUDIENCES.get(name, MEMBERS_OF_STAFF if route.startswith("admin/") else "nobody said"))
        for name, route in routes(get_resolver().url_patterns)
        # There is nothing behind it: 404, or 403 where the API is closed.
        if not route.startswith("api/v1/<any:rest>")
    ]


def test_every_route_says_who_may_see_it():
    found = every_route()
    assert [route for _name, route, audience in found if audience == "nobody said"] == []
    names = {name for name, _route, _audience in found}
    assert AUDIENCES.keys() <= names
    assert len(AUDIENCES) == 91
    assert len(found) > 100


def addresses(audience):
    """An address for each route of that audience, filled with the codes of the filters' rows."""
    filled = []
    for name, route, whose in every_route():
        if whose != audience:
            continue
        if audience != READERS:
            filled.append("/" + re.sub("<[^>]*>", "1", route))
            continue
        resource = name.removeprefix("api:").removesuffix("-detail").removesuffix("-reconciliation")
        if name in WITHOUT_A_CODE:
            filled.append(reverse(name, args=[WITHOUT_A_CODE[name]]))
            continue
        listed = {page: resource for resource, page in PAGES_OF_RECORDS.items()}.get(name, resource)
        filled.append(reverse(name, args=[EVERY[listed][0]] if "code" in route else []))
    return filled


@pytest.mark.django_db
def test_readers_read_where_it_is_public_and_else_are_refused(client, public_access):
    make_two_sides()
    make_release(now=NOW)
    answers = {address: client.get(address) for address in addresses(READERS)}
    for answer in answers.values():
        answer.close()
    assert {address: answer.status_code for address, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert len(answers) == 70


@pytest.mark.django_db
def test_nobody_reads_without_signing_in_where_it_is_not_public(client, members_only):
    make_two_sides()
    refused = {address: client.get(address) for address in addresses(READERS)}
    statuses = {address: answer.status_code for address, answer in refused.items()}
    assert statuses == {address: 401 if address.startswith("/api/") else 302 for address in refused}
    assert client.get(reverse("account_login")).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("access", ["public_access", "members_only"])
def test_what_is_about_oneself_takes_signing_in(client, request, access):
    request.getfixturevalue(access)
    answers = {address: client.get(address) for address in addresses(SIGNED_IN)}
    # What only changes something is refused to everybody who reads.
    assert {answer.status_code for answer in answers.values()} <= {302, 405}
    led_to = {answer["Location"].partition("?")[0] for answer in answers.values() if answer.status_code == 302}
    assert (led_to, len(answers)) == ({reverse("account_login")}, 13)


@pytest.mark.django_db
@pytest.mark.parametrize("access", ["public_access", "members_only"])
def test_the_admin_is_for_staff(client, request, access):
    request.getfixturevalue(access)
    kept = [address for address in addresses(MEMBERS_OF_STAFF) if "(" not in address]
    answers = {address: client.get(address) for address in kept}
    let_in = {address for address, answer in answers.items() if answer.status_code not in {302, 404, 405}}
    assert let_in == set()
    assert len(kept) > 90


# Fields, named one by one


def test_no_form_serializer_filter_or_admin_takes_all_fields():
    looked_at, taken = 0, []
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and {getattr(target, "id", "") for target in node.targets} & {
                "fields",
                "exclude",
            }:
                looked_at += 1
                names = {target.id for target in node.targets}
                if "exclude" in names or (isinstance(node.value, ast.Constant) and node.value.value == "__all__"):
                    taken.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert taken == []
    assert looked_at > 16


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_field_of_a_row_is_named_and_none_is_private(resource):
    viewset = RESOURCES[resource]
    fields = viewset.serializer_class.Meta.fields
    assert isinstance(fields, list)
    assert (fields[0], fields[-1], len(set(fields))) == ("code", "modified_at", len(fields))
    assert set(fields) & viewset.model().private_columns == set()
    assert set(viewset.model().columns) - viewset.model().private_columns <= set(fields)


def test_every_model_is_a_record_or_known_not_to_be():
    models = {model.__name__ for app in OURS[2:] for model in apps.get_app_config(app).get_models()}
    accounts, log = {"User", "StaffRole", "ApiToken", "SentOnce"}, {"Change", "ChangedRecord", "PersonalValue"}
    feed = {"Audience", "FeedEntry", "ToldRecord"}
    others = {"Reading", "Merge", "Erasure", "PeopleFile", "RememberedColumn", "SourceCopy", "SavedView", "Release"}
    assert models - {model.__name__ for model in RECORDS} == accounts | log | feed | others
    assert len(RECORDS) == 16
