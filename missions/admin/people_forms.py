"""The form with which a spreadsheet of people is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lib.spreadsheets import BYTES_AT_MOST, SpreadsheetRefused, read_spreadsheet
from missions.models import Assignment, Deployment, Mission
from missions.people.layout import lay_out
from missions.people.task import deployment_of
from organizations.countries import country_choices
from organizations.models import Organization, Source
from organizations.policy import coordinated_by, is_administrator

if TYPE_CHECKING:
    from organizations.policy import Reader


class PeopleFileForm(forms.Form):
    """Plain boxes, so that the page works without scripts. Records are chosen by their codes."""

    required_css_class = "required"

    file = forms.FileField(
        label=_("Spreadsheet"), help_text=_("CSV or XLSX, at most 5 MB. The first sheet that holds anything is read.")
    )
    mission = forms.ModelChoiceField(Mission.objects.none(), label=_("Mission"), to_field_name="code")
    sender = forms.ChoiceField(
        label=_("Sender"),
        required=False,
        help_text=_("The state or the body that sends these people: their party at this election must be recorded."),
    )
    source = forms.ModelChoiceField(
        Source.objects.none(),
        label=_("Source"),
        to_field_name="code",
        required=False,
        help_text=_("The document that the list is, or was made of. Only with a public source are the names public."),
    )
    owner = forms.ModelChoiceField(
        Organization.objects.none(),
        label=_("Kept by"),
        to_field_name="code",
        required=False,
        help_text=_("The organization that keeps the new records. Blank: the administrators."),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Assignment.Role.choices,
        initial=Assignment.Role.SHORT_TERM,
        help_text=_("For rows that name none."),
    )

    def __init__(self, *args: Any, user: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organizations = Organization.objects.visible_to(user).prefetch_related("names")
        missions: Any = Mission.objects.visible_to(user).with_labels(user)
        self.boxes["mission"].queryset = missions
        self.boxes["source"].queryset = Source.objects.visible_to(user).order_by("title", "code")
        self.boxes["owner"].queryset = organizations.filter(pk__in=coordinated_by(user))
        if not is_administrator(user):
            self.keep_for_own_organization()
        self.boxes["sender"].choices = self.senders(missions, organizations, user)

    @property
    def boxes(self) -> dict[str, Any]:
        return self.fields

    def keep_for_own_organization(self) -> None:
        """People who are no administrators keep records for the organizations for which they write."""
        box = self.boxes["owner"]
        box.required = True
        box.help_text = gettext("The organization that keeps the new records.")
        own = list(box.queryset)
        if len(own) == 1:
            self.initial.setdefault("owner", own[0].code)

    def senders(self, missions: Any, organizations: Any, user: Reader) -> list[Any]:
        """The parties of the mission's election where it is known already, then countries and organizations."""
        code = str(self["mission"].value() or "")
        mission = missions.filter(code=code).first()
        parties: Any = Deployment.objects.visible_to(user).with_labels(user)
        recorded = (
            [(party.code, party.sender_name) for party in parties.filter(election=mission.election)] if mission else []
        )
        bodies = sorted(((body.code, str(body)) for body in organizations), key=lambda choice: choice[1].casefold())
        return [
            ("", "---------"),
            *([(gettext("Parties recorded at this election"), recorded)] if recorded else []),
            (gettext("Countries"), country_choices()),
            (gettext("Organizations"), bodies),
        ]

    def clean_file(self) -> Any:
        """Reads the file once, so that one that cannot be read is refused at its box."""
        sent = self.cleaned_data["file"]
        if sent.size > BYTES_AT_MOST:
            sentence = gettext("The file is larger than %(size)s MB: send the list by itself, or split it.")
            raise ValidationError(sentence % {"size": BYTES_AT_MOST // 1_000_000})
        self.content = sent.read()
        try:
            lay_out(read_spreadsheet(sent.name, self.content), remembered={})
        except SpreadsheetRefused as error:
            raise ValidationError(str(error)) from error
        return sent

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.deployment: Deployment | None = None
        if given.get("mission") and given.get("sender"):
            try:
                self.deployment = deployment_of(given["mission"], given["sender"])
            except ValidationError as error:
                self.add_error("sender", error)
        return given
