"""What other sources say of a field, as a line under its box."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from missions.models import Statement
from organizations.admin.base import RecordAdmin

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from organizations.models import Record


class StatementsBeside(RecordAdmin):
    """Shows each statement about the record under the box of the field that it speaks of."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj: Any = kwargs.get("obj")
        boxes = context["adminform"].form.fields
        for statement in statements_about(obj, request) if obj else []:
            if statement.field in boxes:
                box = boxes[statement.field]
                line = line_of(statement, obj, request)
                box.help_text = format_html("{}<br>{}", box.help_text, line) if box.help_text else line
        return super().render_change_form(request, context, *args, **kwargs)


def statements_about(record: Record, request: HttpRequest) -> Any:
    statements = Statement.objects.visible_to(request.user).filter(subject=f"{record.resource()}/{record.code}")
    return statements.select_related("source").order_by("code")


def line_of(statement: Statement, record: Record, request: HttpRequest) -> SafeString:
    """“Another source says: 16 October 2017 (Northland Gazette: Observers arrive)”, linked for who may change it."""
    sentence = _("Another source says: %(value)s (%(source)s)")
    told = sentence % {"value": in_words(statement, record), "source": statement.source}
    if not Statement.objects.changeable_by(request.user).filter(pk=statement.pk).exists():
        return format_html('<strong class="statement">{}</strong>', told)
    address = reverse("admin:missions_statement_change", args=[statement.pk])
    return format_html('<strong class="statement">{}</strong> <a href="{}">{}</a>', told, address, _("Edit statement"))


def in_words(statement: Statement, record: Record) -> str:
    """The value as the box would show it: a day in words, a choice by its name; any other as it was stored."""
    try:
        field = record._meta.get_field(statement.field)
    except FieldDoesNotExist:
        return statement.value
    if isinstance(field, DateField):
        try:
            return str(date_format(date.fromisoformat(statement.value), "DATE_FORMAT"))
        except ValueError:
            return statement.value
    return str(dict(getattr(field, "flatchoices", ())).get(statement.value, statement.value))
