"""Whatever is done by whichever door, a copy that follows the feed holds what its reader sees, and learns no more."""

from __future__ import annotations

import contextlib
import random
from datetime import timedelta

import pytest
from django.utils import timezone

from missions.actions import MergeRefused, merge_observers, undo_merge
from missions.dataset import DatasetRefused, import_dataset
from missions.erasure import ErasureRefused, ask_erasure, erase_person
from missions.models import Assignment, Channel, Deployment, Election, HeadCount, Mission, Statement
from missions.undo import undo_entry
from observers.models import Merge, Observer
from organizations.models import Change, Organization, Source
from organizations.undo import UndoRefused
from tests.admin_pages import address_of, delete, fill_in
from tests.factories import UserFactory
from tests.missions.feed.copies import Copy, told_as_became

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("public_access")]

REFUSALS = (MergeRefused, ErasureRefused, UndoRefused, DatasetRefused)
ACTS = 40


class Clerk:
    """Does one thing after the other, each drawn; what is refused was not done."""

    def __init__(self, record, client, folder, seed):
        self.record, self.client, self.folder = record, client, folder
        self.random = random.Random(seed)  # noqa: S311 (draws acts, no secrets)
        self.confirms = UserFactory(username="confirms", is_data_protection=True)
        client.force_login(record.clerk)
        self.done = set()

    def any_of(self, rows):
        return self.random.choice(list(rows.order_by("code")))

    def some(self, rows):
        found = list(rows.order_by("code"))
        return [row.pk for row in self.random.sample(found, self.random.randint(0, min(2, len(found))))]

    def any_number(self):
        return str(self.random.randint(1, 99))

    def act(self):
        """One act by its name, drawn among all; whether it was done is seen in the log."""
        acts = sorted(name for name in dir(self) if name.startswith("do_"))
        name = self.random.choice(acts)
        before = Change.objects.count()
        with contextlib.suppress(REFUSALS):
            getattr(self, name)()
        if Change.objects.count() > before:
            self.done.add(name)
        return name

    def change(self, record, **typed):
        fill_in(self.client, address_of(type(record), "change", record), **typed)

    # Sources

    def do_turn_a_source(self):
        source = self.any_of(Source.objects)
        self.change(source, public="" if source.public else "on")

    def do_change_a_source(self):
        self.change(self.any_of(Source.objects), title=f"Title {self.any_number()}", excerpt="")

    def do_cite_others(self):
        kind = self.random.choice([Mission, Deployment, Election, Organization])
        self.change(self.any_of(kind.objects), sources=self.some(Source.objects))

    def do_give_a_region_a_source(self):
        self.change(self.record.region, source=self.random.choice([*Source.objects.values_list("pk", flat=True), ""]))

    def do_delete_a_source(self):
        delete(self.client, self.any_of(Source.objects))

    # Facts

    def do_change_a_mission(self):
        typed = {"remark": f"Remark {self.any_number()}", "internal_note": f"Note {self.any_number()}"}
        typed["status"] = self.random.choice(["deployed", "cancelled"])
        name = self.random.choice(sorted(typed))
        self.change(self.any_of(Mission.objects), **{name: typed[name]})

    def do_give_a_mission_another_organizer(self):
        self.change(self.any_of(Mission.objects), organizer=self.any_of(Organization.objects).pk)

    def do_make_a_mission(self):
        typed = {"election": self.record.election.pk, "organizer": self.any_of(Organization.objects).pk, "kind": "eom"}
        fill_in(self.client, address_of(Mission, "add"), **typed, sources=self.some(Source.objects))

    def do_count(self):
        typed = {"mission": self.any_of(Mission.objects).pk, "kind": "announced", "value": self.any_number()}
        typed |= {"as_of": f"2030-05-{self.random.randint(10, 28)}", "source": self.any_of(Source.objects).pk}
        fill_in(self.client, address_of(HeadCount, "add"), **typed)

    def do_delete_a_fact(self):
        kind = self.random.choice([HeadCount, Channel, Statement, Deployment])
        if kind.objects.exists():
            delete(self.client, self.any_of(kind.objects))

    # Persons

    def do_withhold(self):
        person = self.any_of(Observer.objects)
        self.change(person, withheld="" if person.withheld else "on")

    def do_hand_a_person_over(self):
        self.change(self.any_of(Observer.objects), owner=self.random.choice([*self.record.bodies, None]) or "")

    def do_change_a_person(self):
        typed = {"family_name": f"Example{self.any_number()}", "phone": f"+1 555 01{self.any_number()}"}
        name = self.random.choice(sorted(typed))
        self.change(self.any_of(Observer.objects), **{name: typed[name]})

    def do_enter_a_person(self):
        typed = {"family_name": f"Sample{self.any_number()}", "owner": self.random.choice(self.record.bodies).pk}
        fill_in(self.client, address_of(Observer, "add"), **typed)

    def do_give_a_place(self):
        typed = {"observer": self.any_of(Observer.objects).pk, "mission": self.any_of(Mission.objects).pk}
        typed |= {"role": self.random.choice(["expert", "staff"]), "sources": self.some(Source.objects)}
        fill_in(self.client, address_of(Assignment, "add"), **typed, owner=self.random.choice(self.record.bodies).pk)

    def do_take_a_place_away(self):
        delete(self.client, self.any_of(Assignment.objects))

    def do_change_a_place(self):
        place = self.any_of(Assignment.objects)
        typed = {"post": f"Post {self.any_number()}", "sources": self.some(Source.objects)}
        typed |= {"owner": self.random.choice(self.record.bodies).pk, "mission": self.any_of(Mission.objects).pk}
        typed |= {"observer": self.any_of(Observer.objects).pk, "accreditation_number": self.any_number()}
        name = self.random.choice(sorted(typed))
        self.change(place, **{name: typed[name]})

    def do_spell_a_name(self):
        typed = {"names__0__language": "kk", "names__0__family_name": f"Үлгі{self.any_number()}"}
        source = self.any_of(Source.objects)
        self.change(self.any_of(Observer.objects), **typed, names__0__source=source.pk)

    def do_merge(self):
        kept, merged = self.random.sample(list(Observer.objects.order_by("code")), 2)
        Observer.objects.filter(pk=merged.pk).update(owner=kept.owner) if kept.owner == merged.owner else None
        merge_observers(kept=kept, merged=merged, by=self.record.clerk, now=timezone.now())

    def do_undo_a_merge(self):
        for merge in Merge.objects.standing()[:1]:
            undo_merge(merge=merge, by=self.record.clerk, now=timezone.now())

    def do_erase(self):
        if self.random.random() < 0.5:
            person, now = self.any_of(Observer.objects), timezone.now()
            asked = ask_erasure(observer=person, by=self.record.clerk, reason="Letter", now=now)
            erase_person(erasure=asked, by=self.confirms, now=now)

    # Everything

    def do_undo(self):
        change = Change.objects.filter(by=self.record.clerk).latest("pk")
        undo_entry(change, by=self.record.clerk, now=change.at + timedelta(hours=1))

    def do_import(self):
        gazette, place = self.any_of(Source.objects), self.any_of(Assignment.objects)
        mission = self.any_of(Mission.objects)
        number, person = self.any_number(), self.any_of(Observer.objects)
        new = f"00000000-0000-4000-8000-0000000000{int(number):02}"
        files = {
            "sources": f"code,title,publisher,public\n{gazette.code},{gazette.title},{gazette.publisher},"
            f"{'false' if gazette.public else 'true'}\n",
            "missions": f"code,election,organizer,kind,sources\n{mission.code},election,{mission.organizer.code},om,"
            f"{gazette.code}\nnew-{number},election,secretariat,om,{gazette.code}\n",
            "observers": f"code,family_name,owner\n{new},Example,secretariat\n",
            "assignments": "code,observer,mission,role,owner,sources\n"
            f",{new},{mission.code},head,secretariat,{gazette.code}\n"
            f"{place.code},{person.code},{mission.code},{place.role},{place.owner.code if place.owner else ''},\n",
        }
        for path in self.folder.iterdir():
            path.unlink()
        for name in self.random.sample(sorted(files), self.random.randint(1, 4)):
            (self.folder / f"{name}.csv").write_text(files[name], encoding="utf-8")
        import_dataset(self.folder, now=timezone.now(), by=self.record.clerk)


@pytest.mark.parametrize("seed", range(1))
def test_a_copy_that_follows_the_feed_holds_what_its_reader_sees(record, readers, client, tmp_path, seed):
    clerk = Clerk(record, client, tmp_path, seed)
    copies = [Copy(user) for user in readers]
    for _number in range(ACTS):
        act = clerk.act()
        for copy in copies:
            told, became = told_as_became(copy)
            assert told == became, f"{copy}: {act}"
    assert len(clerk.done) >= 15
