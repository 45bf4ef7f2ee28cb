"""The admin opens what its user writes, and takes nothing else, whatever is posted."""

from __future__ import annotations

import pytest
from django.urls import reverse

from missions.models import Assignment, Deployment, HeadCount, Mission
from observers.models import Observer
from organizations.models import OwnedRecord, Source
from tests.admin_pages import address_of, fill_in, refusals, told, untouched
from tests.conftest import everything_stored
from tests.factories import (
    AssignmentFactory,
    ChannelFactory,
    DeploymentFactory,
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    ObserverFactory,
    ObserverNameFactory,
    SourceFactory,
    StaffRoleFactory,
    UserFactory,
)
from tests.missions.test_admin_of_every_record import RECORDS, ROWS, keep

OWNED = [model for model in RECORDS if issubclass(model, OwnedRecord)]
EVERY_OWNED = pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
EVERY_RECORD = pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)


@pytest.fixture
def at_the_desk(client, coordinator):
    """The coordinator of the Northland Commission, signed in."""
    client.force_login(coordinator)
    client.get("/admin/")
    return client


@pytest.fixture
def place(secretariat, southland_ministry):
    """Somebody whom the Southland Ministry has given a place in a mission of the secretariat."""
    return AssignmentFactory(
        mission=MissionFactory(organizer=secretariat),
        owner=southland_ministry,
        observer=ObserverFactory(owner=southland_ministry, family_name="Quokka", email="quokka@example.org"),
        sources=[SourceFactory(public=False)],
        post="Deputy",
    )


# Coming in


def test_only_who_enters_data_comes_in(client, viewer, coordinator, administrator, data_protection):
    asked = [UserFactory(is_staff=True), viewer, coordinator, administrator, data_protection]
    statuses = []
    for reader in asked:
        client.force_login(reader)
        statuses.append(client.get("/admin/").status_code)
    assert statuses == [403, 403, 200, 200, 200]


@EVERY_RECORD
def test_a_kind_is_open_to_those_who_write_it_and_persons_to_data_protection(
    client, model, coordinator, administrator, data_protection
):
    writes = 200 if model in OWNED else 403
    reads = 200 if model in {Observer, Assignment} else 403
    for reader, the_list, the_form in (
        (coordinator, writes, writes),
        (administrator, 200, 200),
        (data_protection, reads, 403),
    ):
        client.force_login(reader)
        assert client.get(address_of(model)).status_code == the_list
        assert client.get(address_of(model, "add")).status_code == the_form


# What others keep


@EVERY_OWNED
def test_what_others_keep_is_not_listed_and_answers_as_what_is_missing(
    client, model, coordinator, administrator, northland_commission, southland_ministry
):
    own, foreign, nobodys = (ROWS[model](number) for number in range(3))
    keep(own, northland_commission)
    keep(foreign, southland_ministry)
    for reader, rows in ((coordinator, {own}), (administrator, {nobodys})):
        client.force_login(reader)
        others = {own, foreign, nobodys} - rows
        assert set(client.get(address_of(model)).context["cl"].result_list) & {own, *others, *rows} == rows
        before = everything_stored()
        for page in ("change", "delete", "history"):
            missing = address_of(model, page, own).replace(f"/{own.pk}/", "/999999/")
            for ask in (client.get, client.post):
                expected = ask(missing)
                for other in others:
                    answer = ask(address_of(model, page, other))
                    assert (answer.status_code, answer.get("Location")) == (
                        expected.status_code,
                        expected.get("Location"),
                    ), page
                    assert answer.status_code in {302, 403, 404}
        assert everything_stored() == before


@EVERY_OWNED
def test_a_coordinator_opens_and_saves_what_the_organization_keeps(at_the_desk, model, northland_commission):
    record = ROWS[model](1)
    keep(record, northland_commission)
    address = address_of(model, "change", record)
    assert at_the_desk.get(address_of(model, "history", record)).status_code == 200
    assert "success" in told(fill_in(at_the_desk, address))


# Who keeps what is new


def test_a_new_record_is_kept_by_the_coordinators_organization_and_by_no_other(
    at_the_desk, northland_commission, southland_ministry
):
    typed = {"title": "A", "publisher": "B"}
    for owner in ("", southland_ministry.pk):
        page = fill_in(at_the_desk, address_of(Source, "add"), owner=owner, **typed)
        assert list(refusals(page)) == ["owner"]
    fill_in(at_the_desk, address_of(Source, "add"), **typed)
    assert Source.objects.get(title="A").owner == northland_commission


def test_of_several_organizations_the_coordinator_chooses(at_the_desk, coordinator, secretariat):
    StaffRoleFactory(user=coordinator, organization=secretariat)
    typed = {"title": "A", "publisher": "B"}
    assert list(refusals(fill_in(at_the_desk, address_of(Source, "add"), **typed))) == ["owner"]
    fill_in(at_the_desk, address_of(Source, "add"), owner=secretariat.pk, **typed)
    assert Source.objects.get(title="A").owner == secretariat


