"""The pages of single records: each figure and statement beside the sources that carry it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Count, DateField, Q
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.generic import View

from lib.dates import format_span, parse_date
from missions import api, lists
from missions.dataset import RECORDS
from missions.election_records import records_seen_by
from missions.ladder_chart import range_bar
from missions.models import Assignment, Deployment, HeadCount, Invitation, Mission, Statement, VotingDay
from missions.overlaps import overlaps
from missions.reconciliation import Reader, path_of
from missions.views.counts import (
    LadderQuestion,
    announced_and_deployed,
    counts_by_kind,
    faults_by_kind,
    figures_cited,
    ladder_context,
    parts_table,
    sums_of_mission,
)
from missions.views.mission_days import days_of
from observers import api as observers_api
from observers.models import ObserverName
from organizations import api as organizations_api
from organizations.entering import may_enter
from organizations.history import entries
from organizations.models import (
    ChangedRecord,
    Membership,
    OrganizationName,
    SourceCopy,
    gaps_between,
    names_seen,
    text_of,
)
from organizations.policy import may_enter_data

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

    from missions.reconciliation import ElectionRecord
    from observers.models import Observer
    from organizations.api import RecordViewSet
    from organizations.history import Entry
    from organizations.models import Source


# The days by which the places of a person follow each other: their own, else that of the election.
DAYS_OF_A_PLACE = ("starts_on", "ends_on", "mission__election__election_day", "deployment__election__election_day")
# The rows of a list that the page of a record shows, and of one that is not the main thing there.
MOST_ROWS, FEW_ROWS = 25, 5
# The columns in which records cite their sources, and the kinds of record that have a list among the pages.
CITING_COLUMNS = ("sources", "source")
LISTS_WITH_PAGES = frozenset({"organizations", "elections", "missions", "invitations", "deployments", "assignments"})
# The acts of a record's history that its page shows.
ACTS_SHOWN = 20


class RecordPage(View):
    """One record. What the reader may not see answers exactly as if it did not exist."""

    template_name: ClassVar[str]
    resource: ClassVar[type[RecordViewSet]]
    # The fields beside whose values the page shows what other sources say of them.
    fields_beside: ClassVar[frozenset[str]] = frozenset()

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        record = self.resource.rows(request.user).filter(code=code).first()
        if record is None:
            return self.answer_without_record(code)
        if problems := self.problems():
            context = {"record": record, "problems": problems}
            return render(request, "missions/record_refused.html", context, status=400)
        name = self.resource.model().resource()
        statements = self.statements_on(record)
        context = {
            "record": record,
            "row": self.resource.serializer_class(context={"request": request}).to_representation(record),
            "statements": statements,
            **self.others_say(record, statements),
            "api_detail": f"api:{name}-detail",
            "may_edit": self.may_edit(record),
            "admin_change": f"admin:{record._meta.app_label}_{record._meta.model_name}_change",
            "history": self.history(name, code),
            **self.extra_context(record),
        }
        context["references"] = references(record, context)
        # Those that a marker stands for already, while the page is written: an entry leads back to the first.
        context["marked"] = set()
        context["own_sources"] = len(record.sources.all()) if hasattr(record, "sources") else 0
        return render(request, self.template_name, context)

    def may_edit(self, record: Any) -> bool:
        return bool(type(record).objects.changeable_by(self.request.user).filter(pk=record.pk).exists())

    def answer_without_record(self, code: str) -> HttpResponse:
        raise Http404

    def history(self, resource: str, code: str) -> list[Entry]:
        """The last acts that touched the record, for those who may read them."""
        user = self.request.user
        rows = ChangedRecord.objects.visible_to(user).of(resource, code).with_all_shown()
        return entries(rows[:ACTS_SHOWN], user, on_a_page=True)

    def problems(self) -> list[tuple[str, str]]:
        """What is wrong with the address: parameter and sentence."""
        return []

    def others_say(self, record: Any, statements: Iterable[Statement]) -> dict[str, Any]:
        """What other sources say: beside the fields that the page shows, and of all other fields together."""
        labels = self.labels_of_related(record, statements)
        beside: dict[str, list[dict[str, Any]]] = {}
        elsewhere = []
        fields = {name: record._meta.get_field(name) for name in record.columns}
        for statement in statements:
            # A column that was given up since leaves the statements on it behind.
            field, name = fields.get(statement.field), statement.field
            value = labels.get((name, statement.value)) or value_in_words(field, statement.value)
            label = field.verbose_name if field else name.replace("_", " ")
            told = {"statement": statement, "name": label, "value": value}
            if name in self.fields_beside:
                beside.setdefault(name, []).append(told)
            else:
                elsewhere.append(told)
        return {"beside": beside, "elsewhere": elsewhere}

    def statements_on(self, record: Any) -> Any:
        """What other sources say of the record."""
        about = f"{record.resource()}/{record.code}"
        return self.seen(Statement).filter(subject=about).select_related("source")

    def labels_of_related(self, record: Any, statements: Iterable[Statement]) -> dict[tuple[str, str], str]:
        """The names of the missions and deployments of which other sources say that the record is a part."""
        codes = [statement.value for statement in statements if statement.field == "part_of"]
        if not codes or not isinstance(record, Mission | Deployment):
            return {}
        found = self.seen(type(record)).filter(code__in=codes).with_labels(self.request.user)
        return {("part_of", other.code): other.label for other in found}

    def seen(self, model: Any) -> Any:
        """The records of that kind that the reader may see."""
        return model.objects.visible_to(self.request.user)

    def extra_context(self, record: Any) -> dict[str, Any]:
        """What a page shows beside the record's own row."""
        return {}

    def pairs(self, resource: type[RecordViewSet], rows: Any) -> list[tuple[Any, dict[str, Any]]]:
        """Records with their rows, as in the lists."""
        return self.shown(resource, rows.order_by("code"))

    def shown(self, resource: type[RecordViewSet], rows: Any) -> list[tuple[Any, dict[str, Any]]]:
        serializer = resource.serializer_class(context={"request": self.request})
        return [(record, serializer.to_representation(record)) for record in rows]

    def listed(self, resource: type[RecordViewSet], rows: Any) -> dict[str, Any]:
        """The first of these records, and how many there are: a list has the others."""
        return {"count": rows.count(), "rows": self.shown(resource, rows.order_by("code")[:MOST_ROWS])}

    def latest(self, resource: type[RecordViewSet], rows: Any) -> dict[str, Any]:
        """The same of the elections held last, for pages of which a list is not the main thing."""
        rows = rows.order_by("-election__election_day", "code")
        return {"count": rows.count(), "rows": self.shown(resource, rows[:FEW_ROWS])}

    def deployments(self, rows: Any) -> list[tuple[Any, dict[str, Any]]]:
        return self.pairs(api.DeploymentViewSet, rows)

    def missions(self, rows: Any) -> list[tuple[Any, dict[str, Any]]]:
        return self.pairs(api.MissionViewSet, rows)

    def invitations(self, rows: Any) -> list[tuple[Any, dict[str, Any]]]:
        return self.pairs(api.InvitationViewSet, rows)

    def head_counts(self, subject: Any) -> list[HeadCount]:
        """The published counts of a subject, oldest first."""
        counts = self.seen(HeadCount).filter(**{subject._meta.model_name: subject})
        return list(counts.select_related("source").order_by("kind", "as_of", "group", "code"))

    def people(self, **place: Any) -> Any:
        """The places of persons whom the reader may see."""
        places = lists.assignment_rows(self.request.user).filter(**place)
        return places.order_by("observer__family_name", "observer__given_names", "code")


