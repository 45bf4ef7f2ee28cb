"""Reading and sending the admin's forms as a browser does, for the tests of the admin of every app."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.forms import MultipleHiddenInput, MultiWidget
from django.urls import reverse


def address_of(model, page="changelist", record=None):
    args = [record.pk] if record else []
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def typed_in(form) -> dict[str, Any]:
    """What a browser would send for this form if nothing in it were touched."""
    sent: dict[str, Any] = {}
    for box in form:
        value = box.value()
        if box.field.show_hidden_initial:
            several = issubclass(box.field.hidden_widget, MultipleHiddenInput)
            sent[box.html_initial_name] = list(value or []) if several else "" if value is None else str(value)
        if isinstance(box.field.widget, MultiWidget):
            for number, part in enumerate(box.field.widget.decompress(value)):
                sent[f"{box.html_name}_{number}"] = "" if part is None else str(part)
        elif isinstance(value, list | tuple):
            sent[box.html_name] = [getattr(each, "pk", each) for each in value]
        elif isinstance(value, date):
            sent[box.html_name] = value.isoformat()
        elif value is not None and value is not False:
            sent[box.html_name] = "on" if value is True else str(value)
    return sent


def untouched(response) -> dict[str, Any]:
    """What a browser would send for the whole page, rows below the record included, if nothing were touched."""
    sent = typed_in(response.context["adminform"].form)
    if response.context.get("version"):
        sent["_version"] = response.context["version"]
    for rows in response.context["inline_admin_formsets"]:
        sent |= typed_in(rows.formset.management_form)
        for form in rows.formset.forms:
            sent |= typed_in(form)
    return sent


def add_rows(response, sent, prefix, total) -> None:
    """Presses "Add another" below a record until there are as many rows, blank ones included."""
    formset = next(rows.formset for rows in response.context["inline_admin_formsets"] if rows.formset.prefix == prefix)
    for number in range(int(sent[f"{prefix}-TOTAL_FORMS"]), total):
        blank = typed_in(formset.empty_form)
        sent |= {name.replace("__prefix__", str(number)): value for name, value in blank.items()}
        sent[f"{prefix}-TOTAL_FORMS"] = str(number + 1)


def fill_in(client, address, **typed: Any):
    """Opens the form at the address, types into it, presses Save, and follows to the next page.

    A row below the record is typed as `head_counts__0__value=46`: the prefix, its number and the box.
    """
    page = client.get(address)
    sent = untouched(page)
    for name, value in typed.items():
        prefix, _two, rest = name.partition("__")
        number, _two, box = rest.partition("__")
        if box:
            add_rows(page, sent, prefix, int(number) + 1)
        sent[f"{prefix}-{number}-{box}" if box else name] = value
    return client.post(address, sent, follow=True)


def delete(client, record, **options: Any):
    """Opens the page that asks whether the record is to be deleted, and says yes."""
    address = address_of(type(record), "delete", record)
    return client.post(address, {"post": "yes", "_version": client.get(address).context["version"]}, **options)


def told(response) -> dict[str, list[str]]:
    """The messages on the page, by their level."""
    found: dict[str, list[str]] = {}
    for message in response.context["messages"]:
        found.setdefault(message.level_tag, []).append(str(message))
    return found


def refusals(response) -> dict[str, list[str]]:
    """The sentences on a form that came back, by the box at which they stand."""
    found = {box: list(sentences) for box, sentences in response.context["adminform"].form.errors.items()}
    for rows in response.context["inline_admin_formsets"]:
        for form in rows.formset.forms:
            found |= {form.add_prefix(box): list(sentences) for box, sentences in form.errors.items()}
    return found
