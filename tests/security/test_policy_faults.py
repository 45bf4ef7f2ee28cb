"""Rules deleted, inverted and widened on purpose: for each of these faults a check turns red."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Q

import organizations.admin.base
from missions.models import Assignment, PeopleFile, Statement
from observers.models import Observer, ObserverName
from organizations import api_access, policy, sign_in
from organizations.models import ChangedRecord, OneSourceQuerySet, OwnedRecord, Record, SourcedQuerySet
from tests.security.at_the_door import (
    nothing_opens_without_the_second_factor,
    only_the_keepers_coordinators_write,
    only_tokens_in_force_come_in,
    only_tokens_that_may_write_reach_what_writes,
)
from tests.security.non_interference import Property
from tests.security.questions import Question
from tests.security.seen_by_all import WORD
from tests.security.two_databases import World, hidden_from

pytestmark = pytest.mark.usefixtures("public_access", "db")


@pytest.fixture(scope="module")
def two_databases(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def everywhere(patch: pytest.MonkeyPatch, rule: Any, fault: Any) -> None:
    """Breaks a rule in each module that has taken it in by name."""
    ours = {"organizations", "observers", "missions"}
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ours and vars(module).get(rule.__name__) is rule:
            patch.setattr(module, rule.__name__, fault)


def rows_of(manager: Any) -> Any:
    return manager._queryset_class


# The faults


def administrators_see_all_persons(patch):
    rows = rows_of(Observer.objects)
    rule = rows.visible_to
    patch.setattr(rows, "visible_to", lambda self, user: self if policy.is_administrator(user) else rule(self, user))


def members_see_persons(patch):
    rows = rows_of(Observer.objects)
    rule = rows.visible_to
    patch.setattr(rows, "visible_to", lambda self, user: self if policy.is_member(user) else rule(self, user))


def withheld_is_ignored(patch):
    patch.setattr(
        rows_of(Observer.objects), "public", lambda self: self.filter(assignments__sources__public=True).distinct()
    )


def withheld_is_ignored_of_places(patch):
    patch.setattr(rows_of(Assignment.objects), "carried", SourcedQuerySet.carried)


def a_foreign_place_opens_contacts(patch):
    def in_missions_of(self, organizations):
        return self.model.objects.filter(assignments__mission__organizer__in=organizations).values("pk")

    patch.setattr(rows_of(Observer.objects), "in_missions_of", in_missions_of)


def organizers_of_other_missions_see_places(patch):
    rows = rows_of(Assignment.objects)
    rule = rows.visible_to

    def visible_to(self, user):
        persons = Observer.objects.visible_to(user).values("pk")
        anywhere = self.filter(mission__organizer__isnull=False, observer__in=persons)
        return anywhere if policy.is_coordinator(user) else rule(self, user)

    patch.setattr(rows, "visible_to", visible_to)


def coordinators_write_what_others_keep(patch):
    def kept_by(user, owner="owner"):
        return Q(**{f"{owner}__isnull": False}) if policy.is_coordinator(user) else policy.NOTHING

    everywhere(patch, policy.kept_by, kept_by)


def viewers_write(patch):
    everywhere(patch, policy.coordinated_by, policy.organizations_of)


def internal_papers_are_for_everybody(patch):
    patch.setattr(SourcedQuerySet, "public", lambda self: self)


def head_counts_of_internal_papers_are_for_everybody(patch):
    patch.setattr(OneSourceQuerySet, "public", lambda self: self)


def spellings_of_internal_papers_are_for_everybody(patch):
    def public(self):
        return self.filter(observer__in=Observer.objects.public())

    patch.setattr(rows_of(ObserverName.objects), "public", public)


def statements_about_people_are_for_everybody(patch):
    patch.setattr(rows_of(Statement.objects), "about_people", lambda self, shown: self)


def choices_are_not_scoped(patch):
    for model in (Record, OwnedRecord, Assignment):
        patch.setattr(
            model, "choices_of", classmethod(lambda cls, name, user: related(cls, name)._default_manager.all())
        )


def related(model: Any, name: str) -> Any:
    return model._meta.get_field(name).related_model


def the_admin_can_be_asked_for_anything(patch):
    patch.setattr(organizations.admin.base.RecordAdmin, "lookup_allowed", lambda self, lookup, value, request: True)


def the_log_is_for_everybody_who_enters_data(patch):
    patch.setattr(rows_of(ChangedRecord.objects), "visible_to", lambda self, user: self)


def lists_that_others_sent_are_open(patch):
    patch.setattr(rows_of(PeopleFile.objects), "visible_to", lambda self, user: self)


def expired_tokens_come_in(patch):
    patch.setattr(api_access.TokenAuthentication, "_cleanup_token", lambda self, token: False)


def tokens_of_those_who_left_come_in(patch):
    patch.setattr(api_access.TokenAuthentication, "validate_user", lambda self, token: (token.user, token))


def what_a_token_may_write_is_not_asked(patch):
    patch.setattr(api_access.ApiAccess, "has_permission", lambda self, request, view: policy.is_member(request.user))


def the_second_factor_is_not_asked(patch):
    everywhere(patch, sign_in.lacks_second_factor, lambda user: False)


def asked_by(actor: str, door: str = "") -> Any:
    """The check that this actor cannot tell what is hidden."""

    def check(world: World) -> None:
        Property(world, actor).check(door)

    check.__name__ = f"asked by {actor} {door}".strip()
    return check


def the_organizer_asks_for_an_email(world: World) -> None:
    """Of the person of B, whom somebody else put into the mission of M."""
    question = Question("changelist", "/admin/missions/assignment/?observer__email__startswith=q")
    asked = Property(world, "organizer_m")
    with world.as_seen_by("organizer_m"):
        asked.compare("changelist", question, hidden_from("organizer_m"), WORD)


FAULTS = [
    (administrators_see_all_persons, asked_by("administrator")),
    (members_see_persons, asked_by("member")),
    (withheld_is_ignored, asked_by("visitor")),
    (withheld_is_ignored_of_places, asked_by("visitor")),
    (a_foreign_place_opens_contacts, asked_by("organizer_m")),
    (organizers_of_other_missions_see_places, asked_by("coordinator_b")),
    (coordinators_write_what_others_keep, asked_by("coordinator_b")),
    (coordinators_write_what_others_keep, only_the_keepers_coordinators_write),
    (viewers_write, only_the_keepers_coordinators_write),
    (internal_papers_are_for_everybody, asked_by("visitor")),
    (head_counts_of_internal_papers_are_for_everybody, asked_by("visitor")),
    (spellings_of_internal_papers_are_for_everybody, asked_by("member")),
    (statements_about_people_are_for_everybody, asked_by("member")),
    (choices_are_not_scoped, asked_by("coordinator_b", "autocomplete")),
    (the_admin_can_be_asked_for_anything, the_organizer_asks_for_an_email),
    (the_log_is_for_everybody_who_enters_data, asked_by("coordinator_b", "changelist")),
    (lists_that_others_sent_are_open, asked_by("coordinator_b", "other of the admin")),
    (expired_tokens_come_in, only_tokens_in_force_come_in),
    (tokens_of_those_who_left_come_in, only_tokens_in_force_come_in),
    (what_a_token_may_write_is_not_asked, only_tokens_that_may_write_reach_what_writes),
    (the_second_factor_is_not_asked, nothing_opens_without_the_second_factor),
]
CHECKS = [
    the_organizer_asks_for_an_email,
    only_the_keepers_coordinators_write,
    only_tokens_in_force_come_in,
    only_tokens_that_may_write_reach_what_writes,
    nothing_opens_without_the_second_factor,
]


@pytest.mark.parametrize(
    ("fault", "check"), FAULTS, ids=[f"{fault.__name__} – {check.__name__}" for fault, check in FAULTS]
)
def test_a_fault_turns_a_check_red(two_databases, monkeypatch, fault, check):
    fault(monkeypatch)
    with pytest.raises(AssertionError):
        check(two_databases)


@pytest.mark.parametrize("check", CHECKS, ids=[check.__name__ for check in CHECKS])
def test_without_a_fault_each_check_is_green(two_databases, check):
    check(two_databases)


def test_the_faults_are_these_many():
    assert len({fault for fault, _check in FAULTS}) == 20
