"""The permission matrix, by hand from docs/access.md: for each route, what each actor is answered.

A route without a row here fails the tests, and so does a row without a route. A new kind of record needs a row in
`KINDS_IN_THE_ADMIN`, and its records one in `tests/security/objects.py`.
"""

from __future__ import annotations

from tests.security.actors import CLERKS, SIGNED_IN, TOKENS, VISITORS

# Who has no session: tokens open nothing but the API.
OUTSIDE = (*VISITORS, *TOKENS)
COORDINATORS = ("coordinator A", "coordinator B", "organizer M", "organizer N")


def answers(outside, inside, some=(), otherwise=200):
    """The status for who has no session, for who has one, and for some of these."""
    return {**dict.fromkeys(OUTSIDE, outside), **dict.fromkeys(SIGNED_IN, inside), **dict.fromkeys(some, otherwise)}


EVERYBODY = answers(200, 200)
# Who is not signed in is led to where one signs in.
SIGNED_IN_ONLY = answers(302, 200)
# In the admin whoever is no clerk is refused.
REFUSED = answers(302, 403)
FOR_CLERKS = answers(302, 403, CLERKS)
FOR_WRITERS = answers(302, 403, (*COORDINATORS, "administrator"))
FOR_ADMINISTRATORS = answers(302, 403, ["administrator"])
# A token that has expired is told so.
API = answers(200, 200) | {"token expired": 401}

# Routes without an object: what GET answers.
PLAIN = {
    # Pages
    "home": EVERYBODY,
    "about-the-record": EVERYBODY,
    "matrix": EVERYBODY,
    "answer": EVERYBODY,
    **dict.fromkeys(("search", "countries", "calendar", "method", "data-dictionary"), EVERYBODY),
    **dict.fromkeys(("deployments", "missions", "elections", "invitations", "organizations", "sources"), EVERYBODY),
    **dict.fromkeys(("assignments", "observers"), EVERYBODY),
    # The API
    **dict.fromkeys(("api:schema", "api:docs", "api:dataset", "api:api-root"), API),
    **dict.fromkeys(("api:changes", "api:releases"), API),
    "api:deployments-facets": API,
    "api:deployments-matrix": API,
    "saved-views": SIGNED_IN_ONLY,
    # A person's own page
    "account": SIGNED_IN_ONLY,
    "mfa_index": SIGNED_IN_ONLY,
    "account_login": answers(200, 302),
    "account_logout": SIGNED_IN_ONLY,
    "account_inactive": EVERYBODY,
    "account_reauthenticate": SIGNED_IN_ONLY,
    "account_change_password": SIGNED_IN_ONLY,
    "mfa_activate_totp": SIGNED_IN_ONLY,
    "mfa_generate_recovery_codes": SIGNED_IN_ONLY,
    "new-token": SIGNED_IN_ONLY,
    # In the midst of signing in, which nobody here is.
    "mfa_authenticate": answers(302, 302),
    "mfa_reauthenticate": answers(302, 302),
    # Nobody here has a second factor.
    **dict.fromkeys(
        ("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes"), answers(302, 404)
    ),
    "revoke-token": answers(405, 405),
    "theme": answers(405, 405),
    # The admin
    "to-check": FOR_CLERKS,
    "entry": FOR_WRITERS,
    "entering-from": FOR_WRITERS,
    "undo": answers(302, 403, CLERKS, 405),
    "admin:index": FOR_CLERKS,
    "admin:jsi18n": FOR_CLERKS,
    # They lead to the pages of /account/.
    "admin:login": answers(302, 403, CLERKS, 302),
    "admin:password_change": answers(302, 403, CLERKS, 302),
    "admin:password_change_done": answers(302, 403, CLERKS, 302),
    "admin:logout": answers(302, 302, CLERKS, 200),
    # Without its three parameters.
    "admin:autocomplete": answers(302, 403),
    "admin:missions_people_send": FOR_WRITERS,
    "admin:missions_headcount_read": FOR_WRITERS,
    # Without the codes of two persons.
    "admin:observers_observer_merge": answers(302, 403, (*COORDINATORS, "administrator"), 302),
}