def references(record: Any, context: dict[str, Any]) -> dict[str, tuple[int, Source]]:
    """The sources that a page cites, numbered in the order in which it cites them, by their codes."""
    found: dict[str, Source] = {}
    for source in record.sources.all() if hasattr(record, "sources") else []:
        found.setdefault(source.code, source)
    for name in ("head_counts", "names", "voting_days", "people", "statements"):
        for cited in context.get(name, ()):
            sources = cited.sources.all() if hasattr(cited, "sources") else [cited.source]
            for source in filter(None, sources):
                found.setdefault(source.code, source)
    for name in (name for place in context.get("people", ()) for name in place.observer.names.all()):
        # The spelling that a merge of two persons added has no source.
        if name.source:
            found.setdefault(name.source.code, name.source)
    for source in (source for happening in context.get("timeline", ()) for source in happening.sources):
        found.setdefault(source.code, source)
    for channel in (channel for told in context.get("channels", ()) for channel in told["said_by"]):
        found.setdefault(channel.source.code, channel.source)
    return {code: (number, source) for number, (code, source) in enumerate(found.items(), start=1)}


def value_in_words(field: Any, value: str) -> str:
    """What a source says a field is, as a page prints it: a day as a day, a choice by its label; else as it stands."""
    if isinstance(field, DateField):
        try:
            span = parse_date(value)
        except ValueError:
            return value
        return format_span(span.first, span.last)
    return str(dict(field.flatchoices).get(value, value)) if field and field.choices else value


