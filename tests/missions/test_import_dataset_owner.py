"""Who keeps the records that an import brings: the column `owner`, and the owner of the import."""

from __future__ import annotations

from datetime import UTC, datetime

from missions.models import Mission
from organizations.models import Source
from tests.conftest import everything_stored
from tests.factories import MissionFactory, OrganizationFactory, SourceFactory

LATER = datetime(2030, 8, 1, tzinfo=UTC)
SOURCE = {"code": "gazette", "title": "Observers arrive", "publisher": "Northland Gazette"}


def test_new_records_are_kept_by_the_owner(dataset):
    owner = OrganizationFactory(code="commission")
    SourceFactory(code="herald", title="There before")
    dataset.write(
        "sources",
        {"code": "herald", "title": "Changed", "publisher": "Northland Herald"},
        {"code": "gazette", "title": "New", "publisher": "Northland Gazette"},
    )
    dataset.read_in(owner=owner.code)
    assert list(Source.objects.order_by("code").values_list("code", "title", "owner__code")) == [
        ("gazette", "New", "commission"),
        ("herald", "Changed", None),
    ]


def owners():
    return list(Source.objects.order_by("code").values_list("code", "owner__code"))


def test_a_file_may_tell_the_owner_of_each_record(dataset):
    OrganizationFactory(code="commission")
    source = {"title": "A", "publisher": "Northland Gazette"}
    dataset.write(
        "sources",
        {"code": "a", "owner": "commission", **source},
        {"code": "b", "owner": "bureau", **source},
        {"code": "c", "owner": "", **source},
    )
    dataset.write("organizations", {"code": "bureau", "kind": "other"})
    dataset.write("elections", {"country": "KG", "kind": "local", "election_day": "2030-06-02"})
    mission = {"election": "kg-local-2030-06-02", "kind": "om"}
    dataset.write(
        "missions",
        {**mission, "organizer": "commission", "owner": "bureau"},
        {**mission, "organizer": "bureau", "owner": ""},
    )
    dataset.read_in(owner="commission")
    assert owners() == [("a", "commission"), ("b", "bureau"), ("c", None)]
    assert list(Mission.objects.order_by("code").values_list("organizer__code", "owner__code")) == [
        ("bureau", None),
        ("commission", "bureau"),
    ]
    before = everything_stored()
    assert dataset.read_in(now=LATER, owner="commission") == {
        "sources.csv": (0, 0, 3),
        "organizations.csv": (0, 0, 1),
        "elections.csv": (0, 0, 1),
        "missions.csv": (0, 0, 2),
    }
    assert everything_stored() == before


def test_another_owner_is_a_change(dataset):
    commission = OrganizationFactory(code="commission")
    for code in ("a", "b", "c", "d"):
        SourceFactory(code=code, owner=commission)
    OrganizationFactory(code="secretariat")
    dataset.write("organizations", {"code": "bureau", "kind": "other"})
    dataset.write(
        "sources",
        {"code": "a", "owner": "commission"},
        {"code": "b", "owner": "secretariat"},
        {"code": "c", "owner": "bureau"},
        {"code": "d", "owner": ""},
    )
    assert dataset.read_in(now=LATER) == {"sources.csv": (0, 3, 1), "organizations.csv": (1, 0, 0)}
    assert owners() == [("a", "commission"), ("b", "secretariat"), ("c", "bureau"), ("d", None)]
    assert list(Source.objects.filter(modified_at=LATER).order_by("code").values_list("code", flat=True)) == [
        *("b", "c", "d")
    ]


def test_a_file_without_the_column_leaves_the_owner_alone(dataset):
    SourceFactory(code="gazette", owner=OrganizationFactory(code="commission"))
    OrganizationFactory(code="secretariat")
    dataset.write("sources", {"code": "gazette", "title": "Changed"})
    dataset.read_in(owner="secretariat")
    assert owners() == [("gazette", "commission")]


def test_an_unknown_keeper_is_refused_at_its_cell_also_where_organizations_come_later(dataset):
    OrganizationFactory(code="bureau")
    MissionFactory(code="joint")
    dataset.write("sources", {**SOURCE, "owner": "bureau"}, {**SOURCE, "code": "herald", "owner": "buro"})
    dataset.write("organizations", {"code": "commission", "kind": "other", "country": "nowhere"})
    dataset.write("missions", {"code": "joint", "owner": "nobody"})
    assert dataset.problems() == [
        "sources.csv:3: owner: “buro” is no code of organizations: neither in the record nor in organizations.csv.",
        "organizations.csv:2: country: “nowhere” is not one of the choices: two capital letters of ISO 3166-1.",
        "missions.csv:2: owner: “nobody” is no code of organizations: neither in the record nor in organizations.csv.",
    ]


def test_what_nobody_keeps_has_no_column_for_it(dataset):
    dataset.write("organizations", {"code": "bureau", "kind": "other", "owner": ""})
    (problem,) = dataset.problems()
    assert problem.startswith("organizations.csv:1: owner: This is no column of organizations.csv.")
