"""Where the people of a spreadsheet belong: the mission, the party, the source, and who keeps what is new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from lib.text import shown
from missions.models import Assignment, Channel, Deployment, Mission
from organizations.countries import country_name
from organizations.models import Organization

if TYPE_CHECKING:
    from organizations.models import Source


@dataclass(frozen=True, slots=True)
class Task:
    """What holds for every row of one spreadsheet. `role` stands for rows that name none."""

    mission: Mission
    deployment: Deployment | None = None
    source: Source | None = None
    owner: Organization | None = None
    role: str = Assignment.Role.SHORT_TERM


def deployment_of(mission: Mission, sender: str) -> Deployment:
    """The party of this sender at the mission's election: of several the one through this mission.

    `sender` is a country's two letters, the code of an organization, or the code of the party itself. A country stands
    first for a party of which no body is named. Raises ValidationError with one sentence.
    """
    parties: Any = Deployment.objects.filter(election=mission.election_id).with_labels()
    names = {"sender": shown(sender), "election": mission.election.label}
    is_country = len(sender) == 2
    of_state = Q(sender_country=sender.upper())
    rules = [of_state & Q(sender=None), of_state] if is_country else [Q(code=sender), Q(sender__code=sender)]
    found: list[Deployment] = next((rows for rule in rules if (rows := list(parties.filter(rule)))), [])
    if not found:
        is_known = country_name(sender.upper()) != sender.upper() if is_country else body_named(sender)
        if not is_known:
            sentence = _("“%(sender)s” is neither the code of an organization nor the two letters of a country.")
            raise ValidationError(sentence % names)
        sentence = _("No party of “%(sender)s” is recorded at %(election)s: record its deployment first.")
        raise ValidationError(sentence % names)
    channels = Channel.objects.filter(mission=mission, deployment__in=found).counted()
    through = set(channels.values_list("deployment", flat=True))
    chosen = found if len(found) == 1 else [party for party in found if party.pk in through]
    if len(chosen) != 1:
        sentence = _("“%(sender)s” sends several parties to %(election)s: choose one of %(parties)s.")
        raise ValidationError(sentence % {**names, "parties": ", ".join(sorted(party.code for party in found))})
    return chosen[0]


def notes_about(task: Task) -> list[str]:
    """What is odd about where the people are put; nothing is refused for it."""
    if task.deployment is None:
        return []
    if Channel.objects.filter(mission=task.mission, deployment=task.deployment).counted().exists():
        return []
    return [_("No source records that this party went through this mission.")]


def body_named(code: str) -> bool:
    return Organization.objects.filter(code=code).exists()
