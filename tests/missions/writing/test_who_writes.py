"""Who writes what by this door: the rules of the admin, asked of a token that may write."""

import pytest

from missions.models import Assignment, Deployment, Mission
from observers.models import Merge, Observer, ObserverName
from organizations.models import StaffRole
from tests.api_client import ApiClient
from tests.factories import (
    AssignmentFactory,
    DeploymentFactory,
    MissionFactory,
    ObserverFactory,
    OrganizationFactory,
    SourceFactory,
    StaffRoleFactory,
)
from tests.missions.test_who_changes_what import KEPT, REFERENCE

WRITERS = ("viewer", "coordinator", "outsider", "organizer", "administrator", "data_protection")


@pytest.fixture
def data_protection(db, django_user_model):
    return django_user_model.objects.create(username="data-protection", is_data_protection=True)


def refused(answer):
    return answer.status_code, answer.json()["detail"]


def test_who_may_not_write_is_told_why(viewer, coordinator, outsider, party):
    answer = ApiClient(viewer).change("deployments/party/", {"remark": "By air."})
    assert refused(answer) == (403, "Coordinators and administrators write: you have neither role.")
    answer = ApiClient(outsider).change("deployments/party/", {"remark": "By air."})
    assert refused(answer) == (
        403,
        "Another organization keeps this record: only its coordinators change it.",
    )
    of_administrators = "Records of this kind are entered and changed by administrators."
    vote = party.election.code
    assert refused(ApiClient(coordinator).change(f"elections/{vote}/", {"name": "Feast"})) == (403, of_administrators)
    made = ApiClient(coordinator).post("elections/", {"country": "KG", "kind": "other", "election_day": "2030-06-02"})
    assert refused(made) == (403, of_administrators)


def touched(api, resource, row):
    """The status of a change that changes nothing."""
    return api.patch(f"{resource}/{row.code}/", {}, If_Match="*").status_code


@pytest.mark.parametrize("kind", [*KEPT, *REFERENCE])
def test_a_record_is_changed_by_whoever_changes_it_in_the_admin(kind, request, northland_commission):
    row = KEPT[kind](northland_commission) if kind in KEPT else REFERENCE[kind]()
    resource = row.resource()
    for name in WRITERS:
        user = request.getfixturevalue(name)
        may_change = type(row).objects.changeable_by(user).filter(pk=row.pk).exists()
        is_seen = type(row).objects.visible_to(user).filter(pk=row.pk).exists()
        expected = 200 if may_change else (403 if is_seen else 404)
        # A viewer's token writes nothing, whatever there is.
        assert (name, touched(ApiClient(user), resource, row)) == (name, 403 if name == "viewer" else expected)


def test_a_token_to_read_and_a_session_write_nothing(coordinator, party, client):
    answer = ApiClient(coordinator, scope="read").change("deployments/party/", {"remark": "By air."})
    assert refused(answer) == (403, "This token only reads: make one that writes, at /account/.")
    client.force_login(coordinator)
    answer = client.patch("/api/v1/deployments/party/", {"remark": "x"}, "application/json", headers={"If-Match": "*"})
    assert refused(answer) == (403, "Programs write with a token: make one at /account/.")
    client.logout()
    answer = client.post("/api/v1/deployments/", {}, "application/json")
    assert refused(answer) == (401, "This is for people who have signed in, and for programs that send a token.")
    assert answer["WWW-Authenticate"] == "Bearer"
    party.refresh_from_db()
    assert party.remark == "By train."


def test_a_role_that_is_taken_away_is_gone_with_the_next_request(program, party):
    assert program.change("deployments/party/", {"remark": "By air."}).status_code == 200
    StaffRole.objects.all().delete()
    assert program.change("deployments/party/", {"remark": "By sea."}).status_code == 403


# Who keeps what is new


def test_what_is_new_is_kept_by_the_users_organization_or_nobodys(program, vote, northland_commission, administrator):
    body = {"election": "vote", "sender_country": "KZ"}
    program.put("deployments/ours/", body)
    ApiClient(administrator).put("deployments/nobodys/", body)
    kept = {party.code: party.owner for party in Deployment.objects.all()}
    assert kept == {"ours": northland_commission, "nobodys": None}


def test_whoever_writes_for_several_organizations_says_for_which(program, coordinator, vote, southland_ministry):
    StaffRoleFactory(user=coordinator, organization=southland_ministry, role="coordinator")
    body = {"election": "vote", "sender_country": "UZ"}
    answer = program.post("deployments/", body)
    assert answer.json()["errors"] == [
        {
            "pointer": "#/owner",
            "message": "Say which of your organizations keeps it: northland-commission, southland-ministry.",
        }
    ]
    assert program.post("deployments/", {**body, "owner": "southland-ministry"}).status_code == 201
    assert Deployment.objects.get().owner == southland_ministry


