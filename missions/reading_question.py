"""Which reading of a subject's head counts an address asks for: `kind`, `group` and `on`, of page and API alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lib.dates import ForgivingDateField
from lib.text import shown
from missions.models import HeadCount

if TYPE_CHECKING:
    from datetime import date

    from django.http import QueryDict

USUAL = {"kind": HeadCount.Kind.ACCREDITED.value, "group": HeadCount.Group.ALL.value}
PARAMETERS = frozenset({"kind", "group", "on"})
CHOICES = {"kind": HeadCount.Kind.values, "group": HeadCount.Group.values}


class ReadingQuestion(forms.Form):
    """One kind (usually accredited), one group (usually all) and, for what was known by then, the last day."""

    kind = forms.ChoiceField(choices=HeadCount.Kind.choices, required=False)
    group = forms.ChoiceField(choices=HeadCount.Group.choices, required=False)
    on = ForgivingDateField(required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__({name: data.get(name, "").strip() for name in PARAMETERS})
        self.repeated = [name for name in PARAMETERS if len([text for text in data.getlist(name) if text.strip()]) > 1]
        sentence = _("“%(value)s” is not one of the values of %(parameter)s: %(choices)s.")
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField):
                choices = ", ".join(CHOICES[name])
                given = {"value": shown(self.data[name]), "parameter": name, "choices": choices}
                field.error_messages["invalid_choice"] = sentence % given

    def clean(self) -> dict[str, Any]:
        for name in self.repeated:
            self.add_error(name, ValidationError(_("%(parameter)s can be given only once.") % {"parameter": name}))
        return self.cleaned_data

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What is wrong: parameter and sentence."""
        return [(name, str(sentence)) for name, sentences in self.errors.items() for sentence in sentences]

    def answers(self) -> tuple[str, str, date | None]:
        """Kind, group and day of a question in which nothing is wrong."""
        asked = self.cleaned_data
        return asked["kind"] or USUAL["kind"], asked["group"] or USUAL["group"], asked["on"]
