"""Saved lists: a query of the deployments under a name, one's own or shared with one's organization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from missions.filters import DeploymentFilterSet
from missions.models import Deployment
from organizations.models import Organization, SavedView
from organizations.policy import organizations_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MOST_SAVED = 100
# What the address of the page says beside the filters.
OF_THE_PAGE = ("columns", "view")
METHODS = ["GET", "HEAD", "POST"]


class SavedViewForm(forms.ModelForm):
    """A name, and with which of one's organizations the list is shared."""

    class Meta:
        model = SavedView
        fields = ["name", "organization"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        shared = shared_with(self)
        shared.queryset = Organization.objects.with_names(user).filter(pk__in=organizations_of(user))
        shared.empty_label = gettext_lazy("Nobody: for myself")


@require_http_methods(METHODS)
@login_required
def saved_views(request: HttpRequest) -> HttpResponse:
    """What one has saved and what is shared; sent a query and a name, saves it."""
    form = SavedViewForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        view = form.save(commit=False)
        view.user, view.query = request.user, query_of(request)
        if SavedView.objects.changeable_by(request.user).count() >= MOST_SAVED:
            sentence = _("You have saved %(most)s lists. Delete one before you save another.")
            form.add_error(None, sentence % {"most": MOST_SAVED})
        elif not is_a_list(view.query, request):
            form.add_error(None, _("This is no address of the list. Open the list and save it from there."))
        else:
            view.save()
            return redirect("saved-views")
    return listed(request, form if request.method == "POST" else None)


@require_http_methods(METHODS)
@login_required
def saved_view(request: HttpRequest, slug: str) -> HttpResponse:
    """Leads to the list; renames, shares or deletes one's own. Another's private one is not there."""
    if request.method != "POST":
        view = get_object_or_404(SavedView.objects.visible_to(request.user), slug=slug)
        address = reverse("deployments")
        return redirect(f"{address}?{view.query}" if view.query else address)
    view = get_object_or_404(SavedView.objects.changeable_by(request.user), slug=slug)
    if "delete" in request.POST:
        view.delete()
        return redirect("saved-views")
    form = SavedViewForm(request.POST, instance=view, user=request.user)
    if form.is_valid():
        form.save()
        return redirect("saved-views")
    return listed(request, form)


def listed(request: HttpRequest, form: SavedViewForm | None) -> HttpResponse:
    seen = SavedView.objects.visible_to(request.user).select_related("user", "organization")
    seen = seen.prefetch_related("organization__names")
    own = [
        (view, SavedViewForm(instance=view, user=request.user, auto_id=f"{view.slug}-%s"))
        for view in seen
        if view.user == request.user
    ]
    # Read once for all of them.
    choices = list(shared_with(SavedViewForm(user=request.user)).choices) if own else []
    for _view, edit in own:
        shared_with(edit).widget.choices = choices
    context = {
        "own": own,
        "shared": [view for view in seen if view.user != request.user],
        "form": form,
    }
    return render(request, "missions/saved_views.html", context, status=400 if form and form.errors else 200)


def shared_with(form: SavedViewForm) -> Any:
    return form.fields["organization"]


def query_of(request: HttpRequest) -> str:
    """The list's query without its place in it."""
    query = QueryDict(request.POST.get("query", ""), mutable=True)
    for name in ("page", "format"):
        query.pop(name, None)
    return query.urlencode()


def is_a_list(query: str, request: HttpRequest) -> bool:
    """Whether the list would answer to it."""
    field: Any = SavedView._meta.get_field("query")
    asked = QueryDict(query, mutable=True)
    for name in OF_THE_PAGE:
        asked.pop(name, None)
    filterset = DeploymentFilterSet(asked, Deployment.objects.none(), request=request)
    return len(query) <= field.max_length and not filterset.problems
