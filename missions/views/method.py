"""How numbers are kept, counted and printed, each rule with an example of the record; and what each column means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django_countries.fields import CountryField

from missions import lists
from missions.dataset import RECORDS
from missions.dataset.format import file_columns, is_many
from missions.dataset.package import pointed_at, type_of
from missions.models import Election, Mission, Reading, Release
from missions.models.deployments import Share

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from organizations.models import Record
    from organizations.policy import Reader

TYPES = {
    "boolean": gettext_lazy("true or false"),
    "date": gettext_lazy("date, as 2017-10-15"),
    "integer": gettext_lazy("whole number"),
    "string": gettext_lazy("text"),
}


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    context = {"examples": examples(request.user), "releases": releases(request)}
    return render(request, "missions/method.html", context)


def releases(request: HttpRequest) -> list[tuple[Release, str]]:
    """The releases of the record, the newest first, each with how to cite it."""
    found = Release.objects.visible_to(request.user).listed()
    return [(each, each.citation(request.build_absolute_uri(each.get_absolute_url()))) for each in found]


def examples(user: Reader) -> dict[str, Any]:
    """Of each rule the latest record to which it applies, of those that the reader sees."""
    elections, missions, deployments = lists.election_rows(user), lists.mission_rows(user), lists.deployment_rows(user)
    several = deployments.with_share([Share.UNKNOWN], user)
    found = {
        "floor": missions.filter(announced_low__gt=0, announced_high=None, announced_derived=False),
        "gap": elections.filter(accredited_agreement=Reading.Agreement.GAP),
        "derived": missions.filter(announced_derived=True, announced_low__gt=0),
        "parts": elections.filter(accredited_agreement=Reading.Agreement.PARTIAL, accredited__gt=0),
        "several": several.filter(announced__gt=0),
        "called_off": missions.filter(status=Mission.Status.CANCELLED),
        "named": missions.filter(named__gt=0, announced__gt=0),
        "conflict": elections.filter(accredited_agreement=Reading.Agreement.CONFLICT),
        "blank": elections.filter(accredited_not_published=True),
    }
    latest = {Election: "-election_day"}
    return {
        name: rows.order_by(latest.get(rows.model, "-election__election_day"), "code").first()
        for name, rows in found.items()
    }


@require_safe
def data_dictionary(request: HttpRequest) -> HttpResponse:
    files = [{"model": model._meta, "name": model.dataset_file, "columns": columns_of(model)} for model in RECORDS]
    return render(request, "missions/data_dictionary.html", {"files": files})


def columns_of(model: type[Record]) -> list[dict[str, Any]]:
    """Each column of a file as the model describes it."""
    return [column_of(model, name) for name in file_columns(model)]


def column_of(model: type[Record], name: str) -> dict[str, Any]:
    described: Any = model._meta.get_field(name)
    others, is_country = pointed_at(model, name), isinstance(described, CountryField)
    return {
        "name": name,
        "meaning": described.verbose_name,
        "help": described.help_text,
        "type": TYPES[type_of(described)],
        "of": others.dataset_file if others else "",
        "several": others is not None and is_many(model, name),
        "is_country": is_country,
        "choices": [] if is_country else [(value, label) for value, label in described.flatchoices if value != ""],
        "required": not (described.blank or described.has_default()),
        "kept_back": name in model.private_columns,
    }
