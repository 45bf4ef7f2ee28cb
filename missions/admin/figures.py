"""Data entry for head counts and statements, and the rows of head counts below other records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from lib.counts_in_words import read_count
from missions.admin.base import OF_DEPLOYMENT, OF_MISSION, ReadingsAdmin, through
from missions.admin.ladder_beside import LadderBeside, ladder_beside, same_from_another
from missions.forms import HEAD_COUNT_HELP, HeadCountForm, StatementForm, UnsavedHeadCountForm
from missions.models import HeadCount, Statement
from organizations.admin.base import RecordRowsStacked

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern
    from django_stubs_ext import StrOrPromise

# In the order of a press release: "more than 170 were accredited by 29 September", and who says so.
THE_FIGURE = ("kind", "qualifier", "value", "as_of", "source")
# Beside the figure and never folded away: a batch must not pass for a total, nor a group for all.
OF_WHAT_KIND = ("basis", "group")
SELDOM_NEEDED = (("as_of_from", "states", "bodies"), ("counted", "preferred"), "remark")
USUALLY_BLANK = ("as_of_from", "states", "bodies", "preferred", "remark")
SHOW_LADDER = "_ladder"


class HeadCountRows(RecordRowsStacked):
    model = HeadCount
    form = HeadCountForm
    help_texts = HEAD_COUNT_HELP
    fieldsets = (
        (None, {"fields": (THE_FIGURE, OF_WHAT_KIND, "excerpt")}),
        (_("More"), {"fields": SELDOM_NEEDED, "classes": ("collapse",)}),
    )

    class Media:
        js = ("admin/js/jquery.init.js", "head_count_form.js")


@admin.register(HeadCount)
class HeadCountAdmin(ReadingsAdmin):
    form = HeadCountForm
    help_texts = HEAD_COUNT_HELP
    list_display = ("in_words", "about", "group", "source", "counted")
    list_filter = ("kind", "group", "qualifier", "basis", "counted", "preferred")
    brought_along = (
        "election",
        *through("mission", OF_MISSION),
        *through("deployment", OF_DEPLOYMENT),
        "source",
    )
    kept_for_next = ("election", "mission", "deployment", "source")
    fieldsets = (
        (
            _("Of what"),
            {
                "fields": ("election", "mission", "deployment"),
                "description": _(
                    "Exactly one of the three: all observers of an election, those of one mission, "
                    "or one party that a state sends."
                ),
            },
        ),
        (_("The figure"), {"fields": (THE_FIGURE, OF_WHAT_KIND, "excerpt")}),
        (_("More"), {"fields": SELDOM_NEEDED}),
    )

    class Media:
        js = ("admin/js/jquery.init.js", "head_count_form.js")

    @admin.display(description=_("of what"))
    def about(self, count: HeadCount) -> StrOrPromise:
        return str(count.subject)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is seldom needed is folded away unless it holds something."""
        fieldsets = super().get_fieldsets(request, obj)
        folded = {"classes": () if holds_more(request, obj) else ("collapse",)}
        return [
            (name, {**options, **folded} if options["fields"] == SELDOM_NEEDED else options)
            for name, options in fieldsets
        ]

    # The ladder beside the form

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        if SHOW_LADDER in request.POST:
            kwargs["form"] = UnsavedHeadCountForm
        return super().get_form(request, obj, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, Any, str]] = [
            ("read/", self.read_view, "missions_headcount_read"),
            ("ladder/", self.ladder_view, "missions_headcount_ladder"),
            ("<int:key>/ladder/", self.ladder_view, "missions_headcount_ladder"),
        ]
        own = [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in pages]
        return [*own, *super().get_urls()]

    @method_decorator(require_GET)
    def read_view(self, request: HttpRequest) -> HttpResponse:
        """A number as a source writes it, taken apart for the two boxes; null where only the form can say why not."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        try:
            count = read_count(request.GET.get("text", ""))
        except ValueError:
            return JsonResponse({"qualifier": "", "number": None})
        return JsonResponse({"qualifier": count.qualifier, "number": count.number})

    @method_decorator(require_POST)
    def ladder_view(self, request: HttpRequest, key: int | None = None) -> HttpResponse:
        """The ladder alone, for what stands in the boxes now. Nothing is saved."""
        stored = self.get_object(request, str(key)) if key else None
        if key and stored is None:
            raise Http404
        may = self.has_change_permission(request, stored) if stored else self.has_add_permission(request)
        if not may:
            raise PermissionDenied
        context = {"beside": self.beside(request, stored, request.POST)}
        return TemplateResponse(request, "admin/missions/headcount/ladder.html", context)

    def beside(self, request: HttpRequest, stored: HeadCount | None, boxes: Any) -> LadderBeside | None:
        form = self.get_form(request, stored, change=stored is not None, form=UnsavedHeadCountForm)(boxes)
        form.full_clean()
        return ladder_beside(form.cleaned_data, stored, request.user)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        form = context["adminform"].form
        boxes = form.data if form.is_bound else {box.name: as_sent(box.value()) for box in form}
        address = reverse("admin:missions_headcount_ladder", args=[obj.pk] if obj else [])
        context |= {"beside": self.beside(request, obj, boxes), "ladder_address": address}
        if obj:
            context["same_from_another"] = same_from_another(obj)
        return super().render_change_form(request, context, *args, **kwargs)


def holds_more(request: HttpRequest, obj: HeadCount | None) -> bool:
    """Whether a box that is seldom needed holds something: as typed, as stored, or as the address fills it."""
    if obj and request.method != "POST":
        return not obj.counted or any(getattr(obj, name) not in {None, "", False} for name in USUALLY_BLANK)
    given = request.POST or request.GET
    return any(given.get(name) for name in USUALLY_BLANK) or bool(request.POST and "counted" not in request.POST)


def as_sent(value: Any) -> Any:
    """The value of a box as a browser would send it."""
    return "" if value is None else value if isinstance(value, bool) else str(value)


@admin.register(Statement)
class StatementAdmin(ReadingsAdmin):
    form = StatementForm
    list_display = ("subject", "field", "value", "source")
    list_filter = ("field",)
    brought_along = ("source",)
    kept_for_next = ("source",)
    fieldsets = (
        (
            _("What another source says"),
            {
                "fields": ("subject", "field", "value"),
                "description": _(
                    "Where a source gives another value than the record: another date, another spelling of a name. "
                    "It is shown beside the record's own value and never replaces it. "
                    "The link on each record's page fills in the subject."
                ),
            },
        ),
        (_("Where it stands"), {"fields": ("source", "excerpt")}),
    )

    def get_form(self, request: HttpRequest, obj: Statement | None = None, *args: Any, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, *args, **kwargs)
        form.typed_by = request.user
        return form
