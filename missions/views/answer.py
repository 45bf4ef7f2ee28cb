"""The page that answers one question about who was sent, to be printed with its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from missions import api
from missions.answer import BY, Answer, AnswerFilterSet
from missions.matrix import MEASURES
from missions.views.matrix import Shown
from missions.views.question import question_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

    from missions.answer import Answered, Group
    from missions.facets import Tally
    from organizations.models import Source

MAIN_FILTERS = ("sender_country", "sender", "organizer", "host_country", "year", "election", "by")
COUNTED = ("announced", "accredited", "deployed", "named")


@require_safe
def answer_page(request: HttpRequest) -> HttpResponse:
    return question_page(
        request,
        AnswerFilterSet,
        title=_("Who was sent, where, through whom"),
        template_name="missions/answer.html",
        main=MAIN_FILTERS,
        of_the_page=["by"],
        answer=answered,
    )


def answered(tally: Tally, request: HttpRequest) -> dict[str, Any]:
    filterset: Any = tally.filterset
    if not filterset.is_question:
        return {}
    answer = Answer(filterset, request.user)
    parties = answer.answered(api.DeploymentViewSet, request)
    groups: list[dict[str, Any]] = [
        {"told": shown(group), "parties": [parties[each.code] for each in group.parties]} for group in answer.groups()
    ]
    declined = answer.declined()
    serializer = api.InvitationViewSet.serializer_class(context={"request": request})
    invitations = [(each, serializer.to_representation(each)) for each in declined or []]
    cited = [
        *(source for group in groups for party in group["parties"] for source in sources_of(party)),
        *(source for invitation, _row in invitations for source in invitation.sources.all()),
    ]
    return {
        "asked": True,
        "by": filterset.divided_by,
        "choices": BY,
        "total": shown(answer.total),
        "through_whom": [shown(group) for group in answer.through_whom()],
        "groups": groups,
        "of_a_sender": declined is not None,
        "declined": invitations,
        "missions_chosen": answer.layout.chosen_missions is not None,
        "references": {source.code: (number, source) for number, source in enumerate(dict.fromkeys(cited), start=1)},
        "marked": set(),
    }


def shown(group: Group) -> dict[str, Any]:
    """A group with its figures as they are printed."""
    return {
        "name": group.name,
        "full_name": group.full_name,
        "query": group.query,
        "deployments": len(group.parties),
        "figures": [(MEASURES[kind], Shown(group.cell(kind), kind)) for kind in COUNTED],
    }


def sources_of(party: Answered) -> Iterable[Source]:
    """The sources of a party in the order in which its row cites them."""
    yield from party.other_sources
    for mission in party.through:
        yield from mission.sources
    for sources in party.figures_cited.values():
        yield from sources
