"""Writing what is typed on a page of entry: ordinary records, by the ordinary validation and permissions.

What is in the record already stays as it is. A source that says something new of it fills what is blank; a status that
follows the recorded one takes its place; any other value that differs is kept beside it, as a statement of the source.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from lib.quotes import located, plain
from missions.entry.lines import FILLED_LATER
from missions.models import (
    Assignment,
    Channel,
    Deployment,
    Election,
    HeadCount,
    Invitation,
    Mission,
    Statement,
)
from missions.models.figures import SUBJECTS
from missions.resting import RestingReadings
from observers.models import Observer, ObserverName
from organizations.changes import Watched, as_json, log_change
from organizations.models import Change, Organization, OwnedRecord, Record, Source, SourceCopy, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from missions.entry.lines import Line
    from missions.entry.page import EntryPage
    from organizations.models import User

# Where nothing is known the record says so with these.
NOTHING_KNOWN = {"response": Invitation.Response.NONE}
# Columns whose values follow each other in time, in the order of their choices.
IN_TIME = ("status", "response")
# What an organizer's mission is called where none of its earlier ones is in the record.
USUAL_KIND: dict[str, str] = {
    Organization.Kind.PARLIAMENTARY_ASSEMBLY: Mission.Kind.PA,
    Organization.Kind.PARLIAMENT: Mission.Kind.PA,
    Organization.Kind.CITIZEN_GROUP: Mission.Kind.CITIZEN,
    Organization.Kind.NGO: Mission.Kind.INGO,
}


class Refused(Exception):
    """A line cannot be stored; the boxes of the line say why."""


class Storing:
    """One page on its way into the record. To be done in one transaction, and undone if `page.is_in_order()` is not.

    `stored` are the new and changed records in the order in which they were written, `records` those of each line, and
    `counts` the head count that each line has led to.
    """

    def __init__(self, page: EntryPage, *, by: User, now: datetime, today: date) -> None:
        self.page, self.by, self.now, self.today = page, by, now, today
        self.finding = page.finding
        self.owner = page.keeper.cleaned_data.get("owner") if page.keeper.is_valid() else None
        self.watched = Watched()
        self.change: Change | None = None
        self.stored: list[Record] = []
        self.made: Counter[type[Record]] = Counter()
        self.counts: dict[Line, HeadCount] = {}
        self.records: dict[Line, list[Any]] = {}
        # The sources of the page by the number of their line; None where one is refused.
        self.sources: list[Source | None] = []
        self.election: Any = None
        self.missions: dict[int, Mission] = {}
        self.parties: dict[tuple[str, Organization | None], Deployment] = {}
        self.parties_of_line: dict[int, list[Deployment]] = {}
        # What the number of each party says was done.
        self.done: dict[int, str] = {}
        # The papers of which it was said already that they have no day.
        self.undated: set[int] = set()

    def store(self) -> None:
        """Writes every line with which nothing is wrong, and says at the others what is; to be finished if it stays."""
        self.store_sources()
        self.try_line(self.page.election, self.store_election)
        if self.election:
            for kind, step in (
                ("missions", self.store_mission),
                ("parties", self.store_parties),
                ("channels", self.store_channel),
                ("invitations", self.store_invitations),
                ("counts", self.store_count),
                ("names", self.store_name),
            ):
                for line in in_turn(self.page.good(kind)):
                    self.try_line(line, step)
        elif self.page.election.is_blank() and self.says_something():
            self.page.election.add_error("election", _("Say which election the lines below speak of."))

    def finish(self) -> None:
        """What a page that is stored brings with it: the figures read anew, and its entry in the log."""
        resting, records = RestingReadings(), self.watched.changes()
        resting.look_at(self.stored)
        self.change = log_change(by=self.by, door=Change.Door.ADMIN, at=self.now, records=records, resting=resting)

    def says_something(self) -> bool:
        return any(self.page.filled(kind) for kind in self.page.lines if kind != "sources")

    def try_line(self, line: Any, step: Any) -> None:
        if line.is_blank() or not line.is_valid():
            return
        try:
            step(line)
        except Refused:
            return
        self.look_for_quote(line)

    def look_for_quote(self, line: Any) -> None:
        """Tells where a quote does not stand in the text of the paper that it is said to be of."""
        excerpt = line.cleaned_data.get("excerpt")
        for number in line.cleaned_data.get("by", ["0"]) if excerpt else ():
            paper = self.page.lines["sources"].forms[int(number)]
            text = getattr(paper, "cleaned_data", {}).get("text")
            if text and located(excerpt, text) is None:
                sentence = _("The quote does not stand in the text of paper %(number)s: select it there.")
                line.noted.append(sentence % {"number": int(number) + 1})

    # Sources and the election

    def store_sources(self) -> None:
        for line in self.page.lines["sources"].forms:
            self.sources.append(None)
            self.try_line(line, self.store_source)

    def store_source(self, line: Any) -> None:
        source = line.stored
        if source and source in self.sources:
            sentence = _("Paper %(number)s has this address: it is the same source.")
            self.refuse(line, "address", sentence % {"number": self.sources.index(source) + 1})
        if source is None:
            typed = line.cleaned_data
            source = Source(
                url=typed.get("url", ""),
                accessed_on=self.today,
                public=not typed["internal"],
                **{name: typed[name] for name in ("title", "publisher", "published_on", "language", "archive_url")},
                excerpt=typed["excerpt"],
            )
            self.new(source, line)
        else:
            self.fill_source(source, line)
        self.sources[-1] = source
        if line.cleaned_data["text"]:
            self.keep_text(source, line)

    def fill_source(self, source: Source, line: Any) -> None:
        """What the record lacks of a source that it has."""
        values = {name: line.cleaned_data[name] for name in FILLED_LATER if line.cleaned_data[name]}
        values = {name: value for name, value in values.items() if not getattr(source, name)}
        if values:
            self.watched.look_at(Source, [source.pk])
            for name, value in values.items():
                setattr(source, name, value)
            source.save()
            self.keep(source, line)

    def keep_text(self, source: Source, line: Any) -> None:
        """The pasted text is kept as a copy of the source, by who may change it."""
        text = line.cleaned_data["text"]
        if plain(text) == text_of(source):
            return
        if not Source.objects.changeable_by(self.by).filter(pk=source.pk).exists():
            line.noted.append(_("Its text is not kept: another organization keeps this source."))
            return
        self.watched.look_at(Source, [source.pk])
        try:
            SourceCopy.objects.store(source=source, content=text.encode(), by=self.by, now=self.now)
        except ValidationError as error:
            self.refuse(line, "text", " ".join(error.messages))
        self.keep(source, line)

    def store_election(self, line: Any) -> None:
        typed = line.cleaned_data
        if typed["election"]:
            self.election = typed["election"]
            return
        election = Election(**{name: typed[name] for name in Election.columns if name in typed})
        known = self.finding.election_like(election)
        if known:
            self.refuse(line, "election", _("This election is in the record already: %(code)s.") % {"code": known.code})
        self.election = self.new(election, line, sources=[self.source_of(line)])

    # Missions

    def store_mission(self, line: Any) -> None:
        typed = line.cleaned_data
        above = typed["part_of"] and self.mission_of(typed["part_of"], line, "part_of")
        values = {"part_of": above, **{name: typed[name] for name in typed if name in Mission.columns}}
        values["part_of"] = above or None
        known = self.known_mission(typed["organizer"], line, "organizer")
        if known:
            self.missions[typed["organizer"].pk] = known
            self.add_to(known, values, line)
            return
        values["kind"] = values["kind"] or self.usual_kind(typed["organizer"])
        values["status"] = values["status"] or Mission.Status.ANNOUNCED
        together = values.pop("co_organizers") or []
        mission = Mission(election=self.election, **values)
        self.missions[typed["organizer"].pk] = self.new(mission, line, sources=self.by_of(line))
        mission.co_organizers.set(together)

    def known_mission(self, organizer: Organization, line: Any, box: str) -> Mission | None:
        found = self.missions.get(organizer.pk)
        if found:
            return found
        recorded = self.finding.missions_of(self.election, organizer)
        if len(recorded) > 1:
            sentence = _("%(organizer)s has several missions at this election: enter this one in its own form.")
            self.refuse(line, box, sentence % {"organizer": organizer})
        return recorded[0] if recorded else None

    def mission_of(self, organizer: Organization, line: Any, box: str, *, done: str = "") -> Mission:
        """The mission of the organizer at the election, made in place where there is none.

        `done`: the kind of a head count that speaks of it; who was deployed was in a mission that was.
        """
        mission = self.known_mission(organizer, line, box)
        if mission is None:
            if any(each.cleaned_data.get("organizer") == organizer for each in self.page.bad("missions")):
                # Its own line says what is wrong.
                raise Refused
            is_deployed = done == HeadCount.Kind.DEPLOYED
            status = Mission.Status.DEPLOYED if is_deployed else Mission.Status.ANNOUNCED
            made = Mission(election=self.election, organizer=organizer, kind=self.usual_kind(organizer), status=status)
            mission = self.new(made, line, sources=self.by_of(line), box=box)
            sentence = _("New: the mission of %(organizer)s (%(kind)s).")
            line.noted.append(sentence % {"organizer": organizer, "kind": mission.get_kind_display()})
        self.missions[organizer.pk] = mission
        return mission

    def usual_kind(self, organizer: Organization) -> str:
        """The kind of the organizer's latest mission before this one; without any, what bodies of its kind run."""
        earlier = Mission.objects.visible_to(self.by).filter(organizer=organizer)
        latest = earlier.filter(election__election_day__lte=self.election.election_day).first() or earlier.first()
        return str(latest.kind) if latest else USUAL_KIND.get(organizer.kind, Mission.Kind.OM)

    # Parties

    def store_parties(self, line: Any) -> None:
        for country, body in line.cleaned_data["sender"]:
            self.store_party(line, country, body)

    def store_party(self, line: Any, country: str, body: Organization | None) -> None:
        typed = line.cleaned_data
        above = self.party_of(typed["part_of"], line, "part_of") if typed["part_of"] else None
        values = {name: typed[name] for name in ("status", "starts_on", "ends_on", "remark")}
        done = typed["kind"] if typed["how_many"] else ""
        known = None if above else self.finding.party_of(self.election, country, body)
        if known:
            self.add_to(known, values, line)
            party = known
        else:
            is_deployed = done == HeadCount.Kind.DEPLOYED
            usual = Deployment.Status.DEPLOYED if is_deployed else Deployment.Status.ANNOUNCED
            values["status"] = values["status"] or usual
            party = Deployment(election=self.election, sender_country=country, sender=body, part_of=above, **values)
            self.new(party, line, sources=self.by_of(line), box="sender")
        self.parties_of_line.setdefault(line.number, []).append(party)
        self.done[line.number] = done
        if not above:
            self.parties[country, body] = party
        if typed["how_many"]:
            self.new_counts(line, typed["how_many"], typed["kind"], deployment=party)

    def party_of(self, sender: tuple[str, Organization | None], line: Any, box: str) -> Any:
        party = self.parties.get(sender) or self.finding.party_of(self.election, *sender)
        if party is None:
            self.refuse(
                line, box, _("No party of this sender is in the record: add a line for it under “Who sends observers”.")
            )
        return party

    def store_channel(self, line: Any) -> None:
        typed = line.cleaned_data
        number = typed["party"] or 0
        parties = self.parties_of_line.get(number)
        if not parties:
            # Of a party that is typed and refused, its own line says what is wrong.
            if number not in [each.number for each in self.page.filled("parties")]:
                self.refuse(line, "as_named", _("Say above who sent this party."))
            raise Refused
        mission = self.mission_of(typed["organizer"], line, "as_named", done=self.done[number])
        for party in parties:
            self.store_channels(line, party, mission)

    def store_channels(self, line: Any, party: Deployment, mission: Mission) -> None:
        """The party's way through the mission, as each source of the line tells it."""
        typed = line.cleaned_data
        for source in self.by_of(line):
            told = Channel.objects.visible_to(self.by).filter(deployment=party, mission=mission, source=source).first()
            if told:
                line.noted.append(_("In the record already: %(channel)s.") % {"channel": told})
                continue
            channel = Channel(
                deployment=party, mission=mission, source=source, as_named=typed["as_named"], excerpt=typed["excerpt"]
            )
            self.new(channel, line, box="as_named")

    # Invitations

    def store_invitations(self, line: Any) -> None:
        typed = line.cleaned_data
        values = {name: typed[name] for name in typed if name in Invitation.columns and name != "inviter"}
        for invitee in typed["invitees"]:
            rows = Invitation.objects.visible_to(self.by).filter(election=self.election, inviter=typed["inviter"])
            known = rows.filter(invitee=invitee).first()
            if known:
                self.add_to(known, values, line)
            else:
                invitation = Invitation(election=self.election, inviter=typed["inviter"], invitee=invitee, **values)
                self.new(invitation, line, sources=self.by_of(line), box="invitees")

    # Figures

    def store_count(self, line: Any) -> None:
        typed = line.cleaned_data
        subject = typed["subject"]
        if subject is None:
            of: dict[str, Any] = {"election": self.election}
        elif isinstance(subject, Organization):
            of = {"mission": self.mission_of(subject, line, "subject", done=typed["kind"])}
        else:
            of = {"deployment": self.party_of(subject, line, "subject")}
        more = {name: typed[name] for name in ("group", "basis", "states", "bodies", "remark", "preferred")}
        more |= {"counted": not typed["not_counted"], "as_of_from": typed["as_of_from"]}
        self.new_counts(line, typed["number"], typed["kind"], **of, **more)

    def new_counts(self, line: Any, number: Any, kind: str, **values: Any) -> None:
        """The number, as each source of the line says it."""
        for source in self.by_of(line):
            span = line.cleaned_data["as_of"]
            as_of: Any = span.last if span else source.published_on
            if as_of is None:
                self.refuse_undated(line, source)
            if span and not span.is_day:
                values["as_of_from"] = values.get("as_of_from") or span.first
            count = HeadCount(
                kind=kind,
                value=number.number,
                qualifier=number.qualifier or HeadCount.Qualifier.EXACT,
                as_of=as_of,
                source=source,
                excerpt=line.cleaned_data["excerpt"],
                **values,
            )
            same = self.same_count(count)
            self.note_other_days(count, line)
            if same:
                line.noted.append(_("In the record already: %(count)s.") % {"count": same})
            else:
                self.new(count, line, boxes={"value": line.number_box, "qualifier": line.number_box})
            self.counts[line] = same or count

    def refuse_undated(self, line: Any, source: Source) -> None:
        """Said once of each paper, for all its figures."""
        if source.pk not in self.undated:
            self.undated.add(source.pk)
            sentence = _("The paper has no day: say here as of when the number stood, or the day of the paper above.")
            line.add_error("as_of", sentence)
        raise Refused

    def same_count(self, count: HeadCount) -> HeadCount | None:
        """The count with which this source says just this already."""
        said = {name: getattr(count, name) for name in (*HeadCount.natural_key_columns, "value", "qualifier")}
        return HeadCount.objects.visible_to(self.by).filter(**said).first()

    def note_other_days(self, count: HeadCount, line: Any) -> None:
        """The same number of the same paper on another day may be the same figure."""
        names = (*SUBJECTS, "kind", "group", "basis", "value", "source")
        rows = HeadCount.objects.visible_to(self.by).filter(**{name: getattr(count, name) for name in names})
        for other in rows.exclude(as_of=count.as_of, as_of_from=count.as_of_from) if count.value is not None else ():
            if other not in self.stored:
                sentence = _("This paper gives this number already, of another day: %(count)s. Is it the same figure?")
                line.noted.append(sentence % {"count": other})

    # Names

    def store_name(self, line: Any) -> None:
        typed = line.cleaned_data
        person = typed["person"]
        mission = self.mission_of(typed["mission"], line, "mission") if typed["mission"] else None
        party = self.party_of(typed["sender"], line, "sender") if typed["sender"] else None
        if person.pk is None:
            person.nationality = typed["nationality"]
            self.new(person, line, box="person")
        names = ("status", "post", "employer", "area", "starts_on", "ends_on")
        values = {name: typed[name] for name in names}
        place = {"observer": person, "mission": mission, "deployment": party, "role": typed["role"]}
        known = Assignment.objects.visible_to(self.by).filter(**place).first()
        if known:
            self.add_to(known, values, line)
        else:
            self.new(Assignment(**place, **values), line, sources=self.by_of(line), box="person")
        if typed["spelling"]:
            self.store_spelling(person, line)

    def store_spelling(self, person: Observer, line: Any) -> None:
        """The spelling of each paper of the line, where the person has none like it in the language of the paper."""
        if not Observer.objects.changeable_by(self.by).filter(pk=person.pk).exists():
            line.noted.append(_("Another organization keeps this person: the spelling is not kept. Ask that one."))
            return
        family_name, given_names = line.cleaned_data["spelling"]
        for source in self.by_of(line):
            if not source.language:
                self.refuse(line, "spelling", _("Say at the paper in which language it is."))
            spelt = {"language": source.language, "family_name": family_name, "given_names": given_names}
            if not ObserverName.objects.filter(observer=person, **spelt).exists():
                self.new(ObserverName(observer=person, source=source, **spelt), line, box="spelling")

    # Records

    def by_of(self, line: Any) -> list[Source]:
        """The sources that say what the line says."""
        found = [self.sources[number] for number in line.said_by() if number < len(self.sources)]
        sources = [source for source in found if source]
        if not sources:
            if not any(source_line.errors for source_line in self.page.filled("sources")):
                self.refuse(line, None, _("Say above which source this stands in."))
            raise Refused
        return sources

    def source_of(self, line: Any) -> Source:
        return self.by_of(line)[0]

    def new(
        self,
        record: Any,
        line: Any,
        *,
        sources: Iterable[Source] = (),
        box: str | None = None,
        boxes: dict[str, str] | None = None,
    ) -> Any:
        """Validates and stores a new record; what is wrong with it is said at the boxes of the line."""
        if not type(record).may_be_added_by(self.by):
            sentence = _("%(kind)s: your role does not add these.")
            self.refuse(line, box, sentence % {"kind": record._meta.verbose_name_plural})
        if isinstance(record, OwnedRecord):
            record.owner = self.owner
        try:
            record.full_clean(exclude=["code"])
        except ValidationError as error:
            self.refuse_record(line, error, box, boxes or {})
        record.save()
        if sources:
            record.sources.set(sources)
        self.watched.made(type(record), [record.pk])
        self.made[type(record)] += 1
        self.keep(record, line)
        return record

    def add_to(self, record: Any, values: dict[str, Any], line: Any) -> None:
        """What the sources of the line say of a record that is there: see the head of this module."""
        line.noted.append(_("In the record already: %(record)s.") % {"record": record})
        model = type(record)
        sources = self.by_of(line)
        may_change = model.objects.changeable_by(self.by).filter(pk=record.pk).exists()
        changed = False
        if may_change:
            self.watched.look_at(model, [record.pk])
            record = model.objects.select_for_update(of=("self",)).get(pk=record.pk)
            changed = bool({source.pk for source in sources} - set(record.sources.values_list("pk", flat=True)))
            record.sources.add(*sources)
        else:
            line.noted.append(
                _("Another organization keeps it: your paper is not added to it. Ask that one, or an administrator.")
            )
        for name, value in values.items():
            is_untouched = name not in line.changed_data and name in line.fields and value == line.fields[name].initial
            if is_untouched or value in (None, "", []):
                continue
            says = sorted(record.co_organizers.all(), key=str) if name == "co_organizers" else getattr(record, name)
            if says == value:
                continue
            if may_change and self.takes_over(record, name, says, value):
                changed = True
                self.set_value(record, name, value)
            else:
                self.state(record, name, value, line)
        if changed:
            try:
                record.full_clean()
            except ValidationError as error:
                self.refuse_record(line, error, None, {})
            record.save()
            self.keep(record, line)

    def keep(self, record: Any, line: Any) -> None:
        self.stored.append(record)
        self.records.setdefault(line, []).append(record)

    def takes_over(self, record: Any, name: str, says: Any, value: Any) -> bool:
        """Whether the record says nothing yet, or what it says comes before the value in time."""
        if says in (None, "", []) or says == NOTHING_KNOWN.get(name):
            return True
        order = [choice for choice, _label in record._meta.get_field(name).flatchoices] if name in IN_TIME else []
        return value in order and order.index(says) < order.index(value)

    def set_value(self, record: Any, name: str, value: Any) -> None:
        if name == "co_organizers":
            record.co_organizers.set(value)
        else:
            setattr(record, name, value)

    def state(self, record: Any, name: str, value: Any, line: Any) -> None:
        """Another value than the record's own is a statement of each source of the line."""
        label = record._meta.get_field(name).verbose_name
        told = value if isinstance(value, str) else as_json(value)
        for source in self.by_of(line):
            statement = Statement(
                subject=f"{record.resource()}/{record.code}",
                field=name,
                value="; ".join(told) if isinstance(told, list) else str(told),
                source=source,
                excerpt=line.cleaned_data.get("excerpt", ""),
            )
            known = {column: getattr(statement, column) for column in Statement.natural_key_columns}
            earlier = Statement.objects.visible_to(self.by).filter(**known).first()
            if earlier is None:
                statement.typed_by = self.by
                self.new(statement, line)
            elif earlier.value != statement.value:
                sentence = _("%(column)s: this paper says “%(value)s” in the record already: change that first.")
                line.noted.append(sentence % {"column": label, "value": earlier.value})
                continue
            sentence = _("%(column)s: the record says otherwise; what this source says is kept beside it.")
            line.noted.append(sentence % {"column": label})

    def refuse_record(self, line: Any, error: ValidationError, box: str | None, boxes: dict[str, str]) -> None:
        for name, errors in error.error_dict.items():
            at = boxes.get(name, name) if name != NON_FIELD_ERRORS else None
            line.add_error(at if at in line.fields else box, errors)
        raise Refused

    def refuse(self, line: Any, box: str | None, sentence: str) -> Any:
        line.add_error(box, sentence)
        raise Refused


def in_turn(lines: list[Any]) -> list[Any]:
    """A mission or a party that others are part of comes before these, wherever its line stands."""
    return sorted(lines, key=lambda line: bool(line.cleaned_data.get("part_of")))
