"""The page "Record from a source": shows what is typed, tells before what it would do, and stores it in one act."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lib.dates import DateSpan, format_span
from lib.one_writer import wait_for_other_writers
from missions.admin.ladder_beside import LadderBeside, ladder_of, seen_by
from missions.entry.finding import Finding, short_names
from missions.entry.page import LINES_AT_MOST, EntryPage, as_number, with_another_line
from missions.entry.storing import Storing
from missions.models import Deployment, Election, HeadCount, Mission
from organizations.countries import country_choices
from organizations.entering import enter_from, entering_from
from organizations.models import Organization, Source, text_of
from organizations.undo import tag_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse, QueryDict

    from missions.entry.lines import Line

SAVE = "save"
HELD_BEFORE = {HeadCount.Kind.ANNOUNCED, HeadCount.Kind.PROPOSED, HeadCount.Kind.REQUESTED}


@dataclass
class Told:
    """What is told beside a line: sentences, and the ladder with the line's figure in it."""

    sentences: list[str] = field(default_factory=list)
    ladder: LadderBeside | None = None


@dataclass(frozen=True)
class Known:
    """A figure of the record: one that this paper gives already, or one that it may say as well."""

    code: str
    words: str
    about: str
    source: str
    is_of_this_paper: bool


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest) -> HttpResponse:
    """A new page; by POST, what is typed with one more line, with what it would do, or stored."""
    if not Source.may_be_added_by(request.user):
        raise PermissionDenied
    finding = Finding(request.user)
    if request.method != "POST":
        page = EntryPage(finding, initial=begun_with(request, finding))
        return show(request, page, {line: Told(line.noted) for line in page.every_line() if line.noted})
    act, _colon, about = request.POST.get("do", "").partition(":")
    page = EntryPage(finding, typed_and_asked_for(request, act, about))
    if not page.is_readable:
        raise BadRequest
    user: Any = request.user
    with transaction.atomic():
        if act == SAVE:
            wait_for_other_writers()
        storing = Storing(page, by=user, now=timezone.now(), today=timezone.localdate())
        storing.store()
        told = told_of(storing)
        is_stored = act == SAVE and page.is_in_order() and bool(storing.stored)
        if is_stored:
            storing.finish()
        else:
            transaction.set_rollback(True)
    if is_stored:
        return lead_on(request, storing)
    if act == SAVE and page.is_in_order():
        is_blank = not any(True for _line in page)
        sentence = _("Nothing is typed yet: nothing was stored.")
        messages.warning(
            request, sentence if is_blank else _("Nothing was stored: the record says all of this already.")
        )
    if act != SAVE:
        for line in page.every_line():
            line.forget_what_is_missing()
    would = in_words(storing) if page.is_in_order() and storing.made else ""
    return show(request, page, told, is_refused=act == SAVE, would=would)


def begun_with(request: HttpRequest, finding: Finding) -> dict[str, dict[str, Any]]:
    """What the address names: a source, or else the one that is entered from; an election."""
    begun = {}
    asked = request.GET.get("source", "")
    source = finding.source_at(asked) if asked else entering_from(request)
    if source:
        begun["sources"] = {"address": source.code, "text": text_of(source)}
    election = Election.objects.visible_to(request.user).filter(code=request.GET.get("election", "")).first()
    if election:
        begun["election"] = {"election": election.code}
    return begun


def typed_and_asked_for(request: HttpRequest, act: str, about: str) -> QueryDict:
    """What is typed; with another line of a kind, of a party's missions, or with a figure that the source says too."""
    kind, _colon, number = about.partition(":")
    if act == "add" and kind in {"sources", "parties", "invitations", "missions", "counts", "names"}:
        typed = with_another_line(request.POST, kind)
        if kind == "parties":
            # A party goes through a mission more often than not.
            added = as_number(typed["parties-TOTAL_FORMS"]) - 1
            typed = with_another_line(typed, "channels", {"party": str(added)})
        return typed
    if act == "add" and kind == "channels":
        return with_another_line(request.POST, kind, {"party": str(as_number(number))})
    if act == "same":
        count = HeadCount.objects.visible_to(request.user).filter(code=about).first()
        return with_another_line(request.POST, "counts", boxes_of(count)) if count else request.POST
    return request.POST


def in_words(storing: Storing) -> str:
    """How many new records of each kind: “1 source, 2 missions and 1 deployment”."""
    parts = [
        f"{number} {model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural}"
        for model, number in storing.made.items()
    ]
    return get_text_list(parts, _("and"))


def lead_on(request: HttpRequest, storing: Storing) -> HttpResponse:
    """Says what was stored, and leads to the next page of the same source and election."""
    source = next(filter(None, storing.sources), None)
    if source:
        enter_from(request, source)
    what = in_words(storing) if storing.made else _("nothing new; what was there says more now")
    said = format_html("{}", _("Stored: %(what)s.") % {"what": what})
    if storing.election:
        page, label = storing.election.get_absolute_url(), storing.election
        said = format_html('{} <a href="{}">{}</a>', said, page, label)
    messages.success(request, said, extra_tags=tag_of(storing.change) if storing.change else "")
    for sentence in dict.fromkeys(sentence for line in storing.page for sentence in line.dated):
        messages.info(request, sentence)
    asked = {"source": source.code if source else "", "election": storing.election.code if storing.election else ""}
    query = urlencode({name: code for name, code in asked.items() if code})
    return HttpResponseRedirect(f"{reverse('entry')}?{query}")


