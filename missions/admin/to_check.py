"""The list "To check": what in the record does not fit or lacks a source, with the way to mend it.

What is due, which depends on the day, stands on the first page of the admin alone; here with `?show=`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Exists, F, ManyToManyField, OuterRef, Q
from django.db.models.functions import Coalesce
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from missions.admin.ladder_beside import titles_in
from missions.admin.merges import address_of_merge
from missions.admin.problems import Finding, Problem, row_by_row, seen
from missions.admin.what_is_due import coverage_of, due_seen_by
from missions.admin.what_is_wrong import what_is_wrong
from missions.election_records import records_seen_by
from missions.lists import with_named, with_readings
from missions.models import Deployment, Election, HeadCount, Mission, Reading
from missions.people.alike import pairs_alike
from missions.reconciliation import Reader
from observers.models import Observer
from organizations.models import Organization, Record, Region

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

    from missions.people.alike import Pair

SHOWN_OF_EACH = 10
ON_A_PAGE = 50


def problems_seen_by(request: HttpRequest) -> Iterator[Problem]:
    """Each kind of problem, with the rows that this reader may see in the admin."""

    def live_findings(shown: list[Reading]) -> list[Finding]:
        live = LiveReadings(shown, request)
        return [
            Finding(subject_of(reading), live.sentences(reading), [coverage_of(election_of(reading))])
            for reading in shown
        ]

    yield Problem("conflict", _("Sources disagree"), readings(request, Reading.Agreement.CONFLICT), live_findings)
    yield Problem("gap", _("Figures leave a gap"), readings(request, Reading.Agreement.GAP), live_findings)
    places: list[Any] = [Mission, Deployment]
    for model in places:
        rows = with_named(with_readings(seen(request, model), request.user), request.user, model._meta.model_name)
        title = _("More named than announced: %(kind)s") % {"kind": model._meta.verbose_name_plural}
        key = f"named-{model._meta.model_name}"
        rows = newest(rows.filter(named__gt=F("announced_high")))
        yield Problem(key, title, rows, row_by_row(more_named), _("More named than announced"))
    for model in models_with_sources():
        title = _("No source: %(kind)s") % {"kind": model._meta.verbose_name_plural}
        key = f"source-{model._meta.model_name}"
        rows = newest(seen(request, model).filter(**{source_field(model): None}))
        yield Problem(key, title, rows, row_by_row(without_source), _("No source"))
    if Observer.may_be_added_by(request.user):
        yield Problem("alike", _("May be one person twice"), pairs_alike(request.user), row_by_row(alike))


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


@require_GET
def to_check(request: HttpRequest) -> HttpResponse:
    """The first of each kind of problem; with `?show=`, all of one kind, also of what is due, page by page."""
    problems = list(problems_seen_by(request))
    asked = request.GET.get("show")
    if asked:
        due = due_seen_by(request, timezone.now().date())
        problems = [problem for problem in (*problems, *due) if problem.key == asked]
        if not problems:
            raise Http404
    on_a_page = ON_A_PAGE if asked else SHOWN_OF_EACH
    sections = [problem.section(on_a_page, request.GET.get("page")) for problem in problems]
    sections = [section for section in sections if section.total or asked]
    context = {
        **admin.site.each_context(request),
        "title": _("To check"),
        "sections": sections,
        "total": sum(section.total for section in sections),
        "asked": asked,
    }
    return TemplateResponse(request, "admin/missions/to_check.html", context)


class LiveReadings:
    """Says what is wrong with the readings of a page: the elections of all are read in one go."""

    def __init__(self, shown: list[Reading], request: HttpRequest) -> None:
        elections = list({election_of(reading) for reading in shown})
        self.records = records_seen_by(request.user, elections) if elections else {}
        self.titles = titles_in(self.records.values(), request.user) if elections else {}
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


def more_named(place: Any) -> Finding:
    sentence = _("%(named)s persons are named, but only %(high)s announced.")
    given = {"named": number_format(place.named), "high": number_format(place.announced_high)}
    return Finding(place, [sentence % given])


def without_source(record: Any) -> Finding:
    everybody_sees = isinstance(record, Election | Organization | Region)
    sentence = (
        _("No source is cited.") if everybody_sees else _("No source is cited: only members can see this record.")
    )
    return Finding(record, [sentence])


def alike(pair: Pair) -> Finding:
    way = (_("Compare the two"), address_of_merge(pair.kept, pair.merged))
    return Finding(pair, [_("Their names are alike: look whether they are one person.")], [way], may_edit=False)
