"""Forms of the admin whose boxes are not those of the columns, and the sentences beside boxes of more than one form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.dates import DateOrSpanField, DateSpan
from missions.models import HeadCount

HEAD_COUNT_HELP = {
    "group": _("Which of them the number speaks of. A number of the whole party: all."),
    "basis": _("Total: “86 are accredited by now”. Change: “54 more were accredited today”."),
    "qualifier": _("As the source says it: “almost 400” is about, “more than 170” is more than."),
    "value": _("Blank only where the number was looked for and is not published."),
    "states": _("From how many states they come, where the source says so."),
    "bodies": _("From how many organizations they come, where the source says so."),
    "as_of_from": _("Filled by a month or year in “as of”. Blank: the same day."),
}
MISSION_STATUS_HELP = _(
    "Announced: somebody said it will come. Deployed: at work. Closed: it has left. Suspended or cancelled: say why."
)
DEPLOYMENT_STATUS_HELP = _(
    "Announced: somebody said it will be sent. Deployed: seen at work. Completed: back. Withdrawn: called back by the "
    "sender. A body that declined its invitation is an invitation, not a deployment."
)


class HeadCountForm(forms.ModelForm):
    """A head count, whose day may be typed as a month or a year."""

    as_of = DateOrSpanField(
        label=_("As of"),
        widget=forms.TextInput(attrs={"placeholder": "2017-10-15", "size": 14}),
        help_text=_("The day it stood so: 2017-10-15, 15.10.2017. Not known to the day: Oct 2017, 2017."),
    )

    class Meta:
        model = HeadCount
        fields = HeadCount.columns

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.as_of:
            # As the field's own kind of value, so that an untouched box counts as unchanged.
            self.initial["as_of"] = DateSpan(self.instance.as_of, self.instance.as_of)

    def clean(self) -> dict[str, Any]:
        """A month or a year is the span of its days: the last is the day of the count, the first where it begins."""
        super().clean()
        typed = self.cleaned_data
        span = typed.get("as_of")
        if span:
            typed["as_of"] = span.last
            if not span.is_day and "as_of_from" not in self.errors and not typed.get("as_of_from"):
                typed["as_of_from"] = span.first
        return typed
