"""Copies of a source in its form: sending one, pasting the text, opening and removing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lib.quotes import located
from organizations.admin.base import RecordAdmin
from organizations.models import Source, SourceCopy, text_of
from organizations.models.copies import BYTES_AT_MOST, COPIES_AT_MOST, checked, too_many

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString


class CopiesTable(forms.CheckboxSelectMultiple):
    """The copies, a line each with a box that removes it."""

    copies: list[SourceCopy]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        context = {"copies": self.copies, "name": name, "chosen": set(value or ())}
        return render_to_string("admin/organizations/source/copies.html", context)


class SourceForm(forms.ModelForm):
    """A source, with what is sent and removed of its copies."""

    copy_file = forms.FileField(
        label=_("A copy of it"),
        required=False,
        help_text=_("PDF, HTML or image, at most 10 MB. Only those who enter data can open it; all see its SHA-256."),
    )
    copy_text = forms.CharField(
        label=_("Its text, pasted"),
        required=False,
        strip=False,
        widget=AdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("Kept as one more copy. Quotes are looked for in it."),
    )
    removed_copies = forms.MultipleChoiceField(label=_("Copies"), required=False, widget=CopiesTable())

    class Meta:
        model = Source
        # The admin names the boxes.
        fields = ("title",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.copies = list(self.instance.copies.listed()) if self.instance.pk else []
        removed: Any = self.fields["removed_copies"]
        removed.choices = [(copy.sha256, copy.name) for copy in self.copies]
        removed.widget.copies = self.copies

    def clean_copy_file(self) -> bytes:
        sent = self.cleaned_data["copy_file"]
        if not sent:
            return b""
        # One byte more tells that it is too large.
        content: bytes = sent.read(BYTES_AT_MOST + 1)
        checked(content)
        return content

    def clean_copy_text(self) -> bytes:
        typed: str = self.cleaned_data["copy_text"]
        content = typed.replace("\r\n", "\n").encode() if typed.strip() else b""
        if content:
            checked(content)
        return content

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        sent = [name for name in ("copy_file", "copy_text") if given.get(name)]
        if sent and len(self.copies) - len(given.get("removed_copies", ())) + len(sent) > COPIES_AT_MOST:
            self.add_error(sent[-1], too_many())
        return given


class KeepingCopies(RecordAdmin):
    """The part of the sources' admin that keeps copies of them, within the act that saves the source."""

    form = SourceForm

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        boxes = ("copy_file", "copy_text")
        has_copies = bool(obj and obj.copies.exists())
        copies = (_("Copies that stay"), {"fields": ("removed_copies", *boxes) if has_copies else boxes})
        *first, last = super().get_fieldsets(request, obj)
        return [*first, copies, last]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        source: Any = kwargs.get("obj")
        boxes = context["adminform"].form.fields
        if source and "excerpt" in boxes and (words := whether_found(source)):
            boxes["excerpt"].help_text = format_html("{}<br><strong>{}</strong>", boxes["excerpt"].help_text, words)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        by: Any = request.user
        given = form.cleaned_data
        obj.copies.filter(sha256__in=given["removed_copies"]).delete()
        for content in filter(None, (given["copy_file"], given["copy_text"])):
            try:
                copy, is_new = SourceCopy.objects.store(source=obj, content=content, by=by, now=timezone.now())
            except ValidationError as refused:
                # Somebody else stored one between looking and saving.
                messages.error(request, " ".join(refused.messages))
                continue
            if not is_new:
                sentence = gettext("This copy is kept already, since %(day)s. It was not stored twice.")
                messages.info(request, sentence % {"day": f"{copy.taken_at:%Y-%m-%d}"})


def whether_found(source: Source) -> str:
    """Whether the excerpt stands in the copy's text; blank where there is nothing to compare."""
    text = text_of(source) if source.excerpt else ""
    if not text:
        return ""
    return gettext("Found in the copy.") if located(source.excerpt, text) else gettext("Not found in the copy.")