@pytest.mark.parametrize("owner", ["southland-ministry", "nobody", None, ""])
def test_nothing_is_entered_for_others_or_given_to_them(program, party, southland_ministry, owner):
    body = {"election": "vote", "sender_country": "KZ", "owner": owner}
    answers = [program.post("deployments/", body), program.change("deployments/party/", {"owner": owner})]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert [answer.json()["errors"][0]["pointer"] for answer in answers] == ["#/owner"] * 2
    party.refresh_from_db()
    assert party.owner.code == "northland-commission"


def test_who_keeps_a_record_is_not_told(program, party, client):
    assert "owner" not in program.get("deployments/party/").json()
    answer = program.change("deployments/party/", {"owner": "northland-commission", "remark": "By air."})
    assert "owner" not in answer.json()


# What others than the keeper change


def test_the_organizer_of_a_mission_changes_all_but_who_organizes_and_keeps_it(
    program_of, organizer, vote, secretariat, northland_commission, paper
):
    mission = MissionFactory(
        code="joint", election=vote, organizer=secretariat, owner=northland_commission, sources=[paper]
    )
    program = program_of("organizer")
    assert program.change("missions/joint/", {"status": "deployed"}).status_code == 200
    for column, value in (("organizer", "northland-commission"), ("owner", "secretariat")):
        answer = program.change("missions/joint/", {column: value, "remark": "Ours."})
        assert (answer.status_code, answer.json()["errors"]) == (
            403,
            [{"pointer": f"#/{column}", "message": "Only the organization that keeps this record changes this."}],
        )
    # As it is, it may be sent.
    assert program.change("missions/joint/", {"organizer": "secretariat", "remark": "Ours."}).status_code == 200
    mission.refresh_from_db()
    assert (mission.organizer, mission.owner, mission.remark) == (secretariat, northland_commission, "Ours.")


def test_the_organizer_changes_of_a_place_its_status_and_where_it_is(
    program_of, organizer, joint, northland_commission
):
    person = ObserverFactory(owner=northland_commission)
    place = AssignmentFactory(observer=person, mission=joint, role="short_term", owner=northland_commission)
    program = program_of("organizer")
    address = f"assignments/{place.code}/"
    assert program.change(address, {"status": "accredited", "area": "Talas"}).status_code == 200
    answer = program.change(address, {"role": "head"})
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (403, ["#/role"])
    place.refresh_from_db()
    assert (place.status, place.role) == ("accredited", "short_term")


# What is hidden answers as what is not there


@pytest.fixture
def hidden(southland_ministry):
    """A person of another organization, whom no public source names, with a place at a mission of nobody here."""
    person = ObserverFactory(owner=southland_ministry, family_name="Hidden")
    return AssignmentFactory(observer=person, mission=MissionFactory(), owner=southland_ministry)


def test_a_hidden_record_is_not_there_to_be_changed(program, hidden):
    for address in (f"observers/{hidden.observer.code}/", f"assignments/{hidden.code}/"):
        there = program.patch(address, {}, If_Match="*")
        absent = program.patch(f"{address[:-4]}fff/", {}, If_Match="*")
        assert (there.status_code, there.content) == (404, absent.content)


def test_one_cannot_point_to_what_one_does_not_see(program, hidden, joint):
    body = {"observer": hidden.observer.code, "mission": "joint", "role": "head"}
    absent = {**body, "observer": "0c7f2a4e-5f0b-4c58-9d3a-0f4d8a1b2c3d"}
    told = [program.post("assignments/", sent).json()["errors"] for sent in (body, absent)]
    assert [[error["pointer"] for error in errors] for errors in told] == [["#/observer"]] * 2
    assert told[0][0]["message"].replace(hidden.observer.code, "") == told[1][0]["message"].replace(
        absent["observer"], ""
    )
    statement = {"field": "gender", "value": "male", "source": "gazette"}
    sentences = [
        program.post("statements/", {**statement, "subject": f"observers/{code}"}).json()["errors"][0]["message"]
        for code in (hidden.observer.code, absent["observer"])
    ]
    assert sentences == [
        f"There is no record “observers/{hidden.observer.code}”.",
        f"There is no record “observers/{absent['observer']}”.",
    ]


def test_a_code_that_something_hidden_has_is_told_to_be_not_free_and_no_more(program, hidden):
    answer = program.put(f"observers/{hidden.observer.code}/", {"family_name": "Example"})
    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        [{"pointer": "#/code", "message": "This code is not free: choose another."}],
    )
    assert b"Hidden" not in answer.content