class DeploymentPage(RecordPage):
    template_name = "missions/deployment.html"
    resource = api.DeploymentViewSet
    fields_beside = frozenset(
        {"election", "sender_country", "sender", "status", "status_reason", "starts_on", "ends_on", "part_of", "remark"}
    )

    def extra_context(self, record: Deployment) -> dict[str, Any]:
        seen = records_seen_by(self.request.user, [record.election])[record.election]
        counts, path = self.head_counts(record), f"deployments/{record.code}"
        people = self.people(deployment=record)
        parts = lists.deployment_rows(self.request.user).filter(part_of=record)
        declined = lists.invitation_rows(self.request.user).declined().filter(election=record.election)
        return {
            "channels": self.channels(record, seen),
            "head_counts": counts,
            "by_kind": counts_by_kind(seen, path, counts, record.status),
            "figures_cited": figures_cited(seen, path, counts, people),
            "faults": faults_by_kind(seen, path),
            "people": people,
            "parts": self.deployments(parts),
            # Without a state nothing is declined by the same one: international organizations have none either.
            "declined": self.invitations(declined.filter(invitee__country=record.sender_country.code or None)),
        }

    def channels(self, deployment: Deployment, record: ElectionRecord) -> list[dict[str, Any]]:
        """Each mission that a source names: who says so and in which words, who is named there, and the share."""
        told: dict[Mission, list[Any]] = {}
        channels = lists.channel_rows(self.request.user).filter(deployment=deployment)
        for channel in channels.order_by("mission__code", "source__code"):
            told.setdefault(channel.mission, []).append(channel)
        party = next(party for party in record.deployments if party.code == deployment.code)
        reader = Reader(record, kind="announced", on=None)
        whole = reader.share(party, party.missions)
        shares = {mission: reader.share(party, frozenset([mission.code])) for mission in told}
        return [
            {
                "mission": mission,
                "mission_open": said_by[0].mission_open,
                "said_by": said_by,
                "named": len(party.named.get(mission.code, ())),
                "share": shares[mission] if whole.known else None,
                "bar": range_bar(shares[mission], whole),
            }
            for mission, said_by in told.items()
        ]


class MissionPage(RecordPage):
    template_name = "missions/mission.html"
    resource = api.MissionViewSet
    fields_beside = frozenset(
        {
            "election",
            "organizer",
            "kind",
            "part_of",
            "status",
            "status_reason",
            "status_on",
            "starts_on",
            "ends_on",
            "remark",
        }
    )

    def extra_context(self, record: Mission) -> dict[str, Any]:
        seen = records_seen_by(self.request.user, [record.election])[record.election]
        counts, path = self.head_counts(record), f"missions/{record.code}"
        sums = sums_of_mission(seen, path)
        deployments = lists.deployment_rows(self.request.user)
        through = deployments.through_missions([record], self.request.user)
        parts = lists.mission_rows(self.request.user).filter(part_of=record)
        invited = lists.invitation_rows(self.request.user).filter(election=record.election, invitee=record.organizer)
        people = self.people(mission=record)
        return {
            "parts": self.listed(api.MissionViewSet, parts),
            "through_parts": {
                "count": deployments.through_missions(parts, self.request.user).count(),
                "query": urlencode(
                    [("mission", code) for code in parts.order_by("code").values_list("code", flat=True)]
                ),
            },
            "head_counts": counts,
            "by_kind": counts_by_kind(seen, path, counts, record.status),
            "figures_cited": figures_cited(seen, path, counts, people),
            "faults": faults_by_kind(seen, path),
            "difference": announced_and_deployed(seen, path),
            "sums": sums,
            "sums_inside": sums_of_mission(seen, path, missions_only=True),
            "parts_table": parts_table(sums),
            "deployments": self.listed(api.DeploymentViewSet, through),
            "people": people,
            "people_by": people_by(record, people),
            "timeline": days_of(record, invitations=invited, counts=counts, statements=self.statements_on(record)),
        }