def test_rows_below_a_record_are_kept_by_the_organization_of_the_record(at_the_desk, northland_commission):
    election = ElectionFactory()
    person, mission = ObserverFactory(owner=northland_commission), MissionFactory(election=election)
    typed = {
        "sender_country": "KZ",
        "channels__0__mission": mission.pk,
        "head_counts__0__kind": "announced",
        "head_counts__0__value": "46",
        "head_counts__0__as_of": "2017-10-13",
        "assignments__0__observer": person.pk,
        "assignments__0__role": "short_term",
    }
    address = f"{address_of(Deployment, 'add')}?election={election.code}&source={SourceFactory().code}"
    assert "success" in told(fill_in(at_the_desk, address, **typed))
    party = Deployment.objects.get()
    rows = [party.channels.get(), party.head_counts.get(), party.assignments.get()]
    assert {row.owner for row in (party, *rows)} == {northland_commission}


# Rows that others keep below one's own record


@pytest.fixture
def party(northland_commission, southland_ministry):
    """A party of the Northland Commission with a channel and a count that the Southland Ministry keeps."""
    party = DeploymentFactory(owner=northland_commission, sources=[SourceFactory()])
    ChannelFactory(deployment=party, owner=southland_ministry, as_named="Commonwealth")
    HeadCountFactory(deployment=party, owner=southland_ministry, value=46)
    return party


def test_rows_that_others_keep_are_shown_and_stay_whatever_is_posted(at_the_desk, party):
    page = at_the_desk.get(address_of(Deployment, "change", party))
    assert "Commonwealth" in page.content.decode()
    rows = [row for below in page.context["inline_admin_formsets"] for row in below.formset.initial_forms]
    assert [row.fields["DELETE"].disabled for row in rows] == [True, True]
    sent = untouched(page)
    before = list(party.channels.values_list()), list(party.head_counts.values_list())
    sent |= {"channels-0-as_named": "Forged", "channels-0-counted": "", "channels-0-DELETE": "on"}
    sent |= {"head_counts-0-value": "47", "head_counts-0-DELETE": "on", "remark": "Changed"}
    page = at_the_desk.post(address_of(Deployment, "change", party), sent, follow=True)
    assert "success" in told(page)
    party.refresh_from_db()
    assert party.remark == "Changed"
    assert (list(party.channels.values_list()), list(party.head_counts.values_list())) == before


def test_rows_of_persons_whom_the_user_does_not_see_are_not_below_the_record(at_the_desk, party, southland_ministry):
    hidden = AssignmentFactory(
        deployment=party,
        owner=southland_ministry,
        observer__owner=southland_ministry,
        observer__family_name="Quokka",
    )
    address = address_of(Deployment, "change", party)
    assert "Quokka" not in at_the_desk.get(address).content.decode()
    sent = untouched(at_the_desk.get(address))
    sent |= {
        "assignments-TOTAL_FORMS": "1",
        "assignments-INITIAL_FORMS": "1",
        "assignments-0-id": hidden.pk,
        "assignments-0-deployment": party.pk,
        "assignments-0-role": "head",
        "assignments-0-DELETE": "on",
    }
    at_the_desk.post(address, sent)
    assert Assignment.objects.get().role == "short_term"


# What the organizer of a mission changes


def test_an_organizer_changes_of_a_place_what_belongs_to_the_mission_and_no_more(client, organizer, place):
    client.force_login(organizer)
    address = address_of(Assignment, "change", place)
    page = client.get(address)
    boxes = set(page.context["adminform"].form.fields)
    assert boxes == {"status", "region", "area", "accreditation_number"}
    forged = {"post": "Forged", "role": "head", "observer": ObserverFactory().pk, "owner": "", "internal_note": "x"}
    fill_in(client, address, status="accredited", accreditation_number="77", **forged)
    before = Assignment.objects.filter(pk=place.pk).values("post", "role", "observer", "owner", "internal_note")
    place.refresh_from_db()
    assert (place.status, place.accreditation_number) == ("accredited", "77")
    assert list(before) == [
        {
            "post": "Deputy",
            "role": "short_term",
            "observer": place.observer_id,
            "owner": place.owner_id,
            "internal_note": "",
        }
    ]
    assert client.post(address_of(Assignment, "delete", place), {"post": "yes"}).status_code == 403


def test_an_organizer_reads_the_contacts_of_who_is_in_its_mission_and_changes_nothing_of_the_person(
    client, organizer, place
):
    client.force_login(organizer)
    address = address_of(Observer, "change", place.observer)
    page = client.get(address)
    assert "quokka@example.org" in page.content.decode()
    assert not page.context["adminform"].form.fields
    assert client.post(address, {"family_name": "Forged"}).status_code == 403
    assert Observer.objects.get().family_name == "Quokka"


def test_an_organizer_changes_its_mission_but_not_who_keeps_it(client, organizer, southland_ministry):
    organizer_of = organizer.staff_roles.get().organization
    mission = MissionFactory(organizer=organizer_of, owner=southland_ministry)
    client.force_login(organizer)
    fill_in(client, address_of(Mission, "change", mission), status="deployed", owner=organizer_of.pk)
    mission.refresh_from_db()
    assert (mission.status, mission.owner) == ("deployed", southland_ministry)
    assert client.post(address_of(Mission, "delete", mission), {"post": "yes"}).status_code == 403