def test_a_code_that_is_put_together_tells_of_no_hidden_place(program, hidden):
    absent = hidden.code.removesuffix(hidden.role) + ("staff" if hidden.role != "staff" else "expert")
    body = {"mission": hidden.mission.code}
    for headers in ({}, {"If_Match": "*"}, {"If_None_Match": "*"}):
        told = [program.put(f"assignments/{code}/", body, **headers) for code in (hidden.code, absent)]
        assert (told[0].status_code, told[0].content) == (told[1].status_code, told[1].content)
    for version in ({}, {"modified_at": "2030-07-01T12:00:00Z"}):
        told = [program.put("assignments/", [{**body, **version, "code": code}]) for code in (hidden.code, absent)]
        assert (told[0].status_code, told[0].content) == (told[1].status_code, told[1].content)


def test_a_code_that_was_merged_into_another_is_not_given_again(program, coordinator, northland_commission):
    kept = ObserverFactory(owner=northland_commission)
    code = "0c7f2a4e-5f0b-4c58-9d3a-0f4d8a1b2c3d"
    Merge.objects.create(kept=kept, merged_code=code, by=coordinator, at=kept.modified_at, snapshot={})
    answer = program.put(f"observers/{code}/", {"family_name": "Example"})
    assert answer.json()["errors"][0]["message"] == (
        f"The person “{code}” was merged into “{kept.code}”: use that code."
    )
    assert list(Observer.objects.all()) == [kept]


def test_a_spelling_is_added_to_ones_own_persons_alone(program, southland_ministry, joint):
    """Also where the person is seen, because a public source names them."""
    person = ObserverFactory(owner=southland_ministry)
    AssignmentFactory(observer=person, mission=joint, sources=[SourceFactory(public=True)])
    body = {"observer": person.code, "language": "ru", "family_name": "Пример"}
    answer = program.post("observer-names/", body)
    assert (answer.status_code, answer.json()["errors"]) == (
        403,
        [{"pointer": "#", "message": "This would belong to another organization: only its coordinators enter it."}],
    )
    many = program.put("observer-names/", [body])
    assert (many.status_code, many.json()["errors"][0]["pointer"]) == (403, "#/0")
    assert not ObserverName.objects.exists()


def test_a_public_person_may_be_given_a_place_and_another_organizations_own_may_not(
    program_of, organizer, southland_ministry, joint, vote
):
    """The organizer sees whom others have sent to its mission, and must not make them public."""
    sent = ObserverFactory(owner=southland_ministry)
    AssignmentFactory(observer=sent, mission=joint, owner=southland_ministry)
    named = ObserverFactory(owner=southland_ministry)
    AssignmentFactory(observer=named, mission=MissionFactory(), sources=[SourceFactory(public=True)])
    other = MissionFactory(election=vote, organizer=joint.organizer)
    program = program_of("organizer")
    statuses = [
        program.post("assignments/", {"observer": one.code, "mission": other.code, "role": "expert"}).status_code
        for one in (sent, named)
    ]
    assert statuses == [400, 201]


def test_what_a_record_points_to_already_may_stay_where_it_could_not_be_chosen_anew(
    program_of, organizer, southland_ministry, joint
):
    sent = ObserverFactory(owner=southland_ministry)
    place = AssignmentFactory(observer=sent, mission=joint, owner=southland_ministry, role="expert")
    program = program_of("organizer")
    read = program.get(f"assignments/{place.code}/").json()
    answer = program.put(
        f"assignments/{place.code}/", {**read, "status": "deployed"}, If_Match=program.tag(f"assignments/{place.code}/")
    )
    assert (answer.status_code, Assignment.objects.get(pk=place.pk).status) == (200, "deployed")


def test_the_organizer_of_a_mission_with_other_peoples_people_stays(program, northland_commission, vote, secretariat):
    mission = MissionFactory(election=vote, organizer=secretariat, owner=northland_commission)
    AssignmentFactory(mission=mission, owner=OrganizationFactory(name="Elsewhere"))
    answer = program.change(f"missions/{mission.code}/", {"organizer": "northland-commission"})
    assert answer.json()["errors"] == [
        {
            "pointer": "#/organizer",
            "message": "Other organizations have people in this mission: its organizer stays.",
        }
    ]
    assert Mission.objects.get(pk=mission.pk).organizer == secretariat


def test_a_party_of_others_can_be_spoken_of(program, southland_ministry, vote, paper):
    """A count of another organization's party belongs to whoever has read it."""
    DeploymentFactory(code="southern", election=vote, sender_country="UZ", owner=southland_ministry)
    body = {"deployment": "southern", "kind": "announced", "value": 3, "as_of": "2030-05-30", "source": "gazette"}
    assert program.post("head-counts/", body).status_code == 201
