"""The kinds of problem that the first page of the admin and the list "To check" show, and what each row says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.core.paginator import Page
    from django.http import HttpRequest
    from django_stubs_ext import StrOrPromise


@dataclass
class Finding:
    """A record, what is wrong with it, and the ways from here: label and address."""

    record: Any
    wrong: Sequence[StrOrPromise]
    ways: Sequence[tuple[StrOrPromise, str]] = ()
    may_edit: bool = True

    @property
    def page(self) -> str:
        return self.record.get_absolute_url() if hasattr(self.record, "get_absolute_url") else ""

    @property
    def edit(self) -> str:
        if not self.may_edit:
            return ""
        options = self.record._meta
        return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[self.record.pk])


@dataclass
class Problem:
    """A kind of problem with the rows that have it, and what is said of the rows of one page.

    `kind` stands for it, and for others like it, where there is none.
    """

    key: str
    title: StrOrPromise
    rows: Any
    say: Callable[[list[Any]], list[Finding]]
    kind: StrOrPromise = ""

    def __post_init__(self) -> None:
        self.kind = self.kind or self.title

    def section(self, on_a_page: int, number: str | None = None) -> Section:
        page = Paginator(self.rows, on_a_page).get_page(number)
        return Section(self, page, self.say(list(page)))


@dataclass
class Section:
    """The rows of a kind of problem that one page shows."""

    problem: Problem
    page: Page
    findings: list[Finding]

    @property
    def total(self) -> int:
        return int(self.page.paginator.count)


def row_by_row(say: Callable[[Any], Finding]) -> Callable[[list[Any]], list[Finding]]:
    return lambda rows: [say(row) for row in rows]


def seen(request: HttpRequest, model: Any) -> Any:
    """The records of a kind that the reader meets in the admin, with all that their names are made of."""
    model_admin = admin.site.get_model_admin(model)
    rows = model_admin.get_queryset(request)
    return rows if model_admin.has_view_permission(request) else rows.none()
