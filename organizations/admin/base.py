"""What the admin of every record shares."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.db import models
from django.http import HttpResponseRedirect
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lib.dates import ForgivingDateField
from lib.territories import alphabetical
from lib.text import shown
from organizations.admin.logging import rows_saved
from organizations.admin.versions import CheckedAdmin
from organizations.countries import country_name
from organizations.entering import source_of_new
from organizations.forms import RecordFormSet, keep_choosing
from organizations.models import OwnedRecord, Record
from organizations.models.records import code_format
from organizations.policy import is_administrator, may_enter_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.admin.options import InlineModelAdmin
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise

    from organizations.policy import Reader

DIGITS_OF_A_KEY = 18
NO_KEY = "0"


def relations(model: type[Model]) -> dict[str, Any]:
    """The fields of a model that point to other records, by name."""
    fields = [*model._meta.fields, *model._meta.many_to_many]
    return {field.name: field for field in fields if field.is_relation}


def is_key(text: object) -> bool:
    """Whether this may be the key of a row, as pages of our own send it."""
    return str(text).isascii() and str(text).isdecimal() and len(str(text)) <= DIGITS_OF_A_KEY


class OfKeys:
    """A box that completes: what is no key was sent by no page of ours, and is read as the key that no row has."""

    def value_from_datadict(self, *sent: Any) -> Any:
        value: Any = super().value_from_datadict(*sent)  # type: ignore[misc]
        if isinstance(value, list):
            return [each if is_key(each) else NO_KEY for each in value]
        return value if not value or is_key(value) else NO_KEY


class ChoosingOne(OfKeys, AutocompleteSelect):
    """One record."""


class ChoosingSeveral(OfKeys, AutocompleteSelectMultiple):
    """Several records. Each is taken away by itself: no sign beside them, which no key reaches, takes all away."""

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}


def choices(site: Any, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
    """What the user may point to by this field, with all that the labels need."""
    rows: QuerySet[Any] = db_field.model.choices_of(db_field.name, request.user)
    return rows.prefetch_related(*site.get_model_admin(db_field.related_model).brought_along)


def named_for(record: Record, user: Reader) -> str:
    """A record as the user may know it."""
    kind = capfirst(record._meta.verbose_name)
    if type(record)._default_manager.visible_to(user).filter(pk=record.pk).exists():  # type: ignore[attr-defined]
        return f"{kind}: {record}"
    return gettext("%(kind)s that you may not see") % {"kind": kind}


def is_reference(record: Record) -> bool:
    """Whether everybody sees the record whatever its sources: elections, organizations, regions."""
    rows: Any = type(record)._default_manager.filter(pk=record.pk)
    return bool(rows.public().exists())


class RecordBoxes(BaseModelAdmin):
    """How the boxes of records look and behave, in a record's own form and in the rows below another's."""

    # A sentence beside a box, where the field itself has none.
    help_texts: ClassVar[Mapping[str, StrOrPromise]] = {}
    formfield_overrides = {
        models.DateField: {
            "form_class": ForgivingDateField,
            "widget": forms.DateInput(format="%Y-%m-%d", attrs={"placeholder": "2017-10-15", "size": 14}),
        },
        models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 2})},
        models.URLField: {"assume_scheme": "https"},
    }

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        return list(relations(self.model))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("widget", ChoosingOne(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("widget", ChoosingSeveral(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        """A box offers what the user may point to, and takes nothing else, whatever is posted."""
        return choices(self.admin_site, db_field, request)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.help_texts:
            kwargs["help_text"] = self.help_texts[db_field.name]
        box: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(box.widget, RelatedFieldWidgetWrapper):
            # What a box points to can be added or changed beside it, but is not deleted in passing.
            box.widget.can_delete_related = box.widget.can_view_related = False
        return box


class RowsBelow(RecordBoxes, admin.options.InlineModelAdmin):
    """Rows below another record: those that the user sees; which of them may be changed, `RecordFormSet` says."""

    formset = RecordFormSet
    view_on_site = False

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """A new record offers one blank row."""
        return 0 if obj else 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        visible: QuerySet[Any] = rows.visible_to(request.user)
        return visible

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.model.may_be_added_by(request.user))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.model.may_be_added_by(request.user))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_enter_data(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)


class RecordRows(RowsBelow, admin.TabularInline):
    """Rows below another record, a line each."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        box: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(box.widget, RelatedFieldWidgetWrapper):
            # A line has room for one sign beside a box: the plus.
            box.widget.can_change_related = False
        return box