def people_by(mission: Mission, people: Iterable[Assignment]) -> list[tuple[str, list[dict[str, Any]]]]:
    """How many places the reader sees in each role and of each status, with the list of exactly these."""
    found = []
    columns = ((_("By role"), "role", "role"), (_("By status"), "status", "assignment_status"))
    for label, column, parameter in columns:
        counts = Counter(getattr(place, column) for place in people)
        field: Any = Assignment._meta.get_field(column)
        told = [
            {
                "label": words,
                "count": counts[value],
                "address": f"{reverse('assignments')}?mission={mission.code}&{parameter}={value}",
            }
            for value, words in field.flatchoices
            if value and counts[value]
        ]
        if told:
            found.append((label, told))
    return found


class ElectionPage(RecordPage):
    template_name = "missions/election.html"
    resource = api.ElectionViewSet
    fields_beside = frozenset(
        {
            "country",
            "kind",
            "office",
            "election_day",
            "status",
            "status_reason",
            "accreditation_closes_at",
            "remark",
        }
    )

    def problems(self) -> list[tuple[str, str]]:
        return LadderQuestion(self.request.GET).problems

    def extra_context(self, record: Any) -> dict[str, Any]:
        of_election = {"election": record}
        user = self.request.user
        counts = self.head_counts(record)
        seen = records_seen_by(user, [record])[record]
        return {
            "may_enter_data": may_enter_data(user),
            **self.ladder(record, seen, counts),
            "voting_days": self.seen(VotingDay).filter(**of_election).select_related("region", "source"),
            "head_counts": counts,
            "figures_cited": figures_cited(seen, path_of(seen), counts),
            "missions": self.listed(api.MissionViewSet, lists.mission_rows(user).filter(**of_election)),
            "deployments": self.listed(api.DeploymentViewSet, lists.deployment_rows(user).filter(**of_election)),
            "invitations": self.listed(api.InvitationViewSet, lists.invitation_rows(user).filter(**of_election)),
        }

    def ladder(self, record: Any, seen: ElectionRecord, counts: list[HeadCount]) -> dict[str, Any]:
        """The ladder that is asked for, with what stands under a chart: its sources, its address, how to cite it."""
        asked = LadderQuestion(self.request.GET)
        path = f"{record.get_absolute_url()}{asked.query()}#accreditation"
        told = [count for count in counts if (count.kind, count.group) == (asked.kind, asked.group)]
        context = ladder_context(record, seen, counts, asked)
        title = [context["kind"], *([context["group"]] if context["group"] else []), record.label]
        return {
            **context,
            "publishers": list(dict.fromkeys(count.source.publisher for count in told)),
            "figure_address": self.request.build_absolute_uri(path),
            "figure_title": ", ".join(map(str, title)),
            "today": timezone.localdate(),
        }


class InvitationPage(RecordPage):
    template_name = "missions/invitation.html"
    resource = api.InvitationViewSet


class ObserverPage(RecordPage):
    template_name = "observers/observer.html"
    resource = observers_api.ObserverViewSet

    def answer_without_record(self, code: str) -> HttpResponse:
        """A code that was merged leads to the person that was kept, for those who may see that person.

        Not for good: a merge can be undone.
        """
        merged = Q(merges__merged_code=code, merges__undone_at=None)
        kept = self.resource.rows(self.request.user).filter(merged).first()
        return redirect("observer", code=kept.code) if kept else super().answer_without_record(code)

    def extra_context(self, record: Observer) -> dict[str, Any]:
        names = self.seen(ObserverName).filter(observer=record).select_related("source")
        places = self.people(observer=record).annotate(day=Coalesce(*DAYS_OF_A_PLACE)).order_by("-day", "code")
        return {"names": names.order_by("language", "code"), "people": places, "overlaps": overlaps(places)}