# Data protection


def test_data_protection_reads_every_person_and_changes_nothing(client, data_protection, place):
    ObserverNameFactory(observer=place.observer, family_name="Пример", source=None)
    client.force_login(data_protection)
    client.get("/admin/")
    before = everything_stored()
    for record in (place.observer, place):
        assert list(client.get(address_of(type(record))).context["cl"].result_list) == [record]
        address = address_of(type(record), "change", record)
        page = client.get(address)
        assert page.status_code == 200
        assert not page.context["adminform"].form.fields
        assert client.post(address, {"family_name": "Forged"}).status_code == 403
    text = client.get(address_of(Observer, "change", place.observer)).content.decode()
    assert "quokka@example.org" in text
    assert "Пример" in text
    assert everything_stored() == before


# What boxes offer and take


def completed(client, model, field, term=""):
    asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field}
    answer = client.get(reverse("admin:autocomplete"), {**asked, "term": term})
    return {int(each["id"]) for each in answer.json()["results"]}


def test_a_box_offers_what_is_seen_whoever_keeps_it(at_the_desk, southland_ministry):
    memo = SourceFactory(public=False, owner=southland_ministry)
    party = DeploymentFactory(owner=southland_ministry)
    assert memo.pk in completed(at_the_desk, HeadCount, "source")
    assert party.pk in completed(at_the_desk, HeadCount, "deployment")


def test_a_box_offers_only_persons_whom_the_user_may_give_a_place(
    client, at_the_desk, organizer, northland_commission, place
):
    own, seen = ObserverFactory(owner=northland_commission), ObserverFactory(family_name="Public")
    AssignmentFactory(observer=seen, mission=MissionFactory(), sources=[SourceFactory()])
    assert completed(at_the_desk, Assignment, "observer") == {own.pk, seen.pk}
    assert completed(at_the_desk, Assignment, "observer", "quokka") == set()
    # The organizer sees the person, whom a place in another mission could make public.
    client.force_login(organizer)
    assert completed(client, Assignment, "observer") == {seen.pk}


def test_a_box_offers_only_organizations_for_which_the_user_writes(at_the_desk, northland_commission, place):
    assert completed(at_the_desk, Source, "owner") == {northland_commission.pk}


def test_completing_is_for_those_who_enter_data(client, viewer):
    asked = {"app_label": "missions", "model_name": "assignment", "field_name": "observer"}
    client.force_login(viewer)
    assert client.get(reverse("admin:autocomplete"), asked).status_code == 403


@pytest.mark.parametrize("who", ["coordinator", "organizer"])
def test_a_person_who_may_not_be_given_a_place_is_refused_as_one_who_does_not_exist(request, client, place, who):
    """The organizer sees the person, and may not give another place all the same."""
    client.force_login(request.getfixturevalue(who))
    said = []
    for key in (place.observer_id, 999_999):
        typed = {"observer": key, "mission": place.mission_id, "role": "expert"}
        said.append(refusals(fill_in(client, address_of(Assignment, "add"), **typed)))
    assert said[0] == said[1]
    assert list(said[0]) == ["observer"]
    assert Assignment.objects.count() == 1


def test_a_code_in_the_address_of_what_is_hidden_is_told_as_an_unknown_one(at_the_desk, place):
    codes = (place.observer.code, "00000000-0000-4000-8000-000000000000")
    pages = [at_the_desk.get(f"{address_of(Assignment, 'add')}?observer={code}") for code in codes]
    assert [told(page)["warning"] for page in pages] == [
        [f"There is no observer with the code “{code}”."] for code in codes
    ]


def test_more_named_than_announced_counts_the_persons_whom_the_user_sees(
    at_the_desk, northland_commission, southland_ministry, rebuild
):
    party = DeploymentFactory(owner=northland_commission, sources=[SourceFactory()])
    HeadCountFactory(deployment=party, kind="announced", value=1, owner=northland_commission)
    hidden = AssignmentFactory(deployment=party, owner=southland_ministry, observer__owner=southland_ministry)
    AssignmentFactory(deployment=party, owner=northland_commission, observer__owner=northland_commission)
    rebuild()
    address = address_of(Deployment, "change", party)
    assert "warning" not in told(fill_in(at_the_desk, address))
    hidden.sources.set([SourceFactory()])
    sentence = f"{party}: 2 persons are named, but only 1 announced."
    assert told(fill_in(at_the_desk, address))["warning"] == [sentence]


def test_what_hangs_on_a_record_and_is_not_seen_is_told_without_its_name(at_the_desk, party, southland_ministry):
    party.channels.all().delete()
    party.head_counts.all().delete()
    AssignmentFactory(
        deployment=party,
        owner=southland_ministry,
        observer__owner=southland_ministry,
        observer__family_name="Quokka",
    )
    page = at_the_desk.post(address_of(Deployment, "delete", party), {"post": "yes"}).content.decode()
    assert "Assignment that you may not see" in page
    assert "Quokka" not in page
    assert Deployment.objects.filter(pk=party.pk).exists()
