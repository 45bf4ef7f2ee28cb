"""The page of the calendar, month by month, and the feed of the same elections for other calendars."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Min
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lib.dates import parse_date
from lib.text import shown
from missions.calendar import deadlines, feed, month_span, nearest, on_site, voting, within
from missions.filters import ElectionFilterSet
from missions.models import Election
from missions.views.panel import asked, plain_panel
from missions.views.short_address import to_short_address

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

    from lib.dates import DateSpan

MAIN_FILTERS = ("host_country", "kind", "status")
NOT_ASKED: Any = None


class CalendarFilterSet(ElectionFilterSet):
    """The filters of elections but for their dates, of which the month speaks."""

    other_parameters = frozenset({"month", "format"})

    year = date_after = date_before = modified_after = NOT_ASKED


@require_safe
def calendar_page(request: HttpRequest) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    filterset = CalendarFilterSet(request.GET, Election.objects.visible_to(user), request=request)
    if shorter := to_short_address(request, filterset, [*filterset.filters, *filterset.other_parameters]):
        return shorter
    fields = plain_panel(filterset, MAIN_FILTERS)
    context: dict[str, Any] = {"title": _("Calendar"), **asked(filterset, request.GET), **fields}
    month, problems = month_asked(request.GET)
    problems = [*filterset.problems, *problems, *problems_of_format(request.GET)]
    if problems:
        return render(request, "missions/list_refused.html", {**context, "problems": problems}, status=400)
    elections = filterset.qs.order_by("election_day", "code")
    if request.GET.get("format", "").strip() == "ics":
        return as_file(request, elections, month)
    span = month or month_span(today)
    days = within([*voting(elections, user, span), *deadlines(elections, span)], None)
    context |= {
        "month": span.first,
        "previous": nearest(elections, user, Max, "lt", span.first),
        "next": nearest(elections, user, Min, "gt", span.last),
        "days": days,
        "on_site": on_site(elections, user, span),
    }
    return render(request, "missions/calendar.html", context)


def month_asked(data: QueryDict) -> tuple[DateSpan | None, list[tuple[str, str]]]:
    """The month of the address, None without one, and what is wrong with it."""
    given = [text.strip() for text in data.getlist("month") if text.strip()]
    if len(given) > 1:
        return None, [("month", _("%(parameter)s can be given only once.") % {"parameter": "month"})]
    if not given:
        return None, []
    try:
        span = parse_date(given[0])
    except ValueError:
        span = None
    if span is None or not span.is_month or not date(1900, 1, 1) <= span.first <= date(2200, 12, 31):
        sentence = _("“%(value)s” is not a month: please write it as 2017-10.")
        return None, [("month", sentence % {"value": shown(given[0])})]
    return span, []


def problems_of_format(data: QueryDict) -> list[tuple[str, str]]:
    given = [text.strip() for text in data.getlist("format") if text.strip()]
    if len(given) > 1:
        return [("format", _("%(parameter)s can be given only once.") % {"parameter": "format"})]
    if given and given[0] not in {"html", "ics"}:
        sentence = _("“%(value)s” is not one of the values of %(parameter)s: %(choices)s.")
        return [("format", sentence % {"value": shown(given[0]), "parameter": "format", "choices": "html, ics"})]
    return []


def as_file(request: HttpRequest, elections: Any, month: DateSpan | None) -> HttpResponse:
    """The feed of the filtered elections, of one month where the address names one."""
    user = request.user
    entries = [*voting(elections, user, month), *deadlines(elections, month), *on_site(elections, user, month)]
    name = _("Elections and their observers")
    if month:
        name = f"{name}, {date_format(month.first, 'F Y')}"
    host = f"{request.scheme}://{request.get_host()}"
    content = feed(within(entries, None), name, host)
    headers = {"Content-Disposition": 'attachment; filename="elections.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
