"""Forms of the admin: rows below a record, and an organization with its first name."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget, AutocompleteSelect, RelatedFieldWidgetWrapper
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization, OrganizationName, OwnedRecord, Record, Source
from organizations.policy import coordinated_by, is_administrator, kept_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from organizations.policy import Reader


def keep_choosing(box: Any, record: Record, name: str) -> None:
    """What a record points to already stays a choice, also where it could not be chosen anew."""
    if isinstance(box, forms.ModelMultipleChoiceField):
        now = list(getattr(record, name).values_list("pk", flat=True))
    else:
        now = [getattr(record, f"{name}_id")]
    box.queryset |= box.queryset.model._default_manager.filter(pk__in=[key for key in now if key])


# More new rows than this are not sent below one record by hand; reading them would take the server long.
NEW_ROWS_AT_MOST = 100


def keeper_of_new(above: Organization | None, user: Reader) -> Organization | None:
    """Who keeps a new row: whoever keeps the record above, where the user writes for it, else the user's own."""
    own = list(Organization.objects.filter(pk__in=coordinated_by(user)).order_by("code"))
    if above in own or is_administrator(user):
        return above if above in own else None
    return own[0] if own else None


class NamedRows(forms.BaseInlineFormSet):
    """Rows in a table, where no label stands beside a box: it is called as its column."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        for box in form.fields.values():
            if box.label:
                # A box with a plus beside it stands inside another.
                inner: Any = getattr(box.widget, "widget", box.widget)
                inner.attrs["aria-label"] = capfirst(box.label)


class RecordFormSet(NamedRows):
    """Rows that are typed below another record. `prefilled` is what a new row starts with.

    `user` sees all rows that are given, and changes what `changeable_by` and `changed_by_others` allow: any other box
    stays as it is, whatever is posted. A new row is kept by the user's organization.
    """

    model: type[Record]

    def __init__(self, *args: Any, user: Reader, prefilled: dict[str, Any] | None = None, **kwargs: Any) -> None:
        self.user, self.prefilled = user, prefilled or {}
        super().__init__(*args, **kwargs)
        self.absolute_max = len(self.get_queryset()) + NEW_ROWS_AT_MOST

    @cached_property
    def kept(self) -> set[int]:
        """The rows that the user's organizations keep."""
        if not self.model.kept_through:
            return self.changeable
        return self.keys(self.model._default_manager.filter(kept_by(self.user, self.model.kept_through)))

    @cached_property
    def changeable(self) -> set[int]:
        rows: Any = self.model._default_manager
        return self.keys(rows.changeable_by(self.user))

    def keys(self, rows: Any) -> set[int]:
        below = rows.filter(**{self.fk.name: self.instance.pk}) if self.instance.pk else rows.none()
        return set(below.values_list("pk", flat=True))

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        row: Any = form.instance
        if row.pk is None:
            for name in form.fields.keys() & {"source", "sources"}:
                # What a blank row started with comes back with it: it is blank still, whatever new rows start with now.
                form.fields[name].show_hidden_initial = True
            return
        for name, box in form.fields.items():
            if hasattr(box, "queryset") and name in row.columns:
                keep_choosing(box, row, name)
        if row.pk in self.kept:
            return
        others = row.changed_by_others if row.pk in self.changeable else frozenset()
        for name, box in form.fields.items():
            is_changed = name != DELETION_FIELD_NAME and (others is None or name in others)
            box.disabled = not is_changed and name not in {self.fk.name, "id"}

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 (Django's own)
        row = form.instance
        if isinstance(row, OwnedRecord) and row.owner is None:
            row.owner = self.keeper()
        return super().save_new(form, commit=commit)

    def keeper(self) -> Organization | None:
        return keeper_of_new(getattr(self.instance, "owner", None), self.user)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs = super().get_form_kwargs(index)
        is_new = index is None or index >= self.initial_form_count()
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
