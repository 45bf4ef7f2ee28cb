"""The lists: which rows a reader sees in each, with all that a row shows, and by what they can be ordered.

Page, API and download of a list all begin here, so that they hold the same rows, values and order. Each list takes the
same number of queries whatever its length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, FilteredRelation, IntegerField, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

from missions.models import (
    Assignment,
    Channel,
    Deployment,
    Election,
    HeadCount,
    Invitation,
    Mission,
    Reading,
    VotingDay,
)
from missions.models.deployments import disagreeing_channels
from missions.readings import ENDINGS, READ_KINDS
from observers.models import ObserverName
from organizations.models import names_seen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organizations.policy import Reader

# The columns of each reading: `announced`, `announced_low`, `announced_high`, `announced_agreement` …
READING_COLUMNS = [f"{kind}{ending}" for kind in READ_KINDS for ending in ENDINGS]
READING_ORDERINGS = {f"{kind}{end}": f"{kind}{end}" for kind in READ_KINDS for end in ("", "_low", "_high")}
OF_ELECTION_ORDERINGS = {
    "code": "code",
    "election_day": "election__election_day",
    "host_country": "election__country",
    "modified_at": "modified_at",
}
ELECTION_ORDERINGS = {
    "code": "code",
    "election_day": "election_day",
    "host_country": "country",
    "modified_at": "modified_at",
    **READING_ORDERINGS,
}
MISSION_ORDERINGS = {
    **OF_ELECTION_ORDERINGS,
    "organizer": "organizer__code",
    "kind": "kind",
    "starts_on": "starts_on",
    **READING_ORDERINGS,
    "named": "named",
}
INVITATION_ORDERINGS = {
    **OF_ELECTION_ORDERINGS,
    "invitee": "invitee__code",
    "response": "response",
    "responded_on": "responded_on",
}
DEPLOYMENT_ORDERINGS = {
    **OF_ELECTION_ORDERINGS,
    "sender_country": "sender_country",
    "sender": "sender__code",
    "status": "status",
    **READING_ORDERINGS,
    "named": "named",
}


def election_rows(user: Reader) -> Any:
    return with_readings(Election.objects.visible_to(user), user).with_sources(user)


def voting_day_rows(user: Reader) -> Any:
    return VotingDay.objects.visible_to(user).select_related("election", "region", "source")


def mission_rows(user: Reader) -> Any:
    rows = Mission.objects.visible_to(user).with_labels(user).select_related("part_of")
    rows = with_open(rows.prefetch_related("co_organizers", names_seen("co_organizers__names", user)), user, "part_of")
    return with_named(with_readings(rows, user), user, "mission").with_sources(user)


def invitation_rows(user: Reader) -> Any:
    rows = Invitation.objects.visible_to(user).select_related("election", "inviter", "invitee")
    names = names_seen("inviter__names", user), names_seen("invitee__names", user)
    return rows.prefetch_related(*names).with_sources(user)


def deployment_rows(user: Reader) -> Any:
    return with_what_is_in_hand(bare_deployment_rows(user), user)


def bare_deployment_rows(user: Reader) -> Any:
    """The same for a page, which has in hand what organizations are called and who goes through which mission."""
    rows = Deployment.objects.visible_to(user).select_related("election", "sender", "part_of").with_sources(user)
    rows = with_open(rows, user, "part_of")
    rows = rows.annotate(channels_disagree=Exists(disagreeing_channels(user).filter(deployment=OuterRef("pk"))))
    return with_named(with_readings(rows, user), user, "deployment")


def with_what_is_in_hand(rows: Any, user: Reader) -> Any:
    """Brings along for each party of a file or an answer what `InHand.completed` gives to those of a page."""
    channels = Channel.objects.visible_to(user).counted().select_related("mission__organizer")
    channels = with_open(channels.prefetch_related(names_seen("mission__organizer__names", user)), user, "mission")
    through = Prefetch("channels", channels, to_attr="channels_seen")
    return rows.prefetch_related(names_seen("sender__names", user), through)


def channel_rows(user: Reader) -> Any:
    rows = Channel.objects.visible_to(user).select_related("deployment", "mission__organizer", "mission__election")
    rows = rows.select_related("source").prefetch_related(names_seen("mission__organizer__names", user))
    return with_open(rows, user, "mission", "deployment")


def head_count_rows(user: Reader) -> Any:
    rows = HeadCount.objects.visible_to(user).select_related("election", "mission", "deployment", "source")
    return with_open(rows, user, "mission", "deployment")


def assignment_rows(user: Reader) -> Any:
    return with_links_and_spellings(bare_assignment_rows(user), user)


def bare_assignment_rows(user: Reader) -> Any:
    """The same for a file or an answer, of which there may be very many."""
    rows = Assignment.objects.visible_to(user).select_related("observer", "region")
    rows = rows.select_related("mission__election", "mission__organizer", "deployment__election")
    return rows.prefetch_related(names_seen("mission__organizer__names", user)).with_sources(user)


def with_links_and_spellings(rows: Any, user: Reader) -> Any:
    """Brings along for each place what a page shows of it beside the columns."""
    spellings = Prefetch("observer__names", ObserverName.objects.visible_to(user).select_related("source"))
    return with_open(rows.prefetch_related(spellings), user, "mission", "observer")


def with_open(rows: Any, user: Reader, *relations: str) -> Any:
    """Adds whether the reader may open what a row points to: `mission_open`. A public row may name a hidden record."""
    for relation in relations:
        others = rows.model._meta.get_field(relation).related_model.objects.visible_to(user)
        rows = rows.annotate(**{f"{relation}_open": Exists(others.filter(pk=OuterRef(relation)))})
    return rows


def with_readings(rows: Any, user: Reader, kinds: Iterable[HeadCount.Kind] = READ_KINDS) -> Any:
    """Adds the stored reading of each of the kinds, as this reader is shown it."""
    audience = Reading.audience_of(user)
    for kind in kinds:
        reading = f"{kind}_reading"
        of_kind = Q(readings__kind=kind, readings__audience=audience)
        rows = rows.annotate(**{reading: FilteredRelation("readings", condition=of_kind)}).annotate(
            **{f"{kind}{ending}": F(f"{reading}__{figure}") for ending, figure in ENDINGS.items()},
            **{f"{kind}_not_published": F(f"{reading}__not_published")},
        )
    return rows


def with_named(rows: Any, user: Reader, place: str) -> Any:
    """Adds how many persons the reader sees named in each mission or deployment: `named`."""
    places = Assignment.objects.visible_to(user).naming().filter(**{place: OuterRef("pk")}).order_by()
    persons = places.values(place).annotate(persons=Count("observer", distinct=True)).values("persons")
    return rows.annotate(named=Coalesce(Subquery(persons), 0, output_field=IntegerField()))
