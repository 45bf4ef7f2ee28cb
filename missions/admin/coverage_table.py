"""Coverage of an election in one table: what was found, what was looked for and is not published, what nobody sought.

A coordinator ticks what was looked for in vain. The day and the source that was read are given once for all ticks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from lib.dates import ForgivingDateField
from missions.looked_for import (
    Cell,
    LookedForRefused,
    cells_of,
    mark_looked_for,
    may_be_taken_back,
    subjects_of_election,
)
from missions.models import Assignment, Election, HeadCount, Invitation, Mission, Reading
from missions.readings import READ_KINDS
from missions.templatetags.figures import dated, figure_of, in_words, published, says_nothing
from organizations.entering import source_of_new
from organizations.models import Source

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from organizations.policy import Reader

# The source from which somebody enters just now, by its key in the session.
# Where the pages of records show their head counts and their persons.
COUNTS = {"elections": "#counts", "missions": "#counts", "deployments": "#observers"}
SOURCE = HeadCount._meta.get_field("source")


class LookedForForm(forms.Form):
    """When and where somebody looked, for all cells that are ticked."""

    on = ForgivingDateField(label=gettext_lazy("Looked for on"), required=False)
    source = forms.ModelChoiceField(
        Source.objects.none(),
        label=gettext_lazy("In"),
        required=False,
        widget=RelatedFieldWidgetWrapper(
            AutocompleteSelect(SOURCE, admin.site),
            SOURCE.remote_field,
            admin.site,
            can_add_related=True,
            can_change_related=False,
        ),
        help_text=gettext_lazy("The document or page that was read and does not give the number."),
    )

    def __init__(self, *args: Any, user: Reader, today: date, is_needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        boxes: dict[str, Any] = self.fields
        boxes["source"].queryset = HeadCount.choices_of("source", user)
        if is_needed:
            boxes["on"].required = boxes["source"].required = True
            boxes["on"].error_messages["required"] = _("Give the day on which you looked.")
            boxes["source"].error_messages["required"] = _("Give the source in which you looked.")

    def clean_on(self) -> date | None:
        on: date | None = self.cleaned_data["on"]
        if on and on > self.today:
            raise forms.ValidationError(_("This day is still to come: give the day on which you looked."))
        return on


class Blank(NamedTuple):
    """A row that says that nothing is published: the day, its source, and whether the reader may take it back."""

    row: HeadCount
    is_own: bool
    is_kept: bool


@dataclass
class Place:
    """A cell as the table shows it."""

    cell: Cell
    label: str
    text: str = ""
    address: str = ""
    blanks: list[Blank] = field(default_factory=list)
    is_ticked: bool = False
    refused: list[str] = field(default_factory=list)


@dataclass
class Line:
    """A subject with its cells, and what else is known of it."""

    subject: Any
    name: str
    kind: str
    places: list[Place]
    names: str
    answers: list[tuple[str, str]]
    sources: str


class Answers:
    """What was ticked on the page that came back; nothing on a page that is opened."""

    def __init__(self, request: HttpRequest) -> None:
        self.ticked = request.POST.getlist("tick")
        self.shown, self.kept = (
            {int(key) for key in request.POST.getlist(name) if key.isascii() and key.isdigit() and len(key) < 19}
            for name in ("shown", "kept")
        )
        self.taken_back = self.shown - self.kept
        self.refused: dict[str, list[str]] = {}


@require_http_methods(["GET", "POST"])
def coverage(request: HttpRequest, code: str) -> HttpResponse:
    """The table; by POST, what was ticked is written and what was unticked is taken back, all or nothing."""
    election = get_object_or_404(Election.objects.visible_to(request.user), code=code)
    now = timezone.now()
    may_write = HeadCount.may_be_added_by(request.user)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    answers = Answers(request)
    form = LookedForForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        today=now.date(),
        is_needed=bool(answers.ticked),
        initial={"on": now.date(), **source_of_new(request, HeadCount)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            written, taken_back = mark_looked_for(
                election=election,
                ticked=answers.ticked,
                taken_back=answers.taken_back,
                by=request.user,  # type: ignore[arg-type]  # the admin lets in nobody who has no account
                now=now,
                **form.cleaned_data,
            )
        except LookedForRefused as refused:
            answers.refused = refused.sentences
        else:
            tell(request, written, taken_back)
            return HttpResponseRedirect(reverse("coverage", args=[election.code]))
    context = {
        **admin.site.each_context(request),
        "title": _("Coverage: %(election)s") % {"election": election},
        "election": election,
        "may_edit_election": Election.may_be_added_by(request.user),
        "may_write": may_write,
        "form": form,
        "is_refused": bool(answers.refused or form.errors),
        "kinds": [HeadCount.Kind(kind).label for kind in READ_KINDS],
        "lines": lines_of(election, request.user, answers),
    }
    return TemplateResponse(request, "admin/missions/coverage.html", context)


def tell(request: HttpRequest, written: int, taken_back: int) -> None:
    if written:
        sentence = ngettext("%(n)s cell: not published.", "%(n)s cells: not published.", written)
        messages.success(request, sentence % {"n": number_format(written)})
    if taken_back:
        sentence = ngettext("%(n)s cell is taken back.", "%(n)s cells are taken back.", taken_back)
        messages.success(request, sentence % {"n": number_format(taken_back)})
    if not written and not taken_back:
        messages.info(request, _("Nothing was ticked or unticked: nothing is changed."))


# ---- the lines


def lines_of(election: Election, user: Reader, answers: Answers) -> list[Line]:
    """A line for the election, each mission and each party that the reader sees."""
    subjects = subjects_of_election(election, user)
    cells = cells_of(subjects, election, user)
    own = set(may_be_taken_back(user).in_elections([election]).values_list("pk", flat=True))
    invited = invitations_by_invitee(election, user)
    lines = []
    for subject in subjects:
        places = [place_of(cell, own, answers) for cell in cells.values() if cell.subject == subject]
        lines.append(
            Line(
                subject,
                name_of(subject),
                str(subject._meta.verbose_name),
                places,
                names_of(subject, user),
                answers_to(subject, invited),
                sources_of(subject),
            )
        )
    return lines


def name_of(subject: Any) -> str:
    return subject.sender_name if hasattr(subject, "sender_name") else str(subject.label)


def place_of(cell: Cell, own: set[int], answers: Answers) -> Place:
    blanks = [Blank(row, row.pk in own, row.pk not in answers.taken_back) for row in cell.blanks]
    place = Place(cell, str(HeadCount.Kind(cell.kind).label), blanks=blanks, refused=answers.refused.get(cell.key, []))
    place.is_ticked = cell.key in answers.ticked
    if cell.figures:
        place.text, place.address = figure_in_words(cell), cell.subject.get_absolute_url() + anchor(cell.subject)
    return place


def anchor(subject: Any) -> str:
    return COUNTS[subject.resource()]


def figure_in_words(cell: Cell) -> str:
    """How the counts read together; where they add up to no figure, what the last of them says."""
    reading = figure_of(cell.subject, cell.kind)
    if says_nothing(reading):
        last = cell.figures[-1]
        return f"{last.get_group_display()}: {published(last)} ({dated(last)})"
    said = in_words(reading)
    if getattr(cell.subject, f"{cell.kind}_agreement") == Reading.Agreement.CONFLICT:
        return _("%(figure)s: sources disagree") % {"figure": said}
    return said


def names_of(subject: Any, user: Reader) -> str:
    """How many persons the reader sees named."""
    if isinstance(subject, Election):
        places = Assignment.objects.visible_to(user).naming().in_elections([subject])
        named = places.order_by().values("observer").distinct().count()
    else:
        named = subject.named
    return ngettext("%(n)s named", "%(n)s named", named) % {"n": number_format(named)} if named else _("none named")


def invitations_by_invitee(election: Election, user: Reader) -> dict[int, list[Invitation]]:
    found: dict[int, list[Invitation]] = {}
    for invitation in Invitation.objects.visible_to(user).filter(election=election).order_by("code"):
        found.setdefault(invitation.invitee_id, []).append(invitation)
    return found


def answers_to(subject: Any, invited: dict[int, list[Invitation]]) -> list[tuple[str, str]]:
    """What became of the invitations to whoever organizes the mission or sends the party; of the election, of all."""
    if isinstance(subject, Election):
        return answers_in_sum(subject, [one for found in invited.values() for one in found])
    invitee = subject.organizer_id if isinstance(subject, Mission) else subject.sender_id
    return [(str(one.get_response_display()), one.get_absolute_url()) for one in invited.get(invitee, [])]


def answers_in_sum(election: Election, invitations: list[Invitation]) -> list[tuple[str, str]]:
    if not invitations:
        return []
    without = sum(one.response == Invitation.Response.NONE for one in invitations)
    told = {"without": number_format(without), "all": number_format(len(invitations))}
    return [
        (_("%(without)s of %(all)s without an answer") % told, f"{reverse('invitations')}?election={election.code}")
    ]


def sources_of(subject: Any) -> str:
    number = len(subject.sources.all())
    return ngettext("%(n)s source", "%(n)s sources", number) % {"n": number_format(number)} if number else ""
