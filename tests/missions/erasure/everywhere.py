"""A person of whom something stands in every place where anything of a person can stand, each value another one."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import RequestFactory, override_settings

from missions.actions import merge_observers
from missions.models import PeopleFile
from missions.releases import make_release
from organizations.changes import Watched, log_change
from organizations.models import SavedView, Source, SourceCopy
from tests.factories import (
    AssignmentFactory,
    HeadCountFactory,
    MissionFactory,
    ObserverFactory,
    ObserverNameFactory,
    OrganizationFactory,
    SourceFactory,
    StaffRoleFactory,
    StatementFactory,
    UserFactory,
)

NOW = datetime(2030, 7, 1, 12, tzinfo=UTC)


class Everywhere:
    """`person`, and `values`: what is told of the person, by the place where it stands.

    Search folds them into themselves, so that they are found in its columns as well.
    """

    def __init__(self):
        self.numbers = count(1)
        self.values = {}
        self.keeper = OrganizationFactory(code="keeper", name="Keeper")
        self.coordinator = StaffRoleFactory(user__username="asks", organization=self.keeper).user
        self.data_protection = UserFactory(username="confirms", is_data_protection=True)
        with transaction.atomic():
            self.make()

    def new(self, place, pattern="{}"):
        """A value that stands nowhere else."""
        self.values[place] = pattern.format(f"zub{next(self.numbers):04}")
        return self.values[place]

    def make(self):
        gazette = SourceFactory(code="gazette")
        self.mission = MissionFactory(
            code="mission", organizer=OrganizationFactory(code="organizer"), sources=[gazette]
        )
        other = MissionFactory(code="other-mission", sources=[gazette])
        HeadCountFactory(mission=self.mission, kind="announced", value=46, source=gazette)
        # Somebody else, who stays.
        self.other = ObserverFactory(family_name="Example", owner=self.keeper)
        AssignmentFactory(observer=self.other, owner=self.keeper, mission=self.mission, sources=[gazette])
        self.change(self.other, phone="+1 555 0100")
        self.person = ObserverFactory(
            owner=self.keeper,
            family_name=self.new("family name"),
            given_names=self.new("given names"),
            email=self.new("e-mail before", "{}@example.org"),
            phone=self.new("phone"),
            internal_note=self.new("note"),
            nationality="KZ",
            gender="other",
            languages="en; ru",
        )
        # Once in another way, so that the log holds what was before.
        self.change(self.person, email=self.new("e-mail", "{}@example.org"))
        spelling = ObserverNameFactory(
            observer=self.person,
            family_name=self.new("spelling: family name"),
            given_names=self.new("spelling: given names"),
            source=gazette,
        )
        place = AssignmentFactory(
            observer=self.person,
            owner=self.keeper,
            mission=self.mission,
            sources=[gazette],
            **{name: self.new(f"place: {name}") for name in ("area", "post", "accreditation_number", "internal_note")},
        )
        merged = ObserverFactory(
            owner=self.keeper,
            family_name=self.new("merged: family name"),
            given_names=self.new("merged: given names"),
            email=self.new("merged: e-mail", "{}@example.org"),
            phone=self.new("merged: phone"),
            internal_note=self.new("merged: note"),
        )
        AssignmentFactory(
            observer=merged, owner=self.keeper, mission=self.mission, employer=self.new("place of both: employer")
        )
        AssignmentFactory(
            observer=merged, owner=self.keeper, mission=other, sources=[gazette], post=self.new("place of merged: post")
        )
        self.merged_code = merged.code
        merge_observers(kept=self.person, merged=merged, by=self.coordinator, now=NOW)
        for subject, field in ((self.person, "nationality"), (spelling, "family_name"), (place, "post")):
            StatementFactory(
                subject=f"{subject.resource()}/{subject.code}",
                field=field,
                source=gazette,
                value=self.new(f"statement about {subject.resource()}"),
                excerpt=self.new(f"excerpt about {subject.resource()}"),
            )
        self.person.refresh_from_db()
        self.send_a_spreadsheet()
        self.say_in_a_session()
        self.keep_a_copy(gazette)
        self.save_a_list()
        self.release_the_record(gazette)

    def change(self, record, **values):
        """As the admin does, with an entry in the log."""
        with transaction.atomic():
            watched = Watched()
            watched.look_at(type(record), [record.pk])
            for name, value in values.items():
                setattr(record, name, value)
            record.save()
            log_change(by=self.coordinator, door="admin", at=NOW, records=watched.changes())

    def send_a_spreadsheet(self):
        header, name = "Name;Post", f"{self.person.family_name} {self.person.given_names}"
        PeopleFile.objects.create(
            user=self.coordinator,
            sent_at=NOW,
            name=self.new("spreadsheet: name", "{}.csv"),
            content=f"{header}\n{name};{self.new('spreadsheet: post')}\n".encode(),
            mission=self.mission,
            role="expert",
        )

    def keep_a_copy(self, source):
        """A page that names the person, and says something more."""
        page = f"<!doctype html><p>{self.person.family_name}: {self.new('copy of a source')}</p>"
        SourceCopy.objects.store(source=source, content=page.encode(), by=self.coordinator, now=NOW)

    def save_a_list(self):
        """The name of a person typed into the search, and into the list's name."""
        called = f"{self.person.family_name} {self.new('saved list: name')}"
        SavedView.objects.create(user=self.coordinator, name=called, query=f"q={self.person.family_name}")

    def release_the_record(self, source):
        """A release made while the title of an article held the name; since then somebody has taken it out."""
        titled = Source.objects.filter(pk=source.pk)
        titled.update(title=f"{self.person.family_name}: {self.new('release')}")
        with override_settings(PUBLIC_ACCESS=True):
            make_release(now=NOW)
        titled.update(title=source.title)

    def say_in_a_session(self):
        """A message that its reader has not seen yet, as the admin says it."""
        self.session = SessionStore()
        request = RequestFactory().get("/")
        request.session = self.session
        messages = SessionStorage(request)
        messages._store([Message(constants.SUCCESS, f"The observer “{self.person}” was changed.")], None)
        self.session.save()
        # It is packed: what stands in the file is not what a reader reads.
        self.values["session"] = Session.objects.get(pk=self.session.session_key).session_data
