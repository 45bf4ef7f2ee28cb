"""The pages that answer a question about the deployments: the filters of the list beside what they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from missions.facets import Tally
from missions.in_hand import InHand
from missions.lists import deployment_rows
from missions.views.panel import Panel, asked, plain_panel
from missions.views.short_address import to_short_address

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise

    from missions.matrix import MatrixFilterSet


def question_page(
    request: HttpRequest,
    filterset_class: type[MatrixFilterSet],
    *,
    title: StrOrPromise,
    template_name: str,
    main: Collection[str],
    more: Collection[str] | None = None,
    of_the_page: Collection[str],
    answer: Callable[[Tally, HttpRequest], dict[str, Any]],
) -> HttpResponse:
    """`answer` gives what the page shows; `main`, `more` and `of_the_page` are those of `Panel` and `asked`."""
    filterset = filterset_class(request.GET, deployment_rows(request.user), request=request)
    filterset.in_hand = InHand(request.user)
    if shorter := to_short_address(request, filterset, filterset.filters):
        return shorter
    context = {"title": title, **asked(filterset, request.GET, of_the_page)}
    if filterset.problems:
        context |= {"problems": filterset.problems, **plain_panel(filterset, main)}
        return render(request, "missions/list_refused.html", context, status=400)
    tally = Tally(filterset, request.user)
    context |= Panel(tally, main, more).as_context()
    return render(request, template_name, context | answer(tally, request))
