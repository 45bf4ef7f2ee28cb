"""The public export: what anonymous visitors may see and nothing else, in files that can be read in again."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import models

from missions.dataset import RECORDS, export_dataset, import_dataset, write_zip
from missions.dataset.format import file_columns
from missions.models import Assignment, Deployment, Election, Mission, Statement
from observers.models import Observer
from organizations.models import Organization, OwnedRecord, Region
from tests.conftest import NOW
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    InvitationFactory,
    MembershipFactory,
    MissionFactory,
    ObserverFactory,
    ObserverNameFactory,
    OrganizationFactory,
    OrganizationNameFactory,
    RegionFactory,
    SourceFactory,
    StatementFactory,
    VotingDayFactory,
)
from tests.missions.test_export_dataset import empty_the_record, files_of, free_texts, rows_of
from tests.missions.test_lists import RESOURCES, api, whole_record

KEEPER = "the-keeper"
HIDDEN_DAY = date(1917, 3, 4)


@pytest.fixture
def hidden(db):
    """A public record; beside and inside it, rows of every kind that are hidden, or of which a part is."""
    public = whole_record("open")
    gazette, memo = public.source, SourceFactory(public=False)
    body, host = public.body, public.organizer
    region = RegionFactory(country="KG", source=memo)
    election = ElectionFactory(country="KG", sources=[memo])
    unnamed, named = ObserverFactory(), Observer.objects.filter(given_names="Robin0").get()
    withheld = ObserverFactory(withheld=True)
    subject = MissionFactory(election=election, organizer=host, sources=[memo], starts_on=HIDDEN_DAY)
    subject.co_organizers.set([body])
    party = DeploymentFactory(election=election, sender=body, sender_country="KZ", sources=[memo], starts_on=HIDDEN_DAY)
    larger = DeploymentFactory(election=public.election, sender_country="UZ", ends_on=HIDDEN_DAY)
    stated = MissionFactory(election=election, organizer=body, kind="nam", part_of=subject, status_on=HIDDEN_DAY)
    Deployment.objects.filter(pk=public.party.pk).update(part_of=larger)
    # Public facts about them.
    HeadCountFactory(mission=subject, source=gazette)
    ChannelFactory(deployment=party, mission=subject, source=gazette)
    AssignmentFactory(observer=named, deployment=party, sources=[gazette, memo])
    StatementFactory(subject=f"missions/{stated.code}", source=gazette)
    # What is hidden from one end to the other.
    alone = MissionFactory(election=election, organizer=host, sources=[memo])
    invitation = InvitationFactory(election=election, inviter=host, invitee=body, sources=[memo])
    wholly = [
        memo,
        OrganizationNameFactory(organization=body, language="kg", source=memo),
        MembershipFactory(organization=host, sources=[memo]),
        VotingDayFactory(election=election, region=region, source=memo),
        alone,
        invitation,
        DeploymentFactory(election=election, sender=body, sender_country="KZ", part_of=party, sources=[memo]),
        ChannelFactory(deployment=party, mission=alone, source=memo),
        HeadCountFactory(election=election, source=memo),
        unnamed,
        withheld,
        ObserverNameFactory(observer=named, language="kk", source=memo),
        ObserverNameFactory(observer=withheld, source=gazette),
        ObserverNameFactory(observer=unnamed, source=gazette),
        AssignmentFactory(observer=unnamed, mission=public.mission, sources=[memo]),
        AssignmentFactory(observer=withheld, mission=public.mission, sources=[gazette]),
        AssignmentFactory(observer=named, mission=public.mission, role="head"),
        StatementFactory(subject=f"missions/{subject.code}", source=memo),
        StatementFactory(subject=f"observers/{withheld.code}", field="gender", source=gazette),
        StatementFactory(subject=f"invitations/{invitation.code}", field="reason_text", source=gazette),
    ]
    return SimpleNamespace(wholly=wholly, stubs=[subject, stated, party, larger], memo=memo)


# Canaries


class Canaries:
    """Words that nobody may read, each planted once."""

    def __init__(self):
        self.planted = {}

    def word(self, *place):
        """A new word, for a column of a file."""
        word = f"canary{len(self.planted):04}x"
        self.planted[word] = place
        return word

    def plant(self, record, *, columns=None):
        """Puts a word into each column of the record that holds text of any kind, or into these."""
        values = {}
        for name in columns or record.columns:
            field = record._meta.get_field(name)
            has_room = isinstance(field, models.CharField | models.TextField) and (field.max_length or 99) >= 40
            if has_room and not field.choices and name not in {"subject", "field", "languages"}:
                values[name] = self.text(field, record.dataset_file)
        type(record).objects.filter(pk=record.pk).update(**values)

    def text(self, field, file):
        word = self.word(file, field.name)
        if isinstance(field, models.URLField):
            return f"https://{word}.example/"
        return f"{word}@example.org" if isinstance(field, models.EmailField) else word

    def in_files(self, files):
        return {word for word in self.planted for content in files.values() if word.encode() in content}


@pytest.fixture
def canaries(hidden):
    found = Canaries()
    for record in hidden.wholly:
        found.plant(record)
        if not isinstance(record, Observer):
            code = found.word(record.dataset_file, "code")
            Statement.objects.filter(subject=f"{record.resource()}/{record.code}").update(
                subject=f"{record.resource()}/{code}"
            )
            type(record).objects.filter(pk=record.pk).update(code=code)
    for record in hidden.stubs:
        found.plant(record)
    for model in (Mission, Deployment, Observer, Assignment):
        for record in model.objects.public():
            found.plant(record, columns=sorted(model.private_columns))
    keeper = OrganizationFactory(code=KEEPER)
    for model in RECORDS:
        if issubclass(model, OwnedRecord):
            model.objects.update(owner=keeper)
    return found


def test_no_public_file_holds_what_is_not_public(canaries, hidden, tmp_path):
    export_dataset(tmp_path / "public", public=True)
    zipped = BytesIO()
    write_zip(zipped)
    with zipfile.ZipFile(zipped) as archive:
        from_zip = {name: archive.read(name) for name in archive.namelist()}
    public = files_of(tmp_path / "public")
    assert canaries.in_files(public) == canaries.in_files(from_zip) == set()
    assert from_zip == public
    assert [name for name, content in public.items() if str(HIDDEN_DAY).encode() in content] == []
    # The keeper is an organization, and organizations are public; whose records it keeps is not.
    assert [name for name, content in public.items() if KEEPER.encode() in content] == ["organizations.csv"]
    people = Observer.objects.exclude(pk__in=Observer.objects.public().values("pk"))
    assert [person.code for person in people for content in public.values() if person.code.encode() in content] == []
    assert len(people) == 2


def test_there_is_a_canary_in_every_text_that_can_be_hidden(canaries):
    columns = set(canaries.planted.values())
    can_be_hidden = [model for model in RECORDS if model not in {Organization, Region, Election}]
    assert {(model.dataset_file, field.name) for model in can_be_hidden for field in free_texts(model)} <= columns
    private = {(model.dataset_file, column) for model in RECORDS for column in model.private_columns}
    assert private - columns == set()
    assert {file for file, _column in columns} == {model.dataset_file for model in can_be_hidden}
    assert (len(canaries.planted), len(columns), len(private)) == (98, 44, 7)


def test_the_whole_export_holds_every_canary(canaries, tmp_path):
    export_dataset(tmp_path / "whole", public=False)
    whole = files_of(tmp_path / "whole")
    assert canaries.in_files(whole) == set(canaries.planted)
    owned = [f"{model.dataset_file}.csv" for model in RECORDS if issubclass(model, OwnedRecord)]
    assert [name for name, content in whole.items() if KEEPER.encode() in content] == sorted(
        [*owned, "organizations.csv"]
    )
    assert str(HIDDEN_DAY).encode() in whole["missions.csv"]


# Rows


@pytest.mark.usefixtures("public_access")
@pytest.mark.parametrize("resource", RESOURCES)
def test_the_files_hold_the_rows_and_values_of_the_api(client, hidden, tmp_path, resource):
    model = RESOURCES[resource].model()
    export_dataset(tmp_path / "public", public=True)
    exported = rows_of(tmp_path / "public", model.dataset_file)
    columns = file_columns(model, is_whole=False)
    listed = client.get(api(resource, f"?page_size=1000&fields={','.join(columns)}")).json()["results"]
    expected = {row["code"]: {name: cell(row[name]) for name in columns} for row in listed}
    stubs = {record.code for record in hidden.stubs if isinstance(record, model)}
    # A statement about a hidden record that no public row points to could not be read in.
    left_out = {code for code, row in expected.items() if row.get("subject", "").startswith("invitations/")}
    assert {code: row for code, row in exported.items() if code not in stubs} == {
        code: row for code, row in expected.items() if code not in left_out
    }
    assert exported.keys() - expected.keys() == stubs
    assert len(left_out) == (resource == "statements")
    assert listed


def cell(value):
    if isinstance(value, list):
        return "; ".join(value)
    return {"None": "", "True": "true", "False": "false"}.get(str(value), str(value))


def test_a_hidden_record_to_which_public_rows_point_shows_which_one_it_is_and_no_more(hidden, tmp_path):
    export_dataset(tmp_path / "public", public=True)
    subject, stated, party, larger = hidden.stubs
    missions, deployments = (rows_of(tmp_path / "public", name) for name in ("missions", "deployments"))
    blank = dict.fromkeys(file_columns(Mission, is_whole=False), "")
    election, organizer = subject.election.code, subject.organizer.code
    assert missions[subject.code] == {
        **blank,
        "code": subject.code,
        "election": election,
        "organizer": organizer,
        "kind": "om",
    }
    assert missions[stated.code] == {
        **blank,
        "code": stated.code,
        "election": election,
        "organizer": stated.organizer.code,
        "kind": "nam",
    }
    blank = dict.fromkeys(file_columns(Deployment, is_whole=False), "")
    assert deployments[party.code] == {
        **blank,
        "code": party.code,
        "election": election,
        "sender_country": "KZ",
        "sender": party.sender.code,
    }
    assert deployments[larger.code] == {
        **blank,
        "code": larger.code,
        "election": larger.election.code,
        "sender_country": "UZ",
    }


@pytest.mark.parametrize("access", ["public_access", "members_only"])
def test_what_is_public_does_not_depend_on_whether_visitors_are_let_in(request, hidden, tmp_path, access):
    export_dataset(tmp_path / "before", public=True)
    request.getfixturevalue(access)
    export_dataset(tmp_path / "after", public=True)
    assert files_of(tmp_path / "before") == files_of(tmp_path / "after")


# In again


def test_the_public_files_are_read_in_without_a_refusal_and_give_themselves_again(canaries, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    rows = export_dataset(first, public=True)
    empty_the_record()
    tallies = import_dataset(first, now=NOW)
    assert {file: tally.new for file, tally in tallies.items()} == rows
    export_dataset(second, public=True)
    assert files_of(first) == files_of(second)
    assert len(files_of(first)) == 17


def test_visitors_of_another_tracker_see_what_they_see_here(hidden, public_access, tmp_path):
    export_dataset(tmp_path / "public", public=True)
    visible = [set(model.objects.visible_to(AnonymousUser()).values_list("code", flat=True)) for model in RECORDS]
    empty_the_record()
    import_dataset(tmp_path / "public", now=NOW)
    again = [set(model.objects.visible_to(AnonymousUser()).values_list("code", flat=True)) for model in RECORDS]
    left_out = [before - after for before, after in zip(visible, again, strict=True)]
    assert [len(codes) for codes in left_out] == [0] * 15 + [1]
    assert all(after <= before for before, after in zip(visible, again, strict=True))


def test_internal_papers_are_cited_nowhere(hidden, tmp_path):
    export_dataset(tmp_path / "public", public=True)
    rows = [row for model in RECORDS for row in rows_of(tmp_path / "public", model.dataset_file).values()]
    cited = [code for row in rows for code in [*row.get("sources", "").split("; "), row.get("source")]]
    assert cited.count(hidden.memo.code) == 0
    assert cited.count("chronicle-open") > 10
