"""An election as its record stood at a moment, as plain rows for the pure functions of `missions.reconciliation`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from missions import reconciliation
from missions.models import Assignment, Channel, Deployment, Election, HeadCount, Mission
from observers.models import Merge, Observer
from organizations.changes import CREATED, DELETED
from organizations.history import codes_of
from organizations.known_on import batches, public_sources, resting_on_what_is_open, said_at
from organizations.models import ChangedRecord, OneSourceQuerySet, Organization, Source
from organizations.policy import is_member

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from organizations.known_on import Said
    from organizations.policy import Reader

# The columns by which a record belongs to an election, to one of its missions or to one of its deployments.
POINTERS: Mapping[Any, tuple[str, ...]] = {
    Mission: ("election",),
    Deployment: ("election",),
    Channel: ("deployment",),
    HeadCount: ("election", "mission", "deployment"),
    Assignment: ("mission", "deployment"),
}


def election_then(record: Election | Mission | Deployment, reader: Reader, moment: datetime) -> ElectionThen | None:
    """The election of a record that the reader sees now, as it stood then, with the record in it.

    None where there was no such record, or where it rested on nothing that the reader may know.
    """
    said = said_at(type(record), [record.code], moment).get(record.code)
    if said is None:
        return None
    if isinstance(record, Election):
        return ElectionThen(said.code, reader, moment)
    then = ElectionThen(said.values["election"], reader, moment)
    told = then.missions if isinstance(record, Mission) else then.parties
    return then if record.code in {each.code for each in told} else None


class ElectionThen:
    """What belonged to one election at a moment, wherever it belongs now, as far as a reader may know it.

    Told is what the reader sees now, as it was then, and what was deleted since, where it rested on a source that the
    reader sees. `not_told`: how many missions, deployments, channels and counts are left out because the sources that
    they cited were deleted since, so that nothing says whether they may be told.
    """

    def __init__(self, code: str, reader: Reader, moment: datetime) -> None:
        self.code, self.reader, self.moment = code, reader, moment
        self.not_told = 0
        self.pointed = self.pointed_elsewhere()
        subjects = {"election": {code}}
        missions, parties = self.said(Mission, subjects), self.said(Deployment, subjects)
        subjects |= {"mission": set(missions), "deployment": set(parties)}
        self.missions, self.parties = self.facts_told(Mission, missions), self.facts_told(Deployment, parties)
        self.channels = self.facts_told(Channel, self.said(Channel, subjects))
        self.counts = self.facts_told(HeadCount, self.said(HeadCount, subjects))
        self.places = self.places_told(self.said(Assignment, subjects))

    # What there was

    def pointed_elsewhere(self) -> dict[str, list[tuple[str, dict[str, Any]]]]:
        """What was moved or deleted since, by kind of record: its code, and what the log tells of it."""
        rows = ChangedRecord.objects.filter(
            change__at__gte=self.moment,
            resource__in=[model.resource() for model in POINTERS],
            fields__has_any_keys=["election", "mission", "deployment"],
        )
        found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        for resource, code, fields in rows.exclude(action=CREATED).values_list("resource", "code", "fields"):
            found.setdefault(resource, []).append((code, fields))
        return found

    def said(self, model: Any, subjects: Mapping[str, set[str]]) -> dict[str, Said]:
        """What those records of one kind said that belonged to these subjects."""
        codes = {
            code
            for code, fields in self.pointed.get(model.resource(), ())
            if any(fields.get(pointer, [None])[0] in subjects[pointer] for pointer in POINTERS[model])
        }
        for pointer in POINTERS[model]:
            for some in batches(subjects[pointer]):
                rows = model.objects.filter(**{f"{pointer}__code__in": some}).order_by()
                codes.update(rows.values_list("code", flat=True))
        said = said_at(model, codes, self.moment)
        return {code: each for code, each in said.items() if belongs(each, POINTERS[model], subjects)}

    # What is told of it

    def facts_told(self, model: Any, said: dict[str, Said]) -> list[Said]:
        seen, deleted = self.seen_now(model, said), was_deleted(said)
        told = resting_on_what_is_open(model, seen, self.reader)
        sources = self.sources_seen(deleted.values())
        needs_source = not is_member(self.reader) or isinstance(model.objects.all(), OneSourceQuerySet)
        told |= {code for code, each in deleted.items() if each.cited() & sources or not needs_source}
        left_out = [each for code, each in {**seen, **deleted}.items() if code not in told]
        gone = self.sources_gone(left_out)
        self.not_told += sum(bool(each.cited() & gone) for each in left_out)
        return [said[code] for code in sorted(told)]

    def places_told(self, said: dict[str, Said]) -> list[Said]:
        """Places of persons whom the reader sees now; deleted ones where a public source named the person there.

        Whoever reads in the log that a place was deleted knows of it anyway.
        """
        deleted = was_deleted(said)
        told = resting_on_what_is_open(Assignment, self.seen_now(Assignment, said), self.reader)
        rows = ChangedRecord.objects.visible_to(self.reader).filter(action=DELETED, resource=Assignment.resource())
        logged = codes_of(rows.filter(change__at__gte=self.moment), set(deleted))
        public = public_sources(code for each in deleted.values() for code in each.cited())
        persons = self.persons_seen({each.values["observer"] for each in deleted.values()})
        for code, each in deleted.items():
            withheld = persons.get(each.values["observer"])
            if withheld is not None and (code in logged or (not withheld and each.cited() & public)):
                told.add(code)
        return [said[code] for code in sorted(told)]

    def seen_now(self, model: Any, said: Mapping[str, Said]) -> dict[str, Said]:
        seen: dict[str, Said] = {}
        for some in batches(code for code, each in said.items() if each.now is not None):
            seen |= {code: said[code] for code in codes_of(model.objects.visible_to(self.reader), set(some))}
        return seen

    def persons_seen(self, codes: set[str]) -> dict[str, bool]:
        """Of these persons those whom the reader sees now, also under the code of another that they were merged into.

        With each, whether the name is withheld.
        """
        merged = Merge.objects.standing().filter(merged_code__in=codes).values_list("merged_code", "kept__code")
        now = {**dict.fromkeys(codes), **dict(merged)} if codes else {}
        seen = Observer.objects.visible_to(self.reader).filter(code__in={kept or code for code, kept in now.items()})
        withheld = dict(seen.values_list("code", "withheld")) if now else {}
        return {code: withheld[kept or code] for code, kept in now.items() if (kept or code) in withheld}

    def sources_seen(self, said: Iterable[Said]) -> set[str]:
        """The sources that these cited and that the reader sees now."""
        found: set[str] = set()
        for some in batches({code for each in said for code in each.cited()}):
            found |= codes_of(Source.objects.visible_to(self.reader), set(some))
        return found

    def sources_gone(self, said: Iterable[Said]) -> set[str]:
        """The sources that these cited and that were deleted since; for visitors those that were public to the end."""
        codes = {code for each in said for code in each.cited()}
        rows = ChangedRecord.objects.filter(resource=Source.resource(), action=DELETED, change__at__gte=self.moment)
        fields = dict(rows.filter(code__in=codes).values_list("code", "fields")) if codes else {}
        gone = fields.keys() - codes_of(Source.objects.all(), codes)
        return {code for code in gone if is_member(self.reader) or fields[code].get("public") == [True, None]}

    # As plain rows

    def record(self) -> reconciliation.ElectionRecord:
        """The rows without names: these are told of today by other records."""
        counts, people = self.counts_by_subject(), self.people_by_place()
        channels: dict[str, set[str]] = {}
        for channel in self.channels:
            if channel.values["counted"]:
                channels.setdefault(channel.values["deployment"], set()).add(channel.values["mission"])
        bodies = self.election_bodies()
        return reconciliation.ElectionRecord(
            code=self.code,
            name="",
            counts=tuple(counts.get(("election", self.code), ())),
            missions=tuple(
                reconciliation.ObservationMission(
                    code=mission.code,
                    name="",
                    kind=mission.values["kind"],
                    status=mission.values["status"],
                    part_of=mission.values["part_of"],
                    counts=tuple(counts.get(("mission", mission.code), ())),
                    named=frozenset(people.get(("mission", mission.code), {}).get(mission.code, ())),
                )
                for mission in self.missions
            ),
            deployments=tuple(
                reconciliation.Party(
                    code=party.code,
                    name="",
                    status=party.values["status"],
                    part_of=party.values["part_of"],
                    missions=frozenset(channels.get(party.code, ())),
                    sent_by_election_body=party.values["sender"] in bodies,
                    counts=tuple(counts.get(("deployment", party.code), ())),
                    named={
                        place: frozenset(persons)
                        for place, persons in people.get(("deployment", party.code), {}).items()
                    },
                )
                for party in self.parties
            ),
        )

    def counts_by_subject(self) -> dict[tuple[str, str], list[reconciliation.Count]]:
        found: dict[tuple[str, str], list[reconciliation.Count]] = {}
        sources = self.sources_seen(self.counts)
        for each in self.counts:
            said = each.values
            subject_type = next(name for name in POINTERS[HeadCount] if said[name])
            found.setdefault((subject_type, said[subject_type]), []).append(
                reconciliation.Count(
                    kind=said["kind"],
                    group=said["group"],
                    basis=said["basis"],
                    value=said["value"],
                    qualifier=said["qualifier"],
                    as_of_from=date.fromisoformat(said["as_of_from"]) if said["as_of_from"] else None,
                    as_of=date.fromisoformat(said["as_of"]),
                    states=said["states"],
                    bodies=said["bodies"],
                    counted=said["counted"],
                    preferred=said["preferred"],
                    source=said["source"] if said["source"] in sources else "",
                )
            )
        return found

    def people_by_place(self) -> dict[tuple[str, str], dict[str, set[str]]]:
        """The persons named in each mission and deployment, by the code of the mission ('' for none)."""
        found: dict[tuple[str, str], dict[str, set[str]]] = {}
        for place in self.places:
            said = place.values
            if said["status"] not in Assignment.NAMING:
                continue
            for name in POINTERS[Assignment]:
                if said[name]:
                    in_place = found.setdefault((name, said[name]), {})
                    in_place.setdefault(said["mission"] or "", set()).add(said["observer"])
        return found

    def election_bodies(self) -> set[str]:
        """The senders that were election bodies."""
        senders = {party.values["sender"] for party in self.parties if party.values["sender"]}
        said = said_at(Organization, senders, self.moment)
        return {code for code, each in said.items() if each.values["kind"] == Organization.Kind.ELECTION_BODY}


def belongs(said: Said, pointers: Iterable[str], subjects: Mapping[str, set[str]]) -> bool:
    return any(said.values[pointer] in subjects[pointer] for pointer in pointers)


def was_deleted(said: Mapping[str, Said]) -> dict[str, Said]:
    return {code: each for code, each in said.items() if each.now is None}
