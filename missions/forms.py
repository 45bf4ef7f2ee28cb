"""Forms of the admin whose boxes are not those of the columns, and the sentences beside boxes of several forms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lib.counts_in_words import CountInWords, read_count
from lib.dates import DateOrSpanField, DateSpan
from lib.text import shown
from missions.models import HeadCount, Statement

if TYPE_CHECKING:
    from organizations.policy import Reader

HEAD_COUNT_HELP = {
    "group": _("Which of them the number speaks of. A number of the whole party: all."),
    "basis": _("Total: “86 are accredited by now”. Change: “54 more were accredited today”."),
    "qualifier": _("Filled by the words beside the number."),
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


class CountInWordsField(forms.CharField):
    """A form field for a number as a source writes it; its cleaned value is a CountInWords, or None if blank."""

    def to_python(self, value: Any) -> CountInWords | None:  # type: ignore[override]  # not text, as CharField has it
        if isinstance(value, CountInWords):
            # A box that may not be changed hands on what it shows.
            return value
        text = super().to_python(value)
        if not text:
            return None
        if re.fullmatch("-?[0-9]{1,18}", text):
            # What is a number is judged as one: of -1 the record's own rule says what is wrong.
            return CountInWords("", int(text))
        try:
            return read_count(text)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        return value.number if isinstance(value, CountInWords) else value


class HeadCountForm(forms.ModelForm):
    """A head count, whose number may be typed in words and whose day as a month or a year."""

    value = CountInWordsField(
        label=_("Number"),
        required=False,
        widget=forms.TextInput(
            attrs={"placeholder": "170", "size": 14, "data-read": reverse_lazy("admin:missions_headcount_read")}
        ),
        help_text=_("As the source says it: 170, more than 170, about 400. Where it gives none: not published."),
    )
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
        # As the fields' own kinds of value, so that an untouched box counts as unchanged.
        if self.instance.as_of:
            self.initial["as_of"] = DateSpan(self.instance.as_of, self.instance.as_of)
        if self.instance.value is not None:
            self.initial["value"] = CountInWords("", self.instance.value)

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.take_count_apart()
        self.take_day_apart()
        return self.cleaned_data

    def take_count_apart(self) -> None:
        """The words around a number say how exact it is, unless something else was chosen by hand."""
        typed = self.cleaned_data
        count, chosen = typed.get("value"), typed.get("qualifier")
        if count is None:
            return
        typed["value"] = count.number
        if count.qualifier and chosen in {HeadCount.Qualifier.EXACT, count.qualifier}:
            typed["qualifier"] = count.qualifier
        elif count.qualifier and chosen:
            sentence = gettext("“%(text)s” says “%(said)s”, but “%(chosen)s” is chosen: change one of the two.")
            said = {
                "text": shown(self.data[self.add_prefix("value")].strip()),
                "said": HeadCount.Qualifier(count.qualifier).label,
                "chosen": HeadCount.Qualifier(chosen).label,
            }
            self.add_error("value", sentence % said)

    def take_day_apart(self) -> None:
        """A month or a year is the span of its days: the last is the day of the count, the first where it begins."""
        typed = self.cleaned_data
        span = typed.get("as_of")
        if span:
            typed["as_of"] = span.last
            if not span.is_day and "as_of_from" not in self.errors and not typed.get("as_of_from"):
                typed["as_of_from"] = span.first

    def add_error(self, field: str | None, error: Any) -> None:
        """A number that is refused for its words is not missing as well."""
        sentences = getattr(error, "error_dict", {})
        if "value" in self.errors:
            sentences.pop("value", None)
        if sentences or not hasattr(error, "error_dict"):
            super().add_error(field, error)


class UnsavedHeadCountForm(HeadCountForm):
    """A head count as far as it is typed: what is missing is no fault yet, and nothing of it is ever saved.

    The ladder beside the form says what is not understood: it stands without that figure, or not at all.
    """

    def full_clean(self) -> None:
        super().full_clean()
        for name in [name for name in self.errors if self.has_error(name, "required")]:
            del self.errors[name]
        boxes = ("value", "as_of", "as_of_from")
        self.cleaned_data["not_understood"] = [said for name in boxes for said in self.errors.get(name, ())]

    def _post_clean(self) -> None:
        """No record is made of it."""

    def is_valid(self) -> bool:
        return False


class StatementForm(forms.ModelForm):
    """A statement. A record that whoever types it may not see is refused as one that does not exist."""

    typed_by: Reader

    class Meta:
        model = Statement
        fields = ("subject", "field", "value", "source", "excerpt")

    def clean(self) -> dict[str, Any] | None:
        self.instance.typed_by = self.typed_by
        return super().clean()
