"""Facets: for each filter of deployments that offers choices, how many rows are behind each of them.

A facet ignores its own choice and heeds all others. What is counted are rows: a party over three missions, told by two
sources and with two named observers, is one row. The number of queries is the same for a short list and a long one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from lib.filters import AnyOfChoices, YesNo
from lib.territories import alphabetical
from missions.filters import DeploymentFilterSet
from missions.models import Channel, Deployment, Election, Mission
from organizations.countries import country_name
from organizations.models import Organization

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from organizations.policy import Reader

# The facets whose choices stand in no fixed list: only those that occur are offered, and those chosen.
COUNTRIES = ("sender_country", "host_country")
ORGANIZATIONS = ("sender", "organizer")
OPEN = (*COUNTRIES, *ORGANIZATIONS, "year", "election", "mission")


class FacetFilterSet(DeploymentFilterSet):
    """The filters of deployments alone: what is said of pages and orders of a list has no place here."""

    other_parameters = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter, and how many rows the list has with it in place of those chosen."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter and its choices."""

    name: str
    label: str
    choices: list[Choice]


def facets(filterset: DeploymentFilterSet, user: Reader) -> list[Facet]:
    """The facets of a list, in the order of its filters."""
    return [
        Facet(name, str(filter_.label), choices_of(filterset, name, user))
        for name, filter_ in filterset.filters.items()
        if name in OPEN or isinstance(filter_, AnyOfChoices | YesNo)
    ]


def choices_of(filterset: DeploymentFilterSet, name: str, user: Reader) -> list[Choice]:
    """The choices of one filter, with the rows behind each under the other filters."""
    chosen = filterset.data.getlist(name) if name in filterset.data else []
    counts = COUNTERS.get(name, with_each_choice)(without(filterset, name), name, user)
    labels = labels_of(name, {*counts, *chosen}, user) if name in OPEN else fixed_choices(filterset, name)
    return [Choice(value, label, counts.get(value, 0), value in chosen) for value, label in labels]


def without(filterset: DeploymentFilterSet, name: str) -> DeploymentFilterSet:
    """The same list without what is chosen of one filter."""
    if name not in filterset.data:
        return filterset
    data = filterset.data.copy()
    del data[name]
    return type(filterset)(data, filterset.queryset, request=filterset.request)


def rows_of(filterset: DeploymentFilterSet) -> Any:
    """The rows of a list without all that is joined to them to be shown, so that each is counted once."""
    return Deployment.objects.filter(pk__in=filterset.qs.order_by().values("pk")).order_by()


# ---- the rows behind each choice: functions of the list without the facet's own choice, its name, and the reader

COLUMNS = {
    "sender_country": "sender_country",
    "host_country": "election__country",
    "year": "election__election_day__year",
    "election": "election__code",
}


def with_each_value(filterset: DeploymentFilterSet, name: str, _user: Reader) -> Mapping[str, int]:
    found = rows_of(filterset).values_list(COLUMNS[name]).annotate(rows=Count("pk"))
    return {str(value): rows for value, rows in found if value}


def with_each_choice(filterset: DeploymentFilterSet, name: str, _user: Reader) -> Mapping[str, int]:
    """Each choice of a fixed list is counted by the filter itself."""
    filter_ = filterset.filters[name]
    values = [value for value, _label in fixed_choices(filterset, name)]
    takes_many = isinstance(filter_, AnyOfChoices)
    kept = {
        value: filter_.filter(Deployment.objects.all(), [value] if takes_many else value).values("pk")
        for value in values
    }
    counts: Mapping[str, int] = rows_of(filterset).aggregate(
        **{value: Count("pk", filter=Q(pk__in=rows)) for value, rows in kept.items()}
    )
    return counts


def by_sender(filterset: DeploymentFilterSet, _name: str, _user: Reader) -> Mapping[str, int]:
    """The rows of each body and of the bodies below it."""
    above = organizations_and_those_above()
    counts: Counter[str] = Counter()
    for sender, rows in rows_of(filterset).exclude(sender=None).values_list("sender").annotate(rows=Count("pk")):
        for code in above[sender]:
            counts[code] += rows
    return counts


def by_organizer(filterset: DeploymentFilterSet, _name: str, user: Reader) -> Mapping[str, int]:
    """The rows through missions of each organization and of those below it."""
    above = organizations_and_those_above()
    through = channels_of(filterset, user).values_list("deployment", "mission__organizer")
    pairs = {(party, code) for party, organizer in through.distinct() for code in above[organizer]}
    return Counter(code for _party, code in pairs)


def by_mission(filterset: DeploymentFilterSet, _name: str, user: Reader) -> Mapping[str, int]:
    seen = channels_of(filterset, user).filter(mission__in=Mission.objects.visible_to(user))
    return dict(seen.values_list("mission__code").annotate(parties=Count("deployment", distinct=True)))


def by_mission_kind(filterset: DeploymentFilterSet, _name: str, user: Reader) -> Mapping[str, int]:
    # Who organizes a hidden mission stands in every public row that names it; its kind does not.
    seen = channels_of(filterset, user).filter(mission__in=Mission.objects.visible_to(user))
    return dict(seen.values_list("mission__kind").annotate(parties=Count("deployment", distinct=True)))


COUNTERS = {
    **dict.fromkeys(COLUMNS, with_each_value),
    "sender": by_sender,
    "organizer": by_organizer,
    "mission": by_mission,
    "mission_kind": by_mission_kind,
}


def channels_of(filterset: DeploymentFilterSet, user: Reader) -> Any:
    """The channels through which the rows of a list go, of those missions alone that its filters choose."""
    channels = Channel.objects.visible_to(user).counted().filter(deployment__in=filterset.qs.order_by().values("pk"))
    missions = filterset.missions_chosen()
    return (channels if missions is None else channels.filter(mission__in=missions)).order_by()


def organizations_and_those_above() -> dict[int, set[str]]:
    """The codes of each organization, its parent, the parent of that …, by the organization's key."""
    organizations = {
        pk: (code, parent) for pk, code, parent in Organization.objects.values_list("pk", "code", "parent_id")
    }
    above: dict[int, set[str]] = {}
    for organization in organizations:
        codes, at = above.setdefault(organization, set()), organization
        while at is not None and organizations[at][0] not in codes:
            codes.add(organizations[at][0])
            at = organizations[at][1]
    return above


# ---- the choices in words


def fixed_choices(filterset: DeploymentFilterSet, name: str) -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in filterset.filters[name].field.choices if value]


def labels_of(name: str, values: Iterable[str], user: Reader) -> list[tuple[str, str]]:
    """These values with their names: years and elections from the latest, all others by name."""
    if name == "year":
        return [(year, year) for year in sorted(values, reverse=True)]
    if name == "election":
        elections = Election.objects.filter(code__in=values).order_by("-election_day", "code")
        return [(election.code, str(election)) for election in elections]
    if name in COUNTRIES:
        labelled = [(code, country_name(code)) for code in values]
    elif name == "mission":
        missions = Mission.objects.visible_to(user).with_labels(user).filter(code__in=values)
        labelled = [(mission.code, str(mission)) for mission in missions]
    else:
        organizations = Organization.objects.with_names(user).filter(code__in=values)
        labelled = [(organization.code, str(organization)) for organization in organizations]
    return sorted(labelled, key=lambda choice: (alphabetical(choice[1]), choice[0]))
