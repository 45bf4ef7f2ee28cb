"""Forms of the admin: rows below a record, and an organization with its first name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget, AutocompleteSelect, RelatedFieldWidgetWrapper
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization, OrganizationName, Record, Source

if TYPE_CHECKING:
    from collections.abc import Iterator


class RecordFormSet(forms.BaseInlineFormSet):
    """Rows that are typed below another record. `prefilled` is what a new row starts with."""

    model: type[Record]

    def __init__(self, *args: Any, prefilled: dict[str, Any] | None = None, **kwargs: Any) -> None:
        self.prefilled = prefilled or {}
        super().__init__(*args, **kwargs)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs = super().get_form_kwargs(index)
        is_new = index is None or index >= self.initial_form_count()
        # Also when the form comes back: a row that holds nothing else then counts as left blank.
        return {**kwargs, "initial": self.prefilled} if is_new and self.prefilled else kwargs

    def clean(self) -> None:
        """Two rows that say the same are refused at the second, before a constraint of the database is broken."""
        names = [name for name in self.model.natural_key_columns if name != self.fk.name]
        columns: list[Any] = [self.model._meta.get_field(name) for name in names]
        said = set()
        for form in self.filled_forms():
            key = tuple(str(column.value_from_object(form.instance)) for column in columns)
            if key in said:
                form.add_error(None, _("This row says the same as one above it."))
            said.add(key)

    def filled_forms(self) -> Iterator[forms.ModelForm]:
        """The forms of the rows that will stay, in their order, as far as nothing is wrong with them."""
        for form in self.forms:
            filled = form.has_changed() or form.instance.pk
            if filled and form.is_valid() and not form.cleaned_data.get(DELETION_FIELD_NAME):
                yield form


class OrganizationNameFormSet(RecordFormSet):
    """The names of an organization, changed together: each is compared with the others as typed, not as stored."""

    def full_clean(self) -> None:
        self.instance.names_in_hand = []
        super().full_clean()
        self.instance.names_in_hand = None

    def clean(self) -> None:
        for form in self.filled_forms():
            for field, sentence in form.instance.overlapping_name().items():
                form.add_error(field, sentence)
            self.instance.names_in_hand.append(form.instance)
        super().clean()


BOXES_OF_NAME = forms.fields_for_model(
    OrganizationName,
    ["name", "short_name", "language"],
    widgets={"name": AdminTextInputWidget, "short_name": AdminTextInputWidget},
)


class NewOrganizationForm(forms.ModelForm):
    """A new organization comes with its first name, because its code is made of it."""

    name = BOXES_OF_NAME["name"]
    short_name = BOXES_OF_NAME["short_name"]
    language = BOXES_OF_NAME["language"]
    name_source = forms.ModelChoiceField(
        Source.objects.all(),
        label=_("Source of the name"),
        required=False,
        widget=RelatedFieldWidgetWrapper(
            AutocompleteSelect(OrganizationName._meta.get_field("source"), admin.site),
            OrganizationName._meta.get_field("source").remote_field,
            admin.site,
            can_add_related=True,
        ),
        help_text=_("Further names, in other languages and of other times, are added after saving."),
    )

    class Meta:
        model = Organization
        fields = ("kind", "country")

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        found = super().get_initial_for_field(field, field_name)
        return "en" if field_name == "language" and not found else found

    def first_name(self) -> OrganizationName:
        """The name as typed, not yet stored."""
        typed = {column: self.cleaned_data[column] for column in ("name", "short_name", "language")}
        return OrganizationName(organization=self.instance, source=self.cleaned_data["name_source"], **typed)