class RecordRowsStacked(RowsBelow, admin.StackedInline):
    """Rows below another record that need more room than a line."""

    show_change_link = True


class RecordAdmin(CheckedAdmin, RecordBoxes, admin.ModelAdmin):
    """The admin of one kind of record."""

    save_on_top = True
    show_full_result_count = False
    list_per_page = 50
    actions = None
    # Django asks for search fields before it shows a search box or answers an autocomplete; `search` does the work.
    search_fields = ("code",)
    readonly_fields = ("code", "modified_at")
    # What a record's name and its columns in the list are made of, brought along in one query each.
    brought_along: ClassVar[tuple[str | models.Prefetch, ...]] = ()
    # What "Save and add another" carries over to the next record.
    kept_for_next: ClassVar[tuple[str, ...]] = ("election", "source", "sources")
    # What is deleted together with a record because it is a part of it.
    own_parts: ClassVar[tuple[str, ...]] = ()

    # Who may do what

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """What the user writes or, of persons, answers for. Anything else is not there; to read it there are pages."""
        rows: Any = super().get_queryset(request)
        own: QuerySet[Any] = rows.private_to(request.user).prefetch_related(*self.brought_along)
        return own

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(self.model.is_open_to(request.user))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return bool(self.model.is_open_to(request.user))
        return bool(self.model.objects.private_to(request.user).filter(pk=obj.pk).exists())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(self.model.may_be_added_by(request.user))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return bool(self.model.may_be_added_by(request.user))
        return bool(self.model.objects.changeable_by(request.user).filter(pk=obj.pk).exists())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever keeps a record deletes it, until facts hang on it. Persons are withheld or erased, never deleted."""
        if self.model.is_person:
            return False
        return self.has_change_permission(request, obj) and (obj is None or obj.is_kept_by(request.user))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Others than the keeper change what `changed_by_others` names, and never who keeps the record."""
        fixed = tuple(super().get_readonly_fields(request, obj))
        if obj is None or obj.is_kept_by(request.user):
            return fixed
        others = obj.changed_by_others
        kept = () if others is None else (name for name in obj.columns if name not in others)
        return (*fixed, "owner", *kept)

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, *args, **kwargs)
        for name, box in form.base_fields.items():
            if obj and obj.pk and hasattr(box, "queryset"):
                keep_choosing(box, obj, name)
        if "owner" in form.base_fields and not is_administrator(request.user):
            form.base_fields["owner"].required = True
            form.base_fields["owner"].help_text = gettext("Your organization: its coordinators may change this record.")
        return form

    # What the list shows

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[QuerySet[Any], bool]:
        """Found by any dated name and in any script; no row twice, so that nothing has to be made distinct."""
        return queryset.search(search_term, request.user), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the list's own filters send: any other lookup would answer questions about hidden columns."""
        asked = [getattr(each, "parameter_name", each) for each in self.list_filter]
        return lookup in {f"{name}{ending}" for name in asked for ending in ("", "__exact", "__isnull")}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        kept = ("owner",) if issubclass(self.model, OwnedRecord) else ()
        boxes = (*kept, *self.readonly_fields) if obj else kept
        record = [(_("This record"), {"fields": boxes})] if boxes else []
        return [*super().get_fieldsets(request, obj), *record]

    @admin.display(description=_("record"))
    def in_words(self, record: Record) -> str:
        return str(record)

    def view_on_site(self, obj: Any) -> str | None:
        """The address of the record's public page, where it has one."""
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    # Addresses that fill the form in advance

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Boxes filled from the address, records by their codes: `?election=kg-presidential-2017-10-15&source=…`."""
        named, unknown = self.named_in_address(request, self.model)
        for sentence in unknown:
            messages.warning(request, sentence)
        typed = {name: value for name, value in request.GET.items() if name not in relations(self.model)}
        return {**self.keeper(request), **self.source_of_new(request, self.model), **typed, **named}

    def source_of_new(self, request: HttpRequest, model: type[Any]) -> dict[str, Any]:
        """The source that the user enters from, unless the address says another."""
        is_said = {"source", "sources"} & request.GET.keys()
        return {} if is_said else source_of_new(request, model)

    def keeper(self, request: HttpRequest) -> dict[str, Any]:
        """Who keeps a new record: the one organization for which the user writes."""
        if not issubclass(self.model, OwnedRecord) or is_administrator(request.user):
            return {}
        own = list(self.model.choices_of("owner", request.user).values_list("pk", flat=True)[:2])
        return {"owner": own[0]} if len(own) == 1 else {}

    def named_in_address(self, request: HttpRequest, model: type[Any]) -> tuple[dict[str, Any], list[str]]:
        """The records that the address names by code, by field of the model, and a sentence for each unknown code."""
        named: dict[str, Any] = {}
        sentences = []
        for name, field in relations(model).items():
            texts = request.GET.getlist(name) + (request.GET.getlist("source") if name == "sources" else [])
            codes = [code for text in texts for code in text.split(",") if code]
            well_formed = [code for code in codes if re.match(code_format.regex, code)]
            rows = model.choices_of(name, request.user).filter(code__in=well_formed)
            found = dict(rows.values_list("code", "pk")) if well_formed else {}
            for code in codes:
                if code not in found:
                    sentence = gettext("There is no %(kind)s with the code “%(code)s”.")
                    kind = field.related_model._meta.verbose_name
                    sentences.append(sentence % {"kind": kind, "code": shown(code)})
            if found:
                named[name] = (
                    list(found.values()) if field.many_to_many else found[next(c for c in codes if c in found)]
                )
        return named, sentences

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: InlineModelAdmin, prefix: str
    ) -> dict[str, Any]:
        """New rows start with the source that the user enters from; below a new record, that the address names."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        kwargs["user"] = request.user
        kwargs["prefilled"] = self.source_of_new(request, inline.model)
        if obj.pk is None:
            named, _unknown = self.named_in_address(request, inline.model)
            kwargs["prefilled"] |= {name: named[name] for name in ("source", "sources") if name in named}
        return kwargs

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self.keeping(request, obj, super().response_add(request, obj, post_url_continue))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self.keeping(request, obj, super().response_change(request, obj))

    def keeping(self, request: HttpRequest, obj: Any, response: HttpResponse) -> HttpResponse:
        """Leads "Save and add another" to a form that keeps what the next record has in common with this one."""
        if "_addanother" not in request.POST or not isinstance(response, HttpResponseRedirect):
            return response
        kept: list[tuple[str, str]] = []
        for name, field in relations(self.model).items():
            if name in self.kept_for_next:
                value = getattr(obj, name)
                kept += [(name, other.code) for other in (value.all() if field.many_to_many else [value]) if other]
        path, _question, query = response.url.partition("?")
        # What the form was opened with may have been changed in it.
        others = [(name, value) for name, value in parse_qsl(query) if name not in relations(self.model)]
        others = [(name, value) for name, value in others if name != "source"]
        return HttpResponseRedirect(f"{path}?{urlencode([*others, *kept])}" if others or kept else path)

    # Saving and deleting

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        self.after_saving(request, form, [form.instance, *rows_saved(formsets)])

    def after_saving(self, request: HttpRequest, form: Any, saved: list[Any]) -> None:
        """Tells what is odd about what was saved, the rows below it included; nothing is refused here."""
        for record in saved:
            for sentence in record.warnings():
                messages.warning(request, sentence)
        if hasattr(form.instance, "sources") and not form.instance.sources.exists() and not is_reference(form.instance):
            messages.warning(request, gettext("No source is cited: only members can see this record."))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A record on which facts hang is protected, also where the database would delete them with it.

        What hangs on it and the user may not see is told without its name.
        """
        to_delete, counts, _perms_needed, _protected = super().get_deleted_objects(objs, request)
        hanging = [
            named_for(row, request.user)
            for related in self.model._meta.related_objects
            if issubclass(related.related_model, Record) and related.name not in self.own_parts
            for row in related.related_model.objects.filter(**{f"{related.field.name}__in": objs}).distinct()
        ]
        return to_delete, counts, set(), hanging


class CountryFilter(admin.SimpleListFilter):
    """The countries that some row of the list has. The name of the parameter is the path to the country."""

    title: Any = _("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = model_admin.model.objects.private_to(request.user)
        codes = rows.order_by().values_list(self.parameter_name, flat=True)
        return sorted(
            ((code, country_name(code)) for code in codes.distinct() if code), key=lambda pair: alphabetical(pair[1])
        )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset
