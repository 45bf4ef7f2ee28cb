"""Merging two records of one person, and the list of merges, where each can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from missions.actions import MergeRefused, merge_observers, not_put_back, undo_merge, why_gone
from missions.merge_plan import MergePlan, in_words
from observers.models import Merge, Observer
from organizations.admin.base import RecordAdmin, is_key
from organizations.admin.lists import ListAdmin

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

    from organizations.policy import Reader

PERSONS = "admin:observers_observer_changelist"
MERGES = "admin:observers_merge_changelist"


class MergingPersons(RecordAdmin):
    """The part of the observers' admin that makes two records of one person one."""

    actions: Any = ("merge_two",)

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return bool(Observer.may_be_added_by(request.user))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing but the merge: people are not deleted in bulk."""
        return {name: action for name, action in super().get_actions(request).items() if name == "merge_two"}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.merge_view)
        return [path("merge/", view, name="observers_observer_merge"), *super().get_urls()]

    def response_action(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:  # type: ignore[override]
        """Whatever was ticked on no page of ours is nobody."""
        if not all(is_key(ticked) for ticked in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            messages.error(request, gettext("Tick exactly two persons to merge them."))
            return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, queryset)

    @admin.action(description=_("Merge two persons…"), permissions=["merge"])
    def merge_two(self, request: HttpRequest, queryset: QuerySet[Observer]) -> HttpResponse | None:
        codes = list(queryset.order_by("pk").values_list("code", flat=True)[:3])
        if len(codes) != 2:
            messages.error(request, gettext("Tick exactly two persons to merge them."))
            return None
        return HttpResponseRedirect(address_of_merge(*codes))

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """Both persons side by side, and what a merge would do; by POST, the merge."""
        if not self.has_merge_permission(request):
            raise PermissionDenied
        codes = [request.GET.get(name, "") for name in ("kept", "merged")]
        found = {person.code: person for person in Observer.objects.changeable_by(request.user).filter(code__in=codes)}
        if gone := [code for code in codes if code not in found]:
            messages.error(request, why_missing(gone[0], request.user))
            return HttpResponseRedirect(reverse(PERSONS))
        kept, merged = (found[code] for code in codes)
        if request.method == "POST":
            try:
                return self.merge(request, kept, merged)
            except MergeRefused as refused:
                return self.merge_page(request, kept, merged, refused.sentences)
        return self.merge_page(request, kept, merged, MergePlan(kept, merged).refusals(request.user))

    def merge(self, request: HttpRequest, kept: Observer, merged: Observer) -> HttpResponse:
        by: Any = request.user
        merge_observers(kept=kept, merged=merged, by=by, now=timezone.now())
        link = format_html('<a href="{}">{}</a>', reverse(MERGES), gettext("It can be undone."))
        messages.success(request, format_html("{} {}", gettext("The two persons are one now."), link))
        return HttpResponseRedirect(reverse("admin:observers_observer_change", args=[kept.pk]))

    def merge_page(
        self, request: HttpRequest, kept: Observer, merged: Observer, refusals: list[str]
    ) -> TemplateResponse:
        plan = MergePlan(kept, merged)
        moving = [*plan.moving_names, *plan.moving_places, *plan.moving_statements]
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Merge two persons"),
            "opts": self.opts,
            "plan": plan,
            "refusals": refusals,
            "lines": side_by_side(plan),
            "moving": [in_words(move.row) for move in moving],
            "united": [(in_words(pair.kept), pair) for pair in plan.united],
            "earlier": [merged_person(merge) for merge in with_names(merged.merges.all()) if not merge.undone_at],
            "other_way": address_of_merge(merged.code, kept.code),
        }
        return TemplateResponse(request, "admin/observers/observer/merge.html", context)


def why_missing(code: str, user: Reader) -> str:
    """Why the user has no such person. That one was merged is told to whoever keeps the person who stands."""
    kept = Observer.objects.changeable_by(user)
    merges = Merge.objects.standing().filter(merged_code=code)
    if merges.exists() and not merges.filter(kept__in=kept.values("pk")).exists():
        return gettext("There is no person with the code “%(code)s”.") % {"code": code}
    return why_gone(code)


def address_of_merge(kept: str, merged: str) -> str:
    return f"{reverse('admin:observers_observer_merge')}?kept={kept}&merged={merged}"


class Line(NamedTuple):
    """A line of the two persons: what it is about, what becomes of it, what each says."""

    label: str
    outcome: str
    kept: list[str]
    merged: list[str]


def side_by_side(plan: MergePlan) -> list[Line]:
    kept, merged = plan.kept, plan.merged
    outcome = gettext("The merged name is known already.")
    if plan.spelling:
        outcome = gettext("The merged name becomes a spelling (%(language)s).") % {"language": plan.spelling.language}
    lines = [Line(gettext("Name"), outcome, [str(kept)], [str(merged)])]
    for column in plan.person.columns:
        if column.kept or column.merged:
            outcome = gettext("Blank where it is kept: filled.") if column.filled else ""
            outcome = gettext("They differ: what is kept stands.") if column.differs else outcome
            lines.append(Line(capfirst(column.label), outcome, [column.kept], [column.merged]))
    outcome = gettext("Withheld on either: withheld.") if kept.withheld != merged.withheld else ""
    yes_or_no = {True: gettext("yes"), False: gettext("no")}
    lines.append(Line(gettext("Name withheld"), outcome, [yes_or_no[kept.withheld]], [yes_or_no[merged.withheld]]))
    lines.append(Line(gettext("Spellings"), "", spellings_of(kept), spellings_of(merged)))
    lines.append(Line(gettext("Places"), "", places_of(kept), places_of(merged)))
    return lines


def spellings_of(person: Observer) -> list[str]:
    return [f"{name} ({name.language})" for name in person.names.all()]


def places_of(person: Observer) -> list[str]:
    return [in_words(place) for place in person.assignments.all()]


def with_names(merges: QuerySet[Merge]) -> QuerySet[Merge]:
    """Brings along the names of persons who came back when their merge was undone: its snapshot is empty."""
    back = Observer.objects.filter(code=OuterRef("merged_code"))
    return merges.annotate(
        family_name=Subquery(back.values("family_name")), given_names=Subquery(back.values("given_names"))
    )


def merged_person(merge: Any) -> str:
    """The name of the person who was merged, and the code that old lists may show."""
    if merge.snapshot:
        was = merge.snapshot["person"]["removed"]["fields"]
        names = was["given_names"], was["family_name"]
    else:
        names = merge.given_names, merge.family_name
    return " ".join(filter(None, [*names, f"({merge.merged_code})"]))


@admin.register(Merge)
class MergeAdmin(ListAdmin):
    """What was merged, by whom and when. Nothing is changed here but by undoing a merge."""

    heading = _("Persons who were merged")
    list_display = ("kept", "merged", "at", "by", "undone_at", "undone_by", "undo")
    list_select_related = ("kept", "by", "undone_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Merge]:
        """The merges of persons whom the user keeps."""
        kept = Observer.objects.changeable_by(request.user)
        return with_names(super().get_queryset(request).filter(kept__in=kept.values("pk")))

    @admin.display(description=_("merged into it"))
    def merged(self, merge: Merge) -> str:
        return merged_person(merge)

    def is_open_to(self, user: Any) -> bool:
        return bool(Observer.may_be_added_by(user))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.undo_view)
        return [path("<int:key>/undo/", view, name="observers_merge_undo"), *super().get_urls()]

    @admin.display(description="")
    def undo(self, merge: Merge) -> str:
        if merge.undone_at:
            return ""
        return format_html('<a href="{}">{}</a>', reverse("admin:observers_merge_undo", args=[merge.pk]), _("Undo"))

    def undo_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """What undoing would leave as it is now; by POST, the undoing."""
        merge = get_object_or_404(self.get_queryset(request).select_related("kept"), pk=key)
        by: Any = request.user
        act = undo_merge if request.method == "POST" else not_put_back
        try:
            told = act(merge=merge, by=by, now=timezone.now())
        except MergeRefused as refused:
            messages.error(request, " ".join(refused.sentences))
            return HttpResponseRedirect(reverse(MERGES))
        if request.method != "POST":
            context = {
                **self.admin_site.each_context(request),
                "title": gettext("Undo a merge"),
                "opts": self.opts,
                "merge": merge,
                "merged": merged_person(merge),
                "told": told,
            }
            return TemplateResponse(request, "admin/observers/merge/undo.html", context)
        for sentence in told:
            messages.warning(request, sentence)
        messages.success(request, gettext("The merge is undone: there are two persons again."))
        return HttpResponseRedirect(reverse(MERGES))