# Of each kind of record: who opens the list, and who adds one.
OWNED = (FOR_WRITERS, FOR_WRITERS)
PERSONAL = (FOR_CLERKS, FOR_WRITERS)
REFERENCE = (FOR_ADMINISTRATORS, FOR_ADMINISTRATORS)
KINDS_IN_THE_ADMIN = {
    "missions_assignment": PERSONAL,
    "missions_channel": OWNED,
    "missions_deployment": OWNED,
    "missions_election": REFERENCE,
    "missions_headcount": OWNED,
    "missions_invitation": OWNED,
    "missions_mission": OWNED,
    "missions_statement": OWNED,
    # What only shows: nobody adds to it.
    "observers_erasure": (FOR_CLERKS, REFUSED),
    "observers_merge": (FOR_WRITERS, REFUSED),
    "observers_observer": PERSONAL,
    "organizations_changedrecord": (FOR_CLERKS, REFUSED),
    "organizations_membership": REFERENCE,
    "organizations_organization": REFERENCE,
    "organizations_region": REFERENCE,
    "organizations_source": OWNED,
    "organizations_user": REFERENCE,
}
PAGES_OF_A_RECORD = ("change", "history", "delete")

# The lists of the API, of which each has the answer for one record as well.
RESOURCES = (
    "sources",
    "organizations",
    "organization-names",
    "memberships",
    "regions",
    "observers",
    "observer-names",
    "elections",
    "voting-days",
    "missions",
    "invitations",
    "deployments",
    "channels",
    "head-counts",
    "assignments",
    "statements",
)
RECONCILED = ("elections", "missions", "deployments")
# The pages of single records, and of what.
PAGES = {
    "deployment": "deployments",
    "mission": "missions",
    "election": "elections",
    "invitation": "invitations",
    "observer": "observers",
    "organization": "organizations",
    "source": "sources",
}
# Addresses with an object that have tests of their own, by what they answer who has no session.
WITH_TESTS_OF_THEIR_OWN = {
    "admin:app_list",
    "admin:auth_user_password_change",
    "admin:missions_headcount_ladder",
    "admin:missions_people_preview",
    "admin:missions_people_refused",
    "admin:observers_erasure_request",
    "admin:observers_merge_undo",
    "admin:observers_observer_erase",
    "admin:observers_observer_held",
    "admin:view_on_site",
    "coverage",
    # tests/missions/test_countries.py.
    "country",
    "saved-view",
    # tests/missions/test_releases.py.
    "api:release",
    "api:release-file",
    # Below: OPENS_COPIES.
    "source-copy",
    # What is no address: the same answer as where nothing is.
    "api/v1/<any:rest>/",
    "api/v1/<any:rest>.zip",
    # The way to where the slash is.
    "api/v1/<any:rest>",
    "admin/(?P<url>.*)$",
}

# Who opens the copy of a source: who enters data.
OPENS_COPIES = frozenset(CLERKS)


def every_name():
    """The names of all routes that the rows above speak of."""
    names = {*PLAIN, *PAGES, *WITH_TESTS_OF_THEIR_OWN}
    for kind in KINDS_IN_THE_ADMIN:
        names |= {f"admin:{kind}_{page}" for page in ("changelist", "add", *PAGES_OF_A_RECORD)}
        names.add(f"admin/{kind.replace('_', '/')}/<path:object_id>/")
    for resource in RESOURCES:
        names |= {f"api:{resource}-list", f"api:{resource}-detail"}
    return names | {f"api:{resource}-reconciliation" for resource in RECONCILED}


def plain_rows():
    """Each route without an object, with what each actor is answered."""
    yield from PLAIN.items()
    for resource in RESOURCES:
        yield f"api:{resource}-list", API
    for kind, (listed, added) in KINDS_IN_THE_ADMIN.items():
        yield f"admin:{kind}_changelist", listed
        yield f"admin:{kind}_add", added
