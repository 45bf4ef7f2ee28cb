"""The list pages: a filtered, sorted, numbered list of rows, at an address that is its whole state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from lib.downloads import file_name
from lib.ordering import ordered
from lib.table_files import FILES
from lib.text import shown
from missions.in_hand import InHand
from missions.views.panel import asked, plain_panel
from missions.views.short_address import to_short_address
from organizations.whole_lists import WholeList

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase
    from django_stubs_ext import StrOrPromise

    from organizations.api import RecordViewSet
    from organizations.policy import Reader

PAGE_SIZES = (25, 50, 100)
DIGITS_OF_A_PAGE = 9
PARAMETERS_OF_THE_API = ("count", "cursor", "fields", "language")


class BadParameter(Exception):
    """A parameter of the address that the page cannot use."""

    def __init__(self, parameter: str, sentence: str) -> None:
        super().__init__(sentence)
        self.problem = (parameter, sentence)


class ListPage(View):
    """A list as a page, and with `format=csv` and the like as a file: the rows, values and order of the API's list.

    An address with an unknown filter or value is answered with 400 and the name, never with all rows.
    """

    title: ClassVar[StrOrPromise]
    # A list whose rows stand in one table names its columns, and the template of a row, alone.
    template_name: ClassVar[str] = "missions/table_list.html"
    headings: ClassVar[tuple[StrOrPromise, ...]] = ()
    row_template: ClassVar[str] = ""
    # The API's resource, whose rows, filters and orders are the page's.
    resource: ClassVar[type[RecordViewSet]]
    # The filters that the panel shows first.
    main_filters: ClassVar[tuple[str, ...]] = ()
    # The orders that the page offers by name; the address takes all of `ordering_fields`.
    orderings: ClassVar[dict[str, StrOrPromise]]
    # What the address says to the page alone.
    own_parameters: ClassVar[tuple[str, ...]] = ()
    # What stays as it is when other filters are applied.
    kept_by_the_form: ClassVar[tuple[str, ...]] = ("ordering", "page_size")

    def get(self, request: HttpRequest) -> HttpResponseBase:
        response = self.answer(request)
        # The part that takes the place of an earlier one is no answer to who asks for the page.
        patch_vary_headers(response, ["HX-Request"])
        return response

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        everything = self.everything()
        filtered_by = request.GET.copy()
        for name in self.own_parameters:
            filtered_by.pop(name, None)
        self.filterset = self.resource.filterset_class(filtered_by, everything, request=request)
        self.filterset.in_hand = self.in_hand = InHand(request.user)
        if shorter := to_short_address(request, self.filterset, self.known_parameters()):
            return shorter
        problems = [*self.filterset.problems, *self.unknown_here()]
        try:
            name = self.single("ordering", self.resource.ordering)
            size = self.page_size()
            self.read_own_parameters()
            self.wanted_format = self.single("format", "html", ["html", *FILES])
            found = ordered(self.filterset.qs, name, self.resource.ordering_fields)
            page = self.page(self.brought(found, request.user), size)
        except BadParameter as bad:
            problems = [*problems, bad.problem]
        except ValueError as error:
            problems = [*problems, ("ordering", str(error))]
        if problems:
            return self.refused(request, problems)
        serializer = self.resource.serializer_class(context={"request": request})
        drawn = self.file_of_view(page) if self.wanted_format == "csv" else None
        if drawn:
            return drawn
        if self.wanted_format in FILES:
            rows = WholeList(self.for_a_file(found), serializer)
            return FILES[self.wanted_format](self.file_name(), list(serializer.fields), rows)
        context = {
            "page": page,
            "rows": [(record, serializer.to_representation(record)) for record in page],
            "ordering": name,
            "page_size": size,
            "page_sizes": PAGE_SIZES,
            "headings": self.headings,
            "row_template": self.row_template,
            "formats": ("csv", "xlsx", "ndjson"),
            "orderings": self.orderings,
            "pages": page.paginator.get_elided_page_range(page.number),
            "base": "includes/part.html" if is_part(request) else "base.html",
            "counted": self.counted(page.paginator.count),
            **self.common_context(request),
            **self.filter_fields(),
        }
        context |= self.extra_context(context)
        if is_part(request):
            context["announced_aloud"] = self.announced_aloud(context)
        return render(request, self.template_name, context)

    def everything(self) -> Any:
        """The rows without filters."""
        return self.resource.rows(self.request.user)

    def for_a_file(self, found: Any) -> Any:
        """The rows with all that a file tells of each."""
        return found

    def file_name(self, view: str = "") -> str:
        """The name of a file of the list, or of what a view of it shows."""
        what = f"{self.resource.model().resource()}{view and '-'}{view}"
        filters = self.filterset.chosen(self.request.GET)
        return file_name(what, filters, timezone.localdate(), self.wanted_format)

    def count(self, found: Any) -> int:
        return int(found.count())

    @classmethod
    def brought(cls, rows: Any, user: Reader) -> Any:
        """The rows with what the page shows of each beside the API's columns."""
        return rows

    @staticmethod
    def counted(number: int) -> str:
        """So many rows, in words."""
        return ngettext("%(number)s row", "%(number)s rows", number) % {"number": number_format(number)}

    def announced_aloud(self, context: dict[str, Any]) -> str:
        """What a reader who does not see the rows is told of them: how many, of which filters, in which order."""
        sentences = [_("%(rows)s.") % {"rows": context["counted"]}]
        if context["chips"]:
            chosen = "; ".join(f"{chip.label}: {chip.value_label}" for chip in context["chips"])
            sentences.append(_("Filters: %(filters)s.") % {"filters": chosen})
        if context["ordering"] in self.orderings:
            sentences.append(_("Order: %(order)s.") % {"order": self.orderings[context["ordering"]]})
        if context["page"].number > 1:
            sentences.append(_("Page %(number)s.") % {"number": context["page"].number})
        return " ".join(sentences)

    def common_context(self, request: HttpRequest) -> dict[str, Any]:
        told = asked(self.filterset, request.GET)
        kept = [(name, value) for name in self.kept_by_the_form for value in told["query"].getlist(name)]
        return {
            **told,
            "title": self.title,
            "filterset": self.filterset,
            "kept_in_form": kept,
            "api_list": f"api:{self.resource.model().resource()}-list",
        }

    def filter_fields(self) -> dict[str, Any]:
        """The fields of the panel: those that it shows, and those that are opened."""
        return plain_panel(self.filterset, self.main_filters)

    def read_own_parameters(self) -> None:
        """Reads what the address says to this page alone. Raises BadParameter for what it cannot use."""

    def file_of_view(self, page: Any) -> HttpResponseBase | None:
        """What the chosen view shows, as CSV; None where it shows the rows of the list."""
        return None

    def extra_context(self, context: dict[str, Any]) -> dict[str, Any]:
        """What a list says beside its rows."""
        return {}

    def refused(self, request: HttpRequest, problems: list[tuple[str, str]]) -> HttpResponse:
        fields = plain_panel(self.filterset, self.main_filters)
        context = {"problems": problems, **self.common_context(request), **fields}
        return render(request, "missions/list_refused.html", context, status=400)

    def unknown_here(self) -> list[tuple[str, str]]:
        """The API's own parameters, which a page cannot use."""
        sentence = _("“%(name)s” is not a filter here.")
        return [(name, sentence % {"name": name}) for name in self.request.GET if name in PARAMETERS_OF_THE_API]

    def known_parameters(self) -> set[str]:
        return {*self.filterset.filters, *self.filterset.other_parameters, *self.own_parameters}

    def single(self, parameter: str, default: str, choices: list[str] | None = None) -> str:
        """The one value of a parameter. Raises BadParameter for several, or for one that is no choice."""
        values = [value.strip() for value in self.request.GET.getlist(parameter) if value.strip()]
        if len(values) > 1:
            raise BadParameter(parameter, _("%(name)s can be given only once.") % {"name": parameter})
        value = values[0] if values else default
        if choices and value not in choices:
            raise BadParameter(parameter, self.no_value(parameter, value, choices))
        return value

    @staticmethod
    def no_value(parameter: str, value: str, choices: list[str]) -> str:
        sentence = _("“%(value)s” is not one of the values of %(name)s: %(choices)s.")
        return sentence % {"value": shown(value), "name": parameter, "choices": ", ".join(choices)}

    def page_size(self) -> int:
        return int(self.single("page_size", str(PAGE_SIZES[0]), [str(size) for size in PAGE_SIZES]))

    def page(self, found: Any, size: int) -> Any:
        paginator = Paginator(found, size)
        paginator.count = self.count(found)
        number = self.single("page", "1")
        is_number = number.isascii() and number.isdigit() and len(number) <= DIGITS_OF_A_PAGE
        if not (is_number and 1 <= int(number) <= paginator.num_pages):
            sentence = _("“%(value)s” is not a page of this list: it has the pages 1 to %(last)s.")
            raise BadParameter("page", sentence % {"value": shown(number), "last": paginator.num_pages})
        return paginator.page(int(number))


def is_part(request: HttpRequest) -> bool:
    """Whether the rows alone are asked for, to take the place of those on the page; never when a page is restored."""
    htmx: Any = request.htmx  # type: ignore[attr-defined]  # set by its middleware
    return bool(htmx) and not htmx.history_restore_request
