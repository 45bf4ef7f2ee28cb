"""The list of deployments: as a table of chosen columns, as a timeline, and by years."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lib.csv_stream import csv_response
from missions import api
from missions.facets import Tally
from missions.listed import Listed
from missions.lists import bare_deployment_rows, with_what_is_in_hand
from missions.matrix import MEASURES, Cell
from missions.models import VotingDay
from missions.timeline import scale_of, stays_of, votes_of, voting_days_of
from missions.totals import declined_by_senders
from missions.views.list_page import BadParameter, ListPage
from missions.views.matrix import Shown
from missions.views.panel import Panel
from organizations.models import SavedView, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponseBase
    from django_stubs_ext import StrOrPromise

VIEWS = {"table": gettext_lazy("Table"), "timeline": gettext_lazy("Timeline"), "years": gettext_lazy("By year")}
# Of each column its name and the order that its head offers first; the first column always stands.
COLUMNS: dict[str, tuple[StrOrPromise, str]] = {
    "who": (gettext_lazy("Who sent whom, where"), "-election_day"),
    "through": (gettext_lazy("Through"), ""),
    "when": (gettext_lazy("When"), ""),
    "observers": (gettext_lazy("Observers"), "-announced"),
    "announced": (gettext_lazy("Announced"), "-announced"),
    "accredited": (gettext_lazy("Accredited"), "-accredited"),
    "deployed": (gettext_lazy("Deployed"), "-deployed"),
    "named": (gettext_lazy("Named"), "-named"),
    "status": (gettext_lazy("Status and sources"), "status"),
    "changed": (gettext_lazy("Last changed"), "-modified_at"),
}
# Whose cells do not say what they are: stacked on a narrow screen, the name of the column stands above them.
LABELLED_COLUMNS = ("through", "changed")
USUAL_COLUMNS = ("through", "when", "observers", "status")
MAIN_FILTERS = ("q", "sender_country", "host_country", "year", "organizer", "sender", "status", "wanting")
MORE_FILTERS = (
    *("election", "election_kind", "mission", "mission_kind", "sender_kind", "known"),
    *("date_after", "date_before", "source", "modified_after"),
)
MOST_PUBLISHERS = 3
MOST_SAVED_SHOWN = 8
DAYS_COLUMNS = ("deployment", "sender_name", "election", "what", "starts_on", "ends_on")
YEARS_COLUMNS = ("year", "deployments", "announced_low", "announced_high", "without_number", "query")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table. `ordering`: what its head leads to; `sorted`: how the rows stand by it now."""

    key: str
    label: StrOrPromise
    shown: bool
    ordering: str
    sorted: str

    @property
    def is_labelled(self) -> bool:
        return self.key in LABELLED_COLUMNS

    @property
    def template_name(self) -> str:
        return f"missions/deployment_cells/{self.key}.html"


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """A list that many ask for, as a link."""

    label: StrOrPromise
    address: str
    is_current: bool
    same_list: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """What is known of a number, and what is possible beyond it, in hundredths of the widest bar."""

    known: str
    possible: str


@dataclass(frozen=True, slots=True)
class Year:
    """A year of elections as the page prints it."""

    cell: Cell
    words: str
    bar: Bar


