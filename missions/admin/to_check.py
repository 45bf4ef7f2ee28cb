"""The list "To check": what in the record does not fit or lacks a source, with the way to mend it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib import admin
from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, ManyToManyField, OuterRef, Q
from django.db.models.functions import Coalesce
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from missions.admin.ladder_beside import titles_of
from missions.admin.what_is_wrong import what_is_wrong
from missions.election_records import records_seen_by
from missions.lists import with_named, with_readings
from missions.models import Deployment, Election, HeadCount, Mission, Reading
from missions.reconciliation import Reader
from organizations.models import Organization, Record, Region

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

    from missions.reconciliation import Subject

SHOWN_OF_EACH = 10
ON_A_PAGE = 50


@dataclass
class Finding:
    """A record, what is wrong with it, and where it is seen and mended."""

    record: Any
    wrong: list[str]
    page: str = field(init=False)
    edit: str = field(init=False)

    def __post_init__(self) -> None:
        options = self.record._meta
        self.page = self.record.get_absolute_url() if hasattr(self.record, "get_absolute_url") else ""
        self.edit = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[self.record.pk])


@dataclass
class Problem:
    """A kind of problem with the rows that have it: records, or readings of records."""

    key: str
    title: str
    rows: Any

    @property
    def total(self) -> int:
        return int(self.rows.count())


@dataclass
class Section:
    problem: Problem
    page: Page
    findings: list[Finding]


def problems_seen_by(request: HttpRequest) -> Iterator[Problem]:
    """Each kind of problem, with the rows that this reader may see in the admin."""
    yield Problem("conflict", _("Sources disagree"), readings(request, Reading.Agreement.CONFLICT))
    yield Problem("gap", _("Figures leave a gap"), readings(request, Reading.Agreement.GAP))
    places: list[Any] = [Mission, Deployment]
    for model in places:
        rows = with_named(with_readings(seen(request, model), request.user), request.user, model._meta.model_name)
        title = _("More named than announced: %(kind)s") % {"kind": model._meta.verbose_name_plural}
        key = f"named-{model._meta.model_name}"
        yield Problem(key, title, newest(rows.filter(named__gt=F("announced_high"))))
    for model in models_with_sources():
        title = _("No source: %(kind)s") % {"kind": model._meta.verbose_name_plural}
        key = f"source-{model._meta.model_name}"
        yield Problem(key, title, newest(seen(request, model).filter(**{source_field(model): None})))


def seen(request: HttpRequest, model: Any) -> Any:
    """The records of a kind that the reader meets in the admin, with all that their names are made of."""
    model_admin = admin.site.get_model_admin(model)
    rows = model_admin.get_queryset(request)
    return rows if model_admin.has_view_permission(request) else rows.none()


def newest(rows: Any) -> Any:
    return rows.order_by("-modified_at", "code")


def models_with_sources() -> list[Any]:
    """The kinds of record in the admin that may cite sources and need not."""
    registered = [model for model in apps.get_models() if issubclass(model, Record) and admin.site.is_registered(model)]
    return sorted((model for model in registered if source_field(model)), key=lambda model: model._meta.label_lower)


def source_field(model: Any) -> str:
    for each in (*model._meta.many_to_many, *model._meta.fields):
        if each.name in {"source", "sources"} and (isinstance(each, ManyToManyField) or each.null):
            return str(each.name)
    return ""


def readings(request: HttpRequest, agreement: str) -> Any:
    """The stored readings of what the reader may see, those of the latest elections first.

    A sum of parts without any figure of its own is left out: the part that does not fit is listed itself.
    """
    of_subject = Q()
    for model in (Election, Mission, Deployment):
        of_subject |= Q(**{f"{model._meta.model_name}__in": seen(request, model).order_by().values("pk")})
    own = Q(election=OuterRef("election")) | Q(mission=OuterRef("mission")) | Q(deployment=OuterRef("deployment"))
    own_figures = HeadCount.objects.filter(own, kind=OuterRef("kind"))
    rows = Reading.objects.filter(of_subject, audience=Reading.Audience.MEMBERS, agreement=agreement)
    rows = rows.filter(Q(derived=False) | Exists(own_figures))
    rows = rows.select_related("election", "mission__election", "mission__organizer")
    rows = rows.select_related("deployment__election", "deployment__sender")
    rows = rows.prefetch_related("mission__organizer__names", "deployment__sender__names")
    day = Coalesce("election__election_day", "mission__election__election_day", "deployment__election__election_day")
    return rows.order_by(day.desc(), "pk")


def number_to_check(request: HttpRequest) -> int:
    return sum(problem.total for problem in problems_seen_by(request))


@require_GET
def to_check(request: HttpRequest) -> HttpResponse:
    """The first of each kind of problem; with `?show=`, all of one kind, page by page."""
    problems = list(problems_seen_by(request))
    asked = request.GET.get("show")
    if asked:
        problems = [problem for problem in problems if problem.key == asked]
        if not problems:
            raise Http404
    pages = [
        (problem, Paginator(problem.rows, ON_A_PAGE if asked else SHOWN_OF_EACH).get_page(request.GET.get("page")))
        for problem in problems
    ]
    live = LiveReadings([row for _problem, page in pages for row in page if isinstance(row, Reading)], request)
    sections = [
        Section(problem, page, [finding_of(row, live) for row in page])
        for problem, page in pages
        if page.paginator.count or asked
    ]
    context = {
        **admin.site.each_context(request),
        "title": _("To check"),
        "sections": sections,
        "total": sum(section.page.paginator.count for section in sections),
        "asked": asked,
    }
    return TemplateResponse(request, "admin/missions/to_check.html", context)


class LiveReadings:
    """Says what is wrong with the readings of a page: the elections of all are read in one go."""

    def __init__(self, shown: list[Reading], request: HttpRequest) -> None:
        elections = list({election_of(reading) for reading in shown})
        self.records = records_seen_by(request.user, elections) if elections else {}
        places: list[Subject] = []
        for record in self.records.values():
            places += [record, *record.missions, *record.deployments]
        codes = {row.source for place in places for row in place.counts}
        self.titles = titles_of(list(codes), request.user) if elections else {}
        self.readers: dict[tuple[Election, str], Reader] = {}

    def sentences(self, reading: Reading) -> list[str]:
        election, subject = election_of(reading), subject_of(reading)
        key = (election, reading.kind)
        reader = self.readers.setdefault(key, Reader(self.records[election], kind=reading.kind, on=None))
        place = reader.find(f"{subject.resource()}/{subject.code}")
        kind = HeadCount.Kind(reading.kind).label
        found = list(what_is_wrong(reader, place, HeadCount.Group.ALL, self.titles))
        return [f"{kind}: {sentence}" for sentence in found or [reading.get_agreement_display()]]


def subject_of(reading: Reading) -> Any:
    return reading.deployment or reading.mission or reading.election


def election_of(reading: Reading) -> Election:
    subject = subject_of(reading)
    election: Election = getattr(subject, "election", subject)
    return election


def finding_of(row: Any, live: LiveReadings) -> Finding:
    if isinstance(row, Reading):
        return Finding(subject_of(row), live.sentences(row))
    if hasattr(row, "named"):
        sentence = _("%(named)s persons are named, but only %(high)s announced.")
        given = {"named": number_format(row.named), "high": number_format(row.announced_high)}
        return Finding(row, [sentence % given])
    everybody_sees = isinstance(row, Election | Organization | Region)
    sentence = (
        _("No source is cited.") if everybody_sees else _("No source is cited: only members can see this record.")
    )
    return Finding(row, [sentence])