class OrganizationPage(RecordPage):
    template_name = "organizations/organization.html"
    resource = organizations_api.OrganizationViewSet

    def extra_context(self, record: Any) -> dict[str, Any]:
        user = self.request.user
        names = self.seen(OrganizationName).filter(organization=record).select_related("source")
        names = names.order_by("language", "valid_from", "code")
        members = self.seen(Membership).filter(organization=record).select_related("member_organization")
        names_of_members = names_seen("member_organization__names", self.request.user)
        return {
            "names": names,
            "gaps": gaps_between(names),
            "members": members.prefetch_related(names_of_members).order_by("member_country", "code"),
            "bodies": record.children.with_names(self.request.user).order_by("code"),
            "runs": self.latest(api.MissionViewSet, lists.mission_rows(user).organized_by([record])),
            "sends": self.latest(api.DeploymentViewSet, lists.deployment_rows(user).sent_by([record])),
            "years": self.year_by_year(record),
            "received_count": self.seen(Invitation).filter(invitee=record).count(),
            "sent_count": self.seen(Invitation).filter(inviter=record).count(),
        }

    def year_by_year(self, record: Any) -> list[dict[str, Any]]:
        """How many missions it runs, parties go through them, and it sends itself, in each year; the latest first."""
        missions = self.seen(Mission).organized_by([record])
        through = self.seen(Deployment).through_missions(
            Mission.objects.all().organized_by([record]), self.request.user
        )
        columns = [
            (f"{reverse('missions')}?organizer", missions),
            (f"{reverse('deployments')}?organizer", through),
            (f"{reverse('deployments')}?sender", self.seen(Deployment).sent_by([record])),
        ]
        counted = [
            (address, dict(rows.order_by().values_list("election__election_day__year").annotate(rows=Count("pk"))))
            for address, rows in columns
        ]
        years = sorted({year for _address, by_year in counted for year in by_year}, reverse=True)
        return [
            {
                "year": year,
                "cells": [(f"{start}={record.code}&year={year}", by_year.get(year, 0)) for start, by_year in counted],
            }
            for year in years
        ]


class SourcePage(RecordPage):
    template_name = "organizations/source.html"
    resource = organizations_api.SourceViewSet

    def extra_context(self, record: Source) -> dict[str, Any]:
        """What rests on the source, and the copies of it."""
        user = self.request.user
        may_open = bool(SourceCopy.objects.visible_to(user).filter(source=record).exists())
        counts = lists.head_count_rows(user).filter(source=record)
        channels = lists.channel_rows(user).filter(source=record)
        names = self.seen(OrganizationName).filter(source=record).select_related("organization", "source")
        return {
            "may_enter_from": may_enter(user),
            "rests_on_it": self.rests_on(record),
            "elections": self.first(lists.election_rows(user).filter(sources=record).order_by("code")),
            "missions": self.listed(api.MissionViewSet, lists.mission_rows(user).filter(sources=record)),
            "deployments": self.listed(api.DeploymentViewSet, lists.deployment_rows(user).filter(sources=record)),
            "invitations": self.listed(api.InvitationViewSet, lists.invitation_rows(user).filter(sources=record)),
            "counts_told": self.first(
                counts.select_related(
                    "mission__organizer", "mission__election", "deployment__sender", "deployment__election"
                ).prefetch_related(
                    names_seen("mission__organizer__names", user), names_seen("deployment__sender__names", user)
                )
            ),
            "channels_told": self.first(
                channels.select_related("deployment__sender", "deployment__election").prefetch_related(
                    names_seen("deployment__sender__names", user)
                )
            ),
            "names_told": self.first(names),
            "places_told": self.first(self.people(sources=record)),
            "copies": record.copies.listed(),
            "may_open_copies": may_open,
            "copy_text": text_of(record) if may_open else "",
        }

    def first(self, rows: Any) -> dict[str, Any]:
        """The first of these records, and how many there are: a list has the others."""
        return {"count": rows.count(), "rows": rows[:MOST_ROWS]}

    def rests_on(self, source: Source) -> list[dict[str, Any]]:
        """How many records of each kind cite the source, of those that the reader may see, and the list of them."""
        told = []
        for model in RECORDS:
            column = next((name for name in CITING_COLUMNS if name in model.columns), None)
            count = self.seen(model).filter(**{column: source}).count() if column else 0
            if count:
                resource = model.resource()
                name = resource if resource in LISTS_WITH_PAGES else f"api:{resource}-list"
                address = f"{reverse(name)}?source={source.code}"
                told.append({"label": model._meta.verbose_name_plural, "count": count, "address": address})
        return told