class DeploymentList(ListPage):
    title = gettext_lazy("Deployments")
    template_name = "missions/deployment_list.html"
    resource = api.DeploymentViewSet
    own_parameters = ("columns", "view")
    kept_by_the_form = ("ordering", "page_size", "columns", "view")
    orderings = {
        "-election_day": gettext_lazy("newest election first"),
        "election_day": gettext_lazy("oldest election first"),
        "-announced": gettext_lazy("most announced first"),
        "-named": gettext_lazy("most named first"),
        "sender_country": gettext_lazy("by sending state"),
        "host_country": gettext_lazy("by host country"),
    }

    @staticmethod
    def counted(number: int) -> str:
        return ngettext("%(number)s deployment", "%(number)s deployments", number) % {"number": number_format(number)}

    def read_own_parameters(self) -> None:
        self.view = self.single("view", "table", list(VIEWS))
        chosen = [value.strip() for value in self.request.GET.getlist("columns") if value.strip()]
        unknown = [value for value in chosen if value not in COLUMNS]
        if unknown:
            raise BadParameter("columns", self.no_value("columns", unknown[0], list(COLUMNS)))
        self.columns = {"who", *(chosen or USUAL_COLUMNS)}

    def everything(self) -> Any:
        return bare_deployment_rows(self.request.user)

    def for_a_file(self, found: Any) -> Any:
        return with_what_is_in_hand(found, self.request.user)

    def count(self, found: Any) -> int:
        # For a page the panel counts the rows anyway.
        is_page = self.wanted_format == "html" and not self.filterset.problems
        return len(self.tally.listed) if is_page else super().count(found)

    def page(self, found: Any, size: int) -> Any:
        page = super().page(found, size)
        # By years no row is shown.
        page.object_list = [] if self.view == "years" else self.in_hand.completed(page.object_list)
        return page

    @cached_property
    def tally(self) -> Tally:
        return Tally(self.filterset, self.request.user)

    @cached_property
    def listed(self) -> Listed:
        return Listed(self.tally)

    def filter_fields(self) -> dict[str, Any]:
        return Panel(self.tally, MAIN_FILTERS, MORE_FILTERS).as_context()

    def extra_context(self, context: dict[str, Any]) -> dict[str, Any]:
        drawn = {"table": self.table, "timeline": self.timeline, "years": self.years}[self.view]
        total = self.listed.announced
        everything = Cell(None, None, context["page"].paginator.count, total, context["query"].urlencode())
        return {
            "total": total,
            "announced": MEASURES["announced"],
            "total_shown": Shown(everything, "announced"),
            "declined": declined_by_senders(self.filterset, self.request.user),
            "view": self.view,
            "views": VIEWS,
            "ready_made": self.ready_made(context["query"]),
            "saved_views": SavedView.objects.visible_to(self.request.user)[:MOST_SAVED_SHOWN],
            **drawn(context),
        }

    # ---- the table

    def table(self, context: dict[str, Any]) -> dict[str, Any]:
        columns = [self.column(key, context["ordering"]) for key in COLUMNS]
        beside = context["query"].copy()
        for name in ("columns", "page"):
            beside.pop(name, None)
        return {
            "rows_template": "missions/deployment_columns.html",
            "columns": [column for column in columns if column.shown],
            "all_columns": columns[1:],
            "beside_columns": [(name, value) for name, values in beside.lists() for value in values],
            "scale": scale_of(context["page"]) if "when" in self.columns else None,
        }

    def column(self, key: str, ordering: str) -> Column:
        label, first = COLUMNS[key]
        name = first.removeprefix("-")
        is_sorted = bool(name) and ordering.removeprefix("-") == name
        direction = ("descending" if ordering.startswith("-") else "ascending") if is_sorted else ""
        back = name if first.startswith("-") else f"-{name}"
        return Column(key, label, key in self.columns, back if ordering == first else first, direction)

    # ---- the timeline

    def timeline(self, context: dict[str, Any]) -> dict[str, Any]:
        voting_days = self.voting_days(context["page"])
        sources = [source for record, _row in context["rows"] for source in record.sources.all()]
        return {
            "rows_template": "missions/deployment_timeline.html",
            "voting_days": voting_days,
            "scale": scale_of(context["page"], voting_days),
            **self.below_a_chart(context, [source.publisher for source in sources]),
        }

    def voting_days(self, parties: Any) -> Any:
        seen = VotingDay.objects.visible_to(self.request.user)
        return voting_days_of(seen.filter(election__in={party.election_id for party in parties}).order_by("starts_on"))

    def days(self, parties: Any) -> Iterator[dict[str, Any]]:
        """What the timeline draws, as rows."""
        voting_days = self.voting_days(parties)
        for party in parties:
            who = {"deployment": party.code, "sender_name": party.sender_name, "election": party.election.code}
            for vote in votes_of(party, voting_days):
                yield {**who, "what": "vote", "starts_on": vote.first, "ends_on": vote.last}
            for stay in stays_of(party):
                yield {**who, "what": stay.who, "starts_on": stay.starts_on, "ends_on": stay.ends_on}

    # ---- by years

    def years(self, context: dict[str, Any]) -> dict[str, Any]:
        cells = self.listed.years()
        ends = [end for cell in cells for end in (cell.measured.figure.low, cell.measured.figure.high)]
        widest = max((end for end in ends if end), default=0) or 1
        cited = Source.objects.visible_to(self.request.user).filter(deployments__in=self.filterset.qs.values("pk"))
        return {
            "rows_template": "missions/deployment_years.html",
            "years": [Year(cell, Shown(cell, "announced").words, bar_of(cell, widest)) for cell in cells],
            **self.below_a_chart(context, list(cited.order_by().values_list("publisher", flat=True))),
        }

    # ---- what stands below a chart, and the file of what it shows

    def below_a_chart(self, context: dict[str, Any], publishers: list[str]) -> dict[str, Any]:
        permalink = self.request.build_absolute_uri()
        filters = "; ".join(f"{chip.label}: {chip.value_label}" for chip in context["chips"])
        told = {
            "title": self.title,
            "view": VIEWS[self.view],
            "filters": filters or _("all"),
            "day": date_format(timezone.localdate()),
            "address": permalink,
        }
        sentence = _(
            "Election observation mission tracker, “%(title)s: %(view)s” (%(filters)s), read on %(day)s, %(address)s"
        )
        return {"permalink": permalink, "citation": sentence % told, "data_source": data_source(publishers)}

    def file_of_view(self, page: Any) -> HttpResponseBase | None:
        if self.view == "timeline":
            return csv_response(self.file_name("timeline"), DAYS_COLUMNS, list(self.days(page)))
        if self.view == "years":
            return csv_response(self.file_name("years"), YEARS_COLUMNS, [plain(cell) for cell in self.listed.years()])
        return None

    def ready_made(self, query: QueryDict) -> list[ReadyMade]:
        """Lists that many ask for."""
        here, today = reverse("deployments"), timezone.localdate().isoformat()
        asked: list[tuple[StrOrPromise, str, dict[str, str]]] = [
            (gettext_lazy("All"), here, {}),
            (gettext_lazy("Coming"), here, {"date_after": today, "ordering": "election_day"}),
            (gettext_lazy("Declined"), reverse("invitations"), {"response": "declined"}),
            (gettext_lazy("Sources disagree on the number"), here, {"agreement": "conflict"}),
            (gettext_lazy("Sources name different missions"), here, {"channels_agree": "no"}),
            (gettext_lazy("Split not published"), here, {"share": "unknown"}),
        ]
        return [
            ReadyMade(
                label,
                f"{address}?{urlencode(filters)}" if filters else address,
                address == here and query.dict() == filters,
                address == here,
            )
            for label, address, filters in asked
        ]


def bar_of(cell: Cell, widest: int) -> Bar:
    figure = cell.measured.figure
    known = 100 * (figure.low or 0) / widest
    possible = max(100 * (figure.high or 0) / widest - known, 0)
    return Bar(f"{known:.2f}%", f"{possible:.2f}%")


def plain(cell: Cell) -> dict[str, Any]:
    figure = cell.measured.figure
    return {
        "year": cell.column,
        "deployments": cell.deployments,
        "announced_low": figure.low,
        "announced_high": figure.high,
        "without_number": cell.measured.without_number,
        "query": cell.query,
    }


def data_source(publishers: list[str]) -> str:
    """Who published what a chart rests on, those of most rows first."""
    by_rows = sorted({name for name in publishers if name}, key=lambda name: (-publishers.count(name), name))
    told = {"publishers": "; ".join(by_rows[:MOST_PUBLISHERS])}
    if len(by_rows) > MOST_PUBLISHERS:
        return _("Data source: %(publishers)s and other sources.") % told
    return _("Data source: %(publishers)s.") % told if by_rows else _("Data source: not published.")
