"""The lines of what sources say: invitations, missions, parties and their ways, figures, names.

Each says by which of the papers on the page; those whose records keep a quote, with which.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from missions.entry.boxes import (
    OrganizationBox,
    OrganizationsBox,
    PersonBox,
    SenderBox,
    SendersBox,
    SubjectBox,
    WordsBox,
)
from missions.entry.lines import (
    MISSING,
    ORGANIZATIONS,
    SENDERS,
    SUBJECTS,
    Line,
    as_of_box,
    choice_box,
    day_box,
    number_in_words_box,
    text_box,
    words_box,
)
from missions.models import Assignment, Deployment, HeadCount, Invitation, Mission
from missions.models.figures import NumberField
from missions.models.reasons import Reason
from organizations.countries import country_choices


class SaidLine(Line):
    """A line that says by which of the papers on the page."""

    apart = ("by", "excerpt", "party")

    by = forms.MultipleChoiceField(label=gettext_lazy("Source"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        box: Any = self.fields["by"]
        box.choices = [(str(number), str(number + 1)) for number in range(len(self.papers))]
        box.initial = ["0"]


class QuotedLine(SaidLine):
    """A line that is kept with the phrase of the paper that says so."""

    excerpt = text_box(gettext_lazy("Quote"), longest=1000, help_text=gettext_lazy("The phrase that says so."))


class InvitationLine(SaidLine):
    """Who invited whom, and the answer; several invitees of one letter in one line."""

    needed = ("inviter", "invitees")
    seldom = ("sent_on", "reason_text", "remark")

    inviter = words_box(OrganizationBox, gettext_lazy("Inviter"), offers=ORGANIZATIONS)
    invitees = words_box(
        OrganizationsBox,
        gettext_lazy("Invited"),
        offers=ORGANIZATIONS,
        help_text=gettext_lazy("One, or several with a semicolon between and the same answer."),
    )
    response = choice_box(gettext_lazy("Answer"), Invitation.Response, initial=Invitation.Response.NONE)
    day = day_box(
        gettext_lazy("Day"), help_text=gettext_lazy("Of the answer; as long as none is known, of the invitation.")
    )
    reason = choice_box(gettext_lazy("Reason"), Reason, blank="")
    sent_on = day_box(gettext_lazy("Sent on"))
    reason_text = text_box(gettext_lazy("Reason in words"), longest=2000, rows=2)
    remark = text_box(gettext_lazy("Remark"), longest=5000, rows=2)

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        is_answered = typed.get("response") not in {None, "", Invitation.Response.NONE}
        if typed.get("day") and not is_answered and typed.get("sent_on"):
            self.add_error("day", _("The day of an answer is given, but no answer is chosen."))
        name = "responded_on" if is_answered else "sent_on"
        typed[name] = typed.get("day") or typed.get(name)
        typed.setdefault("responded_on", None)
        return typed


class MissionLine(SaidLine):
    """A mission at the election, new or in the record already."""

    needed = ("organizer",)
    seldom = ("co_organizers", "status_on", "status_reason", "remark")

    organizer = words_box(OrganizationBox, gettext_lazy("Organizer"), offers=ORGANIZATIONS)
    kind = choice_box(
        gettext_lazy("Kind"),
        Mission.Kind,
        blank=gettext_lazy("as at its earlier missions"),
    )
    name = text_box(gettext_lazy("Name"), help_text=gettext_lazy("As it calls itself."))
    part_of = words_box(OrganizationBox, gettext_lazy("Part of the mission of"), offers=ORGANIZATIONS)
    starts_on = day_box(gettext_lazy("On site from"))
    ends_on = day_box(gettext_lazy("to"))
    status = choice_box(gettext_lazy("Status"), Mission.Status, blank=gettext_lazy("not said"))
    co_organizers = words_box(OrganizationsBox, gettext_lazy("Together with"), offers=ORGANIZATIONS, size=44)
    status_on = day_box(gettext_lazy("Status since"))
    status_reason = choice_box(gettext_lazy("Reason"), Reason, blank="")
    remark = text_box(gettext_lazy("Remark"), longest=5000, rows=2)


class PartyLine(QuotedLine):
    """A party of observers, and how many the source says there are. The missions it goes through stand below it.

    Of several senders each sends a party of its own; a number of them all is none of any of these.
    """

    needed = ("sender",)
    number_box = "how_many"
    seldom = ("part_of", "status", "starts_on", "ends_on", "remark")

    sender = words_box(
        SendersBox,
        gettext_lazy("Sent by"),
        offers=SENDERS,
        help_text=gettext_lazy("A state, or a body of it. Without a number: several, with a semicolon between."),
    )
    how_many = number_in_words_box(gettext_lazy("How many"))
    kind = choice_box(gettext_lazy("What was done"), HeadCount.Kind, initial=HeadCount.Kind.ANNOUNCED)
    as_of = as_of_box(gettext_lazy("As of"), gettext_lazy("Blank: the day of the source."))
    part_of = words_box(SenderBox, gettext_lazy("Part of the party from"), offers=SENDERS)
    status = choice_box(gettext_lazy("Status"), Deployment.Status, blank=gettext_lazy("as what was done"))
    starts_on = day_box(gettext_lazy("From"))
    ends_on = day_box(gettext_lazy("to"))
    remark = text_box(gettext_lazy("Remark"), longest=5000, rows=2)

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if len(typed.get("sender") or ()) > 1 and typed.get("how_many"):
            sentence = _(
                "One number for several senders: write a line for each with its own number. A number that is given of "
                "them all together stands under “Figures”, of their mission, with the number of states behind “More”."
            )
            self.add_error("how_many", sentence)
        return typed


class ChannelLine(QuotedLine):
    """One of the missions that a party goes through, in the paper's words. `party`: the number of the party's line."""

    party = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    as_named = words_box(
        WordsBox,
        gettext_lazy("Through, in the paper's words"),
        offers=ORGANIZATIONS,
        size=36,
    )
    organizer = words_box(
        OrganizationBox,
        gettext_lazy("Whose mission that is"),
        offers=ORGANIZATIONS,
        help_text=gettext_lazy("Only where the words are no name of the organizer."),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if self.is_blank() or typed.get("organizer") or "organizer" in self.errors:
            return typed
        if not typed.get("as_named"):
            self.need("as_named")
            return typed
        found = self.finding.organizations_called(typed["as_named"])
        if len(found) == 1:
            typed["organizer"] = found[0]
        else:
            self.add_error(
                "organizer", _("The words name no organization of the record: say here whose mission it is.")
            )
        return typed


class CountLine(QuotedLine):
    """A published number of the election, of a mission or of a party."""

    needed = ("number",)
    number_box = "number"
    seldom = ("as_of_from", "states", "bodies", "remark", "not_counted", "preferred")

    subject = words_box(
        SubjectBox,
        gettext_lazy("Of"),
        offers=SUBJECTS,
        help_text=gettext_lazy("Blank: all at the election. The organizer of a mission, or “from” and the sender."),
    )
    number = number_in_words_box(gettext_lazy("How many"))
    kind = choice_box(gettext_lazy("What was done"), HeadCount.Kind, initial=HeadCount.Kind.ACCREDITED)
    group = choice_box(gettext_lazy("Group"), HeadCount.Group, initial=HeadCount.Group.ALL)
    basis = choice_box(gettext_lazy("Total or change"), HeadCount.Basis, initial=HeadCount.Basis.TOTAL)
    as_of = as_of_box(gettext_lazy("As of"), gettext_lazy("Blank: the day of the source."))
    as_of_from = day_box(gettext_lazy("Not before"))
    states = NumberField(gettext_lazy("States"), blank=True, null=True).formfield()
    bodies = NumberField(gettext_lazy("Bodies"), blank=True, null=True).formfield()
    remark = text_box(gettext_lazy("Remark"), longest=5000, rows=2)
    not_counted = forms.BooleanField(
        label=gettext_lazy("Left out of all figures"), required=False, help_text=gettext_lazy("Such as a misprint.")
    )
    preferred = forms.BooleanField(
        label=gettext_lazy("Preferred to other totals of the day"),
        required=False,
        help_text=gettext_lazy("Say why in the remark."),
    )


class NameLine(SaidLine):
    """A person whom the source names in a mission or a party."""

    needed = ("person", "role")
    seldom = ("spelling", "status", "employer", "area", "starts_on", "ends_on", "nationality", "is_another")

    person = words_box(
        PersonBox,
        gettext_lazy("Person"),
        help_text=gettext_lazy("Somebody of the roster, or a new one as: family name, given names."),
    )
    role = choice_box(gettext_lazy("Role"), Assignment.Role, blank="")
    post = text_box(gettext_lazy("Post held then"))
    mission = words_box(OrganizationBox, gettext_lazy("Mission of"), offers=ORGANIZATIONS)
    sender = words_box(SenderBox, gettext_lazy("Party from"), offers=SENDERS)
    spelling = text_box(
        gettext_lazy("Spelt in the paper"),
        help_text=gettext_lazy("Family name, given names: kept as another spelling, by which the person is found."),
    )
    status = choice_box(gettext_lazy("Status"), Assignment.Status, blank=gettext_lazy("named, no more"))
    employer = text_box(gettext_lazy("Employer then"))
    area = text_box(gettext_lazy("Area"))
    starts_on = day_box(gettext_lazy("From"))
    ends_on = day_box(gettext_lazy("to"))
    nationality = forms.ChoiceField(label=gettext_lazy("Nationality"), required=False)
    is_another = forms.BooleanField(label=gettext_lazy("Another person of this name"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nationality"].choices = [("", ""), *country_choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        is_placed = any(typed.get(name) or name in self.errors for name in ("mission", "sender"))
        if not self.is_blank() and not is_placed:
            self.add_error("mission", ValidationError(_("Give the mission, the party, or both."), code=MISSING))
        return typed

    def clean_spelling(self) -> tuple[str, str] | None:
        """The family name and the given names."""
        if not self.cleaned_data["spelling"]:
            return None
        family_name, comma, given_names = (part.strip() for part in self.cleaned_data["spelling"].partition(","))
        if not (comma and family_name):
            raise ValidationError(_("Write the family name, a comma, the given names."))
        return family_name, given_names