def show(
    request: HttpRequest, page: EntryPage, told: dict[Line, Told], *, is_refused: bool = False, would: str = ""
) -> HttpResponse:
    for line in page.every_line():
        line.told = told.get(line)
    election = election_of(page)
    context = {
        **admin.site.each_context(request),
        "title": _("Record from a source"),
        "page": page,
        "is_refused": is_refused,
        "would": would,
        "too_many": [*page.kinds_with_too_many()] if page.is_typed else [],
        "most_lines": LINES_AT_MOST,
        "may_add_organizations": Organization.may_be_added_by(request.user),
        "offers": offers(page, election),
        "known": list(known_figures(page, election)),
        "election": election,
    }
    return TemplateResponse(request, "admin/missions/entry/page.html", context, status=400 if is_refused else 200)


def election_of(page: EntryPage) -> Election | None:
    """The election of the record of which the page speaks."""
    if page.is_typed:
        found: Election | None = getattr(page.election, "cleaned_data", {}).get("election")
        return found
    code = page.election.initial.get("election", "")
    return page.finding.election(code) if code else None


# What is told


def told_of(storing: Storing) -> dict[Line, Told]:
    """What is told of each line, while what it would write is in the database."""
    told: dict[Line, Told] = {}
    seen: Any = seen_by(storing.by, storing.election) if storing.counts else None
    for line in storing.page:
        found = Told(list(dict.fromkeys([*line.dated, *line.noted])))
        for record in storing.records.get(line, ()):
            found.sentences += [str(sentence) for sentence in record.warnings()]
        if count := storing.counts.get(line):
            found.sentences += list(too_late(count))
            found.ladder = ladder_of(count, seen)
        told[line] = found
    return told


def too_late(count: HeadCount) -> Iterator[str]:
    """Who is announced after the accreditation closed, and before the vote, comes too late."""
    election: Any = getattr(count.subject, "election", count.subject)
    closes = election.accreditation_closes_at[:10]
    if count.kind in HELD_BEFORE and closes and closes < str(count.as_of) <= str(election.election_day):
        sentence = _("Accreditation closed on %(day)s: this is later.")
        yield sentence % {"day": election.accreditation_closes_at}


# What is offered


def offers(page: EntryPage, election: Election | None) -> dict[str, dict[str, str]]:
    """The words that the browser offers while one types, by the list that a box names, each with what it means."""
    finding = page.finding
    elections = Election.objects.visible_to(finding.reader).order_by("-election_day", "code")
    organizations = short_names(finding.organizations.values())
    senders = {name: "" for _code, name in country_choices()}
    bodies = [one for one in finding.organizations.values() if one.country]
    return {
        "organizations": organizations,
        "senders": {**senders, **short_names(bodies)},
        "elections": {one.code: str(one) for one in elections},
        "subjects": dict(subjects_of(page, election)) if election else {},
    }


def subjects_of(page: EntryPage, election: Election) -> Iterator[tuple[str, str]]:
    """The missions and parties of the election, by the words that mean them."""
    reader = page.finding.reader
    for mission in Mission.objects.visible_to(reader).filter(election=election).with_labels(reader):
        yield mission.organizer_name, mission.label
    for party in Deployment.objects.visible_to(reader).filter(election=election, part_of=None).with_labels(reader):
        yield words_of_party(party), party.sender_name


def words_of_party(party: Deployment) -> str:
    return f"from {party.sender.code if party.sender else party.sender_country}"


def known_figures(page: EntryPage, election: Election | None) -> Iterator[Known]:
    """The figures of the election in the record, those of the papers of the page among them.

    Before there is an election: what the papers give, of whichever.
    """
    reader = page.finding.reader
    on_page = {line.stored for line in page.lines["sources"].forms if line.stored}
    rows = HeadCount.objects.visible_to(reader)
    rows = rows.in_elections([election]) if election else rows.filter(source__in=on_page)
    rows = rows.select_related("election", "source", "mission__election", "deployment__election", "deployment__sender")
    rows = rows.prefetch_related("mission__organizer__names", "deployment__sender__names")
    for count in rows.order_by("as_of", "code"):
        is_of_this_paper = count.source in on_page
        # Of a part of a party no line can say the same.
        if count.deployment and count.deployment.part_of_id and not is_of_this_paper:
            continue
        subject = count.mission.label if count.mission else count.deployment and count.deployment.sender_name
        words = f"{count.get_kind_display()}: {count.figure}, {format_span(count.as_of_from, count.as_of)}"
        if count.group != HeadCount.Group.ALL:
            words = f"{words} ({count.get_group_display()})"
        about = str(subject or _("all at the election")) if election else str(count.subject)
        yield Known(count.code, words, about, str(count.source), is_of_this_paper)


def boxes_of(count: HeadCount) -> dict[str, str]:
    """A figure as the boxes of a line hold it, without its source."""
    subject = count.mission.organizer.code if count.mission else count.deployment and words_of_party(count.deployment)
    qualifier = count.qualifier.replace("_", " ") if count.qualifier != HeadCount.Qualifier.EXACT else ""
    return {
        "subject": subject or "",
        "number": " ".join(filter(None, [qualifier, "" if count.value is None else str(count.value)])),
        "kind": count.kind,
        "group": count.group,
        "basis": count.basis,
        "as_of": str(DateSpan(count.as_of_from or count.as_of, count.as_of)),
    }
