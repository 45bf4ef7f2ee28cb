"""How the numbers of parties are added up, and which invitations the senders of a list declined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from missions.election_records import records_seen_by
from missions.filters import InvitationFilterSet
from missions.ladder import ZERO
from missions.models import Deployment, Election, Invitation
from missions.reconciliation import Range, Reader

if TYPE_CHECKING:
    from collections.abc import Iterable

    from missions.filters import DeploymentFilterSet
    from organizations.policy import Reader as Person

CALLED_OFF = (Deployment.Status.CANCELLED, Deployment.Status.WITHDRAWN)
FILTERS_OF_ELECTIONS = ("election", "host_country", "year", "election_kind", "date_after", "date_before")


@dataclass(slots=True)
class Sum:
    """A sum over parties and in how many of them it stands; of how many of these the share in the chosen missions is
    not published, and how many parties publish no number."""

    figure: Range = ZERO
    parties: int = 0
    shares_unknown: int = 0
    without_number: int = 0

    def add(self, share: Range, whole: Range, *, called_off: bool) -> None:
        """Adds a party's share of its whole number (rule 6 of docs/method.md).

        A party without a number, unless it was called off, leaves the sum open at its end.
        """
        if whole.known:
            self.figure += share
            self.parties += 1
            self.shares_unknown += share != whole and share.value is None
        elif not called_off:
            self.figure += Range(0, None)
            self.without_number += 1


def readers_of(elections: Iterable[Election], user: Person, *, kind: str) -> dict[str, Reader]:
    """What reads the head counts of one kind that this person may see of each election, by the election's code."""
    records = records_seen_by(user, list(elections)).values()
    return {record.code: Reader(record, kind=kind, on=None) for record in records}


@dataclass(frozen=True, slots=True)
class DeclinedInvitations:
    """How many invitations were declined, and the query of the invitations' list that shows exactly these."""

    count: int
    query: str


def declined_by_senders(filterset: DeploymentFilterSet, user: Person) -> DeclinedInvitations | None:
    """Invitations that the senders chosen in the list declined, for the elections chosen; None without such."""
    asked = invitations_declined(filterset, Invitation.objects.visible_to(user))
    found = asked.qs.count() if asked else 0
    return DeclinedInvitations(found, asked.data.urlencode()) if asked and found else None


def invitations_declined(filterset: DeploymentFilterSet, invitations: Any) -> InvitationFilterSet | None:
    """The list of these invitations, asked for those that the chosen senders declined for the elections chosen.

    It is asked in the words of the list of deployments, so that its address is no longer than that one. None where no
    sender is chosen.
    """
    chosen = filterset.form.cleaned_data
    if not (chosen["sender"] or chosen["sender_country"]):
        return None
    query = QueryDict(mutable=True)
    query["response"] = Invitation.Response.DECLINED.value
    for name in ("sender_country", "sender", *FILTERS_OF_ELECTIONS):
        if chosen[name]:
            query.setlist(name, filterset.data.getlist(name))
    asked = InvitationFilterSet(query, invitations, request=filterset.request)
    # The codes are those that the list of deployments has found already.
    asked.in_hand = filterset.in_hand
    return asked
